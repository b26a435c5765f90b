import type { BroadcastOrigin } from './audio-verdict';
import { isWallTime } from './wall-time';

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
  const isReal = isWallTime({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  });
  if (!isReal) return null;
  return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}:${second}` };
}
