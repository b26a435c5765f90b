import type { CodedError, Operation } from '@shared/domain/errors';
import { sameRecordingId } from '@shared/domain/recording';
import type { InterruptedCommand, RememberedRunning } from './events';
import { isOutcomeUnclear } from './outcome';
import { neverSent, refuseKept } from './presses';
import { isSameStart } from './same-start';
import type { ChangeAttempt, MachineState, StartAttempt, TrackedRecording } from './state';
import { notify, refuse, update } from './draft';
import type { Draft } from './draft';
import { findTracked, replaceTracked } from './recording-tracker';

/*
 * Commands that have no answer yet, or have to wait, when a session or RecLight ends. What became of them is told before a sign-out
 * ends, or to the same user at their next sign-in.
 */

/** How long before it was sent a recording may seem to have begun that is the effect of a start, ms. */
const beforeStartMs = 2_000;
/** How long after it was sent a start may have its effect, ms. */
const afterStartMs = 20_000;

/** The commands that have left and are not answered. */
export function unansweredCommands(state: MachineState): readonly InterruptedCommand[] {
  const { start, stops, toggles, lineStop } = state;
  const commands: InterruptedCommand[] = [];
  if (start !== null && start.phase !== 'queued') {
    const command = { isSent: true, id: null, at: start.sentAt ?? 0 };
    commands.push({ kind: 'start', ...command });
    // The Stop that is to follow it has not left, and must not be forgotten with it.
    if (start.unwanted === 'stop') commands.push({ kind: 'stop', ...command });
  }
  for (const stop of stops) {
    // An id that only the answer to a start told may not be the one that runs: neither that nothing was found under it
    // nor that lists lack it says anything.
    if (stop.phase === 'confirming' && (stop.error === null || stop.wasListed)) continue;
    commands.push({ kind: 'stop', isSent: true, id: stop.wasListed ? stop.id : null, at: stop.sentAt });
  }
  if (lineStop !== null) commands.push({ kind: 'stop', isSent: true, id: null, at: lineStop.sentAt });
  for (const toggle of toggles) {
    if (toggle.phase === 'confirming') continue;
    commands.push({ kind: keyOf(toggle.want), isSent: true, id: toggle.id, at: toggle.sentAt });
  }
  return commands;
}

/** What the user asked for and is still to be carried out: a call that is waited for, and presses that have not left. */
export function waitingCommands({
  waiting,
  start,
  kept,
  toggles,
}: MachineState): readonly InterruptedCommand[] {
  const unsent = { isSent: false, id: null } as const;
  const commands: InterruptedCommand[] = [];
  if (waiting !== null) commands.push({ kind: 'wait', ...unsent, at: waiting.until });
  else if (start?.phase === 'queued') commands.push({ kind: 'start', ...unsent, at: 0 });
  for (const { kind, at } of kept) commands.push({ kind, ...unsent, at });
  // Pressed while the opposite is under way.
  for (const { next, sentAt } of toggles)
    if (next !== null) commands.push({ kind: keyOf(next), ...unsent, at: sentAt });
  return commands;
}

function keyOf(want: 'paused' | 'running'): 'pause' | 'resume' {
  return want === 'paused' ? 'pause' : 'resume';
}

/** Tells of a command that the end of a session, or of RecLight, cut off. */
function tell(draft: Draft, { kind, isSent }: InterruptedCommand): void {
  if (kind === 'wait') {
    notify(draft, { kind: 'waiting-ended', reason: 'quit' });
    return;
  }
  const operation: Operation = kind === 'mark' ? 'file' : kind;
  const detail = { outcomeUnknown: isSent };
  refuse(draft, { code: isSent ? 'left-unanswered' : 'left-unsent', operation, detail });
}

/**
 * The session ends: what is under way is told now, because its answer will not be received.
 * @param refused what was refused together with the password: that is told already
 */
export function tellUnanswered(draft: Draft, refused: Operation | null = null): void {
  const { start } = draft.state;
  // Those of a former run that no list has settled yet are told, too: this is the last chance.
  const commands = [...draft.state.interrupted, ...unansweredCommands(draft.state)].filter(
    ({ kind }) => kind !== refused,
  );
  for (const command of commands) tell(draft, command);
  const cancelled: CodedError = { code: 'cancelled', operation: 'start', detail: {} };
  if (start?.phase === 'queued') refuse(draft, cancelled);
  refuseKept(draft, cancelled);
  for (const { next } of draft.state.toggles)
    if (next !== null) refuse(draft, neverSent(cancelled, keyOf(next)));
  update(draft, { interrupted: [] });
}

/**
 * What a former run left could be read only after lists had shown what runs: that is joined, and the rest awaits the
 * next list as after a restart.
 */
export function rememberLate(
  draft: Draft,
  {
    before,
    interrupted,
  }: {
    readonly before: readonly RememberedRunning[];
    readonly interrupted: readonly InterruptedCommand[];
  },
): void {
  const { session, recordings } = draft.state;
  if (session.kind !== 'open') return;
  const known = before.map((remembered) => underPresentId(draft, remembered, before));
  update(draft, {
    session: { ...session, before: [...session.before, ...known] },
    interrupted: [...interrupted, ...draft.state.interrupted],
    recordings: recordings.map((recording) => {
      const remembered = known.find(({ id }) => sameRecordingId(id, recording.id));
      return remembered === undefined ? recording : asRemembered(draft, recording, remembered);
    }),
  });
}

/** A list has shown under another id what began at the same moment: its id changed while RecLight was not running. */
function underPresentId(
  draft: Draft,
  remembered: RememberedRunning,
  before: readonly RememberedRunning[],
): RememberedRunning {
  const { serverStartedAt } = remembered;
  if (serverStartedAt === null || findTracked(draft.state, remembered.id) !== null) return remembered;
  const present = draft.state.recordings.find(
    (recording) =>
      isSameStart(recording.serverStartedAt, serverStartedAt) &&
      !before.some(({ id }) => sameRecordingId(id, recording.id)),
  );
  if (present === undefined) return remembered;
  draft.effects.push({ kind: 'renamed', from: remembered.id, to: present.id });
  return { ...remembered, id: present.id };
}

function asRemembered(
  { now, state: { policy } }: Draft,
  recording: TrackedRecording,
  remembered: RememberedRunning,
): TrackedRecording {
  const startedHere = recording.startedHere || remembered.startedHere;
  const { isPaused, pausedHere, pausedSince, knownAt } = recording;
  // A pause that began after the first list is another one.
  const isSamePause = isPaused && !pausedHere && remembered.pausedHere && pausedSince === knownAt;
  if (!isSamePause) return { ...recording, startedHere };
  const since = remembered.pausedSince ?? pausedSince;
  const autoResumeAt = policy.autoResumeMs === null ? null : Math.max(now, since + policy.autoResumeMs);
  return { ...recording, startedHere, pausedHere: true, pausedSince: since, autoResumeAt };
}

/** The first list after a restart shows what became of the commands that had no answer; of what had to wait, nothing. */
export function settleInterrupted(draft: Draft): void {
  const { interrupted, knowledge } = draft.state;
  if (interrupted.length === 0) return;
  update(draft, { interrupted: [] });
  for (const command of interrupted) {
    const isSettled = knowledge.kind === 'seen' && command.isSent && settle(draft, command);
    if (!isSettled) tell(draft, command);
  }
}

/** @returns false where nothing shows what became of it */
function settle(draft: Draft, { kind, id, at }: InterruptedCommand): boolean {
  if (kind === 'start') {
    const [effect] = draft.state.recordings
      .map((recording) => ({ recording, afterMs: recording.anchor - recording.elapsedMs - at }))
      .filter(
        ({ recording, afterMs }) => recording.own && afterMs >= -beforeStartMs && afterMs <= afterStartMs,
      )
      .sort((a, b) => Math.abs(a.afterMs) - Math.abs(b.afterMs));
    if (effect === undefined) return false;
    replaceTracked(draft, { ...effect.recording, startedHere: true });
    return true;
  }
  const recording = id === null ? null : findTracked(draft.state, id);
  if (kind === 'stop') {
    if (recording !== null) refuse(draft, { code: 'still-recording', operation: 'stop', detail: {} });
    // Under another id, which nothing tells any more, it may be what runs on the line.
    return id !== null && (recording !== null || !draft.state.recordings.some(({ onLine }) => onLine));
  }
  return recording === null || recording.isPaused === (kind === 'pause');
}

/** Attempts whose outcome is not known for this long are told, ms; what is found out later is told then. */
const tellUnclearAfterMs = 15_000;

type Attempt = Pick<StartAttempt | ChangeAttempt, 'phase' | 'told' | 'error'> & {
  readonly sentAt: number | null;
};

/** When an attempt is to be told as one whose outcome is not known, monotonic ms; null: a list will decide it. */
function tellAt({ knowledge }: MachineState, attempt: Attempt): number | null {
  if (attempt.phase !== 'unclear' || attempt.told) return null;
  if (attempt.error === null || !isOutcomeUnclear(attempt.error)) return null;
  if (knowledge.kind === 'seen' || knowledge.kind === 'not-visible') return null;
  const since = knowledge.kind === 'unknown' ? knowledge.since : 0;
  return Math.max(since, attempt.sentAt ?? 0) + tellUnclearAfterMs;
}

function attemptsOf({ start, stops, toggles }: MachineState): readonly Attempt[] {
  return start === null ? [...stops, ...toggles] : [start, ...stops, ...toggles];
}

/** When the next attempt without a known outcome is to be told, monotonic ms; null: none. */
export function tellUnclearAt(state: MachineState): number | null {
  const times = attemptsOf(state).flatMap((attempt) => tellAt(state, attempt) ?? []);
  return times.length === 0 ? null : Math.min(...times);
}

/** While the state is unknown, nothing decides an attempt whose answer was lost: after a while the user is told. */
export function tellUnclear(draft: Draft): void {
  const { state } = draft;
  const isDue = (attempt: Attempt) => (tellAt(state, attempt) ?? Infinity) <= draft.now;
  const due = attemptsOf(state).filter(isDue);
  if (due.length === 0) return;
  const told = <Kind extends Attempt>(attempt: Kind): Kind =>
    isDue(attempt) ? { ...attempt, told: true } : attempt;
  update(draft, {
    start: state.start === null ? null : told(state.start),
    stops: state.stops.map(told),
    toggles: state.toggles.map(told),
  });
  for (const { error } of due) if (error !== null) refuse(draft, error);
}
