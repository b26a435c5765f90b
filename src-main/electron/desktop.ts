import { app, clipboard, nativeTheme } from 'electron';

import type { DesktopPort } from '../core/ports';

/** Clipboard, theme, log-in item and the end of the app. */
export function createDesktop(): DesktopPort {
  return {
    copyText: (text) => {
      void clipboard.writeText(text);
    },
    setTheme: (theme) => {
      nativeTheme.themeSource = theme;
    },
    setStartAtLogin: (enabled) => {
      // Linux has no log-in items here; there the desktop's own settings start RecLight.
      if (process.platform === 'linux' || !app.isPackaged) return;
      if (app.getLoginItemSettings().openAtLogin !== enabled) {
        app.setLoginItemSettings({ openAtLogin: enabled, args: ['--hide'] });
      }
    },
    quit: () => {
      app.quit();
    },
  };
}
