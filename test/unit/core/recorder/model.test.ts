import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import { isOutcomeUnclear } from '../../../../src-main/core/recorder/outcome';
import type { RecorderApi } from '../../../../src-main/core/ports';
import type { RequestGate } from '../../../../src-main/core/request-gate';
import { createRequestGate } from '../../../../src-main/core/request-gate';
import type { CodedError } from '../../../../src-main/shared/errors';
import type { RecorderView } from '../../../../src-main/shared/snapshot';
import { seededRandom } from '../../../support/virtual-clock';
import type { Fate, RequestRecord } from '../../../support/virtual-server';
import { answering, fine, pulled } from './networks';
import type { World } from './world';
import { agent, makeWorld } from './world';

/*
 * Whatever the user, the telephones and the network do, in whatever order: what is shown was true a short while ago.
 * The reference is the server's own history, which the recorder sees only through lost, late, doubled and reordered
 * answers.
 */

const sequences = 10_000;

/** How long ago a shown fact may have been true, ms. */
const bounds = { recording: 10_000, notRecording: 30_000 };

/** A start that this agent's computer sent. */
interface SentStart {
  readonly at: number;
  /** When it was given up without an answer of the server's; null while it is awaited, or where it was answered. */
  givenUpAt: number | null;
}

/** How long after it was given up a start's effect is taken for its own, and how exactly that is measured, ms. */
const aroundStartMs = { before: 1_000, after: 5_000 };

const weathers = ['fine', 'slow', 'lossy', 'doubling', 'failing', 'stalling', 'dead', 'late'] as const;
type Weather = (typeof weathers)[number];

function fateIn(weather: Weather, random: () => number): Fate {
  const chance = random();
  switch (weather) {
    case 'fine':
      return fine;
    case 'slow':
      return { kind: 'ok', outMs: random() * 4_000, backMs: random() * 3_900 };
    case 'lossy':
      if (chance < 0.25) return { kind: 'request-lost', noticedMs: random() * 3_000 };
      if (chance < 0.5) return { kind: 'answer-lost', outMs: random() * 500, noticedMs: random() * 3_000 };
      return { kind: 'ok', outMs: random() * 300, backMs: random() * 300 };
    case 'doubling':
      return { kind: 'doubled', outMs: random() * 200, againMs: random() * 500, backMs: random() * 200 };
    case 'failing':
      if (chance < 0.3) return answering('server-error', { status: 503 });
      if (chance < 0.5) return answering('not-this-server', { status: 200 });
      if (chance < 0.6) return answering('rate-limited', { status: 429, retryAfterMs: 5_000 });
      return fine;
    case 'stalling':
      if (chance < 0.3) return { kind: 'request-lost', noticedMs: null };
      if (chance < 0.6) return { kind: 'answer-lost', outMs: random() * 2_000, noticedMs: null };
      return fine;
    case 'dead':
      return pulled;
    case 'late':
      // Arrives after the client has given up, and still has its effect.
      if (chance < 0.3) return { kind: 'ok', outMs: 10_000 + random() * 15_000, backMs: 10 };
      return fine;
  }
}

/** A world under observation. */
class Observed {
  readonly known = new Set<string>();
  readonly timers = new Map<string, number>();
  readonly starts: SentStart[] = [];
  violation: string | null = null;
  passwordChanged = false;
  weather: Weather = 'fine';
  /** What the latch remembers over a restart: the 401 that closed it. */
  refused: CodedError | null = null;
  gate: RequestGate | null = null;
  /** Presses of *Record* and *Record next call*. */
  wishes = 0;
  lastWishAt = -Infinity;
  lastStopAt = -Infinity;
  /** When the newest list that was answered had been asked for. */
  lastListAt = -Infinity;

  private constructor(
    readonly world: World,
    readonly random: () => number,
  ) {}

  static async create(seed: number, savedAfterMs: number | null): Promise<Observed> {
    const world = await makeWorld(seed);
    world.server.savedAfterMs = savedAfterMs;
    const observed = new Observed(world, seededRandom(seed + 1));
    world.server.setNetwork(() =>
      observed.passwordChanged
        ? answering('unauthorized', { status: 401 })
        : fateIn(observed.weather, observed.random),
    );
    world.server.onRequest = (record) => {
      observed.checkRequest(record);
    };
    observed.watch();
    observed.signIn();
    return observed;
  }

  /** Signs in with what is remembered of the credentials: once refused, nothing is sent with them. */
  signIn(): void {
    const { world } = this;
    const api = this.witnessed(world.server.apiFor(agent));
    this.gate?.dispose();
    const gate = createRequestGate({
      api,
      clock: world.clock,
      ...(this.refused === null ? {} : { refused: this.refused }),
      onRefused: (error) => {
        this.refused = error;
        world.recorder.lock(error);
      },
    });
    this.gate = gate;
    world.recorder.setSession(world.session({ api: gate }));
  }

  /** The user enters the new password. */
  enterPassword(): void {
    this.passwordChanged = false;
    this.refused = null;
    this.signIn();
  }

  /** The API, with a look at what becomes of starts and lists. */
  witnessed(api: RecorderApi): RecorderApi {
    const { clock } = this.world;
    return {
      ...api,
      startRecording: async (line, options) => {
        const start: SentStart = { at: clock.monotonicNow(), givenUpAt: null };
        this.starts.push(start);
        const result = await api.startRecording(line, options);
        if (!result.ok && isOutcomeUnclear(result.error)) start.givenUpAt = clock.monotonicNow();
        return result;
      },
      activeRecordings: async (filter, options) => {
        const at = clock.monotonicNow();
        const result = await api.activeRecordings(filter, options);
        if (result.ok) this.lastListAt = Math.max(this.lastListAt, at);
        return result;
      },
    };
  }

  checkRequest({ kind, argument }: RequestRecord): void {
    const { status } = this.world.recorder.view();
    if (status === 'locked' || status === 'signed-out') this.fail(`a ${kind} was sent while ${status}`);
    if (this.refused !== null) this.fail(`a ${kind} was sent with refused credentials`);
    if (kind === 'start') this.checkStart();
    if (kind === 'stop') this.checkStop(argument);
    if (kind === 'stop-line' && this.lastStopAt < this.world.clock.monotonicNow() - 60_000)
      this.fail('the line was stopped, and nobody had pressed Stop');
  }

  /** After a start of which nobody knows what became, only a list or the user leads to another one. */
  checkStart(): void {
    const since = this.starts.at(-2)?.givenUpAt ?? null;
    if (since !== null && this.lastListAt < since && this.lastWishAt < since)
      this.fail('a start was repeated blindly');
  }

  /** What somebody else records is stopped only by a press of *Stop* while it ran. */
  checkStop(id: string): void {
    const stopped = this.world.server.everRecorded.find((recording) => recording.id === id);
    if (stopped === undefined || stopped.username === agent) return;
    if (this.lastStopAt > stopped.startedAt) return;
    // It began just when a start of this agent, whose answer was lost, must have had its effect: nobody can tell.
    const isAlike = this.starts.some(
      ({ at, givenUpAt }) =>
        givenUpAt !== null &&
        stopped.startedAt >= at - aroundStartMs.before &&
        stopped.startedAt <= givenUpAt + aroundStartMs.after,
    );
    if (!isAlike) this.fail(`${id}, which somebody else records, was stopped by nobody`);
  }

  /** However often a start is sent, lost, doubled or late: each recording of a call needs a press of its own. */
  checkPresses(): void {
    const { everRecorded, calls } = this.world.server;
    for (const call of new Set([...calls, ...everRecorded.map((recording) => recording.call)])) {
      const begun = everRecorded.filter((other) => other.call === call && other.username === agent);
      if (begun.length > this.wishes)
        this.fail(`${begun.length} recordings of one call, ${this.wishes} presses`);
    }
  }

  watch(): void {
    this.world.recorder.onChange(() => {
      this.check();
    });
    this.world.recorder.onNotice((notice) => {
      this.checkNotice(notice);
    });
  }

  /** What is told after an outage is held to what the lamp is held to. */
  checkNotice(notice: RecorderNotice): void {
    if (notice.kind !== 'recovered') return;
    if (notice.is === 'not-recording' && !this.wasTrue(bounds.notRecording, false, null))
      this.fail('"not recording" is told, but it records');
    if (notice.is === 'recording' && this.wasAlwaysIdle(bounds.notRecording))
      this.fail('"recording" is told, but nothing ran');
  }

  wish(): void {
    this.wishes += 1;
    this.lastWishAt = this.world.clock.monotonicNow();
  }

  fail(what: string): void {
    this.violation ??= `${what} at ${this.world.clock.monotonicNow()}`;
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      await this.world.pass(Math.min(500, left));
      this.check();
    }
    expect(this.violation).toBeNull();
  }

  /** Whether the line's recordings satisfied the condition at some moment of the last so many ms. */
  wasTrue(withinMs: number, isActive: boolean, id: string | null): boolean {
    const { server, clock } = this.world;
    const now = clock.monotonicNow();
    const from = now - withinMs;
    const spans = [
      ...server.completed.map(({ id: ended, startedAt, endedAt }) => ({ id: ended, startedAt, endedAt })),
      ...server.active().map(({ id: running, startedAt }) => ({ id: running, startedAt, endedAt: Infinity })),
    ].filter((span) => span.endedAt >= from);
    if (isActive) return spans.some((span) => span.id === id);
    if (spans.length === 0) return true;
    // Some gap between the spans that reach into the window.
    const sorted = [...spans].sort((a, b) => a.startedAt - b.startedAt);
    let covered = from;
    for (const span of sorted) {
      if (span.startedAt > covered) return true;
      covered = Math.max(covered, span.endedAt);
      if (covered === span.endedAt && covered <= now && span.endedAt > from) {
        // Recordings of one line do not overlap: right after an end nothing runs.
        return true;
      }
    }
    return covered < now;
  }

  /** Whether nothing ran on the line at any moment of the last so many ms. */
  wasAlwaysIdle(withinMs: number): boolean {
    const { server, clock } = this.world;
    const from = clock.monotonicNow() - withinMs;
    return server.active().length === 0 && server.completed.every(({ endedAt }) => endedAt < from);
  }

  check(): void {
    const { world } = this;
    const view = world.recorder.view();
    this.checkLamp(view);
    this.checkTimers(view);
    for (const { id } of view.recordings) this.known.add(id);
    if (world.server.mostStartsInFlight > 1) this.fail('two starts in flight');
    this.checkPresses();
    if ((world.server.inFlight.get(`${agent} active`) ?? 0) > 1) this.fail('two polls in flight');
  }

  checkLamp(view: RecorderView): void {
    if (view.status === 'recording' || view.status === 'paused') {
      if (view.recordings.length === 0) this.fail('recording, but none is listed');
      for (const recording of view.recordings) {
        if (!recording.ticking && !recording.isPaused) continue;
        if (!this.wasTrue(bounds.recording, true, recording.id))
          this.fail(`${recording.id} is shown, but is over`);
      }
    }
    if (view.status === 'not-recording' && !this.wasTrue(bounds.notRecording, false, null)) {
      this.fail('"not recording" is shown, but it records');
    }
    if ((view.status === 'unknown') !== (view.unknown !== null)) this.fail('unknown without its reason');
    if (view.status === 'not-recording' && view.recordings.length > 0)
      this.fail('not recording, but one is listed');
  }

  checkTimers(view: RecorderView): void {
    const now = this.world.clock.monotonicNow();
    for (const { id, elapsedMs, anchorMono, ticking } of view.recordings) {
      const shown = elapsedMs + (ticking ? now - anchorMono : 0);
      if (shown < (this.timers.get(id) ?? 0) - 0.001) this.fail('a timer ran backwards');
      this.timers.set(id, shown);
    }
  }

  /** Everything heals; what is shown must then be the truth, and nothing that ended may be forgotten. */
  async finish(): Promise<void> {
    const { world } = this;
    this.weather = 'fine';
    world.server.blind.delete(agent);
    if (this.passwordChanged) {
      world.recorder.setSession(null);
      await this.pass(1);
      this.enterPassword();
    }
    world.recorder.resume();
    world.recorder.cancelWaiting();
    await this.pass(45_000);
    const isActive = world.server.active().length > 0;
    const { status } = world.recorder.view();
    expect(status).toBe(
      isActive ? (world.server.active()[0]?.isPaused === true ? 'paused' : 'recording') : 'not-recording',
    );
    await world.clock.advance(240_000, 20);
    expect(this.violation).toBeNull();

    for (const notice of world.notices) {
      if (notice.kind === 'started' || notice.kind === 'stopped' || notice.kind === 'ended') {
        if (notice.recordingId !== null) this.known.add(notice.recordingId);
      }
    }
    const saved = new Set(
      world.notices.map((notice) => (notice.kind === 'saved' ? notice.recording.id : '')),
    );
    const unconfirmed = new Set(world.recorder.view().unconfirmed.map(({ id }) => id));
    for (const { id } of world.server.completed) {
      if (this.known.has(id)) expect([id, saved.has(id) || unconfirmed.has(id)]).toEqual([id, true]);
    }
    for (const { id } of world.server.active()) expect(unconfirmed.has(id)).toBe(false);
    world.recorder.dispose();
    expect(world.clock.pending()).toBeLessThanOrEqual(world.server.inFlight.size * 4 + 8);
  }
}

type Act = readonly [name: string, act: (observed: Observed) => void | Promise<void>];

const acts: readonly Act[] = [
  ['call connects', ({ world }) => void world.server.connectCall('101', agent)],
  ['call ends', ({ world }) => world.server.endCall('101')],
  [
    'supervisor starts',
    ({ world }) => {
      const call = world.server.callOn('101');
      if (call !== null) world.server.beginRecording(call, 'supervisor');
    },
  ],
  [
    'supervisor stops',
    ({ world }) => {
      const call = world.server.callOn('101');
      if (call !== null) world.server.endRecording(call);
    },
  ],
  [
    'record',
    (observed) => {
      observed.wish();
      observed.world.recorder.record();
    },
  ],
  [
    'stop',
    (observed) => {
      observed.lastStopAt = observed.world.clock.monotonicNow();
      observed.world.recorder.stop();
    },
  ],
  ['pause', ({ world }) => void world.recorder.pause()],
  ['resume recording', ({ world }) => void world.recorder.resumeRecording()],
  [
    'record next',
    (observed) => {
      observed.wish();
      observed.world.recorder.recordNextCall();
    },
  ],
  ['cancel waiting', ({ world }) => void world.recorder.cancelWaiting()],
  [
    'a supervisor is faster than a try that is cancelled',
    async (observed) => {
      const { server, recorder } = observed.world;
      const call = server.callOn('101') ?? server.connectCall('101', agent);
      observed.wish();
      recorder.recordNextCall();
      await observed.pass(5);
      server.beginRecording(call, 'supervisor');
      recorder.cancelWaiting();
    },
  ],
  [
    'waiting in bad weather, and nothing can be seen',
    async (observed) => {
      observed.world.server.blind.add(agent);
      observed.world.recorder.tryNow();
      await observed.pass(1_000);
      observed.weather = 'lossy';
      observed.wish();
      observed.world.recorder.recordNextCall();
      await observed.pass(10_000);
    },
  ],
  ['try now', ({ world }) => void world.recorder.tryNow()],
  ['mark', ({ world }) => void world.recorder.markMoment()],
  ['window shown', ({ world }) => world.recorder.setWindowVisible(true)],
  ['window hidden', ({ world }) => world.recorder.setWindowVisible(false)],
  ['nudge', ({ world }) => world.recorder.nudge()],
  [
    'sleep',
    async (observed) => {
      observed.world.recorder.suspend();
      await observed.pass(20_000);
      observed.world.recorder.resume();
    },
  ],
  [
    'sleep that nobody announces',
    ({ world }) => {
      world.clock.sleepMachine(40_000);
    },
  ],
  ['level lowered', ({ world }) => void world.server.blind.add(agent)],
  ['level raised', ({ world }) => void world.server.blind.delete(agent)],
  ['clock set', ({ world }) => world.clock.jumpWall(3 * 3_600_000)],
  [
    'password changed',
    (observed) => {
      observed.passwordChanged = true;
    },
  ],
  [
    'signed out and in',
    async (observed) => {
      observed.world.recorder.setSession(null);
      await observed.pass(1_000);
      observed.enterPassword();
    },
  ],
  [
    'restart',
    async (observed) => {
      await observed.world.restart();
      observed.watch();
      observed.signIn();
    },
  ],
];

/** Frequent things more often than rare ones. */
const frequent = acts.slice(0, 6);

class ActCommand implements fc.AsyncCommand<object, Observed> {
  constructor(readonly act: Act) {}
  check = () => true;
  async run(_model: object, observed: Observed): Promise<void> {
    await this.act[1](observed);
    observed.check();
    expect(observed.violation).toBeNull();
  }
  toString = () => this.act[0];
}

class PassCommand implements fc.AsyncCommand<object, Observed> {
  constructor(readonly ms: number) {}
  check = () => true;
  run(_model: object, observed: Observed): Promise<void> {
    return observed.pass(this.ms);
  }
  toString = () => `pass(${this.ms})`;
}

class WeatherCommand implements fc.AsyncCommand<object, Observed> {
  constructor(readonly weather: Weather) {}
  check = () => true;
  run(_model: object, observed: Observed): Promise<void> {
    observed.weather = this.weather;
    return Promise.resolve();
  }
  toString = () => `weather(${this.weather})`;
}

const commands = fc.commands(
  [
    fc.constantFrom(...acts).map((act) => new ActCommand(act)),
    fc.constantFrom(...frequent).map((act) => new ActCommand(act)),
    fc.integer({ min: 1, max: 14_000 }).map((ms) => new PassCommand(ms)),
    fc.integer({ min: 1, max: 3_000 }).map((ms) => new PassCommand(ms)),
    fc.constantFrom(...weathers).map((weather) => new WeatherCommand(weather)),
  ],
  { maxCommands: 24 },
);

test(`the light never lies, in ${sequences} random histories`, async () => {
  const saving = fc.constantFrom(1_000, 30_000, null);
  await fc.assert(
    fc.asyncProperty(fc.nat(), saving, commands, async (seed, savedAfterMs, history) => {
      const observed = await Observed.create(seed, savedAfterMs);
      await fc.asyncModelRun(() => ({ model: {}, real: observed }), history);
      await observed.finish();
    }),
    { numRuns: sequences, seed: 20_260_302, endOnFailure: false },
  );
}, 600_000);
