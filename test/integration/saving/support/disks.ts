import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of its own: only the system's administrator can mount one. */
export const canMount = process.platform === 'linux' && process.getuid?.() === 0;

/** Where every user of this computer may go; the private desktop's own folder is its owner's alone. */
export const openFolder = canMount ? '/tmp' : tmpdir();

/** A disk of a given size, or one that nobody can write to, for as long as `use` runs. */
export async function withDisk<Value>(
  options: { readonly sizeKilobytes?: number; readonly readOnly?: boolean },
  use: (folder: string) => Promise<Value>,
): Promise<Value> {
  const folder = await mkdtemp(join(openFolder, 'reclight-disk-'));
  const flags = [`size=${options.sizeKilobytes ?? 1_024}k`, ...(options.readOnly === true ? ['ro'] : [])];
  await run('mount', ['-t', 'tmpfs', '-o', flags.join(','), 'tmpfs', folder]);
  try {
    return await use(folder);
  } finally {
    await run('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

/** File systems of sticks and cards, with what makes one, and what mounts one where the kernel does not know it. */
const stickFormats = {
  vfat: {
    make: ['mkfs.vfat'],
    fuse: (device: string, folder: string) => ['fusefat', '-o', 'rw+', device, folder],
  },
  exfat: {
    make: ['mkfs.exfat'],
    fuse: (device: string, folder: string) => ['mount.exfat-fuse', device, folder],
  },
} as const;

/** A file system of a stick. */
export type StickFormat = keyof typeof stickFormats;

function isThere(command: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/sbin', '/usr/sbin'];
  return folders.some((folder) => existsSync(join(folder, command)));
}

/** Why no stick of that format can be mounted here, or null where it is tried. */
export function whyNoStick(format: StickFormat): string | null {
  const { make, fuse } = stickFormats[format];
  if (!canMount) return 'only the administrator of a Linux can mount one';
  if (!isThere(make[0])) return `${make[0]} is not installed`;
  const [driver = ''] = fuse('', '');
  return isThere(driver) ? null : `${driver} is not installed`;
}

/** A stick of 16 MiB, for as long as `use` runs; the kernel's driver where it has one, else that of FUSE. */
export async function withStick<Value>(
  format: StickFormat,
  use: (folder: string) => Promise<Value>,
): Promise<Value> {
  const outside = await mkdtemp(join(tmpdir(), 'reclight-stick-'));
  const image = join(outside, 'image');
  const folder = await mkdtemp(join(tmpdir(), 'reclight-mount-'));
  await writeFile(image, Buffer.alloc(16 * 1_048_576));
  await run(stickFormats[format].make[0], [image]);
  const device = (await run('losetup', ['--find', '--show', image])).stdout.trim();
  try {
    await run('mount', ['-t', format, device, folder]).catch(async () => {
      const [driver = '', ...args] = stickFormats[format].fuse(device, folder);
      await run(driver, args);
    });
    try {
      return await use(folder);
    } finally {
      await run('umount', ['--lazy', folder]);
    }
  } finally {
    await run('losetup', ['--detach', device]);
    await rm(outside, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}
