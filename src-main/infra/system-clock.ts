import type { Clock } from '../core/ports';

/** The computer's own time: its wall clock, its monotonic clock, its timers. */
export function createSystemClock(): Clock {
  return {
    wallNow: () => Date.now(),
    monotonicNow: () => performance.now(),
    schedule: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return {
        dispose: () => {
          clearTimeout(timer);
        },
      };
    },
  };
}
