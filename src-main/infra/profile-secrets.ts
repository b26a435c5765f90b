import { scopeHash } from '@shared/domain/scope-hash';
import type { SecretStore } from './secret-store';

/**
 * The secrets of one profile: two of them on one computer must not sign each other out.
 * @param store of the whole computer
 * @param profile the folder of a profile other than the usual one; null: the usual one
 */
export function createProfileSecrets(store: SecretStore, profile: string | null): SecretStore {
  if (profile === null) return store;
  const own = (account: string): string => `${account} (profile ${scopeHash(profile)})`;
  return {
    // Before 0.2 all profiles shared what is the usual one's now.
    read: async (account) => (await store.read(own(account))) ?? store.read(account),
    write: (account, secret) => store.write(own(account), secret),
    remove: (account) => store.remove(own(account)),
  };
}
