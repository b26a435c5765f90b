import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { MediaSpec, Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { canMount, whyNoStick, withDisk, withStick } from './support/disks';
import { filesIn, hashOf, partsIn, servedHash, withFolder } from '../../fixtures/folders';
import type { Keeper } from './support/keeper';
import { createKeeper } from './support/keeper';

let simulator: Simulator;
let keeper: Keeper;

beforeAll(async () => {
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
});

beforeEach(() => {
  keeper = createKeeper({ server: simulator.url });
});

afterEach(() => {
  keeper.dispose();
  simulator.faults.clear();
  simulator.requests.clear();
  simulator.audit.clear();
});

const downloads = () => simulator.requests.filter('media').length;

function addRecording(media: Partial<MediaSpec> = {}, durationMs = 20_000) {
  return simulator.recordings.add({ durationMs, media: { voice: 'speech', ...media } });
}

/** Saves as `call.mp3`, and answers when the queue has taken it. */
async function save(id: string, folder: string, fileName = 'call.mp3'): Promise<void> {
  keeper.dialogs.file = { folder, fileName };
  expect(await keeper.keep.saveRecordings({ ids: [id] })).toEqual({ ok: true, value: { queued: 1 } });
}

const received = (bytes: number) => keeper.until(({ jobs }) => (jobs[0]?.received ?? 0) >= bytes);

describe('one recording', () => {
  it('is saved whole, verified, and shown where it is', async () => {
    await withFolder(async (folder) => {
      const { id, referenceNumber } = addRecording();
      await save(id.toUpperCase(), folder);
      await keeper.ended();
      const hash = await servedHash(simulator, id);
      expect(await hashOf(join(folder, 'call.mp3'))).toBe(hash);
      expect(await filesIn(folder)).toEqual(['call.mp3']);
      expect(await partsIn(folder)).toEqual([]);
      expect(keeper.dialogs.suggested).toEqual([
        expect.stringMatching(
          new RegExp(
            `^\\d{4}-\\d\\d-\\d\\d \\d\\d\\.\\d\\d\\.\\d\\d \\+390244548866 ${referenceNumber}\\.mp3$`,
          ),
        ),
      ]);
      const size = (await readFile(join(folder, 'call.mp3'))).length;
      expect(keeper.job()).toMatchObject({
        kind: 'recording',
        recordingId: id,
        fileName: 'call.mp3',
        status: 'done',
        verification: 'verified',
        received: size,
        size,
        downloads: 1,
        fromMemory: false,
        error: null,
      });
      expect(keeper.chosenFolder()).toBe(folder);
      expect(keeper.keep.showFile({ jobId: keeper.job().id })).toMatchObject({ ok: true });
      expect(keeper.dialogs.shown).toEqual([{ folder, fileName: 'call.mp3' }]);
      expect(simulator.audit.events).toHaveLength(1);
    });
  });

  it('queues nothing where the user closes the dialog', async () => {
    const { id } = addRecording();
    expect(await keeper.keep.saveRecordings({ ids: [id] })).toEqual({ ok: true, value: { queued: 0 } });
    expect(keeper.keep.view().jobs).toEqual([]);
    expect(downloads()).toBe(0);
  });

  it('comes from memory where the player has it, without another download', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording();
      const opened = await keeper.media.open(id);
      expect(opened.ok).toBe(true);
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'done',
        downloads: 0,
        fromMemory: true,
        verification: 'verified',
      });
      expect(await hashOf(join(folder, 'call.mp3'))).toBe(await servedHash(simulator, id));
      expect(downloads()).toBe(1);
    });
  });

  it('is heard and saved again without another download', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording();
      await save(id, folder);
      await keeper.ended();
      const heard = await keeper.media.open(id);
      expect(heard).toMatchObject({ ok: true, value: { sizeBytes: keeper.job().size } });
      await save(id, folder, 'again.mp3');
      await keeper.ended();
      expect(await hashOf(join(folder, 'again.mp3'))).toBe(await servedHash(simulator, id));
      expect(downloads()).toBe(1);
      expect(simulator.audit.events).toHaveLength(1);
    });
  });

  it('gets a number where its name is taken, and overwrites nothing', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording();
      await writeFile(join(folder, 'call.mp3'), 'mine');
      await symlink(join(folder, 'nowhere'), join(folder, 'call (2).mp3'));
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'done', fileName: 'call (3).mp3' });
      expect(await readFile(join(folder, 'call.mp3'), 'utf8')).toBe('mine');
      expect(await hashOf(join(folder, 'call (3).mp3'))).toBe(await servedHash(simulator, id));
    });
  });

  it('is saved, but not called verified, where the server tells another hash or none', async () => {
    await withFolder(async (folder) => {
      for (const [set, remove] of [
        [{ 'hash.SHA256': 'A'.repeat(64) }, []],
        [{}, ['hash']],
      ] as const) {
        const { id } = addRecording();
        const fault = simulator.faults.add({
          match: { route: 'detail' },
          action: { kind: 'reshape', set, remove },
        });
        await save(id, folder);
        await keeper.ended();
        expect(fault.hits).toBe(1);
        expect(keeper.job()).toMatchObject({
          status: 'done',
          verification: 'unverified',
          downloads: 1,
          error: null,
        });
        fault.remove();
      }
    });
  });

  it('is refused where the server has it no more, or sends a page for it', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording();
      simulator.faults.add({ match: { route: 'media' }, action: { kind: 'proxyLogin' } });
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'failed',
        error: { code: 'not-this-server' },
        downloads: 1,
      });
      simulator.faults.clear();
      simulator.recordings.remove(id);
      expect(await keeper.keep.saveRecordings({ ids: [id] })).toMatchObject({
        ok: false,
        error: { code: 'recording-not-found' },
      });
      expect(await filesIn(folder)).toEqual([]);
      expect(await partsIn(folder)).toEqual([]);
    });
  });
});

describe('pausing', () => {
  it('stops the network, and goes on without a second download', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording({ exactBytes: 20_000_000, bytesPerSecond: 20_000_000 });
      await save(id, folder);
      await received(1_000_000);
      const { id: jobId } = keeper.job();
      expect(keeper.keep.pause({ jobId })).toMatchObject({ ok: true });
      await keeper.until(({ counts }) => counts.paused === 1);
      const { received: held } = keeper.job();
      // Buffers fill up, then nothing moves any more: the server cannot get rid of the rest.
      await save(addRecording().id, folder, 'other.mp3');
      await keeper.until(({ counts }) => counts.done === 1);
      expect(keeper.job(jobId)).toMatchObject({ status: 'paused', bytesPerSecond: null });
      expect(keeper.job(jobId).received).toBeLessThanOrEqual(held + 1_048_576);
      expect(simulator.requests.filter('media')[0]).toMatchObject({ durationMs: null });

      expect(keeper.keep.resume({ jobId })).toMatchObject({ ok: true });
      await keeper.ended();
      expect(keeper.job(jobId)).toMatchObject({ status: 'done', downloads: 1, verification: 'verified' });
      expect(downloads()).toBe(2);
    });
  });

  it('lets the connection of one go when a second one is paused, and asks for the rest', async () => {
    await withFolder(async (folder) => {
      const spec = { exactBytes: 8_000_000, bytesPerSecond: 8_000_000, honourRange: true };
      await save(addRecording(spec).id, folder, 'a.mp3');
      await save(addRecording(spec).id, folder, 'b.mp3');
      await keeper.until(({ jobs }) => jobs.length === 2 && jobs.every((job) => job.received > 500_000));
      expect(keeper.keep.pause({})).toMatchObject({ ok: true });
      await simulator.requests.waitForRequest(({ route, aborted }) => route === 'media' && aborted);
      expect(keeper.keep.resume({})).toMatchObject({ ok: true });
      await keeper.ended();
      const { jobs } = keeper.keep.view();
      expect(jobs.map(({ status }) => status)).toEqual(['done', 'done']);
      expect(jobs.map(({ verification }) => verification)).toEqual(['verified', 'verified']);
      expect(jobs.map((job) => job.downloads).sort()).toEqual([1, 2]);
      expect(downloads()).toBe(3);
    });
  });

  it('keeps what has not begun from beginning', async () => {
    await withFolder(async (folder) => {
      simulator.faults.add({ match: { route: 'media' }, action: { kind: 'stall' } });
      const ids = Array.from({ length: 4 }, () => addRecording().id);
      keeper.dialogs.folder = folder;
      await keeper.keep.saveRecordings({ ids });
      await keeper.until(({ counts }) => counts.downloading === 2 && counts.queued === 2);
      const queued = keeper.keep.view().jobs.filter(({ status }) => status === 'queued');
      for (const { id: jobId } of queued) expect(keeper.keep.pause({ jobId }).ok).toBe(true);
      const running = keeper.keep.view().jobs.filter(({ status }) => status === 'downloading');
      for (const { id: jobId } of running) expect(keeper.keep.cancel({ jobId }).ok).toBe(true);
      await keeper.until(({ counts }) => counts.cancelled === 2);
      expect(keeper.keep.view().counts).toMatchObject({ paused: 2, downloading: 0 });
      simulator.faults.clear();
      keeper.keep.resume({});
      await keeper.ended();
      expect(keeper.keep.view().counts).toMatchObject({ done: 2, cancelled: 2 });
      keeper.removals.carryOut();
      await expect.poll(() => partsIn(folder)).toEqual([]);
    });
  });
});

describe('cancelling', () => {
  it('can be undone without another download, in the middle of a file (undo)', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording({ exactBytes: 3_000_000, honourRange: false, bytesPerSecond: 4_000_000 });
      await save(id, folder);
      await received(300_000);
      expect(keeper.keep.cancel({})).toMatchObject({ ok: true });
      expect(keeper.job()).toMatchObject({ status: 'cancelled' });
      expect(keeper.removals.view()).toMatchObject([{ kind: 'saves', count: 1 }]);
      expect(keeper.removals.undo(keeper.removals.view()[0]?.id ?? 0)).toMatchObject({ ok: true });
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'done', downloads: 1, verification: 'verified' });
      expect(downloads()).toBe(1);
      expect(await hashOf(join(folder, 'call.mp3'))).toBe(await servedHash(simulator, id));
    });
  });
});

describe('a connection that is cut', () => {
  it('goes on from where it was where the server honours Range', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording({ exactBytes: 3_000_000, honourRange: true });
      simulator.faults.add({
        match: { route: 'media' },
        times: 1,
        action: { kind: 'cut', atByte: 2_000_000 },
      });
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'done',
        downloads: 2,
        verification: 'verified',
        size: 3_000_000,
      });
      expect(await hashOf(join(folder, 'call.mp3'))).toBe(await servedHash(simulator, id));
      expect(simulator.requests.filter('media').map(({ status }) => status)).toEqual([200, 206]);
    });
  });

  it('begins anew where it does not, and says how often it has asked', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording({ exactBytes: 3_000_000, honourRange: false });
      simulator.faults.add({
        match: { route: 'media' },
        times: 2,
        action: { kind: 'cut', atByte: 2_000_000 },
      });
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'done',
        downloads: 3,
        verification: 'verified',
        size: 3_000_000,
      });
      expect(await hashOf(join(folder, 'call.mp3'))).toBe(await servedHash(simulator, id));
    });
  });

  it('fails after two more attempts, and goes on where it was when it is tried again', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording({ exactBytes: 5_000_000, honourRange: true });
      simulator.faults.add({ match: { route: 'media' }, action: { kind: 'cut', atByte: 1_000_000 } });
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'failed',
        downloads: 3,
        error: { code: 'connection-lost' },
      });
      expect(downloads()).toBe(3);
      expect(await filesIn(folder)).toEqual([]);
      expect(await partsIn(folder)).toHaveLength(1);
      simulator.faults.clear();
      simulator.requests.clear();
      expect(keeper.keep.retry({ jobId: keeper.job().id })).toMatchObject({ ok: true });
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'done', downloads: 1, verification: 'verified' });
      const [again] = simulator.requests.filter('media');
      expect(again?.status).toBe(206);
      expect(await hashOf(join(folder, 'call.mp3'))).toBe(await servedHash(simulator, id));
      expect(await partsIn(folder)).toEqual([]);
    });
  });

  it('counts as cut where no length was told and the connection was closed early, but not behind a last chunk', async () => {
    await withFolder(async (folder) => {
      for (const framing of ['closing', 'chunked'] as const) {
        const { id } = addRecording({ exactBytes: 3_000_000, framing });
        simulator.faults.add({
          match: { route: 'media' },
          times: 1,
          action: { kind: 'cut', atByte: 2_000_000, how: 'close' },
        });
        await save(id, folder, `${framing}.mp3`);
        const view = await keeper.ended();
        expect(view.jobs.find(({ recordingId }) => recordingId === id)).toMatchObject({
          status: 'done',
          downloads: 2,
          verification: 'verified',
        });
        expect(await hashOf(join(folder, `${framing}.mp3`))).toBe(await servedHash(simulator, id));
      }
    });
  });

  it('of a server that always ends by closing is none where it ends at the same byte again', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording({ exactBytes: 50_000, framing: 'closing' });
      simulator.faults.add({
        match: { route: 'detail' },
        action: { kind: 'reshape', set: { size: 90_000, 'hash.SHA256': '0'.repeat(64) } },
      });
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'done', downloads: 2, verification: 'unverified' });
    });
  });

  it('does not join two halves that do not belong together', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording({ exactBytes: 3_000_000, honourRange: true });
      const hash = await servedHash(simulator, id);
      simulator.faults.add({
        match: { route: 'media' },
        times: 1,
        action: { kind: 'cut', atByte: 2_000_000 },
      });
      simulator.faults.add({
        match: { route: 'media' },
        skip: 1,
        times: 1,
        action: {
          kind: 'respond',
          status: 206,
          body: 'x'.repeat(1_000),
          contentType: 'audio/mpeg',
          headers: { 'content-range': 'bytes 7-1006/1007' },
        },
      });
      await save(id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'done', downloads: 3, verification: 'verified' });
      expect(await hashOf(join(folder, 'call.mp3'))).toBe(hash);
    });
  });

  it('is not tried again where the credentials were refused', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording();
      simulator.faults.add({ match: { route: 'media' }, action: { kind: 'respond', status: 401 } });
      keeper.dialogs.folder = folder;
      await keeper.keep.saveRecordings({ ids: [id, addRecording().id, addRecording().id] });
      await keeper.ended();
      expect(downloads()).toBe(1);
      keeper.signInAgain();
      expect(keeper.keep.view().counts).toMatchObject({ failed: 3 });
      const codes = keeper.keep.view().jobs.map(({ error }) => error?.code);
      expect(codes.every((code) => code === 'signed-out' || code === 'unauthorized')).toBe(true);
      expect(await partsIn(folder)).toEqual([]);
    });
  });
});

describe('where nothing can be written', () => {
  it('says that the folder is gone, and asks the server for no audio', async () => {
    await withFolder(async (folder) => {
      const { id } = addRecording();
      const gone = join(folder, 'gone');
      await mkdir(gone);
      await rm(gone, { recursive: true });
      await save(id, gone);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'failed',
        downloads: 0,
        error: { code: 'folder-gone', operation: 'file', detail: { message: 'ENOENT' } },
      });
      expect(JSON.stringify(keeper.job())).not.toContain(folder);
      expect(downloads()).toBe(0);
    });
  });

  it('says so when the folder goes in the middle, and writes nothing elsewhere', async () => {
    await withFolder(async (folder) => {
      const inner = join(folder, 'inner');
      await mkdir(inner);
      const { id } = addRecording({ exactBytes: 5_000_000, bytesPerSecond: 4_000_000 });
      await save(id, inner);
      await received(200_000);
      await rm(inner, { recursive: true });
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'failed', error: { code: 'folder-gone' } });
      expect(await filesIn(folder)).toEqual([]);
    });
  });

  for (const format of ['vfat', 'exfat'] as const) {
    const why = whyNoStick(format);
    const isSkipped = why === null ? '' : ` – skipped: ${why}`;
    it.skipIf(why !== null)(
      `saves whole to a stick with ${format}, overwriting nothing (C1)${isSkipped}`,
      async () => {
        await withStick(format, async (folder) => {
          const { id } = addRecording({ exactBytes: 500_000 });
          for (const [at, name] of ['call.mp3', 'call (2).mp3'].entries()) {
            await save(id, folder);
            await keeper.ended();
            expect(keeper.keep.view().counts).toMatchObject({ done: at + 1, failed: 0 });
            expect(await hashOf(join(folder, name))).toBe(await servedHash(simulator, id));
          }
          expect(await partsIn(folder)).toEqual([]);
        });
      },
    );
  }

  it('says that a name is too long, and asks the server for no audio (D9)', async () => {
    await withFolder(async (folder) => {
      await save(addRecording().id, folder, `${'x'.repeat(300)}.mp3`);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'failed',
        downloads: 0,
        error: { code: 'name-too-long' },
      });
    });
  });

  it.runIf(canMount)(
    'says that the disk is full before the download, also where no size is told (C25)',
    async () => {
      await withDisk({ sizeKilobytes: 64 }, async (folder) => {
        simulator.faults.add({ match: { route: 'detail' }, action: { kind: 'reshape', remove: ['size'] } });
        await save(addRecording({ exactBytes: 5_000_000 }).id, folder);
        await keeper.ended();
        expect(keeper.job()).toMatchObject({ status: 'failed', downloads: 0, error: { code: 'disk-full' } });
      });
    },
  );

  it.runIf(canMount)('says that a folder is read-only', async () => {
    await withDisk({ readOnly: true }, async (folder) => {
      await save(addRecording().id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'failed',
        downloads: 0,
        error: { code: 'file-unwritable' },
      });
    });
  });

  it.runIf(canMount)('says that the disk is full before the download, where the size is known', async () => {
    await withDisk({ sizeKilobytes: 1_024 }, async (folder) => {
      await save(addRecording({ exactBytes: 3_000_000 }).id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({ status: 'failed', downloads: 0, error: { code: 'disk-full' } });
      expect(await partsIn(folder)).toEqual([]);
    });
  });

  it.runIf(canMount)('says that the disk is full in the middle, and leaves its room to others', async () => {
    await withDisk({ sizeKilobytes: 2_048 }, async (folder) => {
      simulator.faults.add({ match: { route: 'detail' }, action: { kind: 'reshape', remove: ['size'] } });
      await save(addRecording({ exactBytes: 5_000_000 }).id, folder);
      await keeper.ended();
      expect(keeper.job()).toMatchObject({
        status: 'failed',
        downloads: 1,
        error: { code: 'disk-full', detail: { message: 'ENOSPC' } },
      });
      expect(await partsIn(folder)).toEqual([]);
      expect(await filesIn(folder)).toEqual([]);
      // What fits, fits again.
      await save(addRecording({ exactBytes: 1_500_000 }).id, folder, 'small.mp3');
      await keeper.ended();
      expect(await filesIn(folder)).toEqual(['small.mp3']);
    });
  });
});

describe('the end of a session', () => {
  it.each([
    ['of itself: the queue waits for its user', false],
    ['on purpose: the queue is forgotten', true],
  ])('ends what runs as signed out, and removes what is not whole: %s', async (_, onPurpose) => {
    await withFolder(async (folder) => {
      keeper.dialogs.folder = folder;
      const ids = Array.from(
        { length: 5 },
        () => addRecording({ exactBytes: 20_000_000, bytesPerSecond: 8_000_000 }).id,
      );
      await keeper.keep.saveRecordings({ ids });
      await received(500_000);
      expect(await partsIn(folder)).toHaveLength(2);
      if (onPurpose) keeper.signOut();
      else keeper.loseSession();
      expect(keeper.keep.view().jobs).toEqual([]);
      await expect.poll(() => partsIn(folder)).toEqual([]);
      expect(await filesIn(folder)).toEqual([]);
      expect(await keeper.keep.saveRecordings({ ids })).toMatchObject({
        ok: false,
        error: { code: 'signed-out' },
      });
      expect(keeper.keep.retry({})).toMatchObject({ ok: false, error: { code: 'signed-out' } });
      keeper.signInAgain();
      expect(keeper.keep.view().jobs.map(({ status, error }) => [status, error?.code])).toEqual(
        Array(onPurpose ? 0 : 5).fill(['failed', 'signed-out']),
      );
    });
  });

  it('leaves no part file behind when RecLight quits', async () => {
    await withFolder(async (folder) => {
      await save(addRecording({ exactBytes: 20_000_000, bytesPerSecond: 8_000_000 }).id, folder);
      await received(500_000);
      expect(await partsIn(folder)).toHaveLength(1);
      keeper.dispose();
      expect(await partsIn(folder)).toEqual([]);
    });
  });

  it('cancels one at once, and lets the next one have its place', async () => {
    await withFolder(async (folder) => {
      simulator.faults.add({ match: { route: 'media' }, times: 2, action: { kind: 'stall' } });
      keeper.dialogs.folder = folder;
      await keeper.keep.saveRecordings({ ids: [addRecording().id, addRecording().id, addRecording().id] });
      await keeper.until(({ counts }) => counts.downloading === 2);
      await simulator.requests.waitForRequest(({ route }) => route === 'media');
      const [first] = keeper.keep.view().jobs;
      expect(keeper.keep.cancel({ jobId: first?.id })).toMatchObject({ ok: true });
      await keeper.until(({ counts }) => counts.cancelled === 1);
      // Although the server sends nothing: its place is free.
      await keeper.until(({ jobs }) => jobs[2]?.status !== 'queued');
      keeper.keep.cancel({});
      await keeper.ended();
      expect(keeper.keep.clearFinished()).toMatchObject({ ok: true });
      expect(keeper.keep.view().jobs).toEqual([]);
      await expect.poll(() => partsIn(folder)).toEqual([]);
    });
  });
});
