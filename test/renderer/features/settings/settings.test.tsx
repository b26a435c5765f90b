import { act, fireEvent, screen, within } from '@testing-library/react';
import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { defaultSettings, noticeKinds, settingsPatchSchema } from '@shared/ipc/settings';
import type { Snapshot } from '@shared/ipc/snapshot';
import type { SettingsTab } from '../../../../src-renderer/services/ui';
import { snapshotOf } from '../../../fixtures/examples';
import type { FakeAnswers } from '../../../fixtures/fake-window-api';
import { renderWindow, settle, useLateParts, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();

useLateParts();

async function open(tab: SettingsTab, changes: Partial<Snapshot> = {}, answers: FakeAnswers = {}) {
  const window = await renderWindow(snapshotOf(changes), answers);
  act(() => {
    window.services.ui.getState().showSettings(tab);
  });
  await vi.waitFor(async () => {
    await settle();
    screen.getByRole('tabpanel');
  });
  return window;
}

const panel = () => within(screen.getByRole('tabpanel'));
const patches = (window: { fake: { callsOf(channel: 'updateSettings'): readonly unknown[] } }) =>
  window.fake.callsOf('updateSettings');

test('the tabs are those of the design, and each shows its panel', async () => {
  await open('account');
  const names = screen.getAllByRole('tab').map(({ textContent }) => textContent);
  expect(names).toEqual([
    'Account',
    'Line',
    'Shortcuts',
    'Notifications',
    'Appearance',
    'Connection',
    'About',
  ]);
  for (const name of names) {
    fireEvent.click(screen.getByRole('tab', { name: name ?? '' }));
    await settle();
    expect(screen.getByRole('tabpanel', { name: name ?? '' })).toBeTruthy();
  }
});

test('Esc and the back button lead back, and the focus to where one came from', async () => {
  const { services } = await open('about');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Back' }));
  fireEvent.keyDown(window, { key: 'Escape' });
  await settle();
  expect(services.ui.getState().view).toBe('main');
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Settings' }));
});

test('signs out', async () => {
  const { fake } = await open('account');
  expect(panel().getByText('anna')).toBeTruthy();
  fireEvent.click(panel().getByRole('button', { name: 'Sign out' }));
  await settle();
  expect(fake.callsOf('signOut')).toHaveLength(1);
});

test('Enter saves a field and stays in it, but not the one that ends what an input method composes (R-11, R-13)', async () => {
  const window = await open('line');
  const field = panel().getByLabelText('Directory number');
  act(() => {
    field.focus();
  });
  fireEvent.change(field, { target: { value: '102' } });
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
  await settle();
  expect(patches(window)).toEqual([]);
  fireEvent.keyDown(field, { key: 'Enter' });
  await settle();
  expect(patches(window)).toEqual([{ line: { directoryNumber: '102' } }]);
  expect(document.activeElement).toBe(field);
});

test('the line is saved when its field is left, trimmed, and only when it changed', async () => {
  const window = await open('line');
  const field = panel().getByLabelText('Directory number');
  fireEvent.blur(field);
  fireEvent.change(field, { target: { value: ' 102 ' } });
  expect(patches(window)).toEqual([]);
  fireEvent.blur(field);
  await settle();
  fireEvent.change(panel().getByLabelText('Recording mode'), { target: { value: 'dial-in' } });
  await settle();
  expect(patches(window)).toEqual([{ line: { directoryNumber: '102' } }, { line: { mode: 'dial-in' } }]);
});

describe('changes that come faster than the disk answers', () => {
  test('are all sent, and shown at once (R-2)', async () => {
    const answers: (() => void)[] = [];
    const window = await open(
      'notifications',
      {},
      {
        updateSettings: () =>
          new Promise((resolve) => {
            answers.push(() => {
              resolve(succeed(null));
            });
          }),
      },
    );
    const [first, second] = panel().getAllByRole('checkbox') as HTMLInputElement[];
    for (const box of [first!, second!, first!]) fireEvent.click(box);
    expect(patches(window)).toEqual([
      { notifications: { started: false } },
      { notifications: { stopped: false } },
      { notifications: { started: true } },
    ]);
    expect([first?.checked, second?.checked]).toEqual([true, false]);
    for (const answer of answers) answer();
    await settle();
  });

  test('are each made from the one before (R-2)', async () => {
    const window = await open('appearance', {}, { updateSettings: () => new Promise(() => undefined) });
    const theme = panel().getByLabelText('Theme') as HTMLSelectElement;
    const next = () => {
      fireEvent.change(theme, { target: { value: theme.options[theme.selectedIndex + 1]?.value } });
    };
    next();
    next();
    expect(patches(window)).toEqual([{ appearance: { theme: 'light' } }, { appearance: { theme: 'dark' } }]);
    expect(theme.value).toBe('dark');
  });

  test('are taken back where they are refused (R-2)', async () => {
    await open('appearance', {}, { updateSettings: () => fail('settings-unwritable', 'settings') });
    const theme = panel().getByLabelText('Theme') as HTMLSelectElement;
    fireEvent.change(theme, { target: { value: 'dark' } });
    await settle();
    expect(theme.value).toBe('system');
    expect(panel().getByRole('alert').textContent).toMatch(/could not be saved/);
  });
});

test('a change that cannot be saved says so', async () => {
  await open('appearance', {}, { updateSettings: () => fail('settings-unwritable', 'settings') });
  fireEvent.change(panel().getByLabelText('Theme'), { target: { value: 'dark' } });
  await settle();
  expect(panel().getByRole('alert').textContent).toMatch(/could not be saved/);
});

test('the theme is put on the document, the system’s own is not', async () => {
  const settings = defaultSettings();
  const { send } = await open('appearance');
  expect(document.documentElement.dataset['theme']).toBeUndefined();
  await send(
    snapshotOf({
      revision: 2,
      settings: { ...settings, appearance: { ...settings.appearance, theme: 'dark' } },
    }),
  );
  expect(document.documentElement.dataset['theme']).toBe('dark');
});

test('each notice can be switched off by itself', async () => {
  const window = await open('notifications');
  const boxes = panel().getAllByRole('checkbox');
  expect(boxes).toHaveLength(noticeKinds.length + 1);
  for (const box of boxes) {
    fireEvent.click(box);
    await settle();
  }
  expect(patches(window)).toEqual([
    ...noticeKinds.map((kind) => ({ notifications: { [kind]: false } })),
    { notifications: { sounds: true } },
  ]);
});

describe('numbers', () => {
  test.each([
    { typed: '3', saved: [{ polling: { activeMs: 3_000 } }] },
    { typed: '0', saved: [] },
    { typed: '11', saved: [] },
    { typed: '2.5', saved: [] },
    { typed: '', saved: [] },
  ])('"$typed" seconds saves $saved', async ({ typed, saved }) => {
    const window = await open('connection');
    const field = panel().getByLabelText('While something happens');
    fireEvent.change(field, { target: { value: typed } });
    fireEvent.blur(field);
    await settle();
    expect(patches(window)).toEqual(saved);
    expect(field.getAttribute('aria-invalid')).toBe(saved.length > 0 ? null : 'true');
  });

  test.each([
    ['While something happens', (value: number) => ({ polling: { activeMs: value * 1_000 } })],
    ['With the window open', (value: number) => ({ polling: { visibleMs: value * 1_000 } })],
    ['Otherwise', (value: number) => ({ polling: { hiddenMs: value * 1_000 } })],
    ['Record next call waits, in minutes', (value: number) => ({ recording: { waitMinutes: value } })],
    [
      'Memory for recordings you have played, in MB',
      (value: number) => ({ player: { cacheMegabytes: value } }),
    ],
  ])('the form and the contract have the same bounds for "%s"', async (label, patch) => {
    await open('connection');
    const { min, max } = panel().getByLabelText<HTMLInputElement>(label);
    const accepts = (value: number) => v.is(settingsPatchSchema, patch(value));
    const [first, last] = [Number(min), Number(max)];
    expect([first - 1, first, last, last + 1].map(accepts)).toEqual([false, true, true, false]);
  });

  test('automatic resuming is switched on and off', async () => {
    const window = await open('connection');
    fireEvent.click(panel().getByRole('checkbox', { name: 'Resume a paused recording by itself' }));
    await settle();
    expect(patches(window)).toEqual([{ recording: { autoResumeSeconds: 60 } }]);
  });
});

describe('shortcuts', () => {
  const shortcut = (action: string) =>
    panel().getByRole('button', { name: new RegExp(`^Shortcut for ${action}:`) });
  const pressKeys = (keys: object) => {
    fireEvent.keyDown(screen.getByRole('button', { name: 'Press the keys…' }), keys);
  };

  test('a shortcut is recorded by pressing it', async () => {
    const window = await open('shortcuts');
    fireEvent.click(shortcut('Pause'));
    pressKeys({ key: 'Control', code: 'ControlLeft', ctrlKey: true });
    pressKeys({ key: 'P', code: 'KeyP', ctrlKey: true, shiftKey: true });
    await settle();
    expect(patches(window)).toEqual([{ hotkeys: { pause: 'CommandOrControl+Shift+P' } }]);
  });

  test('a key alone, and one that another action has, are refused in words', async () => {
    const window = await open('shortcuts');
    fireEvent.click(shortcut('Stop'));
    pressKeys({ key: 'p', code: 'KeyP' });
    expect(panel().getByRole('alert').textContent).toMatch(/^Hold Ctrl/);
    pressKeys({ key: 'F9', code: 'F9', ctrlKey: true, shiftKey: true });
    expect(panel().getByRole('alert').textContent).toBe('This is already the shortcut for Record.');
    expect(patches(window)).toEqual([]);
  });

  test('a key that cannot be used is called by its name, whatever is held (R-27)', async () => {
    const window = await open('shortcuts');
    fireEvent.click(shortcut('Stop'));
    pressKeys({ key: 'ò', code: 'Semicolon', ctrlKey: true, altKey: true });
    expect(panel().getByRole('alert').textContent).toMatch(/^The key ò cannot be used/);
    expect(patches(window)).toEqual([]);
  });

  test('keys that type a letter with AltGr on Windows, or leave the desktop on Linux, are warned of (D11)', async () => {
    const settings = defaultSettings();
    const environment = { ...snapshotOf().environment, platform: 'win32' as const };
    const hotkeys = {
      ...settings.hotkeys,
      pause: 'CommandOrControl+Alt+S',
      resume: 'CommandOrControl+Alt+F2',
    };
    const { send } = await open('shortcuts', { environment, settings: { ...settings, hotkeys } });
    const warnings = () =>
      panel()
        .queryAllByRole('status')
        .map(({ textContent }) => textContent);
    expect(warnings()).toEqual([expect.stringMatching(/^On Windows, Ctrl and Alt are the same as AltGr/)]);
    await send(snapshotOf({ revision: 2, settings: { ...settings, hotkeys } }));
    expect(warnings()).toEqual([expect.stringMatching(/^On Linux, Ctrl and Alt with this key leave/)]);
  });

  test('the editor lets what another program had be tried again (C31)', async () => {
    const { fake } = await open('shortcuts');
    expect(fake.callsOf('retryHotkeys')).toHaveLength(1);
  });

  test('on Wayland a shortcut is to be tested, and the command to bind instead is there (D11)', async () => {
    const { hotkeys } = defaultSettings();
    const promised = { accelerator: hotkeys.record, registered: true, unconfirmed: true, error: null };
    const refused = {
      accelerator: hotkeys.stop,
      registered: false,
      error: { code: 'shortcuts-unsupported', operation: 'hotkey', detail: {} },
    } as const;
    const { send } = await open('shortcuts', {
      hotkeys: [
        { action: 'record', ...promised },
        { action: 'stop', ...refused },
      ],
    });
    expect(panel().getByRole('status').textContent).toMatch(/^Test: press Ctrl Shift F9 now/);
    expect(panel().getByRole('alert').textContent).toMatch(/^This desktop \(Wayland\) does not let/);
    expect(panel().getByText(/reclight --start$/)).toBeTruthy();
    expect(panel().getByText(/reclight --stop$/)).toBeTruthy();
    await send(snapshotOf({ revision: 2, hotkeys: [{ action: 'record', ...promised, unconfirmed: false }] }));
    expect(panel().queryByRole('status')).toBeNull();
    expect(panel().queryByText(/reclight --start$/)).toBeNull();
  });

  test('Esc ends the recording of a shortcut, not the settings', async () => {
    const { services } = await open('shortcuts');
    fireEvent.click(shortcut('Stop'));
    pressKeys({ key: 'Escape', code: 'Escape' });
    expect(shortcut('Stop')).toBeTruthy();
    expect(services.ui.getState().view).toBe('settings');
  });

  test('clears one, and resets all to what new users have', async () => {
    const window = await open('shortcuts');
    fireEvent.click(panel().getByRole('button', { name: 'Clear the shortcut for Record' }));
    await settle();
    fireEvent.click(panel().getByRole('button', { name: 'Reset all to default' }));
    await settle();
    expect(patches(window)).toEqual([{ hotkeys: { record: null } }, { hotkeys: defaultSettings().hotkeys }]);
  });

  test('one that the computer did not give is told, with its keys as they are labelled', async () => {
    const accelerator = 'CommandOrControl+Shift+F11';
    await open('shortcuts', {
      hotkeys: [
        {
          action: 'mark',
          accelerator,
          registered: false,
          error: { code: 'accelerator-taken', operation: 'hotkey', detail: { accelerator } },
        },
      ],
    });
    expect(panel().getByRole('alert').textContent).toMatch(/^The shortcut Ctrl Shift F11 is already in use/);
  });
});

test('what the administrator has fixed cannot be changed, and says so', async () => {
  await open('connection', { managedSettings: ['polling.activeMs', 'recording.autoResumeSeconds'] });
  const fixed = panel().getByLabelText('While something happens') as HTMLInputElement;
  expect(fixed.disabled).toBe(true);
  expect(document.getElementById(fixed.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
    'Set by your administrator.',
  );
  expect((panel().getByLabelText('With the window open') as HTMLInputElement).disabled).toBe(false);
  expect((panel().getByRole('checkbox') as HTMLInputElement).disabled).toBe(true);
});

test('the versions can be copied', async () => {
  const { fake } = await open('about');
  fireEvent.click(panel().getByRole('button', { name: 'Copy versions' }));
  expect(fake.callsOf('copyText')).toEqual([
    { text: 'RecLight 0.1.0, Electron 33.2.1, Chromium 130.0.0.0, linux' },
  ]);
});
