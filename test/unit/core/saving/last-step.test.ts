import { describe, expect, it } from 'vitest';

import { fail, succeed } from '../../../../src-main/shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import type { World } from '../../../fixtures/saving';
import { guid, makeWorld } from '../../../fixtures/saving';

const busy = fail('file-unwritable', 'file', { message: 'EBUSY' });

/** One recording that has arrived whole, and whose last step fails. */
async function refusedAtTheEnd(failure = busy): Promise<World> {
  const world = makeWorld();
  world.files.commitFailure = failure;
  await world.keep.saveRecordings({ ids: [guid(1)] });
  await settle();
  await world.downloads[0]?.feed('audio');
  await world.downloads[0]?.end();
  return world;
}

const only = (world: World) => world.keep.view().jobs[0];

describe('a last step that fails', () => {
  it('is tried again by itself, without a download (C1)', async () => {
    const world = await refusedAtTheEnd();
    expect(only(world)).toMatchObject({ status: 'queued', error: { code: 'file-unwritable' } });
    world.files.commitFailure = null;
    await world.clock.advance(1_000);
    expect(only(world)).toMatchObject({ status: 'done', downloads: 1 });
    expect([...world.files.files.values()]).toEqual(['audio']);
    expect(world.downloads).toHaveLength(1);
  });

  it('keeps what has arrived whole for who tries again by hand (C1)', async () => {
    const world = await refusedAtTheEnd();
    await world.clock.advance(10_000);
    expect(only(world)).toMatchObject({ status: 'failed', error: { code: 'file-unwritable' } });
    expect(world.files.open.size).toBe(1);
    world.files.commitFailure = null;
    // Not even the details are asked for.
    world.detailsOf = () => fail('offline', 'details');
    expect(world.keep.retry({})).toMatchObject({ ok: true });
    await settle();
    expect(only(world)).toMatchObject({ status: 'done', downloads: 0, received: 5, size: 5 });
    expect(world.downloads).toHaveLength(1);
    expect(world.files.open.size).toBe(0);
  });

  it.each<[string, (world: World) => unknown]>([
    ['cleared', ({ keep }) => keep.clearFinished()],
    ['signed out of', (world) => world.signOut()],
    ['left by RecLight', ({ keep }) => keep.dispose()],
  ])('leaves nothing of a save that is %s (C1)', async (_name, end) => {
    const world = await refusedAtTheEnd();
    await world.clock.advance(10_000);
    end(world);
    await settle();
    expect(world.files.open.size).toBe(0);
  });

  it('keeps as many as have arrived whole (C1)', async () => {
    const world = makeWorld({ retryDelaysMs: [] });
    world.files.commitFailure = busy;
    await world.keep.saveRecordings({ ids: Array.from({ length: 40 }, (_, at) => guid(at + 1)) });
    await settle();
    for (let at = 0; at < 40; at += 1) {
      await world.downloads[at]?.feed('audio');
      await world.downloads[at]?.end();
      await settle();
    }
    world.files.commitFailure = null;
    world.keep.retry({});
    for (let turn = 0; turn < 80; turn += 1) await settle();
    expect(world.keep.view().counts).toMatchObject({ done: 40 });
    expect(world.downloads).toHaveLength(40);
  });

  it('keeps a list and a package, too (C1)', async () => {
    const world = makeWorld({
      retryDelaysMs: [],
      print: () => Promise.resolve(succeed(new Uint8Array([1]))),
      makeArchive: async (entries) => {
        const pieces: Uint8Array[] = [];
        for await (const { chunks } of entries) for await (const piece of chunks) pieces.push(piece);
        return (async function* () {
          yield* pieces;
        })();
      },
    });
    world.files.commitFailure = busy;
    await world.keep.saveEvidence({ ids: [guid(1)] });
    await settle();
    await world.downloads[0]?.feed('audio');
    await world.downloads[0]?.end();
    await world.keep.exportList({});
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(world.keep.view().counts).toMatchObject({ failed: 2 });
    world.files.commitFailure = null;
    world.keep.retry({});
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(world.keep.view().counts).toMatchObject({ done: 2 });
    expect(world.downloads).toHaveLength(1);
  });

  it('that cannot pass is not tried again by itself: a name that is too long (D9)', async () => {
    const world = await refusedAtTheEnd(fail('name-too-long', 'file', { message: 'ENAMETOOLONG' }));
    expect(only(world)).toMatchObject({ status: 'failed', error: { code: 'name-too-long' } });
  });
});
