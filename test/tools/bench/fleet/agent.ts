import { createLoginGuard } from '../../../../src-main/core/account/login-guard';
import { marksDocument } from '../../../../src-main/core/marks/store';
import { rememberedDocument } from '../../../../src-main/core/recorder/remembered';
import type { Recorder } from '../../../../src-main/core/recorder/service';
import { createRecorderService } from '../../../../src-main/core/recorder/service';
import type { Disposable, Random } from '../../../../src-main/core/ports/clock';
import type { SnapshotSources, State } from '../../../../src-main/core/state';
import { createState } from '../../../../src-main/core/state';
import type { TrayModel } from '../../../../src-main/core/desktop/tray-model';
import { trayModel } from '../../../../src-main/core/desktop/tray-model';
import { snapshotOf } from '../../../fixtures/examples';
import { MemoryFile, silentLog } from '../../../fixtures/memory-file';
import { openTestDocument } from '../../../fixtures/open-document';
import type { VirtualClock } from '../../../fixtures/virtual-clock';
import type { Desk, FleetServer, RequestKind } from './fleet-server';

/** What is counted for the whole fleet. */
export interface Tally {
  /** Requests while the computer sleeps. */
  whileSuspended: number;
  /** Requests sent after a 401 was answered. */
  whileLatched: number;
  /** 401s; each is a failed log-in to the directory. */
  refusedLogIns: number;
  /** How many agents' passwords were changed. */
  passwordsChanged: number;
  /**
   * While five polls in a row were missed: polls sooner than the breaker's spacing that neither the user nor a wake-up
   * asked for, and requests that are neither polls nor the user's own commands.
   */
  whileOpen: number;
  /** Polls that an open breaker let through. */
  probes: number;
  /** Most questions about what is being recorded under way for one agent. */
  maxPollsInFlight: number;
  /** The same of all that nobody pressed a button for: polls, looks, probes, lists. */
  maxBackgroundInFlight: number;
  maxStartsInFlight: number;
  /** The same of everything together. */
  maxInFlight: number;
  /**
   * From a change on the server to the change of the tray, minus the poll interval in force, ms; infinite where the
   * tray never followed although it might have known. Apart for what begins and what ends: an end is proven by more
   * than one list.
   */
  readonly lateness: Readonly<Record<Change['wants'], number[]>>;
  /** Changes that no lateness is counted for: the tray rightly said that it did not know, or the computer slept. */
  excused: number;
  /** Changes that were undone before the tray had to show them. */
  undone: number;
}

/** A tally of nothing. */
export function emptyTally(): Tally {
  return {
    whileSuspended: 0,
    whileLatched: 0,
    refusedLogIns: 0,
    passwordsChanged: 0,
    whileOpen: 0,
    probes: 0,
    maxPollsInFlight: 0,
    maxBackgroundInFlight: 0,
    maxStartsInFlight: 0,
    maxInFlight: 0,
    lateness: { on: [], off: [] },
    excused: 0,
    undone: 0,
  };
}

/** What a busy hour is made of. */
export interface Workload {
  /** Mean pause between two calls, ms. */
  readonly pauseMs: number;
  /** Mean length of a call, ms. */
  readonly callMs: number;
  /** Share of calls that the agent records. */
  readonly recorded: number;
  /** Share of those for which the button is pressed more than once. */
  readonly impatient: number;
  /** Share of calls that a supervisor records. */
  readonly supervised: number;
  /** Share of agents who keep the window open. */
  readonly windowOpen: number;
  /** Share of agents whose computer sleeps once, for ten minutes. */
  readonly sleepers: number;
  /** Share of agents whose password changes once. */
  readonly passwordChanges: number;
  readonly durationMs: number;
}

const missedUntilOpen = 5;
/** Probes of an open breaker that come closer together than this do not spare a server, ms. */
const probeSpacingMs = 5_000;
/** Within this a press or a wake-up has been followed by the poll that it asked for, ms: 2 s of jitter and a moment. */
const askedWithinMs = 2_100;
/** The intervals that polls are to have: while something happens, with the window visible, and otherwise, ms. */
const activeMs = 2_000;
const visibleMs = 5_000;
const hiddenMs = 10_000;
/** The longest jitter of a poll interval, and what may be added to it, ms. */
const due = { jitter: 1.2, graceMs: 100 } as const;
const sleepMs = 600_000;
const betweenPressesMs = 8;

/** What the tray says of the line, to somebody who looks at icon and tooltip. */
type Lamp = 'on' | 'off' | 'between' | 'unknown';

/** A change of the server that the tray has not shown yet. */
interface Change {
  readonly at: number;
  readonly wants: 'on' | 'off';
  readonly intervalMs: number;
}

/** Whatever the tray shows besides the recorder; the same for everyone. */
const surroundings = sourcesOfNothing();

function sourcesOfNothing(): Omit<SnapshotSources, 'recorder'> {
  const still = snapshotOf();
  return {
    session: () => still.session,
    hotkeys: () => still.hotkeys,
    settings: () => still.settings,
    managedSettings: () => still.managedSettings,
    recordings: () => still.recordings,
    marks: () => still.marks,
    removals: () => [],
    keep: () => still.keep,
    environment: () => still.environment,
    warnings: () => still.warnings,
    intent: () => still.intent,
    cue: () => still.cue,
  };
}

/** Icon and tooltip must agree: an icon without its words is no answer. */
function lampOf({ icon, tooltip }: TrayModel): Lamp {
  switch (icon) {
    case 'recording':
      return tooltip.startsWith('RecLight – Recording ') ? 'on' : 'between';
    case 'not-recording':
      return tooltip === 'RecLight – Not recording' ? 'off' : 'between';
    case 'unknown':
    case 'connecting':
    case 'locked':
    case 'signed-out':
      return 'unknown';
    default:
      return 'between';
  }
}

/** Whether the tray must have shown by now what happened then. */
function isDue(at: number, intervalMs: number, now: number): boolean {
  return now - at > intervalMs * due.jitter + due.graceMs;
}

function isCommand(kind: RequestKind): boolean {
  return kind === 'start' || kind === 'stop' || kind === 'toggle';
}

function isPoll(kind: RequestKind): boolean {
  return kind === 'active' || kind === 'others';
}

/** A file that holds its newest text alone: ten thousand agents write all day. */
function fileWithoutPast(fileName: string): MemoryFile {
  const file = new MemoryFile(fileName);
  file.keepWrites = false;
  return file;
}

/** One virtual agent: the real recorder behind the real gate, a tray that shows it, and a day's work. */
export class VirtualAgent implements Disposable {
  readonly recorder: Recorder;
  readonly #shown: State;
  readonly #desk: Desk;
  readonly #windowOpen: boolean;
  #isOver = false;
  #suspended = false;
  #latched = false;
  #missed = 0;
  /** Whether the server has answered a poll since the computer was woken. */
  #heard = false;
  #lastPollAt = Number.NEGATIVE_INFINITY;
  /** When a press or a wake-up asked for a poll that has not been sent yet. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #polls = 0;
  #starts = 0;
  #background = 0;
  #inFlight = 0;
  #change: Change | null = null;

  constructor(
    readonly server: FleetServer,
    readonly clock: VirtualClock,
    readonly random: Random,
    readonly workload: Workload,
    readonly tally: Tally,
    index: number,
  ) {
    const line = String(1_000_000 + index);
    const username = `agent-${index}`;
    this.#desk = server.addDesk(username, line);
    this.#windowOpen = random() < workload.windowOpen;
    this.recorder = createRecorderService({
      clock,
      random,
      log: silentLog,
      stateFile: openTestDocument(rememberedDocument, fileWithoutPast('recorder.json'), clock),
      marksFile: openTestDocument(marksDocument, fileWithoutPast('marks.json'), clock),
    });
    this.#shown = createState(clock, silentLog, { ...surroundings, recorder: () => this.recorder.view() });
    this.#count();
    // Drawing keeps nothing, so a tray that is only drawn while somebody looks at it shows the same.
    this.recorder.onChange(() => {
      if (this.#change !== null) this.#shown.markDirty();
    });
    this.#shown.onSnapshot((snapshot) => {
      this.#look(lampOf(trayModel(snapshot)));
    });
    const api = createLoginGuard({
      api: server.apiFor(this.#desk),
      clock,
      onRefused: (error) => {
        this.recorder.lock(error);
      },
    });
    clock.schedule(random() * 10_000, () => {
      this.recorder.setWindowVisible(this.#windowOpen);
      this.recorder.setSession({
        api,
        serverAddress: 'https://recorder.example',
        username,
        line: { directoryNumber: line, deviceName: null, mode: 'media-forking' },
      });
      this.#pause();
      this.#plan();
    });
  }

  /** From now on nothing happens at this desk any more: only the tray may still follow. */
  endWork(): void {
    this.#isOver = true;
  }

  /** What the tray has not followed by now it never follows. */
  dispose(): void {
    this.#giveUp();
    this.#shown.dispose();
    this.recorder.dispose();
  }

  #count(): void {
    const { tally } = this;
    this.#desk.sent = (kind) => {
      if (this.#suspended) tally.whileSuspended += 1;
      if (this.#latched) tally.whileLatched += 1;
      if (this.#missed >= missedUntilOpen) this.#countBehindBreaker(kind);
      if (kind === 'active') {
        this.#lastPollAt = this.clock.monotonicNow();
        this.#askedAt = Number.NEGATIVE_INFINITY;
      }
      this.#inFlight += 1;
      if (isPoll(kind)) this.#polls += 1;
      if (kind === 'start') this.#starts += 1;
      if (!isCommand(kind)) this.#background += 1;
      tally.maxInFlight = Math.max(tally.maxInFlight, this.#inFlight);
      tally.maxPollsInFlight = Math.max(tally.maxPollsInFlight, this.#polls);
      tally.maxStartsInFlight = Math.max(tally.maxStartsInFlight, this.#starts);
      tally.maxBackgroundInFlight = Math.max(tally.maxBackgroundInFlight, this.#background);
    };
    this.#desk.refused = (heard) => {
      tally.refusedLogIns += 1;
      this.#latched ||= heard;
    };
    this.#desk.answered = (kind, reached) => {
      this.#inFlight -= 1;
      if (isPoll(kind)) this.#polls -= 1;
      if (kind === 'start') this.#starts -= 1;
      if (!isCommand(kind)) this.#background -= 1;
      if (kind !== 'active') return;
      this.#missed = reached ? 0 : this.#missed + 1;
      this.#heard ||= reached;
    };
  }

  #countBehindBreaker(kind: RequestKind): void {
    if (isCommand(kind)) return;
    const now = this.clock.monotonicNow();
    const isProbe =
      kind === 'active' && (now - this.#lastPollAt >= probeSpacingMs || now - this.#askedAt <= askedWithinMs);
    if (isProbe) this.tally.probes += 1;
    else this.tally.whileOpen += 1;
  }

  /** The user presses a button: the state may be asked for at once, whatever the breaker says. */
  #press(button: () => void): void {
    if (this.#suspended || this.#isOver) return;
    this.#askedAt = this.clock.monotonicNow();
    button();
  }

  #sleep(): void {
    this.recorder.suspend();
    this.#suspended = true;
    if (this.#change !== null) this.tally.excused += 1;
    this.#change = null;
  }

  /** What was learnt of the server before is void: the computer may be in another network. */
  #wake(): void {
    this.#suspended = false;
    this.#missed = 0;
    this.#heard = false;
    this.#askedAt = this.clock.monotonicNow();
    this.recorder.resume();
  }

  /** Sleep and a changed password, once each, at a random moment, for some agents. */
  #plan(): void {
    const { workload, random } = this;
    const moment = () => random() * (workload.durationMs - sleepMs);
    if (random() < workload.sleepers) {
      this.clock.schedule(moment(), () => {
        this.#sleep();
        this.clock.schedule(sleepMs, () => {
          this.#wake();
        });
      });
    }
    if (random() < workload.passwordChanges) {
      this.clock.schedule(moment(), () => {
        this.#desk.passwordChanged = true;
        this.tally.passwordsChanged += 1;
      });
    }
  }

  #exponential(meanMs: number): number {
    return -Math.log(1 - this.random()) * meanMs;
  }

  #pause(): void {
    this.clock.schedule(this.#exponential(this.workload.pauseMs), () => {
      this.#connect();
    });
  }

  #connect(): void {
    const { random, workload, clock } = this;
    const lengthMs = 20_000 + this.#exponential(workload.callMs - 20_000);
    this.#desk.hasCall = true;
    const chance = random();
    if (chance < workload.recorded) {
      // Who is impatient presses again before the first press can have been answered.
      const presses = random() < workload.impatient ? 3 : 1;
      const firstAt = 3_000 + random() * 7_000;
      for (let press = 0; press < presses; press += 1) {
        clock.schedule(firstAt + press * betweenPressesMs, () => {
          this.#press(() => this.recorder.record());
        });
      }
      // Half of the recordings are stopped by hand, the others end with their call.
      if (random() < 0.5) {
        clock.schedule(lengthMs * 0.8, () => {
          if (this.recorder.view().controls.stop) this.#press(() => this.recorder.stop());
        });
      }
    } else if (chance < workload.recorded + workload.supervised) {
      clock.schedule(lengthMs * 0.2, () => {
        if (this.#desk.recording !== null || !this.#desk.hasCall || this.#isOver) return;
        this.#expect('on');
        this.server.beginRecording(this.#desk);
      });
    }
    clock.schedule(lengthMs, () => {
      if (this.#isOver) return;
      if (this.#desk.recording !== null) {
        this.#expect('off');
        this.server.endRecording(this.#desk);
      }
      this.#desk.hasCall = false;
      this.#pause();
    });
  }

  /** A change that nobody at this desk caused: how soon does the tray follow? */
  #expect(wants: Change['wants']): void {
    const wasWaited = this.#change !== null;
    this.#giveUp();
    if (this.#suspended) {
      this.tally.excused += 1;
      return;
    }
    const now = this.clock.monotonicNow();
    const intervalMs = wants === 'off' ? activeMs : this.#intervalMs();
    const lamp = lampOf(trayModel(this.#shown.snapshot()));
    if (lamp === wants) {
      // Off before the recording ended: somebody at this desk started it, and the tray never told them that it ran.
      const startedAt = this.#desk.recording?.startedAt ?? now;
      const wasMissed = wants === 'off' && isDue(startedAt, this.#intervalMs(), now);
      if (wasMissed && !wasWaited) this.tally.lateness[wants].push(Number.POSITIVE_INFINITY);
      return;
    }
    this.#change = { at: now, wants, intervalMs };
    if (lamp === 'unknown') this.#look(lamp);
  }

  /** Between polls while nothing happens, ms. */
  #intervalMs(): number {
    return this.#windowOpen ? visibleMs : hiddenMs;
  }

  /** The tray is looked at while a change is to be shown. */
  #look(lamp: Lamp): void {
    const change = this.#change;
    if (change === null) return;
    if (lamp === 'unknown') {
      this.#change = null;
      if (this.#mayNotKnow()) this.tally.excused += 1;
      else this.tally.lateness[change.wants].push(Number.POSITIVE_INFINITY);
    } else if (lamp === change.wants) {
      this.#change = null;
      this.tally.lateness[change.wants].push(this.clock.monotonicNow() - change.at - change.intervalMs);
    }
  }

  /** Whether "unknown" is the truth: the newest poll was missed, none was answered yet, or none will be. */
  #mayNotKnow(): boolean {
    return this.#missed > 0 || !this.#heard || this.#desk.passwordChanged;
  }

  /** The change is not waited for any longer: a failure, unless it was undone before it was due. */
  #giveUp(): void {
    const change = this.#change;
    this.#change = null;
    if (change === null) return;
    if (isDue(change.at, change.intervalMs, this.clock.monotonicNow())) {
      this.tally.lateness[change.wants].push(Number.POSITIVE_INFINITY);
    } else this.tally.undone += 1;
  }
}
