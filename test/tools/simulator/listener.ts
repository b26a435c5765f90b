import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createHttpsServer,
  type Server as HttpsServer,
  type ServerOptions,
} from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type SecureVersion, TLSSocket } from 'node:tls';
import type { WebState } from './behaviour/web-state';
import { resetSocket } from './wire-faults';

/** A certificate and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** How a TLS site is set up. */
export interface TlsOptions extends TlsFiles {
  /** Oldest and newest version spoken; those of Node where left out. */
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  /** In the words of OpenSSL; those of Node where left out. */
  readonly ciphers?: string;
  /** Whether a certificate of the client is asked for, or required; neither where left out. */
  readonly clientCertificate?: 'ask' | 'require';
  /** Authorities that clients' certificates are checked against, in PEM. */
  readonly ca?: string | Buffer;
}

/** A listening socket that can be taken away and brought back on the same port. */
export class Listener {
  readonly server: HttpServer | HttpsServer;
  private readonly sockets = new Set<Socket>();
  private port = 0;
  private listening = false;

  constructor(
    handler: RequestListener,
    private readonly host: string,
    private readonly tls: TlsOptions | null,
    web: WebState,
  ) {
    this.server = tls ? createHttpsServer(secureOptions(tls), handler) : createHttpServer(handler);
    this.server.on('checkContinue', (request, response) => {
      void this.answerExpectation(request, response, web);
    });
    // Large uploads take their time, and clients keep connections for longer than Node's 5 s.
    this.server.requestTimeout = 0;
    // Node reads it anew after each answer.
    Object.defineProperty(this.server, 'keepAliveTimeout', { get: () => web.keepAliveMs });
    // Before the TLS handshake too: going down must reset what has not spoken yet.
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** Whether a connection is one too many; the oldest ones are served. */
  isBeyond(socket: Socket | null, limit: number | null): boolean {
    if (limit === null) return false;
    return [...this.sockets].findIndex((open) => open === socket || open === rawOf(socket)) >= limit;
  }

  get scheme(): 'http' | 'https' {
    return this.tls ? 'https' : 'http';
  }

  /** Connections open now. */
  get connections(): number {
    return this.sockets.size;
  }

  /**
   * Starts to listen; port 0 takes a free one, which is kept from then on.
   * @throws the system's error, e.g. EADDRINUSE.
   */
  listen(port = this.port): Promise<number> {
    if (this.listening) return Promise.resolve(this.port);
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, this.host, () => {
        this.server.off('error', reject);
        this.port = (this.server.address() as AddressInfo).port;
        this.listening = true;
        resolve(this.port);
      });
    });
  }

  /** Stops listening and breaks all connections: reset, or closed in order. */
  stop(how: 'reset' | 'close'): Promise<void> {
    if (!this.listening) return Promise.resolve();
    this.listening = false;
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.dropConnections(how);
    });
  }

  /** Breaks all connections, but goes on listening. */
  dropConnections(how: 'reset' | 'close'): void {
    for (const socket of this.sockets) {
      if (how === 'reset') resetSocket(socket);
      else socket.destroy();
    }
  }

  /** Presents another certificate to connections from now on. */
  setCertificate(tls: TlsFiles): void {
    if ('setSecureContext' in this.server) {
      this.server.setSecureContext(secureOptions({ ...this.tls, cert: tls.cert, key: tls.key }));
    }
  }

  private async answerExpectation(
    request: IncomingMessage,
    response: ServerResponse,
    web: WebState,
  ): Promise<void> {
    if (web.expectContinue === 'refuse') {
      response.writeHead(417, { 'content-length': 0, connection: 'close' }).end();
      return;
    }
    if (web.expectContinue === 'answer') {
      if (web.expectDelayMs > 0) await setTimeout(web.expectDelayMs, undefined, { ref: false });
      response.writeContinue();
    }
    this.server.emit('request', request, response);
  }
}

function secureOptions({ clientCertificate, ...options }: TlsOptions): ServerOptions {
  return {
    ...options,
    requestCert: clientCertificate !== undefined,
    rejectUnauthorized: clientCertificate === 'require',
  };
}

/** The TCP socket below a TLS one, which Node does not tell. */
function rawOf(socket: Socket | null): Socket | null {
  if (!(socket instanceof TLSSocket)) return socket;
  return (socket as TLSSocket & { readonly _parent?: Socket })._parent ?? socket;
}
