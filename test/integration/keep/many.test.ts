import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Simulator } from '../../simulator';
import { startSimulator } from '../../simulator';
import { seededRandom } from '../../support/virtual-clock';
import { filesIn, hashOf, partsIn, servedHash, withFolder } from './support/folders';
import { createKeeper } from './support/keeper';

const count = 500;

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
});

it('saves 500 recordings with connections cut at random: each is whole and right, or listed as failed', async () => {
  const random = seededRandom(7);
  const start = Date.UTC(2026, 1, 1);
  simulator.recordings.addAll(
    Array.from({ length: count }, (_, index) => ({
      startMs: start + index * 600_000,
      durationMs: 1_000 + Math.floor(random() * 9_000),
      ownerUsername: 'anna.rossi',
      // Half of the server honours `Range`, the other half begins anew.
      media: { voice: 'speech', honourRange: index % 2 === 0 } as const,
    })),
  );
  const expected = new Map<string, string>();
  for (const { id, referenceNumber } of simulator.recordings.all()) {
    expected.set(referenceNumber, await servedHash(simulator, id));
  }
  simulator.requests.clear();
  simulator.audit.clear();

  // Two of three requests for media break: before the answer, in the middle, or by closing too early.
  const strikes = new Map<number, 'reset' | 'cut' | 'close' | 'none'>();
  const strikeOf = (sequence: number) => {
    const known = strikes.get(sequence);
    if (known !== undefined) return known;
    const chance = random();
    const chosen = chance < 0.15 ? 'reset' : chance < 0.45 ? 'cut' : chance < 0.6 ? 'close' : 'none';
    strikes.set(sequence, chosen);
    return chosen;
  };
  const match = { route: 'media' } as const;
  simulator.faults.add({
    match,
    when: ({ sequence }) => strikeOf(sequence) === 'reset',
    action: { kind: 'reset' },
  });
  simulator.faults.add({
    match,
    when: ({ sequence }) => strikeOf(sequence) === 'cut',
    action: { kind: 'cut', atByte: 4_000, how: 'reset' },
  });
  simulator.faults.add({
    match,
    when: ({ sequence }) => strikeOf(sequence) === 'close',
    action: { kind: 'cut', atByte: 2_000, how: 'close' },
  });

  await withFolder(async (folder) => {
    const keeper = createKeeper({ server: simulator.url, template: '{reference}' });
    try {
      keeper.dialogs.folder = folder;
      const ids = simulator.recordings.all().map(({ id }) => id);
      expect(await keeper.keep.saveRecordings({ ids })).toEqual({ ok: true, value: { queued: count } });
      const { counts, jobs, hidden } = await keeper.ended();

      expect(counts.done + counts.failed).toBe(count);
      // The faults above leave some without luck, and most with it: otherwise this shows nothing.
      expect(counts.failed).toBeGreaterThan(10);
      expect(counts.done).toBeGreaterThan(300);
      expect(jobs).toHaveLength(100);
      expect(hidden).toBe(count - 100);

      const files = await filesIn(folder);
      expect(files).toHaveLength(counts.done);
      expect(await partsIn(folder)).toEqual([]);
      for (const file of files) {
        expect(await hashOf(join(folder, file)), file).toBe(expected.get(file.replace(/\.mp3$/, '')));
      }
      for (const { status, error, verification } of jobs) {
        if (status === 'failed') expect(error?.code).toBe('connection-lost');
        else expect(verification).toBe('verified');
      }
      // At most two more attempts each, and each request counted for what it is: an event in the audit trail.
      const requests = simulator.requests.filter('media');
      expect(requests.length).toBeLessThanOrEqual(3 * count);

      simulator.faults.clear();
      expect(keeper.keep.retry({})).toEqual({ ok: true, value: null });
      const healed = await keeper.ended();
      expect(healed.counts).toMatchObject({ done: count, failed: 0 });
      for (const file of await filesIn(folder)) {
        expect(await hashOf(join(folder, file)), file).toBe(expected.get(file.replace(/\.mp3$/, '')));
      }
    } finally {
      keeper.dispose();
    }
  });
}, 120_000);
