import type { RecLight } from './reclight';

/** Memory of a process, bytes. */
export interface Memory {
  /** Outside of the heap: sound, files, what the network brings. */
  readonly external: number;
  /** All that is its own. */
  readonly whole: number;
}

/** What the main process has, after a collection. */
export function mainMemory({ app }: RecLight): Promise<Memory> {
  return app.evaluate(async () => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    const { private: kilobytes } = await process.getProcessMemoryInfo();
    return { external: process.memoryUsage().external, whole: kilobytes * 1_024 };
  });
}
