import type { ListedRecording, RememberedRunning } from './events';
import { hasId } from './identity';
import { isSameUser } from './ownership';
import { pollTimeoutMs } from './poll-schedule';
import { elapsedAt, runningOnLine } from './state';
import type { Doubt, EndedTrack, MachineState, TrackedRecording } from './state';
import { expectNews, notify, refuse, update } from './draft';
import type { Draft } from './draft';

/** When a forgotten pause is first mentioned, and then again, ms. */
export const pauseReminder = { firstMs: 60_000, everyMs: 30_000 } as const;

/** How long a list may lack a recording whose start answered 201, ms: lists lag up to 15 s behind. */
const expectedWithinMs = 20_000;
/** How far before the press the server's start must lie to mean that the call is kept from its beginning, ms. */
const keptFromMs = 5_000;
/** For how long after its end a list may still show a recording, ms: another node may lag behind. */
export const lingersForMs = 15_000;
const endedKept = 16;
/** How long after it was sent a pause that was given up may still arrive, ms. */
const lateWithinMs = 30_000;

/** The recording that has that id, or had it before a transfer; null where none is tracked. */
export function findTracked(state: MachineState, id: string): TrackedRecording | null {
  return state.recordings.find((recording) => hasId(recording, id)) ?? null;
}

/** Replaces a tracked recording. */
export function replaceTracked(draft: Draft, recording: TrackedRecording): void {
  update(draft, {
    recordings: draft.state.recordings.map((other) => (other.id === recording.id ? recording : other)),
  });
}

/**
 * Takes in a start that answered 201. It is evidence: *Recording* is shown once a list confirms it.
 * @param sentAt when the start was sent, monotonic ms
 * @param onLine false where the line was changed after the start was sent
 */
export function trackStarted(draft: Draft, id: string, sentAt: number, onLine: boolean): TrackedRecording {
  const known = findTracked(draft.state, id);
  if (known !== null) {
    const recording = withKeptFrom({ ...known, startedHere: true, pressedAt: sentAt });
    replaceTracked(draft, recording);
    return recording;
  }
  const recording: TrackedRecording = {
    id: id.toLowerCase(),
    formerIds: [],
    takenFor: null,
    own: true,
    doubt: null,
    cameBack: false,
    isTimed: true,
    beganAt: sentAt,
    pressedAt: sentAt,
    standsInUntil: null,
    keptFrom: null,
    seen: false,
    lastHeardOf: draft.now,
    knownAt: draft.now,
    expectedBy: draft.now + expectedWithinMs,
    elapsedMs: (draft.now - sentAt) / 2,
    anchor: draft.now,
    stopped: false,
    isPaused: false,
    pausedSince: null,
    pausedHere: false,
    remindAt: null,
    reminders: 0,
    autoResumeAt: null,
    pauseSentAt: null,
    remoteParty: null,
    localUsername: null,
    startedHere: true,
    announced: false,
    onLine,
    mayHaveMoved: false,
    serverStartedAt: null,
  };
  update(draft, { recordings: [...draft.state.recordings, recording] });
  return recording;
}

/**
 * On a line in the mode *Live Keep* a start keeps the call from its beginning (API reference, *Also true in the
 * field*): it had run for longer than the press is old when a list first showed it.
 */
function withKeptFrom(recording: TrackedRecording): TrackedRecording {
  const { pressedAt, serverStartedAt, elapsedMs, anchor } = recording;
  if (pressedAt === null || serverStartedAt === null || recording.keptFrom !== null) return recording;
  return anchor - elapsedMs < pressedAt - keptFromMs
    ? { ...recording, keptFrom: serverStartedAt }
    : recording;
}

/**
 * The elapsed time after an answer. What the server said is the least it can be now, and that plus the time the
 * answer took is the most; a timer that is already in there is left alone. So it neither trembles nor jumps back, unless
 * the server itself corrects it.
 */
function elapsedAfter(
  known: TrackedRecording | null,
  { durationMs, isPaused }: ListedRecording['recording'],
  sentAt: number,
  now: number,
): number {
  if (known !== null && known.stopped) return known.elapsedMs;
  // A server that does not say how long it runs: counted from when it was first heard of.
  if (durationMs === null) return known === null ? 0 : elapsedAt(known, now);
  if (!known?.seen) return durationMs;
  // The timer of a pause stands: how long this answer took says nothing against where it stood before.
  if (isPaused && known.isPaused && Math.abs(known.elapsedMs - durationMs) <= pollTimeoutMs) {
    return Math.max(known.elapsedMs, durationMs);
  }
  return Math.min(Math.max(elapsedAt(known, now), durationMs), durationMs + (now - sentAt));
}

/** What an entry keeps of its pause: who asked for it, since when, and when it is to end. */
function pauseAfter(
  draft: Draft,
  known: TrackedRecording | null,
  before: RememberedRunning | null,
  { recording }: ListedRecording,
): Pick<
  TrackedRecording,
  'isPaused' | 'pausedSince' | 'pausedHere' | 'remindAt' | 'reminders' | 'autoResumeAt'
> {
  const { now, state } = draft;
  if (!recording.isPaused) {
    return {
      isPaused: false,
      pausedSince: null,
      pausedHere: false,
      remindAt: null,
      reminders: 0,
      autoResumeAt: null,
    };
  }
  const { autoResumeMs } = state.policy;
  if (known?.isPaused === true) {
    return {
      isPaused: true,
      pausedSince: known.pausedSince,
      pausedHere: known.pausedHere,
      remindAt: known.remindAt,
      reminders: known.reminders,
      autoResumeAt: known.autoResumeAt,
    };
  }
  const isRemembered = before?.pausedHere === true && known === null;
  const pausedSince = isRemembered ? (before.pausedSince ?? now) : now;
  const isAskedFor = state.toggles.some((toggle) => toggle.id === recording.id && toggle.want === 'paused');
  // One that was given up may arrive late.
  const isLate = now - (known?.pauseSentAt ?? Number.NEGATIVE_INFINITY) < lateWithinMs;
  const pausedHere = isRemembered || isAskedFor || isLate;
  return {
    isPaused: true,
    pausedSince,
    pausedHere,
    remindAt: now + pauseReminder.firstMs,
    reminders: 0,
    autoResumeAt: pausedHere && autoResumeMs !== null ? Math.max(now, pausedSince + autoResumeMs) : null,
  };
}

/** A list that shows it again after one that lacked it is a contradiction; two that show it settle it. */
function doubtAfter(known: TrackedRecording | null): Doubt | null {
  const doubt = known?.doubt ?? null;
  return doubt !== null && doubt.missing > 0 ? { ...doubt, missing: 0 } : null;
}

/** What is known of a recording after a list that shows it. */
export function follow(
  draft: Draft,
  known: TrackedRecording | null,
  listed: ListedRecording,
  sentAt: number,
): TrackedRecording {
  const { recording } = listed;
  const { now, state } = draft;
  const session = state.session.kind === 'open' ? state.session : null;
  const before = session?.before.find(({ id }) => id === recording.id) ?? null;
  const { localUsername } = recording;
  const serverStartedAt = recording.startedAt ?? known?.serverStartedAt ?? null;
  const mayHaveMoved = !listed.onLine && known?.seen === true && known.onLine && !known.mayHaveMoved;
  return withKeptFrom({
    id: recording.id,
    formerIds: known?.formerIds ?? [],
    takenFor: known?.takenFor ?? null,
    own:
      localUsername === null ||
      isSameUser(localUsername, session?.username ?? '') ||
      listed.forUser ||
      (known?.seen === true && known.localUsername === localUsername && known.own),
    doubt: doubtAfter(known),
    cameBack: known !== null && (known.cameBack || known.doubt !== null),
    isTimed: recording.durationMs !== null,
    beganAt: known?.beganAt ?? now - (recording.durationMs ?? 0),
    pressedAt: known?.pressedAt ?? null,
    standsInUntil: known?.standsInUntil ?? null,
    keptFrom: known?.keptFrom ?? null,
    seen: true,
    lastHeardOf: now,
    knownAt: known?.knownAt ?? now,
    expectedBy: known?.expectedBy ?? now,
    elapsedMs: elapsedAfter(known, recording, sentAt, now),
    anchor: now,
    stopped: known?.stopped ?? false,
    ...pauseAfter(draft, known, before, listed),
    pauseSentAt: known?.pauseSentAt ?? null,
    remoteParty: recording.remoteParty,
    localUsername,
    startedHere: (known?.startedHere ?? false) || before?.startedHere === true,
    announced: known?.announced ?? false,
    onLine: listed.onLine || mayHaveMoved,
    mayHaveMoved,
    serverStartedAt,
  });
}

/**
 * What a recording is to its user: others' recordings on a shared line are shown as theirs, and are not this user's
 * concern beyond that.
 */
export function isOfConcern(recording: TrackedRecording): boolean {
  return recording.own || recording.startedHere;
}

/**
 * A recording is over: tells the user, and has it looked for among the completed ones.
 * @param how `stopped` where it was asked for here; `given-up` where it is merely no longer claimed to run, so that
 *   only the outcome of the search is told
 */
export function endRecording(draft: Draft, recording: TrackedRecording, how: EndedTrack['how']): void {
  const { state, now } = draft;
  // Do not count the time of an outage: its length as a recording is unknown.
  const elapsedMs = state.knowledge.kind === 'unknown' ? recording.elapsedMs : elapsedAt(recording, now);
  update(draft, {
    recordings: state.recordings.filter((other) => other.id !== recording.id),
    stops: state.stops.filter((stop) => stop.id !== recording.id),
    toggles: state.toggles.filter((toggle) => toggle.id !== recording.id),
    ended: [...state.ended.slice(1 - endedKept), { recording, at: now, how }],
  });
  expectNews(draft);
  tellUnconfirmed(draft, state.toggles, recording, how);
  const told = { recordingId: recording.id, elapsedMs };
  if (how === 'stopped') notify(draft, { kind: 'stopped', ...told });
  if (!isOfConcern(recording)) return;
  if (how === 'ended') {
    notify(draft, { kind: 'ended', ...told, unexpected: isUnexpected(draft, recording) });
    tellDropped(draft, recording);
  }
  draft.effects.push({
    kind: 'look-for',
    recording: {
      id: recording.id,
      startedHere: recording.startedHere,
      ...beginningOf(recording, now),
      endedAt: now,
      serverStartedAt: recording.serverStartedAt,
      remoteParty: recording.remoteParty,
      localUsername: recording.localUsername,
      own: recording.own,
      onLine: recording.onLine,
    },
  });
}

/** Tells of a pause or resume that nothing can confirm any more, because its recording has ended. */
function tellUnconfirmed(
  draft: Draft,
  toggles: MachineState['toggles'],
  { id }: TrackedRecording,
  how: EndedTrack['how'],
): void {
  const toggle = toggles.find((other) => other.id === id);
  if (toggle === undefined) return;
  // After the user's own Stop it no longer matters what was still to be sent.
  const unsent = how === 'stopped' ? null : toggle.next;
  const cutOff = toggle.phase === 'confirming' ? unsent : toggle.want;
  if (cutOff === null) return;
  const operation = cutOff === 'paused' ? 'pause' : 'resume';
  refuse(draft, { code: 'ended-unconfirmed', operation, detail: {} });
}

/**
 * A *Record* was not sent because this ran on the line; it may have been over, or have moved to another line by then,
 * although lists still showed it.
 */
export function tellDropped(draft: Draft, { standsInUntil, lastHeardOf }: TrackedRecording): void {
  if (standsInUntil === null || lastHeardOf >= standsInUntil) return;
  const { start, waiting } = draft.state;
  // It was asked for again meanwhile, or another recording of the line is what the user wanted.
  if (start !== null || waiting !== null || runningOnLine(draft.state).length > 0) return;
  refuse(draft, { code: 'start-dropped', operation: 'start', detail: {} });
}

/** When a recording can have begun, monotonic ms: of one that no list has shown it is only known when it was asked for. */
export function beginningOf(
  recording: TrackedRecording,
  now: number,
): Pick<RememberedRunning, 'startedAt' | 'startedBy'> {
  const startedAt = now - elapsedAt(recording, now);
  if (recording.seen) return { startedAt, startedBy: startedAt };
  return { startedAt: recording.pressedAt ?? startedAt, startedBy: recording.knownAt };
}

/** A recording is known under another id: it is tracked no more, and its marks go along. */
export function forgetAs(draft: Draft, recording: TrackedRecording, id: string): void {
  const isOther = (other: { readonly id: string }) => other.id !== recording.id;
  update(draft, {
    recordings: draft.state.recordings.filter(isOther),
    stops: draft.state.stops.filter(isOther),
    toggles: draft.state.toggles.filter(isOther),
  });
  draft.effects.push({ kind: 'same-as', from: recording.id, to: id });
}

/** Whether an end was not observed: it fell into an outage, or only the start's answer ever told of the recording. */
function isUnexpected({ state }: Draft, recording: TrackedRecording): boolean {
  if (state.knowledge.kind === 'not-visible') return false;
  return state.knowledge.kind === 'unknown' || !recording.seen;
}

/** Tells of recordings that the user has not been told of; of others' once they become this user's concern. */
export function announce(draft: Draft, recording: TrackedRecording, silently: boolean): void {
  if (recording.announced || (!silently && !isOfConcern(recording))) return;
  replaceTracked(draft, { ...recording, announced: true });
  if (silently) return;
  notify(draft, { kind: 'started', recordingId: recording.id, remoteParty: recording.remoteParty });
}
