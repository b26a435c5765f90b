import type { CodedError, Operation, Result } from '@shared/domain/errors';
import type { ActiveRecordingView, RecorderView } from '@shared/ipc/snapshot';
import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import type { RequestRecord, VirtualRecording } from '../../../fixtures/virtual-server';
import type { Requests, SentStart } from './requests';
import type { Scene } from './scene';
import { runs } from './scene';

export type Key = 'record' | 'stop' | 'pause' | 'resume' | 'next' | 'cancel' | 'mark';

/** How long a press may take to be carried out or answered, ms of a computer that is awake and hears the server. */
const answeredWithinMs = 60_000;
/** A press that follows the same one this closely repeats it (a bounce, a held key, impatience) and does nothing, ms. */
const repeatWithinMs: Readonly<Partial<Record<Key, number>>> = {
  record: 400,
  stop: 1_000,
  pause: 1_000,
  resume: 1_000,
  mark: 1_000,
};
/** How long after a start Record asks for nothing else, ms. */
const justStartedMs = 3_000;
/** How long a request explains what is seen of it, ms. */
const underWayMs = 30_000;
/** Within this the start leaves although a list is slow, ms. */
const leavesWithinMs = 5_000;
/** How exactly the ages of two recordings are known, ms. */
const ageBlurMs = 2_000;
/** How long around a start that was given up its effect may have begun, ms. */
const aroundStartMs = { before: 1_000, after: 5_000 } as const;
/** How long after a transfer the lists may still tell the former line, ms. */
const transferBlurMs = 20_000;

/** A press of a key, and what the user meant by it. */
interface Press {
  readonly key: Key;
  readonly id: string | null;
  readonly at: number;
  readonly username: string | null;
  readonly epoch: number;
  /** What it may touch. */
  readonly targets: Set<VirtualRecording>;
  /** Starts whose effect it may touch, too. */
  readonly starts: Set<SentStart>;
  /** The lamp and the tooltip tell this recording; null where they tell none, or more is under way. */
  readonly shown: VirtualRecording | null;
  /** The state was not known: what it means is decided once it is. */
  readonly isDeferred: boolean;
  readonly isWaiting: boolean;
  /** Nothing but slow lists is in the way of a start. */
  readonly mustLeave: boolean;
  /** Shared by a press and its repetitions: all of them together touch one recording. */
  readonly burst: object;
  readonly isRepetition: boolean;
  deadline: number;
  isOpen: boolean;
  /** It was refused at once; what the lists turn out to say is still told in the same sign-in. */
  isDeclined: boolean;
}

interface Meant {
  readonly targets: Set<VirtualRecording>;
  readonly starts: Set<SentStart>;
  readonly shown: VirtualRecording | null;
}

interface Entry {
  readonly recording: VirtualRecording;
  readonly view: ActiveRecordingView;
}

/** I1: nothing but the meant recording is ever touched. I2: a press is carried out or answered. */
export class Presses {
  readonly #presses: Press[] = [];
  /** What a burst of presses has touched. */
  readonly #touched = new Map<object, VirtualRecording>();
  readonly #toggles = new Map<VirtualRecording, { readonly at: number; readonly kind: 'pause' | 'resume' }>();
  /** Recordings whose last stop was answered with an error that was told. */
  readonly #refusedStops = new Map<VirtualRecording, number>();
  /** Recordings whose end was told, although they may go on out of view. */
  readonly #toldAsOver = new Set<VirtualRecording>();
  /** Whether a start would be sent and answered at once. */
  isServerQuick = true;

  constructor(
    readonly scene: Scene,
    readonly requests: Requests,
  ) {
    scene.server.onTouched = (record, recording) => {
      if (record.kind === 'stop-line') this.#checkLineStop(recording, record.at);
    };
  }

  /** When any key was last pressed; -Infinity: never in this sign-in. */
  lastAt(): number {
    return this.#presses.findLast(({ username }) => username === this.scene.username)?.at ?? -Infinity;
  }

  /** When a key was last pressed, repetitions apart; -Infinity: never. */
  lastOf(...keys: readonly Key[]): number {
    return (
      this.#presses.findLast(({ key, isRepetition }) => !isRepetition && keys.includes(key))?.at ?? -Infinity
    );
  }

  /** Whether the newest press takes back what was asked for. */
  isTakenBack(): boolean {
    const keys: readonly Key[] = ['record', 'next', 'stop', 'cancel'];
    const last = this.#presses.findLast(({ key, isRepetition }) => !isRepetition && keys.includes(key));
    return last?.key === 'stop' || last?.key === 'cancel';
  }

  /**
   * The user presses a key.
   * @param id of the recording, where a button of its own was pressed
   */
  press(key: Key, id: string | null, act: () => Result<null>): void {
    const { scene } = this;
    const view = scene.view();
    const now = scene.now();
    if (key === 'record' || key === 'next') {
      this.requests.wishes += 1;
      this.requests.lastWishAt = now;
      this.requests.lastListAtWish = this.requests.lastListAt;
    }
    const isToggling = [...this.#toggles.keys()].some((recording) => this.#isToggling(recording));
    const former = this.#presses.findLast((press) => press.id === null && press.key in repeatWithinMs);
    const isRepetition =
      id === null &&
      former?.key === key &&
      former.epoch === scene.epoch &&
      now - former.at < (repeatWithinMs[key] ?? 0);
    // What waits for the state, or behind a stop, is what a further key means.
    const isQueued = this.#presses.some(
      (press) => press.isOpen && press.username === scene.username && press.key === 'record',
    );
    const meant = this.#meant(key, view);
    const isUndecided = [...meant.starts].some(({ endedAt }) => endedAt === null);
    const isDeferred =
      isQueued ||
      isUndecided ||
      ['connecting', 'unknown', 'not-visible', 'waiting', 'starting'].includes(view.status);
    // What was just started here is what a further Record asks for.
    const startedAt = this.requests.lastSentAt.get('start') ?? -Infinity;
    const isAnswered = [...this.requests.answered()].some(
      ([recording, { at, username }]) =>
        username === scene.username &&
        at >= startedAt &&
        // What is over may be listed for a while.
        (runs(recording) || scene.server.habits.lingerMs > 0),
    );
    const isImpatient =
      key === 'record' &&
      now - startedAt < justStartedMs &&
      // "Starting" tells so, too, until a list shows it.
      (isAnswered || view.recordings.some(({ startedHere }) => startedHere));
    const hasLeft = [...meant.starts].some(({ epoch }) => epoch === scene.epoch);
    const press: Press = {
      key,
      id,
      at: now,
      username: scene.username,
      ...meant,
      isDeferred,
      isWaiting: view.waiting !== null,
      mustLeave: !isRepetition && key === 'record' && view.status === 'not-recording' && this.isServerQuick,
      burst: isRepetition ? former.burst : {},
      isRepetition,
      epoch: scene.epoch,
      deadline: now + answeredWithinMs,
      isDeclined: false,
      // Stop takes back a Record that has not left yet; that is all it means.
      isOpen: !isRepetition && !isImpatient && !(key === 'stop' && view.status === 'starting' && !hasLeft),
    };
    if (!isRepetition) this.#changeMind(press);
    this.#presses.push(press);
    const result = act();
    if (result.ok) return;
    const { code } = result.error;
    // What lists show as running may be over: then that answer is not the last word.
    press.isOpen &&= key === 'record' && code === 'already-recorded' && scene.ownOnLine() === null;
    press.isDeclined = true;
    if (code === 'not-possible-now' && view.status === 'connecting' && scene.isAwake() && this.#isQueued(key))
      scene.fail(`I2: ${key} was refused because the state was not known yet`);
    if (code === 'not-possible-now' && key === 'resume' && isToggling)
      scene.fail('I2: a resume was "not possible now" while the pause was under way');
    // A call that has just gone to a colleague is still listed as this user's.
    const isOwnListed = this.#entries(view).some(
      ({ recording, view: { startedHere } }) =>
        startedHere || recording.spans.some((span) => scene.isOwn(span) && span.to > now - transferBlurMs),
    );
    if (key === 'record' && code === 'already-recorded' && view.recordings.length > 0 && !isOwnListed)
      scene.fail('I2: a recording of a colleague forbade Record, and nobody asked the server');
  }

  /** A request leaves. */
  sent(record: RequestRecord): void {
    const { kind, argument } = record;
    if (kind !== 'stop' && kind !== 'pause' && kind !== 'resume') return;
    const recording = this.scene.server.recordingOf(argument);
    if (recording === null) return;
    if (kind !== 'stop') this.#toggles.set(recording, { at: this.scene.now(), kind });
    if (runs(recording)) this.#checkTarget(kind, recording);
  }

  /** Whether a press explains that this recording is resumed now. */
  explains(key: Key, recording: VirtualRecording): boolean {
    return this.#presses.some((press) => press.key === key && this.#mayTouch(press, recording));
  }

  noticed(notice: RecorderNotice): void {
    switch (notice.kind) {
      case 'refused':
        this.#refused(notice.error);
        return;
      case 'waiting-ended':
        this.#close(({ key, isWaiting }) => key === 'next' || isWaiting);
        return;
      case 'locked':
        this.#close(() => true);
        return;
      case 'stopped':
        this.#toldOfStop(notice.recordingId);
        return;
      case 'ended':
        this.#toldOfEnd(notice.recordingId);
        return;
      case 'marked':
        this.#checkMark(notice.recordingId);
        return;
      default:
    }
  }

  check(view: RecorderView): void {
    const { scene } = this;
    for (const press of this.#presses) {
      if (!press.isOpen || press.username !== scene.username) continue;
      // Whether what stood in for a Record is over can be told in this sign-in only, and while it can be seen.
      const isLastWord = press.isDeclined && (press.epoch !== scene.epoch || !scene.maySee());
      if (this.#isDone(press, view) || isLastWord) {
        press.isOpen = false;
        continue;
      }
      this.#checkHeldUp(press);
      // Nobody can be told anything, or the outage itself is what is told.
      const isExcused = !scene.isAwake() || view.status === 'unknown' || view.status === 'connecting';
      const from = isExcused ? scene.now() : scene.disturbedAt;
      press.deadline = Math.max(press.deadline, from + answeredWithinMs);
      if (scene.now() > press.deadline) {
        press.isOpen = false;
        scene.fail(
          `I2: ${press.key} (pressed at ${Math.round(press.at)}) was neither carried out nor answered`,
        );
      }
    }
  }

  /** A press of a key that comes too late to be worth waiting for at the end of a history. */
  hasOpen(): boolean {
    return this.#presses.some((press) => press.isOpen && press.username === this.scene.username);
  }

  #isQueued(key: Key): boolean {
    return key === 'stop' || (key === 'pause' && this.scene.server.canPause);
  }

  /** A later press takes back what an earlier one wanted. */
  #changeMind({ key }: Press): void {
    const takenBack: Readonly<Record<Key, readonly Key[]>> = {
      record: ['stop', 'cancel', 'pause'],
      next: ['stop', 'cancel'],
      stop: ['record', 'next', 'pause', 'resume'],
      pause: ['resume'],
      resume: ['pause'],
      cancel: ['record', 'next'],
      mark: [],
    };
    this.#close((press) => takenBack[key].includes(press.key));
  }

  #refused({ operation, code, detail }: CodedError): void {
    // Where lists alone said so and nothing is recorded, "no action needed" is no answer.
    const isOfLists = code === 'already-recorded' && detail.status === undefined;
    if (isOfLists && this.scene.ownOnLine() === null) return;
    const keys: Partial<Record<Operation, readonly Key[]>> = {
      start: ['record', 'next', 'cancel'],
      stop: ['stop', 'cancel'],
      pause: ['pause'],
      resume: ['resume'],
    };
    const told = keys[operation] ?? [];
    this.#close((press) => told.includes(press.key) || (operation === 'start' && press.starts.size > 0));
    if (operation !== 'stop') return;
    for (const recording of this.scene.server.active()) this.#refusedStops.set(recording, this.scene.now());
  }

  /** What was started here is meant before all, also where it was over: that it is, is what answers a Stop. */
  #toldOfStop(id: string | null): void {
    const recording = id === null ? null : this.scene.server.recordingOf(id);
    if (recording !== null && this.requests.answerOf(recording) !== null)
      this.#close(({ key }) => key === 'stop');
  }

  /** That it has ended answers a Pause or a Resume of it. */
  #toldOfEnd(id: string): void {
    const recording = this.scene.server.recordingOf(id);
    if (recording === null) return;
    this.#toldAsOver.add(recording);
    this.#close(({ key, targets }) => (key === 'pause' || key === 'resume') && targets.has(recording));
  }

  #close(which: (press: Press) => boolean): void {
    for (const press of this.#presses)
      if (press.isOpen && press.username === this.scene.username && which(press)) press.isOpen = false;
  }

  /** What a key may go by: what is shown, or, where nothing may be shown, what runs. */
  #known(view: RecorderView): readonly Entry[] {
    if (this.scene.maySee()) return this.#entries(view);
    return this.scene.inView().map((recording) => ({ recording, view: unseen(recording) }));
  }

  #entries(view: RecorderView): readonly Entry[] {
    return view.recordings.flatMap((entry) => {
      const recording = this.scene.server.recordingOf(entry.id);
      return recording === null ? [] : [{ recording, view: entry }];
    });
  }

  #isStopping(recording: VirtualRecording): boolean {
    const sentAt = this.requests.stopSentAt(recording);
    return (
      this.scene.now() - sentAt < underWayMs && (this.#refusedStops.get(recording) ?? -Infinity) < sentAt
    );
  }

  /** It was stopped here, and the server has said so: a list that lingers still shows it, and no key means it. */
  #isKnownStopped(recording: VirtualRecording): boolean {
    return !runs(recording) && this.requests.isStopAnswered(recording);
  }

  #isToggling(recording: VirtualRecording): boolean {
    const toggle = this.#toggles.get(recording);
    const isUnderWay = toggle !== undefined && this.scene.now() - toggle.at < 100;
    return isUnderWay && runs(recording) && !this.#isStopping(recording);
  }

  /** What a key without an id means, by the state that is shown. */
  #meant(key: Key, view: RecorderView): Meant {
    const { scene, requests } = this;
    const none: Meant = { targets: new Set(), starts: new Set(), shown: null };
    if (key === 'record' || key === 'next' || key === 'mark') return none;
    const starts = new Set(requests.undecided(underWayMs));
    if (key === 'cancel') return { ...none, starts };
    const entries = this.#known(view);
    const stopping = new Set(
      scene.server.everRecorded.filter(
        (recording) =>
          this.#isStopping(recording) &&
          !this.#isKnownStopped(recording) &&
          (runs(recording) || entries.some((e) => e.recording === recording)),
      ),
    );
    if (key === 'stop' && stopping.size > 0) return { targets: stopping, starts, shown: null };
    // What was just asked for is what a key means, although nobody knows its id yet.
    if ([...starts].some(({ endedAt }) => endedAt === null))
      // But a Resume takes a Pause back.
      return { targets: new Set(key === 'resume' ? requests.toggling() : []), starts, shown: null };
    const listed = entries.filter(
      ({ recording }) => !stopping.has(recording) && !this.#isKnownStopped(recording),
    );
    const ours = [...requests.answered()]
      .filter(
        ([recording, { username }]) =>
          username === scene.username &&
          runs(recording) &&
          !this.#toldAsOver.has(recording) &&
          !stopping.has(recording),
      )
      .map(([recording]) => recording);
    // Under the id that the answer told, too, it is not listed yet.
    const isUnlisted = ours.some(
      (recording) => !listed.some((entry) => entry.recording === recording && entry.view.startedHere),
    );
    const targets = new Set([...this.#byRule(listed, ours), ...this.#byRule(listed, [])]);
    if (isUnlisted && !isFuzzy(view)) {
      targets.clear();
      for (const recording of this.#byRule(listed, ours)) targets.add(recording);
    }
    if (key === 'pause' || key === 'resume') {
      // A stop of an id that only the answer to a start told does not say that what lists show is being stopped.
      const going = entries.filter(
        ({ recording }) => !stopping.has(recording) || requests.isStopMisnamed(recording),
      );
      const able = going.filter(({ view: { isPaused } }) => isPaused === (key === 'resume'));
      for (const recording of this.#byRule(able, [])) targets.add(recording);
    }
    const toggling = key === 'stop' ? [] : requests.toggling();
    // While one is being paused or resumed, no other takes its place.
    for (const recording of toggling) targets.add(recording);
    const isCertain =
      (view.status === 'recording' || view.status === 'paused') && !isUnlisted && starts.size === 0;
    return {
      targets,
      starts,
      shown:
        isCertain && stopping.size === 0 && toggling.length === 0
          ? (this.#entries(view)[0]?.recording ?? null)
          : null,
    };
  }

  /** Started here, else the user's own on the line, else the user's own elsewhere; the newest of them. */
  #byRule(listed: readonly Entry[], ours: readonly VirtualRecording[]): ReadonlySet<VirtualRecording> {
    const { scene } = this;
    const startedHere = new Set([
      ...ours,
      ...listed.filter((entry) => entry.view.startedHere).map(({ recording }) => recording),
    ]);
    if (startedHere.size > 0) return newest([...startedHere], listed);
    const own = listed.filter(
      ({ recording, view }) => scene.isOwn(recording) || view.localUsername === scene.username,
    );
    const wasMoved = ({ spans }: VirtualRecording) =>
      spans.length > 1 && scene.now() - (spans.at(-1)?.from ?? 0) < transferBlurMs;
    const isRedialled = (recording: VirtualRecording) =>
      scene.server.everRecorded.some((other) => !runs(other) && scene.seemsToContinue(recording, other));
    if (own.some(({ recording }) => wasMoved(recording) || isRedialled(recording)))
      return new Set(own.map(({ recording }) => recording));
    const onLine = own.filter(({ recording }) => scene.isOnLine(recording));
    return newest(
      (onLine.length > 0 ? onLine : own).map(({ recording }) => recording),
      listed,
    );
  }

  #mayTouch(press: Press, recording: VirtualRecording): boolean {
    const { scene } = this;
    if (press.id !== null) {
      const meant = scene.server.recordingOf(press.id);
      return meant === recording || (meant !== null && scene.seemsToContinue(recording, meant));
    }
    if (press.targets.has(recording)) return true;
    // A call that follows at once cannot be told from one under a new id.
    const isAlikeTo = (target: VirtualRecording) =>
      scene.isTakenFor(target, recording) || scene.seemsToContinue(recording, target);
    if ([...press.targets].some(isAlikeTo)) return true;
    return [...press.starts].some((start) => {
      const effect = this.requests.effectOf(start);
      // A call that follows at once, to the same party, cannot be told from one under a new id.
      const isContinued =
        effect !== null && (scene.seemsToContinue(recording, effect) || scene.isTakenFor(effect, recording));
      return effect === recording || isContinued || this.#isAlike(start, recording);
    });
  }

  /** It began when a start without an answer may have had its effect: nobody can tell them apart. */
  #isAlike({ at, endedAt, givenUpAt }: SentStart, { begunAt, startedAt }: VirtualRecording): boolean {
    const until = endedAt === null ? Infinity : (givenUpAt ?? -Infinity) + aroundStartMs.after;
    // A call that somebody else keeps is said to have begun with its buffer.
    return [begunAt, startedAt].some((began) => began >= at - aroundStartMs.before && began <= until);
  }

  #checkTarget(kind: 'stop' | 'pause' | 'resume', recording: VirtualRecording): void {
    const { scene } = this;
    const now = scene.now();
    let wrong: Press | null = null;
    for (const press of [...this.#presses].reverse()) {
      if (now - press.at > 2 * answeredWithinMs || press.username !== scene.username) continue;
      if (press.key !== kind && !(kind === 'stop' && press.key === 'cancel')) continue;
      if (press.isDeferred && !press.targets.has(recording) && press.id === null) this.#decide(press);
      if (!this.#mayTouch(press, recording)) continue;
      const touched = this.#touched.get(press.burst);
      const isOther = touched !== undefined && touched !== recording;
      const isSame =
        isOther && (scene.isTakenFor(touched, recording) || scene.seemsToContinue(recording, touched));
      if (isOther && !isSame) continue;
      this.#touched.set(press.burst, recording);
      const { shown } = press;
      const isShown = shown === null || shown === recording || scene.seemsToContinue(recording, shown);
      if (press.id === null && !isShown && !this.#isYielding(press)) wrong = press;
      else return;
    }
    if (wrong !== null)
      scene.fail(`I3: ${kind} went to ${recording.id}, and the lamp told of ${wrong.shown?.id ?? ''}`);
    else if (kind !== 'resume' || !this.#isAutomatic())
      scene.fail(
        `I1: ${kind} of ${recording.id} (by ${recording.by}, of ${recording.username}), which nobody meant`,
      );
  }

  /** The shown recording was already as the key wanted it. */
  #isYielding({ key, shown }: Press): boolean {
    return shown !== null && (key === 'pause' || key === 'resume') && shown.isPaused === (key === 'pause');
  }

  #isAutomatic(): boolean {
    return this.scene.policy.autoResumeMs !== null;
  }

  /** The state became known: what the press means now counts, too. */
  #decide(press: Press): void {
    const meant = this.#meant(press.key, this.scene.view());
    for (const recording of meant.targets) press.targets.add(recording);
    for (const start of meant.starts) press.starts.add(start);
  }

  /** @param sentAt when the stop was sent: it may arrive long after that, and after other presses */
  #checkLineStop(recording: VirtualRecording, sentAt: number): void {
    const { scene } = this;
    const press = this.#presses.findLast(({ key, at }) => key === 'stop' && at <= sentAt);
    if (press === undefined || sentAt - press.at > answeredWithinMs) {
      scene.fail('I1: the line was stopped, and nobody had pressed Stop');
      return;
    }
    if (press.isDeferred || !scene.maySee()) return;
    if (!this.#mayTouch(press, recording))
      scene.fail(`I1: the line was stopped, and ${recording.id} with it, which nobody meant`);
  }

  #checkMark(id: string): void {
    const { scene } = this;
    const recording = scene.server.recordingOf(id);
    if (recording === null || !runs(recording)) return;
    const view = scene.view();
    const { targets, starts } = this.#meant('pause', view);
    // A mark cannot wait until it is known what a start began.
    if (starts.size > 0) return;
    // What is being stopped is still what the lamp tells first.
    if (view.status === 'recording' && !targets.has(recording) && !this.#isStopping(recording))
      scene.fail(`I1: the mark went to ${id}, which nobody meant`);
  }

  #checkHeldUp(press: Press): void {
    if (!press.mustLeave || !this.isServerQuick || this.scene.suspended) return;
    const sentAt = this.requests.lastSentAt.get('start') ?? -Infinity;
    if (sentAt < press.at && this.scene.now() - press.at > leavesWithinMs)
      this.scene.fail('I2: a start was held up although the server answers starts');
  }

  #isDone(press: Press, view: RecorderView): boolean {
    const { scene } = this;
    switch (press.key) {
      case 'mark':
        return true;
      case 'record':
        if (view.waiting !== null) return true;
        return this.#isKept(press.at) || this.#hadEffect(press.at) || this.#hadTwin(press.at);
      case 'next':
        return view.waiting !== null || scene.ownOnLine() !== null || this.#hadEffect(press.at);
      case 'cancel':
        return view.waiting === null;
      case 'stop':
        return this.#isStopped(press, view);
      case 'pause':
        return this.#isToggled(press, (recording) => recording.pausedAt, true);
      case 'resume':
        return this.#isToggled(press, (recording) => recording.resumedAt, false);
    }
  }

  /** Whether a start of this press, or one that was under way when it was pressed, began a recording. */
  #hadEffect(pressedAt: number): boolean {
    return this.requests.starts.some(
      (start) =>
        (start.at >= pressedAt || start.endedAt === null || start.endedAt >= pressedAt) &&
        this.requests.effectOf(start) !== null,
    );
  }

  /**
   * Whether an own recording of the line is kept. Where the answer to the start was lost, one that is only buffered
   * (*Live Keep*) cannot be told from what it kept.
   */
  #isKept(pressedAt: number): boolean {
    const own = this.scene.ownOnLine();
    const last = this.requests.starts.findLast(({ at }) => at >= pressedAt);
    return own !== null && (own.isKept || (last !== undefined && last.givenUpAt !== null));
  }

  /** Whether an own recording began on the line just when the key was pressed: it cannot be told from the effect. */
  #hadTwin(pressedAt: number): boolean {
    return this.scene.server.everRecorded.some(
      ({ begunAt, spans }) =>
        Math.abs(begunAt - pressedAt) < aroundStartMs.before &&
        spans.some((span) => this.scene.isOwn(span) && this.scene.isOnLine(span)),
    );
  }

  #isStopped(press: Press, view: RecorderView): boolean {
    const { scene } = this;
    if (!scene.maySee()) return true;
    if (press.id !== null) {
      const recording = scene.server.recordingOf(press.id);
      return recording === null || !runs(recording);
    }
    if (press.isWaiting) return view.waiting === null;
    if (press.targets.size === 0 && press.starts.size === 0) {
      if (!press.isDeferred) return true;
      if (scene.now() - press.at < 1_000) return false;
      const meant = this.#meant('stop', view);
      if (meant.targets.size === 0) return view.status === 'not-recording' && scene.ownOnLine() === null;
      this.#decide(press);
    }
    if ([...press.targets].some((recording) => !runs(recording) || !scene.isInView(recording))) return true;
    const effects = [...press.starts].map((start) => ({ start, recording: this.requests.effectOf(start) }));
    if (effects.length === 0) return false;
    return effects.every(({ start, recording }) =>
      recording === null ? start.endedAt !== null : !runs(recording) || !scene.isInView(recording),
    );
  }

  #isToggled(press: Press, at: (recording: VirtualRecording) => number | null, isPaused: boolean): boolean {
    const { scene } = this;
    const one = press.id === null ? null : scene.server.recordingOf(press.id);
    const targets = one === null ? [...press.targets] : [one];
    if (targets.length === 0) return press.starts.size === 0 || scene.now() - press.at > answeredWithinMs / 2;
    return targets.some(
      (recording) =>
        !runs(recording) ||
        !scene.isInView(recording) ||
        // Under another id and without a start that is told, what was meant has ended as far as anybody knows.
        (recording.spans.length > 1 && !scene.tellsBeginnings()) ||
        recording.isPaused === isPaused ||
        (at(recording) ?? -Infinity) >= press.at,
    );
  }
}

/** A recording as the recorder may remember it from before it could no longer be seen. */
function unseen({ id, username, startedAt, isPaused }: VirtualRecording): ActiveRecordingView {
  return {
    id,
    elapsedMs: 0,
    anchorMono: startedAt,
    ticking: false,
    isPaused,
    remoteParty: { firstName: null, lastName: null, phoneNumber: null },
    localUsername: username,
    startedHere: false,
    own: true,
    lastSeenMono: null,
    keptFrom: null,
  };
}

function isFuzzy(view: RecorderView): boolean {
  return view.status === 'unknown' || view.status === 'not-visible';
}

/** Those that may count as the newest: by what is shown, by what the server tells, or in truth. */
function newest(
  candidates: readonly VirtualRecording[],
  listed: readonly Entry[],
): ReadonlySet<VirtualRecording> {
  const shown = new Map(listed.map(({ recording, view }) => [recording, view.elapsedMs]));
  const least = Math.min(...candidates.map((recording) => shown.get(recording) ?? 0));
  const latestStart = Math.max(...candidates.map(({ startedAt }) => startedAt));
  const latestBegin = Math.max(...candidates.map(({ begunAt }) => begunAt));
  return new Set(
    candidates.filter(
      (recording) =>
        (shown.get(recording) ?? 0) <= least + ageBlurMs ||
        recording.startedAt >= latestStart - ageBlurMs ||
        recording.begunAt >= latestBegin - ageBlurMs,
    ),
  );
}
