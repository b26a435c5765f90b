import type { BroadcastOrigin } from './audio-verdict';

/** Where in the `bext` chunk the date begins, bytes. */
export const originOffset = 320;

/** Of date and time together, bytes. */
export const originBytes = 18;

const written = /^(\d{4})[-_:. ](\d{2})[-_:. ](\d{2})(\d{2})[-_:. ](\d{2})[-_:. ](\d{2})$/;

/**
 * Reads the date and time that a broadcast recorder wrote.
 * @param bytes `originBytes` of the `bext` chunk from `originOffset` on
 * @returns null where none is written, or where no calendar has it
 */
export function readBroadcastOrigin(bytes: Uint8Array): BroadcastOrigin | null {
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] =
    written.exec(String.fromCharCode(...bytes.subarray(0, originBytes))) ?? [];
  if (!isWallTime(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second))) {
    return null;
  }
  return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}:${second}` };
}

/** Whether the calendar has such a day and the clock such a time. @param month 1 to 12 */
export function isWallTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): boolean {
  // An unset clock of a recorder begins before this.
  if (year < 1990 || hour > 23 || minute > 59 || second > 59) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
