import { describe, expect, it, vi } from 'vitest';

import { fail } from '@shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import type { Fixture } from '../../../fixtures/saving';
import { guid, createFixture } from '../../../fixtures/saving';

async function saving(count: number): Promise<Fixture> {
  const fixture = createFixture();
  fixture.honoursRange = true;
  await fixture.keep.saveRecordings({ ids: Array.from({ length: count }, (_, at) => guid(at + 1)) });
  await settle();
  return fixture;
}

const undo = async (fixture: Fixture) => {
  const result = fixture.removals.undo(fixture.removals.view().at(-1)?.id ?? 0);
  await settle();
  return result;
};

describe('cancelling saves', () => {
  it('stops them at once, and an undo goes on without another download (undo)', async () => {
    const fixture = await saving(2);
    await fixture.downloads[0]?.feed('one ');
    await fixture.downloads[1]?.feed('two ');
    expect(fixture.keep.cancel({})).toMatchObject({ ok: true });
    await fixture.downloads[0]?.feed('more');
    await fixture.downloads[1]?.feed('more');
    expect(fixture.keep.view().counts).toMatchObject({ cancelled: 2, downloading: 0 });
    expect(fixture.removals.view()).toMatchObject([{ kind: 'saves', count: 2 }]);
    // Nothing is read any more.
    await fixture.downloads[0]?.feed('!');
    expect(fixture.downloads.map((download) => download.isAsked())).toEqual([false, false]);
    await fixture.clock.advance(7_000);
    expect(await undo(fixture)).toMatchObject({ ok: true });
    for (const download of fixture.downloads) await download.end();
    expect([...fixture.files.files.values()].sort()).toEqual(['one more!', 'two more']);
    expect(fixture.downloads).toHaveLength(2);
    expect(fixture.keep.view().jobs.map(({ downloads }) => downloads)).toEqual([1, 1]);
  });

  it('throws their parts away after 8 s, and only then (undo)', async () => {
    const fixture = await saving(3);
    await fixture.downloads[0]?.feed('half');
    fixture.keep.cancel({});
    await fixture.downloads[0]?.feed('rest');
    await fixture.clock.advance(7_999);
    expect(fixture.files.open.size).toBe(2);
    await fixture.clock.advance(1);
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.downloads.map(({ signal }) => signal?.aborted)).toEqual([true, true]);
    expect(fixture.keep.view().counts).toMatchObject({ cancelled: 3 });
    expect(fixture.removals.view()).toEqual([]);
  });

  it('once more after trying again has an undo of its own, for all of its 8 s', async () => {
    const fixture = await saving(2);
    const [first] = fixture.keep.view().jobs;
    await fixture.downloads[0]?.feed('one ');
    fixture.keep.cancel({});
    await fixture.clock.advance(5_000);
    fixture.keep.retry({ jobId: first?.id });
    await settle();
    fixture.keep.cancel({ jobId: first?.id });
    await fixture.clock.advance(7_000);
    expect(await undo(fixture)).toMatchObject({ ok: true });
    await fixture.downloads[0]?.feed('more');
    await fixture.downloads[0]?.end();
    expect([...fixture.files.files.values()]).toEqual(['one more']);
    expect(fixture.downloads).toHaveLength(2);
  });

  it('of many looks through the queue once, not once for each', async () => {
    const fixture = await saving(300);
    fixture.keep.cancel({});
    const looks = vi.spyOn(fixture.removals, 'isHidden');
    await fixture.clock.advance(9_000);
    await settle();
    expect(fixture.keep.view().counts).toMatchObject({ cancelled: 300 });
    expect(looks.mock.calls.length).toBeLessThan(1_000);
  });

  it('of one gives its place to the next, and of none is refused (undo)', async () => {
    const fixture = await saving(3);
    const [first] = fixture.keep.view().jobs;
    fixture.keep.cancel({ jobId: first?.id });
    await fixture.downloads[0]?.feed('x');
    expect(fixture.downloads.map(({ id }) => id)).toEqual([1, 2, 3].map(guid));
    expect(fixture.keep.cancel({ jobId: first?.id })).toMatchObject({ error: { code: 'not-possible-now' } });
    expect(fixture.keep.pause({ jobId: first?.id })).toMatchObject({ ok: false });
    expect(fixture.keep.resume({ jobId: first?.id })).toMatchObject({ ok: false });
    // It comes back before those that have not begun.
    await undo(fixture);
    expect(fixture.keep.view().jobs[0]).toMatchObject({ status: 'queued' });
    await fixture.downloads[1]?.end();
    await fixture.downloads[2]?.feed('y');
    await fixture.downloads[2]?.end();
    await fixture.downloads[0]?.end();
    expect(fixture.files.files.get('/saved/R0001.mp3')).toBe('x');
    expect(fixture.downloads).toHaveLength(3);
  });

  it('lets a connection go where others need it: the light must never wait (undo)', async () => {
    const fixture = await saving(6);
    for (const at of [0, 1, 2]) {
      fixture.keep.cancel({ jobId: `save-${at + 1}` });
      await fixture.downloads[at]?.feed('xx');
    }
    await settle();
    const open = fixture.downloads.filter((download) => !download.isLeft());
    expect(open.length).toBeLessThanOrEqual(3);
    expect(fixture.keep.view().counts).toMatchObject({ cancelled: 3, downloading: 2 });
    // The newest is the one that is most likely taken back.
    expect(fixture.downloads[2]?.isLeft()).toBe(false);
  });

  it('that had not asked for anything yet asks for nothing (undo)', async () => {
    let answer: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const fixture: Fixture = createFixture({
      details: async (id) => {
        await waiting;
        return fixture.detailsOf(id);
      },
    });
    await fixture.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    await settle();
    fixture.keep.cancel({});
    answer();
    await settle();
    expect(fixture.downloads).toEqual([]);
    await undo(fixture);
    expect(fixture.downloads).toHaveLength(2);
  });

  it('that is tried again in those 8 s goes on where it was, and stays (undo)', async () => {
    const fixture = await saving(1);
    await fixture.downloads[0]?.feed('one ');
    fixture.keep.cancel({});
    await fixture.downloads[0]?.feed('two');
    expect(fixture.keep.retry({ jobId: 'save-1' })).toMatchObject({ ok: true });
    await fixture.clock.advance(10_000);
    await fixture.downloads[0]?.end();
    expect([...fixture.files.files.values()]).toEqual(['one two']);
    expect(fixture.downloads).toHaveLength(1);
  });

  it('that comes to nothing meanwhile is cancelled, not failed, and an undo begins it anew (undo)', async () => {
    const fixture = createFixture();
    let answer: () => void = () => undefined;
    fixture.detailsOf = () => fail('recording-not-found', 'details');
    const waiting = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: Fixture = createFixture({
      details: async (id) => {
        await waiting;
        return fixture.detailsOf(id);
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

  it.each<[string, (fixture: Fixture) => unknown]>([
    ['a lost session', ({ keep }) => keep.setSession(null)],
    ['signing out', (fixture) => fixture.signOut()],
    ['quitting', ({ keep }) => keep.dispose()],
    ['clearing', ({ keep }) => keep.clearFinished()],
  ])('is carried out by %s (undo)', async (_name, end) => {
    const fixture = await saving(3);
    await fixture.downloads[0]?.feed('half');
    fixture.keep.cancel({});
    end(fixture);
    await settle();
    await fixture.clock.advance(0);
    expect(fixture.removals.view()).toEqual([]);
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.downloads.every(({ signal }) => signal?.aborted === true)).toBe(true);
    await fixture.keep.settled();
    expect(fixture.queueFile.text ?? '').not.toContain(guid(1));
    fixture.signIn();
    expect(fixture.keep.view().jobs.every(({ status }) => status === 'cancelled')).toBe(true);
  });
});
