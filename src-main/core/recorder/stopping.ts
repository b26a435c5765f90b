import type { CodedError, Result } from '../../shared/errors';
import { isOutcomeUnclear } from './outcome';
import { askNow } from './polling';
import { elapsedAt, isStopping, runningOnLine, startedUnseen } from './state';
import type { ChangeAttempt, TrackedRecording } from './state';
import { decline, expectNews, nextSequence, notify, refuse, update } from './step';
import type { Step } from './step';
import { endRecording, findTracked, replaceTracked } from './tracking';

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
    answeredAt: null,
    decideAfter: null,
    error: null,
    repeats,
  };
  update(step, { stops: [...step.state.stops.filter((stop) => stop.id !== id), attempt] });
  expectNews(step);
  step.effects.push({ kind: 'stop', sequence, id });
}

/**
 * Which recording *Stop* means when no id is given: what this RecLight started, else the only one of the line, else
 * the newest of the line.
 */
function meant(step: Step): TrackedRecording | null {
  const { state } = step;
  const running = state.recordings.filter((recording) => recording.seen && !isStopping(state, recording.id));
  const here = running.filter((recording) => recording.startedHere);
  const onLine = runningOnLine(state);
  const candidates = here.length > 0 ? here : onLine.length > 0 ? onLine : running;
  const newest = [...candidates].sort((a, b) => elapsedAt(a, step.now) - elapsedAt(b, step.now))[0];
  return newest ?? startedUnseen(state);
}

/** The user wants a recording to end. */
export function pressStop(step: Step, id: string | null): void {
  update(step, { lastError: null });
  const { state } = step;
  const recording = id === null ? meant(step) : findTracked(state, id);
  if (recording !== null) {
    sendStop(step, recording.id);
    return;
  }
  if (id !== null) {
    decline(step, 'not-a-live-recording', 'stop');
    return;
  }
  if (state.start !== null) {
    // Nothing was sent yet: forget it. Else stop what comes of it, as soon as its id is known.
    update(step, { start: state.start.phase === 'queued' ? null : { ...state.start, unwanted: 'stop' } });
    return;
  }
  if (state.stops.length > 0 || state.lineStop !== null) return;
  if (state.knowledge.kind === 'not-visible' && canStopByLine(step)) {
    sendLineStop(step);
    return;
  }
  if (state.knowledge.kind !== 'seen') askNow(step);
  decline(step, 'not-possible-now', 'stop');
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
  update(step, { lineStop: sequence });
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
  const recording = findTracked(step.state, attempt.id);
  if (recording === null) {
    dropAttempt(step, attempt);
    return;
  }
  if (step.state.knowledge.kind === 'not-visible') {
    endRecording(step, recording, 'stopped');
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

/** A stop by line was answered. */
export function lineStopAnswered(step: Step, sequence: number, result: Result<null>): void {
  if (step.state.lineStop !== sequence) return;
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
  if (attempt.decideAfter === null || sentAt < attempt.decideAfter) return;
  if (attempt.phase === 'unclear' && attempt.repeats < repeatsAllowed) {
    sendStop(step, attempt.id, attempt.repeats + 1);
    return;
  }
  const recording = findTracked(step.state, attempt.id);
  if (recording !== null) replaceTracked(step, { ...recording, stopped: false });
  dropAttempt(step, attempt);
  refuse(step, attempt.error ?? { code: 'server-error', operation: 'stop', detail: {} });
}

function setAttempt(step: Step, attempt: ChangeAttempt): void {
  update(step, { stops: step.state.stops.map((stop) => (stop.id === attempt.id ? attempt : stop)) });
}

function dropAttempt(step: Step, attempt: ChangeAttempt): void {
  update(step, { stops: step.state.stops.filter((stop) => stop.id !== attempt.id) });
}
