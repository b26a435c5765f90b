import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import {
  decodeLine,
  encodeLine,
  monotonicNow,
  socketVariable,
  type DesktopMethods,
  type MenuNode,
  type ShownNotification,
  type TrayItem,
} from './protocol';

/** How a wait ends without success. */
interface WaitOptions {
  /** Milliseconds, 10,000 by default. */
  readonly timeoutMs?: number;
}

/**
 * A test's view of the private desktop it runs in. All waits end as soon as the desktop reports the change they wait
 * for; where it does not come, they reject with what was there instead.
 */
export interface DesktopClient extends DesktopMethods {
  /**
   * @param matches of the item to wait for; any by default
   * @returns the first tray item that matches, as it was when it did
   */
  waitForTrayItem(matches?: (item: TrayItem) => boolean, options?: WaitOptions): Promise<TrayItem>;
  /** Waits until the tray is empty. */
  waitForNoTrayItem(options?: WaitOptions): Promise<void>;
  /**
   * @param item from {@link TrayItem.item}
   * @param matches of the menu to wait for
   * @returns the menu's root
   */
  waitForTrayMenu(
    item: string,
    matches: (menu: MenuNode) => boolean,
    options?: WaitOptions,
  ): Promise<MenuNode>;
  /**
   * @param matches of the notification to wait for; those shown since this client connected count too
   * @returns the first that matches
   */
  waitForNotification(
    matches?: (notification: ShownNotification) => boolean,
    options?: WaitOptions,
  ): Promise<ShownNotification>;
  /**
   * Presses keys as the keyboard does, whatever has the focus.
   *
   * @param keys in xdotool's words, for example `ctrl+alt+r`
   */
  pressKeys(...keys: readonly string[]): Promise<void>;
  /**
   * Any other command of xdotool's, such as `['search', '--name', 'RecLight']`.
   *
   * @param args its arguments
   * @returns what it printed
   */
  xdotool(args: readonly string[]): Promise<string>;
  dispose(): void;
}

/**
 * Connects to the private desktop that this process runs in.
 *
 * @param env the environment of a command inside; the own one by default
 * @returns the client, connected
 * @throws {Error} outside of a private desktop
 */
export async function connectDesktop(env: NodeJS.ProcessEnv = process.env): Promise<DesktopClient> {
  const path = env[socketVariable];
  if (path === undefined) {
    throw new Error('This needs a private desktop: node test/tools/desktop/run.mjs -- <command>');
  }
  const socket = net.createConnection(path);
  await once(socket, 'connect');
  return createClient(socket, env);
}

function createClient(socket: net.Socket, env: NodeJS.ProcessEnv): DesktopClient {
  // What an earlier test was shown is no answer to this one's questions.
  const connectedAt = monotonicNow();
  const news = new EventEmitter().setMaxListeners(0);
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let lastSerial = 0;

  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    for (const { reject } of pending.values()) reject(new Error('The private desktop has ended'));
    pending.clear();
    news.emit('changed');
  });
  const lines = createInterface(socket);
  lines.on('error', () => socket.destroy());
  lines.on('line', (text) => {
    const line = decodeLine(text);
    if (line.type === 'changed') {
      news.emit('changed');
    } else if (line.type !== 'call') {
      const waiting = pending.get(line.serial);
      pending.delete(line.serial);
      if (line.type === 'result') waiting?.resolve(line.value);
      else waiting?.reject(new Error(line.message));
    }
  });

  const ask = <Name extends keyof DesktopMethods>(
    method: Name,
    ...args: Parameters<DesktopMethods[Name]>
  ): ReturnType<DesktopMethods[Name]> => {
    const answer = new Promise<unknown>((resolve, reject) => {
      if (socket.destroyed) {
        reject(new Error('The private desktop has ended'));
        return;
      }
      lastSerial += 1;
      pending.set(lastSerial, { resolve, reject });
      socket.write(encodeLine({ type: 'call', serial: lastSerial, method, args }));
    });
    return answer as ReturnType<DesktopMethods[Name]>;
  };

  /** Looks, and looks again after each change, until `look` finds something. */
  const waitFor = async <T>(
    what: string,
    look: () => Promise<{ found?: T; seen: unknown }>,
    { timeoutMs = 10_000 }: WaitOptions = {},
  ): Promise<T> => {
    const limit = AbortSignal.timeout(timeoutMs);
    for (;;) {
      // Listened to before looking, or a change in between would go unnoticed.
      const change = once(news, 'changed', { signal: limit }).then(
        () => true,
        () => false,
      );
      const { found, seen } = await look();
      if (found !== undefined) return found;
      if (!(await change)) {
        const there = JSON.stringify(seen, (key, value: unknown) => (key === 'png' ? undefined : value));
        throw new Error(`Waited ${timeoutMs} ms for ${what}; there is ${there}`);
      }
    }
  };

  const notifications = async () => (await ask('notifications')).filter(({ at }) => at >= connectedAt);

  const xdotool = async (args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('xdotool', [...args], { env });
    return stdout;
  };

  return {
    trayItems: () => ask('trayItems'),
    trayHistory: () => ask('trayHistory'),
    trayMenu: (item) => ask('trayMenu', item),
    clickTrayMenu: (item, labels) => ask('clickTrayMenu', item, labels),
    activateTray: (item, x, y) => ask('activateTray', item, x, y),
    trayContextMenu: (item, x, y) => ask('trayContextMenu', item, x, y),
    notifications,
    invokeNotification: (id, key) => ask('invokeNotification', id, key),
    closeNotification: (id) => ask('closeNotification', id),
    waitForTrayItem: (matches = () => true, options) =>
      waitFor(
        'a tray item',
        async () => {
          const seen = await ask('trayItems');
          const found = seen.find(matches);
          return found === undefined ? { seen } : { found, seen };
        },
        options,
      ),
    async waitForNoTrayItem(options) {
      await waitFor(
        'an empty tray',
        async () => {
          const seen = await ask('trayItems');
          return seen.length === 0 ? { found: true, seen } : { seen };
        },
        options,
      );
    },
    waitForTrayMenu: (item, matches, options) =>
      waitFor(
        'a tray menu',
        async () => {
          const seen = await ask('trayMenu', item);
          return matches(seen) ? { found: seen, seen } : { seen };
        },
        options,
      ),
    waitForNotification: (matches = () => true, options) =>
      waitFor(
        'a notification',
        async () => {
          const seen = await notifications();
          const found = seen.find(matches);
          return found === undefined ? { seen } : { found, seen };
        },
        options,
      ),
    async pressKeys(...keys) {
      await xdotool(['key', '--clearmodifiers', ...keys]);
    },
    xdotool,
    dispose() {
      socket.destroy();
    },
  };
}
