import { matchesNumber } from '@shared/domain/phone-number';
import type { RecordingFilters, RecordingSummary } from '@shared/domain/recording';
import { sameRecordingId } from '@shared/domain/recording';
import { jittered } from '../recorder/poll-schedule';
import type { RememberedEnded } from '../recorder/remembered';

/*
 * "Did it save?": a recording that ended is looked for among the completed ones, at growing intervals, for up to two
 * minutes of a server that answers. Pure; the service sends the requests.
 */

/** What a look may go by besides the id. */
export interface SearchHints {
  /** The server's clock, epoch ms; null where no list ever showed the recording. */
  readonly serverStartedAt: number | null;
  /** The other party; null where it is not known who that was: it is never written to disk. */
  readonly party: { readonly phoneNumber: string | null } | null;
  readonly ownerUsername: string;
}

/** A recording that is being looked for. */
export interface Search {
  readonly ended: RememberedEnded;
  readonly hints: SearchHints;
  /** Looks that were answered. */
  readonly looks: number;
  /** When to look next, monotonic ms. */
  readonly nextAt: number;
  /** It is already listed as unconfirmed: one more look, and no second notice. */
  readonly again: boolean;
}

/** Intervals between looks; with the longest jitter they make up two minutes. */
const intervalsMs = [1_500, 3_000, 6_000, 10_000, 15_000, 20_000, 22_000, 22_500] as const;
const afterFailureMs = 15_000;
/** From this look on, one that fails by id is followed by one by party and start. */
const listFromLook = 1;
const toleranceMs = 10_000;
/** What was over this soon after the recording had begun is an earlier one of the same party, ms. */
const overSoonMs = 1_000;

/**
 * Begins to look for a recording.
 * @param now monotonic ms
 * @param chance 0 (included) to 1 (excluded)
 */
export function beginSearch(
  ended: RememberedEnded,
  hints: SearchHints,
  again: boolean,
  now: number,
  chance: number,
): Search {
  return { ended, hints, looks: 0, nextAt: now + jittered(intervalsMs[0], chance), again };
}

/** The search that is due first; null where there is none of this account. */
export function nextSearch(searches: readonly Search[], scope: string): Search | null {
  let first: Search | null = null;
  for (const search of searches) {
    if (search.ended.scope === scope && (first === null || search.nextAt < first.nextAt)) first = search;
  }
  return first;
}

/**
 * Whether a look that was told nothing by id goes on to the list.
 * @param isHidden the details may not be seen; that says nothing against the recording, and the list needs fewer
 *   rights. Otherwise it is about a completed recording under another id, which only its start can tell.
 */
export function looksInList(search: Search, isHidden: boolean): boolean {
  if (isHidden) return true;
  return search.hints.serverStartedAt !== null && (search.again || search.looks >= listFromLook);
}

/** The search after a look that found nothing; null: given up. */
export function afterAbsent(search: Search, now: number, chance: number): Search | null {
  const looks = search.looks + 1;
  const interval = intervalsMs[looks];
  if (interval === undefined || search.again) return null;
  return { ...search, looks, nextAt: now + jittered(interval, chance) };
}

/** The search after a look that was not answered: it does not count. */
export function afterFailure(search: Search, now: number, chance: number): Search {
  return { ...search, nextAt: now + jittered(afterFailureMs, chance) };
}

/** Which page of the recordings list may hold it (API reference §3). */
export function searchFilters({ ownerUsername, serverStartedAt }: SearchHints): RecordingFilters {
  if (serverStartedAt === null) return { ownerUsername };
  return {
    ownerUsername,
    startTime: {
      operator: 'between',
      from: serverStartedAt - toleranceMs,
      to: serverStartedAt + toleranceMs + 1,
    },
  };
}

/**
 * The recording that was looked for, among those of a page: the same id, else the same party and start; where the
 * party is not known any more, the same line and start.
 * @param isTaken whether a completed recording is known to be another one
 */
export function findCompleted(
  search: Search,
  recordings: readonly RecordingSummary[],
  isTaken: (id: string) => boolean,
): RecordingSummary | null {
  const same = recordings.find((recording) => sameRecordingId(recording.id, search.ended.id));
  if (same !== undefined) return same;
  const { party, serverStartedAt } = search.hints;
  const { directoryNumber } = search.ended;
  if (serverStartedAt === null) return null;
  const isSameCall = (recording: RecordingSummary) =>
    party === null
      ? directoryNumber === null || recording.localPartyNumber === directoryNumber
      : isSameNumber(recording.remotePartyNumber, party.phoneNumber);
  const ranForMs = search.ended.endedAt - search.ended.startedAt;
  const isEarlier = ({ startTime, durationMs }: RecordingSummary) =>
    startTime + durationMs < serverStartedAt + Math.min(overSoonMs, ranForMs / 2);
  const alike = recordings.filter(
    (recording) =>
      !isTaken(recording.id) &&
      isSameCall(recording) &&
      !isEarlier(recording) &&
      Math.abs(recording.startTime - serverStartedAt) <= toleranceMs,
  );
  // Two that fit would be a guess.
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

/** Whether two spellings are of one number: each is found in the other, so that neither is only a part of it. */
function isSameNumber(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  return matchesNumber(a, b) && matchesNumber(b, a);
}
