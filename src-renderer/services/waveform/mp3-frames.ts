import type { Mp3Header } from '@shared/domain/mp3-header';
import { areOfOneKind, id3TagBytes, mp3HeaderBytes, readMp3Header } from '@shared/domain/mp3-header';

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

/**
 * Makes a splitter. It passes over tags and over damage: what looks like a header is believed only where the next frame
 * begins right after it. What describes a file is covered by silence before it comes here, and counts as that.
 */
export function createMp3Splitter(): Mp3Splitter {
  let held: Uint8Array = new Uint8Array(0);
  /** Of a tag, still to be passed over. */
  let toPass = 0;
  let begun = false;
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
      frames.push({ ...header, bytes: held.subarray(at, after) });
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
