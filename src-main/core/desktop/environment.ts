import type { EnvironmentView } from '@shared/ipc/snapshot';

/** What RecLight runs on, and what of it was found to work. */
export interface Environment {
  view(): EnvironmentView;
  /** Whether the desktop shows our tray icon. */
  setTray(isThere: boolean): void;
  /** Whether there is a keychain that works. */
  setKeychain(works: boolean): void;
}

/**
 * Makes it; tray and keychain count as working until they are found not to.
 * @param fixed what does not change during a run; read anew each time, because the locale is known late
 * @param changed called after every finding
 */
export function createEnvironment(
  fixed: Omit<EnvironmentView, 'hasKeychain' | 'hasTray'>,
  changed: () => void,
): Environment {
  let found = { hasKeychain: true, hasTray: true };
  return {
    view: () => ({ ...fixed, ...found }),
    setTray: (hasTray) => {
      found = { ...found, hasTray };
      changed();
    },
    setKeychain: (hasKeychain) => {
      found = { ...found, hasKeychain };
      changed();
    },
  };
}
