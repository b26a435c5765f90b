import { expect, test } from 'vitest';

import { dateEnvironment, readSetting, testDates } from './test-dates.mjs';

test('every weekday, a leap day, and the ends of a month, a year and a day are among the dates', () => {
  const days = testDates.map(({ date }) => new Date(`${date.slice(0, 10)}T00:00Z`));
  expect(new Set(days.map((day) => day.getUTCDay())).size).toBe(7);
  const ends = testDates.map(({ date }) => date.slice(5));
  expect(ends).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^02-29/),
      expect.stringMatching(/^04-30/),
      expect.stringMatching(/^12-31T23:59/),
      expect.stringMatching(/^11-18T23:59/),
    ]),
  );
});

/** Minutes from UTC, east positive, as the clocks of a zone show them. */
function offsetAt(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(
    at,
  );
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(text) ?? [];
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

test.each([
  ['rome-spring', 60],
  ['rome-autumn', -60],
  ['santiago-spring', 60],
  ['lord-howe-autumn', -30],
])('%s: the clocks change by %i minutes within the next one', (name, minutes) => {
  const found = testDates.find((one) => one.name === name);
  const { date, zone } = found ?? { date: '', zone: 'UTC' };
  // The instant that the zone's clocks show so for the first time.
  const asUtc = Date.parse(`${date}Z`);
  const at = asUtc - offsetAt(zone, asUtc - 14 * 3_600_000) * 60_000;
  expect(offsetAt(zone, at + 60_000) - offsetAt(zone, at)).toBe(minutes);
});

test.each([
  [
    ['tray', '--date', '2027-03-28T01:30', '--zone=Europe/Rome'],
    { RECLIGHT_TEST_DATE: '2027-03-28T01:30', TZ: 'Europe/Rome' },
    ['tray'],
  ],
  [['--seed', '7', '--only', 'unit'], { RECLIGHT_TEST_SEED: '7' }, ['--only', 'unit']],
  [['--only', 'unit', '-t', '--x=1'], {}, ['--only', 'unit', '-t', '--x=1']],
])('takes date, zone and seed out of %j', (args, env, rest) => {
  expect(readSetting(args)).toEqual({ dates: null, env, rest });
});

test('takes all dates, or those that are named', () => {
  expect(readSetting(['--dates', '--only', 'unit'])).toEqual({
    dates: testDates,
    env: {},
    rest: ['--only', 'unit'],
  });
  const { dates, rest } = readSetting(['--dates', 'sunday,leap-day', 'list']);
  expect(dates?.map(dateEnvironment)).toEqual([
    { RECLIGHT_TEST_DATE: '2026-11-29T10:00', TZ: 'Europe/Rome' },
    { RECLIGHT_TEST_DATE: '2028-02-29T12:00', TZ: 'Asia/Kolkata' },
  ]);
  expect(rest).toEqual(['list']);
});

test.each([
  [['--date', 'tomorrow'], '--date takes'],
  [['--date', '2027-13-01T00:00'], '--date takes'],
  [['--date'], '--date takes'],
  [['--zone', 'Europe/Atlantis'], '--zone takes'],
  [['--seed', 'x'], '--seed takes'],
  [['--dates=someday'], '--dates takes'],
  [['--dates', '--zone', 'UTC'], '--dates brings'],
])('refuses %j', (args, words) => {
  expect(() => readSetting(args)).toThrow(words);
});
