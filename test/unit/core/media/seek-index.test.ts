import { describe, expect, it } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { createMediaLibrary } from '../../../../src-main/core/media/library';
import { countedSound, needsSeekIndex } from '../../../../src-main/core/media/seek-index';
import { guid } from '../../../fixtures/examples';
import { joinBytes, writeMp3 } from '../../../fixtures/mp3-writer';
import { StubApi } from '../../../fixtures/stub-api';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

describe('a seek by the bytes alone', () => {
  const pace = (drift: number, grain: number) => ({
    seconds: 60,
    drift,
    grain,
    changesAt: null,
    first: 0,
    end: 1_000,
  });

  it.each([
    [0.01, 0.036, true, true],
    [0.01, 0.072, true, false],
    [0.06, 0, false, false],
  ])(
    'with a drift of %f s and frames of %f s: steady %j, and %j once it is whole',
    (drift, grain, before, whole) => {
      const counted = pace(drift, grain);
      expect(countedSound(counted, false, false)?.steady).toBe(before);
      expect(countedSound(counted, true, false)?.steady).toBe(whole);
      expect(needsSeekIndex(counted)).toBe(!whole);
      expect(countedSound(counted, true, true)).toEqual({ seconds: 60, changesAt: null, steady: true });
    },
  );

  it('is not judged where there is no frame', () => {
    expect(countedSound(null, true, false)).toBeNull();
    expect(needsSeekIndex(null)).toBe(false);
  });
});

describe('the index of a long recording', () => {
  const long = joinBytes(...writeMp3({ sampleRate: 48_000, kilobits: [32, 320, 320], frames: 9_000 }));
  async function opening() {
    const clock = new VirtualClock();
    const library = createMediaLibrary(clock, 500_000_000);
    library.setApi(new StubApi(() => succeed(null)));
    library.addCompleted(guid(1), null, [long]);
    const opened: (Uint8Array | null | undefined)[] = [];
    const open = async () => {
      const media = await library.open(guid(1), 1);
      opened.push(media.ok ? media.value.index : undefined);
    };
    void open();
    void open();
    await settle();
    return { clock, library, opened };
  }

  it('is made in many turns, so that nothing waits for it, and is the same for both who ask', async () => {
    const { clock, opened } = await opening();
    expect(long.length).toBeGreaterThan(5_000_000);
    expect(opened).toEqual([]);
    await clock.advance(1_000);
    expect(clock.fired).toBeGreaterThanOrEqual(5);
    expect(opened).toHaveLength(2);
    expect(opened[0]).toBeInstanceOf(Uint8Array);
    expect(opened[1]).toBe(opened[0]);
  });

  it('is not made to its end of what was cleared meanwhile', async () => {
    const { clock, library, opened } = await opening();
    library.clear();
    await clock.advance(1_000);
    expect(opened).toEqual([null, null]);
    expect(clock.fired).toBe(1);
    expect(clock.pending()).toBe(0);
  });
});
