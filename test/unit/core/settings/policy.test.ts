import { describe, expect, it } from 'vitest';

import { defaultSettings } from '@shared/ipc/settings';
import {
  applyPolicy,
  managedSettings,
  parsePolicy,
  policyPathOf,
} from '../../../../src-main/core/settings/policy';

describe('policyPathOf', () => {
  it.each([
    [['reclight'], null],
    [['reclight', '--policy=/etc/reclight.json'], '/etc/reclight.json'],
    [['--policy=a=b c.json'], 'a=b c.json'],
    [['--policy=first', '--policy=second'], 'second'],
    [['--policy='], null],
    [['--policy', 'x'], null],
    [['x--policy=y'], null],
    [[], null],
  ])('in %j is %j', (argv, path) => {
    expect(policyPathOf(argv)).toBe(path);
  });
});

describe('parsePolicy', () => {
  it.each([
    {},
    { serverAddress: 'recorder.example.com' },
    { polling: { hiddenMs: 30_000 }, notifications: { saved: false } },
    {
      recording: { autoResumeSeconds: 30 },
      player: { cacheMegabytes: 16 },
      appearance: { startAtLogin: true },
    },
  ])('takes %j', (policy) => {
    expect(parsePolicy(JSON.stringify(policy))).toEqual({ ok: true, policy });
  });

  it('reads past the byte order mark that Notepad and PowerShell write (C15)', () => {
    expect(parsePolicy('\uFEFF{"polling": {"hiddenMs": 30000}}')).toEqual({
      ok: true,
      policy: { polling: { hiddenMs: 30_000 } },
    });
  });

  it.each([
    [null, ''],
    ['', ''],
    ['\uFEFF', ''],
    ['\uFEFF\uFEFF{}', ''],
    ['{', ''],
    ['null', ''],
    ['[]', ''],
    ['{"serverAddress": ""}', 'serverAddress'],
    ['{"serverAddress": 1}', 'serverAddress'],
    ['{"polling": {"hiddenMs": 1}}', 'polling.hiddenMs'],
    ['{"polling": {"hiddenMs": 30000, "x": 1}}', 'polling.x'],
    ['{"appearance": {"theme": "blue"}}', 'appearance.theme'],
    ['{"line": {}}', 'line'],
    ['{"account": {"username": "anna"}}', 'account'],
    ['{"password": "x"}', 'password'],
    ['{"polling": {"hiddenMs": 30000}, "hotkeys": {}}', 'hotkeys'],
  ])('refuses %j whole, and names the place: %j', (text, field) => {
    expect(parsePolicy(text)).toEqual({ ok: false, field });
  });
});

describe('applyPolicy', () => {
  it('lays the administrator’s settings over the user’s, and changes neither', () => {
    const settings = defaultSettings();
    const policy = { serverAddress: 'recorder.example.com', notifications: { saved: false } };
    const before = JSON.stringify([settings, policy]);
    expect(applyPolicy(settings, policy)).toEqual({
      ...settings,
      account: { ...settings.account, serverAddress: 'recorder.example.com' },
      notifications: { ...settings.notifications, saved: false },
    });
    expect(JSON.stringify([settings, policy])).toBe(before);
  });

  it('leaves everything where there is no policy', () => {
    expect(applyPolicy(defaultSettings(), {})).toEqual(defaultSettings());
  });
});

it('managedSettings names what a window must not offer to change', () => {
  expect(managedSettings({})).toEqual([]);
  expect(
    managedSettings({ serverAddress: 'x', polling: { hiddenMs: 5_000 }, player: { speed: 1, volume: 1 } }),
  ).toEqual(['account.serverAddress', 'polling.hiddenMs', 'player.speed', 'player.volume']);
});
