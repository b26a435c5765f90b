import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { scopeHash } from '@shared/domain/scope-hash';
import { violations } from '../harness/axe';
import { recognised } from '../harness/light';
import { drivePlayer, patient } from '../harness/player';
import { signIn, status } from '../harness/reclight';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;
const { player, button, position, waveform, play, add } = drivePlayer(() => harness);

beforeAll(async () => {
  harness = await startHarness({
    signedIn: false,
    // The newer server: it can pause.
    simulator: { generation: 2025 },
    // Loudspeakers to choose from, on a machine that has none.
    launch: { args: ['--use-fake-device-for-media-stream'] },
  });
});

afterAll(async () => {
  await harness.close();
});

describe('axe finds nothing', () => {
  test('in the sign-in form, also with an error', async () => {
    expect(await violations(harness.reclight.app)).toEqual([]);
    const { window } = harness.reclight;
    await window.getByRole('textbox', { name: 'Server address' }).fill('not an address');
    await window.getByRole('textbox', { name: 'Username' }).fill('u');
    await window.getByLabel('Password', { exact: true }).fill('p');
    await window.getByRole('button', { name: 'Sign in' }).click();
    await window.getByRole('alert').first().waitFor();
    expect(await violations(harness.reclight.app)).toEqual([]);
  });

  test('in the recorder and the list: idle, recording, refused', async () => {
    const { window } = harness.reclight;
    await signIn(window, harness.anna);
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    await window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
    expect(await violations(harness.reclight.app)).toEqual([]);
    await window.getByRole('button', { name: /^Record(?! next)/ }).click();
    await window.getByRole('region', { name: 'Recorder' }).getByRole('alert').first().waitFor();
    expect(await violations(harness.reclight.app)).toEqual([]);
    harness.simulator.telephony.connectCall({ directoryNumber: '101' });
    await window.getByRole('button', { name: /^Record(?! next)/ }).click();
    await expect.poll(() => status(window).textContent()).toBe('Recording');
    expect(await violations(harness.reclight.app)).toEqual([]);
  });

  test('in the recorder: paused, and waiting for a call', async () => {
    const { window } = harness.reclight;
    await recognised(harness);
    await window.getByRole('button', { name: /^Pause/ }).click();
    await expect.poll(() => status(window).textContent()).toBe('Paused');
    expect(await violations(harness.reclight.app)).toEqual([]);
    harness.simulator.telephony.endAllCalls();
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    await window.getByRole('button', { name: 'Record next call' }).click();
    await expect.poll(() => status(window).textContent()).toBe('Waiting for a call…');
    expect(await violations(harness.reclight.app)).toEqual([]);
    await window.getByRole('region', { name: 'Recorder' }).getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
  });

  test('in the menu of a row', async () => {
    const { window } = harness.reclight;
    await window
      .getByRole('grid', { name: 'Recordings' })
      .getByRole('row')
      .first()
      .click({ button: 'right' });
    await window.getByRole('menuitem', { name: 'Details' }).waitFor();
    expect(await violations(harness.reclight.app)).toEqual([]);
    await window.keyboard.press('Escape');
  });

  test('in the list of saves: done, under way, paused, failed', async () => {
    const { simulator, reclight } = harness;
    const { window, app } = reclight;
    const folder = await mkdtemp(join(tmpdir(), 'reclight-kept-'));
    try {
      await app.evaluate(({ dialog }, path) => {
        Object.assign(dialog, {
          showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [path] }),
        });
      }, folder);
      const [done, slow, paused, gone] = await Promise.all([
        add(5_000, {}),
        add(600_000, { bytesPerSecond: 10_000 }),
        add(600_000, { bytesPerSecond: 10_000 }),
        add(5_000, {}),
      ]);
      simulator.faults.add({
        match: { route: 'media', urlContains: gone.id },
        action: { kind: 'page', status: 404 },
      });
      const ids = [done, gone, slow, paused].map(({ id }) => id);
      await window.evaluate((wanted) => self.reclight.saveRecordings({ ids: wanted }), ids);
      const saving = window.getByRole('region', { name: 'Saves' });
      const expand = saving.getByRole('button', { name: 'Show saves' });
      await saving.waitFor();
      if ((await expand.getAttribute('aria-expanded')) === 'false') await expand.click();
      await expect.poll(() => saving.textContent(), patient).toContain('Not saved');
      await expect.poll(() => saving.textContent(), patient).toContain('Saved, verified');
      await saving.getByRole('button', { name: 'Pause', exact: true }).last().click();
      await expect.poll(() => saving.textContent()).toContain('Paused');
      expect(await violations(app)).toEqual([]);
      await saving.getByRole('button', { name: 'Cancel all' }).click();
      await saving.getByRole('button', { name: 'Clear finished' }).click();
      await saving.waitFor({ state: 'detached' });
    } finally {
      simulator.faults.clear();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('in the player and the details', async () => {
    const { window } = harness.reclight;
    const row = window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first();
    await row.dblclick();
    await window.getByRole('region', { name: 'Player' }).waitFor();
    expect(await violations(harness.reclight.app)).toEqual([]);
    await row.click({ button: 'right' });
    await window.getByRole('menuitem', { name: 'Details' }).click();
    await window.getByRole('dialog', { name: 'Recording details' }).waitFor();
    expect(await violations(harness.reclight.app)).toEqual([]);
    await window.keyboard.press('Escape');
  });

  test('in all that the player has', async () => {
    const { keyboard } = harness.reclight.window;
    await play(60_000, { voice: 'stereo' });
    await expect.poll(waveform, patient).toBe('whole');
    await position().focus();
    // A mark with a name, one without, a loop, silence skipped.
    for (const key of ['2', 'm', '5', 'm', 'l', '7', 'l', 's']) await keyboard.press(key);
    await button('More controls').click();
    const marks = player().getByRole('list', { name: 'Marks' });
    await expect.poll(() => marks.getByRole('listitem').count()).toBe(2);
    await marks.getByRole('textbox').first().fill('Refund');
    await keyboard.press('Enter');
    await button('Left').click();
    await player().getByRole('combobox', { name: 'Output device' }).waitFor();
    expect(await violations(harness.reclight.app)).toEqual([]);
  });

  test.each(['Account', 'Line', 'Shortcuts', 'Notifications', 'Appearance', 'Connection', 'About'])(
    'in the settings: %s',
    async (name) => {
      const { window } = harness.reclight;
      if ((await window.getByRole('tab', { name }).count()) === 0) {
        await window.getByRole('button', { name: 'Settings' }).click();
      }
      await window.getByRole('tab', { name }).click();
      await window.getByRole('tabpanel', { name }).waitFor();
      expect(await violations(harness.reclight.app)).toEqual([]);
    },
  );

  test('in the notices: a warning, and recordings that were not found', async () => {
    const { simulator, reclight, anna } = harness;
    const [startedAt, endedAt] = [simulator.clock.now() - 7_200_000, simulator.clock.now() - 3_600_000];
    const lost = { scope: scopeHash(simulator.url, anna.username), startedAt, endedAt };
    await reclight.quit();
    await writeFile(join(reclight.profile, 'settings.json'), 'damaged');
    await writeFile(
      join(reclight.profile, 'recorder.json'),
      JSON.stringify({
        version: 1,
        pause: [],
        underWay: [],
        pending: [],
        unconfirmed: [
          { ...lost, id: '0f8fad5b-d9cb-469f-a165-70867728950e', directoryNumber: '101' },
          { ...lost, id: '0f8fad5b-d9cb-469f-a165-70867728950f', directoryNumber: null },
        ],
      }),
    );
    const { app, window } = await harness.restart();
    await signIn(window, anna);
    const notices = window.getByRole('region', { name: 'Notices' });
    await expect.poll(() => notices.textContent()).toContain('Your settings file was damaged');
    await expect.poll(() => notices.textContent()).toContain('Not found among your recordings');
    expect(await violations(app)).toEqual([]);
  });

  test('while the state is unknown, and when the password is refused', async () => {
    const { simulator, reclight } = harness;
    const { app, window } = reclight;
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    await simulator.faults.goDown();
    await expect.poll(() => status(window).textContent(), patient).toBe('State unknown');
    expect(await violations(app)).toEqual([]);
    simulator.accounts.update('anna.rossi', { sso: true });
    await simulator.faults.comeUp();
    const form = window.getByRole('form', { name: 'Sign in' });
    await form.waitFor();
    await form.getByRole('alert').first().waitFor();
    expect(await violations(app)).toEqual([]);
  });
});
