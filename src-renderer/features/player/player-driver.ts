import { createStore, type StoreApi } from 'zustand/vanilla';

import type { RecordingSummary } from '../../../src-main/shared/recording';
import type { WindowServices } from '../../store/context';
import type { UiState, UiStore } from '../../store/ui';
import { createDeck, type Deck } from './deck';

/** What is loaded, and what it is played with. */
export interface LoadedPlayer {
  readonly recording: RecordingSummary;
  readonly deck: Deck;
}

/** Plays what the view state says is loaded. */
export interface PlayerDriver {
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
function drawWaveform(deck: Deck, ui: UiStore): () => void {
  let unready = (): void => undefined;
  deck.playback.store.subscribe(({ ask }, before) => {
    if (ask === before.ask) return;
    const id = ui.getState().loaded?.recording.id;
    unready();
    deck.waveform.clear();
    if (id === undefined) return;
    unready = deck.playback.onReady(() => {
      deck.waveform.load(id);
    });
  });
  return () => {
    unready();
  };
}

/**
 * Makes the driver. The sound is not React's: it is asked for in the very event that asks for it, and does not wait
 * until a player has been drawn.
 * @param services the recordings that are played come from their view state
 */
export function createPlayerDriver({
  api,
  mirror,
  ui,
}: Pick<WindowServices, 'api' | 'mirror' | 'ui'>): PlayerDriver {
  const store = createStore<{ readonly loaded: LoadedPlayer | null }>(() => ({ loaded: null }));
  let present: LoadedPlayer | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let close = (): void => undefined;

  const draw = (): void => {
    clearTimeout(timer);
    store.setState({ loaded: present });
    ui.getState().setPlayingId(present?.recording.id ?? null);
  };

  const open = (): Deck => {
    const audio = addAudio();
    for (const begun of ['playing', 'error']) audio.addEventListener(begun, draw);
    const remembered = mirror.store.getState().reading?.snapshot.settings.player;
    const deck = createDeck(
      audio,
      { volume: remembered?.volume ?? 1, speed: remembered?.speed ?? 1, output: ui.getState().output },
      api,
    );
    deck.outputs.store.subscribe(({ chosen }) => {
      ui.getState().setOutput(chosen);
    });
    const undraw = drawWaveform(deck, ui);
    close = () => {
      undraw();
      deck.dispose();
      audio.remove();
    };
    return deck;
  };

  /** Remembers where a recording was left; not where its account was forgotten meanwhile. */
  const leave = ({ deck, recording }: LoadedPlayer, forgotten: boolean): void => {
    deck.detours.reset();
    if (forgotten) return;
    const { position, length } = deck.playback.store.getState();
    ui.getState().leaveAt(recording.id, position < length - heardWithin ? position : 0);
  };

  const end = (): void => {
    close();
    close = () => undefined;
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
      return;
    }
    const { recording } = loaded;
    const deck = present?.deck ?? open();
    present = { recording, deck };
    clearTimeout(timer);
    timer = setTimeout(draw, drawWithinMs);
    deck.playback.play(
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
