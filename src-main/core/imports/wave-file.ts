import type { AudioRepair, AudioVerdict, BroadcastOrigin, RefusedAudio } from './audio-verdict';
import { refuse, refuseHeader, toMilliseconds } from './audio-verdict';
import { originBytes, originOffset, readBroadcastOrigin } from './broadcast-origin';
import type { BoundedReader } from './byte-source';
import { fourLetters, viewOf } from './byte-source';
import { mostChunks, placeholderBytes } from './limits';
import type { WaveFormat } from './wave-header';
import { readWaveFormat, waveFormatBytes } from './wave-header';

/** Of the container's own header, bytes. */
const containerBytes = 12;

/** Of a chunk's name and size, bytes. */
const chunkHeaderBytes = 8;

/** Names that decide where a chunk begins when a pad byte may be missing. */
const knownChunks = new Set([
  'fmt ',
  'data',
  'fact',
  'LIST',
  'bext',
  'ds64',
  'JUNK',
  'junk',
  'PAD ',
  'cue ',
  'smpl',
  'inst',
  'iXML',
  'axml',
  'chna',
  'PEAK',
  'id3 ',
  'ID3 ',
  'DISP',
  '_PMX',
]);

interface Data {
  readonly offset: number;
  readonly length: number;
  /** Of the declared size, and not a placeholder. */
  readonly declared: number;
}

interface Chunks {
  format: WaveFormat | RefusedAudio | null;
  data: Data | null;
  origin: BroadcastOrigin | null;
  /** Of an RF64 file: the size of its data, bytes. */
  longDataBytes: number | null;
  /** The file ends within a chunk that is not the data. */
  cut: boolean;
  tooMany: boolean;
  readonly repairs: Set<AudioRepair>;
}

function isName(bytes: Uint8Array, offset: number): boolean {
  const letters = bytes.subarray(offset, offset + 4);
  return letters.length === 4 && letters.every((letter) => letter >= 0x20 && letter <= 0x7e);
}

/** Tells whether the chunk behind one of odd size begins without the pad byte. */
function lacksPad(bytes: Uint8Array): boolean {
  if (knownChunks.has(fourLetters(bytes, 1))) return false;
  if (knownChunks.has(fourLetters(bytes, 0))) return true;
  return !isName(bytes, 1) && isName(bytes, 0);
}

/** Where the chunk that follows begins, bytes. */
async function nextChunk(reader: BoundedReader, end: number, size: number, repairs: Set<AudioRepair>) {
  if (size % 2 === 0) return end;
  const forgotten = lacksPad(await reader.read(end, 5));
  if (forgotten) repairs.add('pad-byte-missing');
  return forgotten ? end : end + 1;
}

/** Whether chunks, and nothing else, fill the file from here to its end. */
async function areChunksToEnd(reader: BoundedReader, from: number): Promise<boolean> {
  let at = from;
  for (let count = 0; count < mostChunks && at < reader.size; count += 1) {
    const header = await reader.read(at, chunkHeaderBytes);
    if (header.length < chunkHeaderBytes || !knownChunks.has(fourLetters(header, 0))) return false;
    const size = viewOf(header).getUint32(4, true);
    at += chunkHeaderBytes + size + (size % 2);
  }
  return at === reader.size || at === reader.size + 1;
}

/** Measures the data, of which the declared size may be a placeholder. */
async function measureData(
  reader: BoundedReader,
  offset: number,
  size: number,
  chunks: Chunks,
): Promise<Data> {
  const rest = reader.size - offset;
  const long = size === 0xffff_ffff ? chunks.longDataBytes : null;
  const declared = long ?? size;
  const isPlaceholder =
    declared >= placeholderBytes || (declared === 0 && rest > 0 && !(await areChunksToEnd(reader, offset)));
  if (isPlaceholder) {
    chunks.repairs.add('data-size-missing');
    return { offset, length: rest, declared: rest };
  }
  if (declared > rest) chunks.repairs.add('data-cut-short');
  return { offset, length: Math.min(declared, rest), declared };
}

async function readChunk(reader: BoundedReader, name: string, body: number, size: number, chunks: Chunks) {
  if (name === 'fmt ' && chunks.format === null) {
    chunks.format = readWaveFormat(await reader.read(body, Math.min(size, waveFormatBytes)));
  }
  if (name === 'ds64' && size >= 16) {
    const bytes = await reader.read(body, 16);
    if (bytes.length === 16) chunks.longDataBytes = Number(viewOf(bytes).getBigUint64(8, true));
  }
  if (name === 'bext' && size >= originOffset + originBytes) {
    chunks.origin ??= readBroadcastOrigin(await reader.read(body + originOffset, originBytes));
  }
}

async function walk(reader: BoundedReader): Promise<Chunks> {
  const repairs = new Set<AudioRepair>();
  const chunks: Chunks = {
    format: null,
    data: null,
    origin: null,
    longDataBytes: null,
    cut: false,
    tooMany: false,
    repairs,
  };
  let at = containerBytes;
  for (let count = 0; at < reader.size; count += 1) {
    const header = await reader.read(at, chunkHeaderBytes);
    const isChunk = header.length === chunkHeaderBytes && isName(header, 0);
    if (!isChunk || count === mostChunks) {
      if (chunks.data !== null) repairs.add('bytes-behind-data');
      chunks.cut = header.length < chunkHeaderBytes;
      chunks.tooMany = isChunk;
      break;
    }
    const name = fourLetters(header, 0);
    const size = viewOf(header).getUint32(4, true);
    const body = at + chunkHeaderBytes;
    let bodyBytes = size;
    if (name === 'data' && chunks.data === null) {
      chunks.data = await measureData(reader, body, size, chunks);
      bodyBytes = chunks.data.length;
    } else {
      if (body + size > reader.size) {
        if (chunks.data !== null) repairs.add('bytes-behind-data');
        chunks.cut = true;
        break;
      }
      await readChunk(reader, name, body, size, chunks);
    }
    at = await nextChunk(reader, body + bodyBytes, bodyBytes, repairs);
  }
  return chunks;
}

/** Looks at a RIFF or RF64 file of WAVE form: its chunks, not its sound. */
export async function inspectWave(reader: BoundedReader, container: 'wave' | 'rf64'): Promise<AudioVerdict> {
  const { format, data, origin, cut, tooMany, repairs } = await walk(reader);
  if (format !== null && 'verdict' in format) return format;
  if (data === null || format === null) {
    if (tooMany) return refuseHeader('too-many-chunks');
    if (data === null && (cut || reader.size <= containerBytes)) return refuse('truncated');
    return refuseHeader(format === null ? 'format-missing' : 'data-missing');
  }
  const samples = Math.floor(data.length / format.blockBytes);
  if (samples === 0) return refuse(data.declared > data.length ? 'truncated' : 'no-sound');
  const dataLength = samples * format.blockBytes;
  if (dataLength < data.length) repairs.add('partial-block');
  const { codec, sampleRate, channels } = format;
  return {
    verdict: 'accepted',
    container,
    codec,
    sampleRate,
    channels,
    samples,
    durationMs: toMilliseconds(samples, sampleRate),
    dataOffset: data.offset,
    dataLength,
    repairs: [...repairs],
    origin,
    needsNewerServer: codec === 'pcm-8',
  };
}
