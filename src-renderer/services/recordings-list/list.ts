import type { CodedError } from '@shared/domain/errors';
import type { RecordingsPage } from '@shared/domain/recording';
import { answered } from '../../ui/answered';
import { callListeners } from '../listeners';
import type { RecordingsListView, FetchPage, RecordingsList, RowRange, Scan } from './contract';
import { createKeptRows } from './kept-rows';
import { findRow, layOut, pageAt, rowOf } from './layout';
import { createPageCache } from './page-cache';
import { createPageRequests } from './page-requests';
import { createServerQuestion } from './question';
import { createListScan, scanPageSize } from './scan';
import { isAskedFor, isWanted, needsScan, type ListSearch } from './search';
import { createServerPaging, sentRows } from './server-paging';

/** Rows asked for at once. */
export const pageSize = 50;

/** Who scrolls fast is not yet where they want to be: so long must a jump rest before its pages are fetched, ms. */
const jumpRestMs = 100;

/**
 * Makes a sparse book of pages: fetches what is looked at, at most two pages at a time, gives up what nobody waits
 * for any more, and keeps no more pages than it must. Where the server cannot apply a filter, or does not, it looks
 * through the list from the newest recording on, a part at a time.
 * @param fetchPage asks the main process
 */
export function createRecordingsList(fetchPage: FetchPage): RecordingsList {
  const listeners = new Set<() => void>();
  const question = createServerQuestion();
  const cache = createPageCache();
  const scan = createListScan(cache);
  const paging = createServerPaging();
  const requests = createPageRequests();
  const kept = createKeptRows();
  let totalCount: number | null = null;
  /** Whether the rows of the former answers stay until the first new one is there. */
  let renewing = false;
  let wanted: RowRange = { first: 0, last: pageSize - 1 };
  let reached: RowRange | null = null;
  /** What stood at the top when it was last seen. */
  let top: { readonly id: string | null; readonly count: number } | null = null;
  /** In lower case. */
  let playing: string | null = null;
  let list = 0;
  let resting: ReturnType<typeof setTimeout> | null = null;
  let error: CodedError | null = null;
  let disposed = false;
  let layout = layOut(cache.all(), 0, pageSize, true);
  let view = project();

  const askedSize = () => (scan.isActive() ? scanPageSize : pageSize);
  const size = () => paging.size(askedSize());
  const rowCount = () => layout.starts.at(-1) ?? 0;
  const pageCount = () => scan.pageCount(Math.ceil((totalCount ?? 0) / size()));
  const nextToScan = () => scan.nextPage(pageCount());

  function scanOf(): Scan | null {
    if (!scan.isActive() || totalCount === null) return null;
    const looked = [...cache.all().values()].reduce((sum, { received }) => sum + received, 0);
    const whole = nextToScan() === null;
    return {
      looked: whole ? totalCount : Math.min(looked, totalCount),
      total: totalCount,
      rests: !whole && requests.count() === 0 && error === null,
      ignored: scan.isIgnored(),
      through: question.isOther(),
    };
  }

  function newsOf(): number {
    if (top === null || totalCount === null) return 0;
    const known = top.id === null ? undefined : layout.indexes.get(top.id);
    return known ?? Math.max(0, rowCount() - top.count);
  }

  function pagesOf({ first, last }: RowRange): readonly number[] {
    const from = pageAt(layout, first);
    return Array.from({ length: pageAt(layout, last) - from + 1 }, (_, at) => from + at);
  }

  function holds({ first, last }: RowRange): boolean {
    if (totalCount === null) return false;
    if (scan.isActive()) {
      return rowCount() > last || nextToScan() === null || (scan.isSpent() && requests.count() === 0);
    }
    return pagesOf({ first, last: Math.min(last, rowCount() - 1) }).every(cache.isCurrent);
  }

  /** Whether there is nothing of the list that is not known. */
  function isWhole(): boolean {
    const pages = cache.all();
    return (
      totalCount !== null &&
      !scan.isActive() &&
      pages.size >= pageCount() &&
      [...pages.keys()].every(cache.isCurrent)
    );
  }

  function project(): RecordingsListView {
    const now = layout;
    return {
      list,
      rowCount: totalCount === null && !renewing ? null : rowCount(),
      loading: requests.count() > 0,
      error,
      scan: scanOf(),
      unreadable: [...cache.all().values()].reduce((sum, { unreadable }) => sum + unreadable, 0),
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
      layout = layOut(cache.all(), totalCount ?? 0, size(), !scan.isActive());
      kept.follow(former, layout, scan.isActive() ? 0 : pageCount(), cache.isCurrent);
    }
    view = project();
    callListeners(listeners);
  }

  /** What is beside the recording that plays; null where that is not among those that have arrived. */
  function neighbours(): RowRange | null {
    const index = playing === null ? undefined : layout.indexes.get(playing);
    if (index === undefined) return null;
    return { first: Math.max(0, index - 1), last: Math.min(rowCount() - 1, index + 1) };
  }

  function wantedPages(): readonly number[] {
    if (totalCount === null) return [0];
    const stale = cache.isCurrent(0) ? [] : [0];
    if (scan.isActive()) {
      const next = nextToScan();
      const furthest = Math.max(wanted.last, reached?.last ?? 0, neighbours()?.last ?? 0, scan.demanded());
      const enough = rowCount() > furthest + 1;
      return next === null || next === 0 || enough || scan.isSpent() ? stale : [...stale, next];
    }
    const far = [neighbours(), reached].flatMap((range) => (range === null ? [] : pagesOf(range)));
    // What is new stands on the first page, wherever one is.
    return [...new Set([...pagesOf(wanted), ...stale, ...kept.soughtPages(cache.isCurrent), ...far])];
  }

  function isMissing(page: number): boolean {
    if (!cache.all().has(page)) return totalCount !== 0 || page === 0;
    return !cache.isCurrent(page) && (!scan.isActive() || page === 0);
  }

  function pump(): void {
    const search = question.current();
    if (disposed || error !== null || search === null) return;
    // Where every answer is everything, none is given up for the sake of another.
    const needed = paging.sendsEverything() ? [0] : wantedPages();
    if (requests.keepOnly(needed)) changed(false);
    for (const page of needed) {
      if (requests.isFull()) return;
      if (isMissing(page) && !requests.has(page)) void fetch(search, page);
    }
  }

  async function fetch(asked: ListSearch, page: number): Promise<void> {
    const request = requests.start(page);
    const generation = cache.generation();
    const askedAt = performance.now();
    changed(false);
    const result = await answered('list', () => fetchPage(asked, page, askedSize(), request.signal));
    // Cancelled, or of a former search: ignore it.
    if (disposed || !request.end()) return;
    if (result.ok) accept(asked, page, result.value, { generation, askedAt });
    else error = result.error;
    changed(totalCount !== null);
    pump();
  }

  function accept(
    asked: ListSearch,
    page: number,
    answer: RecordingsPage,
    of: { readonly generation: number; readonly askedAt: number },
  ): void {
    const { recordings } = answer;
    const sent = sentRows(answer);
    if (page === 0 && sent === 0 && answer.totalCount > 0) {
      // Do not show an empty list.
      error = { code: 'malformed', operation: 'list', detail: { field: 'recordings' } };
      return;
    }
    question.learn(recordings);
    if (question.isProbe()) {
      if (question.endProbe()) beginScan(scan.isIgnored());
      return;
    }
    if (!scan.isActive() && recordings.some((row) => !isWanted(row, asked))) {
      beginScan(recordings.some((row) => !isAskedFor(row, asked)));
      return;
    }
    if (paging.learn(page, answer, askedSize(), cache.all().get(0)?.received)) cache.clear();
    const isFresh = of.generation === cache.generation();
    takeCount(paging.countOf(page, answer, askedSize()), isFresh && totalCount !== null, of.askedAt);
    renewing = false;
    scan.count(page, sent);
    const generation = isFresh ? cache.generation() : of.generation;
    for (const [number, part] of paging.split(page, answer, askedSize())) {
      cache.put(number, scan.pageOf(asked, part, cache.all().get(number), generation));
    }
    cache.truncate(Math.max(1, pageCount()));
    evict();
    if (isSearchedInVain() && question.leaveOutNumber()) beginScan(scan.isIgnored());
  }

  /**
   * @param isComparable whether a count that differs from the one before tells that the list has changed
   * @param askedAt as `performance.now()` tells
   */
  function takeCount(count: number, isComparable: boolean, askedAt: number): void {
    if (isComparable && count !== totalCount && paging.mayRecount(askedAt)) {
      // Something came or went: pages fetched before hold other rows now.
      cache.outdate();
      if (scan.isActive() && count < (totalCount ?? 0)) scan.lookAgain();
    }
    totalCount = count;
  }

  /** Whether the whole list that the server was asked for has arrived, and there is nothing in it. */
  function isSearchedInVain(): boolean {
    return [...cache.all().values()].every(({ rows }) => rows.length === 0) && nextToScan() === null;
  }

  function evict(): void {
    // While scanning a forgotten page would have to be read again; what a server sends as a whole, as a whole again.
    if (scan.isActive() || paging.sendsEverything()) return;
    const needed = new Set([0, ...wantedPages()]);
    cache.evict((number, { rows }) => needed.has(number) || rows.some(({ id }) => kept.has(id)));
  }

  function beginScan(ignored: boolean): void {
    scan.set(true, ignored);
    renew();
  }

  /** Asks anew for everything; what is shown stays until the answer is there. */
  function renew(): void {
    renewing ||= totalCount !== null && rowCount() > 0;
    forget();
  }

  function forget(): void {
    requests.giveUpAll();
    cache.clear();
    scan.reset();
    paging.forget();
    kept.giveUp();
    totalCount = null;
    error = null;
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
      if (question.isFor(next)) return;
      const isLookedThrough = question.set(next) || needsScan(next);
      scan.set(isLookedThrough, false);
      list += 1;
      kept.forget();
      reached = null;
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
      if (!scan.isActive() && totalCount !== null) cache.touch(wantedPages());
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
      cache.outdate();
      paging.allowRecounts();
      error = null;
      changed(false);
      pump();
    },
    refresh() {
      if (!scan.isActive()) {
        this.invalidate();
        return;
      }
      renew();
      changed(false);
      pump();
    },
    goOn() {
      scan.goOn(rowCount() + pageSize);
      changed(false);
      pump();
    },
    retry() {
      error = null;
      changed(false);
      pump();
    },
    redate() {
      cache.redate();
      if (totalCount !== null) changed(true);
    },
    dispose() {
      disposed = true;
      if (resting !== null) clearTimeout(resting);
      requests.giveUpAll();
      listeners.clear();
    },
  };
}
