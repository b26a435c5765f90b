import type { Disposable } from '../../src-main/core/ports';

/** A timer; disposing it takes it out of its heap at once. */
export interface Timer extends Disposable {
  /** When it fires, ms. */
  readonly at: number;
  readonly callback: () => void;
}

/** Timers by time, and those of the same time in the order in which they were set. */
export class TimerHeap {
  readonly #timers: HeapTimer[] = [];
  #order = 0;

  /** How many timers are pending. */
  get size(): number {
    return this.#timers.length;
  }

  add(at: number, callback: () => void): Timer {
    const timer = new HeapTimer(this, at, this.#order++, callback);
    this.#rise(timer, this.#timers.length);
    return timer;
  }

  /** The next timer, left where it is. */
  peek(): Timer | null {
    return this.#timers[0] ?? null;
  }

  /** Takes a timer out; harmless where it is out already. */
  remove(timer: HeapTimer): void {
    const { index } = timer;
    if (index < 0) return;
    timer.index = -1;
    const last = this.#timers.pop()!;
    if (last === timer) return;
    // What takes its place may belong further up or further down.
    if (index > 0 && isBefore(last, this.#timers[(index - 1) >> 1]!)) this.#rise(last, index);
    else this.#sink(last, index);
  }

  #rise(timer: HeapTimer, from: number): void {
    const timers = this.#timers;
    let index = from;
    while (index > 0) {
      const parent = timers[(index - 1) >> 1]!;
      if (!isBefore(timer, parent)) break;
      timers[index] = parent;
      parent.index = index;
      index = (index - 1) >> 1;
    }
    timers[index] = timer;
    timer.index = index;
  }

  #sink(timer: HeapTimer, from: number): void {
    const timers = this.#timers;
    let index = from;
    for (let child = 2 * index + 1; child < timers.length; child = 2 * index + 1) {
      if (child + 1 < timers.length && isBefore(timers[child + 1]!, timers[child]!)) child += 1;
      const next = timers[child]!;
      if (!isBefore(next, timer)) break;
      timers[index] = next;
      next.index = index;
      index = child;
    }
    timers[index] = timer;
    timer.index = index;
  }
}

class HeapTimer implements Timer {
  /** Where it lies in the heap; -1 where it is out of it. */
  index = -1;

  constructor(
    readonly heap: TimerHeap,
    readonly at: number,
    readonly order: number,
    readonly callback: () => void,
  ) {}

  dispose(): void {
    this.heap.remove(this);
  }
}

function isBefore(a: HeapTimer, b: HeapTimer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
