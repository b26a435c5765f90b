import { describe, expect, test } from 'vitest';

import type { CodedError, ErrorCode, Operation, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { ActiveRecording } from '@shared/domain/recording';
import type {
  MachineEffect,
  MachineEvent,
  MachineEventBody,
  PollAnswer,
} from '../../../../src-main/core/recorder/events';
import { nextWake, transition } from '../../../../src-main/core/recorder/machine';
import { statusOf, toView } from '../../../../src-main/core/recorder/projection';
import type { MachineState } from '../../../../src-main/core/recorder/state';
import { defaultPolicy, initialState } from '../../../../src-main/core/recorder/state';
import { line } from '../../../fixtures/recorder';

const own = '00000000-0000-4000-8000-000000000001';
const other = '00000000-0000-4000-8000-000000000002';

function recording(id: string, overrides: Partial<ActiveRecording> = {}): ActiveRecording {
  return {
    id,
    durationMs: 5_000,
    startedAt: 1_000_000,
    localUsername: 'agent',
    remoteParty: { firstName: null, lastName: null, phoneNumber: '+39' },
    isPaused: false,
    ...overrides,
  };
}

function answer(...recordings: readonly ActiveRecording[]): Result<PollAnswer> {
  return succeed({
    listed: recordings.map((item) => ({ recording: item, onLine: true, forUser: true })),
    othersMissing: null,
  });
}

function error(code: ErrorCode, operation: Operation, detail: CodedError['detail'] = {}): Result<never> {
  return fail(code, operation, detail);
}

/** Every state is frozen to the bottom: a transition that writes to its input throws. */
function freeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
}

/** Runs events, each a second after the one before. */
class Scenario {
  state: MachineState = freeze(initialState());
  now = 0;

  then(event: MachineEventBody, afterMs = 1_000): this {
    this.now += afterMs;
    this.state = freeze(transition(this.state, { ...event, now: this.now, chance: 0.5 }).state);
    return this;
  }

  poll(result: Result<PollAnswer>): this {
    if (this.state.poll === null) this.then({ kind: 'try-now-pressed' });
    return this.then(
      { kind: 'poll-answered', sequence: this.state.poll?.sequence ?? -1, result, fingerprint: 'f' },
      20,
    );
  }

  /** Answers what a first list causes: the other lines, and the pause probe. */
  settle(...recordings: readonly ActiveRecording[]): this {
    const probe = this.state.pause.probe;
    if (probe !== null) {
      this.then({ kind: 'probe-answered', sequence: probe, result: succeed(true), fingerprint: 'f' }, 5);
    }
    return this.poll(answer(...recordings));
  }
}

const signedIn = {
  kind: 'session-opened',
  line,
  username: 'agent',
  before: [],
  interrupted: [],
  pause: null,
} as const;
const opened = () => new Scenario().then(signedIn);
const idle = () => opened().poll(answer()).settle();
const running = () =>
  opened()
    .poll(answer(recording(own)))
    .settle(recording(own));
const sequenceOf = (kind: MachineEffect['kind'], state: MachineState): number =>
  kind === 'start' ? (state.start?.sequence ?? -1) : -1;
const started = (scenario: Scenario, id: string) =>
  scenario.then({
    kind: 'start-answered',
    sequence: sequenceOf('start', scenario.state),
    result: succeed({ id }),
  });
/** Somebody else was first, or says to be. */
const beaten = (code: ErrorCode, reason: number) => (scenario: Scenario) =>
  scenario.then({
    kind: 'start-answered',
    sequence: sequenceOf('start', scenario.state),
    result: error(code, 'start', { status: 429, reason }),
  });
const alreadyRecorded = beaten('already-recorded', 1);
const alreadyRequested = beaten('start-already-requested', 0);
const startLost = (scenario: Scenario) =>
  scenario.then({
    kind: 'start-answered',
    sequence: sequenceOf('start', scenario.state),
    result: error('timeout', 'start'),
  });
const unwanted = () => idle().then({ kind: 'record-pressed' }).then({ kind: 'stop-pressed', id: null });
const blind = () => opened().poll(error('level-too-low', 'active', { status: 403 }));
const paused = () =>
  opened()
    .poll(answer(recording(own, { isPaused: true })))
    .settle(recording(own, { isPaused: true }));
const tryUnderWay = () => idle().then({ kind: 'record-next-pressed' }).then({ kind: 'tick' }, 0);
const lost = (scenario: Scenario) =>
  scenario.poll(error('timeout', 'active')).poll(error('timeout', 'active'));

const states: Readonly<Record<string, () => Scenario>> = {
  'signed out': () => new Scenario(),
  connecting: opened,
  'not recording': idle,
  'not recording (probe under way)': () => opened().poll(answer()).poll(answer()),
  'starting (sent)': () => idle().then({ kind: 'record-pressed' }),
  'starting (queued)': () => opened().then({ kind: 'record-pressed' }),
  'starting (answered 201)': () => started(idle().then({ kind: 'record-pressed' }), own),
  'starting (answer lost)': () => startLost(idle().then({ kind: 'record-pressed' })),
  'starting (already requested)': () => alreadyRequested(idle().then({ kind: 'record-pressed' })),
  'starting, no longer wanted (sent)': unwanted,
  'starting, no longer wanted (already recorded)': () => alreadyRecorded(unwanted()),
  'starting, no longer wanted (already requested)': () => alreadyRequested(unwanted()),
  'starting, no longer wanted (answer lost)': () => startLost(unwanted()),
  recording: running,
  'two recordings': () =>
    opened()
      .poll(answer(recording(own), recording(other)))
      .settle(recording(own), recording(other)),
  paused,
  'one of two paused': () =>
    opened()
      .poll(answer(recording(own, { isPaused: true }), recording(other)))
      .settle(recording(own, { isPaused: true }), recording(other)),
  'pausing (sent)': () => running().then({ kind: 'pause-pressed', id: null }),
  'pausing (answered 204)': () => {
    const scenario = running().then({ kind: 'pause-pressed', id: null });
    return scenario.then(toggleOf(scenario.state, succeed(null)));
  },
  'pausing (answer lost)': () => {
    const scenario = running().then({ kind: 'pause-pressed', id: null });
    return scenario.then(toggleOf(scenario.state, error('timeout', 'pause')));
  },
  'resuming (sent)': () => paused().then({ kind: 'resume-pressed', id: null }),
  'stopping (sent)': () => running().then({ kind: 'stop-pressed', id: null }),
  'stopping (answered 204)': () => {
    const scenario = running().then({ kind: 'stop-pressed', id: null });
    const sequence = scenario.state.stops[0]?.sequence ?? -1;
    return scenario.then({ kind: 'stop-answered', sequence, result: succeed(null) });
  },
  'stopping (answer lost)': () => {
    const scenario = running().then({ kind: 'stop-pressed', id: null });
    return scenario.then(stopOf(scenario.state, error('connection-lost', 'stop')));
  },
  waiting: () => {
    const scenario = tryUnderWay();
    return scenario.then({
      kind: 'start-answered',
      sequence: sequenceOf('start', scenario.state),
      result: error('no-connected-call', 'start', { status: 409, reason: 1 }),
    });
  },
  'waiting (try under way)': tryUnderWay,
  'waiting (try lost)': () => startLost(tryUnderWay()),
  'waiting, cancelled with a try under way': () => tryUnderWay().then({ kind: 'cancel-waiting-pressed' }),
  'waiting while unknown': () => lost(idle().then({ kind: 'record-next-pressed' })),
  'unknown (was not recording)': () => lost(idle()),
  'unknown (was recording)': () => lost(running()),
  'not visible': blind,
  'not visible, starting': () => blind().then({ kind: 'record-pressed' }),
  'not visible, starting, no longer wanted': () =>
    blind().then({ kind: 'record-pressed' }).then({ kind: 'stop-pressed', id: null }),
  'not visible, waiting (try under way)': () =>
    blind().then({ kind: 'record-next-pressed' }).then({ kind: 'tick' }, 0),
  'not visible, started here': () => started(blind().then({ kind: 'record-pressed' }), own),
  'not visible, started here (end looked for)': () =>
    started(blind().then({ kind: 'record-pressed' }), own).poll(
      error('level-too-low', 'active', { status: 403 }),
    ),
  'not visible, stopping by line': () => blind().then({ kind: 'stop-pressed', id: null }),
  locked: () => idle().poll(error('unauthorized', 'active', { status: 401 })),
  suspended: () => running().then({ kind: 'suspended' }),
};

/** The events of the table; an answer goes to the request that awaits it, or comes late to none. */
const events: Readonly<Record<string, (state: MachineState) => MachineEventBody>> = {
  'signed in': () => signedIn,
  'remembered late': () => ({
    kind: 'remembered-late',
    before: [],
    interrupted: [{ kind: 'wait', isSent: false, id: null, at: 0 }],
  }),
  'line changed': () => ({ kind: 'line-changed', line: { ...line, directoryNumber: '102' } }),
  'signed out': () => ({ kind: 'session-closed' }),
  locked: () => ({ kind: 'locked', error: { code: 'unauthorized', operation: 'list', detail: {} } }),
  'settings changed': () => ({ kind: 'policy-set', policy: { ...defaultPolicy, activeMs: 1_000 } }),
  'window shown': () => ({ kind: 'window-visibility', visible: true }),
  'window hidden': () => ({ kind: 'window-visibility', visible: false }),
  suspended: () => ({ kind: 'suspended' }),
  resumed: () => ({ kind: 'resumed' }),
  woken: () => ({ kind: 'woken' }),
  'time passes': () => ({ kind: 'tick' }),
  'poll: none': (s) => polled(s, answer()),
  'poll: recording': (s) => polled(s, answer(recording(own))),
  'poll: just begun': (s) => polled(s, answer(recording(own, { durationMs: 200 }))),
  'poll: another one': (s) => polled(s, answer(recording(other))),
  'poll: paused': (s) => polled(s, answer(recording(own, { isPaused: true }))),
  'poll: missed': (s) => polled(s, error('timeout', 'active')),
  'poll: 403': (s) => polled(s, error('level-too-low', 'active', { status: 403 })),
  'poll: 401': (s) => polled(s, error('unauthorized', 'active', { status: 401 })),
  'poll: late': () => ({ kind: 'poll-answered', sequence: 9_999, result: answer(), fingerprint: 'f' }),
  'start: 201': (s) => startOf(s, succeed({ id: own })),
  'start: refused': (s) => startOf(s, error('blacklisted', 'start', { status: 403, reason: 4 })),
  'start: no call': (s) => startOf(s, error('no-connected-call', 'start', { status: 409, reason: 1 })),
  'start: already recorded': (s) =>
    startOf(s, error('already-recorded', 'start', { status: 429, reason: 1 })),
  'start: already requested': (s) =>
    startOf(s, error('start-already-requested', 'start', { status: 429, reason: 0 })),
  'start: lost': (s) => startOf(s, error('timeout', 'start')),
  'stop: 204': (s) => stopOf(s, succeed(null)),
  'stop: refused': (s) => stopOf(s, error('automatic-recording', 'stop', { status: 400, reason: 2 })),
  'stop: over': (s) => stopOf(s, error('not-a-live-recording', 'stop', { status: 409 })),
  'stop: lost': (s) => stopOf(s, error('connection-lost', 'stop')),
  'stop by line: 204': (s) => lineStopOf(s, succeed(null)),
  'stop by line: nothing ran': (s) => lineStopOf(s, error('not-a-live-recording', 'stop', { status: 409 })),
  'stop by line: lost': (s) => lineStopOf(s, error('timeout', 'stop')),
  'pause: 204': (s) => toggleOf(s, succeed(null)),
  'pause: already': (s) => toggleOf(s, error('already-paused', 'pause', { status: 429 })),
  'pause: refused': (s) => toggleOf(s, error('not-allowed', 'pause', { status: 403 })),
  'pause: unavailable': (s) => toggleOf(s, error('pause-unavailable', 'pause', { status: 404 })),
  'pause: lost': (s) => toggleOf(s, error('connection-lost', 'pause')),
  'pause: late': () => ({ kind: 'toggle-answered', sequence: 9_999, result: succeed(null) }),
  'probe: can pause': (s) => probeOf(s, succeed(true)),
  'probe: cannot pause': (s) => probeOf(s, succeed(false)),
  'probe: may not': (s) => probeOf(s, error('not-allowed', 'probe', { status: 403 })),
  'probe: failed': (s) => probeOf(s, error('timeout', 'probe')),
  'end check: completed': (s) => endCheckOf(s, succeed(true)),
  'end check: not completed': (s) => endCheckOf(s, succeed(false)),
  'end check: failed': (s) => endCheckOf(s, error('timeout', 'details')),
  'press record': () => ({ kind: 'record-pressed' }),
  'press stop': () => ({ kind: 'stop-pressed', id: null }),
  'press stop of another': () => ({ kind: 'stop-pressed', id: other }),
  'press pause': () => ({ kind: 'pause-pressed', id: null }),
  'press resume': () => ({ kind: 'resume-pressed', id: null }),
  'press record next': () => ({ kind: 'record-next-pressed' }),
  'press cancel': () => ({ kind: 'cancel-waiting-pressed' }),
  'press try now': () => ({ kind: 'try-now-pressed' }),
  'press mark': () => ({ kind: 'mark-pressed' }),
  'dismiss error': () => ({ kind: 'error-dismissed' }),
};

function polled(state: MachineState, result: Result<PollAnswer>): MachineEventBody {
  return { kind: 'poll-answered', sequence: state.poll?.sequence ?? 9_999, result, fingerprint: 'f' };
}

function startOf(state: MachineState, result: Result<{ readonly id: string }>): MachineEventBody {
  return { kind: 'start-answered', sequence: state.start?.sequence ?? 9_999, result };
}

function stopOf(state: MachineState, result: Result<null>): MachineEventBody {
  return { kind: 'stop-answered', sequence: state.stops[0]?.sequence ?? 9_999, result };
}

function lineStopOf(state: MachineState, result: Result<null>): MachineEventBody {
  return { kind: 'line-stop-answered', sequence: state.lineStop?.sequence ?? 9_999, result };
}

function toggleOf(state: MachineState, result: Result<null>): MachineEventBody {
  return { kind: 'toggle-answered', sequence: state.toggles[0]?.sequence ?? 9_999, result };
}

function probeOf(state: MachineState, result: Result<boolean>): MachineEventBody {
  return { kind: 'probe-answered', sequence: state.pause.probe ?? 9_999, result, fingerprint: 'f' };
}

function endCheckOf(state: MachineState, result: Result<boolean>): MachineEventBody {
  return { kind: 'end-check-answered', sequence: state.endCheck ?? 9_999, id: own, result };
}

function inWords(effect: MachineEffect): string {
  if (effect.kind !== 'notify') return effect.kind;
  const { notice } = effect;
  return notice.kind === 'refused' ? `tell refused (${notice.error.code})` : `tell ${notice.kind}`;
}

/** The state in which the event happens: an answer to a poll needs one that is under way. */
function ready(make: () => Scenario, eventName: string): Scenario {
  const scenario = make();
  const needsPoll = eventName.startsWith('poll: ') && eventName !== 'poll: late';
  return needsPoll && scenario.state.poll === null ? scenario.then({ kind: 'try-now-pressed' }) : scenario;
}

/** Answers reach the machine a moment later, time passes in long steps, people press in between. */
function happen(scenario: Scenario, body: MachineEventBody): MachineEvent {
  const afterMs = body.kind === 'tick' ? 15_000 : 300;
  return { ...body, now: scenario.now + afterMs, chance: 0.5 };
}

const requests: readonly MachineEffect['kind'][] = [
  'poll',
  'start',
  'stop',
  'stop-line',
  'toggle-pause',
  'probe-pause',
  'check-end',
];

describe('every state × every event', () => {
  test('gives what the table says', async () => {
    const lines = ['What the machine does: event | state after it | to be done | answer'];
    for (const [name, make] of Object.entries(states)) {
      lines.push('', `${name}:`);
      for (const [eventName, body] of Object.entries(events)) {
        const scenario = ready(make, eventName);
        const result = transition(scenario.state, happen(scenario, body(scenario.state)));
        const effects = result.effects.map(inWords).join(', ');
        const cells = [
          eventName.padEnd(25),
          statusOf(result.state).padEnd(13),
          effects,
          result.refusal?.code ?? '',
        ];
        lines.push(`  ${cells.join(' | ')}`.replace(/[| ]+$/, ''));
      }
    }
    lines.push('');
    await expect(lines.join('\n')).toMatchFileSnapshot('./machine-table.txt');
  });

  test.each(Object.keys(states))('%s: what must never happen does not', (name) => {
    for (const [eventName, body] of Object.entries(events)) {
      const scenario = ready(states[name] ?? (() => new Scenario()), eventName);
      const before = scenario.state;
      const event = happen(scenario, body(before));
      const { state, effects } = transition(before, event);
      const where = `${name} × ${eventName}`;
      const kinds = effects.map((effect) => effect.kind);

      // The same input gives the same answer.
      expect(transition(before, event), where).toEqual({
        state,
        effects,
        refusal: transition(before, event).refusal,
      });
      // One start, one poll.
      if (before.start?.phase === 'sent' && state.start?.sequence === before.start.sequence) {
        expect(kinds, where).not.toContain('start');
      }
      if (before.poll !== null && state.poll?.sequence === before.poll.sequence) {
        expect(kinds, where).not.toContain('poll');
      }
      // Nothing is sent by nobody, with refused credentials, or asleep.
      if (state.session.kind !== 'open' || state.suspended) {
        for (const kind of requests) expect(kinds, where).not.toContain(kind);
        expect(nextWake(state), where).toBeNull();
      }
      // A deadline that has been served does not ask for another tick at once, or the timer would spin.
      if (event.kind === 'tick') expect(nextWake(state) ?? Infinity, where).toBeGreaterThan(event.now);
      // The view can be made of it, and claims nothing that the state does not hold.
      const view = toView(state, []);
      expect(view.unknown !== null, where).toBe(view.status === 'unknown');
      const mayTick = view.status === 'recording' || view.status === 'stopping';
      const mayItTick = (id: string) => mayTick || state.stops.some((stop) => stop.id === id);
      expect(
        view.recordings.every((item) => !item.ticking || mayItTick(item.id)),
        where,
      ).toBe(true);
      if (state.session.kind !== 'open') expect(Object.values(view.controls), where).not.toContain(true);
    }
  });

  test('every control that a view offers is accepted, where it is offered', () => {
    const commands = {
      record: 'record-pressed',
      recordNextCall: 'record-next-pressed',
      cancelWaiting: 'cancel-waiting-pressed',
      tryNow: 'try-now-pressed',
      markMoment: 'mark-pressed',
    } as const;
    const targeted = { stop: 'stop-pressed', pause: 'pause-pressed', resume: 'resume-pressed' } as const;
    for (const [name, make] of Object.entries(states)) {
      const scenario = make();
      const { controls } = toView(scenario.state, []);
      for (const [control, kind] of Object.entries(commands) as [keyof typeof commands, never][]) {
        if (!controls[control]) continue;
        expect(
          transition(scenario.state, happen(scenario, { kind })).refusal,
          `${name}: ${control}`,
        ).toBeNull();
      }
      for (const [control, kind] of Object.entries(targeted) as [keyof typeof targeted, never][]) {
        if (!controls[control]) continue;
        const body: MachineEventBody = { kind, id: null };
        expect(transition(scenario.state, happen(scenario, body)).refusal, `${name}: ${control}`).toBeNull();
      }
    }
  });
});
