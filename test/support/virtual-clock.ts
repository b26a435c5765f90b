import type { Clock, Disposable } from '../../src-main/core/ports';
import { TimerHeap } from './timer-heap';

/** Lets everything that was resolved run to its end; the event loop's check phase comes after all microtasks. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Time that passes only when told to; shared by everything that lives in one virtual world. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #timers = new TimerHeap();
  #wallOffset: number;
  /** How many callbacks have run. */
  fired = 0;

  /** @param wallStart epoch ms at the beginning */
  constructor(wallStart = Date.UTC(2026, 2, 2, 13, 0, 0)) {
    this.#wallOffset = wallStart;
  }

  wallNow(): number {
    return this.#wallOffset + this.#now;
  }

  monotonicNow(): number {
    return this.#now;
  }

  /** Somebody sets the computer's clock. */
  jumpWall(byMs: number): void {
    this.#wallOffset += byMs;
  }

  /** How many timers are pending. */
  pending(): number {
    return this.#timers.size;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const at = this.#now + Math.max(0, Number.isFinite(delayMs) ? delayMs : 0);
    return this.#timers.add(at, callback);
  }

  /** Resolves after so many virtual ms. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(ms, resolve);
    });
  }

  /**
   * Lets time pass, with everything that happens in it.
   * @param ms how long
   * @param grainMs timers this close together run in one batch: 0 for exact order, more for speed
   */
  async advance(ms: number, grainMs = 0): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#timers.peek();
      if (next === null || next.at > end) break;
      const batchEnd = Math.min(end, next.at + grainMs);
      for (
        let timer = this.#timers.peek();
        timer !== null && timer.at <= batchEnd;
        timer = this.#timers.peek()
      ) {
        timer.dispose();
        // A timer may have been set while a later one of the batch ran: time never goes back.
        this.#now = Math.max(this.#now, timer.at);
        this.fired += 1;
        timer.callback();
      }
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Time passes while the machine sleeps: timers that fall due in it fire late, after waking. */
  sleepMachine(ms: number): void {
    this.#now += ms;
  }
}

/** A small seeded generator (mulberry32): the same seed, the same world. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
