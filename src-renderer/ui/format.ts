import { commonText } from './messages';

const cached = new Map<string, Intl.DateTimeFormat>();
/** The time zone of those that are cached: a formatter keeps the one in which it was made. */
let zone = '';

/**
 * Looks which time zone the computer is in now: times are shown in it from then on.
 * @returns its IANA name
 */
export function followTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  if (timeZone !== zone) cached.clear();
  zone = timeZone;
  return timeZone;
}

/** Making a formatter is slow, and a list needs the same few a thousand times. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = cached.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(locale, options);
    cached.set(key, found);
  }
  return found;
}

/**
 * A time of day with seconds: `14:02:05`.
 * @param at epoch ms
 * @param locale BCP 47
 */
export function formatClock(at: number, locale: string): string {
  return formatter(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);
}

/**
 * A time of day with seconds, and with its day where that is not today: `14:02:05`, `14:02:05 yesterday`,
 * `14:02:05, 3 Nov`.
 * @param at epoch ms
 * @param now epoch ms
 * @param locale BCP 47
 */
export function formatClockOn(at: number, now: number, locale: string): string {
  return withDay(at, now, formatClock(at, locale), locale);
}

/**
 * A time of day, and with its day where that is not today: `14:02`, `14:02 yesterday`, `14:02, 3 Nov`.
 * @param at epoch ms
 * @param now epoch ms
 * @param locale BCP 47
 */
export function formatTimeOn(at: number, now: number, locale: string): string {
  return withDay(at, now, formatTime(at, locale), locale);
}

function withDay(at: number, now: number, time: string, locale: string): string {
  const day = startOfDay(at);
  if (day === startOfDay(now)) return time;
  if (day === startOfDay(now, -1)) return commonText('timeYesterday', { time });
  return commonText('timeOn', { time, day: formatDay(at, now, locale) });
}

/**
 * A time of day: `14:02`.
 * @param at epoch ms
 * @param locale BCP 47
 */
export function formatTime(at: number, locale: string): string {
  return formatter(locale, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/**
 * Everything about an instant, for titles and details.
 * @param at epoch ms
 * @param locale BCP 47
 */
export function formatFull(at: number, locale: string): string {
  return formatter(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(at);
}

/**
 * The start of an instant's day in the user's time zone, epoch ms; right across daylight-saving changes.
 * @param at epoch ms
 * @param days later (or earlier, if negative)
 */
export function startOfDay(at: number, days = 0): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/**
 * A day in words: `Today`, `Yesterday`, `3 Nov`, with the year where it is another.
 * @param at epoch ms
 * @param now epoch ms
 * @param locale BCP 47
 */
export function formatDay(at: number, now: number, locale: string): string {
  const day = startOfDay(at);
  if (day === startOfDay(now)) return commonText('today');
  if (day === startOfDay(now, -1)) return commonText('yesterday');
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return formatter(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/**
 * Day and time in words: `Today 14:02`, `Yesterday 16:39`, `3 Nov 09:31`.
 * @param at epoch ms
 * @param now epoch ms
 * @param locale BCP 47
 */
export function formatDayAndTime(at: number, now: number, locale: string): string {
  return commonText('dayAt', { day: formatDay(at, now, locale), time: formatTime(at, locale) });
}

/**
 * The length of something recorded: `0:42`, `12:05`, `1:02:03`.
 * @param lengthMs ms; negative counts as zero
 * @param locale BCP 47, for the digits
 */
export function formatLength(lengthMs: number, locale: string): string {
  const total = Math.max(0, Math.floor(lengthMs / 1_000));
  const hours = Math.floor(total / 3_600);
  const parts = hours > 0 ? [hours, Math.floor((total % 3_600) / 60)] : [Math.floor(total / 60)];
  return [...parts, total % 60].map((part, index) => twoDigits(part, index === 0 ? 1 : 2, locale)).join(':');
}

/**
 * A size in the unit that suits it: `364 kB`, `3.4 MB`.
 * @param bytes of a file, or of a second of a download
 * @param locale BCP 47
 */
export function formatSize(bytes: number, locale: string): string {
  const small = bytes < 1_000_000;
  const key = `${locale} ${small ? 'kB' : 'MB'}`;
  let found = numbers.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: small ? 'kilobyte' : 'megabyte',
      maximumFractionDigits: small ? 0 : 1,
    });
    numbers.set(key, found);
  }
  return found.format(bytes / (small ? 1_000 : 1_000_000));
}

const numbers = new Map<string, Intl.NumberFormat>();

function twoDigits(value: number, minimumIntegerDigits: number, locale: string): string {
  const key = `${locale} ${minimumIntegerDigits}`;
  let found = numbers.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(locale, { minimumIntegerDigits, useGrouping: false });
    numbers.set(key, found);
  }
  return found.format(value);
}
