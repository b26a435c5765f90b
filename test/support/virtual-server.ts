import type { CodedError, Operation, Result } from '../../src-main/shared/errors';
import { fail, succeed } from '../../src-main/shared/errors';
import type {
  ActiveRecording,
  Line,
  RecordingDetails,
  RecordingSummary,
} from '../../src-main/shared/recording';
import type { ActiveFilter, CallOptions, RecorderApi } from '../../src-main/core/ports';
import type { VirtualClock } from './virtual-clock';

/** A call on a line, and its recording if there is one. */
export interface VirtualCall {
  readonly line: string;
  readonly username: string;
  readonly remoteNumber: string;
  readonly startedAt: number;
  recording: VirtualRecording | null;
}

/** A recording that runs. Times are the virtual clock's monotonic ms. */
export interface VirtualRecording {
  readonly id: string;
  readonly line: string;
  readonly username: string;
  readonly remoteNumber: string;
  readonly startedAt: number;
  isPaused: boolean;
}

/** A recording that ended. */
export interface VirtualCompleted extends VirtualRecording {
  readonly endedAt: number;
  /** From when on it is in the list of completed recordings; never, where it was lost. */
  readonly visibleAt: number;
}

/** One entry of the request log. */
export interface RequestRecord {
  readonly at: number;
  readonly kind:
    'active' | 'start' | 'stop' | 'stop-line' | 'pause' | 'resume' | 'probe' | 'details' | 'list';
  readonly username: string;
  readonly argument: string;
}

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
export class VirtualServer {
  readonly calls: VirtualCall[] = [];
  readonly completed: VirtualCompleted[] = [];
  readonly log: RequestRecord[] = [];
  /** Every recording there ever was: id, call, who had it begun, and when. */
  readonly everRecorded: {
    readonly id: string;
    readonly call: VirtualCall;
    readonly username: string;
    readonly startedAt: number;
  }[] = [];
  canPause = true;
  version = 'Microsoft-IIS/10.0';
  /** Users below level 10: they neither see nor control recordings in progress. */
  readonly lowLevel = new Set<string>();
  /** Users who see nothing in progress, but may start and stop. */
  readonly blind = new Set<string>();
  /** ms from the end of a recording until it is listed; null: it is lost. */
  savedAfterMs: number | null = 1_000;
  /** ms from a start's answer until the recording is listed. */
  startLagMs = 0;
  /** When set, what a start answers instead. */
  startError: Omit<CodedError, 'operation'> | null = null;
  stopError: Omit<CodedError, 'operation'> | null = null;
  /** Server clock minus virtual wall clock, ms. */
  skewMs = 0;
  inFlight = new Map<string, number>();
  mostInFlight = 0;
  mostStartsInFlight = 0;
  keepLog = true;
  /** Called for every request that leaves a client. */
  onRequest: ((record: RequestRecord) => void) | null = null;
  #ids = 0;
  #fate: (record: RequestRecord) => Fate = () => ({ kind: 'ok', outMs: 10, backMs: 10 });

  constructor(readonly clock: VirtualClock) {}

  /** Decides what the network does to each request from now on. */
  setNetwork(fate: (record: RequestRecord) => Fate): void {
    this.#fate = fate;
  }

  count(kind: RequestRecord['kind']): number {
    return this.log.filter((record) => record.kind === kind).length;
  }

  connectCall(line: string, username: string, remoteNumber = '+390212345'): VirtualCall {
    this.endCall(line);
    const call: VirtualCall = {
      line,
      username,
      remoteNumber,
      startedAt: this.clock.monotonicNow(),
      recording: null,
    };
    this.calls.push(call);
    return call;
  }

  endCall(line: string): void {
    const index = this.calls.findIndex((call) => call.line === line);
    const call = this.calls[index];
    if (call === undefined) return;
    this.endRecording(call);
    this.calls.splice(index, 1);
  }

  callOn(line: string): VirtualCall | null {
    return this.calls.find((call) => call.line === line) ?? null;
  }

  /** Somebody (or a rule) starts recording. */
  beginRecording(call: VirtualCall, username = call.username): VirtualRecording {
    if (call.recording !== null) return call.recording;
    this.#ids += 1;
    const recording: VirtualRecording = {
      id: `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`,
      line: call.line,
      username,
      remoteNumber: call.remoteNumber,
      startedAt: this.clock.monotonicNow(),
      isPaused: false,
    };
    call.recording = recording;
    this.everRecorded.push({ id: recording.id, call, username, startedAt: recording.startedAt });
    return recording;
  }

  endRecording(call: VirtualCall): void {
    const { recording } = call;
    if (recording === null) return;
    call.recording = null;
    const endedAt = this.clock.monotonicNow();
    const visibleAt = this.savedAfterMs === null ? Number.POSITIVE_INFINITY : endedAt + this.savedAfterMs;
    this.completed.push({ ...recording, endedAt, visibleAt });
  }

  /** The recordings that run, to whoever may see them. */
  active(): readonly VirtualRecording[] {
    return this.calls.flatMap((call) => (call.recording === null ? [] : [call.recording]));
  }

  epoch(mono: number): number {
    return this.clock.wallNow() - this.clock.monotonicNow() + mono + this.skewMs;
  }

  /** The API as one user has it. */
  apiFor(username: string): RecorderApi {
    const request = <Value>(
      kind: RequestRecord['kind'],
      operation: Operation,
      argument: string,
      options: CallOptions | undefined,
      handle: () => Result<Value>,
    ) => this.#send(username, kind, operation, argument, options, handle);
    const unused = () => Promise.resolve(fail('internal', 'download'));
    return {
      startRecording: (line, o) =>
        request('start', 'start', line?.directoryNumber ?? line?.deviceName ?? '', o, () =>
          this.#start(username, line),
        ),
      stopRecording: (id, o) => request('stop', 'stop', id, o, () => this.#stop(username, id)),
      stopLine: (line, o) =>
        request('stop-line', 'stop', `${line.directoryNumber ?? ''}/${line.deviceName ?? ''}`, o, () => {
          const call = this.callOn(line.directoryNumber ?? line.deviceName ?? '');
          if (call === null || call.recording === null)
            return fail('not-a-live-recording', 'stop', { status: 409 });
          this.endRecording(call);
          return succeed(null);
        }),
      stopMine: unused,
      pauseRecording: (id, o) => request('pause', 'pause', id, o, () => this.#setPaused(id, true)),
      resumeRecording: (id, o) => request('resume', 'resume', id, o, () => this.#setPaused(id, false)),
      pauseLine: unused,
      resumeLine: unused,
      probePause: (o) => request('probe', 'probe', '', o, () => succeed(this.canPause)),
      activeRecordings: (filter, o) =>
        request('active', 'active', JSON.stringify(filter), o, () => this.#list(username, filter)),
      listRecordings: (filters, paging, o) =>
        request('list', 'list', JSON.stringify(filters), o, () => {
          const { startTime, ownerUsername } = filters;
          const rows = this.#visibleCompleted()
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
      getRecording: (id, o) =>
        request('details', 'details', id, o, (): Result<RecordingDetails> => {
          const entry = this.#visibleCompleted().find((other) => other.id === id);
          if (entry === undefined) return fail('recording-not-found', 'details', { status: 404 });
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
        }),
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
    handle: () => Result<Value>,
  ): Promise<Result<Value>> {
    const record: RequestRecord = { at: this.clock.monotonicNow(), kind, username, argument };
    if (this.keepLog) this.log.push(record);
    this.onRequest?.(record);
    const fate = this.#fate(record);
    this.#enter(username, kind);
    try {
      return await this.#race(operation, options, this.#carry(fate, operation, handle));
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
    if (this.lowLevel.has(username) || this.blind.has(username)) {
      return fail('level-too-low', 'active', { status: 403 });
    }
    const now = this.clock.monotonicNow();
    const rows = this.active().filter(
      (recording) =>
        now - recording.startedAt >= this.startLagMs &&
        (filter.directoryNumber === undefined || filter.directoryNumber === recording.line) &&
        (filter.deviceName === undefined || filter.deviceName === recording.line) &&
        (filter.username === undefined || filter.username === recording.username),
    );
    return succeed(
      rows.map((recording) => ({
        id: recording.id,
        durationMs: now - recording.startedAt,
        startedAt: this.epoch(recording.startedAt),
        localUsername: recording.username,
        remoteParty: { firstName: null, lastName: null, phoneNumber: recording.remoteNumber },
        isPaused: recording.isPaused,
      })),
    );
  }

  #start(username: string, line: Line | null): Result<{ readonly id: string }> {
    if (this.lowLevel.has(username)) return fail('level-too-low', 'start', { status: 403, reason: 0 });
    if (this.startError !== null) return { ok: false, error: { ...this.startError, operation: 'start' } };
    const call = this.callOn(line?.directoryNumber ?? line?.deviceName ?? '');
    if (call === null) return fail('no-connected-call', 'start', { status: 409, reason: 1 });
    if (call.recording !== null) return fail('already-recorded', 'start', { status: 429, reason: 1 });
    return succeed({ id: this.beginRecording(call, username).id });
  }

  #stop(username: string, id: string): Result<null> {
    if (this.lowLevel.has(username)) return fail('level-too-low', 'stop', { status: 403 });
    if (this.stopError !== null) return { ok: false, error: { ...this.stopError, operation: 'stop' } };
    const call = this.calls.find((other) => other.recording?.id === id);
    if (call === undefined) return fail('not-a-live-recording', 'stop', { status: 409 });
    this.endRecording(call);
    return succeed(null);
  }

  #setPaused(id: string, isPaused: boolean): Result<null> {
    const operation = isPaused ? 'pause' : 'resume';
    if (!this.canPause) return fail('pause-unavailable', operation, { status: 404 });
    const recording = this.active().find((other) => other.id === id);
    if (recording === undefined) return fail('not-a-live-recording', operation, { status: 409 });
    if (recording.isPaused === isPaused) {
      return fail(isPaused ? 'already-paused' : 'not-paused', operation, { status: 429 });
    }
    recording.isPaused = isPaused;
    return succeed(null);
  }

  #visibleCompleted(): readonly VirtualCompleted[] {
    const now = this.clock.monotonicNow();
    return this.completed.filter((entry) => entry.visibleAt <= now);
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
