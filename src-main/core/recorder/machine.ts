import { assertNever } from '@shared/assert-never';
import type { CodedError, ErrorCode, Operation } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
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
import { pollNow, pollSoon, isServerAnswering, pollFaster } from './poll-schedule';
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
import type { Draft } from './draft';
import { lineStopAnswered, pressStop, stopAnswered } from './stopping';
import { beginningOf, isOfConcern } from './recording-tracker';

/** A doubled back-off is shortened to this many missed polls when the network changes. */
const failuresAfterWake = 3;

/**
 * The recording light's decisions: what is believed after an event, and what is to be done. Pure: the same state and
 * event give the same answer; time and chance come with the event.
 */
export function transition(state: MachineState, event: MachineEvent): Transition {
  const draft: Draft = { state, now: event.now, chance: event.chance, effects: [], refusal: null };
  const refused = refusedCredentials(event);
  if (refused !== null && state.session.kind === 'open') {
    forgetAnswered(draft, event);
    lock(draft, refused);
  } else {
    apply(draft, event);
  }
  tellUnderWay(draft, state);
  tellCommands(draft, state);
  return { state: draft.state, effects: draft.effects, refusal: draft.refusal };
}

/**
 * Whether an event can only happen on a computer that is awake. Not every system says that it woke up; without this a
 * missed word would leave the light out for good.
 */
function provesAwake(event: MachineEvent): boolean {
  switch (event.kind) {
    case 'session-opened':
    case 'line-changed':
    case 'woken':
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

function apply(draft: Draft, event: MachineEvent): void {
  if (draft.state.suspended && provesAwake(event)) resume(draft);
  switch (event.kind) {
    case 'session-opened':
      open(draft, event);
      return;
    case 'remembered-late':
      rememberLate(draft, event);
      pollNow(draft);
      return;
    case 'line-changed':
      changeLine(draft, event.line);
      return;
    case 'session-closed':
      close(draft);
      return;
    case 'locked':
      if (draft.state.session.kind === 'open') lock(draft, event.error);
      else if (draft.state.session.kind === 'none') {
        update(draft, { session: { kind: 'locked', error: event.error } });
      }
      return;
    case 'policy-set':
      setPolicy(draft, event.policy);
      return;
    case 'window-visibility':
      if (draft.state.windowVisible === event.visible) return;
      update(draft, { windowVisible: event.visible });
      if (event.visible) pollSoon(draft);
      return;
    case 'suspended':
      suspend(draft);
      return;
    case 'resumed':
      resume(draft);
      return;
    case 'woken':
      if (draft.state.session.kind !== 'open') return;
      update(draft, { failures: Math.min(draft.state.failures, failuresAfterWake) });
      pollSoon(draft);
      return;
    case 'tick':
      tick(draft);
      return;
    case 'poll-answered':
      pollAnswered(draft, event.sequence, event.result, event.fingerprint);
      return;
    case 'start-answered':
      startAnswered(draft, event.sequence, event.result);
      return;
    case 'stop-answered':
      stopAnswered(draft, event.sequence, event.result);
      return;
    case 'line-stop-answered':
      lineStopAnswered(draft, event.sequence, event.result);
      return;
    case 'toggle-answered':
      toggleAnswered(draft, event.sequence, event.result);
      return;
    case 'probe-answered':
      probeAnswered(draft, event.sequence, event.result, event.fingerprint);
      return;
    case 'end-check-answered':
      endCheckAnswered(draft, event.sequence, event.id, event.result);
      return;
    case 'record-pressed':
      command(draft, 'start', () => {
        pressRecord(draft);
      });
      return;
    case 'stop-pressed':
      command(draft, 'stop', () => {
        pressStop(draft, event.id);
      });
      return;
    case 'pause-pressed':
      command(draft, 'pause', () => {
        pressToggle(draft, 'paused', event.id);
      });
      return;
    case 'resume-pressed':
      command(draft, 'resume', () => {
        pressToggle(draft, 'running', event.id);
      });
      return;
    case 'record-next-pressed':
      command(draft, 'start', () => {
        pressRecordNext(draft);
      });
      return;
    case 'cancel-waiting-pressed':
      command(draft, 'start', () => {
        pressCancelWaiting(draft);
      });
      return;
    case 'try-now-pressed':
      command(draft, 'active', () => {
        pollNow(draft);
      });
      return;
    case 'mark-pressed':
      command(draft, 'file', () => {
        pressMark(draft);
      });
      return;
    case 'error-dismissed':
      // What is pressed after reading the error is meant, however soon.
      if (draft.state.lastError !== null) update(draft, { lastError: null, lastPress: null });
      return;
    default:
      assertNever(event);
  }
}

/** Commands need a signed-in user. */
function command(draft: Draft, operation: Operation, act: () => void): void {
  const { session } = draft.state;
  if (session.kind === 'open') {
    act();
    pollFaster(draft);
    return;
  }
  const code: ErrorCode = session.kind === 'locked' ? 'locked' : 'signed-out';
  decline(draft, code, operation);
}

function open(draft: Draft, event: Extract<MachineEvent, { kind: 'session-opened' }>): void {
  if (draft.state.session.kind === 'open') {
    endWaiting(draft, 'signed-out');
    tellUnanswered(draft);
    draft.effects.push({ kind: 'abort-all' });
  }
  const { line, username } = event;
  draft.state = {
    ...signedOut(draft.state),
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
  pollNow(draft);
}

/** Another line is watched. Commands, the waiting and what was started go on; what was shown must be read anew. */
function changeLine(draft: Draft, line: Line): void {
  const { session, start, poll } = draft.state;
  if (session.kind !== 'open') return;
  if (poll !== null) draft.effects.push({ kind: 'abort-poll' });
  // Another way of recording the same line: what ran on it still does.
  const isSameLine =
    session.line.directoryNumber === line.directoryNumber && session.line.deviceName === line.deviceName;
  update(draft, {
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
    recordings: draft.state.recordings.map((recording) => ({
      ...recording,
      // Until it is read anew the timers stand, as in every state that is not certain.
      elapsedMs: elapsedAt(recording, draft.now),
      anchor: draft.now,
      onLine: isSameLine && recording.onLine,
      mayHaveMoved: false,
      takenFor:
        recording.takenFor === null
          ? null
          : { ...recording.takenFor, onLine: isSameLine && recording.takenFor.onLine },
      doubt: null,
    })),
  });
  pollNow(draft);
}

function close(draft: Draft): void {
  endWaiting(draft, 'signed-out');
  if (draft.state.session.kind === 'open') {
    tellUnanswered(draft);
    draft.effects.push({ kind: 'abort-all' });
  }
  draft.state = signedOut(draft.state);
}

function lock(draft: Draft, error: CodedError): void {
  endWaiting(draft, 'refused');
  tellUnanswered(draft, error.operation);
  draft.effects.push({ kind: 'abort-all' });
  draft.state = { ...signedOut(draft.state), session: { kind: 'locked', error } };
  notify(draft, { kind: 'locked', error });
}

/** A command that the refusal itself answers is not one without an answer. */
function forgetAnswered(draft: Draft, event: MachineEvent): void {
  if (!('sequence' in event)) return;
  const { start, stops, toggles, lineStop } = draft.state;
  const isOther = (attempt: { readonly sequence: number }) => attempt.sequence !== event.sequence;
  update(draft, {
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

function setPolicy(draft: Draft, policy: MachineState['policy']): void {
  const isSameResume = policy.autoResumeMs === draft.state.policy.autoResumeMs;
  update(draft, {
    policy,
    // The time of a resume that was refused has been put off; only another setting may bring it forward.
    recordings: draft.state.recordings.map((recording) =>
      !isSameResume && recording.pausedHere && recording.pausedSince !== null
        ? {
            ...recording,
            autoResumeAt: policy.autoResumeMs === null ? null : recording.pausedSince + policy.autoResumeMs,
          }
        : recording,
    ),
  });
  pollFaster(draft);
}

function suspend(draft: Draft): void {
  if (draft.state.suspended) return;
  if (draft.state.session.kind !== 'open') {
    update(draft, { suspended: true });
    return;
  }
  const { start, now } = { start: draft.state.start, now: draft.now };
  endWaiting(draft, 'sleep');
  draft.effects.push({ kind: 'abort-all' });
  const lost: CodedError = { code: 'connection-lost', operation: 'start', detail: {} };
  if (start?.phase === 'queued') startRefused(draft, start, neverSent(lost, 'start'));
  refuseKept(draft, lost);
  if (start?.phase === 'sent') {
    update(draft, { start: { ...start, phase: 'unclear', decideAfter: now + settleMs(lost), error: lost } });
  }
  if (draft.state.knowledge.kind !== 'none') becomeUnknown(draft, null);
  const unclear = { phase: 'unclear', answeredAt: now, decideAfter: now } as const;
  update(draft, {
    suspended: true,
    poll: null,
    pollAgain: false,
    nextPollAt: null,
    lineStop: null,
    endCheck: null,
    // A probe that was cut off is no failure of it.
    pause: {
      ...draft.state.pause,
      probe: null,
      notBefore: draft.state.pause.probe === null ? draft.state.pause.notBefore : now,
    },
    stops: draft.state.stops.map((stop) =>
      stop.phase === 'sent' ? { ...stop, ...unclear, error: { ...lost, operation: 'stop' } } : stop,
    ),
    toggles: draft.state.toggles.map((toggle) =>
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

function resume(draft: Draft): void {
  if (draft.state.session.kind !== 'open') {
    if (draft.state.suspended) update(draft, { suspended: false });
    return;
  }
  // Not every system says that it goes to sleep; what was known before is old either way.
  if (!draft.state.suspended) suspend(draft);
  update(draft, { suspended: false, failures: 0, lastPollAt: null });
  const { knowledge } = draft.state;
  // Count the unknown time from now: the user could not be told during sleep.
  if (knowledge.kind === 'unknown') update(draft, { knowledge: { ...knowledge, since: draft.now } });
  draft.effects.push({ kind: 'drop-connections' });
  pollSoon(draft);
}

function tick(draft: Draft): void {
  if (draft.state.session.kind !== 'open' || draft.state.suspended) return;
  tickFreshness(draft);
  tellUnclear(draft);
  const { waiting } = draft.state;
  if (waiting !== null && waiting.until <= draft.now) endWaiting(draft, 'time-limit');
  tickPauses(draft);
  tryWaiting(draft);
  const { nextPollAt, poll } = draft.state;
  if (poll === null && nextPollAt !== null && nextPollAt <= draft.now) pollNow(draft);
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

function tryWaiting(draft: Draft): void {
  const { state } = draft;
  const at = state.waiting?.nextTryAt ?? null;
  if (canTry(state) && at !== null && at <= draft.now) sendStart(draft);
}

/** What runs is written down, so that a crash does not lose it. */
function tellUnderWay(draft: Draft, before: MachineState): void {
  const { state } = draft;
  if (state.session.kind !== 'open') return;
  const settled = isCertain(state);
  const certainAgain = settled && (before.session !== state.session || !isCertain(before));
  if (!certainAgain && !underWayChanged(before, state)) return;
  draft.effects.push({
    kind: 'under-way',
    settled,
    recordings: state.recordings.filter(isOfConcern).map((recording): UnderWayRecording => ({
      id: recording.id,
      startedHere: recording.startedHere,
      ...beginningOf(recording, draft.now),
      serverStartedAt: recording.serverStartedAt,
      onLine: recording.onLine,
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
function tellCommands(draft: Draft, before: MachineState): void {
  const { state } = draft;
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
  if (!isSame) draft.effects.push({ kind: 'unanswered', commands });
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
