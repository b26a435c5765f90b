import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { SavesView, SaveStatus } from '@shared/domain/saves';
import { scopeHash } from '@shared/domain/scope-hash';
import { createAbandonedFiles } from './abandoned-files';
import { createCancelling } from './cancelling';
import type { SavingOptions, SavingService, SavingSession, SaveChoice } from './contract';
import { createSavingDialogs } from './dialogs';
import { surplusSaves } from './ended';
import type { Remains } from './finish';
import type { Job, JobWork } from './job';
import { createJob } from './job';
import { leftToDo, notQueued } from './left-to-do';
import { createCoalesced } from '../lib/coalesced';
import { createEmitter } from '../lib/emitter';
import { createSemaphore } from '../lib/semaphore';
import { createThrottle } from '../lib/throttle';
import type { SaveOrder } from './order';
import { recordingOrder } from './order';
import { createQueueFile } from './queue-file';
import { createSavesView } from './view';

/* Keeps the queue of saves: whose it is, what of it works, waits or has ended, and what is done to it. */

/**
 * How many saves work at the same time. Together with one that is held with its connection open, and with the two
 * downloads of the player, they leave one of the six connections that Chromium opens to one server: the light must
 * never wait for a file.
 */
const maxAtOnce = 2;
/** Saves that have not ended. */
const maxQueueLength = 2_000;
/** Between two changes that listeners hear of, ms. */
const restMs = 250;

/** A save in the queue. */
interface Entry extends SaveOrder {
  readonly job: Job;
  /** Grows with every end; null where it has not ended. */
  endedAs: number | null;
}

const signedOut: CodedError = { code: 'signed-out', operation: 'file', detail: {} };

/** Makes the service; no user is signed in yet. */
export function createSavingService(options: SavingOptions): SavingService {
  const { clock, random, files, dialogs, media, removals } = options;
  const retryDelaysMs = options.retryDelaysMs ?? [1_000, 4_000];
  const emitter = createEmitter<[]>(options.log);
  const slots = createSemaphore(maxAtOnce);
  const remembered = createQueueFile(options.queueFile);
  const abandonedFiles = createAbandonedFiles();
  /** In the order in which they were queued. */
  let entries: readonly Entry[] = [];
  let session: SavingSession | null = null;
  let owner: string | null = null;
  /** The account of the queue, as in the file; empty: none yet. */
  let scope = '';
  let lastId = 0;
  let lastEnd = 0;
  let disposed = false;

  const show = createSavesView();
  let view: SavesView | null = null;
  const telling = createThrottle(clock, restMs, () => {
    emitter.emit();
  });

  // Very soon: what is done must not be done once more after a crash.
  const remembering = createCoalesced(clock, () => {
    if (scope !== '') remembered.put(scope, leftToDo(entries));
  });

  /** The part file of a failed save stays as long as the save can be retried. */
  const removeAbandonedFiles = (): void => {
    const mayGoOn = ({ job }: Entry): boolean =>
      job.view().status !== 'cancelled' || removals.isHidden('saves', job.id);
    const ids = new Set(session === null ? [] : entries.filter(mayGoOn).map(({ job }) => job.id));
    void abandonedFiles.prune((jobId) => ids.has(jobId));
  };

  /** Where many end at once, once for all: each time the whole queue is looked through. */
  const tidying = createCoalesced(clock, removeAbandonedFiles);

  const changed = (): void => {
    view = null;
    if (disposed) return;
    cancelling.spareConnections(
      entries.map(({ job }) => job),
      maxAtOnce + 1,
    );
    telling.trigger();
  };

  /** Ended saves that the user does not clear must not fill memory and disk; one that can still be undone is not ended. */
  const dropSurplus = (): void => {
    const ended = entries.filter(({ job }) => !cancelling.isUndoable(job));
    const surplus = surplusSaves(
      ended.map(({ job, endedAs }) => ({ id: job.id, status: job.view().status, endedAs })),
    );
    if (surplus.size === 0) return;
    entries = entries.filter(({ job }) => !surplus.has(job.id));
    remembering.run();
    removeAbandonedFiles();
    changed();
  };

  const dropping = createCoalesced(clock, dropSurplus);

  /** What a failed save leaves to its next attempt. */
  const remainsOf = (job: JobWork): Remains => ({
    begun: () => abandonedFiles.take(job.id),
    leave: async (arrival) => {
      await abandonedFiles.put(job.id, arrival);
      removeAbandonedFiles();
    },
  });

  /** @param before what is done to its job before it begins */
  const begin = (order: SaveOrder, id: string, before?: (job: Job) => void): Entry => {
    const { kind, recordingId, fileName } = order;
    const job = createJob({ id, kind, recordingId, fileName, clock, slots, changed });
    const entry: Entry = { ...order, job, endedAs: null };
    before?.(job);
    void job
      .run((work) => {
        if (session === null) return Promise.resolve({ ok: false, error: signedOut });
        return order.work(work, { api: session.api, media, random, retryDelaysMs }, remainsOf(work));
      })
      .then(() => {
        lastEnd += 1;
        entry.endedAs = lastEnd;
        remembering.request();
        dropping.request();
        if (job.view().status === 'cancelled') tidying.request();
      });
    return entry;
  };

  const add = (
    added: readonly { readonly order: SaveOrder; readonly before?: (job: Job) => void }[],
  ): void => {
    // Not awaited: what is swept has other names than what is begun.
    for (const folder of new Set(added.map(({ order }) => order.folder))) void files.sweep(folder);
    entries = [
      ...entries,
      ...added.map(({ order, before }) => {
        lastId += 1;
        return begin(order, `save-${lastId}`, before);
      }),
    ];
    remembering.run();
    changed();
  };

  const asking = createSavingDialogs({
    ...options,
    session: () => session,
    isPresent: (asked) => session === asked && !disposed,
    hasRoomFor: (count) => entries.filter(({ job }) => !job.isEnded()).length + count <= maxQueueLength,
    queue: (orders) => {
      for (const folder of new Set(orders.map((order) => order.folder))) options.folderChosen(folder);
      add(orders.map((order) => ({ order })));
    },
  });

  const chosen = ({ jobId }: SaveChoice): readonly Job[] =>
    entries.flatMap(({ job }) => (jobId === undefined || job.id === jobId ? [job] : []));

  /** Does it to one job, or to all; says so where there is none to which it can be done. */
  const each = (choice: SaveChoice, action: (job: Job) => Result<null>): Result<null> => {
    const results = chosen(choice).map(action);
    return results.some(({ ok }) => ok) ? succeed(null) : fail('not-possible-now', 'file');
  };

  /** One paused save may keep its connection; the others ask for the rest when they go on. */
  const holdOne = (newest: Job): void => {
    for (const { job } of entries) {
      if (job !== newest && job.isHolding() && !job.isAside()) job.letGo();
    }
  };

  /** Begins a save anew; one that was cancelled a moment ago goes on where it was. */
  const again = (entry: Entry): Entry => {
    if (entry.job.takeBack().ok) return entry;
    return begin(entry, entry.job.id);
  };

  const cancelling = createCancelling({
    removals,
    carriedOut: () => {
      dropping.request();
      // After this they cannot be undone: what had arrived of those that had ended goes, too.
      tidying.request();
    },
    undone: (jobs) => {
      entries = entries.map((entry) =>
        jobs.has(entry.job) && entry.job.view().status === 'cancelled' ? again(entry) : entry,
      );
      remembering.request();
      changed();
    },
  });

  const abandonAll = (): void => {
    for (const { job } of entries) job.abandon(signedOut);
  };

  /**
   * Begins what a former run has left to do, what was being saved when somebody else came, and what the file told only
   * now: all that is remembered and not queued.
   */
  const restore = (): void => {
    const left = notQueued(remembered.get(scope), entries);
    if (left.length === 0) return;
    add(
      left.map(({ paused, failed, ...save }) => ({
        order: recordingOrder(options, { ...save, fileName: null, details: null }),
        before: (job) => {
          if (failed !== undefined) job.abandon({ code: failed, operation: 'file', detail: {} });
          else if (paused) job.pause();
        },
      })),
    );
  };

  const readLate = remembered.onReadLate(() => {
    if (session !== null) restore();
  });

  const setSession = (next: SavingSession | null): void => {
    if (next?.api === session?.api) return;
    removals.carryOut('saves');
    // Flush pending changes under the previous account.
    remembering.flush();
    abandonAll();
    session = next;
    const account = next === null ? owner : `${next.username}@${next.serverAddress}`;
    if (next !== null && owner !== account) {
      // Saves of another user must not be shown to this one.
      entries = [];
      owner = account;
      scope = scopeHash(next.serverAddress, next.username);
    }
    // Also for the same user: the file may have been read while signed out.
    if (next !== null) restore();
    removeAbandonedFiles();
    changed();
  };

  return {
    ...asking,
    load: () => remembered.load(),
    setSession,
    signOut: ({ serverAddress, username }) => {
      setSession(null);
      entries = [];
      owner = null;
      // Also where its password was refused before there was a session.
      remembered.forget(scopeHash(serverAddress, username));
      scope = '';
      removeAbandonedFiles();
      changed();
    },

    pause: (choice) =>
      each(choice, (job) => {
        const paused = job.pause();
        if (paused.ok) holdOne(job);
        remembering.request();
        return paused;
      }),
    resume: (choice) => {
      remembering.request();
      return each(choice, (job) => job.resume());
    },
    cancel: (choice) => {
      const cancelled = cancelling.cancel(chosen(choice));
      if (!cancelled.ok) return cancelled;
      remembering.request();
      changed();
      return cancelled;
    },
    retry: (choice) => {
      if (session === null) return fail('signed-out', 'file');
      let begun = 0;
      entries = entries.map((entry) => {
        const { status } = entry.job.view();
        const meant = choice.jobId === undefined ? status === 'failed' : entry.job.id === choice.jobId;
        if (!meant || (status !== 'failed' && status !== 'cancelled')) return entry;
        begun += 1;
        return again(entry);
      });
      remembering.run();
      changed();
      return begun > 0 ? succeed(null) : fail('not-possible-now', 'file');
    },
    clearFinished: () => {
      removals.carryOut('saves');
      const ended: readonly SaveStatus[] = ['done', 'failed', 'cancelled'];
      entries = entries.filter(({ job }) => !ended.includes(job.view().status));
      remembering.run();
      removeAbandonedFiles();
      changed();
      return succeed(null);
    },
    showFile: ({ jobId }) => {
      const entry = entries.find(({ job }) => job.id === jobId);
      const shown = entry?.job.view();
      if (entry === undefined || shown?.status !== 'done' || shown.fileName === null) {
        return fail('not-possible-now', 'file');
      }
      dialogs.showFile({ folder: entry.folder, fileName: shown.fileName });
      return succeed(null);
    },

    view: () => (view ??= show(session === null ? [] : entries.map(({ job }) => job.view()))),
    onChange: (listener) => emitter.on(listener),
    sweep: async () => {
      const { folder } = options.settings();
      if (folder !== null) await files.sweep(folder);
    },
    settled: () => remembered.settled(),
    dispose: () => {
      removals.carryOut('saves');
      remembering.run();
      readLate.dispose();
      disposed = true;
      for (const thing of [remembering, telling, tidying, dropping]) thing.dispose();
      abandonAll();
      files.dispose();
    },
  };
}
