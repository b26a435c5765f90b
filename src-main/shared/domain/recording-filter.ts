import { assertNever } from '../assert-never';
import { dialled, matchesNumber } from './phone-number';
import type { RecordingFilters, RecordingSummary, TextFilter, TimeFilter } from './recording';

/** How long a recording may be, ms: `from` included, `to` excluded. The server cannot be asked for it (API reference §3). */
export interface LengthFilter {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Everything that a list can be narrowed to: what the server is asked for, and what only RecLight can tell. */
export type ListFilter = {
  readonly [Name in keyof RecordingFilters]?: RecordingFilters[Name] | undefined;
} & {
  readonly length?: LengthFilter | undefined;
  /** The remote number or a part of it in any spelling; the server is asked for `remotePartyNumber`. */
  readonly number?: string | undefined;
};

function matchesText(text: string | null, { operator, value }: TextFilter): boolean {
  if (text === null) return false;
  const [whole, part] = [dialled(text), dialled(value)];
  switch (operator) {
    case 'equals':
      return whole === part;
    case 'contains':
      return whole.includes(part) || text.toLowerCase().includes(value.toLowerCase());
    default:
      return assertNever(operator);
  }
}

/** The server's times are finer than a millisecond, RecLight's are not: so far off an instant may be, ms. */
const grain = 1;

function matchesTime(at: number, filter: TimeFilter): boolean {
  switch (filter.operator) {
    case 'equals':
      return Math.abs(at - filter.at) <= grain;
    case 'before':
      return at < filter.at + grain;
    case 'after':
      return at > filter.at - grain;
    case 'between':
      return at >= filter.from - grain && at < filter.to + grain;
    default:
      return assertNever(filter);
  }
}

/** A user name without its domain: the one who signed in as `CORP\anna` may own recordings as `anna@corp.example`. */
function account(username: string): string {
  return username.replace(/^.*\\/, '').replace(/@.*$/, '').toLowerCase();
}

/**
 * Whether a recording is one of those that a list is narrowed to. Servers differ in how they write a number or a user
 * name, so that this is tolerant where a wrong no would hide a recording: it tells a server that ignores a filter from
 * one that applies it.
 * @param row of the list
 * @param filter all of it must hold
 */
export function matchesFilter(row: RecordingSummary, filter: ListFilter): boolean {
  const {
    startTime,
    endTime,
    localPartyNumber,
    remotePartyNumber,
    ownerUsername,
    direction,
    length,
    number,
  } = filter;
  if (startTime && !matchesTime(row.startTime, startTime)) return false;
  if (endTime && !matchesTime(row.startTime + row.durationMs, endTime)) return false;
  if (
    localPartyNumber !== undefined &&
    !matchesText(row.localPartyNumber, { operator: 'equals', value: localPartyNumber })
  ) {
    return false;
  }
  if (remotePartyNumber && !matchesText(row.remotePartyNumber, remotePartyNumber)) return false;
  if (number !== undefined && !matchesNumber(row.remotePartyNumber ?? '', number)) return false;
  if (
    ownerUsername !== undefined &&
    row.ownerUsername !== null &&
    account(row.ownerUsername) !== account(ownerUsername)
  ) {
    return false;
  }
  if (direction && row.direction !== direction) return false;
  return row.durationMs >= (length?.from ?? 0) && row.durationMs < (length?.to ?? Infinity);
}
