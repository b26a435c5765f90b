import type { CodedError, Result } from '@shared/domain/errors';
import type { RecordingsPage, RecordingSummary } from '@shared/domain/recording';
import type { ListSearch } from './search';

/** Asks for one page, 0-based; what is aborted answers `cancelled`. */
export type FetchPage = (
  search: ListSearch,
  page: number,
  size: number,
  signal: AbortSignal,
) => Promise<Result<RecordingsPage>>;

/** How far RecLight itself has looked through a list. */
export interface Scan {
  /** Recordings looked at. */
  readonly looked: number;
  /** Recordings that the server has. */
  readonly total: number;
  /** Whether it rests until it is told to go on, or more rows are looked at than were found. */
  readonly rests: boolean;
  /** Whether this is so because the server did not apply a filter. */
  readonly ignored: boolean;
  /** Whether the server is not asked for the number, which it may store in another spelling. */
  readonly through: boolean;
}

/** Rows from one to another, both included. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** What a list knows at one moment; a new object after every change. */
export interface RecordingsListView {
  /** Another number for another list. */
  readonly list: number;
  /** null before the first answer. */
  readonly rowCount: number | null;
  readonly loading: boolean;
  /** Why a page that is needed could not be had; tried again only when asked. */
  readonly error: CodedError | null;
  /** null where the server does all the filtering. */
  readonly scan: Scan | null;
  /** Recordings on the pages that have arrived which could not be read. */
  readonly unreadable: number;
  /** Recordings that came at the top since the top was last seen. */
  readonly news: number;
  /** Rows above which the heading of a day stands, ascending. */
  readonly headings: readonly number[];
  /** The recording of a row; null where it has not arrived. */
  rowAt(index: number): RecordingSummary | null;
  /** Where a recording is, or null where it is not among those that have arrived. */
  indexOf(id: string): number | null;
  /** A recording that has arrived, or that is kept and may still be there; null where it is neither. */
  recordingOf(id: string): RecordingSummary | null;
  /** Whether all of these rows have arrived that there are, or that may be looked for without being told to. */
  holds(range: RowRange): boolean;
  /** The first row that has arrived for which something holds, from one on and around the end. */
  find(from: number, holds: (row: RecordingSummary) => boolean): number | null;
}

/** Pages of a list as far as they were looked at. */
export interface RecordingsList {
  view(): RecordingsListView;
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void;
  /** Another list: everything of the former is forgotten, and its requests are given up. */
  setSearch(search: ListSearch): void;
  /** Rows `first` to `last` are being looked at: their pages, and only theirs, are fetched. */
  need(first: number, last: number): void;
  /**
   * Recordings that must not be forgotten: the selected ones, and what is playing.
   * @param ids of all of them
   * @param followed those that are looked for on the pages beside theirs when they have left it
   * @param playing the one whose neighbours are wanted, too: they are a press away
   */
  keep(ids: readonly string[], followed?: readonly string[], playing?: string | null): void;
  /** Rows that are wanted although they are not looked at; null: none. */
  reach(range: RowRange | null): void;
  /** The top of the list is being looked at: nothing there is news any more. */
  seeTop(): void;
  /** Pages may be out of date: what is there stays until the new ones have arrived. */
  invalidate(): void;
  /** The same, asked for by the user: what was looked through is looked through again. */
  refresh(): void;
  /** Looks through more of the list. */
  goOn(): void;
  /** Tries again what failed. */
  retry(): void;
  /** Days may begin at other instants: the user's time zone is another. */
  redate(): void;
  dispose(): void;
}
