/** The server's two clocks: the wall clock its answers are dated with, and one that only ever runs forward. */
export interface Clock {
  /** The server's wall time in epoch milliseconds, skew included. */
  now(): number;
  /** Milliseconds on a monotonic clock of arbitrary origin; never skewed. */
  monotonic(): number;
  /** Milliseconds by which the server's wall clock is wrong; may be changed at any time. */
  skewMs: number;
  /** Parts in a million by which the server's wall clock runs fast since its start; may be changed at any time. */
  driftPpm: number;
}

/**
 * Makes the simulator's clock.
 * @param start epoch milliseconds at which the server's wall clock starts (it runs on from there), or a function
 *   that answers the wall time itself; the machine's own clock where left out.
 */
export function createClock(start?: number | (() => number)): Clock {
  const origin = performance.now();
  const wall =
    typeof start === 'function'
      ? start
      : typeof start === 'number'
        ? () => start + (performance.now() - origin)
        : () => Date.now();
  const clock: Clock = {
    now: () => Math.round(wall() + clock.skewMs + ((performance.now() - origin) * clock.driftPpm) / 1e6),
    monotonic: () => performance.now(),
    skewMs: 0,
    driftPpm: 0,
  };
  return clock;
}
