import type { WavCoding } from './wav';

/** Makes a function that turns coded samples into 16-bit little-endian ones. */
export function createSampleDecoder(coding: WavCoding): (bytes: Buffer) => Buffer {
  if (coding === 'pcm-16') return (bytes) => bytes;
  const table = new Int16Array(256);
  for (let code = 0; code < 256; code += 1) table[code] = decode(coding, code);
  return (bytes) => {
    const samples = Buffer.allocUnsafe(bytes.length * 2);
    for (let index = 0; index < bytes.length; index += 1) {
      samples.writeInt16LE(table[bytes[index] ?? 0] ?? 0, index * 2);
    }
    return samples;
  };
}

function decode(coding: Exclude<WavCoding, 'pcm-16'>, code: number): number {
  switch (coding) {
    case 'pcm-8':
      return (code - 128) << 8;
    case 'a-law':
      return decodeALaw(code);
    case 'mu-law':
      return decodeMuLaw(code);
  }
}

/** ITU-T G.711 A-law. */
function decodeALaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

/** ITU-T G.711 µ-law. */
function decodeMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return bits & 0x80 ? -magnitude : magnitude;
}
