const maxInFlight = 2;

/** A request for a page. */
export interface PageRequest {
  readonly signal: AbortSignal;
  /** The answer is there. @returns false where the request was given up: its answer is not needed */
  end(): boolean;
}

/** The requests for pages that are in flight, at most two. */
export interface PageRequests {
  count(): number;
  isFull(): boolean;
  has(page: number): boolean;
  start(page: number): PageRequest;
  /** Gives up those for other pages. @returns whether there were any */
  keepOnly(pages: readonly number[]): boolean;
  giveUpAll(): void;
}

interface Entry {
  readonly page: number;
  readonly abort: AbortController;
}

/** Makes the set of requests, empty. */
export function createPageRequests(): PageRequests {
  const inFlight = new Set<Entry>();
  const giveUp = (entry: Entry): void => {
    inFlight.delete(entry);
    entry.abort.abort();
  };
  return {
    count: () => inFlight.size,
    isFull: () => inFlight.size >= maxInFlight,
    has: (page) => [...inFlight].some((entry) => entry.page === page),
    start(page) {
      const entry: Entry = { page, abort: new AbortController() };
      inFlight.add(entry);
      return { signal: entry.abort.signal, end: () => inFlight.delete(entry) };
    },
    keepOnly(pages) {
      const others = [...inFlight].filter(({ page }) => !pages.includes(page));
      for (const entry of others) giveUp(entry);
      return others.length > 0;
    },
    giveUpAll() {
      for (const entry of [...inFlight]) giveUp(entry);
    },
  };
}
