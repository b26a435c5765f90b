import type { Clock, Disposable } from '../ports/clock';

/** Does something very soon, once for all who request it until then; nothing any more once it was disposed of. */
export interface Coalesced extends Disposable {
  request(): void;
  /** Does it at once; nothing is left to do of what was requested. */
  run(): void;
  /** Does at once what was requested; nothing where nothing was. */
  flush(): void;
}

/** Makes one. @param action what is done */
export function createCoalesced(clock: Clock, action: () => void): Coalesced {
  let planned: Disposable | null = null;
  let isDisposed = false;
  const cancel = (): void => {
    planned?.dispose();
    planned = null;
  };
  const run = (): void => {
    cancel();
    if (!isDisposed) action();
  };
  return {
    request: () => {
      if (!isDisposed) planned ??= clock.schedule(0, run);
    },
    run,
    flush: () => {
      if (planned !== null) run();
    },
    dispose: () => {
      isDisposed = true;
      cancel();
    },
  };
}
