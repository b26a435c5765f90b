import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../index';
import { basic, call, passwords } from '../testing/caller';
import { sendRaw } from '../testing/raw-http';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ recordings: 5 });
});

afterEach(() => simulator.close());

const authorization = basic('sara.conti', passwords['sara.conti']);
const port = () => Number(new URL(simulator.url).port);
const api = '/fw/Apps/Recorder/WebAPI';

/** Sends a request as bytes, so that no client hides what comes back. */
const raw = (path = '/Recordings?page=0&pageSize=2', headers: readonly string[] = []) =>
  sendRaw(port(), [
    [
      `GET ${api}${path} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      `Authorization: ${authorization}`,
      ...headers,
      '',
      '',
    ].join('\r\n'),
  ]);
const rows = (text: string) => (JSON.parse(text) as { recordings: readonly unknown[] }).recordings;

describe('headers', () => {
  it('name the server, or another one, or none (L22)', async () => {
    expect((await raw()).headers.get('server')).toBe('Microsoft-IIS/10.0');
    simulator.web.serverHeader = 'nginx';
    expect((await raw()).headers.get('server')).toBe('nginx');
    simulator.web.serverHeader = null;
    simulator.web.poweredBy = null;
    simulator.faults.add({ match: { route: 'detail' }, action: { kind: 'page', status: 503 } });
    for (const path of ['/Recordings', '/Recordings/x', '/Nothing']) {
      const { headers } = await raw(path);
      expect([headers.has('server'), headers.has('x-powered-by')]).toEqual([false, false]);
    }
  });

  it('can be set and removed one request at a time', async () => {
    const action = { kind: 'headers', set: { via: '1.1 proxy' }, remove: ['server'] } as const;
    simulator.faults.add({ times: 1, action });
    const { headers } = await raw();
    expect([headers.get('via'), headers.has('server')]).toEqual(['1.1 proxy', false]);
    expect((await raw()).headers.has('server')).toBe(true);
  });

  it('forbid to keep JSON, and mark media where ranges are honoured (L20)', async () => {
    expect((await raw()).headers.get('cache-control')).toBe('no-cache');
    const { id } = simulator.recordings.add();
    expect((await raw(`/Recordings/${id}/Media`)).headers.has('etag')).toBe(false);
    simulator.service.honourRange = true;
    const { headers } = await raw(`/Recordings/${id}/Media`);
    expect([headers.has('etag'), headers.has('last-modified')]).toEqual([true, true]);
  });
});

describe('errors without documented body', () => {
  it.each([
    ['html', 'text/html; charset=utf-8', /Server Error/],
    ['json', 'application/json; charset=utf-8', /^\{"Message":"File or directory not found\."\}$/],
    ['empty', undefined, /^$/],
  ] as const)('are %s', async (errorStyle, type, text) => {
    simulator.web.errorStyle = errorStyle;
    for (const path of ['/Recordings/00000000-0000-0000-0000-000000000000', '/Nothing']) {
      const answer = await raw(path);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, type]);
      expect(answer.body.toString()).toMatch(text);
    }
  });
});

describe('authentication', () => {
  const anonymous = () => call(simulator, 'GET', '/Recordings', { authorization: '' });

  it('offers what the site offers, a line each (L12)', async () => {
    expect((await anonymous()).headers.get('www-authenticate')).toBe('Basic realm="127.0.0.1"');
    simulator.web.challenges = ['Negotiate', 'NTLM', 'Basic realm="IAS"'];
    expect((await anonymous()).headers.get('www-authenticate')).toBe('Negotiate, NTLM, Basic realm="IAS"');
    simulator.web.challenges = [];
    expect((await anonymous()).headers.has('www-authenticate')).toBe(false);
  });

  it('may come before the path, and refuse two headers (L12)', async () => {
    const status = async (path: string, authorization: string) =>
      (await call(simulator, 'GET', path, { authorization })).status;
    expect(await status('/Nothing', '')).toBe(404);
    expect((await raw('/Recordings', [`Authorization: ${authorization}`])).status).toBe(200);
    simulator.web.authenticatesFirst = true;
    simulator.web.doubledAuthorization = 'refuse';
    expect(await status('/Nothing', '')).toBe(401);
    expect(await status('/Nothing', authorization)).toBe(404);
    expect((await raw('/Recordings', [`Authorization: ${authorization}`])).status).toBe(401);
  });

  it('may read names and passwords as ISO-8859-1', async () => {
    simulator.web.basicCharset = 'iso-8859-1';
    const status = async (charset: BufferEncoding) => {
      const token = Buffer.from(`chiara.greco:${passwords['chiara.greco']}`, charset).toString('base64');
      return (await call(simulator, 'GET', '/Recordings', { authorization: `Basic ${token}` })).status;
    };
    expect([await status('latin1'), await status('utf8')]).toEqual([200, 401]);
  });

  it('may fail now and then for nobody’s fault', async () => {
    simulator.web.refusesEvery = 3;
    const statuses: number[] = [];
    for (let index = 0; index < 6; index += 1) statuses.push((await raw()).status);
    expect(statuses).toEqual([200, 200, 401, 200, 200, 401]);
    expect(simulator.accounts.failures('sara.conti')).toBe(0);
  });
});

describe('addresses', () => {
  it('may end in a slash (L13)', async () => {
    expect((await raw('/Recordings/?page=0&pageSize=1')).status).toBe(400);
    simulator.web.trailingSlash = 'ignore';
    const answer = await raw('/Recordings/?page=0&pageSize=1');
    expect(rows(answer.body.toString())).toHaveLength(1);
    expect(simulator.requests.entries.at(-1)).toMatchObject({ route: 'list', path: `${api}/Recordings/` });
  });

  it('may be too long (L14)', async () => {
    const path = `/Recordings?remotePartyNumber=${'1'.repeat(2_048)}`;
    expect((await raw(path)).status).toBe(200);
    simulator.web.maxQueryLength = 2_048;
    const refused = await raw(path);
    expect([refused.status, refused.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect((await raw(path.slice(0, 1_000))).status).toBe(200);
  });

  it('may be bound to a host name', async () => {
    simulator.web.hostNames = ['recorder.example'];
    expect((await raw()).status).toBe(400);
    simulator.web.hostNames = ['recorder.example', 'localhost'];
    expect((await raw()).status).toBe(200);
  });
});

describe('bodies', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
    ['deflate', inflateSync],
  ] as const)('are compressed with %s where accepted (L20)', async (compress, decompress) => {
    simulator.web.compress = compress;
    expect((await raw()).headers.has('content-encoding')).toBe(false);
    const answer = await raw(undefined, [`Accept-Encoding: gzip, deflate, br`]);
    expect(answer.headers.get('content-encoding')).toBe(compress);
    expect(answer.body).toHaveLength(Number(answer.headers.get('content-length')));
    expect(rows(decompress(answer.body).toString())).toHaveLength(2);
  });

  it('of media are compressed even where nobody accepts it', async () => {
    const { id } = simulator.recordings.add({ durationMs: 1_000 });
    const plain = await raw(`/Recordings/${id}/Media`);
    simulator.web.compressesMedia = true;
    const answer = await raw(`/Recordings/${id}/Media`, ['Accept-Encoding: identity']);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(answer.body).equals(plain.body)).toBe(true);
  });

  it.each([
    ['chunked', 'HTTP/1.1 200 OK', 'chunked'],
    ['closing', 'HTTP/1.1 200 OK', undefined],
    ['http-1.0', 'HTTP/1.0 200 OK', undefined],
  ] as const)('end by %s, media too (L20)', async (framing, statusLine, encoding) => {
    const { id } = simulator.recordings.add({ durationMs: 1_000 });
    const whole = (await raw(`/Recordings/${id}/Media`)).body;
    simulator.web.framing = framing;
    const answer = await raw();
    expect(answer.statusLine).toBe(statusLine);
    expect(answer.headers.get('transfer-encoding')).toBe(encoding);
    expect(answer.headers.has('content-length')).toBe(false);
    expect(rows(answer.body.toString())).toHaveLength(2);
    const media = await raw(`/Recordings/${id}/Media`);
    expect(media.headers.has('content-length')).toBe(false);
    expect(media.body.equals(whole)).toBe(true);
  });

  it('have trailers', async () => {
    simulator.web.trailers = { 'x-checksum': 'abc' };
    const trailers = await new Promise((resolve, reject) => {
      const headers = { authorization };
      request(`${simulator.apiUrl}/Recordings`, { headers, agent: false }, (answer) => {
        answer.resume().once('end', () => resolve(answer.trailers));
      })
        .once('error', reject)
        .end();
    });
    expect(trailers).toEqual({ 'x-checksum': 'abc' });
  });

  it('follow a 103', async () => {
    simulator.web.earlyHints = true;
    expect((await raw()).statusLine).toBe('HTTP/1.1 103 Early Hints');
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(200);
  });
});

/** The pieces in which an answer arrives. */
async function pieces(socket: Socket): Promise<readonly string[]> {
  const seen: string[] = [];
  socket.on('data', (piece: Buffer) => seen.push(piece.toString()));
  await once(socket, 'close');
  return seen;
}

describe('a dripping answer', () => {
  const ask = () => {
    const socket = connect(port(), '127.0.0.1');
    socket.write(
      `GET ${api}/Recordings?page=0&pageSize=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    return pieces(socket);
  };

  it.each([
    ['its headers too', true],
    ['its body alone', false],
  ])('comes a few bytes at a time, %s', async (_name, headersToo) => {
    simulator.faults.add({ times: 1, action: { kind: 'drip', bytesPerSecond: 2_000, headersToo } });
    const seen = await ask();
    const head = seen.findIndex((piece) => piece.includes('"totalCount"'));
    expect(seen.length).toBeGreaterThan(2);
    if (headersToo) expect(head).toBeGreaterThan(0);
    expect(seen[0]?.startsWith('HTTP/1.1 200 OK')).toBe(true);
    expect(seen[0]?.includes('\r\n\r\n')).toBe(!headersToo);
    expect(rows(seen.join('').split('\r\n\r\n')[1] ?? '')).toHaveLength(1);
  });

  it('is the rule where told so', async () => {
    simulator.web.bytesPerSecond = 4_000;
    expect((await ask()).length).toBeGreaterThan(2);
    expect((await ask()).length).toBeGreaterThan(2);
  });
});

describe('delays', () => {
  it('are drawn between two bounds, by function', async () => {
    const drawn: number[] = [];
    const waiting = startSimulator({ web: { delays: { list: [20, 40], all: [0, 0] } } });
    const slow = await waiting;
    for (let index = 0; index < 3; index += 1) {
      const before = performance.now();
      await call(slow, 'GET', '/Recordings');
      drawn.push(performance.now() - before);
      expect((await call(slow, 'GET', '/LiveRecordings')).status).toBe(200);
    }
    expect(drawn.every((ms) => ms >= 19)).toBe(true);
    await slow.close();
  });
});

describe('connections', () => {
  const open = async () => {
    const socket = connect(port(), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };
  const ask = (socket: Socket) =>
    void socket.write(`GET ${api}/Recordings HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`);

  it('close when they have been idle', async () => {
    simulator.web.keepAliveMs = 1;
    const socket = await open();
    ask(socket);
    const [seen] = await pieces(socket);
    expect(seen).toContain('200 OK');
  });

  it('close after so many requests, saying so', async () => {
    simulator.web.requestsPerConnection = 2;
    const socket = await open();
    const all = pieces(socket);
    ask(socket);
    await once(socket, 'data');
    ask(socket);
    const text = (await all).join('');
    expect(text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
    expect(text.toLowerCase().match(/connection: close/g)).toHaveLength(1);
  });

  it('close after an answer without saying so', async () => {
    simulator.web.closesSilentlyAfterMs = 1;
    const socket = await open();
    ask(socket);
    const text = (await pieces(socket)).join('');
    expect(text.toLowerCase()).toContain('connection: keep-alive');
  });

  it('beyond a limit get a 503 of HTTP.SYS', async () => {
    simulator.web.maxConnections = 1;
    const first = await open();
    ask(first);
    await once(first, 'data');
    const refused = await raw();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('server')).toBe('Microsoft-HTTPAPI/2.0');
    first.destroy();
    simulator.web.maxConnections = null;
    expect((await raw()).status).toBe(200);
  });
});

describe('Expect: 100-continue', () => {
  /** Whether a 100 came, and the status in the end. */
  const upload = () =>
    new Promise<{ readonly continued: boolean; readonly status: number }>((resolve, reject) => {
      let continued = false;
      const headers = { authorization, expect: '100-continue', 'content-type': 'text/plain' };
      const sent = request(`${simulator.apiUrl}/Recordings`, { method: 'POST', headers, agent: false });
      sent.once('continue', () => {
        continued = true;
        sent.end('x');
      });
      sent.once('response', (answer) => {
        answer.resume();
        resolve({ continued, status: answer.statusCode ?? 0 });
        sent.destroy();
      });
      sent.once('error', reject);
      sent.flushHeaders();
      if (simulator.web.expectContinue === 'ignore') sent.end('x');
    });

  it.each([
    ['answer', 0, true, 400],
    ['answer', 20, true, 400],
    ['refuse', 0, false, 417],
    ['ignore', 0, false, 400],
  ] as const)('%s after %i ms', async (expectContinue, expectDelayMs, continued, status) => {
    Object.assign(simulator.web, { expectContinue, expectDelayMs });
    expect(await upload()).toEqual({ continued, status });
  });
});
