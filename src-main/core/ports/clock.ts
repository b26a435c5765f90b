/** Something that was started and can be ended; ending it twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Time, injected. */
export interface Clock {
  /** This computer's wall clock, epoch ms: may be wrong and may jump. For showing only. */
  wallNow(): number;
  /** ms since an arbitrary moment; never goes back. */
  monotonicNow(): number;
  /** Calls back once after `delayMs`; disposing the answer prevents it. */
  schedule(delayMs: number, callback: () => void): Disposable;
}

/** A source of chance, 0 (included) to 1 (excluded); injected so that jitter can be tested. */
export type Random = () => number;
