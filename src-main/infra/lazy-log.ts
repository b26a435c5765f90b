import type { Disposable } from '../core/ports/clock';
import type { Log } from '../core/ports/desktop';
import { loadOnce } from './load-once';

/** Lines kept while the library cannot be loaded: what came first tells most of why. */
const maxWaitingLines = 500;

/**
 * A log whose library is loaded with the first line: nothing is written as a rule before the window is there, and the
 * window must not wait for it. What is written meanwhile follows in its order; where loading fails, the next line tries
 * again.
 * @param load makes the log itself
 */
export function createLazyLog(load: () => Promise<Log & Disposable>): Log & Disposable {
  const loaded = loadOnce(load);
  let log: (Log & Disposable) | null = null;
  let isOpening = false;
  let waiting: Parameters<Log['write']>[] = [];
  let disposed = false;

  const open = async (): Promise<void> => {
    isOpening = true;
    try {
      log = await loaded();
    } catch {
      return;
    } finally {
      isOpening = false;
    }
    for (const line of waiting) log.write(...line);
    waiting = [];
    if (disposed) log.dispose();
  };

  return {
    write: (...line) => {
      if (disposed) return;
      if (log !== null) {
        log.write(...line);
        return;
      }
      if (waiting.length < maxWaitingLines) waiting.push(line);
      if (!isOpening) void open();
    },
    dispose: () => {
      disposed = true;
      log?.dispose();
    },
  };
}
