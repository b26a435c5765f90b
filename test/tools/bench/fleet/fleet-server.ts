import type { CodedError, Operation, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { RecordingDetails, RemoteParty } from '@shared/domain/recording';
import type { CallOptions, RecorderApi } from '../../../../src-main/core/ports/api';
import { mapApiCalls } from '../../../../src-main/core/ports/api-calls';
import type { Random } from '../../../../src-main/core/ports/clock';
import type { VirtualClock } from '../../../fixtures/virtual-clock';

/** What the server knows of one agent: their line, its call, and the recording of it. */
export interface Desk {
  readonly username: string;
  readonly line: string;
  hasCall: boolean;
  recording: { readonly id: string; readonly startedAt: number } | null;
  /** Ended recordings that the agent has not found among the completed ones yet, and when they ended. */
  readonly completed: Map<string, { readonly startedAt: number; readonly endedAt: number }>;
  passwordChanged: boolean;
  /** Called for each request that leaves the agent's computer. */
  sent: (kind: RequestKind) => void;
  /** Called for each log-in with the old password; `heard`: and its 401 reaches the agent's computer. */
  refused: (heard: boolean) => void;
  /** Called for each answer that reaches it. */
  answered: (kind: RequestKind, reached: boolean) => void;
}

/** The requests of the fleet, by what they are for; `others`: what is recorded for the user on other lines. */
export type RequestKind = 'active' | 'others' | 'start' | 'stop' | 'toggle' | 'probe' | 'details' | 'list';

const remoteParty: RemoteParty = { firstName: null, lastName: null, phoneNumber: '+39021234567' };
const savedAfterMs = 1_000;
/** There and back, ms. */
const usualLatency = { least: 20, most: 60 } as const;
/** An answer for which a poll does not wait, but that still comes in time, ms. */
const slowLatency = { least: 2_500, most: 6_000 } as const;
/** A refused connection is known at once, ms. */
const refusedAfterMs = 5;

/** A server for thousands of agents in virtual time: each request costs one timer. */
export class FleetServer {
  isDown = false;
  /** Requests sent in each second of virtual time. */
  readonly perSecond: number[] = [];
  total = 0;
  #ids = 0;
  readonly #desks = new Map<string, Desk>();

  /** @param slowAnswers share of the requests that take seconds */
  constructor(
    readonly clock: VirtualClock,
    readonly random: Random,
    readonly slowAnswers = 0,
  ) {}

  addDesk(username: string, line: string): Desk {
    const desk: Desk = {
      username,
      line,
      hasCall: false,
      recording: null,
      completed: new Map(),
      passwordChanged: false,
      sent: () => {},
      refused: () => {},
      answered: () => {},
    };
    this.#desks.set(line, desk);
    this.#desks.set(username, desk);
    return desk;
  }

  beginRecording(desk: Desk): string {
    this.#ids += 1;
    const id = `00000000-0000-4000-8000-${this.#ids.toString(16).padStart(12, '0')}`;
    desk.recording = { id, startedAt: this.clock.monotonicNow() };
    return id;
  }

  endRecording(desk: Desk): void {
    const { recording } = desk;
    if (recording === null) return;
    desk.recording = null;
    desk.completed.set(recording.id, { startedAt: recording.startedAt, endedAt: this.clock.monotonicNow() });
  }

  apiFor(desk: Desk): RecorderApi {
    const send = <Value>(
      kind: RequestKind,
      operation: Operation,
      options: CallOptions | undefined,
      handle: () => Result<Value>,
    ) => this.#send(desk, kind, operation, options, handle);
    const done = () => succeed(null);
    return {
      ...mapApiCalls(
        (_name, { operation }) =>
          () =>
            Promise.resolve(fail('internal', operation)),
      ),
      startRecording: (_line, o) =>
        send('start', 'start', o, () => {
          if (!desk.hasCall) return fail('no-connected-call', 'start', { status: 409, reason: 1 });
          if (desk.recording !== null) return fail('already-recorded', 'start', { status: 429, reason: 1 });
          return succeed({ id: this.beginRecording(desk) });
        }),
      stopRecording: (id, o) =>
        send('stop', 'stop', o, () => {
          if (desk.recording?.id !== id) return fail('not-a-live-recording', 'stop', { status: 409 });
          this.endRecording(desk);
          return succeed(null);
        }),
      pauseRecording: (_id, o) => send('toggle', 'pause', o, done),
      resumeRecording: (_id, o) => send('toggle', 'resume', o, done),
      probePause: (o) => send('probe', 'probe', o, () => succeed(true)),
      activeRecordings: (filter, o) =>
        send(filter.directoryNumber === undefined ? 'others' : 'active', 'active', o, () => {
          const asked = this.#desks.get(filter.directoryNumber ?? filter.username ?? '');
          if (asked === undefined || asked.recording === null) return succeed([]);
          const { id, startedAt } = asked.recording;
          return succeed([
            {
              id,
              durationMs: this.clock.monotonicNow() - startedAt,
              startedAt,
              localUsername: asked.username,
              remoteParty,
              isPaused: false,
            },
          ]);
        }),
      listRecordings: (_filters, _paging, o) =>
        send('list', 'list', o, () => succeed({ totalCount: 0, recordings: [] })),
      getRecording: (id, o) => send('details', 'details', o, () => this.#details(desk, id)),
      fingerprint: () => 'fleet',
      dropIdleConnections: () => Promise.resolve(),
    };
  }

  #details(desk: Desk, id: string): Result<RecordingDetails> {
    const entry = desk.completed.get(id);
    if (entry === undefined || entry.endedAt + savedAfterMs > this.clock.monotonicNow()) {
      return fail('recording-not-found', 'details', { status: 404 });
    }
    // Nobody asks for it again.
    desk.completed.delete(id);
    return succeed({
      id,
      referenceNumber: id.slice(-6),
      pbxCallId: null,
      startTime: entry.startedAt,
      durationMs: entry.endedAt - entry.startedAt,
      direction: 'incoming',
      localPartyNumber: desk.line,
      remotePartyNumber: remoteParty.phoneNumber,
      owner: null,
      preservingUser: null,
      note: null,
      sizeBytes: null,
      sha256: null,
    });
  }

  #admit(desk: Desk, operation: Operation): Result<never> | null {
    if (!desk.passwordChanged) return null;
    desk.refused(true);
    return fail('unauthorized', operation, { status: 401 });
  }

  #latencyMs(): number {
    const isSlow = this.slowAnswers > 0 && this.random() < this.slowAnswers;
    const { least, most } = isSlow ? slowLatency : usualLatency;
    return least + this.random() * (most - least);
  }

  #send<Value>(
    desk: Desk,
    kind: RequestKind,
    operation: Operation,
    options: CallOptions | undefined,
    handle: () => Result<Value>,
  ): Promise<Result<Value>> {
    // As a real client does: what was given up before it left is not sent.
    if (options?.signal?.aborted === true) return Promise.resolve(fail('cancelled', operation));
    const second = Math.floor(this.clock.monotonicNow() / 1_000);
    this.perSecond[second] = (this.perSecond[second] ?? 0) + 1;
    this.total += 1;
    desk.sent(kind);
    const isUnreachable = this.isDown;
    const latencyMs = isUnreachable ? refusedAfterMs : this.#latencyMs();
    return new Promise((resolve) => {
      const signal = options?.signal;
      const finish = (result: Result<Value>) => {
        signal?.removeEventListener('abort', cancel);
        desk.answered(kind, result.ok || result.error.detail.status !== undefined);
        resolve(result);
      };
      const timer = this.clock.schedule(latencyMs, () => {
        if (isUnreachable) finish({ ok: false, error: refusedConnection(operation) });
        else finish(this.#admit(desk, operation) ?? handle());
      });
      const cancel = () => {
        timer.dispose();
        if (desk.passwordChanged && !isUnreachable) desk.refused(false);
        finish(fail('cancelled', operation));
      };
      signal?.addEventListener('abort', cancel, { once: true });
    });
  }
}

function refusedConnection(operation: Operation): CodedError {
  return { code: 'connection-refused', operation, detail: { outcomeUnknown: false } };
}
