import type { Disposable, Log } from '../core/ports';

/**
 * A log whose library is loaded with the first line: nothing is written as a rule before the window is there, and the
 * window must not wait for it. What is written meanwhile follows in its order.
 * @param load makes the log itself
 */
export function createLazyLog(load: () => Promise<Log & Disposable>): Log & Disposable {
  let log: (Log & Disposable) | null = null;
  let waiting: Parameters<Log['write']>[] | null = null;
  let disposed = false;

  const open = async (): Promise<void> => {
    log = await load();
    for (const line of waiting ?? []) log.write(...line);
    waiting = null;
    if (disposed) log.dispose();
  };

  return {
    write: (...line) => {
      if (disposed) return;
      if (log !== null) {
        log.write(...line);
        return;
      }
      if (waiting === null) {
        waiting = [];
        void open();
      }
      waiting.push(line);
    },
    dispose: () => {
      disposed = true;
      log?.dispose();
    },
  };
}
