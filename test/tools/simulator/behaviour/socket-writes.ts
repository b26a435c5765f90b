import type { Socket } from 'node:net';

/** What is done to the bytes of one answer. */
interface WriteShape {
  /** No faster than this. */
  readonly bytesPerSecond?: number;
  /** Whether the headers come at that speed too. */
  readonly headersToo?: boolean;
  /** The version in the status line. */
  readonly version?: '1.0';
}

type Written = (error?: Error | null) => void;

interface Piece {
  readonly bytes: Buffer;
  readonly done: Written | undefined;
}

const stepMs = 50;
const shaped = new WeakSet<Socket>();

/**
 * Shapes what a socket sends from now on, below HTTP: Node itself neither drips headers nor speaks HTTP/1.0. Ends with
 * the connection.
 */
export function shapeWrites(socket: Socket, shape: WriteShape): void {
  if (shaped.has(socket)) return;
  shaped.add(socket);
  const write = socket.write.bind(socket) as (bytes: Buffer, done?: Written) => boolean;
  const pieces: Piece[] = [];
  let isPumping = false;
  let isHead = true;

  const pump = (): void => {
    const piece = pieces.shift();
    if (piece === undefined || socket.destroyed) {
      isPumping = false;
      for (const { done } of pieces.splice(0)) done?.(new Error('The connection is closed.'));
      return;
    }
    isPumping = true;
    const step =
      shape.bytesPerSecond === undefined
        ? Infinity
        : Math.max(1, Math.round((shape.bytesPerSecond * stepMs) / 1000));
    const rest = piece.bytes.subarray(step);
    write(piece.bytes.subarray(0, step), (error) => {
      if (rest.length === 0) piece.done?.(error ?? null);
      else pieces.unshift({ bytes: rest, done: piece.done });
      if (step === Infinity) pump();
      else setTimeout(pump, stepMs).unref();
    });
  };

  const shapedWrite = (chunk: string | Uint8Array, encoding?: BufferEncoding | Written, done?: Written) => {
    const name = typeof encoding === 'string' ? encoding : 'utf8';
    let bytes = typeof chunk === 'string' ? Buffer.from(chunk, name) : Buffer.from(chunk);
    const written = typeof encoding === 'function' ? encoding : done;
    if (isHead && shape.version === '1.0') {
      bytes = Buffer.from(bytes.toString('latin1').replace(/^HTTP\/1\.1/, 'HTTP/1.0'), 'latin1');
    }
    const end = isHead ? bytes.indexOf('\r\n\r\n') : -1;
    if (isHead && end >= 0 && shape.headersToo !== true) {
      isHead = false;
      write(bytes.subarray(0, end + 4));
      bytes = bytes.subarray(end + 4);
    }
    if (end >= 0) isHead = false;
    pieces.push({ bytes, done: written });
    if (!isPumping) pump();
    return true;
  };
  socket.write = shapedWrite as typeof socket.write;
}
