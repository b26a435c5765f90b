import { readFile } from 'node:fs/promises';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { drawnText } from '../harness/drawn';
import { record } from '../harness/light';
import type { RecLight } from '../harness/reclight';
import { signIn, startAgain, status } from '../harness/reclight';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { processTree } from '../harness/secrets';
import { until } from '../harness/until';
import {
  begin,
  expectCalm,
  expectFresh,
  expectShown,
  expectTimer,
  expectTray,
  polls,
} from '../harness/ui-recorder';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
});

afterEach(async () => {
  await harness.close();
});

const isDrawn = async ({ app }: RecLight) => Boolean(await drawnText(app, '[role=status]'));

const isVisible = () =>
  harness.reclight.app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() ?? false,
  );

test('closing the window keeps the tray; a left click brings it back, and hides it again', async () => {
  const { desktop, reclight } = harness;
  const { item } = await desktop.waitForTrayItem();
  await expect.poll(isVisible).toBe(true);
  await reclight.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect.poll(isVisible).toBe(false);
  await desktop.activateTray(item, 10, 10);
  await expect.poll(isVisible).toBe(true);
  await expect.poll(() => status(reclight.window).textContent()).toBe('Not recording');
  await desktop.activateTray(item, 10, 10);
  await expect.poll(isVisible).toBe(false);
});

test('the icon goes by the panel, whatever theme the window has', async () => {
  const { desktop, reclight } = harness;
  const { iconHash } = await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
  const isDark = () => reclight.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors);
  for (const theme of ['dark', 'light'] as const) {
    await reclight.window.evaluate(
      (chosen) => self.reclight.updateSettings({ appearance: { theme: chosen } }),
      theme,
    );
    await expect.poll(isDark).toBe(theme === 'dark');
    // A change that comes after it: the tray has caught up by then.
    await reclight.window.evaluate(() => self.reclight.recordNextCall({}));
    await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Waiting'));
    await reclight.window.evaluate(() => self.reclight.cancelWaiting({}));
    const after = await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
    expect(after.iconHash).toBe(iconHash);
  }
});

test('the menu has the names of the design, in their order', async () => {
  const { desktop } = harness;
  const { item } = await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
  const menu = await desktop.waitForTrayMenu(item, ({ children }) =>
    children.some(({ label, children: recent }) => label === 'Recent recordings' && recent.length === 5),
  );
  expect(menu.children.filter(({ type }) => type === 'standard').map(({ label }) => label)).toEqual([
    'Record',
    'Stop',
    'Record next call',
    'Recent recordings',
    'Open RecLight',
    'Settings…',
    'Quit RecLight',
  ]);
});

test('"Settings…" opens the settings, and a recent recording plays', async () => {
  const { desktop, reclight } = harness;
  const { item } = await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
  await desktop.clickTrayMenu(item, ['Settings…']);
  await reclight.window.getByRole('tab', { name: 'Account' }).waitFor();
  const menu = await desktop.waitForTrayMenu(item, ({ children }) =>
    children.some(({ label, children: recent }) => label === 'Recent recordings' && recent.length === 5),
  );
  const recent = menu.children.find(({ label }) => label === 'Recent recordings');
  await desktop.clickTrayMenu(item, ['Recent recordings', recent?.children[0]?.label ?? '']);
  await reclight.window.getByRole('region', { name: 'Player' }).waitFor();
});

test('the recent recordings are asked for anew by whoever looks at them', async () => {
  const own = await startHarness({ signedIn: false });
  try {
    const { simulator, desktop, reclight } = own;
    const fault = simulator.faults.add({
      match: { route: 'list' },
      action: { kind: 'respond', status: 503 },
    });
    await signIn(reclight.window, own.anna);
    await reclight.window.getByRole('region', { name: 'Recordings' }).getByRole('alert').waitFor();
    await expect.poll(() => simulator.requests.filter('list').length).toBeGreaterThan(1);
    // Another RecLight is in the same tray.
    const { item } = await desktop.waitForTrayItem(({ pid }) => pid === reclight.pid);
    const shows = (count: number) =>
      desktop.waitForTrayMenu(item, ({ children }) => {
        const recent = children.find(({ label }) => label === 'Recent recordings')?.children ?? [];
        return recent.filter(({ enabled }) => enabled).length === count;
      });
    await shows(0);
    fault.remove();
    // Nothing there can be pressed; to see that, one opens the submenu.
    await expect(desktop.clickTrayMenu(item, ['Recent recordings', 'None'])).rejects.toThrow('not enabled');
    await shows(5);
  } finally {
    await own.close();
  }
});

test('Quit quits, and leaves no process behind', async () => {
  const { desktop, reclight } = harness;
  const { item } = await desktop.waitForTrayItem();
  const ids = [...(await processTree(reclight.pid)).keys()];
  await desktop.clickTrayMenu(item, ['Quit RecLight']);
  await desktop.waitForNoTrayItem();
  const isAlive = (id: number) =>
    readFile(`/proc/${id}/stat`, 'utf8').then(
      (stat) => !/\) Z /.test(stat),
      () => false,
    );
  expect(ids.length).toBeGreaterThan(2);
  await until(async () => !(await Promise.all(ids.map(isAlive))).includes(true), 'all processes to end');
});

test('no process of it may leave a core dump, which would hold the password (G13)', async () => {
  const ids = [...(await processTree(harness.reclight.pid)).keys()];
  expect(ids.length).toBeGreaterThan(2);
  const limits = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/limits`, 'utf8').catch(() => 'Max core file size 0 0')),
  );
  for (const text of limits) expect(text).toMatch(/^Max core file size +0 +0\b/m);
});

test('there is one instance: a second start shows the first, and hands over its requests', async () => {
  const { desktop, reclight } = harness;
  await reclight.window.evaluate(() => self.reclight.hideWindow({}));
  await expect.poll(isVisible).toBe(false);
  await startAgain(reclight);
  await expect.poll(isVisible).toBe(true);
  await startAgain(reclight, '--hide');
  await expect.poll(isVisible).toBe(false);
  await startAgain(reclight, '--show');
  await expect.poll(isVisible).toBe(true);
  harness.simulator.telephony.connectCall({ directoryNumber: '101' });
  await startAgain(reclight, '--start');
  await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Recording'));
  await startAgain(reclight, '--stop');
  await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
  await startAgain(reclight, '--play-latest');
  await reclight.window.getByRole('region', { name: 'Player' }).waitFor();
  expect(await desktop.trayItems()).toHaveLength(1);
});

test('the window comes back where it was left', async () => {
  const place = { x: 220, y: 140, width: 480, height: 600 };
  await harness.reclight.app.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
  }, place);
  await until(
    () =>
      harness.reclight.window.evaluate(async () => {
        const answer = await self.reclight.getSnapshot({});
        return answer.ok && answer.value.settings.window?.width === 480;
      }),
    'the place to be remembered',
  );
  const { app } = await harness.restart();
  const bounds = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
  expect(bounds).toMatchObject({ width: 480, height: 600 });
});

test('a window whose page has crashed comes back with the right state; the tray had it all the while', async () => {
  const { reclight, simulator, desktop } = harness;
  const live = await record(harness);
  const whole = await begin(harness);
  // The new page is kept back, so that there is a time without one.
  await reclight.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (contents === undefined) return;
    const reload = contents.reload.bind(contents);
    contents.reload = () => Object.assign(globalThis, { bringBack: reload });
    contents.forcefullyCrashRenderer();
  });
  await until(
    () =>
      reclight.app.evaluate(
        ({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()[0]?.webContents.isCrashed() === true && 'bringBack' in globalThis,
      ),
    'RecLight to want a new page',
  );
  const polled = polls(whole.requests()).length;
  await expect.poll(() => polls(whole.requests()).length).toBeGreaterThan(polled + 1);
  const alone = await whole.tray();
  expectTray(alone, ['Recording']);
  expect(alone.length).toBeGreaterThan(2);
  expectTimer({ window: [], tray: alone }, live.startedMs);

  await reclight.app.evaluate(() => {
    (globalThis as unknown as { bringBack: () => void }).bringBack();
  });
  await until(() => isDrawn(reclight), 'the window to show the recorder again');
  const back = await begin(harness);
  simulator.telephony.finish(live.id);
  const endedAt = simulator.clock.now();
  await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
  await until(
    async () => (await back.window()).at(-1)?.state === 'Not recording',
    'the window to follow to the end',
  );
  const seen = await back.seen();
  expectShown(seen, ['Recording', 'Not recording']);
  expectFresh(seen);
  expectTimer(seen, live.startedMs, endedAt);
  const all = await whole.tray();
  expectTray(all, ['Recording', 'Not recording']);
  expectCalm({ ...seen, requests: whole.requests(), lasted: whole.lasted() });
});
