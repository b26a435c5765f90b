import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { parseCsv } from '../../fixtures/csv-parser';
import { filesIn, partsIn, withFolder } from '../../fixtures/folders';
import type { Keeper } from './support/keeper';
import { createKeeper } from './support/keeper';

const count = 1_234;

let simulator: Simulator;
let keeper: Keeper;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
});

beforeEach(() => {
  simulator.recordings.clear();
  simulator.recordings.addAll(
    Array.from({ length: count }, (_, index) => ({
      startMs: Date.UTC(2026, 0, 1) + index * 60_000,
      durationMs: 61_500,
      direction: index % 3 === 0 ? 2 : 1,
      ownerUsername: index % 100 === 99 ? 'ben.carter' : 'anna.rossi',
      remotePartyNumber: `+3902${1_000_000 + index}`,
    })),
  );
  keeper = createKeeper({ server: simulator.url });
});

afterEach(() => {
  keeper.dispose();
  simulator.faults.clear();
  simulator.requests.clear();
});

const own = () => simulator.recordings.all().filter(({ ownerUsername }) => ownerUsername === 'anna.rossi');

/** Exports into `list.csv`; answers its rows without the header. */
async function exported(
  folder: string,
  query: Parameters<Keeper['keep']['exportList']>[0] = {},
): Promise<readonly (readonly string[])[]> {
  keeper.dialogs.file = { folder, fileName: 'list.csv' };
  expect(await keeper.keep.exportList(query)).toEqual({ ok: true, value: { queued: 1 } });
  await keeper.ended();
  expect(keeper.job()).toMatchObject({ kind: 'list', unit: 'rows', status: 'done', error: null });
  const text = await readFile(join(folder, 'list.csv'), 'utf8');
  expect(text.startsWith('\ufeff')).toBe(true);
  const [header, ...rows] = parseCsv(text.slice(1));
  expect(header).toEqual([
    ...['Reference', 'Start', 'Start (UTC)', 'Length', 'Seconds', 'Direction'],
    ...['Remote number', 'Local number', 'Owner', 'Id'],
  ]);
  return rows;
}

const idsOf = (rows: readonly (readonly string[])[]) => rows.map((row) => row[9]);

describe('exporting a list', () => {
  it('writes every own recording once, newest first, with numbers and times as they are', async () => {
    await withFolder(async (folder) => {
      const rows = await exported(folder);
      expect(idsOf(rows)).toEqual(own().map(({ id }) => id));
      const oldest = own().at(-1);
      expect(rows.at(-1)).toEqual([
        `\t${oldest?.referenceNumber ?? ''}`,
        '2026-01-01 01:00:00',
        '2026-01-01 00:00:00',
        '0:01:01',
        '61.500',
        'Outgoing',
        '\t+39021000000',
        '101',
        'anna.rossi',
        oldest?.id,
      ]);
      expect(keeper.job()).toMatchObject({ received: own().length, size: own().length, verification: null });
      expect(await partsIn(folder)).toEqual([]);
      expect(simulator.requests.filter('media')).toHaveLength(0);
    });
  });

  it('writes what the filter finds', async () => {
    await withFolder(async (folder) => {
      const rows = await exported(folder, {
        direction: 'outgoing',
        startTime: { operator: 'before', at: Date.UTC(2026, 0, 1, 1) },
      });
      expect(rows).toHaveLength(20);
      expect(rows.every((row) => row[5] === 'Outgoing')).toBe(true);
    });
  });

  it('writes what has the number in any spelling, and asks for all where the list was looked through (D4)', async () => {
    const add = (minute: number, remotePartyNumber: string) =>
      simulator.recordings.add({
        startMs: Date.UTC(2026, 5, 1, 0, minute),
        durationMs: 20_000,
        ownerUsername: 'anna.rossi',
        remotePartyNumber,
      }).id;
    const plain = add(1, '+390244540000');
    const spaced = add(0, '0039 02 4454 0000');
    add(2, '+490244540000');
    const number = '02 4454 0000';
    await withFolder(async (folder) => {
      const remotePartyNumber = { operator: 'contains', value: '244540000' } as const;
      const asked = await exported(folder, { remotePartyNumber, number: '+39 02 4454 0000' });
      expect(idsOf(asked)).toEqual([plain]);
    });
    await withFolder(async (folder) => {
      const through = await exported(folder, { number: `+39 ${number}` });
      expect(idsOf(through)).toEqual([plain, spaced]);
    });
  });

  it('writes what is as long as was asked for, which the server cannot tell', async () => {
    await withFolder(async (folder) => {
      const short = simulator.recordings.add({
        startMs: Date.UTC(2026, 5, 1),
        durationMs: 20_000,
        ownerUsername: 'anna.rossi',
      });
      expect(idsOf(await exported(folder, { length: { to: 30_000 } }))).toEqual([short.id]);
      expect(keeper.job()).toMatchObject({ received: 1, size: 1 });
    });
  });

  it('writes each row once, and misses none, while recordings come and go', async () => {
    await withFolder(async (folder) => {
      const before = own().map(({ id }) => id);
      const [, second, third] = before;
      // Between two pages: one is added at the top, then two are removed, which moves a row to a page already read.
      let answered = 0;
      simulator.faults.add({
        match: { route: 'list' },
        when: () => {
          answered += 1;
          if (answered === 2) simulator.recordings.add({ startMs: Date.UTC(2027, 0, 1) });
          if (answered === 4) {
            for (const id of [second, third]) simulator.recordings.remove(id ?? '');
          }
          return false;
        },
        action: { kind: 'reset' },
      });
      const ids = idsOf(await exported(folder));
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(ids)).toEqual(new Set([...before, ...own().map(({ id }) => id)]));
    });
  });

  it.each([
    ['has pages of its own size', { kind: 'ignorePageSize', size: 37 }],
    ['repeats rows', { kind: 'repeatRows', count: 5 }],
    ['counts differently each time', { kind: 'changingTotalCount', by: 7 }],
    ['sorts badly', { kind: 'badSort' }],
  ] as const)('comes to an end, and is complete, on a server that %s', async (_what, action) => {
    await withFolder(async (folder) => {
      simulator.faults.add({ match: { route: 'list' }, action });
      const ids = idsOf(await exported(folder));
      expect([...ids].sort()).toEqual(
        own()
          .map(({ id }) => id)
          .sort(),
      );
    });
  });

  it('comes to an end on a server that always answers the same page', async () => {
    await withFolder(async (folder) => {
      simulator.faults.add({ match: { route: 'list' }, action: { kind: 'ignoreFilter', name: 'page' } });
      const fixed = simulator.faults.add({
        match: { route: 'list' },
        action: { kind: 'reshape', set: { totalCount: 1_000_000 } },
      });
      await exported(folder);
      // Not more than its pages, each of them a few times.
      expect(fixed.hits).toBeLessThan(40);
    });
  });

  it('goes on after a page that was lost, and tells of a server that stays down', async () => {
    await withFolder(async (folder) => {
      simulator.faults.add({
        match: { route: 'list' },
        skip: 2,
        times: 2,
        action: { kind: 'page', status: 503 },
      });
      expect(await exported(folder)).toHaveLength(own().length);
      simulator.faults.add({ match: { route: 'list' }, skip: 1, action: { kind: 'page', status: 504 } });
      keeper.dialogs.file = { folder, fileName: 'second.csv' };
      await keeper.keep.exportList({});
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'failed', error: { code: 'service-down' } });
      expect(await filesIn(folder)).toEqual(['list.csv']);
      expect(await partsIn(folder)).toEqual([]);
    });
  });

  it('says how many recordings could not be read', async () => {
    await withFolder(async (folder) => {
      simulator.faults.add({
        // Not what the tray asks for beside it.
        match: { route: 'list', urlContains: 'pageSize=200' },
        times: 1,
        action: { kind: 'reshape', remove: Array.from({ length: 150 }, (_, at) => `recordings.${at}.id`) },
      });
      const rows = await exported(folder);
      expect(rows).toHaveLength(own().length - 150);
      expect(keeper.job()).toMatchObject({ received: own().length - 150, unreadable: 150 });
    });
  });

  it('can be cancelled, and leaves nothing', async () => {
    await withFolder(async (folder) => {
      simulator.faults.add({ match: { route: 'list' }, skip: 2, action: { kind: 'latency', ms: 400 } });
      keeper.dialogs.file = { folder, fileName: 'list.csv' };
      await keeper.keep.exportList({});
      await keeper.until(({ jobs }) => (jobs[0]?.received ?? 0) > 0);
      keeper.keep.cancel({});
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'cancelled', error: null });
      keeper.removals.carryOut();
      await expect.poll(() => partsIn(folder)).toEqual([]);
      expect(await filesIn(folder)).toEqual([]);
    });
  });
});
