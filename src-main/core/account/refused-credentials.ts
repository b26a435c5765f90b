import * as v from 'valibot';

import { errorCodes } from '@shared/domain/errors';
import type { DocumentKind, OpenDocument } from '../lib/document-store';
import type { Account } from '../ports/api';
import type { Disposable } from '../ports/clock';

const accountSchema = v.object({ serverAddress: v.string(), username: v.string() });

const memorySchema = v.object({
  /** Accounts whose unused password may still be in the keychain; files of 0.1 hold one or none. */
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

/** Whether both speak for the same user on the same server. */
export function isSameAccount(a: Account, b: Account): boolean {
  return a.serverAddress === b.serverAddress && a.username === b.username;
}

/** See {@link memorySchema}. */
export type SessionNotes = Readonly<v.InferOutput<typeof memorySchema>>;

/** `latch.json`. */
export const refusedCredentialsDocument: DocumentKind<SessionNotes> = {
  name: 'latch.json',
  version: 1,
  schema: memorySchema,
  empty: () => ({ refused: null, toForget: [] }),
  merge: (onDisk, meanwhile) => ({
    refused: meanwhile.refused ?? onDisk.refused,
    toForget: [
      ...onDisk.toForget.filter((account) => !meanwhile.toForget.some((own) => isSameAccount(own, account))),
      ...meanwhile.toForget,
    ],
  }),
};

/** What the session must not forget over a restart: server and user, never a password. */
export interface RefusedCredentials {
  /** Reads the file; `isRead` tells whether it could. */
  load(): Promise<void>;
  /** Whether it is known which password was refused. */
  isRead(): boolean;
  get(): SessionNotes;
  /** Replaces some of it and writes it; of two changes the later one has the last word. */
  set(patch: Partial<SessionNotes>): void;
  /** Called when the file could be read only after `load` had given up. */
  onReadLate(listener: () => void): Disposable;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/** The session's memory; nothing is read before `load`. */
export function createRefusedCredentials(document: OpenDocument<SessionNotes>): RefusedCredentials {
  return {
    load: document.load,
    isRead: document.isRead,
    get: document.value,
    set: (patch) => void document.change({ ...document.value(), ...patch }),
    onReadLate: document.onReadLate,
    settled: document.settled,
  };
}
