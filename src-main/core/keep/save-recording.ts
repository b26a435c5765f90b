import type { Result } from '../../shared/errors';
import { succeed } from '../../shared/errors';
import type { RecordingDetails } from '../../shared/recording';
import { recordingFileName } from './file-name';
import type { JobWork, Kept } from './job';
import type { KeepFiles, PartFile } from './ports';
import type { TransferServices } from './transfer';
import { isPassing, transferAudio, withRetries } from './transfer';

/** What saving a recording needs. */
export interface SaveServices extends TransferServices {
  readonly details: (id: string) => Promise<Result<RecordingDetails>>;
  readonly files: KeepFiles;
  /** IANA; the computer's own where left out. */
  readonly timeZone?: string | undefined;
}

/** What is saved, and where. */
export interface SaveOrder {
  readonly recordingId: string;
  readonly folder: string;
  /** Null: made from the template, once the details are known. */
  readonly fileName: string | null;
  readonly template: string;
  /** Where they are known already. */
  readonly details: RecordingDetails | null;
  /** Takes what an earlier attempt has left; null: nothing. */
  readonly begun: () => PartFile | null;
  /** Leaves what has arrived to a later attempt. */
  readonly leave: (part: PartFile) => Promise<void>;
}

/**
 * Saves one recording as MP3 (API reference §4, §5). Only a whole file gets its name; until then there is a part file
 * beside it, and after a failure nothing, or what a later attempt goes on with.
 */
export async function saveRecording(
  job: JobWork,
  services: SaveServices,
  order: SaveOrder,
): Promise<Result<Kept>> {
  const details =
    order.details === null
      ? await withRetries(job, services, () => services.details(order.recordingId))
      : succeed(order.details);
  if (!details.ok) return details;
  const fileName =
    order.fileName ?? recordingFileName(order.template, summaryOf(details.value), '.mp3', services.timeZone);
  job.name(fileName);

  // Before the download: where nothing can be written, nothing is asked of the server.
  const begun = order.begun();
  const created =
    begun === null ? await services.files.create(order.folder, details.value.sizeBytes) : succeed(begun);
  if (!created.ok) return created;
  const part = created.value;
  job.startAt(part.sizeBytes);
  let isLeft = false;
  try {
    const moved = await transferAudio(job, services, details.value, part);
    // What has a field is a doubt about what has arrived, not a cut.
    isLeft =
      !moved.ok && isPassing(moved.error) && moved.error.detail.field === undefined && part.sizeBytes > 0;
    if (!moved.ok) return moved;
    job.verify();
    const committed = await part.commit(fileName);
    if (!committed.ok) return committed;
    return succeed({ fileName: committed.value, verification: moved.value.verification });
  } finally {
    await (isLeft ? order.leave(part) : part.discard());
  }
}

/** Details as far as a name is made of them. */
export function summaryOf(
  details: RecordingDetails,
): RecordingDetails & { readonly ownerUsername: string | null } {
  return { ...details, ownerUsername: details.owner?.username ?? null };
}
