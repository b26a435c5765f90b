import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { RecordingsPage, RecordingSummary } from '@shared/domain/recording';
import { matchesFilter } from '@shared/domain/recording-filter';
import type { ChannelArguments } from '@shared/ipc/contract';
import { byteOrderMark, csvDialect, csvHeader, csvRow } from './list-csv';
import type { Remains } from './finish';
import { saveWhole } from './finish';
import type { JobWork, SavedFile } from './job';
import { listColumns, listRow } from './list-rows';
import type { SaveFiles, PartFile, WorkbookMaker } from '../ports/saving';
import { savingText } from './messages';
import type { TransferServices } from './transfer';
import { mayGoOn, withRetries } from './transfer';

/** As many as the server is asked for at a time. */
const pageSize = 200;
/** Pages in a row without anything new: a server that ignores paging would otherwise be asked for ever. */
const maxStalePages = 3;
/** How often the list is gone through again for what had moved to a page that was read before. */
const maxPasses = 3;

/** What exporting a list needs. */
export interface ExportServices extends TransferServices {
  readonly list: (query: ChannelArguments<'listRecordings'>) => Promise<Result<RecordingsPage>>;
  readonly files: SaveFiles;
  readonly makeWorkbook: WorkbookMaker;
  /** BCP 47: whose spreadsheets are to read it. */
  readonly locale: string;
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

/** Ends the rows from within; the failure itself is kept beside them. */
class Interrupted extends Error {}

/** What came of going through a list. */
interface Outcome {
  failure: Result<never> | null;
  rows: number;
  unreadable: number;
}

/**
 * Writes all recordings that a filter finds, page by page: as a workbook where the name ends in `.xlsx`, else as CSV
 * (RFC 4180, CRLF, UTF-8 with a byte order mark, separators of the locale). New recordings shift every page while it
 * runs (API reference §3), so that a row may come twice and another be missed: rows are told apart by id, and what is
 * missing at the end is looked for again.
 */
export async function exportList(
  job: JobWork,
  services: ExportServices,
  order: ExportOrder,
): Promise<Result<SavedFile>> {
  return saveWhole(job, services, order, {
    begin: () => services.files.create(order.folder, 0, order.fileName),
    fill: async ({ part }) => {
      const outcome: Outcome = { failure: null, rows: 0, unreadable: 0 };
      const failure = await write(await textOf(job, services, order, outcome), part, outcome);
      if (failure !== null) return { filled: failure, mayGoOn: false };
      // On the way it counts what was looked through; what is told of the file is what is in it.
      job.advance(outcome.rows, outcome.rows);
      job.missed(outcome.unreadable);
      const { fileName } = order;
      return { filled: succeed({ verification: null, amount: outcome.rows, fileName }), mayGoOn: true };
    },
  });
}

/** The file's bytes, in pieces. */
async function textOf(
  job: JobWork,
  services: ExportServices,
  order: ExportOrder,
  outcome: Outcome,
): Promise<AsyncIterable<Uint8Array>> {
  const pages = pagesOf(job, services, order, outcome);
  if (/\.xlsx$/i.test(order.fileName)) {
    const columns = listColumns.map(({ heading, ...rest }) => ({ heading: savingText(heading), ...rest }));
    async function* rows() {
      for await (const page of pages) for (const row of page) yield listRow(row, services.timeZone);
    }
    return services.makeWorkbook(savingText('sheet-name'), columns, rows());
  }
  const dialect = csvDialect(services.locale);
  async function* lines() {
    const encoder = new TextEncoder();
    yield encoder.encode(byteOrderMark + csvHeader(dialect));
    for await (const page of pages) {
      yield encoder.encode(page.map((row) => csvRow(row, dialect, services.timeZone)).join(''));
    }
  }
  return lines();
}

/** Writes all of it; answers why it could not. */
async function write(
  pieces: AsyncIterable<Uint8Array>,
  part: PartFile,
  outcome: Outcome,
): Promise<Result<never> | null> {
  try {
    for await (const piece of pieces) {
      const written = await part.write(piece);
      if (!written.ok) return written;
    }
    return outcome.failure;
  } catch (error) {
    if (outcome.failure === null) throw error;
    return outcome.failure;
  }
}

/** What the list has, each recording once, a page at a time. */
async function* pagesOf(
  job: JobWork,
  services: ExportServices,
  { query: wanted, ownerUsername }: ExportOrder,
  outcome: Outcome,
): AsyncGenerator<readonly RecordingSummary[]> {
  const { length: _length, number: _number, ...query } = wanted;
  const seen = new Set<string>();
  let total = 0;
  /** Whether recordings came or went on the way: one that was removed moves another to a page that was read before. */
  let hasMoved = false;
  const stop = (failure: Result<never>): never => {
    outcome.failure = failure;
    throw new Interrupted();
  };

  /** One way through the list, from the newest on. */
  async function* pass(): AsyncGenerator<readonly RecordingSummary[]> {
    let stale = 0;
    hasMoved = false;
    outcome.unreadable = 0;
    for (let page = 0; ; page += 1) {
      const answer = await withRetries(job, services, () => services.list({ ...query, page, pageSize }));
      if (!answer.ok) return stop(answer);
      const { recordings, totalCount, unreadable = 0 } = answer.value;
      outcome.unreadable += unreadable;
      if (page > 0 && totalCount !== total) hasMoved = true;
      total = totalCount;
      const fresh = recordings.filter(({ id }) => !seen.has(id) && seen.add(id));
      // The server knows nothing of lengths and spellings, and may ignore a filter.
      const found = fresh.filter((row) => matchesFilter(row, { ...wanted, ownerUsername }));
      outcome.rows += found.length;
      yield found;
      job.advance(seen.size, Math.max(total, seen.size));
      stale = fresh.length === 0 ? stale + 1 : 0;
      const sent = recordings.length + unreadable;
      if (sent === 0 || stale >= maxStalePages) return;
      // The last page is known by what it lacks, since `totalCount` may change and pages may be shorter than asked.
      if (sent < pageSize && seen.size + outcome.unreadable >= total) return;
      if (!(await mayGoOn(job))) stop(job.stopped());
    }
  }

  for (let passes = 0; passes < maxPasses; passes += 1) {
    const before = seen.size;
    yield* pass();
    // Also without anything missing by number: what was removed is still among what was seen.
    if (!hasMoved && (seen.size + outcome.unreadable >= total || seen.size === before)) break;
  }
  if (job.signal.aborted) stop(job.stopped());
}
