import type * as keytarTypes from 'keytar';

import type { SecretStore } from './secret-store';
import { SecretStoreError } from './secret-store';

/** Under which name RecLight's passwords stand in the OS keychain. */
const keychainService = 'RecLight';

/** How long the OS may take, ms: it may be asking its user to unlock the keychain. */
const defaultLimitMs = 60_000;

type Keytar = typeof keytarTypes;

/** Loaded when first needed: where the native library or one of its own is missing, only this fails. */
async function loadKeytar(): Promise<Keytar> {
  const module: Keytar & { readonly default?: Keytar } = await import('keytar');
  return module.default ?? module;
}

/**
 * The OS keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service on Linux.
 *
 * Changes of one entry take effect in the order in which they were asked for. A write that was given up after
 * `limitMs` and ends later is undone, since its caller was told that nothing is stored.
 * @param limitMs after which an answer is no longer waited for
 */
export function createKeytarStore(limitMs = defaultLimitMs): SecretStore {
  let loading: Promise<Keytar> | null = null;
  /** By account: when the newest change that was asked for has ended. Never rejects. */
  const changes = new Map<string, Promise<void>>();

  const limited = async <T>(work: (keytar: Keytar, isGivenUp: () => boolean) => Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let givenUp = false;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        givenUp = true;
        reject(new SecretStoreError('the keychain does not answer'));
      }, limitMs);
    });
    try {
      loading ??= loadKeytar();
      return await Promise.race([loading.then((keytar) => work(keytar, () => givenUp)), limit]);
    } catch (error) {
      if (error instanceof SecretStoreError) throw error;
      const [firstLine = ''] = (error instanceof Error ? error.message : '').split('\n');
      throw new SecretStoreError(firstLine.slice(0, 200));
    } finally {
      clearTimeout(timer);
    }
  };

  const inOrder = (account: string, change: () => Promise<void>): Promise<void> => {
    const done = (changes.get(account) ?? Promise.resolve()).then(change);
    const ended = done
      .catch(() => undefined)
      .then(() => {
        if (changes.get(account) === ended) changes.delete(account);
      });
    changes.set(account, ended);
    return done;
  };

  return {
    read: (account) => limited((keytar) => keytar.getPassword(keychainService, account)),
    write: (account, secret) =>
      limited((keytar, isGivenUp) =>
        inOrder(account, async () => {
          if (isGivenUp()) return;
          await keytar.setPassword(keychainService, account, secret);
          if (isGivenUp()) await keytar.deletePassword(keychainService, account);
        }),
      ),
    remove: (account) =>
      limited((keytar) =>
        inOrder(account, async () => {
          await keytar.deletePassword(keychainService, account);
        }),
      ),
  };
}
