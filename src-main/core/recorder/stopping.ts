import type { CodedError, Result } from '../../shared/domain/errors';
import { isOutcomeUnclear } from './outcome';
import { separateStopped } from './identity';
import { askNow } from './poll-schedule';
import { isRepetition, keepPress } from './presses';
import { firstBegun, pressCancelWaiting } from './starting';
import { elapsedAt, isStopping } from './state';
import type { ChangeAttempt, StartAttempt, TrackedRecording } from './state';
import { decline, expectNews, nextSequence, notify, refuse, update } from './draft';
import type { Step } from './draft';
import { meantRecording } from './target';
import { endRecording, findTracked, replaceTracked } from './recording-tracker';

/** How long a stop that was answered may still be contradicted by a list, ms. */
const confirmedWithinMs = 8_000;
/** A stop by id changes nothing the second time, so it is repeated once, after reading that it still runs. */
const repeatsAllowed = 1;

/** Sends a stop by id (API reference §2a); one under way is enough. */
export function sendStop(step: Step, id: string, repeats = 0): void {
  if (repeats === 0 && isStopping(step.state, id)) return;
  const sequence = nextSequence(step);
  const attempt: ChangeAttempt = {
    id,
    phase: 'sent',
    sequence,
    sentAt: step.now,
    answeredAt: null,
    decideAfter: null,
    error: null,
    repeats,
    renamed: false,
    wasListed: findTracked(step.state, id)?.seen === true,
    told: false,
  };
  update(step, { stops: [...step.state.stops.filter((stop) => stop.id !== id), attempt] });
  expectNews(step);
  step.effects.push({ kind: 'stop', sequence, id });
}

/** The user wants a recording to end. */
export function pressStop(step: Step, id: string | null): void {
  update(step, { lastError: null });
  if (id === null) {
    if (!isRepetition(step, 'stop')) carryOutStop(step);
    return;
  }
  const recording = findTracked(step.state, id);
  if (recording === null) decline(step, 'not-a-live-recording', 'stop');
  else sendStop(step, recording.id);
}

/**
 * Stops what a Stop without an id means: the start under way before all, else the meant recording.
 * @param isKept it was pressed before the state was known: what was asked for since is not meant
 */
export function carryOutStop(step: Step, isKept = false): void {
  const { start, waiting } = step.state;
  if (isKept) {
    // Where nothing runs, what was asked for since is all that the user waits for.
    const isReplaced = start !== null || waiting !== null;
    if (isReplaced && meantRecording(step.state) === null && step.state.knowledge.kind === 'seen') return;
  } else if (waiting !== null) {
    // What runs at the same time, on another line, is what lamp and key show: it is stopped as well.
    // But a start that has left is meant before all.
    const isTrying = start !== null && start.phase !== 'queued';
    pressCancelWaiting(step);
    if (isTrying || meantRecording(step.state) === null) return;
  } else if (start !== null) {
    // Nothing was sent yet: forget it. Else stop what comes of it, as soon as its id is known.
    update(step, { start: start.phase === 'queued' ? null : { ...start, unwanted: 'stop' } });
    const begun = begunBy(step, start);
    if (begun !== null) sendStop(step, begun.id);
    return;
  }
  const { state } = step;
  const recording = meantRecording(state);
  if (recording !== null) {
    const attempt = state.stops.find((stop) => stop.id === recording.id);
    // Its answer was lost, and no list decides what came of it: the same stop again does no harm.
    const isLost = attempt?.phase === 'unclear' && state.knowledge.kind === 'unknown';
    // While it is being stopped, no other recording takes its place.
    sendStop(step, recording.id, isLost ? attempt.repeats + 1 : 0);
    return;
  }
  if (state.stops.length > 0 || state.lineStop !== null) return;
  switch (state.knowledge.kind) {
    case 'not-visible':
      if (canStopByLine(step)) sendLineStop(step);
      else decline(step, 'not-possible-now', 'stop');
      return;
    case 'none':
    case 'unknown':
      keepPress(step, 'stop');
      askNow(step);
      return;
    case 'seen':
      decline(step, 'not-possible-now', 'stop');
  }
}

/** What the lists show that a start under way has begun, before its own answer; null where they show nothing. */
function begunBy({ state }: Step, { phase, sentAt }: StartAttempt): TrackedRecording | null {
  if (phase === 'queued' || sentAt === null) return null;
  const isEffect = ({ own, onLine, seen, stopped, beganAt }: TrackedRecording) =>
    own && onLine && seen && !stopped && beganAt >= sentAt;
  return firstBegun(state.recordings.filter(isEffect));
}

/** By line only where no id is known; a Dial-In never with a device name (API reference §2b). */
export function canStopByLine(step: Step): boolean {
  const { session } = step.state;
  if (session.kind !== 'open') return false;
  const { directoryNumber, deviceName, mode } = session.line;
  return directoryNumber !== null || (mode === 'media-forking' && deviceName !== null);
}

/** Sends a stop by line (API reference §2b). Only where {@link canStopByLine}. */
export function sendLineStop(step: Step): void {
  const sequence = nextSequence(step);
  update(step, { lineStop: { sequence, sentAt: step.now } });
  expectNews(step);
  step.effects.push({ kind: 'stop-line', sequence });
}

/** A stop by id was answered. */
export function stopAnswered(step: Step, sequence: number, result: Result<null>): void {
  const attempt = step.state.stops.find((stop) => stop.sequence === sequence && stop.phase === 'sent');
  if (attempt === undefined) return;
  expectNews(step);
  // 409: it is no longer running, which is what was wanted.
  if (result.ok || result.error.code === 'not-a-live-recording') {
    stopConfirmed(step, attempt, result.ok ? null : result.error);
  } else if (isOutcomeUnclear(result.error) && step.state.knowledge.kind !== 'not-visible') {
    setAttempt(step, {
      ...attempt,
      phase: 'unclear',
      answeredAt: step.now,
      decideAfter: step.now,
      error: result.error,
    });
    askNow(step);
  } else {
    dropAttempt(step, attempt);
    refuse(step, result.error);
  }
}

function stopConfirmed(step: Step, attempt: ChangeAttempt, error: CodedError | null): void {
  // The id that it named still ran: what a list showed under another one is another recording.
  if (error === null && attempt.renamed && attempt.wasListed) {
    const stopped = separateStopped(step, attempt.id);
    if (stopped !== null) {
      endRecording(step, stopped, 'stopped');
      return;
    }
  }
  const recording = findTracked(step.state, attempt.id);
  if (recording === null) {
    dropAttempt(step, attempt);
    return;
  }
  if (step.state.knowledge.kind === 'not-visible') {
    endStopped(step, recording, error);
    return;
  }
  replaceTracked(step, {
    ...recording,
    elapsedMs: elapsedAt(recording, step.now),
    anchor: step.now,
    stopped: true,
  });
  setAttempt(step, {
    ...attempt,
    phase: 'confirming',
    answeredAt: step.now,
    decideAfter: step.now + confirmedWithinMs,
    error,
  });
  askNow(step);
}

/**
 * A stop was answered, and no list will tell more.
 * @param error why it found nothing: where only the start's answer told the id, it may run on under another one
 */
export function endStopped(step: Step, recording: TrackedRecording, error: CodedError | null): void {
  endRecording(step, { ...recording, stopped: error === null || recording.seen }, 'stopped');
}

/** A stop by line was answered. */
export function lineStopAnswered(step: Step, sequence: number, result: Result<null>): void {
  if (step.state.lineStop?.sequence !== sequence) return;
  update(step, { lineStop: null });
  expectNews(step);
  if (result.ok) notify(step, { kind: 'stopped', recordingId: null, elapsedMs: null });
  else refuse(step, result.error);
  askNow(step);
}

/**
 * A list shows a recording that is being stopped.
 * @param sentAt when the list was asked for, monotonic ms
 */
export function stopStillListed(step: Step, attempt: ChangeAttempt, sentAt: number): void {
  // An answer to a question from before the stop's own answer says nothing about its effect.
  if (attempt.answeredAt === null || sentAt < attempt.answeredAt) return;
  const mayRepeat = attempt.repeats < repeatsAllowed;
  if (attempt.renamed && mayRepeat) {
    // It named an id that no longer ran: the same call goes on under this one.
    resend(step, attempt);
    return;
  }
  if (attempt.decideAfter === null || sentAt < attempt.decideAfter) return;
  if (attempt.phase === 'unclear' && mayRepeat) {
    resend(step, attempt);
    return;
  }
  revive(step, attempt);
  dropAttempt(step, attempt);
  // What was refused has its own reason; a stop that was confirmed, or found nothing, is contradicted.
  const isRefusal = attempt.error !== null && attempt.error.code !== 'not-a-live-recording';
  refuse(step, isRefusal && attempt.error !== null ? attempt.error : stillRecording);
}

const stillRecording: CodedError = { code: 'still-recording', operation: 'stop', detail: {} };

function revive(step: Step, attempt: ChangeAttempt): void {
  const recording = findTracked(step.state, attempt.id);
  if (recording !== null) replaceTracked(step, { ...recording, stopped: false });
}

function resend(step: Step, attempt: ChangeAttempt): void {
  revive(step, attempt);
  sendStop(step, attempt.id, attempt.repeats + 1);
}

/**
 * A list lacks a recording that was being stopped: it is over.
 * @param shown what the same list shows
 */
export function stopAbsent(
  step: Step,
  recording: TrackedRecording,
  attempt: ChangeAttempt,
  shown: readonly TrackedRecording[],
): void {
  endRecording(step, recording, 'stopped');
  // The stop found nothing, and another recording of this user has appeared on the line: it may be the same call. What
  // was started on a shared line, and no list has shown, may be a colleague's call.
  const isNew = ({ own, onLine, knownAt }: TrackedRecording) =>
    (own || !recording.seen) && onLine && knownAt >= attempt.sentAt;
  if (attempt.error !== null && shown.some(isNew)) refuse(step, stillRecording);
}

function setAttempt(step: Step, attempt: ChangeAttempt): void {
  update(step, { stops: step.state.stops.map((stop) => (stop.id === attempt.id ? attempt : stop)) });
}

function dropAttempt(step: Step, attempt: ChangeAttempt): void {
  update(step, { stops: step.state.stops.filter((stop) => stop.id !== attempt.id) });
}
