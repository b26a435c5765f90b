import type { Clock, Disposable } from '../../src-main/core/ports';

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Lets everything that was resolved run to its end; the event loop's check phase comes after all microtasks. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Time that passes only when told to; shared by everything that lives in one virtual world. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #heap: Entry[] = [];
  #live = 0;
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
    return this.#live;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const at = this.#now + Math.max(0, Number.isFinite(delayMs) ? delayMs : 0);
    const entry: Entry = { at, order: this.#order++, callback, cancelled: false };
    this.#push(entry);
    this.#live += 1;
    return {
      dispose: () => {
        if (entry.cancelled) return;
        entry.cancelled = true;
        this.#live -= 1;
      },
    };
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
      const next = this.#peek();
      if (next === null || next.at > end) break;
      const batchEnd = Math.min(end, next.at + grainMs);
      let ran = false;
      for (let entry = this.#peek(); entry !== null && entry.at <= batchEnd; entry = this.#peek()) {
        this.#pop();
        // A timer may have been set while a later one of the batch ran: time never goes back.
        this.#now = Math.max(this.#now, entry.at);
        entry.cancelled = true;
        this.#live -= 1;
        this.fired += 1;
        entry.callback();
        ran = true;
      }
      if (ran) await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Time passes while the machine sleeps: timers that fall due in it fire late, after waking. */
  sleepMachine(ms: number): void {
    this.#now += ms;
  }

  #peek(): Entry | null {
    for (;;) {
      const top = this.#heap[0];
      if (top === undefined) return null;
      if (!top.cancelled) return top;
      this.#pop();
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
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
