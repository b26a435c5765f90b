import { describe, expect, it, vi } from 'vitest';

import type { CodedError } from '@shared/domain/errors';
import type { HotkeyAction, Settings } from '@shared/ipc/settings';
import { defaultSettings, hotkeyActions } from '@shared/ipc/settings';
import { createHotkeysService } from '../../../../src-main/core/desktop/hotkeys';
import type { HotkeyRegistrar } from '../../../../src-main/core/ports/desktop';

const { hotkeys: defaults } = defaultSettings();

/** An OS that gives each key to one owner only. */
class Keyboard implements HotkeyRegistrar {
  readonly held = new Map<string, () => void>();
  readonly taken = new Set<string>();
  readonly journal: string[] = [];
  isDisposed = false;
  isUnproven = false;

  register(accelerator: string, pressed: () => void): CodedError | null {
    this.journal.push(`+${accelerator}`);
    if (accelerator === 'Nonsense') {
      return { code: 'invalid-accelerator', operation: 'hotkey', detail: { accelerator } };
    }
    if (this.taken.has(accelerator) || this.held.has(accelerator)) {
      return { code: 'accelerator-taken', operation: 'hotkey', detail: { accelerator } };
    }
    this.held.set(accelerator, pressed);
    return null;
  }

  unregister(accelerator: string): void {
    this.journal.push(`-${accelerator}`);
    this.held.delete(accelerator);
  }

  dispose(): void {
    this.isDisposed = true;
  }

  press(accelerator: string): void {
    this.held.get(accelerator)?.();
  }
}

function setUp() {
  const keyboard = new Keyboard();
  const pressed: HotkeyAction[] = [];
  const changed = vi.fn();
  const hotkeys = createHotkeysService(keyboard, (action) => pressed.push(action), changed);
  const apply = (changes: Partial<Settings['hotkeys']> = {}) => {
    keyboard.journal.length = 0;
    hotkeys.apply({ ...defaults, ...changes });
  };
  const viewOf = (action: HotkeyAction) => hotkeys.view().find((view) => view.action === action);
  return { keyboard, pressed, changed, hotkeys, apply, viewOf };
}

describe('hotkeys', () => {
  it('shows every action before anything is registered', () => {
    const { hotkeys } = setUp();
    expect(hotkeys.view().map(({ action }) => action)).toEqual(hotkeyActions);
    expect(hotkeys.view().every(({ registered, error }) => !registered && error === null)).toBe(true);
  });

  it('registers what is set and tells so; each key does its own', () => {
    const { keyboard, pressed, apply, hotkeys } = setUp();
    apply();
    expect(hotkeys.view()).toEqual(
      hotkeyActions.map((action) => ({
        action,
        accelerator: defaults[action],
        registered: defaults[action] !== null,
        error: null,
      })),
    );
    for (const action of ['stop', 'record', 'mark', 'toggle-window'] as const)
      keyboard.press(defaults[action]!);
    expect(pressed).toEqual(['stop', 'record', 'mark', 'toggle-window']);
  });

  it('leaves alone what has not changed', () => {
    const { keyboard, apply } = setUp();
    apply();
    apply();
    expect(keyboard.journal).toEqual([]);
    apply({ mark: 'F9' });
    expect(keyboard.journal).toEqual([`-${defaults.mark}`, '+F9']);
  });

  it('swaps two keys', () => {
    const { keyboard, pressed, apply, hotkeys } = setUp();
    apply();
    apply({ record: defaults.stop, stop: defaults.record });
    expect(hotkeys.view().every(({ error }) => error === null)).toBe(true);
    keyboard.press(defaults.record!);
    expect(pressed).toEqual(['stop']);
  });

  it('gives a key back', () => {
    const { keyboard, apply, viewOf } = setUp();
    apply();
    apply({ record: null });
    expect(keyboard.held.has(defaults.record!)).toBe(false);
    expect(viewOf('record')).toEqual({ action: 'record', accelerator: null, registered: false, error: null });
  });

  it('shows a key that another program has, and takes it as soon as it is free', () => {
    const { keyboard, apply, viewOf } = setUp();
    keyboard.taken.add(defaults.record!);
    apply();
    expect(viewOf('record')).toMatchObject({
      accelerator: defaults.record,
      registered: false,
      error: { code: 'accelerator-taken', detail: { accelerator: defaults.record } },
    });
    expect(viewOf('stop')?.registered).toBe(true);
    keyboard.taken.clear();
    apply();
    expect(viewOf('record')).toMatchObject({ registered: true, error: null });
  });

  it('tries again what another program had, when it is told to, and leaves the rest alone (C31)', () => {
    const { keyboard, changed, hotkeys, apply, viewOf } = setUp();
    keyboard.taken.add(defaults.record!);
    apply({ pause: 'Nonsense' });
    keyboard.journal.length = 0;
    hotkeys.retry();
    expect(keyboard.journal).toEqual([`+${defaults.record}`]);
    expect(changed).not.toHaveBeenCalled();
    keyboard.taken.clear();
    hotkeys.retry();
    expect(viewOf('record')).toMatchObject({ registered: true, error: null });
    expect(changed).toHaveBeenCalledOnce();
    keyboard.journal.length = 0;
    hotkeys.retry();
    expect(keyboard.journal).toEqual([]);
  });

  it('believes a Wayland desktop only once a press has arrived (D11)', () => {
    const { keyboard, pressed, changed, apply, viewOf } = setUp();
    keyboard.isUnproven = true;
    apply();
    expect(viewOf('record')).toMatchObject({ registered: true, unconfirmed: true });
    keyboard.press(defaults.record!);
    expect(viewOf('record')).toMatchObject({ registered: true, unconfirmed: false });
    expect(viewOf('stop')?.unconfirmed).toBe(true);
    expect(pressed).toEqual(['record']);
    keyboard.press(defaults.record!);
    expect(changed).toHaveBeenCalledOnce();
    apply({ record: 'F9' });
    expect(viewOf('record')?.unconfirmed).toBe(true);
  });

  it('shows a key that is none', () => {
    const { apply, viewOf } = setUp();
    apply({ pause: 'Nonsense' });
    expect(viewOf('pause')).toMatchObject({ registered: false, error: { code: 'invalid-accelerator' } });
  });

  it('never gives one key to two actions: the second is told that it is taken', () => {
    const { keyboard, pressed, apply, viewOf } = setUp();
    apply({ record: 'F9', stop: 'F9' });
    expect(viewOf('record')?.registered).toBe(true);
    expect(viewOf('stop')).toMatchObject({ registered: false, error: { code: 'accelerator-taken' } });
    keyboard.press('F9');
    expect(pressed).toEqual(['record']);
    apply({ record: null, stop: 'F9' });
    expect(viewOf('stop')?.registered).toBe(true);
    keyboard.press('F9');
    expect(pressed).toEqual(['record', 'stop']);
  });

  it('does not give back a key that it never had', () => {
    const { keyboard, apply } = setUp();
    keyboard.taken.add(defaults.record!);
    apply();
    apply({ record: 'F9' });
    expect(keyboard.journal).toEqual(['+F9']);
  });

  it('gives everything back at the end, once', () => {
    const { keyboard, apply, hotkeys } = setUp();
    apply();
    hotkeys.dispose();
    expect(keyboard.held.size).toBe(0);
    expect(keyboard.isDisposed).toBe(true);
    expect(hotkeys.view().some(({ registered }) => registered)).toBe(false);
    keyboard.journal.length = 0;
    hotkeys.dispose();
    expect(keyboard.journal).toEqual([]);
  });
});
