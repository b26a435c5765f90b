import type { CodedError } from '../../shared/errors';
import type { Line, RemoteParty } from '../../shared/recording';
import type { RecorderPolicy } from './contract';

/*
 * What the recorder believes, as data. All times are readings of the monotonic clock in ms, unless a name says
 * `serverStartedAt`, which is the server's own clock and is compared with the server's times only.
 */

/** Whose recordings are watched. */
type SessionState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'open';
      readonly line: Line;
      /** Whether the line is named, so that it is asked for; otherwise the user name is. */
      readonly byLine: boolean;
      /** Ids that a former run started; they are shown as started here. */
      readonly startedBefore: readonly string[];
    }
  | { readonly kind: 'locked'; readonly error: CodedError };

/** The last thing that was certain before the state became unknown. */
export interface LastKnown {
  readonly recording: boolean;
  readonly remoteParty: RemoteParty | null;
  readonly asOf: number;
}

/** What the server last said, and how far it can still be believed. */
type Knowledge =
  /** It has not answered yet. */
  | { readonly kind: 'none' }
  /** `recordings` was the truth at `asOf`. */
  | { readonly kind: 'seen'; readonly asOf: number }
  /** It does not let this user see active recordings. */
  | { readonly kind: 'not-visible'; readonly asOf: number }
  | {
      readonly kind: 'unknown';
      readonly since: number;
      readonly error: CodedError | null;
      readonly lastKnown: LastKnown | null;
      readonly asOf: number | null;
      /** Whether the user was notified. */
      readonly told: boolean;
    };

/** A recording that runs, as far as is known. */
export interface TrackedRecording {
  readonly id: string;
  /** False between a start's 201 and the first list that shows it: evidence, not yet state. */
  readonly seen: boolean;
  /** When the server last spoke of it: in a list, or in the answer to its start. */
  readonly lastHeardOf: number;
  /** When it was first heard of: an answer to a question asked earlier says nothing against it. */
  readonly knownAt: number;
  /** Until when a list may lack it although its start answered 201. */
  readonly expectedBy: number;
  /** How long it had run at `anchor`, ms. */
  readonly elapsedMs: number;
  readonly anchor: number;
  /** The server said that it ended: the timer stands, whatever else is still awaited. */
  readonly stopped: boolean;
  readonly isPaused: boolean;
  readonly pausedSince: number | null;
  /** Whether the pause was asked for here: only such a pause is ended by itself. */
  readonly pausedHere: boolean;
  /** When the user is next reminded of the pause. */
  readonly remindAt: number | null;
  /** How often the user was reminded of this pause. */
  readonly reminders: number;
  readonly autoResumeAt: number | null;
  readonly remoteParty: RemoteParty | null;
  readonly localUsername: string | null;
  readonly startedHere: boolean;
  /** Whether the user was told that it started, or need not be. */
  readonly announced: boolean;
  /** Whether it was found under the watched line (rather than only under the user's name). */
  readonly onLine: boolean;
  readonly serverStartedAt: number | null;
}

/** A start that is not decided yet. There is never more than one. */
export interface StartAttempt {
  /**
   * `queued`: the state must be read first; `sent`: awaiting the answer; `unclear`: the answer was lost or says that
   * somebody else's request is under way, so what the server lists decides.
   */
  readonly phase: 'queued' | 'sent' | 'unclear';
  readonly sequence: number | null;
  readonly sentAt: number | null;
  /** A list asked for at or after this that shows nothing decides that nothing was started. */
  readonly decideAfter: number | null;
  /** What the user is told where nothing was started. */
  readonly error: CodedError | null;
  /** It was pressed while waiting for a call. */
  readonly forWaiting: boolean;
  /**
   * The user changed their mind before it was known: what this start began is stopped. `stop`: they said so with
   * *Stop*, which also means what runs on the line where nobody can see what that is; `cancel`: they only no longer
   * want what they asked for.
   */
  readonly unwanted: 'cancel' | 'stop' | null;
}

/** A stop, pause or resume that the server's list has not confirmed yet; at most one of each for a recording. */
export interface ChangeAttempt {
  readonly id: string;
  readonly phase: 'sent' | 'unclear' | 'confirming';
  readonly sequence: number;
  readonly answeredAt: number | null;
  /** A list asked for at or after this decides. */
  readonly decideAfter: number | null;
  readonly error: CodedError | null;
  /** How often it was repeated, each time after reading the state. */
  readonly repeats: number;
}

/** A pause or a resume. */
export interface ToggleAttempt extends ChangeAttempt {
  readonly want: 'paused' | 'running';
}

/** Waiting for a call that can be recorded. */
interface Waiting {
  readonly until: number;
  /** When the next start is tried; null while one is under way. */
  readonly nextTryAt: number | null;
}

/** Whether the server can pause, found out once for each version of it. */
interface PauseSupport {
  readonly supported: boolean | null;
  /** The fingerprint of the server that answered the probe. */
  readonly fingerprint: string | null;
  readonly probe: number | null;
  /** Probes in a row that were not answered. */
  readonly failures: number;
  /** Not probed again before this. */
  readonly notBefore: number;
}

/** Everything the machine knows. */
export interface MachineState {
  readonly session: SessionState;
  readonly policy: RecorderPolicy;
  readonly windowVisible: boolean;
  readonly suspended: boolean;
  /** The number of the newest request; every request has its own, so that a late answer is recognised. */
  readonly sequence: number;

  readonly poll: { readonly sequence: number; readonly scope: PollScope; readonly sentAt: number } | null;
  /** Something happened after the poll under way was sent: ask again as soon as it is answered. */
  readonly pollAgain: boolean;
  readonly nextPollAt: number | null;
  /** The server wants to be left alone until then (`Retry-After`); only what the user asks for passes. */
  readonly notBefore: number;
  /** When the last poll was sent. */
  readonly lastPollAt: number | null;
  /** When the user's recordings on other lines were last asked for. */
  readonly lastFullPollAt: number | null;
  /** Missed polls in a row. */
  readonly failures: number;
  readonly lastFailure: CodedError | null;
  /** Until when news is expected soon, because somebody did something. */
  readonly activeUntil: number;

  readonly knowledge: Knowledge;
  readonly recordings: readonly TrackedRecording[];
  /** Ids that are known to have ended, and when: older answers do not bring them back. */
  readonly ended: readonly { readonly id: string; readonly at: number }[];
  readonly start: StartAttempt | null;
  readonly stops: readonly ChangeAttempt[];
  readonly toggles: readonly ToggleAttempt[];
  /** The number of a stop by line, where no id is known. */
  readonly lineStop: number | null;
  /** The number of a look whether an invisible recording has ended. */
  readonly endCheck: number | null;
  readonly waiting: Waiting | null;
  readonly pause: PauseSupport;
  readonly lastError: { readonly error: CodedError; readonly at: number } | null;
}

/** `line`: what is watched; `all`: also the user's recordings on other lines. */
export type PollScope = 'line' | 'all';

/** The settings' own defaults. */
export const defaultPolicy: RecorderPolicy = {
  activeMs: 2_000,
  visibleMs: 5_000,
  hiddenMs: 10_000,
  waitMs: 600_000,
  autoResumeMs: null,
};

/** The state in which nobody is signed in. What belongs to the computer rather than to the session is kept. */
export function signedOut(
  kept: Pick<MachineState, 'policy' | 'windowVisible' | 'suspended' | 'sequence'>,
): MachineState {
  return {
    session: { kind: 'none' },
    policy: kept.policy,
    windowVisible: kept.windowVisible,
    suspended: kept.suspended,
    sequence: kept.sequence,
    poll: null,
    pollAgain: false,
    nextPollAt: null,
    notBefore: 0,
    lastPollAt: null,
    lastFullPollAt: null,
    failures: 0,
    lastFailure: null,
    activeUntil: 0,
    knowledge: { kind: 'none' },
    recordings: [],
    ended: [],
    start: null,
    stops: [],
    toggles: [],
    lineStop: null,
    endCheck: null,
    waiting: null,
    pause: { supported: null, fingerprint: null, probe: null, failures: 0, notBefore: 0 },
    lastError: null,
  };
}

/** The state before anything happened. */
export function initialState(): MachineState {
  return signedOut({ policy: defaultPolicy, windowVisible: false, suspended: false, sequence: 0 });
}

/** Whether a stop of this recording is under way. */
export function isStopping(state: MachineState, id: string): boolean {
  return state.stops.some((stop) => stop.id === id);
}

/** The recordings that the server showed, or (while unknown) last showed. */
export function seenRecordings(state: MachineState): readonly TrackedRecording[] {
  return state.recordings.filter((recording) => recording.seen);
}

/** The recordings of the watched line that nobody here is stopping. */
export function runningOnLine(state: MachineState): readonly TrackedRecording[] {
  return state.recordings.filter(
    (recording) => recording.seen && recording.onLine && !isStopping(state, recording.id),
  );
}

/** What was started here (201) and cannot be seen in any list. */
export function startedUnseen(state: MachineState): TrackedRecording | null {
  return state.recordings.findLast((recording) => !recording.seen && recording.startedHere) ?? null;
}

/**
 * How long a recording has run.
 * @param now a reading of the monotonic clock, ms
 */
export function elapsedAt(recording: TrackedRecording, now: number): number {
  if (recording.isPaused || recording.stopped) return recording.elapsedMs;
  return recording.elapsedMs + Math.max(0, now - recording.anchor);
}
