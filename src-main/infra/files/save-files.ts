import { lstat, readdir, statfs, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { SaveFiles, PartFile } from '../../core/ports/saving';
import { fileFailure } from './file-failure';
import { createPartFile, openNew } from './part-file';
import { ownerOf, partName } from './part-name';

/** Part files of other hosts older than this are abandoned, ms. */
const abandonedMs = 24 * 3_600_000;

/** Whether a process of this computer runs. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process runs under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Half a minute of audio: with less room than this the disk is full, however much is to come. */
const minRoomBytes = 131_072;

/** Whether the disk has so little room that beginning would be in vain; where it cannot tell, it is tried. */
async function isTooFull(folder: string, bytes: number): Promise<boolean> {
  try {
    const { bavail, bsize, blocks } = await statfs(folder);
    return blocks > 0 && bavail * bsize < bytes;
  } catch {
    return false;
  }
}

/** Why no file can have that name, or null: found out before anything is fetched for it. */
async function whyNoName(path: string): Promise<Result<never> | null> {
  try {
    await lstat(path);
  } catch (error) {
    const failure = fileFailure(error);
    if (!failure.ok && failure.error.code === 'name-too-long') return failure;
  }
  return null;
}

/** Files that appear under their name only when they are whole. */
export function createSaveFiles(): SaveFiles {
  const host = hostname();
  /** Also while they are being made: a sweep of the same moment must not take them for left over. */
  const begun = new Set<string>();
  const live = new Set<PartFile>();

  const isLeftOver = async (folder: string, fileName: string): Promise<boolean> => {
    const owner = ownerOf(fileName, host);
    const path = join(folder, fileName);
    if (owner === null || begun.has(path)) return false;
    const stat = await lstat(path);
    // Never through a link, and never what only has the name.
    if (!stat.isFile()) return false;
    const isOlder = Date.now() - stat.mtimeMs > abandonedMs;
    if (!owner.here) return isOlder;
    // A number may have passed to another process meanwhile; this process knows its own.
    return owner.pid === process.pid || !isAlive(owner.pid) || isOlder;
  };

  return {
    create: async (folder, expectedBytes, fileName): Promise<Result<PartFile>> => {
      if (await isTooFull(folder, expectedBytes ?? minRoomBytes)) {
        return fail('disk-full', 'file', { message: 'ENOSPC' });
      }
      const refused = fileName === undefined ? null : await whyNoName(join(folder, fileName));
      if (refused !== null) return refused;
      const path = join(folder, partName({ pid: process.pid, host }));
      begun.add(path);
      const opened = await openNew(path);
      if (!opened.ok) {
        begun.delete(path);
        return opened;
      }
      const part = createPartFile({
        folder,
        path,
        handle: opened.value,
        ended: () => {
          begun.delete(path);
          live.delete(part);
        },
      });
      live.add(part);
      return succeed(part);
    },
    sweep: async (folder) => {
      try {
        for (const fileName of await readdir(folder)) {
          const leftOver = await isLeftOver(folder, fileName).catch(() => false);
          if (leftOver) await unlink(join(folder, fileName)).catch(() => undefined);
        }
      } catch {
        // A folder that cannot be read has nothing that could be tidied.
      }
    },
    dispose: () => {
      for (const part of [...live]) part.dispose();
    },
  };
}
