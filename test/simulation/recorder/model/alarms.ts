import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import type { RequestRecord, VirtualCompleted, VirtualRecording } from '../../../fixtures/virtual-telephony';
import type { Presses } from './presses';
import type { Requests } from './requests';
import type { Scene } from './scene';
import { runs } from './scene';

/** How long what is told may be behind the truth, ms. */
const behindMs = 35_000;
/** How long a completed recording must be readable before it counts as one that could have been found, ms. */
const findableMs = 45_000;
/** Completed recordings of one party that began this close together cannot be told apart, ms. */
const alikeMs = 21_000;
/** How long after a start was given up a list may still not show what it began, ms. */
const decidesAfterMs = 4_000;
/** How long after a press, a wait or a sign-in a refusal may still be about it, ms. */
const aboutMs = 150_000;

/** I4: no alarm without cause; and each end, each save and each beginning is told once. */
export class Alarms {
  readonly #started = new Map<VirtualRecording, number>();
  readonly #over = new Map<VirtualRecording, number>();
  readonly #saved = new Set<string>();
  /** What the user was told of, whose end must not be forgotten. */
  readonly known = new Set<VirtualRecording>();
  #waitedAt = -Infinity;

  constructor(
    readonly scene: Scene,
    readonly requests: Requests,
    readonly presses: Presses,
  ) {}

  /** Called often: remembers that something was waited for. */
  look(isWaiting: boolean): void {
    if (isWaiting) this.#waitedAt = this.scene.now();
  }

  noticed(notice: RecorderNotice): void {
    switch (notice.kind) {
      case 'started':
        this.#checkStarted(notice.recordingId);
        return;
      case 'stopped':
        if (notice.recordingId !== null) this.#checkOver('stopped', notice.recordingId);
        return;
      case 'ended':
        this.#checkOver('ended', notice.recordingId);
        return;
      case 'saved':
        this.#checkSaved(notice.recording.id);
        return;
      case 'unconfirmed':
        this.#checkUnconfirmed(notice.recording.id);
        return;
      case 'pause-reminder':
        this.#checkReminder(notice.recordingId);
        return;
      case 'refused':
        this.#checkRefused(notice);
        return;
      case 'recovered':
        this.#checkRecovered(notice.is);
        return;
      default:
    }
  }

  #find(what: string, id: string): VirtualRecording | null {
    const recording = this.scene.server.recordingOf(id);
    if (recording === null) this.scene.fail(`I4: "${what}" is told of ${id}, which never was`);
    return recording;
  }

  #checkStarted(id: string): void {
    const { scene } = this;
    const recording = this.#find('started', id);
    if (recording === null) return;
    this.known.add(recording);
    const isOwn =
      recording.by === scene.username ||
      recording.request?.username === scene.username ||
      recording.spans.some((span) => scene.isOwn(span));
    // Without beginnings that are told, it may be taken for what a start began under an id that no list shows.
    const isMistaken =
      !scene.tellsBeginnings() &&
      [...this.requests.answered()].some(([started]) => scene.isTakenFor(started, recording));
    if (scene.maySee() && !isOwn && !isMistaken)
      scene.fail('I4: "started" is told of a call of somebody else');
    // Where nothing may be seen, the answer to its start is all that anybody here knows.
    if (scene.maySee() && recording.endedAt < scene.now() - behindMs - scene.server.habits.lingerMs)
      scene.fail(`I4: "started" is told of ${id}, which is long over`);
    // Without a start that is told, another id with another party may be another recording.
    const isRecognisable =
      (scene.tellsBeginnings() || recording.id !== id || recording.spans.length === 1) &&
      // Nor can a late answer to its start be told from another recording, once it is over under its listed id.
      (scene.tellsBeginnings() || runs(recording)) &&
      !scene.isCountedAnewUnseen(recording) &&
      !scene.isKeptUnnamed(recording) &&
      // What Stop did not find is told anew once a list shows that it runs.
      !this.requests.isStopAnswered(recording) &&
      !scene.server.everRecorded.some((other) => scene.isTakenFor(recording, other));
    if (this.#started.get(recording) === scene.epoch && isRecognisable && !this.#changedSides(recording))
      scene.fail(`I4: "started" is told twice of one recording (${recording.ids.join(', ')})`);
    this.#started.set(recording, scene.epoch);
  }

  #checkOver(what: 'stopped' | 'ended', id: string): void {
    const { scene } = this;
    const recording = this.#find(what, id);
    if (recording === null) return;
    this.known.add(recording);
    // Where it left the watched line or came to it under another id, nobody here can know that it is the same.
    const wasMoved =
      scene.isKeptUnnamed(recording) ||
      scene.isCountedAnewUnseen(recording) ||
      recording.spans.some((span) => !scene.isInView(span)) ||
      (recording.ids.length > 1 && !scene.tellsBeginnings()) ||
      (recording.id !== id && this.#changedSides(recording)) ||
      this.#followedUnnamed(recording);
    // A list that lacks it right after a stop of one's own is taken for its end.
    const { hasIdleNode, lingerMs } = scene.server.habits;
    const isLossy = scene.lossyAt > scene.now() - 2 * behindMs;
    const isExcused =
      what === 'stopped'
        ? hasIdleNode || this.requests.hiddenUntil >= scene.now() - behindMs
        : // Where answers get lost, more than two in a row may come from the node that knows nothing.
          hasIdleNode && isLossy;
    if (runs(recording) && scene.isInView(recording) && !isExcused && !wasMoved) {
      const now = recording.id === id ? '' : ` as ${recording.id}`;
      scene.fail(`I4: "${what}" is told of ${id}, which goes on${now}`);
    }
    // Over a restart nobody knows any more that what a list shows late was stopped.
    const isLingering = this.#over.get(recording) !== scene.epoch && lingerMs > 0;
    if (this.#over.has(recording) && !wasMoved && !hasIdleNode && !isLingering)
      scene.fail(`I4: the end of ${recording.ids.join(', ')} is told twice`);
    if (!wasMoved) this.#over.set(recording, scene.epoch);
  }

  #checkSaved(id: string): void {
    const { scene } = this;
    const row = scene.server.completed.find((other) => other.id === id);
    if (row === undefined) {
      scene.fail(`I4: "saved" is told of ${id}, which is not completed`);
      return;
    }
    if (this.#saved.has(id)) scene.fail(`I4: "saved" is told twice of ${id}`);
    this.#saved.add(id);
  }

  /** What the user's account could have found among the completed recordings. */
  isFindable({ username, visibleAt }: VirtualCompleted): boolean {
    const { scene } = this;
    if (scene.server.listless.has(scene.username ?? '')) return false;
    if (visibleAt > scene.now() - findableMs) return false;
    return !scene.server.habits.showsOwnRowsOnly || username === scene.username;
  }

  #checkUnconfirmed(id: string): void {
    const { scene } = this;
    const { server } = scene;
    const recording = this.#find('unconfirmed', id);
    if (recording === null) return;
    this.known.add(recording);
    if (runs(recording) && scene.isInView(recording)) {
      if (!this.isUnrecognisable(recording)) scene.fail(`I4: ${id} "could not be found", and it runs`);
      return;
    }
    // Where it went out of view, nobody here can know that it goes on elsewhere.
    const isGone = recording.spans.some((span) => !scene.isInView(span));
    const changedHands = new Set(recording.spans.map(({ username }) => username)).size > 1;
    if (!recording.isKept || isGone || changedHands) return;
    const rows = server.completed.filter((row) => row.recording === recording);
    // A server that says "not found" by id, because it was completed under another one, does not tell that it hides it.
    const isHidden =
      server.habits.showsOwnRowsOnly &&
      recording.username !== scene.username &&
      rows.some((row) => row.id === id && row.visibleAt <= scene.now() - findableMs);
    if (isHidden || server.listless.has(scene.username ?? ''))
      scene.fail(`I4: ${id} "could not be found", and this user may not see it`);
    if (rows.some((row) => this.isFindable(row) && this.#isUnmistakable(row, id)))
      scene.fail(`I4: ${id} "could not be found", and it is listed as ${rows[0]?.id ?? ''}`);
  }

  /** Whether it was on the watched line and on another one: under its new id nobody can know that it is the same. */
  #changedSides({ spans }: VirtualRecording): boolean {
    return new Set(spans.map((span) => this.scene.isOnLine(span))).size > 1;
  }

  /**
   * Whether only the answer to its start told its id, nobody watched since, and the server does not say when recordings
   * began: nothing is left to find it by.
   */
  #isMisnamedSince(recording: VirtualRecording): boolean {
    const { scene } = this;
    if (recording.ids.length === recording.spans.length) return false;
    // A colleague's is never taken for it.
    if (scene.tellsBeginnings() && scene.isOwn(recording)) return false;
    const answeredAt = this.requests.answerOf(recording)?.at ?? -Infinity;
    return answeredAt < scene.disturbedAt;
  }

  /** Whether it followed another call at once, with the same party, and was answered under an id that no list shows. */
  #followedUnnamed(recording: VirtualRecording): boolean {
    const isMisnamed = recording.ids.length > recording.spans.length;
    return (
      isMisnamed &&
      this.scene.server.everRecorded.some((other) => this.scene.seemsToContinue(recording, other))
    );
  }

  /** Whether it got another id while nobody watched, on another line, or where the server tells no start. */
  isUnrecognisable(recording: VirtualRecording): boolean {
    const { scene } = this;
    if (scene.isKeptUnnamed(recording) || scene.isCountedAnewUnseen(recording)) return true;
    if (this.#isMisnamedSince(recording) || this.#followedUnnamed(recording)) return true;
    // Stop did not find it under its former id.
    if (this.requests.isStopAnswered(recording)) return true;
    const last = recording.spans.at(-1);
    if (recording.spans.length === 1 || last === undefined) return false;
    const wasWatched = last.from > this.requests.firstListAt();
    return !wasWatched || this.#changedSides(recording) || !this.scene.tellsBeginnings();
  }

  /** Whether a row can be recognised: by its id, or because nothing else is like it. */
  #isUnmistakable(row: VirtualCompleted, id: string): boolean {
    const { server } = this.scene;
    if (row.id === id) return true;
    const { startedAt, spans } = row.recording;
    // The start that lists told is all that another id can be recognised by.
    if (!server.habits.tellsStart || spans.length > 1 || row.startedAt !== startedAt) return false;
    if (row.recording.endedAt - row.recording.begunAt < server.startLagMs + behindMs) return false;
    return !server.completed.some(
      (other) => other.recording !== row.recording && Math.abs(other.startedAt - startedAt) < alikeMs,
    );
  }

  #checkReminder(id: string): void {
    const { scene } = this;
    const recording = this.#find('pause-reminder', id);
    if (recording === null) return;
    const isOwn = recording.spans.some(({ username }) => username === scene.username);
    // What this user had started is their concern, whosever call it is.
    if (!isOwn && recording.by !== scene.username && this.requests.answerOf(recording) === null)
      scene.fail(`I4: a reminder of the pause of a colleague's call (${recording.username})`);
    const wasPaused = recording.isPaused || (recording.resumedAt ?? -Infinity) > scene.now() - behindMs;
    if (!wasPaused || recording.endedAt < scene.now() - behindMs)
      scene.fail(`I4: a reminder of ${id}, which is not paused`);
  }

  #checkRefused({ error }: Extract<RecorderNotice, { kind: 'refused' }>): void {
    const { scene, requests, presses } = this;
    const { operation, detail } = error;
    const since = scene.now() - aboutMs;
    const isAbout = presses.lastAt() > since || this.#waitedAt > since || scene.policy.autoResumeMs !== null;
    // *Try now* only asks.
    if (!isAbout && operation !== 'active')
      scene.fail(`I4: ${operation} is refused (${error.code}), and nobody asked for it`);
    if (detail.outcomeUnknown !== true || error.code === 'left-unanswered') return;
    const kinds: readonly RequestRecord['kind'][] = [
      ...(operation === 'start' ? (['start'] as const) : []),
      ...(operation === 'stop' ? (['stop', 'stop-line'] as const) : []),
    ];
    const pressedAt = presses.lastOf(
      ...(operation === 'start' ? (['record', 'next'] as const) : (['stop'] as const)),
    );
    const sentAt = Math.max(...kinds.map((kind) => requests.lastSentAt.get(kind) ?? -Infinity));
    // A press joins a start whose answer was lost, as long as no list could show what came of it.
    const isUnderWay = requests.starts.some(
      ({ endedAt, givenUpAt }) =>
        endedAt === null ||
        endedAt >= pressedAt ||
        (givenUpAt !== null && requests.lastListAtWish < givenUpAt + decidesAfterMs),
    );
    if (kinds.length > 0 && sentAt < pressedAt && !isUnderWay)
      scene.fail(`I4: the outcome of a ${operation} "is not known", and it never left`);
  }

  #checkRecovered(is: Extract<RecorderNotice, { kind: 'recovered' }>['is']): void {
    const { scene } = this;
    const from = scene.now() - behindMs;
    const wasIdle = scene.server.everRecorded.every(
      ({ spans, endedAt }) =>
        !spans.some((span) => scene.isInView(span) && span.to >= from) || endedAt < from,
    );
    if (is === 'recording' && wasIdle && scene.server.habits.lingerMs === 0)
      scene.fail('I4: "recording" is told, but nothing ran');
  }
}
