import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import keytar from 'keytar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { scopeHash } from '@shared/domain/scope-hash';
import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { recordTraffic } from '../harness/ipc';
import type { RecLight } from '../harness/reclight';
import { createProfile, fillSignIn, launch, removeProfile, signIn, status } from '../harness/reclight';
import { expectNothingWritten, holds, processTree, tracesOfPassword } from '../harness/secrets';
import { until } from '../harness/until';

const username = 'anna.rossi';
const password = 'Planted-Ünïque-7391-secret';
const traces = tracesOfPassword(username, password);

let simulator: Simulator;
let profile: string;
/** What RecLight uses for temporary files. */
let temp: string;
let reclight: RecLight | null = null;

const account = () => `${username}@${simulator.url}`;
/** Each profile has entries of its own. */
const entry = () => `${account()} (profile ${scopeHash(profile)})`;
const remembered = () => keytar.getPassword('RecLight', entry());

beforeEach(async () => {
  simulator = await startSimulator({ recordings: 30 });
  simulator.accounts.update(username, { password });
  profile = await createProfile();
  temp = await mkdtemp(join(tmpdir(), 'reclight-temp-'));
});

afterEach(async () => {
  await reclight?.quit();
  reclight = null;
  await keytar.deletePassword('RecLight', entry());
  await simulator.close();
  await removeProfile(profile);
  await rm(temp, { recursive: true, force: true });
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<RecLight> {
  reclight = await launch({ profile, env });
  return reclight;
}

describe('signing in', () => {
  test('once through the form, then from the keyring without a prompt, until signing out', async () => {
    const first = await start();
    await signIn(first.window, {
      server: simulator.url,
      username,
      password,
      remember: true,
      directoryNumber: '101',
    });
    await expect.poll(() => status(first.window).textContent()).toBe('Not recording');
    await until(async () => (await remembered()) === password, 'the keyring entry');
    await first.quit();

    const second = await start();
    await second.window.getByRole('region', { name: 'Recorder' }).waitFor();
    await expect.poll(() => status(second.window).textContent()).toBe('Not recording');
    expect(await second.window.getByRole('form', { name: 'Sign in' }).count()).toBe(0);

    await second.window.getByRole('button', { name: 'Settings' }).click();
    await second.window.getByRole('button', { name: 'Sign out' }).click();
    await second.window.getByRole('form', { name: 'Sign in' }).waitFor();
    await until(async () => (await remembered()) === null, 'the keyring entry to go');
    await second.quit();

    const third = await start();
    await third.window.getByRole('form', { name: 'Sign in' }).waitFor();
  });

  test('without "Remember me" the password is gone with the app', async () => {
    const first = await start();
    await signIn(first.window, {
      server: simulator.url,
      username,
      password,
      remember: false,
      directoryNumber: '101',
    });
    expect(await remembered()).toBeNull();
    await first.quit();
    const second = await start();
    await second.window.getByRole('form', { name: 'Sign in' }).waitFor();
  });

  test('leaves the password nowhere but in the keyring', async () => {
    const { window, app, pid } = await start({ TMPDIR: temp });
    const traffic = await recordTraffic(app);
    await signIn(window, {
      server: simulator.url,
      username,
      password,
      remember: true,
      directoryNumber: '101',
    });
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    await simulator.requests.waitForRequest(({ route, status: code }) => route === 'active' && code === 200);

    // Everything that a window can ask for: also what answers of itself, and what was typed or is set.
    await window.getByRole('button', { name: 'Settings' }).click();
    await window.getByRole('tabpanel').first().waitFor();
    await window.evaluate(async () => {
      await self.reclight.getSnapshot({});
      await self.reclight.startRecording({});
      await self.reclight.listRecordings({ page: 0, pageSize: 50 });
      await self.reclight.updateSettings({ appearance: { theme: 'dark' } });
    });
    const said = await traffic();
    const channels = said.map((text) => text.slice(0, text.indexOf(' ')));
    for (const name of ['signIn', 'getSnapshot', 'startRecording', 'listRecordings', 'updateSettings']) {
      expect(channels).toContain(`reclight:${name}`);
    }
    expect(said.some((text) => text.startsWith('reclight:snapshot') && text.includes('signed-in'))).toBe(
      true,
    );
    for (const text of said) expect(holds(text, traces), text.slice(0, 200)).toBe(false);

    const held = await window.evaluate(() => ({
      dom: document.documentElement.outerHTML,
      values: [...document.querySelectorAll('input')].map((input) => input.value).join('\n'),
      storage: JSON.stringify({ ...localStorage, ...sessionStorage }),
    }));
    for (const [where, text] of Object.entries(held)) {
      expect(holds(text, traces), where).toBe(false);
    }
    for (const [id, seen] of await processTree(pid)) {
      expect(holds(Buffer.from(seen, 'latin1'), traces), `process ${id}`).toBe(false);
    }
    expect(await app.evaluate(() => process.argv.join(' '))).not.toContain(password);
    await expectNothingWritten([profile, temp], traces, 'while running');
    await reclight?.quit();
    await expectNothingWritten([profile, temp], traces, 'after quitting');
    // The whole of it is searched: what is planted in any of the folders is found.
    for (const folder of [profile, temp]) {
      const file = join(folder, 'planted');
      await writeFile(file, `x${password}y`);
      await expect(expectNothingWritten([profile, temp], traces, 'planted')).rejects.toThrow('planted');
      await rm(file);
    }
    // The search itself finds what is there to be found.
    expect(holds(Buffer.from(`x${password}y`), traces)).toBe(true);
  });

  test('suggests the line of the newest own recording', async () => {
    const { window } = await start();
    await signIn(window, { server: simulator.url, username, password, remember: false });
    await window.getByRole('button', { name: 'Use line 101' }).click();
    await simulator.requests.waitForRequest(
      ({ route, query }) => route === 'active' && query.includes('directoryNumber=101'),
    );
  });
});

/** Where nobody listens: a port that was free a moment ago. */
async function unusedAddress(): Promise<string> {
  const other = await startSimulator();
  await other.close();
  return other.url;
}

describe('a sign-in that fails says what failed', () => {
  const fields = { username, password, remember: false, directoryNumber: '101' };

  const cases: readonly (readonly [string, () => Promise<Partial<Record<string, string>>>, RegExp])[] = [
    ['no address', () => Promise.resolve({ server: 'not an address' }), /not the address of a server/],
    [
      'no such host',
      () => Promise.resolve({ server: 'https://no-such-host.invalid' }),
      /There is no server named/,
    ],
    ['nobody listens', async () => ({ server: await unusedAddress() }), /no recording server is running/],
    [
      'wrong password',
      () => Promise.resolve({ password: 'wrong' }),
      /single sign-on \(SSO\).*AllowBasicAuthForSsoUsersViaWebApi/,
    ],
    [
      'another web server',
      () => {
        simulator.faults.add({ action: { kind: 'proxyLogin' } });
        return Promise.resolve({});
      },
      /not a call recording server/,
    ],
    [
      'a log-in page elsewhere',
      () => {
        simulator.faults.add({ action: { kind: 'redirect' } });
        return Promise.resolve({});
      },
      /leads to another page/,
    ],
    [
      'a username with a colon (C31)',
      () => Promise.resolve({ username: 'anna.rossi:101' }),
      /A username cannot contain a colon/,
    ],
    [
      'a single sign-on user',
      () => Promise.resolve({ username: 'sofia.sso', password: 'Sofia-106-demo' }),
      /AllowBasicAuthForSsoUsersViaWebApi/,
    ],
  ];

  test.each(cases)('%s', async (_name, arrange, sentence) => {
    const changed = await arrange();
    const { window } = await start();
    await fillSignIn(window, { ...fields, server: simulator.url, ...changed });
    const alert = window.getByRole('form', { name: 'Sign in' }).getByRole('alert');
    await expect
      .poll(async () => (await alert.allTextContents()).join(' '), { timeout: 20_000 })
      .toMatch(sentence);
    expect(simulator.requests.filter(({ status: code }) => code === 401).length).toBeLessThanOrEqual(1);
  });

  test('an untrusted certificate', async () => {
    const { certificate } = await import('../harness/certificate');
    const secure = await startSimulator({ tls: await certificate() });
    try {
      const { window } = await start();
      await fillSignIn(window, { ...fields, server: secure.url });
      const alert = window.getByRole('form', { name: 'Sign in' }).getByRole('alert');
      await expect.poll(async () => (await alert.allTextContents()).join(' ')).toMatch(/certificate/);
      expect(secure.requests.entries).toEqual([]);
    } finally {
      await secure.close();
    }
  });

  test('a user without any right is signed in, and told that nothing is visible (P2)', async () => {
    const { window } = await start();
    await signIn(window, {
      server: simulator.url,
      username: 'nina.none',
      password: 'Nina-000-demo',
      remember: false,
    });
    await expect.poll(() => status(window).textContent()).toBe('Not visible to you');
  });

  test('a user below level 10 is signed in and told that recordings in progress are not visible', async () => {
    const { window } = await start();
    await signIn(window, {
      server: simulator.url,
      username: 'luca.base',
      password: 'Luca-105-demo',
      remember: false,
      directoryNumber: '105',
    });
    await expect.poll(() => status(window).textContent()).toBe('Not visible to you');
    await expect
      .poll(() => window.getByRole('region', { name: 'Recorder' }).textContent())
      .toMatch(/level 10/);
  });
});

describe('handing over', () => {
  test('the next user gets no line of the one before, nor a call recorded on it (E43, C16, C23, C31)', async () => {
    const { window } = await start();
    // As it is copied from the browser.
    const portal = `${simulator.url}/fw/?page=rec#/recordings`;
    await signIn(window, { server: portal, username, password, remember: true, directoryNumber: '101' });
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    await until(async () => (await remembered()) === password, 'the keyring entry');
    await window.getByRole('button', { name: 'Settings' }).click();
    await window.getByRole('button', { name: 'Sign out' }).click();

    const form = window.getByRole('form', { name: 'Sign in' });
    const name = form.getByRole('textbox', { name: 'Username' });
    const number = form.getByRole('textbox', { name: 'Directory number' });
    await form.waitFor();
    expect(await form.getByRole('textbox', { name: 'Server address' }).inputValue()).toBe(simulator.url);
    expect(await number.inputValue()).toBe('101');
    await name.fill('ben.carter:102');
    expect(await number.inputValue()).toBe('');
    await form.getByLabel('Password', { exact: true }).fill('Ben-102-demo');
    simulator.requests.clear();
    await form.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => form.getByRole('alert').textContent()).toMatch(/colon/);
    expect(simulator.requests.entries).toEqual([]);

    await name.fill('ben.carter');
    await form.getByRole('button', { name: 'Sign in' }).click();
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    simulator.telephony.connectCall({ directoryNumber: '101' });
    await window.getByRole('button', { name: 'Record', exact: true }).click();
    const started = await simulator.requests.waitForRequest(({ route }) => route === 'start');
    expect(started.status).not.toBe(201);
    expect(JSON.stringify(simulator.requests.entries)).not.toContain('directoryNumber=101');
    await until(async () => (await remembered()) === null, 'the keyring entry of the user before to go');
  });
});
