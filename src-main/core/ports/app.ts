import type { Settings } from '@shared/ipc/settings';
import type { EnvironmentView } from '@shared/ipc/snapshot';
import type { DocumentFiles } from '../documents';
import type { MediaLibrary } from '../media/library';
import type { WindowCommands } from '../window-commands';
import type { Connector } from './api';
import type { Clock, Disposable, Random } from './clock';
import type {
  DesktopPort,
  HotkeyRegistrar,
  Log,
  NoticeAction,
  Notifier,
  SystemEvents,
  TrayPort,
  WindowPort,
} from './desktop';
import type { StartDigest } from './files';
import type { ArchiveMaker, Digest, PagePrinter, SaveDialogs, SaveFiles, WorkbookMaker } from './saving';

/** Everything that RecLight needs from outside. */
export interface AppPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly connector: () => Promise<Connector>;
  readonly documents: DocumentFiles;
  readonly hotkeys: HotkeyRegistrar;
  /** `pressed` is called with the action of a pressed notice. */
  readonly notifier: (pressed: (action: NoticeAction) => void) => Notifier;
  readonly tray: () => TrayPort;
  /** Gets the settings, because they hold the window's position. */
  readonly windows: (
    settings: () => Settings,
    placed: (place: NonNullable<Settings['window']>) => void,
  ) => WindowPort;
  readonly system: () => SystemEvents;
  readonly desktop: DesktopPort;
  /** Where recordings are saved, and what writes the files. */
  readonly keep: {
    readonly files: SaveFiles;
    readonly dialogs: SaveDialogs;
    readonly makeArchive: ArchiveMaker;
    readonly makeWorkbook: WorkbookMaker;
    readonly print: PagePrinter;
    readonly digest: Digest;
  };
  readonly startDigest: StartDigest;
  /** The text of the administrator's policy file; null if it cannot be read. */
  readonly readPolicy: (path: string) => Promise<string | null>;
  readonly environment: Omit<EnvironmentView, 'hasKeychain' | 'hasTray'>;
  /** Whether the desktop shows our tray icon. */
  readonly hasTray: () => Promise<boolean>;
  /** Calls the listener when a tray host starts or ends on this desktop. */
  readonly onTrayHost: (listener: (isThere: boolean) => void) => Disposable;
  /** Starts to answer requests of windows. */
  readonly serve: (commands: WindowCommands, media: MediaLibrary) => Disposable;
}
