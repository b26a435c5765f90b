import { join } from 'node:path';

import type { MenuItemConstructorOptions, NativeImage } from 'electron';
import { Menu, nativeImage, nativeTheme, screen, Tray } from 'electron';

import type { RecorderStatus } from '@shared/ipc/snapshot';
import { createEmitter } from '../core/lib/emitter';
import { createTrayMenuPace } from '../core/desktop/tray-menu-pace';
import type { Clock, Disposable } from '../core/ports/clock';
import type { Log, TrayPort } from '../core/ports/desktop';
import type { TrayCommand, TrayMenuItem, TrayModel } from '../core/desktop/tray-model';
import type { Rectangle } from './window-place';

/**
 * Tells whether the panel is dark. Windows and macOS colour their panels apart from the windows; Electron has told so
 * since version 37. Elsewhere the panel is as the desktop is, which can be seen only while RecLight's own theme follows
 * it: what was seen last holds.
 */
function createPanelTone(): () => boolean {
  let isDark = nativeTheme.shouldUseDarkColors;
  return () => {
    const { shouldUseDarkColorsForSystemIntegratedUI: panel, shouldUseDarkColors, themeSource } = nativeTheme;
    if (themeSource === 'system') isDark = shouldUseDarkColors;
    return (panel as boolean | undefined) ?? isDark;
  };
}

/** The icon, and where it is. */
export interface TrayIcon extends TrayPort {
  /** On Linux no one tells: there it is where the pointer was at the last click. Null before it is known. */
  place(): Rectangle | null;
}

/**
 * The icon in the panel.
 * @param iconFolder with `{status}-{light|dark}.png` and their `@2x`
 * @param onLateHost tells of a host that has not got the icon: it is made anew for it, because one that was made without
 *   a host is never shown
 */
export function createTray(
  iconFolder: string,
  onLateHost: (listener: () => void) => Disposable,
  clock: Clock,
  log: Log,
): TrayIcon {
  const commands = createEmitter<[TrayCommand]>(log);
  const toggles = createEmitter<[]>(log);
  const looks = createEmitter<[]>(log);
  const images = new Map<string, NativeImage>();
  let shown: { readonly icon: string; readonly tooltip: string } | null = null;
  let model: TrayModel | null = null;

  const isPanelDark = createPanelTone();

  const imageOf = (status: RecorderStatus): readonly [string, NativeImage] => {
    const name = `${status}-${isPanelDark() ? 'dark' : 'light'}.png`;
    const image = images.get(name) ?? nativeImage.createFromPath(join(iconFolder, name));
    images.set(name, image);
    return [name, image];
  };

  const templateOf = (item: TrayMenuItem): MenuItemConstructorOptions => {
    switch (item.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'submenu':
        return { label: item.label, submenu: item.items.map(templateOf) };
      case 'command':
        return {
          label: item.label,
          enabled: item.enabled,
          click: () => {
            commands.emit(item.command);
          },
        };
    }
  };

  const look = () => {
    looks.emit();
  };
  let clickedAt: Rectangle | null = null;
  const click = () => {
    clickedAt = { ...screen.getCursorScreenPoint(), width: 1, height: 1 };
    toggles.emit();
  };
  let macMenu: Menu | null = null;
  const create = (status: RecorderStatus): Tray => {
    const created = new Tray(imageOf(status)[1]);
    // Windows and macOS tell already that the pointer comes.
    created.on('mouse-enter', look);
    created.on('click', click);
    // With a menu of its own a Mac's icon opens it at the left click too: there it is opened by hand.
    if (process.platform === 'darwin') {
      created.on('right-click', () => {
        if (macMenu !== null) created.popUpContextMenu(macMenu);
      });
    }
    return created;
  };
  let tray = create('connecting');

  const pace = createTrayMenuPace(clock, (menu) => {
    const built = Menu.buildFromTemplate(menu.map(templateOf));
    // On Linux only a submenu tells that it opens; elsewhere the menu itself does.
    for (const opened of [built, ...built.items.flatMap(({ submenu }) => submenu ?? [])]) {
      opened.on('menu-will-show', look);
    }
    if (process.platform === 'darwin') macMenu = built;
    else tray.setContextMenu(built);
  });

  const show = (next: TrayModel): void => {
    model = next;
    const [icon, image] = imageOf(next.icon);
    if (shown?.icon !== icon) tray.setImage(image);
    if (shown?.tooltip !== next.tooltip) tray.setToolTip(next.tooltip);
    // A menu that is rebuilt closes under the user's pointer, so only for a change.
    pace.want(next.menu);
    shown = { icon, tooltip: next.tooltip };
  };
  const themeChanged = () => {
    if (model !== null) show(model);
  };
  nativeTheme.on('updated', themeChanged);
  const hosts = onLateHost(() => {
    tray.destroy();
    tray = create(model?.icon ?? 'connecting');
    shown = null;
    pace.reset();
    if (model !== null) show(model);
  });

  return {
    show,
    onCommand: (listener) => commands.on(listener),
    onToggle: (listener) => toggles.on(listener),
    onLook: (listener) => looks.on(listener),
    place: () => {
      const bounds = tray.getBounds();
      return bounds.width > 0 && bounds.height > 0 ? bounds : clickedAt;
    },
    dispose: () => {
      nativeTheme.off('updated', themeChanged);
      hosts.dispose();
      pace.dispose();
      tray.destroy();
    },
  };
}
