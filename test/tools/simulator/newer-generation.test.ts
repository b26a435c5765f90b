import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './index';
import { call, type Username } from './testing/caller';

const noRecording = '00000000-0000-0000-0000-000000000000';

describe('2025', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ generation: 2025 });
  });

  afterEach(() => simulator.close());

  const record = (directoryNumber = '101') => {
    simulator.telephony.connectCall({ directoryNumber });
    return simulator.telephony.startRecording({ directoryNumber }).id;
  };
  const status = async (method: string, path: string, as: Username = 'anna.rossi') =>
    (await call(simulator, method, `/LiveRecordings${path}`, { as })).status;

  it('starts on any of the caller’s own lines without a body', async () => {
    simulator.telephony.connectCall({ directoryNumber: '111' });
    expect(await call(simulator, 'POST', '/LiveRecordings')).toMatchObject({ status: 201 });
    expect(await call(simulator, 'POST', '/LiveRecordings')).toMatchObject({
      status: 429,
      body: { reason: 1 },
    });
    expect(await call(simulator, 'POST', '/LiveRecordings', { as: 'noah.nophone' })).toMatchObject({
      status: 400,
      body: { reason: 3 },
    });
  });

  it('stops the caller’s own', async () => {
    record('102');
    expect(await status('DELETE', '/Mine')).toBe(409);
    record();
    expect(await status('DELETE', '/mine')).toBe(204);
    // No level is needed for one's own.
    expect(await status('DELETE', '/Mine', 'luca.base')).toBe(409);
    expect(simulator.telephony.live()).toHaveLength(1);
  });

  it.each(['id', 'line'] as const)('pauses and resumes by %s', async (by) => {
    const id = record();
    const path = (what: string) => (by === 'id' ? `/${id}/${what}` : `/${what}?directoryNumber=101`);
    expect(await status('PUT', path('Resume'))).toBe(429);
    expect(await status('PUT', path('Pause'))).toBe(204);
    expect(await status('PUT', path('Pause'))).toBe(429);
    expect(await status('PUT', path('Resume'))).toBe(204);
    expect(await status('PUT', path('Pause'), 'ben.carter')).toBe(403);
    expect(await status('PUT', path('Pause'), 'luca.base')).toBe(403);
  });

  it.each([
    [`/${noRecording}/Pause`, 409],
    ['/not-a-guid/Pause', 400],
    ['/Pause', 400],
    ['/Pause?directoryNumber=102', 409],
  ])('answers PUT %s with %i', async (path, expected) => {
    expect(await status('PUT', path)).toBe(expected);
  });

  it('knows the filter remoteParty, and ignores the old name (L1)', async () => {
    simulator.recordings.add({ remotePartyNumber: '555' });
    simulator.recordings.add({ remotePartyNumber: '777' });
    const total = async (name: string) =>
      (await call(simulator, 'GET', `/Recordings?${name}=contains:55`)).body as { totalCount: number };
    expect(await total('remoteParty')).toMatchObject({ totalCount: 1 });
    expect(await total('remotePartyNumber')).toMatchObject({ totalCount: 2 });
    simulator.service.remotePartyFilters = ['remotePartyNumber', 'remoteParty'];
    expect(await total('remotePartyNumber')).toMatchObject({ totalCount: 1 });
  });

  it.each([
    ['object', { type: 'CUCM', callId: '42' }],
    ['text', '42'],
    ['absent', undefined],
  ] as const)('tells pbxInfo as %s, and pbxCallId still (L2)', async (how, pbxInfo) => {
    simulator.service.pbxInfo = how;
    const { id } = simulator.recordings.add({ pbxCallId: '42' });
    const detail = (await call(simulator, 'GET', `/Recordings/${id}`)).body as Record<string, unknown>;
    expect(detail['pbxCallId']).toBe('42');
    expect(detail['pbxInfo']).toEqual(pbxInfo);
  });

  describe('an account below level 10', () => {
    const start = (json?: unknown) =>
      call(simulator, 'POST', '/LiveRecordings', {
        as: 'luca.base',
        ...(json === undefined ? {} : { json }),
      });

    it.each([
      ['nothing', undefined],
      ['its line', { directoryNumber: '105' }],
      ['its phone', { deviceName: 'sep001122334405' }],
    ])(
      'starts and stops its own recording by naming %s, though it may not see it (L3)',
      async (_name, json) => {
        simulator.telephony.connectCall({ directoryNumber: '105' });
        expect((await start(json)).status).toBe(201);
        expect(await status('GET', '?username=luca.base', 'luca.base')).toBe(403);
        expect(await status('DELETE', '/Mine', 'luca.base')).toBe(204);
        expect(simulator.telephony.live()).toEqual([]);
      },
    );

    it.each([{ directoryNumber: '101' }, { deviceName: 'SEP001122334401' }, { deviceName: 'SEP0' }, {}])(
      'is refused elsewhere: %j (L3)',
      async (json) => {
        simulator.telephony.connectCall({ directoryNumber: '101' });
        expect(await start(json)).toMatchObject({ status: 403, body: { reason: 0 } });
      },
    );

    it('needs some right at all (L3)', async () => {
      const answer = await call(simulator, 'POST', '/LiveRecordings', { as: 'nina.none' });
      expect(answer).toMatchObject({ status: 403, body: { reason: 0 } });
    });
  });

  it('pauses and resumes all recordings of a line by its number (L5)', async () => {
    const first = record();
    const second = simulator.telephony.startRecording({ directoryNumber: '101', parallel: true });
    const paused = () => simulator.telephony.live().map(({ isPaused }) => isPaused);
    second.pause();
    expect(await status('PUT', '/Pause?directoryNumber=101')).toBe(204);
    expect(paused()).toEqual([true, true]);
    expect(await status('PUT', '/Pause?directoryNumber=101')).toBe(429);
    expect(await status('PUT', `/${first}/Resume`)).toBe(204);
    expect(await status('PUT', '/Resume?directoryNumber=101')).toBe(204);
    expect(paused()).toEqual([false, false]);
  });

  it.each([
    ['POST', ''],
    ['DELETE', '/Mine'],
    ['PUT', '/Pause?directoryNumber=101'],
  ])('answers 500 and no 504 to %s LiveRecordings%s while the service is down', async (method, path) => {
    simulator.service.running = false;
    expect(await status(method, path)).toBe(500);
  });
});

describe('2024', () => {
  it.each([
    ['PUT', `/${noRecording}/Pause`, 404, 'pause'],
    ['PUT', `/${noRecording}/Resume`, 404, 'resume'],
    ['PUT', '/Pause?directoryNumber=101', 405, 'pause'],
    // An older server takes the word for an id.
    ['DELETE', '/Mine', 400, 'stopMine'],
    ['PATCH', '', 405, 'other'],
    ['GET', '/Nothing/Here', 404, 'other'],
  ] as const)('answers %s LiveRecordings%s with %i', async (method, path, status, route) => {
    const simulator = await startSimulator();
    const answer = await call(simulator, method, `/LiveRecordings${path}`);
    expect(answer.status).toBe(status);
    if (status !== 400) expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(simulator.requests.entries[0]?.route).toBe(route);
    await simulator.close();
  });

  it('needs a body to start', async () => {
    const simulator = await startSimulator();
    expect(await call(simulator, 'POST', '/LiveRecordings')).toMatchObject({
      status: 400,
      body: { reason: 0 },
    });
    await simulator.close();
  });
});

describe('a prefix', () => {
  it('lies before every path, compared without case', async () => {
    const simulator = await startSimulator({ pathPrefix: 'Voice/rec/' });
    expect(simulator.url).toMatch(/\/Voice\/rec$/);
    expect((await call(simulator, 'GET', '/recordings')).status).toBe(200);
    const origin = new URL(simulator.url).origin;
    expect((await fetch(`${origin}/fw/Apps/Recorder/WebAPI/Recordings`)).status).toBe(404);
    expect((await fetch(`${origin}/voice/REC/FW/apps/recorder/webapi/RECORDINGS`)).status).toBe(401);
    await simulator.close();
  });
});
