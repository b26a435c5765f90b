import type { Result } from '../../shared/errors';
import { fail, succeed } from '../../shared/errors';
import type { ChannelArguments } from '../../shared/ipc-contract';
import type { RecordingsPage } from '../../shared/recording';
import { matchesFilter } from '../../shared/recording-match';
import { byteOrderMark, csvHeader, csvRow } from './csv';
import type { Remains } from './finish';
import { keepWhole } from './finish';
import type { JobWork, Kept } from './job';
import type { KeepFiles, PartFile } from './ports';
import type { TransferServices } from './transfer';
import { withRetries } from './transfer';

/** As many as the server is asked for at a time. */
const pageSize = 200;
/** Pages in a row without anything new: a server that ignores paging would otherwise be asked for ever. */
const mostStalePages = 3;
/** How often the list is gone through again for what had moved to a page that was read before. */
const mostPasses = 3;

/** What exporting a list needs. */
export interface ExportServices extends TransferServices {
  readonly list: (query: ChannelArguments<'listRecordings'>) => Promise<Result<RecordingsPage>>;
  readonly files: KeepFiles;
  readonly timeZone?: string | undefined;
}

/** Which list, and where it goes. */
export interface ExportOrder extends Remains {
  readonly query: ChannelArguments<'exportList'>;
  /** Whose recordings they are. */
  readonly ownerUsername: string;
  readonly folder: string;
  readonly fileName: string;
}

/**
 * Writes all recordings that a filter finds as CSV (RFC 4180, CRLF, UTF-8 with a byte order mark), page by page. New
 * recordings shift every page while it runs (API reference §3), so that a row may come twice and another be missed:
 * rows are told apart by id, and what is missing at the end is looked for again.
 */
export async function exportList(
  job: JobWork,
  services: ExportServices,
  order: ExportOrder,
): Promise<Result<Kept>> {
  return keepWhole(job, services, order, {
    begin: () => services.files.create(order.folder, 0, order.fileName),
    fill: async ({ part }) => {
      const written = await writeList(job, services, order, part);
      if (!written.ok) return { filled: written, mayGoOn: false };
      const { fileName } = order;
      return { filled: succeed({ verification: null, amount: written.value, fileName }), mayGoOn: true };
    },
  });
}

async function writeList(
  job: JobWork,
  services: ExportServices,
  { query: wanted, ownerUsername }: ExportOrder,
  part: PartFile,
): Promise<Result<number>> {
  const { length: _length, number: _number, ...query } = wanted;
  const encoder = new TextEncoder();
  const seen = new Set<string>();
  let total = 0;
  let rows = 0;
  /** Whether recordings came or went on the way: one that was removed moves another to a page that was read before. */
  let hasMoved = false;

  const append = (text: string): Promise<Result<null>> => part.write(encoder.encode(text));

  /** One way through the list, from the newest on. */
  const pass = async (): Promise<Result<null>> => {
    let stale = 0;
    hasMoved = false;
    for (let page = 0; ; page += 1) {
      const answer = await withRetries(job, services, () => services.list({ ...query, page, pageSize }));
      if (!answer.ok) return answer;
      const { recordings, totalCount } = answer.value;
      if (page > 0 && totalCount !== total) hasMoved = true;
      total = totalCount;
      const fresh = recordings.filter(({ id }) => !seen.has(id) && seen.add(id));
      // The server knows nothing of lengths and spellings, and may ignore a filter.
      const found = fresh.filter((row) => matchesFilter(row, { ...wanted, ownerUsername }));
      const written = await append(found.map((row) => csvRow(row, services.timeZone)).join(''));
      if (!written.ok) return written;
      rows += found.length;
      job.advance(seen.size, Math.max(total, seen.size));
      stale = fresh.length === 0 ? stale + 1 : 0;
      if (recordings.length === 0 || stale >= mostStalePages) return succeed(null);
      // The last page is known by what it lacks, since `totalCount` may change and pages may be shorter than asked.
      if (recordings.length < pageSize && seen.size >= total) return succeed(null);
      if (!(await job.checkpoint())) {
        if (job.signal.aborted || !(await job.enter(true))) return job.stopped();
      }
    }
  };

  const begun = await append(byteOrderMark + csvHeader());
  if (!begun.ok) return begun;
  for (let passes = 0; passes < mostPasses; passes += 1) {
    const before = seen.size;
    const gone = await pass();
    if (!gone.ok) return gone;
    // Also without anything missing by number: what was removed is still among what was seen.
    if (!hasMoved && (seen.size >= total || seen.size === before)) break;
  }
  if (job.signal.aborted) return fail('cancelled', 'file');
  // On the way it counts what was looked through; what is told of the file is what is in it.
  job.advance(rows, rows);
  return succeed(rows);
}
