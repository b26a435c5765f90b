import { getHeapSnapshot } from 'node:v8';

import { describe, expect, it } from 'vitest';

import { succeed } from '@shared/domain/errors';
import type { Disposable } from '../../../../src-main/core/ports/clock';
import type { RecorderApi } from '../../../../src-main/core/ports/api';
import { createConnector } from '../../../../src-main/infra/api/connector';
import { mapApiCalls } from '../../../../src-main/core/ports/api-calls';
import { createLazyApi } from '../../../../src-main/infra/api/lazy-client';
import type { SecretStore } from '../../../../src-main/infra/secret-store';

const account = { serverAddress: 'https://recorder.example', username: 'änna' };

/** A keychain in memory: what the connector does with one, not what the OS does. */
function memoryStore(): SecretStore & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    read: (name) => Promise.resolve(entries.get(name) ?? null),
    write: (name, secret) => Promise.resolve(void entries.set(name, secret)),
    remove: (name) => Promise.resolve(void entries.delete(name)),
  };
}

/** An API of which only one function is used here. */
function oneFunction(used: () => void, disposed: () => void): RecorderApi & Disposable {
  return {
    ...mapApiCalls(() => () => {
      throw new Error('not asked for');
    }),
    stopRecording: () => {
      used();
      return Promise.resolve(succeed(null));
    },
    fingerprint: () => 'server=x',
    dropIdleConnections: () => Promise.resolve(),
    dispose: disposed,
  };
}

describe('a connection', () => {
  it('loads its client at the first request, once, with UTF-8 credentials', async () => {
    const headers: string[] = [];
    let loads = 0;
    const connector = createConnector({
      secrets: memoryStore(),
      createApi: (options) => {
        loads += 1;
        return Promise.resolve(
          oneFunction(
            () => headers.push(options.authorization()),
            () => undefined,
          ),
        );
      },
    });
    const connection = connector.connect(account, 'pä:ss');
    expect(loads).toBe(0);
    expect(connection.api.fingerprint()).toBeNull();
    await Promise.all([connection.api.stopRecording('1'), connection.api.stopRecording('1')]);
    expect(loads).toBe(1);
    expect(connection.api.fingerprint()).toBe('server=x');
    expect(headers.map((header) => Buffer.from(header.slice(6), 'base64').toString('utf8'))).toEqual([
      'änna:pä:ss',
      'änna:pä:ss',
    ]);
  });

  it('keeps its account as it was, whatever becomes of the object it was made from', () => {
    const connector = createConnector({
      secrets: memoryStore(),
      createApi: () => Promise.reject(new Error('not asked for')),
    });
    const mutable = { ...account, password: 'x' };
    const connection = connector.connect(mutable, 'x');
    mutable.username = 'somebody.else';
    expect(connection.account).toEqual(account);
    expect(Object.isFrozen(connection.account)).toBe(true);
  });

  it('remembers, comes back and is forgotten', async () => {
    const secrets = memoryStore();
    const connector = createConnector({
      secrets,
      createApi: () => Promise.reject(new Error('not asked for')),
    });
    await connector.connect(account, 'x').remember();
    expect([...secrets.entries]).toEqual([['änna@https://recorder.example', 'x']]);
    expect(await connector.reconnect(account)).toMatchObject({ ok: true, value: { account } });
    await connector.forget(account);
    expect(await connector.reconnect(account)).toEqual({ ok: true, value: null });
  });
});

describe('a lazy API', () => {
  it('disposes of a client that comes too late', async () => {
    let disposed = 0;
    let arrive: (api: RecorderApi & Disposable) => void = () => undefined;
    const api = createLazyApi(() => new Promise((resolve) => (arrive = resolve)));
    const waiting = api.stopRecording('1');
    api.dispose();
    arrive(
      oneFunction(
        () => undefined,
        () => (disposed += 1),
      ),
    );
    await waiting;
    expect(disposed).toBe(1);
  });

  it('asks for nothing once it is disposed of', async () => {
    const api = createLazyApi(() => Promise.reject(new Error('asked for')));
    api.dispose();
    expect(await api.stopRecording('1')).toMatchObject({
      ok: false,
      error: { code: 'signed-out', operation: 'stop' },
    });
  });

  it('says that it is our fault when the client cannot be loaded', async () => {
    const api = createLazyApi(() => Promise.reject(new Error('no such chunk')));
    expect(await api.probePause()).toMatchObject({
      ok: false,
      error: { code: 'internal', operation: 'probe' },
    });
    await api.dropIdleConnections();
  });
});

describe('what of a password is in memory', () => {
  /** How many strings of the heap are exactly this one. */
  async function copies(text: string): Promise<number> {
    const chunks: string[] = [];
    for await (const chunk of getHeapSnapshot()) chunks.push(String(chunk));
    const { snapshot, nodes, strings } = JSON.parse(chunks.join('')) as {
      readonly snapshot: {
        readonly meta: {
          readonly node_fields: readonly string[];
          readonly node_types: readonly [readonly string[]];
        };
      };
      readonly nodes: readonly number[];
      readonly strings: readonly string[];
    };
    const { node_fields: fields, node_types: types } = snapshot.meta;
    const [typeAt, nameAt] = [fields.indexOf('type'), fields.indexOf('name')];
    let found = 0;
    for (let at = 0; at < nodes.length; at += fields.length) {
      const type = types[0][nodes[at + typeAt] ?? 0] ?? '';
      if (/string/.test(type) && strings[nodes[at + nameAt] ?? 0] === text) found += 1;
    }
    return found;
  }

  it('is one header, whatever the number of requests, and never the password itself (G13)', async () => {
    // Made at run time, so that no source text holds it.
    const secret = () => ['pl4nted', String(7 * 6), 'secret'].join('-');
    const headers: string[] = [];
    const connector = createConnector({
      secrets: memoryStore(),
      createApi: ({ authorization }) =>
        Promise.resolve(
          oneFunction(
            () => headers.push(authorization()),
            () => undefined,
          ),
        ),
    });
    const connection = connector.connect(account, secret());
    for (let request = 0; request < 50; request += 1) await connection.api.stopRecording('1');
    const header = `Basic ${Buffer.from(`${account.username}:${secret()}`, 'utf8').toString('base64')}`;
    expect(new Set(headers)).toEqual(new Set([header]));
    expect(headers).toHaveLength(50);
    // The test's own is the other one.
    expect(await copies(header)).toBeLessThanOrEqual(2);
    expect(await copies(secret())).toBeLessThanOrEqual(1);
    connection.close();
  });

  it('goes to the keychain as it was given', async () => {
    const secrets = memoryStore();
    const connector = createConnector({
      secrets,
      createApi: () => Promise.reject(new Error('not asked for')),
    });
    for (const password of ['pass:wörd', '', ':', '密码']) {
      await connector.connect(account, password).remember();
      expect([...secrets.entries.values()].at(-1)).toBe(password);
    }
  });
});
