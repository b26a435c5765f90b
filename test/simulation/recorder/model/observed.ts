import type { CodedError } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import type { LoginGuard } from '../../../../src-main/core/account/login-guard';
import { createLoginGuard } from '../../../../src-main/core/account/login-guard';
import { seededRandom } from '../../../fixtures/virtual-clock';
import type { ServerHabits, VirtualRecording } from '../../../fixtures/virtual-telephony';
import { answering } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, createFixture } from '../../../fixtures/recorder';
import { Alarms } from './alarms';
import { Duties } from './duties';
import type { Interruption } from './duties';
import { Lamp } from './lamp';
import { Pauses } from './pauses';
import { Presses } from './presses';
import { Requests } from './requests';
import { Scene, runs } from './scene';
import type { Weather } from './weather';
import { answersPolls, fateIn } from './weather';

/** What is drawn once for a history: the server's habits and its users' rights. */
export interface Circumstances {
  readonly seed: number;
  readonly habits: Partial<ServerHabits>;
  readonly savedAfterMs: number | null;
  readonly startLagMs: number;
  readonly canPause: boolean;
  /** The user may not list completed recordings. */
  readonly isListless: boolean;
}

/** How long the server must have been quick before a start counts as held up, ms. */
const quickSinceMs = 20_000;

/** A recorder in a virtual fixture, under the observation of every invariant. */
export class Observed {
  readonly scene: Scene;
  readonly requests: Requests;
  readonly presses: Presses;
  readonly lamp: Lamp;
  readonly alarms: Alarms;
  readonly duties: Duties;
  readonly pauses: Pauses;
  readonly random: () => number;
  /** Unconfirmed recordings that the user has dismissed. */
  readonly dismissed = new Set<string>();
  gate: LoginGuard | null = null;
  /** What the former run remembers of a refused log-in. */
  refused: CodedError | null = null;
  passwordChanged = false;
  /** Called whenever the invariants are checked. */
  onStep: (() => void) | null = null;
  /** Called with whatever the user is told. */
  onTold: ((notice: RecorderNotice) => void) | null = null;
  #weather: Weather = 'fine';
  #weatherSince = 0;

  private constructor(
    readonly fixture: Fixture,
    circumstances: Circumstances,
  ) {
    this.random = seededRandom(circumstances.seed + 1);
    this.scene = new Scene(fixture);
    this.requests = new Requests(this.scene, (record) => {
      this.presses.sent(record);
      this.pauses.sent(record);
    });
    this.presses = new Presses(this.scene, this.requests);
    this.lamp = new Lamp(this.scene, this.requests);
    this.alarms = new Alarms(this.scene, this.requests, this.presses);
    this.duties = new Duties(this.scene, this.requests, this.presses);
    this.pauses = new Pauses(this.scene, this.presses);
  }

  static async create(circumstances: Circumstances): Promise<Observed> {
    const fixture = await createFixture(circumstances.seed);
    const { server } = fixture;
    Object.assign(server.habits, circumstances.habits);
    server.random = seededRandom(circumstances.seed + 2);
    server.savedAfterMs = circumstances.savedAfterMs;
    server.startLagMs = circumstances.startLagMs;
    server.canPause = circumstances.canPause;
    server.keepLog = false;
    if (circumstances.isListless) server.listless.add(agent);
    const observed = new Observed(fixture, circumstances);
    server.setNetwork((record) =>
      observed.passwordChanged && record.username === agent
        ? answering('unauthorized', { status: 401 })
        : fateIn(observed.#weather, record, observed.random),
    );
    observed.watch();
    observed.signIn(agent);
    return observed;
  }

  setWeather(weather: Weather): void {
    this.#weather = weather;
    this.#weatherSince = this.scene.now();
    this.presses.isServerQuick = false;
    this.pauses.disturb();
  }

  watch(): void {
    this.fixture.recorder.onChange(() => {
      this.check();
    });
    this.fixture.recorder.onNotice((notice) => {
      this.noticed(notice);
    });
  }

  /** Enters credentials; what was refused in a former run stays refused. */
  signIn(username: string): void {
    const { scene, fixture } = this;
    const api = this.requests.watch(fixture.server.apiFor(username));
    this.gate?.dispose();
    scene.username = username;
    scene.suspended = false;
    scene.locked = this.refused !== null;
    scene.beginEpoch();
    const gate = createLoginGuard({
      api,
      clock: fixture.clock,
      ...(this.refused === null ? {} : { refused: this.refused }),
      onRefused: (error) => {
        this.refused = error;
        this.scene.locked = true;
        fixture.recorder.lock(error);
      },
    });
    this.gate = gate;
    fixture.recorder.setSession(this.#session(gate, username));
    if (this.refused !== null) fixture.recorder.lock(this.refused);
  }

  signOut(): void {
    this.duties.interrupted('sign-out');
    this.fixture.recorder.setSession(null);
    this.gate?.dispose();
    this.gate = null;
    this.scene.username = null;
    this.scene.beginEpoch();
  }

  /** With a password that the server accepts. */
  enterPassword(username: string): void {
    this.passwordChanged = false;
    this.refused = null;
    this.requests.refused = false;
    this.signIn(username);
  }

  changeLine(line: Line): void {
    const { scene, gate } = this;
    const { username } = scene;
    if (username === null || gate === null || scene.locked) return;
    this.duties.interrupted('line change');
    scene.line = line;
    scene.suspended = false;
    scene.beginEpoch();
    this.fixture.recorder.setSession(this.#session(gate, username));
  }

  suspend(): void {
    this.duties.interrupted('sleep');
    this.scene.suspended = true;
    this.requests.cutOff();
    this.fixture.recorder.suspend();
  }

  resume(): void {
    this.requests.cutOff();
    this.scene.suspended = false;
    this.scene.disturbedAt = this.scene.now();
    this.fixture.recorder.resume();
  }

  /** RecLight quits and is started again, with whoever was signed in. */
  async restart(): Promise<void> {
    const { username } = this.scene;
    this.duties.interrupted('quit' satisfies Interruption);
    await this.fixture.recorder.settled();
    await this.fixture.restart();
    this.watch();
    this.fixture.recorder.setPolicy(this.scene.policy);
    if (username === null) this.scene.beginEpoch();
    else this.signIn(username);
  }

  noticed(notice: RecorderNotice): void {
    this.onTold?.(notice);
    this.duties.noticed(notice);
    this.presses.noticed(notice);
    this.alarms.noticed(notice);
  }

  check(): void {
    this.onStep?.();
    const { scene } = this;
    const view = scene.view();
    if (!scene.maySee()) scene.blindAt = scene.now();
    if (!answersPolls(this.#weather)) scene.lossyAt = scene.now();
    const isQuick =
      (this.#weather === 'fine' || this.#weather === 'slow lists') && scene.server.downUntil < scene.now();
    this.presses.isServerQuick =
      isQuick && scene.now() - Math.max(this.#weatherSince, scene.disturbedAt) > quickSinceMs;
    this.alarms.look(view.waiting !== null);
    this.requests.check();
    if (scene.username === null) {
      if (view.status !== 'signed-out') scene.fail('I3: nobody is signed in, and the lamp says otherwise');
      return;
    }
    this.lamp.check(view);
    this.presses.check(view);
    this.duties.check(view);
    this.pauses.check(view.status === 'recording' || view.status === 'paused');
    if (!answersPolls(this.#weather)) this.pauses.disturb();
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      await this.fixture.pass(Math.min(500, left));
      this.check();
    }
    this.expectNoViolation();
  }

  expectNoViolation(): void {
    if (this.scene.violation !== null) throw new Error(this.scene.violation);
  }

  /** Everything heals; what is shown must then be the truth, and nothing that ended may be forgotten. */
  async finish(): Promise<void> {
    const { fixture, scene } = this;
    const { server } = fixture;
    this.setWeather('fine');
    server.blind.clear();
    server.downUntil = 0;
    server.forbidNextLists = 0;
    server.habits.hasIdleNode = false;
    for (const recording of server.active()) recording.hiddenFromLists = 0;
    if (scene.username !== agent || this.passwordChanged || this.refused !== null) {
      if (scene.username !== null) this.signOut();
      await this.pass(1);
      this.enterPassword(agent);
    }
    this.resume();
    fixture.recorder.cancelWaiting();
    // As long again as a server that is to be spared is not asked.
    await this.pass(75_000 + scene.policy.hiddenMs);
    this.#checkTruth();
    for (let left = 240_000; left > 0; left -= 5_000) {
      await fixture.clock.advance(5_000, 20);
      this.check();
    }
    this.expectNoViolation();
    this.#checkMemory();
    fixture.recorder.dispose();
    if (fixture.clock.pending() > server.inFlight.size * 4 + 12) scene.fail('Timers are left over');
    this.expectNoViolation();
  }

  #session(gate: LoginGuard, username: string) {
    return this.fixture.session({ api: gate, username, line: this.scene.line });
  }

  #checkTruth(): void {
    const { scene } = this;
    const { status } = scene.view();
    if (!scene.maySee()) {
      if (status === 'not-recording') scene.fail('I3: "not recording" although nothing can be seen');
      return;
    }
    const all = scene.inView();
    const isOfConcern = (recording: VirtualRecording) =>
      scene.isOwn(recording) ||
      scene.view().recordings.some(({ id, startedHere }) => startedHere && recording.ids.includes(id));
    // The lamp tells of this user's own call before it tells of a colleague's.
    const concerning = all.filter(isOfConcern);
    const running = concerning.length > 0 ? concerning : all;
    const truth =
      running.length === 0
        ? 'not-recording'
        : running.every(({ isPaused }) => isPaused)
          ? 'paused'
          : 'recording';
    if (status !== truth) scene.fail(`I3: in the end the lamp says ${status}, and it is ${truth}`);
    this.expectNoViolation();
  }

  /** Whatever the user was shown or told of is known to be saved, or reported as missing. */
  #checkMemory(): void {
    const { scene, fixture, alarms } = this;
    const { server } = fixture;
    const saved = new Set(
      fixture.notices.map((notice) => (notice.kind === 'saved' ? notice.recording.id : '')),
    );
    const reported = new Set([
      ...this.dismissed,
      ...fixture.notices.map((notice) => (notice.kind === 'unconfirmed' ? notice.recording.id : '')),
      ...scene.view().unconfirmed.map(({ id }) => id),
    ]);
    for (const recording of alarms.known) {
      const rows = server.completed.filter((row) => row.recording === recording);
      if (runs(recording)) {
        const isInView = recording.spans.every((span) => scene.isInView(span));
        if (
          isInView &&
          !alarms.isUnrecognisable(recording) &&
          recording.ids.some((id) => scene.view().unconfirmed.some((other) => other.id === id))
        )
          scene.fail(`I4: ${recording.id} is reported as missing, and it runs`);
        continue;
      }
      const isOwn = recording.spans.every((span) => span.username === agent);
      if (!recording.isKept || !isOwn || server.listless.has(agent)) continue;
      if (server.everRecorded.some((other) => scene.seemsToContinue(other, recording))) continue;
      if (scene.isMistakenOverSignIn(recording)) continue;
      // A later recording of the line may have been taken for it.
      const isFollowed = server.everRecorded.some(
        (other) => other.line === recording.line && other.begunAt > recording.begunAt,
      );
      if (scene.isKeptUnnamed(recording) && isFollowed) continue;
      const isKnown = rows.some(({ id }) => saved.has(id)) || recording.ids.some((id) => reported.has(id));
      if (!isKnown) scene.fail(`I6: what became of ${recording.ids.join(', ')} is forgotten`);
    }
    this.expectNoViolation();
  }
}
