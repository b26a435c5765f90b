import { expect, test } from 'vitest';

import { createSkipping } from '../../../../src-renderer/services/player/loop-and-silence';

/** An element that plays and is told where it is. */
function playing() {
  const audio = Object.assign(new EventTarget(), {
    currentTime: 0,
    playbackRate: 1,
    paused: false,
    seeking: false,
  });
  return {
    audio: audio as unknown as HTMLAudioElement,
    comeTo(seconds: number) {
      audio.currentTime = seconds;
      audio.dispatchEvent(new Event('timeupdate'));
    },
  };
}

/** Ten seconds: three of words, and then nothing more. */
const map = { known: 100, loud: Uint8Array.from([255, 255, 255, 63, 0, 0, 0, 0, 0, 0, 0, 0, 0]) };

test.each([
  ['all of the recording is known', true, [9.8]],
  ['more of the recording may come', false, []],
] as const)('silence at the end, where %s (R-22)', (_name, whole, jumps) => {
  const { audio, comeTo } = playing();
  const seeks: number[] = [];
  const skipping = createSkipping(
    audio,
    { now: () => audio.currentTime, seek: (seconds) => seeks.push(seconds) },
    () => ({ map, whole }),
  );
  comeTo(4);
  expect(seeks).toEqual([]);
  skipping.setSkipsSilence(true);
  comeTo(2);
  expect(seeks).toEqual([]);
  comeTo(4);
  expect(seeks).toEqual(jumps);
  skipping.dispose();
});
