import type { MachineState, TrackedRecording } from './state';

/** The newest first; where two are of one age, their ids decide, so that the order of the server's answer never does. */
function byAge(a: TrackedRecording, b: TrackedRecording): number {
  return b.beganAt - a.beganAt || (a.id < b.id ? 1 : -1);
}

/**
 * The recordings that a command without an id may act on, the meant one first: what was started here, listed or not
 * yet; else this user's own on the watched line; else this user's own elsewhere; each the newest first. A
 * colleague's recording is never among them. What the server has confirmed as stopped is left out.
 */
export function meantRecordings(state: MachineState): readonly TrackedRecording[] {
  const running = state.recordings.filter((recording) => !recording.stopped);
  const here = running.filter((recording) => recording.startedHere);
  const own = running.filter((recording) => !recording.startedHere && recording.own && recording.seen);
  const [onLine, elsewhere] = [own.filter((one) => one.onLine), own.filter((one) => !one.onLine)];
  return [here, onLine, elsewhere].flatMap((tier) => [...tier].sort(byAge));
}

/** The recording that Stop, Pause, Resume and Mark mean, and that lamp, tooltip and tray show; null where there is none. */
export function meantRecording(state: MachineState): TrackedRecording | null {
  return meantRecordings(state)[0] ?? null;
}
