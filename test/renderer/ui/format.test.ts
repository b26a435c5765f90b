import { expect, test } from 'vitest';

import { formatDay, formatDayAndTime, formatLength, startOfDay } from '../../../src-renderer/ui/format';

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
