import type { CodedError, Result } from '@shared/domain/errors';
import { isOutcomeUnclear } from './outcome';
import { separateStopped } from './identity';
import { pollNow } from './poll-schedule';
import { isRepetition, keepPress } from './presses';
import { firstBegun, isSomebodyElses, pressCancelWaiting } from './starting';
import { elapsedAt, isStopping } from './state';
import type { ChangeAttempt, StartAttempt, TrackedRecording } from './state';
import { decline, expectNews, nextSequence, notify, refuse, update } from './draft';
import type { Draft } from './draft';
import { meantRecording } from './target';
import { endRecording, findTracked, replaceTracked } from './recording-tracker';

/** How long a stop that was answered may still be contradicted by a list, ms. */
const confirmedWithinMs = 8_000;
/** A stop by id changes nothing the second time, so it is repeated once, after reading that it still runs. */
const repeatsAllowed = 1;

/** Sends a stop by id (API reference §2a); one under way is enough. */
export function sendStop(draft: Draft, id: string, repeats = 0): void {
  if (repeats === 0 && isStopping(draft.state, id)) return;
  const sequence = nextSequence(draft);
  const attempt: ChangeAttempt = {
    id,
    phase: 'sent',
    sequence,
    sentAt: draft.now,
    answeredAt: null,
    decideAfter: null,
    error: null,
    repeats,
    renamed: 'no',
    wasListed: findTracked(draft.state, id)?.seen === true,
    told: false,
  };
  update(draft, { stops: [...draft.state.stops.filter((stop) => stop.id !== id), attempt] });
  expectNews(draft);
  draft.effects.push({ kind: 'stop', sequence, id });
}

/** The user wants a recording to end. */
export function pressStop(draft: Draft, id: string | null): void {
  update(draft, { lastError: null });
  if (id === null) {
    if (!isRepetition(draft, 'stop')) carryOutStop(draft);
    return;
  }
  const recording = findTracked(draft.state, id);
  if (recording === null) decline(draft, 'not-a-live-recording', 'stop');
  else sendStop(draft, recording.id);
}

/**
 * Stops what a Stop without an id means: the start under way before all, else the meant recording.
 * @param isKept it was pressed before the state was known: what was asked for since is not meant
 */
export function carryOutStop(draft: Draft, isKept = false): void {
  const { start, waiting } = draft.state;
  if (isKept) {
    // Where nothing runs, what was asked for since is all that the user waits for.
    const isReplaced = start !== null || waiting !== null;
    if (isReplaced && meantRecording(draft.state) === null && draft.state.knowledge.kind === 'seen') return;
  } else if (waiting !== null) {
    // What runs at the same time, on another line, is what lamp and key show: it is stopped as well.
    // But a start that has left is meant before all.
    const isTrying = start !== null && start.phase !== 'queued';
    pressCancelWaiting(draft);
    if (isTrying || meantRecording(draft.state) === null) return;
  } else if (start !== null && isAnsweredByOurs(draft, start)) {
    update(draft, { start: null });
  } else if (start !== null) {
    // Nothing was sent yet: forget it. Else stop what comes of it, as soon as its id is known.
    update(draft, { start: start.phase === 'queued' ? null : { ...start, unwanted: 'stop' } });
    const begun = begunBy(draft, start);
    if (begun !== null) sendStop(draft, begun.id);
    return;
  }
  const { state } = draft;
  const recording = meantRecording(state);
  if (recording !== null) {
    const attempt = state.stops.find((stop) => stop.id === recording.id);
    // Another one that its own button is stopping is not joined by this one: a held key repeats at any moment.
    if (attempt === undefined && state.stops.some(({ phase }) => phase === 'sent')) return;
    // Its answer was lost, and no list decides what came of it: the same stop again does no harm.
    const isLost = attempt?.phase === 'unclear' && state.knowledge.kind === 'unknown';
    // While it is being stopped, no other recording takes its place.
    sendStop(draft, recording.id, isLost ? attempt.repeats + 1 : 0);
    return;
  }
  if (state.stops.length > 0 || state.lineStop !== null) return;
  switch (state.knowledge.kind) {
    case 'not-visible':
      if (canStopByLine(draft)) sendLineStop(draft);
      else decline(draft, 'not-possible-now', 'stop');
      return;
    case 'none':
    case 'unknown':
      keepPress(draft, 'stop');
      pollNow(draft);
      return;
    case 'seen':
      decline(draft, 'not-possible-now', 'stop');
  }
}

/** Whether the server says that something is recorded already, and that is what was started here: nothing new will come. */
function isAnsweredByOurs({ state }: Draft, { phase, error }: StartAttempt): boolean {
  const isAnswered = phase === 'unclear' && error !== null && isSomebodyElses(error);
  return isAnswered && meantRecording(state)?.startedHere === true;
}

/** What the lists show that a start under way has begun, before its own answer; null where they show nothing. */
function begunBy({ state }: Draft, { phase, sentAt }: StartAttempt): TrackedRecording | null {
  if (phase === 'queued' || sentAt === null) return null;
  const isEffect = ({ own, onLine, seen, stopped, beganAt }: TrackedRecording) =>
    own && onLine && seen && !stopped && beganAt >= sentAt;
  return firstBegun(state.recordings.filter(isEffect));
}

/** By line only where no id is known; a Dial-In never with a device name (API reference §2b). */
export function canStopByLine(draft: Draft): boolean {
  const { session } = draft.state;
  if (session.kind !== 'open') return false;
  const { directoryNumber, deviceName, mode } = session.line;
  return directoryNumber !== null || (mode === 'media-forking' && deviceName !== null);
}

/** Sends a stop by line (API reference §2b). Only where {@link canStopByLine}. */
export function sendLineStop(draft: Draft): void {
  const sequence = nextSequence(draft);
  update(draft, { lineStop: { sequence, sentAt: draft.now } });
  expectNews(draft);
  draft.effects.push({ kind: 'stop-line', sequence });
}

/** A stop by id was answered. */
export function stopAnswered(draft: Draft, sequence: number, result: Result<null>): void {
  const attempt = draft.state.stops.find((stop) => stop.sequence === sequence && stop.phase === 'sent');
  if (attempt === undefined) return;
  expectNews(draft);
  // 409: it is no longer running, which is what was wanted.
  if (result.ok || result.error.code === 'not-a-live-recording') {
    stopConfirmed(draft, attempt, result.ok ? null : result.error);
  } else if (isOutcomeUnclear(result.error) && draft.state.knowledge.kind !== 'not-visible') {
    setAttempt(draft, {
      ...attempt,
      phase: 'unclear',
      answeredAt: draft.now,
      decideAfter: draft.now,
      error: result.error,
    });
    pollNow(draft);
  } else {
    dropAttempt(draft, attempt);
    refuse(draft, result.error);
  }
}

function stopConfirmed(draft: Draft, attempt: ChangeAttempt, error: CodedError | null): void {
  // The id that it named still ran: what a list showed under another one is another recording.
  if (error === null && attempt.renamed !== 'no' && attempt.wasListed) {
    const stopped = separateStopped(draft, attempt.id);
    if (stopped !== null) {
      endRecording(draft, stopped, 'stopped');
      return;
    }
  }
  const recording = findTracked(draft.state, attempt.id);
  if (recording === null) {
    dropAttempt(draft, attempt);
    return;
  }
  if (draft.state.knowledge.kind === 'not-visible') {
    endStopped(draft, recording, error);
    return;
  }
  replaceTracked(draft, {
    ...recording,
    elapsedMs: elapsedAt(recording, draft.now),
    anchor: draft.now,
    stopped: true,
  });
  setAttempt(draft, {
    ...attempt,
    phase: 'confirming',
    answeredAt: draft.now,
    decideAfter: draft.now + confirmedWithinMs,
    error,
  });
  pollNow(draft);
}

/**
 * A stop was answered, and no list will tell more.
 * @param error why it found nothing: the recording may run on under another id, so that "stopped" would be a guess
 */
export function endStopped(draft: Draft, recording: TrackedRecording, error: CodedError | null): void {
  if (error === null) {
    endRecording(draft, { ...recording, stopped: true }, 'stopped');
    return;
  }
  endRecording(draft, recording, 'given-up');
  refuse(draft, { ...error, code: 'stop-unconfirmed' });
}

/** A stop by line was answered. */
export function lineStopAnswered(draft: Draft, sequence: number, result: Result<null>): void {
  if (draft.state.lineStop?.sequence !== sequence) return;
  update(draft, { lineStop: null });
  expectNews(draft);
  if (result.ok) notify(draft, { kind: 'stopped', recordingId: null, elapsedMs: null });
  else refuse(draft, result.error);
  pollNow(draft);
}

/**
 * A list shows a recording that is being stopped.
 * @param sentAt when the list was asked for, monotonic ms
 */
export function stopStillListed(draft: Draft, attempt: ChangeAttempt, sentAt: number): void {
  // An answer to a question from before the stop's own answer says nothing about its effect.
  if (attempt.answeredAt === null || sentAt < attempt.answeredAt) return;
  const mayRepeat = attempt.repeats < repeatsAllowed;
  if (attempt.renamed === 'perhaps') {
    // A repeated stop might end the other recording of the call, which the user never meant.
    leaveRunning(draft, attempt);
    return;
  }
  if (attempt.renamed === 'surely' && mayRepeat) {
    // It named an id that no longer ran: the same call goes on under this one.
    resend(draft, attempt);
    return;
  }
  if (attempt.decideAfter === null || sentAt < attempt.decideAfter) return;
  if (attempt.phase === 'unclear' && mayRepeat) {
    resend(draft, attempt);
    return;
  }
  leaveRunning(draft, attempt);
}

/** What a stop that had no effect tells. */
export const stillRecording: CodedError = { code: 'still-recording', operation: 'stop', detail: {} };

/** Shows it as running again, and tells the user. */
function leaveRunning(draft: Draft, attempt: ChangeAttempt): void {
  revive(draft, attempt);
  dropAttempt(draft, attempt);
  // What was refused has its own reason; a stop that was confirmed, or found nothing, is contradicted.
  const isRefusal = attempt.error !== null && attempt.error.code !== 'not-a-live-recording';
  refuse(draft, isRefusal && attempt.error !== null ? attempt.error : stillRecording);
}

function revive(draft: Draft, attempt: ChangeAttempt): void {
  const recording = findTracked(draft.state, attempt.id);
  if (recording !== null) replaceTracked(draft, { ...recording, stopped: false });
}

function resend(draft: Draft, attempt: ChangeAttempt): void {
  revive(draft, attempt);
  sendStop(draft, attempt.id, attempt.repeats + 1);
}

/**
 * A list lacks a recording that was being stopped: it is over.
 * @param shown what the same list shows
 */
export function stopAbsent(
  draft: Draft,
  recording: TrackedRecording,
  attempt: ChangeAttempt,
  shown: readonly TrackedRecording[],
): void {
  // The stop found nothing, and another recording of this user has appeared on the line: it may be the same call. What
  // was started on a shared line, and no list has shown, may be a colleague's call.
  const isNew = ({ own, onLine, knownAt }: TrackedRecording) =>
    (own || !recording.seen) && onLine && knownAt >= attempt.sentAt;
  const mayGoOn = attempt.error !== null && shown.some(isNew);
  // What was not there to be stopped may yet be listed under another id, by a server that lags behind.
  const ended = { ...recording, stopped: recording.stopped && attempt.error === null };
  endRecording(draft, ended, mayGoOn ? 'given-up' : 'stopped');
  if (mayGoOn) refuse(draft, stillRecording);
}

function setAttempt(draft: Draft, attempt: ChangeAttempt): void {
  update(draft, { stops: draft.state.stops.map((stop) => (stop.id === attempt.id ? attempt : stop)) });
}

function dropAttempt(draft: Draft, attempt: ChangeAttempt): void {
  update(draft, { stops: draft.state.stops.filter((stop) => stop.id !== attempt.id) });
}
