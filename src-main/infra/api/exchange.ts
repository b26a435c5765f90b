import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';

import type { CodedError, ErrorDetail } from '@shared/domain/errors';
import type { HttpMethod, HttpRequest, HttpResponse } from './http-network';
import { plainHeaders } from './http-network';
import type { BodyReader } from './body-readers';
import { createShortReader, maxJsonBytes, maxRefusalBytes } from './body-readers';
import type { EndCause, RequestGuard } from './time-limit';
import { createRequestGuard } from './time-limit';
import type { Answer, CallContext } from './error-mapping';
import { contextDetail, hasEffect, operationOf } from './error-mapping';
import { UploadSourceError } from './multipart';
import { describeNetworkFailure } from './network-errors';

/** A body to send; streamed ones are opened anew for each attempt at an address. */
export type OutgoingBody =
  | { readonly kind: 'bytes'; readonly contentType: string; readonly bytes: Uint8Array }
  | {
      readonly kind: 'stream';
      readonly contentType: string;
      readonly sizeBytes: number;
      readonly open: () => AsyncGenerator<Uint8Array, void, undefined>;
      readonly isHandedOver: () => boolean;
    };

/** A request in the terms of the API. */
export interface OutgoingCall {
  readonly context: CallContext;
  readonly method: HttpMethod;
  /** Below the API's base, with its query, percent-encoded. */
  readonly path: string;
  readonly accept: string;
  readonly body?: OutgoingBody;
  /** Whether the response stays compressed as sent, so that its length can be checked. */
  readonly exactBytes?: boolean;
  /** Asks for the body from this byte on. */
  readonly firstByte?: number;
  /** With `firstByte`: a strong `ETag` or a `Last-Modified`; the rest is wanted only of that file, else the whole. */
  readonly ifRange?: string;
  /** Reads the body of a success; left out where it is short. */
  readonly reader?: () => BodyReader;
  readonly limitMs: number;
  readonly guard: RequestGuard;
}

/** An answer whose body has not been read. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  readonly redirected: boolean;
}

/** A step that can fail with a code. */
type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CodedError };

/** Requests to one server: same origin only, own credentials only, one time limit each. */
export interface Exchange {
  guard(caller: AbortSignal | undefined): RequestGuard;
  /** Sends a request and follows redirects within the server's origin. The caller ends the guard. */
  open(call: OutgoingCall): Promise<Attempt<OpenAnswer>>;
  /** Reads the body of an answer whole, up to a limit. */
  read(call: OutgoingCall, answer: OpenAnswer): Promise<Attempt<Answer>>;
  /** What a broken request means. */
  failure(call: OutgoingCall, error: unknown): CodedError;
  /** The same for a request that never gets to be sent. */
  closed(context: CallContext): CodedError;
  dispose(): void;
}

/** What an exchange needs. */
export interface ExchangeOptions {
  readonly serverAddress: string;
  /** The value of the `Authorization` header; called once per request and not kept. */
  readonly authorization: () => string;
  /** Sends one request, by axios. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
  /** Told of every answer of the server itself. */
  readonly onHeaders: (headers: Readonly<Record<string, string>>) => void;
}

/**
 * Asks for a body as it is. The packings are named all the same: Chromium gives up a body that a gateway has packed in
 * one that was not.
 */
const unpackedPreferred = 'identity, gzip;q=0.1, deflate;q=0.1, br;q=0.1';
/** After so much of an answer everything else gets its turn, bytes: it may arrive faster than it can be read. */
const restBytes = 256 * 1024;
const maxRedirects = 5;
const redirectStatuses: readonly number[] = [300, 301, 302, 303, 305, 306, 307, 308];
const apiPath = '/fw/Apps/Recorder/WebAPI/';

/** The body in the form that both network stacks take. */
function outgoingData(
  body: OutgoingBody | undefined,
  stream: AsyncIterable<Uint8Array> | null,
): HttpRequest['data'] {
  if (body?.kind === 'bytes') {
    const { buffer, byteOffset, byteLength } = body.bytes;
    return Buffer.from(buffer, byteOffset, byteLength);
  }
  if (stream === null) return null;
  // `Readable.from` would otherwise hold sixteen pieces of any size.
  const data = Readable.from(stream, { objectMode: false, highWaterMark: 65_536 });
  // Ends with the request; its own failure is told by the request's.
  data.on('error', () => undefined);
  return data;
}

/** Whether a redirect may be followed: reading anywhere in the origin, sending only where the method is kept. */
function mayFollow(method: HttpMethod, status: number): boolean {
  if (status === 307 || status === 308) return true;
  return method === 'GET' && (status === 301 || status === 302 || status === 303);
}

function targetOf(location: string | undefined, from: URL): URL | null {
  if (location === undefined || location === '') return null;
  try {
    return new URL(location, from);
  } catch {
    return null;
  }
}

/** Lets tray, hotkeys and windows have their turn. */
function rest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function causeCode(cause: EndCause): 'timeout' | 'cancelled' {
  return cause === 'timeout' ? 'timeout' : 'cancelled';
}

/** Makes an exchange with one server. */
export function createExchange(options: ExchangeOptions): Exchange {
  const closing = new AbortController();
  // One listener for each request under way: many are no leak.
  setMaxListeners(0, closing.signal);
  const base = new URL(options.serverAddress + apiPath);
  let hasAnswered = false;

  const failWith = (
    context: CallContext,
    code: CodedError['code'],
    detail: ErrorDetail = {},
  ): CodedError => ({
    code,
    operation: operationOf(context.call),
    detail: { ...contextDetail(context), ...detail },
  });

  const failure = (call: OutgoingCall, error: unknown): CodedError => {
    const { context, guard, body } = call;
    // An upload of which the end was never handed over cannot have had its effect.
    const whole = body?.kind !== 'stream' || body.isHandedOver();
    const unknown = hasEffect(context.call) && whole ? { outcomeUnknown: true } : {};
    const cause = guard.cause();
    if (cause !== null) return failWith(context, causeCode(cause), unknown);
    const source = error instanceof UploadSourceError ? error : null;
    if (source) return failWith(context, 'upload-unreadable', { message: source.sourceCode });
    const isStranger = base.protocol === 'http:' && !hasAnswered && !hasEffect(context.call);
    const { code, networkCode, maybeSent } = describeNetworkFailure(error, isStranger);
    return failWith(context, code, {
      ...(networkCode === null ? {} : { message: networkCode }),
      ...(maybeSent ? unknown : {}),
    });
  };

  const request = (call: OutgoingCall, url: URL, stream: AsyncIterable<Uint8Array> | null): HttpRequest => {
    const { body } = call;
    return {
      method: call.method,
      url: url.href,
      headers: {
        Accept: call.accept,
        Authorization: options.authorization(),
        'Cache-Control': 'no-store',
        'User-Agent': 'RecLight',
        ...(call.exactBytes === true ? { 'Accept-Encoding': unpackedPreferred } : {}),
        ...(call.firstByte === undefined ? {} : { Range: `bytes=${call.firstByte}-` }),
        ...(call.ifRange === undefined ? {} : { 'If-Range': call.ifRange }),
        // Left out, axios would say that a request without a body sends a form.
        'Content-Type': body?.contentType ?? false,
        ...(body?.kind === 'stream' ? { 'Content-Length': String(body.sizeBytes) } : {}),
      },
      data: outgoingData(body, stream),
      signal: call.guard.signal,
      decompress: call.exactBytes !== true,
    };
  };

  /** The network stack may hide why a stream of ours broke; the stream remembers. */
  const sendOnce = async (call: OutgoingCall, url: URL): Promise<Attempt<HttpResponse>> => {
    let sourceFailure: unknown = null;
    const { body, guard } = call;
    const source = body?.kind === 'stream' ? body.open() : null;
    async function* watched(from: AsyncGenerator<Uint8Array, void, undefined>): AsyncGenerator<Uint8Array> {
      try {
        yield* from;
      } catch (error) {
        sourceFailure = error;
        throw error;
      }
    }
    const stream = source === null ? null : watched(source);
    const letGo = (): void => {
      void stream?.return(undefined).catch(() => undefined);
      // A stream that was never started does not pass its end on.
      void source?.return(undefined).catch(() => undefined);
    };
    guard.signal.addEventListener('abort', letGo, { once: true });
    try {
      const sending = options.send(request(call, url, stream)).then((response) => {
        // Aborting emits an error on the stream, perhaps before anybody reads it.
        if (response.data instanceof Readable) response.data.on('error', () => undefined);
        return response;
      });
      return { ok: true, value: await guard.race(sending) };
    } catch (error) {
      return { ok: false, error: failure(call, sourceFailure ?? error) };
    }
  };

  const open = async (call: OutgoingCall): Promise<Attempt<OpenAnswer>> => {
    const { context, guard } = call;
    guard.arm(call.limitMs);
    let url = new URL(call.path, base);
    for (let redirects = 0; ; redirects += 1) {
      const sent = await sendOnce(call, url);
      if (!sent.ok) return sent;
      hasAnswered = true;
      const { status, data: body } = sent.value;
      const headers = plainHeaders(sent.value.headers);
      if (!redirectStatuses.includes(status)) {
        options.onHeaders(headers);
        return { ok: true, value: { status, headers, body, redirected: redirects > 0 } };
      }
      const target = targetOf(headers['location'], url);
      const follow =
        target?.origin === base.origin && mayFollow(call.method, status) && redirects < maxRedirects;
      if (!follow) {
        // Path and host help support; the query of a log-in page may carry more than that.
        const message =
          target === null ? {} : { message: `${target.origin}${target.pathname}`.slice(0, 200) };
        // 303 is an answer to something that was done; the others ask to do it elsewhere.
        const unknown = status === 303 && hasEffect(context.call) ? { outcomeUnknown: true } : {};
        return { ok: false, error: failWith(context, 'redirected', { status, ...message, ...unknown }) };
      }
      try {
        await guard.race(drain(body));
      } catch (error) {
        return { ok: false, error: failure(call, error) };
      }
      url = target;
    }
  };

  /** Reads a short body to its end so that its socket can be used again; leaves a long one. */
  const drain = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    let total = 0;
    for await (const chunk of body) {
      total += chunk.byteLength;
      if (total > 65_536) return;
    }
  };

  const read = async (call: OutgoingCall, answer: OpenAnswer): Promise<Attempt<Answer>> => {
    const { context, guard } = call;
    const { status, headers, redirected } = answer;
    const isRefusal = status >= 400;
    const reader = isRefusal
      ? createShortReader(maxRefusalBytes, true)
      : (call.reader?.() ?? createShortReader(maxJsonBytes));
    const collect = async (): Promise<boolean> => {
      let untilRest = restBytes;
      let wanted = maxRefusalBytes;
      for await (const chunk of answer.body) {
        if (!reader.add(chunk)) return false;
        wanted -= chunk.byteLength;
        // A refusal is in its status; a page of any length may follow.
        if (isRefusal && wanted < 0) return true;
        untilRest -= chunk.byteLength;
        if (untilRest > 0) continue;
        untilRest = restBytes;
        await rest();
      }
      return true;
    };
    try {
      if (!(await guard.race(collect()))) {
        const unknown = hasEffect(context.call) ? { outcomeUnknown: true } : {};
        return { ok: false, error: failWith(context, 'malformed', { status, field: 'size', ...unknown }) };
      }
    } catch (error) {
      // A refusal is in its status; what was to be said about it may be lost.
      if (!isRefusal || guard.cause() !== null) return { ok: false, error: failure(call, error) };
    }
    const body = reader.finish(headers['content-type'] ?? '');
    return { ok: true, value: { status, headers, redirected, ...body } };
  };

  return {
    guard: (caller) => createRequestGuard(caller, closing.signal),
    open,
    read,
    failure,
    closed: (context) => failWith(context, 'signed-out'),
    dispose: () => {
      closing.abort();
    },
  };
}
