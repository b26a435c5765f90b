import type { CodedError, Result } from '@shared/domain/errors';
import type { Line, RecordingSummary, RemoteParty } from '@shared/domain/recording';
import type { RecorderView, UnconfirmedView } from '@shared/ipc/snapshot';
import type { OpenDocument } from '../lib/document-store';
import type { Clock, Disposable, Random } from '../ports/clock';
import type { Log } from '../ports/desktop';
import type { RecorderApi } from '../ports/api';
import type { Marks } from '../marks/store';
import type { Remembered } from './remembered';

/** Whose recordings are watched, and over which connection. */
export interface RecorderSession {
  readonly api: RecorderApi;
  readonly serverAddress: string;
  readonly username: string;
  readonly line: Line;
}

/** The parts of the settings that steer the recorder; every value within its bounds (`settingsSchema`). */
export interface RecorderPolicy {
  /** ms while something is happening. */
  readonly activeMs: number;
  /** ms with the window visible. */
  readonly visibleMs: number;
  /** ms otherwise. */
  readonly hiddenMs: number;
  /** How long *Record next call* waits, ms. */
  readonly waitMs: number;
  /** ms until a paused recording resumes by itself; null: never. */
  readonly autoResumeMs: number | null;
}

/**
 * What a notice may say of the line. `started-here`: a start answered 201, and no list has shown it; `not-known`: no
 * answer says anything.
 */
export type NoticedState = 'recording' | 'not-recording' | 'started-here' | 'not-known';

/** Why waiting for a call ended without one. */
export type WaitingEnd = 'time-limit' | 'sleep' | 'signed-out' | 'refused' | 'quit';

/** What is worth telling the user, whether or not a window is open. */
export type RecorderNotice =
  | { readonly kind: 'started'; readonly recordingId: string; readonly remoteParty: RemoteParty | null }
  /** Both null where it was stopped by its line: the server told neither its id nor its start. */
  | { readonly kind: 'stopped'; readonly recordingId: string | null; readonly elapsedMs: number | null }
  /**
   * It ended without a Stop from here. The server does not say why; what was watched to its end is taken to
   * have ended with its call. `unexpected`: it went during an outage, or no list ever showed it.
   */
  | {
      readonly kind: 'ended';
      readonly recordingId: string;
      readonly elapsedMs: number;
      readonly unexpected: boolean;
    }
  /** A moment was marked, so long after the recording began. */
  | { readonly kind: 'marked'; readonly recordingId: string; readonly offsetMs: number }
  | { readonly kind: 'saved'; readonly recording: RecordingSummary }
  | { readonly kind: 'unconfirmed'; readonly recording: UnconfirmedView }
  | { readonly kind: 'refused'; readonly error: CodedError }
  | { readonly kind: 'waiting-ended'; readonly reason: WaitingEnd }
  /** The server refused the credentials: nothing is watched any more. */
  | { readonly kind: 'locked'; readonly error: CodedError }
  /** For more than 30 s; `was`: before that. */
  | { readonly kind: 'unknown'; readonly error: CodedError | null; readonly was: NoticedState }
  /** The server answers again; `not-known` where it does not let this user see the line. */
  | { readonly kind: 'recovered'; readonly is: NoticedState }
  /** `nth`: the first reminder of this pause, the second, and so on. */
  | {
      readonly kind: 'pause-reminder';
      readonly recordingId: string;
      readonly pausedMs: number;
      readonly nth: number;
    };

/** What the recorder needs. */
export interface RecorderPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where unconfirmed recordings and the pause probe's answer survive a restart; no call data. */
  readonly stateFile: OpenDocument<Remembered>;
  /** Where marked moments are kept: recording id, offsets, labels. */
  readonly marksFile: OpenDocument<Marks>;
}

/** The recording light: watches one line, carries out commands, and never claims what it does not know. */
export interface RecorderService extends Disposable {
  /** Reads what survived the last run. */
  load(): Promise<void>;
  view(): RecorderView;
  /** Called after every change of the view. */
  onChange(listener: () => void): Disposable;
  onNotice(listener: (notice: RecorderNotice) => void): Disposable;
  /** Called when completed recordings may have changed on the server. */
  onRecordingsChanged(listener: () => void): Disposable;

  /** A session begins, or its line changes; null: signed out. Waiting for a call ends. */
  setSession(session: RecorderSession | null): void;
  /** The credentials were refused: polling ends until the next session. */
  lock(error: CodedError): void;
  setPolicy(policy: RecorderPolicy): void;
  setWindowVisible(visible: boolean): void;
  suspend(): void;
  /** Also drops stale sockets first, then asks at once. */
  resume(): void;
  /** The network changed or the screen was unlocked: asks at once, with 0–2 s jitter. */
  pollSoon(): void;

  /** Answers whether the command was accepted; ten presses make one request. */
  record(): Result<null>;
  stop(id?: string): Result<null>;
  pause(id?: string): Result<null>;
  resumeRecording(id?: string): Result<null>;
  recordNextCall(): Result<null>;
  cancelWaiting(): Result<null>;
  tryNow(): Result<null>;
  markMoment(): Result<null>;
  dismissError(): Result<null>;
  dismissUnconfirmed(id: string): Result<null>;
}
