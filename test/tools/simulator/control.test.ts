import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlClient, createControlClient, type Simulator, startSimulator } from './index';
import { servicePatch, timingPatch, webPatch } from './state-schemas';
import { call } from './testing/caller';

let simulator: Simulator;
let control: ControlClient;

beforeEach(async () => {
  simulator = await startSimulator({ recordings: 20, generation: 2025 });
  control = createControlClient(simulator.controlUrl);
});

afterEach(() => simulator.close());

const post = (path: string, body: string) =>
  fetch(`${simulator.controlUrl}${path}`, { method: 'POST', body });

describe('the control port', () => {
  it('lies on the loopback alone, wherever the API listens', async () => {
    const open = await startSimulator({ host: '0.0.0.0' });
    expect(new URL(open.controlUrl).hostname).toBe('127.0.0.1');
    expect(new URL(open.url).hostname).toBe('0.0.0.0');
    await open.close();
  });

  it('changes service, timing and clock', async () => {
    await control.setService({ licenceValid: false, channels: 3 });
    await control.setTiming({ processingMs: 5, saving: 'never' });
    await control.setClockSkew(1_000);
    expect(simulator.service).toMatchObject({ licenceValid: false, channels: 3, running: true });
    expect(simulator.timing).toMatchObject({ processingMs: 5, saving: 'never' });
    expect(simulator.clock.skewMs).toBe(1_000);
    expect(await control.state()).toMatchObject({ url: simulator.url, service: { channels: 3 } });
  });

  it('connects calls, starts, pauses and stops recordings as somebody else, and ends calls', async () => {
    await control.setTiming({ processingMs: 1 });
    const { id } = await control.connectCall({ directoryNumber: '101', remote: { phoneNumber: '555' } });
    const live = await control.startRecording({ directoryNumber: '101', by: 'sara.conti' });
    expect(await control.live()).toMatchObject([{ id: live.id, startedBy: 'sara.conti', isPaused: false }]);
    expect(await control.pauseRecording(live.id)).toMatchObject({ isPaused: true });
    expect(await control.resumeRecording(live.id)).toMatchObject({ isPaused: false });
    await control.stopRecording(live.id);
    expect(await control.calls()).toMatchObject([{ id, remote: { phoneNumber: '555' } }]);
    await control.endCall(id);
    expect(await control.calls()).toEqual([]);
    await simulator.recordings.waitFor((recording) => recording.id === live.id);
  });

  it('shows, awaits and clears requests', async () => {
    const waiting = control.waitForRequest({ route: 'active', status: 200, timeoutMs: 5_000 });
    await call(simulator, 'GET', '/LiveRecordings?directoryNumber=101');
    const entry = await waiting;
    expect(entry).toMatchObject({ route: 'active', query: 'directoryNumber=101', username: 'anna.rossi' });
    expect(await control.requests()).toHaveLength(1);
    await expect(control.waitForRequest({ after: entry.sequence, timeoutMs: 20 })).rejects.toThrow(
      'within 20 ms',
    );
    await control.clearRequests();
    expect(await control.requests()).toEqual([]);
  });

  it('adds, lists, removes and clears faults, and takes the network down', async () => {
    const { id } = await control.addFault({
      match: { route: 'list' },
      times: 5,
      action: { kind: 'respond', status: 418, body: 'tea', contentType: 'text/plain' },
    });
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(418);
    await control.removeFault(id);
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(200);
    await control.addFault({ action: { kind: 'reset' } });
    await control.clearFaults();
    expect(simulator.faults.list()).toEqual([]);
    await control.goDown();
    await expect(call(simulator, 'GET', '/Recordings')).rejects.toThrow('fetch failed');
    await control.comeUp();
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(200);
  });

  it('changes accounts and never tells a password', async () => {
    await control.updateAccount('anna.rossi', { password: 'planted-secret', level: 2 });
    expect(simulator.accounts.get('anna.rossi')).toMatchObject({ password: 'planted-secret', level: 2 });
    await control.addAccount({ username: 'new.one', password: 'planted-secret' });
    const accounts = await control.accounts();
    expect(accounts.map(({ username }) => username)).toContain('new.one');
    expect(JSON.stringify(accounts)).not.toContain('planted-secret');
    for (let failure = 0; failure < 5; failure += 1) await call(simulator, 'GET', '/Recordings');
    expect((await control.accounts()).find(({ username }) => username === 'anna.rossi')).toMatchObject({
      locked: true,
    });
    await control.unlockAccount('anna.rossi');
    expect(simulator.accounts.isLocked('anna.rossi')).toBe(false);
  });

  it('adds, seeds, changes and removes recordings', async () => {
    const added = await control.addRecording({ remotePartyNumber: '777', media: { voice: 'stereo' } });
    await control.setMedia(added.id, { exactBytes: 1_000 });
    expect(simulator.recordings.get(added.id)?.media).toEqual({ voice: 'stereo', exactBytes: 1_000 });
    expect((await control.recordings(1))[0]).toMatchObject({ id: added.id });
    await control.removeRecording(added.id);
    expect(await control.seedRecordings(5)).toEqual({ count: 25 });
    await call(simulator, 'GET', `/Recordings/${simulator.recordings.all()[0]?.id ?? ''}/Media`, {
      as: 'sara.conti',
    });
    expect(await control.audit()).toMatchObject([{ type: 'Download Recording', username: 'sara.conti' }]);
  });

  it('knows every part of the state, and nothing else', () => {
    const { service, timing, web } = simulator;
    for (const [state, { entries }] of [
      [service, servicePatch],
      [timing, timingPatch],
      [web, webPatch],
    ] as const) {
      expect(Object.keys(entries).toSorted()).toEqual(Object.keys(state).toSorted());
    }
  });

  it('takes every state as it is', async () => {
    const { service, timing, web } = await control.state();
    await control.setService(service);
    await control.setTiming(timing);
    await control.setWeb(web);
    expect(await control.state()).toMatchObject({ service, timing, web });
  });

  it('makes the server awkward, restarts it and lets its clock drift', async () => {
    await control.makeAwkward();
    expect(simulator.web).toMatchObject({ serverHeader: null, compress: 'gzip', framing: 'chunked' });
    expect(simulator.timing.lingersMs).toBeGreaterThan(0);
    await control.setClockDrift(50);
    expect([simulator.clock.driftPpm, simulator.clock.skewMs]).toEqual([50, 0]);
    await control.recycle({ downMs: 60_000 });
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(503);
  });

  it('changes calls, and renews, forgets and buffers recordings', async () => {
    await control.updateDevice('SEP001122334402', { recordingMode: 'live-keep' });
    await control.connectCall({ directoryNumber: '102' });
    expect(await control.buffered()).toHaveLength(1);
    const { id } = await control.connectCall({ directoryNumber: '101', username: 'ben.carter' });
    const old = await control.startRecording({ directoryNumber: '101', owner: 'anna.rossi', agoMs: 5_000 });
    await control.startRecording({ directoryNumber: '101', parallel: true, automatic: true });
    const renewed = await control.renewRecording(old.id, { keepStart: true });
    expect(renewed.id).not.toBe(old.id);
    expect(await control.changeCall(id, { remote: { phoneNumber: '201' } })).toMatchObject({
      remote: { phoneNumber: '201', lastName: 'Desk' },
    });
    const active = async () => (await call(simulator, 'GET', '/LiveRecordings?directoryNumber=101')).body;
    await control.forgetRecording(renewed.id);
    expect(await active()).toHaveLength(1);
    expect(await active()).toMatchObject([{ id: renewed.id, remoteParty: { phoneNumber: '201' } }, {}]);
    await expect(control.renewRecording(old.id)).rejects.toThrow('404');
    await expect(control.changeCall('x', {})).rejects.toThrow('404');
  });

  it('changes how a recording is told, and who may do what', async () => {
    const { id } = await control.addRecording({ wire: { set: { direction: 7 } } });
    const direction = async () => {
      const answer = await call(simulator, 'GET', `/Recordings/${id}`);
      return (answer.body as { direction: number }).direction;
    };
    expect(await direction()).toBe(7);
    await control.updateRecording(id, { wire: null });
    expect(await direction()).toBe(1);
    await control.setLine({ directoryNumber: '101', username: 'anna.rossi', sharedWith: ['ben.carter'] });
    expect(simulator.telephony.getLine('101')?.sharedWith).toEqual(['ben.carter']);
    await control.updateAccount('anna.rossi', {
      rights: ['record'],
      aliases: ['a'],
      groups: ['Office'],
      level: 5,
    });
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(403);
  });

  it.each([
    { kind: 'headers', set: { server: 'nginx' }, remove: ['date'] },
    { kind: 'drip', bytesPerSecond: 100_000, headersToo: true },
    { kind: 'staleRows', count: 2, set: { direction: 2 } },
    { kind: 'duplicateRows', count: 1 },
    { kind: 'emptyList' },
  ] as const)('adds the fault %j', async (action) => {
    await control.addFault({ every: 2, action });
    expect(simulator.faults.list()).toMatchObject([{ action, hits: 0 }]);
    await call(simulator, 'GET', '/LiveRecordings');
    await call(simulator, 'GET', '/LiveRecordings');
    expect(simulator.faults.list()).toMatchObject([{ hits: 1 }]);
  });

  it('changes phones and lines', async () => {
    await control.updateDevice('SEP001122334401', { recordingMode: 'automatic' });
    await control.setLine({ directoryNumber: '102', username: null });
    expect(simulator.telephony.getDevice('sep001122334401')?.recordingMode).toBe('automatic');
    expect(simulator.telephony.getLine('102')?.username).toBeNull();
  });

  it.each([
    ['/faults', '{"action":{"kind":"explode"}}', 400],
    ['/faults', '{"action":{"kind":"latency"}}', 400],
    ['/faults', '{"action":', 400],
    ['/calls', '{"direction":7}', 400],
    ['/calls', '{"directoryNumber":"999"}', 409],
    ['/calls', '{"unknown":1}', 400],
    ['/live', '{"directoryNumber":"101"}', 409],
    ['/requests/wait', '{"route":"nothing"}', 400],
    ['/accounts', '{"username":"x"}', 400],
    ['/live/00000000-0000-0000-0000-000000000000/pause', '{}', 404],
    ['/accounts/nobody/unlock', '{}', 404],
    ['/nothing', '{}', 404],
  ])('refuses POST %s %s with %i', async (path, body, status) => {
    expect((await post(path, body)).status).toBe(status);
  });
});
