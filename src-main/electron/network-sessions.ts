import type { Details, Event, Session } from 'electron';

import { createEmitter } from '../core/lib/emitter';
import type { Clock, Disposable } from '../core/ports/clock';
import type { Log } from '../core/ports/desktop';

/** The sessions that requests go through; both have the same proxy and certificate settings. */
export interface SessionPair {
  /** For requests that only read; their connections are reused. */
  readonly queries: Session;
  /** For requests that have an effect. */
  readonly commands: Session;
  /** Hosts whose certificate is signed by itself alone. */
  readonly selfSigned: ReadonlySet<string>;
}

/** The sessions for requests, replaced whenever Chromium's network service has died. */
export interface NetworkSessions extends Disposable {
  current(): SessionPair;
  /** To be called with each response: the pair works. */
  answered(pair: SessionPair): void;
  /**
   * To be called when a request failed without a cause that the network could have.
   * @returns whether the pair has been replaced, so that the failure was RecLight's own; answers within 1 s
   */
  failed(pair: SessionPair): Promise<boolean>;
  /** Calls back after each replacement. */
  onReplaced(listener: () => void): Disposable;
}

/** What the sessions need. */
export interface NetworkSessionsOptions {
  /** Electron's `app`: it reports each child process that ends. */
  readonly children: {
    on(name: 'child-process-gone', listener: (event: Event, details: Details) => void): void;
    off(name: 'child-process-gone', listener: (event: Event, details: Details) => void): void;
  };
  /** Makes the in-memory session of a partition, with the settings that every session has. */
  readonly open: (partition: string) => Session;
  /** Keeps the set up to date. */
  readonly noteSelfSigned: (session: Session, hosts: Set<string>) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Mojo's name of the process that sends every request. */
const networkService = 'network.mojom.NetworkService';

/** A request can fail this long before Electron reports the death of the network service, ms. */
const reportDelayMs = 1_000;

/** Failures in a row after which a pair is replaced without a report. */
const toleratedFailures = 2;

/**
 * Keeps a pair of sessions that works. A session holds on to the network service that it was first used with: when that
 * process dies, Chromium starts another, but every later request of the session fails with `ERR_FAILED`. Only a session
 * with a new partition name reaches the new process.
 */
export function createNetworkSessions(options: NetworkSessionsOptions): NetworkSessions {
  const { children, open, clock } = options;
  const replaced = createEmitter<[]>(options.log);
  let generation = 0;
  let pair: SessionPair | null = null;
  let failures = 0;
  let tolerated = toleratedFailures;

  const create = (): SessionPair => {
    generation += 1;
    const selfSigned = new Set<string>();
    const [queries, commands] = [open(`queries-${generation}`), open(`commands-${generation}`)];
    for (const opened of [queries, commands]) options.noteSelfSigned(opened, selfSigned);
    return { queries, commands, selfSigned };
  };

  const replace = (): void => {
    // Before its first use a pair has no network service to lose.
    if (pair === null) return;
    pair = create();
    failures = 0;
    replaced.emit();
  };

  const onGone = (_event: Event, { serviceName, reason }: Details): void => {
    if (serviceName === networkService && reason !== 'clean-exit') replace();
  };
  children.on('child-process-gone', onGone);

  return {
    current: () => (pair ??= create()),
    answered: (answering) => {
      if (answering !== pair) return;
      failures = 0;
      tolerated = toleratedFailures;
    },
    failed: (failing) => {
      if (failing !== pair) return Promise.resolve(true);
      failures += 1;
      if (failures >= tolerated) {
        // A session is never freed, so a failure with another cause must not make new ones for ever.
        tolerated *= 2;
        replace();
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const late = clock.schedule(reportDelayMs, () => {
          listening.dispose();
          resolve(false);
        });
        const listening = replaced.on(() => {
          late.dispose();
          listening.dispose();
          resolve(true);
        });
      });
    },
    onReplaced: (listener) => replaced.on(listener),
    dispose: () => {
      children.off('child-process-gone', onGone);
    },
  };
}
