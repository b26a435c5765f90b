import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultAction, type Simulator, startSimulator } from './index';
import { basic, call, passwords } from './testing/caller';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ recordings: 90 });
});

afterEach(() => simulator.close());

const authorization = basic('sara.conti', passwords['sara.conti']);
const get = (path: string, init: RequestInit = {}) =>
  fetch(`${simulator.apiUrl}${path}`, { headers: { authorization }, redirect: 'manual', ...init });
const list = async (query: string) =>
  (await (await get(`/Recordings?${query}`)).json()) as {
    totalCount: number;
    recordings: readonly { id: string; direction: number; startTime: string }[];
  };
const fault = (action: FaultAction) => simulator.faults.add({ match: { route: 'list' }, action });
const newestId = () => simulator.recordings.all()[0]?.id ?? '';

describe('choosing requests', () => {
  it('strikes as often as told, after letting some pass, where all of the match holds', async () => {
    simulator.faults.add({
      match: { route: ['list', 'active'], username: 'SARA.conti', urlContains: 'pageSize=1' },
      skip: 1,
      times: 2,
      action: { kind: 'page', status: 503 },
    });
    const statuses: number[] = [];
    for (const query of [
      'page=0&pageSize=1',
      'direction=1',
      'page=0&pageSize=1',
      'page=0&pageSize=1',
      'page=1&pageSize=1',
    ]) {
      statuses.push((await get(`/Recordings?${query}`)).status);
    }
    expect(statuses).toEqual([200, 200, 503, 503, 200]);
    expect(simulator.faults.list()).toEqual([]);
  });

  it('takes a predicate, counts hits, and ends when removed', async () => {
    const active = simulator.faults.add({
      when: (request) => request.method === 'GET',
      action: { kind: 'page', status: 500 },
    });
    expect((await get('/Recordings')).status).toBe(500);
    expect((await get('/LiveRecordings', { method: 'DELETE' })).status).toBe(400);
    expect(simulator.faults.list().map(({ hits }) => hits)).toEqual([1]);
    active.remove();
    expect((await get('/Recordings')).status).toBe(200);
  });

  it('is told in the log', async () => {
    fault({ kind: 'latency', ms: 1 });
    fault({ kind: 'page', status: 503 });
    await get('/Recordings');
    expect(simulator.requests.entries[0]?.faults).toEqual(['latency', 'page']);
  });
});

describe('before the effect', () => {
  it('delays', async () => {
    fault({ kind: 'latency', ms: 80 });
    const before = performance.now();
    expect((await get('/Recordings')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(79);
  });

  it('stalls without headers until the client leaves', async () => {
    fault({ kind: 'stall' });
    const leave = new AbortController();
    const answer = get('/Recordings', { signal: leave.signal }).catch((error: unknown) => error);
    await simulator.requests.waitForRequest((request) => request.route === 'list');
    leave.abort();
    expect(await answer).toMatchObject({ name: 'AbortError' });
    const entry = await simulator.requests.waitForRequest((request) => request.aborted);
    expect(entry.status).toBeNull();
  });

  it('resets the connection', async () => {
    fault({ kind: 'reset' });
    await expect(get('/Recordings')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it.each<readonly [string, FaultAction, number, string | null, string]>([
    [
      'an HTML page',
      { kind: 'page', status: 503, retryAfter: '7' },
      503,
      'text/html; charset=utf-8',
      'Server Error',
    ],
    ['an empty body', { kind: 'respond', status: 500 }, 500, null, ''],
    [
      'text',
      { kind: 'respond', status: 200, body: 'ok', contentType: 'text/plain' },
      200,
      'text/plain',
      'ok',
    ],
    [
      'JSON under another type',
      { kind: 'respond', status: 400, body: '{"reason":0}', contentType: 'text/html' },
      400,
      'text/html',
      '{"reason":0}',
    ],
    ["a proxy's log-in page", { kind: 'proxyLogin' }, 200, 'text/html; charset=utf-8', 'Company web gateway'],
  ])('answers %s', async (_name, action, status, type, text) => {
    fault(action);
    const answer = await get('/Recordings');
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toContain(text);
    if (action.kind === 'page') expect(answer.headers.get('retry-after')).toBe('7');
  });

  it('redirects to its own log-in page, or to another host', async () => {
    const own = fault({ kind: 'redirect' });
    const first = await get('/Recordings');
    expect(first.status).toBe(302);
    const location = new URL(first.headers.get('location') ?? '', simulator.url);
    expect(location.origin).toBe(new URL(simulator.url).origin);
    expect(await (await fetch(location)).text()).toContain('<title>Login</title>');
    own.remove();
    fault({ kind: 'redirect', to: 'http://elsewhere.invalid/login', status: 307 });
    const second = await get('/Recordings');
    expect([second.status, second.headers.get('location')]).toEqual([307, 'http://elsewhere.invalid/login']);
  });

  it('has no effect on what was asked', async () => {
    simulator.telephony.connectCall({ directoryNumber: '101' });
    simulator.faults.add({ match: { route: 'start' }, action: { kind: 'page', status: 500 } });
    const answer = await call(simulator, 'POST', '/LiveRecordings', { json: { directoryNumber: '101' } });
    expect(answer.status).toBe(500);
    expect(simulator.telephony.live()).toEqual([]);
  });
});

describe('after the effect', () => {
  const start = () => call(simulator, 'POST', '/LiveRecordings', { json: { directoryNumber: '101' } });

  beforeEach(() => {
    simulator.telephony.connectCall({ directoryNumber: '101' });
  });

  it('loses the reply', async () => {
    simulator.faults.add({ match: { route: 'start' }, action: { kind: 'lostReply' } });
    await expect(start()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(simulator.telephony.live()).toHaveLength(1);
    const entry = await simulator.requests.waitForRequest((request) => request.aborted);
    expect(entry.status).toBeNull();
  });

  it('answers another status', async () => {
    simulator.faults.add({ match: { route: 'start' }, action: { kind: 'page', status: 502, effect: true } });
    expect((await start()).status).toBe(502);
    expect(simulator.telephony.live()).toHaveLength(1);
  });

  it('delays the reply', async () => {
    simulator.faults.add({
      match: { route: 'start' },
      action: { kind: 'latency', ms: 60_000, phase: 'after' },
    });
    const answer = start().catch(() => null);
    expect(await simulator.telephony.waitFor((telephony) => telephony.live()[0])).toBeDefined();
    await simulator.close();
    await answer;
  });
});

describe('broken answers', () => {
  it.each([
    ['reset', 'ECONNRESET'],
    ['close', 'UND_ERR_SOCKET'],
  ] as const)('cuts a body at a byte by %s', async (how, code) => {
    simulator.faults.add({ match: { route: 'media' }, action: { kind: 'cut', atByte: 1_000, how } });
    const answer = await get(`/Recordings/${newestId()}/Media`);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(1_000);
    let received = 0;
    const reading = (async () => {
      for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) received += piece.length;
    })();
    await expect(reading).rejects.toMatchObject({ cause: { code } });
    expect(received).toBe(1_000);
  });

  it('cuts a JSON body under its full length', async () => {
    fault({ kind: 'cut', atByte: 10 });
    const answer = await get('/Recordings');
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(1_000);
    await expect(answer.text()).rejects.toThrow();
  });

  it('stops sending in the middle of a body', async () => {
    simulator.faults.add({ match: { route: 'media' }, action: { kind: 'cut', atByte: 500, how: 'stall' } });
    const leave = new AbortController();
    const answer = await get(`/Recordings/${newestId()}/Media`, { signal: leave.signal });
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(500);
    const more = reader?.read();
    leave.abort();
    await expect(more).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['malformed', 'application/json; charset=utf-8', /^\{"totalCount":90,/],
    ['empty', 'application/json; charset=utf-8', /^$/],
    ['html', 'text/html; charset=utf-8', /Server Error/],
    ['wrong-type', 'text/plain; charset=utf-8', /^\{"totalCount":90,/],
  ] as const)('mangles a body: %s', async (how, type, text) => {
    fault({ kind: 'mangle', how });
    const answer = await get('/Recordings');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    const body = await answer.text();
    expect(body).toMatch(text);
    if (how === 'malformed') expect(() => JSON.parse(body) as unknown).toThrow(SyntaxError);
  });

  it('changes shapes', async () => {
    fault({
      kind: 'reshape',
      set: { totalCount: 'many', 'recordings.0.duration': null },
      remove: ['recordings.1.id'],
    });
    const answer = await list('page=0&pageSize=2');
    expect(answer).toMatchObject({ totalCount: 'many', recordings: [{ duration: null }, {}] });
    expect(answer.recordings[1]).not.toHaveProperty('id');
    fault({ kind: 'reshape', set: { '': 'nothing' } });
    expect(await list('')).toBe('nothing');
  });

  it('resets an upload in the middle', async () => {
    simulator.faults.add({ match: { route: 'upload' }, action: { kind: 'cutUpload', atByte: 100_000 } });
    const form = new FormData();
    form.append('attachment', new Blob([Buffer.alloc(8_000_000)]), 'a.wav');
    await expect(get('/Recordings', { method: 'POST', body: form })).rejects.toThrow('fetch failed');
    expect(simulator.recordings.count).toBe(90);
  });
});

describe('lists that break the rules', () => {
  const ids = (answer: Awaited<ReturnType<typeof list>>) => answer.recordings.map(({ id }) => id);

  it('ignores the page size', async () => {
    fault({ kind: 'ignorePageSize', size: 7 });
    const second = await list('page=1&pageSize=50');
    expect(second.recordings).toHaveLength(7);
    expect(ids(second)[0]?.toLowerCase()).toBe(simulator.recordings.all()[7]?.id);
  });

  it('repeats rows', async () => {
    fault({ kind: 'repeatRows', count: 2 });
    const first = ids(await list('page=0&pageSize=10'));
    const second = ids(await list('page=1&pageSize=10'));
    expect(second.slice(0, 2)).toEqual(first.slice(-2));
    expect(second).toHaveLength(12);
  });

  it('changes the total', async () => {
    fault({ kind: 'changingTotalCount', by: 4 });
    const totals = [await list('page=0&pageSize=1'), await list('page=0&pageSize=1')].map(
      (page) => page.totalCount,
    );
    expect(totals).toEqual([94, 86]);
  });

  it('sorts badly, but always alike', async () => {
    const right = ids(await list(''));
    fault({ kind: 'badSort' });
    const wrong = ids(await list(''));
    expect(wrong).not.toEqual(right);
    expect(wrong.toSorted()).toEqual(right.toSorted());
    expect(ids(await list('page=1&pageSize=30'))).toEqual(wrong.slice(30, 60));
  });

  it('ignores a filter', async () => {
    const filtered = await list('direction=2');
    fault({ kind: 'ignoreFilter', name: 'direction' });
    expect(filtered.totalCount).toBeLessThan(90);
    expect((await list('direction=2')).totalCount).toBe(90);
    expect((await get('/Recordings?direction=9')).status).toBe(400);
  });
});

describe('the network', () => {
  it('goes down, resetting what is open, and comes up on the same port', async () => {
    const port = Number(new URL(simulator.url).port);
    const socket = connect(port, '127.0.0.1');
    const reset = new Promise((resolve) => socket.once('error', resolve));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    // The server has the connection once it has answered on another that came later.
    expect((await get('/Recordings?page=0&pageSize=1')).status).toBe(200);
    await simulator.faults.goDown();
    expect(await reset).toMatchObject({ code: 'ECONNRESET' });
    await expect(get('/Recordings')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await simulator.faults.goDown();
    await simulator.faults.comeUp();
    await simulator.faults.comeUp();
    expect((await get('/Recordings')).status).toBe(200);
    expect(Number(new URL(simulator.url).port)).toBe(port);
  });

  it('resets all connections while listening on', async () => {
    fault({ kind: 'stall' });
    const hanging = get('/Recordings').catch((error: unknown) => error);
    await simulator.requests.waitForRequest((request) => request.route === 'list');
    simulator.faults.clear();
    simulator.resetConnections();
    expect(await hanging).toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect((await get('/Recordings')).status).toBe(200);
  });
});
