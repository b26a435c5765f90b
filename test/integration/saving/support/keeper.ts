import { succeed } from '@shared/domain/errors';
import type { SavesView, SaveJobView } from '@shared/domain/saves';
import type { SavingService } from '../../../../src-main/core/saving/contract';
import type { SaveDialogs, SaveTarget, PagePrinter } from '../../../../src-main/core/ports/saving';
import { savesDocument } from '../../../../src-main/core/saving/queue-file';
import { createSavingService } from '../../../../src-main/core/saving/service';
import type { MediaLibrary } from '../../../../src-main/core/media/library';
import { createMediaLibrary } from '../../../../src-main/core/media/library';
import type { Account } from '../../../../src-main/core/ports/api';
import { createRecordingsService } from '../../../../src-main/core/recordings/service';
import type { LoginGuard } from '../../../../src-main/core/account/login-guard';
import { createRemovals } from '../../../../src-main/core/removals';
import type { Removals } from '../../../../src-main/core/removals';
import { createLoginGuard } from '../../../../src-main/core/account/login-guard';
import { createApiClient } from '../../../../src-main/infra/api/client';
import { makeArchive } from '../../../../src-main/infra/files/archive';
import { sha256 } from '../../../../src-main/infra/files/digest';
import { createSaveFiles } from '../../../../src-main/infra/files/save-files';
import { makeWorkbook } from '../../../../src-main/infra/files/workbook';
import { createSystemClock } from '../../../../src-main/infra/system-clock';
import { MemoryFile, silentLog } from '../../../fixtures/memory-file';
import { openTestDocument } from '../../../fixtures/open-document';
import { seededRandom } from '../../../fixtures/virtual-clock';

/** Answers instead of a user: files and folders go where it is told. */
export interface PresetDialogs extends SaveDialogs {
  file: SaveTarget | null;
  folder: string | null;
  readonly shown: SaveTarget[];
  readonly suggested: string[];
}

/** Keeping recordings for real, over Node's network stack and file system. */
export interface Keeper {
  readonly keep: SavingService;
  readonly media: MediaLibrary;
  /** What was cancelled and can be undone. */
  readonly removals: Removals;
  readonly dialogs: PresetDialogs;
  /** The folder that was chosen last, as the settings would have it. */
  chosenFolder(): string | null;
  /** The session ends of itself, as after a 401. */
  loseSession(): void;
  /** The same account again. */
  signInAgain(): void;
  /** On purpose. */
  signOut(): void;
  /** Resolves when the view is as it should be. */
  until(look: (view: SavesView) => boolean): Promise<SavesView>;
  /** Resolves when nothing is under way any more. */
  ended(): Promise<SavesView>;
  job(id?: string): SaveJobView;
  dispose(): void;
}

/** How a keeper differs from the usual one. */
export interface KeeperOptions {
  readonly server: string;
  readonly account?: Pick<Account, 'username'> & { readonly password: string };
  readonly folder?: string | null;
  readonly retryDelaysMs?: readonly number[];
  readonly timeZone?: string;
  readonly locale?: string;
  readonly template?: string;
  readonly print?: PagePrinter;
  readonly seed?: number;
}

function presetDialogs(): PresetDialogs {
  const dialogs: PresetDialogs = {
    file: null,
    folder: null,
    shown: [],
    suggested: [],
    chooseFile: ({ suggested }) => {
      dialogs.suggested.push(suggested);
      return Promise.resolve(dialogs.file);
    },
    chooseFolder: () => Promise.resolve(dialogs.folder),
    showFile: (target) => {
      dialogs.shown.push(target);
    },
  };
  return dialogs;
}

/** A page that was "printed": no PDF, but bytes that have a hash. */
const plainPrinter: PagePrinter = (html) => Promise.resolve(succeed(new TextEncoder().encode(html)));

/** Makes a keeper who is signed in. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { username, password } = options.account ?? { username: 'anna.rossi', password: 'Anna-101-demo' };
  const clock = createSystemClock();
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const client = createApiClient({
    account: { serverAddress: options.server, username },
    authorization: () => authorization,
  });
  const gated = (): LoginGuard =>
    createLoginGuard({
      api: client,
      clock,
      onRefused: () => {
        loseSession();
      },
    });
  let api = gated();
  const recordings = createRecordingsService(clock, silentLog);
  const media = createMediaLibrary(clock, 128_000_000);
  const dialogs = presetDialogs();
  const removals = createRemovals(clock, silentLog);
  let folder = options.folder ?? null;
  const keep = createSavingService({
    clock,
    random: seededRandom(options.seed ?? 1),
    files: createSaveFiles(),
    queueFile: openTestDocument(savesDocument, new MemoryFile('saves.json'), clock),
    removals,
    log: silentLog,
    dialogs,
    makeArchive,
    makeWorkbook,
    locale: () => options.locale ?? 'en-GB',
    print: options.print ?? plainPrinter,
    digest: sha256,
    media,
    // As the app asks.
    details: (id) => recordings.details(id, true),
    summary: (id) => recordings.summary(id),
    list: (query) => recordings.list(query),
    settings: () => ({ template: options.template ?? '{start} {remote} {reference}', folder }),
    folderChosen: (chosen) => {
      folder = chosen;
    },
    appVersion: '0.1.0',
    timeZone: options.timeZone ?? 'Europe/Rome',
    retryDelaysMs: options.retryDelaysMs ?? [10, 20],
  });
  const begin = (): void => {
    recordings.setSession({ api, username });
    media.setApi(api);
    keep.setSession({ api, serverAddress: options.server, username });
  };
  const loseSession = (): void => {
    api.dispose();
    recordings.setSession(null);
    keep.setSession(null);
    media.setApi(null);
  };
  begin();

  const until: Keeper['until'] = (look) =>
    new Promise((resolve) => {
      const check = (): void => {
        const view = keep.view();
        if (!look(view)) return;
        listening.dispose();
        resolve(view);
      };
      const listening = keep.onChange(check);
      check();
    });

  return {
    keep,
    media,
    removals,
    dialogs,
    chosenFolder: () => folder,
    loseSession,
    signInAgain: () => {
      api = gated();
      begin();
    },
    signOut: () => {
      loseSession();
      keep.signOut({ serverAddress: options.server, username });
    },
    until,
    ended: () =>
      until(({ counts }) => counts.queued + counts.downloading + counts.paused + counts.verifying === 0),
    job: (id) => {
      const { jobs } = keep.view();
      const job = id === undefined ? jobs[0] : jobs.find((candidate) => candidate.id === id);
      if (job === undefined) throw new Error('There is no such save');
      return job;
    },
    dispose: () => {
      keep.dispose();
      media.dispose();
      client.dispose();
    },
  };
}
