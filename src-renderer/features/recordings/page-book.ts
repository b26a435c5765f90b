import type { CodedError, Result } from '../../../src-main/shared/errors';
import type { RecordingsPage, RecordingSummary } from '../../../src-main/shared/recording';
import type { RecordingsQuery } from './query';

/** Rows asked for at once. */
export const pageSize = 50;

const maximumInFlight = 2;

/** A server whose count differs with every page must not be asked forever. */
const maximumRecounts = 3;

/** Asks for one page; 0-based. */
export type FetchPage = (
  query: RecordingsQuery,
  page: number,
  size: number,
) => Promise<Result<RecordingsPage>>;

/** What a list knows at one moment; a new object after every change. */
export interface BookView {
  /** null before the first answer. */
  readonly rowCount: number | null;
  readonly loading: boolean;
  /** Why a page that is needed could not be had; tried again only when asked. */
  readonly error: CodedError | null;
  /** The recording of a row; null where it has not arrived. */
  rowAt(index: number): RecordingSummary | null;
  /** Where a recording is, or null where it is not among those that have arrived. */
  indexOf(id: string): number | null;
}

/** Pages of a list as far as they were looked at. */
export interface PageBook {
  view(): BookView;
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void;
  /** Another list: everything of the former is forgotten. */
  setQuery(query: RecordingsQuery): void;
  /** Rows `first` to `last` are being looked at: their pages, and only theirs, are fetched. */
  need(first: number, last: number): void;
  /** Pages may be out of date: what is there stays until the new ones have arrived. */
  invalidate(): void;
  /** Tries again what failed. */
  retry(): void;
  dispose(): void;
}

interface Page {
  readonly rows: readonly RecordingSummary[];
  readonly generation: number;
}

/** The rows that are shown, page after page, each recording once. */
interface Layout {
  /** First row of each page, and one more entry: the number of rows. */
  readonly starts: readonly number[];
  readonly rows: readonly (readonly RecordingSummary[] | null)[];
  readonly indexes: ReadonlyMap<string, number>;
}

/**
 * Lays out the pages. New recordings shift every page while one scrolls, so that two pages may hold the same one: its
 * first place counts, and the rows behind it move up.
 */
function layOut(pages: ReadonlyMap<number, Page>, totalCount: number): Layout {
  const pageCount = Math.ceil(totalCount / pageSize);
  const starts: number[] = [0];
  const rows: (readonly RecordingSummary[] | null)[] = [];
  const indexes = new Map<string, number>();
  let next = 0;
  for (let number = 0; number < pageCount; number += 1) {
    const page = pages.get(number);
    if (page === undefined) {
      rows.push(null);
      next += Math.min(pageSize, totalCount - number * pageSize);
    } else {
      const own: RecordingSummary[] = [];
      for (const row of page.rows) {
        const id = row.id.toLowerCase();
        if (indexes.has(id)) continue;
        indexes.set(id, next);
        own.push(row);
        next += 1;
      }
      rows.push(own);
    }
    starts.push(next);
  }
  return { starts, rows, indexes };
}

/** The page that holds a row: the last one that begins at or before it. */
function pageOf(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Makes a sparse book of pages: fetches what is looked at, at most two pages at a time, and drops answers that nobody
 * waits for any more.
 * @param fetchPage asks the main process
 */
export function createPageBook(fetchPage: FetchPage): PageBook {
  const listeners = new Set<() => void>();
  let query: RecordingsQuery = {};
  let pages = new Map<number, Page>();
  let totalCount: number | null = null;
  let generation = 0;
  let recounts = 0;
  /** Grows with the query: an answer to a former one is dropped. */
  let edition = 0;
  let wanted: { readonly first: number; readonly last: number } = { first: 0, last: pageSize - 1 };
  let inFlight = new Set<number>();
  let error: CodedError | null = null;
  let disposed = false;
  let layout = layOut(pages, 0);
  let view = project();

  function project(): BookView {
    const { starts, rows, indexes } = layout;
    return {
      rowCount: totalCount === null ? null : (starts.at(-1) ?? 0),
      loading: inFlight.size > 0,
      error,
      rowAt: (index) => {
        const page = pageOf(starts, index);
        return rows[page]?.[index - (starts[page] ?? 0)] ?? null;
      },
      indexOf: (id) => indexes.get(id.toLowerCase()) ?? null,
    };
  }

  function changed(relay: boolean): void {
    if (relay) layout = layOut(pages, totalCount ?? 0);
    view = project();
    for (const listener of [...listeners]) listener();
  }

  function wantedPages(): readonly number[] {
    if (totalCount === null) return [0];
    const last = pageOf(layout.starts, wanted.last);
    const found: number[] = [];
    for (let page = pageOf(layout.starts, wanted.first); page <= last; page += 1) found.push(page);
    return found;
  }

  function pump(): void {
    if (disposed || error !== null) return;
    for (const page of wantedPages()) {
      if (inFlight.size >= maximumInFlight) return;
      if (pages.get(page)?.generation === generation || inFlight.has(page)) continue;
      if (totalCount === 0 && page > 0) continue;
      void fetch(page);
    }
  }

  async function fetch(page: number): Promise<void> {
    const asked = { edition, generation };
    inFlight.add(page);
    changed(false);
    const result = await fetchPage(query, page, pageSize);
    if (disposed || asked.edition !== edition) return;
    inFlight.delete(page);
    if (result.ok) accept(page, result.value, asked.generation);
    else error = result.error;
    changed(result.ok);
    pump();
  }

  function accept(page: number, answer: RecordingsPage, asked: number): void {
    const { recordings } = answer;
    // A server that ignores the page size sends everything, whichever page was asked for.
    const everything = recordings.length > pageSize;
    const count = everything
      ? recordings.length
      : recordings.length === 0
        ? page === 0
          ? 0
          : answer.totalCount
        : Math.max(answer.totalCount, page * pageSize + recordings.length);
    const fresh = asked === generation;
    if (totalCount !== null && count !== totalCount && fresh && recounts < maximumRecounts) {
      // Something came or went: pages fetched before hold other rows now.
      recounts += 1;
      generation += 1;
    }
    totalCount = count;
    if (everything) {
      pages = new Map();
      for (let at = 0; at * pageSize < count; at += 1) {
        pages.set(at, { rows: recordings.slice(at * pageSize, (at + 1) * pageSize), generation });
      }
    } else {
      pages.set(page, { rows: recordings, generation: fresh ? generation : asked });
    }
    const pageCount = Math.ceil(count / pageSize);
    for (const known of [...pages.keys()]) if (known >= Math.max(1, pageCount)) pages.delete(known);
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setQuery(next) {
      if (edition > 0 && JSON.stringify(next) === JSON.stringify(query)) return;
      query = next;
      edition += 1;
      pages = new Map();
      inFlight = new Set();
      totalCount = null;
      recounts = 0;
      error = null;
      wanted = { first: 0, last: pageSize - 1 };
      changed(true);
      pump();
    },
    need(first, last) {
      if (first === wanted.first && last === wanted.last) return;
      wanted = { first, last };
      pump();
    },
    invalidate() {
      generation += 1;
      recounts = 0;
      error = null;
      changed(false);
      pump();
    },
    retry() {
      error = null;
      changed(false);
      pump();
    },
    dispose() {
      disposed = true;
      listeners.clear();
    },
  };
}
