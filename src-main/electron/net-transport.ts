import { Readable } from 'node:stream';

import type { ClientRequest, IncomingMessage, Session } from 'electron';
import { net, session } from 'electron';

import type { HttpRequest, HttpResponse, HttpTransport } from '../infra/http-transport';

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

function toNetError(error: Error): NetError {
  return new NetError(/^net::(ERR_[A-Z0-9_]+)/.exec(error.message)?.[1] ?? 'ERR_FAILED');
}

function plainHeaders(headers: IncomingMessage['headers']): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
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

/** The body at its reader's pace; leaving it early ends the request. */
async function* readBody(request: ClientRequest, response: Readable): AsyncGenerator<Uint8Array> {
  let whole = false;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) yield chunk;
    whole = true;
  } catch (error) {
    throw toNetError(error instanceof Error ? error : new Error());
  } finally {
    if (!whole) request.abort();
  }
}

/**
 * Chromium's network stack: the proxy, PAC file and certificate store of the OS apply. Sends no cookies, keeps no
 * cache, answers no challenge, follows no redirect.
 * @param queries what is only read goes through this session, over connections that are kept
 * @param commands what has an effect goes through this one, each time over a new connection: Chromium silently sends
 *   a request again when a kept connection breaks before the answer, and a start must reach the server once. Both
 *   sessions need the same proxy and certificate settings.
 */
export function createNetTransport(
  queries: Session,
  commands: Session = session.fromPartition('commands', { cache: false }),
): HttpTransport {
  const underWay = new Set<ClientRequest>();
  let commandsUnderWay = 0;

  /** Calls `gone` when the answer has been read or given up. */
  const start = (request: HttpRequest, within: Session, gone: () => void): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      if (request.signal.aborted) throw new NetError('ERR_ABORTED');
      const client = net.request({
        method: request.method,
        url: request.url,
        session: within,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        priority: 'highest',
        referrerPolicy: 'no-referrer',
      });
      for (const [name, value] of Object.entries(request.headers)) {
        if (!ownHeaders.has(name.toLowerCase())) client.setHeader(name, value);
      }
      if (within === commands) client.setHeader('Connection', 'close');
      const abort = (): void => {
        reject(new NetError('ERR_ABORTED'));
        client.abort();
      };
      // Not at `close`: that comes as soon as the request's own body is written.
      const letGo = (): void => {
        underWay.delete(client);
        gone();
        request.signal.removeEventListener('abort', abort);
      };
      underWay.add(client);
      request.signal.addEventListener('abort', abort, { once: true });
      client.on('abort', () => {
        letGo();
        reject(new NetError('ERR_ABORTED'));
      });
      client.on('error', (error) => {
        letGo();
        reject(toNetError(error));
      });
      client.on('login', (authInfo, answer) => {
        if (authInfo.isProxy) reject(new NetError('ERR_PROXY_AUTH_REQUESTED'));
        answer();
      });
      client.on('redirect', (status, _method, location) => {
        resolve({ status, headers: { location }, body: nothing() });
        client.abort();
      });
      client.on('response', (response) => {
        if (!(response instanceof Readable)) {
          reject(new NetError('ERR_FAILED'));
          client.abort();
          return;
        }
        // Told by the reading; without a listener an early failure would end the process.
        response.on('error', () => undefined);
        response.once('close', letGo);
        resolve({
          status: response.statusCode,
          headers: plainHeaders(response.headers),
          body: readBody(client, response),
        });
      });
      if (request.body === null) {
        client.end();
      } else if (request.body instanceof Uint8Array) {
        client.end(Buffer.from(request.body));
      } else {
        client.chunkedEncoding = true;
        pump(client, request.body).catch((error: unknown) => {
          reject(error instanceof Error ? error : new NetError('ERR_FAILED'));
          client.abort();
        });
      }
    });

  return {
    send: async (request) => {
      if (request.method === 'GET') return start(request, queries, () => undefined);
      commandsUnderWay += 1;
      let counted = true;
      const gone = (): void => {
        if (counted) commandsUnderWay -= 1;
        counted = false;
      };
      try {
        // Over HTTP/2 a connection outlives its `Connection: close`.
        if (commandsUnderWay === 1) await commands.closeAllConnections();
        return await start(request, commands, gone);
      } catch (error) {
        gone();
        throw error;
      }
    },
    dropIdleConnections: () => queries.closeAllConnections(),
    dispose: () => {
      for (const client of underWay) client.abort();
    },
  };
}
