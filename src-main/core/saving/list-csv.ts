import type { RecordingSummary } from '@shared/domain/recording';
import { listColumns, listRow } from './list-rows';
import { savingText } from './messages';

/** Tells a spreadsheet that the file is UTF-8. */
export const byteOrderMark = '\ufeff';

/** What makes a spreadsheet take a cell for a formula; wide forms count as the plain ones in East Asian settings. */
const trigger = '[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]';
const dangerousStart = new RegExp(`^[\\t\\r]|^\\s*${trigger}`, 'u');
// Where a spreadsheet's list separator is another one than the comma, a cell may begin in the middle of ours.
const dangerousMiddle = new RegExp(`([;\\t\\r\\n|])(\\s*)(?=${trigger})`, 'gu');

/**
 * A number as telephones have it: a plus, then digits in groups. Whatever else begins like a formula (`+39-02` would be
 * computed) gets an apostrophe.
 */
const telephoneNumber = /^\+[0-9]{1,4}(?: ?[0-9]){0,20}$/;

/** A number that a spreadsheet shows unchanged: without a leading zero, and short enough not to be rounded. */
const plainNumber = /^(?:0|[1-9][0-9]{0,10})$/;

/** What a spreadsheet may take for a number, a time, a date or a truth value, whatever language it speaks. */
const notText =
  /^[\s+]*[0-9][0-9\s.,:/+\-%()e]*$|^[.,][0-9]|^(?:true|false)$|^(?=.*[0-9])(?:[0-9]{1,4}[\s\-./]*)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?:[\s\-./]*[0-9]{1,4})?$/i;

/**
 * Takes the power of a formula from a text.
 * @param text as the server has it
 */
export function withoutFormula(text: string): string {
  if (telephoneNumber.test(text)) return text;
  const harmless = text.replace(dangerousMiddle, "$1$2'");
  return dangerousStart.test(harmless) ? `'${harmless}` : harmless;
}

/**
 * Marks a text so that a spreadsheet keeps every character of it: without a mark `00390111` becomes 390111. A tab in
 * front is a mark that both Excel and LibreOffice understand.
 * @param text as the server has it
 */
export function textCell(text: string): string {
  const harmless = withoutFormula(text);
  return notText.test(harmless) && !plainNumber.test(harmless) ? `\t${harmless}` : harmless;
}

/** How a locale's spreadsheets write. */
export interface CsvDialect {
  /** Between cells: a semicolon where the comma is in numbers. */
  readonly separator: ',' | ';';
  readonly decimal: '.' | ',';
}

/** What spreadsheets of a locale read as it is meant. @param locale BCP 47 */
export function csvDialect(locale: string): CsvDialect {
  const parts = new Intl.NumberFormat(`${locale}-u-nu-latn`).formatToParts(0.5);
  const hasComma = parts.some(({ type, value }) => type === 'decimal' && value === ',');
  return hasComma ? { separator: ';', decimal: ',' } : { separator: ',', decimal: '.' };
}

/** One record of RFC 4180, with its CRLF. @param separator of the dialect */
export function csvRecord(cells: readonly string[], separator: CsvDialect['separator'] = ','): string {
  return `${cells
    .map((cell) => (/[",;\t\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(separator)}\r\n`;
}

/** The first record. */
export function csvHeader({ separator }: CsvDialect): string {
  return csvRecord(
    listColumns.map(({ heading }) => savingText(heading)),
    separator,
  );
}

/**
 * A recording's record. Times and lengths are written so that each is a time in a spreadsheet: `0:30` would be half an
 * hour.
 * @param timeZone IANA; the computer's own where left out
 */
export function csvRow(recording: RecordingSummary, dialect: CsvDialect, timeZone?: string): string {
  const cells = listRow(recording, timeZone).map((cell, at) => {
    if (cell === null) return '';
    const format = listColumns[at]?.format;
    if (typeof cell === 'string') return format === 'text' ? textCell(cell) : cell;
    switch (format) {
      case 'moment':
        return new Date(cell).toISOString().slice(0, 19).replace('T', ' ');
      case 'length':
        return lengthText(cell);
      default:
        return (cell / 1_000).toFixed(3).replace('.', dialect.decimal);
    }
  });
  return csvRecord(cells, dialect.separator);
}

/** `0:00:30`, with its hours always. */
function lengthText(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
