import { describe, expect, it, vi } from 'vitest';

import type { Log } from '../../../../src-main/core/ports/desktop';
import { activeFilterOf, createSessionService } from '../../../../src-main/core/account/session';
import { refusedCredentialsDocument } from '../../../../src-main/core/account/refused-credentials';
import { createSettingsService, settingsDocument } from '../../../../src-main/core/settings/service';
import type { ErrorCode, ErrorDetail } from '../../../../src-main/shared/domain/errors';
import { fail, succeed } from '../../../../src-main/shared/domain/errors';
import type { Line } from '../../../../src-main/shared/domain/recording';
import { lineFor } from '../../../../src-main/shared/domain/user-line';
import { summary } from '../../../fixtures/examples';
import { MemoryFile } from '../../../fixtures/memory-file';
import { Troubles, openTestDocument } from '../../../fixtures/open-document';
import { StubConnector } from '../../../fixtures/stub-connector';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

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
  readonly refusedCredentialsFile = new MemoryFile('latch.json');
  readonly logged: unknown[] = [];
  readonly troubles = new Troubles();
  readonly clock = new VirtualClock();

  constructor() {
    this.connector.passwords.set('anna', secret);
  }

  /** Starts RecLight, as far as the session goes. */
  async start() {
    this.connector.beginRun();
    const log: Log = { write: (...entry) => this.logged.push(entry) };
    const settings = createSettingsService(
      openTestDocument(settingsDocument, this.settingsFile, this.clock, this.troubles),
      log,
    );
    await settings.load();
    const session = createSessionService({
      connector: () => Promise.resolve(this.connector),
      settings,
      clock: this.clock,
      log,
      refusedCredentialsFile: openTestDocument(refusedCredentialsDocument, this.refusedCredentialsFile, this.clock, this.troubles),
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
    const { settingsFile, refusedCredentialsFile, logged, connector } = this;
    return JSON.stringify([
      settingsFile.writes,
      refusedCredentialsFile.writes,
      logged,
      connector.requests,
      connector.connections,
      ...more,
    ]);
  }
}

describe('signing in', () => {
  it('asks one harmless question, then remembers', async () => {
    const world = new World();
    const { session, settings, signIn } = await world.startRestored();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: null,
      username: null,
      error: null,
    });
    expect(await signIn()).toEqual(succeed(null));
    // The list is only asked for the line to suggest.
    expect(world.connector.requests).toMatchObject([
      { method: 'activeRecordings', args: [{ username: 'anna' }] },
      { method: 'listRecordings', args: [{ ownerUsername: 'anna' }, { page: 0, pageSize: 1 }] },
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

  const failures: readonly (readonly [ErrorCode, ErrorDetail, requests: number])[] = [
    ['host-not-found', { host: 'recorder.example.com' }, 1],
    ['connection-refused', {}, 1],
    ['connection-lost', {}, 1],
    ['timeout', {}, 2],
    ['offline', {}, 1],
    ['tls-untrusted', { message: 'ERR_CERT_DATE_INVALID' }, 1],
    ['proxy-failed', { status: 407 }, 1],
    ['redirected', { status: 302 }, 1],
    ['not-this-server', { status: 200 }, 1],
    ['server-error', { status: 500 }, 2],
    ['service-down', { status: 504 }, 2],
    ['unauthorized', { status: 401 }, 1],
    ['malformed', { status: 200, field: '0.id' }, 1],
  ];

  it.each(failures)(
    'fails by %s (%j), as the server told it, and keeps nothing (F4)',
    async (code, detail, requests) => {
      const world = new World();
      world.connector.answers = () => fail(code, 'list', detail);
      const { session, signIn } = await world.startRestored();
      const result = await signIn();
      expect(result).toEqual(fail(code, 'sign-in', detail));
      expect(world.connector.requests).toHaveLength(requests);
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
    },
  );

  it.each(['', 'not an address'])('asks no server for the address %j', async (serverAddress) => {
    const world = new World();
    const { signIn } = await world.startRestored();
    expect(await signIn({ serverAddress })).toMatchObject({ ok: false, error: { code: 'invalid-address' } });
    expect(world.connector.connections).toEqual([]);
  });

  it.each(['anna:101', ':', 'CORP\\anna:'])(
    'asks no server for the username %j, of which a part would be sent as password (C31)',
    async (username) => {
      const world = new World();
      const { session, signIn } = await world.startRestored();
      expect(await signIn({ username })).toEqual(fail('invalid-username', 'sign-in'));
      expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'invalid-username' } });
      expect(world.connector.connections).toEqual([]);
    },
  );

  it('sends nothing for a username with a colon that the settings hold (C31)', async () => {
    const world = new World();
    const account = { serverAddress: 'https://recorder.example.com', username: 'anna:101', remember: true };
    world.settingsFile.text = JSON.stringify({ account });
    world.connector.keychain.set('anna:101@https://recorder.example.com', secret);
    const { session } = await world.startRestored();
    expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'invalid-username' } });
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
      error: { code: 'unauthorized', operation: 'sign-in', detail: { status: 401 } },
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
    expect(world.connector.requests[0]?.args).toEqual([filter]);
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
    expect(started.session.view()).toEqual({ status: 'restoring', waitingForKeychain: false });
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
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toEqual({
      version: 1,
      refused: {
        serverAddress: 'https://recorder.example.com',
        username: 'anna',
        code: 'unauthorized',
        status: 401,
      },
      toForget: [],
    });
  });

  it('is written when the session has settled', async () => {
    const { world, session, api } = await changed();
    let write = (): void => undefined;
    const held = world.refusedCredentialsFile.write.bind(world.refusedCredentialsFile);
    world.refusedCredentialsFile.write = async (text) => {
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
    expect(world.refusedCredentialsFile.text).toContain('unauthorized');
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

  it('holds for the former password until the keychain has the new one (D6)', async () => {
    const { world, session, signIn } = await refused();
    world.connector.keychainDelay = new Promise(() => undefined);
    expect(await signIn({ password: 'changed on the server', line: line101 })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', error: null });
    // RecLight ends before the keychain has answered.
    world.connector.keychainDelay = Promise.resolve();
    world.connector.requests.length = 0;
    expect((await world.startRestored()).session.view().status).toBe('locked');
    expect(world.connector.requests).toEqual([]);
  });

  it('does not lock another account', async () => {
    const { world, signIn } = await refused();
    world.connector.passwords.set('bea', 'hers');
    await signIn({ username: 'bea', password: 'hers' });
    world.refusedCredentialsFile.text = JSON.stringify({
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
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toEqual({ version: 1, refused: null, toForget: [] });
  });

  it('has the last word where the sign-in’s own note is still being written', async () => {
    const world = new World();
    const writes: (() => void)[] = [];
    const write = world.refusedCredentialsFile.write.bind(world.refusedCredentialsFile);
    world.refusedCredentialsFile.write = async (text) => {
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
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toMatchObject({ refused: { username: 'anna' } });
  });

  it.each(['{', '{"refused": 1}', '{"refused": {"username": "anna"}}'])(
    'starts all the same with a damaged note of it (%j), which is kept',
    async (text) => {
      const world = new World();
      await (await world.startRestored()).signIn();
      world.refusedCredentialsFile.text = text;
      const { session } = await world.startRestored();
      expect(session.view().status).toBe('signed-in');
      expect(world.refusedCredentialsFile.setAsideTexts).toEqual([text]);
      expect(world.troubles.told).toEqual(['damaged latch.json.damaged']);
    },
  );
});

it('a new password that is stored while RecLight ends is not called refused by the next start', async () => {
  const world = new World();
  await (await world.startRestored()).signIn();
  world.connector.passwords.set('anna', 'n3w');
  const { session, signIn } = await world.startRestored();
  expect(session.view().status).toBe('locked');
  let answer = (): void => undefined;
  world.connector.keychainDelay = new Promise((resolve) => {
    answer = resolve;
  });
  await signIn({ password: 'n3w' });
  session.dispose();
  const settled = session.settled();
  answer();
  await settled;
  expect(JSON.parse(world.refusedCredentialsFile.text!)).toMatchObject({ refused: null });
  expect((await world.startRestored()).session.view().status).toBe('signed-in');
});

describe('files that can be read only late', () => {
  /** Starts with some files held, until RecLight no longer waits for them. */
  async function heldStart(hold: (world: World) => readonly MemoryFile[], before: (world: World) => void) {
    const world = new World();
    await (await world.startRestored()).signIn();
    before(world);
    const held = hold(world);
    for (const file of held) file.isHeld = true;
    const starting = world.start();
    await world.clock.advance(5_000);
    const started = await starting;
    const restoring = started.restore();
    await world.clock.advance(5_000);
    await restoring;
    const free = async () => {
      for (const file of held) file.isHeld = false;
      await world.clock.advance(60_000);
      await settle();
    };
    return { world, ...started, free };
  }
  const refuse = ({ refusedCredentialsFile }: World): void => {
    refusedCredentialsFile.text = JSON.stringify({
      refused: { serverAddress: 'https://recorder.example.com', username: 'anna', code: 'unauthorized' },
      toForget: [],
    });
  };

  it('a former password goes with the next start where the file tells of it only at the end', async () => {
    const { world, session, settings, signIn } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    world.connector.passwords.set('bea', secret);
    await signIn({ username: 'bea' });
    expect([...world.connector.keychain.keys()].sort()).toEqual([entry, entry.replace('anna', 'bea')]);
    session.dispose();
    world.settingsFile.isHeld = false;
    await Promise.all([session.settled(), settings.settled()]);
    expect(JSON.parse(world.refusedCredentialsFile.text ?? '')).toMatchObject({ toForget: [{ username: 'anna' }] });
    const next = await world.startRestored();
    expect([...world.connector.keychain.keys()]).toEqual([entry.replace('anna', 'bea')]);
    expect(next.session.view()).toMatchObject({ status: 'signed-in', username: 'bea' });
  });

  it('a password that may have been refused is not sent before that is known', async () => {
    const { world, session, free } = await heldStart(({ refusedCredentialsFile }) => [refusedCredentialsFile], refuse);
    expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'refusals-unreadable' } });
    expect(session.current()).toBeNull();
    await free();
    expect(session.view()).toMatchObject({ status: 'locked', error: { code: 'unauthorized' } });
    expect(world.refusedCredentialsFile.text).toContain('"code"');
    expect(world.troubles.told).toEqual(['unreadable latch.json', '-unreadable latch.json']);
  });

  it('one that was not refused signs in as soon as that is known', async () => {
    const { session, free } = await heldStart(
      ({ refusedCredentialsFile }) => [refusedCredentialsFile],
      ({ refusedCredentialsFile }) => (refusedCredentialsFile.text = JSON.stringify({ refused: null, toForget: [] })),
    );
    expect(session.view().status).toBe('signed-out');
    await free();
    expect(session.view().status).toBe('signed-in');
  });

  it('who has signed in meanwhile is not called refused by the file', async () => {
    const { world, session, signIn, free } = await heldStart(({ refusedCredentialsFile }) => [refusedCredentialsFile], refuse);
    await signIn();
    await free();
    expect(session.view().status).toBe('signed-in');
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toMatchObject({ refused: null });
  });

  it('who has signed in meanwhile stays remembered, whatever the file still wants to be forgotten', async () => {
    const { world, session, signIn, free } = await heldStart(
      ({ refusedCredentialsFile }) => [refusedCredentialsFile],
      ({ refusedCredentialsFile }) => {
        const anna = { serverAddress: 'https://recorder.example.com', username: 'anna' };
        const ben = { ...anna, username: 'ben' };
        refusedCredentialsFile.text = JSON.stringify({ refused: null, toForget: [ben, anna] });
      },
    );
    await signIn();
    await free();
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: true });
    expect((await world.startRestored()).session.view().status).toBe('signed-in');
    expect(world.connector.keychain.get(entry)).toBe(secret);
  });

  it('the settings tell late who is to be signed in', async () => {
    const { world, session, free } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    expect(session.view().status).toBe('signed-out');
    await free();
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'anna' });
    expect(world.troubles.told).toEqual(['unreadable settings.json', '-unreadable settings.json']);
  });

  it.each([
    ['signed in', false],
    ['signed in and out again', true],
  ])('the password of a former user goes where another one has %s', async (_what, leaves) => {
    const { world, session, signIn, free } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    world.connector.passwords.set('ben', secret);
    expect(await signIn({ username: 'ben' })).toEqual(succeed(null));
    if (leaves) await session.signOut();
    await free();
    expect(world.connector.keychain.has(entry)).toBe(false);
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toMatchObject({ toForget: [] });
  });

  it('the password of who has signed in again meanwhile stays', async () => {
    const { world, session, signIn, free } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    await signIn();
    await free();
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: true });
    expect(world.connector.keychain.get(entry)).toBe(secret);
  });
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

  it('lets the next sign-in begin before the keychain has answered, and its password stays (C23)', async () => {
    const world = new World();
    const { session, signIn, settings, keychainTrouble } = await world.startRestored();
    await signIn();
    let answer = (): void => undefined;
    world.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    const leaving = session.signOut();
    await settle();
    expect(session.view().status).toBe('signed-out');
    expect(await signIn()).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    answer();
    expect(await leaving).toEqual(succeed(null));
    await session.settled();
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: true });
    expect(settings.current().account.remember).toBe(true);
    expect([...world.connector.keychain]).toEqual([[entry, secret]]);
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toMatchObject({ toForget: [] });
    expect(keychainTrouble).not.toHaveBeenCalled();
    expect((await world.startRestored()).session.view().status).toBe('signed-in');
  });

  it('does not remove the password of a sign-in that came before its note was on disk (C23)', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    await signIn();
    let write = (): void => undefined;
    const held = world.refusedCredentialsFile.write.bind(world.refusedCredentialsFile);
    world.refusedCredentialsFile.write = async (text) => {
      await new Promise<void>((resolve) => (write = resolve));
      return held(text);
    };
    const leaving = session.signOut();
    await signIn();
    world.refusedCredentialsFile.write = held;
    write();
    await settle();
    write();
    await leaving;
    await session.settled();
    expect([...world.connector.keychain]).toEqual([[entry, secret]]);
  });

  it('takes the password away although it was still being stored (C10)', async () => {
    const world = new World();
    const { session, signIn, keychainTrouble } = await world.startRestored();
    let answer = (): void => undefined;
    world.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    await signIn();
    const leaving = session.signOut();
    answer();
    expect(await leaving).toEqual(succeed(null));
    expect(world.connector.keychain.size).toBe(0);
    expect(keychainTrouble).not.toHaveBeenCalled();
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

describe('passwords that nobody will use again', () => {
  const oldEntry = 'anna@https://old.example.com';

  it('leave the keychain where a policy has moved the user to another server (C10)', async () => {
    const world = new World();
    const former = await world.startRestored();
    await former.signIn({ serverAddress: 'old.example.com' });
    expect([...world.connector.keychain.keys()]).toEqual([oldEntry]);

    const moved = await world.start();
    moved.settings.setPolicy({ serverAddress: 'new.example.com' });
    await moved.restore();
    await moved.signIn();
    await moved.session.settled();
    expect([...world.connector.keychain.keys()]).toEqual(['anna@https://new.example.com']);
    await moved.session.signOut();
    expect(world.connector.keychain.size).toBe(0);
  });

  it('leave it at the next start where it was locked while users changed (C10)', async () => {
    const world = new World();
    const { session, signIn, keychainTrouble } = await world.startRestored();
    for (const [username, password] of [['bea', 'hers'] as const, ['carl', 'his'] as const]) {
      world.connector.passwords.set(username, password);
    }
    await signIn();
    world.connector.keychain.set('bea@https://recorder.example.com', 'hers');
    world.connector.keychainWorks = false;
    await signIn({ username: 'bea', password: 'hers', remember: false });
    await signIn({ username: 'carl', password: 'his' });
    await session.settled();
    expect(keychainTrouble.mock.calls.flat()).toEqual(['keychain-not-cleared', 'keychain-unavailable']);
    world.connector.keychainWorks = true;
    const next = await world.startRestored();
    await next.session.settled();
    expect(world.connector.keychain.has(entry)).toBe(false);
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toMatchObject({ toForget: [] });
  });

  it('are remembered as still to be removed, several of them (C10)', async () => {
    const world = new World();
    world.connector.passwords.set('bea', 'hers');
    const { signIn, session } = await world.startRestored();
    await signIn();
    // Stored before the keychain was locked.
    await signIn({ username: 'bea', password: 'hers' });
    world.connector.keychain.set(entry, secret);
    world.connector.keychainWorks = false;
    await session.signOut();
    world.refusedCredentialsFile.text = JSON.stringify({
      refused: null,
      toForget: [
        { serverAddress: 'https://recorder.example.com', username: 'anna' },
        ...(JSON.parse(world.refusedCredentialsFile.text!) as { toForget: unknown[] }).toForget,
      ],
    });
    world.connector.keychainWorks = true;
    await (await world.startRestored()).session.settled();
    expect(world.connector.keychain.size).toBe(0);
  });

  it('leave it where "remember" is unticked, at the next start if need be (C10)', async () => {
    const world = new World();
    const { session, signIn, keychainTrouble } = await world.startRestored();
    await signIn();
    world.connector.keychainWorks = false;
    await signIn({ remember: false });
    expect(keychainTrouble.mock.calls).toEqual([['keychain-not-cleared']]);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    world.connector.keychainWorks = true;
    await world.startRestored();
    expect(world.connector.keychain.size).toBe(0);
  });

  it('leave it where the new one could not be stored in place of the old one (C10)', async () => {
    const world = new World();
    const { session, signIn } = await world.startRestored();
    await signIn();
    world.connector.passwords.set('anna', 'changed');
    world.connector.keychainWorks = false;
    await signIn({ password: 'changed' });
    await session.settled();
    world.connector.keychainWorks = true;
    await world.startRestored();
    expect(world.connector.keychain.size).toBe(0);
  });

  it('of a note of version 0.1 are removed too (C10)', async () => {
    const world = new World();
    world.connector.keychain.set(entry, secret);
    const toForget = { serverAddress: 'https://recorder.example.com', username: 'anna' };
    world.refusedCredentialsFile.text = JSON.stringify({ refused: null, toForget });
    await world.startRestored();
    expect(world.connector.keychain.size).toBe(0);
    expect(world.refusedCredentialsFile.setAsideTexts).toEqual([]);
  });

  it('are not noted for ever where there is no keychain and none was stored', async () => {
    const world = new World();
    world.connector.keychainWorks = false;
    const { session, signIn, keychainTrouble } = await world.startRestored();
    await signIn({ remember: false });
    await session.settled();
    expect(JSON.parse(world.refusedCredentialsFile.text!)).toEqual({ version: 1, refused: null, toForget: [] });
    expect(keychainTrouble).not.toHaveBeenCalled();
  });
});

describe('a keychain that does not answer', () => {
  const never = new Promise<void>(() => undefined);

  async function startWaiting() {
    const world = new World();
    await (await world.startRestored()).signIn({ line: line101 });
    world.connector.requests.length = 0;
    let answer = (): void => undefined;
    world.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    const started = await world.start();
    const restored = vi.fn();
    void started.session.restore().then(restored);
    await settle();
    return { world, ...started, restored, answer: async () => (answer(), await settle()) };
  }

  it('does not hold up a sign-in that is to be remembered (D6)', async () => {
    const world = new World();
    const { session, settings, signIn } = await world.startRestored();
    world.connector.keychainDelay = never;
    expect(await signIn({ line: line101 })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    expect(session.current()).not.toBeNull();
    expect(settings.current()).toMatchObject({ account: { username: 'anna' }, line: line101 });
  });

  it('does not hold up the sign-in of another user, nor one without remembering (D6)', async () => {
    const world = new World();
    world.connector.passwords.set('bea', 'hers');
    const { session, signIn } = await world.startRestored();
    await signIn();
    world.connector.keychainDelay = never;
    expect(await signIn({ username: 'bea', password: 'hers' })).toEqual(succeed(null));
    expect(await signIn({ username: 'bea', password: 'hers', remember: false })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'bea' });
  });

  it('tells later that the password is not remembered (D6)', async () => {
    const world = new World();
    const { session, settings, signIn, keychainTrouble } = await world.startRestored();
    let answer = (): void => undefined;
    world.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    await signIn();
    expect(keychainTrouble).not.toHaveBeenCalled();
    world.connector.keychainWorks = false;
    answer();
    await session.settled();
    expect(keychainTrouble.mock.calls).toEqual([['keychain-unavailable']]);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    expect(settings.current().account.remember).toBe(false);
  });

  it('is not told of once the user who was to be remembered has gone (D6)', async () => {
    const world = new World();
    world.connector.passwords.set('bea', 'hers');
    const { session, signIn, keychainTrouble } = await world.startRestored();
    let answer = (): void => undefined;
    world.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    await signIn();
    await signIn({ username: 'bea', password: 'hers', remember: false });
    answer();
    await session.settled();
    await settle();
    expect(world.connector.keychain.size).toBe(0);
    expect(keychainTrouble).not.toHaveBeenCalled();
  });

  it('is named as what is waited for, after 3 s of a start (D6)', async () => {
    const { world, session, seen, answer } = await startWaiting();
    await world.clock.advance(2_999);
    expect(session.view()).toEqual({ status: 'restoring', waitingForKeychain: false });
    expect(seen).toEqual([]);
    await world.clock.advance(1);
    expect(session.view()).toEqual({ status: 'restoring', waitingForKeychain: true });
    expect(seen).toEqual([session.view()]);
    await answer();
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'anna', remembered: true });
  });

  it('is not named where it answers in time (D6)', async () => {
    const { world, session, seen, answer } = await startWaiting();
    await world.clock.advance(2_000);
    await answer();
    await world.clock.advance(60_000);
    expect(session.view()).toMatchObject({ status: 'signed-in' });
    expect(seen).not.toContainEqual({ status: 'restoring', waitingForKeychain: true });
    expect(world.clock.pending()).toBe(0);
  });

  it('is no longer waited for where the user wants the form, and a late answer changes nothing (D6)', async () => {
    const { world, session, seen, answer, restored } = await startWaiting();
    await world.clock.advance(3_000);
    session.skipKeychain();
    const form = { status: 'signed-out', username: 'anna', error: null };
    expect(session.view()).toMatchObject(form);
    await settle();
    expect(restored).toHaveBeenCalled();
    const told = seen.length;
    await answer();
    expect(session.view()).toMatchObject(form);
    expect(seen).toHaveLength(told);
    expect(world.connector.connections.every(({ closed }, index) => closed || index === 0)).toBe(true);
    expect(world.connector.requests).toEqual([]);
  });

  it('does not disturb who has signed in with the password instead (D6)', async () => {
    const { world, session, signIn, answer } = await startWaiting();
    await world.clock.advance(3_000);
    session.skipKeychain();
    expect(await signIn({ line: line101 })).toEqual(succeed(null));
    const { api } = session.current()!;
    await answer();
    expect(session.current()!.api).toBe(api);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: true, error: null });
  });

  it('cannot be skipped when it is not waited for', async () => {
    const { session, seen, signIn } = await new World().startRestored();
    await signIn();
    const told = seen.length;
    session.skipKeychain();
    expect(session.view().status).toBe('signed-in');
    expect(seen).toHaveLength(told);
  });

  it('is forgotten when RecLight ends', async () => {
    const { world, session, answer, restored } = await startWaiting();
    session.dispose();
    await settle();
    expect(restored).toHaveBeenCalled();
    await answer();
    expect(session.current()).toBeNull();
    expect(world.clock.pending()).toBe(0);
  });
});

describe('the line of the user before', () => {
  const line4021: Line = { ...noLine, directoryNumber: '4021', deviceName: 'SEP4021' };

  it('is not the next user’s, and is there again for its own (E43)', async () => {
    const world = new World();
    world.connector.passwords.set('mrossi', 'his');
    world.connector.passwords.set('boss', 'hers');
    const { session, settings, signIn } = await world.startRestored();
    await signIn({ username: 'mrossi', password: 'his', line: line4021 });
    await settings.setSaveFolder('/home/desk/complaints of mrossi');
    await session.signOut();
    expect(settings.current().line).toEqual(line4021);

    world.connector.requests.length = 0;
    // What a window sends in whose form only name and password were typed.
    const { serverAddress } = settings.current().account;
    await signIn({
      username: 'boss',
      password: 'hers',
      line: lineFor(settings.current(), serverAddress!, 'boss'),
    });
    expect(settings.current().line).toEqual(noLine);
    expect(settings.current().keep.folder).toBeNull();
    expect(JSON.stringify(world.connector.requests)).not.toContain('4021');
    expect(world.connector.requests[0]).toMatchObject({ args: [{ username: 'boss' }] });
    await session.signOut();

    expect(lineFor(settings.current(), serverAddress!, 'mrossi')).toEqual(line4021);
    expect(lineFor(settings.current(), serverAddress!, ' MRossi ')).toEqual(line4021);
    expect(lineFor(settings.current(), serverAddress!, 'boss')).toEqual(noLine);
    expect(lineFor(settings.current(), serverAddress!, '')).toEqual(noLine);
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
    expect(world.connector.requests).toHaveLength(1);
    await settings.update({ line: { ...noLine, deviceName: 'SEP1' } });
    expect(session.view()).toMatchObject({ suggestedDirectoryNumber: null });
  });

  it('is none where there is no recording, or none with a number, or no answer', async () => {
    for (const arrange of [
      newest(null),
      () => undefined,
      (world: World) => {
        world.connector.answers = ({ method }) =>
          method === 'listRecordings' ? fail('server-error', 'list', { status: 500 }) : undefined;
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
