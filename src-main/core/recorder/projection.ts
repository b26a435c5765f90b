import type {
  ActiveRecordingView,
  RecorderControls,
  RecorderStatus,
  RecorderView,
  UnconfirmedView,
} from '@shared/ipc/snapshot';
import { isMissing, isStopping, runningOnLine, seenRecordings, startedUnseen } from './state';
import type { MachineState, TrackedRecording } from './state';
import { meantRecording } from './target';
import { isOfConcern } from './recording-tracker';

/** What the lamp shows. */
export function statusOf(state: MachineState): RecorderStatus {
  if (state.session.kind === 'none') return 'signed-out';
  if (state.session.kind === 'locked') return 'locked';
  const { start, waiting, knowledge } = state;
  const isStarting = start !== null && start.unwanted === null;
  switch (knowledge.kind) {
    case 'none':
      if (waiting !== null) return 'waiting';
      return isStarting ? 'starting' : 'connecting';
    case 'unknown':
      // A command under way is news of its own; once it hangs, too, nothing is known.
      if (state.stops.some((stop) => stop.phase === 'sent')) return 'stopping';
      if (isStarting && start.phase !== 'unclear') return 'starting';
      return 'unknown';
    case 'not-visible':
      if (isEnding(state)) return 'stopping';
      if (waiting !== null) return 'waiting';
      return isStarting ? 'starting' : 'not-visible';
    case 'seen': {
      const running = seenRecordings(state).filter((recording) => !isStopping(state, recording.id));
      const concerning = running.filter(isOfConcern);
      if (concerning.length > 0) return runningStatus(concerning);
      if (isEnding(state)) return 'stopping';
      if (waiting !== null) return 'waiting';
      if (isStarting || startedUnseen(state) !== null) return 'starting';
      // A colleague's call on a shared line: the line is being recorded, and the window says whose call it is.
      return running.length > 0 ? runningStatus(running) : 'not-recording';
    }
  }
}

function runningStatus(running: readonly TrackedRecording[]): RecorderStatus {
  return running.every((recording) => recording.isPaused) ? 'paused' : 'recording';
}

function isEnding(state: MachineState): boolean {
  return state.stops.length > 0 || state.lineStop !== null || (state.start?.unwanted ?? null) !== null;
}

/**
 * The state as a window may see it.
 * @param unconfirmed what ended and was not found
 */
export function toView(state: MachineState, unconfirmed: readonly UnconfirmedView[]): RecorderView {
  const { knowledge, session, waiting, lastError } = state;
  const meant = meantRecording(state);
  const status = statusOf(state);
  const certain = knowledge.kind === 'seen';
  const hidden =
    knowledge.kind === 'not-visible' || knowledge.kind === 'unknown' ? startedHereOf(state) : null;
  const isOpen = session.kind === 'open';
  return {
    status,
    recordings:
      knowledge.kind === 'not-visible'
        ? []
        : [...seenRecordings(state)]
            .sort((a, b) => Number(b === meant) - Number(a === meant) || byImportance(a, b))
            .map((recording) => recordingView(recording, certain)),
    asOfMono: knowledge.kind === 'none' ? null : knowledge.asOf,
    unknown:
      knowledge.kind === 'unknown' && status === 'unknown'
        ? {
            sinceMono: knowledge.since,
            error: knowledge.error,
            lastKnown:
              knowledge.lastKnown === null
                ? null
                : {
                    recording: knowledge.lastKnown.recording,
                    remoteParty: knowledge.lastKnown.remoteParty,
                    asOfMono: knowledge.lastKnown.asOf,
                  },
          }
        : null,
    nextTryMono: isOpen ? (state.poll?.sentAt ?? state.nextPollAt) : null,
    waiting: waiting === null ? null : { untilMono: waiting.until, nextTryMono: waiting.nextTryAt },
    startedHere: hidden === null ? null : { id: hidden.id, atMono: hidden.knownAt },
    lastError: lastError === null ? null : { error: lastError.error, atMono: lastError.at },
    // Also during suspend: a visible window means that the computer is awake.
    controls: isOpen ? controlsOf(state) : noControls,
    unconfirmed,
  };
}

/** What was started here and cannot be confirmed by a list. */
function startedHereOf(state: MachineState): TrackedRecording | null {
  if (state.knowledge.kind === 'unknown') return startedUnseen(state);
  return state.recordings.findLast((recording) => recording.startedHere) ?? null;
}

/** This user's before others', this line before others, then the longest known; ids keep the order still. */
function byImportance(a: TrackedRecording, b: TrackedRecording): number {
  return (
    Number(isOfConcern(b)) - Number(isOfConcern(a)) ||
    Number(b.onLine) - Number(a.onLine) ||
    Number(b.startedHere) - Number(a.startedHere) ||
    a.knownAt - b.knownAt ||
    (a.id < b.id ? -1 : 1)
  );
}

function recordingView(recording: TrackedRecording, certain: boolean): ActiveRecordingView {
  return {
    id: recording.id,
    elapsedMs: recording.elapsedMs,
    anchorMono: recording.anchor,
    ticking: certain && !recording.isPaused && !recording.stopped && !isMissing(recording),
    isPaused: recording.isPaused,
    remoteParty: recording.remoteParty ?? { firstName: null, lastName: null, phoneNumber: null },
    localUsername: recording.localUsername,
    startedHere: recording.startedHere,
    own: isOfConcern(recording),
    lastSeenMono: isMissing(recording) ? recording.lastHeardOf : null,
    keptFrom: recording.keptFrom,
  };
}

const noControls: RecorderControls = {
  record: false,
  stop: false,
  pause: false,
  resume: false,
  recordNextCall: false,
  cancelWaiting: false,
  markMoment: false,
  tryNow: false,
};

function controlsOf(state: MachineState): RecorderControls {
  const { knowledge, start, waiting, pause } = state;
  const isFree = start === null && waiting === null && !isEnding(state);
  const maySend =
    (knowledge.kind === 'seen' && runningOnLine(state).length === 0 && startedUnseen(state) === null) ||
    // What was started here may long be over without anybody here seeing it; the server knows.
    knowledge.kind === 'not-visible';
  const stoppable = state.recordings.some(
    (recording) => isOfConcern(recording) && !isStopping(state, recording.id),
  );
  const startToStop = start !== null && start.unwanted === null && waiting === null;
  const toggleable = state.recordings.filter(
    (recording) =>
      recording.seen &&
      isOfConcern(recording) &&
      !isStopping(state, recording.id) &&
      !state.toggles.some((toggle) => toggle.id === recording.id),
  );
  const canPause = knowledge.kind === 'seen' && pause.supported === true;
  return {
    record: isFree && maySend,
    stop: stoppable || startToStop,
    pause: canPause && toggleable.some((recording) => !recording.isPaused),
    resume: canPause && toggleable.some((recording) => recording.isPaused),
    recordNextCall: isFree && maySend,
    cancelWaiting: waiting !== null,
    markMoment: state.recordings.some((recording) => isOfConcern(recording) && !recording.stopped),
    tryNow:
      knowledge.kind === 'unknown' || (knowledge.kind === 'none' && (state.failures > 0 || state.suspended)),
  };
}
