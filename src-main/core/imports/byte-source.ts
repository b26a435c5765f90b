import { largestReadBytes } from './limits';

/** A file to look at. */
export interface ByteSource {
  /** Of the whole file, bytes. */
  readonly size: number;
  /**
   * Reads a piece; never asked for more than `largestReadBytes` nor for bytes behind `size`.
   * @param offset of the first byte
   * @param length bytes; at least 1
   * @returns exactly so many bytes; fewer mean that the file became shorter
   * @throws where the file cannot be read
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Ends the look at a file that cannot be read, or that became shorter meanwhile. */
export class ReadFailure extends Error {
  constructor(readonly reason: 'unreadable' | 'changed') {
    super(reason);
  }
}

/** Reads a file in bounded pieces. */
export interface BoundedReader {
  /** Bytes. */
  readonly size: number;
  /**
   * Reads what there is of a range.
   * @param length bytes, at most `largestReadBytes`
   * @returns fewer bytes at the end of the file, none behind it
   * @throws ReadFailure
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Keeps every read within the file and within the limit. */
export function createBoundedReader(source: ByteSource): BoundedReader {
  const { size } = source;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const within = Math.min(length, largestReadBytes, size - offset);
    if (within <= 0) return new Uint8Array(0);
    let bytes: Uint8Array;
    try {
      bytes = await source.read(offset, within);
    } catch {
      throw new ReadFailure('unreadable');
    }
    if (bytes.length !== within) throw new ReadFailure('changed');
    return bytes;
  };
  return { size, read };
}

/** Reads four bytes as Latin text, as chunks and containers are named. */
export function fourLetters(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

/** A view of the bytes, for numbers in them. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
