import { createStore, type StoreApi } from 'zustand/vanilla';

import type { RecordingSummary } from '@shared/domain/recording';
import type { WindowServices } from '../context';
import type { UiState, UiStore } from '../ui';
import { createPlayerEngine, type PlayerEngine } from './engine';

/** What is loaded, and what it is played with. */
export interface LoadedPlayer {
  readonly recording: RecordingSummary;
  readonly engine: PlayerEngine;
}

/** Plays what the view state says is loaded. */
export interface PlayerService {
  /** What is to be drawn; null while there is no player. */
  readonly store: StoreApi<{ readonly loaded: LoadedPlayer | null }>;
  dispose(): void;
}

/** So near to its end a recording has been heard, s. */
const heardWithin = 3;

/** Drawing waits until the sound has begun, but no longer than it takes to be noticed, ms. */
const drawWithinMs = 60;

/** An element in the document, which needs no place in it: all that it has to show is the player's. */
function addAudio(): HTMLAudioElement {
  const audio = document.createElement('audio');
  audio.hidden = true;
  audio.preload = 'auto';
  audio.crossOrigin = 'anonymous';
  document.body.append(audio);
  return audio;
}

/** Computes the waveform of what is loaded as soon as its sound has begun: nothing may come before that. */
function drawWaveform(engine: PlayerEngine, ui: UiStore): () => void {
  let unready = (): void => undefined;
  engine.playback.store.subscribe(({ ask }, before) => {
    if (ask === before.ask) return;
    const id = ui.getState().loaded?.recording.id;
    unready();
    engine.waveform.clear();
    if (id === undefined) return;
    unready = engine.playback.onReady(() => {
      engine.waveform.load(id);
    });
  });
  return () => {
    unready();
  };
}

/** A engine in its element, and what takes both away. */
interface OpenEngine {
  readonly engine: PlayerEngine;
  close(): void;
}

/**
 * Makes the driver. The sound is not React's: it is asked for in the very event that asks for it, and does not wait
 * until a player has been drawn, nor where there was time for it before, until there is something to play it with.
 * @param services the recordings that are played come from their view state
 * @param whenIdle calls back as soon as the window has nothing else to do; answers what takes that back
 */
export function createPlayerService(
  { api, mirror, ui }: Pick<WindowServices, 'api' | 'mirror' | 'ui'>,
  whenIdle: (task: () => void) => () => void,
): PlayerService {
  const store = createStore<{ readonly loaded: LoadedPlayer | null }>(() => ({ loaded: null }));
  let present: LoadedPlayer | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let opened: OpenEngine | null = null;

  const draw = (): void => {
    clearTimeout(timer);
    store.setState({ loaded: present });
    ui.getState().setPlayingId(present?.recording.id ?? null);
  };

  const make = (): OpenEngine => {
    const audio = addAudio();
    for (const begun of ['playing', 'error']) audio.addEventListener(begun, draw);
    const engine = createPlayerEngine(audio, api);
    engine.outputs.store.subscribe(({ chosen }) => {
      ui.getState().setOutput(chosen);
    });
    const undraw = drawWaveform(engine, ui);
    return {
      engine,
      close: () => {
        undraw();
        engine.dispose();
        audio.remove();
      },
    };
  };

  const prepare = (): (() => void) =>
    whenIdle(() => {
      opened ??= make();
    });
  let unprepare = prepare();

  const open = (): PlayerEngine => {
    unprepare();
    opened ??= make();
    const { playback, outputs } = opened.engine;
    const remembered = mirror.store.getState().reading?.snapshot.settings.player;
    playback.setVolume(remembered?.volume ?? 1);
    playback.setSpeed(remembered?.speed ?? 1);
    const { output } = ui.getState();
    if (output !== '') void outputs.choose(output);
    return opened.engine;
  };

  /** Remembers where a recording was left; not where its account was forgotten meanwhile. */
  const leave = ({ engine, recording }: LoadedPlayer, forgotten: boolean): void => {
    engine.skipping.reset();
    if (forgotten) return;
    const { position, length } = engine.playback.store.getState();
    ui.getState().leaveAt(recording.id, position < length - heardWithin ? position : 0);
  };

  const end = (): void => {
    unprepare();
    opened?.close();
    opened = null;
    present = null;
    draw();
  };

  const follow = ({ loaded, resets }: UiState, before: UiState): void => {
    if (loaded === before.loaded) return;
    if (present !== null && present.recording.id !== loaded?.recording.id) {
      leave(present, resets !== before.resets);
    }
    if (loaded === null) {
      end();
      unprepare = prepare();
      return;
    }
    const { recording } = loaded;
    const engine = present?.engine ?? open();
    present = { recording, engine };
    clearTimeout(timer);
    timer = setTimeout(draw, drawWithinMs);
    engine.playback.play(
      recording.id,
      recording.durationMs,
      ui.getState().positions.get(recording.id.toLowerCase()),
    );
  };

  const unfollow = ui.subscribe(follow);
  return {
    store,
    dispose: () => {
      unfollow();
      end();
    },
  };
}
