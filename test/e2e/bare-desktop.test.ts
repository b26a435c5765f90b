import { afterEach, describe, expect, test } from 'vitest';

import type { PrivateDesktop } from '../desktop/desktop';
import { startDesktop } from '../desktop/desktop';
import type { Simulator } from '../simulator';
import { startSimulator } from '../simulator';
import type { RecLight } from './support/reclight';
import { launch, removeProfile, signIn, status } from './support/reclight';

let desktop: PrivateDesktop | null = null;
let simulator: Simulator | null = null;
let reclight: RecLight | null = null;

afterEach(async () => {
  await reclight?.quit();
  if (reclight !== null) await removeProfile(reclight.profile);
  await simulator?.close();
  await desktop?.dispose();
  desktop = null;
  simulator = null;
  reclight = null;
});

/** A RecLight on a desktop of its own that lacks something. */
async function start(lacking: { readonly tray?: false; readonly keyring?: false }): Promise<RecLight> {
  simulator = await startSimulator({ recordings: 10 });
  desktop = await startDesktop(lacking);
  reclight = await launch({ env: desktop.env as Record<string, string> });
  return reclight;
}

const anna = () => ({
  server: simulator?.url ?? '',
  username: 'anna.rossi',
  password: 'Anna-101-demo',
  directoryNumber: '101',
});

describe('a desktop without a tray', () => {
  test('keeps the window within reach: closing it minimises it', async () => {
    const { app, window } = await start({ tray: false });
    await signIn(window, anna());
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const state = () =>
      app.evaluate(({ BrowserWindow }) => {
        const [first] = BrowserWindow.getAllWindows();
        return { there: first !== undefined, minimised: first?.isMinimized() };
      });
    await expect.poll(state, { timeout: 15_000 }).toEqual({ there: true, minimised: true });
    await app.evaluate(({ app: electronApp }) => electronApp.emit('activate'));
    await expect.poll(async () => (await state()).minimised, { timeout: 15_000 }).toBe(false);
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
  });
});

describe('a desktop without a keychain', () => {
  test('says so in words, and stays signed in until quitting', async () => {
    const { window } = await start({ keyring: false });
    const form = window.getByRole('form', { name: 'Sign in' });
    const remember = form.getByRole('checkbox', { name: 'Remember me on this computer' });
    await expect.poll(() => remember.isDisabled()).toBe(true);
    await expect.poll(() => form.textContent()).toMatch(/keychain/);
    await signIn(window, anna());
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
  });
});
