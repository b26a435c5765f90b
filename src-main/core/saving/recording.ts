import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { RecordingDetails } from '@shared/domain/recording';
import { summaryOf } from '@shared/domain/recording';
import { recordingFileName } from './file-name';
import type { Remains } from './finish';
import { saveWhole } from './finish';
import type { JobWork, SavedFile } from './job';
import type { SaveFiles } from '../ports/saving';
import type { TransferServices } from './transfer';
import { isTransient, transferAudio, withRetries } from './transfer';

/** What saving a recording needs. */
export interface SaveServices extends TransferServices {
  readonly details: (id: string) => Promise<Result<RecordingDetails>>;
  readonly files: SaveFiles;
  /** IANA; the computer's own where left out. */
  readonly timeZone?: string | undefined;
}

/** What is saved, and where. */
export interface SaveOrder extends Remains {
  readonly recordingId: string;
  readonly folder: string;
  /** Null: made from the template, once the details are known. */
  readonly fileName: string | null;
  readonly template: string;
  /** Where they are known already. */
  readonly details: RecordingDetails | null;
}

/**
 * Saves one recording as MP3 (API reference §4, §5). Only a whole file gets its name; until then there is a part file
 * beside it, and after a failure nothing, or what a later attempt goes on with.
 */
export async function saveRecording(
  job: JobWork,
  services: SaveServices,
  order: SaveOrder,
): Promise<Result<SavedFile>> {
  let known = order.details;
  const learn = async (): Promise<Result<RecordingDetails>> => {
    if (known !== null) return succeed(known);
    const answer = await withRetries(job, services, () => services.details(order.recordingId));
    if (answer.ok) known = answer.value;
    return answer;
  };
  const nameOf = (details: RecordingDetails): string =>
    order.fileName ?? recordingFileName(order.template, summaryOf(details), '.mp3', services.timeZone);

  return saveWhole(job, services, order, {
    // Before the download: where nothing can be written, nothing is asked of the server.
    begin: async () => {
      const details = await learn();
      if (!details.ok) return details;
      const fileName = nameOf(details.value);
      job.name(fileName);
      return services.files.create(order.folder, details.value.sizeBytes, fileName);
    },
    fill: async (arrival) => {
      const details = await learn();
      if (!details.ok) return { filled: details, mayGoOn: true };
      const fileName = nameOf(details.value);
      job.name(fileName);
      job.startAt(arrival.part.sizeBytes);
      const moved = await transferAudio(job, services, details.value, arrival);
      const amount = arrival.part.sizeBytes;
      if (moved.ok) {
        const { verification } = moved.value;
        return { filled: succeed({ verification, amount, fileName }), mayGoOn: true };
      }
      // What has a field is a doubt about what has arrived, not a cut.
      const mayGoOn = isTransient(moved.error) && moved.error.detail.field === undefined && amount > 0;
      return { filled: moved, mayGoOn };
    },
  });
}
