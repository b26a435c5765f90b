import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { fail } from '@shared/domain/errors';
import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { canMount, withDisk } from './support/disks';
import { filesIn, hashOf, partsIn, servedHash, withFolder } from '../../fixtures/folders';
import type { Keeper } from './support/keeper';
import { createKeeper } from './support/keeper';

const run = promisify(execFile);

let simulator: Simulator;
let keeper: Keeper;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
});

beforeEach(() => {
  keeper = createKeeper({ server: simulator.url, template: '{remote}' });
});

afterEach(() => {
  keeper.dispose();
  simulator.faults.clear();
  simulator.requests.clear();
});

const add = (remotePartyNumber: string, exactBytes = 400_000) =>
  simulator.recordings.add({ remotePartyNumber, media: { voice: 'speech', exactBytes, honourRange: true } })
    .id;

async function pack(folder: string, ids: readonly string[]): Promise<void> {
  keeper.dialogs.file = { folder, fileName: 'evidence.zip' };
  expect(await keeper.keep.saveEvidence({ ids: [...ids] })).toEqual({ ok: true, value: { queued: 1 } });
}

it('holds every recording under a name of its own, whatever is cut on the way', async () => {
  await withFolder(async (folder) => {
    const ids = [add('+3902'), add('+3902'), add('Zürich "日本" \\'), add('metadata.json'), add('../../x')];
    simulator.faults.add({ match: { route: 'media' }, times: 2, action: { kind: 'cut', atByte: 100_000 } });
    await pack(folder, ids);
    await keeper.ended();
    expect(keeper.job()).toMatchObject({ status: 'done', verification: 'verified', received: 2_000_000 });
    expect(await filesIn(folder)).toEqual(['evidence.zip']);
    expect(await partsIn(folder)).toEqual([]);

    const unpacked = join(folder, 'unpacked');
    await mkdir(unpacked);
    await run('unzip', ['-q', join(folder, 'evidence.zip'), '-d', unpacked]);
    const checked = await run('sha256sum', ['--strict', '-c', 'SHA256SUMS'], { cwd: unpacked });
    expect(checked.stdout.match(/: OK$/gm)).toHaveLength(7);
    const { recordings } = JSON.parse(await readFile(join(unpacked, 'metadata.json'), 'utf8')) as {
      readonly recordings: readonly { readonly file: string }[];
    };
    expect(recordings.map(({ file }) => file)).toEqual([
      '+3902.mp3',
      '+3902 (2).mp3',
      'Zürich _日本_ _.mp3',
      'metadata.json.mp3',
      '_.._x.mp3',
    ]);
    for (const [index, { file }] of recordings.entries()) {
      expect(await hashOf(join(unpacked, file))).toBe(await servedHash(simulator, ids[index] ?? ''));
    }
  });
});

it('is not made at all where one recording cannot be had', async () => {
  await withFolder(async (folder) => {
    const ids = [add('1'), add('2'), add('3')];
    simulator.faults.add({
      match: { route: 'media', urlContains: ids[1]?.toUpperCase() ?? '' },
      action: { kind: 'respond', status: 403 },
    });
    simulator.faults.add({
      match: { route: 'media', urlContains: ids[1] ?? '' },
      action: { kind: 'respond', status: 403 },
    });
    await pack(folder, ids);
    await keeper.ended();
    expect(keeper.job()).toMatchObject({ status: 'failed', error: { code: 'not-allowed' } });
    expect(await filesIn(folder)).toEqual([]);
    expect(await partsIn(folder)).toEqual([]);
  });
});

it('is not made where the summary cannot be printed', async () => {
  const printless = createKeeper({
    server: simulator.url,
    print: () => Promise.resolve(fail('internal', 'file')),
  });
  await withFolder(async (folder) => {
    printless.dialogs.file = { folder, fileName: 'evidence.zip' };
    await printless.keep.saveEvidence({ ids: [add('1')] });
    await printless.ended();
    expect(printless.job()).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(await filesIn(folder)).toEqual([]);
    expect(await partsIn(folder)).toEqual([]);
  });
  printless.dispose();
});

it('is called unverified where one of its recordings is', async () => {
  await withFolder(async (folder) => {
    simulator.faults.add({
      match: { route: 'detail' },
      times: 1,
      action: { kind: 'reshape', remove: ['hash', 'size'] },
    });
    await pack(folder, [add('1'), add('2')]);
    await keeper.ended();
    expect(keeper.job()).toMatchObject({ status: 'done', verification: 'unverified' });
  });
});

it('can be cancelled and paused in the middle, and leaves nothing behind', async () => {
  await withFolder(async (folder) => {
    const ids = [add('1'), add('2', 5_000_000), add('3')];
    simulator.recordings.setMedia(ids[1] ?? '', { bytesPerSecond: 4_000_000 });
    await pack(folder, ids);
    await keeper.until(({ jobs }) => (jobs[0]?.received ?? 0) > 500_000);
    expect(await partsIn(folder)).toHaveLength(2);
    keeper.keep.pause({});
    await keeper.until(({ counts }) => counts.paused === 1);
    keeper.keep.cancel({});
    await keeper.ended();
    expect(keeper.job()).toMatchObject({ status: 'cancelled' });
    keeper.removals.carryOut();
    await expect.poll(() => partsIn(folder)).toEqual([]);
    expect(await filesIn(folder)).toEqual([]);
  });
});

it.runIf(canMount)('leaves the disk as it was when there is no room for the package', async () => {
  await withDisk({ sizeKilobytes: 14_336 }, async (folder) => {
    simulator.faults.add({ match: { route: 'detail' }, action: { kind: 'reshape', remove: ['size'] } });
    // The recording has room beside an empty package, but not beside its own copy in it.
    await pack(folder, [add('1', 12_000_000)]);
    await keeper.ended();
    expect(keeper.job()).toMatchObject({ status: 'failed', error: { code: 'disk-full' } });
    expect(await filesIn(folder)).toEqual([]);
    expect(await partsIn(folder)).toEqual([]);
  });
});
