import type { CodedError } from '@shared/domain/errors';
import type { Line, RemoteParty } from '@shared/domain/recording';
import type { RecorderPolicy } from './contract';
import type { InterruptedCommand, RememberedRunning } from './events';

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
      readonly username: string;
      /** What ran when a former run, or a former session of this user, ended. */
      readonly before: readonly RememberedRunning[];
    }
  | { readonly kind: 'locked'; readonly error: CodedError };

/** The last thing that was certain before the state became unknown. */
export interface LastKnown {
  readonly recording: boolean;
  readonly remoteParty: RemoteParty | null;
  readonly asOf: number;
}

/** What the server last said, and how far it can still be believed. */
type Freshness =
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

/** Lists contradict one another about a recording. */
export interface Doubt {
  /** When it was first missing, monotonic ms. */
  readonly since: number;
  /** Lists in a row that lack it; 0 after one that shows it again. */
  readonly missing: number;
}

/** A recording that runs, as far as is known. */
export interface TrackedRecording {
  readonly id: string;
  /** Ids under which it ran before, the newest first: a transfer may change the id in mid-call. */
  readonly formerIds: readonly string[];
  /**
   * What the answer to a start told, where no list has shown the id of that answer and this was taken for it: the two
   * may be different recordings. Null where nothing was guessed.
   */
  readonly takenFor: TrackedRecording | null;
  /** Whether the call's local party is this user, whoever started the recording. */
  readonly own: boolean;
  /** Set while lists contradict one another; the state is kept for a while, and then unknown. */
  readonly doubt: Doubt | null;
  /** Whether it came back after a list without it: the end of such a recording needs more proof. */
  readonly cameBack: boolean;
  /** Whether the server tells for how long it has run. */
  readonly isTimed: boolean;
  /** When it began, monotonic ms, as it was first heard of; only the order of recordings goes by it. */
  readonly beganAt: number;
  /** When the start that began it was sent, monotonic ms; null where it was not started here, or in a former run. */
  readonly pressedAt: number | null;
  /**
   * Set where a *Record* was not sent because this ran: unless it is heard of at or after this, monotonic ms, it was over
   * when *Record* was pressed, and the press is told as dropped.
   */
  readonly standsInUntil: number | null;
  /** The server's clock: from when on the call is kept, where that lies before the press (*Live Keep*). */
  readonly keptFrom: number | null;
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
  /** When a pause of it was last sent: one whose answer was lost may still arrive. */
  readonly pauseSentAt: number | null;
  readonly remoteParty: RemoteParty | null;
  readonly localUsername: string | null;
  readonly startedHere: boolean;
  /** Whether the user was told that it started, or need not be. */
  readonly announced: boolean;
  /** Whether it was found under the watched line (rather than only under the user's name). */
  readonly onLine: boolean;
  /**
   * The last list showed it under its user's name only. A second one in a row proves that its call moved to another
   * line; a single one may be of a server that lags behind.
   */
  readonly mayHaveMoved: boolean;
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
  /** When it was last asked for, monotonic ms. */
  readonly pressedAt: number;
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
  /** The line was changed while it was under way: what it began runs on another line. */
  readonly elsewhere: boolean;
  /** Whether the user was told that its outcome is not known. */
  readonly told: boolean;
}

/** A stop, pause or resume that the server's list has not confirmed yet; at most one of each for a recording. */
export interface ChangeAttempt {
  readonly id: string;
  readonly phase: 'sent' | 'unclear' | 'confirming';
  readonly sequence: number;
  /** Monotonic, ms. */
  readonly sentAt: number;
  readonly answeredAt: number | null;
  /** A list asked for at or after this decides. */
  readonly decideAfter: number | null;
  readonly error: CodedError | null;
  /** How often it was repeated, each time after reading the state. */
  readonly repeats: number;
  /**
   * Whether the id changed after it was sent: it named an id that no longer ran. `perhaps` where another recording of
   * the same call may be the one that it named.
   */
  readonly renamed: 'no' | 'surely' | 'perhaps';
  /** Whether a list had shown the id that it names; otherwise only the answer to the start told it. */
  readonly wasListed: boolean;
  /** Whether the user was told that its outcome is not known. */
  readonly told: boolean;
}

/** A pause or a resume. */
export interface ToggleAttempt extends ChangeAttempt {
  readonly want: 'paused' | 'running';
  /** What was pressed while it was under way; sent once it is decided. */
  readonly next: 'paused' | 'running' | null;
}

/** The commands that a key gives. */
export type PressKind = 'record' | 'stop' | 'pause' | 'resume' | 'mark';

/** A press that came before the state was known. */
export interface KeptPress {
  readonly kind: Exclude<PressKind, 'record'>;
  /** Monotonic, ms. */
  readonly at: number;
  /** A start was under way, or no list had shown what it began: that is what was meant, and nothing else. */
  readonly isForStart: boolean;
}

/** A recording that is over, as far as is known. */
export interface EndedTrack {
  readonly recording: TrackedRecording;
  /** Monotonic, ms. */
  readonly at: number;
  readonly how: 'stopped' | 'ended' | 'given-up';
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
  /** When the newest list that showed what runs was asked for; also where nothing may be seen any more. */
  readonly lastListAt: number | null;
  /** Missed polls in a row. */
  readonly failures: number;
  readonly lastFailure: CodedError | null;
  /** Until when to poll fast, because the user or the server acted; monotonic ms. */
  readonly activeUntil: number;

  readonly knowledge: Freshness;
  readonly recordings: readonly TrackedRecording[];
  /** What ended lately: older answers do not bring it back, newer ones do with all that was known of it. */
  readonly ended: readonly EndedTrack[];
  readonly start: StartAttempt | null;
  /** When the newest start was sent, monotonic ms; null: none was. */
  readonly lastStartAt: number | null;
  readonly stops: readonly ChangeAttempt[];
  readonly toggles: readonly ToggleAttempt[];
  /** A stop by line, where no id is known. */
  readonly lineStop: { readonly sequence: number; readonly sentAt: number } | null;
  /** The number of a look whether an invisible recording has ended. */
  readonly endCheck: number | null;
  /** The newest press of a key. */
  readonly lastPress: { readonly kind: PressKind; readonly at: number } | null;
  /** Presses that wait until the state is known, oldest first. */
  readonly kept: readonly KeptPress[];
  /** What a former run left without an answer; told, or settled, by the first list. */
  readonly interrupted: readonly InterruptedCommand[];
  /** Refusals (403) in a row after a list that was shown: a single one does not make the light blind. */
  readonly denials: number;
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

/** The signed-out state. What belongs to the computer and not to the session is kept. */
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
    lastListAt: null,
    failures: 0,
    lastFailure: null,
    activeUntil: 0,
    knowledge: { kind: 'none' },
    recordings: [],
    ended: [],
    start: null,
    lastStartAt: null,
    stops: [],
    toggles: [],
    lineStop: null,
    endCheck: null,
    lastPress: null,
    kept: [],
    interrupted: [],
    denials: 0,
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

/** This user's recordings on the watched line that are not being stopped here. A colleague's do not prevent a start. */
export function runningOnLine(state: MachineState): readonly TrackedRecording[] {
  return ownOnLine(state).filter((recording) => !isStopping(state, recording.id));
}

/** The listed recordings of this user on the watched line. */
export function ownOnLine(state: MachineState): readonly TrackedRecording[] {
  return state.recordings.filter((recording) => recording.seen && recording.onLine && recording.own);
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
  if (recording.isPaused || recording.stopped || isMissing(recording)) return recording.elapsedMs;
  return recording.elapsedMs + Math.max(0, now - recording.anchor);
}

/** Whether the newest list that could show a recording lacks it, which is no proof yet that it is over. */
export function isMissing({ doubt }: Pick<TrackedRecording, 'doubt'>): boolean {
  return doubt !== null && doubt.missing > 0;
}

/** For how long the lamp keeps its state while lists contradict one another, ms; then the state is unknown. */
const doubtfulForMs = 10_000;

/** When the state becomes unknown because lists contradict one another, monotonic ms; null: not. */
export function doubtedAt(state: MachineState): number | null {
  const since = state.recordings.flatMap(({ doubt }) => (doubt === null ? [] : [doubt.since]));
  return since.length === 0 ? null : Math.min(...since) + doubtfulForMs;
}
