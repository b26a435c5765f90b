import { describe, expect, it, vi } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { createKeychainRecall } from '../../../../src-main/core/account/keychain-recall';
import { entry, line101, secret, SessionFixture } from '../../../fixtures/session';
import { StubConnector } from '../../../fixtures/stub-connector';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

describe('a keychain that does not answer', () => {
  const never = new Promise<void>(() => undefined);

  async function startWaiting() {
    const fixture = new SessionFixture();
    await (await fixture.startRestored()).signIn({ line: line101 });
    fixture.connector.requests.length = 0;
    let answer = (): void => undefined;
    fixture.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    const started = await fixture.start();
    const restored = vi.fn();
    void started.session.restore().then(restored);
    await settle();
    return { fixture, ...started, restored, answer: async () => (answer(), await settle()) };
  }

  it('does not hold up a sign-in that is to be remembered (D6)', async () => {
    const fixture = new SessionFixture();
    const { session, settings, signIn } = await fixture.startRestored();
    fixture.connector.keychainDelay = never;
    expect(await signIn({ line: line101 })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    expect(session.current()).not.toBeNull();
    expect(settings.current()).toMatchObject({ account: { username: 'anna' }, line: line101 });
  });

  it('does not hold up the sign-in of another user, nor one without remembering (D6)', async () => {
    const fixture = new SessionFixture();
    fixture.connector.passwords.set('bea', 'hers');
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    fixture.connector.keychainDelay = never;
    expect(await signIn({ username: 'bea', password: 'hers' })).toEqual(succeed(null));
    expect(await signIn({ username: 'bea', password: 'hers', remember: false })).toEqual(succeed(null));
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'bea' });
  });

  it('tells later that the password is not remembered (D6)', async () => {
    const fixture = new SessionFixture();
    const { session, settings, signIn, keychainTrouble } = await fixture.startRestored();
    let answer = (): void => undefined;
    fixture.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    await signIn();
    expect(keychainTrouble).not.toHaveBeenCalled();
    fixture.connector.keychainWorks = false;
    answer();
    await session.settled();
    expect(keychainTrouble.mock.calls).toEqual([['keychain-unavailable']]);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    expect(settings.current().account.remember).toBe(false);
  });

  it('is not told of once the user who was to be remembered has gone (D6)', async () => {
    const fixture = new SessionFixture();
    fixture.connector.passwords.set('bea', 'hers');
    const { session, signIn, keychainTrouble } = await fixture.startRestored();
    let answer = (): void => undefined;
    fixture.connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    await signIn();
    await signIn({ username: 'bea', password: 'hers', remember: false });
    answer();
    await session.settled();
    await settle();
    expect(fixture.connector.keychain.size).toBe(0);
    expect(keychainTrouble).not.toHaveBeenCalled();
  });

  it('is named as what is waited for, after 3 s of a start (D6)', async () => {
    const { fixture, session, seen, answer } = await startWaiting();
    await fixture.clock.advance(2_999);
    expect(session.view()).toEqual({ status: 'restoring', waitingForKeychain: false });
    expect(seen).toEqual([]);
    await fixture.clock.advance(1);
    expect(session.view()).toEqual({ status: 'restoring', waitingForKeychain: true });
    expect(seen).toEqual([session.view()]);
    await answer();
    expect(session.view()).toMatchObject({ status: 'signed-in', username: 'anna', remembered: true });
  });

  it('is not named where it answers in time (D6)', async () => {
    const { fixture, session, seen, answer } = await startWaiting();
    await fixture.clock.advance(2_000);
    await answer();
    await fixture.clock.advance(60_000);
    expect(session.view()).toMatchObject({ status: 'signed-in' });
    expect(seen).not.toContainEqual({ status: 'restoring', waitingForKeychain: true });
    expect(fixture.clock.pending()).toBe(0);
  });

  it('is no longer waited for where the user wants the form, and a late answer changes nothing (D6)', async () => {
    const { fixture, session, seen, answer, restored } = await startWaiting();
    await fixture.clock.advance(3_000);
    session.skipKeychain();
    const form = { status: 'signed-out', username: 'anna', error: null };
    expect(session.view()).toMatchObject(form);
    await settle();
    expect(restored).toHaveBeenCalled();
    const told = seen.length;
    await answer();
    expect(session.view()).toMatchObject(form);
    expect(seen).toHaveLength(told);
    expect(fixture.connector.connections.every(({ closed }, index) => closed || index === 0)).toBe(true);
    expect(fixture.connector.requests).toEqual([]);
  });

  it('does not disturb who has signed in with the password instead (D6)', async () => {
    const { fixture, session, signIn, answer } = await startWaiting();
    await fixture.clock.advance(3_000);
    session.skipKeychain();
    expect(await signIn({ line: line101 })).toEqual(succeed(null));
    const { api } = session.current()!;
    await answer();
    expect(session.current()!.api).toBe(api);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: true, error: null });
  });

  it('cannot be skipped when it is not waited for', async () => {
    const { session, seen, signIn } = await new SessionFixture().startRestored();
    await signIn();
    const told = seen.length;
    session.skipKeychain();
    expect(session.view().status).toBe('signed-in');
    expect(seen).toHaveLength(told);
  });

  it('is forgotten when RecLight ends', async () => {
    const { fixture, session, answer, restored } = await startWaiting();
    session.dispose();
    await settle();
    expect(restored).toHaveBeenCalled();
    await answer();
    expect(session.current()).toBeNull();
    expect(fixture.clock.pending()).toBe(0);
  });
});

describe('the wait for a keychain', () => {
  const account = { serverAddress: 'https://recorder.example.com', username: 'anna' };

  function setUp() {
    const clock = new VirtualClock();
    const connector = new StubConnector();
    connector.keychain.set(entry, secret);
    let answer = (): void => undefined;
    connector.keychainDelay = new Promise((resolve) => (answer = resolve));
    const slow = vi.fn();
    return { clock, connector, slow, keychain: createKeychainRecall(clock, slow), answer: () => answer() };
  }

  it('ends with the password, and is slow for so long only', async () => {
    const { clock, connector, slow, keychain, answer } = setUp();
    const recalled = keychain.recall(connector, account, () => true);
    await clock.advance(2_999);
    expect(keychain.isSlow()).toBe(false);
    await clock.advance(1);
    expect([keychain.isSlow(), slow.mock.calls.length]).toEqual([true, 1]);
    answer();
    expect(await recalled).toMatchObject({ ok: true, value: { account } });
    expect(keychain.isSlow()).toBe(false);
    expect(clock.pending()).toBe(0);
  });

  it('ends at once where nobody wants it any more, before or meanwhile, and closes what comes late', async () => {
    for (const wantedAtFirst of [true, false]) {
      const { clock, connector, keychain, answer } = setUp();
      let isWanted = wantedAtFirst;
      const recalled = keychain.recall(connector, account, () => isWanted);
      isWanted = false;
      if (wantedAtFirst) keychain.end();
      expect(await recalled).toEqual(succeed(null));
      answer();
      await settle();
      expect(connector.connections).toEqual([{ account, closed: true }]);
      expect(clock.pending()).toBe(0);
    }
  });
});
