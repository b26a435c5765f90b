import type { Clock } from './clock';

/** Authorization levels of Call Recording that matter here: none, Base Access, Complete Management. */
type Level = 0 | 2 | 10;

/** A user of the server. */
export interface Account {
  readonly username: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Directory numbers, the primary one first. */
  readonly extensions: readonly string[];
  readonly numericUserId: string;
  readonly group: string;
  readonly department: string;
  readonly level: Level;
  /** Signs in through single sign-on: Basic answers 401 unless the service allows it. */
  readonly sso: boolean;
  /** Whether this user's calls may be recorded at all (403 reason 1 where not). */
  readonly recordable: boolean;
  /** Users whose recordings and lines this one may handle, besides their own. */
  readonly rightsOver: readonly string[] | 'everyone';
}

/** An account as a test writes it: only the name and password are needed. */
export type AccountInput = Partial<Account> & Pick<Account, 'username' | 'password'>;

/** How many failures in a row lock an account. */
export const lockoutThreshold = 5;

export type SignInResult =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly cause: 'missing' | 'unknown' | 'password' | 'locked' | 'sso' };

interface Entry {
  account: Account;
  failures: number;
  lockedUntil: number | null;
}

/** The directory of users: passwords, lock-out and rights. Names are compared without case, as Windows does. */
export class Accounts {
  private readonly entries = new Map<string, Entry>();
  /** How long a lock-out lasts, in milliseconds. */
  lockoutMs = 15 * 60_000;

  constructor(
    private readonly clock: Clock,
    private readonly allowSso: () => boolean,
  ) {}

  /** Adds or replaces an account. */
  add(input: AccountInput): Account {
    const account: Account = {
      firstName: input.username,
      lastName: '',
      extensions: [],
      numericUserId: '',
      group: 'Office',
      department: 'Sales',
      level: 10,
      sso: false,
      recordable: true,
      rightsOver: [],
      ...input,
    };
    this.entries.set(account.username.toLowerCase(), { account, failures: 0, lockedUntil: null });
    return account;
  }

  /** The account of that name, if any. */
  get(username: string): Account | undefined {
    return this.entries.get(username.toLowerCase())?.account;
  }

  all(): readonly Account[] {
    return [...this.entries.values()].map((entry) => entry.account);
  }

  /**
   * Changes part of an account, e.g. its password, level or extensions. Failures so far stay counted.
   * @throws Error when there is no such account.
   */
  update(username: string, patch: Partial<Omit<Account, 'username'>>): Account {
    const entry = this.entry(username);
    entry.account = { ...entry.account, ...patch };
    return entry.account;
  }

  remove(username: string): boolean {
    return this.entries.delete(username.toLowerCase());
  }

  /** Consecutive failed log-ins so far. */
  failures(username: string): number {
    return this.entry(username).failures;
  }

  isLocked(username: string): boolean {
    const { lockedUntil } = this.entry(username);
    return lockedUntil !== null && this.clock.monotonic() < lockedUntil;
  }

  /** Ends a lock-out and forgets the failures. */
  unlock(username: string): void {
    const entry = this.entry(username);
    entry.failures = 0;
    entry.lockedUntil = null;
  }

  /** Judges one request's `Authorization` header and counts it where it is refused. */
  signIn(header: string | undefined): SignInResult {
    const credentials = readBasic(header);
    if (!credentials) return { ok: false, cause: 'missing' };
    const entry = this.entries.get(credentials.username.toLowerCase());
    if (!entry) return { ok: false, cause: 'unknown' };
    if (entry.lockedUntil !== null) {
      if (this.clock.monotonic() < entry.lockedUntil) return { ok: false, cause: 'locked' };
      this.unlock(credentials.username);
    }
    if (entry.account.password !== credentials.password) return this.refuse(entry, 'password');
    if (entry.account.sso && !this.allowSso()) return this.refuse(entry, 'sso');
    entry.failures = 0;
    return { ok: true, account: entry.account };
  }

  /** Whether `account` may handle what belongs to `owner`: its own, or one it has rights over. */
  mayHandle(account: Account, owner: string): boolean {
    if (account.username.toLowerCase() === owner.toLowerCase() || account.rightsOver === 'everyone')
      return true;
    return account.rightsOver.some((name) => name.toLowerCase() === owner.toLowerCase());
  }

  private refuse(entry: Entry, cause: 'password' | 'sso'): SignInResult {
    entry.failures += 1;
    if (entry.failures >= lockoutThreshold) entry.lockedUntil = this.clock.monotonic() + this.lockoutMs;
    return { ok: false, cause };
  }

  private entry(username: string): Entry {
    const entry = this.entries.get(username.toLowerCase());
    if (!entry) throw new Error(`There is no account ${username}.`);
    return entry;
  }
}

/** Reads user and password (UTF-8) out of a Basic header; null when there is none. The first colon parts them. */
export function readBasic(header: string | undefined): { username: string; password: string } | null {
  const match = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '');
  if (!match) return null;
  const text = Buffer.from(match[1] ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
