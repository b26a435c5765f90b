import type { MessageBus } from 'dbus-next';

import { createEmitter } from '../core/lib/emitter';
import type { Disposable } from '../core/ports/clock';
import type { Log } from '../core/ports/desktop';

/** The D-Bus name of the program that shows tray icons on a Linux desktop. */
const watcher = 'org.kde.StatusNotifierWatcher';

const busName = 'org.freedesktop.DBus';
const busItself = { destination: busName, path: '/org/freedesktop/DBus', interface: busName };
const properties = 'org.freedesktop.DBus.Properties';

/** Whether our tray icon can be seen, and who would show it. */
export interface TrayPresence extends Disposable {
  /** Whether our own icon is shown now. Where it cannot be found out the answer is no, so that the window stays reachable. */
  isShown(): Promise<boolean>;
  /** Calls back when a host has come (true), and when the host has gone (false). */
  onHost(listener: (isThere: boolean) => void): Disposable;
  /** Calls back when a host is there that gets our icon only if it is made anew. */
  onLateHost(listener: () => void): Disposable;
}

/** Windows and macOS always have a place for icons. */
const everPresent: TrayPresence = {
  isShown: () => Promise.resolve(true),
  onHost: () => ({ dispose: () => undefined }),
  onLateHost: () => ({ dispose: () => undefined }),
  dispose: () => undefined,
};

/**
 * Watches the desktop's host of tray icons from the first question on. Electron does not tell of it: an icon that was
 * made before there was a host is never shown.
 * @param pid of the process that the icon belongs to
 */
export function createTrayPresence(log: Log, pid = process.pid): TrayPresence {
  if (process.platform !== 'linux') return everPresent;
  const hosts = createEmitter<[boolean]>(log);
  const lateHosts = createEmitter<[]>(log);
  /** Chromium brings an icon that a host had once to each later one by itself. */
  let wasShown = false;
  let connecting: Promise<MessageBus> | null = null;
  let disposed = false;
  let hasLooked = false;

  const bringIcon = (): void => {
    if (wasShown) return;
    wasShown = true;
    lateHosts.emit();
  };

  const connect = async (): Promise<MessageBus> => {
    // Loaded late: tray and window do not wait for it.
    const { sessionBus, Message } = (await import('dbus-next')).default;
    const bus = sessionBus();
    await new Promise<void>((resolve, reject) => {
      bus.once('connect', resolve);
      bus.on('error', (error: unknown) => {
        connecting = null;
        reject(error instanceof Error ? error : new Error('no session bus'));
      });
    });
    bus.on('message', ({ member, body }: { readonly member?: string; readonly body: readonly unknown[] }) => {
      if (member !== 'NameOwnerChanged' || body[0] !== watcher || disposed) return;
      const isThere = body[2] !== '';
      if (isThere) bringIcon();
      hosts.emit(isThere);
    });
    const rule = `type='signal',sender='${busName}',member='NameOwnerChanged',arg0='${watcher}'`;
    await bus.call(new Message({ ...busItself, member: 'AddMatch', signature: 's', body: [rule] }));
    if (disposed) bus.disconnect();
    return bus;
  };

  const call = async (
    target: typeof busItself,
    member: string,
    ...body: readonly string[]
  ): Promise<unknown> => {
    const { Message } = (await import('dbus-next')).default;
    connecting ??= connect().catch((error: unknown) => {
      // Tried anew with the next question.
      connecting = null;
      throw error;
    });
    const bus = await connecting;
    const message = new Message({ ...target, member, signature: 's'.repeat(body.length), body: [...body] });
    return (await bus.call(message))?.body[0] as unknown;
  };

  const isOurs = async (item: string): Promise<boolean> => {
    const service = item.split('/')[0] ?? '';
    return (await call(busItself, 'GetConnectionUnixProcessID', service).catch(() => null)) === pid;
  };

  const isShown = async (): Promise<boolean> => {
    const target = { destination: watcher, path: '/StatusNotifierWatcher', interface: properties };
    try {
      // Asked first: a question to the host itself would start one where the desktop keeps one in store.
      if ((await call(busItself, 'NameHasOwner', watcher)) !== true) return false;
      const answer = (await call(target, 'Get', watcher, 'RegisteredStatusNotifierItems')) as {
        readonly value: readonly string[];
      };
      const isThere = (await Promise.all(answer.value.map(isOurs))).includes(true);
      // It may have come after our icon, and before anybody watched.
      if (isThere) wasShown = true;
      else if (!hasLooked) bringIcon();
      hasLooked = true;
      return isThere;
    } catch {
      return false;
    }
  };

  return {
    isShown,
    onHost: (listener) => hosts.on(listener),
    onLateHost: (listener) => lateHosts.on(listener),
    dispose: () => {
      disposed = true;
      void connecting?.then(
        (bus) => {
          bus.disconnect();
        },
        () => undefined,
      );
    },
  };
}
