import type { RecordingsPage, RecordingSummary } from '@shared/domain/recording';
import { pageOf, type Page } from './layout';
import type { PageCache } from './page-cache';
import { isWanted, type ListSearch } from './search';
import { sentRows } from './server-paging';

/** Rows asked for at once where RecLight itself looks through the list. */
export const scanPageSize = 200;

/**
 * Pages that are looked through before the user is asked whether to go on: a server is not read from end to end unasked.
 * Each time the user says so, twice as many, or the end of a long list would be very far away.
 */
export const scanBudget = 10;

/**
 * Looking through the list from the newest recording on, a part at a time: where the server cannot apply a filter, or
 * does not.
 */
export interface ListScan {
  isActive(): boolean;
  /** Whether this is so because the server did not apply a filter. */
  isIgnored(): boolean;
  /** From now on, or no longer. @param ignored see `isIgnored` */
  set(active: boolean, ignored: boolean): void;
  /** Begins anew: all pages are to be looked through once more. */
  reset(): void;
  /** Pages that there are to be looked through. @param counted as many as the count of rows makes */
  pageCount(counted: number): number;
  /** The first page that was not looked through yet, or null where all were. @param pageCount pages that there are */
  nextPage(pageCount: number): number | null;
  /** Whether it rests until it is told to go on. */
  isSpent(): boolean;
  /** As many rows as it was told to find, whether or not anybody looks at them yet. */
  demanded(): number;
  /** Looks through more. @param demanded rows that are to be found */
  goOn(demanded: number): void;
  /** A page is about to be taken. @param sent rows of it */
  count(page: number, sent: number): void;
  /** Rows have gone, so that what was looked through is to be looked through again. */
  lookAgain(): void;
  /**
   * What is kept of an answer.
   * @param former what was known of the page
   * @param generation which state of the list it shows
   */
  pageOf(search: ListSearch, answer: RecordingsPage, former: Page | undefined, generation: number): Page;
}

/** What new recordings pushed off a page was looked at already, and is not looked at again on the next. */
function withPushedOff(
  rows: readonly RecordingSummary[],
  sent: readonly RecordingSummary[],
  former: Page,
): readonly RecordingSummary[] {
  const ids = new Set(sent.map(({ id }) => id));
  return [...rows, ...former.rows.filter(({ id }) => !ids.has(id))];
}

/**
 * Makes a scan that is not active.
 * @param cache of the pages that were looked through
 */
export function createListScan(cache: PageCache): ListScan {
  let active = false;
  let ignored = false;
  /** A page beyond which the server had nothing more to send. */
  let end: number | null = null;
  let budget = scanBudget;
  /** Pages of the next part. */
  let nextBudget = 2 * scanBudget;
  let demanded = 0;
  return {
    isActive: () => active,
    isIgnored: () => ignored,
    set(next, isIgnored) {
      active = next;
      ignored = isIgnored;
    },
    reset() {
      end = null;
      budget = scanBudget;
      nextBudget = 2 * scanBudget;
      demanded = 0;
    },
    pageCount: (counted) => end ?? counted,
    nextPage(pageCount) {
      const pages = cache.all();
      for (let page = 0; page < pageCount; page += 1) if (!pages.has(page)) return page;
      return null;
    },
    isSpent: () => budget === 0,
    demanded: () => demanded,
    goOn(rows) {
      if (budget === 0) {
        budget = nextBudget;
        nextBudget *= 2;
      }
      demanded = rows;
    },
    count(page, sent) {
      if (!active) return;
      if (!cache.all().has(page)) budget = Math.max(0, budget - 1);
      if (sent === 0) end = Math.min(end ?? page, page);
    },
    lookAgain() {
      budget += cache.all().size;
      cache.clear();
      end = null;
    },
    pageOf(search, answer, former, generation) {
      const { recordings: sent, unreadable } = answer;
      if (!active) return pageOf(sent, sentRows(answer), generation, unreadable);
      const rows = sent.filter((row) => isWanted(row, search));
      return former === undefined
        ? pageOf(rows, sentRows(answer), generation, unreadable)
        : pageOf(withPushedOff(rows, sent, former), former.received, generation, unreadable);
    },
  };
}
