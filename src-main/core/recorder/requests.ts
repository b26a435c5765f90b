import type { Operation, Result } from '../../shared/errors';
import { fail } from '../../shared/errors';
import type { CallOptions, Clock, Disposable } from '../ports';

/** How long after its time limit a request is given up even if the network layer does not, ms. */
const graceMs = 2_000;

/** Requests under way, each with its own abort signal. */
export interface Requests extends Disposable {
  /**
   * Sends one. `answered` is called once, unless it is aborted first.
   * @param timeoutMs the time limit of the whole
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
  const underWay = new Set<{ readonly controller: AbortController; readonly watchdog: Disposable }>();
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
      const request = {
        controller,
        watchdog: clock.schedule(timeoutMs + graceMs, () => {
          finish(fail('timeout', operation, { outcomeUnknown: true }));
          controller.abort();
        }),
      };
      underWay.add(request);
      const run = async () => {
        try {
          if (ready !== null) await ready;
          if (!underWay.has(request)) return;
          finish(await call({ signal: controller.signal, timeoutMs }));
        } catch {
          // The port promises never to reject; if it does, nobody knows what became of the request.
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
