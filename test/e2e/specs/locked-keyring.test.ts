import type { MessageBus } from 'dbus-next';
import { afterEach, expect, test } from 'vitest';

import { callMethod, connectBus } from '../../tools/desktop/dbus';
import type { PrivateDesktop } from '../../tools/desktop/desktop';
import { startDesktop } from '../../tools/desktop/desktop';
import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import type { RecLight } from '../harness/reclight';
import { fillSignIn, launch, removeProfile, signIn, status } from '../harness/reclight';

let desktop: PrivateDesktop | null = null;
let bus: MessageBus | null = null;
let simulator: Simulator | null = null;
let reclight: RecLight | null = null;

afterEach(async () => {
  await reclight?.quit();
  if (reclight !== null) await removeProfile(reclight.profile);
  await simulator?.close();
  bus?.disconnect();
  await desktop?.dispose();
  desktop = null;
  bus = null;
  simulator = null;
  reclight = null;
});

test('a keyring that waits for its user holds up neither the form nor the light (D6)', async () => {
  simulator = await startSimulator({ recordings: 10 });
  desktop = await startDesktop();
  const env = desktop.env as Record<string, string>;
  const anna = {
    server: simulator.url,
    username: 'anna.rossi',
    password: 'Anna-101-demo',
    remember: true,
    directoryNumber: '101',
  };
  const first = (reclight = await launch({ env }));
  await signIn(first.window, anna);
  await expect.poll(() => status(first.window).textContent()).toBe('Not recording');
  await first.quit();

  bus = await connectBus(env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  // Shows the keyring's question to nobody, and never answers it.
  bus.addMethodHandler(() => true);
  await bus.requestName('org.gnome.keyring.SystemPrompter', 0);
  const keyring = {
    destination: 'org.freedesktop.secrets',
    path: '/org/freedesktop/secrets',
    interface: 'org.freedesktop.Secret.Service',
  };
  await callMethod(bus, keyring, 'Lock', 'ao', [['/org/freedesktop/secrets/collection/login']]);

  const { window } = (reclight = await launch({ profile: first.profile, env }));
  const instead = window.getByRole('button', { name: 'Sign in with the password instead' });
  await instead.waitFor({ timeout: 30_000 });
  expect(await window.getByText(/it may be asking you to unlock it/).count()).toBe(1);
  await instead.click();
  const form = window.getByRole('form', { name: 'Sign in' });
  expect(await form.getByRole('textbox', { name: 'Username' }).inputValue()).toBe('anna.rossi');
  await fillSignIn(window, anna);
  await expect.poll(() => status(window).textContent(), { timeout: 20_000 }).toBe('Not recording');
});
