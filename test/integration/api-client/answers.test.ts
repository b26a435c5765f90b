import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ApiClient } from '../../../src-main/infra/api/client';
import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { clientOf, errorOf, lineOf, metadataOf, silence, valueOf } from './support/agent';

const nobody = '11111111-2222-4333-8444-555555555555';
const day = { page: 0, pageSize: 25 } as const;

describe.each([2024, 2025] as const)('a server of %i', (generation) => {
  let simulator: Simulator;
  let anna: ApiClient;

  beforeEach(async () => {
    simulator = await startSimulator({ generation, pathPrefix: '/voice' });
    anna = clientOf(simulator);
  });

  afterEach(async () => {
    anna.dispose();
    await simulator.close();
  });

  it('starts by line, shows it, stops it by id, and lists it', async () => {
    simulator.telephony.connectCall({ directoryNumber: '101', remote: { phoneNumber: '+390244548866' } });
    const before = Date.now();
    const { id } = valueOf(await anna.startRecording(lineOf({ directoryNumber: '101' })));
    expect(id).toMatch(/^[0-9a-f-]{36}$/);

    const [active, ...others] = valueOf(await anna.activeRecordings({ directoryNumber: '101' }));
    expect(others).toEqual([]);
    expect(active).toMatchObject({
      id,
      localUsername: 'anna.rossi',
      remoteParty: { firstName: 'Giulia', lastName: 'Marchetti', phoneNumber: '+390244548866' },
      isPaused: false,
    });
    expect(active?.durationMs).toBeGreaterThanOrEqual(0);
    expect(Math.abs((active?.startedAt ?? 0) - before)).toBeLessThan(60_000);

    expect(await anna.stopRecording(id.toUpperCase())).toEqual({ ok: true, value: null });
    expect(valueOf(await anna.activeRecordings({ username: 'anna.rossi' }))).toEqual([]);
    await simulator.recordings.waitFor((recording) => recording.id === id);
    const page = valueOf(await anna.listRecordings({ ownerUsername: 'anna.rossi' }, day));
    expect(page.totalCount).toBe(1);
    expect(page.recordings[0]).toMatchObject({
      id,
      direction: 'incoming',
      ownerUsername: 'anna.rossi',
      localPartyNumber: '101',
      remotePartyNumber: '+390244548866',
    });
  });

  it('starts by device, and by device and line together', async () => {
    simulator.telephony.connectCall({ directoryNumber: '111' });
    const line = lineOf({ deviceName: 'SEP001122334401' });
    const { id } = valueOf(await anna.startRecording(line));
    valueOf(await anna.stopLine(line));
    expect(simulator.telephony.getLive(id)).toBeUndefined();
    valueOf(await anna.startRecording({ ...line, directoryNumber: '111' }));
    expect(simulator.requests.filter('start').map(({ body }) => body)).toEqual([
      { deviceName: 'SEP001122334401', mode: 0 },
      { deviceName: 'SEP001122334401', directoryNumber: '111', mode: 0 },
    ]);
  });

  it('stops a Dial-In by its line, without naming the device', async () => {
    simulator.telephony.connectCall({ directoryNumber: '101' });
    const line = lineOf({ directoryNumber: '101', deviceName: 'SEP001122334401', mode: 'dial-in' });
    valueOf(await anna.startRecording(line));
    valueOf(await anna.stopLine(line));
    expect(simulator.requests.filter('start')[0]?.body).toMatchObject({ mode: 1 });
    expect(simulator.requests.filter('stopByLine')[0]?.query).toBe('directoryNumber=101');
  });

  it('asks for active recordings by every filter, alone and together', async () => {
    simulator.telephony.connectCall({ directoryNumber: '101' });
    simulator.telephony.startRecording({ directoryNumber: '101' });
    const [deviceName, directoryNumber, username] = ['SEP001122334401', '101', 'anna.rossi', '5101'];
    for (const filter of [
      { deviceName },
      { directoryNumber },
      { username },
      { deviceName, directoryNumber, username },
    ]) {
      expect(valueOf(await anna.activeRecordings(filter))).toHaveLength(1);
    }
    expect(valueOf(await anna.activeRecordings({ directoryNumber, username: 'ben.carter' }))).toEqual([]);
    const sent = simulator.requests.filter('active').length;
    expect(errorOf(await anna.activeRecordings({})).code).toBe('no-line-configured');
    expect(errorOf(await anna.activeRecordings({ username: '' })).code).toBe('no-line-configured');
    expect(simulator.requests.filter('active')).toHaveLength(sent);
  });

  it('reads the details of a recording, and the notes and owners of others', async () => {
    const { id } = simulator.recordings.add({
      startMs: Date.UTC(2026, 2, 29, 0, 59, 59, 123),
      durationMs: 91_870,
      direction: 2,
      ownerUsername: 'anna.rossi',
      localPartyNumber: '101',
      remotePartyNumber: '',
      pbxCallId: '32158149',
      note: { ownerUsername: 'ben.carter', text: 'Ref. 1234' },
      preservedBy: 'sara.conti',
    });
    const details = valueOf(await anna.getRecording(id));
    expect(details).toMatchObject({
      id,
      startTime: Date.UTC(2026, 2, 29, 0, 59, 59, 123),
      durationMs: 91_870,
      direction: 'outgoing',
      remotePartyNumber: null,
      pbxCallId: '32158149',
      owner: { username: 'anna.rossi', firstName: 'Anna', lastName: 'Rossi', phoneNumber: '101' },
      preservingUser: { username: 'sara.conti' },
      note: { owner: { username: 'ben.carter' }, text: 'Ref. 1234' },
    });
    expect(details.sha256).toMatch(/^[0-9A-F]{64}$/);
    expect(details.sizeBytes).toBeGreaterThan(0);
  });

  it('downloads what the details tell, with one audit event', async () => {
    const { id } = simulator.recordings.add({ ownerUsername: 'anna.rossi', durationMs: 2_000 });
    const { sizeBytes } = valueOf(await anna.getRecording(id));
    const download = valueOf(await anna.downloadRecording(id));
    expect(download).toMatchObject({ contentType: 'audio/mpeg', sizeBytes });
    let received = 0;
    for await (const chunk of download.chunks) received += chunk.byteLength;
    expect(received).toBe(sizeBytes);
    expect(simulator.requests.filter('media')).toHaveLength(1);
  });

  it('uploads, and the recording is there', async () => {
    const sent: number[] = [];
    const { id } = valueOf(
      await anna.uploadRecording(metadataOf({ notes: 'perché', preserved: true }), silence(), {
        onProgress: (bytes) => sent.push(bytes),
      }),
    );
    expect(sent).toEqual([16_044]);
    expect(valueOf(await anna.getRecording(id))).toMatchObject({
      direction: 'outgoing',
      localPartyNumber: '101',
      remotePartyNumber: '+39 02 4454',
      pbxCallId: '77',
      durationMs: 1_000,
      note: { text: 'perché' },
      preservingUser: { username: 'anna.rossi' },
    });
  });

  it('pages, newest first', async () => {
    simulator.seedRecordings(60);
    const first = valueOf(await anna.listRecordings({}, { page: 0, pageSize: 7 }));
    const second = valueOf(await anna.listRecordings({}, { page: 1, pageSize: 7 }));
    const both = valueOf(await anna.listRecordings({}, { page: 0, pageSize: 14 }));
    expect([...first.recordings, ...second.recordings]).toEqual(both.recordings);
    const starts = both.recordings.map(({ startTime }) => startTime);
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
  });

  it('takes a username and password in any script', async () => {
    const chiara = clientOf(simulator, 'chiara.greco');
    expect((await chiara.listRecordings({}, day)).ok).toBe(true);
    chiara.dispose();
  });

  it('knows whether there is pausing, without any effect', async () => {
    simulator.telephony.connectCall({ directoryNumber: '101' });
    const live = simulator.telephony.startRecording({ directoryNumber: '101' });
    expect(await anna.probePause()).toEqual({ ok: true, value: generation === 2025 });
    expect(live.isPaused).toBe(false);
  });

  if (generation === 2025) {
    it('pauses and resumes by id', async () => {
      simulator.telephony.connectCall({ directoryNumber: '101' });
      const live = simulator.telephony.startRecording({ directoryNumber: '101' });
      valueOf(await anna.pauseRecording(live.id));
      expect(valueOf(await anna.activeRecordings({ directoryNumber: '101' }))[0]?.isPaused).toBe(true);
      expect(errorOf(await anna.pauseRecording(live.id)).code).toBe('already-paused');
      valueOf(await anna.resumeRecording(live.id));
      expect(errorOf(await anna.resumeRecording(live.id)).code).toBe('not-paused');
      expect(live.isPaused).toBe(false);
    });

    it('starts the own line without naming it', async () => {
      simulator.telephony.connectCall({ directoryNumber: '101' });
      valueOf(await anna.startRecording(null));
      expect(simulator.requests.filter('start')[0]?.body).toBeNull();
    });
  } else {
    it('has no pausing', async () => {
      for (const result of [await anna.pauseRecording(nobody), await anna.resumeRecording(nobody)]) {
        expect(errorOf(result).code).toBe('pause-unavailable');
      }
    });

    it('takes a start without a line for one that names none', async () => {
      expect(errorOf(await anna.startRecording(null)).code).toBe('no-line-given');
    });
  }

  it('tells what the server says of itself', async () => {
    expect(anna.fingerprint()).toBeNull();
    await anna.listRecordings({}, day);
    expect(anna.fingerprint()).toMatch(/^server=/);
  });

  it('sends nothing more once it is disposed of', async () => {
    simulator.faults.add({ action: { kind: 'stall' } });
    const waiting = anna.startRecording(lineOf({ directoryNumber: '101' }));
    await simulator.requests.waitForRequest(({ route }) => route === 'start');
    anna.dispose();
    expect(errorOf(await waiting)).toMatchObject({ code: 'cancelled', detail: { outcomeUnknown: true } });
    expect(errorOf(await anna.stopRecording(nobody)).code).toBe('signed-out');
    expect(errorOf(await anna.downloadRecording(nobody)).code).toBe('signed-out');
    expect(simulator.requests.entries).toHaveLength(1);
  });

  it('does not even begin what was cancelled before', async () => {
    const options = { signal: AbortSignal.abort() };
    expect(errorOf(await anna.startRecording(lineOf({ directoryNumber: '101' }), options))).toMatchObject({
      code: 'cancelled',
      detail: { host: new URL(simulator.url).host },
    });
    expect(errorOf(await anna.downloadRecording(nobody, options)).code).toBe('cancelled');
    expect(simulator.requests.entries).toHaveLength(0);
  });

  it.each(['', '.', '..'])('lets no id %j change what is asked for', async (id) => {
    for (const result of [
      await anna.stopRecording(id),
      await anna.pauseRecording(id),
      await anna.resumeRecording(id),
      await anna.getRecording(id),
      await anna.downloadRecording(id),
    ]) {
      expect(errorOf(result).code).toBe('invalid-id');
    }
    expect(simulator.requests.entries).toHaveLength(0);
  });

  it.each(['../../Recordings', 'a/b', 'a?b', 'a#b', '%2e%2e', 'ü \ud800'])(
    'keeps %j within its place of the path',
    async (id) => {
      expect(errorOf(await anna.stopRecording(id)).code).toMatch(/^(invalid-id|not-this-server)$/);
      const [entry, ...others] = simulator.requests.entries;
      expect(others).toEqual([]);
      expect(entry?.path.startsWith('/voice/fw/Apps/Recorder/WebAPI/LiveRecordings/')).toBe(true);
      expect(entry?.query).toBe('');
    },
  );
});
