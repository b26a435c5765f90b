import { createStore, type StoreApi } from 'zustand/vanilla';

import type { CodedError } from '@shared/domain/errors';
import type { WindowApi } from '@shared/ipc/contract';
import type { Snapshot } from '@shared/ipc/snapshot';

/** The clocks of this window. */
export interface WindowClock {
  /** `performance.now()`: monotonic, ms. */
  monotonicNow(): number;
  /** `Date.now()`: the user's clock, epoch ms; may be wrong and may jump. */
  wallNow(): number;
}

/** A snapshot, and how its times relate to this window's clocks. */
export interface Reading {
  readonly snapshot: Snapshot;
  /** This window's monotonic reading that corresponds to `snapshot.sentAtMono`. */
  readonly receivedAt: number;
  /** The user's clock minus this window's monotonic clock, ms. */
  readonly wallOffset: number;
}

/** What the mirror holds: nothing yet, why not, or the newest snapshot. */
export interface MirrorState {
  readonly reading: Reading | null;
  /** Why no snapshot could be had; null once there is one. */
  readonly failure: CodedError | null;
}

/** A read-only copy of what the main process last said. */
export interface Mirror {
  readonly store: StoreApi<MirrorState>;
  /** Pulls a snapshot; the subscription has begun with the mirror itself. */
  pull(): Promise<void>;
  dispose(): void;
}

/** Deliveries that differ by less than this differ by chance, not because a clock moved. */
const clockJitterMs = 250;

/**
 * Relates a snapshot to the window's clocks. The fastest delivery so far is the best measure of the distance between
 * the two processes' clocks: keeping it makes a timer advance evenly however long single messages take.
 * @param previous the reading before, if any
 * @param snapshot just received
 * @param clock of this window
 */
export function takeReading(previous: Reading | null, snapshot: Snapshot, clock: WindowClock): Reading {
  const now = clock.monotonicNow();
  const wallOffset = clock.wallNow() - now;
  if (previous === null) return { snapshot, receivedAt: now, wallOffset };
  const distance = now - snapshot.sentAtMono;
  const known = previous.receivedAt - previous.snapshot.sentAtMono;
  const steady = Math.abs(distance - known) < clockJitterMs;
  return {
    snapshot,
    receivedAt: snapshot.sentAtMono + (steady ? Math.min(distance, known) : distance),
    wallOffset: Math.abs(wallOffset - previous.wallOffset) < clockJitterMs ? previous.wallOffset : wallOffset,
  };
}

/**
 * Mirrors the main process: subscribes first, then pulls, and ignores what is not newer than what it has, so that
 * neither a slow pull nor a reordered event can take the window back in time.
 * @param api `window.reclight`
 * @param clock of this window
 */
export function createMirror(api: WindowApi, clock: WindowClock): Mirror {
  const store = createStore<MirrorState>(() => ({ reading: null, failure: null }));
  const accept = (snapshot: Snapshot) => {
    const { reading } = store.getState();
    if (reading !== null && snapshot.revision <= reading.snapshot.revision) return;
    store.setState({ reading: takeReading(reading, snapshot, clock), failure: null });
  };
  let live = true;
  const unsubscribe = api.onSnapshot(accept);
  return {
    store,
    async pull() {
      const result = await api.getSnapshot({});
      if (!live) return;
      if (result.ok) accept(result.value);
      else if (store.getState().reading === null) store.setState({ failure: result.error });
    },
    dispose() {
      live = false;
      unsubscribe();
    },
  };
}
