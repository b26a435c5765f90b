import type { HotkeyAction, Settings } from '@shared/ipc/settings';
import { hotkeyActions } from '@shared/ipc/settings';
import type { HotkeyView } from '@shared/ipc/snapshot';
import type { Disposable } from '../ports/clock';
import type { HotkeyRegistrar } from '../ports/desktop';

/** Registers the user's hotkeys and tells what became of each. */
export interface HotkeysService extends Disposable {
  /** Registers what changed; everything else stays as it is. */
  apply(hotkeys: Settings['hotkeys']): void;
  /** Tries again what the OS did not give: the program that had it may be gone. */
  retry(): void;
  view(): readonly HotkeyView[];
}

/**
 * Makes the hotkeys service.
 * @param registrar the OS
 * @param pressed called with the action of a pressed hotkey
 * @param changed called when a view has changed by itself, or by `retry`
 */
export function createHotkeysService(
  registrar: HotkeyRegistrar,
  pressed: (action: HotkeyAction) => void,
  changed: () => void = () => undefined,
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

  /** A press has arrived: what was only promised is proven. */
  const confirm = (action: HotkeyAction): void => {
    if (!views.some((view) => view.action === action && view.unconfirmed === true)) return;
    views = views.map((view) => (view.action === action ? { ...view, unconfirmed: false } : view));
    changed();
  };

  const register = (action: HotkeyAction, accelerator: string | null): HotkeyView => {
    if (accelerator === null) return { action, accelerator, registered: false, error: null };
    const error = registrar.register(accelerator, () => {
      confirm(action);
      pressed(action);
    });
    const view = { action, accelerator, registered: error === null, error };
    return error === null && registrar.isUnproven ? { ...view, unconfirmed: true } : view;
  };

  return {
    apply: (hotkeys) => {
      const others = views.filter((view) => view.accelerator !== hotkeys[view.action] || !view.registered);
      // All go before any comes: two actions may have swapped their keys.
      for (const view of others) release(view);
      views = views.map((view) =>
        others.includes(view) ? register(view.action, hotkeys[view.action]) : view,
      );
    },
    retry: () => {
      const before = views;
      views = views.map((view) =>
        view.error?.code === 'accelerator-taken' ? register(view.action, view.accelerator) : view,
      );
      if (views.some((view, at) => view.registered !== before[at]?.registered)) changed();
    },
    view: () => views,
    dispose: () => {
      for (const view of views) release(view);
      views = views.map((view) => ({ ...view, registered: false }));
      registrar.dispose();
    },
  };
}
