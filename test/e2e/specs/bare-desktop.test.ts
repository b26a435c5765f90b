import { afterEach, describe, expect, test } from 'vitest';

import { connectBus } from '../../tools/desktop/dbus';
import type { PrivateDesktop } from '../../tools/desktop/desktop';
import { startDesktop } from '../../tools/desktop/desktop';
import { serveTray } from '../../tools/desktop/tray-host';
import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import type { RecLight } from '../harness/reclight';
import { launch, removeProfile, signIn, status } from '../harness/reclight';

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

describe('a tray host that comes and goes', () => {
  const windowState = ({ app }: RecLight) =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window?.isMinimized() === true) return 'minimised';
      return window?.isVisible() === true ? 'visible' : 'hidden';
    });
  const close = ({ app }: RecLight) =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const show = ({ app }: RecLight) => app.evaluate(({ app: electronApp }) => electronApp.emit('activate'));

  test.each([
    ['late', false],
    ['early', true],
  ])(
    'has the icon each time, and never leaves the window without one: %s, and again twenty times (D2)',
    async (_when, isEarly) => {
      const bed = await startDesktop({ tray: false });
      desktop = bed;
      simulator = await startSimulator({ recordings: 10 });
      const address = bed.env['DBUS_SESSION_BUS_ADDRESS'] ?? '';
      const host = async () => {
        const bus = await connectBus(address);
        const tray = await serveTray(bus, () => undefined);
        return {
          end: () => {
            bus.disconnect();
          },
          shown: () => tray.items().map(({ tooltip }) => tooltip),
        };
      };
      let present = isEarly ? await host() : null;
      const running = await launch({ env: bed.env as Record<string, string> });
      reclight = running;
      await signIn(running.window, anna());
      await expect.poll(() => status(running.window).textContent()).toBe('Not recording');
      for (let round = 0; round < 20; round += 1) {
        if (present === null) {
          await close(running);
          await expect.poll(() => windowState(running), { message: `round ${round}` }).toBe('minimised');
          await show(running);
          await expect.poll(() => windowState(running)).toBe('visible');
          present = await host();
        }
        const { shown, end } = present;
        await expect.poll(shown, { message: `round ${round}` }).toEqual(['RecLight – Not recording']);
        await close(running);
        await expect.poll(() => windowState(running), { message: `round ${round}` }).toBe('hidden');
        end();
        present = null;
        await expect.poll(() => windowState(running), { message: `round ${round}` }).toBe('minimised');
        await show(running);
        await expect.poll(() => windowState(running)).toBe('visible');
      }
    },
  );
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

  test('after a restart shows the form, filled in, and promises nothing', async () => {
    const first = await start({ keyring: false });
    await signIn(first.window, anna());
    await expect.poll(() => status(first.window).textContent()).toBe('Not recording');
    await first.quit();
    simulator?.requests.clear();

    reclight = await launch({ profile: first.profile, env: desktop?.env as Record<string, string> });
    const { window } = reclight;
    const form = window.getByRole('form', { name: 'Sign in' });
    await expect
      .poll(() => form.getByRole('textbox', { name: 'Server address' }).inputValue())
      .toBe(simulator?.url);
    expect(await form.getByRole('textbox', { name: 'Username' }).inputValue()).toBe('anna.rossi');
    expect(await form.getByLabel('Password', { exact: true }).inputValue()).toBe('');
    await expect.poll(() => form.textContent()).toMatch(/keychain/);
    const remember = form.getByRole('checkbox', { name: 'Remember me on this computer' });
    expect(await remember.isDisabled()).toBe(true);
    expect(await remember.isChecked()).toBe(false);
    // Nothing failed: nobody was signed in, nothing was refused, and nothing was asked of the server.
    expect(await form.getByRole('alert').count()).toBe(0);
    expect(await window.getByText(/refused|signed out|not recording/i).count()).toBe(0);
    expect(simulator?.requests.entries).toEqual([]);
    await signIn(window, { ...anna(), directoryNumber: '101' });
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
  });
});
