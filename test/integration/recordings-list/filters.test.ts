import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ipcContract } from '@shared/ipc/contract';
import { createRecordingsService } from '../../../src-main/core/recordings/service';
import type { ApiClient } from '../../../src-main/infra/api/client';
import type { FetchPage, RecordingsList } from '../../../src-renderer/services/recordings-list/contract';
import { createRecordingsList, pageSize } from '../../../src-renderer/services/recordings-list/list';
import { toSearch } from '../../../src-renderer/features/recordings/query';
import { noFilters, type LengthChoice, type ListFilters } from '../../../src-renderer/services/ui';
import type { Recording, Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { silentLog } from '../../fixtures/memory-file';
import { clientOf } from '../api-client/support/agent';
import { fc } from '../../fixtures/seed';

// A thousand combinations in all. Days of 23 and 25 hours, and on Lord Howe of 23.5 and 24.5.
const runs = 334;
const zones = [
  { zone: 'Europe/Rome', days: ['2026-03-29', '2026-10-25'] },
  { zone: 'America/New_York', days: ['2026-03-08', '2026-11-01'] },
  { zone: 'Australia/Lord_Howe', days: ['2026-04-05', '2026-10-04'] },
] as const;

const hour = 3_600_000;

const asking = { now: Date.UTC(2026, 2, 2), locale: 'en-GB' };

/** Few, and full of what means something in a filter, so that searches hit. */
const numbers = [
  '+390244548866',
  '390244548866',
  '+39 02 4454-8866',
  'contains:+39',
  'equals:101',
  'between:1;2',
  '1;2',
  '1\\;2',
  '\\',
  'a\\b;c\\\\',
  '100%',
  'a&b=c#d?e',
  '電話',
  '7',
];
const lines = ['101', '102', '1;0', 'contains:1'];

/** What each choice of a length says on the screen, of the length as the screen shows it, whole s. */
const lengths: Readonly<Record<LengthChoice, (shown: number) => boolean>> = {
  all: () => true,
  short: (shown) => shown <= 30,
  minute: (shown) => shown <= 60,
  minutes: (shown) => shown >= 60 && shown <= 5 * 60,
  long: (shown) => shown >= 5 * 60 && shown <= 15 * 60,
  longest: (shown) => shown > 15 * 60,
};

const typed = fc.oneof(
  fc.constant(''),
  fc.constantFrom(...numbers),
  fc.constantFrom(...numbers).chain((number) => fc.nat(number.length).map((at) => number.slice(at))),
  fc.string({ unit: fc.constantFrom(';', '\\', '+', ':', '3', 'contains:', '9', ' ', '%'), maxLength: 4 }),
);

function filtersAround(days: readonly string[]): fc.Arbitrary<ListFilters> {
  const near = days.flatMap((day) =>
    [-1, 0, 1].map((shift) => new Date(Date.parse(day) + shift * 24 * hour).toISOString().slice(0, 10)),
  );
  const date = fc.constantFrom('', ...near);
  return fc.record({
    remoteNumber: typed,
    period: fc.constant(null),
    from: date,
    to: date,
    direction: fc.constantFrom('all', 'all', 'unknown', 'incoming', 'outgoing'),
    localLine: fc.constantFrom('', '', ...lines),
    length: fc.constantFrom('all', 'all', ...(Object.keys(lengths) as LengthChoice[])),
  });
}

/** The day of an instant as the clocks of a zone show it: `Intl` does its own reckoning. */
function dayIn(zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (at) => format.format(at);
}

/** What the simulator holds of what the user asked for, newest first. */
function reference(all: readonly Recording[], filters: ListFilters, day: (at: number) => string): string[] {
  const number = filters.remoteNumber.trim();
  // Dates in the wrong order are the same days.
  const turned = filters.from !== '' && filters.to !== '' && filters.from > filters.to;
  const [from, to] = turned ? [filters.to, filters.from] : [filters.from, filters.to];
  return all
    .filter((recording) => {
      const { ownerUsername, startMs, durationMs, direction, localPartyNumber, remotePartyNumber } =
        recording;
      const remote = remotePartyNumber ?? '';
      return (
        ownerUsername === 'anna.rossi' &&
        (number.length < 2 ? number === '' || remote === number : remote.includes(number)) &&
        (from === '' || day(startMs) >= from) &&
        (to === '' || day(startMs) <= to) &&
        (filters.direction === 'all' ||
          ['unknown', 'incoming', 'outgoing'][direction] === filters.direction) &&
        (filters.localLine === '' || localPartyNumber === filters.localLine) &&
        lengths[filters.length](Math.floor(durationMs / 1_000))
      );
    })
    .sort((a, b) => b.startMs - a.startMs)
    .map(({ id }) => id.toLowerCase());
}

/** Until the book asks for nothing more: between an answer and the next question it is not loading either. */
async function settled(book: RecordingsList): Promise<void> {
  for (;;) {
    const next = new Promise<void>((resolve) => {
      const end = book.subscribe(() => {
        end();
        resolve();
      });
    });
    // After a turn of the event loop whatever follows from the last answer has been asked for.
    await new Promise((resolve) => setImmediate(resolve));
    const { loading, rowCount, error } = book.view();
    if (error !== null || (!loading && rowCount !== null)) return;
    await next;
  }
}

/** Scrolls from the first row to the last, as far as RecLight has anything. */
async function allShown(book: RecordingsList): Promise<string[]> {
  await settled(book);
  for (let at = 0; at < (book.view().rowCount ?? 0) || book.view().scan?.rests === true; at += pageSize - 1) {
    book.need(at, at + pageSize - 1);
    book.goOn();
    await settled(book);
  }
  const view = book.view();
  expect(view.error).toBeNull();
  return Array.from(
    { length: view.rowCount ?? 0 },
    (_, index) => view.rowAt(index)?.id ?? `missing ${index}`,
  );
}

describe.each(zones)('in $zone', ({ zone, days }) => {
  const former = process.env['TZ'];
  let simulator: Simulator;
  let anna: ApiClient;
  let fetchPage: FetchPage;

  beforeAll(async () => {
    process.env['TZ'] = zone;
    simulator = await startSimulator();
    simulator.recordings.clear();
    simulator.recordings.addAll(
      days.flatMap((day, which) =>
        Array.from({ length: 150 }, (_, index) => ({
          // Every 39 minutes from a day and a half before noon to a day and a half after, and the edges of the hours.
          startMs: Date.parse(day) + (index - 75) * 39 * 60_000 + [0, -1, 1_799_999][index % 3]! + hour,
          durationMs: [
            5_000, 30_000, 30_999, 31_000, 60_000, 61_000, 300_000, 301_000, 900_000, 901_000, 1_000,
          ][(index + which) % 11]!,
          direction: (index % 3) as 0 | 1 | 2,
          ownerUsername: index % 17 === 16 ? 'ben.carter' : 'anna.rossi',
          localPartyNumber: lines[index % lines.length]!,
          remotePartyNumber: numbers[index % numbers.length]!,
        })),
      ),
    );
    anna = clientOf(simulator);
    const service = createRecordingsService({ monotonicNow: () => 0 }, silentLog);
    service.setSession({ api: anna, username: 'anna.rossi' });
    fetchPage = ({ query }, page, size) =>
      service.list(v.parse(ipcContract.listRecordings.args, { ...query, page, pageSize: size }));
  });

  afterAll(async () => {
    if (former === undefined) delete process.env['TZ'];
    else process.env['TZ'] = former;
    anna.dispose();
    await simulator.close();
  });

  it('what is shown of any combination of filters is what the server has', async () => {
    const day = dayIn(zone);
    const all = simulator.recordings.all();
    let found = 0;
    await fc.assert(
      fc.asyncProperty(filtersAround(days), async (filters) => {
        const book = createRecordingsList(fetchPage);
        book.setSearch(toSearch(filters, 'anna.rossi', asking));
        const shown = await allShown(book);
        const view = book.view();
        book.dispose();
        expect(view.scan?.ignored ?? false).toBe(false);
        const expected = reference(all, filters, day);
        // A number is found in other spellings, too.
        const counted = filters.remoteNumber === '' ? shown : shown.filter((id) => expected.includes(id));
        expect(counted).toEqual(expected);
        if (expected.length > 0) found += 1;
      }),
      { numRuns: runs },
    );
    // Searches that find nothing would prove little.
    expect(found).toBeGreaterThan(runs / 8);
  });

  // Each with a search that shows it: chance may use a filter never where it would be noticed.
  it.each<[string, Partial<ListFilters>]>([
    ['ownerUsername', {}],
    ['startTime', { to: days[0] }],
    ['remotePartyNumber', { remoteNumber: '電話' }],
    ['localPartyNumber', { localLine: '102' }],
    ['direction', { direction: 'incoming' }],
  ])('the same is shown where the server ignores %s', async (name, search) => {
    const day = dayIn(zone);
    const all = simulator.recordings.all();
    const fault = simulator.faults.add({
      match: { route: 'list' },
      action: { kind: 'ignoreFilter', name },
    });
    const isTolerant = name === 'remotePartyNumber' || name === 'startTime';
    let noticed = 0;
    try {
      await fc.assert(
        fc.asyncProperty(filtersAround(days), async (filters) => {
          const book = createRecordingsList(fetchPage);
          book.setSearch(toSearch(filters, 'anna.rossi', asking));
          const shown = await allShown(book);
          if (book.view().scan?.ignored === true) noticed += 1;
          book.dispose();
          const expected = reference(all, filters, day);
          // Of how a number is written, and of a millisecond, RecLight is more tolerant than the server would be: none
          // may be hidden.
          const counted =
            isTolerant || filters.remoteNumber !== '' ? shown.filter((id) => expected.includes(id)) : shown;
          expect(counted).toEqual(expected);
        }),
        { numRuns: Math.ceil(runs / 12), examples: [[{ ...noFilters, ...search }]] },
      );
    } finally {
      fault.remove();
    }
    // She may not see others' recordings anyway.
    if (name !== 'ownerUsername') expect(noticed).toBeGreaterThan(0);
  });
});
