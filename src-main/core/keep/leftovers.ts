import type { PartFile } from './ports';

/** Part files of failed saves that are kept: each is an open file, and room on the user's disk. */
const mostLeft = 16;

/** What has arrived of saves that failed, so that trying again need not begin at the first byte. */
export interface Leftovers {
  /** Keeps a part file; beyond {@link mostLeft} the oldest is removed. */
  put(jobId: string, part: PartFile): Promise<void>;
  /** Gives it back, and keeps it no longer; null where there is none. */
  take(jobId: string): PartFile | null;
  /** Removes those of all jobs but some. */
  prune(stays: (jobId: string) => boolean): Promise<void>;
}

/** Makes an empty store. */
export function createLeftovers(): Leftovers {
  const parts = new Map<string, PartFile>();
  const drop = async (jobId: string): Promise<void> => {
    const part = parts.get(jobId);
    parts.delete(jobId);
    await part?.discard();
  };
  return {
    put: async (jobId, part) => {
      parts.set(jobId, part);
      const [oldest] = parts.keys();
      if (parts.size > mostLeft && oldest !== undefined) await drop(oldest);
    },
    take: (jobId) => {
      const part = parts.get(jobId) ?? null;
      parts.delete(jobId);
      return part;
    },
    prune: async (stays) => {
      await Promise.all([...parts.keys()].filter((jobId) => !stays(jobId)).map(drop));
    },
  };
}
