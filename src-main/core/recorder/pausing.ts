import type { CodedError, Result } from '../../shared/errors';
import { isNotVisible, isOutcomeUnclear, settleMs } from './outcome';
import { askNow } from './polling';
import { elapsedAt, isStopping } from './state';
import type { ToggleAttempt, TrackedRecording } from './state';
import { decline, expectNews, nextSequence, notify, refuse, update } from './step';
import type { Step } from './step';
import { findTracked, pauseReminder, replaceTracked } from './tracking';

const confirmedWithinMs = 8_000;
/** A probe is not repeated earlier than this, even where servers behind one address differ, ms. */
const probeEveryMs = 600_000;
/** After each probe in a row that was not answered, ms; then the session goes without. */
const probeAgainMs = [60_000, 600_000, 3_600_000] as const;

type Want = ToggleAttempt['want'];

const operationOf = (want: Want) => (want === 'paused' ? 'pause' : 'resume');

/** The user wants a recording paused, or resumed. */
export function pressToggle(step: Step, want: Want, id: string | null): void {
  update(step, { lastError: null });
  const { state } = step;
  const operation = operationOf(want);
  if (state.pause.supported === false) {
    decline(step, 'pause-unavailable', operation);
    return;
  }
  const able = state.recordings.filter(
    (recording) =>
      recording.seen && !isStopping(state, recording.id) && recording.isPaused === (want === 'running'),
  );
  const recording = id === null ? pick(able) : findTracked(state, id);
  if (recording === null || state.pause.supported === null) {
    decline(step, 'not-possible-now', operation);
    return;
  }
  const underWay = state.toggles.find((toggle) => toggle.id === recording.id);
  if (underWay?.want === want) return;
  if (underWay !== undefined) {
    decline(step, 'busy', operation);
    return;
  }
  if (recording.isPaused === (want === 'paused')) {
    decline(step, want === 'paused' ? 'already-paused' : 'not-paused', operation);
    return;
  }
  sendToggle(step, want, recording.id);
}

function pick(able: readonly TrackedRecording[]): TrackedRecording | null {
  return (
    able.find((recording) => recording.startedHere) ??
    able.find((recording) => recording.onLine) ??
    able[0] ??
    null
  );
}

function sendToggle(step: Step, want: Want, id: string): void {
  const sequence = nextSequence(step);
  const attempt: ToggleAttempt = {
    id,
    want,
    phase: 'sent',
    sequence,
    answeredAt: null,
    decideAfter: null,
    error: null,
    repeats: 0,
  };
  update(step, { toggles: [...step.state.toggles, attempt] });
  expectNews(step);
  step.effects.push({ kind: 'toggle-pause', sequence, id, want });
}

/** A pause or resume was answered. */
export function toggleAnswered(step: Step, sequence: number, result: Result<null>): void {
  const attempt = step.state.toggles.find(
    (toggle) => toggle.sequence === sequence && toggle.phase === 'sent',
  );
  if (attempt === undefined) return;
  expectNews(step);
  const error = result.ok ? null : result.error;
  const done = error === null || error.code === 'already-paused' || error.code === 'not-paused';
  if (done || isOutcomeUnclear(error)) {
    const waitMs = done ? confirmedWithinMs : settleMs(error);
    setAttempt(step, {
      ...attempt,
      phase: done ? 'confirming' : 'unclear',
      answeredAt: step.now,
      decideAfter: step.now + waitMs,
      error,
    });
    askNow(step);
    return;
  }
  dropAttempt(step, attempt);
  if (error.code === 'pause-unavailable') update(step, { pause: { ...step.state.pause, supported: false } });
  refuse(step, error);
  if (error.code === 'not-a-live-recording') askNow(step);
}

/**
 * A list shows a recording that is being paused or resumed.
 * @param sentAt when the list was asked for, monotonic ms
 */
export function toggleListed(step: Step, attempt: ToggleAttempt, isPaused: boolean, sentAt: number): void {
  if (attempt.answeredAt === null || sentAt < attempt.answeredAt) return;
  if (isPaused === (attempt.want === 'paused')) {
    dropAttempt(step, attempt);
    return;
  }
  if (attempt.decideAfter !== null && sentAt < attempt.decideAfter) return;
  dropAttempt(step, attempt);
  const operation = operationOf(attempt.want);
  const contradicted: CodedError = { code: 'server-error', operation, detail: {} };
  refuse(step, attempt.phase === 'confirming' ? contradicted : (attempt.error ?? contradicted));
}

/** Reminders of forgotten pauses, and the end of pauses that were asked for here. */
export function tickPauses(step: Step): void {
  if (step.state.knowledge.kind !== 'seen') return;
  for (const recording of step.state.recordings) {
    if (!recording.isPaused || recording.stopped || recording.pausedSince === null) continue;
    const remind = recording.remindAt !== null && recording.remindAt <= step.now;
    const resume = recording.autoResumeAt !== null && recording.autoResumeAt <= step.now;
    if (!remind && !resume) continue;
    replaceTracked(step, {
      ...recording,
      remindAt: remind ? step.now + pauseReminder.everyMs : recording.remindAt,
      reminders: recording.reminders + (remind ? 1 : 0),
      autoResumeAt: resume ? step.now + pauseReminder.everyMs : recording.autoResumeAt,
    });
    const underWay = step.state.toggles.some((toggle) => toggle.id === recording.id);
    if (resume && !underWay && step.state.pause.supported === true) sendToggle(step, 'running', recording.id);
    if (remind) {
      const pausedMs = step.now - recording.pausedSince;
      const nth = recording.reminders + 1;
      notify(step, { kind: 'pause-reminder', recordingId: recording.id, pausedMs, nth });
    }
  }
}

/** Sees to it that the server's ability to pause is known; asks again after an upgrade. */
export function probeIfNeeded(step: Step, fingerprint: string | null): void {
  const { pause } = step.state;
  if (pause.probe !== null || step.now < pause.notBefore) return;
  if (pause.supported !== null && pause.fingerprint === (fingerprint ?? '')) return;
  const sequence = nextSequence(step);
  update(step, { pause: { ...pause, probe: sequence, notBefore: step.now + probeEveryMs } });
  step.effects.push({ kind: 'probe-pause', sequence });
}

/** The probe was answered (API reference, *Newer servers*). */
export function probeAnswered(
  step: Step,
  sequence: number,
  result: Result<boolean>,
  fingerprint: string | null,
): void {
  const { pause } = step.state;
  if (pause.probe !== sequence) return;
  const known = fingerprint ?? '';
  if (!result.ok && isNotVisible(result.error)) {
    // Whether the server can or not, this user may not. It says nothing of the next user, so it is not written down.
    update(step, { pause: { ...pause, probe: null, failures: 0, supported: false, fingerprint: known } });
    return;
  }
  if (!result.ok) {
    const againMs = probeAgainMs[pause.failures] ?? Number.POSITIVE_INFINITY;
    update(step, {
      pause: { ...pause, probe: null, failures: pause.failures + 1, notBefore: step.now + againMs },
    });
    return;
  }
  update(step, {
    pause: { ...pause, probe: null, failures: 0, supported: result.value, fingerprint: known },
  });
  step.effects.push({ kind: 'remember-pause', fingerprint: known, supported: result.value });
}

/** The user marks this moment of the recording. */
export function pressMark(step: Step): void {
  const { state } = step;
  const running = state.recordings.filter((recording) => !recording.stopped);
  const recording =
    running.find((other) => other.startedHere) ?? running.find((other) => other.onLine) ?? running[0];
  if (recording === undefined) {
    decline(step, 'not-possible-now', 'file');
    return;
  }
  const offsetMs = Math.round(elapsedAt(recording, step.now));
  step.effects.push({ kind: 'mark', id: recording.id, offsetMs });
  notify(step, { kind: 'marked', recordingId: recording.id, offsetMs });
}

function setAttempt(step: Step, attempt: ToggleAttempt): void {
  update(step, {
    toggles: step.state.toggles.map((toggle) => (toggle.id === attempt.id ? attempt : toggle)),
  });
}

function dropAttempt(step: Step, attempt: ToggleAttempt): void {
  update(step, { toggles: step.state.toggles.filter((toggle) => toggle.id !== attempt.id) });
}
