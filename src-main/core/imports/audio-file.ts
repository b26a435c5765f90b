import type { AudioVerdict } from './audio-verdict';
import { refuse, refuseCodec } from './audio-verdict';
import type { BoundedReader, ByteSource } from './byte-source';
import { createBoundedReader, fourLetters, ReadFailure } from './byte-source';
import { nameForeignFormat, signatureBytes } from './foreign-formats';
import { largestAudioBytes } from './limits';
import { inspectMp3, passTags } from './mp3-file';
import { inspectWave } from './wave-file';

/** Names of the container, whose sizes may be longer than 32 bits. */
const waveContainers: Readonly<Record<string, 'wave' | 'rf64'>> = {
  RIFF: 'wave',
  RF64: 'rf64',
  BW64: 'rf64',
};

async function inspect(reader: BoundedReader): Promise<AudioVerdict> {
  const head = await reader.read(0, signatureBytes);
  const container = waveContainers[fourLetters(head, 0)];
  if (container !== undefined) {
    if (head.length < 12) return refuse('truncated');
    return fourLetters(head, 8) === 'WAVE' ? inspectWave(reader, container) : refuse('not-audio');
  }
  const start = await passTags(reader);
  if (start > 0 && start >= reader.size) return refuse('truncated');
  const codec = nameForeignFormat(start === 0 ? head : await reader.read(start, signatureBytes));
  if (codec !== null) return refuseCodec(codec);
  return (await inspectMp3(reader, start)) ?? refuse('not-audio');
}

/**
 * Looks at an audio file before it is sent: what it is, how long it lasts, and whether a server takes it. The content
 * decides, not the name. Reads pieces of at most `largestReadBytes`, and nothing behind the file's end.
 * @returns every fault of the file or of its reading as a refusal
 */
export async function inspectAudioFile(source: ByteSource): Promise<AudioVerdict> {
  if (source.size === 0) return refuse('empty');
  if (source.size > largestAudioBytes) {
    return { verdict: 'refused', reason: 'too-large', limit: largestAudioBytes };
  }
  try {
    return await inspect(createBoundedReader(source));
  } catch (error) {
    if (error instanceof ReadFailure) return refuse(error.reason);
    throw error;
  }
}
