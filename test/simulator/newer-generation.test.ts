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
    expect(await status('DELETE', '/Mine', 'luca.base')).toBe(403);
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

  it('knows the filter remoteParty, and calls the PBX call id pbxInfo', async () => {
    const { id } = simulator.recordings.add({ remotePartyNumber: '555', pbxCallId: '42' });
    simulator.recordings.add({ remotePartyNumber: '777' });
    const answer = await call(simulator, 'GET', '/Recordings?remoteParty=contains:55');
    expect(answer.body).toMatchObject({ totalCount: 1 });
    const detail = await call(simulator, 'GET', `/Recordings/${id}`);
    expect(detail.body).toMatchObject({ pbxInfo: '42' });
    expect(detail.body).not.toHaveProperty('pbxCallId');
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
