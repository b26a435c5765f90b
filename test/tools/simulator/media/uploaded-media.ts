import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSampleDecoder } from './decode-samples';
import { readMp3Frame } from './mp3-frames';
import type { ByteSource } from './speech';
import { readWav, type WavInfo } from './wav';

/** What was found in an uploaded file. */
export type UploadCheck =
  | { readonly ok: true; readonly format: 'wav'; readonly wav: WavInfo }
  | { readonly ok: true; readonly format: 'mp3' }
  | { readonly ok: false; readonly message: string };

/** Optional: where it is not installed, looped speech takes the place of what it would have made. */
const encoder = 'lame';

interface Upload {
  readonly path: string;
  readonly check: UploadCheck;
  readonly keepStereo: boolean;
  encoded: Promise<ByteSource | null> | null;
}

/**
 * Keeps uploaded sound in temporary files and serves it as MP3. A WAV is encoded by `lame` the first time somebody
 * asks for it; where `lame` is not installed, {@link open} answers null and the library serves looped speech of the
 * right length in its place.
 */
export class UploadedMedia {
  private readonly uploads = new Map<string, Upload>();
  private folder: Promise<string> | null = null;
  private counter = 0;
  private readonly abort = new AbortController();

  /** Writes a stream to a temporary file, never holding it whole. Answers the file's path. */
  async spool(stream: Readable): Promise<string> {
    this.folder ??= mkdtemp(join(tmpdir(), 'reclight-simulator-'));
    this.counter += 1;
    const path = join(await this.folder, `upload-${this.counter}`);
    await pipeline(stream, createWriteStream(path), { signal: this.abort.signal });
    return path;
  }

  /** Looks whether a spooled file is sound that a server of the given generation takes. */
  async check(path: string, generation: 2024 | 2025): Promise<UploadCheck> {
    const file = await open(path, 'r');
    try {
      if (generation === 2025) {
        const head = Buffer.alloc(8192);
        const { bytesRead } = await file.read(head, 0, head.length, 0);
        if (beginsWithMp3(head.subarray(0, bytesRead))) return { ok: true, format: 'mp3' };
      }
      const wav = await readWav(file);
      if (!wav.ok) return wav;
      if (wav.info.coding === 'pcm-8' && generation === 2024) {
        return { ok: false, message: 'PCM with 8 bits is not supported.' };
      }
      return { ok: true, format: 'wav', wav: wav.info };
    } finally {
      await file.close();
    }
  }

  /** Keeps a spooled file under an id. */
  keep(id: string, path: string, check: UploadCheck, keepStereo: boolean): void {
    this.uploads.set(id, { path, check, keepStereo, encoded: null });
  }

  /** Removes a spooled file that was refused. */
  async discard(path: string): Promise<void> {
    await rm(path, { force: true });
  }

  /** The MP3 of an upload, or null where it cannot be had. */
  open(id: string): Promise<ByteSource | null> {
    const upload = this.uploads.get(id);
    if (!upload) return Promise.resolve(null);
    upload.encoded ??= this.encode(upload);
    return upload.encoded;
  }

  /** Ends running encoders and removes all temporary files. */
  async dispose(): Promise<void> {
    this.abort.abort();
    await Promise.allSettled([...this.uploads.values()].map((upload) => upload.encoded));
    if (this.folder) await rm(await this.folder, { recursive: true, force: true });
  }

  private async encode(upload: Upload): Promise<ByteSource | null> {
    if (!upload.check.ok) return null;
    if (upload.check.format === 'mp3') return fileSource(upload.path);
    const target = `${upload.path}.mp3`;
    return (await this.runLame(upload.path, upload.check.wav, upload.keepStereo, target))
      ? fileSource(target)
      : null;
  }

  private async runLame(path: string, wav: WavInfo, keepStereo: boolean, target: string): Promise<boolean> {
    const stereo = wav.channels === 2;
    const mode = stereo ? (keepStereo ? ['-m', 's'] : ['-m', 's', '-a']) : ['-m', 'm'];
    const input = [
      '-r',
      '--signed',
      '--little-endian',
      '--bitwidth',
      '16',
      '-s',
      String(wav.sampleRate / 1000),
    ];
    const rates = ['-t', '--nores', '--cbr', '-b', '40', '--resample', '24'];
    const lame = spawn(encoder, ['--quiet', ...input, ...mode, ...rates, '-', target], {
      stdio: ['pipe', 'ignore', 'ignore'],
      signal: this.abort.signal,
    });
    const ended = new Promise<boolean>((resolve) => {
      lame.once('error', () => resolve(false));
      lame.once('close', (code) => resolve(code === 0));
    });
    const decode = createSampleDecoder(wav.coding);
    const samples = createReadStream(path, {
      start: wav.dataOffset,
      end: wav.dataOffset + wav.dataBytes - 1,
    });
    const decoder = new Transform({
      transform: (chunk: Buffer, _encoding, done) => done(null, decode(chunk)),
    });
    // The encoder may be missing or die: its exit tells, a broken pipe alone does not matter.
    await pipeline(samples, decoder, lame.stdin).catch(() => undefined);
    return ended;
  }
}

async function fileSource(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  return {
    size,
    pieces: (start, end) => (end <= start ? [] : createReadStream(path, { start, end: end - 1 })),
  };
}

function beginsWithMp3(head: Buffer): boolean {
  // Skips an ID3v2 tag, whose length is written in four times seven bits.
  const tag =
    head.length > 10 && head.toString('latin1', 0, 3) === 'ID3'
      ? 10 + (((head[6] ?? 0) << 21) | ((head[7] ?? 0) << 14) | ((head[8] ?? 0) << 7) | (head[9] ?? 0))
      : 0;
  if (tag > 0 && tag >= head.length) return true;
  return readMp3Frame(head, tag) !== null;
}
