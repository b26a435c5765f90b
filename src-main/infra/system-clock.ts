import { uptime } from 'node:os';

import type { Clock } from '../core/ports/clock';

/** What the clock reads, all in ms. */
export interface TimeSources {
  /** Never goes back; may stand still while the computer sleeps. */
  readonly monotonicNow: () => number;
  /** Since the computer was started, sleep included; null where that tells nothing more. */
  readonly uptimeNow: (() => number) | null;
}

/** The kernel tells the uptime in hundredths of a second: a smaller difference is none, ms. */
const minSleepMs = 500;

/**
 * Linux stops its monotonic clock in sleep, and counts the uptime on; elsewhere the monotonic clock counts the sleep
 * itself.
 */
const systemSources: TimeSources = {
  monotonicNow: () => performance.now(),
  uptimeNow: process.platform === 'linux' ? () => uptime() * 1_000 : null,
};

/**
 * The computer's own time: its wall clock, its monotonic clock, its timers. What was true before a sleep is as old
 * afterwards as the sleep was long, even where nobody has told of the sleep.
 */
export function createSystemClock({ monotonicNow, uptimeNow }: TimeSources = systemSources): Clock {
  let sleptMs = 0;
  let ahead = uptimeNow === null ? 0 : uptimeNow() - monotonicNow();
  return {
    wallNow: () => Date.now(),
    monotonicNow: () => {
      const now = monotonicNow();
      if (uptimeNow !== null) {
        const aheadNow = uptimeNow() - now;
        if (aheadNow - ahead >= minSleepMs) {
          sleptMs += aheadNow - ahead;
          ahead = aheadNow;
        }
      }
      return now + sleptMs;
    },
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
