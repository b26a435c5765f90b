import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { Job } from './job';
import type { Removals } from '../removals';

/* Cancels saves so that it can be undone for a moment without another download. */

/** What cancelling needs. */
export interface CancellingOptions {
  readonly removals: Removals;
  /** Called when some were cancelled for good. */
  readonly carriedOut: () => void;
  /** Called when some are to go on. */
  readonly undone: (jobs: ReadonlySet<Job>) => void;
}

/** The saves that were cancelled a moment ago. */
export interface Cancelling {
  /** Cancels those that can be; `not-possible-now` where there is none. */
  cancel(jobs: readonly Job[]): Result<null>;
  /** Whether cancelling it can still be undone. */
  isUndoable(job: Job): boolean;
  /**
   * Lets go of connections that are kept for an undo where more than `maxOpen` are open: the light must never wait.
   * @param jobs all of the queue
   */
  spareConnections(jobs: readonly Job[], maxOpen: number): void;
}

/** Makes it; nothing is cancelled yet. */
export function createCancelling({ removals, carriedOut, undone }: CancellingOptions): Cancelling {
  /** Saves by the cancelling that set them aside and can still be undone, oldest first. */
  const aside = new Map<Job, object>();

  return {
    cancel: (wanted) => {
      const jobs = wanted.filter((job) => job.setAside().ok);
      if (jobs.length === 0) return fail('not-possible-now', 'file');
      const cancelling = {};
      for (const job of jobs) {
        aside.delete(job);
        aside.set(job, cancelling);
      }
      /** What this has set aside, and nothing else since. All at once: the rest is looked through with every change. */
      const take = (): ReadonlySet<Job> => {
        const own = new Set(jobs.filter((job) => aside.get(job) === cancelling));
        for (const job of own) aside.delete(job);
        return own;
      };
      removals.begin({
        kind: 'saves',
        ids: jobs.map(({ id }) => id),
        recordingId: null,
        carryOut: () => {
          for (const job of take()) if (job.isAside()) job.cancel();
          carriedOut();
        },
        undo: () => {
          undone(take());
        },
      });
      return succeed(null);
    },
    isUndoable: (job) => aside.has(job),
    spareConnections: (jobs, maxOpen) => {
      if (aside.size === 0) return;
      let open = jobs.filter((job) => job.isConnected()).length;
      for (const job of aside.keys()) {
        if (open <= maxOpen) break;
        if (!job.isAside() || !job.isConnected()) continue;
        open -= 1;
        job.letGo();
      }
    },
  };
}
