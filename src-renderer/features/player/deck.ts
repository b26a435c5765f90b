import { createStore, type StoreApi } from 'zustand/vanilla';

import type { WindowApi } from '../../../src-main/shared/ipc-contract';
import { createDetours, type Detours } from './detours';
import { createPlayback, type Playback } from './playback';
import { createSideChoice, type Side } from './sides';
import { createWaveform, type Waveform } from './waveform/waveform';

/** How the sound leaves the deck. */
export interface DeckState {
  readonly side: Side;
  /** A device's id; the empty text is the system's own choice. */
  readonly output: string;
}

/** Everything that plays one audio element. */
export interface Deck {
  readonly playback: Playback;
  readonly waveform: Waveform;
  readonly detours: Detours;
  readonly store: StoreApi<DeckState>;
  setSide(side: Side): void;
  /** Where the device refuses, all stays as it is. */
  setOutput(deviceId: string): Promise<void>;
  dispose(): void;
}

/**
 * Makes the deck of an audio element.
 * @param audio in the document
 * @param initial volume (0 to 1) and speed (0.5 to 3)
 */
export function createDeck(
  audio: HTMLAudioElement,
  initial: { readonly volume: number; readonly speed: number },
  api: WindowApi,
): Deck {
  const playback = createPlayback(audio, initial);
  const waveform = createWaveform(api);
  const detours = createDetours(audio, () => waveform.store.getState().peaks);
  const choice = createSideChoice(audio);
  const store = createStore<DeckState>(() => ({ side: 'both', output: '' }));
  return {
    playback,
    waveform,
    detours,
    store,
    setSide: (side) => {
      choice.choose(side);
      store.setState({ side });
    },
    setOutput: async (output) => {
      try {
        await choice.setOutput(output);
        store.setState({ output });
      } catch {
        store.setState({ output: store.getState().output });
      }
    },
    dispose: () => {
      waveform.dispose();
      detours.dispose();
      playback.dispose();
      choice.dispose();
    },
  };
}
