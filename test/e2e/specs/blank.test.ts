import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { AppCopy } from '../harness/app-copy';
import { copyApp } from '../harness/app-copy';
import { drawnText } from '../harness/drawn';
import { patience, press, record, recorder } from '../harness/light';
import { status } from '../harness/reclight';
import { presetDialogs } from '../harness/saving';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { until } from '../harness/until';

let copy: AppCopy;
let harness: Harness;
let saved: string;

beforeEach(async () => {
  copy = await copyApp();
  saved = await mkdtemp(join(tmpdir(), 'reclight-saved-'));
  harness = await startHarness({ launch: { appFolder: copy.folder } });
  await expect.poll(() => status(harness.reclight.window).textContent()).toBe('Not recording');
});

afterEach(async () => {
  await harness.close();
  await copy.remove();
  await rm(saved, { recursive: true, force: true });
});

/** The part of the window named so has failed. */
const note = (sentence: RegExp) => harness.reclight.window.getByRole('alert').filter({ hasText: sentence });
const row = () => harness.reclight.window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first();

async function openMenu(): Promise<void> {
  await row().click({ button: 'right' });
}

async function showsDetails(): Promise<void> {
  const { window } = harness.reclight;
  await window.getByRole('menuitem', { name: 'Details' }).click();
  await window.getByRole('dialog', { name: 'Recording details' }).waitFor();
  await window.keyboard.press('Escape');
}

async function expectLight(): Promise<void> {
  expect(await status(harness.reclight.window).textContent()).toBe('Recording');
  expect(await recorder(harness).getByRole('button', { name: /^Stop/ }).isVisible()).toBe(true);
}

test.each([
  ['is missing', (app: AppCopy) => app.take('lazy-parts')],
  ['throws', (app: AppCopy) => app.replace('lazy-parts', 'throw new Error("damaged");')],
] as const)(
  'a late file that %s while a call is recorded leaves the light and Stop; every part says so, and comes up on Try again (R-15)',
  async (_how, damage) => {
    const { simulator, reclight } = harness;
    await row().waitFor();
    await record(harness);
    await presetDialogs(reclight, { path: join(saved, 'a.mp3'), folder: saved });
    const mend = await damage(copy);

    await reclight.window.getByRole('button', { name: 'Settings' }).click();
    await note(/^The settings cannot be shown/).waitFor();
    await expectLight();
    await openMenu();
    await note(/^The menu cannot be shown/).waitFor();
    await row().click();
    await reclight.window.keyboard.press('Control+s');
    await note(/^The saves cannot be shown/).waitFor();
    await expectLight();

    await note(/^The settings/)
      .getByRole('button', { name: 'Try again' })
      .click();
    await note(/^The settings still cannot be shown/).waitFor();
    await mend();
    await note(/^The settings/)
      .getByRole('button', { name: 'Try again' })
      .click();
    await reclight.window.getByRole('tab', { name: 'Account' }).waitFor();
    await reclight.window.keyboard.press('Escape');
    await note(/^The saves/)
      .getByRole('button', { name: 'Try again' })
      .click();
    await reclight.window.getByRole('region', { name: 'Saves' }).waitFor();
    await note(/^The menu/)
      .getByRole('button', { name: 'Try again' })
      .click();
    await showsDetails();
    expect(await reclight.window.getByRole('alert').count()).toBe(0);

    await press(harness, /^Stop/);
    await expect.poll(() => status(reclight.window).textContent(), patience).toBe('Not recording');
    expect(simulator.telephony.live()).toHaveLength(0);
  },
);

test('a recording plays with its plain slider where the file that draws it is missing (R-15)', async () => {
  const { window } = harness.reclight;
  await row().waitFor();
  await copy.take('waveform.worker');
  await row().dblclick();
  const player = window.getByRole('region', { name: 'Player' });
  await player.getByRole('button', { name: 'Pause' }).waitFor();
  expect(await status(window).textContent()).toBe('Not recording');
  expect(await window.getByRole('alert').count()).toBe(0);
});

/** Empties the page, as a fault outside of every part would, and has the window asked as if the user came back to it. */
async function emptyPage(): Promise<void> {
  await harness.reclight.app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    await window?.webContents.executeJavaScript('document.body.replaceChildren()');
    window?.emit('focus');
  });
}

const drawnStatus = () => drawnText(harness.reclight.app, '.recorder [role=status]');

test('a page that was emptied is loaded anew and shows the recording; what empties itself again and again is told by a dialog (R-15)', async () => {
  const { reclight, desktop, simulator } = harness;
  await record(harness);
  await reclight.app.evaluate(({ dialog }) => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    Object.assign(dialog, {
      showMessageBox: ({ message }: { readonly message: string }) => {
        told.push(message);
        return new Promise((resolve) => {
          Object.assign(globalThis, {
            pressTryAgain: () => resolve({ response: 0, checkboxChecked: false }),
          });
        });
      },
    });
  });
  const told = () => reclight.app.evaluate(() => (globalThis as unknown as { told: readonly string[] }).told);

  await emptyPage();
  await until(async () => (await drawnStatus()) === 'Recording', 'the window to show the recording again');
  expect(await told()).toEqual([]);
  await until(async () => {
    if ((await drawnStatus()) === 'Recording') await emptyPage();
    return (await told()).length > 0;
  }, 'the dialog');
  expect(await told()).toEqual(['RecLight cannot show its window.']);
  await desktop.pressKeys('ctrl+shift+F10');
  await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
  expect(simulator.telephony.live()).toHaveLength(0);
  await reclight.app.evaluate(() => {
    (globalThis as unknown as { pressTryAgain: () => void }).pressTryAgain();
  });
  await until(async () => (await drawnStatus()) === 'Not recording', 'the window to come back');
});
