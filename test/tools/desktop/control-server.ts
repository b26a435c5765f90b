import net from 'node:net';
import { createInterface } from 'node:readline';
import { decodeLine, desktopMethods, encodeLine, type DesktopMethods } from './protocol';

/** The end of the control socket that answers. */
export interface ControlServer {
  /** Tells every client that something is different now. */
  changed(): void;
  dispose(): void;
}

/**
 * Offers a desktop's methods on a Unix socket, a line of JSON each way.
 *
 * @param path of the socket
 * @param methods what answers
 * @returns once clients can connect
 */
export async function serveControl(path: string, methods: DesktopMethods): Promise<ControlServer> {
  const clients = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket)).on('error', () => socket.destroy());
    const lines = createInterface(socket);
    // A client that is killed resets the socket, and the reader of its lines repeats the error.
    lines.on('error', () => socket.destroy());
    lines.on('line', (text) => {
      const line = decodeLine(text);
      if (line.type !== 'call') return;
      const { serial } = line;
      call(methods, line.method, line.args).then(
        (value) => socket.write(encodeLine({ type: 'result', serial, value: value ?? null })),
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          socket.write(encodeLine({ type: 'error', serial, message }));
        },
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  return {
    changed() {
      for (const socket of clients) socket.write(encodeLine({ type: 'changed' }));
    },
    dispose() {
      server.close();
      for (const socket of clients) socket.destroy();
    },
  };
}

async function call(methods: DesktopMethods, name: string, args: unknown[]): Promise<unknown> {
  const method = desktopMethods.find((known) => known === name);
  if (method === undefined) throw new Error(`The desktop has no method ${name}`);
  return Reflect.apply(methods[method], methods, args) as unknown;
}
