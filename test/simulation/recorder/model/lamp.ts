import type { RecorderView } from '@shared/ipc/snapshot';
import type { VirtualRecording } from '../../../fixtures/virtual-server';
import type { VirtualSpan } from '../../../fixtures/virtual-telephony';
import type { Scene } from './scene';
import { runs } from './scene';
import type { Requests } from './requests';

/** How long ago what is shown may have been true, ms. What one list lacks may stay in view while it is in doubt. */
const bounds = { recording: 30_000, notRecording: 30_000 } as const;
/** How long a recording of the user on another line may stay unseen, ms. */
const otherLinesMs = 40_000;
/** How much longer it takes where up to two lists in a row know nothing, ms. */
const twoMoreLists = 2.4;
/** How long after a sign-in, a sleep or lost answers only a node that knows nothing may have answered, ms. */
const blankMs = 20_000;
/** How long after a stop of one's own a list that lacks the recording is its end, ms. */
const ownStopMs = 30_000;
/**
 * How long after its start was answered a recording must be known as started here, ms. Lists may lag for 15 s, a list
 * takes up to 8 s, and one that is missed is asked for again.
 */
const recognisedWithinMs = 30_000;

/** I3: what is shown was true a short while ago, and unknown is never shown as idle. */
export class Lamp {
  readonly #timers = new Map<string, number>();
  /** What was in view in this epoch. */
  #displayed = new Set<VirtualRecording>();
  /** What was shown as started here in this epoch. */
  #shownAsOurs = new Set<VirtualRecording>();
  #epoch = -1;

  constructor(
    readonly scene: Scene,
    readonly requests: Requests,
  ) {}

  check(view: RecorderView): void {
    if (this.#epoch !== this.scene.epoch) {
      this.#epoch = this.scene.epoch;
      this.#displayed = new Set();
      this.#shownAsOurs = new Set();
      // Who signs in anew counts from then on, where the server tells nothing.
      if (!this.scene.server.habits.tellsDuration) this.#timers.clear();
    }
    this.#checkForm(view);
    this.#checkRecording(view);
    this.#checkOrigin(view);
    this.#checkIdle(view);
    this.#checkTimers(view);
  }

  #checkForm({ status, unknown, recordings }: RecorderView): void {
    if ((status === 'unknown') !== (unknown !== null)) this.scene.fail('I3: unknown without its reason');
    if (status === 'not-recording' && recordings.length > 0)
      this.scene.fail('I3: "not recording", but one is listed');
    if ((status === 'recording' || status === 'paused') && recordings.length === 0)
      this.scene.fail('I3: "recording", but none is listed');
  }

  #checkRecording(view: RecorderView): void {
    if (view.status !== 'recording' && view.status !== 'paused') return;
    const { scene } = this;
    const since = scene.now() - bounds.recording - scene.server.habits.lingerMs;
    for (const { id, ticking, isPaused } of view.recordings) {
      const recording = scene.server.recordingOf(id);
      if (recording === null) {
        scene.fail(`I3: ${id} is shown, and never was`);
        continue;
      }
      if (runs(recording) && scene.isInView(recording)) this.#displayed.add(recording);
      if (!ticking && !isPaused) continue;
      const isRecent = recording.spans.some((span) => span.id === id && span.to >= since);
      if (!isRecent) scene.fail(`I3: ${id} is shown, but is over`);
    }
    if (new Set(view.recordings.map(({ id }) => scene.server.recordingOf(id))).size < view.recordings.length)
      this.#checkTwins(view);
  }

  /** One recording is not two, except while a list that is older than a transfer is believed. */
  #checkTwins(view: RecorderView): void {
    const { scene } = this;
    for (const { id } of view.recordings) {
      const former = scene.server.recordingOf(id)?.spans.find((span) => span.id === id);
      if (former !== undefined && former.to < scene.now() - bounds.recording)
        scene.fail(`I3: ${id} is shown beside what it became`);
    }
  }

  /** I7: what was started here stays that, under every id. */
  #checkOrigin(view: RecorderView): void {
    const { scene, requests } = this;
    if (view.status !== 'recording' && view.status !== 'paused') return;
    for (const { id, startedHere } of view.recordings) {
      const recording = scene.server.recordingOf(id);
      if (recording === null || !runs(recording)) continue;
      if (startedHere) {
        this.#shownAsOurs.add(recording);
        continue;
      }
      if (
        this.#isAmbiguous(recording) ||
        // What Stop did not find under its former id is another one as far as anybody knows.
        requests.isStopAnswered(recording) ||
        scene.isKeptUnnamed(recording) ||
        scene.isCountedAnewUnseen(recording)
      )
        continue;
      if (this.#shownAsOurs.has(recording)) scene.fail(`I7: ${id} is no longer "started here"`);
      const answer = requests.answerOf(recording);
      const isRecognisable =
        answer !== null &&
        answer.username === scene.username &&
        (recording.ids.length === 1 ||
          (answer.epoch === scene.epoch &&
            // Where beginnings are not told, what a list shows first after Stop may be another call.
            (scene.tellsBeginnings() || requests.stopSentAt(recording) === -Infinity)));
      if (isRecognisable && scene.now() - Math.max(answer.at, scene.disturbedAt) > recognisedWithinMs)
        scene.fail(`I7: ${id} was started here, and is not shown so`);
    }
  }

  /** Whether another recording could be taken for this one. */
  #isAmbiguous(recording: VirtualRecording): boolean {
    const { scene } = this;
    // Without a start that is told, another id may be another recording.
    if (recording.spans.length > 1 && !scene.tellsBeginnings()) return true;
    if (new Set(recording.spans.map((span) => scene.isOnLine(span))).size > 1) return true;
    return scene.server.everRecorded.some(
      (other) =>
        other !== recording &&
        other.endedAt > recording.begunAt - 1_000 &&
        other.spans.some((span) => scene.isInView(span)),
    );
  }

  #checkIdle(view: RecorderView): void {
    if (view.status !== 'not-recording') return;
    const { scene, requests } = this;
    if (!this.#hadGap()) scene.fail('I3: "not recording" is shown, but it records');
    const now = scene.now();
    for (const recording of this.#displayed) {
      // Other lines are asked for less often: what went there under a new id is looked for as if it had just begun.
      if (!runs(recording) || !scene.isInView(recording) || this.#hasLeftLine(recording)) {
        this.#displayed.delete(recording);
        continue;
      }
      if (this.#mayBeBlank()) continue;
      if (now - requests.stopSentAt(recording) > ownStopMs)
        scene.fail('I3: "not recording", but what was shown goes on');
    }
    for (const recording of scene.inView()) {
      const answer = requests.answerOf(recording);
      const isOurs =
        answer !== null &&
        answer.epoch === scene.epoch &&
        answer.listsAnsweredBefore &&
        now - requests.stopSentAt(recording) > ownStopMs;
      if (isOurs && scene.isOnLine(recording))
        scene.fail('I3: "not recording", but what was started here runs');
    }
  }

  #hasLeftLine({ spans }: VirtualRecording): boolean {
    const isHere = spans.map((span) => this.scene.isOnLine(span));
    return isHere.includes(true) && isHere.at(-1) === false;
  }

  /** The first list may come from the node that knows nothing, and where answers get lost, more in a row than two. */
  #mayBeBlank(): boolean {
    const { server, disturbedAt, lossyAt } = this.scene;
    return server.habits.hasIdleNode && Math.max(disturbedAt, lossyAt) > this.scene.now() - blankMs;
  }

  /** Whether "not recording" was true at some moment that is recent enough. */
  #hadGap(): boolean {
    const { scene } = this;
    const { server } = scene;
    if (this.#mayBeBlank()) return true;
    const pace = scene.policy.hiddenMs;
    const isForgetful = server.habits.hasIdleNode || this.requests.hiddenUntil >= scene.now();
    const bound =
      Math.max(bounds.notRecording, pace * 3.6) + server.startLagMs + (isForgetful ? pace * twoMoreLists : 0);
    const now = scene.now();
    const from = now - bound;
    const spans = server.everRecorded
      .flatMap((recording) =>
        recording.spans
          .filter((span) => scene.isInView(span) && span.to > from)
          .map((span) => ({ recording, from: this.#expectedFrom(span), to: span.to })),
      )
      .sort((a, b) => a.from - b.from);
    let covered = from;
    let last: VirtualRecording | null = null;
    for (const span of spans) {
      if (span.from > covered || (span.from === covered && last !== null && span.recording !== last))
        return true;
      if (span.to > covered) {
        covered = span.to;
        last = span.recording;
      }
    }
    return covered <= now;
  }

  /** From when on a list must have told it: other lines are asked for less often than the watched one. */
  #expectedFrom(span: VirtualSpan): number {
    const { scene } = this;
    return scene.isOnLine(span) ? span.from : Math.max(span.from, scene.disturbedAt) + otherLinesMs;
  }

  #checkTimers(view: RecorderView): void {
    const now = this.scene.now();
    for (const { id, elapsedMs, anchorMono, ticking } of view.recordings) {
      const shown = elapsedMs + (ticking ? now - anchorMono : 0);
      const recording = this.scene.server.recordingOf(id);
      const isTransferred =
        recording !== null &&
        (recording.spans.length > 1 ||
          this.scene.server.everRecorded.some((other) => this.scene.seemsToContinue(recording, other)));
      if (!isTransferred && shown < (this.#timers.get(id) ?? 0) - 0.001)
        this.scene.fail('I3: a timer ran backwards');
      this.#timers.set(id, shown);
    }
  }
}
