import type { RecordingSummary } from '@shared/domain/recording';
import { fileMoment } from './file-name';
import type { SheetColumn } from '../ports/saving';
import { savingText } from './messages';

/** A column of an exported list. */
export interface ListColumn extends Pick<SheetColumn, 'format' | 'width'> {
  readonly heading: Parameters<typeof savingText>[0];
}

/** The columns of an exported list. */
export const listColumns: readonly ListColumn[] = [
  { heading: 'csv-reference', format: 'text', width: 18 },
  { heading: 'csv-start', format: 'moment', width: 20 },
  { heading: 'csv-start-utc', format: 'moment', width: 20 },
  { heading: 'csv-length', format: 'length', width: 10 },
  { heading: 'csv-seconds', format: 'seconds', width: 10 },
  { heading: 'csv-direction', format: 'word', width: 10 },
  { heading: 'csv-remote', format: 'text', width: 20 },
  { heading: 'csv-local', format: 'text', width: 12 },
  { heading: 'csv-owner', format: 'text', width: 18 },
  { heading: 'csv-id', format: 'word', width: 38 },
];

/** What a wall clock shows, as if it were in UTC, ms: a spreadsheet knows no time zones. */
function wallClock(epochMs: number, timeZone: string | undefined): number {
  const [date = '', time = ''] = fileMoment(epochMs, timeZone).split(' ');
  return Date.parse(`${date}T${time.replaceAll('.', ':')}Z`);
}

/**
 * A recording's row: texts as the server has them, moments and lengths in ms.
 * @param timeZone IANA; the computer's own where left out
 */
export function listRow(recording: RecordingSummary, timeZone?: string): readonly (string | number | null)[] {
  const second = Math.floor(recording.startTime / 1_000) * 1_000;
  return [
    recording.referenceNumber,
    wallClock(recording.startTime, timeZone),
    second,
    Math.floor(recording.durationMs / 1_000) * 1_000,
    recording.durationMs,
    savingText(`direction-${recording.direction}`),
    recording.remotePartyNumber,
    recording.localPartyNumber,
    recording.ownerUsername,
    recording.id,
  ];
}
