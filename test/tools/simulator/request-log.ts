import type { RouteName } from './api-routes';
import { Waiters } from './waiters';

/** One request as the server saw it. It is there from the first byte on; the last fields fill as it goes. */
export interface RequestEntry {
  readonly sequence: number;
  readonly method: string;
  /** The request target, as sent. */
  readonly url: string;
  readonly path: string;
  /** The raw query string, without `?`. */
  readonly query: string;
  readonly route: RouteName;
  /** The user named in the credentials, right or wrong; the password is never kept. */
  readonly username: string | null;
  readonly hasAuthorization: boolean;
  readonly host: string | null;
  /** Epoch milliseconds of the machine, never skewed. */
  readonly at: number;
  /** The machine's monotonic clock in milliseconds. */
  readonly monotonic: number;
  /** The JSON body of a start, or the text where it is none; null elsewhere. */
  readonly body: unknown;
  /** The status answered; null as long as there is none. */
  readonly status: number | null;
  /** From arrival to the last byte, in ms; null as long as it runs. */
  readonly durationMs: number | null;
  /** The connection ended before the answer was whole. */
  readonly aborted: boolean;
  /** Kinds of the faults that were done to it. */
  readonly faults: readonly string[];
}

export type MutableRequestEntry = { -readonly [Key in keyof RequestEntry]: RequestEntry[Key] };

export type NewRequest = Pick<
  RequestEntry,
  'method' | 'url' | 'path' | 'query' | 'route' | 'username' | 'hasAuthorization' | 'host'
>;

/** Everything that was asked of the server, in order of arrival. */
export class RequestLog {
  private readonly list: MutableRequestEntry[] = [];
  private readonly waiters = new Waiters();
  private sequence = 0;

  /** All entries since the last {@link clear}, oldest first. */
  get entries(): readonly RequestEntry[] {
    return this.list;
  }

  /** The entries that arrived on a route, or that hold for a predicate. */
  filter(wanted: RouteName | ((entry: RequestEntry) => boolean)): readonly RequestEntry[] {
    return this.list.filter(typeof wanted === 'function' ? wanted : (entry) => entry.route === wanted);
  }

  clear(): void {
    this.list.length = 0;
  }

  /**
   * Awaits a request. The predicate sees each on arrival, when its body is read, and when it is answered.
   * @param timeoutMs 5 s by default.
   * @throws Error when none came in time.
   */
  waitForRequest(predicate: (entry: RequestEntry) => boolean, timeoutMs = 5_000): Promise<RequestEntry> {
    return this.waiters.wait(() => this.list.find(predicate), timeoutMs, 'matching request');
  }

  begin(request: NewRequest): MutableRequestEntry {
    this.sequence += 1;
    const entry: MutableRequestEntry = {
      ...request,
      sequence: this.sequence,
      at: Date.now(),
      monotonic: performance.now(),
      body: null,
      status: null,
      durationMs: null,
      aborted: false,
      faults: [],
    };
    this.list.push(entry);
    this.waiters.changed();
    return entry;
  }

  setBody(entry: MutableRequestEntry, body: unknown): void {
    entry.body = body;
    this.waiters.changed();
  }

  finish(
    entry: MutableRequestEntry,
    outcome: { readonly status: number | null; readonly aborted: boolean },
  ): void {
    entry.status = outcome.status;
    entry.aborted = outcome.aborted;
    entry.durationMs = performance.now() - entry.monotonic;
    this.waiters.changed();
  }
}
