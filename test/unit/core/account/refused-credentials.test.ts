import { describe, expect, it, vi } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { entry, line101, SessionFixture } from '../../../fixtures/session';
import { settle } from '../../../fixtures/virtual-clock';

describe('the first 401', () => {
  /** Signed in, and the password has been changed since; nothing has been asked with it. */
  async function changed() {
    const fixture = new SessionFixture();
    const started = await fixture.startRestored();
    await started.signIn({ line: line101 });
    fixture.connector.passwords.set('anna', 'changed on the server');
    const { api } = started.session.current()!;
    return { fixture, ...started, api };
  }

  async function refused() {
    const { fixture, api, ...started } = await changed();
    await api.activeRecordings({ directoryNumber: '101' });
    await settle();
    return { fixture, ...started, api };
  }

  it('locks the session, with the reason', async () => {
    const { fixture, session, api } = await refused();
    expect(session.current()).toBeNull();
    expect(session.view()).toMatchObject({
      status: 'locked',
      username: 'anna',
      error: { code: 'unauthorized' },
    });
    expect(await api.stopRecording('1')).toMatchObject({ error: { code: 'locked' } });
    expect(fixture.connector.refusals()).toBe(1);
  });

  it('is remembered by server and user alone', async () => {
    const { fixture } = await refused();
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toEqual({
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
    const { fixture, session, api } = await changed();
    let write = (): void => undefined;
    const held = fixture.refusedCredentialsFile.write.bind(fixture.refusedCredentialsFile);
    fixture.refusedCredentialsFile.write = async (text) => {
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
    expect(fixture.refusedCredentialsFile.text).toContain('unauthorized');
  });

  it('lets nothing be sent after a restart, nor after the next', async () => {
    const { fixture } = await refused();
    for (let restart = 0; restart < 3; restart += 1) {
      fixture.connector.requests.length = 0;
      const { session } = await fixture.startRestored();
      expect(session.view()).toMatchObject({
        status: 'locked',
        username: 'anna',
        error: { code: 'unauthorized', detail: { status: 401 } },
      });
      expect(session.current()).toBeNull();
      expect(fixture.connector.requests).toEqual([]);
    }
  });

  it('stays in force when a sign-in fails, which costs one log-in', async () => {
    const { fixture, session, signIn } = await refused();
    expect(await signIn({ password: 'a guess' })).toMatchObject({ error: { code: 'unauthorized' } });
    expect(fixture.connector.refusals()).toBe(2);
    expect(session.view()).toMatchObject({ status: 'locked', error: { code: 'unauthorized' } });
    expect(session.current()).toBeNull();
    expect((await fixture.startRestored()).session.view().status).toBe('locked');
    expect(fixture.connector.refusals()).toBe(2);
  });

  it('is forgotten by a sign-in that succeeds, for this run and the next', async () => {
    const { fixture, session, signIn } = await refused();
    const changed = 'changed on the server';
    expect(await signIn({ password: changed, line: line101 })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', error: null });
    expect(fixture.connector.keychain.get(entry)).toBe(changed);
    const next = await fixture.startRestored();
    expect(next.session.view().status).toBe('signed-in');
    expect(await next.session.current()!.api.stopRecording('1')).toMatchObject({ ok: true });
    expect(fixture.connector.refusals()).toBe(1);
  });

  it('holds for the former password until the keychain has the new one (D6)', async () => {
    const { fixture, session, signIn } = await refused();
    fixture.connector.keychainDelay = new Promise(() => undefined);
    expect(await signIn({ password: 'changed on the server', line: line101 })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', error: null });
    // RecLight ends before the keychain has answered.
    fixture.connector.keychainDelay = Promise.resolve();
    fixture.connector.requests.length = 0;
    expect((await fixture.startRestored()).session.view().status).toBe('locked');
    expect(fixture.connector.requests).toEqual([]);
  });

  it('does not lock another account', async () => {
    const { fixture, signIn } = await refused();
    fixture.connector.passwords.set('bea', 'hers');
    await signIn({ username: 'bea', password: 'hers' });
    fixture.refusedCredentialsFile.text = JSON.stringify({
      refused: { serverAddress: 'https://recorder.example.com', username: 'anna', code: 'unauthorized' },
    });
    expect((await fixture.startRestored()).session.view()).toMatchObject({
      status: 'signed-in',
      username: 'bea',
    });
  });

  it('can be left by signing out', async () => {
    const { fixture, session } = await refused();
    expect(await session.signOut()).toEqual(succeed(null));
    expect(session.view().status).toBe('signed-out');
    expect(fixture.connector.keychain.size).toBe(0);
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toEqual({
      version: 1,
      refused: null,
      toForget: [],
    });
  });

  it('has the last word where the sign-in’s own note is still being written', async () => {
    const fixture = new SessionFixture();
    const writes: (() => void)[] = [];
    const write = fixture.refusedCredentialsFile.write.bind(fixture.refusedCredentialsFile);
    fixture.refusedCredentialsFile.write = async (text) => {
      await new Promise<void>((resolve) => writes.unshift(resolve));
      return write(text);
    };
    const { session, signIn } = await fixture.startRestored();
    await signIn({ line: line101 });
    fixture.connector.passwords.clear();
    await session.current()!.api.stopRecording('1');
    // Whichever write the disk ends first.
    while (writes.length > 0) {
      writes.shift()!();
      await settle();
    }
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toMatchObject({ refused: { username: 'anna' } });
  });

  it.each(['{', '{"refused": 1}', '{"refused": {"username": "anna"}}'])(
    'starts all the same with a damaged note of it (%j), which is kept',
    async (text) => {
      const fixture = new SessionFixture();
      await (await fixture.startRestored()).signIn();
      fixture.refusedCredentialsFile.text = text;
      const { session } = await fixture.startRestored();
      expect(session.view().status).toBe('signed-in');
      expect(fixture.refusedCredentialsFile.setAsideTexts).toEqual([text]);
      expect(fixture.troubles.told).toEqual(['damaged latch.json.damaged']);
    },
  );
});

it('a new password that is stored while RecLight ends is not called refused by the next start', async () => {
  const fixture = new SessionFixture();
  await (await fixture.startRestored()).signIn();
  fixture.connector.passwords.set('anna', 'n3w');
  const { session, signIn } = await fixture.startRestored();
  expect(session.view().status).toBe('locked');
  let answer = (): void => undefined;
  fixture.connector.keychainDelay = new Promise((resolve) => {
    answer = resolve;
  });
  await signIn({ password: 'n3w' });
  session.dispose();
  const settled = session.settled();
  answer();
  await settled;
  expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toMatchObject({ refused: null });
  expect((await fixture.startRestored()).session.view().status).toBe('signed-in');
});
