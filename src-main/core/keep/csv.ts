import { formatElapsed } from '../../shared/format';
import type { RecordingSummary } from '../../shared/recording';
import { fileMoment } from './file-name';
import { keepText } from './strings';

/** Tells a spreadsheet that the file is UTF-8. */
export const byteOrderMark = '\ufeff';

/** What makes a spreadsheet take a cell for a formula; wide forms count as the plain ones in East Asian settings. */
const trigger = '[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]';
const dangerousStart = new RegExp(`^[\\t\\r]|^\\s*${trigger}`, 'u');
// Where a spreadsheet's list separator is another one than the comma, a cell may begin in the middle of ours.
const dangerousMiddle = new RegExp(`([;\\t\\r\\n|])(\\s*)(?=${trigger})`, 'gu');

/**
 * A number as telephones have it: a plus, then digits in groups. A spreadsheet reads it as text or as that number, but
 * never computes with it, and programs that import the list must find the number as the server has it. So it stays as
 * it is, where `+39-02` (which a spreadsheet would compute) and everything else that begins like a formula gets an
 * apostrophe.
 */
const telephoneNumber = /^\+[0-9]{1,4}(?: ?[0-9]){0,20}$/;

/**
 * Takes the power of a formula from a text.
 * @param text as the server has it
 */
export function withoutFormula(text: string): string {
  if (telephoneNumber.test(text)) return text;
  const harmless = text.replace(dangerousMiddle, "$1$2'");
  return dangerousStart.test(harmless) ? `'${harmless}` : harmless;
}

/** One record of RFC 4180, with its CRLF. */
export function csvRecord(cells: readonly string[]): string {
  return `${cells
    .map((cell) => (/[",;\t\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')}\r\n`;
}

/** The first record. */
export function csvHeader(): string {
  return csvRecord([
    keepText('csv-reference'),
    keepText('csv-start'),
    keepText('csv-start-utc'),
    keepText('csv-length'),
    keepText('csv-seconds'),
    keepText('csv-direction'),
    keepText('csv-remote'),
    keepText('csv-local'),
    keepText('csv-owner'),
    keepText('csv-id'),
  ]);
}

/**
 * A recording's record.
 * @param timeZone IANA; the computer's own where left out
 */
export function csvRow(recording: RecordingSummary, timeZone?: string): string {
  return csvRecord([
    withoutFormula(recording.referenceNumber),
    fileMoment(recording.startTime, timeZone).replaceAll('.', ':'),
    new Date(recording.startTime).toISOString(),
    formatElapsed(recording.durationMs),
    (recording.durationMs / 1_000).toFixed(3),
    keepText(`direction-${recording.direction}`),
    withoutFormula(recording.remotePartyNumber ?? ''),
    withoutFormula(recording.localPartyNumber ?? ''),
    withoutFormula(recording.ownerUsername ?? ''),
    recording.id,
  ]);
}
