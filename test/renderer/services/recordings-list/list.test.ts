import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { fail, succeed, type Result } from '@shared/domain/errors';
import type { RecordingsPage, RecordingSummary } from '@shared/domain/recording';
import { createRecordingsList, pageSize } from '../../../../src-renderer/services/recordings-list/list';
import { scanBudget, scanPageSize } from '../../../../src-renderer/services/recordings-list/scan';
import { toSearch } from '../../../../src-renderer/features/recordings/query';
import type { ListSearch, RecordingsQuery } from '../../../../src-renderer/services/recordings-list/search';
import { noFilters } from '../../../../src-renderer/services/ui';
import { guid, summary } from '../../../fixtures/examples';
import { fc } from '../../../fixtures/seed';

const row = (number: number): RecordingSummary => summary({ id: guid(number) });
const rows = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => row(from + index));

const search = (query: RecordingsQuery = {}, length: ListSearch['length'] = null): ListSearch => ({
  query,
  length,
  number: null,
  ownerUsername: 'anna',
});

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A server whose answers a test lets through one by one. */
function createServer(answer: (page: number, size: number) => Result<RecordingsPage>) {
  const waiting: { page: number; reply: () => void }[] = [];
  const asked: number[] = [];
  const cancelled: number[] = [];
  let highest = 0;
  return {
    asked,
    waiting,
    highest: () => highest,
    cancelled,
    fetchPage: (_search: unknown, page: number, size: number, signal: AbortSignal) =>
      new Promise<Result<RecordingsPage>>((resolve) => {
        asked.push(page);
        signal.addEventListener('abort', () => {
          if (!waiting.includes(entry)) return;
          waiting.splice(waiting.indexOf(entry), 1);
          cancelled.push(page);
          resolve(fail('cancelled', 'list'));
        });
        const entry = {
          page,
          reply: () => {
            if (waiting.includes(entry)) waiting.splice(waiting.indexOf(entry), 1);
            resolve(answer(page, size));
          },
        };
        waiting.push(entry);
        highest = Math.max(highest, waiting.length);
      }),
    /** Answers everything that is asked until nothing is left. */
    async answerAll() {
      for (let turn = 0; turn < 400; turn += 1) {
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
  const book = createRecordingsList(server.fetchPage);
  return { server, book };
};

const shown = (book: ReturnType<typeof createRecordingsList>, from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => book.view().rowAt(from + index)?.id ?? null);

test('asks for the first page, then only for pages that are looked at', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setSearch(search());
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

/** A server on whose pages every seventh row cannot be read. */
const holed = (total: number, pages: (page: number) => number, size = pageSize) => {
  const isReadable = (_: unknown, index: number) => index % 7 !== 3;
  const server = createServer((page) => {
    const sent = rows(page * size, Math.min(pages(page), total));
    const recordings = sent.filter(isReadable);
    return succeed({ totalCount: total, recordings, unreadable: sent.length - recordings.length });
  });
  return { server, book: createRecordingsList(server.fetchPage) };
};

test('rows that cannot be read are counted, and shift no page (D3)', async () => {
  const { server, book } = holed(1_000, (page) => (page + 1) * pageSize);
  book.setSearch(search());
  await server.answerAll();
  // The first page is seven rows short, so what is looked at reaches into the second.
  expect(book.view().unreadable).toBe(14);
  expect(book.view().rowCount).toBe(1_000 - 14);
  for (let first = 0; first < 1_000; first += 40) {
    book.need(first, first + 40);
    vi.advanceTimersByTime(100);
    await server.answerAll();
  }
  // Each page once: none was taken for the page of another size.
  expect(server.asked).toEqual(Array.from({ length: 20 }, (_, page) => page));
  const ids = shown(book, 0, book.view().rowCount ?? 0);
  const expected = rows(0, 1_000).filter((_, index) => (index % pageSize) % 7 !== 3);
  expect(ids).toEqual(expected.map(({ id }) => id));
  expect(book.view().unreadable).toBe(1_000 - expected.length);
});

test('rows that cannot be read are counted where the server sends everything at once (D3)', async () => {
  const { server, book } = holed(500, () => 500);
  book.setSearch(search());
  await server.answerAll();
  book.need(300, 340);
  await server.answerAll();
  expect(server.asked).toEqual([0]);
  const expected = rows(0, 500).filter((_, index) => index % 7 !== 3);
  expect(shown(book, 0, book.view().rowCount ?? 0)).toEqual(expected.map(({ id }) => id));
  expect(book.view().unreadable).toBe(500 - expected.length);
});

test('rows that cannot be read do not end a search through the list (D3)', async () => {
  const server = createServer((page, size) => {
    // Of the second page nothing can be read.
    const sent = rows(page * size, Math.min((page + 1) * size, 500));
    return succeed(
      page === 1
        ? { totalCount: 500, recordings: [], unreadable: sent.length }
        : { totalCount: 500, recordings: sent },
    );
  });
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search({}, { from: 0 }));
  await server.answerAll();
  book.goOn();
  await server.answerAll();
  expect(server.asked).toEqual([0, 1, 2]);
  expect(book.view()).toMatchObject({ unreadable: scanPageSize, scan: { looked: 500, total: 500 } });
});

test('what is beside the recording that plays is here, wherever one looks', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setSearch(search());
  await server.answerAll();
  book.keep([guid(48)], [guid(48)], guid(48).toUpperCase());
  await server.answerAll();
  expect(server.asked).toEqual([0]);
  book.keep([guid(49)], [guid(49)], guid(49));
  await server.answerAll();
  expect(server.asked).toEqual([0, 1]);
  expect(book.view().rowAt(50)?.id).toBe(guid(50));
  // At the very ends there is nothing, and one that is on no page has no neighbours.
  book.need(99_990, 99_999);
  vi.advanceTimersByTime(100);
  await server.answerAll();
  book.keep([guid(99_999)], [], guid(99_999));
  book.keep([guid(70_000)], [], guid(70_000));
  await server.answerAll();
  expect(server.asked).toEqual([0, 1, 1_999]);
});

test('at most two pages are on their way, and fast scrolling fetches where it stops', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setSearch(search());
  await server.answerAll();
  for (let at = 1_000; at <= 90_000; at += 1_000) book.need(at, at + 10);
  await server.answerAll();
  vi.advanceTimersByTime(100);
  await server.answerAll();
  expect(server.highest()).toBeLessThanOrEqual(2);
  expect(server.asked.length).toBeLessThanOrEqual(4);
  expect(server.asked.at(-1)).toBe(1_800);
  expect(book.view().rowAt(90_000)?.id).toBe(guid(90_000));
});

test('what nobody looks at any more is given up, and its answer is not needed', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setSearch(search());
  await server.answerAll();
  book.need(10_000, 10_010);
  expect(server.waiting.map(({ page }) => page)).toEqual([200]);
  book.need(20_000, 20_010);
  vi.advanceTimersByTime(100);
  expect(server.cancelled).toEqual([200]);
  await server.answerAll();
  expect(book.view()).toMatchObject({ error: null, loading: false });
  expect(book.view().rowAt(20_000)?.id).toBe(guid(20_000));
  expect(book.view().rowAt(10_000)).toBeNull();
  // And again, now that it is wanted.
  vi.advanceTimersByTime(1_000);
  book.need(10_000, 10_010);
  await server.answerAll();
  expect(book.view().rowAt(10_000)?.id).toBe(guid(10_000));
});

test('another search gives up the requests of the former one', () => {
  const { server, book } = shelf(() => 10);
  book.setSearch(search());
  book.setSearch(search({ direction: 'incoming' }));
  expect(server.cancelled).toEqual([0]);
  book.dispose();
  expect(server.cancelled).toEqual([0, 0]);
});

test('slow scrolling does not wait for its end', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setSearch(search());
  await server.answerAll();
  for (let at = 0; at < 200; at += 5) {
    book.need(at, at + 10);
    await server.answerAll();
  }
  expect(server.asked).toEqual([0, 1, 2, 3, 4]);
  expect(server.cancelled).toEqual([]);
});

test('memory is bounded: what was not looked at for the longest time is forgotten, but not what is kept', async () => {
  const { server, book } = shelf(() => 100_000);
  book.setSearch(search());
  await server.answerAll();
  const visit = async (index: number) => {
    book.need(index, index + 9);
    vi.advanceTimersByTime(100);
    await server.answerAll();
  };
  await visit(5_000);
  await visit(6_000);
  book.keep([guid(6_003).toUpperCase()]);
  for (let index = 10_000; index < 30_000; index += 50) await visit(index);
  const held = Array.from({ length: 2_000 }, (_, page) => book.view().rowAt(page * 50)).filter(
    (found) => found !== null,
  );
  expect(held).toHaveLength(256);
  expect(book.view().rowAt(0)).not.toBeNull();
  expect(book.view().rowAt(5_000)).toBeNull();
  expect(book.view().rowAt(6_000)).not.toBeNull();
  expect(book.view().rowAt(29_950)).not.toBeNull();
  expect(book.view().rowCount).toBe(100_000);
});

test('what came at the top since it was last seen is news', async () => {
  let shift = 0;
  let total = 1_000;
  const { server, book } = shelf(
    () => total,
    () => shift,
  );
  book.setSearch(search());
  await server.answerAll();
  book.seeTop();
  book.need(500, 510);
  await server.answerAll();
  expect(book.view().news).toBe(0);
  shift = 2;
  total = 1_002;
  book.invalidate();
  await server.answerAll();
  expect(book.view().news).toBe(2);
  expect(book.view().rowAt(502)?.id).toBe(guid(500));
  // More than a page of them: their number is known from the count.
  shift = 80;
  total = 1_080;
  book.invalidate();
  await server.answerAll();
  expect(book.view().news).toBe(80);
  book.seeTop();
  expect(book.view().news).toBe(0);
});

test('typing finds among what has arrived, from a row on and around the end', async () => {
  const { server, book } = shelf(() => 1_000);
  book.setSearch(search());
  await server.answerAll();
  book.need(500, 510);
  await server.answerAll();
  const find = (from: number, ...numbers: number[]) =>
    book.view().find(from, ({ id }) => numbers.some((number) => guid(number) === id));
  expect(find(0, 505)).toBe(505);
  expect(find(506, 505)).toBe(505);
  expect(find(10, 9, 520)).toBe(520);
  expect(find(10, 9)).toBe(9);
  expect(find(0, 300)).toBeNull();
});

/** A server with rows of every length from 1 s to 100 s, over and over. */
const lengths = (total: () => number, shift = () => 0) => {
  const server = createServer((page, size) =>
    succeed({
      totalCount: total(),
      recordings: rows(page * size - shift(), Math.min((page + 1) * size, total()) - shift()).map(
        (found, at) => ({
          ...found,
          durationMs: (((page * size - shift() + at + 1_000) % 100) + 1) * 1_000,
        }),
      ),
    }),
  );
  return { server, book: createRecordingsList(server.fetchPage) };
};

test('by length RecLight looks through the list itself, no further than is asked', async () => {
  const { server, book } = lengths(() => 100_000);
  book.setSearch(search({}, { from: 100_000 }));
  await server.answerAll();
  const looked = scanBudget * scanPageSize;
  expect(server.asked).toEqual(Array.from({ length: scanBudget }, (_, page) => page));
  expect(server.highest()).toBe(1);
  expect(book.view().scan).toEqual({ looked, total: 100_000, rests: true, ignored: false, through: false });
  expect(book.view().rowCount).toBe(looked / 100);
  expect(shown(book, 0, 2)).toEqual([guid(99), guid(199)]);
  book.need(0, 99);
  book.goOn();
  await server.answerAll();
  expect(book.view().scan?.looked).toBe(3 * looked);
  expect(book.view().rowCount).toBe((3 * looked) / 100);
});

test('by length the end of a long list is six steps away, however rare the length is', async () => {
  const { server, book } = lengths(() => 100_000);
  book.setSearch(search({}, { from: 1_000_000 }));
  const steps: number[] = [];
  for (;;) {
    await server.answerAll();
    const { looked = 0, rests = false } = book.view().scan ?? {};
    steps.push(looked);
    if (!rests) break;
    book.goOn();
  }
  expect(steps).toEqual([2_000, 6_000, 14_000, 30_000, 62_000, 100_000]);
  expect(new Set(server.asked).size).toBe(server.asked.length);
  // Another list begins small again.
  book.setSearch(search({}, { from: 2_000_000 }));
  await server.answerAll();
  book.goOn();
  await server.answerAll();
  expect(book.view().scan?.looked).toBe(6_000);
});

test('by length it stops where enough was found, and goes on where more is looked at', async () => {
  const { server, book } = lengths(() => 2_000);
  book.setSearch(search({}, { to: 51_000 }));
  book.need(0, 20);
  await server.answerAll();
  expect(server.asked).toEqual([0]);
  expect(book.view().scan).toMatchObject({ looked: 200, rests: true });
  book.need(85, 105);
  await server.answerAll();
  expect(server.asked).toEqual([0, 1]);
  expect(book.view().rowAt(100)?.id).toBe(guid(200));
  // What it has begun to look for and is no longer needed is given up, and it rests.
  vi.advanceTimersByTime(100);
  book.need(200, 210);
  expect(server.waiting).toHaveLength(1);
  book.need(85, 95);
  vi.advanceTimersByTime(100);
  expect(server.waiting).toHaveLength(0);
  expect(book.view().loading).toBe(false);
});

test('by length it looks further also where enough was found, when told to', async () => {
  const { server, book } = lengths(() => 100_000);
  // Every second one.
  book.setSearch(search({}, { to: 51_000 }));
  await server.answerAll();
  const before = book.view();
  expect(before.scan).toMatchObject({ looked: 200, rests: true });
  book.goOn();
  expect(book.view().scan?.rests).toBe(false);
  await server.answerAll();
  expect(book.view().scan).toMatchObject({ looked: 400, rests: true });
  expect(book.view().rowCount).toBe(2 * (before.rowCount ?? 0));
  // What was left for the first step is used first.
  book.setSearch(search({}, { from: 100_000 }));
  await server.answerAll();
  expect(book.view().scan?.looked).toBe(scanBudget * scanPageSize);
});

test('by length it cannot be told to look further where the server does not answer', async () => {
  const server = createServer((page, size) =>
    page === 0 ? succeed({ totalCount: 10_000, recordings: rows(0, size) }) : fail('connection-lost', 'list'),
  );
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search({}, { from: 0 }));
  await server.answerAll();
  expect(book.view().scan?.rests).toBe(true);
  book.goOn();
  await server.answerAll();
  expect(book.view()).toMatchObject({ error: { code: 'connection-lost' }, scan: { rests: false } });
});

test('by length to the end: everything was looked through, and new recordings join without a second look', async () => {
  let total = 500;
  let shift = 0;
  const { server, book } = lengths(
    () => total,
    () => shift,
  );
  book.setSearch(search({}, { from: 99_000 }));
  await server.answerAll();
  expect(book.view().scan).toEqual({ looked: 500, total: 500, rests: false, ignored: false, through: false });
  expect(book.view().rowCount).toBe(10);
  const before = server.asked.length;
  shift = 3;
  total = 503;
  book.invalidate();
  await server.answerAll();
  expect(server.asked.slice(before).every((page) => page === 0)).toBe(true);
  expect(shown(book, 0, 4)).toEqual([guid(-2), guid(-1), guid(98), guid(99)]);
  expect(new Set(shown(book, 0, book.view().rowCount ?? 0)).size).toBe(book.view().rowCount);
});

test('a server that ignores a filter is found out, and RecLight filters itself', async () => {
  const server = createServer((page, size) =>
    succeed({
      totalCount: 1_000,
      recordings: rows(page * size, Math.min(1_000, (page + 1) * size)).map((found, at) => ({
        ...found,
        direction: at % 2 === 0 ? ('incoming' as const) : ('outgoing' as const),
      })),
    }),
  );
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search({ direction: 'outgoing' }));
  await server.answerAll();
  expect(book.view().scan?.ignored).toBe(true);
  const found = shown(book, 0, book.view().rowCount ?? 0);
  expect(found.length).toBeGreaterThan(50);
  expect(found[0]).toBe(guid(1));
  expect(found).not.toContain(guid(0));
  // The next search is the server's again.
  book.setSearch(search());
  await server.answerAll();
  expect(book.view().scan).toBeNull();
});

test('a recording that two pages hold is shown once, and the rest moves up', async () => {
  let shift = 0;
  const { server, book } = shelf(
    () => 200,
    () => shift,
  );
  book.setSearch(search());
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
  book.setSearch(search());
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
  book.setSearch(search());
  const former = server.waiting[0];
  book.setSearch(search({ direction: 'incoming' }));
  former?.reply();
  await Promise.resolve();
  await Promise.resolve();
  expect(book.view().rowCount).toBeNull();
  await server.answerAll();
  expect(book.view().rowCount).toBe(10);
});

test('the same search again asks nothing', async () => {
  const { server, book } = shelf(() => 10);
  book.setSearch(search({ direction: 'incoming' }));
  await server.answerAll();
  book.setSearch(search({ direction: 'incoming' }));
  expect(server.asked).toEqual([0]);
});

test('a failure is kept and tried again only when asked', async () => {
  let broken = true;
  const server = createServer(() =>
    broken ? fail('service-down', 'list', { status: 504 }) : succeed({ totalCount: 1, recordings: [row(1)] }),
  );
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
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
])('bears a server that $name', async ({ answer, rowCount, last }) => {
  const server = createServer(answer);
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  await server.answerAll();
  expect(book.view().rowCount).toBe(rowCount);
  expect(book.view().rowAt(rowCount - 1)?.id).toBe(last);
  expect(book.view().rowAt(rowCount)).toBeNull();
});

test('rows that are counted and not sent are not told as none, and are asked for again (R-18)', async () => {
  let recordings: readonly RecordingSummary[] = [];
  const server = createServer(() => succeed({ totalCount: 300, recordings }));
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  await server.answerAll();
  expect(book.view()).toMatchObject({ rowCount: null, error: { code: 'malformed' } });
  recordings = rows(0, pageSize);
  book.retry();
  await server.answerAll();
  expect(book.view()).toMatchObject({ rowCount: 300, error: null });
});

test('a page that nobody answers is a failure that can be tried again (R-19)', async () => {
  let gone = true;
  const server = createServer(() => succeed({ totalCount: 1, recordings: [row(1)] }));
  const book = createRecordingsList((...asked) =>
    gone ? Promise.reject(new Error('reply was never sent')) : server.fetchPage(...asked),
  );
  book.setSearch(search());
  await vi.advanceTimersByTimeAsync(0);
  expect(book.view()).toMatchObject({ loading: false, error: { code: 'internal', operation: 'list' } });
  gone = false;
  book.retry();
  await server.answerAll();
  expect(book.view()).toMatchObject({ rowCount: 1, error: null });
});

test('what RecLight itself has found stays there while it looks anew (R-7)', async () => {
  const { server, book } = lengths(() => 1_000);
  book.setSearch(search({}, { from: 99_000 }));
  await server.answerAll();
  const found = shown(book, 0, book.view().rowCount ?? 0);
  expect(found.length).toBeGreaterThan(10);
  book.refresh();
  expect(shown(book, 0, book.view().rowCount ?? 0)).toEqual(found);
  server.waiting[0]?.reply();
  await server.answerAll();
  expect(shown(book, 0, book.view().rowCount ?? 0)).toEqual(found);
});

/** A list of numbers, of which the server finds those that contain the characters it is asked for. */
const numbered = (numbers: readonly string[]) => {
  const questions: (string | undefined)[] = [];
  const all = numbers.map((remotePartyNumber, at) => ({ ...row(at), remotePartyNumber }));
  const book = createRecordingsList(({ query }, page, size) => {
    const asked = query.remotePartyNumber?.value;
    questions.push(asked);
    const found = all.filter(({ remotePartyNumber }) => remotePartyNumber.includes(asked ?? ''));
    const recordings = found.slice(page * size, (page + 1) * size);
    return Promise.resolve(succeed({ totalCount: found.length, recordings }));
  });
  const find = async (typed: string) => {
    book.setSearch(toSearch({ ...noFilters, remoteNumber: typed }, null, { now: 0, locale: 'en' }));
    await vi.advanceTimersByTimeAsync(0);
    return shown(book, 0, book.view().rowCount ?? 0);
  };
  return { book, questions, find };
};

test('what contains the digits of a number and is another one is left out, without a word of the server (D4)', async () => {
  const { book, find } = numbered(['+390244540000', '+490244540000', '+390244540001']);
  expect(await find('+39 02 4454 0000')).toEqual([guid(0)]);
  expect(book.view().scan).toMatchObject({ ignored: false, through: false, looked: 2, total: 2 });
});

test('where the server finds no number, RecLight looks through the list itself (D4)', async () => {
  const { book, questions, find } = numbered(['0039 0111 555777', '+390244540000']);
  expect(await find('0111555777')).toEqual([guid(0)]);
  expect(questions).toEqual(['111555777', undefined]);
  expect(book.view().scan).toMatchObject({ ignored: false, through: true });
  // From then on it is known that the server stores separators.
  questions.length = 0;
  expect(await find('+39 02 4454 0000')).toEqual([guid(1)]);
  expect(questions).toEqual([undefined]);
  expect(await find('Anonymous')).toEqual([]);
});

test('where some numbers have separators and others have none, all spellings are found (D4)', async () => {
  const { book, find } = numbered(['+390244540000', '+39 02 4454 0000', '0244540001']);
  expect(await find('+39 02 4454 0000')).toEqual([guid(0), guid(1)]);
  expect(book.view().scan).toMatchObject({ through: true, looked: 3, total: 3 });
});

test('where nothing has separators, a number is one question, and one more where it has some (D4)', async () => {
  const { book, questions, find } = numbered(['390333444555', '+390244540000']);
  expect(await find('0333444555')).toEqual([guid(0)]);
  expect(questions).toEqual(['333444555']);
  questions.length = 0;
  expect(await find('0333 444 555')).toEqual([guid(0)]);
  expect(questions).toEqual(['0333 444 555', '333444555']);
  expect(book.view().scan).toBeNull();
});

test.each([
  { own: 37, more: 0 },
  { own: 60, more: 0 },
  { own: 120, more: 0 },
  // Nearly what was asked for: it takes another page to tell that from a row too many or too few.
  { own: 46, more: 1 },
  { own: 49, more: 1 },
  { own: 51, more: 1 },
  { own: 54, more: 1 },
])('a server whose pages always have $own rows is read to its end', async ({ own, more }) => {
  const server = createServer((page) =>
    succeed({ totalCount: 500, recordings: rows(page * own, Math.min(500, (page + 1) * own)) }),
  );
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  for (let at = 0; at < 500; at += 40) {
    book.need(at, at + 40);
    await server.answerAll();
  }
  expect(book.view().rowCount).toBe(500);
  expect(shown(book, 0, 500)).toEqual(rows(0, 500).map(({ id }) => id));
  expect(server.asked.length).toBeLessThanOrEqual(Math.ceil(500 / own) + more);
});

test.each([
  ['lacks a row', rows(1, pageSize)],
  ['repeats a row', [...rows(0, pageSize - 1), row(0)]],
  ['has one too many', [...rows(0, pageSize), row(0)]],
])('a first page that %s moves no other page', async (_name, first) => {
  const server = createServer((page) =>
    succeed({
      totalCount: 10_000,
      recordings: page === 0 ? first : rows(page * pageSize, (page + 1) * pageSize),
    }),
  );
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  await server.answerAll();
  book.need(5_000, 5_040);
  await server.answerAll();
  vi.advanceTimersByTime(100);
  await server.answerAll();
  expect(Math.abs((book.view().indexOf(guid(5_010)) ?? 0) - 5_010)).toBeLessThanOrEqual(1);
  expect(server.asked.length).toBeLessThanOrEqual(3);
});

test('a server whose pages begin with the end of the one before is read to its end, each row once', async () => {
  const server = createServer((page) =>
    succeed({
      totalCount: 480,
      recordings: rows(Math.max(0, page * pageSize - 3), Math.min(480, (page + 1) * pageSize)),
    }),
  );
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  await server.answerAll();
  for (const at of [440, 60, 0, 100, 200, 300, 400]) {
    book.need(at, Math.min(479, at + 99));
    vi.advanceTimersByTime(100);
    await server.answerAll();
  }
  expect(book.view().rowCount).toBe(480);
  expect(shown(book, 0, 480)).toEqual(rows(0, 480).map(({ id }) => id));
  expect(server.asked.length).toBeLessThan(20);
});

test('a count that changes with every answer does not make it ask forever', async () => {
  let count = 1_000;
  const server = createServer((page) => {
    count += 1;
    return succeed({ totalCount: count, recordings: rows(page * pageSize, (page + 1) * pageSize) });
  });
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  book.need(0, 199);
  await server.answerAll();
  expect(server.asked.length).toBeLessThan(20);
  expect(shown(book, 0, 200)).not.toContain(null);
});

test('a count that changes now and then is believed all day', async () => {
  let shift = 0;
  const { server, book } = shelf(
    () => 1_000 + shift,
    () => shift,
  );
  book.setSearch(search());
  await server.answerAll();
  book.seeTop();
  for (let turn = 1; turn <= 8; turn += 1) {
    shift += 1;
    vi.advanceTimersByTime(60_000);
    // A page that was not looked at before tells of another count.
    book.need(turn * 100, turn * 100 + 10);
    await server.answerAll();
    vi.advanceTimersByTime(100);
    await server.answerAll();
    expect(book.view().news).toBe(turn);
    expect(book.view().rowAt(0)?.id).toBe(guid(-turn));
  }
});

test('what is selected and falls off its page is looked for on the one beside it, and only there', async () => {
  let shift = 0;
  const { server, book } = shelf(
    () => 10_000 + shift,
    () => shift,
  );
  book.setSearch(search());
  await server.answerAll();
  book.keep([guid(49), guid(48), guid(7)], [guid(49)]);
  book.need(5_000, 5_010);
  await server.answerAll();
  const before = server.asked.length;
  shift = 2;
  book.invalidate();
  await server.answerAll();
  // The page in sight, the top, and the one that the selected recording is on now.
  expect([...new Set(server.asked.slice(before))].sort((a, b) => a - b)).toEqual([0, 1, 100]);
  expect(book.view().indexOf(guid(49))).toBe(51);
  // Pulled back by two that are removed.
  shift = 0;
  book.invalidate();
  await server.answerAll();
  expect(book.view().indexOf(guid(49))).toBe(49);
  expect(book.view().recordingOf(guid(48).toUpperCase())?.id).toBe(guid(48));
});

test('what is kept is known wherever it went, until the whole list is known without it', async () => {
  let all = rows(0, 120);
  const server = createServer((page) =>
    succeed({
      totalCount: all.length,
      recordings: all.slice(page * pageSize, (page + 1) * pageSize),
    }),
  );
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  await server.answerAll();
  book.keep([guid(10)], [guid(10)]);
  all = all.filter(({ id }) => id !== guid(10));
  book.invalidate();
  await server.answerAll();
  expect(book.view().indexOf(guid(10))).toBeNull();
  expect(book.view().recordingOf(guid(10))?.id).toBe(guid(10));
  expect(book.view().recordingOf(guid(11))?.id).toBe(guid(11));
  expect(book.view().recordingOf(guid(115))).toBeNull();
  book.need(0, 119);
  await server.answerAll();
  expect(book.view().recordingOf(guid(10))).toBeNull();
  // Of another list nothing is remembered.
  book.setSearch(search({ direction: 'incoming' }));
  expect(book.view().recordingOf(guid(11))).toBeNull();
});

test('rows out of sight are fetched when they are reached for, and again when they have changed', async () => {
  let shift = 0;
  const { server, book } = shelf(
    () => 1_000 + shift,
    () => shift,
  );
  book.setSearch(search());
  await server.answerAll();
  const range = { first: 0, last: 149 };
  expect(book.view().holds(range)).toBe(false);
  book.reach(range);
  await server.answerAll();
  expect(server.asked).toEqual([0, 1, 2]);
  expect(book.view().holds(range)).toBe(true);
  expect(shown(book, 0, 150)).toEqual(rows(0, 150).map(({ id }) => id));
  book.reach(null);
  shift = 2;
  book.invalidate();
  await server.answerAll();
  // The first page has new rows, the others would leave a gap behind it.
  expect(book.view().holds(range)).toBe(false);
  book.reach(range);
  await server.answerAll();
  expect(shown(book, 0, 150)).toEqual(rows(-2, 148).map(({ id }) => id));
});

test('by length it is looked further for what is reached for, as far as it may', async () => {
  const { server, book } = lengths(() => 2_000);
  book.setSearch(search({}, { to: 51_000 }));
  await server.answerAll();
  expect(server.asked).toEqual([0]);
  book.reach({ first: 0, last: 249 });
  await server.answerAll();
  expect(server.asked).toEqual([0, 1, 2]);
  expect(book.view().holds({ first: 0, last: 249 })).toBe(true);
  book.reach({ first: 0, last: 4_999 });
  await server.answerAll();
  expect(book.view()).toMatchObject({ rowCount: 1_000 });
  expect(book.view().holds({ first: 0, last: 4_999 })).toBe(true);
});

test('of a server that sends everything at once, 100,000 are asked for once, and kept', async () => {
  const total = 100_000;
  let all = rows(0, total);
  const server = createServer(() => succeed({ totalCount: all.length, recordings: all }));
  const book = createRecordingsList(server.fetchPage);
  book.setSearch(search());
  await server.answerAll();
  for (const place of [0, 99_990, 50_000, 12_345, 88_888, 3]) {
    book.need(place, place + 9);
    vi.advanceTimersByTime(100);
    await server.answerAll();
    expect(book.view().rowAt(place)?.id).toBe(guid(place));
  }
  expect(server.asked).toEqual([0]);
  book.need(70_000, 70_009);
  all = [row(-1), ...all.filter(({ id }) => id !== guid(5))];
  book.invalidate();
  // Scrolling does not give up what will be right for any place.
  book.need(20_000, 20_009);
  vi.advanceTimersByTime(100);
  await server.answerAll();
  expect(server.asked).toEqual([0, 0]);
  expect(server.highest()).toBe(1);
  expect(server.cancelled).toEqual([]);
  expect(shown(book, 0, 7)).toEqual([-1, 0, 1, 2, 3, 4, 6].map(guid));
  expect(book.view().rowAt(99_999)?.id).toBe(guid(99_999));
});

/** What may happen to a list while one looks at it; places are shares of its length. */
const happening = fc.oneof(
  fc.record({ kind: fc.constant('come' as const), count: fc.constantFrom(1, 2, 3, 60) }),
  fc.record({ kind: fc.constant('go' as const), place: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('join' as const), place: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('scroll' as const), place: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('select' as const), place: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant('hear' as const) }),
  fc.record({ kind: fc.constant('answer' as const) }),
);

test('whatever comes, goes and is looked at: none is there twice, and what is selected is never another', async () => {
  let followedFar = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 400 }),
      fc.array(happening, { maxLength: 30, size: 'max' }),
      async (length, history) => {
        let all = rows(0, length);
        let newest = 0;
        let selected: string | null = null;
        let wanted = { first: 0, last: 9 };
        const server = createServer((page) =>
          succeed({
            totalCount: all.length,
            recordings: all.slice(page * pageSize, (page + 1) * pageSize),
          }),
        );
        const book = createRecordingsList(server.fetchPage);
        book.setSearch(search());
        await server.answerAll();
        const at = (place: number) => Math.floor(place * Math.max(0, all.length - 1));
        const check = () => {
          const view = book.view();
          const there = shown(book, 0, view.rowCount ?? 0).filter((id) => id !== null);
          expect(new Set(there).size).toBe(there.length);
          for (const id of there) expect(view.rowAt(view.indexOf(id) ?? -1)?.id).toBe(id);
          if (selected === null || !all.some(({ id }) => id === selected)) return;
          expect(view.recordingOf(selected)?.id).toBe(selected);
          if (view.indexOf(selected) === null) followedFar += 1;
        };
        for (const event of history) {
          switch (event.kind) {
            case 'come':
              for (let count = 0; count < event.count; count += 1) all = [row(--newest), ...all];
              break;
            case 'go':
              all = all.toSpliced(at(event.place), 1);
              break;
            case 'join':
              all = all.toSpliced(at(event.place), 0, row(--newest));
              break;
            case 'scroll':
              wanted = { first: at(event.place), last: at(event.place) + 9 };
              book.need(wanted.first, wanted.last);
              vi.advanceTimersByTime(100);
              break;
            case 'select':
              selected = book.view().rowAt(wanted.first + Math.floor(event.place * 9))?.id ?? selected;
              if (selected !== null) book.keep([selected], [selected]);
              break;
            case 'hear':
              book.invalidate();
              break;
            case 'answer':
              server.waiting[0]?.reply();
              for (let tick = 0; tick < 4; tick += 1) await Promise.resolve();
              break;
          }
          check();
        }
        // Once everything is looked at, everything is as the server has it.
        book.need(0, 10_000);
        book.invalidate();
        await server.answerAll();
        book.invalidate();
        await server.answerAll();
        check();
        expect(shown(book, 0, book.view().rowCount ?? 0)).toEqual(all.map(({ id }) => id));
        book.dispose();
      },
    ),
    { numRuns: 300 },
  );
  expect(followedFar).toBeGreaterThan(0);
});

test('after disposal nobody is told', async () => {
  const { server, book } = shelf(() => 10);
  let told = 0;
  book.subscribe(() => (told += 1));
  book.setSearch(search());
  const before = told;
  book.dispose();
  await server.answerAll();
  expect(told).toBe(before);
});
