import type { CodedError, Result } from '@shared/domain/errors';
import type { ActiveRecording, Line, RemoteParty } from '@shared/domain/recording';
import type { RecorderNotice, RecorderPolicy } from './contract';
import type { MachineState, PollScope } from './state';

/** A recording in an answer, and whether the watched line was asked for when it came. */
export interface ListedRecording {
  readonly recording: ActiveRecording;
  readonly onLine: boolean;
  /** Whether the server named it when it was asked for this user's recordings. */
  readonly forUser: boolean;
}

/** What a poll found. */
export interface PollAnswer {
  readonly listed: readonly ListedRecording[];
  /** Why the user's recordings on other lines are not among them, although they were asked for. */
  readonly othersMissing: CodedError | null;
}

/** A recording that ran when a former run ended; times are this run's monotonic clock, ms. */
export interface RememberedRunning {
  readonly id: string;
  readonly startedHere: boolean;
  readonly startedAt: number;
  /** The latest that it can have begun: later than `startedAt` where only the answer to its start told of it. */
  readonly startedBy: number;
  /** The server's clock, epoch ms; by it the recording is recognised where its id has changed meanwhile. */
  readonly serverStartedAt: number | null;
  readonly pausedHere: boolean;
  readonly pausedSince: number | null;
}

/** A command without an answer, or what had to wait, for the file that survives the end of RecLight. */
export interface InterruptedCommand {
  /** `wait`: a call was waited for. */
  readonly kind: 'start' | 'stop' | 'pause' | 'resume' | 'mark' | 'wait';
  /** Whether it had left; otherwise nothing came of it. */
  readonly isSent: boolean;
  /** Of the recording; null for a start, and for a stop by line. */
  readonly id: string | null;
  /** When it was sent, this run's monotonic clock, ms. */
  readonly at: number;
}

/** What happened. */
export type MachineEventBody =
  | {
      readonly kind: 'session-opened';
      readonly line: Line;
      readonly username: string;
      /** What ran when a former run, or a former session of this user, ended. */
      readonly before: readonly RememberedRunning[];
      /** What was left without an answer then. */
      readonly interrupted: readonly InterruptedCommand[];
      /** What a former run found out about this server's ability to pause. */
      readonly pause: { readonly fingerprint: string; readonly supported: boolean } | null;
    }
  /** What `session-opened` would have told, had the file been readable by then. */
  | {
      readonly kind: 'remembered-late';
      readonly before: readonly RememberedRunning[];
      readonly interrupted: readonly InterruptedCommand[];
    }
  /** The same user watches another line; what is under way goes on. */
  | { readonly kind: 'line-changed'; readonly line: Line }
  | { readonly kind: 'session-closed' }
  | { readonly kind: 'locked'; readonly error: CodedError }
  | { readonly kind: 'policy-set'; readonly policy: RecorderPolicy }
  | { readonly kind: 'window-visibility'; readonly visible: boolean }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'woken' }
  /** A deadline of {@link nextWake} has come. */
  | { readonly kind: 'tick' }
  | {
      readonly kind: 'poll-answered';
      readonly sequence: number;
      readonly result: Result<PollAnswer>;
      /** The server's fingerprint after this answer. */
      readonly fingerprint: string | null;
    }
  | {
      readonly kind: 'start-answered';
      readonly sequence: number;
      readonly result: Result<{ readonly id: string }>;
    }
  | { readonly kind: 'stop-answered'; readonly sequence: number; readonly result: Result<null> }
  | { readonly kind: 'line-stop-answered'; readonly sequence: number; readonly result: Result<null> }
  | { readonly kind: 'toggle-answered'; readonly sequence: number; readonly result: Result<null> }
  | {
      readonly kind: 'probe-answered';
      readonly sequence: number;
      readonly result: Result<boolean>;
      readonly fingerprint: string | null;
    }
  /** Whether a recording that cannot be seen while it runs is among the completed ones. */
  | {
      readonly kind: 'end-check-answered';
      readonly sequence: number;
      readonly id: string;
      readonly result: Result<boolean>;
    }
  | { readonly kind: 'record-pressed' }
  | { readonly kind: 'stop-pressed'; readonly id: string | null }
  | { readonly kind: 'pause-pressed'; readonly id: string | null }
  | { readonly kind: 'resume-pressed'; readonly id: string | null }
  | { readonly kind: 'record-next-pressed' }
  | { readonly kind: 'cancel-waiting-pressed' }
  | { readonly kind: 'try-now-pressed' }
  | { readonly kind: 'mark-pressed' }
  | { readonly kind: 'error-dismissed' };

/** When it happened (monotonic, ms), and one throw of the dice: 0 (included) to 1 (excluded). */
export type MachineEvent = MachineEventBody & { readonly now: number; readonly chance: number };

/** A recording that ended and must be found among the completed ones. */
export interface EndedRecording {
  readonly id: string;
  readonly startedHere: boolean;
  /** Monotonic, ms. */
  readonly startedAt: number;
  /** See {@link RememberedRunning}; monotonic, ms. */
  readonly startedBy: number;
  /** Monotonic, ms. */
  readonly endedAt: number;
  /** The server's clock, epoch ms. */
  readonly serverStartedAt: number | null;
  readonly remoteParty: RemoteParty | null;
  readonly localUsername: string | null;
  /** Whether the call's local party is this user: others' recordings may be hidden from them. */
  readonly own: boolean;
  /** Whether it ran on the watched line. */
  readonly onLine: boolean;
}

/** A recording under way, for the file that survives a crash. */
export interface UnderWayRecording {
  readonly id: string;
  readonly startedHere: boolean;
  /** Monotonic, ms. */
  readonly startedAt: number;
  /** See {@link RememberedRunning}; monotonic, ms. */
  readonly startedBy: number;
  /** The server's clock, epoch ms. */
  readonly serverStartedAt: number | null;
  /** Whether it runs on the watched line. */
  readonly onLine: boolean;
  readonly pausedHere: boolean;
  /** Monotonic, ms. */
  readonly pausedSince: number | null;
}

/** What is to be done about it; the service does it, the machine never. */
export type MachineEffect =
  | {
      readonly kind: 'poll';
      readonly sequence: number;
      readonly scope: PollScope;
      /** The ids of what is tracked already: none of them is a new id of anything else. */
      readonly known: readonly string[];
    }
  | { readonly kind: 'start'; readonly sequence: number }
  | { readonly kind: 'stop'; readonly sequence: number; readonly id: string }
  | { readonly kind: 'stop-line'; readonly sequence: number }
  | {
      readonly kind: 'toggle-pause';
      readonly sequence: number;
      readonly id: string;
      readonly want: 'paused' | 'running';
    }
  | { readonly kind: 'probe-pause'; readonly sequence: number }
  | { readonly kind: 'check-end'; readonly sequence: number; readonly id: string }
  /** Ends every request; their answers no longer matter. */
  | { readonly kind: 'abort-all' }
  /** Ends the poll under way, and nothing else. */
  | { readonly kind: 'abort-poll' }
  | { readonly kind: 'drop-connections' }
  | { readonly kind: 'notify'; readonly notice: RecorderNotice }
  | { readonly kind: 'look-for'; readonly recording: EndedRecording }
  /** A recording goes on under another id: its marks and its search go along. */
  | { readonly kind: 'renamed'; readonly from: string; readonly to: string }
  /** An id turned out to name a recording that ended under another one: its marks go along, and it is looked for no more. */
  | { readonly kind: 'same-as'; readonly from: string; readonly to: string }
  /** The commands without an answer changed. */
  | { readonly kind: 'unanswered'; readonly commands: readonly InterruptedCommand[] }
  /**
   * The recordings under way changed, or are certain again. `settled`: this is all that runs; otherwise more may run
   * that is not known yet.
   */
  | {
      readonly kind: 'under-way';
      readonly recordings: readonly UnderWayRecording[];
      readonly settled: boolean;
    }
  | { readonly kind: 'remember-pause'; readonly fingerprint: string; readonly supported: boolean }
  | { readonly kind: 'mark'; readonly id: string; readonly offsetMs: number };

/** What came of an event. */
export interface Transition {
  readonly state: MachineState;
  readonly effects: readonly MachineEffect[];
  /** Why a command was not accepted; null for everything else. */
  readonly refusal: CodedError | null;
}
