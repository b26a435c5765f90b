import { createStore, type StoreApi } from 'zustand/vanilla';

import type { WindowApi } from '@shared/ipc/contract';
import type { FromWaveformWorker, ToWaveformWorker } from './messages';
import type { Peaks } from './peaks';
import workerAddress from './waveform.worker?worker&url';

/** What is known of how a recording looks. */
export interface WaveformState {
  /** `plain`: it cannot be drawn, and the slider does without. */
  readonly status: 'waiting' | 'growing' | 'whole' | 'plain';
  readonly peaks: Peaks | null;
}

/** Draws one recording after the other. */
export interface Waveform {
  readonly store: StoreApi<WaveformState>;
  /** Looks at another recording, or at the same one anew; its audio must have been asked for already. */
  load(id: string): void;
  /** Shows nothing of the recording before. */
  clear(): void;
  dispose(): void;
}

/** As much of a worker as is needed. */
export type WaveformWorker = Pick<Worker, 'postMessage' | 'terminate' | 'onmessage' | 'onerror'>;

/** As much of trusted types as is needed; the compiler's own library does not know them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(text: string): string },
  ): {
    createScriptURL(text: string): URL;
  };
}

/** Makes the function that starts workers; the policy lets nothing else become one. */
function createWorkerStarter(): () => WaveformWorker {
  const { trustedTypes } = self as { readonly trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('reclight-waveform', {
    createScriptURL: (text) => (text === workerAddress ? text : ''),
  });
  return () =>
    new Worker(policy?.createScriptURL(workerAddress) ?? workerAddress, { type: 'module', name: 'waveform' });
}

/**
 * Computes waveforms in a worker. The bytes come from what the player has downloaded anyway.
 * @param api to read them
 * @param startWorker a real worker unless given
 */
export function createWaveform(
  api: Pick<WindowApi, 'readMedia'>,
  startWorker: () => WaveformWorker = createWorkerStarter(),
): Waveform {
  const store = createStore<WaveformState>(() => ({ status: 'waiting', peaks: null }));
  let worker: WaveformWorker | null = null;
  const stop = () => {
    worker?.terminate();
    worker = null;
  };
  const start = (id: string): WaveformWorker => {
    const own = startWorker();
    let first = 0;
    const feed = async () => {
      const result = await api.readMedia({ id, first });
      if (worker !== own) return;
      const bytes = result.ok && result.value.bytes.length > 0 ? result.value.bytes : null;
      first += bytes?.length ?? 0;
      const message: ToWaveformWorker = { bytes };
      own.postMessage(message, bytes === null ? [] : [bytes.buffer as ArrayBuffer]);
    };
    own.onmessage = ({ data }: MessageEvent<FromWaveformWorker>) => {
      if (worker !== own) return;
      switch (data.kind) {
        case 'more':
          void feed();
          return;
        case 'peaks':
          store.setState({ status: 'growing', peaks: data.peaks });
          return;
        case 'done':
          store.setState({ status: data.drawn ? 'whole' : 'plain' });
          stop();
          return;
      }
    };
    own.onerror = () => {
      if (worker !== own) return;
      store.setState({ status: 'plain' });
      stop();
    };
    return own;
  };
  const clear = () => {
    stop();
    store.setState({ status: 'waiting', peaks: null });
  };
  return {
    store,
    clear,
    load(id) {
      clear();
      try {
        worker = start(id);
      } catch {
        // Without a worker nothing is drawn; the slider alone does as well.
        store.setState({ status: 'plain' });
      }
    },
    dispose: stop,
  };
}
