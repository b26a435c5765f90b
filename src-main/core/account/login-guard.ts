import type { CodedError, Operation, Result } from '@shared/domain/errors';
import { fail } from '@shared/domain/errors';
import type { ActiveFilter, CallOptions, RecorderApi } from '../ports/api';
import type { AnyApiCall, ApiCallKind, ApiCallName, Lane } from '../ports/api-calls';
import { callApi, mapApiCalls } from '../ports/api-calls';
import type { Clock, Disposable } from '../ports/clock';

/** The lanes, in the order in which they may prove the credentials. */
const lanes: readonly Lane[] = ['light', 'command', 'page'];

/**
 * Max requests in flight per lane. Together they are fewer than the five rejected log-ins after which many directories
 * lock an account: a password that changes while all of them are in flight costs four.
 */
const maxInFlight: Readonly<Record<Lane, number>> = { light: 1, command: 2, page: 1 };

/**
 * How long a proof of the credentials lasts, ms, counted from when the request that brought it was sent. It covers the
 * longest default interval of polls with its jitter (12 s) and a poll's time limit (8 s): while polls are answered, it
 * does not run out.
 */
const provenForMs = 20_000;

/** Time limit of a request that proves the credentials for a page, ms; the same as a poll's. */
const proverTimeoutMs = 8_000;

/** How long a page waits for a poll that is due anyway before the gate sends a prover of its own, ms. */
const proverDelayMs = 250;

/** What the gate needs. */
export interface LoginGuardOptions {
  readonly api: RecorderApi;
  readonly clock: Clock;
  /** Called once, with the 401 that closed the latch. */
  readonly onRefused: (error: CodedError) => void;
  /** Where the latch was already closed in a former run: nothing is sent at all. */
  readonly refused?: CodedError;
  /** When the credentials were proven before there was this gate (by a sign-in), a reading of the monotonic clock, ms. */
  readonly provenAt?: number;
}

/** An API that stops by itself at the first 401. */
export interface LoginGuard extends RecorderApi {
  /**
   * Takes the credentials for unproven: the password may have changed while the computer slept. What was sent before
   * neither proves anything any more nor holds anything up.
   */
  expireProof(): void;
  dispose(): void;
}

/** A request in its lane. */
interface LaneRequest {
  readonly lane: Lane;
  /** What a command acts on: two for the same target keep their order. Null: it does not matter. */
  readonly target: string | null;
}

/** A request in flight. */
interface Ticket extends LaneRequest {
  /** A reading of the monotonic clock, ms. */
  readonly sentAt: number;
  /** Whether it was sent while the credentials were unproven. */
  readonly isProver: boolean;
  /** Counts how often the proof was expired before it was sent. */
  readonly generation: number;
}

const light: LaneRequest = { lane: 'light', target: null };

interface Waiting extends LaneRequest {
  /** Null: it is not sent at all, because the gate is closed. */
  readonly start: (ticket: Ticket | null) => void;
}

/** One call of the API, with what the lanes need to know of it. */
interface Call<Value> extends LaneRequest {
  readonly operation: Operation;
  readonly send: (options: CallOptions | undefined) => Promise<Result<Value>>;
}

/**
 * Whether an answer shows that the server accepted the credentials: a well-formed success, or a 403 of the service. A
 * 404, a 405 and any answer that a proxy can give do not; the answer to a probe is made of such ones.
 */
function isProof(operation: Operation, result: Result<unknown>): boolean {
  if (result.ok) return operation !== 'probe';
  return result.error.detail.status === 403 && result.error.code !== 'not-this-server';
}

/** Not sent at all, so nothing can have come of it. */
function cancelled(operation: Operation): Result<never> {
  return fail('cancelled', operation, { outcomeUnknown: false });
}

/**
 * Wraps the API so that a changed password costs **one** failed log-in: each rejected request counts towards the
 * directory's account lock-out (API reference, Authentication).
 *
 * - While the credentials are unproven, at most one request is in flight: the prover. A poll is preferred, then a
 *   command. A page is the prover only where the light's list was asked since and proved nothing (a server without
 *   one, a proxy), or was never asked through this gate; else a small live list goes first.
 * - While they are proven, each lane sends up to its own limit and waits for no other lane. What was sent under a proof
 *   holds nothing up after the proof has run out.
 * - After the first 401 nothing more is sent, and every call answers `locked`; only what was in flight can fail, too.
 *
 * A prover is not aborted with its caller, because it may be refused all the same: its caller is answered at once, its
 * place is kept until the server has answered, its time limit is over, or the gate is disposed.
 */
export function createLoginGuard(options: LoginGuardOptions): LoginGuard {
  const { api, clock } = options;
  let latch: CodedError | null = options.refused ?? null;
  let disposed = false;
  let provenAt: number | null = options.provenAt ?? null;
  let generation = 0;
  let inFlight: readonly Ticket[] = [];
  let waiting: readonly Waiting[] = [];
  /** The light's last question, to be repeated as a prover. */
  let lightFilter: ActiveFilter | null = null;
  /** Why the light's list proved nothing since the last proof; null: it has not been asked. */
  let lightFailure: CodedError | null = null;
  let proverTimer: Disposable | null = null;
  /** Ends the provers in flight. */
  const proverEnds = new Set<() => void>();

  const isClosed = () => latch !== null || disposed;
  const isProven = () => provenAt !== null && clock.monotonicNow() - provenAt < provenForMs;
  const isProverInFlight = () =>
    inFlight.some((ticket) => ticket.isProver && ticket.generation === generation);

  const refusal = (operation: Operation): Result<never> | null => {
    if (disposed) return fail('signed-out', operation);
    if (latch !== null) return fail('locked', operation, latch.detail);
    return null;
  };

  const hasRoom = ({ lane, target }: LaneRequest): boolean => {
    const others = inFlight.filter((ticket) => ticket.lane === lane && ticket.generation === generation);
    return (
      others.length < maxInFlight[lane] &&
      (target === null || others.every((ticket) => ticket.target !== target))
    );
  };

  const takeOff = ({ lane, target }: LaneRequest, isProver: boolean): Ticket => {
    const ticket: Ticket = { lane, target, isProver, generation, sentAt: clock.monotonicNow() };
    inFlight = [...inFlight, ticket];
    return ticket;
  };

  /** A place for a request if it may be sent now. */
  const admit = (request: LaneRequest): Ticket | null => {
    if (!hasRoom(request)) return null;
    if (isProven()) return takeOff(request, false);
    if (isProverInFlight()) return null;
    if (request.lane === 'page' && lightFilter !== null && lightFailure === null) {
      // A poll that was sent under an older proof is waited for: it is answered soon, and may prove them again.
      if (hasRoom(light)) planProver();
      return null;
    }
    return takeOff(request, true);
  };

  const advance = (): void => {
    if (isClosed()) {
      const turnedAway = waiting;
      waiting = [];
      for (const entry of turnedAway) entry.start(null);
      return;
    }
    for (const lane of lanes) {
      for (const entry of waiting.filter((other) => other.lane === lane)) {
        const ticket = admit(entry);
        if (ticket === null) continue;
        waiting = waiting.filter((other) => other !== entry);
        entry.start(ticket);
      }
    }
  };

  const settle = (operation: Operation, ticket: Ticket | null, result: Result<unknown>): void => {
    if (!result.ok && result.error.code === 'unauthorized') {
      if (isClosed()) return;
      latch = result.error;
      options.onRefused(result.error);
      return;
    }
    if (ticket !== null && ticket.generation !== generation) return;
    if (isProof(operation, result)) {
      // The server looked at the credentials some time after the request was sent: no later moment is certain.
      if (ticket !== null) provenAt = Math.max(provenAt ?? ticket.sentAt, ticket.sentAt);
      lightFailure = null;
    } else if (ticket?.lane === 'light' && !result.ok) lightFailure = result.error;
  };

  const land = (ticket: Ticket): void => {
    inFlight = inFlight.filter((other) => other !== ticket);
    advance();
  };

  /** One small live list of the gate's own, for the pages that wait. */
  const sendProver = async (filter: ActiveFilter): Promise<void> => {
    const ticket = takeOff(light, true);
    try {
      settle('active', ticket, await api.activeRecordings(filter, { timeoutMs: proverTimeoutMs }));
    } catch {
      lightFailure = { code: 'internal', operation: 'active', detail: {} };
    } finally {
      land(ticket);
    }
  };

  const planProver = (): void => {
    proverTimer ??= clock.schedule(proverDelayMs, () => {
      proverTimer = null;
      const isNeeded =
        !isClosed() &&
        !isProven() &&
        !isProverInFlight() &&
        lightFailure === null &&
        hasRoom(light) &&
        waiting.some((entry) => entry.lane === 'page');
      if (isNeeded && lightFilter !== null) void sendProver(lightFilter);
      else advance();
    });
  };

  /** Waits for its turn; null where its caller gave up, or the gate was closed. */
  const queue = (request: LaneRequest, signal: AbortSignal | undefined): Promise<Ticket | null> =>
    new Promise((resolve) => {
      const entry: Waiting = {
        ...request,
        start: (ticket) => {
          signal?.removeEventListener('abort', leave);
          resolve(ticket);
        },
      };
      const leave = () => {
        waiting = waiting.filter((other) => other !== entry);
        resolve(null);
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting = [...waiting, entry];
    });

  const run = async <Value>(
    ticket: Ticket,
    { operation, send }: Call<Value>,
    callOptions: CallOptions | undefined,
  ): Promise<Result<Value>> => {
    try {
      const result = await send(callOptions);
      settle(operation, ticket, result);
      return result;
    } finally {
      land(ticket);
    }
  };

  /** Hears a prover out although its caller may have given up. */
  const runProver = <Value>(
    ticket: Ticket,
    call: Call<Value>,
    callOptions: CallOptions | undefined,
  ): Promise<Result<Value>> => {
    // Where the light's list was not answered at all, a page must not keep the next poll waiting for longer than a poll.
    const isShort =
      ticket.lane === 'page' && lightFailure !== null && lightFailure.detail.status === undefined;
    const limited = isShort
      ? { ...callOptions, timeoutMs: Math.min(callOptions?.timeoutMs ?? proverTimeoutMs, proverTimeoutMs) }
      : callOptions;
    const signal = limited?.signal;
    if (signal === undefined) return run(ticket, call, limited);
    return new Promise((resolve, reject) => {
      const sent = new AbortController();
      const end = () => {
        sent.abort();
      };
      const giveUp = () => {
        resolve(fail('cancelled', call.operation));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      proverEnds.add(end);
      run(ticket, call, { ...limited, signal: sent.signal })
        .then((result) => {
          resolve(result);
          // A download goes on after its headers: from now on it ends with its caller.
          if (signal.aborted) end();
          else if (call.operation === 'download' && result.ok) {
            signal.addEventListener('abort', end, { once: true });
          }
        }, reject)
        .finally(() => {
          signal.removeEventListener('abort', giveUp);
          proverEnds.delete(end);
        });
    });
  };

  const pass = async <Value>(
    call: Call<Value>,
    callOptions: CallOptions | undefined,
  ): Promise<Result<Value>> => {
    const { operation, lane, target } = call;
    const early = refusal(operation);
    if (early !== null) return early;
    const signal = callOptions?.signal;
    if (signal?.aborted === true) return cancelled(operation);

    const isNext = waiting.every((entry) => entry.lane !== lane || entry.target !== target);
    const ticket = (isNext ? admit(call) : null) ?? (await queue(call, signal));
    const late = refusal(operation) ?? (ticket === null || signal?.aborted ? cancelled(operation) : null);
    if (ticket === null || late !== null) {
      if (ticket !== null) land(ticket);
      return late ?? cancelled(operation);
    }
    callOptions?.onSent?.();
    return ticket.isProver ? runProver(ticket, call, callOptions) : run(ticket, call, callOptions);
  };

  /** Sends one call of the API through its lane. */
  const guarded = (name: ApiCallName, { operation, lane, parameters, targetOf }: ApiCallKind): AnyApiCall => {
    return (...args) => {
      const given = args.slice(0, parameters);
      const send: Call<unknown>['send'] = (to) => callApi(api, name, [...given, to]);
      const callOptions = args[parameters] as CallOptions | undefined;
      return pass({ operation, lane, target: targetOf(given[0]), send }, callOptions);
    };
  };
  const calls = mapApiCalls(guarded);

  return {
    ...calls,
    activeRecordings: (filter, o) => {
      lightFilter = filter;
      return calls.activeRecordings(filter, o);
    },
    uploadRecording: async (metadata, file, o) => {
      // An upload takes minutes: a small request proves the credentials first, and nothing waits for the upload.
      const proof = await calls.listRecordings({}, { page: 0, pageSize: 1 }, o);
      if (!proof.ok) return { ok: false, error: { ...proof.error, operation: 'upload' } };
      const refused = refusal('upload');
      if (refused !== null) return refused;
      const result = await api.uploadRecording(metadata, file, o);
      settle('upload', null, result);
      if (isClosed()) advance();
      return result;
    },
    fingerprint: () => api.fingerprint(),
    dropIdleConnections: () => api.dropIdleConnections(),
    expireProof: () => {
      provenAt = null;
      lightFailure = null;
      generation += 1;
      advance();
    },
    dispose: () => {
      disposed = true;
      proverTimer?.dispose();
      proverTimer = null;
      // These credentials are used no more: no further answer matters.
      for (const end of proverEnds) end();
      advance();
    },
  };
}
