import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { violations } from './support/axe';
import { drivePlayer, patient } from './support/player';
import { signIn, status } from './support/reclight';
import type { Stage } from './support/stage';
import { setStage } from './support/stage';

let stage: Stage;
const { player, button, position, waveform, play } = drivePlayer(() => stage);

beforeAll(async () => {
  stage = await setStage({
    signedIn: false,
    // Loudspeakers to choose from, on a machine that has none.
    launch: { args: ['--use-fake-device-for-media-stream'] },
  });
});

afterAll(async () => {
  await stage.close();
});

describe('axe finds nothing serious', () => {
  test('in the sign-in form, also with an error', async () => {
    expect(await violations(stage.reclight.app)).toEqual([]);
    const { window } = stage.reclight;
    await window.getByRole('textbox', { name: 'Server address' }).fill('not an address');
    await window.getByRole('textbox', { name: 'Username' }).fill('u');
    await window.getByLabel('Password', { exact: true }).fill('p');
    await window.getByRole('button', { name: 'Sign in' }).click();
    await window.getByRole('alert').first().waitFor();
    expect(await violations(stage.reclight.app)).toEqual([]);
  });

  test('in the recorder and the list: idle, recording, refused', async () => {
    const { window } = stage.reclight;
    await signIn(window, stage.anna);
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    await window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
    expect(await violations(stage.reclight.app)).toEqual([]);
    await window.getByRole('button', { name: /^Record(?! next)/ }).click();
    await window.getByRole('region', { name: 'Recorder' }).getByRole('alert').first().waitFor();
    expect(await violations(stage.reclight.app)).toEqual([]);
    stage.simulator.telephony.connectCall({ directoryNumber: '101' });
    await window.getByRole('button', { name: /^Record(?! next)/ }).click();
    await expect.poll(() => status(window).textContent()).toBe('Recording');
    expect(await violations(stage.reclight.app)).toEqual([]);
  });

  test('in the player and the details', async () => {
    const { window } = stage.reclight;
    const row = window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first();
    await row.dblclick();
    await window.getByRole('region', { name: 'Player' }).waitFor();
    expect(await violations(stage.reclight.app)).toEqual([]);
    await row.click({ button: 'right' });
    await window.getByRole('menuitem', { name: 'Details' }).click();
    await window.getByRole('dialog', { name: 'Recording details' }).waitFor();
    expect(await violations(stage.reclight.app)).toEqual([]);
    await window.keyboard.press('Escape');
  });

  test('in all that the player has', async () => {
    const { keyboard } = stage.reclight.window;
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
    expect(await violations(stage.reclight.app)).toEqual([]);
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
      expect(await violations(stage.reclight.app)).toEqual([]);
    },
  );
});
