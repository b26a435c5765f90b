import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own: only the system's administrator can mount one. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** A disk of a given size, or one that nobody can write to, for as long as `use` runs. */
export async function withDisk<Value>(
  options: { readonly sizeKilobytes?: number; readonly readOnly?: boolean },
  use: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'reclight-disk-'));
  const flags = [`size=${options.sizeKilobytes ?? 1_024}k`, ...(options.readOnly === true ? ['ro'] : [])];
  await run('mount', ['-t', 'tmpfs', '-o', flags.join(','), 'tmpfs', folder]);
  try {
    return await use(folder);
  } finally {
    await run('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}
