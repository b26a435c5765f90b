import * as v from 'valibot';

import type { ErrorCode } from '@shared/domain/errors';
import type { DocumentKind, OpenDocument } from '../lib/document-store';
import { soundItems } from '../lib/document-store';
import type { Disposable } from '../ports/clock';

/*
 * What was asked to be saved and is not yet, over a restart. On disk only ids, the folder, and the template of names:
 * no number and no name of a call, so that a name the user has typed for one file is not remembered either.
 */

const maxAccounts = 8;
const maxSaves = 4_000;

/** What a file system refuses: a download would not change it. */
const fileCodes = ['disk-full', 'folder-gone', 'file-exists', 'name-too-long', 'file-unwritable'] as const;

/** One of the reasons for which no file was written. */
export type FileCode = (typeof fileCodes)[number];

/** Whether a failure is one of the file system. */
export function isFileCode(code: ErrorCode): code is FileCode {
  return fileCodes.some((known) => known === code);
}

const saveSchema = v.object({
  recordingId: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)),
  folder: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
  template: v.pipe(v.string(), v.maxLength(1_000)),
  paused: v.boolean(),
  /** Why its file could not be written: it is retried only on request. */
  failed: v.optional(v.picklist(fileCodes)),
});

const scopeSchema = v.pipe(v.string(), v.maxLength(128));

const queueSchema = v.object({
  version: v.literal(1),
  accounts: v.array(v.object({ scope: scopeSchema, saves: v.array(saveSchema) })),
});

/** What `saves.json` holds: who was here last comes last. */
export type Queues = v.InferOutput<typeof queueSchema>;

/** A recording that is to be saved. */
export type RememberedSave = Readonly<v.InferOutput<typeof saveSchema>>;

const savesOf = ({ accounts }: Queues, scope: string): readonly RememberedSave[] =>
  accounts.find((account) => account.scope === scope)?.saves ?? [];

/** As many saves as a file may hold: those that failed give way first, the oldest before the newer ones. */
function bounded(saves: readonly RememberedSave[]): readonly RememberedSave[] {
  let surplus = saves.length - maxSaves;
  if (surplus <= 0) return saves;
  const stays = ({ failed }: RememberedSave): boolean => failed === undefined || (surplus -= 1) < 0;
  return saves.filter(stays).slice(0, maxSaves);
}

/** The queues with one replaced, newest last; one that is empty goes. */
function withQueue({ accounts }: Queues, scope: string, saves: readonly RememberedSave[]): Queues {
  const others = accounts.filter((account) => account.scope !== scope);
  const own = saves.length === 0 ? [] : [{ scope, saves: [...bounded(saves)] }];
  return { version: 1, accounts: [...others, ...own].slice(-maxAccounts) };
}

/** `saves.json`. */
export const savesDocument: DocumentKind<Queues> = {
  name: 'saves.json',
  version: 1,
  schema: queueSchema,
  empty: () => ({ version: 1, accounts: [] }),
  merge: (onDisk, meanwhile) =>
    meanwhile.accounts.reduce<Queues>((merged, { scope, saves }) => {
      const isQueued = ({ recordingId, folder }: RememberedSave): boolean =>
        saves.some((save) => save.recordingId === recordingId && save.folder === folder);
      const older = savesOf(merged, scope).filter((save) => !isQueued(save));
      return withQueue(merged, scope, [...older, ...saves]);
    }, onDisk),
  salvage: (parsed) => ({
    version: 1,
    accounts: soundItems(parsed, 'accounts', v.looseObject({ scope: scopeSchema })).map((account) => ({
      scope: account.scope,
      saves: soundItems(account, 'saves', saveSchema),
    })),
  }),
};

/** The queues' memory over restarts; each account has its own. */
export interface QueueFile {
  /** Reads it from the disk. */
  load(): Promise<void>;
  /** What is left to do for an account. @param scope a hash of whose it is */
  get(scope: string): readonly RememberedSave[];
  /** Writes soon what is left to do for an account; writes nothing where nothing changed. */
  put(scope: string, saves: readonly RememberedSave[]): void;
  /** Nothing is left to do for an account, whatever the file still holds where it could not be read yet. */
  forget(scope: string): void;
  /** Called when the file could be read only after `load` had given up. */
  onReadLate(listener: () => void): Disposable;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/** The queues' memory; nothing is read before `load`. */
export function createQueueFile(document: OpenDocument<Queues>): QueueFile {
  /** What is left to do for the accounts that were forgotten before the file was read. */
  const forgotten = new Map<string, readonly RememberedSave[]>();
  const put = (scope: string, saves: readonly RememberedSave[]): void => {
    if (forgotten.has(scope)) forgotten.set(scope, saves);
    const next = withQueue(document.value(), scope, saves);
    if (JSON.stringify(next) !== JSON.stringify(document.value())) void document.change(next);
  };
  document.onReadLate(() => {
    for (const [scope, saves] of forgotten) put(scope, saves);
    forgotten.clear();
  });

  return {
    load: document.load,
    get: (scope) => savesOf(document.value(), scope),
    put,
    forget: (scope) => {
      if (document.isRead()) {
        put(scope, []);
        return;
      }
      forgotten.set(scope, []);
      // Also where nothing is known to be left: the end of RecLight then tries to read the file once more.
      void document.change(withQueue(document.value(), scope, []));
    },
    onReadLate: document.onReadLate,
    settled: document.settled,
  };
}
