import { describe, expect, it, vi } from 'vitest';

import { fail } from '../../../../src-main/shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import type { World } from '../../../fixtures/saving';
import { guid, makeWorld } from '../../../fixtures/saving';

async function saving(count: number): Promise<World> {
  const world = makeWorld();
  world.honoursRange = true;
  await world.keep.saveRecordings({ ids: Array.from({ length: count }, (_, at) => guid(at + 1)) });
  await settle();
  return world;
}

const undo = async (world: World) => {
  const result = world.removals.undo(world.removals.view().at(-1)?.id ?? 0);
  await settle();
  return result;
};

describe('cancelling saves', () => {
  it('stops them at once, and an undo goes on without another download (undo)', async () => {
    const world = await saving(2);
    await world.downloads[0]?.feed('one ');
    await world.downloads[1]?.feed('two ');
    expect(world.keep.cancel({})).toMatchObject({ ok: true });
    await world.downloads[0]?.feed('more');
    await world.downloads[1]?.feed('more');
    expect(world.keep.view().counts).toMatchObject({ cancelled: 2, downloading: 0 });
    expect(world.removals.view()).toMatchObject([{ kind: 'saves', count: 2 }]);
    // Nothing is read any more.
    await world.downloads[0]?.feed('!');
    expect(world.downloads.map((download) => download.isAsked())).toEqual([false, false]);
    await world.clock.advance(7_000);
    expect(await undo(world)).toMatchObject({ ok: true });
    for (const download of world.downloads) await download.end();
    expect([...world.files.files.values()].sort()).toEqual(['one more!', 'two more']);
    expect(world.downloads).toHaveLength(2);
    expect(world.keep.view().jobs.map(({ downloads }) => downloads)).toEqual([1, 1]);
  });

  it('throws their parts away after 8 s, and only then (undo)', async () => {
    const world = await saving(3);
    await world.downloads[0]?.feed('half');
    world.keep.cancel({});
    await world.downloads[0]?.feed('rest');
    await world.clock.advance(7_999);
    expect(world.files.open.size).toBe(2);
    await world.clock.advance(1);
    expect(world.files.open.size).toBe(0);
    expect(world.downloads.map(({ signal }) => signal?.aborted)).toEqual([true, true]);
    expect(world.keep.view().counts).toMatchObject({ cancelled: 3 });
    expect(world.removals.view()).toEqual([]);
  });

  it('once more after trying again has an undo of its own, for all of its 8 s', async () => {
    const world = await saving(2);
    const [first] = world.keep.view().jobs;
    await world.downloads[0]?.feed('one ');
    world.keep.cancel({});
    await world.clock.advance(5_000);
    world.keep.retry({ jobId: first?.id });
    await settle();
    world.keep.cancel({ jobId: first?.id });
    await world.clock.advance(7_000);
    expect(await undo(world)).toMatchObject({ ok: true });
    await world.downloads[0]?.feed('more');
    await world.downloads[0]?.end();
    expect([...world.files.files.values()]).toEqual(['one more']);
    expect(world.downloads).toHaveLength(2);
  });

  it('of many looks through the queue once, not once for each', async () => {
    const world = await saving(300);
    world.keep.cancel({});
    const looks = vi.spyOn(world.removals, 'isHidden');
    await world.clock.advance(9_000);
    await settle();
    expect(world.keep.view().counts).toMatchObject({ cancelled: 300 });
    expect(looks.mock.calls.length).toBeLessThan(1_000);
  });

  it('of one gives its place to the next, and of none is refused (undo)', async () => {
    const world = await saving(3);
    const [first] = world.keep.view().jobs;
    world.keep.cancel({ jobId: first?.id });
    await world.downloads[0]?.feed('x');
    expect(world.downloads.map(({ id }) => id)).toEqual([1, 2, 3].map(guid));
    expect(world.keep.cancel({ jobId: first?.id })).toMatchObject({ error: { code: 'not-possible-now' } });
    expect(world.keep.pause({ jobId: first?.id })).toMatchObject({ ok: false });
    expect(world.keep.resume({ jobId: first?.id })).toMatchObject({ ok: false });
    // It comes back before those that have not begun.
    await undo(world);
    expect(world.keep.view().jobs[0]).toMatchObject({ status: 'queued' });
    await world.downloads[1]?.end();
    await world.downloads[2]?.feed('y');
    await world.downloads[2]?.end();
    await world.downloads[0]?.end();
    expect(world.files.files.get('/saved/R0001.mp3')).toBe('x');
    expect(world.downloads).toHaveLength(3);
  });

  it('lets a connection go where others need it: the light must never wait (undo)', async () => {
    const world = await saving(6);
    for (const at of [0, 1, 2]) {
      world.keep.cancel({ jobId: `save-${at + 1}` });
      await world.downloads[at]?.feed('xx');
    }
    await settle();
    const open = world.downloads.filter((download) => !download.isLeft());
    expect(open.length).toBeLessThanOrEqual(3);
    expect(world.keep.view().counts).toMatchObject({ cancelled: 3, downloading: 2 });
    // The newest is the one that is most likely taken back.
    expect(world.downloads[2]?.isLeft()).toBe(false);
  });

  it('that had not asked for anything yet asks for nothing (undo)', async () => {
    let answer: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const world: World = makeWorld({
      details: async (id) => {
        await waiting;
        return world.detailsOf(id);
      },
    });
    await world.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    await settle();
    world.keep.cancel({});
    answer();
    await settle();
    expect(world.downloads).toEqual([]);
    await undo(world);
    expect(world.downloads).toHaveLength(2);
  });

  it('that is tried again in those 8 s goes on where it was, and stays (undo)', async () => {
    const world = await saving(1);
    await world.downloads[0]?.feed('one ');
    world.keep.cancel({});
    await world.downloads[0]?.feed('two');
    expect(world.keep.retry({ jobId: 'save-1' })).toMatchObject({ ok: true });
    await world.clock.advance(10_000);
    await world.downloads[0]?.end();
    expect([...world.files.files.values()]).toEqual(['one two']);
    expect(world.downloads).toHaveLength(1);
  });

  it('that comes to nothing meanwhile is cancelled, not failed, and an undo begins it anew (undo)', async () => {
    const world = makeWorld();
    let answer: () => void = () => undefined;
    world.detailsOf = () => fail('recording-not-found', 'details');
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: World = makeWorld({
      details: async (id) => {
        await waiting;
        return world.detailsOf(id);
      },
    });
    await slow.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    await settle();
    slow.keep.cancel({});
    answer();
    await settle();
    expect(slow.keep.view().counts).toMatchObject({ cancelled: 2, failed: 0 });
    await undo(slow);
    await settle();
    expect(slow.keep.view().counts).toMatchObject({ cancelled: 0, failed: 2 });
  });

  it.each<[string, (world: World) => unknown]>([
    ['a lost session', ({ keep }) => keep.setSession(null)],
    ['signing out', (world) => world.signOut()],
    ['quitting', ({ keep }) => keep.dispose()],
    ['clearing', ({ keep }) => keep.clearFinished()],
  ])('is carried out by %s (undo)', async (_name, end) => {
    const world = await saving(3);
    await world.downloads[0]?.feed('half');
    world.keep.cancel({});
    end(world);
    await settle();
    await world.clock.advance(0);
    expect(world.removals.view()).toEqual([]);
    expect(world.files.open.size).toBe(0);
    expect(world.downloads.every(({ signal }) => signal?.aborted === true)).toBe(true);
    await world.keep.settled();
    expect(world.queueFile.text ?? '').not.toContain(guid(1));
    world.signIn();
    expect(world.keep.view().jobs.every(({ status }) => status === 'cancelled')).toBe(true);
  });
});
