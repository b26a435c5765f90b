import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { RecordingsPage } from '@shared/domain/recording';
import {
  createServerPaging,
  sentRows,
} from '../../../../src-renderer/services/recordings-list/server-paging';
import { guid, summary } from '../../../fixtures/examples';

const asked = 50;
const answer = (sent: number, totalCount: number, unreadable = 0): RecordingsPage => ({
  totalCount,
  recordings: Array.from({ length: sent }, (_, number) => summary({ id: guid(number) })),
  unreadable,
});

test('rows that could not be read were sent, too', () => {
  expect(sentRows(answer(3, 9, 2))).toBe(5);
  const { recordings, totalCount } = answer(3, 9);
  expect(sentRows({ recordings, totalCount })).toBe(3);
});

describe('the size of a page', () => {
  test('is the one that was asked for, also where the list is shorter', () => {
    const paging = createServerPaging();
    expect(paging.learn(0, answer(50, 500), asked, undefined)).toBe(false);
    expect(paging.learn(0, answer(20, 20), asked, 50)).toBe(false);
    expect([paging.size(asked), paging.size(200)]).toEqual([50, 200]);
  });

  test("is the server's own where the first page shows it, and pages of before are numbered otherwise", () => {
    const paging = createServerPaging();
    expect(paging.learn(0, answer(37, 500), asked, undefined)).toBe(true);
    expect(paging.size(asked)).toBe(37);
    expect(paging.learn(0, answer(37, 500), asked, 37)).toBe(false);
    expect(paging.learn(0, answer(50, 500), asked, 37)).toBe(true);
    expect(paging.size(asked)).toBe(50);
  });

  test('is believed to be nearly the one that was asked for after a second page of the same', () => {
    const paging = createServerPaging();
    expect(paging.learn(0, answer(49, 500), asked, undefined)).toBe(false);
    expect(paging.size(asked)).toBe(50);
    expect(paging.learn(1, answer(48, 500), asked, 49)).toBe(false);
    expect(paging.size(asked)).toBe(50);
    expect(paging.learn(1, answer(49, 500), asked, 49)).toBe(false);
    expect(paging.size(asked)).toBe(49);
  });

  test('is not told by the last page', () => {
    const paging = createServerPaging();
    paging.learn(1, answer(49, 99), asked, 49);
    expect(paging.size(asked)).toBe(50);
  });

  test('is forgotten with the list', () => {
    const paging = createServerPaging();
    paging.learn(0, answer(37, 500), asked, undefined);
    paging.forget();
    expect(paging.size(asked)).toBe(50);
  });
});

describe('a server that sends everything', () => {
  test('is asked once, and its answer is cut into pages', () => {
    const paging = createServerPaging();
    const whole = answer(120, 120, 2);
    expect(paging.split(0, whole, asked)).toEqual([[0, whole]]);
    expect(paging.learn(0, whole, asked, undefined)).toBe(true);
    expect(paging.sendsEverything()).toBe(true);
    const pages = paging.split(3, whole, asked);
    expect(
      pages.map(([number, { recordings, unreadable }]) => [number, recordings.length, unreadable]),
    ).toEqual([
      [0, 50, 2],
      [1, 50, 0],
      [2, 20, 0],
    ]);
    expect(paging.countOf(0, whole, asked)).toBe(120);
    paging.forget();
    expect(paging.sendsEverything()).toBe(false);
  });

  test('is not one that only sends a row too many', () => {
    const paging = createServerPaging();
    paging.learn(0, answer(51, 500), asked, undefined);
    expect(paging.sendsEverything()).toBe(false);
  });
});

test.each([
  { page: 0, sent: 3, told: 0, count: 3 },
  { page: 2, sent: 50, told: 120, count: 150 },
  { page: 2, sent: 20, told: 120, count: 120 },
  { page: 9, sent: 0, told: 7, count: 7 },
])('$sent rows on page $page of $told are a count of $count', ({ page, sent, told, count }) => {
  const paging = createServerPaging();
  expect(paging.countOf(page, answer(sent, told), asked)).toBe(count);
});

describe('a count that differs', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const believed = (paging: ReturnType<typeof createServerPaging>) => paging.mayRecount(performance.now());

  test('is believed three times, and again after 10 s without one', () => {
    const paging = createServerPaging();
    expect([1, 2, 3, 4].map(() => believed(paging))).toEqual([true, true, true, false]);
    vi.advanceTimersByTime(9_999);
    expect(believed(paging)).toBe(false);
    vi.advanceTimersByTime(1);
    expect(believed(paging)).toBe(true);
  });

  test('that a recount has asked for itself is no sign of a rest, however long it took', () => {
    const paging = createServerPaging();
    const askedAt = performance.now();
    expect([1, 2, 3].map(() => paging.mayRecount(askedAt))).toEqual([true, true, true]);
    vi.advanceTimersByTime(60_000);
    expect(paging.mayRecount(askedAt)).toBe(false);
  });

  test('is believed again when the user asks anew', () => {
    const paging = createServerPaging();
    for (let turn = 0; turn < 4; turn += 1) believed(paging);
    paging.allowRecounts();
    expect(believed(paging)).toBe(true);
  });
});
