import { createStore, type StoreApi } from 'zustand/vanilla';

import type { WindowApi } from '../../../src-main/shared/ipc/contract';
import { createDetours, type Detours } from './loop-and-silence';
import { createOutputs, type Outputs } from './outputs';
import { createPlayback, type Playback } from './playback';
import { createSideChoice, type Side } from './channels';
import { createWaveform, type Waveform } from '../waveform/waveform';

/** How the sound leaves the deck. */
export interface DeckState {
  readonly side: Side;
  /** Nobody has chosen it: it goes with the output. */
  readonly isDefault: boolean;
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
  const detours = createDetours(audio, playback, () => {
    const { peaks, status } = waveform.store.getState();
    return peaks === null ? null : { map: peaks.loudness, whole: status === 'whole' };
  });
  const choice = createSideChoice(audio);
  const outputs = createOutputs((deviceId) => choice.setOutput(deviceId));
  const store = createStore<DeckState>(() => ({ side: 'both', isDefault: true }));
  const put = (side: Side) => {
    if (side === store.getState().side) return;
    choice.choose(side);
    store.setState({ side });
  };
  /** Where there is one loudspeaker, a headset for one ear say, both parties are heard in it. */
  const suit = async (): Promise<void> => {
    const isStereo = (waveform.store.getState().peaks?.channels.length ?? 1) > 1;
    if (!isStereo || !store.getState().isDefault) return;
    const mono = await choice.isMono();
    if (store.getState().isDefault) put(mono ? 'mixed' : 'both');
  };
  const unfollow = [
    waveform.store.subscribe(({ peaks }, before) => {
      if (before.peaks === null && peaks !== null) void suit();
    }),
    outputs.store.subscribe(({ chosen }, before) => {
      if (chosen !== before.chosen) void suit();
    }),
  ];
  return {
    playback,
    waveform,
    detours,
    outputs,
    store,
    setSide: (side) => {
      store.setState({ isDefault: false });
      put(side);
    },
    dispose: () => {
      for (const stop of unfollow) stop();
      store.setState({ isDefault: false });
      outputs.dispose();
      waveform.dispose();
      detours.dispose();
      playback.dispose();
      choice.dispose();
    },
  };
}
