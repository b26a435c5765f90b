import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './index';
import { LiveRecording } from './live-recording';
import { call } from './testing/caller';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ generation: 2025 });
  simulator.timing.processingMs = 10;
});

afterEach(() => simulator.close());

const record = () => {
  const connected = simulator.telephony.connectCall({ directoryNumber: '101', direction: 2 });
  return { connected, live: simulator.telephony.startRecording({ directoryNumber: '101' }) };
};

describe('a recording', () => {
  it('ends with its call and becomes a completed one with the same facts', async () => {
    const { connected, live } = record();
    simulator.telephony.endCall(connected.id);
    expect(simulator.telephony.live()).toEqual([]);
    const completed = await simulator.recordings.waitFor((recording) => recording.id === live.id);
    expect(completed).toMatchObject({
      startMs: live.startedMs,
      direction: 2,
      ownerUsername: 'anna.rossi',
      localPartyNumber: '101',
      remotePartyNumber: '+390244548866',
      pbxCallId: connected.pbxCallId,
    });
    expect((await call(simulator, 'GET', `/Recordings/${live.id}/Media`)).status).toBe(200);
  });

  it('may come under a new id', async () => {
    simulator.timing.saving = 'new-id';
    const { connected, live } = record();
    simulator.telephony.endCall(connected.id);
    const completed = await simulator.recordings.waitFor((recording) => recording.startMs === live.startedMs);
    expect(completed.id).not.toBe(live.id);
  });

  it('may never appear, alone among others', async () => {
    const lost = record();
    simulator.telephony.endCall(lost.connected.id, 'never');
    const kept = record();
    simulator.telephony.endCall(kept.connected.id);
    await simulator.recordings.waitFor((recording) => recording.id === kept.live.id);
    expect(simulator.recordings.count).toBe(1);
  });

  it('can be lost while its call goes on', () => {
    const { connected, live } = record();
    expect(simulator.telephony.finish(live.id)).toBe(true);
    expect(simulator.telephony.isConnected(connected)).toBe(true);
    expect(simulator.telephony.finish(live.id)).toBe(false);
  });

  it('is paused and resumed by request', async () => {
    const { live } = record();
    await call(simulator, 'PUT', `/LiveRecordings/${live.id}/Pause`);
    const active = async () => (await call(simulator, 'GET', '/LiveRecordings?directoryNumber=101')).body;
    expect(await active()).toMatchObject([{ isPaused: true }]);
    await call(simulator, 'PUT', `/LiveRecordings/${live.id}/Resume`);
    expect(await active()).toMatchObject([{ isPaused: false }]);
  });

  it('counts what was recorded, before and after a pause, and not the pause', () => {
    const { live: template } = record();
    let elapsed = 1_000;
    const live = new LiveRecording(template.facts, {
      now: () => 0,
      monotonic: () => elapsed,
      skewMs: 0,
      driftPpm: 0,
    });
    elapsed += 5_000;
    expect([live.pause(), live.pause(), live.durationMs]).toEqual([true, false, 5_000]);
    elapsed += 60_000;
    expect(live.durationMs).toBe(5_000);
    expect([live.resume(), live.resume()]).toEqual([true, false]);
    elapsed += 2_000;
    expect([live.durationMs, live.ageMs]).toEqual([7_000, 67_000]);
  });

  it('starts by itself on a phone with automatic recording', () => {
    simulator.telephony.connectCall({ directoryNumber: '109' });
    expect(simulator.telephony.live()[0]?.facts).toMatchObject({
      automatic: true,
      ownerUsername: 'auto.agent',
    });
  });

  it('does not start by itself without licence or channel, or where filters exclude the call', () => {
    simulator.service.licenceValid = false;
    simulator.telephony.connectCall({ directoryNumber: '109' });
    simulator.service.licenceValid = true;
    simulator.service.channels = 0;
    simulator.telephony.connectCall({ directoryNumber: '109' });
    simulator.service.channels = 5;
    simulator.service.recordedDirections = 'outgoing';
    simulator.telephony.connectCall({ directoryNumber: '109', direction: 1 });
    expect(simulator.telephony.live()).toEqual([]);
  });

  it('carries the server’s time, however wrong, and the true duration', async () => {
    simulator.clock.skewMs = 3 * 3_600_000;
    const { live } = record();
    const answer = await call(simulator, 'GET', '/LiveRecordings?directoryNumber=101');
    const [active] = answer.body as readonly { startedAt: string }[];
    expect(Math.abs(Date.parse(active?.startedAt ?? '') - Date.now() - 3 * 3_600_000)).toBeLessThan(60_000);
    expect(Math.abs(Date.parse(answer.headers.get('date') ?? '') - Date.now() - 3 * 3_600_000)).toBeLessThan(
      60_000,
    );
    simulator.clock.skewMs = -3 * 3_600_000;
    expect(live.durationMs).toBeLessThan(60_000);
  });
});

describe('the living office', () => {
  it('lets calls come and go, and falls silent when told to', async () => {
    simulator.setDemoOffice({ gapMs: [1, 5], callMs: [5, 20], recordedShare: 1 });
    const first = await simulator.telephony.waitFor(({ calls }) => calls.call(simulator.telephony)[0]);
    await simulator.telephony.waitFor((telephony) => (telephony.isConnected(first) ? undefined : true));
    await simulator.recordings.waitFor((recording) => recording.ownerUsername === 'ben.carter');
    simulator.setDemoOffice(false);
    expect(simulator.telephony.calls()).toEqual([]);
    expect(simulator.telephony.live()).toEqual([]);
  });
});
