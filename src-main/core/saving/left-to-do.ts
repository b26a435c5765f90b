import type { Job } from './job';
import type { SaveOrder } from './order';
import type { RememberedSave } from './queue-file';
import { isFileCode } from './queue-file';
import { isTransient } from './transfer';

/* Decides which saves of the queue go on after a restart. */

/** A save of the queue, as far as it matters here. */
export type QueuedSave = Pick<SaveOrder, 'recordingId' | 'folder' | 'template'> & {
  readonly job: Pick<Job, 'view' | 'isHeld' | 'failure'>;
};

/** What is left to do of a queue. A list or a package is soon asked for again; recordings go on after a restart. */
export function leftToDo(saves: readonly QueuedSave[]): readonly RememberedSave[] {
  return saves.flatMap(({ job, recordingId, folder, template }) => {
    if (recordingId === null || template === null) return [];
    const { status } = job.view();
    if (status === 'done' || status === 'cancelled') return [];
    const save = { recordingId, folder, template, paused: job.isHeld() };
    const error = job.failure();
    if (error === null) return [save];
    if (isFileCode(error.code)) return [{ ...save, failed: error.code }];
    // What the server has refused it would refuse again, and count as another download.
    return isTransient(error) || error.code === 'signed-out' ? [save] : [];
  });
}

/** Of what is remembered, what is not in the queue yet: what goes to another folder is another save. */
export function notQueued(
  remembered: readonly RememberedSave[],
  queue: readonly Pick<SaveOrder, 'recordingId' | 'folder'>[],
): readonly RememberedSave[] {
  const keyOf = ({ recordingId, folder }: Pick<SaveOrder, 'recordingId' | 'folder'>): string =>
    `${recordingId} ${folder}`;
  const queued = new Set(queue.map(keyOf));
  return remembered.filter((save) => !queued.has(keyOf(save)));
}
