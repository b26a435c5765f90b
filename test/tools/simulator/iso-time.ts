import { parse, serialize } from 'tinyduration';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** An instant exact to 100 ns. */
export interface Instant {
  /** Whole epoch milliseconds, rounded down. */
  readonly ms: number;
  /** What follows, in 100 ns: 0 to 9999. */
  readonly ticks: number;
}

/** Which of two instants is earlier: negative for `a`, positive for `b`, 0 for neither. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.ms - b.ms || a.ticks - b.ticks;
}

/** A time zone of the server, able to tell its offset at an instant. */
export interface Zone {
  /** Offset from UTC in minutes at the given epoch milliseconds (east positive). */
  offsetAt(epochMs: number): number;
}

/**
 * Makes a zone from an IANA name. Offsets are remembered per hour, because formatting 100,000 rows through `Intl`
 * would take seconds.
 * @throws RangeError when the name is not known to the runtime.
 */
export function createZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  const remembered = new Map<number, number>();
  return {
    offsetAt(epochMs) {
      const hour = Math.floor(epochMs / hourMs);
      const known = remembered.get(hour);
      if (known !== undefined) return known;
      const text =
        format.formatToParts(hour * hourMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
      const match = /([+-])(\d\d):(\d\d)/.exec(text);
      const offset = match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
      remembered.set(hour, offset);
      return offset;
    },
  };
}

/**
 * Writes an instant as the server does: seven fraction digits and the zone's offset (`…15.1230000+02:00`).
 * @param ticks what follows the milliseconds, in 100 ns.
 */
export function formatServerTime(epochMs: number, zone: Zone, ticks = 0): string {
  const offset = zone.offsetAt(epochMs);
  const local = new Date(epochMs + offset * minuteMs).toISOString().slice(0, -1);
  const absolute = Math.abs(offset);
  const hours = String(Math.floor(absolute / 60)).padStart(2, '0');
  const minutes = String(absolute % 60).padStart(2, '0');
  return `${local}${String(ticks).padStart(4, '0')}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

const extendedForm =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:\d\d)?)?$/;

const anyForm =
  /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,7}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * Reads an ISO 8601 date and time with up to seven fraction digits. Without an offset the server's own zone is
 * meant; a bare date is its midnight.
 * @param forms `any` takes the basic format, short offsets, a comma, hours alone and 24:00 too.
 * @returns null when the text is no such time (a 13th month, the 31st of April, a space where a `+` was lost …).
 */
export function parseInstant(
  text: string,
  zone: Zone,
  forms: 'extended' | 'any' = 'extended',
): Instant | null {
  const match = (forms === 'any' ? anyForm : extendedForm).exec(text);
  if (!match) return null;
  if (forms === 'any' && /T24(:?00){0,2}([.,]0+)?(Z|[+-].*)?$/.test(text)) {
    const midnight = parseInstant(text.replace('T24', 'T00'), zone, forms);
    return midnight && { ...midnight, ms: midnight.ms + 24 * hourMs };
  }
  const part = (index: number): number => Number(match[index] ?? '0');
  const wall = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6));
  const check = new Date(wall);
  if (
    check.getUTCFullYear() !== part(1) ||
    check.getUTCMonth() !== part(2) - 1 ||
    check.getUTCDate() !== part(3) ||
    check.getUTCHours() !== part(4) ||
    check.getUTCMinutes() !== part(5) ||
    check.getUTCSeconds() !== part(6)
  ) {
    return null;
  }
  const ticks = Number((match[7] ?? '').padEnd(7, '0'));
  const milliseconds = Math.floor(ticks / 10_000);
  const ms = wall + milliseconds - offsetOf(match[8], wall, zone) * minuteMs;
  return { ms, ticks: ticks % 10_000 };
}

function offsetOf(text: string | undefined, wall: number, zone: Zone): number {
  if (text === 'Z') return 0;
  if (text === undefined) {
    // The offset depends on the instant, which depends on the offset: a second look settles it outside the one
    // hour a year that exists twice or not at all.
    const first = zone.offsetAt(wall - zone.offsetAt(wall) * minuteMs);
    return zone.offsetAt(wall - first * minuteMs);
  }
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '')));
}

/**
 * Writes a length of time as the server does, e.g. `PT1M31.87S`; zero is `PT0S`.
 * @param long how a day or more is written: `PT25H` or `P1DT1H`.
 */
export function formatDuration(milliseconds: number, long: 'hours' | 'days' = 'hours'): string {
  const whole = Math.max(0, Math.round(milliseconds));
  const hours = Math.floor(whole / hourMs);
  return serialize({
    ...(long === 'days' ? { days: Math.floor(hours / 24) } : {}),
    hours: long === 'days' ? hours % 24 : hours,
    minutes: Math.floor((whole % hourMs) / minuteMs),
    seconds: (whole % minuteMs) / 1000,
  });
}

/** Reads an ISO 8601 duration into milliseconds; null when it is none, negative, or counted in months or years. */
export function parseDuration(text: string): number | null {
  try {
    const duration = parse(text);
    if (duration.negative === true || duration.years !== undefined || duration.months !== undefined)
      return null;
    const days = (duration.weeks ?? 0) * 7 + (duration.days ?? 0);
    const hours = days * 24 + (duration.hours ?? 0);
    const total = Math.round(
      hours * hourMs + (duration.minutes ?? 0) * minuteMs + (duration.seconds ?? 0) * 1000,
    );
    return total < 0 ? null : total;
  } catch {
    return null;
  }
}
