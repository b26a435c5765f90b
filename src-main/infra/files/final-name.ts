import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { systemCode } from '../../core/lib/system-code';
import { numberedName } from '../../core/saving/file-name';
import { fileFailure } from './file-failure';

/** After so many taken names something else is wrong. */
const maxNumbers = 10_000;

async function isFree(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw error;
  }
}

/** The folder's own entry goes to the disk, too, where the system lets one ask for it. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows has no such thing; what counts was synced before.
  }
}

/**
 * One name; false where it is taken. A link is made or refused in one step, where a rename would overwrite what another
 * program has put there a moment ago; only where there are no links does looking first have to do. Each file system and
 * each OS refuses them by an error of its own (FAT on Windows by `EISDIR`), so that only a name that is taken ends it.
 */
async function tryName(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!(await isFree(to))) return false;
    await rename(from, to);
    return true;
  }
  // Both names mean the same whole file: one too many is untidy, not wrong, and is swept later.
  await unlink(from).catch(() => undefined);
  return true;
}

/**
 * Gives a whole file its name, or that name with a number where it is taken; overwrites nothing.
 * @param from absolute, in `folder`
 * @returns the name it got
 */
export async function giveName(from: string, folder: string, fileName: string): Promise<Result<string>> {
  try {
    for (let number = 1; number <= maxNumbers; number += 1) {
      const name = numberedName(fileName, number);
      if (!(await tryName(from, join(folder, name)))) continue;
      await syncFolder(folder);
      return succeed(name);
    }
    return fail('file-exists', 'file');
  } catch (error) {
    return fileFailure(error);
  }
}
