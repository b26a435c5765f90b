import type { Account, Connection, Connector } from '../../src-main/core/ports';
import type { Result } from '../../src-main/shared/errors';
import { fail, succeed } from '../../src-main/shared/errors';
import type { RecordingsPage } from '../../src-main/shared/recording';
import type { StubCall, StubMethod } from './stub-api';
import { StubApi } from './stub-api';

/** One request that reached the server. */
export interface ServerRequest {
  readonly method: StubMethod;
  readonly args: readonly unknown[];
  readonly username: string;
  readonly accepted: boolean;
}

/** Makes connections to one server that knows its users' passwords, with a keychain in memory. */
export class StubConnector implements Connector {
  /** The server's: password by user. */
  readonly passwords = new Map<string, string>();
  readonly requests: ServerRequest[] = [];
  readonly connections: { readonly account: Account; closed: boolean }[] = [];
  /** The OS's: password by `user@server address`. */
  readonly keychain = new Map<string, string>();
  keychainWorks = true;
  /** Whoever asks the keychain waits for this first. */
  keychainDelay: Promise<void> = Promise.resolve();
  /** Of one account's changes each waits for the one before it, as the port promises. */
  readonly #changes = new Map<string, Promise<unknown>>();
  /** What the server answers to those whom it knows; undefined: an empty list. */
  answers: (call: StubCall) => Result<unknown> | Promise<Result<unknown>> | undefined = () => undefined;

  /** RecLight is started anew: what its former run was still waiting for is over. */
  beginRun(): void {
    this.#changes.clear();
  }

  /** How many failed log-ins the server has counted. */
  refusals(): number {
    return this.requests.filter(({ accepted }) => !accepted).length;
  }

  normaliseAddress(text: string): Result<string> {
    const trimmed = text.trim().replace(/\/+$/u, '');
    if (trimmed === '' || /\s/u.test(trimmed)) return fail('invalid-address', 'sign-in');
    return succeed(trimmed.includes('://') ? trimmed : `https://${trimmed}`);
  }

  connect(account: Account, password: string): Connection {
    const state = { account, closed: false };
    this.connections.push(state);
    const api = new StubApi((call) => {
      if (state.closed) return fail('signed-out', 'list');
      const accepted = this.passwords.get(account.username) === password;
      this.requests.push({ method: call.method, args: call.args, username: account.username, accepted });
      // As the server does, before it looks at anything else.
      if (!accepted) return fail('unauthorized', 'list', { status: 401 });
      const empty: RecordingsPage = { totalCount: 0, recordings: [] };
      return this.answers(call) ?? succeed(call.method === 'listRecordings' ? empty : []);
    });
    return {
      account,
      api,
      remember: () =>
        this.#change(account, () => {
          this.keychain.set(nameOf(account), password);
        }),
      close: () => {
        state.closed = true;
      },
    };
  }

  async reconnect(account: Account): Promise<Result<Connection | null>> {
    await this.keychainDelay;
    if (!this.keychainWorks) return fail('keychain-unavailable', 'sign-in');
    const password = this.keychain.get(nameOf(account));
    return succeed(password === undefined ? null : this.connect(account, password));
  }

  forget(account: Account): Promise<Result<null>> {
    return this.#change(account, () => {
      this.keychain.delete(nameOf(account));
    });
  }

  keychainAvailable(): Promise<boolean> {
    return Promise.resolve(this.keychainWorks);
  }

  #change(account: Account, change: () => void): Promise<Result<null>> {
    const delay = this.keychainDelay;
    const before = this.#changes.get(nameOf(account));
    const changing = (async (): Promise<Result<null>> => {
      await Promise.all([before, delay]);
      if (!this.keychainWorks) return fail('keychain-unavailable', 'sign-in');
      change();
      return succeed(null);
    })();
    this.#changes.set(nameOf(account), changing);
    return changing;
  }
}

function nameOf({ username, serverAddress }: Account): string {
  return `${username}@${serverAddress}`;
}
