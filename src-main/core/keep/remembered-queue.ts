import * as v from 'valibot';

import type { DocumentFile, Log } from '../ports';
import { createJsonDocument } from '../state-document';

/*
 * What was asked to be saved and is not yet, over a restart. On disk only ids, the folder, and the template of names:
 * no number and no name of a call, so that a name the user has typed for one file is not remembered either.
 */

const saveSchema = v.object({
  recordingId: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)),
  folder: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
  template: v.pipe(v.string(), v.maxLength(1_000)),
});

const queueSchema = v.object({
  version: v.literal(1),
  scope: v.pipe(v.string(), v.maxLength(128)),
  saves: v.pipe(v.array(saveSchema), v.maxLength(4_000)),
});

/** A recording that is to be saved. */
export type RememberedSave = Readonly<v.InferOutput<typeof saveSchema>>;

/** The queue's memory over restarts. */
export interface RememberedQueue {
  /** @returns the name under which a damaged file was set aside, or null */
  load(): Promise<string | null>;
  /** What a former run has left to do for an account, once. @param scope a hash of whose they are */
  take(scope: string): readonly RememberedSave[];
  /** Writes soon what is left to do; writes nothing where nothing changed. */
  put(scope: string, saves: readonly RememberedSave[]): void;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/** Opens the memory; nothing is read before `load`. */
export function createRememberedQueue(file: DocumentFile, log: Log): RememberedQueue {
  const document = createJsonDocument(file, queueSchema, log);
  let left: v.InferOutput<typeof queueSchema> | null = null;
  let text = '';

  return {
    load: async () => {
      const loaded = await document.load();
      left = loaded.value;
      text = JSON.stringify(left);
      return loaded.setAsideAs;
    },
    take: (scope) => {
      const saves = left?.scope === scope ? left.saves : [];
      left = null;
      return saves;
    },
    put: (scope, saves) => {
      const value = { version: 1 as const, scope, saves: [...saves] };
      const changed = JSON.stringify(value);
      if (changed === text) return;
      // Who has nothing to save does not need a file that says so.
      if (text === 'null' && saves.length === 0) return;
      text = changed;
      document.save(value);
    },
    settled: () => document.settled(),
  };
}
