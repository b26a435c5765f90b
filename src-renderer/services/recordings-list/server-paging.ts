import type { RecordingsPage } from '@shared/domain/recording';

/** A server whose count differs with every page must not be asked forever: so often at a time. */
const maxRecounts = 3;

/** After so long without one, a count that differs is news again, ms. */
const recountRestMs = 10_000;

/** A first page that differs from what was asked for by no more than this part of it may only lack or repeat a row. */
const sizeNoise = 0.1;

/** How the server divides its list into pages, which is not always as it was asked to. */
export interface ServerPaging {
  /** Rows of a page as the server counts them. @param asked rows that it is asked for */
  size(asked: number): number;
  /** Whether it sends everything, whichever page it is asked for: then one request is enough for any place. */
  sendsEverything(): boolean;
  /**
   * Learns from an answer how it pages.
   * @param page that was asked for, 0-based
   * @param asked rows that were asked for
   * @param firstReceived rows that it sent of the first page; undefined where that has not arrived
   * @returns whether the pages that have arrived are not numbered as it numbers them, and are to be forgotten
   */
  learn(page: number, answer: RecordingsPage, asked: number, firstReceived: number | undefined): boolean;
  /** How many rows the list has, of which the answer may tell too few. */
  countOf(page: number, answer: RecordingsPage, asked: number): number;
  /** Whether a count that differs is to be believed once more. @param askedAt as `performance.now()` tells */
  mayRecount(askedAt: number): boolean;
  /** Counts that differ are believed from the beginning again. */
  allowRecounts(): void;
  /** The pages of an answer: one, or all at once where the server sends everything. */
  split(page: number, answer: RecordingsPage, asked: number): readonly (readonly [number, RecordingsPage])[];
  /** Another list: what was learnt may not hold for it. */
  forget(): void;
}

/** Rows that the server sent, whether or not they could be read: by these it counts its pages. */
export function sentRows({ recordings, unreadable = 0 }: RecordingsPage): number {
  return recordings.length + unreadable;
}

/** Makes what is known of a server's pages: nothing yet. */
export function createServerPaging(): ServerPaging {
  /** The size that the server gives its pages whatever it is asked for; null where it does as it is asked. */
  let served: number | null = null;
  let everything = false;
  let recounts = 0;
  /** When the count was last believed anew, as `performance.now()` tells. */
  let recountedAt = -Infinity;
  const size = (asked: number) => served ?? asked;

  /** Some servers have a page size of their own: the first page shows it, where there are more rows than it holds. */
  const learnSize = (
    page: number,
    answer: RecordingsPage,
    asked: number,
    firstReceived: number | undefined,
  ): boolean => {
    const { totalCount: told } = answer;
    const sent = sentRows(answer);
    const isOdd = sent > 0 && sent < told && sent !== asked;
    if (page > 0) {
      // Where it is nearly the size that was asked for, another page has to be as long. The last page may be shorter
      // for no other reason than that it is the last.
      const isFull = (page + 1) * asked <= told;
      // These numbers are the server's own: what is here stays where it is.
      if (isOdd && isFull && firstReceived === sent) served = sent;
      return false;
    }
    const isSure = Math.abs(sent - asked) > asked * sizeNoise || sent === served;
    const learnt = isOdd && isSure ? sent : null;
    const isOther = learnt !== served;
    served = learnt;
    return isOther;
  };

  return {
    size,
    sendsEverything: () => everything,
    learn(page, answer, asked, firstReceived) {
      const isRenumbered = learnSize(page, answer, asked, firstReceived);
      const sent = sentRows(answer);
      // Some ignore the page size, whichever page they are asked for; others only send a row twice.
      everything = sent > size(asked) && sent >= answer.totalCount;
      return isRenumbered || everything;
    },
    countOf(page, answer, asked) {
      const { recordings, totalCount: told } = answer;
      const sent = sentRows(answer);
      if (everything) return recordings.length;
      if (sent === 0) return told;
      return Math.max(told, page * size(asked) + Math.min(size(asked), sent));
    },
    mayRecount(askedAt) {
      // What a recount has asked for itself is no sign of a rest, however long it took.
      if (askedAt - recountedAt >= recountRestMs) recounts = 0;
      if (recounts >= maxRecounts) return false;
      recounts += 1;
      recountedAt = performance.now();
      return true;
    },
    allowRecounts() {
      recounts = 0;
    },
    split(page, answer, asked) {
      if (!everything) return [[page, answer]];
      const { recordings: rows, totalCount, unreadable = 0 } = answer;
      const rowsOfPage = size(asked);
      // Which page an unreadable row belongs to is not known: the first one tells of all.
      return Array.from({ length: Math.max(1, Math.ceil(rows.length / rowsOfPage)) }, (_, number) => [
        number,
        {
          totalCount,
          recordings: rows.slice(number * rowsOfPage, (number + 1) * rowsOfPage),
          unreadable: number === 0 ? unreadable : 0,
        },
      ]);
    },
    forget() {
      served = null;
      everything = false;
      recounts = 0;
    },
  };
}
