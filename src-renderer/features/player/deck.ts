import { createStore, type StoreApi } from 'zustand/vanilla';

import type { WindowApi } from '../../../src-main/shared/ipc-contract';
import { createDetours, type Detours } from './detours';
import { createOutputs, type Outputs } from './outputs';
import { createPlayback, type Playback } from './playback';
import { createSideChoice, type Side } from './sides';
import { createWaveform, type Waveform } from './waveform/waveform';

/** How the sound leaves the deck. */
export interface DeckState {
  readonly side: Side;
}

/** Everything that plays one audio element. */
export interface Deck {
  readonly playback: Playback;
  readonly waveform: Waveform;
  readonly detours: Detours;
  readonly outputs: Outputs;
  readonly store: StoreApi<DeckState>;
  setSide(side: Side): void;
  dispose(): void;
}

/**
 * Makes the deck of an audio element.
 * @param audio in the document
 */
export function createDeck(audio: HTMLAudioElement, api: Pick<WindowApi, 'openMedia' | 'readMedia'>): Deck {
  const playback = createPlayback(audio, (id, ask) => {
    void api.openMedia({ id, ask });
  });
  const waveform = createWaveform(api);
  const detours = createDetours(audio, () => waveform.store.getState().peaks?.loudness ?? null);
  const choice = createSideChoice(audio);
  const outputs = createOutputs((deviceId) => choice.setOutput(deviceId));
  const store = createStore<DeckState>(() => ({ side: 'both' }));
  return {
    playback,
    waveform,
    detours,
    outputs,
    store,
    setSide: (side) => {
      choice.choose(side);
      store.setState({ side });
    },
    dispose: () => {
      outputs.dispose();
      waveform.dispose();
      detours.dispose();
      playback.dispose();
      choice.dispose();
    },
  };
}
