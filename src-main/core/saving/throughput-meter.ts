import type { Clock } from '../ports/clock';

/** Over how long the speed is smoothed, ms: shorter is restless, longer tells of a network that is no more. */
const smoothingMs = 2_000;
/** Pieces closer together than this count as one. */
const sampleMs = 100;
/** What nothing was added to for so long stands still, ms. */
const stillMs = 3_000;

/** How fast something arrives. */
export interface ThroughputMeter {
  /** Counts bytes that have just arrived. */
  add(bytes: number): void;
  /** Bytes per second, smoothed; null before there is anything to tell. */
  perSecond(): number | null;
  /** Forgets everything: after a pause the past says nothing. */
  reset(): void;
}

/** Makes a speedometer: an exponentially weighted mean over the time between the pieces. */
export function createThroughputMeter(clock: Clock): ThroughputMeter {
  let since = clock.monotonicNow();
  let collected = 0;
  let mean: number | null = null;

  return {
    add: (bytes) => {
      collected += bytes;
      const elapsed = clock.monotonicNow() - since;
      if (elapsed < sampleMs) return;
      const now = (collected * 1_000) / elapsed;
      const weight = 1 - Math.exp(-elapsed / smoothingMs);
      mean = mean === null ? now : mean + weight * (now - mean);
      collected = 0;
      since += elapsed;
    },
    perSecond: () => {
      if (mean === null) return null;
      return clock.monotonicNow() - since > stillMs ? 0 : Math.round(mean);
    },
    reset: () => {
      since = clock.monotonicNow();
      collected = 0;
      mean = null;
    },
  };
}
