import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MessageBus } from 'dbus-next';
import { cacheFolder } from '../runtime/electron-runtime.mjs';
import { connectDesktop, type DesktopClient } from './client';
import { serveControl } from './control-server';
import { connectBus } from './dbus';
import { serveNotifications, type NotificationServer } from './notification-server';
import { socketVariable, type DesktopMethods } from './protocol';
import { startBus, startDisplay, startKeyring, startWindowManager, type ServiceContext } from './services';
import { serveTray, type TrayHost } from './tray-host';

/** What a private desktop has; everything unless said otherwise. */
export interface DesktopOptions {
  /** Whether there is a tray host. */
  readonly tray?: boolean;
  /** Whether there is a keyring, unlocked. */
  readonly keyring?: boolean;
  /** Whether notifications are received. */
  readonly notifications?: boolean;
  /** Whether the temporary home is left behind, to look into. */
  readonly keepHome?: boolean;
}

/** A running private desktop. */
export interface PrivateDesktop {
  /** The whole environment for whatever is to run inside. */
  readonly env: NodeJS.ProcessEnv;
  /** The temporary home. */
  readonly home: string;
  /** Asks and acts. */
  readonly client: DesktopClient;
  /** Ends every process inside and removes the home. */
  dispose(): Promise<void>;
}

/** The environment variable that every process inside inherits; it holds the marks of all desktops around it. */
const markVariable = 'RECLIGHT_DESKTOP_MARKS';

/**
 * Starts a private desktop: an X server with a window manager, a D-Bus session, a keyring, a tray host and a
 * notification server, in a temporary home. Where this process ends without {@link PrivateDesktop.dispose}, even
 * killed, all of it ends too.
 *
 * @param options what it is to have
 * @returns the desktop, ready
 * @throws {Error} where a part does not start, with what it printed
 */
export async function startDesktop(options: DesktopOptions = {}): Promise<PrivateDesktop> {
  const mark = randomUUID();
  // Short, because what Chromium puts below must fit into the 107 characters of a socket's path.
  const folder = path.join(os.tmpdir(), `rl-desktop-${mark.slice(0, 8)}`);
  const watchdog = spawnWatchdog(mark, options.keepHome === true ? '' : folder);
  // Made only now that somebody is there to remove it, whatever happens here.
  fs.mkdirSync(folder, { mode: 0o700 });
  const ends: (() => void)[] = [];
  const dispose = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) end();
    if (watchdog.exitCode !== null) return;
    const ended = once(watchdog, 'exit');
    watchdog.stdin?.end();
    await ended;
  };
  try {
    const env = environment(folder, mark);
    const context: ServiceContext = { folder, env };
    // The window manager needs the display, everything else the bus; the two ways are independent.
    const [, bus] = await Promise.all([startScreen(context), startSession(context, options, ends)]);
    const client = await connectDesktop(await serveMethods(bus, options, env, ends));
    ends.push(() => {
      client.dispose();
    });
    return { env, home: path.join(folder, 'home'), client, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function spawnWatchdog(mark: string, folder: string): ChildProcess {
  const script = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));
  const watchdog = spawn(process.execPath, [script, mark, folder], {
    // A session of its own, so that what is sent to the terminal's group does not reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.stdin?.on('error', () => {});
  return watchdog;
}

function environment(folder: string, mark: string): NodeJS.ProcessEnv {
  const make = (name: string, mode = 0o755): string => {
    const full = path.join(folder, name);
    fs.mkdirSync(full, { recursive: true, mode });
    return full;
  };
  const home = make('home');
  const outerHome = os.homedir();
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // What was fetched for the user once need not be fetched again for each desktop.
    RECLIGHT_CACHE_DIR: cacheFolder(),
    npm_config_cache: process.env['npm_config_cache'] ?? path.join(outerHome, '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? path.join(outerHome, '.npmrc'),
    electron_config_cache: process.env['electron_config_cache'] ?? path.dirname(cacheFolder()) + '/electron',
    HOME: home,
    TMPDIR: make('tmp', 0o700),
    XDG_CONFIG_HOME: make('home/.config'),
    XDG_DATA_HOME: make('home/.local/share'),
    XDG_STATE_HOME: make('home/.local/state'),
    XDG_CACHE_HOME: make('home/.cache'),
    XDG_RUNTIME_DIR: make('run', 0o700),
    XDG_SESSION_TYPE: 'x11',
    XDG_CURRENT_DESKTOP: 'X-RecLight',
    // What a user's own settings would bring in.
    GSETTINGS_BACKEND: 'memory',
    NO_AT_BRIDGE: '1',
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    [markVariable]: [process.env[markVariable], mark].filter(Boolean).join(' '),
    [socketVariable]: path.join(folder, 'run', 'desktop'),
  };
  for (const name of ['WAYLAND_DISPLAY', 'LANGUAGE', 'XAUTHORITY', 'SESSION_MANAGER', 'DESKTOP_SESSION']) {
    Reflect.deleteProperty(env, name);
  }
  return env;
}

async function startScreen(context: ServiceContext): Promise<void> {
  context.env['DISPLAY'] = await startDisplay(context);
  await startWindowManager(context);
}

async function startSession(
  context: ServiceContext,
  { keyring = true }: DesktopOptions,
  ends: (() => void)[],
): Promise<MessageBus> {
  const address = await startBus(context);
  context.env['DBUS_SESSION_BUS_ADDRESS'] = address;
  // The machine's own system bus tells of sleep, networks and power that are none of a test's business.
  context.env['DBUS_SYSTEM_BUS_ADDRESS'] = address;
  const bus = await connectBus(address);
  ends.push(() => {
    bus.disconnect();
  });
  if (keyring) await startKeyring(context, bus);
  return bus;
}

async function serveMethods(
  bus: MessageBus,
  options: DesktopOptions,
  env: NodeJS.ProcessEnv,
  ends: (() => void)[],
): Promise<NodeJS.ProcessEnv> {
  let tell: () => void = () => {};
  const changed = (): void => {
    tell();
  };
  const tray = options.tray === false ? undefined : await serveTray(bus, changed);
  const notifications = options.notifications === false ? undefined : await serveNotifications(bus, changed);
  const control = await serveControl(env[socketVariable] ?? '', methodsOf(tray, notifications));
  tell = () => {
    control.changed();
  };
  ends.push(() => {
    control.dispose();
  });
  return env;
}

function methodsOf(
  tray: TrayHost | undefined,
  notifications: NotificationServer | undefined,
): DesktopMethods {
  const present = <T>(part: T | undefined, name: string): T => {
    if (part === undefined) throw new Error(`This desktop was started without ${name}`);
    return part;
  };
  const theTray = (): TrayHost => present(tray, 'a tray');
  const theNotifications = (): NotificationServer => present(notifications, 'notifications');
  return {
    trayItems: async () => tray?.items() ?? [],
    trayHistory: async () => tray?.history() ?? [],
    trayMenu: async (item) => theTray().menu(item),
    clickTrayMenu: async (item, labels) => theTray().click(item, labels),
    activateTray: async (item, x, y) => theTray().activate(item, x, y),
    trayContextMenu: async (item, x, y) => theTray().contextMenu(item, x, y),
    notifications: async () => notifications?.list() ?? [],
    invokeNotification: async (id, key) => {
      theNotifications().invoke(id, key);
    },
    closeNotification: async (id) => {
      theNotifications().close(id);
    },
  };
}
