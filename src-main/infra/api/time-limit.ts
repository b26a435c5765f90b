/** Why a guarded request was ended from our side. */
export type EndCause = 'timeout' | 'cancelled' | 'closed';

/** The limits of one request: its time, its caller's signal, and the life of the client. */
export interface RequestGuard {
  /** For the network stack. */
  readonly signal: AbortSignal;
  /** Set once the guard ended the request. */
  cause(): EndCause | null;
  /** (Re)starts the time limit. */
  arm(limitMs: number): void;
  /** Stops the time limit: the next move is not the network's. */
  disarm(): void;
  /** Waits for `promise`, but not beyond the end of the guard, whether or not the network stack honours the signal. */
  race<T>(promise: Promise<T>): Promise<T>;
  /** Ends the request if it still runs, and lets go of everything. */
  finish(): void;
}

/** What {@link RequestGuard.race} rejects with. */
class GuardEnded extends Error {}

/**
 * Guards a request.
 * @param caller the caller's own signal, if any
 * @param closing aborted when the client is disposed of
 */
export function createRequestGuard(caller: AbortSignal | undefined, closing: AbortSignal): RequestGuard {
  const controller = new AbortController();
  let cause: EndCause | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let finished = false;

  const end = (why: EndCause): void => {
    if (finished || cause !== null) return;
    cause = why;
    clearTimeout(timer);
    controller.abort();
  };
  const onCallerAbort = (): void => {
    end('cancelled');
  };
  const onClosing = (): void => {
    end('closed');
  };
  caller?.addEventListener('abort', onCallerAbort, { once: true });
  closing.addEventListener('abort', onClosing, { once: true });
  if (closing.aborted) onClosing();
  if (caller?.aborted === true) onCallerAbort();

  return {
    signal: controller.signal,
    cause: () => cause,
    arm: (limitMs) => {
      clearTimeout(timer);
      if (finished || cause !== null) return;
      timer = setTimeout(() => {
        end('timeout');
      }, limitMs);
    },
    disarm: () => {
      clearTimeout(timer);
    },
    race: (promise) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => {
          reject(new GuardEnded());
        };
        if (controller.signal.aborted) {
          promise.catch(() => undefined);
          onAbort();
          return;
        }
        controller.signal.addEventListener('abort', onAbort, { once: true });
        promise.then(resolve, reject).finally(() => {
          controller.signal.removeEventListener('abort', onAbort);
        });
      }),
    finish: () => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      caller?.removeEventListener('abort', onCallerAbort);
      closing.removeEventListener('abort', onClosing);
      // Harmless after a complete answer; otherwise it frees the socket.
      controller.abort();
    },
  };
}
