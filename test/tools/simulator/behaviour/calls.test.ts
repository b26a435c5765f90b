import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../index';
import { call, type Username } from '../testing/caller';

interface Entry {
  readonly id: string;
  readonly startedAt: string;
  readonly duration: string;
  readonly localParty: { readonly username: string };
  readonly remoteParty: { readonly phoneNumber: string; readonly firstName: string };
}

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ generation: 2025, timing: { processingMs: 1 } });
});

afterEach(() => simulator.close());

const connect = (remote = '+390244548866') =>
  simulator.telephony.connectCall({ directoryNumber: '101', remote: { phoneNumber: remote } });
const record = () => simulator.telephony.startRecording({ directoryNumber: '101' });
const active = async (query = 'directoryNumber=101', as: Username = 'anna.rossi') =>
  (await call(simulator, 'GET', `/LiveRecordings?${query}`, { as })).body as readonly Entry[];
const start = (as: Username = 'anna.rossi') =>
  call(simulator, 'POST', '/LiveRecordings', { as, json: { directoryNumber: '101' } });
const stop = async (id: string) => (await call(simulator, 'DELETE', `/LiveRecordings/${id}`)).status;
const completed = (count: number) =>
  simulator.recordings
    .waitFor(() => simulator.recordings.count === count)
    .then(() => simulator.recordings.all());

describe('a transfer', () => {
  it.each([true, false])('gives the recording another id; its start stays: %j', async (keepStart) => {
    connect();
    const old = record();
    await simulator.telephony.waitFor(() => (old.durationMs >= 20 ? true : undefined)).catch(() => undefined);
    const id = simulator.telephony.renew(old.id, { keepStart });
    const [entry, ...others] = await active();
    expect(others).toEqual([]);
    expect(entry?.id).toBe(id);
    expect(id).not.toBe(old.id);
    expect(simulator.telephony.getLive(id)?.startedMs === old.startedMs).toBe(keepStart);
    expect([await stop(old.id), await stop(id)]).toEqual([409, 204]);
  });

  it('leaves it the recording that tests know, whichever id they have of it', async () => {
    connect();
    simulator.service.startAnswers = 'alias';
    const { id: alias } = (await start()).body as { readonly id: string };
    const first = simulator.telephony.live()[0]?.id ?? '';
    const id = simulator.telephony.renew(first);
    expect([alias.toUpperCase(), first, id].map((any) => simulator.telephony.originOf(any))).toEqual([
      first,
      first,
      first,
    ]);
    expect(await stop(alias)).toBe(409);
    expect(simulator.telephony.finish(first)).toBe(true);
    expect(simulator.telephony.live()).toEqual([]);
    expect(simulator.telephony.originOf(id)).toBe(first);
  });

  it('may leave a gap in which nothing is recorded', async () => {
    connect();
    simulator.telephony.renew(record().id, { gapMs: 30 });
    expect(await active()).toEqual([]);
    await simulator.telephony.waitFor((telephony) => telephony.live()[0]);
    expect(await active()).toHaveLength(1);
  });

  it('may leave two completed recordings of one call', async () => {
    const { id, pbxCallId } = connect();
    simulator.telephony.renew(record().id, { keepStart: false, leavesPart: true });
    simulator.telephony.endCall(id);
    const rows = await completed(2);
    expect(rows.map((row) => row.pbxCallId)).toEqual([pbxCallId, pbxCallId]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(2);
  });

  it('comes by itself where told so', async () => {
    simulator.service.renewal = { afterMs: 20, keepStart: true, gapMs: 0, leavesPart: false };
    connect();
    const old = record();
    const next = await simulator.telephony.waitFor(({ live }) =>
      live.call(simulator.telephony).find(({ id }) => id !== old.id),
    );
    expect(next.startedMs).toBe(old.startedMs);
  });

  it('changes remote party, line and phone of the call and its recordings', async () => {
    const { id } = connect();
    const live = record();
    simulator.telephony.changeCall(id, { remote: { phoneNumber: '201' } });
    expect(await active()).toMatchObject([
      { id: live.id, remoteParty: { phoneNumber: '201', firstName: 'Front' } },
    ]);
    simulator.telephony.changeCall(id, { directoryNumber: '102', deviceName: 'SEP001122334402' });
    expect(await active()).toEqual([]);
    expect(await active('username=anna.rossi')).toHaveLength(1);
    simulator.telephony.endCall(id);
    expect(await completed(1)).toMatchObject([{ localPartyNumber: '102', remotePartyNumber: '201' }]);
    expect(() => simulator.telephony.changeCall(id, {})).toThrow('There is no call');
  });
});

describe('a completed recording', () => {
  it('may come in two parts', async () => {
    const { id, pbxCallId } = connect();
    const live = simulator.telephony.startRecording({ directoryNumber: '101', agoMs: 60_000 });
    simulator.telephony.endCall(id, 'split');
    const rows = await completed(2);
    expect(rows.map((row) => row.pbxCallId)).toEqual([pbxCallId, pbxCallId]);
    expect(rows.reduce((sum, row) => sum + row.durationMs, 0)).toBe(live.durationMs);
    const [second, first] = rows;
    expect(second?.startMs).toBe((first?.startMs ?? 0) + (first?.durationMs ?? 0));
    expect(first?.id).toBe(live.id);
  });
});

describe('rules and second recordings', () => {
  it('start by themselves in mid-call, and cannot be stopped', async () => {
    simulator.service.recordingRules = [{ remote: '+3902*', afterMs: 10 }];
    connect('+4420');
    connect('+390244548866');
    const live = await simulator.telephony.waitFor((telephony) => telephony.live()[0]);
    expect(live.facts.call.remote.phoneNumber).toBe('+390244548866');
    expect(await stop(live.id)).toBe(400);
  });

  it('do not start for a call that has ended', async () => {
    simulator.service.recordingRules = [
      { remote: '9*', afterMs: 5 },
      { remote: '8*', afterMs: 30 },
    ];
    const ended = connect('9800');
    simulator.telephony.endCall(ended.id);
    connect('8');
    const live = await simulator.telephony.waitFor((telephony) => telephony.live()[0]);
    expect(live.facts.call.remote.phoneNumber).toBe('8');
    expect(simulator.telephony.live()).toHaveLength(1);
  });

  it('run beside one’s own on the same call', async () => {
    const { id } = connect();
    const rule = simulator.telephony.startRecording({
      directoryNumber: '101',
      automatic: true,
      parallel: true,
    });
    const own = simulator.telephony.startRecording({
      directoryNumber: '101',
      by: 'anna.rossi',
      parallel: true,
    });
    expect(await active()).toHaveLength(2);
    // By line the one that may be stopped is meant.
    expect((await call(simulator, 'DELETE', '/LiveRecordings?directoryNumber=101')).status).toBe(204);
    expect((await active()).map((entry) => entry.id)).toEqual([rule.id]);
    simulator.telephony.endCall(id);
    expect((await completed(2)).map((row) => row.id).toSorted()).toEqual([rule.id, own.id].toSorted());
  });

  it('come with every second start where told so', async () => {
    simulator.service.secondRecordingEvery = 2;
    const counts: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { id } = connect();
      await start();
      counts.push((await active()).length);
      simulator.telephony.endCall(id);
    }
    expect(counts).toEqual([1, 2, 1, 2]);
  });

  it('of a supervisor on my line are mine, or the supervisor’s', async () => {
    const owner = async () => (await active())[0]?.localParty.username;
    const first = connect();
    await start('sara.conti');
    expect(await owner()).toBe('anna.rossi');
    simulator.telephony.endCall(first.id);
    const second = connect();
    simulator.service.ownerOfStart = 'caller';
    await start('sara.conti');
    expect(await owner()).toBe('sara.conti');
    simulator.telephony.endCall(second.id);
    connect();
    simulator.telephony.startRecording({ directoryNumber: '101', by: 'ben.carter', owner: 'ben.carter' });
    expect(await owner()).toBe('ben.carter');
  });
});

describe('Live Keep (P4)', () => {
  beforeEach(() => {
    simulator.telephony.updateDevice('SEP001122334401', { recordingMode: 'live-keep' });
  });

  it('buffers each call, and lists it only where told so', async () => {
    connect();
    expect(simulator.telephony.buffered()).toHaveLength(1);
    expect(await active()).toEqual([]);
    simulator.service.listsBuffered = true;
    expect(await active()).toHaveLength(1);
  });

  it('keeps the whole call from its beginning', async () => {
    const { id, connectedMs } = connect();
    const [buffered] = simulator.telephony.buffered();
    const answer = await start();
    expect(answer).toMatchObject({ status: 201, body: { id: buffered?.id } });
    const [entry] = await active();
    expect(Math.abs(Date.parse(entry?.startedAt ?? '') - connectedMs)).toBeLessThan(1_000);
    expect(simulator.telephony.buffered()).toEqual([]);
    expect(await start()).toMatchObject({ status: 429, body: { reason: 1 } });
    simulator.telephony.endCall(id);
    expect((await completed(1))[0]?.startMs).toBe(buffered?.startedMs);
  });

  it('forgets a call that nobody kept', async () => {
    const { id } = connect();
    simulator.service.listsBuffered = true;
    simulator.telephony.endCall(id);
    expect(await active()).toEqual([]);
    expect(simulator.telephony.buffered()).toEqual([]);
  });

  it.each(['keep', 'discard'] as const)('on a stop: %s', async (liveKeepStop) => {
    simulator.service.liveKeepStop = liveKeepStop;
    connect();
    await start();
    expect(await stop((await active())[0]?.id ?? '')).toBe(204);
    const other = simulator.recordings.add({ startMs: 0 });
    const ended = simulator.telephony.connectCall({ directoryNumber: '102' });
    simulator.telephony.startRecording({ directoryNumber: '102' });
    simulator.telephony.endCall(ended.id);
    // What ended later is listed: so would be what ended before.
    await simulator.recordings.waitFor(
      ({ id, localPartyNumber }) => id !== other.id && localPartyNumber === '102',
    );
    expect(
      simulator.recordings
        .all()
        .some(({ localPartyNumber, startMs }) => localPartyNumber === '101' && startMs > 0),
    ).toBe(liveKeepStop === 'keep');
  });
});

describe('the list of active recordings', () => {
  it('still shows a recording for a while after the 204 (L21)', async () => {
    simulator.timing.lingersMs = 60_000;
    connect();
    const { id } = record();
    expect(await stop(id)).toBe(204);
    expect((await active()).map((entry) => entry.id)).toEqual([id]);
    expect(await stop(id)).toBe(409);
    simulator.timing.lingersMs = 0;
    expect(await active()).toEqual([]);
  });

  it('lags behind the 201, and forgets an entry once', async () => {
    simulator.timing.visibleAfterMs = 15_000;
    connect();
    expect((await start()).status).toBe(201);
    expect(await active()).toEqual([]);
    simulator.timing.visibleAfterMs = 0;
    const [entry] = await active();
    simulator.telephony.forget(entry?.id ?? '');
    expect([await active(), await active()].map((list) => list.length)).toEqual([0, 1]);
  });

  it.each([
    ['alias', 204],
    ['foreign-id', 409],
  ] as const)('shows another id than the 201 told (%s), which stops it with %i', async (how, status) => {
    simulator.service.startAnswers = how;
    connect();
    const { id } = (await start()).body as { readonly id: string };
    expect((await active())[0]?.id).not.toBe(id);
    expect(await stop(id)).toBe(status);
  });

  it.each([
    ['braces', /^\{[0-9a-f-]{36}\}$/],
    ['plain', /^[0-9a-f]{32}$/],
  ] as const)('writes ids otherwise than the 201: %s', async (form, pattern) => {
    simulator.service.startIdForm = form;
    connect();
    const { id } = (await start()).body as { readonly id: string };
    expect(id).toMatch(pattern);
    expect(id.replaceAll(/[{}-]/g, '')).toBe((await active())[0]?.id.replaceAll('-', ''));
  });

  it.each([
    ['exact', /^PT1M0\.\d+S$|^PT1M0?S?$/],
    ['whole-seconds', /^PT1M$/],
  ] as const)('tells durations %s', async (liveDurations, pattern) => {
    simulator.service.liveDurations = liveDurations;
    connect();
    const live = simulator.telephony.startRecording({ directoryNumber: '101', agoMs: 60_010 });
    live.pause();
    expect((await active())[0]?.duration).toMatch(pattern);
  });

  it('tells a duration that stands still where told so', async () => {
    simulator.service.liveDurations = 'frozen';
    connect();
    const live = record();
    const [first] = await active();
    await simulator.telephony.waitFor(() => live, 10);
    simulator.telephony.changeCall(live.facts.call.id, {});
    expect((await active())[0]?.duration).toBe(first?.duration);
  });

  it('dates recordings anew after a jump of the clock where told so', async () => {
    connect();
    record();
    const startedAt = async () => Date.parse((await active())[0]?.startedAt ?? '');
    const before = await startedAt();
    simulator.clock.skewMs = 3_600_000;
    expect(await startedAt()).toBe(before);
    simulator.service.redatesLive = true;
    expect((await startedAt()) - before).toBeGreaterThan(3_500_000);
  });
});

describe('the server’s clock', () => {
  it('drifts', () => {
    const before = simulator.clock.now();
    simulator.clock.driftPpm = 1e12;
    expect(simulator.clock.now() - before).toBeGreaterThan(1e6);
  });
});
