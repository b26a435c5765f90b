import type { Snapshot } from '@shared/ipc/snapshot';
import { createEmitter } from './lib/emitter';
import type { Clock, Disposable } from './ports/clock';
import type { Log } from './ports/desktop';

/** Everything of a snapshot but what {@link createState} adds; each part is asked for anew. */
export type SnapshotSources = {
  readonly [Part in keyof Omit<Snapshot, 'revision' | 'sentAtMono'>]: () => Snapshot[Part];
};

/** The single writer of what windows, tray and notifications are shown. */
export interface State extends Disposable {
  /** The present snapshot, stamped with the present moment. */
  snapshot(): Snapshot;
  /** To be called after any source changed; many calls in one turn make one revision. */
  markDirty(): void;
  onSnapshot(listener: (snapshot: Snapshot) => void): Disposable;
}

/**
 * Projects the services' views into revisions.
 * @param clock stamps each copy, so that a window can tell how old every time in it is
 * @param log told of a listener that fails
 * @param sources the services' views
 */
export function createState(clock: Clock, log: Log, sources: SnapshotSources): State {
  const emitter = createEmitter<[Snapshot]>(log);
  let revision = 1;
  let planned = false;
  let disposed = false;

  const snapshot = (): Snapshot => ({
    revision,
    sentAtMono: clock.monotonicNow(),
    session: sources.session(),
    recorder: sources.recorder(),
    hotkeys: sources.hotkeys(),
    settings: sources.settings(),
    managedSettings: sources.managedSettings(),
    recordings: sources.recordings(),
    marks: sources.marks(),
    keep: sources.keep(),
    removals: sources.removals(),
    environment: sources.environment(),
    warnings: sources.warnings(),
    intent: sources.intent(),
    cue: sources.cue(),
  });

  return {
    snapshot,
    markDirty: () => {
      if (planned || disposed) return;
      planned = true;
      queueMicrotask(() => {
        planned = false;
        if (disposed) return;
        revision += 1;
        emitter.emit(snapshot());
      });
    },
    onSnapshot: (listener) => emitter.on(listener),
    dispose: () => {
      disposed = true;
    },
  };
}
