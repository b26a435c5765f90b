import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { readBasic } from '../accounts';

/** How a proxy behaves; may be changed while it runs. */
export interface ProxyState {
  /** The name and password it asks for with 407; null for nothing. */
  credentials: { readonly username: string; readonly password: string } | null;
  /** Hosts it refuses with 403, port included where given. */
  blocked: readonly string[];
}

/** A proxy that runs. */
export interface Proxy {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  readonly state: ProxyState;
  /** The request line of everything it was asked for, oldest first. Nothing of headers or bodies is kept. */
  readonly requestLines: readonly string[];
  close(): Promise<void>;
}

/** Starts a small HTTP proxy: absolute addresses, CONNECT, and Basic authentication of its own. */
export async function startProxy(initial: Partial<ProxyState> = {}): Promise<Proxy> {
  const state: ProxyState = { credentials: null, blocked: [], ...initial };
  const requestLines: string[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The other end may go at any time; that closes this one, and nobody needs to hear more.
    socket.on('error', () => socket.destroy());
  };

  const refusal = (incoming: IncomingMessage, host: string): 403 | 407 | null => {
    requestLines.push(`${incoming.method ?? ''} ${incoming.url ?? ''} HTTP/${incoming.httpVersion}`);
    const { credentials, blocked } = state;
    const given = readBasic(incoming.headers['proxy-authorization']);
    if (
      credentials !== null &&
      (given?.username !== credentials.username || given.password !== credentials.password)
    ) {
      return 407;
    }
    return blocked.includes(host) || blocked.includes(host.replace(/:\d+$/, '')) ? 403 : null;
  };
  const challenge = { 'proxy-authenticate': 'Basic realm="proxy"', 'content-length': 0 };

  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const target = URL.parse(incoming.url ?? '');
    const refused = refusal(incoming, target?.host ?? '');
    if (refused !== null || target === null) {
      outgoing.writeHead(refused ?? 400, refused === 407 ? challenge : { 'content-length': 0 }).end();
      return;
    }
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).filter(([name]) => !name.startsWith('proxy-')),
    );
    const sent = request(target, { method: incoming.method ?? 'GET', headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    sent.once('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502, { via: '1.1 proxy', 'content-length': 0 }).end();
    });
    incoming.pipe(sent);
  };

  const tunnel = (incoming: IncomingMessage, client: Socket, head: Buffer): void => {
    const refused = refusal(incoming, incoming.url ?? '');
    if (refused !== null) {
      const lines = refused === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
      client.end(`HTTP/1.1 ${refused} Refused\r\n${lines}Content-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const [host = '', port = '443'] = (incoming.url ?? '').split(/:(?=\d+$)/);
    const server = connect(Number(port), host.replace(/^\[|\]$/g, ''), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      server.write(head);
      server.pipe(client).pipe(server);
    });
    keep(server);
    server.once('close', () => client.destroy());
    client.once('close', () => server.destroy());
  };

  const listener: Server = createServer(forward).on('connection', keep).on('connect', tunnel);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    state,
    requestLines,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
