import { createStore, type StoreApi } from 'zustand/vanilla';

/** A device that sound can come out of. */
export interface Output {
  readonly id: string;
  readonly label: string;
}

/** What is known of them. */
export interface OutputsState {
  /** Those that the system tells by name; none before anybody has looked. */
  readonly list: readonly Output[];
  /** A device's id; the empty text is the system's own choice. */
  readonly chosen: string;
}

/** Which device sound comes out of. */
export interface Outputs {
  readonly store: StoreApi<OutputsState>;
  /** Where the device refuses, all stays as it is; where it is gone, sound comes out where the system likes. */
  choose(id: string): Promise<void>;
  /** Looks what there is, from now on also when that changes. */
  look(): Promise<void>;
  dispose(): void;
}

/** As much of the browser as is needed. */
export type OutputDevices = Pick<
  MediaDevices,
  'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

/**
 * Keeps the sound on a device as long as that is there.
 * @param route lets sound come out of a device; rejects where the device refuses
 * @param devices the browser's own unless given; null where it has none
 */
export function createOutputs(
  route: (deviceId: string) => Promise<void>,
  devices: OutputDevices | null = (navigator as { readonly mediaDevices?: MediaDevices }).mediaDevices ??
    null,
): Outputs {
  const store = createStore<OutputsState>(() => ({ list: [], chosen: '' }));
  let looked = false;
  let disposed = false;

  const look = async (): Promise<void> => {
    looked = true;
    const all = (await devices?.enumerateDevices().catch(() => [])) ?? [];
    if (disposed) return;
    const list = all
      .filter(({ kind, deviceId, label }) => kind === 'audiooutput' && deviceId !== '' && label !== '')
      // The system's own choice, once more.
      .filter(({ deviceId }) => deviceId !== 'default' && deviceId !== 'communications')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
    store.setState({ list });
    const current = store.getState().chosen;
    if (current !== '' && !list.some(({ id }) => id === current)) await choose('');
  };
  const choose = async (id: string): Promise<void> => {
    try {
      await route(id);
      if (!disposed) store.setState({ chosen: id });
    } catch {
      // Perhaps it is no longer there.
      if (!disposed && id !== '') await look();
    }
  };
  const changed = () => {
    if (looked || store.getState().chosen !== '') void look();
  };

  devices?.addEventListener('devicechange', changed);
  return {
    store,
    choose,
    look,
    dispose: () => {
      disposed = true;
      devices?.removeEventListener('devicechange', changed);
    },
  };
}
