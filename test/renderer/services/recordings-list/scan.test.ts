import { expect, test } from 'vitest';

import { pageOf } from '../../../../src-renderer/services/recordings-list/layout';
import { createPageCache } from '../../../../src-renderer/services/recordings-list/page-cache';
import { createListScan, scanBudget } from '../../../../src-renderer/services/recordings-list/scan';
import type { ListSearch } from '../../../../src-renderer/services/recordings-list/search';
import { guid, summary } from '../../../fixtures/examples';

const search: ListSearch = {
  query: {},
  length: { from: 60_000 },
  number: null,
  ownerUsername: null,
};
const long = (number: number) => summary({ id: guid(number), durationMs: 90_000 });
const short = (number: number) => summary({ id: guid(number), durationMs: 5_000 });

/** An active scan that takes pages of one row. */
function setUp() {
  const cache = createPageCache();
  const scan = createListScan(cache);
  scan.set(true, false);
  const take = (page: number, sent = 1) => {
    scan.count(page, sent);
    cache.put(page, pageOf([], sent, 0));
  };
  return { cache, scan, take };
}

test('it goes from page to page, and rests after ten, then after twenty more', () => {
  const { scan, take } = setUp();
  for (const part of [scanBudget, 2 * scanBudget]) {
    for (let turn = 0; turn < part; turn += 1) {
      expect(scan.isSpent()).toBe(false);
      take(scan.nextPage(100)!);
    }
    expect(scan.isSpent()).toBe(true);
    scan.goOn(7);
    expect([scan.isSpent(), scan.demanded()]).toEqual([false, 7]);
  }
  expect(scan.nextPage(100)).toBe(3 * scanBudget);
  expect(scan.nextPage(3 * scanBudget)).toBeNull();
});

test('a page that is looked at again costs nothing, and going on early neither', () => {
  const { scan, take } = setUp();
  take(0);
  for (let turn = 0; turn < 20; turn += 1) take(0);
  scan.goOn(1);
  for (let page = 1; page < scanBudget; page += 1) take(page);
  expect(scan.isSpent()).toBe(true);
});

test('it ends where the server sends nothing more, whatever that has counted', () => {
  const { scan, take } = setUp();
  take(0);
  expect(scan.pageCount(9)).toBe(9);
  take(1, 0);
  expect([scan.pageCount(9), scan.nextPage(scan.pageCount(9))]).toEqual([1, null]);
  scan.reset();
  expect(scan.pageCount(9)).toBe(9);
});

test('what was looked through is looked through again without a question', () => {
  const { cache, scan, take } = setUp();
  for (let page = 0; page < scanBudget; page += 1) take(page);
  scan.lookAgain();
  expect(cache.all().size).toBe(0);
  for (let page = 0; page < scanBudget; page += 1) {
    expect(scan.isSpent()).toBe(false);
    take(page);
  }
  expect(scan.isSpent()).toBe(true);
});

test('while it is not active, pages are neither counted nor filtered', () => {
  const { scan } = setUp();
  scan.set(false, false);
  for (let page = 0; page <= scanBudget; page += 1) scan.count(page, 0);
  expect([scan.isActive(), scan.isSpent(), scan.pageCount(4)]).toEqual([false, false, 4]);
  const page = scan.pageOf(
    search,
    { totalCount: 2, recordings: [short(1), long(2)], unreadable: 3 },
    undefined,
    1,
  );
  expect(page).toMatchObject({ received: 5, unreadable: 3, generation: 1 });
  expect(page.rows).toHaveLength(2);
});

test('it keeps what was searched for, and what new recordings pushed off a page', () => {
  const { scan } = setUp();
  scan.set(true, true);
  expect(scan.isIgnored()).toBe(true);
  const answer = (...recordings: ReturnType<typeof summary>[]) => ({ totalCount: 9, recordings });
  const first = scan.pageOf(search, answer(short(1), long(2), long(3)), undefined, 0);
  expect(first.rows.map(({ id }) => id)).toEqual([guid(2), guid(3)]);
  const second = scan.pageOf(search, answer(long(0), short(1), long(2)), first, 1);
  expect(second.rows.map(({ id }) => id)).toEqual([guid(0), guid(2), guid(3)]);
  expect(second).toMatchObject({ received: 3, generation: 1 });
});
