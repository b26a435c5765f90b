const bitRatesVersion1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitRatesVersion2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const sampleRates: Readonly<Record<number, readonly number[]>> = {
  0: [11_025, 12_000, 8_000],
  2: [22_050, 24_000, 16_000],
  3: [44_100, 48_000, 32_000],
};

/** One frame of MPEG audio layer III. */
export interface Mp3Frame {
  readonly offset: number;
  readonly size: number;
  readonly durationMs: number;
  readonly channels: 1 | 2;
}

/** Reads the frame header at `offset`; null when there is none, or it is cut short. */
export function readMp3Frame(bytes: Uint8Array, offset: number): Mp3Frame | null {
  const [sync, version, rates, mode] = bytes.subarray(offset, offset + 4);
  if (sync !== 0xff || version === undefined || rates === undefined || mode === undefined) return null;
  if ((version & 0xe0) !== 0xe0 || ((version >> 1) & 3) !== 1) return null;
  const generation = (version >> 3) & 3;
  const sampleRate = sampleRates[generation]?.[(rates >> 2) & 3];
  const kilobits = (generation === 3 ? bitRatesVersion1 : bitRatesVersion2)[rates >> 4];
  if (sampleRate === undefined || kilobits === undefined || kilobits === 0) return null;
  const samples = generation === 3 ? 1152 : 576;
  const size = Math.floor(((samples / 8) * kilobits * 1000) / sampleRate) + ((rates >> 1) & 1);
  return { offset, size, durationMs: (samples * 1000) / sampleRate, channels: mode >> 6 === 3 ? 1 : 2 };
}

/** All whole frames of a clip that begins with one; stops at the first that is damaged. */
export function listMp3Frames(bytes: Uint8Array): readonly Mp3Frame[] {
  const frames: Mp3Frame[] = [];
  let offset = 0;
  for (;;) {
    const frame = readMp3Frame(bytes, offset);
    if (!frame || offset + frame.size > bytes.length) return frames;
    frames.push(frame);
    offset += frame.size;
  }
}
