import type { CodedError } from '@shared/domain/errors';
import { hasSeparators } from '@shared/domain/phone-number';
import type { RecordingsPage } from '@shared/domain/recording';
import { answered } from '../../ui/answered';
import { callListeners } from '../listeners';
import type { RecordingsListView, FetchPage, RecordingsList, RowRange, Scan } from './contract';
import { createKeptRows } from './kept-rows';
import { findRow, layOut, pageAt, pageOf, redated, rowOf, type Page } from './layout';
import { asTyped, isAskedFor, isWanted, needsScan, withoutNumber, type ListSearch } from './search';

/** Rows asked for at once. */
export const pageSize = 50;

/** Rows asked for at once where RecLight itself looks through the list. */
export const scanPageSize = 200;

/**
 * Pages that are looked through before the user is asked whether to go on: a server is not read from end to end unasked.
 * Each time the user says so, twice as many, or the end of a long list would be very far away.
 */
export const scanBudget = 10;

const maximumInFlight = 2;

/** A server whose count differs with every page must not be asked forever: so often at a time. */
const maximumRecounts = 3;

/** After so long without one, a count that differs is news again, ms. */
const recountRestMs = 10_000;

/** A first page that differs from what was asked for by no more than this part of it may only lack or repeat a row. */
const sizeNoise = 0.1;

/** Pages kept in memory; those that were not looked at for the longest time go first. */
const maximumPages = 256;

/** Who scrolls fast is not yet where they want to be: so long must a jump rest before its pages are fetched, ms. */
const jumpRestMs = 100;

interface Request {
  readonly page: number;
  readonly abort: AbortController;
}

/** Rows that the server sent, whether or not they could be read: by these it counts its pages. */
function sentRows({ recordings, unreadable = 0 }: RecordingsPage): number {
  return recordings.length + unreadable;
}

/**
 * Makes a sparse book of pages: fetches what is looked at, at most two pages at a time, gives up what nobody waits
 * for any more, and keeps no more pages than it must. Where the server cannot apply a filter, or does not, it looks
 * through the list from the newest recording on, a part at a time.
 * @param fetchPage asks the main process
 */
export function createRecordingsList(fetchPage: FetchPage): RecordingsList {
  const listeners = new Set<() => void>();
  /** What was asked for, and as what the server is asked for it: the same, but for a number that it spells otherwise. */
  let wish: ListSearch | null = null;
  let search: ListSearch | null = null;
  /** Whether the server is asked first whether it stores the number as it was typed. */
  let probing = false;
  /** Whether numbers were seen that are stored with separators, which the server does not find by their digits. */
  let spaced = false;
  /** By number; in order of use, the most recent last. */
  let pages = new Map<number, Page>();
  let totalCount: number | null = null;
  let generation = 0;
  let recounts = 0;
  /** When the count was last believed anew, as `performance.now()` tells. */
  let recountedAt = -Infinity;
  let scanning = false;
  let ignored = false;
  /** Whether the rows of the former answers stay until the first new one is there. */
  let renewing = false;
  /** A page beyond which the server had nothing more to send; only while scanning. */
  let end: number | null = null;
  let budget = scanBudget;
  /** Pages of the next part. */
  let nextBudget = 2 * scanBudget;
  /** So many rows are looked for, as it was told to go on, whether or not anybody looks at them yet. */
  let demanded = 0;
  /** Whether the server sends everything, whichever page it is asked for: then one request is enough for any place. */
  let everything = false;
  /** The size that the server gives its pages whatever it is asked for; null where it does as it is asked. */
  let served: number | null = null;
  let wanted: RowRange = { first: 0, last: pageSize - 1 };
  let reached: RowRange | null = null;
  let inFlight = new Set<Request>();
  /** What stood at the top when it was last seen. */
  let top: { readonly id: string | null; readonly count: number } | null = null;
  const kept = createKeptRows();
  /** In lower case. */
  let playing: string | null = null;
  let list = 0;
  let resting: ReturnType<typeof setTimeout> | null = null;
  let error: CodedError | null = null;
  let disposed = false;
  let layout = layOut(pages, 0, pageSize, true);
  let view = project();

  const askedSize = () => (scanning ? scanPageSize : pageSize);
  /** Rows of a page as the server counts them. */
  const size = () => served ?? askedSize();
  const rowCount = () => layout.starts.at(-1) ?? 0;
  const pageCount = () => end ?? Math.ceil((totalCount ?? 0) / size());

  function scanOf(): Scan | null {
    if (!scanning || totalCount === null) return null;
    const looked = [...pages.values()].reduce((sum, { received }) => sum + received, 0);
    const whole = nextToScan() === null;
    return {
      looked: whole ? totalCount : Math.min(looked, totalCount),
      total: totalCount,
      rests: !whole && inFlight.size === 0 && error === null,
      ignored,
      through: search !== wish,
    };
  }

  function newsOf(): number {
    if (top === null || totalCount === null) return 0;
    const known = top.id === null ? undefined : layout.indexes.get(top.id);
    return known ?? Math.max(0, rowCount() - top.count);
  }

  const isCurrent = (page: number) => pages.get(page)?.generation === generation;

  function pagesOf({ first, last }: RowRange): readonly number[] {
    const from = pageAt(layout, first);
    return Array.from({ length: pageAt(layout, last) - from + 1 }, (_, at) => from + at);
  }

  function holds({ first, last }: RowRange): boolean {
    if (totalCount === null) return false;
    if (scanning) {
      return rowCount() > last || nextToScan() === null || (budget === 0 && inFlight.size === 0);
    }
    return pagesOf({ first, last: Math.min(last, rowCount() - 1) }).every(isCurrent);
  }

  /** Whether there is nothing of the list that is not known. */
  function isWhole(): boolean {
    return (
      totalCount !== null && !scanning && pages.size >= pageCount() && [...pages.keys()].every(isCurrent)
    );
  }

  function project(): RecordingsListView {
    const now = layout;
    return {
      list,
      rowCount: totalCount === null && !renewing ? null : rowCount(),
      loading: inFlight.size > 0,
      error,
      scan: scanOf(),
      unreadable: [...pages.values()].reduce((sum, { unreadable }) => sum + unreadable, 0),
      news: newsOf(),
      headings: now.headings,
      rowAt: (index) => rowOf(now, index),
      indexOf: (id) => now.indexes.get(id.toLowerCase()) ?? null,
      recordingOf: (id) => {
        const index = now.indexes.get(id.toLowerCase());
        if (index !== undefined) return rowOf(now, index);
        return isWhole() ? null : kept.recordingOf(id);
      },
      holds,
      find: (from, is) => findRow(now, from, is),
    };
  }

  function changed(relay: boolean): void {
    if (relay) {
      const former = layout;
      layout = layOut(pages, totalCount ?? 0, size(), !scanning);
      kept.follow(former, layout, scanning ? 0 : pageCount(), isCurrent);
    }
    view = project();
    callListeners(listeners);
  }

  /** The first page that was not looked through yet, or null where all were. */
  function nextToScan(): number | null {
    for (let page = 0; page < pageCount(); page += 1) if (!pages.has(page)) return page;
    return null;
  }

  /** What is beside the recording that plays; null where that is not among those that have arrived. */
  function neighbours(): RowRange | null {
    const index = playing === null ? undefined : layout.indexes.get(playing);
    if (index === undefined) return null;
    return { first: Math.max(0, index - 1), last: Math.min(rowCount() - 1, index + 1) };
  }

  function wantedPages(): readonly number[] {
    if (totalCount === null) return [0];
    const stale = pages.get(0)?.generation !== generation ? [0] : [];
    if (scanning) {
      const next = nextToScan();
      const furthest = Math.max(wanted.last, reached?.last ?? 0, neighbours()?.last ?? 0, demanded);
      const enough = rowCount() > furthest + 1;
      return next === null || next === 0 || enough || budget === 0 ? stale : [...stale, next];
    }
    const far = [neighbours(), reached].flatMap((range) => (range === null ? [] : pagesOf(range)));
    // What is new stands on the first page, wherever one is.
    return [...new Set([...pagesOf(wanted), ...stale, ...kept.soughtPages(isCurrent), ...far])];
  }

  function isMissing(page: number): boolean {
    const found = pages.get(page);
    if (found === undefined) return totalCount !== 0 || page === 0;
    return found.generation !== generation && (!scanning || page === 0);
  }

  function pump(): void {
    if (disposed || error !== null || search === null) return;
    // Where every answer is everything, none is given up for the sake of another.
    const needed = everything ? [0] : wantedPages();
    const unneeded = [...inFlight].filter(({ page }) => !needed.includes(page));
    for (const request of unneeded) giveUp(request);
    if (unneeded.length > 0) changed(false);
    for (const page of needed) {
      if (inFlight.size >= maximumInFlight) return;
      if (!isMissing(page) || [...inFlight].some((request) => request.page === page)) continue;
      void fetch(search, page);
    }
  }

  function giveUp(request: Request): void {
    inFlight.delete(request);
    request.abort.abort();
  }

  async function fetch(asked: ListSearch, page: number): Promise<void> {
    const request: Request = { page, abort: new AbortController() };
    const askedGeneration = generation;
    const askedAt = performance.now();
    inFlight.add(request);
    changed(false);
    const result = await answered('list', () => fetchPage(asked, page, askedSize(), request.abort.signal));
    // Cancelled, or of a former search: ignore it.
    if (disposed || !inFlight.delete(request)) return;
    if (result.ok) accept(asked, page, result.value, askedGeneration, askedAt);
    else error = result.error;
    changed(totalCount !== null);
    pump();
  }

  /**
   * Some servers have a page size of their own: the first page shows it, where there are more rows than it holds. Where
   * it is nearly the size that was asked for, another page has to be as long.
   */
  function learnSize(page: number, answer: RecordingsPage): void {
    const { totalCount: told } = answer;
    const asked = askedSize();
    const sent = sentRows(answer);
    const isOdd = sent > 0 && sent < told && sent !== asked;
    if (page > 0) {
      // The last page may be shorter for no other reason than that it is the last.
      const isFull = (page + 1) * asked <= told;
      // These numbers are the server's own: what is here stays where it is.
      if (isOdd && isFull && pages.get(0)?.received === sent) served = sent;
      return;
    }
    const isSure = Math.abs(sent - asked) > asked * sizeNoise || sent === served;
    const learnt = isOdd && isSure ? sent : null;
    if (learnt === served) return;
    served = learnt;
    pages = new Map();
  }

  /** Whether a count that differs is to be believed once more. @param askedAt as `performance.now()` tells */
  function mayRecount(askedAt: number): boolean {
    const now = performance.now();
    // What a recount has asked for itself is no sign of a rest, however long it took.
    if (askedAt - recountedAt >= recountRestMs) recounts = 0;
    if (recounts >= maximumRecounts) return false;
    recounts += 1;
    recountedAt = now;
    return true;
  }

  function countOf(page: number, answer: RecordingsPage): number {
    const { recordings, totalCount: told } = answer;
    const sent = sentRows(answer);
    if (everything) return recordings.length;
    if (sent === 0) return told;
    return Math.max(told, page * size() + Math.min(size(), sent));
  }

  function accept(
    asked: ListSearch,
    page: number,
    answer: RecordingsPage,
    from: number,
    askedAt: number,
  ): void {
    const { recordings } = answer;
    const sent = sentRows(answer);
    if (page === 0 && sent === 0 && answer.totalCount > 0) {
      // Do not show an empty list.
      error = { code: 'malformed', operation: 'list', detail: { field: 'recordings' } };
      return;
    }
    spaced ||= recordings.some(({ remotePartyNumber }) => hasSeparators(remotePartyNumber ?? ''));
    if (probing) {
      probing = false;
      search = wish;
      const through = spaced && wish !== null ? withoutNumber(wish) : null;
      if (through === null) return;
      search = through;
      beginScan();
      return;
    }
    if (!scanning && recordings.some((row) => !isWanted(row, asked))) {
      ignored = recordings.some((row) => !isAskedFor(row, asked));
      beginScan();
      return;
    }
    learnSize(page, answer);
    // Some ignore the page size, whichever page they are asked for; others only send a row twice.
    everything = sent > size() && sent >= answer.totalCount;
    if (everything) pages = new Map();
    const count = countOf(page, answer);
    const fresh = from === generation;
    if (totalCount !== null && count !== totalCount && fresh && mayRecount(askedAt)) {
      // Something came or went: pages fetched before hold other rows now.
      generation += 1;
      if (scanning && count < totalCount) {
        budget += pages.size;
        pages = new Map();
        end = null;
      }
    }
    totalCount = count;
    renewing = false;
    if (scanning && !pages.has(page)) budget = Math.max(0, budget - 1);
    if (scanning && sent === 0) end = Math.min(end ?? page, page);
    for (const [number, part] of split(page, answer))
      keepPage(asked, number, part, fresh ? generation : from);
    for (const known of [...pages.keys()]) if (known >= Math.max(1, pageCount())) pages.delete(known);
    evict();
    const through = withoutNumber(asked);
    if (through !== null && isSearchedInVain()) {
      search = through;
      beginScan();
    }
  }

  /** Whether the whole list that the server was asked for has arrived, and there is nothing in it. */
  function isSearchedInVain(): boolean {
    return [...pages.values()].every(({ rows }) => rows.length === 0) && nextToScan() === null;
  }

  /** The pages of an answer: one, or all at once where a server sends everything. */
  function split(page: number, answer: RecordingsPage): [number, RecordingsPage][] {
    if (!everything) return [[page, answer]];
    const { recordings: rows, totalCount: told, unreadable = 0 } = answer;
    // Which page an unreadable row belongs to is not known: the first one tells of all.
    return Array.from({ length: Math.max(1, Math.ceil(rows.length / size())) }, (_, number) => [
      number,
      {
        totalCount: told,
        recordings: rows.slice(number * size(), (number + 1) * size()),
        unreadable: number === 0 ? unreadable : 0,
      },
    ]);
  }

  function keepPage(asked: ListSearch, number: number, answer: RecordingsPage, of: number): void {
    const { recordings: sent, unreadable } = answer;
    const rows = scanning ? sent.filter((row) => isWanted(row, asked)) : sent;
    const former = scanning ? pages.get(number) : undefined;
    pages.delete(number);
    if (former === undefined) {
      pages.set(number, pageOf(rows, sentRows(answer), of, unreadable));
      return;
    }
    // What new recordings pushed off this page was looked at already, and is not looked at again on the next.
    const ids = new Set(sent.map(({ id }) => id));
    const all = [...rows, ...former.rows.filter(({ id }) => !ids.has(id))];
    pages.set(number, pageOf(all, former.received, of, unreadable));
  }

  /** Forgets the pages that were looked at longest ago. While scanning a forgotten page would have to be read again. */
  function evict(): void {
    // What a server sends as a whole would have to be sent as a whole again.
    if (scanning || everything || pages.size <= maximumPages) return;
    const needed = new Set([0, ...wantedPages()]);
    for (const [number, { rows }] of [...pages]) {
      if (pages.size <= maximumPages) return;
      if (!needed.has(number) && !rows.some(({ id }) => kept.has(id))) pages.delete(number);
    }
  }

  function beginScan(): void {
    scanning = true;
    renew();
  }

  /** Asks anew for everything; what is shown stays until the answer is there. */
  function renew(): void {
    renewing ||= totalCount !== null && rowCount() > 0;
    forget();
  }

  function forget(): void {
    for (const request of inFlight) request.abort.abort();
    inFlight = new Set();
    pages = new Map();
    totalCount = null;
    recounts = 0;
    end = null;
    served = null;
    everything = false;
    kept.giveUp();
    budget = scanBudget;
    nextBudget = 2 * scanBudget;
    demanded = 0;
    error = null;
  }

  /** Pages that are looked at are the last to be forgotten. */
  function touch(): void {
    if (scanning || totalCount === null) return;
    for (const number of wantedPages()) {
      const page = pages.get(number);
      if (page === undefined) continue;
      pages.delete(number);
      pages.set(number, page);
    }
  }

  function rest(): void {
    if (resting !== null) clearTimeout(resting);
    resting = setTimeout(() => {
      resting = null;
      pump();
    }, jumpRestMs);
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setSearch(next) {
      if (wish !== null && JSON.stringify(next) === JSON.stringify(wish)) return;
      const through = spaced ? withoutNumber(next) : null;
      wish = next;
      const typed = through === null ? asTyped(next) : null;
      probing = typed !== null;
      search = through ?? typed ?? next;
      list += 1;
      kept.forget();
      reached = null;
      scanning = through !== null || needsScan(next);
      ignored = false;
      renewing = false;
      top = null;
      wanted = { first: 0, last: pageSize - 1 };
      forget();
      changed(true);
      pump();
    },
    need(first, last) {
      if (first === wanted.first && last === wanted.last) return;
      const jumps = first > wanted.last || last < wanted.first;
      wanted = { first, last };
      touch();
      // The first of several jumps is fetched at once, the others when they have come to an end.
      if (resting === null) pump();
      if (jumps) rest();
    },
    keep(ids, those = [], plays = null) {
      kept.keep(ids, those, layout);
      const next = plays?.toLowerCase() ?? null;
      if (next === playing) return;
      playing = next;
      pump();
    },
    reach(range) {
      if (range?.first === reached?.first && range?.last === reached?.last) return;
      reached = range;
      if (range !== null) pump();
    },
    seeTop() {
      if (totalCount === null) return;
      const id = rowOf(layout, 0)?.id.toLowerCase() ?? null;
      if (top !== null && top.id === id && top.count === rowCount()) return;
      const had = view.news;
      top = { id, count: rowCount() };
      if (had > 0) changed(false);
    },
    invalidate() {
      generation += 1;
      recounts = 0;
      error = null;
      changed(false);
      pump();
    },
    refresh() {
      if (!scanning) {
        this.invalidate();
        return;
      }
      renew();
      changed(false);
      pump();
    },
    goOn() {
      if (budget === 0) {
        budget = nextBudget;
        nextBudget *= 2;
      }
      demanded = rowCount() + pageSize;
      changed(false);
      pump();
    },
    retry() {
      error = null;
      changed(false);
      pump();
    },
    redate() {
      pages = new Map([...pages].map(([number, page]) => [number, redated(page)]));
      if (totalCount !== null) changed(true);
    },
    dispose() {
      disposed = true;
      if (resting !== null) clearTimeout(resting);
      for (const request of inFlight) request.abort.abort();
      listeners.clear();
    },
  };
}
