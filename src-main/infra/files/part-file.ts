import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, unlink } from 'node:fs/promises';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { PartFile } from '../../core/ports/saving';
import { fileFailure } from './file-failure';
import { giveName } from './final-name';

/** Pieces are collected to at least so much before they are written. */
const batchBytes = 1_048_576;
const readBytes = 262_144;
/** Max bytes buffered for the disk; beyond it writers wait. */
const maxWaitingBytes = 8_388_608;
/** After so much the disk is asked to begin: otherwise all of it would wait for the end. */
const pushBytes = 16_777_216;

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

/** Writes a part file: pieces are hashed and collected, and while some go to the disk the next ones are gathered. */
export function createPartFile(options: PartFileOptions): PartFile {
  const { folder, path, handle } = options;
  let hash: Hash = createHash('sha256');
  let digest: string | null = null;
  let sizeBytes = 0;
  let handedBytes = 0;
  let failed: Result<never> | null = null;
  let batch: Uint8Array[] = [];
  let batched = 0;
  let writing: Promise<void> | null = null;
  let pushing: Promise<void> | null = null;
  let pushedBytes = 0;
  let state: 'open' | 'committed' | 'gone' = 'open';
  /** Whether all of it is on the disk, and closed: nothing but its name is missing. */
  let isWhole = false;

  /** Beside the writing, which goes on meanwhile; what failed here fails again at the end, where it counts. */
  const pushToDisk = (upTo: number): void => {
    if (pushing !== null || upTo - pushedBytes < pushBytes) return;
    pushedBytes = upTo;
    pushing = handle
      .datasync()
      .catch(() => undefined)
      .finally(() => {
        pushing = null;
      });
  };

  /** What is left of pieces of which so many bytes were taken. */
  const restOf = (pieces: readonly Uint8Array[], taken: number): Uint8Array[] => {
    let skipped = 0;
    return pieces.flatMap((piece) => {
      const from = Math.min(piece.length, Math.max(0, taken - skipped));
      skipped += piece.length;
      return from === piece.length ? [] : [piece.subarray(from)];
    });
  };

  const writeAll = async (pieces: readonly Uint8Array[], position: number): Promise<Result<null>> => {
    try {
      let rest = [...pieces];
      let at = position;
      // A disk that is nearly full takes a part, and refuses the next one.
      while (rest.length > 0) {
        const { bytesWritten } = await handle.writev(rest, at);
        if (bytesWritten === 0) return fail('disk-full', 'file', { message: 'ENOSPC' });
        rest = restOf(rest, bytesWritten);
        at += bytesWritten;
      }
      pushToDisk(at);
      return done;
    } catch (error) {
      return fileFailure(error);
    }
  };

  /** Writes what was collected, and what is collected meanwhile: few large writes rather than many small ones. */
  const drain = async (): Promise<void> => {
    while (batched > 0 && failed === null) {
      const pieces = batch;
      const position = handedBytes;
      handedBytes += batched;
      batch = [];
      batched = 0;
      const written = await writeAll(pieces, position);
      if (!written.ok) failed = written;
    }
    writing = null;
  };

  const settle = async (): Promise<Result<null>> => {
    if (batched > 0) writing ??= drain();
    await writing;
    return failed ?? done;
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
    get isWhole() {
      return isWhole;
    },
    write: async (piece) => {
      if (state !== 'open' || isWhole) return closed();
      if (piece.length === 0) return done;
      hash.update(piece);
      digest = null;
      sizeBytes += piece.length;
      batch.push(piece);
      batched += piece.length;
      if (batched >= batchBytes) writing ??= drain();
      return batched < maxWaitingBytes ? (failed ?? done) : settle();
    },
    digest: () => (digest ??= hash.copy().digest('hex').toUpperCase()),
    restart: async () => {
      if (state !== 'open') return closed();
      batch = [];
      batched = 0;
      await writing;
      writing = null;
      hash = createHash('sha256');
      digest = null;
      sizeBytes = 0;
      handedBytes = 0;
      failed = null;
      pushedBytes = 0;
      try {
        await handle.truncate(0);
        return done;
      } catch (error) {
        return fileFailure(error);
      }
    },
    tail: async (bytes) => {
      const settled = state === 'open' && !isWhole ? await settle() : closed();
      if (!settled.ok) return new Uint8Array();
      const wanted = Buffer.alloc(Math.min(bytes, sizeBytes));
      try {
        const { bytesRead } = await handle.read(wanted, 0, wanted.length, sizeBytes - wanted.length);
        return bytesRead === wanted.length ? wanted : new Uint8Array();
      } catch {
        return new Uint8Array();
      }
    },
    read: async function* () {
      const settled = await settle();
      if (!settled.ok) throw new Error(settled.error.code);
      let position = 0;
      while (position < sizeBytes) {
        const buffer = Buffer.allocUnsafe(Math.min(readBytes, sizeBytes - position));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
        // Shorter than what was written: another program changed it.
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
        if (!isWhole) {
          // Before the name: after a power cut a name must not stand for less than the whole.
          await pushing;
          await handle.sync();
        }
        const { size } = isWhole ? await lstat(path) : await handle.stat();
        if (size !== sizeBytes) return fail('file-unwritable', 'file', { message: 'EIO' });
        if (!isWhole) await handle.close();
        isWhole = true;
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
      await pushing;
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
      void Promise.all([writing, pushing])
        .then(() => handle.close())
        .catch(() => undefined);
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
