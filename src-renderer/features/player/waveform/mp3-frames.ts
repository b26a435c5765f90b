const bitRates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const bitRates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] as const;
/** By the two bits of the version: 0 is MPEG 2.5, 2 is MPEG 2, 3 is MPEG 1. */
const sampleRates: Readonly<Record<number, readonly number[]>> = {
  0: [11_025, 12_000, 8_000],
  2: [22_050, 24_000, 16_000],
  3: [44_100, 48_000, 32_000],
};
const headerBytes = 4;

/** What the header of an MPEG layer III frame tells. */
export interface Mp3Header {
  /** Bytes of the whole frame, header included. */
  readonly size: number;
  /** Per channel. */
  readonly samples: 576 | 1152;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
}

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
 * Reads the frame header at an offset.
 * @returns null where there is none
 */
export function readHeader(bytes: Uint8Array, offset: number): Mp3Header | null {
  const [sync, version = 0, rates = 0, mode = 0] = bytes.subarray(offset, offset + headerBytes);
  if (offset + headerBytes > bytes.length || sync !== 0xff || (version & 0xe6) !== 0xe2) return null;
  const generation = (version >> 3) & 3;
  const sampleRate = sampleRates[generation]?.[(rates >> 2) & 3];
  const kilobits = (generation === 3 ? bitRates1 : bitRates2)[rates >> 4];
  if (sampleRate === undefined || kilobits === undefined || kilobits === 0) return null;
  const samples = generation === 3 ? 1152 : 576;
  const size = Math.floor((samples * 125 * kilobits) / sampleRate) + ((rates >> 1) & 1);
  return { size, samples, sampleRate, channels: mode >> 6 === 3 ? 1 : 2 };
}

/** Whether a frame holds the file's facts instead of sound. */
function isInfo({ bytes, samples, channels }: Mp3Frame): boolean {
  const long = samples === 1152;
  const side = long ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  // Xing and Info follow the side information, VBRI always comes at one place.
  return [headerBytes + side, headerBytes + 2 + side, 36].some((at) =>
    ['Xing', 'Info', 'VBRI'].includes(String.fromCharCode(...bytes.subarray(at, at + 4))),
  );
}

/** Bytes of an ID3v2 tag that begins here; 0 where none does, null where it cannot be told yet. */
function tagSize(bytes: Uint8Array): number | null {
  const begin = [0x49, 0x44, 0x33];
  if (begin.some((value, index) => index < bytes.length && bytes[index] !== value)) return 0;
  if (bytes.length < 10) return null;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  return 10 + (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f));
}

function sameKind(a: Mp3Header, b: Mp3Header): boolean {
  return a.sampleRate === b.sampleRate && a.samples === b.samples && a.channels === b.channels;
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
      const size = ended ? (tagSize(held) ?? 0) : tagSize(held);
      if (size === null) return frames;
      begun = true;
      toPass = size;
    }
    const passing = Math.min(toPass, held.length);
    toPass -= passing;
    at += passing;
    while (at + headerBytes <= held.length) {
      const header = readHeader(held, at);
      if (header === null) {
        at += 1;
        skippedBytes += 1;
        continue;
      }
      const after = at + header.size;
      if (after + headerBytes > held.length) {
        if (!ended) break;
        // Nothing can confirm the last frame; it is believed where it ends with the file, and not if it is cut.
        if (after > held.length) break;
      } else {
        const next = readHeader(held, after);
        if (next === null || !sameKind(header, next)) {
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
