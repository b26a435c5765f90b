import { createStore, type StoreApi } from 'zustand/vanilla';

import type { RecordingSummary } from '../../../src-main/shared/recording';
import type { WindowServices } from '../../store/context';
import type { UiState } from '../../store/ui';
import { createDeck, type Deck } from './deck';

/** What is loaded, and what it is played with. */
export interface LoadedPlayer {
  readonly recording: RecordingSummary;
  readonly deck: Deck;
}

/** Plays what the view state says is loaded. */
export interface PlayerDriver {
  /** Null while nothing is loaded. */
  readonly store: StoreApi<{ readonly loaded: LoadedPlayer | null }>;
  dispose(): void;
}

/** So near to its end a recording has been heard, s. */
const heardWithin = 3;

/** An element in the document, which needs no place in it: all that it has to show is the player's. */
function addAudio(): HTMLAudioElement {
  const audio = document.createElement('audio');
  audio.hidden = true;
  audio.preload = 'auto';
  audio.crossOrigin = 'anonymous';
  document.body.append(audio);
  return audio;
}

/**
 * Makes the driver. The sound is not React's: it is asked for in the very event that asks for it, and need not wait
 * until a player has been drawn.
 * @param services the recordings that are played come from their view state
 */
export function createPlayerDriver({
  api,
  mirror,
  ui,
}: Pick<WindowServices, 'api' | 'mirror' | 'ui'>): PlayerDriver {
  const store = createStore<{ readonly loaded: LoadedPlayer | null }>(() => ({ loaded: null }));
  let close: (() => void) | null = null;

  const open = (): Deck => {
    const audio = addAudio();
    const remembered = mirror.store.getState().reading?.snapshot.settings.player;
    const deck = createDeck(
      audio,
      { volume: remembered?.volume ?? 1, speed: remembered?.speed ?? 1, output: ui.getState().output },
      api,
    );
    deck.outputs.store.subscribe(({ chosen }) => {
      ui.getState().setOutput(chosen);
    });
    let unready = (): void => undefined;
    // Nothing may come before the sound itself: the waveform waits until that has begun.
    const drawWhenReady = (): void => {
      const id = ui.getState().loaded?.recording.id;
      unready();
      if (id !== undefined) unready = deck.playback.onReady(() => deck.waveform.load(id));
    };
    deck.playback.store.subscribe(({ ask }, before) => {
      if (ask !== before.ask) drawWhenReady();
    });
    close = () => {
      unready();
      deck.dispose();
      audio.remove();
      close = null;
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

  const follow = ({ loaded, resets }: UiState, before: UiState): void => {
    if (loaded === before.loaded) return;
    const present = store.getState().loaded;
    if (present !== null && present.recording.id !== loaded?.recording.id) {
      leave(present, resets !== before.resets);
    }
    if (loaded === null) {
      close?.();
      store.setState({ loaded: null });
      return;
    }
    const { recording } = loaded;
    const deck = present?.deck ?? open();
    deck.playback.play(
      recording.id,
      recording.durationMs,
      ui.getState().positions.get(recording.id.toLowerCase()),
    );
    store.setState({ loaded: { recording, deck } });
  };

  const unfollow = ui.subscribe(follow);
  return {
    store,
    dispose: () => {
      unfollow();
      close?.();
      store.setState({ loaded: null });
    },
  };
}
