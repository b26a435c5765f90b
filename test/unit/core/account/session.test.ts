import { describe, expect, it, vi } from 'vitest';

import type { ErrorCode, ErrorDetail } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import { lineFor } from '@shared/domain/user-line';
import { summary } from '../../../fixtures/examples';
import type { MemoryFile } from '../../../fixtures/memory-file';
import { entry, form, line101, noLine, secret, SessionFixture } from '../../../fixtures/session';
import { settle } from '../../../fixtures/virtual-clock';

describe('signing in', () => {
  it('asks one harmless question, then remembers', async () => {
    const fixture = new SessionFixture();
    const { session, settings, signIn } = await fixture.startRestored();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: null,
      username: null,
      error: null,
    });
    expect(await signIn()).toEqual(succeed(null));
    // The list is only asked for the line to suggest.
    expect(fixture.connector.requests).toMatchObject([
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
    expect([...fixture.connector.keychain]).toEqual([[entry, secret]]);
    expect(settings.current().account).toEqual({
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      remember: true,
    });
    expect(session.current()).toMatchObject({ username: 'anna' });
  });

  it('keeps the password in memory alone where that is wished', async () => {
    const fixture = new SessionFixture();
    fixture.connector.keychain.set(entry, 'from long ago');
    const { session, settings, signIn } = await fixture.startRestored();
    expect(await signIn({ remember: false, line: line101 })).toEqual(succeed(null));
    expect(fixture.connector.keychain.size).toBe(0);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    expect(settings.current()).toMatchObject({ account: { remember: false }, line: line101 });
    expect((await fixture.startRestored()).session.view()).toEqual({
      status: 'signed-out',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      error: null,
    });
  });

  it('says in words that there is no keychain, and stays signed in', async () => {
    const fixture = new SessionFixture();
    fixture.connector.keychainWorks = false;
    const { session, settings, signIn, keychainTrouble } = await fixture.startRestored();
    expect(await signIn()).toEqual(succeed(null));
    expect(keychainTrouble).toHaveBeenCalledTimes(1);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false, error: null });
    expect(settings.current().account.remember).toBe(false);
    expect(await session.current()!.api.stopRecording('1')).toMatchObject({ ok: true });
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
      const fixture = new SessionFixture();
      fixture.connector.answers = () => fail(code, 'list', detail);
      const { session, signIn } = await fixture.startRestored();
      const result = await signIn();
      expect(result).toEqual(fail(code, 'sign-in', detail));
      expect(fixture.connector.requests).toHaveLength(requests);
      expect(session.current()).toBeNull();
      expect(session.view()).toEqual({
        status: 'signed-out',
        serverAddress: null,
        username: null,
        error: result.ok ? null : result.error,
      });
      expect(fixture.connector.keychain.size).toBe(0);
      expect(fixture.connector.connections.map(({ closed }) => closed)).toEqual([true]);
      expect(fixture.settingsFile.writes).toEqual([]);
    },
  );

  it.each(['', 'not an address'])('asks no server for the address %j', async (serverAddress) => {
    const fixture = new SessionFixture();
    const { signIn } = await fixture.startRestored();
    expect(await signIn({ serverAddress })).toMatchObject({ ok: false, error: { code: 'invalid-address' } });
    expect(fixture.connector.connections).toEqual([]);
  });

  it.each(['anna:101', ':', 'CORP\\anna:'])(
    'asks no server for the username %j, of which a part would be sent as password (C31)',
    async (username) => {
      const fixture = new SessionFixture();
      const { session, signIn } = await fixture.startRestored();
      expect(await signIn({ username })).toEqual(fail('invalid-username', 'sign-in'));
      expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'invalid-username' } });
      expect(fixture.connector.connections).toEqual([]);
    },
  );

  it('sends nothing for a username with a colon that the settings hold (C31)', async () => {
    const fixture = new SessionFixture();
    const account = { serverAddress: 'https://recorder.example.com', username: 'anna:101', remember: true };
    fixture.settingsFile.text = JSON.stringify({ account });
    fixture.connector.keychain.set('anna:101@https://recorder.example.com', secret);
    const { session } = await fixture.startRestored();
    expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'invalid-username' } });
    expect(fixture.connector.connections).toEqual([]);
  });

  it('asks no server for a user without a name', async () => {
    const fixture = new SessionFixture();
    const { signIn } = await fixture.startRestored();
    expect(await signIn({ username: '   ' })).toEqual(
      fail('invalid-argument', 'sign-in', { field: 'username' }),
    );
    expect(fixture.connector.connections).toEqual([]);
  });

  it('with a wrong password costs one failed log-in', async () => {
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    expect(await signIn({ password: 'wrong' })).toMatchObject({
      ok: false,
      error: { code: 'unauthorized', operation: 'sign-in', detail: { status: 401 } },
    });
    expect(fixture.connector.refusals()).toBe(1);
    expect(fixture.connector.requests).toHaveLength(1);
    expect(session.view().status).not.toBe('locked');
  });

  it.each([
    ['level-too-low', 403],
    ['server-error', 500],
    ['service-down', 504],
    ['timeout', undefined],
  ] as const)('succeeds although active recordings answer %s', async (code, status) => {
    const fixture = new SessionFixture();
    fixture.connector.answers = ({ method }) =>
      method === 'activeRecordings'
        ? fail(code, 'active', status === undefined ? {} : { status })
        : undefined;
    const { session, signIn } = await fixture.startRestored();
    expect(await signIn()).toEqual(succeed(null));
    expect(session.view().status).toBe('signed-in');
  });

  it.each(['redirected', 'not-this-server', 'malformed', 'tls-untrusted'] as const)(
    'fails where active recordings answer %s',
    async (code) => {
      const fixture = new SessionFixture();
      fixture.connector.answers = ({ method }) =>
        method === 'activeRecordings' ? fail(code, 'active', { status: 200, field: '0.id' }) : undefined;
      const { session, signIn } = await fixture.startRestored();
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
    const fixture = new SessionFixture();
    const { signIn } = await fixture.startRestored();
    await signIn({ line });
    expect(fixture.connector.requests[0]?.args).toEqual([filter]);
  });

  it('once more while it is under way is busy, and so is signing out', async () => {
    const fixture = new SessionFixture();
    let answer: (() => void) | null = null;
    fixture.connector.answers = ({ method }) =>
      method === 'activeRecordings'
        ? new Promise((resolve) => {
            answer = () => {
              resolve(succeed([]));
            };
          })
        : undefined;
    const { session } = await fixture.startRestored();
    const first = session.signIn(form);
    await settle();
    expect(session.view()).toMatchObject({ status: 'signing-in', error: null });
    expect(await session.signIn(form)).toEqual(fail('busy', 'sign-in'));
    expect(await session.signOut()).toEqual(fail('busy', 'sign-in'));
    answer!();
    expect(await first).toEqual(succeed(null));
    expect(fixture.connector.connections).toHaveLength(1);
  });

  it('that ends after RecLight did leaves no connection open', async () => {
    const fixture = new SessionFixture();
    let answer: (() => void) | null = null;
    fixture.connector.answers = ({ method }) =>
      method === 'activeRecordings'
        ? new Promise((resolve) => {
            answer = () => {
              resolve(succeed([]));
            };
          })
        : undefined;
    const { session } = await fixture.startRestored();
    const signingIn = session.signIn(form);
    await settle();
    session.dispose();
    answer!();
    expect(await signingIn).toEqual(fail('cancelled', 'sign-in'));
    expect(fixture.connector.connections.map(({ closed }) => closed)).toEqual([true]);
    expect(session.current()).toBeNull();
    expect(fixture.connector.keychain.size).toBe(0);
  });

  it('forgets a former failure', async () => {
    const { session, signIn } = await new SessionFixture().startRestored();
    await signIn({ password: 'wrong' });
    expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'unauthorized' } });
    await signIn();
    expect(session.view()).toMatchObject({ status: 'signed-in', error: null });
    await session.signOut();
    expect(session.view()).toMatchObject({ status: 'signed-out', error: null });
  });

  it('as somebody else leaves nothing of the former user', async () => {
    const fixture = new SessionFixture();
    fixture.connector.passwords.set('bea', 'hers');
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    const former = session.current()!.api;
    await signIn({ username: 'bea', password: 'hers' });
    expect([...fixture.connector.keychain.keys()]).toEqual(['bea@https://recorder.example.com']);
    expect(fixture.connector.connections.map(({ closed }) => closed)).toEqual([true, false]);
    expect(await former.stopRecording('1')).toMatchObject({ error: { code: 'signed-out' } });
    expect(session.view()).toMatchObject({ username: 'bea' });
  });

  it('fails without ending the session of whoever is signed in', async () => {
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    expect(await signIn({ username: 'bea', password: 'x' })).toMatchObject({ ok: false });
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'anna', error: null });
    expect(fixture.connector.keychain.get(entry)).toBe(secret);
    expect(await session.current()!.api.stopRecording('1')).toMatchObject({ ok: true });
  });

  it('goes to the administrator’s server, whatever a window sends', async () => {
    const fixture = new SessionFixture();
    const { session, settings, signIn } = await fixture.startRestored();
    settings.setPolicy({ serverAddress: 'fixed.example.com' });
    expect(await signIn({ serverAddress: 'evil.example.net' })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ serverAddress: 'https://fixed.example.com' });
    expect(fixture.connector.connections.map(({ account }) => account.serverAddress)).toEqual([
      'https://fixed.example.com',
    ]);
    // The policy's spelling is not the keychain's.
    const again = await fixture.start();
    again.settings.setPolicy({ serverAddress: 'fixed.example.com' });
    await again.restore();
    expect(again.session.view()).toMatchObject({ status: 'signed-in' });
  });
});

describe('the next start', () => {
  it('signs in by itself, and asks the server nothing for that', async () => {
    const fixture = new SessionFixture();
    await (await fixture.startRestored()).signIn({ line: line101 });
    fixture.connector.requests.length = 0;
    const started = await fixture.start();
    expect(started.session.view()).toEqual({ status: 'restoring', waitingForKeychain: false });
    await started.restore();
    expect(started.session.view()).toMatchObject({ status: 'signed-in', username: 'anna', remembered: true });
    expect(fixture.connector.requests).toEqual([]);
    expect(await started.session.current()!.api.stopRecording('1')).toMatchObject({ ok: true });
  });

  it('shows the form, filled in, where the keychain’s entry is gone', async () => {
    const fixture = new SessionFixture();
    await (await fixture.startRestored()).signIn();
    fixture.connector.keychain.clear();
    const { session, keychainTrouble } = await fixture.startRestored();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      error: null,
    });
    expect(keychainTrouble).not.toHaveBeenCalled();
  });

  it('says so where the keychain does not work', async () => {
    const fixture = new SessionFixture();
    await (await fixture.startRestored()).signIn();
    fixture.connector.keychainWorks = false;
    const { session, keychainTrouble } = await fixture.startRestored();
    expect(session.view()).toMatchObject({
      status: 'signed-out',
      username: 'anna',
      error: { code: 'keychain-unreadable' },
    });
    // The form tells.
    expect(keychainTrouble).not.toHaveBeenCalled();
  });

  it('is not held up by the suggestion of a line', async () => {
    const fixture = new SessionFixture();
    await (await fixture.startRestored()).signIn();
    fixture.connector.answers = () => new Promise(() => undefined);
    const { session } = await fixture.start();
    await session.restore();
    expect(session.view().status).toBe('signed-in');
  });

  it('does not ask the keychain where nothing is remembered', async () => {
    const fixture = new SessionFixture();
    fixture.connector.keychain.set(entry, secret);
    const { session } = await fixture.startRestored();
    expect(session.view()).toMatchObject({ status: 'signed-out' });
    expect(fixture.connector.connections).toEqual([]);
  });

  it('gives way to a sign-in by hand while the keychain is slow', async () => {
    const fixture = new SessionFixture();
    await (await fixture.startRestored()).signIn();
    fixture.connector.passwords.set('bea', 'hers');
    let unlock: () => void = () => undefined;
    fixture.connector.keychainDelay = new Promise((resolve) => (unlock = resolve));
    const { session } = await fixture.start();
    const restoring = session.restore();
    await settle();
    const signingIn = session.signIn({ ...form, username: 'bea', password: 'hers', remember: true });
    await settle();
    unlock();
    await Promise.all([restoring, signingIn]);
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'bea' });
    const open = fixture.connector.connections
      .filter(({ closed }) => !closed)
      .map(({ account }) => account.username);
    // The first is the former run's.
    expect(open).toEqual(['anna', 'bea']);
  });
});

describe('files that can be read only late', () => {
  /** Starts with some files held, until RecLight no longer waits for them. */
  async function heldStart(
    hold: (fixture: SessionFixture) => readonly MemoryFile[],
    before: (fixture: SessionFixture) => void,
  ) {
    const fixture = new SessionFixture();
    await (await fixture.startRestored()).signIn();
    before(fixture);
    const held = hold(fixture);
    for (const file of held) file.isHeld = true;
    const starting = fixture.start();
    await fixture.clock.advance(5_000);
    const started = await starting;
    const restoring = started.restore();
    await fixture.clock.advance(5_000);
    await restoring;
    const free = async () => {
      for (const file of held) file.isHeld = false;
      await fixture.clock.advance(60_000);
      await settle();
    };
    return { fixture, ...started, free };
  }
  const refuse = ({ refusedCredentialsFile }: SessionFixture): void => {
    refusedCredentialsFile.text = JSON.stringify({
      refused: { serverAddress: 'https://recorder.example.com', username: 'anna', code: 'unauthorized' },
      toForget: [],
    });
  };

  it('a former password goes with the next start where the file tells of it only at the end', async () => {
    const { fixture, session, settings, signIn } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    fixture.connector.passwords.set('bea', secret);
    await signIn({ username: 'bea' });
    expect([...fixture.connector.keychain.keys()].sort()).toEqual([entry, entry.replace('anna', 'bea')]);
    session.dispose();
    fixture.settingsFile.isHeld = false;
    await Promise.all([session.settled(), settings.settled()]);
    expect(JSON.parse(fixture.refusedCredentialsFile.text ?? '')).toMatchObject({
      toForget: [{ username: 'anna' }],
    });
    const next = await fixture.startRestored();
    expect([...fixture.connector.keychain.keys()]).toEqual([entry.replace('anna', 'bea')]);
    expect(next.session.view()).toMatchObject({ status: 'signed-in', username: 'bea' });
  });

  it('a password that may have been refused is not sent before that is known', async () => {
    const { fixture, session, free } = await heldStart(
      ({ refusedCredentialsFile }) => [refusedCredentialsFile],
      refuse,
    );
    expect(session.view()).toMatchObject({ status: 'signed-out', error: { code: 'refusals-unreadable' } });
    expect(session.current()).toBeNull();
    await free();
    expect(session.view()).toMatchObject({ status: 'locked', error: { code: 'unauthorized' } });
    expect(fixture.refusedCredentialsFile.text).toContain('"code"');
    expect(fixture.troubles.told).toEqual(['unreadable latch.json', '-unreadable latch.json']);
  });

  it('one that was not refused signs in as soon as that is known', async () => {
    const { session, free } = await heldStart(
      ({ refusedCredentialsFile }) => [refusedCredentialsFile],
      ({ refusedCredentialsFile }) =>
        (refusedCredentialsFile.text = JSON.stringify({ refused: null, toForget: [] })),
    );
    expect(session.view().status).toBe('signed-out');
    await free();
    expect(session.view().status).toBe('signed-in');
  });

  it('who has signed in meanwhile is not called refused by the file', async () => {
    const { fixture, session, signIn, free } = await heldStart(
      ({ refusedCredentialsFile }) => [refusedCredentialsFile],
      refuse,
    );
    await signIn();
    await free();
    expect(session.view().status).toBe('signed-in');
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toMatchObject({ refused: null });
  });

  it('who has signed in meanwhile stays remembered, whatever the file still wants to be forgotten', async () => {
    const { fixture, session, signIn, free } = await heldStart(
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
    expect((await fixture.startRestored()).session.view().status).toBe('signed-in');
    expect(fixture.connector.keychain.get(entry)).toBe(secret);
  });

  it('the settings tell late who is to be signed in', async () => {
    const { fixture, session, free } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    expect(session.view().status).toBe('signed-out');
    await free();
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'anna' });
    expect(fixture.troubles.told).toEqual(['unreadable settings.json', '-unreadable settings.json']);
  });

  it.each([
    ['signed in', false],
    ['signed in and out again', true],
  ])('the password of a former user goes where another one has %s', async (_what, leaves) => {
    const { fixture, session, signIn, free } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    fixture.connector.passwords.set('ben', secret);
    expect(await signIn({ username: 'ben' })).toEqual(succeed(null));
    if (leaves) await session.signOut();
    await free();
    expect(fixture.connector.keychain.has(entry)).toBe(false);
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toMatchObject({ toForget: [] });
  });

  it('the password of who has signed in again meanwhile stays', async () => {
    const { fixture, session, signIn, free } = await heldStart(
      ({ settingsFile }) => [settingsFile],
      () => undefined,
    );
    await signIn();
    await free();
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: true });
    expect(fixture.connector.keychain.get(entry)).toBe(secret);
  });
});

describe('signing out', () => {
  it('forgets the password, here and in the keychain, and keeps what to fill in', async () => {
    const fixture = new SessionFixture();
    const { session, settings, signIn } = await fixture.startRestored();
    await signIn({ line: line101 });
    const { api } = session.current()!;
    expect(await session.signOut()).toEqual(succeed(null));
    expect(fixture.connector.keychain.size).toBe(0);
    expect(fixture.connector.connections.map(({ closed }) => closed)).toEqual([true]);
    expect(await api.stopRecording('1')).toMatchObject({ error: { code: 'signed-out' } });
    expect(session.current()).toBeNull();
    expect(session.view()).toEqual({
      status: 'signed-out',
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      error: null,
    });
    expect(settings.current()).toMatchObject({ account: { remember: false }, line: line101 });
    expect((await fixture.startRestored()).session.view().status).toBe('signed-out');
  });

  it('says so where the keychain keeps the password', async () => {
    const fixture = new SessionFixture();
    const { session, signIn, keychainTrouble } = await fixture.startRestored();
    await signIn();
    fixture.connector.keychainWorks = false;
    expect(await session.signOut()).toMatchObject({ ok: false, error: { code: 'keychain-not-cleared' } });
    expect(keychainTrouble.mock.calls).toEqual([['keychain-not-cleared']]);
    expect(session.view().status).toBe('signed-out');
    expect(fixture.connector.keychain.size).toBe(1);
    fixture.connector.keychainWorks = true;
    expect((await fixture.startRestored()).session.view().status).toBe('signed-out');
  });

  it('removes at the next start what the keychain kept, and only once', async () => {
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    fixture.connector.keychainWorks = false;
    await session.signOut();
    await fixture.startRestored();
    expect(fixture.connector.keychain.size).toBe(1);
    fixture.connector.keychainWorks = true;
    await fixture.startRestored();
    expect(fixture.connector.keychain.size).toBe(0);
    const forget = vi.spyOn(fixture.connector, 'forget');
    await fixture.startRestored();
    expect(forget).not.toHaveBeenCalled();
  });

  it('holds although RecLight is quit before the keychain has answered', async () => {
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    fixture.connector.keychainDelay = new Promise(() => undefined);
    void session.signOut();
    await settle();
    fixture.connector.keychainDelay = Promise.resolve();
    expect((await fixture.startRestored()).session.view().status).toBe('signed-out');
    expect(fixture.connector.keychain.size).toBe(0);
  });

  it('holds although the settings could not be written', async () => {
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    const remembering = fixture.settingsFile.text;
    fixture.connector.keychainDelay = new Promise(() => undefined);
    void session.signOut();
    await settle();
    fixture.settingsFile.text = remembering;
    fixture.connector.keychainDelay = Promise.resolve();
    expect((await fixture.startRestored()).session.view().status).toBe('signed-out');
  });

  it('lets the next sign-in begin before the keychain has answered, and its password stays (C23)', async () => {
    const fixture = new SessionFixture();
    const { session, signIn, settings, keychainTrouble } = await fixture.startRestored();
    await signIn();
    let answer = (): void => undefined;
    fixture.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
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
    expect([...fixture.connector.keychain]).toEqual([[entry, secret]]);
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toMatchObject({ toForget: [] });
    expect(keychainTrouble).not.toHaveBeenCalled();
    expect((await fixture.startRestored()).session.view().status).toBe('signed-in');
  });

  it('does not remove the password of a sign-in that came before its note was on disk (C23)', async () => {
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    let write = (): void => undefined;
    const held = fixture.refusedCredentialsFile.write.bind(fixture.refusedCredentialsFile);
    fixture.refusedCredentialsFile.write = async (text) => {
      await new Promise<void>((resolve) => (write = resolve));
      return held(text);
    };
    const leaving = session.signOut();
    await signIn();
    fixture.refusedCredentialsFile.write = held;
    write();
    await settle();
    write();
    await leaving;
    await session.settled();
    expect([...fixture.connector.keychain]).toEqual([[entry, secret]]);
  });

  it('takes the password away although it was still being stored (C10)', async () => {
    const fixture = new SessionFixture();
    const { session, signIn, keychainTrouble } = await fixture.startRestored();
    let answer = (): void => undefined;
    fixture.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    await signIn();
    const leaving = session.signOut();
    answer();
    expect(await leaving).toEqual(succeed(null));
    expect(fixture.connector.keychain.size).toBe(0);
    expect(keychainTrouble).not.toHaveBeenCalled();
  });

  it('does not fail for want of a keychain that was never used', async () => {
    const fixture = new SessionFixture();
    fixture.connector.keychainWorks = false;
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    expect(await session.signOut()).toEqual(succeed(null));
  });

  it('without a session is harmless', async () => {
    const { session } = await new SessionFixture().startRestored();
    expect(await session.signOut()).toEqual(succeed(null));
  });
});

describe('the line of the user before', () => {
  const line4021: Line = { ...noLine, directoryNumber: '4021', deviceName: 'SEP4021' };

  it('is not the next user’s, and is there again for its own (E43)', async () => {
    const fixture = new SessionFixture();
    fixture.connector.passwords.set('mrossi', 'his');
    fixture.connector.passwords.set('boss', 'hers');
    const { session, settings, signIn } = await fixture.startRestored();
    await signIn({ username: 'mrossi', password: 'his', line: line4021 });
    await settings.setSaveFolder('/home/desk/complaints of mrossi');
    await session.signOut();
    expect(settings.current().line).toEqual(line4021);

    fixture.connector.requests.length = 0;
    // What a window sends in whose form only name and password were typed.
    const { serverAddress } = settings.current().account;
    await signIn({
      username: 'boss',
      password: 'hers',
      line: lineFor(settings.current(), serverAddress!, 'boss'),
    });
    expect(settings.current().line).toEqual(noLine);
    expect(settings.current().keep.folder).toBeNull();
    expect(JSON.stringify(fixture.connector.requests)).not.toContain('4021');
    expect(fixture.connector.requests[0]).toMatchObject({ args: [{ username: 'boss' }] });
    await session.signOut();

    expect(lineFor(settings.current(), serverAddress!, 'mrossi')).toEqual(line4021);
    expect(lineFor(settings.current(), serverAddress!, ' MRossi ')).toEqual(line4021);
    expect(lineFor(settings.current(), serverAddress!, 'boss')).toEqual(noLine);
    expect(lineFor(settings.current(), serverAddress!, '')).toEqual(noLine);
  });
});

describe('the suggested line', () => {
  const newest = (localPartyNumber: string | null) => (fixture: SessionFixture) => {
    fixture.connector.answers = ({ method }) =>
      method === 'listRecordings'
        ? succeed({ totalCount: 1, recordings: [summary({ localPartyNumber })] })
        : undefined;
  };

  it('is that of the newest own recording, after a sign-in and after a restart', async () => {
    const fixture = new SessionFixture();
    newest('205')(fixture);
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    expect(session.view()).toMatchObject({ suggestedDirectoryNumber: '205' });
    expect((await fixture.startRestored()).session.view()).toMatchObject({ suggestedDirectoryNumber: '205' });
    for (const { method, args } of fixture.connector.requests) {
      if (method === 'listRecordings') expect(args[0]).toEqual({ ownerUsername: 'anna' });
    }
  });

  it('is none where a line is set, and is not asked for', async () => {
    const fixture = new SessionFixture();
    newest('205')(fixture);
    const { session, settings, signIn } = await fixture.startRestored();
    await signIn({ line: line101 });
    expect(session.view()).toMatchObject({ suggestedDirectoryNumber: null });
    expect(fixture.connector.requests).toHaveLength(1);
    await settings.update({ line: { ...noLine, deviceName: 'SEP1' } });
    expect(session.view()).toMatchObject({ suggestedDirectoryNumber: null });
  });

  it('is none where there is no recording, or none with a number, or no answer', async () => {
    for (const arrange of [
      newest(null),
      () => undefined,
      (fixture: SessionFixture) => {
        fixture.connector.answers = ({ method }) =>
          method === 'listRecordings' ? fail('server-error', 'list', { status: 500 }) : undefined;
      },
    ]) {
      const fixture = new SessionFixture();
      arrange(fixture);
      const { session, signIn } = await fixture.startRestored();
      await signIn();
      expect(session.view()).toMatchObject({ status: 'signed-in', suggestedDirectoryNumber: null });
    }
  });

  it('is not carried over to another user', async () => {
    const fixture = new SessionFixture();
    newest('205')(fixture);
    fixture.connector.passwords.set('bea', 'hers');
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    fixture.connector.answers = () => undefined;
    await signIn({ username: 'bea', password: 'hers' });
    expect(session.view()).toMatchObject({ username: 'bea', suggestedDirectoryNumber: null });
  });
});

describe('the password', () => {
  it('is in no document, log, view or error, whatever happens', async () => {
    const fixture = new SessionFixture();
    const { session, settings, signIn, seen } = await fixture.startRestored();
    const results: unknown[] = [];
    results.push(await signIn({ password: `${secret}-wrong` }));
    results.push(await signIn({ serverAddress: 'not an address' }));
    fixture.connector.answers = () => fail('tls-untrusted', 'list', { host: 'recorder.example.com' });
    results.push(await signIn());
    fixture.connector.answers = () => undefined;
    results.push(await signIn());
    results.push(session.view(), settings.current());
    fixture.connector.passwords.set('anna', 'changed');
    results.push(await session.current()!.api.stopRecording('1'));
    results.push(session.view());
    fixture.connector.keychainWorks = false;
    results.push(await signIn({ password: 'changed' }));
    results.push(await session.signOut());
    fixture.connector.keychainWorks = true;
    await fixture.startRestored();
    const held = fixture.everything(results, seen);
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
    const fixture = new SessionFixture();
    const { session, signIn, seen } = await fixture.startRestored();
    await signIn({ line: line101 });
    fixture.connector.passwords.clear();
    await session.current()!.api.stopRecording('1');
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
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    const heard = vi.fn();
    session.onChange(heard).dispose();
    await signIn();
    expect(heard).not.toHaveBeenCalled();
  });
});
