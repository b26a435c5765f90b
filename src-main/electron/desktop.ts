import { app, clipboard, nativeTheme, shell } from 'electron';

import { fail, succeed } from '@shared/domain/errors';
import type { DesktopPort } from '../core/ports/desktop';

/** Clipboard, theme, log-in item, browser and the end of the app. */
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
      // Windows finds the entry only by the arguments that it was made with.
      const args = ['--hide'];
      if (app.getLoginItemSettings({ args }).openAtLogin !== enabled) {
        app.setLoginItemSettings({ openAtLogin: enabled, args });
      }
    },
    openPage: (address) =>
      shell.openExternal(address).then(
        () => succeed(null),
        () => fail('browser-unavailable', 'details'),
      ),
    quit: () => {
      app.quit();
    },
  };
}
