import type { Clock, Disposable } from '../ports/clock';

/** Does something once nothing has happened for a while. */
export interface Debounce extends Disposable {
  /** Something has happened: waits anew. */
  trigger(): void;
  /** Does at once what is due; nothing where nothing has happened since. */
  flush(): void;
}

/**
 * Makes one.
 * @param restMs how long nothing must happen
 * @param action what is done then
 */
export function createDebounce(clock: Clock, restMs: number, action: () => void): Debounce {
  let timer: Disposable | null = null;
  const dispose = (): void => {
    timer?.dispose();
    timer = null;
  };
  return {
    trigger: () => {
      dispose();
      timer = clock.schedule(restMs, () => {
        timer = null;
        action();
      });
    },
    flush: () => {
      if (timer === null) return;
      dispose();
      action();
    },
    dispose,
  };
}
