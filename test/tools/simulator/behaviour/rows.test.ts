import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../index';
import { call } from '../testing/caller';

type Row = Readonly<Record<string, unknown>>;

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ recordings: 60 });
});

afterEach(() => simulator.close());

const list = async (query = '') => {
  const answer = await call(simulator, 'GET', `/Recordings?${query}`, { as: 'sara.conti' });
  return answer.body as { readonly totalCount: number; readonly recordings: readonly Row[] };
};
const detail = async (id: string) =>
  (await call(simulator, 'GET', `/Recordings/${id}`, { as: 'sara.conti' })).body as Row;

describe('times', () => {
  it('end in a real fraction of 100 ns, unless told otherwise (L19)', async () => {
    const fractions = async () =>
      (await list()).recordings.map(({ startTime }) => /\.\d{3}(\d{4})/.exec(String(startTime))?.[1]);
    expect(new Set(await fractions()).size).toBeGreaterThan(30);
    simulator.service.timeFractions = 'ms';
    expect(new Set(await fractions())).toEqual(new Set(['0000']));
  });

  it('of a live recording and of what becomes of it have the same fraction (L19)', async () => {
    simulator.timing.processingMs = 1;
    const { id } = simulator.telephony.connectCall({ directoryNumber: '101' });
    const live = simulator.telephony.startRecording({ directoryNumber: '101' });
    const active = (await call(simulator, 'GET', '/LiveRecordings')).body as readonly Row[];
    simulator.telephony.endCall(id);
    await simulator.recordings.waitFor((recording) => recording.id === live.id);
    expect((await detail(live.id))['startTime']).toBe(active[0]?.['startedAt']);
  });

  it('are found by what they say to the last digit, and missed in whole milliseconds (L19)', async () => {
    const [row] = (await list('page=0&pageSize=1')).recordings;
    const time = String(row?.['startTime']);
    const total = async (text: string) => (await list(`startTime=${encodeURIComponent(text)}`)).totalCount;
    expect(await total(time)).toBeGreaterThan(0);
    expect(await total(new Date(time).toISOString())).toBe(0);
  });

  it('of exactly the milliseconds that a test names have no fraction', () => {
    expect(simulator.recordings.add({ startMs: 1_000 }).startTicks).toBe(0);
    expect(simulator.recordings.add({ startMs: 1_000, startTicks: 7 }).startTicks).toBe(7);
  });
});

describe('durations', () => {
  it.each([
    ['hours', 'PT25H1S'],
    ['days', 'P1DT1H1S'],
  ] as const)('of more than a day are told in %s', async (longDurations, text) => {
    simulator.service.longDurations = longDurations;
    const { id } = simulator.recordings.add({ durationMs: 90_001_000 });
    expect((await detail(id))['duration']).toBe(text);
  });
});

describe('a recording with odd fields', () => {
  const wire = { set: { remotePartyNumber: 117 }, remove: ['referenceNumber'] } as const;

  it('is odd wherever it is listed, and alone in that', async () => {
    const { id } = simulator.recordings.add({ wire });
    const { recordings } = await list('page=0&pageSize=3');
    const [odd, ...others] = recordings;
    expect(odd).toMatchObject({ id: id.toUpperCase(), remotePartyNumber: 117 });
    expect(odd).not.toHaveProperty('referenceNumber');
    for (const row of others) expect(row).toHaveProperty('referenceNumber');
    simulator.recordings.add();
    expect((await list('page=0&pageSize=3')).recordings[1]).toEqual(odd);
    expect(await detail(id)).toMatchObject({ remotePartyNumber: 117 });
  });

  it.each(['list', 'detail'] as const)('may be odd in the %s alone', async (only) => {
    const { id } = simulator.recordings.add({ wire: { ...wire, only } });
    const inList = (await list('page=0&pageSize=1')).recordings[0]?.['remotePartyNumber'] === 117;
    const inDetail = (await detail(id))['remotePartyNumber'] === 117;
    expect([inList, inDetail]).toEqual([only === 'list', only === 'detail']);
  });

  it('has no preserving user and no note, or null (L15)', async () => {
    const { id } = simulator.recordings.add();
    expect(await detail(id)).toMatchObject({ preservingUser: null, note: null });
    simulator.service.emptyFields = 'absent';
    const answer = await detail(id);
    expect([Object.hasOwn(answer, 'preservingUser'), Object.hasOwn(answer, 'note')]).toEqual([false, false]);
  });
});

describe('pages', () => {
  it('may begin with rows of the one before that say something else', async () => {
    const before = (await list('page=0&pageSize=10')).recordings;
    simulator.faults.add({ match: { route: 'list' }, action: { kind: 'staleRows', count: 2 } });
    const { recordings } = await list('page=1&pageSize=10');
    expect(recordings).toHaveLength(12);
    expect(recordings.slice(0, 2)).toEqual(
      before.slice(-2).map((row) => ({ ...row, duration: 'PT0S', remotePartyNumber: '' })),
    );
    expect((await list('page=0&pageSize=10')).recordings).toEqual(before);
  });

  it('may have rows twice', async () => {
    simulator.faults.add({ match: { route: 'list' }, action: { kind: 'duplicateRows', count: 3 } });
    const { recordings } = await list('page=0&pageSize=10');
    expect(recordings).toHaveLength(13);
    expect(recordings[1]).toEqual(recordings[0]);
  });

  it('lose what is older than the retention while somebody looks', async () => {
    const old = simulator.recordings.add({ startMs: simulator.clock.now() - 40 * 86_400_000 });
    simulator.service.retentionDays = 30;
    expect((await list()).totalCount).toBe(61);
    simulator.service.sweepsRetention = true;
    expect((await list()).totalCount).toBe(60);
    expect(simulator.recordings.get(old.id)).toBeUndefined();
  });
});

describe('an answer that is no JSON', () => {
  it('cannot be reshaped, and stays as it is', async () => {
    simulator.faults.add({ action: { kind: 'reshape', set: { totalCount: 1 } } });
    const answer = await call(simulator, 'GET', '/Recordings/00000000-0000-0000-0000-000000000000');
    expect(answer.status).toBe(404);
    expect(answer.body).toContain('404 - ');
  });
});
