import type { Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { RecordingSummary } from '@shared/domain/recording';
import { sameRecordingId, summaryOf } from '@shared/domain/recording';
import { scopeHash } from '@shared/domain/scope-hash';
import type { CallOptions, RecorderApi } from '../ports/api';
import type { Clock, Random } from '../ports/clock';
import {
  afterAbsent,
  afterFailure,
  beginSearch,
  findCompleted,
  looksInList,
  nextSearch,
  searchFilters,
} from './search';
import type { Search } from './search';
import type { RecorderNotice, RecorderSession } from '../recorder/contract';
import type {
  EndedRecording,
  InterruptedCommand,
  RememberedRunning,
  UnderWayRecording,
} from '../recorder/events';
import { isLockedOut, isNotVisible } from '../recorder/outcome';
import type { Memory, Remembered, RememberedEnded } from '../recorder/remembered';
import { toUnconfirmedView } from '../recorder/remembered';
import { isSameUser } from '../recorder/ownership';

const confirmedKept = 64;
const listPageSize = 20;

/**
 * What a look found: the recording; nothing, though it would be shown; or nothing, because this user may not see
 * such recordings.
 */
export type LookOutcome = RecordingSummary | 'absent' | 'hidden';

/** Looks for recordings that ended, and remembers those under way, over restarts. */
export interface SaveCheck {
  /** The account whose recordings are looked for; null: none. */
  setSession(session: RecorderSession | null): void;
  /** The same account watches another line; what is looked for stays. */
  changeLine(session: RecorderSession): void;
  /** What ran when a former run, or a former session, of this account ended. @param from where that is written */
  before(from: Remembered): readonly RememberedRunning[];
  /** The commands that had no answer, or had to wait, then. @param from where that is written */
  interrupted(from: Remembered): readonly InterruptedCommand[];
  /** The commands that have no answer, or wait, now. */
  unanswered(commands: readonly InterruptedCommand[]): void;
  /** A recording goes on under another id. */
  renamed(from: string, to: string): void;
  /** An id named a recording that is looked for under another one. */
  forget(id: string): void;
  lookFor(recording: EndedRecording): void;
  /** What runs now; `settled`: and nothing else. */
  underWay(recordings: readonly UnderWayRecording[], settled: boolean): void;
  /**
   * The user has seen that a recording was not found.
   * @param account whose; also while nothing is looked for, because the password was refused
   */
  dismiss(id: string, account: string): void;
  /** When the next look is due, monotonic ms; null: none. */
  nextAt(): number | null;
  /** The look that is due, if any. Only one is under way at a time. */
  takeDue(): Search | null;
  /** Asks the server. */
  look(search: Search, api: RecorderApi, options: CallOptions): Promise<Result<LookOutcome>>;
  /** Takes in the answer. */
  answered(search: Search, result: Result<LookOutcome>): void;
  /** Forgets that a look is under way. */
  abort(): void;
}

/** What {@link createSaveCheck} needs. */
export interface SaveCheckOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly memory: Memory;
  readonly notify: (notice: RecorderNotice) => void;
  readonly changed: () => void;
  /** A recording was found among the completed ones under another id than it ran under. */
  readonly completedAs: (from: string, to: string) => void;
}

/** Makes the part of the service that answers "did it save?". */
export function createSaveCheck(options: SaveCheckOptions): SaveCheck {
  const { clock, random, memory, notify, changed, completedAs } = options;
  let session: RecorderSession | null = null;
  let scope = '';
  let searches: readonly Search[] = [];
  let looking: string | null = null;
  let confirmed: readonly string[] = [];

  const wall = (mono: number) => Math.round(clock.wallNow() - (clock.monotonicNow() - mono));
  const latest = ({ startedAt, startedBy }: EndedRecording | UnderWayRecording) =>
    startedBy === startedAt ? null : wall(startedBy);
  /** The watched line; of another one lists do not tell the number. */
  const numberOf = ({ onLine }: EndedRecording | UnderWayRecording) =>
    onLine ? (session?.line.directoryNumber ?? null) : null;
  const mono = (epochMs: number) => clock.monotonicNow() - (clock.wallNow() - epochMs);
  const isSame = (ended: RememberedEnded, id: string) =>
    ended.scope === scope && sameRecordingId(ended.id, id);
  const keep = (next: readonly Search[]) => {
    searches = next;
    memory.set({ pending: searches.filter((search) => !search.again).map((search) => search.ended) });
  };
  const drop = (search: Search) => {
    keep(
      searches.filter(
        (other) => !isSame(other.ended, search.ended.id) || other.ended.scope !== search.ended.scope,
      ),
    );
  };
  /** @param recording what this run saw of it; null where it is only remembered */
  const searchOf = (ended: RememberedEnded, again: boolean, recording: EndedRecording | null): Search => {
    const party = recording?.remoteParty ?? null;
    const hints = {
      serverStartedAt: ended.serverStartedAt,
      party: party === null ? null : { phoneNumber: party.phoneNumber },
      ownerUsername: recording?.localUsername ?? session?.username ?? '',
    };
    return beginSearch(ended, hints, again, clock.monotonicNow(), random());
  };
  const begin = (ended: RememberedEnded, recording: EndedRecording | null) => {
    const search = searchOf(ended, false, recording);
    keep([...searches.filter((other) => !isSame(other.ended, ended.id)), search]);
  };

  return {
    setSession: (next) => {
      session = next;
      looking = null;
      scope = next === null ? '' : scopeHash(next.serverAddress, next.username);
      searches = [];
      if (next === null) return;
      const { pending, unconfirmed } = memory.get();
      searches = [
        ...pending.map((ended) => searchOf(ended, false, null)),
        ...unconfirmed.map((ended) => searchOf(ended, true, null)),
      ];
    },
    changeLine: (next) => {
      session = next;
    },
    before: ({ underWay, pending }) =>
      [...underWay, ...pending.map(asUnderWay)]
        .filter((entry) => entry.scope === scope)
        .map(({ id, startedHere, startedAt, startedBy, serverStartedAt, pausedHere, pausedSince }) => ({
          id,
          startedHere,
          startedAt: mono(startedAt),
          startedBy: mono(startedBy ?? startedAt),
          serverStartedAt,
          pausedHere,
          pausedSince: pausedSince === null ? null : mono(pausedSince),
        })),
    interrupted: ({ unanswered }) =>
      unanswered
        .filter((entry) => entry.scope === scope)
        .map(({ kind, isSent, id, at }) => ({ kind, isSent, id, at: mono(at) })),
    unanswered: (commands) => {
      const others = memory.get().unanswered.filter((entry) => entry.scope !== scope);
      const own = commands.map(({ kind, isSent, id, at }) => ({ scope, kind, isSent, id, at: wall(at) }));
      memory.set({ unanswered: [...others, ...own] });
    },
    renamed: (from, to) => {
      keep(searches.filter((search) => !isSame(search.ended, from)));
      memory.set({
        underWay: memory
          .get()
          .underWay.map((entry) =>
            entry.scope === scope && sameRecordingId(entry.id, from) ? { ...entry, id: to } : entry,
          ),
      });
    },
    forget: (id) => {
      const isOther = (entry: { readonly scope: string; readonly id: string }) =>
        entry.scope !== scope || !sameRecordingId(entry.id, id);
      memory.set({ underWay: memory.get().underWay.filter(isOther) });
    },
    lookFor: (recording) => {
      begin(
        {
          scope,
          id: recording.id,
          directoryNumber: numberOf(recording),
          startedAt: wall(recording.startedAt),
          startedBy: latest(recording),
          endedAt: wall(recording.endedAt),
          serverStartedAt: whole(recording.serverStartedAt),
          startedHere: recording.startedHere,
        },
        recording,
      );
    },
    underWay: (recordings, settled) => {
      const before = memory.get().underWay;
      const own = before.filter((entry) => entry.scope === scope);
      const others = before.filter((entry) => entry.scope !== scope);
      const runs = (id: string) => recordings.some((recording) => sameRecordingId(recording.id, id));
      const gone = own.filter((entry) => !runs(entry.id));
      if (settled) {
        // It ended unobserved: RecLight was not running, or the user was signed out.
        for (const entry of gone) {
          if (searches.some((search) => isSame(search.ended, entry.id))) continue;
          const { id, directoryNumber, startedAt, startedBy, serverStartedAt, startedHere } = entry;
          const endedAt = wall(clock.monotonicNow());
          const ended = { scope, id, directoryNumber, startedAt, startedBy, endedAt };
          begin({ ...ended, serverStartedAt, startedHere }, null);
        }
      }
      const running = recordings.map((recording) => {
        const known = own.find(
          (entry) => sameRecordingId(entry.id, recording.id) && entry.startedHere === recording.startedHere,
        );
        const serverStartedAt = known?.serverStartedAt ?? whole(recording.serverStartedAt);
        const { pausedHere } = recording;
        const pausedSince = recording.pausedSince === null ? null : wall(recording.pausedSince);
        if (known !== undefined) {
          // The wall clock trembles; a pause that is known keeps its moment.
          const since = known.pausedHere === pausedHere ? known.pausedSince : pausedSince;
          return { ...known, serverStartedAt, pausedHere, pausedSince: since };
        }
        return {
          scope,
          id: recording.id,
          startedHere: recording.startedHere,
          directoryNumber: numberOf(recording),
          startedAt: wall(recording.startedAt),
          startedBy: latest(recording),
          serverStartedAt,
          pausedHere,
          pausedSince,
        };
      });
      keep(searches.filter((search) => search.ended.scope !== scope || !runs(search.ended.id)));
      memory.set({ underWay: [...others, ...(settled ? [] : gone), ...running] });
    },
    dismiss: (id, account) => {
      const isMeant = (ended: RememberedEnded) => ended.scope === account && sameRecordingId(ended.id, id);
      searches = searches.filter((search) => !(search.again && isMeant(search.ended)));
      memory.set({ unconfirmed: memory.get().unconfirmed.filter((ended) => !isMeant(ended)) });
      changed();
    },
    nextAt: () => (looking === null ? (nextSearch(searches, scope)?.nextAt ?? null) : null),
    takeDue: () => {
      if (looking !== null) return null;
      const search = nextSearch(searches, scope);
      if (search === null || search.nextAt > clock.monotonicNow()) return null;
      looking = search.ended.id;
      return search;
    },
    look: async (search, api, callOptions) => {
      const byId = await api.getRecording(search.ended.id, callOptions);
      if (byId.ok) return succeed(summaryOf(byId.value));
      const isHidden = isNotVisible(byId.error);
      if (!isHidden && !isAbsence(byId.error.code)) return byId;
      if (!looksInList(search, isHidden)) return succeed('absent');
      const paging = { page: 0, pageSize: listPageSize };
      const page = await api.listRecordings(searchFilters(search.hints), paging, callOptions);
      if (!page.ok && !isNotVisible(page.error)) return page;
      const isAnothers = (id: string) =>
        searches.some(({ ended }) => isSame(ended, id) && !isSame(ended, search.ended.id));
      const isTaken = (id: string) => confirmed.includes(id.toLowerCase()) || isAnothers(id);
      const found = page.ok ? findCompleted(search, page.value.recordings, isTaken) : null;
      if (found !== null) return succeed(found);
      // A colleague's recording, or any where this user may not list: that it is not shown says nothing. Nor is it known
      // whose call one is that no list of those in progress has shown.
      const isOwn =
        search.hints.serverStartedAt !== null &&
        isSameUser(search.hints.ownerUsername, session?.username ?? '');
      return succeed(isHidden && !(page.ok && isOwn) ? 'hidden' : 'absent');
    },
    answered: (search, result) => {
      looking = null;
      const now = clock.monotonicNow();
      const replace = (next: Search) => {
        keep(searches.map((other) => (isSame(other.ended, search.ended.id) ? next : other)));
      };
      if (!searches.some((other) => isSame(other.ended, search.ended.id))) return;
      if (!result.ok) {
        if (!isLockedOut(result.error)) replace(afterFailure(search, now, random()));
        return;
      }
      if (result.value === 'hidden') {
        drop(search);
        return;
      }
      if (result.value !== 'absent') {
        drop(search);
        confirmed = [...confirmed.slice(1 - confirmedKept), result.value.id.toLowerCase()];
        memory.set({
          unconfirmed: memory.get().unconfirmed.filter((ended) => !isSame(ended, search.ended.id)),
        });
        if (!sameRecordingId(result.value.id, search.ended.id)) completedAs(search.ended.id, result.value.id);
        notify({ kind: 'saved', recording: result.value });
        changed();
        return;
      }
      const next = afterAbsent(search, now, random());
      if (next !== null) {
        replace(next);
        return;
      }
      drop(search);
      if (search.again) return;
      const others = memory.get().unconfirmed.filter((ended) => !isSame(ended, search.ended.id));
      memory.set({ unconfirmed: [...others, search.ended] });
      notify({ kind: 'unconfirmed', recording: toUnconfirmedView(search.ended) });
      changed();
    },
    abort: () => {
      looking = null;
    },
  };
}

/** What is looked for may run after all: a list that lags lacked it. */
function asUnderWay(ended: RememberedEnded): Remembered['underWay'][number] {
  return { ...ended, pausedHere: false, pausedSince: null };
}

/** A time as the file keeps it. */
function whole(time: number | null): number | null {
  return time === null ? null : Math.round(time);
}

function isAbsence(code: string): boolean {
  return code === 'recording-not-found' || code === 'invalid-id';
}
