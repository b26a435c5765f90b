import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, unlink } from 'node:fs/promises';

import type { PartFile } from '../../core/keep/ports';
import type { Result } from '../../shared/errors';
import { fail, succeed } from '../../shared/errors';
import { fileFailure } from './file-failure';
import { giveName } from './final-name';

/** Pieces are collected to so much before they are written. */
const batchBytes = 1_048_576;
const readBytes = 262_144;

const done = succeed(null);

/** A part file that is there. */
export interface PartFileOptions {
  readonly folder: string;
  /** Absolute. */
  readonly path: string;
  /** Opened for reading and writing; closed here. */
  readonly handle: FileHandle;
  /** Called once, when it is no part file any more. */
  readonly ended: () => void;
}

/**
 * Writes a part file: pieces are hashed and collected, and while one batch goes to the disk the next one is gathered.
 */
export function createPartFile(options: PartFileOptions): PartFile {
  const { folder, path, handle } = options;
  let hash: Hash = createHash('sha256');
  let digest: string | null = null;
  let sizeBytes = 0;
  let writtenBytes = 0;
  let batch: Uint8Array[] = [];
  let batched = 0;
  let writing: Promise<Result<null>> = Promise.resolve(done);
  let state: 'open' | 'committed' | 'gone' = 'open';

  const writeAll = async (pieces: readonly Uint8Array[], position: number): Promise<Result<null>> => {
    try {
      let rest = Buffer.concat(pieces);
      let at = position;
      // A disk that is nearly full takes a part, and refuses the next one.
      while (rest.length > 0) {
        const { bytesWritten } = await handle.write(rest, 0, rest.length, at);
        if (bytesWritten === 0) return fail('disk-full', 'file', { message: 'ENOSPC' });
        rest = rest.subarray(bytesWritten);
        at += bytesWritten;
      }
      return done;
    } catch (error) {
      return fileFailure(error);
    }
  };

  /** Hands on what was collected, when the batch before it is written. */
  const flush = async (): Promise<Result<null>> => {
    const before = await writing;
    if (!before.ok || batched === 0) return before;
    const pieces = batch;
    const position = writtenBytes;
    writtenBytes += batched;
    batch = [];
    batched = 0;
    writing = writeAll(pieces, position);
    return done;
  };

  const settle = async (): Promise<Result<null>> => {
    const flushed = await flush();
    return flushed.ok ? writing : flushed;
  };

  const end = (next: 'committed' | 'gone'): void => {
    state = next;
    batch = [];
    batched = 0;
    options.ended();
  };

  const closed = (): Result<never> => fail('file-unwritable', 'file', { message: 'EBADF' });

  return {
    get sizeBytes() {
      return sizeBytes;
    },
    write: async (piece) => {
      if (state !== 'open') return closed();
      if (piece.length === 0) return done;
      hash.update(piece);
      digest = null;
      sizeBytes += piece.length;
      batch.push(piece);
      batched += piece.length;
      return batched < batchBytes ? done : flush();
    },
    digest: () => (digest ??= hash.copy().digest('hex').toUpperCase()),
    restart: async () => {
      if (state !== 'open') return closed();
      batch = [];
      batched = 0;
      await writing;
      writing = Promise.resolve(done);
      hash = createHash('sha256');
      digest = null;
      sizeBytes = 0;
      writtenBytes = 0;
      try {
        await handle.truncate(0);
        return done;
      } catch (error) {
        return fileFailure(error);
      }
    },
    read: async function* () {
      const settled = await settle();
      if (!settled.ok) throw new Error(settled.error.code);
      let position = 0;
      while (position < sizeBytes) {
        const buffer = Buffer.allocUnsafe(Math.min(readBytes, sizeBytes - position));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        // Shorter than what was written: somebody else has changed it.
        if (bytesRead === 0) throw new Error('file-unwritable');
        position += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    commit: async (fileName) => {
      if (state !== 'open') return closed();
      const settled = await settle();
      if (!settled.ok) return settled;
      try {
        // Before the name: after a power cut a name must not stand for less than the whole.
        await handle.sync();
        const { size } = await handle.stat();
        if (size !== sizeBytes) return fail('file-unwritable', 'file', { message: 'EIO' });
        await handle.close();
      } catch (error) {
        return fileFailure(error);
      }
      const named = await giveName(path, folder, fileName);
      if (named.ok) end('committed');
      return named;
    },
    discard: async () => {
      if (state !== 'open') return;
      end('gone');
      await writing;
      await handle.close().catch(() => undefined);
      await unlink(path).catch(() => undefined);
    },
    dispose: () => {
      if (state !== 'open') return;
      end('gone');
      try {
        unlinkSync(path);
      } catch {
        // The folder is gone, or the disk: the next run looks again.
      }
      void writing.then(() => handle.close()).catch(() => undefined);
    },
  };
}

/**
 * Makes the file itself: new, or not at all.
 * @param path absolute
 */
export async function openNew(path: string): Promise<Result<FileHandle>> {
  try {
    return succeed(await open(path, 'wx+'));
  } catch (error) {
    return fileFailure(error);
  }
}
