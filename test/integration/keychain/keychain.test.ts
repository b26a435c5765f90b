import { execFile, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';

import { afterEach, describe, expect, it } from 'vitest';

import type { RecorderApi } from '../../../src-main/core/ports/api';
import { createConnector, secretAccount } from '../../../src-main/infra/api/connector';
import { createKeytarStore } from '../../../src-main/infra/keychain';
import type { SecretStore } from '../../../src-main/infra/secret-store';
import { SecretStoreError } from '../../../src-main/infra/secret-store';

const account = { serverAddress: 'https://recorder.example/voice', username: 'anna.rossi@example.com' };
const password = 'Pl4nted "päss" 電話';
const noApi = (): Promise<RecorderApi & { dispose(): void }> => Promise.reject(new Error('not asked for'));
const connectorOver = (secrets: SecretStore, keychainProbeMs?: number) =>
  createConnector({
    secrets,
    createApi: noApi,
    ...(keychainProbeMs === undefined ? {} : { keychainProbeMs }),
  });

/** What libsecret's own tool finds, in another process than ours. */
async function lookup(): Promise<string | null> {
  const { stdout } = await promisify(execFile)('dbus-send', [
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.secrets',
    '/org/freedesktop/secrets',
    'org.freedesktop.Secret.Service.SearchItems',
    `dict:string:string:service,RecLight,account,${secretAccount(account)}`,
  ]);
  return /object path "([^"]+)"/.exec(stdout)?.[1] ?? null;
}

describe.runIf(process.platform === 'linux')('the real keyring of this desktop', () => {
  const connector = connectorOver(createKeytarStore());

  afterEach(async () => {
    await connector.forget(account);
  });

  it('is there', async () => {
    expect(await connector.keychainAvailable()).toBe(true);
  });

  it('keeps a password under RecLight and the account, and gives it back', async () => {
    expect(await connector.reconnect(account)).toEqual({ ok: true, value: null });
    expect(await lookup()).toBeNull();
    const connection = connector.connect(account, password);
    expect(await connection.remember()).toEqual({ ok: true, value: null });
    expect(await lookup()).not.toBeNull();
    expect(await createKeytarStore().read(secretAccount(account))).toBe(password);

    const again = await connector.reconnect({ ...account });
    expect(again).toMatchObject({ ok: true, value: { account } });
    const shown =
      inspect([connection, again], { depth: 20, showHidden: true }) + JSON.stringify([connection, again]);
    expect(shown).not.toContain(password);
    connection.close();

    expect(await connector.forget(account)).toEqual({ ok: true, value: null });
    expect(await lookup()).toBeNull();
    expect(await connector.forget(account)).toEqual({ ok: true, value: null });
  });

  it('tells two users of a server, and two servers of a user, apart', async () => {
    const other = { ...account, username: 'ben.carter' };
    const elsewhere = { ...account, serverAddress: 'https://recorder.example' };
    await connector.connect(account, 'one').remember();
    expect(await connector.reconnect(other)).toEqual({ ok: true, value: null });
    expect(await connector.reconnect(elsewhere)).toEqual({ ok: true, value: null });
  });

  it('does not remember what was closed', async () => {
    const connection = connector.connect(account, password);
    connection.close();
    expect(await connection.remember()).toMatchObject({ ok: false, error: { code: 'signed-out' } });
    expect(await lookup()).toBeNull();
  });
});

describe.runIf(process.platform === 'linux')('a desktop without a keyring', () => {
  it.each([
    ['no bus', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }],
    ['no bus named', { DBUS_SESSION_BUS_ADDRESS: '', DISPLAY: '', XDG_RUNTIME_DIR: '/nonexistent' }],
  ])('%s: is found out, and nothing crashes', async (_what, env) => {
    const child = fork(fileURLToPath(new URL('./keychain-process.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env },
    });
    const answer = await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => {
        reject(new Error(`ended with ${code}`));
      });
    });
    child.disconnect();
    const unavailable = { ok: false, error: { code: 'keychain-unavailable', operation: 'sign-in' } };
    expect(answer).toMatchObject({
      available: false,
      remembered: unavailable,
      reconnected: unavailable,
      forgotten: unavailable,
    });
    expect(JSON.stringify(answer)).not.toContain('Pl4nted');
  });
});

describe('a keyring that does not answer', () => {
  const silent: SecretStore = {
    read: () => new Promise(() => undefined),
    write: () => Promise.reject(new SecretStoreError('locked')),
    remove: () => Promise.reject(new SecretStoreError('locked')),
  };

  it('is not waited for', async () => {
    expect(await connectorOver(silent, 50).keychainAvailable()).toBe(false);
  });

  it('is reported with its reason', async () => {
    expect(await connectorOver(silent).forget(account)).toEqual({
      ok: false,
      error: { code: 'keychain-unavailable', operation: 'sign-in', detail: { message: 'locked' } },
    });
  });
});
