import * as v from 'valibot';

import type { DocumentFile, Log } from '../ports';
import { createJsonDocument } from '../state-document';

/*
 * What was asked to be saved and is not yet, over a restart. On disk only ids, the folder, and the template of names:
 * no number and no name of a call, so that a name the user has typed for one file is not remembered either.
 */

const mostAccounts = 8;
const mostSaves = 4_000;

const saveSchema = v.object({
  recordingId: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)),
  folder: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
  template: v.pipe(v.string(), v.maxLength(1_000)),
  paused: v.boolean(),
});

const queueSchema = v.object({
  version: v.literal(1),
  accounts: v.array(v.object({ scope: v.pipe(v.string(), v.maxLength(128)), saves: v.array(saveSchema) })),
});

/** A recording that is to be saved. */
export type RememberedSave = Readonly<v.InferOutput<typeof saveSchema>>;

/** The queues' memory over restarts; each account has its own. */
export interface RememberedQueue {
  /** @returns the name under which a damaged file was set aside, or null */
  load(): Promise<string | null>;
  /** What is left to do for an account. @param scope a hash of whose it is */
  get(scope: string): readonly RememberedSave[];
  /** Writes soon what is left to do for an account; writes nothing where nothing changed. */
  put(scope: string, saves: readonly RememberedSave[]): void;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/** Opens the memory; nothing is read before `load`. */
export function createRememberedQueue(file: DocumentFile, log: Log): RememberedQueue {
  const document = createJsonDocument(file, queueSchema, log);
  /** By scope; who was here last comes last. */
  const queues = new Map<string, readonly RememberedSave[]>();
  const toText = () => JSON.stringify([...queues]);
  let written = toText();

  return {
    load: async () => {
      const loaded = await document.load();
      for (const { scope, saves } of loaded.value?.accounts ?? []) queues.set(scope, saves);
      written = toText();
      return loaded.setAsideAs;
    },
    get: (scope) => queues.get(scope) ?? [],
    put: (scope, saves) => {
      queues.delete(scope);
      if (saves.length > 0) queues.set(scope, saves.slice(0, mostSaves));
      for (const oldest of queues.keys()) {
        if (queues.size <= mostAccounts) break;
        queues.delete(oldest);
      }
      const text = toText();
      if (text === written) return;
      written = text;
      const accounts = [...queues].map(([of, left]) => ({ scope: of, saves: [...left] }));
      document.save({ version: 1, accounts });
    },
    settled: () => document.settled(),
  };
}
