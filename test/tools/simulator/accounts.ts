import type { Clock } from './clock';

/** What somebody may do: list and read recordings, hear them, start and stop, see what is recorded now, upload. */
export type Right = 'list' | 'play' | 'record' | 'active' | 'upload';

export const allRights: readonly Right[] = ['list', 'play', 'record', 'active', 'upload'];

/** The rights of a level: none below 2, Base Access from 2 on, Complete Management at 10. */
function rightsOfLevel(level: number): readonly Right[] {
  if (level >= 10) return allRights;
  return level >= 2 ? ['list', 'play'] : [];
}

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
  /** Authorization level of Call Recording, 0 to 10. */
  readonly level: number;
  /** Rights in place of those of the level, which need not be nested (*Record Only*); null for the level's own. */
  readonly rights: readonly Right[] | null;
  /** Other names that sign in as this user, e.g. `OFFICE\\anna` or `anna@office.example`. */
  readonly aliases: readonly string[];
  /** Signs in through single sign-on: Basic answers 401 unless the service allows it. */
  readonly sso: boolean;
  /** Whether this user's calls may be recorded at all (403 reason 1 where not). */
  readonly recordable: boolean;
  /** Users whose recordings and lines this one may handle, besides their own. */
  readonly rightsOver: readonly string[] | 'everyone';
  /** Groups whose users' recordings and lines this one may handle (a group superuser). */
  readonly groups: readonly string[];
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
      rights: null,
      aliases: [],
      sso: false,
      recordable: true,
      rightsOver: [],
      groups: [],
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

  /**
   * Judges one request's `Authorization` header and counts it where it is refused.
   * @param charset how the server reads the bytes of name and password.
   */
  signIn(header: string | undefined, charset: BasicCharset = 'utf-8'): SignInResult {
    const credentials = readBasic(header, charset);
    if (!credentials) return { ok: false, cause: 'missing' };
    const entry = this.entries.get(credentials.username.toLowerCase()) ?? this.byAlias(credentials.username);
    if (!entry) return { ok: false, cause: 'unknown' };
    if (entry.lockedUntil !== null) {
      if (this.clock.monotonic() < entry.lockedUntil) return { ok: false, cause: 'locked' };
      this.unlock(entry.account.username);
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
    const group = this.get(owner)?.group;
    if (group !== undefined && account.groups.includes(group)) return true;
    return account.rightsOver.some((name) => name.toLowerCase() === owner.toLowerCase());
  }

  /** Whether an account has a right, by itself or by its level. */
  may(account: Account, right: Right): boolean {
    return (account.rights ?? rightsOfLevel(account.level)).includes(right);
  }

  private byAlias(name: string): Entry | undefined {
    const wanted = name.toLowerCase();
    return [...this.entries.values()].find(({ account }) =>
      account.aliases.some((alias) => alias.toLowerCase() === wanted),
    );
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

/** How a server reads names and passwords; the vendor means UTF-8. */
export type BasicCharset = 'utf-8' | 'iso-8859-1';

/** Reads user and password out of a Basic header; null when there is none. The first colon parts them. */
export function readBasic(
  header: string | undefined,
  charset: BasicCharset = 'utf-8',
): { username: string; password: string } | null {
  const match = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '');
  if (!match) return null;
  const text = Buffer.from(match[1] ?? '', 'base64').toString(charset === 'utf-8' ? 'utf8' : 'latin1');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
