import type { CodedError, Result } from '../../shared/errors';
import { sameRecordingId } from '../../shared/recording';
import type { NoticedState } from './contract';
import type { ListedRecording, PollAnswer } from './events';
import { isNotVisible } from './outcome';
import { probeIfNeeded, toggleListed } from './pausing';
import { freshForMs, missedPollsUntilUnknown, planAfterAnswer, planAfterFailure } from './polling';
import { settleStart, settleStartUnseen, startUnreadable } from './starting';
import { elapsedAt, isStopping, seenRecordings, startedUnseen } from './state';
import type { LastKnown, PollScope, TrackedRecording } from './state';
import { stopStillListed } from './stopping';
import { nextSequence, notify, refuse, update } from './step';
import type { Step } from './step';
import { announce, endRecording, findTracked, follow } from './tracking';

/** How long the state may be unknown before the user is notified, ms. */
const tellUnknownAfterMs = 30_000;

/**
 * How long a recording is said to run although nothing more was heard of it, because active recordings are not
 * visible, ms. Longer than calls are; shorter than a shift, so that it is known on the same day whether it was saved.
 */
const claimedForMs = 4 * 3_600_000;

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
  if (error !== null && !isNotVisible(error)) {
    missed(step, error);
    return;
  }
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
  const [first] = seenRecordings(step.state);
  return { recording: first !== undefined, remoteParty: first?.remoteParty ?? null, asOf: knowledge.asOf };
}

/** What is no longer fresh is no longer shown as true. */
export function tickFreshness(step: Step): void {
  const at = staleAt(step.state);
  if (at !== null && at <= step.now) becomeUnknown(step, step.state.lastFailure);
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
  const before = step.state;
  const baseline = before.knowledge.kind === 'none';
  const listed = answer.filter(({ recording }) => !endedSince(before.ended, recording.id, sentAt));
  const missing = before.recordings.filter((known) => !isListed(listed, known.id));

  for (const known of missing) {
    if (isOver(step, known, scope, sentAt)) {
      endRecording(step, known, isStopping(step.state, known.id) ? 'stopped' : 'ended');
    }
  }
  const kept = step.state.recordings.filter((known) => !isListed(listed, known.id));
  const followed = listed.map((item) => follow(step, findTracked(before, item.recording.id), item, sentAt));
  const told = before.knowledge.kind === 'unknown' && before.knowledge.told;
  update(step, {
    recordings: [...followed, ...kept],
    knowledge: { kind: 'seen', asOf: sentAt },
  });

  for (const { recording } of listed) {
    const stop = step.state.stops.find((attempt) => attempt.id === recording.id);
    if (stop !== undefined) stopStillListed(step, stop, sentAt);
    const toggle = step.state.toggles.find((attempt) => attempt.id === recording.id);
    if (toggle !== undefined) toggleListed(step, toggle, recording.isPaused, sentAt);
  }
  settleStart(step, sentAt);
  for (const recording of seenRecordings(step.state)) announce(step, recording, baseline);
  if (told) notify(step, { kind: 'recovered', is: noticedNow(step) });
  endWaitingByRecording(step);
}

function endWaitingByRecording(step: Step): void {
  const { waiting, start, recordings } = step.state;
  if (waiting === null || start !== null) return;
  if (recordings.some((recording) => recording.seen && recording.onLine)) update(step, { waiting: null });
}

/** Whether a list that lacks a recording proves that it is over. */
function isOver(step: Step, known: TrackedRecording, scope: PollScope, sentAt: number): boolean {
  // It was asked for under the watched line only, and this one runs on another.
  if (scope === 'line' && !known.onLine) return false;
  if (known.seen) return true;
  const stop = step.state.stops.find((attempt) => attempt.id === known.id);
  if (stop?.answeredAt !== null && stop?.answeredAt !== undefined) return sentAt >= stop.answeredAt;
  // The start answered 201: it may take a moment to be listed, and this question may be older than that answer.
  return sentAt >= known.knownAt && sentAt >= known.expectedBy;
}

function isListed(listed: readonly ListedRecording[], id: string): boolean {
  return listed.some(({ recording }) => sameRecordingId(recording.id, id));
}

function endedSince(ended: Step['state']['ended'], id: string, sentAt: number): boolean {
  return ended.some((entry) => sameRecordingId(entry.id, id) && entry.at > sentAt);
}

function becomeNotVisible(step: Step, sentAt: number): void {
  const told = step.state.knowledge.kind === 'unknown' && step.state.knowledge.told;
  update(step, { knowledge: { kind: 'not-visible', asOf: sentAt } });
  settleStartUnseen(step);
  for (const recording of step.state.recordings) {
    if (!recording.seen) announce(step, recording, false);
  }
  for (const stop of step.state.stops) {
    const recording = findTracked(step.state, stop.id);
    if (recording === null || stop.phase === 'sent') continue;
    if (stop.phase === 'confirming') endRecording(step, recording, 'stopped');
    else {
      update(step, { stops: step.state.stops.filter((other) => other.id !== stop.id) });
      if (stop.error !== null) refuse(step, stop.error);
    }
  }
  update(step, { toggles: step.state.toggles.filter((toggle) => toggle.phase === 'sent') });
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
