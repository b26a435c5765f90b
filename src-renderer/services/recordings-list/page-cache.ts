import { redated, type Page } from './layout';

/** Pages kept in memory; those that were not looked at for the longest time go first. */
const maxPages = 256;

/** The pages of a list that have arrived, and which state of the list each shows. */
export interface PageCache {
  /** By number; in order of use, the most recent last. */
  all(): ReadonlyMap<number, Page>;
  /** The state of the list that pages show which are asked for now; grows whenever the list has changed. */
  generation(): number;
  /** Whether a page has arrived and shows the list as it is now. */
  isCurrent(page: number): boolean;
  /** Keeps a page, the most recently used. */
  put(number: number, page: Page): void;
  /** These pages are looked at: they are the last to be forgotten. */
  touch(numbers: readonly number[]): void;
  /** The list has changed: pages of before hold other rows now. They stay until new ones have arrived. */
  outdate(): void;
  /** Forgets all pages from a number on. */
  truncate(pageCount: number): void;
  /**
   * Forgets the pages that were looked at longest ago, where there are more than may be kept.
   * @param isNeeded whether a page must stay
   */
  evict(isNeeded: (number: number, page: Page) => boolean): void;
  /** Forgets all. */
  clear(): void;
  /** Days begin at other instants: works them out anew. */
  redate(): void;
}

/** Makes an empty cache. */
export function createPageCache(): PageCache {
  let pages = new Map<number, Page>();
  let generation = 0;
  const put = (number: number, page: Page): void => {
    pages.delete(number);
    pages.set(number, page);
  };
  return {
    all: () => pages,
    generation: () => generation,
    isCurrent: (page) => pages.get(page)?.generation === generation,
    put,
    touch(numbers) {
      for (const number of numbers) {
        const page = pages.get(number);
        if (page !== undefined) put(number, page);
      }
    },
    outdate() {
      generation += 1;
    },
    truncate(pageCount) {
      for (const number of [...pages.keys()]) if (number >= pageCount) pages.delete(number);
    },
    evict(isNeeded) {
      for (const [number, page] of [...pages]) {
        if (pages.size <= maxPages) return;
        if (!isNeeded(number, page)) pages.delete(number);
      }
    },
    clear() {
      pages = new Map();
    },
    redate() {
      pages = new Map([...pages].map(([number, page]) => [number, redated(page)]));
    },
  };
}
