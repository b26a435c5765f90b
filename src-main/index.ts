import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { app, protocol, session } from 'electron';

import { mediaScheme } from '@shared/domain/media';
import { createApp } from './app';
import { mapDocuments } from './core/documents';
import { usableLocale } from './core/desktop/locale';
import type { Connector } from './core/ports/api';
import { serveAppFiles } from './electron/app-protocol';
import { noteSelfSigned } from './electron/certificates';
import { createDesktop } from './electron/desktop';
import { createHotkeyRegistrar } from './electron/hotkeys';
import { serveIpc } from './electron/ipc';
import { createSaveDialogs } from './electron/save-dialogs';
import { serveMedia } from './electron/media-protocol';
import { createNetworkSessions } from './electron/network-sessions';
import type { NetworkSessions } from './electron/network-sessions';
import { createNotifier } from './electron/notifier';
import { appScheme, isOurMainFrame, pageAddress } from './electron/origin';
import { dropStrangeSwitches, lockDown, silenceChromium } from './electron/security';
import { createSummaryPrinter } from './electron/summary-pdf';
import { createSystemEvents, watchSecondStarts } from './electron/system-events';
import type { TrayIcon } from './electron/tray';
import { createTray } from './electron/tray';
import type { Windows } from './electron/windows';
import { createWindows } from './electron/windows';
import { createDocumentFile } from './infra/files/json-file';
import { sha256, startSha256 } from './infra/files/digest';
import { createSaveFiles } from './infra/files/save-files';
import { createLazyLog } from './infra/lazy-log';
import { loadOnce } from './infra/load-once';
import { forbidCoreDumps } from './infra/core-dumps';
import { createSystemClock } from './infra/system-clock';
import { createTrayPresence } from './infra/tray-presence';

function platform(): 'win32' | 'darwin' | 'linux' {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
}

/** Whether the desktop gives shortcuts through its portal only; also to a program that it runs in an X server of its own. */
function isWayland(): boolean {
  if (process.platform !== 'linux') return false;
  const { WAYLAND_DISPLAY, XDG_SESSION_TYPE } = process.env;
  const platform = app.commandLine.getSwitchValue('ozone-platform');
  return platform === 'wayland' || XDG_SESSION_TYPE === 'wayland' || (WAYLAND_DISPLAY ?? '') !== '';
}

/** The folder of a profile that was named on the command line; null: the usual one. */
function otherProfile(): string | null {
  return app.commandLine.hasSwitch('user-data-dir') ? app.getPath('userData') : null;
}

/** Loaded after tray and window are up: the network stack takes longer to load than everything else together. */
function connectorLoader(sessions: NetworkSessions): () => Promise<Connector> {
  return loadOnce(async (): Promise<Connector> => {
    const [{ createConnector }, { createKeytarStore }, { createProfileSecrets }] = await Promise.all([
      import('./infra/api/connector'),
      import('./infra/keychain'),
      import('./infra/profile-secrets'),
    ]);
    return createConnector({
      secrets: createProfileSecrets(createKeytarStore(), otherProfile()),
      createApi: async (options) => {
        const [{ createApiClient }, { createNetAdapter }] = await Promise.all([
          import('./infra/api/client'),
          import('./electron/net-adapter'),
        ]);
        return createApiClient({ ...options, network: createNetAdapter(sessions) });
      },
    });
  });
}

/** How long quitting waits for the disk, ms. */
const maxWritingMs = 2_000;

async function run(): Promise<void> {
  const developmentServer = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);
  const resources = join(app.getAppPath(), 'resources');
  const built = join(app.getAppPath(), 'out');
  const userData = app.getPath('userData');
  const clock = createSystemClock();
  const log = createLazyLog(async () => {
    const { createLog } = await import('./infra/log');
    return createLog({ folder: join(userData, 'logs'), console: !app.isPackaged });
  });
  const presence = createTrayPresence(log);
  const secondStarts = watchSecondStarts(log);
  const sessions = createNetworkSessions({
    children: app,
    // In memory: no cookies, no cache, and none of the windows' restrictions.
    open: (partition) => session.fromPartition(partition, { cache: false }),
    noteSelfSigned,
    clock,
    log,
  });

  let tray: TrayIcon | null = null;
  let windows: Windows | null = null;

  const reclight = createApp({
    clock,
    random: Math.random,
    log,
    connector: connectorLoader(sessions),
    documents: mapDocuments(({ name }) => createDocumentFile(join(userData, name))),
    hotkeys: createHotkeyRegistrar(isWayland()),
    notifier: createNotifier,
    tray: () => (tray = createTray(join(resources, 'icons', 'tray'), presence.onLateHost, clock, log)),
    windows: (settings, placed) =>
      (windows = createWindows({
        session: session.defaultSession,
        page: pageAddress(developmentServer),
        preload: join(built, 'preload', 'index.cjs'),
        icon: join(resources, 'icons', 'window.png'),
        clock,
        log,
        settings,
        placed,
        iconPlace: () => tray?.place() ?? null,
        hasTray: presence.isShown,
        onTrayHost: presence.onHost,
      })),
    system: () => createSystemEvents(clock, secondStarts, sessions, log),
    desktop: createDesktop(),
    keep: {
      files: createSaveFiles(),
      dialogs: createSaveDialogs(),
      // Few ever make a package: its library is loaded by the first who does.
      makeArchive: async (entries) => (await import('./infra/files/archive')).makeArchive(entries),
      makeWorkbook: async (...sheet) => (await import('./infra/files/workbook')).makeWorkbook(...sheet),
      print: createSummaryPrinter(),
      digest: sha256,
    },
    startDigest: startSha256,
    readPolicy: (path) => readFile(path, 'utf8').catch(() => null),
    environment: {
      platform: platform(),
      appVersion: app.getVersion(),
      electronVersion: process.versions['electron'] ?? '',
      chromeVersion: process.versions['chrome'] ?? '',
      // Known only once Electron is ready.
      get locale() {
        // Dates and numbers are the region's, whatever language the desktop speaks.
        return usableLocale([app.getSystemLocale(), app.getLocale()]);
      },
    },
    hasTray: presence.isShown,
    onTrayHost: presence.onHost,
    serve: (commands, media) => {
      serveMedia(session.defaultSession, media, pageAddress(developmentServer));
      return serveIpc(
        commands,
        ({ sender, senderFrame }) =>
          windows?.owns(sender) === true && isOurMainFrame(senderFrame, developmentServer),
        log,
      );
    },
  });

  let written = false;
  app.on('will-quit', (event) => {
    if (written) return;
    // What must survive the restart is still on its way to the disk; a disk that hangs must not hold up the quitting.
    event.preventDefault();
    const leave = (): void => {
      if (written) return;
      written = true;
      // Electron still counts as quitting until this event is over, and would not hear it.
      setImmediate(() => {
        app.quit();
      });
    };
    reclight.dispose();
    sessions.dispose();
    presence.dispose();
    // After the disposing, which writes down what was under way.
    void reclight.settled().then(leave, leave);
    clock.schedule(maxWritingMs, leave);
  });
  // The tray keeps RecLight running; only Quit quits.
  app.on('window-all-closed', () => undefined);
  app.on('activate', () => windows?.show());

  // Before there is a password to dump.
  forbidCoreDumps();
  // Files are read while Electron gets ready.
  await Promise.all([reclight.load(process.argv), app.whenReady()]);
  lockDown(session.defaultSession, developmentServer);
  serveAppFiles(session.defaultSession, join(built, 'renderer'));
  await reclight.start(process.argv);
}

// Tests of the app as it is built drive it by a debugger.
if (app.isPackaged) dropStrangeSwitches();
app.setName('RecLight');
// The `appId` of the packaging: without it Windows shows no notices of an app.
app.setAppUserModelId('app.reclight');
// Chromium would open the keyring for its cookies; RecLight has none, and keeps its own secret there by itself.
app.commandLine.appendSwitch('password-store', 'basic');
// Chromium ends the whole app when its GPU process has died several times; a light without a picture is still a tray icon.
app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
silenceChromium();
// As root Chromium runs only with `--no-sandbox`, which the caller has passed; asking for both kills it.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
protocol.registerSchemesAsPrivileged([
  { scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } },
  {
    scheme: mediaScheme,
    privileges: { standard: true, secure: true, stream: true, corsEnabled: true, supportFetchAPI: false },
  },
]);
if (app.requestSingleInstanceLock()) {
  void run();
} else {
  app.quit();
}
