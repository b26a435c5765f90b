import type { CodedError } from '@shared/domain/errors';
import { seenRecordings } from './state';
import type { MachineState, PollScope, TrackedRecording } from './state';
import { update } from './draft';
import type { Draft } from './draft';

/*
 * When the server is asked. Own code rather than a library: the known ones (cockatiel among them) read the clock and
 * set timers themselves, so neither virtual time nor a replay of a decision would be possible.
 */

/** ms after which a poll has failed. */
export const pollTimeoutMs = 8_000;

/** From so many missed polls in a row the state is unknown. */
export const missedPollsUntilUnknown = 2;

const missedPollsUntilOpen = 5;
const backOffBaseMs = 2_000;
const backOffCapMs = 60_000;
/** An open breaker's probes are at least so far apart, ms: full jitter alone could draw almost nothing. */
const openFloorMs = 5_000;
const maxRetryAfterMs = 900_000;
/** While a command awaits its confirmation by a list, ms. */
const confirmingMs = 1_000;
/** While lists contradict one another, ms: more of them decide. */
const doubtedMs = 500;
/** Where active recordings are not visible, asking costs more than it tells, ms. */
const notVisibleMs = 60_000;
/** How often the user's recordings on other lines are asked for, ms. */
export const otherLinesMs = 30_000;
/** For how long "recording" is believed without news, ms; no setting stretches it. */
const freshWhileRecordingMs = 10_000;
/** While recording: with jitter, two polls fit into the time for which an answer is believed, ms. */
const slowestWhileRecordingMs = 4_000;
const freshOtherwiseMs = 10_000;
const pollSoonJitterMs = 2_000;
const pollSoonSpacingMs = 1_000;

/** Whether something is happening that the user waits for, recording apart. */
function isHappening(state: MachineState, now: number): boolean {
  return (
    now < state.activeUntil ||
    state.start !== null ||
    state.stops.length > 0 ||
    state.toggles.length > 0 ||
    state.waiting !== null
  );
}

function awaitsConfirmation(state: MachineState): boolean {
  return (
    state.start?.phase === 'unclear' ||
    state.recordings.some((recording) => !recording.seen) ||
    state.stops.some((stop) => stop.phase !== 'sent') ||
    state.toggles.some((toggle) => toggle.phase !== 'sent')
  );
}

/**
 * ms between two polls that are answered, before jitter.
 * @param now a reading of the monotonic clock, ms
 */
function paceMs(state: MachineState, now: number): number {
  const { policy } = state;
  if (state.knowledge.kind === 'not-visible' && state.start?.phase !== 'queued') return notVisibleMs;
  if (state.denials > 0 || state.recordings.some((recording) => recording.doubt !== null)) {
    return Math.min(policy.activeMs, doubtedMs);
  }
  if (awaitsConfirmation(state)) return Math.min(policy.activeMs, confirmingMs);
  if (seenRecordings(state).length > 0) return Math.min(policy.activeMs, slowestWhileRecordingMs);
  if (isHappening(state, now)) return policy.activeMs;
  return state.windowVisible ? policy.visibleMs : policy.hiddenMs;
}

/** ±20 %, so that ten thousand agents do not ask in draft. */
export function jittered(ms: number, chance: number): number {
  return ms * (0.8 + 0.4 * chance);
}

/**
 * For how long an answer is believed without a newer one, ms. An administrator who slows down the polls of an idle
 * line gets a longer bound, or the light would flicker.
 */
export function freshForMs(state: MachineState): number {
  const { policy } = state;
  if (state.knowledge.kind === 'not-visible') return 3 * notVisibleMs;
  if (seenRecordings(state).length > 0) return freshWhileRecordingMs;
  return Math.max(freshOtherwiseMs, 3 * (state.windowVisible ? policy.visibleMs : policy.hiddenMs));
}

/**
 * ms until the next try after a missed poll: full jitter up to a bound that doubles, at most 60 s; never less than
 * the server asked for (`Retry-After`), and spread beyond it.
 * @param failures missed polls in a row, at least 1
 */
export function backOffMs(failures: number, error: CodedError, chance: number): number {
  const bound = Math.min(backOffCapMs, backOffBaseMs * 2 ** (failures - 1));
  const floor = failures >= missedPollsUntilOpen ? openFloorMs : 0;
  const asked = Math.min(maxRetryAfterMs, error.detail.retryAfterMs ?? 0);
  const drawn = floor + chance * (bound - floor);
  return asked === 0 ? drawn : Math.max(drawn, asked + chance * Math.max(pollSoonJitterMs, asked * 0.2));
}

/**
 * Whether the newest answer can be built upon. This is the circuit breaker's other half: background requests wait from
 * the first missed poll on, so that a server in trouble gets single polls (the probes) and the user's own commands.
 */
export function isServerAnswering(state: MachineState): boolean {
  return (
    state.session.kind === 'open' &&
    !state.suspended &&
    state.failures === 0 &&
    (state.knowledge.kind === 'seen' || state.knowledge.kind === 'not-visible')
  );
}

function canAsk(state: MachineState): boolean {
  return state.session.kind === 'open' && !state.suspended;
}

/** Missing from two lists in a row: the next one may prove its end. */
function isLongMissing({ doubt }: TrackedRecording): boolean {
  return doubt !== null && doubt.missing >= 2;
}

function scopeOf(state: MachineState, now: number): PollScope {
  if (state.session.kind !== 'open' || !state.session.byLine) return 'line';
  if (state.knowledge.kind === 'not-visible') return 'line';
  // What a start began before the line was changed runs on the former line.
  if (state.start?.elsewhere === true) return 'all';
  // What is missing on this line, or was not there to be stopped, may have moved to another one.
  const isMisnamed =
    state.stops.some(({ error }) => error !== null) ||
    (state.start?.phase === 'unclear' && state.start.unwanted !== null);
  if (isMisnamed || state.recordings.some(isLongMissing)) return 'all';
  // A recording on another line is watched as closely as one on this line.
  if (state.recordings.some(({ onLine, mayHaveMoved }) => !onLine || mayHaveMoved)) return 'all';
  // Where nothing is known, one question brings an answer sooner than two.
  if (state.knowledge.kind !== 'seen') return 'line';
  return state.lastFullPollAt === null || now - state.lastFullPollAt >= otherLinesMs ? 'all' : 'line';
}

/** Asks now; where a poll is under way, as soon as that is answered. */
export function pollNow(draft: Draft): void {
  if (!canAsk(draft.state)) return;
  if (draft.state.poll !== null) {
    update(draft, { pollAgain: true });
    return;
  }
  const scope = scopeOf(draft.state, draft.now);
  const sequence = draft.state.sequence + 1;
  update(draft, {
    sequence,
    poll: { sequence, scope, sentAt: draft.now },
    pollAgain: false,
    nextPollAt: null,
    lastPollAt: draft.now,
  });
  const known = draft.state.recordings.flatMap(({ id, formerIds }) => [id, ...formerIds]);
  draft.effects.push({ kind: 'poll', sequence, scope, known });
}

/** Asks within `delayMs`, or earlier where that was planned; but not before the server wants to be asked. */
function pollWithin(draft: Draft, delayMs: number): void {
  if (!canAsk(draft.state) || draft.state.poll !== null) return;
  const at = Math.max(draft.now + delayMs, draft.state.notBefore);
  const planned = draft.state.nextPollAt;
  if (planned === null || at < planned) update(draft, { nextPollAt: at });
}

/** Something outside changed (window shown, network, unlock): asks within 2 s, but not in a burst. */
export function pollSoon(draft: Draft): void {
  const spacing = (draft.state.lastPollAt ?? Number.NEGATIVE_INFINITY) + pollSoonSpacingMs - draft.now;
  pollWithin(draft, Math.max(draft.chance * pollSoonJitterMs, spacing, 0));
}

/** Plans the next poll after an answer to the one that was sent at `sentAt`. */
export function planAfterAnswer(draft: Draft, sentAt: number): void {
  if (!canAsk(draft.state)) return;
  const { session, knowledge, lastFullPollAt } = draft.state;
  const otherLinesUnread =
    session.kind === 'open' && session.byLine && knowledge.kind === 'seen' && lastFullPollAt === null;
  if (draft.state.pollAgain || otherLinesUnread) {
    pollNow(draft);
    return;
  }
  const interval = jittered(paceMs(draft.state, draft.now), draft.chance);
  // Counted from sending, so that a slow server is not asked less often than agreed; but never without a breath.
  update(draft, { nextPollAt: Math.max(sentAt + interval, draft.now + interval / 4), notBefore: 0 });
}

/** Plans the next poll after a missed one. */
export function planAfterFailure(draft: Draft, error: CodedError): void {
  if (!canAsk(draft.state)) return;
  const at = draft.now + backOffMs(draft.state.failures, error, draft.chance);
  const isAsked = error.detail.retryAfterMs !== undefined;
  update(draft, { nextPollAt: at, notBefore: isAsked ? at : draft.state.notBefore, pollAgain: false });
}

/** Lets a change of pace (a command, a shown window, new settings) bring the next poll forward. */
export function pollFaster(draft: Draft): void {
  if (draft.state.failures > 0) return;
  pollWithin(draft, jittered(paceMs(draft.state, draft.now), draft.chance));
}
