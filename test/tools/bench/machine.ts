import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { dirname, join } from 'node:path';

/** The Electron that both apps run on. */
export interface Runtime {
  readonly electron: string;
}

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  /** Runnable processes, mean of the last minute before the bench: other work makes figures worse. */
  readonly loadBefore: number;
}

/** @param executable of the Electron; its version lies beside it */
export async function describeRuntime(executable: string): Promise<Runtime> {
  const version = await readFile(join(dirname(executable), 'version'), 'utf8').catch(() => 'unknown');
  return { electron: version.trim().replace(/^v/, '') };
}

/** Describes this machine, without its name. */
export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: cpus.length,
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    os: `${os.type()} ${os.release().split('-')[0] ?? ''} ${os.arch()}`,
    node: process.versions.node,
    loadBefore: Math.round((os.loadavg()[0] ?? 0) * 100) / 100,
  };
}
