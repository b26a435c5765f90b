import type { Clip } from './clips';
import { pieceBytes } from './clips';
import type { MediaSpec } from './media-spec';

/** Bytes that can be produced from any position on, without ever being held whole. */
export interface ByteSource {
  readonly size: number;
  /** Pieces of at most 64 KB from byte `start` (included) to `end` (excluded). They are shared: never write to them. */
  pieces(start: number, end: number): Iterable<Buffer> | AsyncIterable<Buffer>;
}

const damageBytes = 200;

/**
 * Speech of a given length: the clip's frames, looped from a starting frame.
 * @param durationMs rounded to whole frames (24 ms; 72 ms at 8 kHz).
 * @param firstFrame where in the clip it begins, so that recordings do not all sound the same.
 */
export function createSpeech(
  clip: Clip,
  durationMs: number,
  firstFrame: number,
  spec: MediaSpec,
): ByteSource {
  const frameCount = clip.offsets.length - 1;
  const clipBytes = clip.offsets[frameCount] ?? 0;
  const begin = clip.offsets[firstFrame % frameCount] ?? 0;
  const frames = Math.round(durationMs / clip.frameMs);
  const soundBytes = lengthOf(clip, firstFrame % frameCount, frames);
  const header = clip.xing && frames > 0 ? describeLength(clip.xing, frames, soundBytes) : Buffer.alloc(0);
  const whole = spec.exactBytes ?? header.length + soundBytes;
  const size = Math.min(whole, spec.truncateAt ?? whole);

  function* pieces(start: number, end: number): Iterable<Buffer> {
    let position = start;
    const limit = Math.min(end, size);
    while (position < limit) {
      let piece: Buffer;
      if (position < header.length) {
        piece = header.subarray(position, Math.min(header.length, limit));
      } else {
        const offset = (begin + position - header.length) % clipBytes;
        piece = clip.loop.subarray(offset, offset + Math.min(pieceBytes, limit - position));
      }
      yield spec.damagedEvery === undefined ? piece : damage(piece, position, spec.damagedEvery);
      position += piece.length;
    }
  }
  return { size, pieces };
}

function lengthOf(clip: Clip, firstFrame: number, frames: number): number {
  const frameCount = clip.offsets.length - 1;
  const clipBytes = clip.offsets[frameCount] ?? 0;
  const last = firstFrame + (frames % frameCount);
  const begin = clip.offsets[firstFrame] ?? 0;
  const end =
    last <= frameCount ? (clip.offsets[last] ?? 0) : clipBytes + (clip.offsets[last - frameCount] ?? 0);
  return Math.floor(frames / frameCount) * clipBytes + end - begin;
}

/** Writes frame count, byte count and an even seek table into a copy of a Xing header. */
function describeLength(xing: Buffer, frames: number, bytes: number): Buffer {
  const header = Buffer.from(xing);
  const tag = header.indexOf('Xing');
  header.writeUInt32BE(frames, tag + 8);
  header.writeUInt32BE(bytes + header.length, tag + 12);
  for (let percent = 0; percent < 100; percent += 1)
    header[tag + 16 + percent] = Math.floor((percent * 256) / 100);
  return header;
}

function damage(piece: Buffer, position: number, every: number): Buffer {
  const copy = Buffer.from(piece);
  for (let index = 0; index < copy.length; index += 1) {
    // The position in the file decides, so that every way of cutting it into pieces gives the same bytes.
    const inBlock = (position + index) % every;
    if (inBlock < damageBytes) copy[index] = (inBlock * 37 + 11) & 0x7f;
  }
  return copy;
}
