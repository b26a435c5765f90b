/** Keeps every timer of the simulator, so that closing it leaves none behind. */
export class Timers {
  private readonly pending = new Map<NodeJS.Timeout, (() => void) | null>();
  private closed = false;

  /** Runs `action` after `ms`, unless disposed before. Answers a function that cancels it. */
  after(ms: number, action: () => void): () => void {
    return this.schedule(ms, action, null);
  }

  /** Resolves `true` after `ms`, or `false` as soon as the simulator closes. */
  delay(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.schedule(
        ms,
        () => resolve(true),
        () => resolve(false),
      );
    });
  }

  dispose(): void {
    this.closed = true;
    for (const [timer, onDispose] of this.pending) {
      clearTimeout(timer);
      onDispose?.();
    }
    this.pending.clear();
  }

  private schedule(ms: number, action: () => void, onDispose: (() => void) | null): () => void {
    if (this.closed) {
      onDispose?.();
      return () => undefined;
    }
    const timer = setTimeout(() => {
      this.pending.delete(timer);
      action();
    }, ms);
    this.pending.set(timer, onDispose);
    return () => {
      clearTimeout(timer);
      this.pending.delete(timer);
    };
  }
}
