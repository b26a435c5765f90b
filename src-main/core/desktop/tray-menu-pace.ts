import type { Clock, Disposable } from '../ports/clock';
import type { TrayMenuItem } from './tray-model';

/** As long as a menu is usually open, ms. */
export const calmMs = 3_000;

/** Decides when a changed menu takes the place of the one that is shown. */
export interface TrayMenuPace extends Disposable {
  /** The menu as it should be now. */
  want(menu: readonly TrayMenuItem[]): void;
  /** What is shown is gone: the next menu is shown at once. */
  reset(): void;
}

/** What of a menu a press acts on without a look into the submenus. */
function withoutSubmenus(menu: readonly TrayMenuItem[]): string {
  return JSON.stringify(menu.map((item) => (item.kind === 'submenu' ? item.label : item)));
}

/**
 * A press is lost where the desktop has read the menu before it was made anew, because all its lines get new numbers. What
 * the lines do is always shown at once; new recordings in a submenu wait until the menu has been calm for `calmMs`.
 * @param apply shows a menu
 */
export function createTrayMenuPace(
  clock: Clock,
  apply: (menu: readonly TrayMenuItem[]) => void,
): TrayMenuPace {
  let shown: { readonly all: string; readonly commands: string } | null = null;
  let waiting: Disposable | null = null;

  const put = (menu: readonly TrayMenuItem[]): void => {
    waiting?.dispose();
    waiting = null;
    shown = { all: JSON.stringify(menu), commands: withoutSubmenus(menu) };
    apply(menu);
  };

  return {
    want: (menu) => {
      if (shown?.commands !== withoutSubmenus(menu)) {
        put(menu);
        return;
      }
      waiting?.dispose();
      const isSame = shown.all === JSON.stringify(menu);
      waiting = isSame ? null : clock.schedule(calmMs, () => put(menu));
    },
    reset: () => {
      shown = null;
    },
    dispose: () => {
      waiting?.dispose();
    },
  };
}
