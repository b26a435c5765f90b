import { sameRecordingId } from '../../shared/recording';
import type { ListedRecording } from './events';
import { elapsedAt } from './state';
import type { MachineState, TrackedRecording } from './state';
import { expectNews, notify, update } from './step';
import type { Step } from './step';

/** When a forgotten pause is first mentioned, and then again, ms. */
export const pauseReminder = { firstMs: 60_000, everyMs: 30_000 } as const;

/** How long a list may lack a recording whose start answered 201, ms. */
const expectedWithinMs = 8_000;
const endedKept = 16;

/** The recording of that id, if it is tracked. */
export function findTracked(state: MachineState, id: string): TrackedRecording | null {
  return state.recordings.find((recording) => sameRecordingId(recording.id, id)) ?? null;
}

/** Replaces a tracked recording. */
export function replaceTracked(step: Step, recording: TrackedRecording): void {
  update(step, {
    recordings: step.state.recordings.map((other) => (other.id === recording.id ? recording : other)),
  });
}

/**
 * Takes in a start that answered 201. It is evidence: *Recording* is shown once a list confirms it.
 * @param sentAt when the start was sent, monotonic ms
 */
export function trackStarted(step: Step, id: string, sentAt: number): TrackedRecording {
  const known = findTracked(step.state, id);
  if (known !== null) {
    const recording = { ...known, startedHere: true };
    replaceTracked(step, recording);
    return recording;
  }
  const recording: TrackedRecording = {
    id: id.toLowerCase(),
    seen: false,
    lastHeardOf: step.now,
    knownAt: step.now,
    expectedBy: step.now + expectedWithinMs,
    elapsedMs: (step.now - sentAt) / 2,
    anchor: step.now,
    stopped: false,
    isPaused: false,
    pausedSince: null,
    pausedHere: false,
    remindAt: null,
    reminders: 0,
    autoResumeAt: null,
    remoteParty: null,
    localUsername: null,
    startedHere: true,
    announced: false,
    onLine: true,
    serverStartedAt: null,
  };
  update(step, { recordings: [...step.state.recordings, recording] });
  return recording;
}

/**
 * The elapsed time after an answer. What the server said is the least it can be now, and that plus the time the
 * answer took is the most; a timer that is already in there is left alone. So it neither trembles nor jumps back, unless
 * the server itself corrects it.
 */
function elapsedAfter(
  known: TrackedRecording | null,
  durationMs: number,
  isPaused: boolean,
  sentAt: number,
  now: number,
): number {
  if (isPaused || !known?.seen) return durationMs;
  return Math.min(Math.max(elapsedAt(known, now), durationMs), durationMs + (now - sentAt));
}

/** What is known of a recording after a list that shows it. */
export function follow(
  step: Step,
  known: TrackedRecording | null,
  listed: ListedRecording,
  sentAt: number,
): TrackedRecording {
  const { recording } = listed;
  const { now, state } = step;
  const wasPaused = known?.isPaused ?? false;
  const pausedHere =
    recording.isPaused &&
    (wasPaused
      ? (known?.pausedHere ?? false)
      : state.toggles.some((toggle) => toggle.id === recording.id && toggle.want === 'paused'));
  const justPaused = recording.isPaused && !wasPaused;
  const autoResumeMs = state.policy.autoResumeMs;
  const stopped = known?.stopped ?? false;
  const startedBefore = state.session.kind === 'open' && state.session.startedBefore.includes(recording.id);
  return {
    id: recording.id,
    seen: true,
    lastHeardOf: now,
    knownAt: known?.knownAt ?? now,
    expectedBy: known?.expectedBy ?? now,
    elapsedMs:
      stopped && known !== null
        ? known.elapsedMs
        : elapsedAfter(known, recording.durationMs, recording.isPaused, sentAt, now),
    anchor: now,
    stopped,
    isPaused: recording.isPaused,
    pausedSince: recording.isPaused ? (known?.pausedSince ?? now) : null,
    pausedHere,
    remindAt: justPaused
      ? now + pauseReminder.firstMs
      : recording.isPaused
        ? (known?.remindAt ?? null)
        : null,
    reminders: recording.isPaused ? (known?.reminders ?? 0) : 0,
    autoResumeAt:
      justPaused && pausedHere && autoResumeMs !== null
        ? now + autoResumeMs
        : recording.isPaused
          ? (known?.autoResumeAt ?? null)
          : null,
    remoteParty: recording.remoteParty,
    localUsername: recording.localUsername,
    startedHere: (known?.startedHere ?? false) || startedBefore,
    announced: known?.announced ?? false,
    onLine: listed.onLine || (known?.onLine ?? false),
    serverStartedAt: recording.startedAt,
  };
}

/**
 * A recording is over: tells the user, and has it looked for among the completed ones.
 * @param how `stopped` where it was asked for here; `given-up` where it is merely no longer claimed to run, so that
 *   only the outcome of the search is told
 */
export function endRecording(
  step: Step,
  recording: TrackedRecording,
  how: 'stopped' | 'ended' | 'given-up',
): void {
  const { state, now } = step;
  // What ran on unseen is not counted: nobody knows how long.
  const elapsedMs = state.knowledge.kind === 'unknown' ? recording.elapsedMs : elapsedAt(recording, now);
  update(step, {
    recordings: state.recordings.filter((other) => other.id !== recording.id),
    stops: state.stops.filter((stop) => stop.id !== recording.id),
    toggles: state.toggles.filter((toggle) => toggle.id !== recording.id),
    ended: [...state.ended.slice(1 - endedKept), { id: recording.id, at: now }],
  });
  expectNews(step);
  const told = { recordingId: recording.id, elapsedMs };
  if (how === 'stopped') notify(step, { kind: 'stopped', ...told });
  if (how === 'ended') notify(step, { kind: 'ended', ...told, unexpected: isUnexpected(step, recording) });
  step.effects.push({
    kind: 'look-for',
    recording: {
      id: recording.id,
      startedHere: recording.startedHere,
      startedAt: now - elapsedAt(recording, now),
      endedAt: now,
      serverStartedAt: recording.serverStartedAt,
      remoteParty: recording.remoteParty,
      localUsername: recording.localUsername,
    },
  });
}

/** Whether an end was not watched: it happened in an outage, or nobody but the start's answer ever knew of it. */
function isUnexpected({ state }: Step, recording: TrackedRecording): boolean {
  if (state.knowledge.kind === 'not-visible') return false;
  return state.knowledge.kind === 'unknown' || !recording.seen;
}

/** Tells of recordings that the user has not been told of. */
export function announce(step: Step, recording: TrackedRecording, silently: boolean): void {
  if (recording.announced) return;
  replaceTracked(step, { ...recording, announced: true });
  if (silently) return;
  notify(step, { kind: 'started', recordingId: recording.id, remoteParty: recording.remoteParty });
}
