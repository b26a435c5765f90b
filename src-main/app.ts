import type { CommandLineRequest } from './core/desktop/command-line';
import { attempt } from './core/lib/attempt';
import { createAttention } from './core/desktop/attention';
import { documentWarning } from './core/desktop/document-warning';
import { createEnvironment } from './core/desktop/environment';
import { planStart, requestsOfSecondStart } from './core/desktop/start-requests';
import { createTrayRefresh } from './core/desktop/tray-refresh';
import { createDesktopRequests } from './core/desktop/requests';
import { openDocuments } from './core/documents';
import { createHotkeysService } from './core/desktop/hotkeys';
import { createWindowRequests } from './core/desktop/window-requests';
import { createSavingService } from './core/saving/service';
import { createMediaLibrary } from './core/media/library';
import { createProgressFeed } from './core/media/progress-feed';
import { noticeFor } from './core/desktop/notifications';
import type { AppPorts } from './core/ports/app';
import type { Disposable } from './core/ports/clock';
import type { Notifier, TrayPort, WindowPort } from './core/ports/desktop';
import { loadPolicy } from './core/settings/policy-file';
import { recorderPolicyOf } from './core/settings/recorder-policy';
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
import { createVerifier } from './core/media/verify';
import { createSounds } from './core/desktop/sounds';
import { createWarnings } from './core/desktop/warnings';
import { createWindowCommands } from './core/window-commands';

/** A running RecLight. */
export interface App extends Disposable {
  /** Reads policy and settings; does not use the desktop yet. */
  load(argv: readonly string[]): Promise<void>;
  /** Shows tray and window, then signs in if the user asked to be remembered; after `load`. */
  start(argv: readonly string[]): Promise<void>;
  /** Resolves when everything that must survive a restart is written. */
  settled(): Promise<void>;
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
  const progress = own(
    createProgressFeed({
      clock,
      log,
      media,
      isVisible: () => windows?.isVisible() === true,
      send: (followed) => windows?.sendProgress(followed),
    }),
  );
  let notifier: Notifier | null = null;
  let marksRevision = 1;
  const markDirty = (): void => {
    state.markDirty();
  };
  const environment = createEnvironment(ports.environment, markDirty);
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
    environment: () => environment.view(),
    warnings: () => warnings.view(),
    intent: () => windowRequests.view(),
    cue: () => sounds.view(),
  });

  let tray: TrayPort | null = null;
  const trayRefresh = createTrayRefresh(
    clock,
    () => tray,
    () => state.snapshot(),
  );

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

  const attention = createAttention({ clock, recorder, recordings, hotkeys });

  const applySettings = createSettingsApplier(
    [
      applies(recorderPolicyOf, (policy) => recorder.setPolicy(policy)),
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

  function showWindows(): WindowPort {
    const port = ports.windows(
      () => settings.current(),
      (place) => void settings.setWindowPlace(place),
    );
    own(
      port.onVisibilityChange(() => {
        attention.windowChanged(port);
        if (port.isVisible()) progress.refresh();
      }),
    );
    own(port.onPageGone(progress.stop));
    return own(port);
  }

  function listen(): void {
    const system = own(ports.system());
    own(
      ports.onTrayHost((isThere) => {
        environment.setTray(isThere);
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
        obey(requestsOfSecondStart(argv));
      }),
    );
    own(
      state.onSnapshot((snapshot) => {
        windows?.broadcast(snapshot);
        trayRefresh.refresh();
      }),
    );
  }

  return {
    load: async (argv) => {
      await loadPolicy(argv, {
        read: ports.readPolicy,
        apply: (policy) => {
          settings.setPolicy(policy);
        },
        invalid: (field) => {
          warnings.add('policy-invalid', field);
        },
        log,
      });
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
      own(tray.onLook(attention.look));
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
            progress,
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
      const plan = planStart(argv, settings.current());
      if (plan.showsWindow) windows.show();
      else windows.prepare();
      // The page loads in its own process while the menu is built.
      trayRefresh.refresh();

      // Signing in loads the network stack, so the window is painted first.
      await windows.painted();
      await recorder.load();
      const savesLoaded = loadSaves();
      await session.restore();
      obey(plan.requests);
      await Promise.all([
        savesLoaded,
        ports.hasTray().then(environment.setTray),
        ports
          .connector()
          .then((connector) => connector.keychainAvailable())
          .then(environment.setKeychain),
      ]);
    },
    settled: async () => {
      await Promise.all([recorder.settled(), session.settled(), settings.settled(), keep.settled()]);
    },
    dispose: () => {
      // The documents come last: they write what must survive a restart.
      const services = [recorder, hotkeys, keep, media, session, state, ...Object.values(documents)];
      for (const thing of [removals, trayRefresh, ...owned.reverse(), ...services]) {
        attempt(log, 'ending a part', () => {
          thing.dispose();
        });
      }
      owned.length = 0;
    },
  };
}
