import type { Mp3Header } from '../../../../src-main/shared/mp3';
import { areOfOneKind, id3TagBytes, mp3HeaderBytes, readMp3Header } from '../../../../src-main/shared/mp3';

/** One whole frame. */
export interface Mp3Frame extends Mp3Header {
  /** A view of what the splitter holds: good until the next push. */
  readonly bytes: Uint8Array;
}

/** Cuts a stream of bytes into frames; holds less than three frames. */
export interface Mp3Splitter {
  /** @returns the frames that have become whole */
  push(bytes: Uint8Array): readonly Mp3Frame[];
  /** The stream has ended. @returns the last frame, where it is whole */
  end(): readonly Mp3Frame[];
  /** Bytes passed over since the last frame: without end, it is not an MP3. */
  skipped(): number;
}

/** Whether a frame holds the file's facts instead of sound. */
function isInfo({ bytes, samples, channels }: Mp3Frame): boolean {
  const long = samples === 1152;
  const side = long ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  // Xing and Info follow the side information, VBRI always comes at one place.
  return [mp3HeaderBytes + side, mp3HeaderBytes + 2 + side, 36].some((at) =>
    ['Xing', 'Info', 'VBRI'].includes(String.fromCharCode(...bytes.subarray(at, at + 4))),
  );
}

/**
 * Makes a splitter. It passes over tags, over the frame that describes a file of variable bit rate, and over damage:
 * what looks like a header is believed only where the next frame begins right after it.
 */
export function createMp3Splitter(): Mp3Splitter {
  let held: Uint8Array = new Uint8Array(0);
  /** Of a tag, still to be passed over. */
  let toPass = 0;
  let begun = false;
  let first = true;
  let skippedBytes = 0;

  const cut = (ended: boolean): readonly Mp3Frame[] => {
    const frames: Mp3Frame[] = [];
    let at = 0;
    if (!begun) {
      const size = ended ? (id3TagBytes(held) ?? 0) : id3TagBytes(held);
      if (size === null) return frames;
      begun = true;
      toPass = size;
    }
    const passing = Math.min(toPass, held.length);
    toPass -= passing;
    at += passing;
    while (at + mp3HeaderBytes <= held.length) {
      const header = readMp3Header(held, at);
      if (header === null) {
        at += 1;
        skippedBytes += 1;
        continue;
      }
      const after = at + header.size;
      if (after + mp3HeaderBytes > held.length) {
        if (!ended) break;
        // Nothing can confirm the last frame; it is believed where it ends with the file, and not if it is cut.
        if (after > held.length) break;
      } else {
        const next = readMp3Header(held, after);
        if (next === null || !areOfOneKind(header, next)) {
          at += 1;
          skippedBytes += 1;
          continue;
        }
      }
      const frame: Mp3Frame = { ...header, bytes: held.subarray(at, after) };
      if (!first || !isInfo(frame)) frames.push(frame);
      first = false;
      skippedBytes = 0;
      at = after;
    }
    held = held.slice(at);
    return frames;
  };

  return {
    push: (bytes) => {
      const joined = new Uint8Array(held.length + bytes.length);
      joined.set(held);
      joined.set(bytes, held.length);
      held = joined;
      return cut(false);
    },
    end: () => cut(true),
    skipped: () => skippedBytes,
  };
}
