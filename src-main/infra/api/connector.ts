import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { Account, Connection, Connector, RecorderApi } from '../../core/ports/api';
import type { Disposable } from '../../core/ports/clock';
import { createLazyApi } from './lazy-client';
import type { SecretStore } from '../secret-store';
import { SecretStoreError } from '../secret-store';
import { normaliseAddress } from './server-address';

/** What a connector needs. */
export interface ConnectorOptions {
  readonly secrets: SecretStore;
  /** Makes the API client of one connection, at its first request: its library is large, so it is loaded here. */
  readonly createApi: (options: {
    readonly account: Account;
    readonly authorization: () => string;
  }) => Promise<RecorderApi & Disposable>;
  /** How long the keychain may take to show that it works, ms. */
  readonly keychainProbeMs?: number;
}

/** Under which name a password stands in the keychain: two accounts on one server are two entries. */
export function secretAccount(account: Account): string {
  return `${account.username}@${account.serverAddress}`;
}

/** No entry has this name: looking for it shows whether the keychain answers, and unlocks nothing. */
const probeAccount = 'availability-probe';

function keychainFailure(error: unknown): Result<never> {
  const reason = error instanceof SecretStoreError ? error.message : '';
  return fail('keychain-unavailable', 'sign-in', reason === '' ? {} : { message: reason });
}

/** The header of Basic authentication (API reference, *Authentication*). */
function basicHeader({ username }: Account, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function passwordIn(header: string, { username }: Account): string {
  const pair = Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8');
  return pair.slice(username.length + 1);
}

/**
 * A connection whose password lives in this function's closure, and there only until it is closed: as the one header that
 * every request carries, because each copy would be in a dump of the memory.
 * @param secret not kept
 */
function createConnection(options: ConnectorOptions, account: Account, secret: string): Connection {
  let header: string | null = basicHeader(account, secret);
  const api = createLazyApi(() =>
    options.createApi({
      account,
      authorization: () => header ?? basicHeader(account, ''),
    }),
  );
  return {
    account,
    api,
    remember: async () => {
      if (header === null) return fail('signed-out', 'sign-in');
      try {
        await options.secrets.write(secretAccount(account), passwordIn(header, account));
        return succeed(null);
      } catch (error) {
        return keychainFailure(error);
      }
    },
    close: () => {
      // First: what is still under way must not be sent with an empty password.
      api.dispose();
      header = null;
    },
  };
}

/** Makes connections with passwords from the user or from the OS keychain. */
export function createConnector(options: ConnectorOptions): Connector {
  const { secrets, keychainProbeMs = 3_000 } = options;
  const frozen = (account: Account): Account =>
    Object.freeze({ serverAddress: account.serverAddress, username: account.username });

  return {
    normaliseAddress,
    connect: (account, password) => createConnection(options, frozen(account), password),
    reconnect: async (account) => {
      try {
        const password = await secrets.read(secretAccount(account));
        return succeed(password === null ? null : createConnection(options, frozen(account), password));
      } catch (error) {
        return keychainFailure(error);
      }
    },
    forget: async (account) => {
      try {
        await secrets.remove(secretAccount(account));
        return succeed(null);
      } catch (error) {
        return keychainFailure(error);
      }
    },
    keychainAvailable: async () => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const limit = new Promise<false>((resolve) => {
        timer = setTimeout(() => {
          resolve(false);
        }, keychainProbeMs);
      });
      const probe = secrets.read(probeAccount).then(
        () => true,
        () => false,
      );
      const available = await Promise.race([probe, limit]);
      clearTimeout(timer);
      return available;
    },
  };
}
