import { sameRecordingId } from '@shared/domain/recording';
import type { ListedRecording, RememberedRunning } from './events';
import { isSameUser } from './ownership';
import { isSameStart, sameStartMs } from './same-start';
import { elapsedAt } from './state';
import type { ChangeAttempt, EndedTrack, MachineState, TrackedRecording } from './state';
import { refuse, update } from './draft';
import type { Draft } from './draft';
import { announce } from './recording-tracker';

/*
 * The id of a recording may change in mid-call (transfer, conference), and a list may show another id than the answer
 * to the start did. This part finds out which entries are one recording, so that its marks, its pause and *started
 * here* stay with it.
 */

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
  /** Whether it may as well go on under another id of the same list. */
  readonly isAmbiguous: boolean;
}

/** A known recording, and an id under which it may go on. */
interface Fit extends Omit<Rename, 'isAmbiguous'> {
  /** How well the two fit: the smaller, the better. */
  readonly distance: number;
  /** What a start began on a shared line is rather a call of its user than a colleague's. */
  readonly isLikely: boolean;
  /** Whether the server tells the very same start for both. */
  readonly isExact: boolean;
}

function phoneOf({ remoteParty }: Pick<TrackedRecording, 'remoteParty'>): string | null {
  return remoteParty?.phoneNumber ?? null;
}

/** Whether an entry is a call of this user. */
function isOwn({ state: { session } }: Draft, { recording, forUser }: ListedRecording): boolean {
  if (forUser || recording.localUsername === null) return true;
  return session.kind === 'open' && isSameUser(recording.localUsername, session.username);
}

/** Whether lists name different local users for the two. */
function isOtherUsers({ localUsername: known }: TrackedRecording, { recording }: ListedRecording): boolean {
  return known !== null && recording.localUsername !== null && !isSameUser(known, recording.localUsername);
}

/**
 * When a listed recording began, on this computer's monotonic clock; null where the server does not say.
 * @param readAt when its duration was read: at the earliest when the list was asked for, at the latest now
 */
function beganAt({ recording }: ListedRecording, readAt: number): number | null {
  return recording.durationMs === null ? null : readAt - recording.durationMs;
}

/**
 * Whether an entry with a new id is a recording that is known under another one.
 * @param sentAt when the list was asked for, monotonic ms
 */
function isSameRecording(
  draft: Draft,
  known: TrackedRecording,
  listed: ListedRecording,
  sentAt: number,
): boolean {
  const began = beganAt(listed, draft.now);
  if (!known.seen) {
    // Only its start's answer spoke of it.
    if (!known.startedHere || !listed.onLine || sentAt < known.knownAt + otherIdAfterMs) return false;
    const knownAt = findListed(draft, listed)?.knownAt ?? null;
    // What surely began after it was stopped here is another one.
    const stop = draft.state.stops.find(({ id }) => id === known.id);
    // A stop that may have reached it explains why no list shows it.
    if (stop !== undefined && stop.error?.code !== 'not-a-live-recording') return false;
    const earliest = beganAt(listed, sentAt) ?? knownAt;
    if (stop !== undefined && (earliest === null || earliest > stop.sentAt)) return false;
    // What began after a newer start was sent is the effect of that one.
    if ((began ?? knownAt ?? sentAt) >= newerStartAt(draft.state, known)) return false;
    const [from, to] = [known.pressedAt ?? known.knownAt, known.knownAt];
    // Where no list came since it was to be listed, as over a sleep, the first one that comes may show it.
    if (began === null) return Math.min(sentAt, draft.state.lastListAt ?? sentAt) <= known.expectedBy;
    return began >= from - roundingMs && (beganAt(listed, sentAt) ?? began) <= to + roundingMs;
  }
  // No call passes from one local user to another: a colleague's is never what Stop or Pause is repeated for.
  if (isOtherUsers(known, listed)) return false;
  const phone = phoneOf(known);
  const isSameParty = phone !== null && phone === listed.recording.remoteParty.phoneNumber;
  const beganTogether = isSameStart(known.serverStartedAt, listed.recording.startedAt);
  // To another line of the user only the same call moves.
  if (known.onLine !== listed.onLine) return isSameParty && isOwn(draft, listed) && beganTogether;
  if (beganTogether) return true;
  if (!isSameParty) return false;
  return began !== null && Math.abs(began - known.lastHeardOf) <= sameCallGapMs;
}

function findListed({ state }: Draft, { recording }: ListedRecording): TrackedRecording | null {
  return state.recordings.find((known) => hasId(known, recording.id)) ?? null;
}

function distance(draft: Draft, known: TrackedRecording, listed: ListedRecording): number {
  if (known.serverStartedAt !== null && listed.recording.startedAt !== null) {
    return Math.abs(known.serverStartedAt - listed.recording.startedAt);
  }
  return Math.abs(elapsedAt(known, draft.now) - (listed.recording.durationMs ?? 0));
}

function isKnown(draft: Draft, id: string): boolean {
  const { recordings, ended } = draft.state;
  return recordings.some((known) => hasId(known, id)) || ended.some(({ recording }) => hasId(recording, id));
}

/** Whether an entry was first listed after a start was sent, and may be what that start answered under another id. */
function isNewSince(draft: Draft, known: TrackedRecording, id: string): boolean {
  const other = draft.state.recordings.find((one) => hasId(one, id));
  return other !== undefined && !other.startedHere && other.knownAt >= (known.pressedAt ?? known.knownAt);
}

/**
 * What a start began under another id than it answered, where that ended before the two were found to be one: its end
 * was told, and it is looked for. Null where there is none. Call this only once the answered id is overdue: until
 * then a lagging list may hide a running recording while it still shows one that began and ended beside it.
 */
export function endedTwin({ ended }: MachineState, known: TrackedRecording): TrackedRecording | null {
  const since = known.pressedAt ?? known.knownAt;
  const isTwin = ({
    seen,
    own,
    onLine,
    startedHere,
    knownAt,
    lastHeardOf,
    beganAt: began,
  }: TrackedRecording) =>
    seen &&
    own &&
    !startedHere &&
    // Where a single list showed it, that may have asked for the line just before it began there.
    (onLine === known.onLine || knownAt === lastHeardOf) &&
    knownAt >= since &&
    began >= since - roundingMs;
  return ended.map(({ recording }) => recording).find(isTwin) ?? null;
}

/** When the first start was sent that is newer than the one that began a recording, monotonic ms; Infinity: none was. */
function newerStartAt(state: MachineState, { pressedAt, knownAt }: TrackedRecording): number {
  const since = pressedAt ?? knownAt;
  const answered = state.recordings.map((one) => (one.startedHere && !one.seen ? one.pressedAt : null));
  const newer = [state.lastStartAt, ...answered].filter((at) => at !== null && at > since);
  return Math.min(Infinity, ...newer.map(Number));
}

/**
 * What runs under another id than its start answered, first listed since that start was sent; on the line where it began
 * before others, and the first that began.
 * Null where there is none.
 * @param stop its stop, if any: what began after that is another one, and it may have moved to another line of the user
 */
export function runningTwin(
  state: MachineState,
  known: TrackedRecording,
  stop: ChangeAttempt | null = null,
): TrackedRecording | null {
  if (!known.startedHere) return null;
  const since = known.pressedAt ?? known.knownAt;
  // What began after a newer start was sent is the effect of that one.
  const until = Math.min(stop?.sentAt ?? Infinity, newerStartAt(state, known));
  const twins = state.recordings.filter(
    (one) =>
      one.seen &&
      one.own &&
      !one.startedHere &&
      (stop !== null || one.onLine === known.onLine) &&
      one.knownAt >= since &&
      one.knownAt <= known.expectedBy &&
      one.beganAt < until,
  );
  const isThere = ({ onLine }: TrackedRecording) => Number(onLine === known.onLine);
  const byLikelihood = (a: TrackedRecording, b: TrackedRecording) =>
    isThere(b) - isThere(a) || a.beganAt - b.beganAt || (a.id < b.id ? -1 : 1);
  return [...twins].sort(byLikelihood)[0] ?? null;
}

/** Takes a listed recording for the one that a start began, and whose answered id no list has shown. */
export function joinTwin(draft: Draft, known: TrackedRecording, twin: TrackedRecording): void {
  carryOver(draft, known, twin, null);
}

/** Where no list will tell more, the user is told of what a start began, unless it is listed under another id. */
export function tellUnseen(draft: Draft, known: TrackedRecording): void {
  const twin = runningTwin(draft.state, known);
  if (twin === null) announce(draft, known, false);
  else joinTwin(draft, known, twin);
}

/** Whether a listed recording may be what the user was told of under the id that its start answered. */
export function mayBeToldAlready({ state }: Draft, recording: TrackedRecording): boolean {
  if (recording.announced || recording.startedHere || !recording.own) return false;
  return state.recordings.some(
    (known) =>
      !known.seen &&
      known.announced &&
      known.startedHere &&
      known.onLine === recording.onLine &&
      recording.knownAt >= (known.pressedAt ?? known.knownAt),
  );
}

/** Whether a recording has, or had, this id. */
export function hasId(recording: TrackedRecording, id: string): boolean {
  return (
    sameRecordingId(recording.id, id) || recording.formerIds.some((former) => sameRecordingId(former, id))
  );
}

/** Whether the server has stopped it under an id that a list had shown: nothing else is the same recording. */
function isKnownStopped({ state }: Draft, { id }: TrackedRecording): boolean {
  return state.stops.some(
    (stop) => stop.id === id && stop.phase === 'confirming' && stop.error === null && stop.wasListed,
  );
}

/** Whether its end, or its stop, was only concluded. */
function mayRunOn({ recording, how }: EndedTrack): boolean {
  return how === 'ended' || (how === 'stopped' ? !recording.stopped : !recording.seen);
}

/** The known recordings that go on under an id of this list. Each is matched once, the best fit first. */
function findRenames(draft: Draft, listed: readonly ListedRecording[], sentAt: number): readonly Rename[] {
  const isListed = (known: TrackedRecording) => listed.some(({ recording }) => hasId(known, recording.id));
  const running = draft.state.recordings
    .filter((known) => !isListed(known) && !isKnownStopped(draft, known))
    .map((known) => ({ known, ended: null }));
  const gone = draft.state.ended
    .filter(
      (track) => mayRunOn(track) && !isListed(track.recording) && draft.now - track.at < comesBackWithinMs,
    )
    .map((ended) => ({ known: ended.recording, ended }));
  const added = listed.filter(({ recording }) => !isKnown(draft, recording.id));
  const fits: readonly Fit[] = [...running, ...gone].flatMap(({ known, ended }) =>
    [
      ...added,
      ...(known.seen ? [] : listed.filter(({ recording }) => isNewSince(draft, known, recording.id))),
    ]
      .filter((item) => isSameRecording(draft, known, item, sentAt))
      .map((item) => ({
        known,
        ended,
        to: item.recording.id,
        distance: distance(draft, known, item),
        isLikely: known.seen || isOwn(draft, item),
        isExact: known.serverStartedAt !== null && known.serverStartedAt === item.recording.startedAt,
      })),
  );
  const taken = new Set<string>();
  return [...fits]
    .sort((a, b) => Number(b.isLikely) - Number(a.isLikely) || a.distance - b.distance)
    .filter(({ known, to }) => {
      if (taken.has(known.id) || taken.has(to)) return false;
      taken.add(known.id).add(to);
      return true;
    })
    .map((fit) => ({ ...fit, isAmbiguous: isAmbiguous(fit, fits) }));
}

/** Two recordings of one call may both change their ids, and nothing then tells which became which. */
function isAmbiguous({ known, to, isExact }: Fit, fits: readonly Fit[]): boolean {
  return fits.some((other) => other.known === known && other.to !== to && (!isExact || other.isExact));
}

/**
 * Carries known recordings over to the ids under which this list shows them.
 * @param listed what the list shows
 * @param sentAt when it was asked for, monotonic ms
 */
export function followRenamed(draft: Draft, listed: readonly ListedRecording[], sentAt: number): void {
  leaveColleagues(draft, listed, sentAt);
  for (const { known, ended, to, isAmbiguous: isUnsure } of findRenames(draft, listed, sentAt)) {
    const listedAs = draft.state.recordings.find((other) => other.id === to);
    carryOver(draft, known, listedAs ?? to, ended, isUnsure ? 'perhaps' : 'surely');
    const wasStopped = ended !== null && ended.how !== 'ended';
    if (wasStopped) refuse(draft, { code: 'still-recording', operation: 'stop', detail: {} });
  }
}

/** A colleague's call that was only taken for what a start began gives way to an own one that fits as well. */
function leaveColleagues(draft: Draft, listed: readonly ListedRecording[], sentAt: number): void {
  for (const known of draft.state.recordings) {
    const { takenFor } = known;
    if (takenFor === null || known.own || !isGuess(draft, known)) continue;
    const fits = (item: ListedRecording) =>
      isOwn(draft, item) &&
      !isKnown(draft, item.recording.id) &&
      isSameRecording(draft, takenFor, item, sentAt);
    if (listed.some(fits)) awaitAgain(draft, known);
  }
}

/**
 * A known recording goes on under another id.
 * @param to that id, or what is known under it already
 * @param ended its end, where that had been concluded
 * @param renamed whether another id of the same list fits as well
 */
function carryOver(
  draft: Draft,
  known: TrackedRecording,
  to: TrackedRecording | string,
  ended: EndedTrack | null,
  renamed: Exclude<ChangeAttempt['renamed'], 'no'> = 'surely',
): void {
  const { state } = draft;
  const id = typeof to === 'string' ? to : to.id;
  const { startedHere, pressedAt } = known;
  const listedAs =
    typeof to === 'string'
      ? {}
      : { ...to, startedHere, pressedAt, announced: known.announced || to.announced };
  const goesOn: TrackedRecording = {
    ...known,
    ...listedAs,
    ...(ended?.how === 'ended' ? { announced: false } : {}),
    id,
    formerIds: [known.id, ...known.formerIds],
    takenFor: known.seen ? known.takenFor : known,
  };
  update(draft, {
    recordings: [...state.recordings.filter((other) => other.id !== known.id && other.id !== id), goesOn],
    ended: state.ended.filter((other) => other !== ended),
    stops: state.stops.map((stop) => (stop.id === known.id ? { ...stop, id, renamed } : stop)),
    toggles: state.toggles.map((toggle) => (toggle.id === known.id ? { ...toggle, id, renamed } : toggle)),
  });
  draft.effects.push({ kind: 'renamed', from: known.id, to: id });
}

/** Whether an entry is what ran when a former run ended: by the server's start, else by when it began. */
function isRemembered(
  { startedAt, startedBy, serverStartedAt }: RememberedRunning,
  { recording }: ListedRecording,
  now: number,
): boolean {
  if (serverStartedAt !== null) return isSameStart(recording.startedAt, serverStartedAt);
  if (recording.durationMs === null) return false;
  const began = now - recording.durationMs;
  return began >= startedAt - sameStartMs && began <= startedBy + sameStartMs;
}

/** What ran when a former run ended goes on under the id of this list, with its marks and *started here*. */
export function followRemembered(draft: Draft, listed: readonly ListedRecording[]): void {
  for (const remembered of rememberedOf(draft)) {
    const { session } = draft.state;
    if (session.kind !== 'open' || isKnown(draft, remembered.id)) continue;
    if (listed.some(({ recording }) => sameRecordingId(recording.id, remembered.id))) continue;
    // The file does not say whose it was; a key must never reach a colleague's, so theirs is not taken for it.
    const fits = listed.filter((item) => isOwn(draft, item) && isRemembered(remembered, item, draft.now));
    const taken = ({ recording }: ListedRecording) =>
      session.before.find((other) => sameRecordingId(other.id, recording.id));
    const found = fits.find((item) => taken(item) === undefined && !isKnown(draft, item.recording.id));
    // Only the answer to a start ever told its id, and a list had shown the recording under another one.
    const isAlias = remembered.startedHere && remembered.serverStartedAt === null;
    const twin = isAlias ? fits.find((item) => taken(item)?.startedHere === false) : undefined;
    const id = (found ?? twin)?.recording.id;
    if (id === undefined) continue;
    const others = session.before.filter((other) => other !== remembered && !sameRecordingId(other.id, id));
    update(draft, {
      session: { ...session, before: [...others, { ...remembered, id }] },
      // A command that was cut off meant the same recording.
      interrupted: draft.state.interrupted.map((command) =>
        command.id !== null && sameRecordingId(command.id, remembered.id) ? { ...command, id } : command,
      ),
    });
    draft.effects.push({ kind: found === undefined ? 'same-as' : 'renamed', from: remembered.id, to: id });
  }
}

function rememberedOf({ state: { session } }: Draft): readonly RememberedRunning[] {
  return session.kind === 'open' ? session.before : [];
}

/**
 * A list that shows the id which a start answered, beside the id that was taken for it, takes that back: the two are
 * different recordings.
 */
export function separateMistaken(draft: Draft, listed: readonly ListedRecording[]): void {
  const shows = (id: string) => listed.some(({ recording }) => sameRecordingId(recording.id, id));
  for (const known of draft.state.recordings) {
    const original = known.formerIds.find(shows);
    if (original === undefined) continue;
    const own: TrackedRecording = {
      ...known,
      id: original.toLowerCase(),
      formerIds: [],
      takenFor: null,
    };
    if (!shows(known.id)) {
      // Another node, or the server itself, went back to the former id.
      update(draft, {
        recordings: draft.state.recordings.map((other) =>
          other.id === known.id ? { ...own, formerIds: [known.id, ...known.formerIds] } : other,
        ),
        stops: draft.state.stops.map((stop) =>
          stop.id === known.id ? { ...stop, id: own.id, renamed: 'surely' } : stop,
        ),
        toggles: draft.state.toggles.map((toggle) =>
          toggle.id === known.id ? { ...toggle, id: own.id, renamed: 'surely' } : toggle,
        ),
      });
    } else {
      update(draft, {
        recordings: [
          ...draft.state.recordings.filter((other) => other.id !== known.id),
          { ...own, seen: false },
          strangerOf(known),
        ],
      });
    }
    draft.effects.push({ kind: 'renamed', from: known.id, to: own.id });
  }
}

/**
 * What remains under the present id of a recording that turned out to be another one. A pause stays with it
 * where no list had shown another id: only the present one can have been paused.
 */
function strangerOf(known: TrackedRecording): TrackedRecording {
  const isPauseItsOwn = known.takenFor !== null;
  return {
    ...known,
    formerIds: [],
    takenFor: null,
    startedHere: false,
    pausedHere: isPauseItsOwn && known.pausedHere,
    pressedAt: null,
    autoResumeAt: isPauseItsOwn ? known.autoResumeAt : null,
  };
}

/** Whether a recording is only taken for what a start began, whose own id may still come. */
export function isGuess({ now }: Draft, { takenFor }: TrackedRecording): boolean {
  return takenFor !== null && now < takenFor.expectedBy;
}

/**
 * What vanished from the lists had only been taken for what a start began, and the id that this start answered may
 * still come: it is awaited again, so that the light does not go out on a guess.
 * @param known tracked from now on without what is awaited
 * @returns what is awaited; null where nothing is, or where the lists told well enough that the two were one
 */
export function awaitAgain(draft: Draft, known: TrackedRecording): TrackedRecording | null {
  const awaited = known.takenFor;
  if (awaited === null || !isGuess(draft, known)) return null;
  update(draft, {
    recordings: [
      ...draft.state.recordings.filter((other) => other.id !== known.id),
      strangerOf(known),
      awaited,
    ],
  });
  draft.effects.push({ kind: 'renamed', from: known.id, to: awaited.id });
  return awaited;
}

/**
 * The server stopped a recording under its former id, so that what a list showed under the present one is another one.
 * @param id the present one
 * @returns what was stopped; it is tracked no more
 */
export function separateStopped(draft: Draft, id: string): TrackedRecording | null {
  const known = draft.state.recordings.find((recording) => recording.id === id);
  const [former, ...earlier] = known?.formerIds ?? [];
  if (known === undefined || former === undefined) return null;
  update(draft, {
    recordings: draft.state.recordings.map((other) =>
      other === known ? { ...strangerOf(known), stopped: false, announced: false } : other,
    ),
    stops: draft.state.stops.filter((stop) => stop.id !== id),
  });
  draft.effects.push({ kind: 'renamed', from: id, to: former });
  return { ...known, id: former, formerIds: earlier };
}
