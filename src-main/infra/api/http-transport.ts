/** The methods that the API uses. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One HTTP request, as it goes onto the network. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute, http or https, without user information. */
  readonly url: string;
  /**
   * Sent as they are. `Content-Length` of a streamed body is a hint: a network stack that frames the body itself
   * leaves it out.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes, or a stream that is read only as fast as the network takes it. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  /** Ends the request at any time, also while its answer is being read. */
  readonly signal: AbortSignal;
}

/** The answer's head; its body follows as a stream. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. A redirect has its target in `location`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Read at the reader's pace; leaving the loop early ends the request. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * A network stack under the API client: it sends one request, follows no redirect, repeats nothing, adds no
 * credentials. Rejects with an error whose `code` is Node's (`ECONNREFUSED`) or Chromium's (`ERR_TIMED_OUT`).
 */
export interface HttpTransport {
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Closes sockets that wait for a next request. */
  dropIdleConnections(): Promise<void>;
  dispose(): void;
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
