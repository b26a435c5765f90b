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

describe('accounts', () => {
  const right = basic('anna.rossi', passwords['anna.rossi']);
  const as = (username: string) => basic(username, passwords['anna.rossi']);

  it('have other names to sign in with', async () => {
    expect(await status(as('OFFICE\\anna'))).toBe(401);
    simulator.accounts.update('anna.rossi', { aliases: ['OFFICE\\anna', 'anna@office.example'] });
    expect(await status(as('office\\ANNA'))).toBe(200);
    expect(await status(as('anna@office.example'))).toBe(200);
    for (let failure = 0; failure < lockoutThreshold; failure += 1)
      await status(basic('anna@office.example', 'x'));
    expect(simulator.accounts.isLocked('anna.rossi')).toBe(true);
  });

  it.each([
    [['record'], [403, 403, 403, 201]],
    [
      ['active', 'record'],
      [403, 403, 200, 201],
    ],
    [['list'], [200, 403, 403, 403]],
    [
      ['list', 'play'],
      [200, 200, 403, 403],
    ],
    [[], [403, 403, 403, 403]],
  ] as const)('have rights that need not be nested: %j (L4)', async (rights, expected) => {
    const { id } = simulator.recordings.add({ durationMs: 1_000 });
    simulator.telephony.connectCall({ directoryNumber: '101' });
    simulator.accounts.update('anna.rossi', { rights });
    const seen = [
      await call(simulator, 'GET', '/Recordings', { authorization: right }),
      await call(simulator, 'GET', `/Recordings/${id}/Media`, { authorization: right }),
      await call(simulator, 'GET', '/LiveRecordings', { authorization: right }),
      await call(simulator, 'POST', '/LiveRecordings', { json: { directoryNumber: '101' } }),
    ];
    expect(seen.map((answer) => answer.status)).toEqual(expected);
  });

  it('of a group superuser see the group, and recordings of deleted users stay', async () => {
    simulator.accounts.update('ben.carter', { group: 'Field' });
    simulator.recordings.add({ ownerUsername: 'ben.carter' });
    simulator.recordings.add({ ownerUsername: 'chiara.greco' });
    const owners = async (as: 'anna.rossi' | 'sara.conti') => {
      const answer = await call(simulator, 'GET', '/Recordings', { as });
      const { recordings } = answer.body as { recordings: readonly { ownerUsername: string }[] };
      return recordings.map(({ ownerUsername }) => ownerUsername).toSorted();
    };
    expect(await owners('anna.rossi')).toEqual([]);
    simulator.accounts.update('anna.rossi', { groups: ['Field'] });
    expect(await owners('anna.rossi')).toEqual(['ben.carter']);
    simulator.accounts.remove('chiara.greco');
    expect(await owners('sara.conti')).toEqual(['ben.carter', 'chiara.greco']);
  });

  it('share an extension, told apart by numericUserId', async () => {
    simulator.telephony.setLine({
      directoryNumber: '101',
      username: 'anna.rossi',
      sharedWith: ['ben.carter'],
    });
    const count = async (query: string) => {
      const answer = await call(simulator, 'GET', `/LiveRecordings?directoryNumber=101&${query}`);
      return (answer.body as readonly unknown[]).length;
    };
    const first = simulator.telephony.connectCall({ directoryNumber: '101' });
    expect(
      (
        await call(simulator, 'POST', '/LiveRecordings', {
          as: 'ben.carter',
          json: { directoryNumber: '101' },
        })
      ).status,
    ).toBe(201);
    expect([await count('numericUserId=5101'), await count('numericUserId=5102')]).toEqual([0, 1]);
    simulator.telephony.endCall(first.id);
    simulator.telephony.connectCall({ directoryNumber: '101', username: 'ben.carter' });
    const refused = await call(simulator, 'POST', '/LiveRecordings', { json: { directoryNumber: '101' } });
    expect(refused).toMatchObject({ status: 403, body: { reason: 0 } });
  });
});
