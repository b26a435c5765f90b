import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { Arrival, WholeFile } from './arrival';
import { createArrival } from './arrival';
import type { JobWork, SavedFile } from './job';
import type { PartFile } from '../ports/saving';
import type { TransferServices } from './transfer';
import { mayGoOn, withRetries } from './transfer';

/** What a failed save leaves to a later attempt of the same job. */
export interface Remains {
  /** Takes what an earlier attempt has left; null: nothing. */
  begun(): Arrival | null;
  /** Leaves what has arrived to a later attempt. */
  leave(arrival: Arrival): Promise<void>;
}

/**
 * The last step: gives what has arrived whole its name. Something else that holds the file for a moment (a virus
 * scanner) makes it fail, so that it is tried again; and after that the file is left to a later attempt, which costs no
 * download.
 */
async function finish(
  job: JobWork,
  services: TransferServices,
  part: PartFile,
  whole: WholeFile,
): Promise<Result<SavedFile>> {
  const committed = await withRetries(
    job,
    services,
    () => {
      job.verify();
      return part.commit(whole.fileName);
    },
    ({ code }) => part.isWhole && code === 'file-unwritable',
  );
  if (!committed.ok) return committed;
  return succeed({ fileName: committed.value, verification: whole.verification });
}

/** What filling a file came to. */
export interface Filling {
  readonly filled: Result<WholeFile>;
  /** Where it failed: whether a later attempt may go on with what has arrived. */
  readonly mayGoOn: boolean;
}

/**
 * Fills a file and gives it its name; or gives it its name only, where an earlier attempt has filled it. What is whole
 * outlives every failure of the last step, but not who ends the save.
 * @param steps.begin makes an empty file
 * @param steps.fill fills it
 */
export async function saveWhole(
  job: JobWork,
  services: TransferServices,
  remains: Remains,
  steps: {
    readonly begin: () => Promise<Result<PartFile>>;
    readonly fill: (arrival: Arrival) => Promise<Filling>;
  },
): Promise<Result<SavedFile>> {
  let arrival = remains.begun();
  if (arrival === null) {
    const begun = await steps.begin();
    if (!begun.ok) return begun;
    arrival = createArrival(begun.value);
  }
  let isLeft = false;
  try {
    let whole = arrival.whole();
    if (whole !== null) {
      job.startAt(whole.amount);
      job.advance(whole.amount, whole.amount);
    } else {
      const filling = await steps.fill(arrival);
      if (!filling.filled.ok) {
        isLeft = filling.mayGoOn && !job.signal.aborted;
        return filling.filled;
      }
      whole = filling.filled.value;
      arrival.complete(whole);
    }
    // A save that was paused or cancelled meanwhile must not get its final name.
    if (!(await mayGoOn(job))) return job.stopped();
    const kept = await finish(job, services, arrival.part, whole);
    isLeft = !kept.ok && arrival.part.isWhole && !job.signal.aborted;
    return kept;
  } finally {
    await (isLeft ? remains.leave(arrival) : arrival.part.discard());
  }
}
