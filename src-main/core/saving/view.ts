import type { SavesView, SaveJobView, SaveStatus } from '@shared/domain/saves';
import { emptySavesView } from '@shared/domain/saves';

/** How many jobs a window is shown. */
const maxJobs = 100;

/**
 * How many more that have failed, once nothing is under way: as many as are saved at once, each of which somebody must
 * hear of. Before that they would have to be told again with every step.
 */
const maxFailed = 500;

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

/** Which jobs a window is shown, in the order in which they matter now. */
function choose(jobs: readonly SaveJobView[]): readonly string[] {
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
  return sorted
    .filter(({ status }) =>
      isAtRest && status === 'failed' ? (failed += 1) <= maxFailed : (others += 1) <= maxJobs,
    )
    .map(({ id }) => id);
}

/**
 * Makes what shows a window the queue. A row keeps its place while its save goes on and ends, so that a press meets the
 * save that it was meant for: rows are put in order when saves are added or cleared, and where none of those shown has
 * anything left to do.
 * @returns takes the jobs in the order in which they were queued
 */
export function createSavesView(): (jobs: readonly SaveJobView[]) => SavesView {
  let known: ReadonlySet<string> = new Set();
  let places: readonly string[] = [];

  const place = (byId: ReadonlyMap<string, SaveJobView>): void => {
    const jobs = [...byId.values()];
    const isSame = byId.size === known.size && jobs.every(({ id }) => known.has(id));
    const isLeft = (id: string): boolean => !isEnded(byId.get(id)?.status ?? 'done');
    if (!isSame) {
      known = new Set(byId.keys());
      places = choose(jobs);
    } else if (byId.size > places.length && !places.some(isLeft)) {
      if (jobs.some(({ id }) => isLeft(id))) {
        places = choose(jobs);
        return;
      }
      // All have ended: each failure that was not shown yet follows.
      const shown = new Set(places);
      const more = choose(jobs).filter((id) => !shown.has(id) && byId.get(id)?.status === 'failed');
      places = [...places, ...more];
    }
  };

  return (jobs) => {
    const byId = new Map(jobs.map((job) => [job.id, job]));
    place(byId);
    if (jobs.length === 0) return emptySavesView();
    const counts = { ...emptySavesView().counts };
    let bytesPerSecond: number | null = null;
    for (const { status, bytesPerSecond: speed } of jobs) {
      counts[status] += 1;
      if (speed !== null) bytesPerSecond = (bytesPerSecond ?? 0) + speed;
    }
    const shown = places.flatMap((id) => byId.get(id) ?? []);
    return { counts, jobs: shown, hidden: jobs.length - shown.length, bytesPerSecond };
  };
}
