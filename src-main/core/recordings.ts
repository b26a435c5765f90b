import type { Result } from '../shared/errors';
import { fail } from '../shared/errors';
import type { ChannelArguments } from '../shared/ipc-contract';
import type {
  RecordingDetails,
  RecordingFilters,
  RecordingsPage,
  RecordingSummary,
} from '../shared/recording';
import { createEmitter } from './emitter';
import type { Disposable, RecorderApi } from './ports';

/** How many recordings the tray menu offers. */
const recentCount = 5;

/** Whose recordings are listed, and over which connection. */
export interface RecordingsSession {
  readonly api: RecorderApi;
  readonly username: string;
}

/** The user's own completed recordings. */
export interface RecordingsService {
  setSession(session: RecordingsSession | null): void;
  /** Pages that windows hold may be out of date. */
  invalidate(): void;
  /** A former list with the same ticket is given up: its window was loaded anew, and counts from 1 again. */
  list(query: ChannelArguments<'listRecordings'>): Promise<Result<RecordingsPage>>;
  /** Gives up a list that runs; one that has ended, or never was, needs nothing. */
  cancel(ticket: number): void;
  details(id: string): Promise<Result<RecordingDetails>>;
  view(): { readonly revision: number; readonly recent: readonly RecordingSummary[] };
  onChange(listener: () => void): Disposable;
}

/**
 * Makes the recordings service. *My recordings* always sends the owner: a user with rights over others would see
 * theirs too (API reference §3).
 */
export function createRecordingsService(): RecordingsService {
  const emitter = createEmitter<[]>();
  const running = new Map<number, AbortController>();
  let session: RecordingsSession | null = null;
  let revision = 0;
  let recent: readonly RecordingSummary[] = [];

  const loadRecent = async (of: RecordingsSession): Promise<void> => {
    const page = await of.api.listRecordings(
      { ownerUsername: of.username },
      { page: 0, pageSize: recentCount },
    );
    if (session !== of || !page.ok) return;
    recent = page.value.recordings.slice(0, recentCount);
    emitter.emit();
  };

  const refresh = (): void => {
    revision += 1;
    emitter.emit();
    if (session !== null) void loadRecent(session);
  };

  return {
    setSession: (next) => {
      session = next;
      recent = [];
      refresh();
    },
    invalidate: refresh,
    list: async (query) => {
      if (session === null) return fail('signed-out', 'list');
      const { page, pageSize, ticket, startTime, localPartyNumber, remotePartyNumber, direction } = query;
      const filters: RecordingFilters = {
        ownerUsername: session.username,
        ...(startTime === undefined ? {} : { startTime }),
        ...(localPartyNumber === undefined ? {} : { localPartyNumber }),
        ...(remotePartyNumber === undefined ? {} : { remotePartyNumber }),
        ...(direction === undefined ? {} : { direction }),
      };
      if (ticket === undefined) return session.api.listRecordings(filters, { page, pageSize });
      running.get(ticket)?.abort();
      const abort = new AbortController();
      running.set(ticket, abort);
      try {
        return await session.api.listRecordings(filters, { page, pageSize }, { signal: abort.signal });
      } finally {
        if (running.get(ticket) === abort) running.delete(ticket);
      }
    },
    cancel: (ticket) => {
      running.get(ticket)?.abort();
    },
    details: (id) =>
      session === null ? Promise.resolve(fail('signed-out', 'details')) : session.api.getRecording(id),
    view: () => ({ revision, recent }),
    onChange: (listener) => emitter.on(listener),
  };
}
