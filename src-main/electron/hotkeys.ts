import { globalShortcut } from 'electron';

import type { HotkeyRegistrar } from '../core/ports';

/** Global shortcuts of the OS. */
export function createHotkeyRegistrar(): HotkeyRegistrar {
  return {
    register: (accelerator, pressed) => {
      try {
        if (globalShortcut.register(accelerator, pressed)) return null;
      } catch {
        // Electron throws for what it cannot read as an accelerator.
        return { code: 'invalid-accelerator', operation: 'hotkey', detail: { accelerator } };
      }
      return { code: 'accelerator-taken', operation: 'hotkey', detail: { accelerator } };
    },
    unregister: (accelerator) => {
      globalShortcut.unregister(accelerator);
    },
    dispose: () => {
      globalShortcut.unregisterAll();
    },
  };
}
