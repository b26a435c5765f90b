/**
 * Where passwords are kept between runs. Rejects with a {@link SecretStoreError} where that does not work. Writes and
 * removals of one account take effect in the order in which they were asked for.
 */
export interface SecretStore {
  /** @returns null where there is none */
  read(account: string): Promise<string | null>;
  write(account: string, secret: string): Promise<void>;
  /** Removing what is not there is no failure. */
  remove(account: string): Promise<void>;
}

/** The OS keychain is missing, locked for good, or does not answer. */
export class SecretStoreError extends Error {
  /** @param reason in the OS's words, without any secret */
  constructor(reason: string) {
    super(reason);
    this.name = 'SecretStoreError';
  }
}
