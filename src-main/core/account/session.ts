import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { ChannelArguments } from '@shared/ipc/contract';
import type { Settings } from '@shared/ipc/settings';
import type { SessionView } from '@shared/ipc/snapshot';
import type { OpenDocument } from '../lib/document-store';
import { createEmitter } from '../lib/emitter';
import type { SignedIn } from './held-connection';
import { createHeldConnection } from './held-connection';
import { createKeychainRecall } from './keychain-recall';
import type { Account, Connection, Connector } from '../ports/api';
import type { Clock, Disposable } from '../ports/clock';
import type { Log } from '../ports/desktop';
import type { SessionNotes } from './refused-credentials';
import { createRefusedCredentials, isSameAccount } from './refused-credentials';
import type { SettingsService } from '../settings/service';
import { activeFilterOf, checkSignIn } from './sign-in-check';
import { createUnusedPasswords } from './unused-passwords';

/* Signs in and out, by hand and by what the keychain holds, and tells who is signed in. */

/** Who is signed in, and the latch that keeps a refused password from being sent again. */
export interface SessionService extends Disposable {
  /**
   * Signs in with the keychain's password, if the user asked for that. Asks the server nothing. Resolves when the
   * keychain has answered or is no longer waited for.
   */
  restore(): Promise<void>;
  /** No longer waits for the keychain: the form is there at once, and a late answer of the keychain changes nothing. */
  skipKeychain(): void;
  /**
   * Checks server and credentials with harmless requests. Waits for neither the keychain nor the disk: a password that
   * cannot be stored is told by `onKeychainTrouble`.
   */
  signIn(args: ChannelArguments<'signIn'>): Promise<Result<null>>;
  /** The user is signed out at once; resolves when the keychain has answered. */
  signOut(): Promise<Result<null>>;
  current(): SignedIn | null;
  view(): SessionView;
  onChange(listener: () => void): Disposable;
  /** Called when the keychain did not do what was asked of it and nothing else tells. */
  onKeychainTrouble(listener: (trouble: KeychainTrouble) => void): Disposable;
  /** Resolves when all that must survive a restart is written. */
  settled(): Promise<void>;
}

/** A password could not be stored, or an unused one could not be removed. */
export type KeychainTrouble = 'keychain-unavailable' | 'keychain-not-cleared';

/** What the session service needs. */
export interface SessionOptions {
  /** Loaded when it is first needed: the network stack is large, and the tray must not wait for it. */
  readonly connector: () => Promise<Connector>;
  readonly settings: SettingsService;
  readonly clock: Clock;
  readonly log: Log;
  /** Where a closed latch and an unfinished sign-out survive a restart: server and user, never the password. */
  readonly refusedCredentialsFile: OpenDocument<SessionNotes>;
}

/** Basic authentication ends the username at its first colon, so what follows would be sent as password. */
function hasColon(username: string): boolean {
  return username.includes(':');
}

/** Makes the session service. */
export function createSessionService(options: SessionOptions): SessionService {
  const { settings, clock, log } = options;
  const changed = createEmitter<[]>(log);
  const keychainTrouble = createEmitter<[KeychainTrouble]>(log);
  const memory = createRefusedCredentials(options.refusedCredentialsFile);
  const unused = createUnusedPasswords(options.connector, memory, log);

  let remembered = false;
  let signingIn = false;
  let restoring = true;
  let suggested: string | null = null;
  let signedOutBecause: CodedError | null = null;
  /** The newest password that is being stored. */
  let storing: Promise<void> = Promise.resolve();
  /** The last account with an accepted password; null where it was refused, or no user was signed in. */
  let lastAccepted: Connection | null = null;
  let disposed = false;

  const held = createHeldConnection(clock, (account, { code, detail }) => {
    memory.set({ refused: { ...account, code, status: detail.status } });
    log.write('warn', 'credentials refused; nothing more is sent with them');
    changed.emit();
  });
  const keychain = createKeychainRecall(clock, () => {
    changed.emit();
  });

  const forgetUser = (): void => {
    remembered = false;
    suggested = null;
  };

  const suggestLine = async (): Promise<void> => {
    const connection = held.connection();
    const session = held.signedIn();
    const { line } = settings.current();
    if (session === null || line.directoryNumber !== null || line.deviceName !== null) return;
    const page = await session.api.listRecordings(
      { ownerUsername: session.username },
      { page: 0, pageSize: 1 },
    );
    if (!page.ok || held.connection() !== connection) return;
    suggested = page.value.recordings[0]?.localPartyNumber ?? null;
    changed.emit();
  };

  /**
   * Whose password the keychain holds by the user's own settings. A policy that names another server must not hide it.
   * @returns null where nothing is remembered
   */
  const storedAccount = (connector: Connector, own: Settings = settings.own()): Account | null => {
    const { remember, serverAddress, username } = own.account;
    if (!remember || serverAddress === null || username === null) return null;
    const address = connector.normaliseAddress(serverAddress);
    return { serverAddress: address.ok ? address.value : serverAddress, username };
  };

  const forget = async (account: Account, mayBeStored: boolean): Promise<Result<null>> => {
    const forgotten = await unused.forget(account, mayBeStored);
    if (!forgotten.ok && unused.has(account)) keychainTrouble.emit('keychain-not-cleared');
    return forgotten;
  };

  /** Stores the password of who has just signed in. */
  const store = async (signedIn: Connection, isReplacing: boolean): Promise<void> => {
    const { account } = signedIn;
    unused.keep(account);
    const stored = await signedIn.remember();
    if (lastAccepted === signedIn && stored.ok) memory.set({ refused: null });
    // A sign-out meanwhile has asked for the removal of what was stored.
    if (held.connection() !== signedIn) return;
    if (held.refusal() === null) memory.set({ refused: null });
    if (stored.ok) {
      remembered = true;
      changed.emit();
      return;
    }
    void settings.setAccount({ ...account, remember: false });
    keychainTrouble.emit('keychain-unavailable');
    // The entry may hold a former, unused password.
    if (isReplacing) void unused.forget(account, true);
  };

  const signIn = async (args: ChannelArguments<'signIn'>): Promise<Result<null>> => {
    const connector = await options.connector();
    const isManaged = settings.managed().includes('account.serverAddress');
    const typed = isManaged ? (settings.current().account.serverAddress ?? '') : args.serverAddress;
    const address = connector.normaliseAddress(typed);
    if (!address.ok) return address;
    const account = { serverAddress: address.value, username: args.username.trim() };
    if (account.username === '') return fail('invalid-argument', 'sign-in', { field: 'username' });
    if (hasColon(account.username)) return fail('invalid-username', 'sign-in');

    const candidate = connector.connect(account, args.password);
    const filter = activeFilterOf(args.line, account.username);
    const checked = await checkSignIn(candidate.api, filter, account.username, clock);
    if (!checked.ok || disposed) {
      candidate.close();
      return checked.ok
        ? fail('cancelled', 'sign-in')
        : { ok: false, error: { ...checked.error, operation: 'sign-in' } };
    }
    const former = storedAccount(connector);
    const isFormer = former !== null && isSameAccount(former, account);
    forgetUser();
    held.replace(candidate, null, checked.value);
    // Until it is replaced, the keychain holds the refused password, which must not be sent after a restart.
    if (!args.remember || !isFormer) memory.set({ refused: null });
    // Says "remembered" before the keychain does: if RecLight ends in between, only the form is shown next time.
    void settings.setAccount({ ...account, remember: args.remember }, args.line);
    if (former !== null && !isFormer) void forget(former, true);
    if (args.remember) storing = store(candidate, isFormer);
    else void forget(account, isFormer);
    return succeed(null);
  };

  /** @returns whether it signs a user in */
  const restore = async (): Promise<boolean> => {
    await memory.load();
    unused.retry();
    const { account } = settings.current();
    const { username } = account;
    if (!account.remember || account.serverAddress === null || username === null) return false;
    if (hasColon(username)) {
      signedOutBecause = { code: 'invalid-username', operation: 'sign-in', detail: {} };
      return false;
    }
    if (!memory.isRead()) {
      // The password may be one that the server has refused, and each log-in with it counts.
      signedOutBecause = { code: 'refusals-unreadable', operation: 'sign-in', detail: {} };
      return false;
    }
    const connector = await options.connector();
    // The file may have been edited, and an administrator writes an address as he likes.
    const address = connector.normaliseAddress(account.serverAddress);
    if (!address.ok) return false;
    const remembering = { serverAddress: address.value, username };
    if (unused.has(remembering)) return false;
    const recalled = await keychain.recall(connector, remembering, () => restoring && !disposed);
    if (!recalled.ok) {
      signedOutBecause = { ...recalled.error, code: 'keychain-unreadable' };
      return false;
    }
    if (recalled.value === null) return false;
    const { refused } = memory.get();
    const detail = refused?.status === undefined ? {} : { status: refused.status };
    forgetUser();
    held.replace(
      recalled.value,
      refused !== null && isSameAccount(refused, remembering)
        ? { code: 'unauthorized', operation: 'sign-in', detail }
        : null,
      null,
    );
    remembered = true;
    return true;
  };

  const restoreAndTell = async (): Promise<void> => {
    let isSignedIn: boolean;
    try {
      isSignedIn = await restore();
    } finally {
      restoring = false;
      changed.emit();
    }
    if (isSignedIn) void suggestLine();
  };

  /** A file that tells who was signed in, or whether they may be, could not be read at first. */
  const restoreLate = (): void => {
    if (held.connection() !== null || signingIn || restoring || disposed) return;
    restoring = true;
    signedOutBecause = null;
    changed.emit();
    void restoreAndTell();
  };
  /** A sign-in or sign-out that came first did not know what the file holds. */
  const forgetFormer = async (onDisk: Settings): Promise<void> => {
    if (!onDisk.account.remember) return;
    const connector = await options.connector();
    const former = storedAccount(connector, onDisk);
    const present = storedAccount(connector);
    const isKept = former !== null && present !== null && isSameAccount(former, present);
    if (former === null || isKept) return;
    if (disposed) unused.leave(former);
    else void forget(former, true);
  };
  let forgettingFormer = Promise.resolve();
  const late = [
    settings.onReadLate((onDisk) => {
      forgettingFormer = forgetFormer(onDisk);
      restoreLate();
    }),
    memory.onReadLate(() => {
      // The server has just accepted what the file may still call refused.
      if (held.signedIn() !== null) memory.set({ refused: null });
      // The password that the user has just asked to remember is in use, whatever a former run wanted to be forgotten.
      const account = held.connection()?.account;
      if (account !== undefined && settings.own().account.remember) unused.keep(account);
      restoreLate();
    }),
  ];

  const skipKeychain = (): void => {
    if (!restoring) return;
    restoring = false;
    keychain.end();
    changed.emit();
  };

  return {
    restore: restoreAndTell,

    skipKeychain,

    signIn: async (args) => {
      if (signingIn) return fail('busy', 'sign-in');
      signingIn = true;
      signedOutBecause = null;
      skipKeychain();
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
      if (signingIn) return fail('busy', 'sign-in');
      const account = held.connection()?.account;
      const mayBeStored = remembered || settings.own().account.remember;
      held.close();
      forgetUser();
      signedOutBecause = null;
      changed.emit();
      if (account === undefined) return succeed(null);
      memory.set({ refused: null });
      // Noted on disk before the keychain is asked: it may take its time, and a user who quits meanwhile is signed out.
      const saved = settings.setAccount({ ...account, remember: false });
      const [forgotten] = await Promise.all([forget(account, mayBeStored), saved]);
      return forgotten.ok || !unused.has(account) ? succeed(null) : fail('keychain-not-cleared', 'sign-in');
    },

    settled: async () => {
      // The last try to read the settings may tell of a former password, after everything else has ended.
      await Promise.all([memory.settled(), storing, settings.settled()]);
      await forgettingFormer;
      // That it was stored, or is to be removed, is noted, too.
      await memory.settled();
      if (disposed) for (const listening of late) listening.dispose();
    },

    current: () => held.signedIn(),

    view: (): SessionView => {
      if (restoring) return { status: 'restoring', waitingForKeychain: keychain.isSlow() };
      const { account } = settings.current();
      const connection = held.connection();
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
      const refusal = held.refusal();
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
      keychain.end();
      lastAccepted = held.refusal() === null ? held.connection() : null;
      held.close();
      forgetUser();
    },
  };
}
