import type { RecLight } from './reclight';

/** Memory of a process, bytes. */
export interface Memory {
  /** Outside of the heap: sound, files, what the network brings. */
  readonly external: number;
  /** All that is its own. */
  readonly whole: number;
}

/** Lets the main process collect its garbage; the second time what the first one has let go of. */
export async function collectGarbage({ app }: RecLight): Promise<void> {
  await app.evaluate(async () => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  });
}

/** What the main process has, after a collection. */
export async function mainMemory(reclight: RecLight): Promise<Memory> {
  await collectGarbage(reclight);
  return reclight.app.evaluate(async () => {
    const { private: kilobytes } = await process.getProcessMemoryInfo();
    return { external: process.memoryUsage().external, whole: kilobytes * 1_024 };
  });
}
