import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { resetSocket } from './wire-faults';

/** A certificate and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
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
    private readonly tls: TlsFiles | null,
  ) {
    this.server = tls
      ? createHttpsServer({ cert: tls.cert, key: tls.key }, handler)
      : createHttpServer(handler);
    // Large uploads take their time, and clients keep connections for longer than Node's 5 s.
    this.server.requestTimeout = 0;
    this.server.keepAliveTimeout = 60_000;
    // Before the TLS handshake too: going down must reset what has not spoken yet.
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
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
    if ('setSecureContext' in this.server) this.server.setSecureContext({ cert: tls.cert, key: tls.key });
  }
}
