/** Places for what may run at the same time. */
export interface Semaphore {
  /**
   * Takes a place, as soon as there is one; first come, first served.
   * @param signal gives up waiting
   * @param goesOn whether it had a place before, and so goes before all that have not begun
   * @returns whether a place was taken
   */
  take(signal: AbortSignal, goesOn: boolean): Promise<boolean>;
  give(): void;
}

/**
 * Makes places.
 * @param count how many
 */
export function createSemaphore(count: number): Semaphore {
  let free = count;
  type Waiting = (taken: boolean) => void;
  const goingOn = new Set<Waiting>();
  const beginning = new Set<Waiting>();

  return {
    take: (signal, goesOn) => {
      if (signal.aborted) return Promise.resolve(false);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(true);
      }
      const waiting = goesOn ? goingOn : beginning;
      return new Promise((resolve) => {
        const settle = (taken: boolean): void => {
          waiting.delete(settle);
          signal.removeEventListener('abort', leave);
          resolve(taken);
        };
        const leave = (): void => {
          settle(false);
        };
        waiting.add(settle);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    give: () => {
      // Hand the permit over without releasing it, so that no later caller gets it first.
      const [next] = goingOn.size > 0 ? goingOn : beginning;
      if (next === undefined) free += 1;
      else next(true);
    },
  };
}
