import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { Account, Connector } from '../ports/api';
import type { Log } from '../ports/desktop';
import type { RefusedCredentials } from './refused-credentials';
import { isSameAccount } from './refused-credentials';

/** Removes unused passwords from the keychain. */
export interface UnusedPasswords {
  /**
   * Removes a password. It is noted on disk first, so that the next start tries again where the keychain does not answer.
   * @param mayBeStored whether RecLight may have stored it; otherwise a failure leaves nothing to be tried again
   * @returns the keychain's failure; success where the password has come into use again meanwhile
   */
  forget(account: Account, mayBeStored: boolean): Promise<Result<null>>;
  /** The password is about to be stored anew: a removal that has not begun is called off. */
  keep(account: Account): void;
  /** Has the password removed by the next start: this run ends before the keychain would answer. */
  leave(account: Account): void;
  /** Whether its password has still to be removed. */
  has(account: Account): boolean;
  /** Tries again what a former run could not remove. */
  retry(): void;
}

/**
 * Makes the remover of unused passwords.
 * @param memory where accounts that are still to be removed survive a restart
 */
export function createUnusedPasswords(
  connector: () => Promise<Connector>,
  memory: RefusedCredentials,
  log: Log,
): UnusedPasswords {
  const find = (account: Account) => memory.get().toForget.find((entry) => isSameAccount(entry, account));
  const without = (account: Account) =>
    memory.get().toForget.filter((entry) => !isSameAccount(entry, account));
  const keep = (account: Account): void => {
    if (find(account) !== undefined) memory.set({ toForget: without(account) });
  };

  const note = (account: Account) => {
    const entry = { serverAddress: account.serverAddress, username: account.username };
    memory.set({ toForget: [...without(account), entry] });
    return entry;
  };

  const forget = async (account: Account, mayBeStored: boolean): Promise<Result<null>> => {
    // A new entry even where there is one: only the newest removal may take it off the list.
    const isListed = find(account) !== undefined;
    const entry = note(account);
    await memory.settled();
    const keychain = await connector();
    if (find(account) !== entry) return succeed(null);
    const removed = await keychain.forget(account);
    if (find(account) !== entry) return succeed(null);
    if (!removed.ok) log.write('warn', 'the keychain entry could not be removed');
    if (removed.ok || (!mayBeStored && !isListed)) keep(account);
    return removed;
  };

  return {
    forget,
    keep,
    leave: (account) => void note(account),
    has: (account) => find(account) !== undefined,
    retry: () => {
      for (const account of memory.get().toForget) void forget(account, true);
    },
  };
}
