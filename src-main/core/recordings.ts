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

/** Of how many recordings the details are remembered. */
const mostDetails = 200;

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
  /**
   * Everything about one recording (§4), from memory where this session has asked before; a failure is not remembered.
   * @param fresh asks the server again: note and preservation change there
   */
  details(id: string, fresh?: boolean): Promise<Result<RecordingDetails>>;
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
  /** What the server told, or is being asked, by id in lower case; what was asked for first comes first. */
  let told = new Map<string, Promise<Result<RecordingDetails>>>();

  const loadRecent = async (of: RecordingsSession): Promise<void> => {
    const page = await of.api.listRecordings(
      { ownerUsername: of.username },
      { page: 0, pageSize: recentCount },
    );
    if (session !== of || !page.ok) return;
    recent = page.value.recordings.slice(0, recentCount);
    emitter.emit();
  };

  const ask = (of: RecordingsSession, id: string): Promise<Result<RecordingDetails>> => {
    const memory = told;
    const key = id.toLowerCase();
    const answer = of.api.getRecording(id);
    memory.delete(key);
    memory.set(key, answer);
    for (const oldest of memory.keys()) {
      if (memory.size <= mostDetails) break;
      memory.delete(oldest);
    }
    void answer.then(({ ok }) => {
      if (!ok && memory.get(key) === answer) memory.delete(key);
    });
    return answer;
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
      told = new Map();
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
    details: (id, fresh = false) => {
      if (session === null) return Promise.resolve(fail('signed-out', 'details'));
      const known = fresh ? undefined : told.get(id.toLowerCase());
      return known ?? ask(session, id);
    },
    view: () => ({ revision, recent }),
    onChange: (listener) => emitter.on(listener),
  };
}
