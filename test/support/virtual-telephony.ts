import type { VirtualClock } from './virtual-clock';
import { seededRandom } from './virtual-clock';

/** Where, whose and under which id a recording was from one moment to another. Monotonic ms; `to` excluded. */
export interface VirtualSpan {
  readonly id: string;
  readonly line: string;
  readonly username: string;
  readonly from: number;
  /** Infinity while it lasts. */
  to: number;
}

/** A recording, from its beginning on: the same object under every id it ever has. Times are monotonic ms. */
export interface VirtualRecording {
  readonly call: VirtualCall;
  /** The id under which it is listed and stopped now. */
  id: string;
  /** Every id it has had, also one that only the answer to its start told. */
  readonly ids: string[];
  line: string;
  /** The local party. */
  username: string;
  remoteNumber: string;
  /** Who or what had it begun: a user name, or `rule`. */
  readonly by: string;
  /** The request that began or kept it; null where no request did. */
  request: RequestRecord | null;
  /** When the server says that it began. */
  startedAt: number;
  /** When it was made. */
  readonly begunAt: number;
  isPaused: boolean;
  /** When it was last paused; null: never. */
  pausedAt: number | null;
  /** When it was last resumed; null: never. */
  resumedAt: number | null;
  /** False while a Live Keep line only buffers it: it is thrown away unless somebody keeps it. */
  isKept: boolean;
  /** How many of the next lists lack it although it runs. */
  hiddenFromLists: number;
  /** Infinity while it runs. */
  endedAt: number;
  readonly spans: VirtualSpan[];
}

/** One entry of the request log. */
export interface RequestRecord {
  readonly at: number;
  readonly kind:
    'active' | 'start' | 'stop' | 'stop-line' | 'pause' | 'resume' | 'probe' | 'details' | 'list';
  readonly username: string;
  readonly argument: string;
}

/** A call on a line, and what is recorded of it. */
export class VirtualCall {
  /** What runs, oldest first. */
  readonly recordings: VirtualRecording[] = [];

  constructor(
    public line: string,
    public username: string,
    public remoteNumber: string,
    readonly startedAt: number,
  ) {}

  /** The first of its recordings; most calls have at most one. */
  get recording(): VirtualRecording | null {
    return this.recordings[0] ?? null;
  }
}

/** A row of the completed recordings, as it was when the recording ended. */
export interface VirtualCompleted {
  readonly id: string;
  readonly recording: VirtualRecording;
  readonly line: string;
  readonly username: string;
  readonly remoteNumber: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** From when on it is in the list of completed recordings; Infinity where it was lost. */
  readonly visibleAt: number;
}

/** What a server does that another one does not. All within the API reference; the defaults are the tamest server. */
export interface ServerHabits {
  /** ms for which a list still shows a recording that ended. */
  lingerMs: number;
  /** Starts answer an id that no list ever shows. */
  answersAnotherId: boolean;
  /** Whether lines keep calls from their beginning, and whether what is only buffered is listed. */
  liveKeep: 'off' | 'listed' | 'unlisted';
  /** A start on a call that a rule or somebody else records makes a second recording of it. */
  recordsTwice: boolean;
  /** Two servers behind one address: some lists, never more than two in a row of one question, come from the one that knows nothing. */
  hasIdleNode: boolean;
  order: 'oldest-first' | 'newest-first' | 'random';
  completedUnder: 'same-id' | 'new-id' | 'two-rows';
  /** Completed recordings are shown to the user of their call only. */
  showsOwnRowsOnly: boolean;
  tellsStart: boolean;
  tellsDuration: boolean;
  /** Servers before 2019.Winter.1 have no list of active recordings. */
  hasActiveList: boolean;
}

/** The habits of a server that makes nothing difficult. */
const tameHabits: ServerHabits = {
  lingerMs: 0,
  answersAnotherId: false,
  liveKeep: 'off',
  recordsTwice: false,
  hasIdleNode: false,
  order: 'oldest-first',
  completedUnder: 'same-id',
  showsOwnRowsOnly: false,
  tellsStart: true,
  tellsDuration: true,
  hasActiveList: true,
};

/** What a transfer or a conference changes of a recording that goes on. */
export interface TransferTo {
  readonly line?: string;
  readonly username?: string;
  readonly remoteNumber?: string;
  /** Whether the server goes on counting from the first beginning. */
  readonly keepsStart: boolean;
}

/** The calls of a telephone system and the recordings of them: the truth that the API only reports. */
export class VirtualTelephony {
  readonly calls: VirtualCall[] = [];
  readonly completed: VirtualCompleted[] = [];
  /** Every recording there ever was, oldest first. */
  readonly everRecorded: VirtualRecording[] = [];
  habits: ServerHabits = { ...tameHabits };
  /** ms from the end of a recording until it is listed; null: it is lost. */
  savedAfterMs: number | null = 1_000;
  /** ms from a start's answer until the recording is listed. */
  startLagMs = 0;
  /** Server clock minus virtual wall clock, ms. */
  skewMs = 0;
  /** Chance of the server's own; seeded. */
  random = seededRandom(1);
  #ids = 0;

  constructor(readonly clock: VirtualClock) {}

  /** A call on a line that has none: one that is there ends first. */
  connectCall(line: string, username: string, remoteNumber = '+390212345'): VirtualCall {
    this.endCall(line);
    return this.addCall(line, username, remoteNumber);
  }

  /** One more call, whatever else is on the line. */
  addCall(line: string, username: string, remoteNumber = '+390212345'): VirtualCall {
    const call = new VirtualCall(line, username, remoteNumber, this.clock.monotonicNow());
    this.calls.push(call);
    if (this.habits.liveKeep === 'listed') {
      const buffered = this.#begin(call, username, 'rule', null);
      buffered.isKept = false;
    }
    return call;
  }

  endCall(line: string): void {
    const call = this.callOn(line);
    if (call !== null) this.hangUp(call);
  }

  hangUp(call: VirtualCall): void {
    for (const recording of [...call.recordings]) this.finish(recording);
    const index = this.calls.indexOf(call);
    if (index >= 0) this.calls.splice(index, 1);
  }

  /** The first call of a line. */
  callOn(line: string): VirtualCall | null {
    return this.calls.find((call) => call.line === line) ?? null;
  }

  /** Somebody (or a rule) starts recording; whoever it is counts as the local party. */
  beginRecording(call: VirtualCall, username = call.username): VirtualRecording {
    return call.recording ?? this.#begin(call, username, username, null);
  }

  /**
   * Begins another recording of a call. The local party is the user of the call.
   * @param by a user name, or `rule`
   */
  record(call: VirtualCall, by: string, request: RequestRecord | null = null): VirtualRecording {
    return this.#begin(call, call.username, by, request);
  }

  /** Ends the first recording of a call. */
  endRecording(call: VirtualCall): void {
    if (call.recording !== null) this.finish(call.recording);
  }

  /**
   * Ends a recording.
   * @param isLost whether nothing of it is ever completed
   */
  finish(recording: VirtualRecording, isLost = false): void {
    const { recordings } = recording.call;
    const index = recordings.indexOf(recording);
    if (index < 0) return;
    recordings.splice(index, 1);
    const now = this.clock.monotonicNow();
    recording.endedAt = now;
    const span = recording.spans.at(-1);
    if (span !== undefined) span.to = now;
    if (recording.isKept) this.#complete(recording, now, isLost);
  }

  /** The recording goes on under another id. */
  rename(recording: VirtualRecording): void {
    recording.id = this.#newId();
    recording.ids.push(recording.id);
    this.#follow(recording);
  }

  /** The call goes on with somebody else, on another line, or both; its recordings with it, under new ids. */
  transfer(call: VirtualCall, to: TransferTo): void {
    call.line = to.line ?? call.line;
    call.username = to.username ?? call.username;
    call.remoteNumber = to.remoteNumber ?? call.remoteNumber;
    for (const recording of call.recordings) {
      recording.line = call.line;
      recording.username = to.username ?? recording.username;
      recording.remoteNumber = call.remoteNumber;
      if (!to.keepsStart) recording.startedAt = this.clock.monotonicNow();
      this.rename(recording);
    }
  }

  setPaused(recording: VirtualRecording, isPaused: boolean): void {
    recording.isPaused = isPaused;
    if (isPaused) recording.pausedAt = this.clock.monotonicNow();
    else recording.resumedAt = this.clock.monotonicNow();
  }

  /** The service restarts. @param loses whether it forgets what it was recording */
  restart(loses: boolean): void {
    if (!loses) return;
    for (const recording of [...this.active()]) this.finish(recording, true);
  }

  /** The recordings that run. */
  active(): readonly VirtualRecording[] {
    return this.calls.flatMap((call) => call.recordings);
  }

  /** The recording that has, or had, an id; null where none ever had. */
  recordingOf(id: string): VirtualRecording | null {
    const wanted = id.toLowerCase();
    return this.everRecorded.find(({ ids }) => ids.includes(wanted)) ?? null;
  }

  epoch(mono: number): number {
    return this.clock.wallNow() - this.clock.monotonicNow() + mono + this.skewMs;
  }

  #begin(call: VirtualCall, username: string, by: string, request: RequestRecord | null): VirtualRecording {
    const now = this.clock.monotonicNow();
    const id = this.#newId();
    const recording: VirtualRecording = {
      call,
      id,
      ids: [id],
      line: call.line,
      username,
      remoteNumber: call.remoteNumber,
      by,
      request,
      startedAt: this.habits.liveKeep === 'off' ? now : call.startedAt,
      begunAt: now,
      isPaused: false,
      pausedAt: null,
      resumedAt: null,
      isKept: true,
      hiddenFromLists: 0,
      endedAt: Number.POSITIVE_INFINITY,
      spans: [],
    };
    call.recordings.push(recording);
    this.everRecorded.push(recording);
    this.#follow(recording);
    return recording;
  }

  /** Writes down where, whose and under which id it is from now on. */
  #follow(recording: VirtualRecording): void {
    const { id, line, username } = recording;
    const now = this.clock.monotonicNow();
    const last = recording.spans.at(-1);
    if (last !== undefined) last.to = now;
    recording.spans.push({ id, line, username, from: now, to: Number.POSITIVE_INFINITY });
  }

  #complete(recording: VirtualRecording, endedAt: number, isLost: boolean): void {
    const { line, username, remoteNumber, startedAt } = recording;
    const visibleAt =
      isLost || this.savedAfterMs === null ? Number.POSITIVE_INFINITY : endedAt + this.savedAfterMs;
    const row = (id: string, from: number, to: number) => {
      this.completed.push({
        id,
        recording,
        line,
        username,
        remoteNumber,
        startedAt: from,
        endedAt: to,
        visibleAt,
      });
    };
    switch (this.habits.completedUnder) {
      case 'same-id':
        row(recording.id, startedAt, endedAt);
        return;
      case 'new-id':
        row(this.#newId(), startedAt, endedAt);
        return;
      case 'two-rows': {
        const middle = (startedAt + endedAt) / 2;
        row(recording.id, startedAt, middle);
        row(this.#newId(), middle, endedAt);
      }
    }
  }

  #newId(): string {
    this.#ids += 1;
    return `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
  }

  /** An id for a recording that only the answer to its start tells. */
  protected aliasOf(recording: VirtualRecording): string {
    const alias = this.#newId();
    recording.ids.push(alias);
    return alias;
  }
}
