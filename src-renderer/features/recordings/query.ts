import type { Direction } from '../../../src-main/shared/recording';
import type { LengthFilter } from '../../../src-main/shared/recording-match';
import type { LengthChoice, ListFilters } from '../../store/ui';
import { startOfDay } from '../../ui/format';
import type { ListSearch, RecordingsQuery } from './search';

/** The start of a `YYYY-MM-DD` day in the user's time zone, epoch ms; null where it is no such day. */
function dayStart(day: string, days = 0): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (match === null) return null;
  const [year, month, date] = match.slice(1).map(Number);
  if (year === undefined || month === undefined || date === undefined || year < 1970) return null;
  return new Date(year, month - 1, date + days).getTime();
}

/** Later than any recording, and a year before the last that servers know: they may reckon in another time zone. */
const endOfTime = Date.UTC(9999, 0, 1);

/**
 * A day as a date input writes it.
 * @param at epoch ms
 */
export function dayText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * What the user entered, as the list is asked (API reference §3). Days become exact instants of the user's time zone,
 * also where a day has 23 or 25 hours; both days are included. One character is searched as a whole number, more as a
 * part of it.
 * @param filters as entered
 */
export function toQuery(filters: ListFilters): RecordingsQuery {
  const number = filters.remoteNumber.trim();
  const line = filters.localLine.trim();
  // Dates in the wrong order mean the same days: turned round as days, or both ends would be lost.
  const turned =
    dayStart(filters.from) !== null && dayStart(filters.to) !== null && filters.from > filters.to;
  const from = dayStart(turned ? filters.to : filters.from);
  const to = dayStart(turned ? filters.from : filters.to, 1);
  const startTime =
    from !== null
      ? // Not `after`: it excludes its instant, a day includes its first, and no instant is just before that.
        { operator: 'between' as const, from, to: to ?? endOfTime }
      : to !== null
        ? { operator: 'before' as const, at: to }
        : null;
  return {
    ...(startTime !== null && { startTime }),
    ...(number !== '' && {
      remotePartyNumber: {
        operator: number.length > 1 ? ('contains' as const) : ('equals' as const),
        value: number,
      },
    }),
    ...(line !== '' && { localPartyNumber: line }),
    ...(filters.direction !== 'all' && { direction: filters.direction }),
  };
}

const seconds = 1_000;
const minutes = 60 * seconds;

/**
 * What each choice of a length means. Lengths are shown in whole seconds: what is shown as 0:30 is up to 30 s long, and
 * what is shown as 5:00 is 1 to 5 as well as 5 to 15 min long.
 */
const lengths: Readonly<Record<LengthChoice, LengthFilter | null>> = {
  all: null,
  short: { to: 31 * seconds },
  minute: { to: minutes + seconds },
  minutes: { from: minutes, to: 5 * minutes + seconds },
  long: { from: 5 * minutes, to: 15 * minutes + seconds },
  longest: { from: 15 * minutes + seconds },
};

/**
 * What the user entered, as the list is looked for.
 * @param filters as entered
 * @param ownerUsername who is signed in
 */
export function toSearch(filters: ListFilters, ownerUsername: string | null): ListSearch {
  return { query: toQuery(filters), length: lengths[filters.length], ownerUsername };
}

/**
 * What the user entered, as the list is exported.
 * @param filters as entered
 */
export function toExport(filters: ListFilters): RecordingsQuery & { readonly length?: LengthFilter } {
  const length = lengths[filters.length];
  return { ...toQuery(filters), ...(length !== null && { length }) };
}

/** Whether anything narrows the list. */
export function isFiltered(filters: ListFilters): boolean {
  return Object.keys(toExport(filters)).length > 0;
}

/** The periods that have a chip. */
export type Period = 'all' | 'today' | 'yesterday' | 'this-week';

/** The first day of the week where the user lives; 1 is Monday, 7 Sunday. */
function firstWeekday(locale: string): number {
  const info = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (info.getWeekInfo?.() ?? info.weekInfo)?.firstDay ?? 1;
}

/**
 * The dates of a period.
 * @param period which
 * @param now epoch ms
 * @param locale BCP 47, tells on which day a week begins
 */
export function periodDates(period: Period, now: number, locale: string): Pick<ListFilters, 'from' | 'to'> {
  switch (period) {
    case 'all':
      return { from: '', to: '' };
    case 'today':
      return { from: dayText(now), to: dayText(now) };
    case 'yesterday': {
      const day = dayText(startOfDay(now, -1));
      return { from: day, to: day };
    }
    case 'this-week': {
      const into = (((new Date(now).getDay() - firstWeekday(locale)) % 7) + 7) % 7;
      return { from: dayText(startOfDay(now, -into)), to: dayText(now) };
    }
  }
}

/** Reads a length out of a select's value. */
export function lengthOf(value: string): LengthChoice {
  return value in lengths ? (value as LengthChoice) : 'all';
}

/** Reads a direction out of a select's value. */
export function directionOf(value: string): Direction | 'all' {
  return value === 'incoming' || value === 'outgoing' || value === 'unknown' ? value : 'all';
}
