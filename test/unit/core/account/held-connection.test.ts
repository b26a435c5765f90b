import { describe, expect, it, vi } from 'vitest';

import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { createHeldConnection } from '../../../../src-main/core/account/held-connection';
import type { Connection } from '../../../../src-main/core/ports/api';
import type { StubAnswers } from '../../../fixtures/stub-api';
import { StubApi } from '../../../fixtures/stub-api';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

/** A connection to a server that answers so. */
function connectionOf(username: string, answer: StubAnswers = () => succeed([])) {
  const state = { isClosed: false };
  const connection: Connection = {
    account: { serverAddress: 'https://recorder.example.com', username },
    api: new StubApi(answer),
    remember: () => Promise.resolve(succeed(null)),
    close: () => {
      state.isClosed = true;
    },
  };
  return { connection, state };
}

const refuse = () => fail('unauthorized', 'active', { status: 401 });

describe('a held connection', () => {
  it('is of one user at a time: another one, and the end, close it', () => {
    const held = createHeldConnection(new VirtualClock(), vi.fn());
    expect([held.connection(), held.signedIn()]).toEqual([null, null]);
    const [anna, bea] = [connectionOf('anna'), connectionOf('bea')];
    held.replace(anna.connection, null, null);
    expect(held.signedIn()).toMatchObject({ username: 'anna' });
    held.replace(bea.connection, null, null);
    expect(anna.state.isClosed).toBe(true);
    expect(held.signedIn()).toMatchObject({ username: 'bea' });
    held.close();
    expect(bea.state.isClosed).toBe(true);
    expect([held.connection(), held.signedIn()]).toEqual([null, null]);
  });

  it('is nobody’s to use once its password was refused, which is told once', async () => {
    const refused = vi.fn();
    const held = createHeldConnection(new VirtualClock(), refused);
    const { connection } = connectionOf('anna', refuse);
    held.replace(connection, null, null);
    await held.signedIn()?.api.activeRecordings({ username: 'anna' });
    await settle();
    expect(held.signedIn()).toBeNull();
    expect(held.connection()).toBe(connection);
    expect(held.refusal()).toMatchObject({ code: 'unauthorized' });
    expect(refused.mock.calls).toMatchObject([[{ username: 'anna' }, { code: 'unauthorized' }]]);
  });

  it('is not refused by what the one before it is answered late', async () => {
    const refused = vi.fn();
    const held = createHeldConnection(new VirtualClock(), refused);
    let answer = (): void => undefined;
    const late = new Promise<Result<never>>((resolve) => {
      answer = () => {
        resolve(refuse());
      };
    });
    held.replace(connectionOf('anna', () => late).connection, null, null);
    void held.signedIn()?.api.activeRecordings({ username: 'anna' });
    held.replace(connectionOf('bea').connection, null, null);
    answer();
    await settle();
    expect(held.signedIn()).toMatchObject({ username: 'bea' });
    expect(refused).not.toHaveBeenCalled();
  });

  it('is refused from the beginning where it was before', () => {
    const error: CodedError = { code: 'unauthorized', operation: 'sign-in', detail: {} };
    const held = createHeldConnection(new VirtualClock(), vi.fn());
    held.replace(connectionOf('anna').connection, error, null);
    expect(held.signedIn()).toBeNull();
    expect(held.refusal()).toEqual(error);
    held.close();
    expect(held.refusal()).toBeNull();
  });
});
