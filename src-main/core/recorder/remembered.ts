import * as v from 'valibot';

import type { UnconfirmedView } from '@shared/ipc/snapshot';
import type { DocumentKind, OpenDocument } from '../lib/document-store';
import { soundItems } from '../lib/document-store';
import type { Disposable } from '../ports/clock';

/*
 * What the recorder must not forget over a restart. On disk only ids, the own line's number and times: nothing about
 * the other party, and whose they are only as a short hash.
 */

const shortText = v.pipe(v.string(), v.maxLength(128));
const time = v.pipe(v.number(), v.integer());

/** The server's clock; files of earlier versions lack it, and it is not known of every recording. */
const serverStartedAt = v.optional(v.nullable(time), null);

/** The latest beginning that is possible, where it differs from `startedAt`; files of earlier versions lack it. */
const startedBy = v.optional(v.nullable(time), null);

const underWaySchema = v.object({
  scope: shortText,
  id: shortText,
  startedHere: v.boolean(),
  directoryNumber: v.nullable(shortText),
  startedAt: time,
  startedBy,
  serverStartedAt,
  /** Whether it was paused here, so that the pause ends by itself after a restart, too; and since when. */
  pausedHere: v.optional(v.boolean(), false),
  pausedSince: v.optional(v.nullable(time), null),
});

/** A command that had no answer, or had to wait, when RecLight or the session ended. */
const unansweredSchema = v.object({
  scope: shortText,
  kind: v.picklist(['start', 'stop', 'pause', 'resume', 'mark', 'wait']),
  isSent: v.optional(v.boolean(), true),
  id: v.nullable(shortText),
  at: time,
});

const endedSchema = v.object({
  scope: shortText,
  id: shortText,
  directoryNumber: v.nullable(shortText),
  startedAt: time,
  startedBy,
  endedAt: time,
  serverStartedAt,
  startedHere: v.optional(v.boolean(), false),
});

const pauseSchema = v.object({ server: shortText, fingerprint: v.string(), supported: v.boolean() });

const rememberedSchema = v.object({
  version: v.literal(1),
  /** Which servers can pause; found out once for each version of a server. */
  pause: v.array(pauseSchema),
  underWay: v.array(underWaySchema),
  unanswered: v.optional(v.array(unansweredSchema), []),
  /** Ended, and being looked for. */
  pending: v.array(endedSchema),
  unconfirmed: v.array(endedSchema),
});

/** See {@link rememberedSchema}. Times are epoch ms of this computer's clock, unless their name says the server's. */
export type Remembered = v.InferOutput<typeof rememberedSchema>;

/** A recording that ended. */
export type RememberedEnded = v.InferOutput<typeof endedSchema>;

const limits = { pause: 8, underWay: 32, unanswered: 32, pending: 64, unconfirmed: 32 } as const;

/** What is only in the older list, then the newer one. */
function joined<Entry extends object>(
  older: readonly Entry[],
  newer: readonly Entry[],
  keyOf: (entry: Entry) => unknown,
): Entry[] {
  const keys = new Set(newer.map((entry) => JSON.stringify(keyOf(entry))));
  return [...older.filter((entry) => !keys.has(JSON.stringify(keyOf(entry)))), ...newer];
}

/** The newest are kept: a small list, not an archive. */
function limited(value: Remembered): Remembered {
  return {
    version: 1,
    pause: value.pause.slice(-limits.pause),
    underWay: value.underWay.slice(-limits.underWay),
    unanswered: value.unanswered.slice(-limits.unanswered),
    pending: value.pending.slice(-limits.pending),
    unconfirmed: value.unconfirmed.slice(-limits.unconfirmed),
  };
}

const byRecording = ({ scope, id }: { readonly scope: string; readonly id: string }) => [
  scope,
  id.toLowerCase(),
];

/** `recorder.json`. */
export const rememberedDocument: DocumentKind<Remembered> = {
  name: 'recorder.json',
  version: 1,
  schema: rememberedSchema,
  empty: () => ({ version: 1, pause: [], underWay: [], unanswered: [], pending: [], unconfirmed: [] }),
  merge: (onDisk, meanwhile) =>
    limited({
      version: 1,
      pause: joined(onDisk.pause, meanwhile.pause, ({ server }) => server),
      underWay: joined(onDisk.underWay, meanwhile.underWay, byRecording),
      unanswered: joined(onDisk.unanswered, meanwhile.unanswered, (entry) => entry),
      pending: joined(onDisk.pending, meanwhile.pending, byRecording),
      unconfirmed: joined(onDisk.unconfirmed, meanwhile.unconfirmed, byRecording),
    }),
  salvage: (parsed) => ({
    version: 1,
    pause: soundItems(parsed, 'pause', pauseSchema),
    underWay: soundItems(parsed, 'underWay', underWaySchema),
    unanswered: soundItems(parsed, 'unanswered', unansweredSchema),
    pending: soundItems(parsed, 'pending', endedSchema),
    unconfirmed: soundItems(parsed, 'unconfirmed', endedSchema),
  }),
};

/** The recorder's memory over restarts. */
export interface Memory {
  /** Reads it from the disk. */
  load(): Promise<void>;
  get(): Remembered;
  /** Replaces some of it and writes it soon; writes nothing where nothing changed. */
  set(patch: Partial<Omit<Remembered, 'version'>>): void;
  /** Called with what the file held when it could be read only after `load` had given up. */
  onReadLate(listener: (onDisk: Remembered) => void): Disposable;
  settled(): Promise<void>;
}

/** The recorder's memory; nothing is read before `load`. */
export function createMemory(document: OpenDocument<Remembered>): Memory {
  return {
    load: document.load,
    get: document.value,
    set: (patch) => {
      const next = limited({ ...document.value(), ...patch });
      if (JSON.stringify(next) !== JSON.stringify(document.value())) void document.change(next);
    },
    onReadLate: document.onReadLate,
    settled: document.settled,
  };
}

/** Without whose it is: what a window may see. */
export function toUnconfirmedView(ended: RememberedEnded): UnconfirmedView {
  return {
    id: ended.id,
    directoryNumber: ended.directoryNumber,
    startedAt: ended.startedAt,
    endedAt: ended.endedAt,
  };
}
