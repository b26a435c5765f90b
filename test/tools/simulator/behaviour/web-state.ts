import type { BasicCharset } from '../accounts';
import type { RouteName } from '../api-routes';

/** How the web server in front of the service speaks. Tests change it at will. */
export interface WebState {
  /** The `Server` header; null where a hardened site or a proxy removes it. */
  serverHeader: string | null;
  /** The `X-Powered-By` header; null for none. */
  poweredBy: string | null;
  /** Bodies of errors for which the vendor documents none. */
  errorStyle: 'html' | 'json' | 'empty';
  /** The `WWW-Authenticate` lines of a 401; `{host}` stands for the request's host. */
  challenges: readonly string[];
  basicCharset: BasicCharset;
  /** Every so many requests is refused with 401 although all is right, and counts for nothing; 0 for none. */
  refusesEvery: number;
  /** Guess: unknown paths and methods answer 401 without credentials, before 404 and 405. */
  authenticatesFirst: boolean;
  /** Guess: what two `Authorization` headers mean. */
  doubledAuthorization: 'first' | 'refuse';
  /** Guess: `Recordings/` is the same as `Recordings`. */
  trailingSlash: 'refuse' | 'ignore';
  /** Guess: a longer query string is 404 with a page (IIS allows 2048); null for any length. */
  maxQueryLength: number | null;
  /** Host names the site answers to; any where empty, else 400 for others. */
  hostNames: readonly string[];
  /** Compresses JSON and pages for clients that accept it. */
  compress: 'gzip' | 'br' | 'deflate' | null;
  /** Compresses media with gzip, whatever the client accepts, as some gateways do. */
  compressesMedia: boolean;
  /** How the end of a body is told: by its length, by a last chunk, by closing, or by closing under HTTP/1.0. */
  framing: 'length' | 'chunked' | 'closing' | 'http-1.0';
  /** Trailers after a chunked body. */
  trailers: Readonly<Record<string, string>>;
  /** Whether a 103 comes before each answer. */
  earlyHints: boolean;
  /** Sends headers and bodies no faster than this; null for no limit. */
  bytesPerSecond: number | null;
  /** Delays by function, each drawn anew between two bounds, in ms; `all` is for functions not named. */
  delays: Readonly<Partial<Record<RouteName | 'all', readonly [number, number]>>>;
  /** For how long an idle connection is kept, in ms. */
  keepAliveMs: number;
  /** After so many requests a connection is closed, announced by `Connection: close`; 0 for never. */
  requestsPerConnection: number;
  /** Closes a connection so long after each answer without saying so, in ms; null for never. */
  closesSilentlyAfterMs: number | null;
  /** Connections above this get a 503 of HTTP.SYS; null for no limit. */
  maxConnections: number | null;
  /** What becomes of `Expect: 100-continue`: answered (after `expectDelayMs`), refused with 417, or left alone. */
  expectContinue: 'answer' | 'refuse' | 'ignore';
  expectDelayMs: number;
}

/** An IIS in its ordinary state. */
export function createWebState(): WebState {
  return {
    serverHeader: 'Microsoft-IIS/10.0',
    poweredBy: 'ASP.NET',
    errorStyle: 'html',
    challenges: ['Basic realm="{host}"'],
    basicCharset: 'utf-8',
    refusesEvery: 0,
    authenticatesFirst: false,
    doubledAuthorization: 'first',
    trailingSlash: 'refuse',
    maxQueryLength: null,
    hostNames: [],
    compress: null,
    compressesMedia: false,
    framing: 'length',
    trailers: {},
    earlyHints: false,
    bytesPerSecond: null,
    delays: {},
    keepAliveMs: 60_000,
    requestsPerConnection: 0,
    closesSilentlyAfterMs: null,
    maxConnections: null,
    expectContinue: 'answer',
    expectDelayMs: 0,
  };
}
