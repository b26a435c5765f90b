import type { Operation, Result } from '@shared/domain/errors';
import { fail } from '@shared/domain/errors';
import type { CallOptions } from '../ports/api';
import type { Clock, Disposable } from '../ports/clock';

/**
 * How long after its time limit a request is given up even if the network layer does not, ms. The time limit begins
 * anew when the request is sent: until then it may wait for its turn as long.
 */
const graceMs = 2_000;

/** Requests under way, each with its own abort signal. */
export interface Requests extends Disposable {
  /**
   * Sends one. `answered` is called once, unless it is aborted first: with `not-sent` where the API did not call
   * `onSent` within the time limit, because nothing can have come of such a request.
   * @param timeoutMs the time limit of the whole, from when it is sent
   * @returns what aborts it; its answer is not heard any more
   */
  send<Value>(
    operation: Operation,
    timeoutMs: number,
    call: (options: CallOptions) => Promise<Result<Value>>,
    answered: (result: Result<Value>) => void,
  ): Disposable;
  /** Aborts every request; their answers are not heard any more. */
  abortAll(): void;
  /** Requests sent from now on wait for this first (stale sockets being dropped). */
  after(ready: Promise<void>): void;
  count(): number;
}

/** Makes an empty set of requests. */
export function createRequests(clock: Clock): Requests {
  const underWay = new Set<{ readonly controller: AbortController; watchdog: Disposable }>();
  let ready: Promise<void> | null = null;

  type Request = typeof underWay extends Set<infer Entry> ? Entry : never;

  const abort = (request: Request) => {
    if (!underWay.delete(request)) return;
    request.watchdog.dispose();
    request.controller.abort();
  };
  const abortAll = () => {
    for (const request of [...underWay]) abort(request);
  };

  return {
    send: (operation, timeoutMs, call, answered) => {
      const controller = new AbortController();
      const finish = (result: Parameters<typeof answered>[0]) => {
        if (!underWay.delete(request)) return;
        request.watchdog.dispose();
        answered(result);
      };
      const giveUp = (result: Result<never>) =>
        clock.schedule(timeoutMs + graceMs, () => {
          finish(result);
          controller.abort();
        });
      const request = {
        controller,
        watchdog: giveUp(fail('not-sent', operation, { outcomeUnknown: false })),
      };
      underWay.add(request);
      let isSent = false;
      const onSent = () => {
        if (isSent || !underWay.has(request)) return;
        isSent = true;
        request.watchdog.dispose();
        request.watchdog = giveUp(fail('timeout', operation, { outcomeUnknown: true }));
      };
      const run = async () => {
        try {
          if (ready !== null) await ready;
          if (!underWay.has(request)) return;
          finish(await call({ signal: controller.signal, timeoutMs, onSent }));
        } catch {
          // The port promises never to reject; if it does, the outcome is unknown.
          finish(fail('internal', operation, { outcomeUnknown: true }));
        }
      };
      void run();
      return {
        dispose: () => {
          abort(request);
        },
      };
    },
    abortAll,
    after: (promise) => {
      const waiting = promise.finally(() => {
        if (ready === waiting) ready = null;
      });
      ready = waiting;
    },
    count: () => underWay.size,
    dispose: abortAll,
  };
}
