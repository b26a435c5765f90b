import { describe, expect, it } from 'vitest';

import { succeed } from '../../../../src-main/shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import type { World } from '../../../fixtures/saving';
import { detailsOf, guid, makeWorld } from '../../../fixtures/saving';

/** Saves one recording, which is cut after `first`; the next request is under way. */
async function cutAfter(first: string, prepare: (world: World) => void = () => undefined): Promise<World> {
  const world = makeWorld();
  world.honoursRange = true;
  prepare(world);
  await world.keep.saveRecordings({ ids: [guid(1)] });
  await settle();
  await world.downloads[0]?.feed(first);
  await world.downloads[0]?.cut();
  return world;
}

/** A server without an ETag, a time of change or a length. */
const tellingNothing = (world: World): void => {
  world.told = { sizeBytes: null, validator: null };
};

async function finishWith(world: World, text: string): Promise<void> {
  await world.downloads.at(-1)?.feed(text);
  await world.downloads.at(-1)?.end();
}

describe('two halves of different files', () => {
  it.each<[string, World['told'], World['told']]>([
    ['another length', { sizeBytes: 10, validator: null }, { sizeBytes: 12, validator: null }],
    ['another ETag', { sizeBytes: 10, validator: '"a"' }, { sizeBytes: 10, validator: '"b"' }],
    [
      'another time of change',
      { sizeBytes: null, validator: 'Mon, 02 Mar 2026 13:00:00 GMT' },
      { sizeBytes: null, validator: 'Mon, 02 Mar 2026 13:00:05 GMT' },
    ],
  ])('are told apart by %s (C11)', async (_name, former, next) => {
    const world = await cutAfter('AAAAA', (fresh) => {
      fresh.told = former;
    });
    world.told = next;
    await world.clock.advance(1_000);
    await world.downloads[1]?.feed('BB');
    expect(world.downloads[1]?.isLeft()).toBe(true);
    await world.clock.advance(4_000);
    expect(world.downloads[2]?.firstByte).toBe(0);
    const whole = 'B'.repeat(next.sizeBytes ?? 9);
    await finishWith(world, whole);
    expect([...world.files.files.values()]).toEqual([whole]);
  });

  it('are told apart by the last of what had arrived, where the server tells nothing (C11)', async () => {
    const world = await cutAfter('AAAAAA', tellingNothing);
    world.overlap = 'BBB';
    await world.clock.advance(1_000);
    await world.downloads[1]?.feed('AAAAAA');
    expect(world.downloads[1]?.isLeft()).toBe(true);
    await settle();
    expect(world.downloads[2]?.isLeft()).toBe(true);
    await world.clock.advance(4_000);
    expect(world.downloads[3]?.firstByte).toBe(0);
    await finishWith(world, 'BBBBBBBB');
    expect([...world.files.files.values()]).toEqual(['BBBBBBBB']);
  });

  it('are told apart by their beginning, where the server tells nothing (C11)', async () => {
    // Masked at its beginning meanwhile, a recording has the same length, and ends as before.
    const world = await cutAfter('AAAAAA', tellingNothing);
    await world.clock.advance(1_000);
    expect(world.downloads[1]?.firstByte).toBe(0);
    await world.downloads[1]?.feed('__AAAA');
    expect(world.downloads[1]?.isLeft()).toBe(true);
    await world.clock.advance(4_000);
    expect(world.downloads).toHaveLength(3);
    expect(world.downloads[2]?.firstByte).toBe(0);
    await finishWith(world, '__AAAABBBB');
    expect([...world.files.files.values()]).toEqual(['__AAAABBBB']);
  });

  it('of one file are joined after a look at its beginning, where the server tells nothing (C11)', async () => {
    const world = await cutAfter('AAAAAA', tellingNothing);
    await world.clock.advance(1_000);
    await world.downloads[1]?.feed('AAAAAA');
    expect(world.downloads[1]?.isLeft()).toBe(true);
    await settle();
    expect(world.downloads[2]).toMatchObject({ firstByte: 6, ifRange: null });
    await finishWith(world, 'BBBB');
    expect([...world.files.files.values()]).toEqual(['AAAAAABBBB']);
    expect(world.keep.view().jobs[0]).toMatchObject({ status: 'done', downloads: 3 });
  });

  it('are not joined by who tries again later either (C11)', async () => {
    const world = await cutAfter('AAAAAA', (fresh) => {
      fresh.told = { sizeBytes: 10, validator: '"a"' };
    });
    for (const waitMs of [1_000, 4_000]) {
      await world.clock.advance(waitMs);
      await world.downloads.at(-1)?.cut();
    }
    await settle();
    expect(world.keep.view().counts).toMatchObject({ failed: 1 });
    world.told = { sizeBytes: 12, validator: '"b"' };
    world.keep.retry({});
    await settle();
    const again = world.downloads.at(-1);
    expect(again).toMatchObject({ ifRange: '"a"' });
    await again?.feed('BB');
    await world.clock.advance(1_000);
    expect(world.downloads.at(-1)?.firstByte).toBe(0);
    await finishWith(world, 'BBBBBBBBBBBB');
    expect([...world.files.files.values()]).toEqual(['BBBBBBBBBBBB']);
  });

  it('of one file are joined, and the server is asked for the rest of that file only (C11)', async () => {
    const world = await cutAfter('AAAAA', (fresh) => {
      fresh.told = { sizeBytes: 10, validator: '"a"' };
    });
    await world.clock.advance(1_000);
    expect(world.downloads[1]).toMatchObject({ firstByte: 5, ifRange: '"a"' });
    await finishWith(world, 'BBBBB');
    expect([...world.files.files.values()]).toEqual(['AAAAABBBBB']);
    expect(world.downloads).toHaveLength(2);
  });

  it('are not made of what memory has and what had arrived (C11)', async () => {
    let inMemory = false;
    const world = makeWorld({
      media: {
        open: () =>
          Promise.resolve(
            succeed({
              contentType: 'audio/mpeg',
              sizeBytes: 8,
              endIsCertain: true,
              read: async function* (first: number) {
                yield Buffer.from('BBBBBBBB').subarray(first);
              },
            } as never),
          ),
        progress: () =>
          ({
            status: inMemory ? 'complete' : 'absent',
            receivedBytes: 8,
            sizeBytes: 8,
            error: null,
          }) as never,
        hasRoomFor: () => false,
        adopt: () => undefined,
      },
    });
    world.honoursRange = true;
    await world.keep.saveRecordings({ ids: [guid(1)] });
    await settle();
    await world.downloads[0]?.feed('AAAAAA');
    await world.downloads[0]?.cut();
    inMemory = true;
    await world.clock.advance(10_000);
    expect([...world.files.files.values()]).toEqual(['BBBBBBBB']);
    expect(world.downloads).toHaveLength(1);
  });
});

describe('a recording that has arrived whole', () => {
  it('is not asked for again where it was cut behind its last byte', async () => {
    const world = await cutAfter('AAAAA', (fresh) => {
      fresh.told = { sizeBytes: 5, validator: null };
      fresh.detailsOf = (id) => succeed(detailsOf(id));
    });
    await world.clock.advance(1_000);
    expect([...world.files.files.values()]).toEqual(['AAAAA']);
    expect(world.downloads).toHaveLength(1);
  });
});
