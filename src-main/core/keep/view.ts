import type { KeepView, SaveJobView, SaveStatus } from '../../shared/keep';
import { emptyKeepView } from '../../shared/keep';

/** How many jobs a window is shown. */
const mostJobs = 100;

/**
 * How many more that have failed, once nothing is under way: as many as are saved at once, each of which somebody must
 * hear of. Before that they would have to be told again with every step.
 */
const mostFailed = 500;

/** What matters most comes first. */
const order: Readonly<Record<SaveStatus, number>> = {
  downloading: 0,
  verifying: 0,
  paused: 1,
  queued: 2,
  failed: 3,
  cancelled: 4,
  done: 5,
};

const isEnded = (status: SaveStatus): boolean => order[status] >= order.failed;

/**
 * What a window is shown of the queue.
 * @param jobs in the order in which they were queued
 */
export function keepView(jobs: readonly SaveJobView[]): KeepView {
  if (jobs.length === 0) return emptyKeepView();
  const counts = { ...emptyKeepView().counts };
  let bytesPerSecond: number | null = null;
  for (const { status, bytesPerSecond: speed } of jobs) {
    counts[status] += 1;
    if (speed !== null) bytesPerSecond = (bytesPerSecond ?? 0) + speed;
  }
  const sorted = jobs
    .map((job, index) => ({ job, index }))
    .sort((a, b) => {
      const byStatus = order[a.job.status] - order[b.job.status];
      if (byStatus !== 0) return byStatus;
      return isEnded(a.job.status) ? b.index - a.index : a.index - b.index;
    })
    .map(({ job }) => job);
  const isAtRest = jobs.every(({ status }) => isEnded(status));
  let failed = 0;
  let others = 0;
  const shown = sorted.filter(({ status }) =>
    isAtRest && status === 'failed' ? (failed += 1) <= mostFailed : (others += 1) <= mostJobs,
  );
  return { counts, jobs: shown, hidden: sorted.length - shown.length, bytesPerSecond };
}
