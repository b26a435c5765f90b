import { describe, expect, it } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import type { Fixture } from '../../../fixtures/saving';
import { detailsOf, guid, createFixture } from '../../../fixtures/saving';

/** Saves one recording, which is cut after `first`; the next request is under way. */
async function cutAfter(
  first: string,
  prepare: (fixture: Fixture) => void = () => undefined,
): Promise<Fixture> {
  const fixture = createFixture();
  fixture.honoursRange = true;
  prepare(fixture);
  await fixture.keep.saveRecordings({ ids: [guid(1)] });
  await settle();
  await fixture.downloads[0]?.feed(first);
  await fixture.downloads[0]?.cut();
  return fixture;
}

/** A server without an ETag, a time of change or a length. */
const tellingNothing = (fixture: Fixture): void => {
  fixture.told = { sizeBytes: null, validator: null };
};

async function finishWith(fixture: Fixture, text: string): Promise<void> {
  await fixture.downloads.at(-1)?.feed(text);
  await fixture.downloads.at(-1)?.end();
}

describe('two halves of different files', () => {
  it.each<[string, Fixture['told'], Fixture['told']]>([
    ['another length', { sizeBytes: 10, validator: null }, { sizeBytes: 12, validator: null }],
    ['another ETag', { sizeBytes: 10, validator: '"a"' }, { sizeBytes: 10, validator: '"b"' }],
    [
      'another time of change',
      { sizeBytes: null, validator: 'Mon, 02 Mar 2026 13:00:00 GMT' },
      { sizeBytes: null, validator: 'Mon, 02 Mar 2026 13:00:05 GMT' },
    ],
  ])('are told apart by %s (C11)', async (_name, former, next) => {
    const fixture = await cutAfter('AAAAA', (fresh) => {
      fresh.told = former;
    });
    fixture.told = next;
    await fixture.clock.advance(1_000);
    await fixture.downloads[1]?.feed('BB');
    expect(fixture.downloads[1]?.isLeft()).toBe(true);
    await fixture.clock.advance(4_000);
    expect(fixture.downloads[2]?.firstByte).toBe(0);
    const whole = 'B'.repeat(next.sizeBytes ?? 9);
    await finishWith(fixture, whole);
    expect([...fixture.files.files.values()]).toEqual([whole]);
  });

  it('are told apart by the last of what had arrived, where the server tells nothing (C11)', async () => {
    const fixture = await cutAfter('AAAAAA', tellingNothing);
    fixture.overlap = 'BBB';
    await fixture.clock.advance(1_000);
    await fixture.downloads[1]?.feed('AAAAAA');
    expect(fixture.downloads[1]?.isLeft()).toBe(true);
    await settle();
    expect(fixture.downloads[2]?.isLeft()).toBe(true);
    await fixture.clock.advance(4_000);
    expect(fixture.downloads[3]?.firstByte).toBe(0);
    await finishWith(fixture, 'BBBBBBBB');
    expect([...fixture.files.files.values()]).toEqual(['BBBBBBBB']);
  });

  it('are told apart by their beginning, where the server tells nothing (C11)', async () => {
    // Masked at its beginning meanwhile, a recording has the same length, and ends as before.
    const fixture = await cutAfter('AAAAAA', tellingNothing);
    await fixture.clock.advance(1_000);
    expect(fixture.downloads[1]?.firstByte).toBe(0);
    await fixture.downloads[1]?.feed('__AAAA');
    expect(fixture.downloads[1]?.isLeft()).toBe(true);
    await fixture.clock.advance(4_000);
    expect(fixture.downloads).toHaveLength(3);
    expect(fixture.downloads[2]?.firstByte).toBe(0);
    await finishWith(fixture, '__AAAABBBB');
    expect([...fixture.files.files.values()]).toEqual(['__AAAABBBB']);
  });

  it('of one file are joined after a look at its beginning, where the server tells nothing (C11)', async () => {
    const fixture = await cutAfter('AAAAAA', tellingNothing);
    await fixture.clock.advance(1_000);
    await fixture.downloads[1]?.feed('AAAAAA');
    expect(fixture.downloads[1]?.isLeft()).toBe(true);
    await settle();
    expect(fixture.downloads[2]).toMatchObject({ firstByte: 6, ifRange: null });
    await finishWith(fixture, 'BBBB');
    expect([...fixture.files.files.values()]).toEqual(['AAAAAABBBB']);
    expect(fixture.keep.view().jobs[0]).toMatchObject({ status: 'done', downloads: 3 });
  });

  it('are not joined by who tries again later either (C11)', async () => {
    const fixture = await cutAfter('AAAAAA', (fresh) => {
      fresh.told = { sizeBytes: 10, validator: '"a"' };
    });
    for (const waitMs of [1_000, 4_000]) {
      await fixture.clock.advance(waitMs);
      await fixture.downloads.at(-1)?.cut();
    }
    await settle();
    expect(fixture.keep.view().counts).toMatchObject({ failed: 1 });
    fixture.told = { sizeBytes: 12, validator: '"b"' };
    fixture.keep.retry({});
    await settle();
    const again = fixture.downloads.at(-1);
    expect(again).toMatchObject({ ifRange: '"a"' });
    await again?.feed('BB');
    await fixture.clock.advance(1_000);
    expect(fixture.downloads.at(-1)?.firstByte).toBe(0);
    await finishWith(fixture, 'BBBBBBBBBBBB');
    expect([...fixture.files.files.values()]).toEqual(['BBBBBBBBBBBB']);
  });

  it('of one file are joined, and the server is asked for the rest of that file only (C11)', async () => {
    const fixture = await cutAfter('AAAAA', (fresh) => {
      fresh.told = { sizeBytes: 10, validator: '"a"' };
    });
    await fixture.clock.advance(1_000);
    expect(fixture.downloads[1]).toMatchObject({ firstByte: 5, ifRange: '"a"' });
    await finishWith(fixture, 'BBBBB');
    expect([...fixture.files.files.values()]).toEqual(['AAAAABBBBB']);
    expect(fixture.downloads).toHaveLength(2);
  });

  it('are not made of what memory has and what had arrived (C11)', async () => {
    let inMemory = false;
    const fixture = createFixture({
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
        addCompleted: () => undefined,
      },
    });
    fixture.honoursRange = true;
    await fixture.keep.saveRecordings({ ids: [guid(1)] });
    await settle();
    await fixture.downloads[0]?.feed('AAAAAA');
    await fixture.downloads[0]?.cut();
    inMemory = true;
    await fixture.clock.advance(10_000);
    expect([...fixture.files.files.values()]).toEqual(['BBBBBBBB']);
    expect(fixture.downloads).toHaveLength(1);
  });
});

describe('a recording that has arrived whole', () => {
  it('is not asked for again where it was cut behind its last byte', async () => {
    const fixture = await cutAfter('AAAAA', (fresh) => {
      fresh.told = { sizeBytes: 5, validator: null };
      fresh.detailsOf = (id) => succeed(detailsOf(id));
    });
    await fixture.clock.advance(1_000);
    expect([...fixture.files.files.values()]).toEqual(['AAAAA']);
    expect(fixture.downloads).toHaveLength(1);
  });
});
