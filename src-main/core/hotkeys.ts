import type { HotkeyAction, Settings } from '../shared/settings';
import { hotkeyActions } from '../shared/settings';
import type { HotkeyView } from '../shared/snapshot';
import type { Disposable, HotkeyRegistrar } from './ports';

/** Registers the user's hotkeys and tells what became of each. */
export interface HotkeysService extends Disposable {
  /** Registers what changed; everything else stays registered. */
  apply(hotkeys: Settings['hotkeys']): void;
  view(): readonly HotkeyView[];
}

/**
 * Makes the hotkeys service.
 * @param registrar the OS
 * @param pressed called with the action of a pressed hotkey
 */
export function createHotkeysService(
  registrar: HotkeyRegistrar,
  pressed: (action: HotkeyAction) => void,
): HotkeysService {
  let views: readonly HotkeyView[] = hotkeyActions.map((action) => ({
    action,
    accelerator: null,
    registered: false,
    error: null,
  }));

  const release = (view: HotkeyView): void => {
    if (view.registered && view.accelerator !== null) registrar.unregister(view.accelerator);
  };

  return {
    apply: (hotkeys) => {
      const changed = views.filter((view) => view.accelerator !== hotkeys[view.action] || !view.registered);
      // All go before any comes: two actions may have swapped their keys.
      for (const view of changed) release(view);
      views = views.map((view) => {
        if (!changed.includes(view)) return view;
        const accelerator = hotkeys[view.action];
        if (accelerator === null) {
          return { action: view.action, accelerator, registered: false, error: null };
        }
        const error = registrar.register(accelerator, () => {
          pressed(view.action);
        });
        return { action: view.action, accelerator, registered: error === null, error };
      });
    },
    view: () => views,
    dispose: () => {
      for (const view of views) release(view);
      views = views.map((view) => ({ ...view, registered: false }));
      registrar.dispose();
    },
  };
}
