import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../index';
import { basic, call, passwords } from '../testing/caller';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ generation: 2025 });
  simulator.telephony.connectCall({ directoryNumber: '101' });
});

afterEach(() => simulator.close());

const active = async () =>
  (await call(simulator, 'GET', '/LiveRecordings?directoryNumber=101')).body as readonly unknown[];
const total = async () =>
  ((await call(simulator, 'GET', '/Recordings')).body as { readonly totalCount: number }).totalCount;

describe('two servers behind one address', () => {
  it('disagree about what is recorded, in turns (P3)', async () => {
    simulator.service.nodes = { count: 2, by: 'request', disagreeOn: ['active'], lagMs: 0 };
    simulator.telephony.startRecording({ directoryNumber: '101' });
    const seen: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      seen.push((await active()).length);
      // Other functions have turns of their own.
      await total();
    }
    expect(seen).toEqual([1, 0, 1, 0]);
  });

  it('disagree about commands: the other one knows no such recording', async () => {
    simulator.service.nodes = { count: 2, by: 'request', disagreeOn: ['commands'], lagMs: 0 };
    const { id } = simulator.telephony.startRecording({ directoryNumber: '101' });
    const pause = async (what: string) =>
      (await call(simulator, 'PUT', `/LiveRecordings/${id}/${what}`)).status;
    expect([await pause('Pause'), await pause('Pause'), await pause('Pause')]).toEqual([204, 409, 429]);
    expect(await active()).toHaveLength(1);
  });

  it('disagree about the list: the other one learns of a recording late', async () => {
    simulator.recordings.add({ startMs: simulator.clock.now() - 3_600_000, durationMs: 1_000 });
    simulator.recordings.add();
    simulator.service.nodes = { count: 2, by: 'request', disagreeOn: ['list'], lagMs: 600_000 };
    expect([await total(), await total(), await total()]).toEqual([2, 1, 2]);
  });

  it.each([
    ['one connection', 0, [1, 1, 1, 1]],
    ['a connection for each request', 1, [1, 0, 1, 0]],
  ])('stay with their connection: %s', async (_name, requestsPerConnection, expected) => {
    simulator.service.nodes = { count: 2, by: 'connection', disagreeOn: ['active'], lagMs: 0 };
    simulator.web.requestsPerConnection = requestsPerConnection;
    simulator.telephony.startRecording({ directoryNumber: '101' });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { authorization: basic('anna.rossi', passwords['anna.rossi']) };
    const seen: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const sent = get(`${simulator.apiUrl}/LiveRecordings`, { agent, headers });
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      seen.push(((await json(answer)) as readonly unknown[]).length);
    }
    agent.destroy();
    expect(seen).toEqual(expected);
  });
});

describe('a restart of the application', () => {
  it('is answered by HTTP.SYS, then by a late first answer', async () => {
    simulator.telephony.startRecording({ directoryNumber: '101' });
    simulator.faults.recycle({ downMs: 60_000 });
    const refused = await call(simulator, 'GET', '/Recordings');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('server')).toBe('Microsoft-HTTPAPI/2.0');
    expect(refused.body).toContain('HTTP Error 503. The service is unavailable.');
    simulator.faults.recycle({ coldMs: 60 });
    const before = performance.now();
    const answers = await Promise.all([active(), active()]);
    expect(performance.now() - before).toBeGreaterThanOrEqual(59);
    expect(answers.map((list) => list.length)).toEqual([1, 1]);
  });

  it('may lose what is being recorded; the call goes on', async () => {
    simulator.telephony.startRecording({ directoryNumber: '101' });
    simulator.faults.recycle({ coldMs: 0, loses: true });
    expect(await active()).toEqual([]);
    expect(simulator.telephony.calls()).toHaveLength(1);
    expect(simulator.recordings.count).toBe(0);
    const again = await call(simulator, 'POST', '/LiveRecordings', { json: { directoryNumber: '101' } });
    expect(again.status).toBe(201);
  });
});

describe('every second answer', () => {
  it('can be an empty list', async () => {
    simulator.telephony.startRecording({ directoryNumber: '101' });
    simulator.faults.add({ match: { route: 'active' }, every: 2, action: { kind: 'emptyList' } });
    const seen: number[] = [];
    for (let index = 0; index < 4; index += 1) seen.push((await active()).length);
    expect(seen).toEqual([1, 0, 1, 0]);
  });
});
