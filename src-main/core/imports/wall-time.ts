/** A time of a clock on the wall, without a zone. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The instants that a wall time may mean. */
export type Instants =
  | { readonly kind: 'one'; readonly atMs: number }
  /** The hour comes twice, where daylight saving ends. */
  | { readonly kind: 'repeated'; readonly atMs: number; readonly laterMs: number }
  /** The hour never comes, where daylight saving begins: the instant that a clock not yet put forward meant. */
  | { readonly kind: 'skipped'; readonly atMs: number };

const dayMs = 86_400_000;

/** Whether the calendar has such a day and the clock such a time; what is before 1990 an unset clock wrote. */
export function isWallTime({ year, month, day, hour, minute, second }: WallTime): boolean {
  if (year < 1990 || hour > 23 || minute > 59 || second > 59) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Makes what tells a zone's distance from UTC at an instant, ms. */
function offsetIn(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (atMs) => {
    const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const wall = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return wall - Math.floor(atMs / 1_000) * 1_000;
  };
}

/**
 * Tells which instants a wall time may mean.
 * @param timeZone such as `Europe/Rome`
 * @throws RangeError for a zone that is none
 */
export function instantsOf(wall: WallTime, timeZone: string): Instants {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  const offset = offsetIn(timeZone);
  const [before, after] = [offset(asUtc - dayMs), offset(asUtc + dayMs)];
  const meant = [...new Set([before, after])]
    .filter((distance) => offset(asUtc - distance) === distance)
    .map((distance) => asUtc - distance)
    .sort((a, b) => a - b);
  const [atMs, laterMs] = meant;
  if (atMs === undefined) return { kind: 'skipped', atMs: asUtc - before };
  return laterMs === undefined ? { kind: 'one', atMs } : { kind: 'repeated', atMs, laterMs };
}
