import { commonDigits, trimmed } from '@shared/domain/phone-number';
import type { TextFilter } from '@shared/domain/recording';
import type { LengthFilter } from '@shared/domain/recording-filter';
import type { ChannelArguments } from '@shared/ipc/contract';
import type { LengthChoice, ListFilters, Period } from '../../services/ui';
import { startOfDay } from '../../ui/format';
import type { ListSearch, RecordingsQuery } from '../../services/recordings-list/search';

/** The start of a `YYYY-MM-DD` day in the user's time zone, epoch ms; null where it is no such day. */
function dayStart(day: string, days = 0): number | null {
  const match = isDay(day) ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) : null;
  if (match === null) return null;
  const [year = 0, month = 0, date = 0] = match.slice(1).map(Number);
  return new Date(year, month - 1, date + days).getTime();
}

/** The first and the last day that can be searched for. */
export const dayBounds = { first: '1970-01-01', last: '9999-12-31' } as const;

/**
 * Whether a text is a day that can be searched for: while its year is being typed, a date input tells years as 0002.
 * @param text as a date input writes it
 */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= dayBounds.first;
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

/** When the list is asked, and where. */
export interface Asking {
  /** epoch ms */
  readonly now: number;
  /** BCP 47, tells on which day a week begins. */
  readonly locale: string;
}

/**
 * The days that the filters mean now.
 * @param filters as entered
 * @param asking when and where
 */
export function datesOf(filters: ListFilters, { now, locale }: Asking): Dates {
  return filters.period === null ? filters : periodDates(filters.period, now, locale);
}

/**
 * What the server is asked for of a number: the digits that all of its spellings have in common; one character is
 * searched as a whole number.
 */
function askedNumber(typed: string): TextFilter {
  return { operator: typed.length > 1 ? 'contains' : 'equals', value: commonDigits(typed) ?? typed };
}

/** The number whose spelling only RecLight can tell; null where the server is asked for it as it was typed. */
function numberOf({ remoteNumber }: ListFilters): string | null {
  const typed = trimmed(remoteNumber);
  return typed.length > 1 && commonDigits(typed) !== null ? typed : null;
}

/**
 * What the user entered, as the list is asked (API reference §3). Days become exact instants of the user's time zone,
 * also where a day has 23 or 25 hours; both days are included.
 * @param filters as entered
 * @param asking when and where
 */
export function toQuery(filters: ListFilters, asking: Asking): RecordingsQuery {
  const number = trimmed(filters.remoteNumber);
  const line = trimmed(filters.localLine);
  const dates = datesOf(filters, asking);
  // Dates in the wrong order mean the same days: turned round as days, or both ends would be lost.
  const turned = isDay(dates.from) && isDay(dates.to) && dates.from > dates.to;
  const from = dayStart(turned ? dates.to : dates.from);
  const to = dayStart(turned ? dates.from : dates.to, 1);
  const startTime =
    from !== null
      ? // Not `after`: it excludes its instant, a day includes its first, and no instant is just before that.
        { operator: 'between' as const, from, to: to ?? endOfTime }
      : to !== null
        ? { operator: 'before' as const, at: to }
        : null;
  return {
    ...(startTime !== null && { startTime }),
    ...(number !== '' && { remotePartyNumber: askedNumber(number) }),
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
 * @param asking when and where
 */
export function toSearch(filters: ListFilters, ownerUsername: string | null, asking: Asking): ListSearch {
  return {
    query: toQuery(filters, asking),
    length: lengths[filters.length],
    number: numberOf(filters),
    ownerUsername,
  };
}

/**
 * What the user entered, as the list is exported.
 * @param filters as entered
 * @param asking when and where
 * @param through whether the list is looked through for a number instead of the server being asked for it
 */
export function toExport(
  filters: ListFilters,
  asking: Asking,
  through = false,
): ChannelArguments<'exportList'> {
  const { remotePartyNumber, ...query } = toQuery(filters, asking);
  const length = lengths[filters.length];
  const number = numberOf(filters);
  return {
    ...query,
    ...(remotePartyNumber !== undefined && !through && { remotePartyNumber }),
    ...(length !== null && { length }),
    ...(number !== null && { number }),
  };
}

/** Whether anything narrows the list. */
export function isFiltered(filters: ListFilters): boolean {
  return (
    [filters.remoteNumber, filters.localLine].some((typed) => trimmed(typed) !== '') ||
    filters.period !== null ||
    isDay(filters.from) ||
    isDay(filters.to) ||
    filters.direction !== 'all' ||
    filters.length !== 'all'
  );
}

type Dates = Pick<ListFilters, 'from' | 'to'>;

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
export function periodDates(period: Period, now: number, locale: string): Dates {
  switch (period) {
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
