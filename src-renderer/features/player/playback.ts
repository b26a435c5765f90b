import { createStore, type StoreApi } from 'zustand/vanilla';

/** The speeds that can be chosen. */
export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** How far *Back* and *Forward* go, s. */
export const skipSeconds = 10;

/** What is to be seen of a playback. */
interface PlaybackState {
  readonly playing: boolean;
  /** s */
  readonly position: number;
  /** s; what the list said until the sound itself tells. */
  readonly length: number;
  /** Sound was asked for and has not arrived yet. */
  readonly waiting: boolean;
  readonly failed: boolean;
  /** 0 to 1. */
  readonly volume: number;
  /** 0.5 to 3. */
  readonly speed: number;
}

/** An audio element as the player drives it. */
export interface Playback {
  readonly store: StoreApi<PlaybackState>;
  /** Loads an address, unless it is loaded already, and plays it from the start. `lengthMs` as the list has it. */
  play(address: string, lengthMs: number): void;
  toggle(): void;
  /** To a position in s; outside the recording it ends at its bounds. */
  seek(seconds: number): void;
  skip(seconds: number): void;
  setVolume(volume: number): void;
  setSpeed(speed: number): void;
  /** The next speed that can be chosen, faster (1) or slower (-1). */
  stepSpeed(direction: 1 | -1): void;
  /** Loads again what failed. */
  retry(): void;
  dispose(): void;
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(maximum, Math.max(minimum, value));
}

/**
 * Drives one audio element. The element stays the only owner of what is true; the store mirrors it.
 * @param audio in the document
 * @param initial volume (0 to 1) and speed (0.5 to 3)
 */
export function createPlayback(
  audio: HTMLAudioElement,
  initial: { readonly volume: number; readonly speed: number },
): Playback {
  const store = createStore<PlaybackState>(() => ({
    playing: false,
    position: 0,
    length: 0,
    waiting: false,
    failed: false,
    ...initial,
  }));
  let address: string | null = null;
  const ending = new AbortController();
  const on = (names: readonly string[], listener: () => void) => {
    for (const name of names) audio.addEventListener(name, listener, { signal: ending.signal });
  };
  const start = () => {
    store.setState({ waiting: true });
    // A refusal shows itself by the element's own events; being interrupted by the next load is none.
    audio.play().catch(() => {
      store.setState({ waiting: false });
    });
  };
  const takeLength = () => {
    if (Number.isFinite(audio.duration) && audio.duration > 0) store.setState({ length: audio.duration });
  };
  const applySpeed = (speed: number) => {
    audio.defaultPlaybackRate = speed;
    audio.playbackRate = speed;
  };

  audio.preservesPitch = true;
  audio.volume = initial.volume;
  applySpeed(initial.speed);
  on(['play', 'pause', 'ended'], () => {
    store.setState({ playing: !audio.paused && !audio.ended });
  });
  on(['timeupdate', 'seeking', 'seeked'], () => {
    store.setState({ position: audio.currentTime });
  });
  on(['durationchange', 'loadedmetadata'], takeLength);
  on(['waiting'], () => {
    store.setState({ waiting: true });
  });
  on(['playing', 'pause', 'ended'], () => {
    store.setState({ waiting: false });
  });
  on(['error'], () => {
    if (address !== null) store.setState({ failed: true, playing: false, waiting: false });
  });

  const seek = (seconds: number) => {
    const position = clamp(seconds, 0, store.getState().length);
    audio.currentTime = position;
    store.setState({ position });
  };
  const setVolume = (volume: number) => {
    audio.volume = clamp(volume, 0, 1);
    store.setState({ volume: audio.volume });
  };
  const setSpeed = (speed: number) => {
    const value = clamp(speed, 0.5, 3);
    applySpeed(value);
    store.setState({ speed: value });
  };
  return {
    store,
    play(next, lengthMs) {
      if (next === address && !store.getState().failed) {
        // The same recording again: what has been downloaded is enough.
        seek(0);
      } else {
        address = next;
        store.setState({ failed: false, position: 0, length: lengthMs / 1_000 });
        audio.src = next;
      }
      start();
    },
    toggle() {
      if (store.getState().failed) return;
      if (audio.paused) start();
      else audio.pause();
    },
    seek,
    skip(seconds) {
      seek(audio.currentTime + seconds);
    },
    setVolume,
    setSpeed,
    stepSpeed(direction) {
      const current = store.getState().speed;
      const next =
        direction > 0
          ? speeds.find((speed) => speed > current)
          : [...speeds].reverse().find((speed) => speed < current);
      if (next !== undefined) setSpeed(next);
    },
    retry() {
      store.setState({ failed: false });
      audio.load();
      start();
    },
    dispose() {
      ending.abort();
      address = null;
      audio.pause();
      // Without a source the element also gives up what it was still receiving.
      audio.removeAttribute('src');
      audio.load();
    },
  };
}
