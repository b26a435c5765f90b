import * as disk from 'node:fs/promises';
import { basename, dirname, join, parse } from 'node:path';

import { fail, succeed } from '@shared/domain/errors';
import { systemCode } from '../../core/lib/system-code';
import type { DocumentFile } from '../../core/ports/files';

/** The calls that a document file makes; a test lets each of them fail. */
export type FileCalls = Pick<
  typeof disk,
  'readFile' | 'realpath' | 'mkdir' | 'open' | 'rename' | 'unlink' | 'readdir'
>;

/** `20240131T235959`, UTC. */
function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]/g, '').slice(0, 15);
}

/** What `promise` gives, or null where it fails: for what is only tried. */
function attempt<Value>(promise: Promise<Value>): Promise<Value | null> {
  return promise.catch(() => null);
}

/**
 * A small file of ours, readable by its user alone. Writes are not queued: that is the document's part.
 * @param path absolute; its folder is made when it is first written
 * @param calls the file system
 */
export function createDocumentFile(path: string, calls: FileCalls = disk): DocumentFile {
  const name = basename(path);
  const isTemporary = (entry: string): boolean => entry.startsWith(`${name}.tmp-`);
  let isTidy = false;
  let writes = 0;

  /** Removes what a process that was killed has left half-written. */
  const tidy = async (): Promise<void> => {
    if (isTidy) return;
    isTidy = true;
    const folder = dirname(path);
    const left = (await attempt(calls.readdir(folder)))?.filter(isTemporary) ?? [];
    for (const entry of left) await attempt(calls.unlink(join(folder, entry)));
  };

  /** Makes the rename itself survive a power cut, where the system can. */
  const syncFolder = async (folder: string): Promise<void> => {
    const handle = await attempt(calls.open(folder, 'r'));
    if (handle === null) return;
    await attempt(handle.sync());
    await attempt(handle.close());
  };

  /** The file itself, where the path leads over a link; it stays a link. */
  const target = async (): Promise<string> => (await attempt(calls.realpath(path))) ?? path;

  const replace = async (text: string): Promise<void> => {
    const to = await target();
    await attempt(calls.mkdir(dirname(to), { recursive: true, mode: 0o700 }));
    writes += 1;
    const temporary = join(dirname(to), `${name}.tmp-${process.pid}-${writes}`);
    try {
      const handle = await calls.open(temporary, 'w', 0o600);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await calls.rename(temporary, to);
    } catch (error) {
      await attempt(calls.unlink(temporary));
      throw error;
    }
    await syncFolder(dirname(to));
  };

  return {
    fileName: name,
    read: async () => {
      await tidy();
      try {
        return await calls.readFile(path, 'utf8');
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return null;
        throw error;
      }
    },
    write: async (text) => {
      try {
        await replace(text);
        return succeed(null);
      } catch (error) {
        const code = systemCode(error);
        return fail('settings-unwritable', 'settings', code === null ? {} : { message: code });
      }
    },
    setAside: async () => {
      const { name: stem, ext } = parse(path);
      const moment = stamp(new Date());
      for (let count = 1; ; count += 1) {
        const suffix = count === 1 ? '' : `-${count}`;
        const aside = `${stem}.damaged-${moment}${suffix}${ext}`;
        const to = join(dirname(path), aside);
        try {
          // A rename alone would overwrite what was set aside before, so the name is taken first.
          await (await calls.open(to, 'wx', 0o600)).close();
        } catch (error) {
          if (systemCode(error) === 'EEXIST') continue;
          throw error;
        }
        try {
          await calls.rename(path, to);
        } catch (error) {
          await attempt(calls.unlink(to));
          throw error;
        }
        return aside;
      }
    },
  };
}
