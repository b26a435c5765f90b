import { cp, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { root } from '../../tools/runtime/processes.mjs';

/** A copy of the built app, of which a file can be damaged while other tests use the app itself. */
export interface AppCopy {
  readonly folder: string;
  /** Takes away the file of the window whose name begins so; what is answered brings it back. */
  take(name: string): Promise<() => Promise<void>>;
  /** The same, but puts another text in its place. */
  replace(name: string, text: string): Promise<() => Promise<void>>;
  remove(): Promise<void>;
}

/** Copies the built app. */
export async function copyApp(): Promise<AppCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'reclight-app-'));
  for (const part of ['out/main', 'out/preload', 'out/renderer', 'resources', 'package.json']) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const assets = join(folder, 'out', 'renderer', 'assets');
  const take = async (name: string) => {
    const file = (await readdir(assets)).find((found) => found.startsWith(name));
    if (file === undefined) throw new Error(`The window has no file ${name}`);
    const path = join(assets, file);
    await rename(path, `${path}.gone`);
    return { path, back: () => rename(`${path}.gone`, path) };
  };
  return {
    folder,
    take: async (name) => (await take(name)).back,
    replace: async (name, text) => {
      const { path, back } = await take(name);
      await writeFile(path, text);
      return back;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
