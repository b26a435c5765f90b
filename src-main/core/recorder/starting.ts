import type { CodedError, Result } from '@shared/domain/errors';
import type { WaitingEnd } from './contract';
import { isOutcomeUnclear, isTransient, settleMs } from './outcome';
import { pollNow, jittered } from './poll-schedule';
import { isRepetition, neverSent } from './presses';
import { isStopping, ownOnLine, runningOnLine, startedUnseen } from './state';
import type { MachineState, StartAttempt, TrackedRecording } from './state';
import { decline, expectNews, nextSequence, notify, refuse, update } from './draft';
import type { Draft } from './draft';
import { canStopByLine, sendLineStop, sendStop, stillRecording } from './stopping';
import { endRecording, findTracked, lingersForMs, replaceTracked, trackStarted } from './recording-tracker';
import { hasId, tellUnseen } from './identity';

/** ms between two tries while waiting for a call. */
const tryEveryMs = 4_000;
/** The same after a failure of the server or the network. */
const tryAfterFailureMs = 10_000;
/** How long a recording that another user requested may take to appear, ms (API reference §1, 429/0). */
const alreadyRequestedMs = 15_000;
const alreadyRecordedMs = 4_000;
/** How much a server that rounds durations may blur when a recording began, ms. */
const roundingMs = 1_000;

/**
 * How long lists may still lack what an unclear start began, ms, counted from when it was given up: they lag up to 15 s
 * behind. Until then a user who no longer wants it must not be forgotten.
 */
const lateListsMs = 20_000;

/** How long after its start a further press of *Record* is taken for impatience, ms. */
const justStartedMs = 3_000;

/** The user wants the call recorded. */
export function pressRecord(draft: Draft): void {
  if (isRepetition(draft, 'record')) return;
  update(draft, { lastError: null });
  expectNews(draft);
  // The lists have shown that nothing came of it, or will tell: this is a new wish.
  if (isGivenUp(draft)) update(draft, { start: null });
  const { state } = draft;
  if (state.start !== null) {
    // However often it is pressed, one request is enough; a change of mind is undone, and the answer is awaited. What
    // was told already is told again: this press is answered, too.
    const forWaiting = state.waiting !== null;
    const pressedAt = draft.now;
    update(draft, { start: { ...state.start, pressedAt, forWaiting, unwanted: null, told: false } });
    if (state.start.phase !== 'sent') pollNow(draft);
    return;
  }
  switch (state.knowledge.kind) {
    case 'not-visible':
      // A stop of the whole line that is still on its way would stop this, too.
      if (state.lineStop === null) sendStart(draft);
      else queueStart(draft);
      return;
    case 'seen': {
      const here = state.recordings.filter(
        (recording) => recording.startedHere && recording.onLine && !isStopping(state, recording.id),
      );
      const justStarted = here.find(
        ({ pressedAt }) => pressedAt !== null && draft.now - pressedAt < justStartedMs,
      );
      if (justStarted !== undefined) {
        replaceTracked(draft, { ...justStarted, standsInUntil: draft.now });
        return;
      }
      // What is listed may be of another call, a colleague's, over, or only buffered (*Live Keep*): the server decides.
      if (isEnding(state)) queueStart(draft);
      else sendStart(draft);
      return;
    }
    case 'none':
    case 'unknown':
      // Read first, then decide: it may be recording already.
      queueStart(draft);
      pollNow(draft);
      return;
  }
}

/** Whether this user's recording on the line is being stopped here: a start that overtakes it would be refused. */
function isEnding(state: MachineState): boolean {
  return ownOnLine(state).some(({ id }) => isStopping(state, id));
}

/** Lists show this user's recordings, so that no other one is started; should they be over already, that is told. */
export function noteStandIns(draft: Draft): void {
  for (const recording of runningOnLine(draft.state)) {
    replaceTracked(draft, { ...recording, standsInUntil: draft.now + lingersForMs });
  }
}

function queueStart(draft: Draft): void {
  update(draft, { start: { ...newAttempt(draft), phase: 'queued' } });
}

function newAttempt(draft: Draft): StartAttempt {
  return {
    phase: 'sent',
    sequence: null,
    sentAt: null,
    pressedAt: draft.now,
    decideAfter: null,
    error: null,
    forWaiting: draft.state.waiting !== null,
    unwanted: null,
    elsewhere: false,
    told: false,
  };
}

/** Sends a start (API reference §1). Only where none is under way. */
export function sendStart(draft: Draft): void {
  const sequence = nextSequence(draft);
  const { start, waiting } = draft.state;
  update(draft, {
    start: { ...(start ?? newAttempt(draft)), phase: 'sent', sequence, sentAt: draft.now },
    lastStartAt: draft.now,
    waiting: waiting === null ? null : { ...waiting, nextTryAt: null },
  });
  if (waiting === null) expectNews(draft);
  draft.effects.push({ kind: 'start', sequence });
}

/** Whether the server itself says that another request than ours is the one that counts. */
export function isSomebodyElses({ code }: CodedError): boolean {
  return code === 'start-already-requested' || code === 'already-recorded';
}

/** Whether what was started here, and no list shows, is to run on. */
function runsUnseen(state: MachineState): boolean {
  const unseen = startedUnseen(state);
  return unseen !== null && !isStopping(state, unseen.id);
}

/** A start was answered. */
export function startAnswered(draft: Draft, sequence: number, result: Result<{ readonly id: string }>): void {
  const { start, waiting } = draft.state;
  if (start?.sequence !== sequence || start.phase !== 'sent') return;
  if (waiting === null) expectNews(draft);
  if (result.ok) {
    started(draft, start, result.value.id);
    return;
  }
  const { error } = result;
  if (!isSomebodyElses(error) && !isOutcomeUnclear(error)) {
    startRefused(draft, start, error);
    return;
  }
  const isListable = draft.state.knowledge.kind !== 'not-visible';
  const isOurs = error.code === 'already-recorded' && runsUnseen(draft.state);
  if (isListable && isOurs && start.unwanted === null) {
    // The server says that what was started here runs, before any list shows it.
    update(draft, { start: null, waiting: null });
    return;
  }
  if (draft.state.knowledge.kind === 'not-visible') {
    decideUnseen(draft, start, error);
    return;
  }
  const waitMs =
    error.code === 'start-already-requested'
      ? alreadyRequestedMs
      : error.code === 'already-recorded'
        ? alreadyRecordedMs
        : settleMs(error);
  update(draft, {
    start: { ...start, phase: 'unclear', decideAfter: draft.now + waitMs, error },
  });
  // A list that was asked for while the start was under way may have shown it already.
  if (isOutcomeUnclear(error) && adoptNew(draft, draft.now)) return;
  pollNow(draft);
}

/** Decides a start of which no list will ever tell: the answers have to do. */
function decideUnseen(draft: Draft, start: StartAttempt, error: CodedError): void {
  const isOurs = error.code === 'already-recorded' && runsUnseen(draft.state);
  if (isOurs && draft.state.waiting === null) {
    // A recording of ours that already runs is what was asked for.
    update(draft, { start: null });
    return;
  }
  if (!isOutcomeUnclear(error)) {
    startRefused(draft, start, error);
    return;
  }
  // It may record all the same. To try again would be blind, and to say nothing would leave it running unknown.
  update(draft, { start: null, waiting: null });
  if (start.unwanted === 'stop' && canStopByLine(draft)) sendLineStop(draft);
  else refuse(draft, { ...error, code: 'start-unconfirmed' });
}

function started(draft: Draft, start: StartAttempt, id: string): void {
  const former = startedUnseen(draft.state);
  update(draft, { start: null, waiting: null });
  // It ran and ended before its start was answered; that was told when it ended.
  if (draft.state.ended.some((entry) => hasId(entry.recording, id))) return;
  const recording = trackStarted(draft, id, start.sentAt ?? draft.now, !start.elsewhere);
  const standsInUntil = standingInUntil(start, false);
  if (standsInUntil !== null) replaceTracked(draft, { ...recording, standsInUntil });
  if (draft.state.knowledge.kind === 'not-visible') {
    // A new recording of this line proves that the former, unseen one is over.
    if (former !== null && former.id !== recording.id) endRecording(draft, former, 'ended');
    tellUnseen(draft, recording);
  }
  if (start.unwanted !== null) sendStop(draft, findTracked(draft.state, id)?.id ?? recording.id);
  else pollNow(draft);
}

/**
 * Nothing was started, and why.
 * @param error what the server or the network said
 */
export function startRefused(draft: Draft, start: StartAttempt, error: CodedError): void {
  update(draft, { start: null });
  const { waiting } = draft.state;
  if (start.unwanted !== null) {
    // Another user records, or is about to. *Stop* came before that was known: tell, do not stop.
    if (isOutcomeUnclear(error) && mayBeOthers(draft, start)) refuse(draft, error);
    else if (start.unwanted === 'stop' && isSomebodyElses(error)) refuse(draft, error);
    else if (start.unwanted === 'stop' && mayRunElsewhere(draft, start)) refuse(draft, stillRecording);
    return;
  }
  if (waiting !== null && (isTransient(error) || isColleagues(draft, error))) {
    planTry(draft, error);
    return;
  }
  // Its waiting ended in the meantime, and that was told.
  if (start.forWaiting && waiting === null && isTransient(error)) return;
  update(draft, { waiting: null });
  // A lost answer may have been told already; the same sentence again says nothing new.
  if (!start.told) refuse(draft, error);
}

/** On a shared line a start may have kept a colleague's call, which it is not known by. */
function mayBeOthers({ state }: Draft, { sentAt }: StartAttempt): boolean {
  return state.recordings.some(({ onLine, own, knownAt }) => onLine && !own && knownAt >= (sentAt ?? 0));
}

/** Where the server does not tell since when it runs, what it began may have moved to another line of this user. */
function mayRunElsewhere({ state }: Draft, { sentAt, error }: StartAttempt): boolean {
  const isLost = error !== null && isOutcomeUnclear(error);
  return (
    isLost && state.recordings.some((one) => one.own && !one.isTimed && one.knownAt >= (sentAt ?? Infinity))
  );
}

/** On a shared line a colleague's call may be the one that is recorded already: waiting for one's own goes on. */
function isColleagues({ state }: Draft, error: CodedError): boolean {
  return error.code === 'already-recorded' && state.recordings.some(({ onLine, own }) => onLine && !own);
}

function planTry(draft: Draft, error: CodedError): void {
  const { waiting } = draft.state;
  if (waiting === null) return;
  const pause = error.code === 'no-connected-call' ? tryEveryMs : tryAfterFailureMs;
  const delay = Math.max(jittered(pause, draft.chance), error.detail.retryAfterMs ?? 0);
  update(draft, { waiting: { ...waiting, nextTryAt: draft.now + delay } });
}

/**
 * What runs decides a start whose answer was lost, or that came second: its effect is taken over (and stopped, where
 * it is no longer wanted); what somebody else records is left alone, whatever this user meant to do.
 * @param listedAt when the newest list was asked for, monotonic ms
 */
function adoptNew(draft: Draft, listedAt: number): boolean {
  const { start } = draft.state;
  if (start === null) return false;
  const isEffect = (recording: TrackedRecording) =>
    recording.own && recording.seen && isEffectOf(start, recording, draft.now - listedAt);
  if (
    start.unwanted !== null &&
    draft.state.recordings.some((one) => isEffect(one) && isStopping(draft.state, one.id))
  ) {
    // It was found before the answer was given up, and is being stopped.
    const isLeft = draft.state.recordings.some((one) => isEffect(one) && !isStopping(draft.state, one.id));
    update(draft, { start: null, waiting: null });
    if (start.unwanted === 'stop' && isLeft) refuse(draft, stillRecording);
    return true;
  }
  // Its call may have moved to another line of the user meanwhile.
  const isAnywhere = start.elsewhere || start.unwanted !== null;
  const elsewhere = draft.state.recordings.filter((one) => isAnywhere && !one.onLine && isEffect(one));
  const running = [...(start.elsewhere ? [] : runningOnLine(draft.state)), ...elsewhere];
  if (running.length === 0) return false;
  const effects = running.filter(isEffect);
  const own = firstBegun(effects);
  if (own !== null) {
    const standsInUntil = standingInUntil(start, true) ?? own.standsInUntil;
    replaceTracked(draft, { ...own, startedHere: true, pressedAt: start.sentAt, standsInUntil });
  }
  update(draft, { start: null, waiting: null });
  if (start.unwanted === null) {
    // Only the server knows whether a listed recording is of this call: "already recorded" says so.
    const isSaid = start.error?.code === 'already-recorded';
    if (own === null && !isSaid) noteStandIns(draft);
    // It was shown when *Record* was pressed: without a word the press would seem to be lost.
    const wasShown = running.some(({ knownAt }) => knownAt <= start.pressedAt);
    if (isSaid && wasShown && start.error !== null && !start.forWaiting) refuse(draft, start.error);
    return true;
  }
  if (own !== null) sendStop(draft, own.id);
  // *Stop* was pressed before it was known that another recording runs: that one is said, not stopped.
  const isOther = start.unwanted === 'stop' && effects.length !== 1;
  // Without a duration it may be the recording that was started.
  const isLost = start.error !== null && isOutcomeUnclear(start.error);
  const mayBeIt = own === null && isLost && running.some(({ isTimed }) => !isTimed);
  if (isOther || mayBeIt) refuse(draft, stillRecording);
  return true;
}

/**
 * Until when the effect of a start must be heard of, or it was over when the start was asked for again.
 * @param mayLinger whether only lists tell of it, which may show it for a while after its end
 */
function standingInUntil({ sentAt, pressedAt }: StartAttempt, mayLinger: boolean): number | null {
  if (sentAt === null || pressedAt <= sentAt) return null;
  return mayLinger || pressedAt - sentAt >= justStartedMs ? pressedAt + lingersForMs : pressedAt;
}

/** The recording that began first, which is the likeliest effect of a start; the order of the server's answer says nothing. */
export function firstBegun(recordings: readonly TrackedRecording[]): TrackedRecording | null {
  const begun = ({ anchor, elapsedMs }: TrackedRecording) => anchor - elapsedMs;
  return [...recordings].sort((a, b) => begun(a) - begun(b) || (a.id < b.id ? -1 : 1))[0] ?? null;
}

/**
 * Whether a recording can only be the effect of a start: it began after that was sent and before it was given up. All
 * is measured on this computer's monotonic clock.
 * @param blurMs how long the answer took that tells how long it has run
 */
function isEffectOf(start: StartAttempt, recording: TrackedRecording, blurMs: number): boolean {
  const { sentAt, decideAfter, error } = start;
  if (error !== null && isSomebodyElses(error)) return false;
  if (sentAt === null || decideAfter === null) return false;
  // Where the server does not tell since when it runs, it may be older: that is no reason to stop it, nor to take what
  // is read on another line for it.
  if (!recording.isTimed && (start.unwanted !== null || start.elsewhere)) return false;
  const beganBy = recording.anchor - recording.elapsedMs;
  return beganBy >= sentAt - roundingMs && beganBy - blurMs <= decideAfter + roundingMs;
}

/**
 * A list arrived (its recordings are already taken in): decides a start that waited for it.
 * @param sentAt when the list was asked for, monotonic ms
 */
export function settleStart(draft: Draft, sentAt: number): void {
  const { start } = draft.state;
  if (start === null || start.phase === 'sent') return;
  if (start.phase === 'queued') {
    if (!isEnding(draft.state)) sendStart(draft);
    return;
  }
  if (adoptNew(draft, sentAt)) return;
  if (start.decideAfter !== null && sentAt < decidedAt(start, start.decideAfter)) return;
  startRefused(draft, start, start.error ?? { code: 'internal', operation: 'start', detail: {} });
}

/** When a list that shows nothing decides an unclear start; one that is unwanted is watched for until every list must show it. */
function decidedAt({ unwanted, error }: StartAttempt, decideAfter: number): number {
  const isWatched = unwanted !== null && error !== null && isOutcomeUnclear(error);
  return isWatched ? decideAfter + lateListsMs : decideAfter;
}

/** Whether only an unwanted start is left that is watched for, which does not stand in the way of a new one. */
function isGivenUp({ state: { start }, now }: Draft): boolean {
  if (start === null || start.phase !== 'unclear' || start.unwanted === null) return false;
  return start.decideAfter !== null && now >= start.decideAfter;
}

/** Active recordings turned out not to be visible: no list will decide, so the answers have to do. */
export function settleStartUnseen(draft: Draft): void {
  const { start } = draft.state;
  if (start?.phase === 'queued' && draft.state.lineStop === null) sendStart(draft);
  else if (start?.phase === 'unclear') {
    decideUnseen(draft, start, start.error ?? { code: 'internal', operation: 'start', detail: {} });
  }
}

/** The state could not be read: a start that was to be decided by it is refused, with the reason. */
export function startUnreadable(draft: Draft, error: CodedError): void {
  const { start, stops } = draft.state;
  if (start?.phase !== 'queued' || stops.length > 0) return;
  startRefused(draft, start, neverSent(error, 'start'));
}

/** The user wants the next call recorded. */
export function pressRecordNext(draft: Draft): void {
  update(draft, { lastError: null });
  const { state } = draft;
  const isRecorded = runningOnLine(state).length > 0 || startedUnseen(state) !== null;
  if (state.knowledge.kind === 'seen' && isRecorded) {
    decline(draft, 'not-possible-now', 'start');
    return;
  }
  if (state.waiting !== null) return;
  update(draft, {
    waiting: { until: draft.now + state.policy.waitMs, nextTryAt: state.start === null ? draft.now : null },
    start: state.start === null ? null : { ...state.start, forWaiting: true, unwanted: null },
  });
  if (state.knowledge.kind === 'none' || state.knowledge.kind === 'unknown') pollNow(draft);
}

/**
 * The user no longer wants the next call recorded; a start that is under way is stopped if it succeeds. Where nothing
 * is waited for, that is what was wanted.
 */
export function pressCancelWaiting(draft: Draft): void {
  const { waiting, start } = draft.state;
  if (waiting === null) return;
  update(draft, {
    waiting: null,
    start: start === null || start.phase === 'queued' ? null : { ...start, unwanted: 'cancel' },
    lastError: null,
  });
}

/** Ends waiting for a reason of its own, and says so. */
export function endWaiting(draft: Draft, reason: WaitingEnd): void {
  if (draft.state.waiting === null) return;
  update(draft, { waiting: null });
  notify(draft, { kind: 'waiting-ended', reason });
}
