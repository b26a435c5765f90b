import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it arrived, whole. */
interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Whether its connection had carried another request before. */
  readonly reused: boolean;
}

/** A server that answers as a test says, for what the simulator does not do. */
export interface RawServer {
  readonly url: string;
  readonly host: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves as soon as no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Answers one request, whose body has been read. */
export type RawHandler = (
  request: SeenRequest,
  response: ServerResponse,
  socket: Socket,
  index: number,
) => void;

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

/** Starts a server on a free port of the loopback. */
export async function startRawServer(
  handler: RawHandler,
  tls?: { readonly cert: string; readonly key: string },
): Promise<RawServer> {
  const seen: SeenRequest[] = [];
  const known = new Set<Socket>();
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  const listener: RequestListener = (request, response) => {
    const reused = known.has(request.socket);
    known.add(request.socket);
    void readAll(request).then(
      (body) => {
        const entry = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body,
          reused,
        };
        seen.push(entry);
        handler(entry, response, request.socket, seen.length);
      },
      () => undefined,
    );
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const resolve of waiting.splice(0)) resolve();
    });
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  // Asked as a proxy for a way through, it has none.
  server.on('connect', (_request, socket: Socket) => {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    seen,
    idle: () =>
      new Promise((resolve) => {
        if (sockets.size === 0) resolve();
        else waiting.push(resolve);
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sends JSON. */
export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** Sends a page. */
export function html(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers });
  response.end('<!DOCTYPE html><html><body><form action="/login">Sign in</form></body></html>');
}
