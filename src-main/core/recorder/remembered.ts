import * as v from 'valibot';

import type { UnconfirmedView } from '../../shared/snapshot';
import type { DocumentFile, Log } from '../ports';
import { createJsonDocument } from '../state-document';

/*
 * What the recorder must not forget over a restart. On disk only ids, the own line's number and times: nothing about
 * the other party, and whose they are only as a short hash.
 */

const shortText = v.pipe(v.string(), v.maxLength(128));
const time = v.pipe(v.number(), v.integer());

/** The server's clock; files of earlier versions lack it, and it is not known of every recording. */
const serverStartedAt = v.optional(v.nullable(time), null);

const underWaySchema = v.object({
  scope: shortText,
  id: shortText,
  startedHere: v.boolean(),
  directoryNumber: v.nullable(shortText),
  startedAt: time,
  serverStartedAt,
  /** Whether it was paused here, so that the pause ends by itself after a restart, too; and since when. */
  pausedHere: v.optional(v.boolean(), false),
  pausedSince: v.optional(v.nullable(time), null),
});

/** A command that had no answer when RecLight, or the session, ended. */
const unansweredSchema = v.object({
  scope: shortText,
  kind: v.picklist(['start', 'stop', 'pause', 'resume']),
  id: v.nullable(shortText),
  at: time,
});

const endedSchema = v.object({
  scope: shortText,
  id: shortText,
  directoryNumber: v.nullable(shortText),
  startedAt: time,
  endedAt: time,
  serverStartedAt,
});

const rememberedSchema = v.object({
  version: v.literal(1),
  /** Which servers can pause; found out once for each version of a server. */
  pause: v.array(v.object({ server: shortText, fingerprint: v.string(), supported: v.boolean() })),
  underWay: v.array(underWaySchema),
  unanswered: v.optional(v.array(unansweredSchema), []),
  /** Ended, and being looked for. */
  pending: v.array(endedSchema),
  unconfirmed: v.array(endedSchema),
});

/** See {@link rememberedSchema}. Times are epoch ms of this computer's clock, unless their name says the server's. */
type Remembered = v.InferOutput<typeof rememberedSchema>;

/** A recording that ended. */
export type RememberedEnded = v.InferOutput<typeof endedSchema>;

const limits = { pause: 8, underWay: 32, unanswered: 32, pending: 64, unconfirmed: 32 } as const;

/** The recorder's memory over restarts. */
export interface Memory {
  /** @returns the name under which a damaged file was set aside, or null */
  load(): Promise<string | null>;
  get(): Remembered;
  /** Replaces some of it and writes it soon; writes nothing where nothing changed. */
  set(patch: Partial<Omit<Remembered, 'version'>>): void;
  settled(): Promise<void>;
}

/** Opens the recorder's memory; nothing is read before `load`. */
export function createMemory(file: DocumentFile, log: Log): Memory {
  const document = createJsonDocument(file, rememberedSchema, log);
  let value: Remembered = {
    version: 1,
    pause: [],
    underWay: [],
    unanswered: [],
    pending: [],
    unconfirmed: [],
  };
  let text = JSON.stringify(value);

  return {
    load: async () => {
      const loaded = await document.load();
      if (loaded.value !== null) {
        value = loaded.value;
        text = JSON.stringify(value);
      }
      return loaded.setAsideAs;
    },
    get: () => value,
    set: (patch) => {
      const merged = { ...value, ...patch };
      const next: Remembered = {
        version: 1,
        // The newest are kept: a small list, not an archive.
        pause: merged.pause.slice(-limits.pause),
        underWay: merged.underWay.slice(-limits.underWay),
        unanswered: merged.unanswered.slice(-limits.unanswered),
        pending: merged.pending.slice(-limits.pending),
        unconfirmed: merged.unconfirmed.slice(-limits.unconfirmed),
      };
      const changed = JSON.stringify(next);
      if (changed === text) return;
      value = next;
      text = changed;
      document.save(value);
    },
    settled: () => document.settled(),
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
