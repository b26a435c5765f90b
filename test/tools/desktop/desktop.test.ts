import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { _electron } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseElectron, drivenFlags, sandboxFlags } from '../runtime/electron-runtime.mjs';
import { startDesktop, type PrivateDesktop } from './desktop';
import { processesWith } from './processes';
import type { TrayItem } from './protocol';

const fixture = fileURLToPath(new URL('./fixture-app', import.meta.url));

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** Starts the fixture app, and hears what it says. */
async function startFixture(desktop: PrivateDesktop) {
  const { path: electron } = await chooseElectron({ tell: () => {} });
  const args = [
    ...sandboxFlags(),
    fixture,
    `--user-data-dir=${path.join(desktop.home, 'profile')}`,
    '--own-flag',
  ];
  const child = spawn(electron, args, { env: desktop.env, stdio: ['ignore', 'pipe', 'ignore'] });
  const events: Event[] = [];
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('{')) events.push(JSON.parse(line) as Event);
  });
  const heard = async (name: string): Promise<Event> => {
    await expect.poll(() => events.map(({ event }) => event), { timeout: 20_000 }).toContain(name);
    return events.find(({ event }) => event === name)!;
  };
  return { child, args, heard };
}

describe('a whole desktop', () => {
  let desktop: PrivateDesktop;
  let app: Awaited<ReturnType<typeof startFixture>>;
  let atStart: TrayItem;

  beforeAll(async () => {
    desktop = await startDesktop();
    app = await startFixture(desktop);
    atStart = await desktop.client.waitForTrayItem(({ tooltip }) => tooltip === 'Fixture at rest');
  });
  afterAll(async () => {
    await desktop.dispose();
  });

  test('runs an app with its own name, folder, flags and profile', async () => {
    const ready = await app.heard('ready');
    expect(ready).toMatchObject({
      name: 'RecLight fixture',
      version: '3.2.1',
      appPath: fixture,
      userData: path.join(desktop.home, 'profile'),
      argv: app.args,
    });
  });

  test('shows the tray icon as the app drew it', () => {
    expect(atStart).toMatchObject({ pid: app.child.pid, status: 'Active', hasMenu: true });
    expect(atStart.icons).toMatchObject([{ width: 16, height: 16 }]);
    expect(atStart.icons[0]?.png.subarray(1, 4).toString()).toBe('PNG');
  });

  test('reads the whole menu', async () => {
    const { children } = await desktop.client.trayMenu(atStart.item);
    expect(children).toMatchObject([
      { label: 'Change', type: 'standard', enabled: true, toggle: 'none' },
      { label: '', type: 'separator' },
      { label: 'Never', enabled: false },
      { label: 'More', children: [{ label: 'Notify', enabled: true }] },
      { label: 'Ticked', toggle: 'checkmark', checked: true },
    ]);
  });

  test.each([
    [['Nowhere'], 'no entry "Nowhere" here, only: Change, —, Never, More, Ticked'],
    [['More', 'Nowhere'], 'no entry "Nowhere" here, only: Notify'],
    [['Never'], '"Never" of the tray menu is not enabled'],
  ])('refuses to click %j', async (labels, message) => {
    await expect(desktop.client.clickTrayMenu(atStart.item, labels)).rejects.toThrow(message);
  });

  test('clicks in the menu and keeps what changed', async () => {
    await desktop.client.clickTrayMenu(atStart.item, ['Change']);
    const after = await desktop.client.waitForTrayItem(
      ({ tooltip, iconHash }) => tooltip === 'Fixture at work' && iconHash !== atStart.iconHash,
    );
    const history = await desktop.client.trayHistory();
    const values = (what: string) => history.filter((one) => one.what === what).map(({ value }) => value);
    expect(values('tooltip')).toEqual(['Fixture at rest', 'Fixture at work']);
    expect(values('icon')).toEqual([atStart.iconHash, after.iconHash]);
    expect(values('added')).toHaveLength(1);
  });

  test('left-clicks the icon', async () => {
    await desktop.client.activateTray(atStart.item, 10, 10);
    await app.heard('tray-click');
  });

  test('receives a notification and clicks it', async () => {
    await desktop.client.clickTrayMenu(atStart.item, ['More', 'Notify']);
    const shown = await desktop.client.waitForNotification(({ summary }) => summary === 'Fixture');
    expect(shown).toMatchObject({ body: 'Click me', appName: 'RecLight fixture', open: true, replacesId: 0 });
    await expect(desktop.client.invokeNotification(shown.id, 'other')).rejects.toThrow('no action "other"');
    await desktop.client.invokeNotification(shown.id, 'default');
    await app.heard('notification-click');
    const closed = await desktop.client.notifications();
    expect(closed.find(({ id }) => id === shown.id)?.open).toBe(false);
    await expect(desktop.client.closeNotification(shown.id)).rejects.toThrow('on the screen');
  });

  test('tells the app that the user closed a notification', async () => {
    await desktop.client.clickTrayMenu(atStart.item, ['More', 'Notify']);
    const shown = await desktop.client.waitForNotification(({ open }) => open);
    await desktop.client.closeNotification(shown.id);
    await app.heard('notification-close');
  });

  test('presses real keys', async () => {
    expect(await app.heard('ready')).toMatchObject({ registered: true });
    await desktop.client.pressKeys('ctrl+alt+r');
    await app.heard('shortcut');
  });

  test('says what was there where a wait is in vain', async () => {
    const wait = desktop.client.waitForTrayItem(({ tooltip }) => tooltip === 'Nothing', { timeoutMs: 50 });
    await expect(wait).rejects.toThrow(/Waited 50 ms for a tray item; there is .*Fixture at work/);
  });

  test('notices that the icon has gone with its app', async () => {
    app.child.kill();
    await once(app.child, 'exit');
    await desktop.client.waitForNoTrayItem();
    expect((await desktop.client.trayHistory()).at(-1)).toMatchObject({ what: 'removed' });
  });

  test("lets Playwright drive the app's windows", async () => {
    const { path: executablePath } = await chooseElectron({ tell: () => {} });
    const electron = await _electron.launch({
      executablePath,
      args: [
        ...drivenFlags(),
        ...sandboxFlags(),
        fixture,
        `--user-data-dir=${path.join(desktop.home, 'other-profile')}`,
      ],
      env: Object.fromEntries(
        Object.entries(desktop.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
      ),
    });
    try {
      const window = await electron.firstWindow();
      expect(await window.locator('h1').textContent()).toBe('Fixture');
      expect(await electron.evaluate(({ app: there }) => there.getName())).toBe('RecLight fixture');
    } finally {
      await electron.close();
    }
  });
});

/** Stores a password and reads it back, as a process inside does. */
async function tryKeyring({ env }: PrivateDesktop): Promise<string> {
  const script = `
    const keytar = require('keytar');
    keytar.setPassword('RecLight fixture', 'anna', 'ü, a secret')
      .then(() => keytar.getPassword('RecLight fixture', 'anna'))
      .then((read) => process.stdout.write('read ' + read), (error) => process.stdout.write('failed ' + error.message));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
  return stdout;
}

test('keeps secrets in an unlocked keyring, one for each desktop', async () => {
  const desktop = await startDesktop({ tray: false, notifications: false });
  try {
    expect(await tryKeyring(desktop)).toBe('read ü, a secret');
  } finally {
    await desktop.dispose();
  }
});

test('can be without tray, keyring and notifications', async () => {
  const desktop = await startDesktop({ tray: false, keyring: false, notifications: false });
  try {
    expect(await tryKeyring(desktop)).toMatch(/^failed .*org\.freedesktop\.secrets/);
    const app = await startFixture(desktop);
    await app.heard('ready');
    expect(await desktop.client.trayItems()).toEqual([]);
    expect(await desktop.client.notifications()).toEqual([]);
    await expect(desktop.client.trayMenu('any')).rejects.toThrow('without a tray');
  } finally {
    await desktop.dispose();
  }
});

test('ends every process inside when it is disposed of, an Electron app too', async () => {
  const desktop = await startDesktop();
  const mark = path.dirname(desktop.home);
  const app = await startFixture(desktop);
  await app.heard('ready');
  expect(processesWith(mark).length).toBeGreaterThan(5);
  await desktop.dispose();
  expect(processesWith(mark)).toEqual([]);
  await expect(desktop.client.trayItems()).rejects.toThrow('has ended');
});
