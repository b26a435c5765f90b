import { createStore, type StoreApi } from 'zustand/vanilla';

import { mediaAddress } from '../../../src-main/shared/media';

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
  /** Tells one wish for sound from the next: what failed is downloaded again only for a new one. */
  readonly ask: number;
  /** 0 to 1. */
  readonly volume: number;
  /** 0.5 to 3. */
  readonly speed: number;
}

/** An audio element as the player drives it. */
export interface Playback {
  readonly store: StoreApi<PlaybackState>;
  /**
   * Loads a recording and plays it. One that is loaded already goes on where it was paused; while it plays, or after its
   * end, it begins again.
   * @param lengthMs as the list has it
   * @param from where to begin, s
   */
  play(id: string, lengthMs: number, from?: number): void;
  toggle(): void;
  /** To a position in s; outside the recording it ends at its bounds. */
  seek(seconds: number): void;
  skip(seconds: number): void;
  setVolume(volume: number): void;
  setSpeed(speed: number): void;
  /** The next speed that can be chosen, faster (1) or slower (-1). */
  stepSpeed(direction: 1 | -1): void;
  /** Loads again what failed, and goes on where it was. */
  retry(): void;
  /**
   * Calls the listener once the sound of what is being loaded has begun, at once where it has.
   * @returns a function that ends it
   */
  onReady(listener: () => void): () => void;
  dispose(): void;
}

function clamp(value: number, minimum: number, maximum: number): number {
  return Math.min(maximum, Math.max(minimum, value));
}

/**
 * Drives one audio element. The element stays the only owner of what is true; the store mirrors it.
 * @param audio in the document
 * @param asked called before the element, which takes longer to ask for the sound itself
 */
export function createPlayback(audio: HTMLAudioElement, asked: (id: string, ask: number) => void): Playback {
  const store = createStore<PlaybackState>(() => ({
    playing: false,
    position: 0,
    length: 0,
    waiting: false,
    failed: false,
    ask: 0,
    volume: audio.volume,
    speed: 1,
  }));
  let loaded: string | null = null;
  /** Where the element begins as soon as it can, s. */
  let begin = 0;
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
  on(['play', 'pause', 'ended'], () => {
    store.setState({ playing: !audio.paused && !audio.ended });
  });
  on(['timeupdate', 'seeking', 'seeked'], () => {
    if (begin === 0) store.setState({ position: audio.currentTime });
  });
  on(['durationchange', 'loadedmetadata'], takeLength);
  on(['loadedmetadata'], () => {
    if (begin > 0) audio.currentTime = begin;
    begin = 0;
  });
  on(['waiting'], () => {
    store.setState({ waiting: true });
  });
  on(['playing', 'pause', 'ended'], () => {
    store.setState({ waiting: false });
  });
  on(['error'], () => {
    if (loaded !== null) store.setState({ failed: true, playing: false, waiting: false });
  });

  const load = (id: string, from: number) => {
    const ask = Math.max(store.getState().ask + 1, Math.floor(performance.timeOrigin + performance.now()));
    asked(id, ask);
    begin = from;
    // Before anything is told: who follows must not take the sound that was there before for this one.
    audio.src = mediaAddress(id, ask);
    store.setState({ failed: false, position: from, ask });
    start();
  };
  const seek = (seconds: number) => {
    const position = clamp(seconds, 0, store.getState().length);
    if (begin > 0) begin = position;
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
    play(id, lengthMs, from = 0) {
      if (id === loaded && !store.getState().failed) {
        // The same recording again: what has been downloaded is enough.
        if (!audio.paused || audio.ended) seek(0);
        start();
      } else {
        loaded = id;
        store.setState({ length: lengthMs / 1_000 });
        load(id, from);
      }
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
      if (loaded !== null) load(loaded, store.getState().position);
    },
    onReady(listener) {
      const ready = new AbortController();
      if (audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) listener();
      else audio.addEventListener('canplay', listener, { signal: ready.signal, once: true });
      return () => {
        ready.abort();
      };
    },
    dispose() {
      ending.abort();
      loaded = null;
      audio.pause();
      // Without a source the element also gives up what it was still receiving.
      audio.removeAttribute('src');
      audio.load();
    },
  };
}
