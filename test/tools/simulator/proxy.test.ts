import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './index';
import { createCertificate } from './testing/certificate';
import { type Proxy, startProxy } from './testing/proxy';

let proxy: Proxy;
let simulator: Simulator;
const certificate = createCertificate();

beforeEach(async () => {
  [proxy, simulator] = await Promise.all([startProxy(), startSimulator({ tls: certificate })]);
});

afterEach(async () => {
  await proxy.close();
  await simulator.close();
});

const port = () => Number(new URL(proxy.url).port);
const token = `Basic ${Buffer.from('corp:secret-word').toString('base64')}`;

/** Opens a tunnel to the simulator. */
async function tunnel(headers: Readonly<Record<string, string>> = {}) {
  const path = new URL(simulator.url).host;
  const sent = request({
    host: '127.0.0.1',
    port: port(),
    method: 'CONNECT',
    path,
    headers,
    agent: false,
  }).end();
  const [answer, socket] = (await once(sent, 'connect')) as [{ statusCode: number }, Socket];
  return { status: answer.statusCode, socket };
}

describe('the proxy of the tests', () => {
  it('tunnels, and logs the request line alone', async () => {
    const { status, socket } = await tunnel();
    expect(status).toBe(200);
    const secure = connectTls({ socket, ca: certificate.cert, servername: 'localhost' });
    secure.write('GET /fw/Apps/Recorder/WebAPI/Recordings HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await text(secure)).toMatch(/^HTTP\/1\.1 401/);
    expect(proxy.requestLines).toEqual([`CONNECT ${new URL(simulator.url).host} HTTP/1.1`]);
  });

  it('asks for its own credentials, and never logs them', async () => {
    proxy.state.credentials = { username: 'corp', password: 'secret-word' };
    const refused = await tunnel();
    refused.socket.destroy();
    expect(refused.status).toBe(407);
    const opened = await tunnel({ 'proxy-authorization': token });
    opened.socket.destroy();
    expect(opened.status).toBe(200);
    expect(proxy.requestLines).toHaveLength(2);
    expect(JSON.stringify(proxy.requestLines)).not.toContain(token);
  });

  it('blocks what it is told to, and passes plain requests on', async () => {
    const plain = await startSimulator();
    const ask = async () => {
      const sent = request({
        host: '127.0.0.1',
        port: port(),
        path: `${plain.apiUrl}/Recordings`,
        agent: false,
      });
      const [answer] = (await once(sent.end(), 'response')) as [{ statusCode: number; resume(): void }];
      answer.resume();
      return answer.statusCode;
    };
    expect(await ask()).toBe(401);
    expect(plain.requests.entries).toHaveLength(1);
    proxy.state.blocked = ['127.0.0.1'];
    expect(await ask()).toBe(403);
    await plain.close();
    proxy.state.blocked = [];
    expect(await ask()).toBe(502);
  });
});
