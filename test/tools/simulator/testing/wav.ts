/** Makes a WAV file with the given samples. @param code 1 PCM, 6 A-law, 7 µ-law, 3 float. */
export function makeWav(options: {
  readonly code?: number;
  readonly bits?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly data: Buffer;
  /** What the header claims, where it is to lie. */
  readonly claimedBytes?: number;
}): Buffer {
  const { code = 1, bits = 16, channels = 1, sampleRate = 8_000, data } = options;
  const header = Buffer.alloc(44);
  const frame = (channels * bits) / 8;
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(code, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * frame, 28);
  header.writeUInt16LE(frame, 32);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(options.claimedBytes ?? data.length, 40);
  return Buffer.concat([header, data]);
}

/** A 440 Hz tone of 16-bit samples at 8 kHz. */
export function tone(milliseconds: number): Buffer {
  const samples = Buffer.alloc(milliseconds * 16);
  for (let index = 0; index < samples.length / 2; index += 1) {
    samples.writeInt16LE(Math.round(9_000 * Math.sin((index * 2 * Math.PI * 440) / 8_000)), index * 2);
  }
  return samples;
}
