import type { Clock } from './clock';
import type { Direction } from './recording';
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
  /** The server's epoch milliseconds. */
  readonly connectedMs: number;
}

/** The vendor's recording modes: 0 Cisco Media Forking, 1 Dial-In. */
export type RecordingMode = 0 | 1;

/** What is fixed about a recording in progress. */
export interface LiveFacts {
  /** GUID in lower case. */
  readonly id: string;
  readonly call: Call;
  /** The user of the line, whoever started the recording. */
  readonly ownerUsername: string;
  readonly startedBy: string;
  readonly mode: RecordingMode;
  readonly automatic: boolean;
}

/** A recording in progress; time spent paused does not count. */
export class LiveRecording {
  readonly startedMs: number;
  private readonly startedMonotonic: number;
  private recordedBefore = 0;
  private runningSince: number | null;

  constructor(
    readonly facts: LiveFacts,
    private readonly clock: Clock,
  ) {
    this.startedMs = clock.now();
    this.startedMonotonic = clock.monotonic();
    this.runningSince = this.startedMonotonic;
  }

  get id(): string {
    return this.facts.id;
  }

  get isPaused(): boolean {
    return this.runningSince === null;
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

  /** Answers false when it was paused already. */
  pause(): boolean {
    if (this.runningSince === null) return false;
    this.recordedBefore += this.clock.monotonic() - this.runningSince;
    this.runningSince = null;
    return true;
  }

  /** Answers false when it was not paused. */
  resume(): boolean {
    if (this.runningSince !== null) return false;
    this.runningSince = this.clock.monotonic();
    return true;
  }
}
