import type { Clock } from './clock';
import { type Direction, ticksOf } from './recording';
import type { TrafficType } from './service-state';

/** The other end of a call. */
export interface RemoteParty {
  readonly phoneNumber: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** A connected call. */
export interface Call {
  readonly id: string;
  readonly deviceName: string;
  /** Null where the phone has a call on a line the directory does not know. */
  readonly directoryNumber: string | null;
  readonly remote: RemoteParty;
  readonly direction: Direction;
  readonly trafficType: TrafficType;
  readonly pbxCallId: string;
  /** Who of a shared line's users has the call; null where the line decides. */
  readonly username: string | null;
  /** The server's epoch milliseconds. */
  readonly connectedMs: number;
}

/** The vendor's recording modes: 0 Cisco Media Forking, 1 Dial-In. */
export type RecordingMode = 0 | 1;

/** What is known about a recording in progress, its times apart. */
export interface LiveFacts {
  /** GUID in lower case. */
  readonly id: string;
  readonly call: Call;
  /** The user of the line, whoever started the recording, unless the site says otherwise. */
  readonly ownerUsername: string;
  readonly startedBy: string;
  readonly mode: RecordingMode;
  /** Started by the phone or by a rule; a stop is refused. */
  readonly automatic: boolean;
}

/** When a recording began, where that is not now. */
export interface LiveStart {
  /** Time before now, in ms: what was buffered is recorded from its beginning. */
  readonly agoMs?: number;
  /** The recording that this one goes on under another id; its times are taken over. */
  readonly from?: LiveRecording;
}

/** A recording in progress; time spent paused does not count. */
export class LiveRecording {
  readonly startedMs: number;
  /** What follows the milliseconds of the start, in 100 ns. */
  readonly startedTicks: number;
  private currentFacts: LiveFacts;
  private readonly startedMonotonic: number;
  private recordedBefore = 0;
  private runningSince: number | null;
  private endedAt: number | null = null;
  private paused = false;
  private firstToldMs: number | null = null;

  constructor(
    facts: LiveFacts,
    private readonly clock: Clock,
    { agoMs = 0, from }: LiveStart = {},
  ) {
    this.currentFacts = facts;
    this.startedMs = from?.startedMs ?? clock.now() - agoMs;
    this.startedTicks = from?.startedTicks ?? ticksOf(facts.id);
    this.startedMonotonic = from?.startedMonotonic ?? clock.monotonic() - agoMs;
    this.runningSince = from === undefined ? this.startedMonotonic : from.runningSince;
    this.recordedBefore = from?.recordedBefore ?? 0;
    this.paused = from?.paused ?? false;
  }

  get facts(): LiveFacts {
    return this.currentFacts;
  }

  get id(): string {
    return this.facts.id;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** How much has been recorded so far, in ms. */
  get durationMs(): number {
    const running = this.runningSince === null ? 0 : this.clock.monotonic() - this.runningSince;
    return Math.round((this.recordedBefore + running) / 10) * 10;
  }

  /** Since when it runs, in ms. */
  get ageMs(): number {
    return this.clock.monotonic() - this.startedMonotonic;
  }

  /** When it ended, on the monotonic clock; null while it runs. */
  get endedMonotonic(): number | null {
    return this.endedAt;
  }

  /** The start by a clock that was put right meanwhile, in epoch ms. */
  get redatedMs(): number {
    return Math.round(this.clock.now() - this.ageMs);
  }

  /** The duration as a server tells it, in ms: exact, in whole seconds, or as it was when first told. */
  durationAs(how: 'exact' | 'whole-seconds' | 'frozen'): number {
    if (how === 'exact') return this.durationMs;
    if (how === 'whole-seconds') return Math.floor(this.durationMs / 1000) * 1000;
    this.firstToldMs ??= this.durationMs;
    return this.firstToldMs;
  }

  /** Changes what is known of it, e.g. its call after a transfer. */
  change(facts: Partial<Omit<LiveFacts, 'id'>>): void {
    this.currentFacts = { ...this.currentFacts, ...facts };
  }

  /** Answers false when it was paused already. */
  pause(): boolean {
    if (this.paused) return false;
    this.paused = true;
    this.halt();
    return true;
  }

  /** Answers false when it was not paused. */
  resume(): boolean {
    if (!this.paused) return false;
    this.paused = false;
    this.runningSince = this.clock.monotonic();
    return true;
  }

  /** Ends it: the duration stands still from now on. */
  end(): void {
    this.halt();
    this.endedAt = this.clock.monotonic();
  }

  private halt(): void {
    if (this.runningSince === null) return;
    this.recordedBefore += this.clock.monotonic() - this.runningSince;
    this.runningSince = null;
  }
}
