import { assertNever } from '../../shared/assert-never';
import type { CodedError, ErrorCode, Operation } from '../../shared/domain/errors';
import type { Line } from '../../shared/domain/recording';
import type { MachineEvent, Transition, UnderWayRecording } from './events';
import {
  becomeUnknown,
  endCheckAnswered,
  pollAnswered,
  staleAt,
  tellUnknownAt,
  tickFreshness,
} from './freshness';
import {
  rememberLate,
  tellUnanswered,
  tellUnclear,
  tellUnclearAt,
  unansweredCommands,
  waitingCommands,
} from './interrupted';
import { isLockedOut, settleMs } from './outcome';
import { pressMark, pressToggle, probeAnswered, tickPauses, toggleAnswered } from './pausing';
import { askNow, askSoon, isServerAnswering, quicken } from './poll-schedule';
import {
  endWaiting,
  pressCancelWaiting,
  pressRecord,
  pressRecordNext,
  sendStart,
  startAnswered,
  startRefused,
} from './starting';
import { neverSent, refuseKept } from './presses';
import { doubtedAt, elapsedAt, signedOut } from './state';
import type { MachineState, TrackedRecording } from './state';
import { decline, notify, update } from './draft';
import type { Step } from './draft';
import { lineStopAnswered, pressStop, stopAnswered } from './stopping';
import { beginningOf, isOfConcern } from './recording-tracker';

/** A doubled back-off is shortened to this many missed polls when the network changes. */
const failuresAfterNudge = 3;

/**
 * The recording light's decisions: what is believed after an event, and what is to be done. Pure: the same state and
 * event give the same answer; time and chance come with the event.
 */
export function transition(state: MachineState, event: MachineEvent): Transition {
  const step: Step = { state, now: event.now, chance: event.chance, effects: [], refusal: null };
  const refused = refusedCredentials(event);
  if (refused !== null && state.session.kind === 'open') {
    forgetAnswered(step, event);
    lock(step, refused);
  } else {
    apply(step, event);
  }
  tellUnderWay(step, state);
  tellCommands(step, state);
  return { state: step.state, effects: step.effects, refusal: step.refusal };
}

/**
 * Whether an event can only happen on a computer that is awake. Not every system says that it woke up; without this a
 * missed word would leave the light out for good.
 */
function provesAwake(event: MachineEvent): boolean {
  switch (event.kind) {
    case 'session-opened':
    case 'line-changed':
    case 'nudged':
    case 'record-pressed':
    case 'stop-pressed':
    case 'pause-pressed':
    case 'resume-pressed':
    case 'record-next-pressed':
    case 'cancel-waiting-pressed':
    case 'try-now-pressed':
    case 'mark-pressed':
    case 'error-dismissed':
      return true;
    case 'window-visibility':
      return event.visible;
    default:
      return false;
  }
}

/**
 * When the machine wants its next `tick`, monotonic ms; null: not before something else happens.
 */
export function nextWake(state: MachineState): number | null {
  if (state.session.kind !== 'open' || state.suspended) return null;
  let earliest = earlier(state.poll === null ? state.nextPollAt : null, staleAt(state));
  earliest = earlier(earliest, tellUnknownAt({ state }));
  earliest = earlier(earliest, tellUnclearAt(state));
  if (state.knowledge.kind === 'seen') earliest = earlier(earliest, doubtedAt(state));
  const { waiting } = state;
  if (waiting !== null) {
    earliest = earlier(earliest, waiting.until);
    if (canTry(state)) earliest = earlier(earliest, waiting.nextTryAt);
  }
  if (state.knowledge.kind === 'seen') {
    for (const recording of state.recordings) {
      if (recording.stopped || !isOfConcern(recording)) continue;
      earliest = earlier(earlier(earliest, recording.remindAt), recording.autoResumeAt);
    }
  }
  return earliest;
}

/** The earlier of two times; null is never. */
function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function apply(step: Step, event: MachineEvent): void {
  if (step.state.suspended && provesAwake(event)) resume(step);
  switch (event.kind) {
    case 'session-opened':
      open(step, event);
      return;
    case 'remembered-late':
      rememberLate(step, event);
      askNow(step);
      return;
    case 'line-changed':
      changeLine(step, event.line);
      return;
    case 'session-closed':
      close(step);
      return;
    case 'locked':
      if (step.state.session.kind === 'open') lock(step, event.error);
      else if (step.state.session.kind === 'none') {
        update(step, { session: { kind: 'locked', error: event.error } });
      }
      return;
    case 'policy-set':
      setPolicy(step, event.policy);
      return;
    case 'window-visibility':
      if (step.state.windowVisible === event.visible) return;
      update(step, { windowVisible: event.visible });
      if (event.visible) askSoon(step);
      return;
    case 'suspended':
      suspend(step);
      return;
    case 'resumed':
      resume(step);
      return;
    case 'nudged':
      if (step.state.session.kind !== 'open') return;
      update(step, { failures: Math.min(step.state.failures, failuresAfterNudge) });
      askSoon(step);
      return;
    case 'tick':
      tick(step);
      return;
    case 'poll-answered':
      pollAnswered(step, event.sequence, event.result, event.fingerprint);
      return;
    case 'start-answered':
      startAnswered(step, event.sequence, event.result);
      return;
    case 'stop-answered':
      stopAnswered(step, event.sequence, event.result);
      return;
    case 'line-stop-answered':
      lineStopAnswered(step, event.sequence, event.result);
      return;
    case 'toggle-answered':
      toggleAnswered(step, event.sequence, event.result);
      return;
    case 'probe-answered':
      probeAnswered(step, event.sequence, event.result, event.fingerprint);
      return;
    case 'end-check-answered':
      endCheckAnswered(step, event.sequence, event.id, event.result);
      return;
    case 'record-pressed':
      command(step, 'start', () => {
        pressRecord(step);
      });
      return;
    case 'stop-pressed':
      command(step, 'stop', () => {
        pressStop(step, event.id);
      });
      return;
    case 'pause-pressed':
      command(step, 'pause', () => {
        pressToggle(step, 'paused', event.id);
      });
      return;
    case 'resume-pressed':
      command(step, 'resume', () => {
        pressToggle(step, 'running', event.id);
      });
      return;
    case 'record-next-pressed':
      command(step, 'start', () => {
        pressRecordNext(step);
      });
      return;
    case 'cancel-waiting-pressed':
      command(step, 'start', () => {
        pressCancelWaiting(step);
      });
      return;
    case 'try-now-pressed':
      command(step, 'active', () => {
        askNow(step);
      });
      return;
    case 'mark-pressed':
      command(step, 'file', () => {
        pressMark(step);
      });
      return;
    case 'error-dismissed':
      // What is pressed after reading the error is meant, however soon.
      if (step.state.lastError !== null) update(step, { lastError: null, lastPress: null });
      return;
    default:
      assertNever(event);
  }
}

/** Commands need somebody who is signed in. */
function command(step: Step, operation: Operation, act: () => void): void {
  const { session } = step.state;
  if (session.kind === 'open') {
    act();
    quicken(step);
    return;
  }
  const code: ErrorCode = session.kind === 'locked' ? 'locked' : 'signed-out';
  decline(step, code, operation);
}

function open(step: Step, event: Extract<MachineEvent, { kind: 'session-opened' }>): void {
  if (step.state.session.kind === 'open') {
    endWaiting(step, 'signed-out');
    tellUnanswered(step);
    step.effects.push({ kind: 'abort-all' });
  }
  const { line, username } = event;
  step.state = {
    ...signedOut(step.state),
    session: {
      kind: 'open',
      line,
      byLine: line.directoryNumber !== null || line.deviceName !== null,
      username,
      before: event.before,
    },
    interrupted: event.interrupted,
    pause: {
      supported: event.pause?.supported ?? null,
      fingerprint: event.pause?.fingerprint ?? null,
      probe: null,
      failures: 0,
      notBefore: 0,
    },
  };
  askNow(step);
}

/** Another line is watched. Commands, the waiting and what was started go on; what was shown must be read anew. */
function changeLine(step: Step, line: Line): void {
  const { session, start, poll } = step.state;
  if (session.kind !== 'open') return;
  if (poll !== null) step.effects.push({ kind: 'abort-poll' });
  // Another way of recording the same line: what ran on it still does.
  const isSameLine =
    session.line.directoryNumber === line.directoryNumber && session.line.deviceName === line.deviceName;
  update(step, {
    session: {
      ...session,
      line,
      byLine: line.directoryNumber !== null || line.deviceName !== null,
    },
    poll: null,
    pollAgain: false,
    lastFullPollAt: null,
    lastPress: null,
    knowledge: { kind: 'none' },
    denials: 0,
    start: start === null || start.phase === 'queued' || isSameLine ? start : { ...start, elsewhere: true },
    recordings: step.state.recordings.map((recording) => ({
      ...recording,
      // Until it is read anew the timers stand, as in every state that is not certain.
      elapsedMs: elapsedAt(recording, step.now),
      anchor: step.now,
      onLine: isSameLine && recording.onLine,
      doubt: null,
    })),
  });
  askNow(step);
}

function close(step: Step): void {
  endWaiting(step, 'signed-out');
  if (step.state.session.kind === 'open') {
    tellUnanswered(step);
    step.effects.push({ kind: 'abort-all' });
  }
  step.state = signedOut(step.state);
}

function lock(step: Step, error: CodedError): void {
  endWaiting(step, 'refused');
  tellUnanswered(step, error.operation);
  step.effects.push({ kind: 'abort-all' });
  step.state = { ...signedOut(step.state), session: { kind: 'locked', error } };
  notify(step, { kind: 'locked', error });
}

/** A command that the refusal itself answers is not one without an answer. */
function forgetAnswered(step: Step, event: MachineEvent): void {
  if (!('sequence' in event)) return;
  const { start, stops, toggles, lineStop } = step.state;
  const isOther = (attempt: { readonly sequence: number }) => attempt.sequence !== event.sequence;
  update(step, {
    start: start?.sequence === event.sequence ? null : start,
    stops: stops.filter(isOther),
    toggles: toggles.filter(isOther),
    lineStop: lineStop !== null && isOther(lineStop) ? lineStop : null,
  });
}

function refusedCredentials(event: MachineEvent): CodedError | null {
  if (!('result' in event) || event.result.ok) return null;
  return isLockedOut(event.result.error) ? event.result.error : null;
}

function setPolicy(step: Step, policy: MachineState['policy']): void {
  const isSameResume = policy.autoResumeMs === step.state.policy.autoResumeMs;
  update(step, {
    policy,
    // The time of a resume that was refused has been put off; only another setting may bring it forward.
    recordings: step.state.recordings.map((recording) =>
      !isSameResume && recording.pausedHere && recording.pausedSince !== null
        ? {
            ...recording,
            autoResumeAt: policy.autoResumeMs === null ? null : recording.pausedSince + policy.autoResumeMs,
          }
        : recording,
    ),
  });
  quicken(step);
}

function suspend(step: Step): void {
  if (step.state.suspended) return;
  if (step.state.session.kind !== 'open') {
    update(step, { suspended: true });
    return;
  }
  const { start, now } = { start: step.state.start, now: step.now };
  endWaiting(step, 'sleep');
  step.effects.push({ kind: 'abort-all' });
  const lost: CodedError = { code: 'connection-lost', operation: 'start', detail: {} };
  if (start?.phase === 'queued') startRefused(step, start, neverSent(lost, 'start'));
  refuseKept(step, lost);
  if (start?.phase === 'sent') {
    update(step, { start: { ...start, phase: 'unclear', decideAfter: now + settleMs(lost), error: lost } });
  }
  if (step.state.knowledge.kind !== 'none') becomeUnknown(step, null);
  const unclear = { phase: 'unclear', answeredAt: now, decideAfter: now } as const;
  update(step, {
    suspended: true,
    poll: null,
    pollAgain: false,
    nextPollAt: null,
    lineStop: null,
    endCheck: null,
    // A probe that was cut off is no failure of it.
    pause: {
      ...step.state.pause,
      probe: null,
      notBefore: step.state.pause.probe === null ? step.state.pause.notBefore : now,
    },
    stops: step.state.stops.map((stop) =>
      stop.phase === 'sent' ? { ...stop, ...unclear, error: { ...lost, operation: 'stop' } } : stop,
    ),
    toggles: step.state.toggles.map((toggle) =>
      toggle.phase === 'sent'
        ? {
            ...toggle,
            ...unclear,
            error: { ...lost, operation: toggle.want === 'paused' ? 'pause' : 'resume' },
          }
        : toggle,
    ),
  });
}

function resume(step: Step): void {
  if (step.state.session.kind !== 'open') {
    if (step.state.suspended) update(step, { suspended: false });
    return;
  }
  // Not every system says that it goes to sleep; what was known before is old either way.
  if (!step.state.suspended) suspend(step);
  update(step, { suspended: false, failures: 0, lastPollAt: null });
  const { knowledge } = step.state;
  // Unknown is counted from now: nobody was there to be told while the computer slept.
  if (knowledge.kind === 'unknown') update(step, { knowledge: { ...knowledge, since: step.now } });
  step.effects.push({ kind: 'drop-connections' });
  askSoon(step);
}

function tick(step: Step): void {
  if (step.state.session.kind !== 'open' || step.state.suspended) return;
  tickFreshness(step);
  tellUnclear(step);
  const { waiting } = step.state;
  if (waiting !== null && waiting.until <= step.now) endWaiting(step, 'time-limit');
  tickPauses(step);
  tryWaiting(step);
  const { nextPollAt, poll } = step.state;
  if (poll === null && nextPollAt !== null && nextPollAt <= step.now) askNow(step);
}

/** Starts are tried only while the server answers: an outage is found out by polls alone. */
function canTry(state: MachineState): boolean {
  return (
    state.waiting?.nextTryAt !== null &&
    state.waiting !== null &&
    state.start === null &&
    isServerAnswering(state) &&
    !state.recordings.some((recording) => recording.seen && recording.onLine && recording.own)
  );
}

function tryWaiting(step: Step): void {
  const { state } = step;
  const at = state.waiting?.nextTryAt ?? null;
  if (canTry(state) && at !== null && at <= step.now) sendStart(step);
}

/** What runs is written down, so that a crash does not lose it. */
function tellUnderWay(step: Step, before: MachineState): void {
  const { state } = step;
  if (state.session.kind !== 'open') return;
  const settled = isCertain(state);
  const certainAgain = settled && (before.session !== state.session || !isCertain(before));
  if (!certainAgain && !underWayChanged(before, state)) return;
  step.effects.push({
    kind: 'under-way',
    settled,
    recordings: state.recordings.filter(isOfConcern).map((recording): UnderWayRecording => ({
      id: recording.id,
      startedHere: recording.startedHere,
      ...beginningOf(recording, step.now),
      serverStartedAt: recording.serverStartedAt,
      ...pauseOf(state, recording),
    })),
  });
}

/** The pause that is to end by itself; one that no list has confirmed yet is asked for here as well. */
function pauseOf(
  { toggles }: MachineState,
  { id, pausedHere, pausedSince }: TrackedRecording,
): Pick<UnderWayRecording, 'pausedHere' | 'pausedSince'> {
  const toggle = toggles.find((other) => other.id === id && other.want === 'paused');
  if (pausedHere || toggle === undefined) return { pausedHere, pausedSince };
  return { pausedHere: true, pausedSince: toggle.sentAt };
}

/** Commands without an answer, and what waits, are written down, so that quitting or a crash does not lose them. */
function tellCommands(step: Step, before: MachineState): void {
  const { state } = step;
  const [former, commands] = [before, state].map((one) => [
    ...one.interrupted,
    ...unansweredCommands(one),
    ...waitingCommands(one),
  ]);
  if (former === undefined || commands === undefined) return;
  const isSame =
    former.length === commands.length &&
    former.every(({ kind, isSent, id, at }, index) => {
      const other = commands[index];
      return other?.kind === kind && other.isSent === isSent && other.id === id && other.at === at;
    });
  if (!isSame) step.effects.push({ kind: 'unanswered', commands });
}

function isCertain({ knowledge }: MachineState): boolean {
  return knowledge.kind === 'seen' || knowledge.kind === 'not-visible';
}

function underWayChanged(before: MachineState, after: MachineState): boolean {
  if (before.session !== after.session) return false;
  if (before.recordings === after.recordings && before.toggles === after.toggles) return false;
  if (before.recordings.length !== after.recordings.length) return true;
  return after.recordings.some((recording, index) => {
    const other = before.recordings[index];
    return (
      recording.id !== other?.id ||
      recording.startedHere !== other.startedHere ||
      pauseOf(after, recording).pausedHere !== pauseOf(before, other).pausedHere ||
      // Once is enough: a server that tells another moment with each answer must not have the file written each time.
      (recording.serverStartedAt !== null && other.serverStartedAt === null)
    );
  });
}
