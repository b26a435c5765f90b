import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';

import type { ProbeClient } from '../../integration/api-client/support/probe-client';
import { connectProbe } from '../../integration/api-client/support/probe-client';
import { chooseElectron, sandboxFlags } from '../../tools/runtime/electron-runtime.mjs';

/** A small Electron app with the real network adapter in it, driven from here. */
export interface ElectronProbe extends ProbeClient {
  readonly version: string;
}

/**
 * Bundles the app as RecLight's own main process is bundled, and starts it.
 * @param env added to this process's
 */
export async function startElectronProbe(env: NodeJS.ProcessEnv = {}): Promise<ElectronProbe> {
  const folder = await mkdtemp(join(tmpdir(), 'reclight-net-adapter-'));
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('./app/main.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: {
        external: ['electron', /^node:/],
        output: { format: 'cjs', entryFileNames: 'main.cjs', chunkFileNames: '[name].cjs' },
      },
    },
  });
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'net-adapter-probe', main: 'main.cjs' }),
  );
  const runtime = await chooseElectron({ tell: () => undefined });
  const flags = [...sandboxFlags(), '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`];
  const child = spawn(runtime.path, [...flags, folder], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const client = await connectProbe(child);
  return {
    ...client,
    version: runtime.version,
    close: async () => {
      await client.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
