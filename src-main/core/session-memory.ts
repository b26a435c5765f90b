import * as v from 'valibot';

import { errorCodes } from '../shared/errors';
import { loadDocument, saveDocument } from './json-document';
import type { DocumentFile, Log } from './ports';

const accountSchema = v.object({ serverAddress: v.string(), username: v.string() });

const memorySchema = v.object({
  /** Accounts whose password may be in the keychain although nobody uses it any more; files of 0.1 hold one or none. */
  toForget: v.pipe(
    v.optional(v.union([v.array(accountSchema), v.nullable(accountSchema)]), []),
    v.transform((value) => (value === null ? [] : Array.isArray(value) ? value : [value])),
  ),
  /** The credentials that the server has refused. */
  refused: v.nullable(
    v.object({
      ...accountSchema.entries,
      code: v.picklist(errorCodes),
      status: v.optional(v.number()),
    }),
  ),
});

/** See {@link memorySchema}. */
type Remembered = Readonly<v.InferOutput<typeof memorySchema>>;

/** What the session must not forget over a restart: server and user, never a password. */
export interface SessionMemory {
  /** Reads the file; a damaged one is set aside. */
  load(): Promise<void>;
  get(): Remembered;
  /** Replaces some of it and writes it; of two changes the later one has the last word. */
  set(patch: Partial<Remembered>): void;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/** Opens the session's memory; nothing is read before `load`. */
export function createSessionMemory(file: DocumentFile, log: Log): SessionMemory {
  let value: Remembered = { refused: null, toForget: [] };
  let writing: Promise<void> = Promise.resolve();

  return {
    load: async () => {
      const loaded = await loadDocument(file, memorySchema, () => ({ refused: null, toForget: [] }));
      if (loaded.setAsideAs !== null) log.write('warn', 'the latch could not be read');
      value = loaded.value;
    },
    get: () => value,
    set: (patch) => {
      value = { ...value, ...patch };
      const text = value;
      writing = writing.then(async () => {
        const saved = await saveDocument(file, text);
        if (!saved.ok) log.write('warn', 'the latch could not be saved', { code: saved.error.code });
      });
    },
    settled: () => writing,
  };
}
