import { expect, test } from 'vitest';

import { pageOf } from '../../../../src-renderer/services/recordings-list/layout';
import { createPageCache } from '../../../../src-renderer/services/recordings-list/page-cache';
import { guid, summary } from '../../../fixtures/examples';

const page = (generation = 0) => pageOf([summary({ id: guid(1) })], 1, generation);

/** A cache with so many pages, all current. */
function filled(count: number) {
  const cache = createPageCache();
  for (let number = 0; number < count; number += 1) cache.put(number, page());
  return { cache, numbers: () => [...cache.all().keys()] };
}

test('a page is current as long as the list has not changed since', () => {
  const { cache } = filled(1);
  expect([cache.isCurrent(0), cache.isCurrent(1)]).toEqual([true, false]);
  cache.outdate();
  expect(cache.isCurrent(0)).toBe(false);
  expect(cache.all().has(0)).toBe(true);
  cache.put(0, page(cache.generation()));
  expect(cache.isCurrent(0)).toBe(true);
});

test('256 pages are kept, and the one that was not looked at for the longest time goes first', () => {
  const { cache, numbers } = filled(258);
  cache.touch([0, 999]);
  cache.evict(() => false);
  expect(numbers()).toHaveLength(256);
  expect(numbers().slice(0, 2)).toEqual([3, 4]);
  expect(numbers().at(-1)).toBe(0);
});

test('a page that is needed stays, however long ago it was looked at', () => {
  const { cache, numbers } = filled(258);
  cache.evict((number, { rows }) => number === 0 && rows.length === 1);
  expect(numbers().slice(0, 2)).toEqual([0, 3]);
});

test('pages beyond the end are forgotten, or all of them', () => {
  const { cache, numbers } = filled(5);
  cache.truncate(2);
  expect(numbers()).toEqual([0, 1]);
  cache.clear();
  expect(numbers()).toEqual([]);
});

test('days are worked out anew, and the order of use stays', () => {
  const { cache, numbers } = filled(3);
  cache.touch([0]);
  cache.redate();
  expect(numbers()).toEqual([1, 2, 0]);
  expect(cache.isCurrent(0)).toBe(true);
});
