import { callListeners } from './listeners';

/** What the ticker needs of its surroundings. */
export interface TickerPorts {
  /** `performance.now()`, ms. */
  monotonicNow(): number;
  isVisible(): boolean;
  /** Calls back when the document is shown or hidden. @returns a function that ends it */
  onVisibilityChange(listener: () => void): () => void;
}

/** One clock for everything that ticks. */
export interface Ticker {
  /**
   * Ticks the listener once a second, while the document is visible.
   * @param phaseMs where in the second of the monotonic clock, 0 to 1000
   * @returns a function that ends it
   */
  subscribe(phaseMs: number, listener: () => void): () => void;
  /** The monotonic time of the last tick, ms: does not change between ticks. */
  now(): number;
  dispose(): void;
}

/** A timer may ring a little early; one that rings this late never shows the second before. */
const guardMs = 4;

/**
 * Makes the window's only running timer: it sleeps until the next moment at which some text changes, and stands still
 * when nothing ticks or nobody can see it.
 * @param ports see {@link TickerPorts}
 */
export function createTicker(ports: TickerPorts): Ticker {
  const listeners = new Set<() => void>();
  /** Where in the second each of them ticks, ms. */
  const phases = new Map<() => void, number>();
  let current = ports.monotonicNow();
  let timer: ReturnType<typeof setTimeout> | null = null;

  const untilDue = (phaseMs: number, now: number) => {
    const into = (((now - phaseMs) % 1_000) + 1_000) % 1_000;
    return 1_000 - into;
  };
  const schedule = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (listeners.size === 0 || !ports.isVisible()) return;
    const now = ports.monotonicNow();
    const wait = Math.min(...[...phases.values()].map((phaseMs) => untilDue(phaseMs, now)));
    timer = setTimeout(ring, wait + guardMs);
  };
  const ring = () => {
    current = ports.monotonicNow();
    callListeners(listeners);
    schedule();
  };
  const stopWatching = ports.onVisibilityChange(() => {
    if (ports.isVisible()) ring();
    else schedule();
  });

  return {
    subscribe(phaseMs, listener) {
      // The same function may be subscribed twice.
      const own = () => {
        listener();
      };
      listeners.add(own);
      phases.set(own, phaseMs);
      // A window that becomes visible must not show the time of an old tick.
      current = ports.monotonicNow();
      schedule();
      return () => {
        listeners.delete(own);
        phases.delete(own);
        schedule();
      };
    },
    now: () => current,
    dispose() {
      listeners.clear();
      phases.clear();
      stopWatching();
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
