import { globalShortcut } from 'electron';

import type { HotkeyRegistrar } from '../core/ports/desktop';

/**
 * Global shortcuts of the OS.
 * @param isWayland whether Electron runs as a Wayland program, to which only the desktop's portal gives shortcuts
 */
export function createHotkeyRegistrar(isWayland: boolean): HotkeyRegistrar {
  return {
    isUnproven: isWayland,
    register: (accelerator, pressed) => {
      const detail = { accelerator };
      try {
        if (globalShortcut.register(accelerator, pressed)) return null;
      } catch {
        // Electron throws for what it cannot read as an accelerator.
        return { code: 'invalid-accelerator', operation: 'hotkey', detail };
      }
      return { code: isWayland ? 'shortcuts-unsupported' : 'accelerator-taken', operation: 'hotkey', detail };
    },
    unregister: (accelerator) => {
      globalShortcut.unregister(accelerator);
    },
    dispose: () => {
      globalShortcut.unregisterAll();
    },
  };
}
