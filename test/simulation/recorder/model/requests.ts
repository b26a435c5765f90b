import type { ErrorCode, Result } from '@shared/domain/errors';
import { isOutcomeUnclear } from '../../../../src-main/core/recorder/outcome';
import type { RecorderApi } from '../../../../src-main/core/ports/api';
import type { RequestRecord, VirtualRecording } from '../../../fixtures/virtual-server';
import type { Scene } from './scene';

/** A start that left this computer. */
export interface SentStart {
  readonly record: RequestRecord;
  readonly at: number;
  readonly epoch: number;
  readonly username: string;
  /** When an answer came, or it was given up; null while it is under way. */
  endedAt: number | null;
  /** When it was given up without an answer that decides it. */
  givenUpAt: number | null;
  /** It was under way when the computer slept: an answer that arrives all the same is not heard. */
  isCutOff: boolean;
}

/** A start that was answered with a recording's id. */
export interface Answer {
  readonly at: number;
  readonly epoch: number;
  readonly username: string;
  /** Whether a list had been answered before in the same epoch. */
  readonly listsAnsweredBefore: boolean;
}

/** One connection with its credentials. */
interface Connection {
  proven: boolean;
  out: number;
  /** Polls that are out. Those of a connection that was given up are aborted with it, and count no more. */
  polls: number;
}

/** How long after its answer a pause or a resume may wait for a list that confirms it, ms. */
const confirmedWithinMs = 12_000;

const provesNothing: readonly ErrorCode[] = [
  'redirected',
  'not-this-server',
  'malformed',
  'proxy-failed',
  'rate-limited',
  'timeout',
];

/** Every request that leaves this computer, and what its answer told. Checks I5 and that nothing is sent blindly. */
export class Requests {
  readonly starts: SentStart[] = [];
  /** When each kind was last sent. */
  readonly lastSentAt = new Map<RequestRecord['kind'], number>();
  /** Until when a hand made lists forget something. */
  hiddenUntil = -Infinity;
  /** When the newest answered list was asked for. */
  lastListAt = -Infinity;
  /** When *Record* or *Record next call* was last pressed, and how often. */
  lastWishAt = -Infinity;
  /** What {@link lastListAt} was then: a list that was answered later may have decided what the press joined. */
  lastListAtWish = -Infinity;
  wishes = 0;
  /** Whether a 401 came back with the present credentials. */
  refused = false;
  /** Called with each answer as the client gets it. */
  onAnswer: ((kind: RequestRecord['kind'], answer: string) => void) | null = null;
  readonly #answers = new Map<VirtualRecording, Answer>();
  readonly #stops = new Map<VirtualRecording, number>();
  /** Which id the last stop of a recording named. */
  readonly #stopNames = new Map<VirtualRecording, string>();
  /** Recordings whose stop was answered: they are over. */
  readonly #stopped = new Set<VirtualRecording>();
  /** When the newest pause or resume was answered; Infinity: not yet. */
  readonly #toggles = new Map<VirtualRecording, number>();
  #newest: RequestRecord | null = null;
  #present: Connection | null = null;
  #firstList: { readonly epoch: number; readonly at: number } | null = null;

  /** @param onSent called for each request before it leaves */
  constructor(
    readonly scene: Scene,
    readonly onSent: (record: RequestRecord) => void,
  ) {
    scene.server.onRequest = (record) => {
      this.#sent(record);
    };
  }

  /** What the answer to its start told of a recording; null where no such answer came. */
  answerOf(recording: VirtualRecording): Answer | null {
    return this.#answers.get(recording) ?? null;
  }

  /** When a stop of a recording was last sent; -Infinity: never. */
  stopSentAt(recording: VirtualRecording): number {
    return this.#stops.get(recording) ?? -Infinity;
  }

  /** Whether the last stop of a recording named an id under which it does not run. */
  isStopMisnamed(recording: VirtualRecording): boolean {
    return (this.#stopNames.get(recording) ?? recording.id) !== recording.id;
  }

  /** Whether the server has answered that a stop ended it, or that it was over. */
  isStopAnswered(recording: VirtualRecording): boolean {
    return this.#stopped.has(recording);
  }

  /** When the first list of this epoch was answered; Infinity: not yet. */
  firstListAt(): number {
    return this.#firstList?.epoch === this.scene.epoch ? this.#firstList.at : Infinity;
  }

  /** What is being paused or resumed: no answer came yet, or no list has confirmed it. */
  toggling(): readonly VirtualRecording[] {
    const since = this.scene.now() - confirmedWithinMs;
    return [...this.#toggles].filter(([, answeredAt]) => answeredAt > since).map(([recording]) => recording);
  }

  /** The recordings that the user's starts began and that a 201 told of. */
  answered(): IterableIterator<[VirtualRecording, Answer]> {
    return this.#answers.entries();
  }

  /** What a start began; null where it began nothing. */
  effectOf(start: SentStart): VirtualRecording | null {
    return this.scene.server.everRecorded.find(({ request }) => request === start.record) ?? null;
  }

  /** The starts of this user that are not decided. @param sinceMs how long one that was given up stays so */
  undecided(sinceMs: number): readonly SentStart[] {
    const { scene } = this;
    return this.starts.filter(
      ({ username, endedAt, givenUpAt }) =>
        username === scene.username &&
        (endedAt === null || (givenUpAt !== null && scene.now() - givenUpAt < sinceMs)),
    );
  }

  /** The API, watched. One for each time that credentials are entered. */
  watch(api: RecorderApi): RecorderApi {
    const connection: Connection = { proven: false, out: 0, polls: 0 };
    this.#present = connection;
    const through = async <Value>(send: () => Promise<Result<Value>>): Promise<Result<Value>> => {
      if (!connection.proven && connection.out > 0)
        this.scene.fail('I5: two requests are out with credentials that nothing proves');
      connection.out += 1;
      const sent = send();
      const kind = this.#newest?.kind ?? 'active';
      const result = await sent;
      connection.out -= 1;
      this.onAnswer?.(kind, result.ok ? JSON.stringify(result.value) : result.error.code);
      if (result.ok || isAcceptance(result)) connection.proven = true;
      // What is refused late was asked for with the credentials before these.
      const isPresent = this.#present === connection;
      if (!result.ok && result.error.code === 'unauthorized' && isPresent) this.refused = true;
      return result;
    };
    const toggle = (id: string, send: () => Promise<Result<null>>) =>
      through(async () => {
        const recording = this.scene.server.recordingOf(id);
        if (recording !== null) this.#toggles.set(recording, Infinity);
        const result = await send();
        if (recording !== null) this.#toggles.set(recording, this.scene.now());
        return result;
      });
    return {
      ...api,
      startRecording: (line, options) =>
        through(async () => {
          const sent = api.startRecording(line, options);
          const start = this.#beginStart();
          const hadLists = this.lastListAt >= this.scene.epochSince;
          const result = await sent;
          this.#endStart(start, result, hadLists);
          return result;
        }),
      stopRecording: (id, options) =>
        through(async () => {
          const result = await api.stopRecording(id, options);
          const recording = this.scene.server.recordingOf(id);
          const isOver = result.ok || result.error.code === 'not-a-live-recording';
          if (isOver && recording !== null) this.#stopped.add(recording);
          return result;
        }),
      stopLine: (line, options) => through(() => api.stopLine(line, options)),
      pauseRecording: (id, options) => toggle(id, () => api.pauseRecording(id, options)),
      resumeRecording: (id, options) => toggle(id, () => api.resumeRecording(id, options)),
      probePause: (options) => through(() => api.probePause(options)),
      listRecordings: (filters, paging, options) =>
        through(() => api.listRecordings(filters, paging, options)),
      getRecording: (id, options) => through(() => api.getRecording(id, options)),
      activeRecordings: (filter, options) =>
        through(async () => {
          const at = this.scene.now();
          if (connection.polls > 0) this.scene.fail('I5: two polls in flight');
          connection.polls += 1;
          const result = await api.activeRecordings(filter, options);
          connection.polls -= 1;
          if (!result.ok) return result;
          this.lastListAt = Math.max(this.lastListAt, at);
          if (this.#firstList?.epoch !== this.scene.epoch)
            this.#firstList = { epoch: this.scene.epoch, at: this.scene.now() };
          return result;
        }),
    };
  }

  /** The computer sleeps, or wakes up: what is under way is given up. */
  cutOff(): void {
    for (const start of this.starts) if (start.endedAt === null) start.isCutOff = true;
  }

  /** However often a start is sent, lost, doubled or late: each recording of a call needs a press of its own. */
  check(): void {
    const { server } = this.scene;
    if (server.maxStartsInFlight > 1) this.scene.fail('I2: two starts in flight');
    const begun = new Map<object, number>();
    for (const { call, request } of server.everRecorded) {
      if (request === null) continue;
      const count = (begun.get(call) ?? 0) + 1;
      begun.set(call, count);
      if (count > this.wishes) this.scene.fail(`I1: ${count} recordings of one call, ${this.wishes} presses`);
    }
  }

  #beginStart(): SentStart {
    const { scene } = this;
    const start: SentStart = {
      record: this.#newest!,
      at: scene.now(),
      epoch: scene.epoch,
      username: this.#newest!.username,
      endedAt: null,
      givenUpAt: null,
      isCutOff: false,
    };
    this.starts.push(start);
    return start;
  }

  #endStart(start: SentStart, result: Result<{ readonly id: string }>, hadLists: boolean): void {
    const { scene } = this;
    start.endedAt = scene.now();
    if (!result.ok) {
      if (isOutcomeUnclear(result.error)) start.givenUpAt = scene.now();
      return;
    }
    const recording = scene.server.recordingOf(result.value.id);
    if (recording === null || start.isCutOff || start.username !== scene.username) return;
    this.#answers.set(recording, {
      at: scene.now(),
      epoch: scene.epoch,
      username: start.username,
      listsAnsweredBefore: hadLists && start.epoch === scene.epoch,
    });
  }

  #sent(record: RequestRecord): void {
    const { scene } = this;
    this.#newest = record;
    const { status } = scene.view();
    if (status === 'locked' || status === 'signed-out')
      scene.fail(`I5: a ${record.kind} was sent while ${status}`);
    if (this.refused) scene.fail(`I5: a ${record.kind} was sent with refused credentials`);
    if (record.kind === 'start') this.#checkRepetition();
    this.onSent(record);
    this.lastSentAt.set(record.kind, scene.now());
    if (record.kind !== 'stop') return;
    const recording = scene.server.recordingOf(record.argument);
    if (recording === null) return;
    this.#stops.set(recording, scene.now());
    this.#stopNames.set(recording, record.argument);
  }

  /** After a start of which nobody knows what became, only a list or the user leads to another one. */
  #checkRepetition(): void {
    const since = this.starts.at(-1)?.givenUpAt ?? null;
    if (since !== null && this.lastListAt < since && this.lastWishAt < since)
      this.scene.fail('I2: a start was repeated blindly');
  }
}

function isAcceptance(result: Result<unknown>): boolean {
  if (result.ok) return true;
  const { code, detail } = result.error;
  return (
    code !== 'unauthorized' &&
    detail.status !== undefined &&
    detail.status < 500 &&
    !provesNothing.includes(code)
  );
}
