import { constants } from 'node:fs';
import { copyFile, readFile, unlink } from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';

import { writeFile } from 'atomically';

import type { DocumentFile } from '../core/ports';
import { fail, succeed } from '../shared/errors';

function codeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : null;
}

/** `20240131T235959`, UTC. */
function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]/g, '').slice(0, 15);
}

/**
 * A small file of ours, readable by its user alone.
 * @param path absolute; its folder is made when it is first written
 */
export function createDocumentFile(path: string): DocumentFile {
  return {
    fileName: basename(path),
    read: async () => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      }
    },
    write: async (text) => {
      try {
        // atomically would go on trying for some seconds when files run out: a full disk stays full.
        await writeFile(path, text, { mode: 0o600, timeout: 2_000 });
        return succeed(null);
      } catch (error) {
        const code = codeOf(error);
        return fail('settings-unwritable', 'settings', code === null ? {} : { message: code });
      }
    },
    setAside: async () => {
      const { name, ext } = parse(path);
      const moment = stamp(new Date());
      for (let attempt = 1; ; attempt += 1) {
        const suffix = attempt === 1 ? '' : `-${attempt}`;
        const aside = `${name}.damaged-${moment}${suffix}${ext}`;
        try {
          // A rename would overwrite what was set aside before.
          await copyFile(path, join(dirname(path), aside), constants.COPYFILE_EXCL);
        } catch (error) {
          if (codeOf(error) === 'EEXIST') continue;
          throw error;
        }
        await unlink(path);
        return aside;
      }
    },
  };
}
