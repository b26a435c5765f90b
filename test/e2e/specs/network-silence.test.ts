import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { record, shows } from '../harness/light';
import { drivePlayer, patient } from '../harness/player';
import { signIn } from '../harness/reclight';
import { presetDialogs, savesEnded } from '../harness/saving';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;

/** A proxy that passes requests on to loopback alone, and keeps a list of what it was asked for. */
async function startProxy() {
  const asked: string[] = [];
  const server = createServer((incoming, answer) => {
    const { url = '', method, headers } = incoming;
    asked.push(`${method} ${url}`);
    if (!URL.canParse(url) || new URL(url).hostname !== '127.0.0.1') {
      answer.writeHead(502).end();
      return;
    }
    const outgoing = request(url, { method, headers }, (response: IncomingMessage) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  server.on('connect', ({ url }, socket) => {
    asked.push(`CONNECT ${url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    asked,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('a proxy sees', () => {
  let proxy: Awaited<ReturnType<typeof startProxy>>;
  let folder: string;
  const { add, open, currentTime } = drivePlayer(() => harness);

  beforeAll(async () => {
    proxy = await startProxy();
    folder = await mkdtemp(join(tmpdir(), 'reclight-silence-'));
    // The environment alone would leave loopback out, where the server of this test is.
    const launch = { args: [`--proxy-server=${proxy.address}`, '--proxy-bypass-list=<-loopback>'] };
    harness = await startHarness({ launch, signedIn: false, simulator: { recordings: 5 } });
  });

  afterAll(async () => {
    await harness.close();
    proxy.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('nothing but the recording server, from a new profile on, whatever is done (G9)', async () => {
    const { window } = harness.reclight;
    await signIn(window, harness.anna);
    await shows(harness, 'Not recording');
    await record(harness);
    const { remote, id } = await add(20_000, {});
    await open(remote);
    await expect.poll(currentTime, patient).toBeGreaterThan(0.3);
    await presetDialogs(harness.reclight, { path: join(folder, 'one.mp3'), folder });
    await window.evaluate((wanted) => self.reclight.saveRecordings({ ids: [wanted] }), id);
    await savesEnded(harness.reclight);
    // Text in a field is what a spelling dictionary is for.
    await window.evaluate(() => {
      const field = document.createElement('textarea');
      field.spellcheck = true;
      document.body.append(field);
      field.focus();
    });
    await window.keyboard.type('Teh qiuck brwon fox ');
    expect(
      await harness.reclight.app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled()),
    ).toBe(false);

    const args = [`--proxy-server=${proxy.address}`, '--proxy-bypass-list=<-loopback>'];
    for (let start = 0; start < 2; start += 1) {
      const { window: again } = await harness.restart({ args });
      await signIn(again, harness.anna);
      await shows(harness, 'Recording');
    }
    const server = harness.simulator.url;
    expect(proxy.asked.some((line) => line.includes(server))).toBe(true);
    expect(proxy.asked.filter((line) => !line.includes(` ${server}/`))).toEqual([]);
  });
});

/** What lets a program's clocks run faster: those of Chromium's own services, too. */
const fastClock = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';
const dayMs = 86_400_000;
const timesFaster = 1_440;

test.skipIf(!existsSync(fastClock))(
  'nor does it over a day, in fast time (G9)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reclight-silence-'));
    const proxy = await startProxy();
    const args = [`--proxy-server=${proxy.address}`, '--proxy-bypass-list=<-loopback>'];
    harness = await startHarness({ signedIn: false, launch: { args }, simulator: { recordings: 5 } });
    try {
      await signIn(harness.reclight.window, { ...harness.anna, remember: true });
      await shows(harness, 'Not recording');
      const speed = join(folder, 'speed');
      await writeFile(speed, '+0 x1');
      const env = {
        LD_PRELOAD: fastClock,
        FAKETIME_TIMESTAMP_FILE: speed,
        FAKETIME_CACHE_DURATION: '1',
      };
      const { app } = await harness.restart({ args, env });
      await shows(harness, 'Not recording');
      // RecLight gives requests up after seconds, which are ms then: most polls fail, but each is sent.
      await writeFile(speed, `+0 x${timesFaster}`);
      const now = () => app.evaluate(() => Date.now());
      const begin = await now();
      await expect.poll(now, { timeout: 150_000, interval: 1_000 }).toBeGreaterThan(begin + dayMs);
      const server = harness.simulator.url;
      expect(proxy.asked.filter((line) => line.includes(server)).length).toBeGreaterThan(100);
      expect(proxy.asked.filter((line) => !line.includes(` ${server}/`))).toEqual([]);
    } finally {
      await harness.close();
      proxy.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  240_000,
);

describe('from a page', () => {
  const tcp = createTcpServer((socket) => {
    arrived.push('TCP');
    socket.on('error', () => undefined);
    socket.destroy();
  });
  const udp = createSocket('udp4', () => arrived.push('UDP'));
  const arrived: string[] = [];
  let port: number;
  let folder: string;

  beforeAll(async () => {
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    ({ port } = tcp.address() as AddressInfo);
    udp.bind(port, '127.0.0.1');
    await once(udp, 'listening');
    folder = await mkdtemp(join(tmpdir(), 'reclight-silence-'));
    harness = await startHarness();
    await shows(harness, 'Not recording');
  });

  afterAll(async () => {
    await harness.close();
    tcp.close();
    udp.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('the listeners hear what is sent to them', async () => {
    const probe = createSocket('udp4');
    probe.send('x', port, '127.0.0.1');
    const socket = connect(port, '127.0.0.1');
    await expect.poll(() => [...new Set(arrived)].sort()).toEqual(['TCP', 'UDP']);
    probe.close();
    socket.destroy();
    arrived.length = 0;
  });

  const rtc = (source: string) => `
    const Connection = ${source};
    if (Connection === undefined) return;
    const c = new Connection({ iceServers: [
      { urls: 'stun:HOST' },
      { urls: ['turn:HOST?transport=udp', 'turn:HOST?transport=tcp', 'turns:HOST?transport=tcp'], username: 'a', credential: 'b' },
    ] });
    c.createDataChannel('x');
    await c.setLocalDescription(await c.createOffer());
    await new Promise((resolve) => {
      const look = () => { if (c.iceGatheringState === 'complete') resolve(); };
      c.addEventListener('icegatheringstatechange', look);
      look();
    });
    c.close();`;
  const link = (rel: string) =>
    `const l = document.createElement('link'); l.rel = '${rel}'; l.as = 'image'; l.href = 'http://HOST/'; document.head.append(l)`;

  test.each<readonly [way: string, script: string]>([
    ['WebRTC', rtc('globalThis.RTCPeerConnection')],
    ['WebRTC under its old name', rtc('globalThis.webkitRTCPeerConnection')],
    [
      'WebRTC of an empty frame',
      `const f = document.createElement('iframe'); document.body.append(f); ${rtc('f.contentWindow.RTCPeerConnection')}`,
    ],
    ['WebTransport', `await new WebTransport('https://HOST/').ready.catch(() => null)`],
    ['WebSocket', `await new Promise((resolve) => { new WebSocket('ws://HOST/').onerror = resolve; })`],
    ['EventSource', `await new Promise((resolve) => { new EventSource('http://HOST/').onerror = resolve; })`],
    ['a beacon', `navigator.sendBeacon('http://HOST/', 'x')`],
    ['fetch', `await fetch('http://HOST/', { mode: 'no-cors' }).catch(() => null)`],
    [
      'fetch that outlives the page',
      `await fetch('http://HOST/', { mode: 'no-cors', keepalive: true }).catch(() => null)`,
    ],
    [
      'an image',
      `await new Promise((resolve) => { const i = new Image(); i.onerror = resolve; i.src = 'http://HOST/'; })`,
    ],
    [
      'a frame',
      `const f = document.createElement('iframe'); f.src = 'http://HOST/'; document.body.append(f)`,
    ],
    [
      'a form',
      `const f = document.createElement('form'); f.action = 'http://HOST/'; document.body.append(f); f.submit()`,
    ],
    [
      'a ping',
      `const a = document.createElement('a'); a.href = '#x'; a.ping = 'http://HOST/'; document.body.append(a); a.click()`,
    ],
    ...[
      'prefetch',
      'preconnect',
      'dns-prefetch',
      'preload',
      'modulepreload',
      'prerender',
      'icon',
      'manifest',
      'stylesheet',
    ].map((rel): [string, string] => [`a link: ${rel}`, link(rel)]),
  ] satisfies [string, string][])('nothing leaves by %s', async (_way, script) => {
    arrived.length = 0;
    await harness.reclight.window.evaluate(
      (code) => (0, eval)(`(async () => { ${code} })()`) as Promise<void>,
      script.replaceAll('HOST', `127.0.0.1:${port}`),
    );
    // Time for what comes late; a packet on loopback takes far less.
    await harness.reclight.window.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(arrived).toEqual([]);
  });

  test.each([
    ['a link: dns-prefetch', link('dns-prefetch')],
    ['a link: preconnect', link('preconnect')],
    ['WebRTC', rtc('globalThis.RTCPeerConnection')],
  ])('no name is looked up for %s', async (_way, script) => {
    const file = join(folder, 'net-log.json');
    const { app, window } = harness.reclight;
    await app.evaluate(
      ({ session }, path) => session.defaultSession.netLog.startLogging(path, { captureMode: 'everything' }),
      file,
    );
    await window.evaluate(
      (code) => (0, eval)(`(async () => { ${code} })()`) as Promise<void>,
      script.replaceAll('HOST', 'looked-up.example'),
    );
    await window.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    await app.evaluate(({ session }) => session.defaultSession.netLog.stopLogging());
    expect(await readFile(file, 'utf8')).not.toContain('looked-up.example');
  });
});
