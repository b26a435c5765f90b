import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { Account, Connection, Connector } from '../ports/api';
import type { Clock } from '../ports/clock';

/* Waits for the keychain as long as anybody wants it, and tells when that is long. */

/** How long the keychain may take before the user is told what RecLight waits for, ms. */
const patienceMs = 3_000;

/** The wait for a password of the keychain. */
export interface KeychainRecall {
  /**
   * Asks the keychain for the password of an account.
   * @param isWanted whether anybody waits for the answer
   * @returns null where there is no password, or where nobody waits for the answer any more
   */
  recall(connector: Connector, account: Account, isWanted: () => boolean): Promise<Result<Connection | null>>;
  /** Whether the keychain has taken so long that the user is to know. */
  isSlow(): boolean;
  /** Answers `recall` at once, because nobody wants it any more; a late answer of the keychain changes nothing. */
  end(): void;
}

/** Makes it. @param slow called when the keychain has come to be slow */
export function createKeychainRecall(clock: Clock, slow: () => void): KeychainRecall {
  let isSlow = false;
  let skip: () => void = () => undefined;

  return {
    recall: async (connector, account, isWanted) => {
      const patience = clock.schedule(patienceMs, () => {
        isSlow = true;
        slow();
      });
      const skipped = new Promise<null>((resolve) => {
        skip = () => {
          resolve(null);
        };
        if (!isWanted()) skip();
      });
      const recalling = connector.reconnect(account).then((recalled) => {
        if (isWanted()) return recalled;
        if (recalled.ok) recalled.value?.close();
        return null;
      });
      try {
        return (await Promise.race([recalling, skipped])) ?? succeed(null);
      } finally {
        patience.dispose();
        isSlow = false;
      }
    },
    isSlow: () => isSlow,
    end: () => {
      isSlow = false;
      skip();
    },
  };
}
