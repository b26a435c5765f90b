import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  dayText,
  isFiltered,
  periodDates,
  toExport,
  toQuery,
  toSearch,
} from '../../../../src-renderer/features/recordings/query';
import { noFilters, type ListFilters } from '../../../../src-renderer/services/ui';

const hour = 3_600_000;
const asking = { now: new Date(2026, 2, 4, 12).getTime(), locale: 'en-GB' };
const ask = (filters: Partial<ListFilters>) => toQuery({ ...noFilters, ...filters }, asking);
const days = (from: string, to: string) => ask({ from, to }).startTime;

test('no filter asks for everything', () => {
  expect(ask({})).toEqual({});
});

test.each([
  { typed: '  ', filter: undefined },
  { typed: '7', filter: { operator: 'equals', value: '7' } },
  { typed: '\u200b7\ufeff', filter: { operator: 'equals', value: '7' } },
  { typed: ' Anonymous\u200b', filter: { operator: 'contains', value: 'Anonymous' } },
  // Of a number, the digits that all of its spellings have in common (D4).
  { typed: ' +39 02 ', filter: { operator: 'contains', value: '3902' } },
  { typed: '+39 02 4454 0000', filter: { operator: 'contains', value: '244540000' } },
  { typed: '02 4454 0000', filter: { operator: 'contains', value: '244540000' } },
  { typed: 'tel:+44-(0)20-7946-0018', filter: { operator: 'contains', value: '2079460018' } },
  { typed: 'contains:1', filter: { operator: 'contains', value: 'contains:1' } },
])('"$typed" searches for $filter', ({ typed, filter }) => {
  expect(ask({ remoteNumber: typed }).remotePartyNumber).toEqual(filter);
});

test('the check of a number goes with what is looked for and exported, and a text needs none (D4)', () => {
  const filters = { ...noFilters, remoteNumber: ' +39 02 4454 0000\u200b' };
  expect(toSearch(filters, 'anna', asking)).toMatchObject({ number: '+39 02 4454 0000' });
  const number = '+39 02 4454 0000';
  const remotePartyNumber = { operator: 'contains', value: '244540000' };
  expect(toExport(filters, asking)).toEqual({ remotePartyNumber, number });
  expect(toExport(filters, asking, true)).toEqual({ number });
  expect(toExport({ ...noFilters, remoteNumber: 'Anonymous' }, asking)).not.toHaveProperty('number');
});

test('a local line is searched without what came along invisibly (D4)', () => {
  expect(ask({ localLine: '\u202d101\u202c ' })).toEqual({ localPartyNumber: '101' });
});

test('a direction is sent, all is not', () => {
  expect(ask({ direction: 'unknown' })).toEqual({ direction: 'unknown' });
  expect(ask({ direction: 'all' })).toEqual({});
});

describe.each([
  // A day of 23 hours, one of 25, one of 24.5: every day begins at its own midnight and ends at the next.
  { zone: 'Europe/Rome', day: '2026-03-29', length: 23 * hour, begin: Date.UTC(2026, 2, 28, 23) },
  { zone: 'America/New_York', day: '2026-11-01', length: 25 * hour, begin: Date.UTC(2026, 10, 1, 4) },
  { zone: 'Australia/Lord_Howe', day: '2026-04-05', length: 24.5 * hour, begin: Date.UTC(2026, 3, 4, 13) },
])('in $zone', ({ zone, day, length, begin }) => {
  const former = process.env['TZ'];
  beforeAll(() => {
    process.env['TZ'] = zone;
  });
  afterAll(() => {
    if (former === undefined) delete process.env['TZ'];
    else process.env['TZ'] = former;
  });

  test(`${day} is exactly as long as it is`, () => {
    expect(days(day, day)).toEqual({ operator: 'between', from: begin, to: begin + length });
  });

  test('one bound alone includes its day', () => {
    expect(days(day, '')).toEqual({ operator: 'between', from: begin, to: Date.UTC(9999, 0, 1) });
    expect(days('', day)).toEqual({ operator: 'before', at: begin + length });
  });

  test('an instant of a day is written as that day', () => {
    expect(dayText(begin)).toBe(day);
    expect(dayText(begin - 1)).not.toBe(day);
  });
});

test.each([
  ['2026-03-10', '2026-03-01'],
  ['2026-03-02', '2026-03-01'],
])('%s to %s is the same period as the other way round', (later, earlier) => {
  const period = {
    operator: 'between',
    from: new Date(`${earlier}T00:00`).getTime(),
    to: new Date(`${later}T24:00`).getTime(),
  };
  expect(days(later, earlier)).toEqual(period);
  expect(days(earlier, later)).toEqual(period);
});

test.each(['2026', 'yesterday', '20260301', '0000-00-00'])('"%s" is no day', (text) => {
  expect(days(text, '')).toBeUndefined();
});

test.each([
  { locale: 'it-IT', from: '2026-03-02' },
  { locale: 'en-US', from: '2026-03-01' },
  { locale: 'ar-EG', from: '2026-02-28' },
])('a week begins in $locale on its own day', ({ locale, from }) => {
  // A Wednesday.
  const now = new Date(2026, 2, 4, 12).getTime();
  expect(periodDates('this-week', now, locale)).toEqual({ from, to: '2026-03-04' });
  expect(periodDates('today', now, locale)).toEqual({ from: '2026-03-04', to: '2026-03-04' });
});

test('a period means other days on another day (R-1)', () => {
  const week = { ...noFilters, period: 'this-week' } as const;
  const on = (day: number) =>
    toQuery(week, { now: new Date(2026, 2, day).getTime(), locale: 'en-GB' }).startTime;
  const monday = new Date(2026, 2, 2).getTime();
  expect(on(3)).toEqual({ operator: 'between', from: monday, to: new Date(2026, 2, 4).getTime() });
  expect(on(8)).toEqual({ operator: 'between', from: monday, to: new Date(2026, 2, 9).getTime() });
  expect(on(9)).toMatchObject({ from: new Date(2026, 2, 9).getTime() });
  expect(isFiltered(week)).toBe(true);
});
