import type { Result } from '@shared/domain/errors';
import type { RecordingDetails, RecordingsPage, RecordingSummary } from '@shared/domain/recording';
import type { SavesView, QueuedSaves } from '@shared/domain/saves';
import type { ChannelArguments } from '@shared/ipc/contract';
import type { OpenDocument } from '../lib/document-store';
import type { Clock, Disposable, Random } from '../ports/clock';
import type { Log } from '../ports/desktop';
import type { RecorderApi } from '../ports/api';
import type { Removals } from '../removals';
import type {
  ArchiveMaker,
  Digest,
  SaveDialogs,
  SaveFiles,
  PagePrinter,
  WorkbookMaker,
} from '../ports/saving';
import type { Queues } from './queue-file';
import type { MediaMemory } from './transfer';

/** Whose recordings are kept, and over which connection. */
export interface SavingSession {
  readonly api: RecorderApi;
  readonly serverAddress: string;
  readonly username: string;
}

/** What keeping recordings needs. */
export interface SavingOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: SaveFiles;
  /** What was cancelled can be undone for a moment. */
  readonly removals: Removals;
  /** What is left to do over a restart. */
  readonly queueFile: OpenDocument<Queues>;
  readonly log: Log;
  readonly dialogs: SaveDialogs;
  readonly makeArchive: ArchiveMaker;
  readonly makeWorkbook: WorkbookMaker;
  /** BCP 47; of the computer's region. */
  readonly locale: () => string;
  readonly print: PagePrinter;
  readonly digest: Digest;
  readonly media: MediaMemory;
  readonly details: (id: string) => Promise<Result<RecordingDetails>>;
  /** What is known of a recording without asking the server; null: nothing. */
  readonly summary: (id: string) => RecordingSummary | null;
  readonly list: (query: ChannelArguments<'listRecordings'>) => Promise<Result<RecordingsPage>>;
  /** The settings' group: the template of names, and the folder that was chosen last. */
  readonly settings: () => { readonly template: string; readonly folder: string | null };
  /** A folder was chosen. */
  readonly folderChosen: (folder: string) => void;
  readonly appVersion: string;
  /** IANA; the computer's own where left out. */
  readonly timeZone?: string;
  /** The waits before automatic attempts, ms. */
  readonly retryDelaysMs?: readonly number[];
}

/** Which save is meant; without an id all of which it can be said. */
export interface SaveChoice {
  readonly jobId?: string | undefined;
}

/**
 * *Save as…*, *Export list* and *Evidence package*: a queue that lives here and survives windows. Where files go is
 * asked in the OS's own dialogs; a window sends ids only.
 */
export interface SavingService extends Disposable {
  /** Reads what a former run has left to do; it goes on when the same account signs in. */
  load(): Promise<void>;
  /**
   * Null ends what runs with `signed-out`, removes what is half written, and hides the queue, whose files are named
   * after numbers. The same account finds its queue again, to try what failed once more; another one does not.
   */
  setSession(session: SavingSession | null): void;
  /** A user has left on purpose: the same as null, and their queue is forgotten, on the disk, too. */
  signOut(account: Pick<SavingSession, 'serverAddress' | 'username'>): void;
  /** `busy` while another dialog is open, or where the queue is full. */
  saveRecordings(args: ChannelArguments<'saveRecordings'>): Promise<Result<QueuedSaves>>;
  exportList(query: ChannelArguments<'exportList'>): Promise<Result<QueuedSaves>>;
  saveEvidence(args: ChannelArguments<'saveEvidence'>): Promise<Result<QueuedSaves>>;
  /** `not-possible-now` where there is nothing of which it can be said, here and below. */
  pause(choice: SaveChoice): Result<null>;
  resume(choice: SaveChoice): Result<null>;
  /**
   * Stops at once. What has arrived, and the connection, stay as long as it can be undone, so that undoing costs no
   * download; a connection that is needed elsewhere is let go.
   */
  cancel(choice: SaveChoice): Result<null>;
  /** Begins a cancelled save anew, and a failed one where it was cut. */
  retry(choice: SaveChoice): Result<null>;
  /** Forgets the saves that are done, failed or cancelled; their files stay. */
  clearFinished(): Result<null>;
  /** Shows a saved file in the OS's file manager. */
  showFile(choice: { readonly jobId: string }): Result<null>;
  view(): SavesView;
  /** At most four times a second. */
  onChange(listener: () => void): Disposable;
  /** Removes what a former run left half-written in the folder chosen last. */
  sweep(): Promise<void>;
  /** Resolves when all that must survive a restart is written. */
  settled(): Promise<void>;
}
