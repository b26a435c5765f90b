import type { ChannelArguments } from '../../../src-main/shared/ipc-contract';
import type { RecordingSummary } from '../../../src-main/shared/recording';
import { matchesFilter, type LengthFilter } from '../../../src-main/shared/recording-match';

/** What the server is asked for, without the page. */
export type RecordingsQuery = Omit<ChannelArguments<'listRecordings'>, 'page' | 'pageSize' | 'ticket'>;

/** A list that is looked for. */
export interface ListSearch {
  readonly query: RecordingsQuery;
  /** What the server cannot be asked for. */
  readonly length: LengthFilter | null;
  /** Whose recordings they are. */
  readonly ownerUsername: string | null;
}

/** Whether a recording belongs to the list; a server may have ignored what it was asked for. */
export function isWanted(row: RecordingSummary, { query, length, ownerUsername }: ListSearch): boolean {
  return matchesFilter(row, {
    ...query,
    length: length ?? undefined,
    ownerUsername: ownerUsername ?? undefined,
  });
}

/** Whether RecLight itself must look through the list. */
export function needsScan({ length }: ListSearch): boolean {
  return length !== null;
}
