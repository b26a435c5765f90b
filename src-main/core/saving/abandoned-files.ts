import type { Arrival } from './arrival';

/** Unfinished part files of failed saves that are kept: each is an open file, and room on the user's disk. */
const maxUnfinished = 16;

/** What has arrived of saves that failed, so that trying again need not begin at the first byte. */
export interface AbandonedFiles {
  /** Keeps what has arrived; beyond {@link maxUnfinished} the oldest that is not whole is removed. */
  put(jobId: string, arrival: Arrival): Promise<void>;
  /** Gives it back, and keeps it no longer; null where there is none. */
  take(jobId: string): Arrival | null;
  /** Removes those of all jobs but some. */
  prune(stays: (jobId: string) => boolean): Promise<void>;
}

/** Makes an empty store. */
export function createAbandonedFiles(): AbandonedFiles {
  const arrivals = new Map<string, Arrival>();
  const drop = async (jobId: string): Promise<void> => {
    const arrival = arrivals.get(jobId);
    arrivals.delete(jobId);
    await arrival?.part.discard();
  };
  return {
    put: async (jobId, arrival) => {
      arrivals.set(jobId, arrival);
      const unfinished = [...arrivals].filter(([, { whole }]) => whole() === null);
      const [oldest] = unfinished;
      if (unfinished.length > maxUnfinished && oldest !== undefined) await drop(oldest[0]);
    },
    take: (jobId) => {
      const arrival = arrivals.get(jobId) ?? null;
      arrivals.delete(jobId);
      return arrival;
    },
    prune: async (stays) => {
      await Promise.all([...arrivals.keys()].filter((jobId) => !stays(jobId)).map(drop));
    },
  };
}
