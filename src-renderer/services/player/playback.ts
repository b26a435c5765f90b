import { createStore, type StoreApi } from 'zustand/vanilla';

import { mediaAddress, type MediaProgress } from '@shared/domain/media';

/** The speeds that can be chosen. */
export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const;

/** How far *Back* and *Forward* go, s. */
export const skipSeconds = 10;

/** What is to be seen of a playback. */
interface PlaybackState {
  readonly playing: boolean;
  /** s */
  readonly position: number;
  /** Grows with each seek. */
  readonly seeks: number;
  /** s; what the list said until the sound itself tells, or its frames have been counted. */
  readonly length: number;
  /** Sound was asked for and has not arrived yet. */
  readonly waiting: boolean;
  readonly failed: boolean;
  /** The code of the element's `MediaError` where it lies in the recording. */
  readonly errorCode: number | null;
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
   * end, it begins again. One that broke off goes on where it did.
   * @param lengthMs as the list has it
   * @param from where to begin, s
   */
  play(id: string, lengthMs: number, from?: number): void;
  toggle(): void;
  /**
   * Takes what is known of what is loaded. Where the element does not find each second of it by itself, it is asked for
   * anew for the next seek, whole; a seek before that waits for the rest, or else other words would be heard.
   */
  learn(progress: MediaProgress): void;
  /** Where it is at this moment, s; the store follows a few times a second only. */
  now(): number;
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
 * The code of an error that lies in the recording. Chromium calls it a decoder's, too, when the sound card or the process
 * that serves it is gone, and tells them apart in its message only.
 */
function blameOf(error: MediaError | null): number | null {
  return error === null || error.message.startsWith('AUDIO_RENDERER_ERROR') ? null : error.code;
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
    seeks: 0,
    length: 0,
    waiting: false,
    failed: false,
    errorCode: null,
    ask: 0,
    volume: audio.volume,
    speed: 1,
  }));
  let loaded: string | null = null;
  /** As the list has it, s. */
  let listed = 0;
  let known: MediaProgress | null = null;
  /** Where the element is to go as soon as it can, s; null where it has gone there. */
  let pending: number | null = null;
  /** It may not go there before the recording is whole; whether it plays then. */
  let held: { playing: boolean } | null = null;
  /** Whether it was led somewhere that may be wrong, before all was known. */
  let led = false;
  /** Grows with each address. */
  let lastAsk = 0;
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
  /** Also where the element does not tell: it waits at the end of what came before the rest was cut. */
  const hasBrokenOff = () => {
    const { failed, waiting } = store.getState();
    return failed || (known?.status === 'failed' && (waiting || audio.ended));
  };
  const isWhole = () => known?.status === 'complete';
  const isAstray = () => known?.sound?.steady === false;
  const takeLength = () => {
    const counted = isWhole() ? known?.sound?.seconds : undefined;
    const told = Number.isFinite(audio.duration) && audio.duration > 0 ? audio.duration : null;
    const length = counted ?? (isAstray() ? listed : told);
    if (length !== null && length > 0) store.setState({ length });
  };
  const now = () => pending ?? audio.currentTime;
  const applySpeed = (speed: number) => {
    audio.defaultPlaybackRate = speed;
    audio.playbackRate = speed;
  };

  audio.preservesPitch = true;
  on(['play', 'pause', 'ended'], () => {
    if (held === null) store.setState({ playing: !audio.paused && !audio.ended });
  });
  on(['timeupdate', 'seeking', 'seeked'], () => {
    if (pending !== null) return;
    // An element that guessed its length jumps to that at the end.
    store.setState({ position: audio.ended ? store.getState().length : audio.currentTime });
  });
  on(['durationchange', 'loadedmetadata'], takeLength);
  on(['loadedmetadata'], () => {
    if (pending === null || held !== null) return;
    audio.currentTime = pending;
    pending = null;
  });
  on(['waiting'], () => {
    store.setState({ waiting: true });
  });
  on(['playing', 'pause', 'ended'], () => {
    if (held === null) store.setState({ waiting: false });
  });
  on(['error'], () => {
    if (loaded === null) return;
    held = null;
    store.setState({ failed: true, errorCode: blameOf(audio.error), playing: false, waiting: false });
  });

  /** Gives the element its address. @param from where it is to begin, s */
  const address = (id: string, from: number, ask: number) => {
    lastAsk = ask;
    held = null;
    led = from > 0;
    pending = from > 0 ? from : null;
    // Before anything is told: who follows must not take the sound that was there before for this one.
    audio.src = mediaAddress(id, ask);
  };
  const nextAsk = () => Math.max(lastAsk + 1, Math.floor(performance.timeOrigin + performance.now()));
  const load = (id: string, from: number) => {
    const ask = nextAsk();
    asked(id, ask);
    known = null;
    address(id, from, ask);
    store.setState({ failed: false, errorCode: null, position: from, ask });
    start();
  };
  /** Asks once more for what is whole by now, in the form in which each second is found. */
  const loadWhole = (id: string, from: number) => {
    const plays = held?.playing ?? !audio.paused;
    const sound = known?.sound ?? null;
    if (known !== null && sound !== null) known = { ...known, sound: { ...sound, steady: true } };
    address(id, from, nextAsk());
    led = false;
    store.setState({ position: from, waiting: false });
    if (plays) start();
  };
  const hold = (position: number) => {
    held ??= { playing: !audio.paused && !audio.ended };
    pending = position;
    audio.pause();
    store.setState({ position, waiting: true });
  };
  /** Lets what was held go, in the form that is there. */
  const release = () => {
    if (held === null) return;
    const { playing } = held;
    held = null;
    audio.currentTime = now();
    pending = null;
    store.setState({ waiting: false });
    if (playing) start();
  };
  const lead = (position: number) => {
    if (isAstray() && loaded !== null && known?.status !== 'failed') {
      if (isWhole()) loadWhole(loaded, position);
      else hold(position);
      return;
    }
    led ||= !isWhole();
    if (pending !== null) pending = position;
    audio.currentTime = position;
  };
  const seek = (seconds: number) => {
    const position = clamp(seconds, 0, store.getState().length);
    lead(position);
    store.setState(({ seeks }) => ({ position, seeks: seeks + 1 }));
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
      if (id !== loaded) {
        loaded = id;
        listed = lengthMs / 1_000;
        store.setState({ length: listed });
        load(id, from);
      } else if (hasBrokenOff()) {
        load(id, store.getState().position);
      } else {
        // The same recording again: what has been downloaded is enough.
        if (!audio.paused || audio.ended) seek(0);
        if (held === null) start();
        else held.playing = true;
      }
    },
    toggle() {
      if (store.getState().failed) return;
      if (held !== null) {
        held.playing = !held.playing;
        store.setState({ playing: held.playing });
      } else if (audio.paused) start();
      else audio.pause();
    },
    learn(progress) {
      if (loaded === null) return;
      // Once it has been given in the form that is right, what is known of the form before is over.
      if (isWhole()) return;
      known = progress;
      takeLength();
      if (progress.status === 'failed' || !isAstray()) release();
      else if (held !== null || led) lead(now());
    },
    now,
    seek,
    skip(seconds) {
      seek(now() + seconds);
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
