import { assertNever } from '@shared/assert-never';
import type { Settings } from '@shared/ipc/settings';
import type { EnvironmentView, WarningView } from '@shared/ipc/snapshot';
import type { CommandLineRequest } from './core/desktop/command-line';
import { attempt } from './core/lib/attempt';
import { parseCommandLine } from './core/desktop/command-line';
import { createDesktopRequests } from './core/desktop/requests';
import type { DocumentTrouble } from './core/lib/document-store';
import type { DocumentFiles } from './core/documents';
import { documentKinds, openDocuments } from './core/documents';
import { createHotkeysService } from './core/desktop/hotkeys';
import { createWindowRequests } from './core/desktop/window-requests';
import type {
  ArchiveMaker,
  Digest,
  SaveDialogs,
  SaveFiles,
  PagePrinter,
  WorkbookMaker,
} from './core/ports/saving';
import { createSavingService } from './core/saving/service';
import type { MediaLibrary } from './core/media/library';
import { createMediaLibrary } from './core/media/library';
import { noticeFor } from './core/desktop/notifications';
import type { Connector } from './core/ports/api';
import type { Clock, Disposable, Random } from './core/ports/clock';
import type {
  DesktopPort,
  HotkeyRegistrar,
  Log,
  NoticeAction,
  Notifier,
  SystemEvents,
  TrayPort,
  WindowPort,
} from './core/ports/desktop';
import type { StartDigest } from './core/ports/files';
import { parsePolicy, policyPathOf } from './core/settings/policy';
import type { RecorderPolicy } from './core/recorder/contract';
import { withoutDismissed } from './core/recorder/dismissal';
import { createMarkCommands } from './core/marks/commands';
import { createRecorderService } from './core/recorder/service';
import { createOutageWatch } from './core/recordings/outage';
import { createRecordingsService } from './core/recordings/service';
import { createRemovals } from './core/removals';
import { createSessionService } from './core/account/session';
import { createSessionFollowers } from './core/account/session-followers';
import { createSettingsService } from './core/settings/service';
import { applies, createSettingsApplier } from './core/settings/apply';
import { createState } from './core/state';
import { trayModel } from './core/desktop/tray-model';
import { createVerifier } from './core/media/verify';
import { createSounds } from './core/desktop/sounds';
import { createWarnings } from './core/desktop/warnings';
import type { WindowCommands } from './core/window-commands';
import { createWindowCommands } from './core/window-commands';

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

/** A running RecLight. */
export interface App extends Disposable {
  /** Reads policy and settings; does not use the desktop yet. */
  load(argv: readonly string[]): Promise<void>;
  /** Shows tray and window, then signs in if the user asked to be remembered; after `load`. */
  start(argv: readonly string[]): Promise<void>;
  /** Resolves when everything that must survive a restart is written. */
  settled(): Promise<void>;
}

function policyOf({ polling, recording }: Settings): RecorderPolicy {
  return {
    ...polling,
    waitMs: recording.waitMinutes * 60_000,
    autoResumeMs: recording.autoResumeSeconds === null ? null : recording.autoResumeSeconds * 1_000,
  };
}

/** The warning for a problem with one of our files: settings have warnings of their own. */
function documentWarning(trouble: DocumentTrouble, name: string): WarningView['kind'] {
  const isSettings = name === documentKinds.settings.name;
  switch (trouble) {
    case 'unreadable':
      return 'file-unreadable';
    case 'newer':
      return 'file-newer';
    case 'damaged':
      return isSettings ? 'settings-damaged' : 'state-damaged';
    case 'unwritable':
      return isSettings ? 'settings-unwritable' : 'state-unwritable';
    default:
      return assertNever(trouble);
  }
}

const bytesPerMegabyte = 1_000_000;

/** Puts RecLight together; starts nothing. */
export function createApp(ports: AppPorts): App {
  const { clock, random, log, desktop } = ports;
  const owned: Disposable[] = [];
  const own = <Thing extends Disposable>(thing: Thing): Thing => {
    owned.push(thing);
    return thing;
  };

  const warnings = createWarnings(() => {
    markDirty();
  });
  const documents = openDocuments(ports.documents, {
    clock,
    log,
    trouble: (trouble, name, keptAs) => {
      warnings.add(documentWarning(trouble, name), keptAs ?? name);
    },
    solved: (trouble, name) => {
      warnings.remove(documentWarning(trouble, name), name);
    },
  });
  const settings = createSettingsService(documents.settings, log, ports.environment.platform === 'darwin');
  const session = createSessionService({
    connector: ports.connector,
    settings,
    clock,
    log,
    refusedCredentialsFile: documents.latch,
  });
  const recorder = createRecorderService({
    clock,
    random,
    log,
    stateFile: documents.recorder,
    marksFile: documents.marks,
  });
  const recordings = createRecordingsService(clock, log);
  const removals = createRemovals(clock, log);
  const media = createMediaLibrary(clock, settings.current().player.cacheMegabytes * bytesPerMegabyte);

  const keep = createSavingService({
    ...ports.keep,
    clock,
    random,
    log,
    queueFile: documents.saves,
    removals,
    media,
    // An evidence file must not contain stale details, so the server is asked again.
    details: (id) => recordings.details(id, true),
    summary: (id) => recordings.summary(id),
    list: (query) => recordings.list(query),
    settings: () => settings.current().keep,
    folderChosen: (folder) => void settings.setSaveFolder(folder),
    appVersion: ports.environment.appVersion,
    locale: () => ports.environment.locale,
  });

  const verify = createVerifier({
    media,
    details: (id) => recordings.details(id),
    startDigest: ports.startDigest,
    clock,
  });

  let windows: WindowPort | null = null;
  let notifier: Notifier | null = null;
  let marksRevision = 1;
  let hasKeychain = true;
  let hasTray = true;
  const markDirty = (): void => {
    state.markDirty();
  };
  const windowRequests = createWindowRequests(markDirty);
  const sounds = createSounds(() => settings.current().notifications.sounds, markDirty);
  const requests = createDesktopRequests({
    recorder,
    recordings,
    windowRequests,
    desktop,
    windows: () => windows,
  });
  const hotkeys = createHotkeysService(
    ports.hotkeys,
    (action) => {
      requests.hotkey(action);
    },
    markDirty,
  );
  const state = createState(clock, log, {
    session: () => session.view(),
    recorder: () => withoutDismissed(recorder.view(), removals),
    hotkeys: () => hotkeys.view(),
    settings: () => settings.current(),
    managedSettings: () => settings.managed(),
    recordings: () => recordings.view(),
    marks: () => ({ revision: marksRevision }),
    keep: () => keep.view(),
    removals: () => removals.view(),
    environment: () => ({ ...ports.environment, hasKeychain, hasTray }),
    warnings: () => warnings.view(),
    intent: () => windowRequests.view(),
    cue: () => sounds.view(),
  });

  let tray: TrayPort | null = null;
  let tooltipTick: Disposable | null = null;

  function showTray(): void {
    if (tray === null) return;
    const model = trayModel(state.snapshot());
    tray.show(model);
    tooltipTick?.dispose();
    tooltipTick = model.nextChangeMs === null ? null : clock.schedule(model.nextChangeMs, showTray);
  }

  function obey(commandLine: readonly CommandLineRequest[]): void {
    for (const request of commandLine) requests.commandLine(request);
  }

  const followers = createSessionFollowers({
    session,
    line: () => settings.current().line,
    recorder,
    recordings,
    media,
    saving: keep,
    dropPrevious: () => {
      // The previous user cannot undo any more, so their removals become final.
      removals.carryOut();
      notifier?.clear();
      windowRequests.clear();
    },
  });

  /** Reads the unfinished saves of an earlier run; in parallel, because the light does not wait for them. */
  async function loadSaves(): Promise<void> {
    await keep.load();
    followers.savesLoaded();
    void keep.sweep();
  }

  /**
   * The user is about to look: polls at once, before any list, if the state is uncertain and no poll is in flight. A
   * `Retry-After` of the server is respected.
   */
  function lookedAt(): void {
    const { status, nextTryMono, unknown } = recorder.view();
    const isUncertain = status === 'unknown' || status === 'connecting';
    const isPlanned = nextTryMono !== null && nextTryMono > clock.monotonicNow();
    const mustWait = unknown?.error?.detail.retryAfterMs !== undefined;
    if (isUncertain && isPlanned && !mustWait) recorder.tryNow();
    recordings.look();
  }

  async function lookForTray(): Promise<void> {
    hasTray = await ports.hasTray();
    markDirty();
  }

  async function lookForKeychain(): Promise<void> {
    hasKeychain = await (await ports.connector()).keychainAvailable();
    markDirty();
  }

  const applySettings = createSettingsApplier(
    [
      applies(policyOf, (policy) => recorder.setPolicy(policy)),
      applies(
        ({ hotkeys: keys }) => keys,
        (keys) => hotkeys.apply(keys),
      ),
      applies(
        ({ player }) => player.cacheMegabytes,
        (megabytes) => media.setLimit(megabytes * bytesPerMegabyte),
      ),
      applies(
        ({ appearance }) => appearance.theme,
        (theme) => desktop.setTheme(theme),
      ),
      applies(
        ({ appearance }) => appearance.startAtLogin,
        (atLogin) => desktop.setStartAtLogin(atLogin),
      ),
      applies(({ line }) => line, followers.update),
      applies((settings) => settings, markDirty),
    ],
    log,
  );

  const watchOutage = createOutageWatch({
    expire: () => {
      recordings.expire();
    },
    look: () => {
      recordings.look();
    },
    isWindowVisible: () => windows?.isVisible() === true,
  });

  async function loadPolicy(argv: readonly string[]): Promise<void> {
    const path = policyPathOf(argv);
    if (path === null) return;
    const loaded = parsePolicy(await ports.readPolicy(path));
    if (loaded.ok) {
      settings.setPolicy(loaded.policy);
      return;
    }
    log.write('error', 'the policy is not valid and is not applied', { field: loaded.field });
    warnings.add('policy-invalid', loaded.field === '' ? undefined : loaded.field);
  }

  function showWindows(): WindowPort {
    const port = ports.windows(
      () => settings.current(),
      (place) => void settings.setWindowPlace(place),
    );
    let wasFocused = false;
    own(
      port.onVisibilityChange(() => {
        const isFocused = port.isFocused();
        // Only when the user turns to RecLight: a shortcut must not be taken from another program at a random moment.
        if (isFocused && !wasFocused) hotkeys.retry();
        wasFocused = isFocused;
        recorder.setWindowVisible(port.isVisible());
        if (!port.isVisible()) return;
        lookedAt();
      }),
    );
    return own(port);
  }

  function listen(): void {
    const system = own(ports.system());
    own(
      ports.onTrayHost((isThere) => {
        hasTray = isThere;
        markDirty();
      }),
    );
    own(session.onChange(() => (followers.update(), markDirty())));
    own(session.onKeychainTrouble((trouble) => warnings.add(trouble)));
    own(settings.onChange(applySettings));
    own(
      recorder.onChange(() => {
        watchOutage(recorder.view().status);
        markDirty();
      }),
    );
    own(recorder.onRecordingsChanged(() => recordings.invalidate()));
    own(recordings.onChange(markDirty));
    own(
      recorder.marks.onChange(() => {
        marksRevision += 1;
        markDirty();
      }),
    );
    own(keep.onChange(markDirty));
    own(removals.onChange(markDirty));
    own(
      recorder.onNotice((notice) => {
        sounds.play(notice);
        const shown = noticeFor(notice, settings.current().notifications, {
          windowFocused: windows?.isFocused() ?? false,
          locale: ports.environment.locale,
          now: clock.wallNow(),
        });
        if (shown !== null) notifier?.show(shown);
      }),
    );
    own(system.onSuspend(() => recorder.suspend()));
    own(
      system.onResume(() => {
        // The password may have changed during sleep: one small request checks it.
        session.current()?.api.expireProof();
        recorder.resume();
      }),
    );
    own(
      system.onWake(() => {
        recorder.pollSoon();
      }),
    );
    own(
      system.onCommandLine((argv) => {
        // A second start without a request shows the running RecLight.
        const asked = parseCommandLine(argv);
        if (asked.length === 0) windows?.show();
        obey(asked);
      }),
    );
    own(
      state.onSnapshot((snapshot) => {
        windows?.broadcast(snapshot);
        showTray();
      }),
    );
  }

  return {
    load: async (argv) => {
      await loadPolicy(argv);
      await settings.load();
    },
    start: async (argv) => {
      tray = own(ports.tray());
      own(
        tray.onCommand((command) => {
          requests.tray(command);
        }),
      );
      own(tray.onToggle(() => windows?.toggle()));
      own(tray.onLook(lookedAt));
      notifier = own(
        ports.notifier((action) => {
          requests.notice(action);
        }),
      );
      windows = showWindows();
      own(
        ports.serve(
          createWindowCommands({
            state,
            session,
            recorder,
            recordings,
            media,
            verify,
            marks: createMarkCommands(recorder.marks, removals),
            keep,
            removals,
            settings,
            hotkeys,
            warnings,
            windowRequests,
            windows,
            desktop,
            log,
          }),
          media,
        ),
      );
      listen();
      applySettings(settings.current());
      const { account, appearance } = settings.current();
      const asked = parseCommandLine(argv);
      const hidden = asked.includes('hide');
      // The tray shows nothing useful to a user who is not signed in.
      const wanted = appearance.showAtStart || !account.remember || asked.includes('show');
      if (!hidden && wanted) windows.show();
      else windows.prepare();
      // The page loads in its own process while the menu is built.
      showTray();

      // Signing in loads the network stack, so the window is painted first.
      await windows.painted();
      await recorder.load();
      const savesLoaded = loadSaves();
      await session.restore();
      // `show` and `hide` were obeyed above, and the user may have changed that since.
      obey(asked.filter((request) => request !== 'show' && request !== 'hide'));
      await Promise.all([savesLoaded, lookForTray(), lookForKeychain()]);
    },
    settled: async () => {
      await Promise.all([recorder.settled(), session.settled(), settings.settled(), keep.settled()]);
    },
    dispose: () => {
      // The documents come last: they write what must survive a restart.
      const services = [recorder, hotkeys, keep, media, session, state, ...Object.values(documents)];
      for (const thing of [removals, tooltipTick, ...owned.reverse(), ...services]) {
        attempt(log, 'ending a part', () => thing?.dispose());
      }
      owned.length = 0;
    },
  };
}
