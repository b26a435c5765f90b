import { describe, expect, it } from 'vitest';

import { entry, secret, SessionFixture } from '../../../fixtures/session';

describe('passwords that nobody will use again', () => {
  const oldEntry = 'anna@https://old.example.com';

  it('leave the keychain where a policy has moved the user to another server (C10)', async () => {
    const fixture = new SessionFixture();
    const former = await fixture.startRestored();
    await former.signIn({ serverAddress: 'old.example.com' });
    expect([...fixture.connector.keychain.keys()]).toEqual([oldEntry]);

    const moved = await fixture.start();
    moved.settings.setPolicy({ serverAddress: 'new.example.com' });
    await moved.restore();
    await moved.signIn();
    await moved.session.settled();
    expect([...fixture.connector.keychain.keys()]).toEqual(['anna@https://new.example.com']);
    await moved.session.signOut();
    expect(fixture.connector.keychain.size).toBe(0);
  });

  it('leave it at the next start where it was locked while users changed (C10)', async () => {
    const fixture = new SessionFixture();
    const { session, signIn, keychainTrouble } = await fixture.startRestored();
    for (const [username, password] of [['bea', 'hers'] as const, ['carl', 'his'] as const]) {
      fixture.connector.passwords.set(username, password);
    }
    await signIn();
    fixture.connector.keychain.set('bea@https://recorder.example.com', 'hers');
    fixture.connector.keychainWorks = false;
    await signIn({ username: 'bea', password: 'hers', remember: false });
    await signIn({ username: 'carl', password: 'his' });
    await session.settled();
    expect(keychainTrouble.mock.calls.flat()).toEqual(['keychain-not-cleared', 'keychain-unavailable']);
    fixture.connector.keychainWorks = true;
    const next = await fixture.startRestored();
    await next.session.settled();
    expect(fixture.connector.keychain.has(entry)).toBe(false);
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toMatchObject({ toForget: [] });
  });

  it('are remembered as still to be removed, several of them (C10)', async () => {
    const fixture = new SessionFixture();
    fixture.connector.passwords.set('bea', 'hers');
    const { signIn, session } = await fixture.startRestored();
    await signIn();
    // Stored before the keychain was locked.
    await signIn({ username: 'bea', password: 'hers' });
    fixture.connector.keychain.set(entry, secret);
    fixture.connector.keychainWorks = false;
    await session.signOut();
    fixture.refusedCredentialsFile.text = JSON.stringify({
      refused: null,
      toForget: [
        { serverAddress: 'https://recorder.example.com', username: 'anna' },
        ...(JSON.parse(fixture.refusedCredentialsFile.text!) as { toForget: unknown[] }).toForget,
      ],
    });
    fixture.connector.keychainWorks = true;
    await (await fixture.startRestored()).session.settled();
    expect(fixture.connector.keychain.size).toBe(0);
  });

  it('leave it where "remember" is unticked, at the next start if need be (C10)', async () => {
    const fixture = new SessionFixture();
    const { session, signIn, keychainTrouble } = await fixture.startRestored();
    await signIn();
    fixture.connector.keychainWorks = false;
    await signIn({ remember: false });
    expect(keychainTrouble.mock.calls).toEqual([['keychain-not-cleared']]);
    expect(session.view()).toMatchObject({ status: 'signed-in', remembered: false });
    fixture.connector.keychainWorks = true;
    await fixture.startRestored();
    expect(fixture.connector.keychain.size).toBe(0);
  });

  it('leave it where the new one could not be stored in place of the old one (C10)', async () => {
    const fixture = new SessionFixture();
    const { session, signIn } = await fixture.startRestored();
    await signIn();
    fixture.connector.passwords.set('anna', 'changed');
    fixture.connector.keychainWorks = false;
    await signIn({ password: 'changed' });
    await session.settled();
    fixture.connector.keychainWorks = true;
    await fixture.startRestored();
    expect(fixture.connector.keychain.size).toBe(0);
  });

  it('of a note of version 0.1 are removed too (C10)', async () => {
    const fixture = new SessionFixture();
    fixture.connector.keychain.set(entry, secret);
    const toForget = { serverAddress: 'https://recorder.example.com', username: 'anna' };
    fixture.refusedCredentialsFile.text = JSON.stringify({ refused: null, toForget });
    await fixture.startRestored();
    expect(fixture.connector.keychain.size).toBe(0);
    expect(fixture.refusedCredentialsFile.setAsideTexts).toEqual([]);
  });

  it('are not noted for ever where there is no keychain and none was stored', async () => {
    const fixture = new SessionFixture();
    fixture.connector.keychainWorks = false;
    const { session, signIn, keychainTrouble } = await fixture.startRestored();
    await signIn({ remember: false });
    await session.settled();
    expect(JSON.parse(fixture.refusedCredentialsFile.text!)).toEqual({
      version: 1,
      refused: null,
      toForget: [],
    });
    expect(keychainTrouble).not.toHaveBeenCalled();
  });
});
