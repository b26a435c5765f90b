import type { RouteName } from './api-routes';
import type { RecycleOptions } from './behaviour/recycling';
import type { RequestEntry } from './request-log';

/** What can be done to a request. All but predicates can be sent over the control port as JSON. */
export type FaultAction =
  /** The answer comes late: before the effect (default) or after it. The effect happens even if the client left. */
  | { readonly kind: 'latency'; readonly ms: number; readonly phase?: 'before' | 'after' }
  /** Neither effect nor headers, ever. */
  | { readonly kind: 'stall' }
  /** The connection is reset; no effect. */
  | { readonly kind: 'reset' }
  /** The effect happens, then the reply is lost: the connection is reset, or hangs. */
  | { readonly kind: 'lostReply'; readonly how?: 'reset' | 'stall' }
  /** An upload's connection is reset after so many bytes of its body; no effect. */
  | { readonly kind: 'cutUpload'; readonly atByte: number }
  /** The true answer's body breaks at a byte: connection reset, closed in order, or silent for good. */
  | { readonly kind: 'cut'; readonly atByte: number; readonly how?: 'reset' | 'close' | 'stall' }
  /** Another answer in place of the true one, before the effect, or after it (`effect: true`). */
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly body?: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly effect?: boolean;
    }
  /** An IIS error page of that status, with `Retry-After` where given. */
  | {
      readonly kind: 'page';
      readonly status: number;
      readonly retryAfter?: string;
      readonly effect?: boolean;
    }
  /** 302: to the server's own log-in page, or to the address given. */
  | { readonly kind: 'redirect'; readonly to?: string; readonly status?: 301 | 302 | 303 | 307 | 308 }
  /** 200 with a proxy's HTML log-in page. */
  | { readonly kind: 'proxyLogin' }
  /** Changes the JSON of the true answer: values set or removed by path (`recordings.0.id`, `totalCount`). */
  | {
      readonly kind: 'reshape';
      readonly set?: Readonly<Record<string, unknown>>;
      readonly remove?: readonly string[];
    }
  /** The true status with a broken body: cut JSON, none, HTML, or right JSON under a wrong content type. */
  | { readonly kind: 'mangle'; readonly how: 'malformed' | 'empty' | 'html' | 'wrong-type' }
  /** The list has pages of its own size (10 where not given), whatever was asked. */
  | { readonly kind: 'ignorePageSize'; readonly size?: number }
  | { readonly kind: 'ignorePaging' }
  /** Each page begins with the last rows of the one before (one where not given). */
  | { readonly kind: 'repeatRows'; readonly count?: number }
  /** `totalCount` differs with each answer, by so much up and down (3 where not given). */
  | { readonly kind: 'changingTotalCount'; readonly by?: number }
  /** Rows come in an order that means nothing, but is always the same. */
  | { readonly kind: 'badSort' }
  /** A filter is taken and ignored. */
  | { readonly kind: 'ignoreFilter'; readonly name: string }
  /** As `repeatRows`, but the rows repeated have other data: fields by name (no number and no duration where left out). */
  | {
      readonly kind: 'staleRows';
      readonly count?: number;
      readonly set?: Readonly<Record<string, unknown>>;
    }
  /** The first rows of each page come twice (one where not given). */
  | { readonly kind: 'duplicateRows'; readonly count?: number }
  /** Active recordings are `[]`, whatever is recorded. */
  | { readonly kind: 'emptyList' }
  /** Headers of the true answer are set or removed. */
  | {
      readonly kind: 'headers';
      readonly set?: Readonly<Record<string, string | readonly string[]>>;
      readonly remove?: readonly string[];
    }
  /** The answer comes a few bytes at a time, its headers too where told so; from then on the whole connection does. */
  | { readonly kind: 'drip'; readonly bytesPerSecond: number; readonly headersToo?: boolean };

/** Which requests a fault strikes; what is left out matches all. */
interface FaultMatch {
  readonly route?: RouteName | readonly RouteName[];
  readonly method?: string;
  readonly username?: string;
  /** Must occur in the request's target. */
  readonly urlContains?: string;
}

/** A fault to be. */
export interface FaultInput {
  readonly match?: FaultMatch;
  /** In-process only: a finer choice. */
  readonly when?: (request: RequestEntry) => boolean;
  /** How many requests it strikes; without end where left out. */
  readonly times?: number;
  /** How many matching requests it lets pass first. */
  readonly skip?: number;
  /** Of the matching requests, it strikes only the last of each so many: 2 for every second one. */
  readonly every?: number;
  readonly action: FaultAction;
}

/** A fault in force. */
export interface Fault {
  readonly id: number;
  readonly action: FaultAction;
  /** How often it has struck. */
  readonly hits: number;
  remove(): void;
}

interface Entry {
  readonly id: number;
  readonly input: FaultInput;
  hits: number;
  passed: number;
  turns: number;
}

/** What takes the whole server off the network and back. */
export interface Network {
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
  recycle(options?: RecycleOptions): void;
}

/** The faults in force. Several may strike one request; delays add up and the first decisive one decides. */
export class Faults {
  private readonly entries = new Map<number, Entry>();
  private lastId = 0;

  constructor(private readonly network: Network) {}

  /** Puts a fault in force. Without a matcher it strikes every request, the log-in page excepted. */
  add(input: FaultInput): Fault {
    this.lastId += 1;
    const entry: Entry = { id: this.lastId, input, hits: 0, passed: 0, turns: 0 };
    this.entries.set(entry.id, entry);
    return this.describe(entry);
  }

  /** The faults in force, oldest first. */
  list(): readonly Fault[] {
    return [...this.entries.values()].map((entry) => this.describe(entry));
  }

  remove(id: number): boolean {
    return this.entries.delete(id);
  }

  /** Ends all faults (the network stays as it is). */
  clear(): void {
    this.entries.clear();
  }

  /** Closes the listening socket and resets every connection, until {@link comeUp}. */
  goDown(): Promise<void> {
    return this.network.goDown();
  }

  /** Listens again on the same port. */
  comeUp(): Promise<void> {
    return this.network.comeUp();
  }

  /** Restarts the application: 503 of HTTP.SYS, then a slow first answer; recordings in progress may be lost. */
  recycle(options?: RecycleOptions): void {
    this.network.recycle(options);
  }

  /** Takes the faults that strike this request, counting them. */
  strike(request: RequestEntry): readonly FaultAction[] {
    const actions: FaultAction[] = [];
    for (const entry of this.entries.values()) {
      if (!matches(entry.input, request)) continue;
      if (entry.passed < (entry.input.skip ?? 0)) {
        entry.passed += 1;
        continue;
      }
      entry.turns += 1;
      if (entry.turns % (entry.input.every ?? 1) !== 0) continue;
      entry.hits += 1;
      if (entry.hits >= (entry.input.times ?? Infinity)) this.entries.delete(entry.id);
      actions.push(entry.input.action);
    }
    return actions;
  }

  private describe(entry: Entry): Fault {
    return {
      id: entry.id,
      action: entry.input.action,
      get hits() {
        return entry.hits;
      },
      remove: () => void this.entries.delete(entry.id),
    };
  }
}

function matches(input: FaultInput, request: RequestEntry): boolean {
  const { match } = input;
  if (match === undefined && request.route === 'login') return false;
  const routes = match?.route;
  if (
    routes !== undefined &&
    !(typeof routes === 'string' ? routes === request.route : routes.includes(request.route))
  ) {
    return false;
  }
  if (match?.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  if (match?.username !== undefined && match.username.toLowerCase() !== request.username?.toLowerCase())
    return false;
  if (match?.urlContains !== undefined && !request.url.includes(match.urlContains)) return false;
  return input.when === undefined || input.when(request);
}
