import type { SaveVerification } from '@shared/domain/saves';
import type { PartFile } from '../ports/saving';

/** What came of a file that has arrived whole. */
export interface WholeFile {
  /** Null for lists. */
  readonly verification: SaveVerification | null;
  /** How much is in it, in the unit of its save. */
  readonly amount: number;
  /** What it is to be called. */
  readonly fileName: string;
}

/** What the server told of a file when it began to send it. */
export interface FileIdentity {
  /** Of the whole; null where it was not told. */
  readonly sizeBytes: number | null;
  /** See `Download.validator`. */
  readonly validator: string | null;
}

/** Audio that is arriving, and which file of the server it is of. */
export interface Arrival {
  readonly part: PartFile;
  /** Of which file the part is; null before anything was told. */
  file(): FileIdentity | null;
  /** The part begins with this file. */
  beginWith(file: FileIdentity): void;
  /** What came of it; null as long as it is not whole. Whole, it lacks nothing but its name. */
  whole(): WholeFile | null;
  complete(whole: WholeFile): void;
}

/** Nothing has arrived yet. @param part empty */
export function createArrival(part: PartFile): Arrival {
  let file: FileIdentity | null = null;
  let whole: WholeFile | null = null;
  return {
    part,
    file: () => file,
    beginWith: (next) => {
      file = next;
    },
    whole: () => whole,
    complete: (of) => {
      whole = of;
    },
  };
}

/** Whether two answers may be of one file: what both tell must be the same. */
export function mayBeSameFile(one: FileIdentity, other: FileIdentity): boolean {
  const agree = <Value>(a: Value | null, b: Value | null): boolean => a === null || b === null || a === b;
  return agree(one.sizeBytes, other.sizeBytes) && agree(one.validator, other.validator);
}
