import type { CodedError } from '../domain/errors';
import type { SavesView } from '../domain/saves';
import type { RecordingSummary, RemoteParty } from '../domain/recording';
import type { RemovalView } from '../domain/removal';
import type { HotkeyAction, Settings } from './settings';

/** What the lamp can show; every state has its own shape. */
export type RecorderStatus =
  | 'signed-out'
  | 'connecting'
  | 'not-recording'
  | 'starting'
  | 'recording'
  | 'paused'
  | 'stopping'
  | 'waiting'
  | 'unknown'
  | 'not-visible'
  | 'locked';

/**
 * Times named `…Mono` are readings of the main process's monotonic clock, in ms: they survive a wrong or jumping
 * wall clock. A window turns one into "so long ago" with `Snapshot.sentAtMono` and the time since it received it.
 */
export interface ActiveRecordingView {
  readonly id: string;
  /** How long the recording had run at `anchorMono`, in ms, after the server's own `duration`. */
  readonly elapsedMs: number;
  readonly anchorMono: number;
  /** False while paused, and once the state is no longer certain: the timer then stands still. */
  readonly ticking: boolean;
  readonly isPaused: boolean;
  readonly remoteParty: RemoteParty;
  readonly localUsername: string | null;
  /** Whether this RecLight started it. */
  readonly startedHere: boolean;
  /** False for a colleague's call on a shared line, which only its own button stops. */
  readonly own: boolean;
  /** When the server last showed it, where the newest list lacks it; null where that one shows it. */
  readonly lastSeenMono: number | null;
  /** From when on the call is kept, where that lies before the press of *Record* (*Live Keep*); epoch ms, the server's clock. */
  readonly keptFrom: number | null;
}

/** The last thing that was certain before the state became unknown. */
export interface LastKnownView {
  readonly recording: boolean;
  readonly remoteParty: RemoteParty | null;
  readonly asOfMono: number;
}

/** A recording that ended and has not been found among the completed ones: no call data, it survives restarts. */
export interface UnconfirmedView {
  readonly id: string;
  readonly directoryNumber: string | null;
  /** Epoch ms, this computer's clock. */
  readonly startedAt: number;
  /** Epoch ms, this computer's clock. */
  readonly endedAt: number;
}

/** Which commands can work now; a control whose command cannot is absent or disabled. */
export interface RecorderControls {
  readonly record: boolean;
  readonly stop: boolean;
  readonly pause: boolean;
  readonly resume: boolean;
  readonly recordNextCall: boolean;
  readonly cancelWaiting: boolean;
  readonly markMoment: boolean;
  readonly tryNow: boolean;
}

/** The recording light as it is shown. */
export interface RecorderView {
  readonly status: RecorderStatus;
  /**
   * Every active recording that is visible; while `unknown`, the last ones known, not ticking. The first one is the one
   * that commands without an id act on, unless it is not `own`.
   */
  readonly recordings: readonly ActiveRecordingView[];
  /** When the shown state was true; null before the first answer. */
  readonly asOfMono: number | null;
  /** Present while `unknown`: since when, why, and what was last certain. */
  readonly unknown: {
    readonly sinceMono: number;
    readonly error: CodedError | null;
    readonly lastKnown: LastKnownView | null;
  } | null;
  /** When the server is asked next, or, while it is being asked, when that began; null while nothing is planned. */
  readonly nextTryMono: number | null;
  /** Present while waiting for a call. */
  readonly waiting: { readonly untilMono: number; readonly nextTryMono: number | null } | null;
  /** A start that answered 201 and that no list can show: not visible to this user, or the server is silent since. */
  readonly startedHere: { readonly id: string; readonly atMono: number } | null;
  /** The newest failure of a command, until the next command or until dismissed. */
  readonly lastError: { readonly error: CodedError; readonly atMono: number } | null;
  readonly controls: RecorderControls;
  readonly unconfirmed: readonly UnconfirmedView[];
}

/** Who is signed in. */
export type SessionView =
  | {
      readonly status: 'restoring';
      /** Whether the keychain takes so long that it may be asking its user something. */
      readonly waitingForKeychain: boolean;
    }
  | {
      readonly status: 'signed-out' | 'signing-in';
      /** What to fill in; never the password. */
      readonly serverAddress: string | null;
      readonly username: string | null;
      readonly error: CodedError | null;
    }
  | {
      readonly status: 'signed-in' | 'locked';
      readonly serverAddress: string;
      readonly username: string;
      /** Whether the password is in the OS keychain. */
      readonly remembered: boolean;
      /** From the newest own recording; null when a line is configured or none was found. */
      readonly suggestedDirectoryNumber: string | null;
      /** Why nothing is sent any more, while `locked`. */
      readonly error: CodedError | null;
    };

/** A hotkey and what became of its registration. */
export interface HotkeyView {
  readonly action: HotkeyAction;
  readonly accelerator: string | null;
  readonly registered: boolean;
  /** Whether it is only known to work once it was pressed (Wayland), which it was not yet. */
  readonly unconfirmed?: boolean;
  readonly error: CodedError | null;
}

/** Something to be told that belongs to no command; shown until dismissed. */
export interface WarningView {
  readonly id: string;
  readonly kind:
    | 'settings-damaged'
    | 'settings-unwritable'
    | 'keychain-unavailable'
    | 'keychain-not-cleared'
    | 'state-damaged'
    | 'state-unwritable'
    | 'file-unreadable'
    | 'file-newer'
    | 'policy-invalid';
  /** The name of the file, without its folder; of a damaged one the name under which it was kept. */
  readonly fileName: string | null;
}

/** Something that the main process asks a window to do once; the window acknowledges it by its sequence. */
export type WindowRequestView =
  | { readonly sequence: number; readonly kind: 'play'; readonly recording: RecordingSummary }
  | { readonly sequence: number; readonly kind: 'show-settings' };

/** Facts that do not change while RecLight runs. */
export interface EnvironmentView {
  readonly platform: 'win32' | 'darwin' | 'linux';
  readonly appVersion: string;
  readonly electronVersion: string;
  readonly chromeVersion: string;
  readonly hasTray: boolean;
  readonly hasKeychain: boolean;
  /** BCP 47, for `Intl`. */
  readonly locale: string;
}

/** A short sound to be played once; a window plays each sequence at most once, and none that it finds on loading. */
export interface SoundView {
  readonly sequence: number;
  readonly kind: 'start' | 'stop';
}

/** All that a window may know. Holds no secret. */
export interface Snapshot {
  /** Grows by at least 1 with every change; a window ignores one that is not newer than what it has. */
  readonly revision: number;
  /** Stamped when this copy was sent. */
  readonly sentAtMono: number;
  readonly session: SessionView;
  readonly recorder: RecorderView;
  readonly hotkeys: readonly HotkeyView[];
  readonly settings: Settings;
  /** The settings that the administrator has fixed, as `group.name`; a window cannot change them. */
  readonly managedSettings: readonly string[];
  /** `revision` grows when pages of recordings that a window holds may be out of date. */
  readonly recordings: { readonly revision: number; readonly recent: readonly RecordingSummary[] };
  /** `revision` grows with every change of a mark, wherever it was made: a list of them may be out of date. */
  readonly marks: { readonly revision: number };
  /** What is being saved and exported. */
  readonly keep: SavesView;
  /** What was removed a moment ago and can still be undone, oldest first. */
  readonly removals: readonly RemovalView[];
  readonly environment: EnvironmentView;
  readonly warnings: readonly WarningView[];
  readonly intent: WindowRequestView | null;
  /** The newest sound, where the user has switched sounds on. */
  readonly cue: SoundView | null;
}
