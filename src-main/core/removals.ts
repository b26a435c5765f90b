import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { RemovalKind, RemovalView } from '@shared/domain/removal';
import { attempt } from './lib/attempt';
import { createEmitter } from './lib/emitter';
import type { Clock, Disposable } from './ports/clock';
import type { Log } from './ports/desktop';

/** How long a removal can be undone, ms. */
const undoMs = 8_000;

/** What is removed, and how. */
export interface Removal {
  readonly kind: RemovalKind;
  /** What is not shown any more from now on; the ids of its kind. */
  readonly ids: readonly string[];
  /** Of a mark: its recording; null otherwise. */
  readonly recordingId: string | null;
  /** Removes it for good. */
  readonly carryOut: () => void;
  /** Brings it back, where that takes more than showing it again. */
  readonly undo?: () => void;
}

/**
 * Removals that can be undone: what is removed is out of sight at once, and gone after {@link undoMs}. Whoever ends a
 * session, or RecLight, carries them out before.
 */
export interface Removals extends Disposable {
  begin(removal: Removal): void;
  /** `not-possible-now` where there is none of that id any more, `internal` where bringing it back fails. */
  undo(id: number): Result<null>;
  /** Carries out everything that could still be undone, or what is of one kind. */
  carryOut(kind?: RemovalKind): void;
  /** Whether something is about to be removed, and so is not to be shown. */
  isHidden(kind: RemovalKind, id: string): boolean;
  /** Oldest first. */
  view(): readonly RemovalView[];
  onChange(listener: () => void): Disposable;
}

interface Pending {
  readonly id: number;
  readonly removal: Removal;
  readonly timer: Disposable;
}

/**
 * Nothing is removed yet.
 * @param log told of a removal that fails: it is over all the same, and does not stop the others
 */
export function createRemovals(clock: Clock, log: Log): Removals {
  const emitter = createEmitter<[]>(log);
  let pending: readonly Pending[] = [];
  let view: readonly RemovalView[] = [];
  let lastId = 0;

  const change = (next: readonly Pending[]): void => {
    pending = next;
    view = next.map(({ id, removal: { kind, ids, recordingId } }) => ({
      id,
      kind,
      count: ids.length,
      recordingId,
    }));
    emitter.emit();
  };

  /** Takes one out; null where it is not there any more. */
  const take = (id: number): Removal | null => {
    const found = pending.find((other) => other.id === id);
    if (found === undefined) return null;
    found.timer.dispose();
    return found.removal;
  };

  const without = (id: number): readonly Pending[] => pending.filter((other) => other.id !== id);

  const carryOutOne = (id: number): void => {
    const removal = take(id);
    if (removal === null) return;
    // Before it is shown again: in between it would be seen for a moment.
    attempt(log, 'a removal', removal.carryOut);
    change(without(id));
  };

  const carryOut = (kind?: RemovalKind): void => {
    for (const { id, removal } of pending) if (kind === undefined || removal.kind === kind) carryOutOne(id);
  };

  return {
    begin: (removal) => {
      lastId += 1;
      const id = lastId;
      const timer = clock.schedule(undoMs, () => {
        carryOutOne(id);
      });
      change([...pending, { id, removal, timer }]);
    },
    undo: (id) => {
      const removal = take(id);
      if (removal === null) return fail('not-possible-now', 'ipc');
      const isBack = attempt(log, 'undoing a removal', () => removal.undo?.());
      change(without(id));
      return isBack ? succeed(null) : fail('internal', 'ipc');
    },
    carryOut,
    isHidden: (kind, id) => pending.some(({ removal }) => removal.kind === kind && removal.ids.includes(id)),
    view: () => view,
    onChange: (listener) => emitter.on(listener),
    dispose: () => {
      carryOut();
    },
  };
}
