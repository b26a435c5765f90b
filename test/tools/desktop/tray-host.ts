import { createHash } from 'node:crypto';
import dbus, { type Message, type MessageBus } from 'dbus-next';
import { PNG } from 'pngjs';
import { allProperties, askBus, callMethod, emitSignal, onSignals, ownName, serveObject } from './dbus';
import { monotonicNow, type MenuNode, type TrayChange, type TrayIcon, type TrayItem } from './protocol';
import { readMenu } from './tray-menu';

const watcher = { path: '/StatusNotifierWatcher', interface: 'org.kde.StatusNotifierWatcher' };
const itemInterface = 'org.kde.StatusNotifierItem';
const menuInterface = 'com.canonical.dbusmenu';

interface Registered {
  readonly service: string;
  readonly owner: string;
  readonly path: string;
  readonly pid: number;
  state: TrayItem | undefined;
  menuPath: string | undefined;
  /** Readings follow one another, so that an older answer never overwrites a newer one. */
  reading: Promise<void>;
}

/** The tray of the private desktop. */
export interface TrayHost {
  items(): readonly TrayItem[];
  history(): readonly TrayChange[];
  /**
   * @param item from {@link TrayItem.item}
   * @returns the menu's root, read now
   */
  menu(item: string): Promise<MenuNode>;
  /**
   * Opens the menu and clicks an entry, as a user does.
   *
   * @param item from {@link TrayItem.item}
   * @param labels the way from the root, for example `['Recent recordings', 'Anna 12:30']`
   * @throws {Error} where there is no such entry, or it is not enabled
   */
  click(item: string, labels: readonly string[]): Promise<void>;
  /** A left click at a point of the screen. */
  activate(item: string, x: number, y: number): Promise<void>;
  /** A right click at a point of the screen. */
  contextMenu(item: string, x: number, y: number): Promise<void>;
}

function toIcon(pixmap: unknown): TrayIcon[] {
  if (!Array.isArray(pixmap)) return [];
  const [width, height, bytes] = pixmap as unknown[];
  if (typeof width !== 'number' || typeof height !== 'number') return [];
  const argb = Buffer.from(bytes as Uint8Array);
  if (argb.length !== width * height * 4) return [];
  const png = new PNG({ width, height });
  // The bus has alpha first, the PNG last.
  for (let at = 0; at < argb.length; at += 4) {
    argb.copy(png.data, at, at + 1, at + 4);
    png.data[at + 3] = argb[at] ?? 0;
  }
  const sha256 = createHash('sha256').update(`${width}x${height}\0`).update(argb).digest('hex');
  return [{ width, height, sha256, png: PNG.sync.write(png) }];
}

function toTooltip(value: unknown): string {
  if (!Array.isArray(value)) return '';
  return [value[2], value[3]].filter((part) => typeof part === 'string' && part !== '').join('\n');
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function toItem(key: string, pid: number, values: Record<string, unknown>): TrayItem {
  const pixmaps = values['IconPixmap'];
  const icons = Array.isArray(pixmaps) ? pixmaps.flatMap(toIcon) : [];
  const hash = createHash('sha256').update(text(values['IconName']));
  for (const { sha256 } of icons) hash.update(sha256);
  return {
    item: key,
    pid,
    id: text(values['Id']),
    title: text(values['Title']),
    tooltip: toTooltip(values['ToolTip']),
    status: text(values['Status']),
    iconName: text(values['IconName']),
    icons,
    iconHash: hash.digest('hex'),
    hasMenu: text(values['Menu']) !== '' && values['Menu'] !== '/NO_DBUSMENU',
  };
}

const watched = [
  ['iconHash', 'icon'],
  ['tooltip', 'tooltip'],
  ['title', 'title'],
  ['status', 'status'],
] as const;

/**
 * Owns org.kde.StatusNotifierWatcher and acts as its one host.
 *
 * @param bus the private session
 * @param changed told after each change
 * @returns the tray
 */
export async function serveTray(bus: MessageBus, changed: () => void): Promise<TrayHost> {
  const items = new Map<string, Registered>();
  const history: TrayChange[] = [];

  const record = (at: number, item: string, what: TrayChange['what'], value: string): void => {
    history.push({ at, item, what, value });
    changed();
  };
  const found = (key: string): Registered => {
    const item = items.get(key);
    if (item === undefined) throw new Error(`There is no tray item ${key}`);
    return item;
  };
  const target = (item: Registered) => ({
    destination: item.owner,
    path: item.path,
    interface: itemInterface,
  });

  const read = async (key: string, item: Registered, at: number): Promise<void> => {
    const values = await allProperties(bus, target(item));
    if (!items.has(key)) return;
    const before = item.state;
    const now = toItem(key, item.pid, values);
    item.state = now;
    item.menuPath = now.hasMenu ? text(values['Menu']) : undefined;
    if (before === undefined) record(at, key, 'added', now.title);
    for (const [field, what] of watched) {
      if (before?.[field] !== now[field]) record(at, key, what, now[field]);
    }
  };
  const refresh = (key: string, item: Registered, at: number): void => {
    // One that is gone in the meantime is removed by NameOwnerChanged.
    item.reading = item.reading.then(() => read(key, item, at)).catch(() => {});
  };
  const register = async (argument: string, sender: string): Promise<void> => {
    const at = monotonicNow();
    const isPath = argument.startsWith('/');
    const service = isPath ? sender : argument;
    const path = isPath ? argument : '/StatusNotifierItem';
    const key = `${service}${path}`;
    const owner = String(await askBus(bus, 'GetNameOwner', service));
    const pid = Number(await askBus(bus, 'GetConnectionUnixProcessID', owner));
    const item: Registered = {
      service,
      owner,
      path,
      pid,
      state: undefined,
      menuPath: undefined,
      reading: Promise.resolve(),
    };
    items.set(key, item);
    emitSignal(bus, watcher, 'StatusNotifierItemRegistered', 's', [key]);
    refresh(key, item, at);
  };
  const forget = (key: string): void => {
    items.delete(key);
    emitSignal(bus, watcher, 'StatusNotifierItemUnregistered', 's', [key]);
    record(monotonicNow(), key, 'removed', '');
  };
  const onSignal = (signal: Message): void => {
    const at = monotonicNow();
    if (signal.member === 'NameOwnerChanged') {
      const [name, , owner] = signal.body.map(String);
      for (const [key, item] of items) {
        if (owner === '' && (item.owner === name || item.service === name)) forget(key);
      }
      return;
    }
    for (const [key, item] of items) {
      if (item.owner !== signal.sender) continue;
      if (signal.interface === menuInterface && signal.path === item.menuPath) {
        record(at, key, 'menu', String(signal.body[0]));
      } else if (signal.path === item.path) {
        refresh(key, item, at);
      }
    }
  };

  serveObject(bus, {
    ...watcher,
    methods: {
      RegisterStatusNotifierItem: ([argument], sender) => {
        register(String(argument), sender).catch(() => {});
        return { signature: '', body: [] };
      },
      RegisterStatusNotifierHost: () => ({ signature: '', body: [] }),
    },
    properties: {
      RegisteredStatusNotifierItems: () => ({ signature: 'as', value: [...items.keys()] }),
      IsStatusNotifierHostRegistered: () => ({ signature: 'b', value: true }),
      ProtocolVersion: () => ({ signature: 'i', value: 0 }),
    },
  });
  await onSignals(
    bus,
    [
      `interface='${itemInterface}'`,
      `interface='${menuInterface}'`,
      `interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',arg0='${itemInterface}'`,
      `sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged'`,
    ],
    onSignal,
  );
  await ownName(bus, watcher.interface);

  const menuTarget = (item: Registered) => {
    if (item.menuPath === undefined) throw new Error('This tray item has no menu');
    return { destination: item.owner, path: item.menuPath, interface: menuInterface };
  };
  const send = async (item: string, member: string, x: number, y: number): Promise<void> => {
    await callMethod(bus, target(found(item)), member, 'ii', [x, y]);
  };

  return {
    items: () => [...items.values()].flatMap(({ state }) => (state === undefined ? [] : [state])),
    history: () => history,
    menu: (item) => readMenu(bus, menuTarget(found(item))),
    async click(item, labels) {
      const menu = menuTarget(found(item));
      let node = await readMenu(bus, menu);
      for (const label of labels) {
        const next = node.children.find((child) => child.visible && child.label === label);
        if (next === undefined) {
          const there = node.children.map((child) => child.label || '—').join(', ');
          throw new Error(`The tray menu has no entry "${label}" here, only: ${there}`);
        }
        if (!next.enabled) throw new Error(`The entry "${label}" of the tray menu is not enabled`);
        // A panel announces it before it opens a submenu, and carries on whatever the answer.
        if (next.children.length > 0)
          await callMethod(bus, menu, 'AboutToShow', 'i', [next.id]).catch(() => {});
        node = next;
      }
      const data = new dbus.Variant('i', 0);
      await callMethod(bus, menu, 'Event', 'isvu', [node.id, 'clicked', data, 0]);
    },
    activate: (item, x, y) => send(item, 'Activate', x, y),
    contextMenu: (item, x, y) => send(item, 'ContextMenu', x, y),
  };
}
