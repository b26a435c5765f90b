import type { Mp3Header } from '@shared/domain/mp3-header';
import { mp3HeaderBytes, readMp3Header } from '@shared/domain/mp3-header';

/** Where the sound of an MP3 is: every frame of it, and nothing else. */
export interface Mp3Table {
  /** What the first frame tells of the sound. */
  readonly kind: Mp3Header;
  /** Of each frame, bytes. */
  readonly sizes: readonly number[];
  /** Frames that last as long as each other, in samples of the first frame's rate. */
  readonly times: readonly { frames: number; readonly samples: number }[];
  /** Frames that lie one behind the other, without a gap; `first` is where they begin, bytes. */
  readonly runs: readonly { readonly first: number; frames: number }[];
}

/** Lists frames while their bytes are handed in. */
export interface Mp3TableMaker {
  /** @param piece of the MP3, in order, cut anywhere */
  push(piece: Uint8Array): void;
  /** Null where there is no frame. */
  read(): Mp3Table | null;
}

/**
 * Lists the frames of a mended MP3: nothing but zeros is between them.
 * @param first where the first frame begins, which is where the pieces do, bytes
 */
export function createMp3TableMaker(first: number): Mp3TableMaker {
  const sizes: number[] = [];
  const times: { frames: number; readonly samples: number }[] = [];
  const runs: { readonly first: number; frames: number }[] = [];
  let kind: Mp3Header | null = null;
  let held = new Uint8Array(0);
  /** Where that begins. */
  let base = first;
  /** Where the next frame is looked for. */
  let at = first;
  let end = -1;
  const add = (header: Mp3Header) => {
    kind ??= header;
    const samples = Math.round((header.samples * kind.sampleRate) / header.sampleRate);
    const [run, time] = [runs.at(-1), times.at(-1)];
    if (run !== undefined && at === end) run.frames += 1;
    else runs.push({ first: at, frames: 1 });
    if (time?.samples === samples) time.frames += 1;
    else times.push({ samples, frames: 1 });
    sizes.push(header.size);
    at += header.size;
    end = at;
  };
  const push = (piece: Uint8Array) => {
    const joined = new Uint8Array(held.length + piece.length);
    joined.set(held);
    joined.set(piece, held.length);
    while (at - base + mp3HeaderBytes <= joined.length) {
      const header = readMp3Header(joined, at - base);
      if (header === null) at += 1;
      else add(header);
    }
    const passed = Math.min(joined.length, at - base);
    held = joined.slice(passed);
    base += passed;
  };
  return { push, read: () => (kind === null ? null : { kind, sizes, times, runs }) };
}
