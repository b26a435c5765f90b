import * as v from 'valibot';

import type { CodedError, ErrorCode, ErrorDetail, Result } from '../shared/errors';
import { errorCodes, fail, succeed } from '../shared/errors';
import type { ChannelArguments } from '../shared/ipc-contract';
import type { Line } from '../shared/recording';
import type { Settings } from '../shared/settings';
import type { SessionView } from '../shared/snapshot';
import { createEmitter } from './emitter';
import { loadDocument, saveDocument } from './json-document';
import type {
  Account,
  ActiveFilter,
  Clock,
  Connection,
  Connector,
  Disposable,
  DocumentFile,
  Log,
} from './ports';
import type { RequestGate } from './request-gate';
import { createRequestGate } from './request-gate';
import type { SettingsService } from './settings';

/** A signed-in user with a connection whose credentials have not been refused. */
export interface SignedIn {
  readonly api: RequestGate;
  readonly serverAddress: string;
  readonly username: string;
}

/** Who is signed in, and the latch that keeps a refused password from being sent again. */
export interface SessionService extends Disposable {
  /** Signs in with the keychain's password, if the user asked for that. Asks the server nothing. */
  restore(): Promise<void>;
  /** Checks server, credentials and line with harmless requests; `detail.field` names what an error concerns. */
  signIn(args: ChannelArguments<'signIn'>): Promise<Result<null>>;
  signOut(): Promise<Result<null>>;
  current(): SignedIn | null;
  view(): SessionView;
  onChange(listener: () => void): Disposable;
  /** Called when the keychain did not do what was asked of it and nothing else tells. */
  onKeychainTrouble(listener: (trouble: KeychainTrouble) => void): Disposable;
  /** Resolves when all that must survive a restart is written. */
  settled(): Promise<void>;
}

/** A password could not be remembered, or could not be removed at sign-out. */
export type KeychainTrouble = 'keychain-unavailable' | 'keychain-not-cleared';

/** What the session service needs. */
export interface SessionOptions {
  /** Loaded when it is first needed: the network stack is large, and the tray must not wait for it. */
  readonly connector: () => Promise<Connector>;
  readonly settings: SettingsService;
  readonly clock: Clock;
  readonly log: Log;
  /** Where a closed latch and an unfinished sign-out survive a restart: server and user, never the password. */
  readonly latchFile: DocumentFile;
}

const latchSchema = v.object({
  /** Signed out, and its password may still be in the keychain. */
  toForget: v.optional(v.nullable(v.object({ serverAddress: v.string(), username: v.string() })), null),
  refused: v.nullable(
    v.object({
      serverAddress: v.string(),
      username: v.string(),
      code: v.picklist(errorCodes),
      status: v.optional(v.number()),
    }),
  ),
});

/** What the alert of a failed sign-in stands beside. */
function fieldOf(code: ErrorCode): NonNullable<ErrorDetail['field']> {
  switch (code) {
    case 'unauthorized':
    case 'locked':
      return 'password';
    case 'not-allowed':
    case 'level-too-low':
      return 'username';
    default:
      return 'serverAddress';
  }
}

function concerning(error: CodedError): CodedError {
  // `malformed` already names the field of the answer that was wrong.
  const field = error.code === 'malformed' ? error.detail.field : fieldOf(error.code);
  return {
    ...error,
    operation: 'sign-in',
    detail: { ...error.detail, ...(field === undefined ? {} : { field }) },
  };
}

/** The filter that shows anybody's recording of the line, or the user's own where no line is set (§6). */
export function activeFilterOf(line: Line, username: string): ActiveFilter {
  if (line.directoryNumber !== null) return { directoryNumber: line.directoryNumber };
  if (line.deviceName !== null) return { deviceName: line.deviceName };
  return { username };
}

function isSameAccount(a: Account, b: Account): boolean {
  return a.serverAddress === b.serverAddress && a.username === b.username;
}

/** Makes the session service. */
export function createSessionService(options: SessionOptions): SessionService {
  const { settings, clock, log, latchFile } = options;
  const changed = createEmitter<[]>();
  const keychainTrouble = createEmitter<[KeychainTrouble]>();

  let connection: Connection | null = null;
  let gate: RequestGate | null = null;
  let remembered = false;
  let signingIn = false;
  let signingOut = false;
  let toForget: Account | null = null;
  let restoring = true;
  let refusal: CodedError | null = null;
  let suggested: string | null = null;
  let signedOutBecause: CodedError | null = null;
  let writingLatch: Promise<void> = Promise.resolve();
  let disposed = false;

  const saveLatch = (error: CodedError | null): void => {
    const account = connection?.account;
    const refused =
      error === null || account === undefined
        ? null
        : {
            serverAddress: account.serverAddress,
            username: account.username,
            code: error.code,
            status: error.detail.status,
          };
    // One after the other: a refusal just after a sign-in must have the last word.
    writingLatch = writingLatch.then(async () => {
      const saved = await saveDocument(latchFile, { refused, toForget });
      if (!saved.ok) log.write('warn', 'the latch could not be saved', { code: saved.error.code });
    });
  };

  const refuse = (error: CodedError): void => {
    refusal = error;
    saveLatch(error);
    log.write('warn', 'credentials refused; nothing more is sent with them');
    changed.emit();
  };

  const adopt = (next: Connection, refused: CodedError | null): void => {
    leave();
    connection = next;
    refusal = refused;
    gate = createRequestGate({
      api: next.api,
      clock,
      ...(refused === null ? {} : { refused }),
      onRefused: (error) => {
        if (connection === next) refuse(error);
      },
    });
  };

  const leave = (): void => {
    gate?.dispose();
    connection?.close();
    gate = null;
    connection = null;
    refusal = null;
    suggested = null;
  };

  const current = (): SignedIn | null =>
    connection === null || gate === null || refusal !== null
      ? null
      : {
          api: gate,
          serverAddress: connection.account.serverAddress,
          username: connection.account.username,
        };

  const suggestLine = async (): Promise<void> => {
    const session = current();
    const { line } = settings.current();
    if (session === null || line.directoryNumber !== null || line.deviceName !== null) return;
    const page = await session.api.listRecordings(
      { ownerUsername: session.username },
      { page: 0, pageSize: 1 },
    );
    if (!page.ok || gate !== session.api) return;
    suggested = page.value.recordings[0]?.localPartyNumber ?? null;
    changed.emit();
  };

  /** One harmless request that any user may make, then one that tells whether the line can be watched. */
  const check = async (candidate: Connection, line: Line): Promise<Result<null>> => {
    const { username } = candidate.account;
    const probe = createRequestGate({ api: candidate.api, clock, onRefused: () => undefined });
    const list = await probe.listRecordings({ ownerUsername: username }, { page: 0, pageSize: 1 });
    if (!list.ok) return { ok: false, error: concerning(list.error) };
    const active = await probe.activeRecordings(activeFilterOf(line, username));
    // Below level 10 one can still list and play: that is "not visible to you", no failed sign-in (§6).
    if (active.ok || active.error.code === 'level-too-low') return succeed(null);
    const { code } = active.error;
    if (code === 'server-error' || code === 'service-down' || code === 'timeout') return succeed(null);
    return { ok: false, error: concerning(active.error) };
  };

  /** Nobody signs out of an account that another one has taken the place of: its password must not stay behind. */
  const forgetFormer = async (
    connector: Connector,
    { remember, serverAddress, username }: Settings['account'],
    account: Account,
  ): Promise<void> => {
    if (!remember || serverAddress === null || username === null) return;
    if (isSameAccount({ serverAddress, username }, account)) return;
    const forgotten = await connector.forget({ serverAddress, username });
    if (!forgotten.ok) log.write('warn', 'the keychain entry could not be removed');
  };

  /** Removes a password, and remembers no longer that it has to be. */
  const forget = async (account: Account): Promise<Result<null>> => {
    const connector = await options.connector();
    const forgotten = await connector.forget(account);
    if (!forgotten.ok) log.write('warn', 'the keychain entry could not be removed');
    else if (toForget !== null && isSameAccount(toForget, account)) {
      toForget = null;
      saveLatch(refusal);
    }
    return forgotten;
  };

  const signIn = async (args: ChannelArguments<'signIn'>): Promise<Result<null>> => {
    const connector = await options.connector();
    const before = settings.current().account;
    const isManaged = settings.managed().includes('account.serverAddress');
    const address = connector.normaliseAddress(isManaged ? (before.serverAddress ?? '') : args.serverAddress);
    if (!address.ok) return { ok: false, error: concerning(address.error) };
    const account = { serverAddress: address.value, username: args.username.trim() };
    if (account.username === '') return fail('invalid-argument', 'sign-in', { field: 'username' });

    const candidate = connector.connect(account, args.password);
    const checked = await check(candidate, args.line);
    if (!checked.ok || disposed) {
      candidate.close();
      return checked.ok ? fail('cancelled', 'sign-in') : checked;
    }
    await forgetFormer(connector, before, account);
    let kept = false;
    if (args.remember) {
      const result = await candidate.remember();
      kept = result.ok;
      if (!result.ok) keychainTrouble.emit('keychain-unavailable');
    } else {
      const forgotten = await connector.forget(account);
      if (!forgotten.ok) log.write('info', 'no keychain to remove an entry from');
    }
    if (toForget !== null && isSameAccount(toForget, account)) toForget = null;
    adopt(candidate, null);
    saveLatch(null);
    remembered = kept;
    const saved = await settings.setAccount({ ...account, remember: kept }, args.line);
    if (!saved.ok) log.write('warn', 'settings could not be saved', { code: saved.error.code });
    return succeed(null);
  };

  return {
    restore: async () => {
      const { account } = settings.current();
      const { username } = account;
      try {
        const latch = await loadDocument(latchFile, latchSchema, () => ({ refused: null, toForget: null }));
        if (latch.setAsideAs !== null) log.write('warn', 'the latch could not be read');
        toForget = latch.value.toForget;
        // A sign-out of a former run that the keychain did not answer, or that was cut off.
        if (toForget !== null) void forget(toForget);
        if (!account.remember || account.serverAddress === null || username === null) return;
        const connector = await options.connector();
        // The file may have been edited, and an administrator writes an address as he likes.
        const address = connector.normaliseAddress(account.serverAddress);
        if (!address.ok) return;
        const serverAddress = address.value;
        if (toForget !== null && isSameAccount(toForget, { serverAddress, username })) return;
        const recalled = await connector.reconnect({ serverAddress, username });
        if (disposed || signingIn || connection !== null) {
          if (recalled.ok) recalled.value?.close();
          return;
        }
        if (!recalled.ok) {
          signedOutBecause = { ...recalled.error, code: 'keychain-unreadable' };
          return;
        }
        if (recalled.value === null) return;
        const { refused } = latch.value;
        const same = refused !== null && isSameAccount(refused, { serverAddress, username });
        adopt(
          recalled.value,
          same
            ? {
                code: 'unauthorized',
                operation: 'sign-in',
                detail: refused.status === undefined ? {} : { status: refused.status },
              }
            : null,
        );
        remembered = true;
      } finally {
        restoring = false;
        changed.emit();
      }
      void suggestLine();
    },

    signIn: async (args) => {
      if (signingIn || signingOut) return fail('busy', 'sign-in');
      signingIn = true;
      signedOutBecause = null;
      changed.emit();
      try {
        const result = await signIn(args);
        if (!result.ok) signedOutBecause = result.error;
        return result;
      } finally {
        signingIn = false;
        changed.emit();
        void suggestLine();
      }
    },

    signOut: async () => {
      // Signing in would win over a sign-out that came after it.
      if (signingIn || signingOut) return fail('busy', 'sign-in');
      const account = connection?.account;
      const wasRemembered = remembered;
      leave();
      remembered = false;
      signedOutBecause = null;
      if (account === undefined) {
        changed.emit();
        return succeed(null);
      }
      signingOut = true;
      changed.emit();
      try {
        // Written down first: a keychain may take its time, and whoever quits meanwhile has signed out all the same.
        if (wasRemembered) toForget = account;
        saveLatch(null);
        await Promise.all([writingLatch, settings.setAccount({ ...account, remember: false })]);
        const forgotten = await forget(account);
        if (forgotten.ok || !wasRemembered) return succeed(null);
        keychainTrouble.emit('keychain-not-cleared');
        return fail('keychain-not-cleared', 'sign-in');
      } finally {
        signingOut = false;
      }
    },

    settled: async () => {
      await writingLatch;
    },

    current,

    view: (): SessionView => {
      if (restoring) return { status: 'restoring' };
      const { account } = settings.current();
      if (signingIn || connection === null) {
        return {
          status: signingIn ? 'signing-in' : 'signed-out',
          serverAddress: account.serverAddress,
          username: account.username,
          error: signedOutBecause,
        };
      }
      const { serverAddress, username } = connection.account;
      const { line } = settings.current();
      const hasLine = line.directoryNumber !== null || line.deviceName !== null;
      return {
        status: refusal === null ? 'signed-in' : 'locked',
        serverAddress,
        username,
        remembered,
        suggestedDirectoryNumber: hasLine ? null : suggested,
        error: refusal,
      };
    },

    onChange: (listener) => changed.on(listener),
    onKeychainTrouble: (listener) => keychainTrouble.on(listener),
    dispose: () => {
      disposed = true;
      leave();
    },
  };
}
