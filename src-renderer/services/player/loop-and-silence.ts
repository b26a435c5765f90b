import { createStore, type StoreApi } from 'zustand/vanilla';

import type { Playback } from './playback';
import { silenceFrom, type LoudnessMap } from '../waveform/peaks';

/** A stretch that is heard again and again; without an end it is only begun. */
export interface Loop {
  /** s */
  readonly from: number;
  /** s */
  readonly to: number | null;
}

/** Where playing leaves its straight way. */
export interface SkippingState {
  readonly loop: Loop | null;
  readonly skipsSilence: boolean;
}

/** Loops between two points, and jumps over silence. */
export interface Skipping {
  readonly store: StoreApi<SkippingState>;
  /** Sets the beginning, then the end, then ends the loop. */
  stepLoop(): void;
  setSkipsSilence(skips: boolean): void;
  /** Another recording: its loop is not this one's. */
  reset(): void;
  dispose(): void;
}

/** A shorter loop would stutter, s. */
const minLoopSeconds = 0.5;

/** Silence worth a jump, and what is left of it on both channels so that words are whole and do not run together, s. */
const shortestSilence = 0.6;
const keptBefore = 0.1;
const keptBehind = 0.2;

/** A jump takes some time itself, s. */
const leastJump = 0.1;

/** `timeupdate` comes four times a second: nearer ends are waited for, ms. */
const nearMs = 400;

/**
 * Watches over one audio element.
 * @param audio that plays
 * @param playback that leads it elsewhere
 * @param loudness what is known of it now, and whether that is all of it
 */
export function createSkipping(
  audio: HTMLAudioElement,
  { now: position, seek }: Pick<Playback, 'now' | 'seek'>,
  loudness: () => { readonly map: LoudnessMap; readonly whole: boolean } | null,
): Skipping {
  const store = createStore<SkippingState>(() => ({ loop: null, skipsSilence: false }));
  const ending = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;

  /** The loop, once both its ends are set. */
  const wholeLoop = (): { readonly from: number; readonly to: number } | null => {
    const { loop } = store.getState();
    return loop === null || loop.to === null ? null : { from: loop.from, to: loop.to };
  };
  const turnBack = () => {
    const loop = wholeLoop();
    if (loop === null || audio.paused || audio.currentTime < loop.to - 0.02) return;
    seek(loop.from);
  };
  const look = () => {
    const loop = wholeLoop();
    const { skipsSilence } = store.getState();
    clearTimeout(timer);
    clearTimeout(silenceTimer);
    if (audio.paused || audio.seeking) return;
    if (loop !== null) {
      const leftMs = ((loop.to - audio.currentTime) * 1_000) / audio.playbackRate;
      if (leftMs <= 0) turnBack();
      else if (leftMs < nearMs) timer = setTimeout(turnBack, leftMs);
    }
    const known = loudness();
    if (!skipsSilence || known === null) return;
    const now = audio.currentTime;
    const ahead = (nearMs * audio.playbackRate) / 1_000;
    const silence = silenceFrom(known.map, now, ahead, shortestSilence, known.whole);
    if (silence === null) return;
    const target = silence.to - keptBehind;
    if (loop !== null && target >= loop.to) return;
    const left = silence.from + keptBefore - now;
    if (left > 0) silenceTimer = setTimeout(look, (left * 1_000) / audio.playbackRate);
    else if (target - now > leastJump) seek(target);
  };
  audio.addEventListener('timeupdate', look, { signal: ending.signal });
  audio.addEventListener(
    'ended',
    () => {
      const loop = wholeLoop();
      if (loop === null) return;
      seek(loop.from);
      // A refusal shows itself by the element's own events.
      void audio.play().catch(() => undefined);
    },
    { signal: ending.signal },
  );

  return {
    store,
    stepLoop: () => {
      const { loop } = store.getState();
      const now = position();
      if (loop === null) store.setState({ loop: { from: now, to: null } });
      else if (loop.to !== null) store.setState({ loop: null });
      else if (Math.abs(now - loop.from) < minLoopSeconds) store.setState({ loop: null });
      else store.setState({ loop: { from: Math.min(loop.from, now), to: Math.max(loop.from, now) } });
      look();
    },
    setSkipsSilence: (skipsSilence) => {
      store.setState({ skipsSilence });
    },
    reset: () => {
      store.setState({ loop: null });
    },
    dispose: () => {
      clearTimeout(timer);
      clearTimeout(silenceTimer);
      ending.abort();
    },
  };
}
