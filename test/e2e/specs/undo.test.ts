import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { signIn } from '../harness/reclight';
import { keepView, presetDialogs, savesEnded } from '../harness/saving';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { until } from '../harness/until';

let harness: Harness;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-undo-'));
  harness = await startHarness();
});

afterEach(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

const counts = async () => (await keepView(harness.reclight)).counts;
const parts = async () => (await readdir(folder)).filter((name) => name.endsWith('.part'));

const newest = (count: number) =>
  harness.simulator.recordings
    .all()
    .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi')
    .slice(0, count)
    .map(({ id }) => id);

/** Saves some of the newest recordings from a slow server. @param skip those that memory has already */
async function saveSlowly(count: number, skip = 0): Promise<void> {
  await presetDialogs(harness.reclight, { path: join(folder, 'one.mp3'), folder });
  const ids = newest(skip + count).slice(skip);
  for (const id of ids) {
    harness.simulator.recordings.setMedia(id, { exactBytes: 3_000_000, bytesPerSecond: 500_000 });
  }
  await harness.reclight.window.evaluate((of) => self.reclight.saveRecordings({ ids: of }), ids);
  await until(async () => (await parts()).length > 0, 'a part file');
}

test('a slip of the hand on the saves is undone by button and by key, and costs no download (undo)', async () => {
  await saveSlowly(3);
  const { window: page } = harness.reclight;
  const saving = page.getByRole('region', { name: 'Saves' });
  await saving.getByRole('button', { name: 'Cancel all' }).click();
  await expect.poll(counts).toMatchObject({ cancelled: 3, downloading: 0 });
  await saving.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(counts).toMatchObject({ cancelled: 0 });
  await saving.getByRole('button', { name: 'Cancel all' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(counts).toMatchObject({ cancelled: 3 });
  await page.keyboard.press('Control+z');
  await expect.poll(counts).toMatchObject({ cancelled: 0 });
  expect((await savesEnded(harness.reclight)).counts).toMatchObject({ done: 3 });
  expect(harness.simulator.requests.filter('media')).toHaveLength(3);
  expect(await saving.getByRole('button', { name: 'Undo' }).count()).toBe(0);

  await saving.getByRole('button', { name: 'Clear finished' }).click();
  await saveSlowly(2, 3);
  await page.evaluate(() => self.reclight.cancelSave({}));
  await expect.poll(counts).toMatchObject({ cancelled: 2 });
  expect((await parts()).length).toBeGreaterThan(0);
  // Nobody undoes it: it is carried out by itself.
  await expect.poll(parts).toEqual([]);
});

test('a deleted mark comes back by the undo key, and is gone for good once RecLight quits (undo)', async () => {
  const [id = ''] = newest(1);
  const marks = async () => {
    const answer = await harness.reclight.window.evaluate((of) => self.reclight.listMarks({ id: of }), id);
    return answer.ok ? answer.value.map(({ offsetMs }) => offsetMs) : answer.error.code;
  };
  const remove = () =>
    harness.reclight.window.evaluate(async (of) => {
      const list = await self.reclight.listMarks({ id: of });
      if (list.ok) await self.reclight.deleteMark({ id: of, markId: list.value[0]?.id ?? 0 });
    }, id);
  await harness.reclight.window.evaluate((of) => self.reclight.addMark({ id: of, offsetMs: 5_000 }), id);
  await remove();
  expect(await marks()).toEqual([]);
  // The search field, where the focus is after sign-in, has an undo of its own.
  await harness.reclight.window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().focus();
  await harness.reclight.window.keyboard.press('Control+z');
  await expect.poll(marks).toEqual([5_000]);
  await remove();
  await harness.restart();
  await signIn(harness.reclight.window, harness.anna);
  expect(await marks()).toEqual([]);
});

test('paused saves stay paused over clean ends (C24)', async () => {
  await saveSlowly(3);
  await harness.reclight.window.evaluate(() => self.reclight.pauseSave({}));
  await expect.poll(counts).toMatchObject({ paused: 3 });
  const asked = harness.simulator.requests.filter('media').length;
  for (let start = 0; start < 2; start += 1) {
    await harness.restart();
    await signIn(harness.reclight.window, harness.anna);
    await expect.poll(counts).toMatchObject({ paused: 3, downloading: 0, queued: 0 });
  }
  expect(harness.simulator.requests.filter('media')).toHaveLength(asked);
});
