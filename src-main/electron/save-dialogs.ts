import { basename, dirname, extname, join } from 'node:path';

import type { BaseWindow, OpenDialogOptions, SaveDialogOptions } from 'electron';
import { app, BrowserWindow, dialog, shell } from 'electron';

import type { SaveDialogs } from '../core/ports/saving';

/** Before anything was saved, dialogs begin where downloads go. */
function beginAt(folder: string | null): string {
  return folder ?? app.getPath('downloads');
}

/** The window that asks; the dialog belongs to it, so that it cannot get lost behind it. */
function parent(): BaseWindow | null {
  return BrowserWindow.getFocusedWindow();
}

/** The OS's own dialogs and file manager. What they answer is the only way for a path into RecLight. */
export function createSaveDialogs(): SaveDialogs {
  return {
    chooseFile: async ({ title, kinds, suggested, folder }) => {
      // No question before overwriting: nothing is overwritten, a name that is taken gets a number.
      const options: SaveDialogOptions = {
        title,
        defaultPath: join(beginAt(folder), suggested),
        filters: kinds.map(({ kind, name }) => ({ name, extensions: [kind] })),
        properties: ['createDirectory'],
      };
      const window = parent();
      const answer =
        window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
      if (answer.canceled || answer.filePath === '') return null;
      const chosen = basename(answer.filePath);
      // Not every desktop's dialog adds what the filter says.
      const isNamed = kinds.some(({ kind }) => extname(chosen).toLowerCase() === `.${kind}`);
      const fileName = isNamed ? chosen : `${chosen}.${kinds[0]?.kind ?? ''}`;
      return { folder: dirname(answer.filePath), fileName };
    },
    chooseFolder: async ({ title, button, folder }) => {
      const options: OpenDialogOptions = {
        title,
        buttonLabel: button,
        defaultPath: beginAt(folder),
        properties: ['openDirectory', 'createDirectory'],
      };
      const window = parent();
      const answer =
        window === null ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(window, options);
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    showFile: ({ folder, fileName }) => {
      shell.showItemInFolder(join(folder, fileName));
    },
  };
}
