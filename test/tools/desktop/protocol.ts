/** What a private desktop can tell and do; the same on both sides of its control socket. */

/** One size of a tray icon. */
export interface TrayIcon {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Of size and pixels, hex: equal pictures have equal hashes. */
  readonly sha256: string;
  /** The picture as a PNG file. */
  readonly png: Buffer;
}

/** A tray icon as its application describes it (org.kde.StatusNotifierItem). */
export interface TrayItem {
  /** Names the item in every call here. */
  readonly item: string;
  /** The process that shows it. */
  readonly pid: number;
  /** The application's own `Id`. */
  readonly id: string;
  readonly title: string;
  /** Title and, on a line of its own, description of the tooltip. */
  readonly tooltip: string;
  readonly status: string;
  readonly iconName: string;
  readonly icons: readonly TrayIcon[];
  /** Of all sizes together. */
  readonly iconHash: string;
  readonly hasMenu: boolean;
}

/** An entry of a tray menu (com.canonical.dbusmenu), the root being an entry without a label. */
export interface MenuNode {
  readonly id: number;
  /** Without the underscores that mark access keys. */
  readonly label: string;
  readonly type: 'standard' | 'separator';
  readonly enabled: boolean;
  readonly visible: boolean;
  readonly toggle: 'none' | 'checkmark' | 'radio';
  readonly checked: boolean;
  readonly children: readonly MenuNode[];
}

/** One thing that happened to a tray item. */
export interface TrayChange {
  /** Milliseconds of the system's monotonic clock, as `process.hrtime` of any process here has it. */
  readonly at: number;
  readonly item: string;
  readonly what: 'added' | 'removed' | 'icon' | 'tooltip' | 'title' | 'status' | 'menu';
  /** The new value; of an icon its hash, of a menu its revision. */
  readonly value: string;
}

/** A notification that an application asked to show. */
export interface ShownNotification {
  readonly id: number;
  /** Milliseconds, see {@link TrayChange.at}. */
  readonly at: number;
  readonly appName: string;
  readonly summary: string;
  readonly body: string;
  readonly actions: readonly { readonly key: string; readonly label: string }[];
  readonly urgency: 'low' | 'normal' | 'critical';
  /** The notification it took the place of; 0 where it is a new one. */
  readonly replacesId: number;
  /** Whether it is still on the screen. */
  readonly open: boolean;
}

/** What can be asked of a private desktop through its control socket. */
export interface DesktopMethods {
  trayItems(): Promise<readonly TrayItem[]>;
  trayHistory(): Promise<readonly TrayChange[]>;
  trayMenu(item: string): Promise<MenuNode>;
  /** `labels`: the way from the root to the entry. */
  clickTrayMenu(item: string, labels: readonly string[]): Promise<void>;
  activateTray(item: string, x: number, y: number): Promise<void>;
  trayContextMenu(item: string, x: number, y: number): Promise<void>;
  notifications(): Promise<readonly ShownNotification[]>;
  /** `key` is `default` for a click on the notification itself. */
  invokeNotification(id: number, key: string): Promise<void>;
  closeNotification(id: number): Promise<void>;
}

/** The methods' names, for whoever has to make a client of them. */
export const desktopMethods = [
  'trayItems',
  'trayHistory',
  'trayMenu',
  'clickTrayMenu',
  'activateTray',
  'trayContextMenu',
  'notifications',
  'invokeNotification',
  'closeNotification',
] as const satisfies readonly (keyof DesktopMethods)[];

/** A line on the control socket: a question, its answer, or the news that something changed. */
export type Line =
  | { readonly type: 'call'; readonly serial: number; readonly method: string; readonly args: unknown[] }
  | { readonly type: 'result'; readonly serial: number; readonly value: unknown }
  | { readonly type: 'error'; readonly serial: number; readonly message: string }
  | { readonly type: 'changed' };

/**
 * @param line what to send
 * @returns one line of JSON
 */
export function encodeLine(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

/**
 * @param text one line of JSON from the other side
 * @returns what it says, with its pictures as buffers again
 */
export function decodeLine(text: string): Line {
  return JSON.parse(text, (_key, value: unknown) => {
    const isBuffer =
      typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
    return isBuffer && 'data' in value && Array.isArray(value.data) ? Buffer.from(value.data) : value;
  }) as Line;
}

/** The environment variable in which a command inside finds the desktop's control socket. */
export const socketVariable = 'RECLIGHT_DESKTOP_SOCKET';

/** @returns milliseconds of the system's monotonic clock, comparable between processes */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
