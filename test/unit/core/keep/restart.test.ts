import { describe, expect, it } from 'vitest';

import { fail } from '../../../../src-main/shared/errors';
import { settle } from '../../../support/virtual-clock';
import { MemoryFile } from '../../../support/memory-file';
import type { World } from './world';
import { guid, makeWorld } from './world';

async function queued(count: number): Promise<World> {
  const world = makeWorld();
  await world.keep.saveRecordings({ ids: Array.from({ length: count }, (_, at) => guid(at + 1)) });
  await settle();
  return world;
}

/** The next run; an unclean one finds what was on the disk at some moment. */
async function startedWith(text: string | null): Promise<World> {
  const world = makeWorld({ queueFile: new MemoryFile('saves.json', text) }, null);
  await world.keep.load();
  world.signIn();
  await settle();
  return world;
}

async function quit(world: World): Promise<string | null> {
  world.keep.dispose();
  await world.keep.settled();
  return world.queueFile.text;
}

describe('saves that are paused', () => {
  it('stay so over any number of clean ends (C24)', async () => {
    const world = await queued(3);
    world.keep.pause({});
    let text = await quit(world);
    for (let start = 0; start < 5; start += 1) {
      const next = await startedWith(text);
      expect(next.keep.view().counts).toMatchObject({ paused: 3 });
      await next.clock.advance(60_000);
      expect(next.downloads).toEqual([]);
      text = await quit(next);
    }
  });

  it('stay so over any number of kills, whatever had been written by then (C24)', async () => {
    const world = await queued(3);
    world.keep.pause({});
    await world.clock.advance(0);
    await settle();
    const texts = new Set([world.queueFile.text]);
    for (const text of texts) {
      if (texts.size > 10) break;
      const next = await startedWith(text);
      expect(next.keep.view().counts).toMatchObject({ paused: 3 });
      await next.clock.advance(60_000);
      expect(next.downloads).toEqual([]);
      for (const written of next.queueFile.writes) texts.add(written);
    }
  });

  it('stay so although the session was lost meanwhile (C24)', async () => {
    const world = await queued(3);
    world.keep.pause({});
    world.keep.setSession(null);
    await settle();
    const next = await startedWith(await quit(world));
    expect(next.keep.view().counts).toMatchObject({ paused: 3 });
    expect(next.downloads).toEqual([]);
  });
});

describe('saves whose files could not be written', () => {
  it('are not begun again by a start, but by who asks (C25)', async () => {
    const world = await queued(2);
    world.files.writeFailure = fail('disk-full', 'file', { message: 'ENOSPC' });
    await world.downloads[0]?.feed('one');
    await world.downloads[1]?.feed('two');
    await settle();
    expect(world.keep.view().counts).toMatchObject({ failed: 2 });
    let text = await quit(world);
    for (let start = 0; start < 3; start += 1) {
      const next = await startedWith(text);
      await next.clock.advance(60_000);
      expect(next.downloads).toEqual([]);
      const codes = next.keep.view().jobs.map(({ status, error }) => [status, error?.code]);
      expect(codes).toEqual([
        ['failed', 'disk-full'],
        ['failed', 'disk-full'],
      ]);
      text = await quit(next);
    }
    const last = await startedWith(text);
    expect(last.keep.retry({})).toMatchObject({ ok: true });
    await settle();
    expect(last.downloads).toHaveLength(2);
  });
});
