import { parse, serialize } from 'tinyduration';

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** An instant named by a client: exact to 100 ns, so kept as the whole milliseconds on either side of it. */
export interface Instant {
  readonly floorMs: number;
  readonly ceilMs: number;
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

/** Writes an instant as the server does: seven fraction digits and the zone's offset (`…15.1230000+02:00`). */
export function formatServerTime(epochMs: number, zone: Zone): string {
  const offset = zone.offsetAt(epochMs);
  const local = new Date(epochMs + offset * minuteMs).toISOString().slice(0, -1);
  const absolute = Math.abs(offset);
  const hours = String(Math.floor(absolute / 60)).padStart(2, '0');
  const minutes = String(absolute % 60).padStart(2, '0');
  return `${local}0000${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

const dateTime = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads an ISO 8601 date and time with up to seven fraction digits. Without an offset the server's own zone is
 * meant; a bare date is its midnight.
 * @returns null when the text is no such time (a 13th month, the 31st of April, a space where a `+` was lost …).
 */
export function parseInstant(text: string, zone: Zone): Instant | null {
  const match = dateTime.exec(text);
  if (!match) return null;
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
  const whole = wall + milliseconds - offsetOf(match[8], wall, zone) * minuteMs;
  return { floorMs: whole, ceilMs: ticks % 10_000 === 0 ? whole : whole + 1 };
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
  return sign * (Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6)));
}

/** Writes a length of time as the server does, e.g. `PT1M31.87S`; zero is `PT0S`. */
export function formatDuration(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds));
  return serialize({
    hours: Math.floor(whole / hourMs),
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
