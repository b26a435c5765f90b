import { readFileSync } from 'node:fs';
import { listMp3Frames } from './mp3-frames';
import type { Voice } from './media-spec';

/**
 * A few seconds of speech whose frames stand alone (made without bit reservoir), so that they can be cut and
 * looped anywhere.
 */
export interface Clip {
  /** The frames, repeated until any cyclic piece of 64 KB can be cut out without copying. */
  readonly loop: Buffer;
  /** Byte offset of each frame, and one more for the end of the last. */
  readonly offsets: readonly number[];
  readonly frameMs: number;
  /** The first frame of a variable-bit-rate file: it carries no sound but the length; null elsewhere. */
  readonly xing: Buffer | null;
}

/** The largest piece a clip's loop can give at once, in bytes. */
export const pieceBytes = 65_536;

const files: Readonly<Record<Voice, readonly [string, ...string[]]>> = {
  speech: ['speech-a.mp3', 'speech-b.mp3', 'speech-c.mp3'],
  stereo: ['stereo.mp3'],
  vbr: ['vbr.mp3'],
  'vbr-bare': ['vbr.mp3'],
  narrow: ['narrow.mp3'],
  'narrow-stereo': ['narrow-stereo.mp3'],
};

/**
 * The clips that come with the simulator, each read once. They were made with espeak-ng and
 * `lame -t --nores --cbr -b 40 -m m` (and the like), and are committed so that no tool is needed to run.
 */
export class Clips {
  private readonly known = new Map<string, Clip>();

  /** The clip for a voice; `variant` chooses among several speakers. */
  get(voice: Voice, variant: number): Clip {
    const names = files[voice];
    const name = names[variant % names.length] ?? names[0];
    const key = `${voice}/${name}`;
    const known = this.known.get(key);
    if (known) return known;
    const clip = readClip(readFileSync(new URL(name, import.meta.url)), voice);
    this.known.set(key, clip);
    return clip;
  }
}

function readClip(bytes: Buffer, voice: Voice): Clip {
  const frames = listMp3Frames(bytes);
  const [first] = frames;
  if (!first) throw new Error('A clip of the simulator holds no MP3 frame.');
  const hasXing = bytes.subarray(0, first.size).includes('Xing');
  const sound = hasXing ? frames.slice(1) : frames;
  const start = hasXing ? first.size : 0;
  const body = bytes.subarray(start);
  const copies = Math.ceil(pieceBytes / body.length) + 1;
  return {
    loop: Buffer.concat(Array.from({ length: copies }, () => body)),
    offsets: [...sound.map((frame) => frame.offset - start), body.length],
    frameMs: first.durationMs,
    xing: hasXing && voice === 'vbr' ? bytes.subarray(0, first.size) : null,
  };
}
