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
 * @param limitMs after which an answer is no longer waited for
 */
export function createKeytarStore(limitMs = defaultLimitMs): SecretStore {
  let loading: Promise<Keytar> | null = null;

  const limited = async <T>(work: (keytar: Keytar) => Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new SecretStoreError('the keychain does not answer'));
      }, limitMs);
    });
    try {
      loading ??= loadKeytar();
      return await Promise.race([loading.then(work), limit]);
    } catch (error) {
      if (error instanceof SecretStoreError) throw error;
      const [firstLine = ''] = (error instanceof Error ? error.message : '').split('\n');
      throw new SecretStoreError(firstLine.slice(0, 200));
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    read: (account) => limited((keytar) => keytar.getPassword(keychainService, account)),
    write: (account, secret) => limited((keytar) => keytar.setPassword(keychainService, account, secret)),
    remove: async (account) => {
      await limited((keytar) => keytar.deletePassword(keychainService, account));
    },
  };
}
