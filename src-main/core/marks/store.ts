import * as v from 'valibot';

import { maxMarkLabelLength } from '@shared/domain/marks';
import { sameRecordingId } from '@shared/domain/recording';
import type { DocumentKind, OpenDocument } from '../lib/document-store';
import { soundItems } from '../lib/document-store';
import { createEmitter } from '../lib/emitter';
import type { Disposable } from '../ports/clock';
import type { Log } from '../ports/desktop';

const maxMarks = 10_000;

const markSchema = v.object({
  /** Whose it is, as a short hash; null in files of earlier versions. */
  scope: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(128))), null),
  id: v.pipe(v.number(), v.integer(), v.minValue(1)),
  recordingId: v.pipe(v.string(), v.maxLength(64)),
  offsetMs: v.pipe(v.number(), v.integer(), v.minValue(0)),
  label: v.pipe(v.string(), v.maxLength(maxMarkLabelLength)),
});

const marksSchema = v.object({ version: v.literal(1), marks: v.array(markSchema) });

/** A marked moment of a recording; kept on this computer only. */
type Mark = Readonly<v.InferOutput<typeof markSchema>>;

/** What `marks.json` holds. */
export type Marks = v.InferOutput<typeof marksSchema>;

const isSameMark = (a: Mark, b: Mark): boolean =>
  a.scope === b.scope && a.recordingId === b.recordingId && a.offsetMs === b.offsetMs && a.label === b.label;

const highestId = (marks: readonly Mark[]): number =>
  marks.reduce((highest, { id }) => Math.max(highest, id), 0);

/** `marks.json`. */
export const marksDocument: DocumentKind<Marks> = {
  name: 'marks.json',
  version: 1,
  schema: marksSchema,
  empty: () => ({ version: 1, marks: [] }),
  // Both count from one. The ids of the file have not been shown yet, so renumber those.
  merge: (onDisk, meanwhile) => {
    const first = highestId(meanwhile.marks) + 1;
    const older = onDisk.marks
      .filter((mark) => !meanwhile.marks.some((other) => isSameMark(other, mark)))
      .map((mark, at) => ({ ...mark, id: first + at }));
    return { version: 1, marks: [...older, ...meanwhile.marks].slice(-maxMarks) };
  },
  salvage: (parsed) => ({ version: 1, marks: soundItems(parsed, 'marks', markSchema) }),
};

/**
 * Marked moments: recording id, offset and an optional word, and no other call data. Everybody has their own: without an
 * account there are none.
 */
export interface MarksStore extends Disposable {
  /** Reads them from the disk. */
  load(): Promise<void>;
  /**
   * The account whose marks are listed and changed from now on; null: nobody's. What an earlier version kept, which does
   * not say whose it is, goes to the first account.
   * @param scope see `scopeHash`
   */
  setAccount(scope: string | null): void;
  /** The marks of a recording, by offset. @param recordingId a GUID in either case */
  list(recordingId: string): readonly Mark[];
  /**
   * @param offsetMs ms since the recording began; negative counts as zero
   * @returns null where no user is signed in
   */
  add(recordingId: string, offsetMs: number, label?: string): Mark | null;
  /** Names a mark; cut to 80 characters. @returns false where there is no such mark */
  label(id: number, label: string): boolean;
  /** @returns false where there is no such mark */
  remove(id: number): boolean;
  /** Gives the marks of a recording to another one: the server may complete it under a new id. */
  move(fromRecordingId: string, toRecordingId: string): void;
  /** Called after every change, with the recording whose marks changed. */
  onChange(listener: (recordingId: string) => void): Disposable;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/**
 * The marks; nothing is read before `load`.
 * @param log told of a listener that fails; the mark is kept all the same
 */
export function createMarksStore(document: OpenDocument<Marks>, log: Log): MarksStore {
  const changed = createEmitter<[recordingId: string]>(log);
  let marks: readonly Mark[] = document.value().marks;
  let account: string | null = null;

  const isOwn = ({ scope }: Mark) => account !== null && scope === account;
  const findOwn = (id: number) => marks.find((mark) => mark.id === id && isOwn(mark));
  const claim = () => {
    if (account === null || marks.every(({ scope }) => scope !== null)) return;
    marks = marks.map((mark) => ({ ...mark, scope: mark.scope ?? account }));
    void document.change({ version: 1, marks: [...marks] });
  };
  const change = (next: readonly Mark[], recordingId: string) => {
    marks = next.slice(-maxMarks);
    void document.change({ version: 1, marks: [...marks] });
    changed.emit(recordingId);
  };
  const readLate = document.onReadLate(() => {
    marks = document.value().marks;
    claim();
    for (const recordingId of new Set(marks.map((mark) => mark.recordingId))) changed.emit(recordingId);
  });
  const tidy = (label: string) => label.trim().slice(0, maxMarkLabelLength);

  return {
    load: async () => {
      await document.load();
      marks = document.value().marks;
      claim();
    },
    setAccount: (scope) => {
      account = scope;
      claim();
    },
    list: (recordingId) =>
      marks
        .filter((mark) => isOwn(mark) && sameRecordingId(mark.recordingId, recordingId))
        .sort((a, b) => a.offsetMs - b.offsetMs || a.id - b.id),
    add: (recordingId, offsetMs, label = '') => {
      if (account === null) return null;
      const mark: Mark = {
        scope: account,
        id: highestId(marks) + 1,
        recordingId: recordingId.toLowerCase(),
        offsetMs: Math.max(0, Math.round(offsetMs)),
        label: tidy(label),
      };
      change([...marks, mark], mark.recordingId);
      return mark;
    },
    label: (id, label) => {
      const mark = findOwn(id);
      if (mark === undefined) return false;
      const next = marks.map((other) => (other.id === id ? { ...other, label: tidy(label) } : other));
      change(next, mark.recordingId);
      return true;
    },
    remove: (id) => {
      const mark = findOwn(id);
      if (mark === undefined) return false;
      change(
        marks.filter((other) => other.id !== id),
        mark.recordingId,
      );
      return true;
    },
    move: (fromRecordingId, toRecordingId) => {
      const isFrom = (mark: Mark) => isOwn(mark) && sameRecordingId(mark.recordingId, fromRecordingId);
      if (!marks.some(isFrom)) return;
      const to = toRecordingId.toLowerCase();
      change(
        marks.map((mark) => (isFrom(mark) ? { ...mark, recordingId: to } : mark)),
        to,
      );
    },
    onChange: changed.on,
    settled: () => document.settled(),
    dispose: readLate.dispose,
  };
}
