import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { mainMemory } from '../harness/memory';
import { keepView, presetDialogs, savesEnded } from '../harness/saving';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { until } from '../harness/until';

const run = promisify(execFile);

let harness: Harness;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-kept-'));
  harness = await startHarness();
});

afterEach(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

const preset = (path: string) => presetDialogs(harness.reclight, { path, folder });
const view = () => keepView(harness.reclight);
const ended = () => savesEnded(harness.reclight);
const counts = async () => (await view()).counts;

const newest = (count: number) =>
  harness.simulator.recordings
    .all()
    .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi')
    .slice(0, count);

/** Page objects of a PDF, without a library. */
async function pagesOf(path: string): Promise<number> {
  const text = await readFile(path, 'latin1');
  return [...text.matchAll(/\/Type\s*\/Page(?![s\w])/g)].length;
}

test('an evidence package is a ZIP that unzip and sha256sum accept, with a PDF of one page', async () => {
  const zip = join(folder, 'evidence.zip');
  await preset(zip);
  const recordings = newest(3);
  const answer = await harness.reclight.window.evaluate(
    (ids) => self.reclight.saveEvidence({ ids }),
    recordings.map(({ id }) => id),
  );
  expect(answer).toEqual({ ok: true, value: { queued: 1 } });
  expect((await ended()).jobs).toMatchObject([
    { kind: 'evidence', status: 'done', fileName: 'evidence.zip', verification: 'verified', downloads: 3 },
  ]);

  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  expect((await run('unzip', ['-t', zip])).stdout).toContain('No errors detected');
  await run('unzip', ['-q', zip, '-d', unpacked]);
  const files = await readdir(unpacked);
  expect(files).toHaveLength(6);
  const checked = await run('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: unpacked });
  expect(checked.stdout.trim().split('\n')).toHaveLength(5);
  expect(checked.stdout).not.toContain('FAILED');

  const metadata = JSON.parse(await readFile(join(unpacked, 'metadata.json'), 'utf8')) as {
    readonly createdBy: string;
    readonly recordings: readonly { readonly file: string; readonly server: { readonly id: string } }[];
  };
  expect(metadata.createdBy).toBe('anna.rossi');
  expect(metadata.recordings.map(({ server }) => server.id)).toEqual(recordings.map(({ id }) => id));
  for (const { file } of metadata.recordings) expect(files).toContain(file);
  expect((await readFile(join(unpacked, 'summary.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await pagesOf(join(unpacked, 'summary.pdf'))).toBe(1);
  expect(await readdir(folder)).toEqual(['evidence.zip', 'unpacked']);
});

test('an evidence package of large recordings is streamed: RecLight never holds even one of them', async () => {
  const size = 60_000_000;
  const { simulator, reclight } = harness;
  const large = newest(6).map(({ id }) => {
    simulator.recordings.setMedia(id, { exactBytes: size });
    return id;
  });
  const keep = async (name: string, ids: readonly string[]) => {
    await preset(join(folder, name));
    const answer = await reclight.window.evaluate(
      (wanted) => self.reclight.saveEvidence({ ids: [...wanted] }),
      ids,
    );
    expect(answer.ok).toBe(true);
  };
  // What printing and packing bring in with the first package is not of the recordings.
  await keep('small.zip', [newest(7)[6]?.id ?? '']);
  await ended();
  const before = await mainMemory(reclight);
  const most = { external: 0, whole: 0 };
  let samples = 0;
  await keep('large.zip', large);
  await expect
    .poll(
      async () => {
        const now = await mainMemory(reclight);
        most.external = Math.max(most.external, now.external - before.external);
        most.whole = Math.max(most.whole, now.whole - before.whole);
        samples += 1;
        return (await counts()).done;
      },
      { timeout: 100_000, interval: 20 },
    )
    .toBe(2);
  const { jobs } = await view();
  expect(jobs.find(({ fileName }) => fileName === 'large.zip')).toMatchObject({
    status: 'done',
    verification: 'verified',
    downloads: 6,
  });
  expect(samples).toBeGreaterThan(10);
  expect(most.external).toBeLessThan(size);
  expect(most.whole).toBeLessThan(2 * size);
  const zip = join(folder, 'large.zip');
  expect((await stat(zip)).size).toBeGreaterThan(6 * size);
  expect((await run('unzip', ['-tq', zip])).stdout).toContain('No errors detected');
});

test.each([12, 30, 50])(
  'the summary of %i recordings with hostile texts is one page, and runs nothing',
  async (count) => {
    const zip = join(folder, 'many.zip');
    await preset(zip);
    const { simulator } = harness;
    for (let added = newest(count).length; added < count; added += 1) {
      simulator.recordings.add({
        startMs: simulator.clock.now() - added * 60_000,
        durationMs: 2_000,
        ownerUsername: 'anna.rossi',
      });
    }
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>'.repeat(2);
    const ids = newest(count).map(({ id }) => {
      harness.simulator.recordings.update(id, { remotePartyNumber: hostile, durationMs: 2_000 });
      return id;
    });
    await harness.reclight.window.evaluate((wanted) => self.reclight.saveEvidence({ ids: wanted }), ids);
    expect((await ended()).jobs).toMatchObject([{ status: 'done', downloads: ids.length }]);
    await run('unzip', ['-q', zip, 'summary.pdf', '-d', folder]);
    expect(ids).toHaveLength(count);
    expect(await pagesOf(join(folder, 'summary.pdf'))).toBe(1);
    // The window that printed is gone, and only ours is left.
    expect(
      await harness.reclight.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    ).toBe(1);
  },
);

test('recordings are saved over a reload of the window, under names of the template, and shown', async () => {
  await preset(join(folder, 'one.mp3'));
  const recordings = newest(4);
  for (const { id } of recordings) harness.simulator.recordings.setMedia(id, { bytesPerSecond: 800_000 });
  const { window: page } = harness.reclight;
  const answer = await page.evaluate(
    (ids) => self.reclight.saveRecordings({ ids }),
    recordings.map(({ id }) => id),
  );
  expect(answer).toEqual({ ok: true, value: { queued: 4 } });
  // What names the files is asked for first.
  await harness.simulator.requests.waitForRequest(({ route }) => route === 'media', 30_000);
  await page.reload();
  const kept = await ended();
  expect(kept.counts).toMatchObject({ done: 4 });
  expect(kept.jobs.every(({ verification }) => verification === 'verified')).toBe(true);
  const files = await readdir(folder);
  expect(files).toHaveLength(4);
  for (const { id, referenceNumber } of recordings) {
    const file = files.find((name) => name.includes(referenceNumber));
    expect(file).toMatch(/^\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d \S+ \d+\.mp3$/);
    const job = kept.jobs.find(({ recordingId }) => recordingId === id);
    expect((await stat(join(folder, file ?? ''))).size).toBe(job?.size);
  }
});

test('a list is exported, and quitting in the middle of a save leaves no half of it', async () => {
  const csv = join(folder, 'list.csv');
  await preset(csv);
  const { window: page } = harness.reclight;
  await page.evaluate(() => self.reclight.exportList({}));
  await ended();
  const text = await readFile(csv, 'utf8');
  const own = harness.simulator.recordings
    .all()
    .filter(({ ownerUsername }) => ownerUsername === 'anna.rossi');
  expect(text.split('\r\n')).toHaveLength(own.length + 2);

  const [recording] = newest(1);
  harness.simulator.recordings.setMedia(recording?.id ?? '', {
    exactBytes: 8_000_000,
    bytesPerSecond: 1_000_000,
  });
  await preset(join(folder, 'half.mp3'));
  await page.evaluate((id) => self.reclight.saveRecordings({ ids: [id] }), recording?.id ?? '');
  await until(async () => (await readdir(folder)).some((name) => name.endsWith('.part')), 'a part file');
  await harness.reclight.quit();
  expect(await readdir(folder)).toEqual(['list.csv']);
});

test('the window saves what is selected, shows how it fares, pauses, goes on, and exports what is found', async () => {
  await preset(join(folder, 'window.mp3'));
  const { window: page } = harness.reclight;
  const recordings = newest(3);
  for (const { id } of recordings) {
    harness.simulator.recordings.setMedia(id, { exactBytes: 3_000_000, bytesPerSecond: 400_000 });
  }
  const rows = page.getByRole('grid', { name: 'Recordings' }).getByRole('row');
  await rows.nth(0).click();
  await rows.nth(1).click({ modifiers: ['Control'] });
  expect(await rows.nth(0).getAttribute('aria-selected')).toBe('true');
  await rows.nth(1).click({ button: 'right' });
  const menu = page.getByRole('menu', { name: '2 recordings' });
  await menu.waitFor();
  expect(await menu.getByRole('menuitem').allTextContents()).toEqual(['Save as…', 'Save as evidence…']);
  await menu.getByRole('menuitem', { name: 'Save as…' }).click();

  const saving = page.getByRole('region', { name: 'Saves' });
  await expect.poll(() => saving.getByRole('progressbar').count()).toBe(2);
  await saving.getByRole('button', { name: 'Pause', exact: true }).first().click();
  await expect.poll(async () => (await view()).counts.paused).toBe(1);
  await saving.getByRole('button', { name: 'Resume', exact: true }).click();
  await expect
    .poll(() => saving.getByRole('status').textContent(), { timeout: 60_000 })
    .toBe('2 saves are complete.');
  expect(await readdir(folder)).toHaveLength(2);

  // A plain click ends the selection of several: one more is saved, not three.
  await rows.nth(2).click();
  await page.keyboard.press('Control+s');
  await expect.poll(async () => (await view()).counts.downloading).toBe(1);
  await expect.poll(() => saving.getByRole('button', { name: 'Show saves' }).count()).toBe(1);
  await saving.getByRole('button', { name: 'Cancel all' }).click();
  await expect.poll(async () => (await view()).counts.cancelled).toBe(1);
  await saving.getByRole('button', { name: 'Clear finished' }).click();
  await saving.waitFor({ state: 'detached' });

  const csv = join(folder, 'today.csv');
  await preset(csv);
  const number = recordings[0]?.remotePartyNumber ?? '';
  await page.getByRole('searchbox', { name: 'Remote number' }).fill(number);
  await page.getByRole('button', { name: 'Export list' }).click();
  await saving.getByRole('button', { name: 'Show in folder' }).waitFor();
  const lines = (await readFile(csv, 'utf8')).trim().split('\r\n').slice(1);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.every((line) => line.includes(number.replace('+', '')))).toBe(true);
});

/** What the focus is on. */
const focused = () =>
  harness.reclight.window.evaluate(() => {
    const { activeElement: element } = document;
    return element?.getAttribute('role') === 'row'
      ? 'a row'
      : (element?.getAttribute('aria-label') ?? element?.textContent ?? '');
  });

/** Goes from control to control, a few times around at most, once what is wanted is there to be come to. */
async function tabTo(wanted: string): Promise<void> {
  const { window: page } = harness.reclight;
  if (wanted !== 'a row') await page.getByRole('button', { name: wanted, exact: true }).first().waitFor();
  const passed: string[] = [];
  do {
    if (passed.length > 80) throw new Error(`Tab came to ${passed.join(', ')}; not to ${wanted}`);
    await page.keyboard.press('Tab');
    passed.push(await focused());
  } while (passed.at(-1) !== wanted);
}

test('the keyboard alone saves, pauses, goes on, cancels, tries again and exports', async () => {
  await preset(join(folder, 'keys.mp3'));
  const { window: page } = harness.reclight;
  const [recording] = newest(1);
  harness.simulator.recordings.setMedia(recording?.id ?? '', {
    exactBytes: 3_000_000,
    bytesPerSecond: 500_000,
  });
  await page.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
  await tabTo('a row');
  await page.keyboard.press('Home');
  await page.keyboard.press('Control+s');
  await expect.poll(counts).toMatchObject({ downloading: 1 });
  await tabTo('Pause');
  await page.keyboard.press('Enter');
  await expect.poll(counts).toMatchObject({ paused: 1 });
  // The same button, under its new name.
  await expect.poll(focused).toBe('Resume');
  await page.keyboard.press('Space');
  await expect.poll(counts).toMatchObject({ downloading: 1 });
  await tabTo('Cancel');
  await page.keyboard.press('Enter');
  await expect.poll(counts).toMatchObject({ cancelled: 1 });
  await expect.poll(focused).toBe('Try again');
  await page.keyboard.press('Enter');
  expect((await ended()).counts).toMatchObject({ done: 1 });
  expect(await readdir(folder)).toEqual(['keys.mp3']);

  await preset(join(folder, 'keys.csv'));
  await tabTo('Export list');
  await page.keyboard.press('Enter');
  await expect.poll(counts, { timeout: 30_000 }).toMatchObject({ done: 2 });
  expect((await readFile(join(folder, 'keys.csv'), 'utf8')).split('\r\n').length).toBeGreaterThan(2);
});

test('the keyboard alone keeps several as evidence, stops and retries all, shows files, copies and clears', async () => {
  await preset(join(folder, 'keys.zip'));
  const { window: page, app } = harness.reclight;
  const { keyboard } = page;
  const recordings = newest(3);
  await app.evaluate(({ shell }) => {
    Reflect.set(globalThis, 'shownFiles', []);
    shell.showItemInFolder = (path) => (Reflect.get(globalThis, 'shownFiles') as string[]).push(path);
  });
  const shownFiles = () => app.evaluate(() => Reflect.get(globalThis, 'shownFiles') as string[]);
  /** Opens the menu of what is selected, and chooses from it. */
  const choose = async (menu: string, item: string) => {
    await keyboard.press('Shift+F10');
    await page.getByRole('menu', { name: menu }).waitFor();
    for (let pressed = 0; (await focused()) !== item; pressed += 1) {
      if (pressed > 8) throw new Error(`No ${item}; the focus is on ${await focused()}`);
      await keyboard.press('ArrowDown');
    }
    await keyboard.press('Enter');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  };

  await page.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
  await tabTo('a row');
  await keyboard.press('Home');
  await choose('Recording', 'Copy reference number');
  await expect
    .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
    .toBe(recordings[0]?.referenceNumber);
  await expect.poll(focused).toBe('a row');

  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  await choose('3 recordings', 'Save as evidence…');
  expect((await ended()).jobs).toMatchObject([{ kind: 'evidence', status: 'done', downloads: 3 }]);
  expect((await run('unzip', ['-t', join(folder, 'keys.zip')])).stdout).toContain('No errors detected');
  await tabTo('Show in folder');
  await keyboard.press('Enter');
  await expect.poll(shownFiles).toEqual([join(folder, 'keys.zip')]);
  await tabTo('Clear finished');
  await keyboard.press('Enter');
  await page.getByRole('region', { name: 'Saves' }).waitFor({ state: 'detached' });
  // What had the focus is gone; whoever has no mouse goes on in the list.
  await expect.poll(focused).toBe('a row');

  // Others: what was downloaded for the package is not downloaded again.
  for (const { id } of newest(6).slice(3)) {
    harness.simulator.recordings.setMedia(id, { exactBytes: 3_000_000, bytesPerSecond: 400_000 });
  }
  await keyboard.press('Home');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown']) {
    await keyboard.press(key);
  }
  await choose('3 recordings', 'Save as…');
  await tabTo('Pause all');
  await keyboard.press('Enter');
  await expect.poll(counts).toMatchObject({ paused: 3, downloading: 0 });
  await expect.poll(focused).toBe('Resume all');
  await keyboard.press('Enter');
  await expect.poll(async () => (await counts()).paused).toBe(0);
  await tabTo('Cancel all');
  await keyboard.press('Enter');
  await expect.poll(counts).toMatchObject({ cancelled: 3, downloading: 0, queued: 0 });
  // The button is gone, the focus is not: it is on what comes next, which may have come in between.
  await expect.poll(focused).toMatch(/^(Clear finished|Show saves)$/);
  if ((await focused()) !== 'Show saves') await tabTo('Show saves');
  await keyboard.press('Enter');
  await tabTo('Try again');
  await keyboard.press('Enter');
  await expect.poll(async () => (await counts()).cancelled).toBe(2);
  expect((await ended()).counts).toMatchObject({ done: 1, cancelled: 2 });
  expect((await readdir(folder)).filter((name) => name.endsWith('.mp3'))).toHaveLength(1);
});
