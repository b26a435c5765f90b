import type { Session, WebContents } from 'electron';
import { app, BrowserWindow, dialog, Menu, nativeTheme, screen } from 'electron';

import type { WindowEventName, WindowEvents } from '@shared/ipc/contract';
import { channelPrefix, windowEventNames } from '@shared/ipc/names';
import type { Settings } from '@shared/ipc/settings';
import type { Snapshot } from '@shared/ipc/snapshot';
import { createEmitter } from '../core/lib/emitter';
import type { Clock, Disposable } from '../core/ports/clock';
import type { Log, WindowPort } from '../core/ports/desktop';
import { createDebounce } from '../core/lib/debounce';
import type { PageFailure, WindowWatchdog } from '../core/desktop/window-watchdog';
import { createWindowWatchdog } from '../core/desktop/window-watchdog';
import { windowText } from '../core/desktop/messages';
import type { Rectangle } from './window-place';
import { minimumSize, placeWindow } from './window-place';

/** What the window needs. */
export interface WindowOptions {
  readonly session: Session;
  /** What it shows. */
  readonly page: string;
  /** The built preload script. */
  readonly preload: string;
  /** The product's icon, PNG. */
  readonly icon: string;
  readonly clock: Clock;
  /** Told of pages that had to be loaded anew. */
  readonly log: Log;
  readonly settings: () => Settings;
  readonly placed: (place: NonNullable<Settings['window']>) => void;
  /** Where the tray icon is, or where the pointer is that has just clicked it; null where it cannot be found. */
  readonly iconPlace: () => Rectangle | null;
  /** Whether a hidden window could be brought back by a tray icon. */
  readonly hasTray: () => Promise<boolean>;
  /** Tells that a host of tray icons has come, or has gone. */
  readonly onTrayHost: (listener: (isThere: boolean) => void) => Disposable;
}

/** RecLight's window, and which web contents are ours. */
export interface Windows extends WindowPort {
  owns(contents: WebContents): boolean;
}

/** A page that has not been painted after this time is not waited for, ms. */
const maxPaintingMs = 1_000;

/** Only a moved or resized window that has come to rest is worth a write. */
const restMs = 500;

const background = () => (nativeTheme.shouldUseDarkColors ? '#16181c' : '#ffffff');

/** Brings a minimized window back and leaves the keyboard where it is; to be followed by `showInactive`. */
function restoreWithoutFocus(target: BrowserWindow): void {
  // On Windows showing is enough.
  if (process.platform === 'win32') return;
  if (process.platform === 'linux') {
    // X11 gives the keyboard to whatever is restored, unless that takes none.
    target.setFocusable(false);
    target.once('restore', () => {
      target.setFocusable(true);
    });
  }
  // On macOS only the active app has the keyboard, and restoring a window makes none active.
  target.restore();
}

/** Makes the window port; the window itself is created by the first `show`, or hidden by the first `prepare`. */
export function createWindows(options: WindowOptions): Windows {
  const visibility = createEmitter<[]>(options.log);
  const pageGone = createEmitter<[]>(options.log);
  let window: BrowserWindow | null = null;
  let quitting = false;
  let watchdog: WindowWatchdog | null = null;
  let newest: Snapshot | null = null;
  let isTelling = false;
  let disposed = false;

  const debounce = createDebounce(options.clock, restMs, () => {
    if (window === null || window.isDestroyed() || window.isMinimized()) return;
    const { x, y, width, height } = window.getNormalBounds();
    options.placed({ x, y, width, height });
  });
  const beforeQuit = () => {
    quitting = true;
    // The window is closed before anything else ends.
    debounce.flush();
  };
  app.on('before-quit', beforeQuit);

  const trayHosts = options.onTrayHost((isThere) => {
    // Without an icon nothing would bring a hidden window back.
    if (!isThere && window !== null && !window.isVisible()) window.minimize();
  });

  const areas = (): Rectangle[] => {
    const primary = screen.getPrimaryDisplay();
    const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
    return [primary, ...others].map(({ workArea }) => workArea);
  };

  const leave = async (closing: BrowserWindow): Promise<void> => {
    // Without a tray a hidden window would be lost: it stays in the task bar.
    if (await options.hasTray()) closing.hide();
    else closing.minimize();
  };

  const send = <Name extends WindowEventName>(
    target: BrowserWindow,
    event: Name,
    value: WindowEvents[Name],
  ): void => {
    target.webContents.send(channelPrefix + windowEventNames[event], value);
  };

  /** Asks the user, because the window cannot; recording control goes on meanwhile. */
  const tell = async (of: WindowWatchdog): Promise<void> => {
    if (isTelling) return;
    isTelling = true;
    const { response } = await dialog.showMessageBox({
      type: 'error',
      title: app.name,
      message: windowText('emptyWindow'),
      detail: windowText('emptyWindowNext'),
      buttons: [windowText('tryAgain'), windowText('close')],
      defaultId: 0,
      cancelId: 1,
    });
    isTelling = false;
    if (response === 0) of.tryAgain();
  };

  /** Watches over the page of a window: loads it anew where it shows nothing. */
  const watch = (created: BrowserWindow): WindowWatchdog => {
    const { webContents } = created;
    /** Whether the page's process is being ended because it does not answer. */
    let isEnding = false;
    const reload = (): void => {
      // Not from within the event: Chromium is still taking the dead page down.
      setImmediate(() => {
        if (!created.isDestroyed()) webContents.reload();
      });
    };
    const watching = createWindowWatchdog({
      clock: options.clock,
      ask: () => {
        if (newest !== null && !created.isDestroyed()) send(created, 'onSnapshot', newest);
      },
      reload: (failure: PageFailure) => {
        options.log.write('warn', 'the window is loaded anew', { failure });
        if (failure === 'silent' && !webContents.isCrashed()) {
          // A page that hangs cannot be reloaded before its process has ended.
          isEnding = true;
          webContents.forcefullyCrashRenderer();
        } else reload();
      },
      giveUp: () => {
        options.log.write('error', 'the window cannot be shown');
        // A hidden window is told of when it is opened.
        if (created.isVisible()) void tell(watching);
      },
    });
    webContents.on('render-process-gone', (_event, { reason }) => {
      pageGone.emit();
      // Main keeps the state: a fresh page subscribes, pulls, and shows it again.
      if (reason === 'clean-exit') return;
      if (isEnding) reload();
      else watching.gone();
      isEnding = false;
    });
    webContents.on('did-fail-load', (_event, _code, description, _url, isMainFrame) => {
      if (isMainFrame && description !== 'ERR_ABORTED') watching.gone();
    });
    webContents.on('did-navigate', (_event, _url, httpStatus) => {
      pageGone.emit();
      if (httpStatus >= 400) watching.gone();
    });
    created.on('focus', watching.check);
    for (const name of ['show', 'restore'] as const) created.on(name as 'show', watching.opened);
    created.on('closed', () => {
      watching.dispose();
      if (watchdog === watching) watchdog = null;
    });
    watching.asked();
    return watching;
  };

  const create = (): BrowserWindow => {
    const created = new BrowserWindow({
      ...placeWindow(options.settings().window, options.iconPlace(), areas()),
      minWidth: minimumSize.width,
      minHeight: minimumSize.height,
      show: false,
      title: app.name,
      icon: options.icon,
      backgroundColor: background(),
      autoHideMenuBar: true,
      fullscreenable: false,
      webPreferences: {
        session: options.session,
        preload: options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        // The light must be right the moment the window is shown again.
        backgroundThrottling: true,
      },
    });
    created.on('close', (event) => {
      if (quitting) return;
      event.preventDefault();
      void leave(created);
    });
    created.on('closed', () => {
      if (window === created) window = null;
      if (!disposed) visibility.emit();
    });
    for (const name of ['show', 'hide', 'minimize', 'restore', 'focus', 'blur'] as const) {
      created.on(name as 'show', () => {
        visibility.emit();
      });
    }
    created.on('resize', debounce.trigger);
    created.on('move', debounce.trigger);
    watchdog = watch(created);
    created.loadURL(options.page).catch(() => {
      // The watchdog hears of it by `did-fail-load`.
    });
    return created;
  };

  const ensure = (): BrowserWindow => {
    if (window === null || window.isDestroyed()) window = create();
    return window;
  };

  const reveal = (bringUp: (target: BrowserWindow) => void): void => {
    const existed = window !== null;
    const target = ensure();
    if (existed && !target.webContents.isLoadingMainFrame()) bringUp(target);
    else {
      // The first frame is painted before the window appears, so that nothing flashes.
      target.once('ready-to-show', () => {
        bringUp(target);
      });
    }
  };

  const port: Windows = {
    prepare: () => {
      ensure();
    },
    painted: () =>
      new Promise((resolve) => {
        const late = options.clock.schedule(maxPaintingMs, resolve);
        ensure().once('ready-to-show', () => {
          late.dispose();
          resolve();
        });
      }),
    show: () => {
      reveal((target) => {
        if (target.isMinimized()) target.restore();
        target.show();
        target.focus();
      });
    },
    showWithoutFocus: () => {
      reveal((target) => {
        if (target.isMinimized()) restoreWithoutFocus(target);
        target.showInactive();
      });
    },
    hide: () => {
      if (window !== null) void leave(window);
    },
    toggle: () => {
      if (port.isVisible()) {
        port.hide();
        return;
      }
      const existing = window;
      if (existing !== null && options.settings().window === null) {
        existing.setBounds(placeWindow(null, options.iconPlace(), areas()));
      }
      port.show();
    },
    isVisible: () => window !== null && window.isVisible() && !window.isMinimized(),
    isFocused: () => port.isVisible() && window?.isFocused() === true,
    broadcast: (snapshot) => {
      newest = snapshot;
      if (window === null) return;
      send(window, 'onSnapshot', snapshot);
      watchdog?.asked();
    },
    sendProgress: (progress) => {
      if (window !== null) send(window, 'onMediaProgress', progress);
    },
    confirmDrawn: (drawn) => {
      watchdog?.answered(drawn);
    },
    onVisibilityChange: (listener) => visibility.on(listener),
    onPageGone: (listener) => pageGone.on(listener),
    owns: (contents) => window !== null && !window.isDestroyed() && window.webContents === contents,
    dispose: () => {
      disposed = true;
      trayHosts.dispose();
      debounce.dispose();
      watchdog?.dispose();
      app.off('before-quit', beforeQuit);
      window?.destroy();
      window = null;
    },
  };
  // macOS needs its Edit menu for copy and paste; elsewhere a menu bar has nothing to offer here.
  Menu.setApplicationMenu(
    process.platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  );
  return port;
}
