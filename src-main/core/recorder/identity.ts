import { sameRecordingId } from '../../shared/recording';
import type { ListedRecording } from './events';
import { elapsedAt } from './state';
import type { EndedTrack, MachineState, TrackedRecording } from './state';
import { update } from './step';
import type { Step } from './step';

/*
 * The id of a recording may change in mid-call (transfer, conference), and a list may show another id than the answer
 * to the start did. This part finds out which entries are one recording, so that its marks, its pause and *started
 * here* stay with it.
 */

/** How far two tellings of one start may differ, ms: servers round, and two nodes differ a little. */
const sameStartMs = 2_000;
/** Within how long after the old id was last heard of the new one must have begun, where only the party is the same, ms. */
const sameCallGapMs = 3_000;
/** How long the list may take to show the id that a start answered before another id is taken for it, ms. */
const otherIdAfterMs = 3_000;
/** How long after its end an entry may come back under another id, ms. */
const comesBackWithinMs = 60_000;
/** By how much a server that rounds durations may blur when a recording began, ms. */
const roundingMs = 1_000;

/** A known recording, and the id under which it goes on. */
interface Rename {
  readonly known: TrackedRecording;
  readonly ended: EndedTrack | null;
  readonly to: string;
}

function phoneOf({ remoteParty }: Pick<TrackedRecording, 'remoteParty'>): string | null {
  return remoteParty?.phoneNumber ?? null;
}

function isSameStart(known: TrackedRecording, { recording }: ListedRecording): boolean {
  return (
    known.serverStartedAt !== null &&
    recording.startedAt !== null &&
    Math.abs(known.serverStartedAt - recording.startedAt) <= sameStartMs
  );
}

/** When a listed recording began, on this computer's monotonic clock; null where the server does not say. */
function beganAt({ recording }: ListedRecording, now: number): number | null {
  return recording.durationMs === null ? null : now - recording.durationMs;
}

/**
 * Whether an entry with a new id is a recording that is known under another one.
 * @param sentAt when the list was asked for, monotonic ms
 */
function isSameRecording(
  step: Step,
  known: TrackedRecording,
  listed: ListedRecording,
  sentAt: number,
): boolean {
  const began = beganAt(listed, step.now);
  if (!known.seen) {
    // Only its start's answer spoke of it.
    if (!known.startedHere || !listed.onLine || sentAt < known.knownAt + otherIdAfterMs) return false;
    // What began after it was stopped here is another one.
    const stop = step.state.stops.find(({ id }) => id === known.id);
    const since = began ?? findListed(step, listed)?.knownAt ?? null;
    if (stop !== undefined && (since === null || since > stop.sentAt)) return false;
    // What began after a newer start was sent is the effect of that one.
    const newerAt = step.state.start?.sentAt ?? null;
    if (newerAt !== null && since !== null && since >= newerAt) return false;
    return began === null || began >= (known.pressedAt ?? known.knownAt) - roundingMs;
  }
  if (known.onLine !== listed.onLine) return false;
  if (isSameStart(known, listed)) return true;
  const phone = phoneOf(known);
  if (phone === null || phone !== listed.recording.remoteParty.phoneNumber) return false;
  return began !== null && Math.abs(began - known.lastHeardOf) <= sameCallGapMs;
}

function findListed({ state }: Step, { recording }: ListedRecording): TrackedRecording | null {
  return state.recordings.find((known) => hasId(known, recording.id)) ?? null;
}

/** How well the two fit: the smaller, the better. */
function distance(step: Step, known: TrackedRecording, listed: ListedRecording): number {
  if (known.serverStartedAt !== null && listed.recording.startedAt !== null) {
    return Math.abs(known.serverStartedAt - listed.recording.startedAt);
  }
  return Math.abs(elapsedAt(known, step.now) - (listed.recording.durationMs ?? 0));
}

function isKnown(step: Step, id: string): boolean {
  const { recordings, ended } = step.state;
  return recordings.some((known) => hasId(known, id)) || ended.some(({ recording }) => hasId(recording, id));
}

/** Whether an entry was first listed after a start was sent, and may be what that start answered under another id. */
function isNewSince(step: Step, known: TrackedRecording, id: string): boolean {
  const other = step.state.recordings.find((one) => hasId(one, id));
  return other !== undefined && !other.startedHere && other.knownAt >= (known.pressedAt ?? known.knownAt);
}

/**
 * What a start began under another id than it answered, where that ended before the two were found to be one: its end
 * was told, and it is looked for. Null where there is none.
 */
export function endedTwin({ ended }: MachineState, known: TrackedRecording): TrackedRecording | null {
  const since = known.pressedAt ?? known.knownAt;
  const twin = ended.find(
    ({ recording: { seen, own, onLine, startedHere, knownAt, beganAt: began } }) =>
      seen &&
      own &&
      !startedHere &&
      onLine === known.onLine &&
      knownAt >= since &&
      began >= since - roundingMs,
  );
  return twin?.recording ?? null;
}

/** Whether a recording has, or had, this id. */
export function hasId(recording: TrackedRecording, id: string): boolean {
  return (
    sameRecordingId(recording.id, id) || recording.formerIds.some((former) => sameRecordingId(former, id))
  );
}

/** The known recordings that go on under an id of this list. Each is matched once, the best fit first. */
function findRenames(step: Step, listed: readonly ListedRecording[], sentAt: number): readonly Rename[] {
  const isListed = (known: TrackedRecording) => listed.some(({ recording }) => hasId(known, recording.id));
  const running = step.state.recordings
    .filter((known) => !isListed(known))
    .map((known) => ({ known, ended: null }));
  const gone = step.state.ended
    .filter(
      ({ recording, at, how }) =>
        how === 'ended' && !isListed(recording) && step.now - at < comesBackWithinMs,
    )
    .map((ended) => ({ known: ended.recording, ended }));
  const added = listed.filter(({ recording }) => !isKnown(step, recording.id));
  const fits = [...running, ...gone].flatMap(({ known, ended }) =>
    [...added, ...(known.seen ? [] : listed.filter(({ recording }) => isNewSince(step, known, recording.id)))]
      .filter((item) => isSameRecording(step, known, item, sentAt))
      .map((item) => ({ known, ended, to: item.recording.id, distance: distance(step, known, item) })),
  );
  const taken = new Set<string>();
  return [...fits]
    .sort((a, b) => a.distance - b.distance)
    .filter(({ known, to }) => {
      if (taken.has(known.id) || taken.has(to)) return false;
      taken.add(known.id).add(to);
      return true;
    });
}

/**
 * Carries known recordings over to the ids under which this list shows them.
 * @param listed what the list shows
 * @param sentAt when it was asked for, monotonic ms
 */
export function followRenamed(step: Step, listed: readonly ListedRecording[], sentAt: number): void {
  for (const { known, ended, to } of findRenames(step, listed, sentAt)) {
    const { state } = step;
    const listedAs = state.recordings.find((other) => other.id === to);
    const renamed: TrackedRecording = {
      ...known,
      ...(listedAs === undefined
        ? {}
        : { ...listedAs, startedHere: known.startedHere, pressedAt: known.pressedAt }),
      ...(ended === null ? {} : { announced: false }),
      id: to,
      formerIds: [known.id, ...known.formerIds],
    };
    update(step, {
      recordings: [...state.recordings.filter((other) => other.id !== known.id && other.id !== to), renamed],
      ended: state.ended.filter((other) => other !== ended),
      stops: state.stops.map((stop) => (stop.id === known.id ? { ...stop, id: to, renamed: true } : stop)),
      toggles: state.toggles.map((toggle) => (toggle.id === known.id ? { ...toggle, id: to } : toggle)),
    });
    step.effects.push({ kind: 'renamed', from: known.id, to });
  }
}

/**
 * A list that shows the id which a start answered, beside the id that was taken for it, takes that back: the two are
 * different recordings.
 */
export function separateMistaken(step: Step, listed: readonly ListedRecording[]): void {
  const shows = (id: string) => listed.some(({ recording }) => sameRecordingId(recording.id, id));
  for (const known of step.state.recordings) {
    const original = known.formerIds.find(shows);
    if (original === undefined) continue;
    const own: TrackedRecording = { ...known, id: original.toLowerCase(), formerIds: [] };
    if (!shows(known.id)) {
      // Another node, or the server itself, went back to the former id.
      update(step, {
        recordings: step.state.recordings.map((other) =>
          other.id === known.id ? { ...own, formerIds: [known.id, ...known.formerIds] } : other,
        ),
        stops: step.state.stops.map((stop) =>
          stop.id === known.id ? { ...stop, id: own.id, renamed: true } : stop,
        ),
        toggles: step.state.toggles.map((toggle) =>
          toggle.id === known.id ? { ...toggle, id: own.id } : toggle,
        ),
      });
    } else {
      const stranger: TrackedRecording = {
        ...known,
        formerIds: [],
        startedHere: false,
        pausedHere: false,
        pressedAt: null,
        autoResumeAt: null,
      };
      update(step, {
        recordings: [
          ...step.state.recordings.filter((other) => other.id !== known.id),
          { ...own, seen: false },
          stranger,
        ],
      });
    }
    step.effects.push({ kind: 'renamed', from: known.id, to: own.id });
  }
}
