import type { Log } from '../ports/desktop';

/**
 * Does one of several things that do not depend on one another: a failure is logged, and does not keep the others from
 * being done. Only the kind of the error is written, because its message may hold call data.
 * @param what for the log, a few words without call data
 * @returns whether it was done
 */
export function attempt(log: Log, what: string, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    log.write('error', `${what} failed`, { error: error instanceof Error ? error.name : typeof error });
    return false;
  }
}
