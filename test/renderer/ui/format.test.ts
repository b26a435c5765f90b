import { expect, test } from 'vitest';

import {
  followTimeZone,
  formatClock,
  formatClockOn,
  formatDay,
  formatDayAndTime,
  formatLength,
  formatTimeOn,
  startOfDay,
} from '../../../src-renderer/ui/format';

const now = new Date(2026, 10, 3, 14, 2).getTime();

test.each([
  { at: new Date(2026, 10, 3, 0, 0), shown: 'Today' },
  { at: new Date(2026, 10, 2, 23, 59), shown: 'Yesterday' },
  { at: new Date(2026, 10, 1, 23, 59), shown: '1 Nov' },
  { at: new Date(2025, 10, 3, 14, 2), shown: '3 Nov 2025' },
  { at: new Date(2026, 10, 4, 0, 0), shown: '4 Nov' },
])('$at is $shown', ({ at, shown }) => {
  expect(formatDay(at.getTime(), now, 'en-GB')).toBe(shown);
});

test('a row says day and time', () => {
  expect(formatDayAndTime(new Date(2026, 10, 3, 9, 5).getTime(), now, 'en-GB')).toBe('Today 09:05');
  expect(formatDayAndTime(new Date(2026, 9, 30, 9, 5).getTime(), now, 'de')).toMatch(/^30\. Okt\.? 09:05$/);
});

test.each([
  { length: 0, shown: '0:00' },
  { length: -5, shown: '0:00' },
  { length: 42_999, shown: '0:42' },
  { length: 725_000, shown: '12:05' },
  { length: 3_723_000, shown: '1:02:03' },
])('$length ms is $shown', ({ length, shown }) => {
  expect(formatLength(length, 'en-GB')).toBe(shown);
});

test('digits are those of the locale', () => {
  expect(formatLength(42_000, 'ar-EG')).toBe('٠:٤٢');
});

test('a day begins at midnight, also a month later', () => {
  expect(startOfDay(now)).toBe(new Date(2026, 10, 3).getTime());
  expect(startOfDay(now, -3)).toBe(new Date(2026, 9, 31).getTime());
});

test.each([
  { at: new Date(2026, 10, 3, 0, 0, 5), shown: '00:00:05', short: '00:00' },
  { at: new Date(2026, 10, 2, 23, 59, 5), shown: '23:59:05 yesterday', short: '23:59 yesterday' },
  { at: new Date(2026, 9, 30, 13, 2, 5), shown: '13:02:05, 30 Oct', short: '13:02, 30 Oct' },
  { at: new Date(2025, 9, 30, 13, 2, 5), shown: '13:02:05, 30 Oct 2025', short: '13:02, 30 Oct 2025' },
])('a time says its day once that is another: $shown (R-9)', ({ at, shown, short }) => {
  expect(formatClockOn(at.getTime(), now, 'en-GB')).toBe(shown);
  expect(formatTimeOn(at.getTime(), now, 'en-GB')).toBe(short);
});

test('times are shown in the time zone that the computer is in now (D10)', () => {
  const former = process.env['TZ'];
  const at = Date.UTC(2026, 10, 3, 5, 43);
  try {
    process.env['TZ'] = 'UTC';
    expect(followTimeZone()).toBe('UTC');
    expect(formatClock(at, 'en-GB')).toBe('05:43:00');
    process.env['TZ'] = 'Asia/Tokyo';
    expect(followTimeZone()).toBe('Asia/Tokyo');
    expect(formatClock(at, 'en-GB')).toBe('14:43:00');
  } finally {
    if (former === undefined) delete process.env['TZ'];
    else process.env['TZ'] = former;
    followTimeZone();
  }
});
