import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDefaultOffice, matchesFilters, type Recording, type Simulator, startSimulator } from './index';
import { parseDuration } from './iso-time';
import { call, type Username } from './testing/caller';

interface List {
  readonly totalCount: number;
  readonly recordings: readonly {
    readonly id: string;
    readonly startTime: string;
    readonly ownerUsername: string;
  }[];
}

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ recordings: 300, now: Date.UTC(2026, 4, 20, 15) });
});

afterEach(() => simulator.close());

const list = async (query: string, as: Username = 'sara.conti'): Promise<List> => {
  const answer = await call(simulator, 'GET', `/Recordings?${query}`, { as });
  expect(answer.status).toBe(200);
  return answer.body as List;
};

const newest = (): Recording => {
  const [first] = simulator.recordings.all();
  if (!first) throw new Error('Nothing was seeded.');
  return first;
};

describe('list', () => {
  it('gives everything, newest first, without paging', async () => {
    const { totalCount, recordings } = await list('');
    expect(totalCount).toBe(300);
    expect(recordings).toHaveLength(300);
    const times = recordings.map((recording) => Date.parse(recording.startTime));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('gives pages that follow each other, and an empty one past the end', async () => {
    const all = (await list('')).recordings.map((recording) => recording.id);
    const pages = await Promise.all([0, 1, 2, 3, 4].map((page) => list(`page=${page}&pageSize=80`)));
    expect(pages.map((page) => page.recordings.length)).toEqual([80, 80, 80, 60, 0]);
    expect(pages.flatMap((page) => page.recordings.map((recording) => recording.id))).toEqual(all);
  });

  it('shows agents their own alone, supervisors everybody’s', async () => {
    const own = await list('page=0&pageSize=500', 'anna.rossi');
    expect(new Set(own.recordings.map((recording) => recording.ownerUsername))).toEqual(
      new Set(['anna.rossi']),
    );
    expect((await list('ownerUsername=ben.carter', 'anna.rossi')).totalCount).toBe(0);
    expect((await list('ownerUsername=ben.carter', 'sara.conti')).totalCount).toBeGreaterThan(0);
    expect((await list('', 'luca.base')).totalCount).toBe(0);
  });

  it('agrees with the reference filter', async () => {
    const { remotePartyNumber, startMs } = newest();
    const from = new Date(startMs - 86_400_000).toISOString();
    const to = new Date(startMs).toISOString();
    for (const query of [
      `remotePartyNumber=${encodeURIComponent(remotePartyNumber)}`,
      'remotePartyNumber=contains:%2B39',
      `startTime=between:${from};${to}&direction=1`,
      `endTime=after:${from}&localPartyNumber=101&direction=2`,
    ]) {
      const expected = simulator.recordings.all().filter((recording) => matchesFilters(recording, query));
      const { totalCount, recordings } = await list(query);
      expect(totalCount).toBe(expected.length);
      expect(recordings.map(({ id }) => id.toLowerCase())).toEqual(expected.map(({ id }) => id));
    }
  });

  it('follows recordings that are added and removed', async () => {
    const before = await list('page=0&pageSize=1');
    const added = simulator.recordings.add({ ownerUsername: 'anna.rossi' });
    expect(await list('page=0&pageSize=1')).toMatchObject({
      totalCount: 301,
      recordings: [{ id: added.id.toUpperCase() }],
    });
    simulator.recordings.remove(added.id.toUpperCase());
    expect(await list('page=0&pageSize=1')).toEqual(before);
  });

  it.each([
    ['direction=5', 0],
    ['page=x', 1],
  ])('refuses %s with reason %i', async (query, reason) => {
    const answer = await call(simulator, 'GET', `/Recordings?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { reason, message: expect.any(String) } });
  });

  it('refuses level 0, and is 500 or 504 where things are down', async () => {
    expect((await call(simulator, 'GET', '/Recordings', { as: 'nina.none' })).status).toBe(403);
    simulator.service.running = false;
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(504);
    simulator.service.databaseUp = false;
    expect((await call(simulator, 'GET', '/Recordings')).status).toBe(500);
  });
});

describe('detail and media', () => {
  const mine = (): Recording => simulator.recordings.add({ ownerUsername: 'anna.rossi', durationMs: 10_000 });

  it.each(['', '/Media'])('answer their documented statuses (%j)', async (tail) => {
    const { id } = mine();
    const status = async (given: string, as: Username = 'anna.rossi') =>
      (await call(simulator, 'GET', `/Recordings/${given}${tail}`, { as })).status;
    expect(await status(id)).toBe(200);
    expect(await status(id.toUpperCase())).toBe(200);
    expect(await status(id, 'sara.conti')).toBe(200);
    expect(await status(id, 'ben.carter')).toBe(403);
    expect(await status(id, 'nina.none')).toBe(403);
    expect(await status('not-a-guid')).toBe(400);
    expect(await status('00000000-0000-0000-0000-000000000000')).toBe(404);
    simulator.recordings.remove(id);
    expect(await status(id)).toBe(404);
  });

  it.each(['', '/Media'])('do not need the service, unless told so (%j) (L18)', async (tail) => {
    const { id } = mine();
    const status = async () => (await call(simulator, 'GET', `/Recordings/${id}${tail}`)).status;
    simulator.service.running = false;
    expect(await status()).toBe(200);
    simulator.service.detailNeedsService = true;
    expect(await status()).toBe(504);
    simulator.service.databaseUp = false;
    expect(await status()).toBe(500);
  });

  it('lets level 2 list and hear its own', async () => {
    const { id } = simulator.recordings.add({ ownerUsername: 'luca.base', durationMs: 1_000 });
    expect((await list('', 'luca.base')).totalCount).toBe(1);
    expect((await call(simulator, 'GET', `/Recordings/${id}/Media`, { as: 'luca.base' })).status).toBe(200);
  });

  it('leave an audit event per download, and none for metadata or a refusal', async () => {
    const { id } = mine();
    await call(simulator, 'GET', `/Recordings/${id}`);
    await call(simulator, 'GET', `/Recordings/${id}/Media`, { as: 'ben.carter' });
    expect(simulator.audit.events).toEqual([]);
    await call(simulator, 'GET', `/Recordings/${id}/Media`);
    expect(simulator.audit.events).toEqual([
      { type: 'Download Recording', username: 'anna.rossi', recordingId: id, at: expect.any(Number) },
    ]);
  });
});

describe('seeded data', () => {
  it('is the same for the same seed, and lies in the past', async () => {
    const again = await startSimulator({ recordings: 300, now: Date.UTC(2026, 4, 20, 15) });
    const other = await startSimulator({ recordings: 300, now: Date.UTC(2026, 4, 20, 15), seed: 2 });
    const facts = (from: Simulator) =>
      from.recordings.all().map(({ id, remotePartyNumber }) => [id, remotePartyNumber]);
    expect(facts(again)).toEqual(facts(simulator));
    expect(facts(other)).not.toEqual(facts(simulator));
    expect(newest().startMs + newest().durationMs).toBeLessThan(simulator.clock.now());
    await Promise.all([again.close(), other.close()]);
  });

  it('has reference numbers that grow with time, and durations a client can read', async () => {
    const references = simulator.recordings.all().map((recording) => recording.referenceNumber);
    expect(references).toEqual(references.toSorted().reverse());
    const { recordings } = (await list('')) as unknown as { recordings: readonly { duration: string }[] };
    expect(recordings.every(({ duration }) => (parseDuration(duration) ?? 0) > 0)).toBe(true);
  });

  // Every weekday, before, during and after office hours, a month end, a year end, and both clock changes of Rome.
  it.each([
    '2026-11-29T10:00Z',
    '2026-11-30T08:00Z',
    '2026-12-01T05:00Z',
    '2026-12-02T22:59Z',
    '2026-12-03T23:01Z',
    '2026-12-04T12:00Z',
    '2026-12-05T09:00Z',
    '2027-01-01T00:00Z',
    '2027-02-28T23:00Z',
    '2027-03-28T01:00Z',
    '2026-10-25T00:30Z',
  ])('has calls of yesterday on %s, and the same calls as on any other day', async (today) => {
    const now = Date.parse(today);
    const there = await startSimulator({ recordings: 300, now });
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Rome' });
    const [year, month, date] = [0, 2, 4].map((at) => Number(day.formatToParts(now)[at]?.value));
    const yesterday = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, (date ?? 0) - 1)).toISOString();
    const days = there.recordings.all().map(({ startMs }) => day.format(startMs));
    expect(days).toContain(yesterday.slice(0, 10));
    const ids = (from: Simulator) => from.recordings.all().map(({ id }) => id);
    expect(ids(there).toSorted()).toEqual(ids(simulator).toSorted());
    await there.close();
  });

  it('can be 100,000 recordings of one agent, answered by the page', async () => {
    const office = { ...createDefaultOffice(), agents: [{ username: 'anna.rossi', directoryNumber: '101' }] };
    const large = await startSimulator({ recordings: 100_000, office });
    const answer = await call(large, 'GET', '/Recordings?page=1999&pageSize=50&ownerUsername=anna.rossi');
    expect(answer.body).toMatchObject({ totalCount: 100_000 });
    expect((answer.body as List).recordings).toHaveLength(50);
    await large.close();
  }, 30_000);
});
