import type { CodedError, ErrorCode, Operation, Result } from '../shared/errors';
import { fail } from '../shared/errors';
import type { CallOptions, Clock, RecorderApi } from './ports';

/** How urgent a request is: commands overtake polls, polls overtake lists. */
type Urgency = 'command' | 'poll' | 'page';

/** For how long an accepted request proves that the credentials still hold, ms. */
const provenForMs = 15_000;

/** How long a poll waits behind a slow list before it overtakes it, ms: the light would be unknown before long. */
const pollPatienceMs = 2_000;

/** What the gate needs. */
export interface RequestGateOptions {
  readonly api: RecorderApi;
  readonly clock: Clock;
  /** Called once, with the 401 that closed the latch. */
  readonly onRefused: (error: CodedError) => void;
  /** Where the latch was already closed in a former run: nothing is sent at all. */
  readonly refused?: CodedError;
}

/** An API that stops by itself at the first 401. */
export interface RequestGate extends RecorderApi {
  /** Whether the credentials were refused. */
  isLatched(): boolean;
  dispose(): void;
}

interface Waiting {
  readonly urgency: Urgency;
  /** A reading of the monotonic clock, ms. */
  readonly since: number;
  readonly start: () => void;
}

const urgencies: readonly Urgency[] = ['command', 'poll', 'page'];

/** Answers with a status that a proxy, a gateway or another server may have given without asking who we are. */
const provesNothing: readonly ErrorCode[] = [
  'redirected',
  'not-this-server',
  'malformed',
  'proxy-failed',
  'rate-limited',
  'timeout',
];

function isAccepted({ code, detail }: CodedError): boolean {
  return detail.status !== undefined && detail.status < 500 && !provesNothing.includes(code);
}

/**
 * Wraps the API so that a changed password costs **one** failed log-in: each rejected request counts towards the
 * directory's account lock-out (API reference, Authentication). One request at a time awaits its answer, so that
 * nothing is already on its way when the first 401 arrives; after it every call answers `locked` without sending.
 * A command (start, stop, pause) does not wait for a slow list as long as the credentials were accepted within the
 * last 15 s, which polling sees to; it does wait for another command, or ten presses of a key would be ten failed
 * log-ins. Nor does a poll wait longer than 2 s for a list, or a slow search would put out the light. Never more than
 * two requests are under way.
 */
export function createRequestGate(options: RequestGateOptions): RequestGate {
  const { api, clock } = options;
  let latch: CodedError | null = options.refused ?? null;
  let disposed = false;
  let underWay = 0;
  let commandsUnderWay = 0;
  let provenAt: number | null = null;
  let waiting: Waiting[] = [];

  const isProven = () => provenAt !== null && clock.monotonicNow() - provenAt < provenForMs;

  const advance = (): void => {
    while (waiting.length > 0) {
      const next = urgencies
        .map((urgency) => waiting.find((entry) => entry.urgency === urgency))
        .find((entry) => entry !== undefined);
      if (next === undefined) return;
      const isPatient =
        next.urgency === 'page' ||
        (next.urgency === 'poll' && clock.monotonicNow() - next.since < pollPatienceMs);
      const mayOvertake = !isPatient && underWay === 1 && commandsUnderWay === 0 && isProven();
      if (underWay > 0 && !mayOvertake && latch === null && !disposed) return;
      waiting = waiting.filter((entry) => entry !== next);
      next.start();
    }
  };

  const refusal = (operation: Operation): Result<never> | null => {
    if (disposed) return fail('signed-out', operation);
    if (latch !== null) return fail('locked', operation, latch.detail);
    return null;
  };

  const settle = (result: Result<unknown>): void => {
    if (!result.ok && result.error.code === 'unauthorized') {
      if (latch === null && !disposed) {
        latch = result.error;
        options.onRefused(result.error);
      }
      return;
    }
    // Any other answer of the server itself, even a refusal, came after it had accepted the credentials.
    if (result.ok || isAccepted(result.error)) provenAt = clock.monotonicNow();
  };

  /** Counted before the promise's continuation runs, or two would start in the same turn. */
  const count = (urgency: Urgency): void => {
    underWay += 1;
    if (urgency === 'command') commandsUnderWay += 1;
  };

  /** Waits for its turn; false where the caller gave up. */
  const queue = (urgency: Urgency, signal: AbortSignal | undefined) =>
    new Promise<boolean>((resolve) => {
      const impatience =
        urgency === 'poll' && underWay > 0
          ? clock.schedule(pollPatienceMs, () => {
              advance();
            })
          : null;
      const entry: Waiting = {
        urgency,
        since: clock.monotonicNow(),
        start: () => {
          impatience?.dispose();
          signal?.removeEventListener('abort', leave);
          count(urgency);
          resolve(true);
        },
      };
      const leave = () => {
        impatience?.dispose();
        waiting = waiting.filter((other) => other !== entry);
        resolve(false);
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(entry);
      advance();
    });

  const pass = async <Value>(
    urgency: Urgency,
    operation: Operation,
    call: () => Promise<Result<Value>>,
    callOptions: CallOptions | undefined,
  ): Promise<Result<Value>> => {
    const signal = callOptions?.signal;
    const early = refusal(operation);
    if (early !== null) return early;
    if (signal?.aborted === true) return fail('cancelled', operation);

    if (waiting.length > 0 || underWay > 0) {
      if (!(await queue(urgency, signal))) return fail('cancelled', operation);
    } else {
      // The usual case, for which nothing has to be set up: nobody else is there.
      count(urgency);
    }

    try {
      const refused = refusal(operation);
      if (refused !== null) return refused;
      const result = await call();
      settle(result);
      return result;
    } finally {
      underWay -= 1;
      if (urgency === 'command') commandsUnderWay -= 1;
      advance();
    }
  };

  return {
    startRecording: (line, o) => pass('command', 'start', () => api.startRecording(line, o), o),
    stopRecording: (id, o) => pass('command', 'stop', () => api.stopRecording(id, o), o),
    stopLine: (line, o) => pass('command', 'stop', () => api.stopLine(line, o), o),
    stopMine: (o) => pass('command', 'stop', () => api.stopMine(o), o),
    pauseRecording: (id, o) => pass('command', 'pause', () => api.pauseRecording(id, o), o),
    resumeRecording: (id, o) => pass('command', 'resume', () => api.resumeRecording(id, o), o),
    pauseLine: (number, o) => pass('command', 'pause', () => api.pauseLine(number, o), o),
    resumeLine: (number, o) => pass('command', 'resume', () => api.resumeLine(number, o), o),
    probePause: (o) => pass('poll', 'probe', () => api.probePause(o), o),
    activeRecordings: (filter, o) => pass('poll', 'active', () => api.activeRecordings(filter, o), o),
    listRecordings: (filters, paging, o) =>
      pass('page', 'list', () => api.listRecordings(filters, paging, o), o),
    getRecording: (id, o) => pass('page', 'details', () => api.getRecording(id, o), o),
    downloadRecording: (id, o) => pass('page', 'download', () => api.downloadRecording(id, o), o),
    uploadRecording: async (metadata, file, o) => {
      // An upload takes minutes: a small request proves the credentials first, and nothing waits for the upload.
      const proof = await pass(
        'page',
        'upload',
        () => api.listRecordings({}, { page: 0, pageSize: 1 }, o),
        o,
      );
      if (!proof.ok) return { ok: false, error: { ...proof.error, operation: 'upload' } };
      const refused = refusal('upload');
      if (refused !== null) return refused;
      const result = await api.uploadRecording(metadata, file, o);
      settle(result);
      return result;
    },
    fingerprint: () => api.fingerprint(),
    dropIdleConnections: () => api.dropIdleConnections(),
    isLatched: () => latch !== null,
    dispose: () => {
      disposed = true;
      advance();
    },
  };
}
