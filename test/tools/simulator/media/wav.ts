import type { FileHandle } from 'node:fs/promises';

/** How the samples of a WAV file are coded. */
export type WavCoding = 'pcm-8' | 'pcm-16' | 'a-law' | 'mu-law';

/** What a WAV file's header says. */
export interface WavInfo {
  readonly coding: WavCoding;
  readonly channels: number;
  readonly sampleRate: number;
  /** Where the samples lie in the file, in bytes. */
  readonly dataOffset: number;
  readonly dataBytes: number;
  readonly durationMs: number;
}

/** The result of looking at a file: its header, or in words why it is not a WAV this server takes. */
export type WavResult =
  { readonly ok: true; readonly info: WavInfo } | { readonly ok: false; readonly message: string };

/** Reads a WAV file's chunks up to its samples, without reading these. */
export async function readWav(file: FileHandle): Promise<WavResult> {
  const { size } = await file.stat();
  const read = async (position: number, length: number): Promise<Buffer> => {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
  const riff = await read(0, 12);
  if (
    riff.length < 12 ||
    riff.toString('latin1', 0, 4) !== 'RIFF' ||
    riff.toString('latin1', 8, 12) !== 'WAVE'
  ) {
    return refuse('The audio track is not a WAV file.');
  }
  let format: Buffer | null = null;
  let position = 12;
  while (position + 8 <= size) {
    const chunk = await read(position, 8);
    const name = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    if (name === 'fmt ') format = await read(position + 8, Math.min(length, 40));
    if (name === 'data') {
      if (!format || format.length < 16) return refuse('The WAV file has no format.');
      return describe(format, position + 8, length, size);
    }
    // Chunks are padded to an even length.
    position += 8 + length + (length % 2);
  }
  return refuse('The WAV file holds no samples.');
}

function describe(format: Buffer, dataOffset: number, dataBytes: number, size: number): WavResult {
  // In the extensible form, the real code is the beginning of the sub-format.
  const code =
    format.readUInt16LE(0) === 0xfffe && format.length >= 26
      ? format.readUInt16LE(24)
      : format.readUInt16LE(0);
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const bits = format.readUInt16LE(14);
  const coding = codingOf(code, bits);
  if (coding === null) return refuse(`The audio format ${code} with ${bits} bits is not supported.`);
  if (channels < 1 || channels > 2) return refuse(`${channels} channels are not supported.`);
  if (sampleRate < 4_000 || sampleRate > 192_000)
    return refuse(`The sample rate ${sampleRate} is not supported.`);
  if (dataBytes === 0) return refuse('The audio track is empty.');
  if (dataOffset + dataBytes > size) return refuse('The audio track is cut short.');
  const frameBytes = channels * (coding === 'pcm-16' ? 2 : 1);
  const durationMs = (Math.floor(dataBytes / frameBytes) * 1000) / sampleRate;
  return { ok: true, info: { coding, channels, sampleRate, dataOffset, dataBytes, durationMs } };
}

function codingOf(code: number, bits: number): WavCoding | null {
  if (code === 1 && bits === 16) return 'pcm-16';
  if (code === 1 && bits === 8) return 'pcm-8';
  if (code === 6 && bits === 8) return 'a-law';
  if (code === 7 && bits === 8) return 'mu-law';
  return null;
}

function refuse(message: string): WavResult {
  return { ok: false, message };
}
