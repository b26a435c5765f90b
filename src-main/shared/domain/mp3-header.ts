const bitRates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const bitRates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160] as const;
/** By the two bits of the version: 0 is MPEG 2.5, 2 is MPEG 2, 3 is MPEG 1. */
const sampleRates: Readonly<Record<number, readonly number[]>> = {
  0: [11_025, 12_000, 8_000],
  2: [22_050, 24_000, 16_000],
  3: [44_100, 48_000, 32_000],
};

/** How long a frame's header is, bytes. */
export const mp3HeaderBytes = 4;

/** What the header of an MPEG layer III frame tells. */
export interface Mp3Header {
  /** Bytes of the whole frame, header included. */
  readonly size: number;
  /** Per channel. */
  readonly samples: 576 | 1152;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  /** bit/s, as it is named: padding makes frames of it a byte longer now and then. */
  readonly bitRate: number;
}

/**
 * Reads the frame header at an offset.
 * @returns null where there is none
 */
export function readMp3Header(bytes: Uint8Array, offset: number): Mp3Header | null {
  const version = bytes[offset + 1] ?? 0;
  if (bytes[offset] !== 0xff || (version & 0xe6) !== 0xe2 || offset + mp3HeaderBytes > bytes.length) {
    return null;
  }
  const rates = bytes[offset + 2] ?? 0;
  const generation = (version >> 3) & 3;
  const sampleRate = sampleRates[generation]?.[(rates >> 2) & 3];
  const kilobits = (generation === 3 ? bitRates1 : bitRates2)[rates >> 4];
  if (sampleRate === undefined || kilobits === undefined || kilobits === 0) return null;
  const samples = generation === 3 ? 1152 : 576;
  const size = Math.floor((samples * 125 * kilobits) / sampleRate) + ((rates >> 1) & 1);
  const channels = (bytes[offset + 3] ?? 0) >> 6 === 3 ? 1 : 2;
  return { size, samples, sampleRate, channels, bitRate: kilobits * 1_000 };
}

/** What the frames that describe a file begin with. */
const descriptions = ['Xing', 'Info', 'VBRI'];

/**
 * Whether a frame holds what an encoder says of its file, instead of sound.
 * @param offset of the frame; all of it is there
 */
export function isDescription(bytes: Uint8Array, offset: number, { samples, channels }: Mp3Header): boolean {
  const side = samples === 1152 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  // Xing and Info follow the side information, behind a checksum too; VBRI always comes at one place.
  return [mp3HeaderBytes + side, mp3HeaderBytes + 2 + side, 36].some((at) =>
    descriptions.includes(String.fromCharCode(...bytes.subarray(offset + at, offset + at + 4))),
  );
}

/** Whether two frames can follow each other in one recording. */
export function areOfOneKind(a: Mp3Header, b: Mp3Header): boolean {
  return a.sampleRate === b.sampleRate && a.samples === b.samples && a.channels === b.channels;
}

/**
 * Bytes of an ID3v2 tag that begins here.
 * @returns 0 where none does, null where it cannot be told yet
 */
export function id3TagBytes(bytes: Uint8Array): number | null {
  const begin = [0x49, 0x44, 0x33];
  if (begin.some((value, index) => index < bytes.length && bytes[index] !== value)) return 0;
  if (bytes.length < 10) return null;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  return 10 + (((a & 0x7f) << 21) | ((b & 0x7f) << 14) | ((c & 0x7f) << 7) | (d & 0x7f));
}
