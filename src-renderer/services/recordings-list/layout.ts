import type { RecordingSummary } from '@shared/domain/recording';
import { startOfDay } from '../../ui/format';

/** A page as it arrived. */
export interface Page {
  readonly rows: readonly RecordingSummary[];
  /** The start of each row's day, epoch ms: worked out once, since a layout is made with every page that arrives. */
  readonly days: readonly number[];
  /** How many rows the server sent; fewer are kept where RecLight itself filters. */
  readonly received: number;
  /** How many of those could not be read. */
  readonly unreadable: number;
  /** Which state of the list it shows; grows when the list is known to have changed. */
  readonly generation: number;
}

/** The start of each row's day: neighbours are mostly of the same one, and reckoning with time zones takes its time. */
function daysOf(rows: readonly RecordingSummary[]): readonly number[] {
  let day = { from: 0, to: 0 };
  return rows.map(({ startTime }) => {
    if (startTime < day.from || startTime >= day.to) {
      day = { from: startOfDay(startTime), to: startOfDay(startTime, 1) };
    }
    return day.from;
  });
}

/** Makes a page of what is kept of an answer. */
export function pageOf(
  rows: readonly RecordingSummary[],
  received: number,
  generation: number,
  unreadable = 0,
): Page {
  return { rows, days: daysOf(rows), received, unreadable, generation };
}

/** The same page with the days of the time zone that the user is in now. */
export function redated(page: Page): Page {
  return { ...page, days: daysOf(page.rows) };
}

/** The rows that are shown, page after page, each recording once. */
export interface Layout {
  /** First row of each page, and one more entry: the number of rows. */
  readonly starts: readonly number[];
  readonly rows: readonly (readonly RecordingSummary[] | null)[];
  /** The row of each recording, by id in lower case. */
  readonly indexes: ReadonlyMap<string, number>;
  /** Rows that begin a day, ascending; only where the row before is known, so that no heading comes and goes. */
  readonly headings: readonly number[];
}

/**
 * Lays out the pages. New recordings shift every page while one scrolls, so that two pages may hold the same one: its
 * first place counts, and the rows behind it move up.
 * @param pages that have arrived, by number
 * @param totalCount rows that the server has
 * @param pageSize rows of a page
 * @param sparse whether a page that has not arrived takes up room
 */
export function layOut(
  pages: ReadonlyMap<number, Page>,
  totalCount: number,
  pageSize: number,
  sparse: boolean,
): Layout {
  const pageCount = Math.ceil(totalCount / pageSize);
  const starts: number[] = [0];
  const rows: (readonly RecordingSummary[] | null)[] = [];
  const indexes = new Map<string, number>();
  const headings: number[] = [];
  let next = 0;
  /** The day of the row before; null where that is not known. */
  let before: number | null = null;
  for (let number = 0; number < pageCount; number += 1) {
    const page = pages.get(number);
    if (page === undefined) {
      rows.push(null);
      if (sparse) {
        next += Math.min(pageSize, totalCount - number * pageSize);
        before = null;
      }
    } else {
      const own: RecordingSummary[] = [];
      page.rows.forEach((row, at) => {
        const id = row.id.toLowerCase();
        if (indexes.has(id)) return;
        const day = page.days[at] ?? 0;
        if (next === 0 || (before !== null && before !== day)) headings.push(next);
        before = day;
        indexes.set(id, next);
        own.push(row);
        next += 1;
      });
      rows.push(own);
    }
    starts.push(next);
  }
  return { starts, rows, indexes, headings };
}

/** The page that holds a row: the last one that begins at or before it. */
export function pageAt({ starts }: Layout, index: number): number {
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
 * The first row of those that have arrived for which something holds, from one on and around the end; null: none.
 * @param from row to begin with
 */
export function findRow(
  layout: Layout,
  from: number,
  holds: (row: RecordingSummary) => boolean,
): number | null {
  const first = pageAt(layout, from);
  const pageCount = layout.rows.length;
  // The page that it begins on is looked at twice: first from the row on, at last up to it.
  for (let step = 0; step <= pageCount; step += 1) {
    const page = (first + step) % Math.max(1, pageCount);
    const start = layout.starts[page] ?? 0;
    const found = (layout.rows[page] ?? []).findIndex(
      (row, at) => (step > 0 || start + at >= from) && holds(row),
    );
    if (found >= 0) return start + found;
  }
  return null;
}

/** The recording of a row; null where it has not arrived. */
export function rowOf(layout: Layout, index: number): RecordingSummary | null {
  const page = pageAt(layout, index);
  return layout.rows[page]?.[index - (layout.starts[page] ?? 0)] ?? null;
}
