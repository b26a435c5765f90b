import type { CodedError, Result } from '../../shared/domain/errors';
import { sameRecordingId } from '../../shared/domain/recording';
import type { NoticedState } from './contract';
import type { ListedRecording, PollAnswer } from './events';
import {
  awaitAgain,
  endedTwin,
  followRemembered,
  followRenamed,
  hasId,
  isGuess,
  joinTwin,
  mayBeToldAlready,
  runningTwin,
  separateMistaken,
  tellUnseen,
} from './identity';
import { settleInterrupted } from './interrupted';
import { isNotVisible } from './outcome';
import { carryOutMark, carryOutToggle, probeIfNeeded, toggleListed, toggleUnseen } from './pausing';
import { freshForMs, missedPollsUntilUnknown, planAfterAnswer, planAfterFailure } from './poll-schedule';
import { refuseKept, takeKept } from './presses';
import { noteStandIns, settleStart, settleStartUnseen, startUnreadable } from './starting';
import { doubtedAt, elapsedAt, isMissing, isStopping, seenRecordings, startedUnseen } from './state';
import type { ChangeAttempt, LastKnown, PollScope, TrackedRecording } from './state';
import { carryOutStop, endStopped, sendStop, stopAbsent, stopStillListed } from './stopping';
import { decline, nextSequence, notify, refuse, update } from './draft';
import type { Step } from './draft';
import { meantRecordings } from './target';
import {
  announce,
  endRecording,
  findTracked,
  follow,
  forgetAs,
  lingersForMs,
  replaceTracked,
} from './recording-tracker';

/** How long the state may be unknown before the user is notified, ms. */
const tellUnknownAfterMs = 30_000;

/**
 * How long a recording is said to run although nothing more was heard of it, because active recordings are not
 * visible, ms. Longer than calls are; shorter than a shift, so that it is known on the same day whether it was saved.
 */
const claimedForMs = 4 * 3_600_000;

/** Lists in a row without a recording that prove its end; more where it has come back after one before. */
const provesEnd = { usually: 3, afterComingBack: 4 } as const;

/** How many refusals (403) in a row after a list make the light blind; a single one may be a hiccup. */
const denialsUntilNotVisible = 2;

/** When an unknown state is told. */
export function tellUnknownAt(step: { readonly state: Step['state'] }): number | null {
  const { knowledge } = step.state;
  return knowledge.kind === 'unknown' && !knowledge.told ? knowledge.since + tellUnknownAfterMs : null;
}

/** A poll was answered; the state follows the server. */
export function pollAnswered(
  step: Step,
  sequence: number,
  result: Result<PollAnswer>,
  fingerprint: string | null,
): void {
  const { poll } = step.state;
  // Late, or doubled: what it says was true before what is known now.
  if (poll?.sequence !== sequence) return;
  const error = result.ok ? othersNeeded(step, result.value) : result.error;
  if (error !== null && (!isNotVisible(error) || isSomebodysPage(step, error))) {
    missed(step, error);
    return;
  }
  if (error !== null && step.state.knowledge.kind === 'seen') {
    update(step, { denials: step.state.denials + 1 });
    if (step.state.denials < denialsUntilNotVisible) {
      // What was shown stays true for its time, as after any answer that tells nothing.
      update(step, { poll: null });
      planAfterAnswer(step, poll.sentAt);
      return;
    }
  }
  update(step, { denials: 0 });
  const isFull = result.ok && poll.scope === 'all';
  const lastFullPollAt = isFull ? poll.sentAt : step.state.lastFullPollAt;
  update(step, { poll: null, failures: 0, lastFailure: null, lastFullPollAt });
  if (result.ok) {
    takeIn(step, result.value.listed, result.value.othersMissing === null ? poll.scope : 'line', poll.sentAt);
    probeIfNeeded(step, fingerprint);
  } else {
    becomeNotVisible(step, poll.sentAt);
  }
  planAfterAnswer(step, poll.sentAt);
}

/**
 * Whether a refusal may be a gateway's own page: this user has seen the line in this session, and the page says nothing
 * of rights. That is no knowledge, and no state either.
 */
function isSomebodysPage({ state: { knowledge } }: Step, { detail }: CodedError): boolean {
  const wasVisible =
    knowledge.kind === 'seen' || (knowledge.kind === 'unknown' && knowledge.lastKnown !== null);
  return detail.body === 'html' && wasVisible;
}

/** Only the line is promised; but what is shown of other lines must be as fresh as the rest. */
function othersNeeded(step: Step, answer: PollAnswer): CodedError | null {
  return step.state.recordings.some((recording) => !recording.onLine) ? answer.othersMissing : null;
}

function missed(step: Step, error: CodedError): void {
  update(step, { poll: null, failures: step.state.failures + 1, lastFailure: error });
  const { knowledge } = step.state;
  if (knowledge.kind === 'unknown') update(step, { knowledge: { ...knowledge, error } });
  else if (step.state.failures >= missedPollsUntilUnknown) becomeUnknown(step, error);
  startUnreadable(step, error);
  refuseKept(step, error);
  planAfterFailure(step, error);
}

/** Nothing is certain any more: the last known facts stay, their timers stand. */
export function becomeUnknown(step: Step, error: CodedError | null): void {
  const { state, now } = step;
  if (state.knowledge.kind === 'unknown') return;
  const asOf = state.knowledge.kind === 'none' ? null : state.knowledge.asOf;
  update(step, {
    knowledge: { kind: 'unknown', since: now, error, lastKnown: lastKnown(step), asOf, told: false },
    recordings: state.recordings.map((recording) => ({
      ...recording,
      elapsedMs: elapsedAt(recording, now),
      anchor: now,
    })),
  });
}

function lastKnown(step: Step): LastKnown | null {
  const { knowledge } = step.state;
  if (knowledge.kind !== 'seen') return null;
  const seen = seenRecordings(step.state);
  const first = meantRecordings(step.state).find((recording) => seen.includes(recording)) ?? seen[0] ?? null;
  return { recording: first !== null, remoteParty: first?.remoteParty ?? null, asOf: knowledge.asOf };
}

/** What is no longer fresh is no longer shown as true. */
export function tickFreshness(step: Step): void {
  const at = staleAt(step.state);
  if (at !== null && at <= step.now) becomeUnknown(step, step.state.lastFailure);
  if (isDisputed(step)) becomeUnknown(step, disagreement);
  const { knowledge } = step.state;
  const tellAt = tellUnknownAt(step);
  if (knowledge.kind !== 'unknown' || tellAt === null || tellAt > step.now) return;
  update(step, { knowledge: { ...knowledge, told: true } });
  notify(step, { kind: 'unknown', error: knowledge.error, was: noticedBefore(step, knowledge.lastKnown) });
}

/** What was known before the outage: a start that answered 201 since the last list is newer than that list. */
function noticedBefore({ state }: Step, known: LastKnown | null): NoticedState {
  if (known?.recording === true) return 'recording';
  if (startedUnseen(state) !== null) return 'started-here';
  return known === null ? 'not-known' : 'not-recording';
}

/** What the newest answer says of the line. */
function noticedNow({ state }: Step): NoticedState {
  const isVisible = state.knowledge.kind === 'seen';
  if (isVisible && seenRecordings(state).length > 0) return 'recording';
  if (state.recordings.some((recording) => recording.startedHere)) return 'started-here';
  return isVisible ? 'not-recording' : 'not-known';
}

/** When the shown state stops being certain unless the server answers; null where nothing is certain anyway. */
export function staleAt(state: Step['state']): number | null {
  const { knowledge } = state;
  if (state.session.kind !== 'open') return null;
  if (knowledge.kind !== 'seen' && knowledge.kind !== 'not-visible') return null;
  return knowledge.asOf + freshForMs(state);
}

/** The server showed what runs; `sentAt` is the earliest moment at which that may have been true. */
function takeIn(step: Step, answer: readonly ListedRecording[], scope: PollScope, sentAt: number): void {
  const baseline = step.state.knowledge.kind === 'none';
  const former = step.state.knowledge;
  const listed = answer.filter(
    (item, index) => isNews(step, item, sentAt) && !isListed(answer.slice(0, index), item.recording.id),
  );
  separateMistaken(step, listed);
  followRenamed(step, listed, sentAt);
  followRemembered(step, listed);
  bringBack(step, listed);

  const followed = listed.map((item) =>
    follow(step, findTracked(step.state, item.recording.id), item, sentAt),
  );
  const unlisted = step.state.recordings.filter((known) => !isListed(listed, known.id));
  update(step, { recordings: [...followed, ...unlisted] });
  for (const known of unlisted) missing(step, known, scope, sentAt, followed);
  update(step, { knowledge: { kind: 'seen', asOf: sentAt } });
  // What was last known before an outage, or on another line, is not shown as true again on the strength of a list that
  // lacks it.
  const wasUncertain = former.kind === 'unknown' || former.kind === 'none';
  if (isDisputed(step)) becomeDisputed(step, former, disagreement);
  else if (wasUncertain && step.state.recordings.some(isMissing)) {
    becomeDisputed(step, former, former.kind === 'unknown' ? former.error : null);
  }

  for (const { recording } of listed) {
    const stop = step.state.stops.find((attempt) => attempt.id === recording.id);
    if (stop !== undefined) stopStillListed(step, stop, sentAt);
    const toggle = step.state.toggles.find((attempt) => attempt.id === recording.id);
    if (toggle !== undefined) toggleListed(step, toggle, recording.isPaused, sentAt);
  }
  settleInterrupted(step);
  carryOutKept(step);
  settleStart(step, sentAt);
  for (const recording of seenRecordings(step.state)) {
    // A colleague's call is not told on a guess.
    const isLeft = mayBeToldAlready(step, recording) || (!recording.own && isGuess(step, recording));
    if (!isLeft) announce(step, recording, baseline);
  }
  const isKnown = step.state.knowledge.kind === 'seen';
  if (isKnown && former.kind === 'unknown' && former.told) {
    notify(step, { kind: 'recovered', is: noticedNow(step) });
  }
  endWaitingByRecording(step);
}

/** Whether lists contradict one another for longer than the lamp may keep its state. */
function isDisputed({ state, now }: Step): boolean {
  return (doubtedAt(state) ?? Infinity) <= now;
}

const disagreement: CodedError = { code: 'answers-disagree', operation: 'active', detail: {} };

/** The server answers, but its answers contradict one another: that is no knowledge until two of them agree. */
function becomeDisputed(step: Step, former: Step['state']['knowledge'], error: CodedError | null): void {
  becomeUnknown(step, error);
  const { knowledge } = step.state;
  if (knowledge.kind !== 'unknown' || former.kind !== 'unknown') return;
  const { since, told, lastKnown } = former;
  update(step, { knowledge: { ...knowledge, since, told, lastKnown } });
}

/** Presses that waited for the state act on what it turned out to be. */
function carryOutKept(step: Step): void {
  for (const { kind, at, isForStart } of takeKept(step)) {
    if (kind === 'stop') carryOutStop(step, true);
    else if (kind === 'mark') carryOutMark(step, at);
    else if (isForStart && !isStartLeft(step)) decline(step, 'not-possible-now', kind);
    else carryOutToggle(step, kind === 'pause' ? 'paused' : 'running', null);
  }
}

/** Whether a start is under way, or what one began here is to run on. */
function isStartLeft({ state }: Step): boolean {
  return (
    state.start !== null || state.recordings.some((one) => one.startedHere && !isStopping(state, one.id))
  );
}

function endWaitingByRecording(step: Step): void {
  const { waiting, start, recordings } = step.state;
  if (waiting === null || start !== null) return;
  if (!recordings.some((recording) => recording.seen && recording.onLine && recording.own)) return;
  update(step, { waiting: null });
  noteStandIns(step);
}

/** Whether an entry tells of the present: an older question, or a node that lags behind a stop, does not. */
function isNews(step: Step, { recording }: ListedRecording, sentAt: number): boolean {
  const ended = step.state.ended.find((entry) => hasId(entry.recording, recording.id));
  if (ended === undefined) return true;
  if (ended.at > sentAt) return false;
  return ended.how !== 'stopped' || step.now - ended.at >= lingersForMs;
}

/** What is listed again after its end is the same recording, with all that was known of it. */
function bringBack(step: Step, listed: readonly ListedRecording[]): void {
  for (const entry of step.state.ended) {
    if (!listed.some(({ recording }) => hasId(entry.recording, recording.id))) continue;
    const back: TrackedRecording = {
      ...entry.recording,
      stopped: false,
      cameBack: true,
      announced: entry.how === 'stopped',
    };
    update(step, {
      ended: step.state.ended.filter((other) => other !== entry),
      recordings: [...step.state.recordings, back],
    });
    if (entry.how === 'stopped') refuse(step, { code: 'still-recording', operation: 'stop', detail: {} });
  }
}

/**
 * A list lacks a known recording: that proves its end, or it is a doubt.
 * @param shown what the same list shows
 */
function missing(
  step: Step,
  known: TrackedRecording,
  scope: PollScope,
  sentAt: number,
  shown: readonly TrackedRecording[],
): void {
  // It was asked for under the watched line only, and this one runs on another.
  if (scope === 'line' && !known.onLine) return;
  const stop = step.state.stops.find((attempt) => attempt.id === known.id);
  // Only the start's answer ever told that id: that nothing runs under it does not say that nothing runs.
  const isMisnamed = !known.seen && stop !== undefined && stop.error !== null;
  if (
    stop !== undefined &&
    !isMisnamed &&
    stop.phase === 'confirming' &&
    stop.answeredAt !== null &&
    sentAt >= stop.answeredAt
  ) {
    over(step, known, stop, shown);
    return;
  }
  if (!known.seen) {
    // The start answered 201, and this question may be older than that answer.
    if (sentAt < known.knownAt) return;
    const ended = endedTwin(step.state, known, sentAt);
    if (ended !== null) {
      forgetAs(step, known, ended.id);
      if (stop !== undefined) refuse(step, { code: 'not-a-live-recording', operation: 'stop', detail: {} });
    }
    // It may take a moment to be listed.
    if (ended !== null || sentAt < known.expectedBy) return;
  }
  const doubt = { since: known.doubt?.since ?? step.now, missing: (known.doubt?.missing ?? 0) + 1 };
  const needed = known.cameBack || known.doubt?.missing === 0 ? provesEnd.afterComingBack : provesEnd.usually;
  if (doubt.missing >= needed) {
    if (known.seen) over(step, known, stop ?? null, shown);
    else giveUpUnseen(step, known, stop ?? null, shown);
    return;
  }
  replaceTracked(step, { ...known, elapsedMs: elapsedAt(known, step.now), anchor: step.now, doubt });
}

/**
 * The lists prove that a recording is over.
 * @param stop its stop, if any
 * @param shown what the same list shows
 */
function over(
  step: Step,
  known: TrackedRecording,
  stop: ChangeAttempt | null,
  shown: readonly TrackedRecording[],
): void {
  const isStopped = stop !== null && stop.error === null;
  const awaited = isStopped ? null : awaitAgain(step, known);
  if (awaited !== null) {
    endRecording(step, findTracked(step.state, known.id) ?? known, 'ended');
    // The stop was meant for what the start began, and did not reach it.
    if (stop !== null) sendStop(step, awaited.id);
  } else if (stop !== null) stopAbsent(step, known, stop, shown);
  else endRecording(step, known, 'ended');
}

/**
 * No list ever showed the id that a start answered: it is what began under another id since, whatever that tells of its
 * beginning (*Live Keep*); else it is over.
 * @param stop its stop, which that id did not reach
 * @param shown what the same list shows
 */
function giveUpUnseen(
  step: Step,
  known: TrackedRecording,
  stop: ChangeAttempt | null,
  shown: readonly TrackedRecording[],
): void {
  // What was to be stopped is also looked for on the user's other lines.
  const running = runningTwin(step.state, known, stop);
  if (running !== null) {
    // A stop of the id that no list shows has not reached it, and what is likely is no reason to stop it now.
    update(step, { stops: step.state.stops.filter((other) => other !== stop) });
    joinTwin(step, known, running);
    if (stop !== null) refuse(step, { code: 'still-recording', operation: 'stop', detail: {} });
  } else over(step, known, stop, shown);
}

function isListed(listed: readonly ListedRecording[], id: string): boolean {
  return listed.some(({ recording }) => sameRecordingId(recording.id, id));
}

function becomeNotVisible(step: Step, sentAt: number): void {
  const told = step.state.knowledge.kind === 'unknown' && step.state.knowledge.told;
  update(step, { knowledge: { kind: 'not-visible', asOf: sentAt } });
  settleInterrupted(step);
  carryOutKept(step);
  settleStartUnseen(step);
  for (const recording of step.state.recordings.filter(({ seen }) => !seen)) tellUnseen(step, recording);
  for (const stop of step.state.stops) {
    const recording = findTracked(step.state, stop.id);
    if (recording === null || stop.phase === 'sent') continue;
    if (stop.phase === 'confirming') endStopped(step, recording, stop.error);
    else {
      update(step, { stops: step.state.stops.filter((other) => other.id !== stop.id) });
      if (stop.error !== null) refuse(step, stop.error);
    }
  }
  for (const toggle of step.state.toggles) toggleUnseen(step, toggle);
  if (told) notify(step, { kind: 'recovered', is: noticedNow(step) });
  checkEnds(step);
}

/**
 * What ran and cannot be seen running can at least be seen among the completed ones: each is looked for in turn. One
 * that is never found there (it was completed under another id, or lost, or those may not be seen either) is not
 * claimed to run for ever.
 */
function checkEnds(step: Step): void {
  for (const recording of step.state.recordings) {
    if (isStopping(step.state, recording.id)) continue;
    if (step.now - recording.lastHeardOf >= claimedForMs) endRecording(step, recording, 'given-up');
  }
  if (step.state.endCheck === null) checkNextEnd(step, step.state.recordings);
}

function checkNextEnd(step: Step, candidates: readonly TrackedRecording[]): void {
  const hidden = candidates.find((recording) => !isStopping(step.state, recording.id));
  if (hidden === undefined) return;
  const sequence = nextSequence(step);
  update(step, { endCheck: sequence });
  step.effects.push({ kind: 'check-end', sequence, id: hidden.id });
}

/** The look among the completed recordings was answered. */
export function endCheckAnswered(step: Step, sequence: number, id: string, result: Result<boolean>): void {
  if (step.state.endCheck !== sequence) return;
  update(step, { endCheck: null });
  if (step.state.knowledge.kind !== 'not-visible') return;
  const { recordings } = step.state;
  const index = recordings.findIndex((recording) => sameRecordingId(recording.id, id));
  const recording = recordings[index];
  if (recording !== undefined && result.ok && result.value) endRecording(step, recording, 'ended');
  // Where the server does not answer, the others have to wait for the next round, too.
  if (result.ok) checkNextEnd(step, recordings.slice(index + 1));
}
