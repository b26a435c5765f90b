import { hasSeparators } from '@shared/domain/phone-number';
import type { RecordingSummary } from '@shared/domain/recording';
import { matchesFilter, type LengthFilter } from '@shared/domain/recording-filter';
import type { ChannelArguments } from '@shared/ipc/contract';

/** What the server is asked for, without the page. */
export type RecordingsQuery = Omit<ChannelArguments<'listRecordings'>, 'page' | 'pageSize' | 'ticket'>;

/** A list that is looked for. */
export interface ListSearch {
  readonly query: RecordingsQuery;
  /** What the server cannot be asked for. */
  readonly length: LengthFilter | null;
  /** The remote number in any spelling, of which the server is asked only for the digits that all have in common. */
  readonly number: string | null;
  /** Whose recordings they are. */
  readonly ownerUsername: string | null;
}

/** Whether a recording is one that the server was asked for; it may have ignored a filter. */
export function isAskedFor(row: RecordingSummary, { query, ownerUsername }: ListSearch): boolean {
  return matchesFilter(row, { ...query, ownerUsername: ownerUsername ?? undefined });
}

/** Whether a recording belongs to the list: is asked for, and holds for what the server cannot be asked for. */
export function isWanted(row: RecordingSummary, search: ListSearch): boolean {
  const { length, number } = search;
  return (
    isAskedFor(row, search) &&
    matchesFilter(row, { length: length ?? undefined, number: number ?? undefined })
  );
}

/**
 * The same list without the server being asked for the number, which it may store in another spelling; null where it is
 * not asked for one that has spellings.
 */
export function withoutNumber(search: ListSearch): ListSearch | null {
  const { remotePartyNumber, ...query } = search.query;
  return search.number === null || remotePartyNumber === undefined ? null : { ...search, query };
}

/**
 * The same list with the server being asked for the number as it was typed, which shows whether it stores it so; null
 * where that is no other question.
 */
export function asTyped(search: ListSearch): ListSearch | null {
  const { number, query } = search;
  if (number === null || query.remotePartyNumber === undefined || !hasSeparators(number)) return null;
  return { ...search, query: { ...query, remotePartyNumber: { operator: 'contains', value: number } } };
}

/** Whether RecLight itself must look through the list. */
export function needsScan({ length }: ListSearch): boolean {
  return length !== null;
}
