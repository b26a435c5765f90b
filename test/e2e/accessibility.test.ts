import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { signIn, status } from './support/reclight';
import type { Stage } from './support/stage';
import { setStage } from './support/stage';

let stage: Stage;
let axe: string;

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  stage = await setStage({ signedIn: false });
});

afterAll(async () => {
  await stage.close();
});

/** What axe finds that is serious or worse, in both themes. */
async function violations(): Promise<string[]> {
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await stage.reclight.app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    // Injected past the page's policy, which would refuse it as it should.
    const results = (await stage.reclight.app.evaluate(
      async ({ BrowserWindow }, source) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          `${source}; axe.run(document, { resultTypes: ['violations'] })`,
        ) as Promise<unknown>,
      axe,
    )) as AxeResults;
    for (const { id, impact, nodes } of results.violations) {
      if (impact === 'serious' || impact === 'critical') {
        found.push(`${theme}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
      }
    }
  }
  return found;
}

describe('axe finds nothing serious', () => {
  test('in the sign-in form, also with an error', async () => {
    expect(await violations()).toEqual([]);
    const { window } = stage.reclight;
    await window.getByRole('textbox', { name: 'Server address' }).fill('not an address');
    await window.getByRole('textbox', { name: 'Username' }).fill('u');
    await window.getByLabel('Password', { exact: true }).fill('p');
    await window.getByRole('button', { name: 'Sign in' }).click();
    await window.getByRole('alert').first().waitFor();
    expect(await violations()).toEqual([]);
  });

  test('in the recorder and the list: idle, recording, refused', async () => {
    const { window } = stage.reclight;
    await signIn(window, stage.anna);
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    await window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
    expect(await violations()).toEqual([]);
    await window.getByRole('button', { name: /^Record(?! next)/ }).click();
    await window.getByRole('region', { name: 'Recorder' }).getByRole('alert').first().waitFor();
    expect(await violations()).toEqual([]);
    stage.simulator.telephony.connectCall({ directoryNumber: '101' });
    await window.getByRole('button', { name: /^Record(?! next)/ }).click();
    await expect.poll(() => status(window).textContent()).toBe('Recording');
    expect(await violations()).toEqual([]);
  });

  test('in the player and the details', async () => {
    const { window } = stage.reclight;
    const row = window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first();
    await row.dblclick();
    await window.getByRole('region', { name: 'Player' }).waitFor();
    expect(await violations()).toEqual([]);
    await row.click({ button: 'right' });
    await window.getByRole('menuitem', { name: 'Details' }).click();
    await window.getByRole('dialog', { name: 'Recording details' }).waitFor();
    expect(await violations()).toEqual([]);
    await window.keyboard.press('Escape');
  });

  test.each(['Account', 'Line', 'Shortcuts', 'Notifications', 'Appearance', 'Connection', 'About'])(
    'in the settings: %s',
    async (name) => {
      const { window } = stage.reclight;
      if ((await window.getByRole('tab', { name }).count()) === 0) {
        await window.getByRole('button', { name: 'Settings' }).click();
      }
      await window.getByRole('tab', { name }).click();
      await window.getByRole('tabpanel', { name }).waitFor();
      expect(await violations()).toEqual([]);
    },
  );
});
