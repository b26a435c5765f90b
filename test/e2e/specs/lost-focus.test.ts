import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { drivePlayer } from '../harness/player';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;
const { player, leave } = drivePlayer(() => harness);

beforeAll(async () => {
  harness = await startHarness({ simulator: { recordings: 1_000 } });
});

afterAll(async () => {
  await harness.close();
});

const window = () => harness.reclight.window;
const rows = () => window().getByRole('grid', { name: 'Recordings' }).getByRole('row');
const resize = (width: number, height: number) =>
  harness.reclight.app.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setSize(...size);
    },
    [width, height] as const,
  );

beforeEach(async () => {
  harness.simulator.faults.clear();
  await leave();
  await resize(420, 860);
  await expect.poll(() => window().evaluate(() => innerHeight)).toBeGreaterThan(700);
  await rows().first().waitFor();
});

/** What has the focus, once everything that goes has gone; null: nothing that is to be seen. */
const focused = () =>
  window().evaluate(() => {
    const active = document.activeElement;
    if (active === null || active === document.body || !active.checkVisibility()) return null;
    return active.getAttribute('aria-label') ?? active.textContent;
  });

async function playFirst(): Promise<void> {
  await rows().first().dblclick();
  await player().waitFor();
}

async function showMoreFilters(): Promise<void> {
  const more = window().getByRole('button', { name: /^More filters/ });
  if ((await more.getAttribute('aria-expanded')) === 'false') await more.click();
}

test.each([
  ['button', 'Clear filters'],
  ['combobox', 'Length'],
  ['combobox', 'Direction'],
  ['button', 'Export list'],
] as const)('a lower window that hides the %s %s leaves a focus (M2)', async (role, name) => {
  await showMoreFilters();
  await playFirst();
  const control = window().getByRole(role, { name, exact: true });
  await control.focus();
  await resize(420, 470);
  await control.waitFor({ state: 'hidden' });
  await expect.poll(focused).not.toBeNull();
  expect(await focused()).not.toBe(name);
});

test('a player that hides the control with the focus leaves one (M2)', async () => {
  await resize(420, 470);
  await expect.poll(() => window().evaluate(() => innerHeight)).toBeLessThan(540);
  const control = window().getByRole('button', { name: 'Export list' });
  await control.focus();
  await rows()
    .first()
    .evaluate((row) => row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true, detail: 2 })));
  await player().waitFor();
  await control.waitFor({ state: 'hidden' });
  await expect.poll(focused).not.toBeNull();
});

test('Clear filters pressed by Enter leaves a focus, also where the filters beside it are hidden (M2)', async () => {
  await playFirst();
  const search = window().getByRole('searchbox', { name: 'Remote number' });
  await search.fill('99999999999');
  const clear = window().locator('.recordings-empty').getByRole('button', { name: 'Clear filters' });
  await clear.waitFor();
  await resize(420, 530);
  await window().getByRole('button', { name: 'Refresh' }).waitFor({ state: 'hidden' });
  await clear.focus();
  await window().keyboard.press('Enter');
  await rows().first().waitFor();
  expect(await search.inputValue()).toBe('');
  await expect.poll(focused).not.toBeNull();
});

test('a row that goes while it has the focus leaves it in its list (M2)', async () => {
  const { simulator } = harness;
  const newest = simulator.recordings.add({
    startMs: simulator.clock.now() - 1_000,
    durationMs: 5_000,
    direction: 1,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber: '+3902990077',
  });
  await window().getByRole('button', { name: 'Refresh' }).click();
  const row = window().getByRole('row', { name: /^\+3902990077/ });
  await row.focus();
  simulator.recordings.remove(newest.id);
  // Without the focus, as the list asks anew by itself.
  await window().evaluate(() => {
    document.querySelector<HTMLElement>('button[aria-label="Refresh"]')?.click();
  });
  await row.waitFor({ state: 'detached' });
  await expect.poll(focused).not.toBeNull();
  expect(await window().evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
});

test('a list lower than a row stays, also where its last page cannot be had (M1)', async () => {
  await showMoreFilters();
  await playFirst();
  await rows().first().focus();
  harness.simulator.faults.add({
    match: { route: 'list' },
    action: { kind: 'page', status: 404 },
  });
  for (let height = 620; height >= 440; height -= 20) {
    await resize(420, height);
    await rows().first().focus();
    for (const key of ['Home', 'End', 'ArrowUp', 'End']) await window().keyboard.press(key);
    expect(await window().locator('.part-failure').count()).toBe(0);
  }
  await expect.poll(() => window().getByRole('alert').count()).toBeGreaterThan(0);
});
