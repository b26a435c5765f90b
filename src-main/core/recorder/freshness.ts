import type { CodedError, Result } from '@shared/domain/errors';
import { sameRecordingId } from '@shared/domain/recording';
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
import {
  freshForMs,
  missedPollsUntilUnknown,
  otherLinesMs,
  planAfterAnswer,
  planAfterFailure,
} from './poll-schedule';
import { refuseKept, takeKept } from './presses';
import { noteStandIns, settleStart, settleStartUnseen, startUnreadable } from './starting';
import { doubtedAt, elapsedAt, isMissing, isStopping, seenRecordings, startedUnseen } from './state';
import type { ChangeAttempt, LastKnown, PollScope, TrackedRecording } from './state';
import { carryOutStop, endStopped, sendStop, stopAbsent, stopStillListed } from './stopping';
import { decline, nextSequence, notify, refuse, update } from './draft';
import type { Draft } from './draft';
import { meantRecordings } from './target';
import {
  announce,
  endRecording,
  findTracked,
  follow,
  forgetAs,
  lingersForMs,
  replaceTracked,
  tellDropped,
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
export function tellUnknownAt(draft: { readonly state: Draft['state'] }): number | null {
  const { knowledge } = draft.state;
  return knowledge.kind === 'unknown' && !knowledge.told ? knowledge.since + tellUnknownAfterMs : null;
}

/** A poll was answered; the state follows the server. */
export function pollAnswered(
  draft: Draft,
  sequence: number,
  result: Result<PollAnswer>,
  fingerprint: string | null,
): void {
  const { poll } = draft.state;
  // Late, or doubled: what it says was true before what is known now.
  if (poll?.sequence !== sequence) return;
  const error = result.ok ? othersNeeded(draft, result.value) : result.error;
  if (error !== null && (!isNotVisible(error) || isSomebodysPage(draft, error))) {
    missed(draft, error);
    return;
  }
  if (error !== null && draft.state.knowledge.kind === 'seen') {
    update(draft, { denials: draft.state.denials + 1 });
    if (draft.state.denials < denialsUntilNotVisible) {
      // What was shown stays true for its time, as after any answer that tells nothing.
      update(draft, { poll: null });
      planAfterAnswer(draft, poll.sentAt);
      return;
    }
  }
  update(draft, { denials: 0 });
  update(draft, { poll: null, failures: 0, lastFailure: null });
  if (result.ok && poll.scope === 'all')
    noteFullPoll(draft, poll.sentAt, result.value.othersMissing !== null);
  if (result.ok) {
    takeIn(
      draft,
      result.value.listed,
      result.value.othersMissing === null ? poll.scope : 'line',
      poll.sentAt,
    );
    probeIfNeeded(draft, fingerprint);
  } else {
    becomeNotVisible(draft, poll.sentAt);
  }
  planAfterAnswer(draft, poll.sentAt);
}

/**
 * Whether a refusal may be a gateway's own page: this user has seen the line in this session, and the page says nothing
 * of rights. That is no knowledge, and no state either.
 */
function isSomebodysPage({ state: { knowledge } }: Draft, { detail }: CodedError): boolean {
  const wasVisible =
    knowledge.kind === 'seen' || (knowledge.kind === 'unknown' && knowledge.lastKnown !== null);
  return detail.body === 'html' && wasVisible;
}

/** The other lines were asked for; where they could not be read, the next poll asks again. */
function noteFullPoll(draft: Draft, sentAt: number, isUnread: boolean): void {
  update(draft, { lastFullPollAt: isUnread ? sentAt - otherLinesMs : sentAt });
}

/** Only the line is promised; but what is shown of other lines must be as fresh as the rest. */
function othersNeeded(draft: Draft, answer: PollAnswer): CodedError | null {
  return draft.state.recordings.some((recording) => !recording.onLine) ? answer.othersMissing : null;
}

function missed(draft: Draft, error: CodedError): void {
  update(draft, { poll: null, failures: draft.state.failures + 1, lastFailure: error });
  const { knowledge } = draft.state;
  if (knowledge.kind === 'unknown') update(draft, { knowledge: { ...knowledge, error } });
  else if (draft.state.failures >= missedPollsUntilUnknown) becomeUnknown(draft, error);
  startUnreadable(draft, error);
  refuseKept(draft, error);
  planAfterFailure(draft, error);
}

/** Nothing is certain any more: the last known facts stay, their timers stand. */
export function becomeUnknown(draft: Draft, error: CodedError | null): void {
  const { state, now } = draft;
  if (state.knowledge.kind === 'unknown') return;
  const asOf = state.knowledge.kind === 'none' ? null : state.knowledge.asOf;
  update(draft, {
    knowledge: { kind: 'unknown', since: now, error, lastKnown: lastKnown(draft), asOf, told: false },
    recordings: state.recordings.map((recording) => ({
      ...recording,
      elapsedMs: elapsedAt(recording, now),
      anchor: now,
    })),
  });
}

function lastKnown(draft: Draft): LastKnown | null {
  const { knowledge } = draft.state;
  if (knowledge.kind !== 'seen') return null;
  const seen = seenRecordings(draft.state);
  const first = meantRecordings(draft.state).find((recording) => seen.includes(recording)) ?? seen[0] ?? null;
  return { recording: first !== null, remoteParty: first?.remoteParty ?? null, asOf: knowledge.asOf };
}

/** What is no longer fresh is no longer shown as true. */
export function tickFreshness(draft: Draft): void {
  const at = staleAt(draft.state);
  if (at !== null && at <= draft.now) becomeUnknown(draft, draft.state.lastFailure);
  if (isDisputed(draft)) becomeUnknown(draft, disagreement);
  const { knowledge } = draft.state;
  const tellAt = tellUnknownAt(draft);
  if (knowledge.kind !== 'unknown' || tellAt === null || tellAt > draft.now) return;
  update(draft, { knowledge: { ...knowledge, told: true } });
  notify(draft, { kind: 'unknown', error: knowledge.error, was: noticedBefore(draft, knowledge.lastKnown) });
}

/** What was known before the outage: a start that answered 201 since the last list is newer than that list. */
function noticedBefore({ state }: Draft, known: LastKnown | null): NoticedState {
  if (known?.recording === true) return 'recording';
  if (startedUnseen(state) !== null) return 'started-here';
  return known === null ? 'not-known' : 'not-recording';
}

/** What the newest answer says of the line. */
function noticedNow({ state }: Draft): NoticedState {
  const isVisible = state.knowledge.kind === 'seen';
  if (isVisible && seenRecordings(state).length > 0) return 'recording';
  if (state.recordings.some((recording) => recording.startedHere)) return 'started-here';
  return isVisible ? 'not-recording' : 'not-known';
}

/** When the shown state stops being certain unless the server answers; null where nothing is certain anyway. */
export function staleAt(state: Draft['state']): number | null {
  const { knowledge } = state;
  if (state.session.kind !== 'open') return null;
  if (knowledge.kind !== 'seen' && knowledge.kind !== 'not-visible') return null;
  return knowledge.asOf + freshForMs(state);
}

/** The server showed what runs; `sentAt` is the earliest moment at which that may have been true. */
function takeIn(draft: Draft, answer: readonly ListedRecording[], scope: PollScope, sentAt: number): void {
  const baseline = draft.state.knowledge.kind === 'none';
  const former = draft.state.knowledge;
  const listed = answer.filter(
    (item, index) => isNews(draft, item, sentAt) && !isListed(answer.slice(0, index), item.recording.id),
  );
  separateMistaken(draft, listed);
  followRenamed(draft, listed, sentAt);
  followRemembered(draft, listed);
  bringBack(draft, listed);

  const followed = listed.map((item) =>
    follow(draft, findTracked(draft.state, item.recording.id), item, sentAt),
  );
  const unlisted = draft.state.recordings.filter((known) => !isListed(listed, known.id));
  const wereOnLine = draft.state.recordings.filter(({ onLine }) => onLine);
  update(draft, { recordings: [...followed, ...unlisted] });
  for (const one of followed) {
    if (!one.onLine && wereOnLine.some(({ id }) => id === one.id)) tellDropped(draft, one);
  }
  for (const known of unlisted) missing(draft, known, scope, sentAt, followed);
  update(draft, { knowledge: { kind: 'seen', asOf: sentAt }, lastListAt: sentAt });
  // What was last known before an outage, or on another line, is not shown as true again on the strength of a list that
  // lacks it.
  const wasUncertain = former.kind === 'unknown' || former.kind === 'none';
  if (isDisputed(draft)) becomeDisputed(draft, former, disagreement);
  else if (wasUncertain && draft.state.recordings.some(isMissing)) {
    becomeDisputed(draft, former, former.kind === 'unknown' ? former.error : null);
  }

  for (const { recording } of listed) {
    const stop = draft.state.stops.find((attempt) => attempt.id === recording.id);
    if (stop !== undefined) stopStillListed(draft, stop, sentAt);
    const toggle = draft.state.toggles.find((attempt) => attempt.id === recording.id);
    if (toggle !== undefined) toggleListed(draft, toggle, recording.isPaused, sentAt);
  }
  settleInterrupted(draft);
  carryOutKept(draft);
  settleStart(draft, sentAt);
  for (const recording of seenRecordings(draft.state)) {
    // A colleague's call is not told on a guess.
    const isLeft = mayBeToldAlready(draft, recording) || (!recording.own && isGuess(draft, recording));
    if (!isLeft) announce(draft, recording, baseline);
  }
  const isKnown = draft.state.knowledge.kind === 'seen';
  if (isKnown && former.kind === 'unknown' && former.told) {
    notify(draft, { kind: 'recovered', is: noticedNow(draft) });
  }
  endWaitingByRecording(draft);
}

/** Whether lists contradict one another for longer than the lamp may keep its state. */
function isDisputed({ state, now }: Draft): boolean {
  return (doubtedAt(state) ?? Infinity) <= now;
}

const disagreement: CodedError = { code: 'answers-disagree', operation: 'active', detail: {} };

/** The server answers, but its answers contradict one another: that is no knowledge until two of them agree. */
function becomeDisputed(draft: Draft, former: Draft['state']['knowledge'], error: CodedError | null): void {
  becomeUnknown(draft, error);
  const { knowledge } = draft.state;
  if (knowledge.kind !== 'unknown' || former.kind !== 'unknown') return;
  const { since, told, lastKnown } = former;
  update(draft, { knowledge: { ...knowledge, since, told, lastKnown } });
}

/** Presses that waited for the state act on what it turned out to be. */
function carryOutKept(draft: Draft): void {
  for (const { kind, at, isForStart } of takeKept(draft)) {
    if (kind === 'stop') carryOutStop(draft, true);
    else if (kind === 'mark') carryOutMark(draft, at);
    else if (isForStart && !isStartLeft(draft)) decline(draft, 'not-possible-now', kind);
    else carryOutToggle(draft, kind === 'pause' ? 'paused' : 'running', null, isForStart);
  }
}

/** Whether a start is under way, or what one began here is to run on. */
function isStartLeft({ state }: Draft): boolean {
  return (
    state.start !== null || state.recordings.some((one) => one.startedHere && !isStopping(state, one.id))
  );
}

function endWaitingByRecording(draft: Draft): void {
  const { waiting, start, recordings } = draft.state;
  if (waiting === null || start !== null) return;
  if (!recordings.some((recording) => recording.seen && recording.onLine && recording.own)) return;
  update(draft, { waiting: null });
  noteStandIns(draft);
}

/** Whether an entry tells of the present: an older question, or a node that lags behind a stop, does not. */
function isNews(draft: Draft, { recording }: ListedRecording, sentAt: number): boolean {
  const ended = draft.state.ended.find((entry) => hasId(entry.recording, recording.id));
  if (ended === undefined) return true;
  if (ended.at > sentAt) return false;
  return ended.how !== 'stopped' || draft.now - ended.at >= lingersForMs;
}

/** What is listed again after its end is the same recording, with all that was known of it. */
function bringBack(draft: Draft, listed: readonly ListedRecording[]): void {
  for (const entry of draft.state.ended) {
    if (!listed.some(({ recording }) => hasId(entry.recording, recording.id))) continue;
    const back: TrackedRecording = {
      ...entry.recording,
      stopped: false,
      cameBack: true,
      announced: entry.how === 'stopped',
    };
    update(draft, {
      ended: draft.state.ended.filter((other) => other !== entry),
      recordings: [...draft.state.recordings, back],
    });
    if (entry.how === 'stopped') refuse(draft, { code: 'still-recording', operation: 'stop', detail: {} });
  }
}

/**
 * A list lacks a known recording: that proves its end, or it is a doubt.
 * @param shown what the same list shows
 */
function missing(
  draft: Draft,
  known: TrackedRecording,
  scope: PollScope,
  sentAt: number,
  shown: readonly TrackedRecording[],
): void {
  // It was asked for under the watched line only, and this one runs on another.
  if (scope === 'line' && !known.onLine) return;
  const stop = draft.state.stops.find((attempt) => attempt.id === known.id);
  // Only the start's answer ever told that id: that nothing runs under it does not say that nothing runs.
  const isMisnamed = !known.seen && stop !== undefined && stop.error !== null;
  if (
    stop !== undefined &&
    !isMisnamed &&
    stop.phase === 'confirming' &&
    stop.answeredAt !== null &&
    sentAt >= stop.answeredAt
  ) {
    over(draft, known, stop, shown);
    return;
  }
  if (!known.seen) {
    // The start answered 201: the list may be older than that answer, or lag behind it.
    if (sentAt < known.knownAt || sentAt < known.expectedBy) return;
    const ended = endedTwin(draft.state, known);
    if (ended !== null) {
      forgetAs(draft, known, ended.id);
      tellDropped(draft, { ...known, lastHeardOf: Math.max(known.lastHeardOf, ended.lastHeardOf) });
      if (stop !== undefined) refuse(draft, { code: 'not-a-live-recording', operation: 'stop', detail: {} });
      return;
    }
  }
  const doubt = { since: known.doubt?.since ?? draft.now, missing: (known.doubt?.missing ?? 0) + 1 };
  const needed = known.cameBack || known.doubt?.missing === 0 ? provesEnd.afterComingBack : provesEnd.usually;
  if (doubt.missing >= needed) {
    if (known.seen) over(draft, known, stop ?? null, shown);
    else giveUpUnseen(draft, known, stop ?? null, shown);
    return;
  }
  replaceTracked(draft, { ...known, elapsedMs: elapsedAt(known, draft.now), anchor: draft.now, doubt });
}

/**
 * The lists prove that a recording is over.
 * @param stop its stop, if any
 * @param shown what the same list shows
 */
function over(
  draft: Draft,
  known: TrackedRecording,
  stop: ChangeAttempt | null,
  shown: readonly TrackedRecording[],
): void {
  const isStopped = stop !== null && stop.error === null;
  const awaited = isStopped ? null : awaitAgain(draft, known);
  if (awaited !== null) {
    endRecording(draft, findTracked(draft.state, known.id) ?? known, 'ended');
    // The stop was meant for what the start began, and did not reach it.
    if (stop !== null) sendStop(draft, awaited.id);
  } else if (stop !== null) stopAbsent(draft, known, stop, shown);
  else endRecording(draft, known, 'ended');
}

/**
 * No list ever showed the id that a start answered: it is what began under another id since, whatever that tells of its
 * beginning (*Live Keep*); else it is over.
 * @param stop its stop, which that id did not reach
 * @param shown what the same list shows
 */
function giveUpUnseen(
  draft: Draft,
  known: TrackedRecording,
  stop: ChangeAttempt | null,
  shown: readonly TrackedRecording[],
): void {
  // What was to be stopped is also looked for on the user's other lines.
  const running = runningTwin(draft.state, known, stop);
  if (running !== null) {
    // A stop of the id that no list shows has not reached it, and what is likely is no reason to stop it now.
    update(draft, { stops: draft.state.stops.filter((other) => other !== stop) });
    joinTwin(draft, known, running);
    if (stop !== null) refuse(draft, { code: 'still-recording', operation: 'stop', detail: {} });
  } else over(draft, known, stop, shown);
}

function isListed(listed: readonly ListedRecording[], id: string): boolean {
  return listed.some(({ recording }) => sameRecordingId(recording.id, id));
}

function becomeNotVisible(draft: Draft, sentAt: number): void {
  const told = draft.state.knowledge.kind === 'unknown' && draft.state.knowledge.told;
  update(draft, { knowledge: { kind: 'not-visible', asOf: sentAt } });
  settleInterrupted(draft);
  carryOutKept(draft);
  settleStartUnseen(draft);
  for (const recording of draft.state.recordings.filter(({ seen }) => !seen)) tellUnseen(draft, recording);
  for (const stop of draft.state.stops) {
    const recording = findTracked(draft.state, stop.id);
    if (recording === null || stop.phase === 'sent') continue;
    if (stop.phase === 'confirming') endStopped(draft, recording, stop.error);
    else {
      update(draft, { stops: draft.state.stops.filter((other) => other.id !== stop.id) });
      if (stop.error !== null) refuse(draft, stop.error);
    }
  }
  for (const toggle of draft.state.toggles) toggleUnseen(draft, toggle);
  if (told) notify(draft, { kind: 'recovered', is: noticedNow(draft) });
  checkEnds(draft);
}

/**
 * What ran and cannot be seen running can at least be seen among the completed ones: each is looked for in turn. One
 * that is never found there (it was completed under another id, or lost, or those may not be seen either) is not
 * claimed to run for ever.
 */
function checkEnds(draft: Draft): void {
  for (const recording of draft.state.recordings) {
    if (isStopping(draft.state, recording.id)) continue;
    if (draft.now - recording.lastHeardOf >= claimedForMs) endRecording(draft, recording, 'given-up');
  }
  if (draft.state.endCheck === null) checkNextEnd(draft, draft.state.recordings);
}

function checkNextEnd(draft: Draft, candidates: readonly TrackedRecording[]): void {
  const hidden = candidates.find((recording) => !isStopping(draft.state, recording.id));
  if (hidden === undefined) return;
  const sequence = nextSequence(draft);
  update(draft, { endCheck: sequence });
  draft.effects.push({ kind: 'check-end', sequence, id: hidden.id });
}

/** The look among the completed recordings was answered. */
export function endCheckAnswered(draft: Draft, sequence: number, id: string, result: Result<boolean>): void {
  if (draft.state.endCheck !== sequence) return;
  update(draft, { endCheck: null });
  if (draft.state.knowledge.kind !== 'not-visible') return;
  const { recordings } = draft.state;
  const index = recordings.findIndex((recording) => sameRecordingId(recording.id, id));
  const recording = recordings[index];
  if (recording !== undefined && result.ok && result.value) endRecording(draft, recording, 'ended');
  // Where the server does not answer, the others have to wait for the next round, too.
  if (result.ok) checkNextEnd(draft, recordings.slice(index + 1));
}
