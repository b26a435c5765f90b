import { Readable } from 'node:stream';
import type { Timers } from '../timers';
import type { ByteSource } from './speech';

/** A byte range as asked for: `start` included, `end` excluded; 'unsatisfiable' answers 416, null ignores it. */
export type ByteRange = { readonly start: number; readonly end: number } | 'unsatisfiable' | null;

/** Reads a `Range` header with one range; anything else is ignored, as the standard allows. */
export function parseRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  if (match[1] === '') {
    const length = Math.min(size, Number(match[2]));
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(match[1]);
  const last = match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  if (start >= size) return 'unsatisfiable';
  return last < start ? null : { start, end: last + 1 };
}

/**
 * Streams part of a source, at most `bytesPerSecond` where that is given.
 * @param start first byte, included.
 * @param end last byte, excluded.
 */
export function streamBytes(
  source: ByteSource,
  start: number,
  end: number,
  bytesPerSecond: number | undefined,
  timers: Timers,
): Readable {
  const pieces = source.pieces(start, end);
  return Readable.from(bytesPerSecond === undefined ? pieces : paced(pieces, bytesPerSecond, timers), {
    objectMode: false,
    highWaterMark: 131_072,
  });
}

/** How far a reader that was slow may be made up for, ms: no line sends faster than it can because it had to wait. */
const maxCatchingUpMs = 50;

async function* paced(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  bytesPerSecond: number,
  timers: Timers,
): AsyncGenerator<Buffer> {
  const step = Math.max(1, Math.ceil(bytesPerSecond / 20));
  // A timer is late by up to some milliseconds each time: what counts is when the next part is due.
  let dueAt = performance.now();
  for await (const piece of pieces) {
    for (let offset = 0; offset < piece.length; offset += step) {
      const part = piece.subarray(offset, offset + step);
      yield part;
      const now = performance.now();
      dueAt = Math.max(dueAt, now - maxCatchingUpMs) + (part.length * 1000) / bytesPerSecond;
      if (dueAt > now && !(await timers.delay(dueAt - now))) return;
    }
  }
}
