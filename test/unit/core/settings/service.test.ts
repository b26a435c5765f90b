import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';

import type { Settings, SettingsPatch } from '@shared/ipc/settings';
import { defaultSettings, settingsPatchSchema, settingsSchema } from '@shared/ipc/settings';
import { createSettingsService, settingsDocument } from '../../../../src-main/core/settings/service';
import { MemoryFile, silentLog } from '../../../fixtures/memory-file';
import { UnreliableFile } from '../../../fixtures/unreliable-file';
import { Troubles, openTestDocument } from '../../../fixtures/open-document';
import { VirtualClock, settle } from '../../../fixtures/virtual-clock';
import { fc } from '../../../fixtures/seed';

/** Starts on a file that another run may have left. */
async function start(file: UnreliableFile) {
  const clock = new VirtualClock();
  const troubles = new Troubles();
  const settings = createSettingsService(
    openTestDocument(settingsDocument, file, clock, troubles),
    silentLog,
  );
  const loading = settings.load();
  await clock.advance(5_000);
  await loading;
  return { file, settings, clock, told: troubles.told };
}

const open = (text: string | null = null) => start(new UnreliableFile(text));

const written = (file: UnreliableFile) => JSON.parse(file.text ?? 'null') as Settings;

const own: Settings = {
  ...defaultSettings(),
  account: { serverAddress: 'https://recorder.example.com', username: 'anna', remember: true },
  line: { directoryNumber: '101', deviceName: 'SEP1', mode: 'dial-in' },
  hotkeys: { ...defaultSettings().hotkeys, record: 'F9', pause: 'F10' },
  appearance: { theme: 'dark', showAtStart: false, startAtLogin: true },
  window: { x: -1_200, y: 30, width: 400, height: 640 },
};

describe('defaults', () => {
  it('are those of the design', async () => {
    const { settings, told, file } = await open();
    expect(told).toEqual([]);
    expect(file.text).toBeNull();
    expect(settings.current()).toEqual({
      version: 1,
      account: { serverAddress: null, username: null, remember: false },
      line: { directoryNumber: null, deviceName: null, mode: 'media-forking' },
      lines: [],
      hotkeys: {
        record: 'CommandOrControl+Shift+F9',
        stop: 'CommandOrControl+Shift+F10',
        pause: null,
        resume: null,
        mark: 'CommandOrControl+Shift+F11',
        'toggle-window': 'CommandOrControl+Shift+F12',
      },
      hotkeyDefaults: 2,
      notifications: {
        started: true,
        stopped: true,
        marked: true,
        saved: true,
        refused: true,
        unknown: true,
        recovered: true,
        'pause-reminder': true,
        sounds: false,
      },
      appearance: { theme: 'system', showAtStart: true, startAtLogin: false },
      polling: { activeMs: 2_000, visibleMs: 5_000, hiddenMs: 10_000 },
      recording: { waitMinutes: 10, autoResumeSeconds: null },
      player: { volume: 1, speed: 1, cacheMegabytes: 128 },
      keep: { template: '{start} {remote} {reference}', folder: null },
      window: null,
    });
  });

  it('satisfy their own schema, written and read', () => {
    const text = JSON.stringify(defaultSettings());
    expect(v.parse(settingsSchema, JSON.parse(text))).toEqual(defaultSettings());
  });
});

describe('loading', () => {
  it('reads back what was written', async () => {
    const { settings, told, file } = await open(JSON.stringify(own));
    expect(settings.current()).toEqual(own);
    expect(told).toEqual([]);
    expect(file.asides).toEqual([]);
  });

  it('reads past a byte order mark, and writes none (C15)', async () => {
    const { settings, told, file } = await open(`\uFEFF${JSON.stringify(own)}`);
    expect(settings.current()).toEqual(own);
    expect(told).toEqual([]);
    await settings.update({ appearance: { theme: 'light' } });
    expect(written(file).appearance.theme).toBe('light');
  });

  it.each([
    ['an empty object', {}],
    ['an older file without whole groups', { version: 1, line: own.line }],
    ['an older file without single fields', { hotkeys: { record: 'F9' }, player: { volume: 0.5 } }],
    ['a newer file’s groups', { later: { x: 1 }, constructor: 1 }],
    ['a newer file’s fields', { appearance: { theme: 'dark', density: 'compact' } }],
  ])('understands %s without a word', async (_what, content) => {
    const { settings, told, file } = await open(JSON.stringify(content));
    expect(told).toEqual([]);
    expect(file.asides).toEqual([]);
    expect(v.is(settingsSchema, settings.current())).toBe(true);
    expect(settings.current()).not.toHaveProperty('later');
    if ('hotkeys' in content) {
      expect(settings.current().hotkeys).toMatchObject({ record: 'F9', stop: 'CommandOrControl+Shift+F10' });
    }
  });

  it.each(['', '{', 'null', '[]', '[1]', '"x"', '7', 'true', '{"line":', '\ufeff\u0000', 'undefined'])(
    'sets %j aside, once, and starts with defaults',
    async (text) => {
      const { settings, told, file } = await open(text);
      expect(settings.current()).toEqual(defaultSettings());
      expect(told).toEqual(['damaged settings.damaged-1.json']);
      expect(file.asides).toEqual([text]);
      const again = await start(file);
      expect(again.told).toEqual([]);
      expect(file.asides).toHaveLength(1);
    },
  );

  const damages: Readonly<Record<Exclude<keyof Settings, never>, readonly unknown[]>> = {
    version: [0, '1', null],
    account: [
      null,
      'x',
      {},
      { ...own.account, remember: 'yes' },
      { ...own.account, username: '' },
      { ...own.account, serverAddress: 7 },
    ],
    line: [null, {}, { ...own.line, mode: 0 }, { ...own.line, directoryNumber: 101 }, { mode: 'dial-in' }],
    lines: [null, {}, [own.line], [{ scope: 1, line: own.line }], [{ scope: 'x', line: {} }]],
    hotkeys: [null, 'x', { record: 1 }, { stop: '' }],
    hotkeyDefaults: [0, 3, '2'],
    notifications: [null, { started: 'yes' }, { sounds: 1 }],
    appearance: [null, { theme: 'blue' }, { showAtStart: 1 }],
    polling: [null, { activeMs: 0 }, { activeMs: 999 }, { visibleMs: '5000' }, { hiddenMs: 1e9 }],
    recording: [null, { waitMinutes: 0 }, { waitMinutes: 1.5 }, { autoResumeSeconds: 1 }],
    player: [null, { volume: 2 }, { speed: 0 }, { cacheMegabytes: 1e6 }],
    keep: [null, { template: 'call' }, { template: '{start} {name}' }, { folder: '' }, { folder: 7 }],
    window: ['x', {}, { x: 0, y: 0, width: 1, height: 1 }, { x: 0.5, y: 0, width: 400, height: 640 }],
  };

  it.each(
    Object.entries(damages).flatMap(([group, values]) =>
      values.map((value) => [group as keyof Settings, value] as const),
    ),
  )('keeps every group but a damaged %s (%j)', async (group, value) => {
    const text = JSON.stringify({ ...own, [group]: value });
    const { settings, told, file } = await open(text);
    expect(told).toEqual(['damaged settings.damaged-1.json']);
    expect(file.asides).toEqual([text]);
    const expected = { ...own, [group]: defaultSettings()[group] };
    expect(settings.current()).toEqual(expected);
    expect(written(file)).toEqual(expected);
  });

  it.each([
    ['a bare letter', { record: 'A' }, {}],
    ['no shortcut at all', { record: 'Ctrl+Nonsense' }, {}],
    ['one shortcut twice', { record: 'F3', stop: 'F3', mark: 'F4' }, { record: 'F3', mark: 'F4' }],
    ['one shortcut in two spellings', { record: 'Ctrl+F3', stop: 'CmdOrCtrl+f3' }, { record: 'Control+F3' }],
    [
      'the default of another action, and a bare letter there',
      { stop: 'CommandOrControl+Shift+F9', record: 'A' },
      { stop: 'CommandOrControl+Shift+F9', record: null },
    ],
  ])(
    'gives %s in the file its default, keeps the other shortcuts, and tells (D11)',
    async (_what, wrong, kept) => {
      const text = JSON.stringify({ ...own, hotkeys: { ...wrong, pause: 'F8' } });
      const { settings, told, file } = await open(text);
      expect(told).toEqual(['damaged settings.damaged-1.json']);
      const hotkeys = { ...defaultSettings().hotkeys, pause: 'F8', ...kept };
      expect(settings.current()).toEqual({ ...own, hotkeys });
      expect(written(file).hotkeys).toEqual(hotkeys);
    },
  );

  it('gives new shortcuts to who never chose one, and leaves alone what was chosen (D11)', async () => {
    const former = {
      record: 'CommandOrControl+Alt+R',
      stop: 'CommandOrControl+Alt+S',
      pause: 'CommandOrControl+Shift+F10',
      resume: null,
      mark: 'F4',
      'toggle-window': null,
    };
    const { hotkeyDefaults: _none, ...old } = { ...own, hotkeys: former };
    const { settings, file, told } = await open(JSON.stringify(old));
    expect(told).toEqual([]);
    const hotkeys = { ...former, record: 'CommandOrControl+Shift+F9' };
    expect(settings.current()).toEqual({ ...own, hotkeys });
    expect(written(file)).toEqual({ ...own, hotkeys });
    // Whoever chooses a former default now, has chosen it.
    await settings.update({ hotkeys: { record: 'CommandOrControl+Alt+R' } });
    const again = await start(file);
    expect(again.settings.current().hotkeys.record).toBe('CommandOrControl+Alt+R');
  });

  it('survives any JSON, and always ends with sound settings', async () => {
    const part = fc.jsonValue();
    const files = fc.oneof(
      fc.string(),
      part.map((value) => JSON.stringify(value)),
      fc
        .dictionary(fc.constantFrom(...Object.keys(own), '__proto__', 'x'), part)
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(files, async (text) => {
        const { settings, told, file } = await open(text);
        expect(v.is(settingsSchema, settings.current())).toBe(true);
        expect(file.asides).toEqual(told.some((trouble) => trouble.startsWith('damaged')) ? [text] : []);
      }),
    );
  });

  it('starts without a damaged file that cannot be moved, and never overwrites it', async () => {
    const file = new UnreliableFile('{"appearance": {"theme": "light"}, "line": 7}');
    file.canSetAside = false;
    const { settings, told, clock } = await start(file);
    expect(told).toEqual(['unreadable settings.json']);
    expect(settings.current().appearance.theme).toBe('light');
    const result = await settings.update({ appearance: { theme: 'dark' } });
    expect(result).toMatchObject({ ok: false, error: { code: 'settings-unwritable' } });
    expect(settings.current().appearance.theme).toBe('dark');
    expect(file.text).toContain('"line": 7');
    file.canSetAside = true;
    await clock.advance(60_000);
    expect(told.slice(1)).toEqual(['damaged settings.damaged-1.json', '-unreadable settings.json']);
    expect(written(file).appearance.theme).toBe('dark');
  });

  it('never writes a file of a newer RecLight, but uses what it knows of it', async () => {
    const text = '{"version": 2, "appearance": {"theme": "dark"}, "line": "new kind"}';
    const { settings, file, told } = await open(text);
    expect(told).toEqual(['newer settings.json']);
    expect(settings.current().appearance.theme).toBe('dark');
    expect((await settings.update({ player: { volume: 0.5 } })).ok).toBe(false);
    await settings.settled();
    expect(settings.current().player.volume).toBe(0.5);
    expect([file.text, file.asides]).toEqual([text, []]);
  });

  it('joins a file that could be read only late with what was changed meanwhile', async () => {
    const file = new UnreliableFile(JSON.stringify(own));
    file.isReadable = false;
    const { settings, told, clock } = await start(file);
    const late = vi.fn();
    settings.onReadLate(late);
    await settings.update({ player: { volume: 0.5 }, hotkeys: { mark: 'F11' } });
    expect(JSON.parse(file.text!)).toEqual(own);
    file.isReadable = true;
    await clock.advance(60_000);
    expect(late).toHaveBeenCalledOnce();
    expect(told).toEqual(['unreadable settings.json', '-unreadable settings.json']);
    const joined = {
      ...own,
      player: { ...own.player, volume: 0.5 },
      hotkeys: { ...own.hotkeys, mark: 'F11' },
    };
    expect(settings.own()).toEqual(joined);
    expect(written(file)).toEqual(joined);
  });

  it('gives nobody the line of another user who was in a file read late', async () => {
    const file = new UnreliableFile(JSON.stringify(own));
    file.isReadable = false;
    const { settings, clock } = await start(file);
    await settings.setAccount({ ...own.account, username: 'bea' });
    file.isReadable = true;
    await clock.advance(60_000);
    expect(settings.own().account.username).toBe('bea');
    expect(settings.own().line.directoryNumber).toBeNull();
  });

  it.each([
    ['no line', undefined],
    ['a line', { directoryNumber: '202', deviceName: null, mode: 'dial-in' as const }],
  ])(
    'treats who signs in with %s before the file is read as any other user who signs in',
    async (_what, line) => {
      const mine = { ...own, keep: { ...own.keep, folder: '/cases/anna' } };
      const account = { ...own.account, username: 'bea' };
      const usual = await open(JSON.stringify(mine));
      await usual.settings.setAccount(account, line);
      const file = new UnreliableFile(JSON.stringify(mine));
      file.isReadable = false;
      const { settings, clock } = await start(file);
      await settings.setAccount(account, line);
      file.isReadable = true;
      await clock.advance(60_000);
      expect(settings.own().keep.folder).toBeNull();
      expect(settings.own()).toEqual(usual.settings.own());
    },
  );

  it('tells of what it could not save by itself, and not of what a command has answered', async () => {
    const { settings, file, told, clock } = await open(null);
    file.isWritable = false;
    expect((await settings.update({ appearance: { theme: 'dark' } })).ok).toBe(false);
    expect(told).toEqual([]);
    await settings.setWindowPlace({ x: 0, y: 0, width: 400, height: 640 });
    await settings.setAccount({
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      remember: true,
    });
    expect(told).toEqual(['unwritable settings.json']);
    file.isWritable = true;
    await clock.advance(60_000);
    expect(told).toEqual(['unwritable settings.json', '-unwritable settings.json']);
    expect(written(file)).toMatchObject({ appearance: { theme: 'dark' }, account: { username: 'anna' } });
  });

  it('has settled when everything is written', async () => {
    const { settings, file } = await open(null);
    file.isSlow = true;
    void settings.update({ appearance: { theme: 'dark' } });
    const settled = vi.fn();
    const settling = settings.settled().then(settled);
    await Promise.resolve();
    expect(settled).not.toHaveBeenCalled();
    file.finishWrites();
    await settling;
    expect(file.text).toContain('dark');
  });
});

describe('updating', () => {
  it.each<readonly [SettingsPatch, Partial<Settings>]>([
    [{}, {}],
    [{ line: own.line }, { line: own.line }],
    [{ hotkeys: { mark: null } }, { hotkeys: { ...defaultSettings().hotkeys, mark: null } }],
    [
      { notifications: { saved: false } },
      { notifications: { ...defaultSettings().notifications, saved: false } },
    ],
    [
      { player: { volume: 0 }, polling: { hiddenMs: 60_000 } },
      {
        player: { ...defaultSettings().player, volume: 0 },
        polling: { ...defaultSettings().polling, hiddenMs: 60_000 },
      },
    ],
    [{ keep: { template: '{reference}' } }, { keep: { template: '{reference}', folder: null } }],
    [{ recording: { autoResumeSeconds: 30 } }, { recording: { waitMinutes: 10, autoResumeSeconds: 30 } }],
  ])('with %j changes that alone, in memory and on disk', async (patch, changes) => {
    const { settings, file } = await open();
    const heard = vi.fn<(settings: Settings) => void>();
    settings.onChange(heard);
    expect(await settings.update(patch)).toEqual({ ok: true, value: null });
    const expected = { ...defaultSettings(), ...changes };
    expect(settings.current()).toEqual(expected);
    expect(written(file)).toEqual(expected);
    expect(heard).toHaveBeenCalledExactlyOnceWith(expected);
  });

  it('takes an undefined field for one that is not there', async () => {
    const { settings } = await open();
    const patch = v.parse(settingsPatchSchema, { player: { volume: undefined, speed: 2 } });
    await settings.update(patch);
    expect(settings.current().player).toEqual({ volume: 1, speed: 2, cacheMegabytes: 128 });
  });

  it('remembers the folder that the user chose in a dialog, until a window forgets it', async () => {
    const { settings, file } = await open();
    expect(await settings.setSaveFolder('/home/anna/calls')).toEqual({ ok: true, value: null });
    expect(settings.current().keep).toEqual({ ...defaultSettings().keep, folder: '/home/anna/calls' });
    expect(written(file)).toEqual(settings.current());
    await settings.setSaveFolder('x'.repeat(5_000));
    expect(settings.current().keep.folder).toBe('/home/anna/calls');
    await settings.update({ keep: { folder: null } });
    expect(settings.current().keep.folder).toBeNull();
  });

  it('never touches the account', async () => {
    const { settings } = await open(JSON.stringify(own));
    await settings.update({ appearance: { theme: 'light' } });
    expect(settings.current().account).toEqual(own.account);
  });

  it.each<SettingsPatch>([
    { hotkeys: { record: 'F9', stop: 'F9' } },
    { hotkeys: { record: 'CommandOrControl+Shift+F10' } },
    { hotkeys: { stop: 'CommandOrControl+Shift+F9' } },
  ])('refuses one key that both starts and stops: %j', async (patch) => {
    const { settings, file } = await open();
    const heard = vi.fn();
    settings.onChange(heard);
    expect(await settings.update(patch)).toMatchObject({
      ok: false,
      error: { code: 'accelerator-taken', operation: 'settings' },
    });
    expect(settings.current()).toEqual(defaultSettings());
    expect(file.text).toBeNull();
    expect(heard).not.toHaveBeenCalled();
  });

  it.each<SettingsPatch>([
    { hotkeys: { mark: 'CommandOrControl+Shift+F9' } },
    { hotkeys: { pause: 'F3', resume: 'F3' } },
    { hotkeys: { 'toggle-window': 'Control+Shift+F11' } },
  ])('refuses one shortcut for two actions: %j', async (patch) => {
    const { settings, file } = await open();
    expect(await settings.update(patch)).toMatchObject({ ok: false, error: { code: 'accelerator-taken' } });
    expect([settings.current(), file.text]).toEqual([defaultSettings(), null]);
  });

  it.each(['A', 'Shift+A', 'Ctrl+Nonsense', 'AltGr+S', ''])('takes no %j from a window', (record) => {
    expect(v.safeParse(settingsPatchSchema, { hotkeys: { record } }).success).toBe(false);
  });

  it('lets the two swap their keys, and both be without', async () => {
    const { settings } = await open();
    const { record, stop } = settings.current().hotkeys;
    expect(await settings.update({ hotkeys: { record: stop, stop: record } })).toMatchObject({ ok: true });
    expect(await settings.update({ hotkeys: { record: null, stop: null } })).toMatchObject({ ok: true });
    expect(settings.current().hotkeys).toMatchObject({ record: null, stop: null });
  });

  it('lets the last of many changes at once have the last word on disk', async () => {
    const { settings, file } = await open();
    file.isSlow = true;
    const results = [0.1, 0.2].map((volume) => settings.update({ player: { volume } }));
    await settle();
    results.push(...[0.3, 0.4].map((volume) => settings.update({ player: { volume } })));
    for (let left = 2; left > 0; left -= 1) {
      expect(file.finishWrites()).toBe(1);
      await settle();
    }
    expect(file.finishWrites()).toBe(0);
    expect((await Promise.all(results)).every(({ ok }) => ok)).toBe(true);
    expect(file.maxAtOnce).toBe(1);
    expect(written(file).player.volume).toBe(0.4);
    expect(written(file)).toEqual(settings.current());
  });

  it('stays in force where the disk is full, and is saved with the next change after that', async () => {
    const { settings, file } = await open();
    file.isWritable = false;
    expect(await settings.update({ appearance: { theme: 'dark' } })).toMatchObject({
      ok: false,
      error: { code: 'settings-unwritable', detail: { message: 'ENOSPC' } },
    });
    expect(settings.current().appearance.theme).toBe('dark');
    file.isWritable = true;
    expect(await settings.update({ player: { speed: 2 } })).toMatchObject({ ok: true });
    expect(written(file)).toMatchObject({ appearance: { theme: 'dark' }, player: { speed: 2 } });
  });
});

describe('account and window', () => {
  it('are kept, the line with the account where it is given', async () => {
    const { settings, file } = await open();
    await settings.setAccount(own.account, own.line);
    await settings.setAccount({ ...own.account, remember: false });
    await settings.setWindowPlace(own.window);
    expect(written(file)).toEqual({
      ...defaultSettings(),
      account: { ...own.account, remember: false },
      line: own.line,
      window: own.window,
    });
  });

  const server = 'https://recorder.example.com';
  const user = (username: string) => ({ serverAddress: server, username, remember: false });
  const lineOf = (directoryNumber: string | null): Settings['line'] => ({
    directoryNumber,
    deviceName: null,
    mode: 'media-forking',
  });

  it('never hand the line of one user to another, even where none is given (E43)', async () => {
    const { settings, file } = await open();
    await settings.setAccount(user('mrossi'), lineOf('4021'));
    await settings.setAccount(user('boss'));
    expect(settings.current().line).toEqual(lineOf(null));
    expect(written(file).line).toEqual(lineOf(null));
    await settings.setAccount(user('MRossi'));
    expect(settings.current().line).toEqual(lineOf('4021'));
  });

  it('keep the line of a user who signs out, or moves to another server (E43)', async () => {
    const { settings } = await open();
    await settings.setAccount(user('mrossi'), lineOf('4021'));
    await settings.setAccount(user('mrossi'));
    expect(settings.current().line).toEqual(lineOf('4021'));
    await settings.setAccount({ ...user('mrossi'), serverAddress: 'https://new.example.com' });
    expect(settings.current().line).toEqual(lineOf('4021'));
    expect(settings.current().lines).toEqual([]);
  });

  it('remember each user’s line by a hash, and no line that was emptied (E43)', async () => {
    const { settings, file } = await open();
    await settings.setAccount(user('mrossi'), lineOf('4021'));
    await settings.setAccount(user('boss'), lineOf('900'));
    expect(settings.current().lines.map(({ line }) => line.directoryNumber)).toEqual(['4021']);
    expect(file.text).not.toContain('mrossi');
    await settings.setAccount(user('mrossi'), lineOf(null));
    await settings.setAccount(user('boss'));
    expect(settings.current().line).toEqual(lineOf('900'));
    expect(settings.current().lines.map(({ line }) => line.directoryNumber)).toEqual(['900']);
  });

  it('remember the lines of 32 users at most (E43)', async () => {
    const { settings, file } = await open();
    for (let number = 0; number < 40; number += 1) {
      await settings.setAccount(user(`user-${number}`), lineOf(`${number}`));
    }
    expect(settings.current().lines).toHaveLength(32);
    const again = await start(file);
    expect(again.told).toEqual([]);
    await again.settings.setAccount(user('user-38'));
    expect(again.settings.current().line).toEqual(lineOf('38'));
    await again.settings.setAccount(user('user-0'));
    expect(again.settings.current().line).toEqual(lineOf(null));
  });

  it('keep what is the computer’s where another user signs in, but not the folder (E43)', async () => {
    const { settings } = await open(JSON.stringify({ ...own, keep: { ...own.keep, folder: '/home/anna' } }));
    await settings.setAccount({ ...own.account, remember: false });
    expect(settings.current().keep.folder).toBe('/home/anna');
    await settings.setAccount(user('bea'));
    const { account, line, lines, keep, ...rest } = settings.current();
    expect([account, line, keep]).toEqual([user('bea'), lineOf(null), { ...own.keep, folder: null }]);
    expect(lines).toHaveLength(1);
    expect({ ...own, ...rest }).toEqual(own);
  });

  it('tell the user’s own server from the administrator’s', async () => {
    const { settings } = await open(JSON.stringify(own));
    settings.setPolicy({ serverAddress: 'https://fixed.example.com' });
    expect(settings.current().account.serverAddress).toBe('https://fixed.example.com');
    expect(settings.own()).toEqual(own);
  });

  it.each([
    { x: 0, y: 0, width: 359, height: 640 },
    { x: 0, y: 0, width: 400, height: 100 },
    { x: 0.5, y: 0, width: 400, height: 640 },
    { x: 200_000, y: 0, width: 400, height: 640 },
  ])('forget a place that the file could not hold: %j', async (place) => {
    const { settings, file } = await open(JSON.stringify(own));
    expect(await settings.setWindowPlace(place)).toMatchObject({ ok: true });
    expect(settings.current().window).toBeNull();
    const again = await start(file);
    expect(again.told).toEqual([]);
    expect(again.settings.current().account).toEqual(own.account);
  });
});

describe('the administrator’s policy', () => {
  it('is in force over the user’s settings and never written into them', async () => {
    const { settings, file } = await open(JSON.stringify(own));
    const heard = vi.fn<(settings: Settings) => void>();
    settings.onChange(heard);
    settings.setPolicy({ appearance: { theme: 'light' }, polling: { hiddenMs: 30_000 } });
    expect(heard).toHaveBeenCalledTimes(1);
    expect(settings.current()).toEqual({
      ...own,
      appearance: { ...own.appearance, theme: 'light' },
      polling: { ...own.polling, hiddenMs: 30_000 },
    });
    expect(settings.managed()).toEqual(['appearance.theme', 'polling.hiddenMs']);
    await settings.update({ appearance: { theme: 'system' }, player: { volume: 0.5 } });
    expect(settings.current().appearance.theme).toBe('light');
    expect(heard.mock.lastCall?.[0].appearance.theme).toBe('light');
    expect(written(file)).toEqual({
      ...own,
      appearance: { ...own.appearance, theme: 'system' },
      player: { ...own.player, volume: 0.5 },
    });
    settings.setPolicy({});
    expect(settings.current().appearance.theme).toBe('system');
    expect(settings.managed()).toEqual([]);
  });
});

describe('a shortcut with Super', () => {
  it.each([
    [true, false],
    [false, true],
  ])('beside the same with Command or Control, on a Mac: %s', async (isMac, isAccepted) => {
    const clock = new VirtualClock();
    const file = new MemoryFile('settings.json');
    const document = openTestDocument(settingsDocument, file, clock, new Troubles());
    const settings = createSettingsService(document, silentLog, isMac);
    await settings.load();
    await settings.update({ hotkeys: { record: 'CommandOrControl+F9' } });
    expect(await settings.update({ hotkeys: { mark: 'Super+F9' } })).toMatchObject({ ok: isAccepted });
  });
});
