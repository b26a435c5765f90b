import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { SaveJobView, SaveKind, SaveStatus, SaveVerification } from '@shared/domain/saves';
import type { Clock } from '../ports/clock';
import type { Semaphore } from '../lib/semaphore';
import { createThroughputMeter } from './throughput-meter';

/** What a save came to. */
export interface SavedFile {
  /** The name the file got. */
  readonly fileName: string;
  readonly verification: SaveVerification | null;
}

/** What is told of a job when it is made. */
export interface JobOptions {
  readonly id: string;
  readonly kind: SaveKind;
  readonly recordingId: string | null;
  readonly fileName: string | null;
  readonly clock: Clock;
  readonly slots: Semaphore;
  /** Called after every change. */
  readonly changed: () => void;
}

/** One save: where it stands, and how its work is held, ended and begun anew. */
export interface Job {
  readonly id: string;
  view(): SaveJobView;
  isEnded(): boolean;

  // For who commands it
  /** `not-possible-now` where there is nothing to hold. */
  pause(): Result<null>;
  resume(): Result<null>;
  /** Ends it as cancelled by the user, for good. */
  cancel(): Result<null>;
  /** Stops it as cancelled; what it has, and its connection, stay until it is taken back or cancelled. */
  setAside(): Result<null>;
  /** It was not meant to be cancelled: goes on where it was. */
  takeBack(): Result<null>;
  isAside(): boolean;
  /** Ends it as failed. */
  abandon(error: CodedError): void;
  /** While paused or set aside: ends the connection that waits for it. */
  letGo(): void;
  /** Whether it has a connection open, and was not asked to let it go. */
  isConnected(): boolean;
  /** Whether it is paused with a connection open. */
  isHolding(): boolean;
  /** Whether it is paused, or was when it ended. */
  isHeld(): boolean;
  /** Why it failed, or was abandoned a moment ago. */
  failure(): CodedError | null;
  /** Does the work, once; answers when the job has ended. Never rejects. */
  run(work: (job: JobWork) => Promise<Result<SavedFile>>): Promise<void>;
}

/** The same job for who does its work. */
export interface JobWork {
  readonly id: string;
  /** Aborted when the job is ended from outside. */
  readonly signal: AbortSignal;
  /** What ended it from outside; `cancelled` where nothing did. */
  stopped(): Result<never>;
  /** Takes a place among those who work; false where the job was ended meanwhile. */
  enter(goesOn: boolean): Promise<boolean>;
  /**
   * To be asked between two pieces. While paused it answers only when the job goes on.
   * @returns false where the source is to be closed: the job was ended, or its connection is needed elsewhere
   */
  checkpoint(): Promise<boolean>;
  /** Waits before another attempt, without a place; false where the job was ended meanwhile. */
  rest(delayMs: number, because: CodedError): Promise<boolean>;
  name(fileName: string): void;
  /** How much of it was there before it began: that is no speed. */
  startAt(received: number): void;
  /** How far it is. */
  advance(received: number, size: number | null): void;
  /** Audio is asked of the server once more. */
  countDownload(): void;
  takeFromMemory(): void;
  /** Whether a connection is open for it. */
  connect(open: boolean): void;
  verify(): void;
  /** Notes how many rows of a list could not be read, and are therefore missing in its file. */
  missed(count: number): void;
}

type Phase = Exclude<SaveStatus, 'paused'>;

/** Makes a job; nothing begins before it is run. */
export function createJob(options: JobOptions): Job {
  const { id, kind, recordingId, clock, slots } = options;
  const ending = new AbortController();
  const speed = createThroughputMeter(clock);
  let phase: Phase = 'queued';
  let paused = false;
  let aside = false;
  let connected = false;
  let asked = false;
  let holdsPermit = false;
  let endedBy: { readonly status: 'cancelled' | 'failed'; readonly error: CodedError | null } | null = null;
  let fileName = options.fileName;
  let received = 0;
  let size: number | null = null;
  let downloads = 0;
  let fromMemory = false;
  let unreadable = 0;
  let verification: SaveVerification | null = null;
  let error: CodedError | null = null;
  let retryAtMono: number | null = null;
  let waking = new AbortController();

  const isHeldUp = (): boolean => paused || aside;
  const isEnded = (): boolean => phase === 'done' || phase === 'failed' || phase === 'cancelled';

  /** Everybody who waits looks again. */
  const wake = (): void => {
    const former = waking;
    waking = new AbortController();
    former.abort();
    options.changed();
  };

  const change = (): Promise<void> =>
    new Promise((resolve) => {
      waking.signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    });

  const leave = (): void => {
    if (!holdsPermit) return;
    holdsPermit = false;
    slots.give();
  };

  const stopped = (): Result<never> => {
    const by = endedBy?.error;
    return by === null || by === undefined ? fail('cancelled', 'file') : { ok: false, error: by };
  };

  const stop = (by: NonNullable<typeof endedBy>): void => {
    if (isEnded() || endedBy !== null) return;
    endedBy = by;
    ending.abort();
    wake();
  };

  /** @param heedsLetGo whether to give up also when the connection is needed elsewhere */
  const acquire = async (goesOn: boolean, heedsLetGo: boolean): Promise<boolean> => {
    while (!ending.signal.aborted && !(heedsLetGo && asked)) {
      if (isHeldUp()) {
        await change();
        continue;
      }
      // Also given up by a pause: the place is for one that works.
      if (!(await slots.take(waking.signal, goesOn))) continue;
      if (ending.signal.aborted || isHeldUp()) {
        slots.give();
        continue;
      }
      holdsPermit = true;
      phase = 'downloading';
      speed.reset();
      options.changed();
      return true;
    }
    return false;
  };

  const work: JobWork = {
    id,
    signal: ending.signal,
    stopped,
    enter: (goesOn) => acquire(goesOn, false),
    checkpoint: async () => {
      if (!isHeldUp() && holdsPermit) return !ending.signal.aborted;
      leave();
      phase = 'queued';
      options.changed();
      return acquire(true, true);
    },
    rest: async (delayMs, because) => {
      leave();
      phase = 'queued';
      error = because;
      retryAtMono = clock.monotonicNow() + delayMs;
      options.changed();
      await new Promise<void>((resolve) => {
        const end = (): void => {
          timer.dispose();
          ending.signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = clock.schedule(delayMs, end);
        ending.signal.addEventListener('abort', end, { once: true });
      });
      retryAtMono = null;
      const entered = await acquire(true, false);
      error = null;
      return entered;
    },
    name: (name) => {
      fileName = name;
      options.changed();
    },
    startAt: (before) => {
      received = before;
    },
    advance: (now, whole) => {
      speed.add(Math.max(0, now - received));
      received = now;
      size = whole;
      options.changed();
    },
    countDownload: () => {
      downloads += 1;
      options.changed();
    },
    takeFromMemory: () => {
      fromMemory = true;
    },
    connect: (open) => {
      connected = open;
      asked = false;
      options.changed();
    },
    missed: (count) => {
      unreadable = count;
    },
    verify: () => {
      phase = 'verifying';
      options.changed();
    },
  };

  return {
    id,
    isEnded,
    view: () => ({
      id,
      kind,
      recordingId,
      fileName,
      status: isEnded() ? phase : aside ? 'cancelled' : paused ? 'paused' : phase,
      unit: kind === 'list' ? 'rows' : 'bytes',
      received,
      size,
      bytesPerSecond: phase === 'downloading' && !isHeldUp() && kind !== 'list' ? speed.perSecond() : null,
      downloads,
      fromMemory,
      unreadable,
      verification,
      error,
      retryAtMono,
    }),
    pause: () => {
      if (isEnded() || aside || endedBy !== null || phase === 'verifying') {
        return fail('not-possible-now', 'file');
      }
      if (paused) return succeed(null);
      paused = true;
      wake();
      return succeed(null);
    },
    resume: () => {
      if (!paused || aside || isEnded()) return fail('not-possible-now', 'file');
      paused = false;
      asked = false;
      wake();
      return succeed(null);
    },
    cancel: () => {
      if (isEnded()) return fail('not-possible-now', 'file');
      stop({ status: 'cancelled', error: null });
      return succeed(null);
    },
    setAside: () => {
      if (isEnded() || aside || endedBy !== null || phase === 'verifying') {
        return fail('not-possible-now', 'file');
      }
      aside = true;
      // At once: a server that has stopped sending would let no other save have the place.
      leave();
      wake();
      return succeed(null);
    },
    takeBack: () => {
      if (!aside || isEnded() || endedBy !== null) return fail('not-possible-now', 'file');
      aside = false;
      asked = false;
      wake();
      return succeed(null);
    },
    isAside: () => aside && !isEnded(),
    abandon: (because) => {
      stop({ status: 'failed', error: because });
    },
    letGo: () => {
      asked = true;
      wake();
    },
    isConnected: () => connected && !asked && !isEnded(),
    isHolding: () => paused && connected && !isEnded(),
    isHeld: () => paused,
    failure: () => endedBy?.error ?? (phase === 'failed' ? error : null),
    run: async (doWork) => {
      let result: Result<SavedFile>;
      try {
        result = (await acquire(false, false)) ? await doWork(work) : stopped();
      } catch {
        result = fail('internal', 'file');
      }
      leave();
      retryAtMono = null;
      if (result.ok) {
        phase = 'done';
        fileName = result.value.fileName;
        verification = result.value.verification;
        error = null;
        size = received;
      } else {
        // What came to nothing while it was set aside was cancelled before.
        phase = endedBy?.status ?? (aside ? 'cancelled' : 'failed');
        error = endedBy !== null ? endedBy.error : aside ? null : result.error;
      }
      wake();
    },
  };
}
