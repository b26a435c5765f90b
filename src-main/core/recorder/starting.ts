import type { CodedError, Result } from '../../shared/domain/errors';
import type { WaitingEnd } from './contract';
import { isOutcomeUnclear, isPassing, settleMs } from './outcome';
import { askNow, jittered } from './poll-schedule';
import { isRepetition, neverSent } from './presses';
import { isMissing, isStopping, ownOnLine, runningOnLine, startedUnseen } from './state';
import type { MachineState, StartAttempt, TrackedRecording } from './state';
import { decline, expectNews, nextSequence, notify, refuse, update } from './draft';
import type { Step } from './draft';
import { canStopByLine, sendLineStop, sendStop } from './stopping';
import { endRecording, findTracked, replaceTracked, trackStarted } from './recording-tracker';
import { hasId, tellUnseen } from './identity';

/** ms between two tries while waiting for a call. */
const tryEveryMs = 4_000;
/** The same after a failure of the server or the network. */
const tryAfterFailureMs = 10_000;
/** How long a recording that somebody else asked for may take to appear, ms (API reference §1, 429/0). */
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
export function pressRecord(step: Step): void {
  if (isRepetition(step, 'record')) return;
  update(step, { lastError: null });
  expectNews(step);
  // The lists have shown that nothing came of it, or will tell: this is a new wish.
  if (isGivenUp(step)) update(step, { start: null });
  const { state } = step;
  if (state.start !== null) {
    // However often it is pressed, one request is enough; a change of mind is undone, and the answer is awaited. What
    // was told already is told again: this press is answered, too.
    const forWaiting = state.waiting !== null;
    update(step, { start: { ...state.start, forWaiting, unwanted: null, told: false } });
    if (state.start.phase !== 'sent') askNow(step);
    return;
  }
  switch (state.knowledge.kind) {
    case 'not-visible':
      // A stop of the whole line that is still on its way would stop this, too.
      if (state.lineStop === null) sendStart(step);
      else queueStart(step);
      return;
    case 'seen': {
      const here = state.recordings.filter(
        (recording) => recording.startedHere && recording.onLine && !isStopping(state, recording.id),
      );
      if (here.some(({ pressedAt }) => pressedAt !== null && step.now - pressedAt < justStartedMs)) return;
      if (runningOnLine(state).length > 0) {
        decline(step, 'already-recorded', 'start');
        noteStandIns(step);
      } else if (ownOnLine(state).length > 0) queueStart(step);
      // A colleague's recording of a shared line says nothing of this user's call: the server decides.
      else sendStart(step);
      return;
    }
    case 'none':
    case 'unknown':
      // Read first, then decide: it may be recording already.
      queueStart(step);
      askNow(step);
      return;
  }
}

/** Lists show this user's recordings, so that no other one is started; should they be over already, that is told. */
export function noteStandIns(step: Step): void {
  for (const recording of runningOnLine(step.state)) {
    replaceTracked(step, { ...recording, stoodInAt: step.now });
  }
}

function queueStart(step: Step): void {
  update(step, { start: { ...newAttempt(step), phase: 'queued' } });
}

function newAttempt(step: Step): StartAttempt {
  return {
    phase: 'sent',
    sequence: null,
    sentAt: null,
    decideAfter: null,
    error: null,
    forWaiting: step.state.waiting !== null,
    unwanted: null,
    elsewhere: false,
    told: false,
  };
}

/** Sends a start (API reference §1). Only where none is under way. */
export function sendStart(step: Step): void {
  const sequence = nextSequence(step);
  const { start, waiting } = step.state;
  update(step, {
    start: { ...(start ?? newAttempt(step)), phase: 'sent', sequence, sentAt: step.now },
    waiting: waiting === null ? null : { ...waiting, nextTryAt: null },
  });
  if (waiting === null) expectNews(step);
  step.effects.push({ kind: 'start', sequence });
}

/** Whether the server itself says that another request than ours is the one that counts. */
function isSomebodyElses({ code }: CodedError): boolean {
  return code === 'start-already-requested' || code === 'already-recorded';
}

/** Whether what was started here, and no list shows, is to run on. */
function runsUnseen(state: MachineState): boolean {
  const unseen = startedUnseen(state);
  return unseen !== null && !isStopping(state, unseen.id);
}

/** A start was answered. */
export function startAnswered(step: Step, sequence: number, result: Result<{ readonly id: string }>): void {
  const { start, waiting } = step.state;
  if (start?.sequence !== sequence || start.phase !== 'sent') return;
  if (waiting === null) expectNews(step);
  if (result.ok) {
    started(step, start, result.value.id);
    return;
  }
  const { error } = result;
  if (!isSomebodyElses(error) && !isOutcomeUnclear(error)) {
    startRefused(step, start, error);
    return;
  }
  const isListable = step.state.knowledge.kind !== 'not-visible';
  const isOurs = error.code === 'already-recorded' && runsUnseen(step.state);
  if (isListable && isOurs && start.unwanted === null) {
    // The server says that what was started here runs, before any list shows it.
    update(step, { start: null, waiting: null });
    return;
  }
  if (step.state.knowledge.kind === 'not-visible') {
    decideUnseen(step, start, error);
    return;
  }
  const waitMs =
    error.code === 'start-already-requested'
      ? alreadyRequestedMs
      : error.code === 'already-recorded'
        ? alreadyRecordedMs
        : settleMs(error);
  update(step, {
    start: { ...start, phase: 'unclear', decideAfter: step.now + waitMs, error },
  });
  // A list that was asked for while the start was under way may have shown it already.
  if (isOutcomeUnclear(error) && adoptNew(step, step.now)) return;
  askNow(step);
}

/** Decides a start of which no list will ever tell: the answers have to do. */
function decideUnseen(step: Step, start: StartAttempt, error: CodedError): void {
  const isOurs = error.code === 'already-recorded' && runsUnseen(step.state);
  if (isOurs && step.state.waiting === null) {
    // A recording of ours that already runs is what was asked for.
    update(step, { start: null });
    return;
  }
  if (!isOutcomeUnclear(error)) {
    startRefused(step, start, error);
    return;
  }
  // It may record all the same. To try again would be blind, and to say nothing would leave it running unknown.
  update(step, { start: null, waiting: null });
  if (start.unwanted === 'stop' && canStopByLine(step)) sendLineStop(step);
  else refuse(step, { ...error, code: 'start-unconfirmed' });
}

function started(step: Step, start: StartAttempt, id: string): void {
  const former = startedUnseen(step.state);
  update(step, { start: null, waiting: null });
  // It ran and ended before its start was answered; that was told when it ended.
  if (step.state.ended.some((entry) => hasId(entry.recording, id))) return;
  const recording = trackStarted(step, id, start.sentAt ?? step.now, !start.elsewhere);
  if (step.state.knowledge.kind === 'not-visible') {
    // A new recording of this line proves that the former one, which nobody could see, is over.
    if (former !== null && former.id !== recording.id) endRecording(step, former, 'ended');
    tellUnseen(step, recording);
  }
  if (start.unwanted !== null) sendStop(step, findTracked(step.state, id)?.id ?? recording.id);
  else askNow(step);
}

/**
 * Nothing was started, and why.
 * @param error what the server or the network said
 */
export function startRefused(step: Step, start: StartAttempt, error: CodedError): void {
  update(step, { start: null });
  const { waiting } = step.state;
  if (start.unwanted !== null) {
    // Somebody else records, or is about to. *Stop* was pressed before that was known: it is said, not done.
    const isTold = isSomebodyElses(error) || (isOutcomeUnclear(error) && mayBeOthers(step, start));
    if (start.unwanted === 'stop' && isTold) refuse(step, error);
    return;
  }
  if (waiting !== null && (isPassing(error) || isColleagues(step, error))) {
    planTry(step, error);
    return;
  }
  // Its waiting ended in the meantime, and that was told.
  if (start.forWaiting && waiting === null && isPassing(error)) return;
  update(step, { waiting: null });
  // A lost answer may have been told already; the same sentence again says nothing new.
  if (!start.told) refuse(step, error);
}

/** On a shared line a start may have kept a colleague's call, which it is not known by. */
function mayBeOthers({ state }: Step, { sentAt }: StartAttempt): boolean {
  return state.recordings.some(({ onLine, own, knownAt }) => onLine && !own && knownAt >= (sentAt ?? 0));
}

/** On a shared line a colleague's call may be the one that is recorded already: waiting for one's own goes on. */
function isColleagues({ state }: Step, error: CodedError): boolean {
  return error.code === 'already-recorded' && state.recordings.some(({ onLine, own }) => onLine && !own);
}

function planTry(step: Step, error: CodedError): void {
  const { waiting } = step.state;
  if (waiting === null) return;
  const pause = error.code === 'no-connected-call' ? tryEveryMs : tryAfterFailureMs;
  const delay = Math.max(jittered(pause, step.chance), error.detail.retryAfterMs ?? 0);
  update(step, { waiting: { ...waiting, nextTryAt: step.now + delay } });
}

/**
 * What runs decides a start whose answer was lost, or that came second: its effect is taken over (and stopped, where
 * it is no longer wanted); what somebody else records is left alone, whatever this user meant to do.
 * @param listedAt when the newest list was asked for, monotonic ms
 */
function adoptNew(step: Step, listedAt: number): boolean {
  const { start } = step.state;
  if (start === null) return false;
  const isEffect = (recording: TrackedRecording) =>
    recording.own && recording.seen && isEffectOf(start, recording, step.now - listedAt);
  if (
    start.unwanted !== null &&
    step.state.recordings.some((one) => isEffect(one) && isStopping(step.state, one.id))
  ) {
    // It was found before the answer was given up, and is being stopped.
    update(step, { start: null, waiting: null });
    return true;
  }
  // Its call may have moved to another line of the user meanwhile.
  const isAnywhere = start.elsewhere || start.unwanted !== null;
  const elsewhere = step.state.recordings.filter((one) => isAnywhere && !one.onLine && isEffect(one));
  const running = [...(start.elsewhere ? [] : runningOnLine(step.state)), ...elsewhere];
  if (running.length === 0) return false;
  const effects = running.filter(isEffect);
  const own = firstBegun(effects);
  if (own !== null) replaceTracked(step, { ...own, startedHere: true, pressedAt: start.sentAt });
  update(step, { start: null, waiting: null });
  if (start.unwanted === null) {
    // Of what lists show only the server itself knows that it is this call.
    if (own === null && start.error?.code !== 'already-recorded') noteStandIns(step);
    return true;
  }
  if (own !== null) sendStop(step, own.id);
  // *Stop* was pressed before it was known that another recording runs: that one is said, not stopped.
  const isOther = start.unwanted === 'stop' && effects.length !== 1;
  // What the server does not tell the age of may be what was begun, whoever takes that back.
  const isLost = start.error !== null && isOutcomeUnclear(start.error);
  const mayBeIt = own === null && isLost && running.some(({ isTimed }) => !isTimed);
  if (isOther || mayBeIt) refuse(step, { code: 'still-recording', operation: 'stop', detail: {} });
  return true;
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
  // Where the server does not tell since when it runs, it may be older: that is no reason to stop it.
  if (!recording.isTimed && start.unwanted !== null) return false;
  const beganBy = recording.anchor - recording.elapsedMs;
  return beganBy >= sentAt - roundingMs && beganBy - blurMs <= decideAfter + roundingMs;
}

/**
 * A list arrived (its recordings are already taken in): decides a start that waited for it.
 * @param sentAt when the list was asked for, monotonic ms
 */
export function settleStart(step: Step, sentAt: number): void {
  const { start } = step.state;
  if (start === null || start.phase === 'sent') return;
  if (start.phase === 'queued') {
    // What the list lacks may be over, and is no reason yet to drop what was asked for.
    const isRecorded = runningOnLine(step.state).some((recording) => !isMissing(recording));
    if (isRecorded) {
      update(step, { start: null, waiting: null });
      noteStandIns(step);
    } else if (ownOnLine(step.state).length === 0) sendStart(step);
    return;
  }
  if (adoptNew(step, sentAt)) return;
  if (start.decideAfter !== null && sentAt < decidedAt(start, start.decideAfter)) return;
  startRefused(step, start, start.error ?? { code: 'internal', operation: 'start', detail: {} });
}

/** When a list that shows nothing decides an unclear start; one that is unwanted is watched for until every list must show it. */
function decidedAt({ unwanted, error }: StartAttempt, decideAfter: number): number {
  const isWatched = unwanted !== null && error !== null && isOutcomeUnclear(error);
  return isWatched ? decideAfter + lateListsMs : decideAfter;
}

/** Whether only an unwanted start is left that is watched for, which does not stand in the way of a new one. */
function isGivenUp({ state: { start }, now }: Step): boolean {
  if (start === null || start.phase !== 'unclear' || start.unwanted === null) return false;
  return start.decideAfter !== null && now >= start.decideAfter;
}

/** Active recordings turned out not to be visible: no list will decide, so the answers have to do. */
export function settleStartUnseen(step: Step): void {
  const { start } = step.state;
  if (start?.phase === 'queued' && step.state.lineStop === null) sendStart(step);
  else if (start?.phase === 'unclear') {
    decideUnseen(step, start, start.error ?? { code: 'internal', operation: 'start', detail: {} });
  }
}

/** The state could not be read: a start that was to be decided by it is refused, with the reason. */
export function startUnreadable(step: Step, error: CodedError): void {
  const { start, stops } = step.state;
  if (start?.phase !== 'queued' || stops.length > 0) return;
  startRefused(step, start, neverSent(error, 'start'));
}

/** The user wants the next call recorded. */
export function pressRecordNext(step: Step): void {
  update(step, { lastError: null });
  const { state } = step;
  const isRecorded = runningOnLine(state).length > 0 || startedUnseen(state) !== null;
  if (state.knowledge.kind === 'seen' && isRecorded) {
    decline(step, 'not-possible-now', 'start');
    return;
  }
  if (state.waiting !== null) return;
  update(step, {
    waiting: { until: step.now + state.policy.waitMs, nextTryAt: state.start === null ? step.now : null },
    start: state.start === null ? null : { ...state.start, forWaiting: true, unwanted: null },
  });
  if (state.knowledge.kind === 'none' || state.knowledge.kind === 'unknown') askNow(step);
}

/**
 * The user no longer wants the next call recorded; a start that is under way is stopped if it succeeds. Where nothing
 * is waited for, that is what was wanted.
 */
export function pressCancelWaiting(step: Step): void {
  const { waiting, start } = step.state;
  if (waiting === null) return;
  update(step, {
    waiting: null,
    start: start === null || start.phase === 'queued' ? null : { ...start, unwanted: 'cancel' },
    lastError: null,
  });
}

/** Ends waiting for a reason of its own, and says so. */
export function endWaiting(step: Step, reason: WaitingEnd): void {
  if (step.state.waiting === null) return;
  update(step, { waiting: null });
  notify(step, { kind: 'waiting-ended', reason });
}
