import { watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { MediaSpec } from '../../tools/simulator';
import { cutAtRandom } from '../../tools/simulator/testing/cuts';
import { filesIn, hashOf, partsIn, servedHash } from '../../fixtures/folders';
import { seededRandom } from '../../fixtures/virtual-clock';
import { signIn } from '../harness/reclight';
import { keepView, presetDialogs, savesEnded } from '../harness/saving';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

const firstStartMs = Date.UTC(2026, 1, 1);

let harness: Harness;
let folder: string;
/** By the name that a recording is saved under, its SHA-256. */
let expected: Map<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-saved-'));
  harness = await startHarness({ simulator: { recordings: 0 }, signedIn: false });
  // Thousands of answers are waited for: one that is slow shows no more than one that is not.
  harness.simulator.web.delays = {};
  expected = new Map();
});

afterEach(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

/** Puts recordings on the server. @param describe tells length and audio of the one with that index */
async function addRecordings(
  count: number,
  describe: (index: number) => { readonly durationMs: number; readonly media: Partial<MediaSpec> },
): Promise<string[]> {
  const { simulator } = harness;
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { durationMs, media } = describe(index);
    const { id, referenceNumber } = simulator.recordings.add({
      startMs: firstStartMs + index * 600_000,
      durationMs,
      ownerUsername: 'anna.rossi',
    });
    simulator.recordings.setMedia(id, media);
    ids.push(id);
    expected.set(`${referenceNumber}.mp3`, await servedHash(simulator, id));
  }
  simulator.requests.clear();
  return ids;
}

const signInToStay = () => signIn(harness.reclight.window, { ...harness.anna, remember: true });

/** Tells RecLight to save what is wanted, under names that are only the reference number. */
async function save(ids: readonly string[]): Promise<void> {
  await presetDialogs(harness.reclight, { path: join(folder, 'one.mp3'), folder });
  const answer = await harness.reclight.window.evaluate(async (wanted) => {
    await self.reclight.updateSettings({ keep: { template: '{reference}' } });
    return self.reclight.saveRecordings({ ids: [...wanted] });
  }, ids);
  expect(answer).toEqual({ ok: true, value: { queued: ids.length } });
}

/** Every file under a final name has the bytes that the server has; a further one of the same has a number. */
async function expectRight(): Promise<number> {
  const files = await filesIn(folder);
  for (const file of files) {
    expect(await hashOf(join(folder, file)), file).toBe(expected.get(file.replace(/ \(\d+\)(?=\.mp3$)/, '')));
  }
  return files.length;
}

/** Kills RecLight as soon as so many more files have got their names. */
async function saveUntilKilled(ids: readonly string[], names: number): Promise<void> {
  const seen = new Set(await filesIn(folder));
  const before = seen.size;
  const watcher = watch(folder, (_event, name) => {
    if (name === null || name.endsWith('.part')) return;
    seen.add(name);
    // At the very moment: what gets its name before it is whole, stays as it is.
    if (seen.size === before + names) process.kill(harness.reclight.pid, 'SIGKILL');
  });
  try {
    await save(ids);
    await harness.reclight.ended;
  } finally {
    watcher.close();
  }
  expect((await filesIn(folder)).length).toBeGreaterThanOrEqual(before + names);
}

/**
 * After the next start what was asked for goes on by itself, until each recording is there once more, right, and only
 * once: but for those that got their names while the queue was being written down.
 */
async function expectRest(count: number, before: number): Promise<void> {
  await harness.restart();
  await savesEnded(harness.reclight);
  const now = await expectRight();
  expect(now).toBeGreaterThanOrEqual(before + count);
  expect(now).toBeLessThanOrEqual(before + count + 8);
  const stems = (await filesIn(folder)).map((file) => file.replace(/ \(\d+\)(?=\.mp3$)/, ''));
  expect(new Set(stems).size).toBe(count);
  expect(await partsIn(folder)).toEqual([]);
}

test('of 500 recordings with connections cut at random each is saved whole and right, or listed as failed', async () => {
  const count = 500;
  const random = seededRandom(7);
  const ids = await addRecordings(count, (index) => ({
    durationMs: 1_000 + Math.floor(random() * 9_000),
    // Half of the server honours `Range`, the other half begins anew.
    media: { voice: 'speech', honourRange: index % 2 === 0 },
  }));
  await signInToStay();
  cutAtRandom(harness.simulator, random);
  await save(ids);
  const { counts, jobs, hidden } = await savesEnded(harness.reclight, 240_000);

  expect(counts.done + counts.failed).toBe(count);
  // The cuts leave some without luck, and most with it: otherwise this shows nothing.
  expect(counts.failed).toBeGreaterThan(10);
  expect(counts.done).toBeGreaterThan(300);
  // Every failed one is listed by its name, whatever else is not.
  const unlucky = jobs.filter(({ status }) => status === 'failed');
  expect(unlucky).toHaveLength(counts.failed);
  for (const { fileName } of unlucky) expect(expected.has(fileName ?? '')).toBe(true);
  // Beside them there is what was in sight before, which keeps its place.
  expect(jobs.length).toBeGreaterThanOrEqual(100);
  expect(jobs.length).toBeLessThanOrEqual(counts.failed + 100);
  expect(hidden).toBe(count - jobs.length);
  for (const { status, error, verification } of jobs) {
    if (status === 'failed') expect(error?.code).toBe('connection-lost');
    else expect(verification).toBe('verified');
  }
  expect(await expectRight()).toBe(counts.done);
  // What has arrived of some of the failed ones waits for another attempt.
  expect((await partsIn(folder)).length).toBeLessThanOrEqual(Math.min(16, counts.failed));
  // At most two more attempts each.
  expect(harness.simulator.requests.filter('media').length).toBeLessThanOrEqual(3 * count);

  const saving = harness.reclight.window.getByRole('region', { name: 'Saves' });
  await saving.getByText(`${counts.failed} not saved`).waitFor();
  harness.simulator.faults.clear();
  await saving.getByRole('button', { name: 'Try all again' }).click();
  await expect
    .poll(async () => (await keepView(harness.reclight)).counts, { timeout: 120_000 })
    .toMatchObject({ done: count, failed: 0 });
  expect(await expectRight()).toBe(count);
  expect(await partsIn(folder)).toEqual([]);
}, 480_000);

test('killed in the middle of large files it leaves none damaged under a final name, and goes on at the next start', async () => {
  const ids = await addRecordings(30, (index) => ({
    durationMs: 10_000,
    media: {
      voice: 'speech',
      exactBytes: 1_500_000 + index,
      // Some take three times as long, so that one is in the middle when another is done.
      bytesPerSecond: index % 4 === 0 ? 2_000_000 : 6_000_000,
    },
  }));
  await signInToStay();
  for (const names of [2, 5, 9]) {
    const before = (await filesIn(folder)).length;
    await saveUntilKilled(ids, names);
    const parts = await partsIn(folder);
    // It was killed in the middle: otherwise this shows nothing.
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.length).toBeLessThanOrEqual(2);
    await expectRight();
    await expectRest(ids.length, before);
  }
});

test('killed among many small files it leaves none damaged under a final name, and loses none', async () => {
  const ids = await addRecordings(150, (index) => ({
    durationMs: 1_000,
    media: { voice: 'speech', exactBytes: 500 + ((index * 7_919) % 30_000) },
  }));
  await signInToStay();
  for (const names of [1, 3, 8, 17, 40, 71, 98, 131]) {
    const before = (await filesIn(folder)).length;
    await saveUntilKilled(ids, names);
    await expectRight();
    await expectRest(ids.length, before);
  }
});
