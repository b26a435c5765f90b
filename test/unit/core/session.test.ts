import { describe, expect, it, vi } from 'vitest';

import type { Log } from '../../../src-main/core/ports';
import { activeFilterOf, createSessionService } from '../../../src-main/core/session';
import { createSettingsService } from '../../../src-main/core/settings';
import type { ErrorCode, ErrorDetail } from '../../../src-main/shared/errors';
import { fail, succeed } from '../../../src-main/shared/errors';
import type { Line } from '../../../src-main/shared/recording';
import { summary } from '../../support/examples';
import { MemoryFile } from '../../support/memory-file';
import { StubConnector } from '../../support/stub-connector';
import { settle, VirtualClock } from '../../support/virtual-clock';

/** Planted; whatever is searched for it must not hold it. */
const secret = 'Pl4nted&secret"\\ß';

const noLine: Line = { directoryNumber: null, deviceName: null, mode: 'media-forking' };
const line101: Line = { ...noLine, directoryNumber: '101' };

const form = {
  serverAddress: 'recorder.example.com/',
  username: ' anna ',
  password: secret,
  remember: true,
  line: noLine,
};
const entry = 'anna@https://recorder.example.com';

/** What outlives a restart: the files, the keychain and the server. */
class World {
  readonly connector = new StubConnector();
  readonly settingsFile = new MemoryFile('settings.json');
  readonly latchFile = new MemoryFile('latch.json');
  readonly logged: unknown[] = [];

  constructor() {
    this.connector.passwords.set('anna', secret);
  }

  /** Starts RecLight, as far as the session goes. */
  async start() {
    const settings = createSettingsService(this.settingsFile);
    await settings.load();
    const log: Log = { write: (...entry) => this.logged.push(entry) };
    const session = createSessionService({
      connector: () => Promise.resolve(this.connector),
      settings,
      clock: new VirtualClock(),
      log,
      latchFile: this.latchFile,
    });
    const keychainTrouble = vi.fn();
    session.onKeychainTrouble(keychainTrouble);
    const seen: unknown[] = [];
    session.onChange(() => seen.push(session.view()));
    const restore = async () => {
      await session.restore();
      await settle();
    };
    const signIn = async (changes: Partial<typeof form> = {}) => {
      const result = await session.signIn({ ...form, ...changes });
      await settle();
      return result;
    };
    return { session, settings, keychainTrouble, seen, restore, signIn };
  }

  async startRestored() {
    const started = await this.start();
    await started.restore();
    return started;
  }

  /** Everything of ours that is kept, said or shown, but not the keychain. */
  everything(...more: readonly unknown[]): string {
    const { settingsFile, latchFile, logged, connector } = this;
    return JSON.stringify([
      settingsFile.writes,
      latchFile.writes,
      logged,
      connector.requests,
      connector.connections,
      ...more,
    ]);
  }
}

describe('signing in', () => {
  it('asks two harmless questions, then remembers', async () => {
    const world = new World();
    const { session, settings, signIn } = await world.startRestored();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: null,
      username: null,
      error: null,
    });
    expect(await signIn()).toEqual(succeed(null));
    expect(world.connector.requests.slice(0, 2)).toMatchObject([
      { method: 'listRecordings', args: [{ ownerUsername: 'anna' }, { page: 0, pageSize: 1 }] },
      { method: 'activeRecordings', args: [{ username: 'anna' }] },
    ]);
    expect(session.view()).toEqual({
      status: 'signed-in',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      remembered: true,
      suggestedDirectoryNumber: null,
      error: null,
    });
    expect([...world.connector.keychain]).toEqual([[entry, secret]]);
    expect(settings.current().account).toEqual({
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      remember: true,
    });
    expect(session.current()).toMatchObject({ username: 'anna' });
  });

  it('keeps the password in memory alone where that is wished', async () => {
    const world = new World();
    world.connector.keychain.set(entry, 'from long ago');
    const { session, settings, signIn } = await world.startRestored();
    expect(await signIn({ remember: false, line: line101 })).toEqual(succeed(null));
    expect(world.connector.keychain.size).toBe(0);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    expect(settings.current()).toMatchObject({ account: { remember: false }, line: line101 });
    expect((await world.startRestored()).session.view()).toEqual({
      status: 'signed-out',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      error: null,
    });
  });

  it('says in words that there is no keychain, and stays signed in', async () => {
    const world = new World();
    world.connector.keychainWorks = false;
    const { session, settings, signIn, keychainTrouble } = await world.startRestored();
    expect(await signIn()).toEqual(succeed(null));
    expect(keychainTrouble).toHaveBeenCalledTimes(1);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false, error: null });
    expect(settings.current().account.remember).toBe(false);
    expect(await session.current()!.api.stopMine()).toMatchObject({ ok: true });
  });

  const failures: readonly (readonly [ErrorCode, ErrorDetail, ErrorDetail['field']])[] = [
    ['host-not-found', { host: 'recorder.example.com' }, 'serverAddress'],
    ['connection-refused', {}, 'serverAddress'],
    ['connection-lost', {}, 'serverAddress'],
    ['timeout', {}, 'serverAddress'],
    ['offline', {}, 'serverAddress'],
    ['tls-untrusted', { message: 'ERR_CERT_DATE_INVALID' }, 'serverAddress'],
    ['proxy-failed', { status: 407 }, 'serverAddress'],
    ['redirected', { status: 302 }, 'serverAddress'],
    ['not-this-server', { status: 200 }, 'serverAddress'],
    ['server-error', { status: 500 }, 'serverAddress'],
    ['service-down', { status: 504 }, 'serverAddress'],
    ['unauthorized', { status: 401 }, 'password'],
    ['not-allowed', { status: 403, reason: 0 }, 'username'],
    ['malformed', { status: 200, field: 'totalCount' }, 'totalCount'],
  ];

  it.each(failures)('fails by %s (%j), beside %s, and keeps nothing', async (code, detail, field) => {
    const world = new World();
    world.connector.answers = () => fail(code, 'list', detail);
    const { session, signIn } = await world.startRestored();
    const result = await signIn();
    expect(result).toEqual(fail(code, 'sign-in', { ...detail, field: field! }));
    expect(world.connector.requests).toHaveLength(1);
    expect(session.current()).toBeNull();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: null,
      username: null,
      error: result.ok ? null : result.error,
    });
    expect(world.connector.keychain.size).toBe(0);
    expect(world.connector.connections.map(({ closed }) => closed)).toEqual([true]);
    expect(world.settingsFile.writes).toEqual([]);
  });

  it.each([
    ['', 'serverAddress'],
    ['not an address', 'serverAddress'],
  ])('asks no server for the address %j', async (serverAddress, field) => {
    const world = new World();
    const { signIn } = await world.startRestored();
    expect(await signIn({ serverAddress })).toEqual(fail('invalid-address', 'sign-in', { field }));
    expect(world.connector.connections).toEqual([]);
  });

  it('asks no server for a user without a name', async () => {
    const world = new World();
    const { signIn } = await world.startRestored();
    expect(await signIn({ username: '   ' })).toEqual(
      fail('invalid-argument', 'sign-in', { field: 'username' }),
    );
    expect(world.connector.connections).toEqual([]);
  });

  it('with a wrong password costs one failed log-in', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    expect(await signIn({ password: 'wrong' })).toMatchObject({
      ok: false,
      error: { code: 'unauthorized', operation: 'sign-in', detail: { field: 'password' } },
    });
    expect(world.connector.refusals()).toBe(1);
    expect(world.connector.requests).toHaveLength(1);
    expect(session.view().status).not.toBe('locked');
  });

  it.each([
    ['level-too-low', 403],
    ['server-error', 500],
    ['service-down', 504],
    ['timeout', undefined],
  ] as const)('succeeds although active recordings answer %s', async (code, status) => {
    const world = new World();
    world.connector.answers = ({ method }) =>
      method === 'activeRecordings'
        ? fail(code, 'active', status === undefined ? {} : { status })
        : undefined;
    const { session, signIn } = await world.startRestored();
    expect(await signIn()).toEqual(succeed(null));
    expect(session.view().status).toBe('signed-in');
  });

  it.each(['redirected', 'not-this-server', 'malformed', 'tls-untrusted'] as const)(
    'fails where active recordings answer %s',
    async (code) => {
      const world = new World();
      world.connector.answers = ({ method }) =>
        method === 'activeRecordings' ? fail(code, 'active', { status: 200, field: '0.id' }) : undefined;
      const { session, signIn } = await world.startRestored();
      expect(await signIn()).toMatchObject({ ok: false, error: { code, operation: 'sign-in' } });
      expect(session.view().status).toBe('signed-out');
    },
  );

  it.each([
    [line101, { directoryNumber: '101' }],
    [{ ...line101, deviceName: 'SEP1' }, { directoryNumber: '101' }],
    [{ ...noLine, deviceName: 'SEP1' }, { deviceName: 'SEP1' }],
    [noLine, { username: 'anna' }],
  ])('looks at the line %j by %j', async (line, filter) => {
    const world = new World();
    const { signIn } = await world.startRestored();
    await signIn({ line });
    expect(world.connector.requests[1]?.args).toEqual([filter]);
    expect(activeFilterOf(line, 'anna')).toEqual(filter);
  });

  it('once more while it is under way is busy, and so is signing out', async () => {
    const world = new World();
    let answer: (() => void) | null = null;
    world.connector.answers = ({ method }) =>
      method === 'activeRecordings'
        ? new Promise((resolve) => {
            answer = () => {
              resolve(succeed([]));
            };
          })
        : undefined;
    const { session } = await world.startRestored();
    const first = session.signIn(form);
    await settle();
    expect(session.view()).toMatchObject({ status: 'signing-in', error: null });
    expect(await session.signIn(form)).toEqual(fail('busy', 'sign-in'));
    expect(await session.signOut()).toEqual(fail('busy', 'sign-in'));
    answer!();
    expect(await first).toEqual(succeed(null));
    expect(world.connector.connections).toHaveLength(1);
  });

  it('that ends after RecLight did leaves no connection open', async () => {
    const world = new World();
    let answer: (() => void) | null = null;
    world.connector.answers = ({ method }) =>
      method === 'activeRecordings'
        ? new Promise((resolve) => {
            answer = () => {
              resolve(succeed([]));
            };
          })
        : undefined;
    const { session } = await world.startRestored();
    const signingIn = session.signIn(form);
    await settle();
    session.dispose();
    answer!();
    expect(await signingIn).toEqual(fail('cancelled', 'sign-in'));
    expect(world.connector.connections.map(({ closed }) => closed)).toEqual([true]);
    expect(session.current()).toBeNull();
    expect(world.connector.keychain.size).toBe(0);
  });

  it('forgets a former failure', async () => {
    const { session, signIn } = await new World().startRestored();
    await signIn({ password: 'wrong' });
    expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'unauthorized' } });
    await signIn();
    expect(session.view()).toMatchObject({ status: 'signed-in', error: null });
    await session.signOut();
    expect(session.view()).toMatchObject({ status: 'signed-out', error: null });
  });

  it('as somebody else leaves nothing of the former user', async () => {
    const world = new World();
    world.connector.passwords.set('bea', 'hers');
    const { session, signIn } = await world.startRestored();
    await signIn();
    const former = session.current()!.api;
    await signIn({ username: 'bea', password: 'hers' });
    expect([...world.connector.keychain.keys()]).toEqual(['bea@https://recorder.example.com']);
    expect(world.connector.connections.map(({ closed }) => closed)).toEqual([true, false]);
    expect(await former.stopMine()).toMatchObject({ error: { code: 'signed-out' } });
    expect(session.view()).toMatchObject({ username: 'bea' });
  });

  it('fails without ending the session of whoever is signed in', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    await signIn();
    expect(await signIn({ username: 'bea', password: 'x' })).toMatchObject({ ok: false });
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'anna', error: null });
    expect(world.connector.keychain.get(entry)).toBe(secret);
    expect(await session.current()!.api.stopMine()).toMatchObject({ ok: true });
  });

  it('goes to the administrator’s server, whatever a window sends', async () => {
    const world = new World();
    const { session, settings, signIn } = await world.startRestored();
    settings.setPolicy({ serverAddress: 'fixed.example.com' });
    expect(await signIn({ serverAddress: 'evil.example.net' })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ serverAddress: 'https://fixed.example.com' });
    expect(world.connector.connections.map(({ account }) => account.serverAddress)).toEqual([
      'https://fixed.example.com',
    ]);
    // The policy's spelling is not the keychain's.
    const again = await world.start();
    again.settings.setPolicy({ serverAddress: 'fixed.example.com' });
    await again.restore();
    expect(again.session.view()).toMatchObject({ status: 'signed-in' });
  });
});

describe('the next start', () => {
  it('signs in by itself, and asks the server nothing for that', async () => {
    const world = new World();
    await (await world.startRestored()).signIn({ line: line101 });
    world.connector.requests.length = 0;
    const started = await world.start();
    expect(started.session.view()).toEqual({ status: 'restoring' });
    await started.restore();
    expect(started.session.view()).toMatchObject({ status: 'signed-in', username: 'anna', remembered: true });
    expect(world.connector.requests).toEqual([]);
    expect(await started.session.current()!.api.stopMine()).toMatchObject({ ok: true });
  });

  it('shows the form, filled in, where the keychain’s entry is gone', async () => {
    const world = new World();
    await (await world.startRestored()).signIn();
    world.connector.keychain.clear();
    const { session, keychainTrouble } = await world.startRestored();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      error: null,
    });
    expect(keychainTrouble).not.toHaveBeenCalled();
  });

  it('says so where the keychain does not work', async () => {
    const world = new World();
    await (await world.startRestored()).signIn();
    world.connector.keychainWorks = false;
    const { session, keychainTrouble } = await world.startRestored();
    expect(session.view()).toMatchObject({
      status: 'signed-out',
      username: 'anna',
      error: { code: 'keychain-unreadable' },
    });
    // The form tells.
    expect(keychainTrouble).not.toHaveBeenCalled();
  });

  it('is not held up by the suggestion of a line', async () => {
    const world = new World();
    await (await world.startRestored()).signIn();
    world.connector.answers = () => new Promise(() => undefined);
    const { session } = await world.start();
    await session.restore();
    expect(session.view().status).toBe('signed-in');
  });

  it('does not ask the keychain where nothing is remembered', async () => {
    const world = new World();
    world.connector.keychain.set(entry, secret);
    const { session } = await world.startRestored();
    expect(session.view()).toMatchObject({ status: 'signed-out' });
    expect(world.connector.connections).toEqual([]);
  });

  it('gives way to a sign-in by hand while the keychain is slow', async () => {
    const world = new World();
    await (await world.startRestored()).signIn();
    world.connector.passwords.set('bea', 'hers');
    let unlock: () => void = () => undefined;
    world.connector.keychainDelay = new Promise((resolve) => (unlock = resolve));
    const { session } = await world.start();
    const restoring = session.restore();
    await settle();
    const signingIn = session.signIn({ ...form, username: 'bea', password: 'hers', remember: true });
    await settle();
    unlock();
    await Promise.all([restoring, signingIn]);
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'bea' });
    const open = world.connector.connections
      .filter(({ closed }) => !closed)
      .map(({ account }) => account.username);
    // The first is the former run's.
    expect(open).toEqual(['anna', 'bea']);
  });
});

describe('the first 401', () => {
  /** Signed in, and the password has been changed since; nothing has been asked with it. */
  async function changed() {
    const world = new World();
    const started = await world.startRestored();
    await started.signIn({ line: line101 });
    world.connector.passwords.set('anna', 'changed on the server');
    const { api } = started.session.current()!;
    return { world, ...started, api };
  }

  async function refused() {
    const { world, api, ...started } = await changed();
    await api.activeRecordings({ directoryNumber: '101' });
    await settle();
    return { world, ...started, api };
  }

  it('locks the session, with the reason', async () => {
    const { world, session, api } = await refused();
    expect(session.current()).toBeNull();
    expect(session.view()).toMatchObject({
      status: 'locked',
      username: 'anna',
      error: { code: 'unauthorized' },
    });
    expect(await api.stopMine()).toMatchObject({ error: { code: 'locked' } });
    expect(world.connector.refusals()).toBe(1);
  });

  it('is remembered by server and user alone', async () => {
    const { world } = await refused();
    expect(JSON.parse(world.latchFile.text!)).toEqual({
      refused: {
        serverAddress: 'https://recorder.example.com',
        username: 'anna',
        code: 'unauthorized',
        status: 401,
      },
      toForget: null,
    });
  });

  it('is written when the session has settled', async () => {
    const { world, session, api } = await changed();
    let write = (): void => undefined;
    const held = world.latchFile.write.bind(world.latchFile);
    world.latchFile.write = async (text) => {
      await new Promise<void>((resolve) => (write = resolve));
      return held(text);
    };
    await api.activeRecordings({ directoryNumber: '101' });
    const settled = vi.fn();
    void session.settled().then(settled);
    await settle();
    expect(settled).not.toHaveBeenCalled();
    write();
    await settle();
    expect(settled).toHaveBeenCalled();
    expect(world.latchFile.text).toContain('unauthorized');
  });

  it('lets nothing be sent after a restart, nor after the next', async () => {
    const { world } = await refused();
    for (let restart = 0; restart < 3; restart += 1) {
      world.connector.requests.length = 0;
      const { session } = await world.startRestored();
      expect(session.view()).toMatchObject({
        status: 'locked',
        username: 'anna',
        error: { code: 'unauthorized', detail: { status: 401 } },
      });
      expect(session.current()).toBeNull();
      expect(world.connector.requests).toEqual([]);
    }
  });

  it('stays in force when a sign-in fails, which costs one log-in', async () => {
    const { world, session, signIn } = await refused();
    expect(await signIn({ password: 'a guess' })).toMatchObject({ error: { code: 'unauthorized' } });
    expect(world.connector.refusals()).toBe(2);
    expect(session.view()).toMatchObject({ status: 'locked', error: { code: 'unauthorized' } });
    expect(session.current()).toBeNull();
    expect((await world.startRestored()).session.view().status).toBe('locked');
    expect(world.connector.refusals()).toBe(2);
  });

  it('is forgotten by a sign-in that succeeds, for this run and the next', async () => {
    const { world, session, signIn } = await refused();
    const changed = 'changed on the server';
    expect(await signIn({ password: changed, line: line101 })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', error: null });
    expect(world.connector.keychain.get(entry)).toBe(changed);
    const next = await world.startRestored();
    expect(next.session.view().status).toBe('signed-in');
    expect(await next.session.current()!.api.stopMine()).toMatchObject({ ok: true });
    expect(world.connector.refusals()).toBe(1);
  });

  it('does not lock another account', async () => {
    const { world, signIn } = await refused();
    world.connector.passwords.set('bea', 'hers');
    await signIn({ username: 'bea', password: 'hers' });
    world.latchFile.text = JSON.stringify({
      refused: { serverAddress: 'https://recorder.example.com', username: 'anna', code: 'unauthorized' },
    });
    expect((await world.startRestored()).session.view()).toMatchObject({
      status: 'signed-in',
      username: 'bea',
    });
  });

  it('can be left by signing out', async () => {
    const { world, session } = await refused();
    expect(await session.signOut()).toEqual(succeed(null));
    expect(session.view().status).toBe('signed-out');
    expect(world.connector.keychain.size).toBe(0);
    expect(JSON.parse(world.latchFile.text!)).toEqual({ refused: null, toForget: null });
  });

  it('has the last word where the sign-in’s own note is still being written', async () => {
    const world = new World();
    const writes: (() => void)[] = [];
    const write = world.latchFile.write.bind(world.latchFile);
    world.latchFile.write = async (text) => {
      await new Promise<void>((resolve) => writes.unshift(resolve));
      return write(text);
    };
    const { session, signIn } = await world.startRestored();
    await signIn({ line: line101 });
    world.connector.passwords.clear();
    await session.current()!.api.stopMine();
    // Whichever write the disk ends first.
    while (writes.length > 0) {
      writes.shift()!();
      await settle();
    }
    expect(JSON.parse(world.latchFile.text!)).toMatchObject({ refused: { username: 'anna' } });
  });

  it.each(['{', '{"refused": 1}', '{"refused": {"username": "anna"}}'])(
    'starts all the same with a damaged note of it (%j), which is kept',
    async (text) => {
      const world = new World();
      await (await world.startRestored()).signIn();
      world.latchFile.text = text;
      const { session } = await world.startRestored();
      expect(session.view().status).toBe('signed-in');
      expect(world.latchFile.setAsideTexts).toEqual([text]);
      expect(JSON.stringify(world.logged)).toContain('the latch could not be read');
    },
  );
});

describe('signing out', () => {
  it('forgets the password, here and in the keychain, and keeps what to fill in', async () => {
    const world = new World();
    const { session, settings, signIn } = await world.startRestored();
    await signIn({ line: line101 });
    const { api } = session.current()!;
    expect(await session.signOut()).toEqual(succeed(null));
    expect(world.connector.keychain.size).toBe(0);
    expect(world.connector.connections.map(({ closed }) => closed)).toEqual([true]);
    expect(await api.stopMine()).toMatchObject({ error: { code: 'signed-out' } });
    expect(session.current()).toBeNull();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      error: null,
    });
    expect(settings.current()).toMatchObject({ account: { remember: false }, line: line101 });
    expect((await world.startRestored()).session.view().status).toBe('signed-out');
  });

  it('says so where the keychain keeps the password', async () => {
    const world = new World();
    const { session, signIn, keychainTrouble } = await world.startRestored();
    await signIn();
    world.connector.keychainWorks = false;
    expect(await session.signOut()).toMatchObject({ ok: false, error: { code: 'keychain-not-cleared' } });
    expect(keychainTrouble.mock.calls).toEqual([['keychain-not-cleared']]);
    expect(session.view().status).toBe('signed-out');
    expect(world.connector.keychain.size).toBe(1);
    world.connector.keychainWorks = true;
    expect((await world.startRestored()).session.view().status).toBe('signed-out');
  });

  it('removes at the next start what the keychain kept, and only once', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    await signIn();
    world.connector.keychainWorks = false;
    await session.signOut();
    await world.startRestored();
    expect(world.connector.keychain.size).toBe(1);
    world.connector.keychainWorks = true;
    await world.startRestored();
    expect(world.connector.keychain.size).toBe(0);
    const forget = vi.spyOn(world.connector, 'forget');
    await world.startRestored();
    expect(forget).not.toHaveBeenCalled();
  });

  it('holds although RecLight is quit before the keychain has answered', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    await signIn();
    world.connector.keychainDelay = new Promise(() => undefined);
    void session.signOut();
    await settle();
    world.connector.keychainDelay = Promise.resolve();
    expect((await world.startRestored()).session.view().status).toBe('signed-out');
    expect(world.connector.keychain.size).toBe(0);
  });

  it('holds although the settings could not be written', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    await signIn();
    const remembering = world.settingsFile.text;
    world.connector.keychainDelay = new Promise(() => undefined);
    void session.signOut();
    await settle();
    world.settingsFile.text = remembering;
    world.connector.keychainDelay = Promise.resolve();
    expect((await world.startRestored()).session.view().status).toBe('signed-out');
  });

  it('lets nobody sign in until it is done', async () => {
    const world = new World();
    const { session, signIn, settings } = await world.startRestored();
    await signIn();
    let answer = (): void => undefined;
    world.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    const leaving = session.signOut();
    expect(await signIn()).toMatchObject({ ok: false, error: { code: 'busy' } });
    answer();
    expect(await leaving).toEqual(succeed(null));
    expect(await signIn()).toEqual(succeed(null));
    expect(settings.current().account.remember).toBe(true);
    expect((await world.startRestored()).session.view().status).toBe('signed-in');
  });

  it('does not fail for want of a keychain that was never used', async () => {
    const world = new World();
    world.connector.keychainWorks = false;
    const { session, signIn } = await world.startRestored();
    await signIn();
    expect(await session.signOut()).toEqual(succeed(null));
  });

  it('without a session is harmless', async () => {
    const { session } = await new World().startRestored();
    expect(await session.signOut()).toEqual(succeed(null));
  });
});

describe('the suggested line', () => {
  const newest = (localPartyNumber: string | null) => (world: World) => {
    world.connector.answers = ({ method }) =>
      method === 'listRecordings'
        ? succeed({ totalCount: 1, recordings: [summary({ localPartyNumber })] })
        : undefined;
  };

  it('is that of the newest own recording, after a sign-in and after a restart', async () => {
    const world = new World();
    newest('205')(world);
    const { session, signIn } = await world.startRestored();
    await signIn();
    expect(session.view()).toMatchObject({ suggestedDirectoryNumber: '205' });
    expect((await world.startRestored()).session.view()).toMatchObject({ suggestedDirectoryNumber: '205' });
    for (const { method, args } of world.connector.requests) {
      if (method === 'listRecordings') expect(args[0]).toEqual({ ownerUsername: 'anna' });
    }
  });

  it('is none where a line is set, and is not asked for', async () => {
    const world = new World();
    newest('205')(world);
    const { session, settings, signIn } = await world.startRestored();
    await signIn({ line: line101 });
    expect(session.view()).toMatchObject({ suggestedDirectoryNumber: null });
    expect(world.connector.requests).toHaveLength(2);
    await settings.update({ line: { ...noLine, deviceName: 'SEP1' } });
    expect(session.view()).toMatchObject({ suggestedDirectoryNumber: null });
  });

  it('is none where there is no recording, or none with a number, or no answer', async () => {
    for (const arrange of [
      newest(null),
      () => undefined,
      (world: World) => {
        let asked = 0;
        world.connector.answers = ({ method }) =>
          method === 'listRecordings' && ++asked > 1
            ? fail('server-error', 'list', { status: 500 })
            : undefined;
      },
    ]) {
      const world = new World();
      arrange(world);
      const { session, signIn } = await world.startRestored();
      await signIn();
      expect(session.view()).toMatchObject({ status: 'signed-in', suggestedDirectoryNumber: null });
    }
  });

  it('is not carried over to another user', async () => {
    const world = new World();
    newest('205')(world);
    world.connector.passwords.set('bea', 'hers');
    const { session, signIn } = await world.startRestored();
    await signIn();
    world.connector.answers = () => undefined;
    await signIn({ username: 'bea', password: 'hers' });
    expect(session.view()).toMatchObject({ username: 'bea', suggestedDirectoryNumber: null });
  });
});

describe('the password', () => {
  it('is in no document, log, view or error, whatever happens', async () => {
    const world = new World();
    const { session, settings, signIn, seen } = await world.startRestored();
    const results: unknown[] = [];
    results.push(await signIn({ password: `${secret}-wrong` }));
    results.push(await signIn({ serverAddress: 'not an address' }));
    world.connector.answers = () => fail('tls-untrusted', 'list', { host: 'recorder.example.com' });
    results.push(await signIn());
    world.connector.answers = () => undefined;
    results.push(await signIn());
    results.push(session.view(), settings.current());
    world.connector.passwords.set('anna', 'changed');
    results.push(await session.current()!.api.stopMine());
    results.push(session.view());
    world.connector.keychainWorks = false;
    results.push(await signIn({ password: 'changed' }));
    results.push(await session.signOut());
    world.connector.keychainWorks = true;
    await world.startRestored();
    const held = world.everything(results, seen);
    expect(held).toContain('recorder.example.com');
    for (const form of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(`anna:${secret}`).toString('base64'),
    ]) {
      expect(held).not.toContain(form);
      expect(held).not.toContain(JSON.stringify(form).slice(1, -1));
    }
    expect(held).not.toContain('Pl4nted');
  });
});

describe('telling', () => {
  it('every step of a session, in its order', async () => {
    const world = new World();
    const { session, signIn, seen } = await world.startRestored();
    await signIn({ line: line101 });
    world.connector.passwords.clear();
    await session.current()!.api.stopMine();
    await session.signOut();
    const steps = seen.map((view) => (view as { status: string }).status);
    expect(steps.filter((step, index) => step !== steps[index - 1])).toEqual([
      'signed-out',
      'signing-in',
      'signed-in',
      'locked',
      'signed-out',
    ]);
  });

  it('nobody any more after dispose of the subscription', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    const heard = vi.fn();
    session.onChange(heard).dispose();
    await signIn();
    expect(heard).not.toHaveBeenCalled();
  });
});
