import { describe, expect, test } from 'vitest';

import type { Line } from '@shared/domain/recording';
import type { SessionView } from '@shared/ipc/snapshot';
import type { FollowedSession } from '../../../../src-main/core/account/session-followers';
import { createSessionFollowers } from '../../../../src-main/core/account/session-followers';
import { StubApi } from '../../../fixtures/stub-api';

const serverAddress = 'https://recorder.example';

function setUp() {
  const calls: string[] = [];
  const nameOf = (session: { readonly username: string } | null) => session?.username ?? 'none';
  let view: SessionView = { status: 'restoring', waitingForKeychain: false };
  let current: FollowedSession | null = null;
  let line: Line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };
  const followers = createSessionFollowers({
    session: { view: () => view, current: () => current },
    line: () => line,
    recorder: {
      setSession: (session) =>
        calls.push(`recorder ${nameOf(session)} ${session?.line.directoryNumber ?? '-'}`),
      lock: ({ code }) => calls.push(`recorder locked ${code}`),
    },
    recordings: { setSession: (session) => calls.push(`recordings ${nameOf(session)}`) },
    media: { setApi: (api) => calls.push(`media ${api === null ? 'none' : 'api'}`) },
    saving: {
      setSession: (session) => calls.push(`saving ${nameOf(session)}`),
      signOut: (account) => calls.push(`saving without ${account.username}`),
    },
    dropPrevious: () => calls.push('drop'),
  });
  const taken = () => calls.splice(0);
  const signedIn = (status: 'signed-in' | 'locked', username: string): SessionView => ({
    status,
    serverAddress,
    username,
    remembered: false,
    suggestedDirectoryNumber: null,
    error: status === 'locked' ? { code: 'locked', operation: 'active', detail: {} } : null,
  });
  return {
    followers,
    taken,
    signIn: (username: string) => {
      view = signedIn('signed-in', username);
      current = { api: new StubApi(), serverAddress, username };
      followers.update();
      return taken();
    },
    lock: (username: string) => {
      view = signedIn('locked', username);
      current = null;
      followers.update();
      return taken();
    },
    signOut: () => {
      view = { status: 'signed-out', serverAddress, username: null, error: null };
      current = null;
      followers.update();
      return taken();
    },
    setLine: (directoryNumber: string) => {
      line = { ...line, directoryNumber };
      followers.update();
      return taken();
    },
  };
}

describe('createSessionFollowers', () => {
  test('a new session drops what is pending, then goes to the recorder before the list', () => {
    const { signIn } = setUp();
    expect(signIn('anna')).toEqual(['drop', 'recorder anna 101', 'recordings anna', 'media api']);
  });

  test('an unrelated change restarts nothing', () => {
    const { followers, signIn, taken } = setUp();
    signIn('anna');
    followers.update();
    expect(taken()).toEqual([]);
  });

  test('a changed line restarts the recorder only', () => {
    const { signIn, setLine } = setUp();
    signIn('anna');
    expect(setLine('102')).toEqual(['recorder anna 102']);
  });

  test('a refused password locks the recorder and ends the other sessions', () => {
    const { signIn, lock } = setUp();
    signIn('anna');
    expect(lock('anna')).toEqual(['drop', 'recorder locked locked', 'recordings none', 'media none']);
  });

  test('signing out after a refused password still drops the saves of that account', () => {
    const { followers, signIn, lock, signOut } = setUp();
    followers.savesLoaded();
    signIn('anna');
    lock('anna');
    expect(signOut()).toEqual(['recorder none -', 'saving without anna']);
  });

  test('saves follow only once they are read; accounts that signed out before are dropped first', () => {
    const { followers, signIn, signOut, taken } = setUp();
    signIn('anna');
    expect(signOut().filter((call) => call.startsWith('saving'))).toEqual([]);
    signIn('ben');
    followers.savesLoaded();
    expect(taken()).toEqual(['saving without anna', 'saving ben']);
  });
});
