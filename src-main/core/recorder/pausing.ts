import type { CodedError, Result } from '@shared/domain/errors';
import { isNotVisible, isOutcomeUnclear, settleMs } from './outcome';
import { pollNow } from './poll-schedule';
import { isRepetition, keepPress } from './presses';
import { elapsedAt, isStopping } from './state';
import type { MachineState, ToggleAttempt, TrackedRecording } from './state';
import { decline, expectNews, nextSequence, notify, refuse, update } from './draft';
import type { Draft } from './draft';
import { meantRecording, meantRecordings } from './target';
import { findTracked, isOfConcern, pauseReminder, replaceTracked } from './recording-tracker';

const confirmedWithinMs = 8_000;
/** A second pause or resume changes nothing, so one that named an id of the past is repeated once, under the present id. */
const repeatsAllowed = 1;
/** A probe is not repeated earlier than this, even where servers behind one address differ, ms. */
const probeEveryMs = 600_000;
/** After each probe in a row that was not answered, ms; then the session goes without. */
const probeAgainMs = [60_000, 600_000, 3_600_000] as const;

type Want = ToggleAttempt['want'];

const operationOf = (want: Want) => (want === 'paused' ? 'pause' : 'resume');

/** The user wants a recording paused, or resumed. */
export function pressToggle(draft: Draft, want: Want, id: string | null): void {
  update(draft, { lastError: null });
  if (id === null && isRepetition(draft, operationOf(want))) return;
  carryOutToggle(draft, want, id);
}

/**
 * Pauses or resumes a recording.
 * @param id null: the first of the meant ones that is not as wanted yet
 * @param isForStart it was pressed for what a start begins, so that only what was started here is meant
 */
export function carryOutToggle(draft: Draft, want: Want, id: string | null, isForStart = false): void {
  const { state } = draft;
  const operation = operationOf(want);
  if (state.pause.supported === false) {
    decline(draft, 'pause-unavailable', operation);
    return;
  }
  const recording =
    id === null ? (isToCome(state, want) ? null : pick(draft, want, isForStart)) : findTracked(state, id);
  const isUnread = state.knowledge.kind === 'none' || state.knowledge.kind === 'unknown';
  if (id === null && isUnread && (recording === null || state.pause.supported === null)) {
    keepPress(draft, operation);
    pollNow(draft);
    return;
  }
  if (id === null && recording === null && isAwaited(state, want)) {
    keepPress(draft, operation);
    return;
  }
  if (recording === null || state.pause.supported === null) {
    decline(draft, 'not-possible-now', operation);
    return;
  }
  const underWay = state.toggles.find((toggle) => toggle.id === recording.id);
  if (underWay !== undefined) {
    // It is asked for already, or is sent once that is decided.
    setAttempt(draft, { ...underWay, next: underWay.want === want ? null : want });
    return;
  }
  if (recording.isPaused === (want === 'paused')) {
    decline(draft, want === 'paused' ? 'already-paused' : 'not-paused', operation);
    return;
  }
  sendToggle(draft, want, recording.id);
}

/**
 * Whether a key means what is being started here, which no list shows yet: no other recording takes its place. But a
 * Resume that follows a Pause takes that back.
 */
function isToCome(state: MachineState, want: Want): boolean {
  const isPausing = state.toggles.some((toggle) => toggle.want === 'paused');
  if (state.start !== null) return want === 'paused' || !isPausing;
  return want === 'paused' && meantRecording(state)?.seen === false;
}

/** Whether a list will show what is to be paused, or decide that there is none; a Resume after such a Pause follows it. */
function isAwaited(state: MachineState, want: Want): boolean {
  if (state.knowledge.kind === 'not-visible') return false;
  if (want === 'running') return state.kept.some(({ kind }) => kind === 'pause');
  if (state.start !== null) return state.start.unwanted === null;
  const meant = meantRecording(state);
  return meant?.seen === false && !isStopping(state, meant.id);
}

/** While one is being paused or resumed, no other recording takes its place. */
function pick(draft: Draft, want: Want, isForStart: boolean): TrackedRecording | null {
  const { state } = draft;
  const meant = meantRecordings(state).filter(
    (recording) =>
      recording.seen && (recording.startedHere || !isForStart) && !isStopping(state, recording.id),
  );
  const isUnderWay = ({ id }: TrackedRecording) => state.toggles.some((toggle) => toggle.id === id);
  return (
    meant.find(isUnderWay) ??
    meant.find((recording) => recording.isPaused === (want === 'running')) ??
    meant[0] ??
    null
  );
}

const firstTry: Pick<ToggleAttempt, 'repeats' | 'next'> = { repeats: 0, next: null };

function sendToggle(draft: Draft, want: Want, id: string, { repeats, next } = firstTry): void {
  const sequence = nextSequence(draft);
  const attempt: ToggleAttempt = {
    id,
    want,
    phase: 'sent',
    sequence,
    sentAt: draft.now,
    answeredAt: null,
    decideAfter: null,
    error: null,
    repeats,
    renamed: 'no',
    wasListed: true,
    told: false,
    next,
  };
  const pauseSentAt = want === 'paused' ? draft.now : null;
  update(draft, {
    toggles: [...draft.state.toggles, attempt],
    recordings: draft.state.recordings.map((other) => (other.id === id ? { ...other, pauseSentAt } : other)),
  });
  expectNews(draft);
  draft.effects.push({ kind: 'toggle-pause', sequence, id, want });
}

/** A pause or resume was answered. */
export function toggleAnswered(draft: Draft, sequence: number, result: Result<null>): void {
  const attempt = draft.state.toggles.find(
    (toggle) => toggle.sequence === sequence && toggle.phase === 'sent',
  );
  if (attempt === undefined) return;
  expectNews(draft);
  const error = result.ok ? null : result.error;
  const done = error === null || error.code === 'already-paused' || error.code === 'not-paused';
  const isVisible = draft.state.knowledge.kind !== 'not-visible';
  // The recording may run on under another id, which only a list can tell.
  const isMisnamed = !done && isVisible && isOfAnotherId(error);
  if (done || isMisnamed || isOutcomeUnclear(error)) {
    const waitMs = done || isMisnamed ? confirmedWithinMs : settleMs(error);
    setAttempt(draft, {
      ...attempt,
      phase: done ? 'confirming' : 'unclear',
      answeredAt: draft.now,
      decideAfter: draft.now + waitMs,
      error,
    });
    pollNow(draft);
    return;
  }
  dropAttempt(draft, attempt);
  if (error.code === 'pause-unavailable')
    update(draft, { pause: { ...draft.state.pause, supported: false } });
  refuse(draft, error);
  if (isOfAnotherId(error)) pollNow(draft);
}

/** Whether the server knows no running recording of the id that was named. */
function isOfAnotherId(error: CodedError | null): boolean {
  return error?.code === 'not-a-live-recording';
}

/**
 * A list shows a recording that is being paused or resumed.
 * @param sentAt when the list was asked for, monotonic ms
 */
export function toggleListed(draft: Draft, attempt: ToggleAttempt, isPaused: boolean, sentAt: number): void {
  if (attempt.answeredAt === null || sentAt < attempt.answeredAt) return;
  if (isPaused === (attempt.want === 'paused')) {
    dropAttempt(draft, attempt);
    if (attempt.next !== null) sendToggle(draft, attempt.next, attempt.id);
    return;
  }
  if (isOfAnotherId(attempt.error) && attempt.renamed === 'surely' && attempt.repeats < repeatsAllowed) {
    dropAttempt(draft, attempt);
    sendToggle(draft, attempt.want, attempt.id, { repeats: attempt.repeats + 1, next: attempt.next });
    return;
  }
  if (attempt.decideAfter !== null && sentAt < attempt.decideAfter) return;
  dropAttempt(draft, attempt);
  const operation = operationOf(attempt.want);
  const contradicted: CodedError = { code: 'server-error', operation, detail: {} };
  refuse(draft, attempt.phase === 'confirming' ? contradicted : (attempt.error ?? contradicted));
}

/** Active recordings are not visible: no list will confirm a pause or a resume, so its answer has to do. */
export function toggleUnseen(draft: Draft, attempt: ToggleAttempt): void {
  if (attempt.phase === 'sent') return;
  dropAttempt(draft, attempt);
  if (attempt.error !== null && isOfAnotherId(attempt.error)) refuse(draft, attempt.error);
  if (attempt.next === null) return;
  if (attempt.phase === 'confirming') sendToggle(draft, attempt.next, attempt.id);
  else refuse(draft, { code: 'not-possible-now', operation: operationOf(attempt.next), detail: {} });
}

/**
 * What named an id that no longer ran is refused where the list after its answer lacks the recording.
 * @param asOf when the newest list was asked for, monotonic ms
 */
function refuseAbsent(draft: Draft, asOf: number): void {
  for (const attempt of draft.state.toggles) {
    const { id, phase, answeredAt, error } = attempt;
    if (phase === 'sent' || error === null || !isOfAnotherId(error)) continue;
    const isAbsent = (findTracked(draft.state, id)?.doubt ?? null) !== null;
    if (!isAbsent || answeredAt === null || asOf < answeredAt) continue;
    dropAttempt(draft, attempt);
    refuse(draft, error);
  }
}

/** Reminders of forgotten pauses, and the end of pauses that were asked for here. */
export function tickPauses(draft: Draft): void {
  if (draft.state.knowledge.kind !== 'seen') return;
  refuseAbsent(draft, draft.state.knowledge.asOf);
  for (const recording of draft.state.recordings) {
    if (!recording.isPaused || recording.stopped || recording.pausedSince === null) continue;
    if (!isOfConcern(recording)) continue;
    const remind = recording.remindAt !== null && recording.remindAt <= draft.now;
    const resume = recording.autoResumeAt !== null && recording.autoResumeAt <= draft.now;
    if (!remind && !resume) continue;
    replaceTracked(draft, {
      ...recording,
      remindAt: remind ? draft.now + pauseReminder.everyMs : recording.remindAt,
      reminders: recording.reminders + (remind ? 1 : 0),
      autoResumeAt: resume ? draft.now + pauseReminder.everyMs : recording.autoResumeAt,
    });
    const underWay = draft.state.toggles.some((toggle) => toggle.id === recording.id);
    if (resume && !underWay && draft.state.pause.supported === true)
      sendToggle(draft, 'running', recording.id);
    if (remind) {
      const pausedMs = draft.now - recording.pausedSince;
      const nth = recording.reminders + 1;
      notify(draft, { kind: 'pause-reminder', recordingId: recording.id, pausedMs, nth });
    }
  }
}

/** Sees to it that the server's ability to pause is known; asks again after an upgrade. */
export function probeIfNeeded(draft: Draft, fingerprint: string | null): void {
  const { pause } = draft.state;
  if (pause.probe !== null || draft.now < pause.notBefore) return;
  if (pause.supported !== null && pause.fingerprint === (fingerprint ?? '')) return;
  const sequence = nextSequence(draft);
  update(draft, { pause: { ...pause, probe: sequence, notBefore: draft.now + probeEveryMs } });
  draft.effects.push({ kind: 'probe-pause', sequence });
}

/** The probe was answered (API reference, *Newer servers*). */
export function probeAnswered(
  draft: Draft,
  sequence: number,
  result: Result<boolean>,
  fingerprint: string | null,
): void {
  const { pause } = draft.state;
  if (pause.probe !== sequence) return;
  const known = fingerprint ?? '';
  if (!result.ok && isNotVisible(result.error)) {
    // Whether the server can or not, this user may not. It says nothing of the next user, so it is not written down.
    update(draft, { pause: { ...pause, probe: null, failures: 0, supported: false, fingerprint: known } });
    return;
  }
  if (!result.ok) {
    const againMs = probeAgainMs[pause.failures] ?? Number.POSITIVE_INFINITY;
    update(draft, {
      pause: { ...pause, probe: null, failures: pause.failures + 1, notBefore: draft.now + againMs },
    });
    return;
  }
  update(draft, {
    pause: { ...pause, probe: null, failures: 0, supported: result.value, fingerprint: known },
  });
  draft.effects.push({ kind: 'remember-pause', fingerprint: known, supported: result.value });
}

/** The user marks this moment of the recording. */
export function pressMark(draft: Draft): void {
  update(draft, { lastError: null });
  if (!isRepetition(draft, 'mark')) carryOutMark(draft, draft.now);
}

/**
 * Marks a moment of the meant recording.
 * @param at when the key was pressed, monotonic ms
 */
export function carryOutMark(draft: Draft, at: number): void {
  const { state, now } = draft;
  const recording = meantRecording(state);
  if (recording !== null) {
    const offsetMs = Math.max(0, Math.round(elapsedAt(recording, now) - (now - at)));
    draft.effects.push({ kind: 'mark', id: recording.id, offsetMs });
    notify(draft, { kind: 'marked', recordingId: recording.id, offsetMs });
    return;
  }
  if (state.knowledge.kind === 'none' || state.knowledge.kind === 'unknown') {
    keepPress(draft, 'mark');
    pollNow(draft);
    return;
  }
  decline(draft, 'not-possible-now', 'file');
}

function setAttempt(draft: Draft, attempt: ToggleAttempt): void {
  update(draft, {
    toggles: draft.state.toggles.map((toggle) => (toggle.id === attempt.id ? attempt : toggle)),
  });
}

function dropAttempt(draft: Draft, attempt: ToggleAttempt): void {
  update(draft, { toggles: draft.state.toggles.filter((toggle) => toggle.id !== attempt.id) });
}
