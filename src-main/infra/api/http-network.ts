import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';

import type { Disposable } from '../../core/ports/clock';

/** The methods that the API uses. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One HTTP request, in the words of axios. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute, http or https, without user information. */
  readonly url: string;
  /**
   * Sent as they are; one that is false is not sent. `Content-Length` of a streamed body is a hint: a network stack that frames the body itself
   * leaves it out.
   */
  readonly headers: Readonly<Record<string, string | false>>;
  /** Bytes, or a stream that is read only as fast as the network takes it. */
  readonly data: Buffer | Readable | null;
  /** Ends the request at any time, also while its answer is being read. */
  readonly signal: AbortSignal;
  /** Whether Node's stack unpacks the answer; Chromium's always does. */
  readonly decompress: boolean;
}

/** The answer's head; its body follows as a stream. */
export interface HttpResponse {
  readonly status: number;
  /** Read them with {@link plainHeaders}. A redirect has its target in `location`. */
  readonly headers: object;
  /** Read at the reader's pace; leaving the loop early ends the request. */
  readonly data: AsyncIterable<Uint8Array>;
}

/** What axios hands to an adapter, as far as one of ours reads it: an {@link HttpRequest} under axios' own types. */
export interface AdapterRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: object;
  readonly data?: unknown;
  readonly signal?: unknown;
}

/**
 * An adapter of axios: it sends one request, follows no redirect, repeats nothing, adds no credentials. Rejects with an
 * error whose `code` is Node's (`ECONNREFUSED`) or Chromium's (`ERR_TIMED_OUT`).
 */
export type HttpAdapter = <Request extends AdapterRequest>(
  request: Request,
) => Promise<{
  readonly status: number;
  readonly statusText: string;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly data: AsyncIterable<Uint8Array>;
  readonly config: Request;
}>;

/** A network stack under the API client. */
export interface HttpNetwork extends Disposable {
  /** How axios reaches it: by an adapter, or by its own for Node with these pools of sockets. */
  readonly settings:
    | { readonly adapter: HttpAdapter }
    | { readonly adapter: 'http'; readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent };
  /** Closes sockets that wait for a next request. */
  dropIdleConnections(): Promise<void>;
}

/** Headers as a plain record with names in lower case; repeated ones are joined by a comma. */
export function plainHeaders(headers: object): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') plain[name.toLowerCase()] = value;
    else if (Array.isArray(value)) plain[name.toLowerCase()] = value.join(', ');
  }
  return plain;
}
