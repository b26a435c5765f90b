/** A stretch of sound: its frames tell which they are. */
export interface Mp3Segment {
  /** Hz: one of those that MPEG layer III knows. */
  readonly sampleRate: number;
  /** kbit/s of each frame in turn, again and again. */
  readonly kilobits: readonly number[];
  readonly frames: number;
  /** What its first frame says of it instead of sound. */
  readonly description?: {
    readonly kind: 'Xing' | 'Info' | 'VBRI';
    readonly frames: number;
    readonly bytes: number;
  };
}

const bitRates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitRates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** By generation: its two bits, and its rates in the order of theirs. */
const generations = [
  { bits: 3, rates: [44_100, 48_000, 32_000] },
  { bits: 2, rates: [22_050, 24_000, 16_000] },
  { bits: 0, rates: [11_025, 12_000, 8_000] },
];

/** A mono frame. @param number is written into it, so that it can be found again */
function frameOf(sampleRate: number, kilobits: number, padded: boolean, number: number): Uint8Array {
  const generation = generations.find(({ rates }) => rates.includes(sampleRate));
  if (generation === undefined) throw new Error(`No MP3 has ${sampleRate} Hz`);
  const { bits, rates } = generation;
  const samples = bits === 3 ? 1_152 : 576;
  const size = Math.floor((samples * 125 * kilobits) / sampleRate) + (padded ? 1 : 0);
  const frame = new Uint8Array(size);
  const rate = (bits === 3 ? bitRates1 : bitRates2).indexOf(kilobits);
  frame.set([
    0xff,
    0xe3 | (bits << 3),
    (rate << 4) | (rates.indexOf(sampleRate) << 2) | (padded ? 2 : 0),
    0xc0,
    // No byte of it looks like the beginning of a frame.
    ...[21, 14, 7, 0].map((shift) => (number >> shift) & 0x7f),
  ]);
  return frame;
}

/** Writes the frames of a segment. @param from the number of the first one that is sound */
export function writeMp3(
  { sampleRate, kilobits, frames, description }: Mp3Segment,
  from = 1,
): readonly Uint8Array[] {
  const written: Uint8Array[] = [];
  const perFrame = (sampleRate > 24_000 ? 1_152 : 576) * 125;
  let owed = 0;
  const next = (number: number, rate = kilobits[written.length % kilobits.length] ?? 64): Uint8Array => {
    owed += ((perFrame * rate) / sampleRate) % 1;
    const padded = owed >= 1 - 1e-9;
    if (padded) owed -= 1;
    const frame = frameOf(sampleRate, rate, padded, number);
    written.push(frame);
    return frame;
  };
  if (description !== undefined) {
    const { kind } = description;
    // There must be room for it.
    const frame = next(0, Math.max(...kilobits));
    const view = new DataView(frame.buffer);
    const at = kind === 'VBRI' ? 36 : sampleRate > 24_000 ? 21 : 13;
    frame.set(new TextEncoder().encode(kind), at);
    if (kind === 'VBRI') {
      view.setUint32(at + 10, description.bytes);
      view.setUint32(at + 14, description.frames);
    } else {
      view.setUint32(at + 4, 3);
      view.setUint32(at + 8, description.frames);
      view.setUint32(at + 12, description.bytes);
    }
  }
  for (let number = from; number < from + frames; number += 1) next(number);
  return written;
}

/** An ID3v2 tag. @param length of what is in it, bytes; its filling looks like nothing in particular */
export function id3v2(length: number): Uint8Array {
  const tag = new Uint8Array(10 + length).fill(0x41);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0, ...[21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f)]);
  return tag;
}

/** An ID3v1 tag, as it stands at the end of a file. */
export function id3v1(): Uint8Array {
  return new TextEncoder().encode('TAG'.padEnd(128, ' '));
}

/** Bytes that are no sound. */
export function garbage(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 37 + 11) & 0x7f);
}

/** Puts pieces behind each other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
