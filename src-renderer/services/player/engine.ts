import { createStore, type StoreApi } from 'zustand/vanilla';

import type { WindowApi } from '@shared/ipc/contract';
import { createSkipping, type Skipping } from './loop-and-silence';
import { createOutputs, type Outputs } from './outputs';
import { createPlayback, type Playback } from './playback';
import { createProgress, type Progress, type ProgressApi } from './progress';
import { createChannelChoice, type Channel } from './channels';
import { createWaveform, type Waveform } from '../waveform/waveform';

/** How the sound leaves the engine. */
export interface PlayerEngineState {
  readonly channel: Channel;
  /** Not chosen by the user: it follows the output. */
  readonly isDefault: boolean;
}

/** Everything that plays one audio element. */
export interface PlayerEngine {
  readonly playback: Playback;
  readonly progress: Progress;
  readonly waveform: Waveform;
  readonly skipping: Skipping;
  readonly outputs: Outputs;
  readonly store: StoreApi<PlayerEngineState>;
  setChannel(channel: Channel): void;
  dispose(): void;
}

/**
 * Makes the engine of an audio element.
 * @param audio in the document
 */
export function createPlayerEngine(
  audio: HTMLAudioElement,
  api: Pick<WindowApi, 'openMedia' | 'readMedia'> & ProgressApi,
): PlayerEngine {
  const playback = createPlayback(audio, (id, ask) => {
    void api.openMedia({ id, ask });
    progress.load(id);
  });
  const progress = createProgress(api, playback);
  const waveform = createWaveform(api);
  const skipping = createSkipping(audio, playback, () => {
    const { peaks, status } = waveform.store.getState();
    return peaks === null ? null : { map: peaks.loudness, whole: status === 'whole' };
  });
  const choice = createChannelChoice(audio);
  const outputs = createOutputs((deviceId) => choice.setOutput(deviceId));
  const store = createStore<PlayerEngineState>(() => ({ channel: 'both', isDefault: true }));
  const put = (channel: Channel) => {
    if (channel === store.getState().channel) return;
    choice.choose(channel);
    store.setState({ channel });
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
    progress,
    waveform,
    skipping,
    outputs,
    store,
    setChannel: (channel) => {
      store.setState({ isDefault: false });
      put(channel);
    },
    dispose: () => {
      for (const stop of unfollow) stop();
      store.setState({ isDefault: false });
      outputs.dispose();
      waveform.dispose();
      skipping.dispose();
      progress.dispose();
      playback.dispose();
      choice.dispose();
    },
  };
}
