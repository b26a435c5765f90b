import { describe, expect, it } from 'vitest';

import { createAudioCache } from '../../../../src-main/core/media/audio-cache';
import { createAudioDownload } from '../../../../src-main/core/media/audio-download';
import type { MediaLibrary } from '../../../../src-main/core/media/library';
import { guid } from '../../../fixtures/examples';
import { bytes, collect, download, opened, setUpMedia } from '../../../fixtures/media';
import { fc } from '../../../fixtures/seed';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

/** A recording of so many bytes, and how many read it. */
function entry(number: number, length: number, readers = 0) {
  const download = createAudioDownload({
    id: guid(number),
    clock: new VirtualClock(),
    largestBytes: 1_000,
    arrived: () => undefined,
    ended: () => undefined,
    changed: () => undefined,
  });
  download.fill(null, [bytes(length)]);
  download.readers = readers;
  return { number, download };
}

describe('the surplus', () => {
  const numbers = (entries: readonly { readonly number: number }[]) => entries.map(({ number }) => number);

  it('is what was used the longest ago, and no more of it than has to go', () => {
    const cache = createAudioCache<ReturnType<typeof entry>>(100);
    const first = entry(1, 40);
    for (const each of [first, entry(2, 40), entry(3, 40)]) cache.use(each);
    expect(numbers(cache.surplus(() => false))).toEqual([1]);
    cache.use(first);
    expect(numbers(cache.surplus(() => false))).toEqual([2]);
    cache.setLimit(40);
    expect(numbers(cache.surplus(() => false))).toEqual([2, 3]);
  });

  it('is never the newest, what is read, or what is needed', () => {
    const cache = createAudioCache<ReturnType<typeof entry>>(10);
    for (const each of [entry(1, 40, 1), entry(2, 40), entry(3, 40), entry(4, 40)]) cache.use(each);
    expect(numbers(cache.surplus(({ id }) => id === guid(2)))).toEqual([3]);
  });

  it('begins with what was put in unused', () => {
    const cache = createAudioCache<ReturnType<typeof entry>>(100);
    for (const each of [entry(1, 60), entry(2, 40)]) cache.use(each);
    cache.addUnused(entry(3, 20));
    expect(numbers(cache.all())).toEqual([3, 1, 2]);
    expect(numbers(cache.surplus(() => false))).toEqual([3]);
  });
});

describe('what was downloaded to be saved', () => {
  it('is heard without another download', async () => {
    const { library, downloads } = setUpMedia();
    expect(library.hasRoomFor(30)).toBe(true);
    library.addCompleted(guid(1).toUpperCase(), 'audio/mp3', [bytes(10), bytes(20, 10)]);
    expect(library.progress(guid(1))).toMatchObject({ status: 'complete', sizeBytes: 30 });
    const media = await opened(library, guid(1));
    expect(media).toMatchObject({ contentType: 'audio/mp3', sizeBytes: 30 });
    expect(await collect(media, 5, 14)).toEqual([...bytes(10, 5)]);
    expect(downloads()).toEqual([]);
  });

  it('takes no place from what was heard, and goes first', async () => {
    const fixture = setUpMedia(100);
    const { library } = fixture;
    await download(fixture, guid(1), 40);
    expect(library.hasRoomFor(26)).toBe(false);
    library.addCompleted(guid(2), null, [bytes(26)]);
    expect(library.progress(guid(2)).status).toBe('absent');
    library.addCompleted(guid(3), null, [bytes(25)]);
    library.addCompleted(guid(4), null, [bytes(25)]);
    expect(library.hasRoomFor(25)).toBe(false);
    await download(fixture, guid(5), 60);
    expect([1, 3, 4, 5].map((id) => library.progress(guid(id)).status)).toEqual([
      'complete',
      'absent',
      'absent',
      'complete',
    ]);
  });

  it('is not taken where it is there already, is empty, or nobody is signed in', () => {
    const { library } = setUpMedia();
    library.addCompleted(guid(1), null, []);
    library.addCompleted(guid(2), null, [bytes(3)]);
    library.addCompleted(guid(2), null, [bytes(5)]);
    expect(library.progress(guid(1)).status).toBe('absent');
    expect(library.progress(guid(2)).sizeBytes).toBe(3);
    library.setApi(null);
    library.addCompleted(guid(3), null, [bytes(3)]);
    expect(library.progress(guid(2)).status).toBe('absent');
    expect(library.progress(guid(3)).status).toBe('absent');
  });
});

describe('the memory', () => {
  const present = (library: MediaLibrary, numbers: readonly number[]) =>
    numbers.filter((number) => library.progress(guid(number)).status !== 'absent');

  it('forgets the least recently used beyond its limit', async () => {
    const all = setUpMedia(100);
    await download(all, guid(1), 40);
    await download(all, guid(2), 40);
    await opened(all.library, guid(1));
    await download(all, guid(3), 40);
    expect(present(all.library, [1, 2, 3])).toEqual([1, 3]);
    await opened(all.library, guid(2));
    expect(all.downloads()).toEqual([guid(1), guid(2), guid(3), guid(2)]);
  });

  it('holds exactly as much as its limit', async () => {
    const all = setUpMedia(80);
    await download(all, guid(1), 40);
    await download(all, guid(2), 40);
    expect(present(all.library, [1, 2])).toEqual([1, 2]);
    await download(all, guid(3), 1);
    expect(present(all.library, [1, 2, 3])).toEqual([2, 3]);
  });

  it('keeps the newest, however large: somebody is about to hear it', async () => {
    const all = setUpMedia(100);
    await download(all, guid(1), 40);
    const media = await download(all, guid(2), 400);
    expect(present(all.library, [1, 2])).toEqual([2]);
    expect(await collect(media)).toHaveLength(400);
  });

  it('keeps what is being read until it is left', async () => {
    const all = setUpMedia(100);
    const first = await download(all, guid(1), 60);
    const reader = first.read(0, null);
    await reader.next();
    await download(all, guid(2), 60);
    await download(all, guid(3), 60);
    expect(present(all.library, [1, 2, 3])).toEqual([1, 3]);
    await reader.return();
    expect(present(all.library, [1, 2, 3])).toEqual([3]);
  });

  it('gives up what is on its way where that is too much and nobody reads it', async () => {
    for (const isRead of [true, false]) {
      const all = setUpMedia(100);
      const media = await opened(all.library, guid(1));
      all.bodies[0]!.send(bytes(90));
      const reader = media.read(0, null);
      if (isRead) await reader.next();
      await download(all, guid(2), 90);
      expect(present(all.library, [1, 2])).toEqual(isRead ? [1, 2] : [2]);
      expect(all.api.calls[0]?.signal?.aborted).toBe(!isRead);
      if (!isRead) continue;
      await reader.return();
      expect(present(all.library, [1, 2])).toEqual([2]);
    }
  });

  it('makes room while a long one arrives, not only when it is here', async () => {
    const all = setUpMedia(100);
    for (const number of [1, 2]) await download(all, guid(number), 50);
    await opened(all.library, guid(3));
    all.bodies[2]!.send(bytes(50));
    await settle();
    expect(present(all.library, [1, 2, 3])).toEqual([2, 3]);
    all.bodies[2]!.send(bytes(1));
    await settle();
    expect(present(all.library, [1, 2, 3])).toEqual([3]);
  });

  it('shrinks at once to a lower limit', async () => {
    const all = setUpMedia(1_000);
    for (const number of [1, 2, 3]) await download(all, guid(number), 100);
    all.library.setLimit(150);
    expect(present(all.library, [1, 2, 3])).toEqual([3]);
  });

  it('never exceeds its limit by more than what is in use', async () => {
    const steps = fc.array(fc.record({ id: fc.nat(6), length: fc.integer({ min: 1, max: 60 }) }), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (plan) => {
        const all = setUpMedia(100);
        for (const { id, length } of plan) {
          if (all.library.progress(guid(id)).status === 'absent') await download(all, guid(id), length);
          else await opened(all.library, guid(id));
          const sizes = [0, 1, 2, 3, 4, 5, 6].map((n) => all.library.progress(guid(n)).receivedBytes);
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(100);
          expect(all.library.progress(guid(id)).status).toBe('complete');
        }
      }),
      { numRuns: 60 },
    );
  });
});
