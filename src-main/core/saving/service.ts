import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { summaryOf } from '@shared/domain/recording';
import type { SavesView, QueuedSaves, SaveKind, SaveStatus } from '@shared/domain/saves';
import { scopeHash } from '@shared/domain/scope-hash';
import { createEmitter } from '../lib/emitter';
import type { Disposable } from '../ports/clock';
import type { SavingOptions, SavingService, SavingSession, SaveChoice } from './contract';
import { surplusSaves } from './ended';
import { exportList } from './list';
import type { Remains } from './finish';
import { fileMoment, recordingFileName, safeFileName } from './file-name';
import type { Job, JobWork, SavedFile } from './job';
import { createJob } from './job';
import { createAbandonedFiles } from './abandoned-files';
import type { SaveFileKind, SaveTarget } from '../ports/saving';
import { createQueueFile, isFileCode } from './queue-file';
import { saveEvidence } from './evidence';
import type { SaveOrder } from './recording';
import { saveRecording } from './recording';
import { createSemaphore } from '../lib/semaphore';
import { savingText } from './messages';
import type { TransferServices } from './transfer';
import { isTransient } from './transfer';
import { createSavesView } from './view';

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

type Work = (job: JobWork, services: TransferServices) => Promise<Result<SavedFile>>;

interface Entry {
  job: Job;
  readonly kind: SaveKind;
  readonly recordingId: string | null;
  readonly fileName: string | null;
  readonly folder: string;
  /** What its name is made of; null for what does not go on after a restart. */
  readonly template: string | null;
  readonly work: Work;
  /** What is done to its job before it begins. */
  readonly before?: (job: Job) => void;
  /** Grows with every end; null where it has not ended. */
  endedAs: number | null;
}

/** What is to be saved, before its job is made. */
type Order = Omit<Entry, 'job' | 'endedAs'>;

/** Makes the service; no user is signed in yet. */
export function createSavingService(options: SavingOptions): SavingService {
  const { clock, random, files, dialogs, media, details, list, timeZone, removals } = options;
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
  let asking = false;
  let disposed = false;

  const show = createSavesView();
  let view: SavesView | null = null;
  let planned: Disposable | null = null;
  let tidying: Disposable | null = null;
  let dropping: Disposable | null = null;
  let resting: Disposable | null = null;
  let changedMeanwhile = false;

  /** A list or a package is soon asked for again; recordings go on after a restart. */
  const remember = (): void => {
    planned?.dispose();
    planned = null;
    if (disposed || scope === '') return;
    remembered.put(
      scope,
      entries.flatMap(({ job, recordingId, folder, template }) => {
        if (recordingId === null || template === null) return [];
        const { status } = job.view();
        if (status === 'done' || status === 'cancelled') return [];
        const save = { recordingId, folder, template, paused: job.isHeld() };
        const error = job.failure();
        if (error === null) return [save];
        if (isFileCode(error.code)) return [{ ...save, failed: error.code }];
        // What the server has refused it would refuse again, and count as another download.
        return isTransient(error) || error.code === 'signed-out' ? [save] : [];
      }),
    );
  };

  /** Very soon: what is done must not be done once more after a crash. Where many end at once, once for all. */
  const planToRemember = (): void => {
    if (!disposed) planned ??= clock.schedule(0, remember);
  };

  /** The part file of a failed save stays as long as the save can be retried. */
  const removeAbandonedFiles = (): void => {
    const mayGoOn = ({ job }: Entry): boolean =>
      job.view().status !== 'cancelled' || removals.isHidden('saves', job.id);
    const ids = new Set(session === null ? [] : entries.filter(mayGoOn).map(({ job }) => job.id));
    void abandonedFiles.prune((jobId) => ids.has(jobId));
  };

  /** Where many end at once, once for all: each time the whole queue is looked through. */
  const planToTidy = (): void => {
    if (disposed) return;
    tidying ??= clock.schedule(0, () => {
      tidying = null;
      removeAbandonedFiles();
    });
  };

  const tell = (): void => {
    changedMeanwhile = false;
    resting = clock.schedule(restMs, () => {
      resting = null;
      if (changedMeanwhile) tell();
    });
    emitter.emit();
  };

  /** Saves by the cancelling that set them aside and can still be undone, oldest first. */
  const aside = new Map<Job, object>();
  /** What is cancelled keeps its connection for an undo, unless it is needed elsewhere: the light must never wait. */
  const spareConnections = (): void => {
    if (aside.size === 0) return;
    let open = entries.filter(({ job }) => job.isConnected()).length;
    for (const job of aside.keys()) {
      if (open <= maxAtOnce + 1) break;
      if (!job.isAside() || !job.isConnected()) continue;
      open -= 1;
      job.letGo();
    }
  };

  const changed = (): void => {
    view = null;
    if (disposed) return;
    spareConnections();
    if (resting === null) tell();
    else changedMeanwhile = true;
  };

  /** Ended saves that the user does not clear must not fill memory and disk; one that can still be undone is not ended. */
  const dropSurplus = (): void => {
    const ended = entries.filter(({ job }) => !aside.has(job));
    const surplus = surplusSaves(
      ended.map(({ job, endedAs }) => ({ id: job.id, status: job.view().status, endedAs })),
    );
    if (surplus.size === 0) return;
    entries = entries.filter(({ job }) => !surplus.has(job.id));
    remember();
    removeAbandonedFiles();
    changed();
  };

  /** Where many end at once, once for all: each time the whole queue is looked through. */
  const planToDrop = (): void => {
    if (disposed) return;
    dropping ??= clock.schedule(0, () => {
      dropping = null;
      dropSurplus();
    });
  };

  const signedOut: CodedError = { code: 'signed-out', operation: 'file', detail: {} };

  const begin = ({ before, ...order }: Order, id: string): Entry => {
    const { kind, recordingId, fileName } = order;
    const job = createJob({ id, kind, recordingId, fileName, clock, slots, changed });
    const entry: Entry = { ...order, job, endedAs: null };
    before?.(job);
    void job
      .run((work) => {
        if (session === null) return Promise.resolve({ ok: false, error: signedOut });
        return order.work(work, { api: session.api, media, random, retryDelaysMs });
      })
      .then(() => {
        lastEnd += 1;
        entry.endedAs = lastEnd;
        planToRemember();
        planToDrop();
        if (job.view().status === 'cancelled') planToTidy();
      });
    return entry;
  };

  const add = (added: readonly Order[]): void => {
    // Not awaited: what is swept has other names than what is begun.
    for (const folder of new Set(added.map((entry) => entry.folder))) void files.sweep(folder);
    entries = [
      ...entries,
      ...added.map((entry) => {
        lastId += 1;
        return begin(entry, `save-${lastId}`);
      }),
    ];
    remember();
    changed();
  };

  const queue = (added: readonly Order[]): Result<QueuedSaves> => {
    for (const folder of new Set(added.map((entry) => entry.folder))) options.folderChosen(folder);
    add(added);
    return succeed({ queued: added.length });
  };

  /** What a failed save leaves to its next attempt. */
  const remainsOf = (job: JobWork): Remains => ({
    begun: () => abandonedFiles.take(job.id),
    leave: async (arrival) => {
      await abandonedFiles.put(job.id, arrival);
      removeAbandonedFiles();
    },
  });

  /** What a file will most likely be called: the details, which decide, may not be had. */
  const likelyName = (recordingId: string, template: string): string | null => {
    const known = options.summary(recordingId);
    return known === null ? null : recordingFileName(template, known, '.mp3', timeZone);
  };

  const recordingEntry = (
    order: Pick<SaveOrder, 'recordingId' | 'folder' | 'template' | 'details'> & {
      /** Where the user has chosen it. */
      readonly fileName: string | null;
    },
  ): Order => ({
    kind: 'recording',
    recordingId: order.recordingId,
    folder: order.folder,
    fileName: order.fileName ?? likelyName(order.recordingId, order.template),
    template: order.template,
    work: (job, services) =>
      saveRecording(job, { ...services, details, files, timeZone }, { ...order, ...remainsOf(job) }),
  });

  /** One dialog at a time, for someone who is signed in before and after it. */
  const ask = async (
    count: number,
    question: (asked: SavingSession) => Promise<Result<QueuedSaves>>,
  ): Promise<Result<QueuedSaves>> => {
    if (session === null) return fail('signed-out', 'file');
    const unfinished = entries.filter(({ job }) => !job.isEnded()).length;
    if (asking || unfinished + count > maxQueueLength) return fail('busy', 'file');
    asking = true;
    try {
      return await question(session);
    } finally {
      asking = false;
    }
  };

  const nothing = (): Result<QueuedSaves> => succeed({ queued: 0 });
  const gone = (asked: SavingSession): boolean => session !== asked || disposed;

  const chooseFile = (
    kinds: readonly SaveFileKind[],
    title: string,
    suggested: string,
  ): Promise<SaveTarget | null> =>
    dialogs.chooseFile({
      title,
      kinds: kinds.map((kind) => ({ kind, name: savingText(`kind-${kind}`) })),
      suggested,
      folder: options.settings().folder,
    });

  const saveOne = async (asked: SavingSession, recordingId: string): Promise<Result<QueuedSaves>> => {
    const { template } = options.settings();
    // Before the dialog: the name is made of them.
    const known = await details(recordingId);
    if (!known.ok) return known;
    if (gone(asked)) return fail('signed-out', 'file');
    const suggested = recordingFileName(template, summaryOf(known.value), '.mp3', timeZone);
    const target = await chooseFile(['mp3'], savingText('choose-recording'), suggested);
    if (target === null) return nothing();
    if (gone(asked)) return fail('signed-out', 'file');
    return queue([recordingEntry({ recordingId, ...target, template, details: known.value })]);
  };

  const saveMany = async (asked: SavingSession, ids: readonly string[]): Promise<Result<QueuedSaves>> => {
    const { template, folder: former } = options.settings();
    const folder = await dialogs.chooseFolder({
      title: savingText('choose-folder', { count: ids.length }),
      button: savingText('save-here'),
      folder: former,
    });
    if (folder === null) return nothing();
    if (gone(asked)) return fail('signed-out', 'file');
    return queue(
      ids.map((recordingId) =>
        recordingEntry({ recordingId, folder, fileName: null, template, details: null }),
      ),
    );
  };

  const unique = (ids: readonly string[]): readonly string[] => [
    ...new Set(ids.map((id) => id.toLowerCase())),
  ];

  /** Does it to one job, or to all; says so where there is none to which it can be done. */
  const each = (choice: SaveChoice, action: (job: Job) => Result<null>): Result<null> => {
    const chosen = entries.filter(({ job }) => choice.jobId === undefined || job.id === choice.jobId);
    const results = chosen.map(({ job }) => action(job));
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

  const cancel = (choice: SaveChoice): Result<null> => {
    const chosen = entries.filter(({ job }) => choice.jobId === undefined || job.id === choice.jobId);
    const jobs = chosen.flatMap(({ job }) => (job.setAside().ok ? [job] : []));
    if (jobs.length === 0) return fail('not-possible-now', 'file');
    const cancelling = {};
    for (const job of jobs) {
      aside.delete(job);
      aside.set(job, cancelling);
    }
    /** What this has set aside, and nothing else since. All at once: the rest is looked through with every change. */
    const take = (): ReadonlySet<Job> => {
      const own = new Set(jobs.filter((job) => aside.get(job) === cancelling));
      for (const job of own) aside.delete(job);
      return own;
    };
    removals.begin({
      kind: 'saves',
      ids: jobs.map(({ id }) => id),
      recordingId: null,
      carryOut: () => {
        for (const job of take()) if (job.isAside()) job.cancel();
        planToDrop();
        // After this they cannot be undone: what had arrived of those that had ended goes, too.
        planToTidy();
      },
      undo: () => {
        const own = take();
        entries = entries.map((entry) =>
          own.has(entry.job) && entry.job.view().status === 'cancelled' ? again(entry) : entry,
        );
        planToRemember();
        changed();
      },
    });
    planToRemember();
    changed();
    return succeed(null);
  };

  const abandonAll = (): void => {
    for (const { job } of entries) job.abandon(signedOut);
  };

  /**
   * Begins what a former run has left to do, what was being saved when somebody else came, and what the file told only
   * now: all that is remembered and not queued.
   */
  const restore = (): void => {
    const keyOf = ({ recordingId, folder }: Pick<Entry, 'recordingId' | 'folder'>): string =>
      `${recordingId} ${folder}`;
    const queued = new Set(entries.map(keyOf));
    const left = remembered.get(scope).filter((save) => !queued.has(keyOf(save)));
    if (left.length === 0) return;
    add(
      left.map(({ paused, failed, ...save }) => ({
        ...recordingEntry({ ...save, fileName: null, details: null }),
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
    if (planned !== null) remember();
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

    saveRecordings: ({ ids }) => {
      const wanted = unique(ids);
      return ask(wanted.length, (asked) => {
        const [first] = wanted;
        return first !== undefined && wanted.length === 1 ? saveOne(asked, first) : saveMany(asked, wanted);
      });
    },

    exportList: (query) =>
      ask(1, async (asked) => {
        const stem = savingText('list-name', { moment: fileMoment(clock.wallNow(), timeZone) });
        const target = await chooseFile(
          ['csv', 'xlsx'],
          savingText('choose-list'),
          safeFileName(stem, '.csv'),
        );
        if (target === null) return nothing();
        if (gone(asked)) return fail('signed-out', 'file');
        const { folder, fileName } = target;
        return queue([
          {
            kind: 'list',
            template: null,
            recordingId: null,
            folder,
            fileName,
            work: (job, services) =>
              exportList(
                job,
                {
                  ...services,
                  list,
                  files,
                  timeZone,
                  makeWorkbook: options.makeWorkbook,
                  locale: options.locale(),
                },
                { query, ownerUsername: asked.username, folder, fileName, ...remainsOf(job) },
              ),
          },
        ]);
      }),

    saveEvidence: ({ ids }) =>
      ask(1, async (asked) => {
        const recordingIds = unique(ids);
        const stem = savingText('evidence-name', { moment: fileMoment(clock.wallNow(), timeZone) });
        const target = await chooseFile(['zip'], savingText('choose-evidence'), safeFileName(stem, '.zip'));
        if (target === null) return nothing();
        if (gone(asked)) return fail('signed-out', 'file');
        const { folder, fileName } = target;
        const { template } = options.settings();
        const { makeArchive, print, digest, appVersion } = options;
        const { serverAddress, username } = asked;
        return queue([
          {
            kind: 'evidence',
            template: null,
            recordingId: null,
            folder,
            fileName,
            work: (job, services) => {
              const origin = { serverAddress, username, appVersion, createdAt: clock.wallNow() };
              return saveEvidence(
                job,
                { ...services, details, files, timeZone, makeArchive, print, digest },
                { recordingIds, folder, fileName, template, origin, ...remainsOf(job) },
              );
            },
          },
        ]);
      }),

    pause: (choice) =>
      each(choice, (job) => {
        const paused = job.pause();
        if (paused.ok) holdOne(job);
        planToRemember();
        return paused;
      }),
    resume: (choice) => {
      planToRemember();
      return each(choice, (job) => job.resume());
    },
    cancel,
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
      remember();
      changed();
      return begun > 0 ? succeed(null) : fail('not-possible-now', 'file');
    },
    clearFinished: () => {
      removals.carryOut('saves');
      const ended: readonly SaveStatus[] = ['done', 'failed', 'cancelled'];
      entries = entries.filter(({ job }) => !ended.includes(job.view().status));
      remember();
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
      remember();
      readLate.dispose();
      disposed = true;
      resting?.dispose();
      tidying?.dispose();
      dropping?.dispose();
      abandonAll();
      files.dispose();
    },
  };
}
