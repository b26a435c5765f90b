import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createKeytarStore } from '../../../src-main/infra/keychain';
import { SecretStoreError } from '../../../src-main/infra/secret-store';
import { settle } from '../../fixtures/virtual-clock';

/** The OS's side: every change waits until it is let through. */
const keychain = vi.hoisted(() => {
  const entries = new Map<string, string>();
  const waiting: (() => void)[] = [];
  const turn = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  return {
    entries,
    waiting,
    getPassword: (_service: string, account: string) => Promise.resolve(entries.get(account) ?? null),
    setPassword: async (_service: string, account: string, secret: string) => {
      await turn();
      entries.set(account, secret);
    },
    deletePassword: async (_service: string, account: string) => {
      await turn();
      return entries.delete(account);
    },
  };
});
vi.mock('keytar', () => ({ default: keychain }));

const account = 'anna@https://recorder.example';

/** A store whose library is loaded. */
async function openStore(limitMs?: number) {
  const store = createKeytarStore(limitMs);
  await store.read(account);
  return store;
}

/** Lets the newest change through first: the OS promises no order. */
async function answerAll(): Promise<void> {
  await settle();
  while (keychain.waiting.length > 0) {
    keychain.waiting.pop()?.();
    await settle();
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  keychain.entries.clear();
  keychain.waiting.length = 0;
  vi.useRealTimers();
});

describe('the store of passwords', () => {
  it('stores the password of a sign-in that follows a slow sign-out (C23)', async () => {
    keychain.entries.set(account, 'old');
    const store = await openStore();
    const removed = store.remove(account);
    const written = store.write(account, 'new');
    await answerAll();
    await Promise.all([removed, written]);
    expect(keychain.entries.get(account)).toBe('new');
  });

  it('removes the password of a sign-out that follows a slow sign-in (C10)', async () => {
    const store = await openStore();
    const changes = [store.write(account, 'new'), store.remove(account)];
    await answerAll();
    await Promise.all(changes);
    expect(keychain.entries.size).toBe(0);
  });

  it('does not let one account wait for another', async () => {
    const store = await openStore();
    void store.write(account, 'hangs');
    const other = store.write('bea', 'hers');
    await settle();
    keychain.waiting.pop()?.();
    await other;
    expect([...keychain.entries]).toEqual([['bea', 'hers']]);
  });

  it('undoes a write that ends after it was given up (C10)', async () => {
    const store = await openStore(60_000);
    const written = store.write(account, 'late');
    const failed = expect(written).rejects.toBeInstanceOf(SecretStoreError);
    await settle();
    vi.advanceTimersByTime(60_000);
    await failed;
    await answerAll();
    expect(keychain.entries.size).toBe(0);
  });

  it('does not begin a write that was given up in the queue (C10)', async () => {
    const store = await openStore(60_000);
    const changes = [store.remove(account), store.write(account, 'late')];
    const failed = Promise.all(changes.map((change) => expect(change).rejects.toThrow('does not answer')));
    await settle();
    vi.advanceTimersByTime(60_000);
    await failed;
    await answerAll();
    expect(keychain.entries.size).toBe(0);
  });

  it('goes on after a change that failed', async () => {
    const failing = vi.spyOn(keychain, 'setPassword').mockRejectedValueOnce(new Error('locked\nmore'));
    const store = await openStore();
    await expect(store.write(account, 'x')).rejects.toEqual(new SecretStoreError('locked'));
    failing.mockRestore();
    const written = store.write(account, 'y');
    await answerAll();
    await written;
    expect(keychain.entries.get(account)).toBe('y');
  });
});
