import { expect, test } from 'vitest';

import { fail, succeed, type Result } from '../../../src-main/shared/errors';
import type { RecordingsPage, RecordingSummary } from '../../../src-main/shared/recording';
import { createPageBook, pageSize } from '../../../src-renderer/features/recordings/page-book';
import { guid, summary } from '../../support/examples';

const row = (number: number): RecordingSummary => summary({ id: guid(number) });
const rows = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => row(from + index));

/** A server whose answers a test lets through one by one. */
function createServer(answer: (page: number) => Result<RecordingsPage>) {
  const waiting: { page: number; reply: () => void }[] = [];
  const asked: number[] = [];
  let highest = 0;
  return {
    asked,
    waiting,
    highest: () => highest,
    fetchPage: (_query: unknown, page: number) =>
      new Promise<Result<RecordingsPage>>((resolve) => {
        asked.push(page);
        const entry = {
          page,
          reply: () => {
            waiting.splice(waiting.indexOf(entry), 1);
            resolve(answer(page));
          },
        };
        waiting.push(entry);
        highest = Math.max(highest, waiting.length);
      }),
    /** Answers everything that is asked until nothing is left. */
    async answerAll() {
      for (let turn = 0; turn < 200; turn += 1) {
        waiting[0]?.reply();
        for (let tick = 0; tick < 4; tick += 1) await Promise.resolve();
        if (waiting.length === 0) return;
      }
      throw new Error('The book does not stop asking');
    },
  };
}

const shelf = (total: () => number, shift = () => 0) => {
  const server = createServer((page) =>
    succeed({
      totalCount: total(),
      recordings: rows(page * pageSize - shift(), Math.min((page + 1) * pageSize, total()) - shift()),
    }),
  );
  const book = createPageBook(server.fetchPage);
  return { server, book };
};

const shown = (book: ReturnType<typeof createPageBook>, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => book.view().rowAt(from + index)?.id ?? null);

test('asks for the first page, then only for pages that are looked at', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setQuery({});
  await server.answerAll();
  expect(server.asked).toEqual([0]);
  expect(book.view().rowCount).toBe(100_000);
  book.need(50_020, 50_030);
  await server.answerAll();
  expect(server.asked).toEqual([0, 1_000]);
  expect(book.view().rowAt(50_020)?.id).toBe(guid(50_020));
  expect(book.view().rowAt(49_999)).toBeNull();
  expect(book.view().indexOf(guid(50_020).toUpperCase())).toBe(50_020);
});

test('at most two pages are on their way, and fast scrolling fetches where it stops', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setQuery({});
  await server.answerAll();
  for (let at = 1_000; at <= 90_000; at += 1_000) book.need(at, at + 10);
  await server.answerAll();
  expect(server.highest()).toBeLessThanOrEqual(2);
  expect(server.asked.length).toBeLessThanOrEqual(4);
  expect(server.asked.at(-1)).toBe(1_800);
  expect(book.view().rowAt(90_000)?.id).toBe(guid(90_000));
});

test('a recording that two pages hold is shown once, and the rest moves up', async () => {
  let shift = 0;
  const { server, book } = shelf(
    () => 200,
    () => shift,
  );
  book.setQuery({});
  await server.answerAll();
  // Three recordings came, so that the second page begins with the end of the first; the count says nothing of it.
  shift = 3;
  book.need(50, 99);
  await server.answerAll();
  const all = shown(book, 0, book.view().rowCount ?? 0).filter((id) => id !== null);
  expect(new Set(all).size).toBe(all.length);
  expect(shown(book, 49, 51)).toEqual([guid(49), guid(50)]);
});

test('after an invalidation what is there stays until the new rows have come, then each is shown once', async () => {
  let shift = 0;
  let total = 200;
  const { server, book } = shelf(
    () => total,
    () => shift,
  );
  book.setQuery({});
  book.need(0, 60);
  await server.answerAll();
  shift = 2;
  total = 202;
  book.invalidate();
  expect(book.view().rowAt(0)?.id).toBe(guid(0));
  await server.answerAll();
  expect(shown(book, 0, 4)).toEqual([guid(-2), guid(-1), guid(0), guid(1)]);
  expect(book.view().rowCount).toBe(202);
  expect(book.view().indexOf(guid(48))).toBe(50);
});

test('an answer to a former search is dropped', async () => {
  const { server, book } = shelf(() => 10);
  book.setQuery({});
  const former = server.waiting[0];
  book.setQuery({ direction: 'incoming' });
  former?.reply();
  await Promise.resolve();
  await Promise.resolve();
  expect(book.view().rowCount).toBeNull();
  await server.answerAll();
  expect(book.view().rowCount).toBe(10);
});

test('the same search again asks nothing', async () => {
  const { server, book } = shelf(() => 10);
  book.setQuery({ direction: 'incoming' });
  await server.answerAll();
  book.setQuery({ direction: 'incoming' });
  expect(server.asked).toEqual([0]);
});

test('a failure is kept and tried again only when asked', async () => {
  let broken = true;
  const server = createServer(() =>
    broken ? fail('service-down', 'list', { status: 504 }) : succeed({ totalCount: 1, recordings: [row(1)] }),
  );
  const book = createPageBook(server.fetchPage);
  book.setQuery({});
  await server.answerAll();
  expect(book.view().error?.code).toBe('service-down');
  book.need(0, 10);
  expect(server.waiting).toHaveLength(0);
  broken = false;
  book.retry();
  await server.answerAll();
  expect(book.view().error).toBeNull();
  expect(book.view().rowAt(0)?.id).toBe(guid(1));
});

test.each([
  {
    name: 'ignores the page size',
    answer: () => succeed({ totalCount: 180, recordings: rows(0, 180) }),
    rowCount: 180,
    last: guid(179),
  },
  {
    name: 'repeats its rows',
    answer: () => succeed({ totalCount: 4, recordings: [row(1), row(2), row(1), row(2)] }),
    rowCount: 2,
    last: guid(2),
  },
  {
    name: 'counts too little',
    answer: () => succeed({ totalCount: 0, recordings: rows(0, 3) }),
    rowCount: 3,
    last: guid(2),
  },
  {
    name: 'counts rows that it does not send',
    answer: () => succeed({ totalCount: 500, recordings: [] }),
    rowCount: 0,
    last: undefined,
  },
])('bears a server that $name', async ({ answer, rowCount, last }) => {
  const server = createServer(answer);
  const book = createPageBook(server.fetchPage);
  book.setQuery({});
  await server.answerAll();
  expect(book.view().rowCount).toBe(rowCount);
  expect(book.view().rowAt(rowCount - 1)?.id).toBe(last);
  expect(book.view().rowAt(rowCount)).toBeNull();
});

test('a count that changes with every answer does not make it ask forever', async () => {
  let count = 1_000;
  const server = createServer((page) => {
    count += 1;
    return succeed({ totalCount: count, recordings: rows(page * pageSize, (page + 1) * pageSize) });
  });
  const book = createPageBook(server.fetchPage);
  book.setQuery({});
  book.need(0, 199);
  await server.answerAll();
  expect(server.asked.length).toBeLessThan(20);
  expect(shown(book, 0, 200)).not.toContain(null);
});

test('after disposal nobody is told', async () => {
  const { server, book } = shelf(() => 10);
  let told = 0;
  book.subscribe(() => (told += 1));
  book.setQuery({});
  const before = told;
  book.dispose();
  await server.answerAll();
  expect(told).toBe(before);
});
