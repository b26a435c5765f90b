import { assertNever } from '@shared/assert-never';
import type { SavesView, SaveJobView, SaveStatus } from '@shared/domain/saves';
import { formatSize } from '../../ui/format';
import { text } from './messages';

/** Between the parts of one line. */
const separator = ' · ';

/** What a save is called: its file, or what it is as long as the file has no name. */
export function saveName({ fileName, kind }: SaveJobView): string {
  return fileName ?? text(kind);
}

/** How much has come, of how much; empty as long as nothing has. */
function amountText({ unit, received, size }: SaveJobView, locale: string): string {
  if (unit === 'rows') {
    return size === null ? text('rows', { count: received }) : text('rowsOf', { count: received, size });
  }
  if (size === null) return received === 0 ? '' : formatSize(received, locale);
  return text('bytesOf', { received: formatSize(received, locale), size: formatSize(size, locale) });
}

function speedText(bytesPerSecond: number | null, locale: string): string {
  return bytesPerSecond === null ? '' : text('speed', { size: formatSize(bytesPerSecond, locale) });
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(separator);
}

/**
 * How far a save is, in one short line; why it failed is told beside it.
 * @param job the save
 * @param locale BCP 47
 */
export function stateText(job: SaveJobView, locale: string): string {
  switch (job.status) {
    case 'queued':
      return text(job.error === null ? 'queued' : 'retrying');
    case 'downloading':
      return joined([amountText(job, locale), speedText(job.bytesPerSecond, locale)]);
    case 'paused':
      return joined([text('paused'), amountText(job, locale)]);
    case 'verifying':
      return text('verifying');
    case 'done':
      return joined([
        text(job.verification ?? 'done'),
        job.unit === 'rows' ? text('rows', { count: job.received }) : formatSize(job.received, locale),
        job.unreadable > 0 ? text('unreadable', { count: job.unreadable }) : '',
      ]);
    case 'failed':
      return text('failed');
    case 'cancelled':
      return text('cancelled');
    default:
      return assertNever(job.status);
  }
}

/** How many saves have not ended. */
function unfinished({ queued, downloading, verifying, paused }: SavesView['counts']): number {
  return queued + downloading + verifying + paused;
}

/**
 * Everything together, in one line.
 * @param keep of the snapshot
 * @param locale BCP 47
 */
export function totalsText({ counts, bytesPerSecond }: SavesView, locale: string): string {
  const { done, failed, paused, cancelled } = counts;
  const total = unfinished(counts) + done + failed;
  const some = (count: number, key: 'someFailed' | 'somePaused' | 'someCancelled') =>
    count === 0 ? '' : text(key, { count });
  return joined([
    total === 0 ? '' : total === done ? text('saved', { done }) : text('savedOf', { done, total }),
    some(failed, 'someFailed'),
    some(paused, 'somePaused'),
    some(cancelled, 'someCancelled'),
    speedText(bytesPerSecond, locale),
  ]);
}

/**
 * What is said aloud: nothing while something is under way, then once what came of it.
 * @param counts of the snapshot
 */
export function announcement(counts: Readonly<Record<SaveStatus, number>>): string {
  const { done, failed } = counts;
  if (unfinished(counts) > 0) return '';
  if (failed > 0) return text('endedWithFailures', { failed, done });
  return done > 0 ? text('allSaved', { count: done }) : '';
}
