import type { Clock, Disposable } from '../ports/clock';

/** Does something at once, but not more often than every so many ms; what was triggered meanwhile is done after that. */
export interface Throttle extends Disposable {
  trigger(): void;
}

/**
 * Makes one.
 * @param restMs the least time between two times
 * @param action what is done
 */
export function createThrottle(clock: Clock, restMs: number, action: () => void): Throttle {
  let resting: Disposable | null = null;
  let isTriggered = false;
  const act = (): void => {
    isTriggered = false;
    resting = clock.schedule(restMs, () => {
      resting = null;
      if (isTriggered) act();
    });
    action();
  };
  return {
    trigger: () => {
      if (resting === null) act();
      else isTriggered = true;
    },
    dispose: () => {
      resting?.dispose();
    },
  };
}
