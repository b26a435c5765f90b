import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { MarkView } from '@shared/domain/marks';
import type { Removals } from '../removals';
import type { MarksStore } from './store';

/** What a window may do with the marks of a recording; each answers the marks as they then are, by offset. */
export interface MarkCommands {
  list(recordingId: string): Result<readonly MarkView[]>;
  /** Refused with `not-possible-now` where no user is signed in. */
  add(recordingId: string, offsetMs: number): Result<readonly MarkView[]>;
  /** Refused with `not-possible-now` where the recording has no such mark; so is `remove`. */
  label(recordingId: string, markId: number, label: string): Result<readonly MarkView[]>;
  /** Can be undone for a moment. */
  remove(recordingId: string, markId: number): Result<readonly MarkView[]>;
}

/** Joins the commands to the marks that are kept. */
export function createMarkCommands(store: MarksStore, removals: Removals): MarkCommands {
  const shown = (recordingId: string) =>
    store.list(recordingId).filter(({ id }) => !removals.isHidden('mark', String(id)));
  const list = (recordingId: string) =>
    succeed(shown(recordingId).map(({ id, offsetMs, label }) => ({ id, offsetMs, label })));
  const has = (recordingId: string, markId: number) => shown(recordingId).some(({ id }) => id === markId);
  return {
    list,
    add: (recordingId, offsetMs) =>
      store.add(recordingId, offsetMs) === null ? fail('not-possible-now', 'ipc') : list(recordingId),
    label: (recordingId, markId, label) =>
      has(recordingId, markId) && store.label(markId, label)
        ? list(recordingId)
        : fail('not-possible-now', 'ipc'),
    remove: (recordingId, markId) => {
      if (!has(recordingId, markId)) return fail('not-possible-now', 'ipc');
      removals.begin({
        kind: 'mark',
        ids: [String(markId)],
        recordingId,
        carryOut: () => void store.remove(markId),
      });
      return list(recordingId);
    },
  };
}
