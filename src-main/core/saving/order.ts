import type { Result } from '@shared/domain/errors';
import type { RecordingDetails } from '@shared/domain/recording';
import type { SaveKind } from '@shared/domain/saves';
import type { ChannelArguments } from '@shared/ipc/contract';
import type { SavingOptions, SavingSession } from './contract';
import { saveEvidence } from './evidence';
import { recordingFileName } from './file-name';
import type { Remains } from './finish';
import type { JobWork, SavedFile } from './job';
import { exportList } from './list';
import type { SaveTarget } from '../ports/saving';
import { saveRecording } from './recording';
import type { TransferServices } from './transfer';

/* Describes what is to be saved, and where, before its job is made. */

/** One save that is to be made. */
export interface SaveOrder {
  readonly kind: SaveKind;
  readonly recordingId: string | null;
  /** What it is called, as far as that is known. */
  readonly fileName: string | null;
  readonly folder: string;
  /** What its name is made of; null for what does not go on after a restart. */
  readonly template: string | null;
  readonly work: (job: JobWork, services: TransferServices, remains: Remains) => Promise<Result<SavedFile>>;
}

/** What the work of any order needs beside the server. */
export type OrderServices = Pick<
  SavingOptions,
  | 'clock'
  | 'files'
  | 'details'
  | 'summary'
  | 'list'
  | 'makeArchive'
  | 'makeWorkbook'
  | 'locale'
  | 'print'
  | 'digest'
  | 'appVersion'
  | 'timeZone'
>;

/** What a file will most likely be called: the details, which decide, may not be had. */
function likelyName(
  { summary, timeZone }: OrderServices,
  recordingId: string,
  template: string,
): string | null {
  const known = summary(recordingId);
  return known === null ? null : recordingFileName(template, known, '.mp3', timeZone);
}

/**
 * An order for one recording.
 * @param order its `fileName` where the user has chosen one, its `details` where they are known
 */
export function recordingOrder(
  options: OrderServices,
  order: {
    readonly recordingId: string;
    readonly folder: string;
    readonly fileName: string | null;
    readonly template: string;
    readonly details: RecordingDetails | null;
  },
): SaveOrder {
  const { recordingId, folder, template } = order;
  const { details, files, timeZone } = options;
  return {
    kind: 'recording',
    recordingId,
    folder,
    fileName: order.fileName ?? likelyName(options, recordingId, template),
    template,
    work: (job, services, remains) =>
      saveRecording(job, { ...services, details, files, timeZone }, { ...order, ...remains }),
  };
}

/** An order for a list of recordings. */
export function listOrder(
  options: OrderServices,
  { username }: SavingSession,
  query: ChannelArguments<'exportList'>,
  { folder, fileName }: SaveTarget,
): SaveOrder {
  const { list, files, timeZone, makeWorkbook, locale } = options;
  return {
    kind: 'list',
    template: null,
    recordingId: null,
    folder,
    fileName,
    work: (job, services, remains) =>
      exportList(
        job,
        { ...services, list, files, timeZone, makeWorkbook, locale: locale() },
        { query, ownerUsername: username, folder, fileName, ...remains },
      ),
  };
}

/** An order for an evidence package. @param template of the names in it */
export function evidenceOrder(
  options: OrderServices,
  { serverAddress, username }: SavingSession,
  recordingIds: readonly string[],
  { folder, fileName }: SaveTarget,
  template: string,
): SaveOrder {
  const { clock, details, files, timeZone, makeArchive, print, digest, appVersion } = options;
  return {
    kind: 'evidence',
    template: null,
    recordingId: null,
    folder,
    fileName,
    work: (job, services, remains) => {
      const origin = { serverAddress, username, appVersion, createdAt: clock.wallNow() };
      return saveEvidence(
        job,
        { ...services, details, files, timeZone, makeArchive, print, digest },
        { recordingIds, folder, fileName, template, origin, ...remains },
      );
    },
  };
}
