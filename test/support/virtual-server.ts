import type { CodedError, Operation, Result } from '../../src-main/shared/errors';
import { fail, succeed } from '../../src-main/shared/errors';
import type {
  ActiveRecording,
  Line,
  RecordingDetails,
  RecordingSummary,
} from '../../src-main/shared/recording';
import type { ActiveFilter, CallOptions, RecorderApi } from '../../src-main/core/ports';
import { VirtualTelephony } from './virtual-telephony';
import type { RequestRecord, VirtualCall, VirtualCompleted, VirtualRecording } from './virtual-telephony';

export type { RequestRecord, VirtualCall, VirtualRecording } from './virtual-telephony';

/** What the network does to one request. */
export type Fate =
  /** Through and back; ms each way. */
  | { readonly kind: 'ok'; readonly outMs: number; readonly backMs: number }
  /** Never arrives; the client hears of it after so many ms, or (null) only by its time limit. */
  | { readonly kind: 'request-lost'; readonly noticedMs: number | null }
  /** Has its effect; the answer is lost. */
  | { readonly kind: 'answer-lost'; readonly outMs: number; readonly noticedMs: number | null }
  /** Arrives twice (a proxy repeats it); the answer is the second one's. */
  | { readonly kind: 'doubled'; readonly outMs: number; readonly againMs: number; readonly backMs: number }
  /** Answered by something else, without any effect. */
  | { readonly kind: 'failed'; readonly error: Omit<CodedError, 'operation'>; readonly afterMs: number };

/** A server of the Call Recording API in virtual time, with a network whose every request has its own fate. */
export class VirtualServer extends VirtualTelephony {
  readonly log: RequestRecord[] = [];
  canPause = true;
  version = 'Microsoft-IIS/10.0';
  /** Users below level 10: they neither see nor control recordings in progress. */
  readonly lowLevel = new Set<string>();
  /** Users who see nothing in progress, but may start and stop. */
  readonly blind = new Set<string>();
  /** Users of the level *Record Only*: they may start and stop, and list nothing that is completed. */
  readonly listless = new Set<string>();
  /** How many of the next lists of active recordings are refused with 403. */
  forbidNextLists = 0;
  /** Until when every connection is refused, monotonic ms. */
  downUntil = 0;
  /** When set, what a start answers instead. */
  startError: Omit<CodedError, 'operation'> | null = null;
  stopError: Omit<CodedError, 'operation'> | null = null;
  inFlight = new Map<string, number>();
  mostInFlight = 0;
  mostStartsInFlight = 0;
  keepLog = true;
  /** Called for every request that leaves a client. */
  onRequest: ((record: RequestRecord) => void) | null = null;
  /** Called for every recording that a request stops, pauses or resumes. */
  onTouched: ((record: RequestRecord, recording: VirtualRecording) => void) | null = null;
  readonly #idleListsInRow = new Map<string, number>();
  #fate: (record: RequestRecord) => Fate = () => ({ kind: 'ok', outMs: 10, backMs: 10 });

  /** Decides what the network does to each request from now on. */
  setNetwork(fate: (record: RequestRecord) => Fate): void {
    this.#fate = fate;
  }

  count(kind: RequestRecord['kind']): number {
    return this.log.filter((record) => record.kind === kind).length;
  }

  /** The API as one user has it. */
  apiFor(username: string): RecorderApi {
    const request = <Value>(
      kind: RequestRecord['kind'],
      operation: Operation,
      argument: string,
      options: CallOptions | undefined,
      handle: (record: RequestRecord) => Result<Value>,
    ) => this.#send(username, kind, operation, argument, options, handle);
    const unused = () => Promise.resolve(fail('internal', 'download'));
    return {
      startRecording: (line, o) =>
        request('start', 'start', line?.directoryNumber ?? line?.deviceName ?? '', o, (record) =>
          this.#start(record, line),
        ),
      stopRecording: (id, o) => request('stop', 'stop', id, o, (record) => this.#stop(record, id)),
      stopLine: (line, o) =>
        request('stop-line', 'stop', `${line.directoryNumber ?? ''}/${line.deviceName ?? ''}`, o, (record) =>
          this.#stopLine(record, line.directoryNumber ?? line.deviceName ?? ''),
        ),
      stopMine: unused,
      pauseRecording: (id, o) => request('pause', 'pause', id, o, (record) => this.#toggle(record, id, true)),
      resumeRecording: (id, o) =>
        request('resume', 'resume', id, o, (record) => this.#toggle(record, id, false)),
      pauseLine: unused,
      resumeLine: unused,
      probePause: (o) => request('probe', 'probe', '', o, () => succeed(this.canPause)),
      activeRecordings: (filter, o) =>
        request('active', 'active', JSON.stringify(filter), o, () => this.#list(username, filter)),
      listRecordings: (filters, paging, o) =>
        request('list', 'list', JSON.stringify(filters), o, () => {
          if (this.listless.has(username)) return fail('not-allowed', 'list', { status: 403 });
          const { startTime, ownerUsername } = filters;
          const rows = this.#completedFor(username)
            .filter((entry) => ownerUsername === undefined || entry.username === ownerUsername)
            .map((entry) => this.#summary(entry))
            .filter(
              (row) =>
                startTime?.operator !== 'between' ||
                (row.startTime >= startTime.from && row.startTime < startTime.to),
            )
            .reverse();
          const from = paging.page * paging.pageSize;
          return succeed({ totalCount: rows.length, recordings: rows.slice(from, from + paging.pageSize) });
        }),
      getRecording: (id, o) => request('details', 'details', id, o, () => this.#details(username, id)),
      downloadRecording: unused,
      uploadRecording: unused,
      fingerprint: () => this.version,
      dropIdleConnections: () => Promise.resolve(),
    };
  }

  async #send<Value>(
    username: string,
    kind: RequestRecord['kind'],
    operation: Operation,
    argument: string,
    options: CallOptions | undefined,
    handle: (record: RequestRecord) => Result<Value>,
  ): Promise<Result<Value>> {
    const record: RequestRecord = { at: this.clock.monotonicNow(), kind, username, argument };
    if (this.keepLog) this.log.push(record);
    this.onRequest?.(record);
    const fate = record.at < this.downUntil ? refusedConnection : this.#fate(record);
    this.#enter(username, kind);
    try {
      const carried = this.#carry(fate, operation, () => handle(record));
      return await this.#race(operation, options, carried);
    } finally {
      this.#leave(username, kind);
    }
  }

  #enter(username: string, kind: RequestRecord['kind']): void {
    const slot = `${username} ${kind}`;
    const count = (this.inFlight.get(slot) ?? 0) + 1;
    this.inFlight.set(slot, count);
    this.mostInFlight = Math.max(this.mostInFlight, count);
    if (kind === 'start') this.mostStartsInFlight = Math.max(this.mostStartsInFlight, count);
  }

  #leave(username: string, kind: RequestRecord['kind']): void {
    const slot = `${username} ${kind}`;
    const count = (this.inFlight.get(slot) ?? 1) - 1;
    if (count === 0) this.inFlight.delete(slot);
    else this.inFlight.set(slot, count);
  }

  /** The client gives up by its time limit or its signal; what is on its way stays on its way. */
  #race<Value>(
    operation: Operation,
    options: CallOptions | undefined,
    answer: Promise<Result<Value>>,
  ): Promise<Result<Value>> {
    return new Promise((resolve) => {
      const signal = options?.signal;
      const finish = (result: Result<Value>) => {
        limit.dispose();
        signal?.removeEventListener('abort', cancel);
        resolve(result);
      };
      const cancel = () => {
        finish(fail('cancelled', operation, { outcomeUnknown: true }));
      };
      const limit = this.clock.schedule(options?.timeoutMs ?? 30_000, () => {
        finish(fail('timeout', operation, { outcomeUnknown: true }));
      });
      signal?.addEventListener('abort', cancel, { once: true });
      void answer.then(finish);
    });
  }

  async #carry<Value>(fate: Fate, operation: Operation, handle: () => Result<Value>): Promise<Result<Value>> {
    const lost = fail('connection-lost', operation, { outcomeUnknown: true });
    switch (fate.kind) {
      case 'ok': {
        await this.clock.sleep(fate.outMs);
        const result = handle();
        await this.clock.sleep(fate.backMs);
        return result;
      }
      case 'request-lost':
        if (fate.noticedMs === null) return new Promise(() => {});
        await this.clock.sleep(fate.noticedMs);
        return lost;
      case 'answer-lost':
        await this.clock.sleep(fate.outMs);
        handle();
        if (fate.noticedMs === null) return new Promise(() => {});
        await this.clock.sleep(fate.noticedMs);
        return lost;
      case 'doubled': {
        await this.clock.sleep(fate.outMs);
        handle();
        await this.clock.sleep(fate.againMs);
        const result = handle();
        await this.clock.sleep(fate.backMs);
        return result;
      }
      case 'failed':
        await this.clock.sleep(fate.afterMs);
        return { ok: false, error: { ...fate.error, operation } };
    }
  }

  #list(username: string, filter: ActiveFilter): Result<readonly ActiveRecording[]> {
    if (!this.habits.hasActiveList) return fail('not-this-server', 'active', { status: 404 });
    if (this.lowLevel.has(username) || this.blind.has(username)) {
      return fail('level-too-low', 'active', { status: 403 });
    }
    if (this.forbidNextLists > 0) {
      this.forbidNextLists -= 1;
      return fail('level-too-low', 'active', { status: 403 });
    }
    if (this.#isIdleNodesTurn(JSON.stringify(filter))) return succeed([]);
    const now = this.clock.monotonicNow();
    const rows = this.#listed(now).filter(
      (recording) =>
        (filter.directoryNumber === undefined || filter.directoryNumber === recording.line) &&
        (filter.deviceName === undefined || filter.deviceName === recording.line) &&
        (filter.username === undefined || filter.username === recording.username),
    );
    return succeed(
      this.#inOrder(rows).map((recording) => ({
        id: recording.id,
        durationMs: this.habits.tellsDuration ? now - recording.startedAt : null,
        startedAt: this.habits.tellsStart ? this.epoch(recording.startedAt) : null,
        localUsername: recording.username,
        remoteParty: { firstName: null, lastName: null, phoneNumber: recording.remoteNumber },
        isPaused: recording.isPaused,
      })),
    );
  }

  /** Whether the node that knows nothing of any recording answers a question; never more than twice in a row. */
  #isIdleNodesTurn(question: string): boolean {
    const inRow = this.#idleListsInRow.get(question) ?? 0;
    const isIdle = this.habits.hasIdleNode && inRow < 2 && this.random() < 0.5;
    this.#idleListsInRow.set(question, isIdle ? inRow + 1 : 0);
    return isIdle;
  }

  /** What lists show now: late, incomplete, or after its end, where the server has such habits. */
  #listed(now: number): readonly VirtualRecording[] {
    const isHidden = (recording: VirtualRecording) => {
      if (recording.hiddenFromLists === 0) return false;
      recording.hiddenFromLists -= 1;
      return true;
    };
    const running = this.active().filter(
      (recording) => now - recording.begunAt >= this.startLagMs && !isHidden(recording),
    );
    if (this.habits.lingerMs === 0) return running;
    const lingering = this.everRecorded.filter(
      ({ endedAt }) => endedAt <= now && now < endedAt + this.habits.lingerMs,
    );
    return [...running, ...lingering];
  }

  #inOrder(rows: readonly VirtualRecording[]): readonly VirtualRecording[] {
    switch (this.habits.order) {
      case 'oldest-first':
        return rows;
      case 'newest-first':
        return [...rows].reverse();
      case 'random':
        return rows
          .map((row) => ({ row, at: this.random() }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row);
    }
  }

  #start(record: RequestRecord, line: Line | null): Result<{ readonly id: string }> {
    const { username } = record;
    if (this.lowLevel.has(username)) return fail('level-too-low', 'start', { status: 403, reason: 0 });
    if (this.startError !== null) return { ok: false, error: { ...this.startError, operation: 'start' } };
    const call = this.#callFor(username, line);
    if (call === null) return fail('no-connected-call', 'start', { status: 409, reason: 1 });
    const kept = call.recordings.filter(({ isKept }) => isKept);
    const buffered = call.recordings.find(({ isKept }) => !isKept);
    if (buffered !== undefined) {
      buffered.isKept = true;
      buffered.request = record;
      return succeed({ id: this.#answeredId(buffered) });
    }
    const isTaken = kept.some(
      // What a start of this user kept is theirs, whatever had it buffered.
      ({ by, request }) => by === username || request?.username === username || !this.habits.recordsTwice,
    );
    if (isTaken) return fail('already-recorded', 'start', { status: 429, reason: 1 });
    return succeed({ id: this.#answeredId(this.record(call, username, record)) });
  }

  #answeredId(recording: VirtualRecording): string {
    return this.habits.answersAnotherId ? this.aliasOf(recording) : recording.id;
  }

  /** The newest call of the line; one of the caller's own before others. */
  #callFor(username: string, line: Line | null): VirtualCall | null {
    const number = line?.directoryNumber ?? line?.deviceName ?? null;
    const calls =
      number === null
        ? this.calls.filter((call) => call.username === username)
        : this.calls.filter((call) => call.line === number);
    return calls.findLast((call) => call.username === username) ?? calls.at(-1) ?? null;
  }

  #stop(record: RequestRecord, id: string): Result<null> {
    if (this.lowLevel.has(record.username)) return fail('level-too-low', 'stop', { status: 403 });
    if (this.stopError !== null) return { ok: false, error: { ...this.stopError, operation: 'stop' } };
    const recording = this.#running(id);
    if (recording === undefined) return fail('not-a-live-recording', 'stop', { status: 409 });
    this.onTouched?.(record, recording);
    this.finish(recording);
    return succeed(null);
  }

  /** Stops all that runs on a line: the API does not say which of several it would be. */
  #stopLine(record: RequestRecord, line: string): Result<null> {
    const running = this.active().filter((recording) => recording.line === line);
    if (running.length === 0) return fail('not-a-live-recording', 'stop', { status: 409 });
    for (const recording of running) {
      this.onTouched?.(record, recording);
      this.finish(recording);
    }
    return succeed(null);
  }

  #toggle(record: RequestRecord, id: string, isPaused: boolean): Result<null> {
    const operation = isPaused ? 'pause' : 'resume';
    if (!this.canPause) return fail('pause-unavailable', operation, { status: 404 });
    const recording = this.#running(id);
    if (recording === undefined) return fail('not-a-live-recording', operation, { status: 409 });
    if (recording.isPaused === isPaused) {
      return fail(isPaused ? 'already-paused' : 'not-paused', operation, { status: 429 });
    }
    this.onTouched?.(record, recording);
    this.setPaused(recording, isPaused);
    return succeed(null);
  }

  /** Only the present id is a live one. */
  #running(id: string): VirtualRecording | undefined {
    return this.active().find((recording) => recording.id === id);
  }

  #details(username: string, id: string): Result<RecordingDetails> {
    if (this.listless.has(username)) return fail('not-allowed', 'details', { status: 403 });
    const now = this.clock.monotonicNow();
    const entry = this.completed.find((other) => other.id === id && other.visibleAt <= now);
    if (entry === undefined) return fail('recording-not-found', 'details', { status: 404 });
    if (!this.#mayRead(username, entry)) return fail('not-allowed', 'details', { status: 403 });
    const { ownerUsername, ...row } = this.#summary(entry);
    return succeed({
      ...row,
      pbxCallId: null,
      owner: {
        username: ownerUsername,
        firstName: null,
        lastName: null,
        phoneNumber: null,
        group: null,
        department: null,
      },
      preservingUser: null,
      note: null,
      sizeBytes: 1,
      sha256: null,
    });
  }

  #mayRead(username: string, entry: VirtualCompleted): boolean {
    return !this.habits.showsOwnRowsOnly || entry.username === username;
  }

  #completedFor(username: string): readonly VirtualCompleted[] {
    const now = this.clock.monotonicNow();
    return this.completed.filter((entry) => entry.visibleAt <= now && this.#mayRead(username, entry));
  }

  #summary(entry: VirtualCompleted): RecordingSummary {
    return {
      id: entry.id,
      referenceNumber: entry.id.slice(-6),
      startTime: this.epoch(entry.startedAt),
      durationMs: entry.endedAt - entry.startedAt,
      direction: 'incoming',
      ownerUsername: entry.username,
      localPartyNumber: entry.line,
      remotePartyNumber: entry.remoteNumber,
    };
  }
}

const refusedConnection: Fate = {
  kind: 'failed',
  afterMs: 1,
  error: { code: 'connection-refused', detail: { outcomeUnknown: false } },
};
