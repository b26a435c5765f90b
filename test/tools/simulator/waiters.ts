/** Lets tests await a condition on state that changes, instead of sleeping. */
export class Waiters {
  private readonly checks = new Set<() => void>();

  /** To be called after every change. */
  changed(): void {
    for (const check of [...this.checks]) check();
  }

  /**
   * Resolves with the first value `find` gives, looking now and after every change.
   * @param what named in the error.
   * @throws Error when `timeoutMs` pass without one.
   */
  wait<T>(find: () => T | undefined, timeoutMs: number, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.checks.delete(check);
      };
      const check = (): void => {
        const found = find();
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`No ${what} within ${timeoutMs} ms.`));
      }, timeoutMs);
      this.checks.add(check);
      check();
    });
  }
}
