import { Readable } from 'node:stream';

import type { ClientRequest } from 'electron';
import { net } from 'electron';

import type { AdapterRequest, HttpNetwork, HttpResponse } from '../infra/api/http-network';
import { plainHeaders } from '../infra/api/http-network';
import { createClientCertificates, selfSigned } from './certificates';
import type { NetworkSessions, SessionPair } from './network-sessions';

/** Framed by Chromium itself, which refuses to be told how. */
const ownHeaders = new Set(['content-length', 'host', 'connection']);

/** A failure with the network's code, without the address and headers that Electron's own error may tell of. */
class NetError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'NetError';
    this.code = code;
  }
}

/** Chromium's code for a failure that it cannot name, as it is when the network service has died. */
const unnamed = 'ERR_FAILED';

/** Also for a self-signed certificate. */
const issuerUnknown = 'ERR_CERT_AUTHORITY_INVALID';

/** Not one of Chromium's: its network service died, which says nothing of the user's network. */
const restarted = 'ERR_NETWORK_RESTARTED';

function toNetError(error: unknown): NetError {
  const message = error instanceof Error ? error.message : '';
  return new NetError(/^net::(ERR_[A-Z0-9_]+)/.exec(message)?.[1] ?? unnamed);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Writes a streamed body piece by piece, each when the one before is taken; leaves it when the request ends. */
async function pump(request: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  let ended = false;
  let wake: () => void = () => undefined;
  request.on('close', () => {
    ended = true;
    wake();
  });
  for await (const chunk of body) {
    if (ended) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
      request.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), undefined, resolve);
    });
  }
  if (!ended) request.end();
}

/**
 * The body at its reader's pace; leaving it early ends the request.
 * @param explain makes the error of a body that breaks off
 */
async function* readBody(
  request: ClientRequest,
  response: Readable,
  explain: (error: unknown) => Promise<NetError>,
): AsyncGenerator<Uint8Array> {
  let whole = false;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) yield chunk;
    whole = true;
  } catch (error) {
    throw await explain(error);
  } finally {
    if (!whole) request.abort();
  }
}

/** A request as axios hands it over, checked. */
interface NetRequest {
  readonly isCommand: boolean;
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  readonly signal: AbortSignal;
}

interface NetResponse extends HttpResponse {
  readonly headers: Record<string, string>;
}

function isStream(data: unknown): data is AsyncIterable<Uint8Array> {
  return data instanceof Readable;
}

function netRequest({ method = 'GET', url = '', headers, data, signal }: AdapterRequest): NetRequest {
  const body = data instanceof Uint8Array || isStream(data) ? data : null;
  const sent = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string' && !ownHeaders.has(name.toLowerCase())) sent.set(name, value);
  }
  return {
    isCommand: method.toUpperCase() !== 'GET',
    method: method.toUpperCase(),
    url,
    headers: sent,
    body,
    signal: signal instanceof AbortSignal ? signal : new AbortController().signal,
  };
}

interface Exchange {
  readonly client: ClientRequest;
  /** Ends it because its sessions were replaced. */
  readonly giveUp: () => void;
}

/**
 * Chromium's network stack, by an adapter of axios: the proxy, PAC file and certificate store of the OS apply. Sends no cookies, keeps no
 * cache, answers no challenge, follows no redirect. When the network service dies, every request in flight fails with
 * `ERR_NETWORK_RESTARTED`, and later ones go through new sessions.
 * @param sessions Chromium silently sends a request again when a reused connection breaks before the response, and a
 *   start must reach the server once: each command goes through `commands`, over a new connection
 */
export function createNetAdapter(sessions: NetworkSessions): HttpNetwork {
  const inFlight = new Set<Exchange>();
  const certificates = createClientCertificates();
  let commandsInFlight = 0;

  const replacing = sessions.onReplaced(() => {
    for (const exchange of inFlight) exchange.giveUp();
  });

  /** Calls `gone` when the response has been read or given up. */
  const start = (request: NetRequest, pair: SessionPair, gone: () => void): Promise<NetResponse> =>
    new Promise((resolve, reject) => {
      if (request.signal.aborted) throw new NetError('ERR_ABORTED');
      const client = net.request({
        method: request.method,
        url: request.url,
        session: request.isCommand ? pair.commands : pair.queries,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        priority: 'highest',
        referrerPolicy: 'no-referrer',
      });
      for (const [name, value] of request.headers) client.setHeader(name, value);
      if (request.isCommand) client.setHeader('Connection', 'close');
      let response: Readable | null = null;
      let givenUp = false;
      const explain = async (error: unknown): Promise<NetError> => {
        const failure = toNetError(error);
        if (givenUp) return new NetError(restarted);
        if (failure.code === issuerUnknown && pair.selfSigned.has(new URL(request.url).hostname)) {
          return new NetError(selfSigned);
        }
        if (failure.code !== unnamed || request.signal.aborted) return failure;
        return (await sessions.failed(pair)) ? new NetError(restarted) : failure;
      };
      const abort = (): void => {
        reject(new NetError('ERR_ABORTED'));
        client.abort();
      };
      const exchange: Exchange = {
        client,
        giveUp: () => {
          if (givenUp || pair === sessions.current()) return;
          givenUp = true;
          reject(new NetError(restarted));
          response?.destroy(new NetError(restarted));
          client.abort();
        },
      };
      // Not at `close`: that comes as soon as the request's own body is written.
      const letGo = (): void => {
        inFlight.delete(exchange);
        gone();
        request.signal.removeEventListener('abort', abort);
      };
      inFlight.add(exchange);
      request.signal.addEventListener('abort', abort, { once: true });
      client.on('abort', () => {
        letGo();
        reject(new NetError('ERR_ABORTED'));
      });
      client.on('error', (error) => {
        letGo();
        void explain(error).then(reject);
      });
      client.on('login', (authInfo, answer) => {
        if (authInfo.isProxy) reject(new NetError('ERR_PROXY_AUTH_REQUESTED'));
        answer();
      });
      client.on('redirect', (status, _method, location) => {
        sessions.answered(pair);
        resolve({ status, headers: { location }, data: nothing() });
        client.abort();
      });
      client.on('response', (answer) => {
        sessions.answered(pair);
        if (!(answer instanceof Readable)) {
          reject(new NetError(unnamed));
          client.abort();
          return;
        }
        response = answer;
        // Told by the reading; without a listener an early failure would end the process.
        answer.on('error', () => undefined);
        answer.once('close', letGo);
        resolve({
          status: answer.statusCode,
          headers: plainHeaders(answer.headers),
          data: readBody(client, answer, explain),
        });
      });
      if (request.body === null) {
        client.end();
      } else if (request.body instanceof Uint8Array) {
        client.end(Buffer.from(request.body));
      } else {
        client.chunkedEncoding = true;
        pump(client, request.body).catch((error: unknown) => {
          reject(error instanceof Error ? error : new NetError(unnamed));
          client.abort();
        });
      }
    });

  /** A network service that dies meanwhile never confirms it. */
  const closeConnections = ({ commands }: SessionPair, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        listening.dispose();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const listening = sessions.onReplaced(done);
      signal.addEventListener('abort', done, { once: true });
      commands.closeAllConnections().then(done, done);
    });

  const sendOnce = async (request: NetRequest): Promise<NetResponse> => {
    if (!request.isCommand) return start(request, sessions.current(), () => undefined);
    commandsInFlight += 1;
    let counted = true;
    const gone = (): void => {
      if (counted) commandsInFlight -= 1;
      counted = false;
    };
    try {
      // Over HTTP/2 a connection outlives its `Connection: close`.
      if (commandsInFlight === 1) await closeConnections(sessions.current(), request.signal);
      return await start(request, sessions.current(), gone);
    } catch (error) {
      gone();
      throw error;
    }
  };

  const send = async (request: NetRequest): Promise<NetResponse> => {
    const pair = sessions.current();
    try {
      return await sendOnce(request);
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      const next = await certificates.afterFailure(pair, request.url, error.code, request.signal);
      if (!next.again) throw new NetError(next.code);
      const { body } = request;
      if (body !== null && !(body instanceof Uint8Array)) throw error;
      // The server has got nothing yet: the handshake failed.
      return sendOnce(request);
    }
  };

  return {
    settings: {
      adapter: async (config) => ({ ...(await send(netRequest(config))), statusText: '', config }),
    },
    dropIdleConnections: () => sessions.current().queries.closeAllConnections(),
    dispose: () => {
      replacing.dispose();
      for (const { client } of inFlight) client.abort();
    },
  };
}
