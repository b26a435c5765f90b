import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type {
  RecordingDetails,
  RecordingFilters,
  RecordingsPage,
  RecordingSummary,
} from '@shared/domain/recording';
import { matchesFilter } from '@shared/domain/recording-filter';
import type { ChannelArguments } from '@shared/ipc/contract';
import { createEmitter } from '../lib/emitter';
import type { Clock, Disposable } from '../ports/clock';
import type { Log } from '../ports/desktop';
import type { RecorderApi } from '../ports/api';

/** How many recordings the tray menu offers. */
const recentCount = 5;

/** Of how many they are chosen where the server does not filter or sort as it is asked. */
const recentSearch = 200;

/** Of how many recordings the details are remembered. */
const maxDetails = 200;

/** Max age of the recent list before it is refetched, ms. */
const freshForMs = 60_000;

/** How many recordings of the lists that were told are remembered: more than a window can select. */
const maxSummaries = 2_000;

/** Of a list with rows of which none can be read. */
const malformedList: CodedError = {
  code: 'malformed',
  operation: 'list',
  detail: { field: 'recordings' },
};

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
  /** What a list of this session told of a recording; null where none did, or where it was long ago. */
  summary(id: string): RecordingSummary | null;
  /** Marks the recent list as stale: recordings may have been missed. */
  expire(): void;
  /** The recent list is about to be shown: refetches it where it is older than a minute. */
  look(): void;
  /**
   * The user's newest recording; asks anew where what is known is older than a minute.
   * @returns null: there is none; `signed-out`, or why the server could not be asked
   */
  latest(): Promise<Result<RecordingSummary | null>>;
  view(): { readonly revision: number; readonly recent: readonly RecordingSummary[] };
  onChange(listener: () => void): Disposable;
}

/**
 * Makes the recordings service. *My recordings* always sends the owner: a user with rights over others would see
 * theirs too (API reference §3).
 * @param clock tells how old an answer is
 */
export function createRecordingsService(clock: Pick<Clock, 'monotonicNow'>, log: Log): RecordingsService {
  const emitter = createEmitter<[]>(log);
  const running = new Map<number, AbortController>();
  let session: RecordingsSession | null = null;
  let revision = 0;
  let recent: readonly RecordingSummary[] = [];
  /** Why the newest could not be had the last time. */
  let recentFailure: CodedError | null = null;
  /** When the server told the newest, on the monotonic clock, ms; null: not yet. */
  let recentAt: number | null = null;
  let loading: Promise<void> | null = null;
  /** Responses may arrive out of order: the latest request wins. */
  let turns = 0;
  let adopted = 0;
  /** What the server told, or is being asked, by id in lower case; what was asked for first comes first. */
  let told = new Map<string, Promise<Result<RecordingDetails>>>();
  /** Of lists, by id in lower case; what was told longest ago comes first. */
  const summaries = new Map<string, RecordingSummary>();

  const rememberRows = (rows: readonly RecordingSummary[]): void => {
    for (const row of rows) {
      const key = row.id.toLowerCase();
      summaries.delete(key);
      summaries.set(key, row);
    }
    for (const oldest of summaries.keys()) {
      if (summaries.size <= maxSummaries) return;
      summaries.delete(oldest);
    }
  };

  /** The newest of a list that are the user's: some servers filter badly, and some sort badly. */
  const newestOf = (rows: readonly RecordingSummary[], ownerUsername: string) =>
    rows
      .filter((row) => matchesFilter(row, { ownerUsername }))
      .sort((a, b) => b.startTime - a.startTime)
      .slice(0, recentCount);

  const outdate = (): void => {
    revision += 1;
    emitter.emit();
  };

  const adopt = ({ recordings, unreadable = 0 }: RecordingsPage, username: string, turn: number): void => {
    if (turn < adopted) return;
    adopted = turn;
    const rows = newestOf(recordings, username);
    // Unreadable rows are not an empty list.
    const allLost = rows.length === 0 && unreadable > 0;
    recentFailure = allLost ? malformedList : null;
    recentAt = clock.monotonicNow();
    if (JSON.stringify(rows) === JSON.stringify(recent)) return;
    recent = rows;
    emitter.emit();
  };

  const loadRecent = async (of: RecordingsSession, tellsWindows: boolean): Promise<void> => {
    const turn = ++turns;
    const { username: ownerUsername } = of;
    const askFor = (pageSize: number) => of.api.listRecordings({ ownerUsername }, { page: 0, pageSize });
    let page = await askFor(recentCount);
    if (page.ok) {
      const { recordings, totalCount, unreadable = 0 } = page.value;
      const newest = newestOf(recordings, ownerUsername);
      const asAsked = newest.every((row, at) => row === recordings[at]);
      const isAllThere = newest.length === recordings.length && unreadable === 0;
      const enough = newest.length === recentCount || isAllThere;
      // Five that are not the right ones say nothing of where those are.
      if (!(asAsked && enough) && recordings.length < totalCount) page = await askFor(recentSearch);
    }
    if (session !== of) return;
    if (page.ok) {
      rememberRows(page.value.recordings);
      const former = recent;
      adopt(page.value, ownerUsername, turn);
      // What windows hold is as old as this was.
      if (tellsWindows && recent !== former) outdate();
    } else if (turn > adopted) recentFailure = page.error;
  };

  /**
   * Loads the recent list; concurrent callers share one request.
   * @param tellsWindows whether windows, too, are to hear of what has come
   */
  const load = (of: RecordingsSession, tellsWindows = false): Promise<void> => {
    const attempt = loadRecent(of, tellsWindows).finally(() => {
      if (loading === attempt) loading = null;
    });
    loading = attempt;
    return attempt;
  };

  /** What a window was told is news for the tray too, and shows that the server answers again. */
  const learnFrom = (
    of: RecordingsSession,
    page: Result<RecordingsPage>,
    isNewest: boolean,
    turn: number,
  ): void => {
    if (session !== of || !page.ok) return;
    rememberRows(page.value.recordings);
    if (isNewest) adopt(page.value, of.username, turn);
    else if (recentFailure !== null && loading === null) void load(of);
  };

  const ask = (of: RecordingsSession, id: string): Promise<Result<RecordingDetails>> => {
    const memory = told;
    const key = id.toLowerCase();
    const answer = of.api.getRecording(id);
    memory.delete(key);
    memory.set(key, answer);
    for (const oldest of memory.keys()) {
      if (memory.size <= maxDetails) break;
      memory.delete(oldest);
    }
    void answer.then(({ ok }) => {
      if (!ok && memory.get(key) === answer) memory.delete(key);
    });
    return answer;
  };

  const isFresh = (): boolean =>
    recentFailure === null && recentAt !== null && clock.monotonicNow() - recentAt < freshForMs;

  const refresh = (): void => {
    outdate();
    if (session !== null) void load(session);
  };

  return {
    setSession: (next) => {
      session = next;
      recent = [];
      recentFailure = null;
      recentAt = null;
      loading = null;
      told = new Map();
      summaries.clear();
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
      const of = session;
      const turn = ++turns;
      const isNewest = page === 0 && pageSize >= recentCount && Object.keys(filters).length === 1;
      const asked = async (signal?: AbortSignal) => {
        const options = signal === undefined ? [] : [{ signal }];
        const answer = await of.api.listRecordings(filters, { page, pageSize }, ...options);
        learnFrom(of, answer, isNewest, turn);
        return answer;
      };
      if (ticket === undefined) return asked();
      running.get(ticket)?.abort();
      const abort = new AbortController();
      running.set(ticket, abort);
      try {
        return await asked(abort.signal);
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
    summary: (id) => summaries.get(id.toLowerCase()) ?? null,
    expire: () => {
      recentAt = null;
    },
    look: () => {
      if (session !== null && loading === null && !isFresh()) void load(session, true);
    },
    latest: async () => {
      const of = session;
      if (of === null) return fail('signed-out', 'list');
      await (loading ?? (isFresh() ? undefined : load(of, true)));
      if (session !== of) return fail('signed-out', 'list');
      return recentFailure === null ? succeed(recent[0] ?? null) : { ok: false, error: recentFailure };
    },
    view: () => ({ revision, recent }),
    onChange: (listener) => emitter.on(listener),
  };
}
