import { createRequestGate } from '../../../src-main/core/request-gate';
import type { Recorder } from '../../../src-main/core/recorder/service';
import { createRecorderService } from '../../../src-main/core/recorder/service';
import type { Disposable, Random } from '../../../src-main/core/ports';
import { MemoryFile, silentLog } from '../../support/memory-file';
import type { VirtualClock } from '../../support/virtual-clock';
import type { Desk, FleetServer } from './fleet-server';

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
  /** Requests that are neither probes nor the user's own commands while five polls in a row were missed. */
  whileOpen: number;
  mostPollsInFlight: number;
  mostStartsInFlight: number;
  /** From a change on the server to the change of the lamp, minus the poll interval in force, ms. */
  readonly lateness: number[];
}

/** What a busy hour is made of. */
export interface Workload {
  /** Mean pause between two calls, ms. */
  readonly pauseMs: number;
  /** Mean length of a call, ms. */
  readonly callMs: number;
  /** Share of calls that the agent records. */
  readonly recorded: number;
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
const sleepMs = 600_000;

/** A file that holds its newest text alone: ten thousand agents write all day. */
function fileWithoutPast(fileName: string): MemoryFile {
  const file = new MemoryFile(fileName);
  file.keepWrites = false;
  return file;
}

/** One virtual agent: the real recorder behind the real gate, and a day's work. */
export class VirtualAgent implements Disposable {
  readonly recorder: Recorder;
  readonly #desk: Desk;
  readonly #windowOpen: boolean;
  #suspended = false;
  #latched = false;
  #missed = 0;
  #polls = 0;
  #starts = 0;
  /** A change of the server that the lamp has not shown yet. */
  #change: { readonly at: number; readonly wants: 'on' | 'off'; readonly intervalMs: number } | null = null;

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
      stateFile: fileWithoutPast('recorder.json'),
      marksFile: fileWithoutPast('marks.json'),
    });
    this.#count();
    this.recorder.onChange(() => {
      this.#noticeChange();
    });
    const api = createRequestGate({
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

  dispose(): void {
    this.recorder.dispose();
  }

  #count(): void {
    const { tally } = this;
    this.#desk.sent = (kind) => {
      if (this.#suspended) tally.whileSuspended += 1;
      if (this.#latched) tally.whileLatched += 1;
      const isBackground = kind !== 'active' && kind !== 'stop' && kind !== 'toggle';
      if (this.#missed >= missedUntilOpen && isBackground) tally.whileOpen += 1;
      if (kind === 'active') {
        this.#polls += 1;
        tally.mostPollsInFlight = Math.max(tally.mostPollsInFlight, this.#polls);
      }
      if (kind === 'start') {
        this.#starts += 1;
        tally.mostStartsInFlight = Math.max(tally.mostStartsInFlight, this.#starts);
      }
    };
    this.#desk.refused = (heard) => {
      tally.refusedLogIns += 1;
      this.#latched ||= heard;
    };
    this.#desk.answered = (kind, reached) => {
      if (kind === 'start') this.#starts -= 1;
      if (kind !== 'active') return;
      this.#polls -= 1;
      this.#missed = reached ? 0 : this.#missed + 1;
    };
  }

  /** Sleep and a changed password, once each, at a random moment, for some agents. */
  #plan(): void {
    const { workload, random } = this;
    const moment = () => random() * (workload.durationMs - sleepMs);
    if (random() < workload.sleepers) {
      this.clock.schedule(moment(), () => {
        this.recorder.suspend();
        this.#suspended = true;
        this.#change = null;
        this.clock.schedule(sleepMs, () => {
          this.#suspended = false;
          this.recorder.resume();
        });
      });
    }
    if (random() < workload.passwordChanges) {
      this.clock.schedule(moment(), () => {
        this.#desk.passwordChanged = true;
        this.tally.passwordsChanged += 1;
        this.#change = null;
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
      clock.schedule(3_000 + random() * 7_000, () => {
        if (!this.#suspended) this.recorder.record();
      });
      // Half of the recordings are stopped by hand, the others end with their call.
      if (random() < 0.5) {
        clock.schedule(lengthMs * 0.8, () => {
          if (!this.#suspended && this.recorder.view().controls.stop) this.recorder.stop();
        });
      }
    } else if (chance < workload.recorded + workload.supervised) {
      clock.schedule(lengthMs * 0.2, () => {
        if (this.#desk.recording !== null || !this.#desk.hasCall) return;
        this.#expect('on');
        this.server.beginRecording(this.#desk);
      });
    }
    clock.schedule(lengthMs, () => {
      if (this.#desk.recording !== null) {
        this.#expect('off');
        this.server.endRecording(this.#desk);
      }
      this.#desk.hasCall = false;
      this.#pause();
    });
  }

  /** A change that nobody at this desk caused: how soon does the lamp follow? */
  #expect(wants: 'on' | 'off'): void {
    const { status } = this.recorder.view();
    const shows = status === 'recording' ? 'on' : status === 'not-recording' ? 'off' : null;
    this.#change = null;
    // Only where the lamp is certain: while unknown it promises nothing.
    if (shows === null || shows === wants || this.server.isDown || this.#desk.passwordChanged) return;
    const intervalMs = wants === 'off' ? 2_000 : this.#windowOpen ? 5_000 : 10_000;
    this.#change = { at: this.clock.monotonicNow(), wants, intervalMs };
  }

  #noticeChange(): void {
    const change = this.#change;
    if (change === null) return;
    const { status } = this.recorder.view();
    if (status === 'unknown') {
      this.#change = null;
      return;
    }
    const shows = status === 'recording' ? 'on' : status === 'not-recording' ? 'off' : null;
    if (shows !== change.wants) return;
    this.#change = null;
    this.tally.lateness.push(this.clock.monotonicNow() - change.at - change.intervalMs);
  }
}
