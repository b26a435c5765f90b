import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockoutThreshold } from './accounts';
import { type Simulator, startSimulator } from './index';
import { basic, call, passwords } from './testing/caller';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator();
});

afterEach(() => simulator.close());

const status = async (authorization: string): Promise<number> =>
  (await call(simulator, 'GET', '/Recordings?page=0&pageSize=1', { authorization })).status;

describe('Basic authentication', () => {
  it.each<readonly [string, string, number]>([
    ['the right password', basic('anna.rossi', passwords['anna.rossi']), 200],
    ['another case of the name', basic('Anna.Rossi', passwords['anna.rossi']), 200],
    ['a UTF-8 password', basic('chiara.greco', 'Perché-103-più'), 200],
    [
      'the same in Latin-1',
      `Basic ${Buffer.from('chiara.greco:Perché-103-più', 'latin1').toString('base64')}`,
      401,
    ],
    ['a wrong password', basic('anna.rossi', 'no'), 401],
    ['another case of the password', basic('anna.rossi', 'anna-101-demo'), 401],
    ['an unknown user', basic('nobody', 'x'), 401],
    ['no colon', `Basic ${Buffer.from('anna.rossi').toString('base64')}`, 401],
    ['another scheme', 'Bearer abc', 401],
    ['nothing', '', 401],
  ])('with %s', async (_name, authorization, expected) => {
    expect(await status(authorization)).toBe(expected);
  });

  it('parts user and password at the first colon', async () => {
    simulator.accounts.add({ username: 'colon', password: 'a:b:c' });
    expect(await status(basic('colon', 'a:b:c'))).toBe(200);
  });

  it('refuses SSO users unless the setting allows them', async () => {
    const sso = basic('sofia.sso', passwords['sofia.sso']);
    expect(await status(sso)).toBe(401);
    simulator.service.allowBasicAuthForSsoUsers = true;
    expect(await status(sso)).toBe(200);
  });

  it('follows a password changed at run time', async () => {
    simulator.accounts.update('anna.rossi', { password: 'new' });
    expect(await status(basic('anna.rossi', passwords['anna.rossi']))).toBe(401);
    expect(await status(basic('anna.rossi', 'new'))).toBe(200);
  });

  it('never keeps a password in the log', async () => {
    await status(basic('anna.rossi', 'planted-secret'));
    const [entry] = simulator.requests.entries;
    expect(entry).toMatchObject({
      username: 'anna.rossi',
      hasAuthorization: true,
      status: 401,
      route: 'list',
    });
    expect(JSON.stringify(simulator.requests.entries)).not.toContain('planted-secret');
  });
});

describe('lock-out', () => {
  const right = basic('ben.carter', passwords['ben.carter']);
  const wrong = basic('ben.carter', 'wrong');

  it('comes with the fifth failure in a row, and then refuses the right password too', async () => {
    for (let failure = 1; failure < lockoutThreshold; failure += 1) expect(await status(wrong)).toBe(401);
    expect(simulator.accounts.failures('ben.carter')).toBe(lockoutThreshold - 1);
    expect(simulator.accounts.isLocked('ben.carter')).toBe(false);
    expect(await status(wrong)).toBe(401);
    expect(simulator.accounts.isLocked('ben.carter')).toBe(true);
    expect(await status(right)).toBe(401);
    expect(await status(basic('anna.rossi', passwords['anna.rossi']))).toBe(200);
  });

  it('forgets failures after a success', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let failure = 1; failure < lockoutThreshold; failure += 1) await status(wrong);
      expect(await status(right)).toBe(200);
    }
    expect(simulator.accounts.isLocked('ben.carter')).toBe(false);
  });

  it('counts requests without credentials for nobody', async () => {
    for (let request = 0; request < 2 * lockoutThreshold; request += 1) await status('');
    expect(
      simulator.accounts.all().every(({ username }) => simulator.accounts.failures(username) === 0),
    ).toBe(true);
  });

  it('ends by hand, or by itself', async () => {
    for (let failure = 0; failure < lockoutThreshold; failure += 1) await status(wrong);
    simulator.accounts.unlock('ben.carter');
    expect(await status(right)).toBe(200);
    simulator.accounts.lockoutMs = 0;
    for (let failure = 0; failure < lockoutThreshold; failure += 1) await status(wrong);
    expect(await status(right)).toBe(200);
  });
});
