import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Result } from '@shared/domain/errors';

import { describeNetworkStack } from '../../integration/api-client/support/conformance';
import { describeLargeTransfers } from '../../integration/api-client/support/large-transfers';
import type { RawServer } from '../../integration/api-client/support/raw-server';
import { startRawServer } from '../../integration/api-client/support/raw-server';
import { certificate } from '../harness/certificate';
import type { ElectronProbe } from './electron-probe';
import { startElectronProbe } from './electron-probe';

let probe: ElectronProbe;

beforeAll(async () => {
  probe = await startElectronProbe();
});

afterAll(async () => {
  await probe.close();
});

describeNetworkStack("over Electron's network stack", () => probe);
describeLargeTransfers("over Electron's network stack", () => probe, 4 * 1_048_576);

const line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };
const account = (serverAddress: string) => ({ serverAddress, username: 'anna', password: 'pl4nted-secret' });

describe('over HTTP/2', () => {
  let trusting: ElectronProbe;

  beforeAll(async () => {
    trusting = await startElectronProbe({ RECLIGHT_TEST_TRUST: '1' });
  });

  afterAll(async () => {
    await trusting.close();
  });

  it('sends a start once, though the connection breaks before the answer', async () => {
    const sessions = new Set<ServerHttp2Session>();
    const methods: string[] = [];
    let starts = 0;
    const server = createSecureServer(await certificate(), (request, response) => {
      methods.push(request.method);
      if (request.method === 'POST') {
        starts += 1;
        if (starts === 2) {
          request.stream.session?.destroy();
          return;
        }
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ id: '6b98303a-b295-473a-adae-19b78aca468d' }));
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('[]');
    });
    server.on('session', (session) => {
      sessions.add(session);
      session.on('close', () => sessions.delete(session));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = account(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      const call = (method: 'activeRecordings' | 'startRecording', arg: unknown) =>
        trusting.run<Result<unknown>>(at, { kind: 'call', method, args: [arg] });
      await call('activeRecordings', { username: 'anna' });
      expect((await call('startRecording', line)).ok).toBe(true);
      expect(await call('startRecording', line)).toMatchObject({
        ok: false,
        error: { code: 'connection-lost', detail: { outcomeUnknown: true } },
      });
      expect(methods).toEqual(['GET', 'POST', 'POST']);
    } finally {
      for (const session of sessions) session.destroy();
      server.close();
    }
  });
});

describe('behind a proxy', () => {
  let proxy: RawServer;
  let proxied: ElectronProbe;
  let answer: number;

  beforeAll(async () => {
    proxy = await startRawServer((_request, response) => {
      response.writeHead(answer, {
        'proxy-authenticate': 'Basic realm="office"',
        'content-type': 'text/html',
      });
      response.end('<html><body>Sign in to the proxy</body></html>');
    });
    proxied = await startElectronProbe({ RECLIGHT_TEST_PROXY: proxy.host });
  });

  afterAll(async () => {
    await proxied.close();
    await proxy.close();
  });

  const list = () =>
    proxied.run<Result<unknown>>(account('http://recorder.example'), {
      kind: 'call',
      method: 'activeRecordings',
      args: [{ username: 'anna' }],
    });

  it('says that the proxy wants a log-in', async () => {
    answer = 407;
    expect(await list()).toMatchObject({ ok: false, error: { code: 'proxy-login' } });
  });

  it('takes a page of the proxy for no recording server', async () => {
    answer = 200;
    expect(await list()).toMatchObject({ ok: false, error: { code: 'not-this-server' } });
  });

  it('says that a secure connection is not let through', async () => {
    const result = await proxied.run<Result<unknown>>(account('https://recorder.example'), {
      kind: 'call',
      method: 'startRecording',
      args: [line],
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'proxy-failed' } });
    expect(result).not.toMatchObject({ error: { detail: { outcomeUnknown: true } } });
  });
});

describe('behind a proxy that answers CONNECT itself', () => {
  let proxy: Server;
  let proxied: ElectronProbe;
  let head: string;

  beforeAll(async () => {
    proxy = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\n\r\n`));
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    proxied = await startElectronProbe({
      RECLIGHT_TEST_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    });
  });

  afterAll(async () => {
    await proxied.close();
    proxy.close();
  });

  it.each([
    ['proxy-login', '407 Log in\r\nProxy-Authenticate: Basic realm="office"'],
    ['proxy-login', '407 Log in\r\nProxy-Authenticate: Negotiate'],
    ['proxy-login', '407 Log in\r\nProxy-Authenticate: NTLM'],
    ['proxy-login', '407 Log in'],
    ['proxy-failed', '302 Found\r\nLocation: http://login.example/'],
    ['proxy-failed', '401 Unauthorized\r\nWWW-Authenticate: Basic realm="office"'],
    ['proxy-failed', '502 Bad Gateway'],
  ])('says %s for %j (G3)', async (code, answer) => {
    head = answer;
    const result = await proxied.run<Result<unknown>>(account('https://recorder.example'), {
      kind: 'call',
      method: 'startRecording',
      args: [line],
    });
    expect(result).toMatchObject({ ok: false, error: { code } });
    expect(result).not.toMatchObject({ error: { detail: { outcomeUnknown: true } } });
  });
});
