import type { Pace } from './mp3-pace';
import { createMp3Repair } from './mp3-repair';

/* Keeps the bytes of one recording as they arrive, and repairs what is heard of them. */

/** The most that is handed out at once, bytes. */
const maxAtOnce = 65_536;

/** The bytes of one recording as they arrive, and which of them can be heard already. */
export interface AudioBuffer {
  readonly receivedBytes: number;
  /** How much of it can be heard already, bytes: a frame is judged only once the next one has begun. */
  audibleBytes(): number;
  /** The time of what can be heard; null where that is no MP3. */
  pace(): Pace | null;
  append(chunk: Uint8Array): void;
  /**
   * Adds what a server sends that begins again from the beginning: what is there already stays as long as the same comes.
   * @param position where the chunk begins
   */
  overtake(chunk: Uint8Array, position: number): void;
  /** Keeps the first so many bytes only. */
  shorten(length: number): void;
  /** There is no more to come. */
  end(): void;
  /** More comes after all. */
  resume(): void;
  /** Drops the bytes for good; what was counted of them stays known. */
  discard(): void;
  /** Drops everything. */
  reset(): void;
  /** Bytes from a position on, as they arrived in one chunk, up to `bound` (excluded); null where there is none. */
  pieceAt(position: number, bound: number): Uint8Array | null;
  /** What can be heard from a byte on, repaired, in one piece: at most 64 KB. */
  gather(first: number): Uint8Array;
  /** See {@link Mp3Repair.conceal}. */
  conceal(piece: Uint8Array, position: number): Uint8Array;
}

/** Makes an empty buffer. */
export function createAudioBuffer(): AudioBuffer {
  const chunks: Uint8Array[] = [];
  /** Where each chunk begins. */
  const offsets: number[] = [];
  let repair = createMp3Repair();
  let receivedBytes = 0;

  /** The chunk that holds a byte: the last one that begins at or before it. */
  const chunkAt = (position: number): number => {
    let low = 0;
    let high = offsets.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((offsets[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  const audibleBytes = (): number => Math.min(repair.judgedBytes(), receivedBytes);

  const append = (chunk: Uint8Array): void => {
    offsets.push(receivedBytes);
    chunks.push(chunk);
    receivedBytes += chunk.length;
    repair.push(chunk);
  };

  const dropBytes = (): void => {
    chunks.length = 0;
    offsets.length = 0;
    receivedBytes = 0;
  };

  const reset = (): void => {
    dropBytes();
    repair = createMp3Repair();
  };

  const shorten = (length: number): void => {
    const former = [...chunks];
    reset();
    for (const chunk of former) {
      const kept = chunk.subarray(0, length - receivedBytes);
      if (kept.length > 0) append(kept);
    }
  };

  return {
    get receivedBytes() {
      return receivedBytes;
    },
    audibleBytes,
    pace: () => repair.pace(),
    append,
    overtake: (chunk, position) => {
      const overlap = Math.min(chunk.length, Math.max(0, receivedBytes - position));
      let same = 0;
      for (let index = chunkAt(position); same < overlap; index += 1) {
        const known = chunks[index]?.subarray(position + same - (offsets[index] ?? 0));
        const length = Math.min(known?.length ?? 0, overlap - same);
        let at = 0;
        while (at < length && known?.[at] === chunk[same + at]) at += 1;
        same += at;
        if (at < length || length === 0) break;
      }
      if (same < overlap) shorten(position + same);
      if (same < chunk.length) append(chunk.subarray(same));
    },
    shorten,
    end: () => {
      repair.end();
    },
    resume: () => {
      repair.resume();
    },
    discard: () => {
      dropBytes();
      repair.end();
    },
    reset,
    pieceAt: (position, bound) => {
      const index = chunkAt(position);
      const chunk = chunks[index];
      const begins = offsets[index];
      if (chunk === undefined || begins === undefined) return null;
      return chunk.subarray(position - begins, bound - begins);
    },
    gather: (first) => {
      const piece = new Uint8Array(Math.max(0, Math.min(maxAtOnce, audibleBytes() - first)));
      let filled = 0;
      for (let index = chunkAt(first); filled < piece.length; index += 1) {
        const chunk = chunks[index];
        if (chunk === undefined) break;
        const from = first + filled - (offsets[index] ?? 0);
        const part = chunk.subarray(from, from + piece.length - filled);
        piece.set(part, filled);
        filled += part.length;
      }
      return repair.conceal(piece, first);
    },
    conceal: (piece, position) => repair.conceal(piece, position),
  };
}
