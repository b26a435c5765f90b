import { describe, expect, it } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { TransferError } from '../../../../src-main/core/media/transfer-error';
import type { Download } from '../../../../src-main/core/ports/api';
import { guid } from '../../../fixtures/examples';
import type { MediaFixture } from '../../../fixtures/media';
import {
  Body,
  bytes,
  collect,
  download,
  lost,
  opened,
  setUpMedia,
  sound,
  soundFrame,
} from '../../../fixtures/media';
import { fc } from '../../../fixtures/seed';
import { settle } from '../../../fixtures/virtual-clock';

describe('a download that fails', () => {
  it('before its answer tells why, and is tried anew when it is asked for again', async () => {
    const { api, library } = setUpMedia();
    api.answerWith(() => fail('recording-not-found', 'download', { status: 404 }));
    const both = await Promise.all([library.open(guid(1)), library.open(guid(1))]);
    expect(both).toMatchObject([
      { ok: false, error: { code: 'recording-not-found' } },
      { ok: false, error: { code: 'recording-not-found' } },
    ]);
    expect(api.calls).toHaveLength(1);
    expect(library.progress(guid(1))).toMatchObject({
      status: 'failed',
      error: { code: 'recording-not-found' },
    });
    await library.open(guid(1));
    expect(api.calls).toHaveLength(2);
  });

  it('in the middle leaves what came to be heard, then throws why', async () => {
    const { library, bodies } = setUpMedia(1_000, { sizeBytes: 100 });
    const media = await opened(library, guid(1));
    const early = media.read(0, null);
    bodies[0]!.send(bytes(10));
    expect((await early.next()).value).toEqual(bytes(10));
    bodies[0]!.fail();
    await expect(early.next()).rejects.toMatchObject({ name: 'TransferError', coded: lost });
    expect(await collect(media, 2, 5)).toEqual([2, 3, 4, 5]);
    const late = media.read(8, 20);
    expect((await late.next()).value).toEqual(bytes(2, 8));
    await expect(late.next()).rejects.toBeInstanceOf(TransferError);
    expect(library.progress(guid(1))).toEqual({
      status: 'failed',
      receivedBytes: 10,
      sizeBytes: 100,
      error: lost,
      sound: null,
    });
  });

  it('by a bug of ours says that it is one, and nothing of the bug’s own words', async () => {
    const { library, bodies } = setUpMedia();
    const media = await opened(library, guid(1));
    bodies[0]!.fail(new Error('Basic c2VjcmV0'));
    const thrown: unknown = await collect(media).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ message: 'internal', coded: { code: 'internal', operation: 'download' } });
    expect(JSON.stringify(library.progress(guid(1)))).not.toContain('c2VjcmV0');
  });

  describe('and is asked for again', () => {
    /** A recording of which so many bytes came, then no more. */
    const cut = async (about: Partial<Download>, came = bytes(30)) => {
      const fixture = setUpMedia(1_000, about);
      await fixture.library.open(guid(1), 1);
      fixture.bodies[0]!.send(came);
      fixture.bodies[0]!.fail();
      await settle();
      return fixture;
    };
    /** How the next download is answered. */
    const answerWith = ({ api, bodies }: MediaFixture, about: Partial<Download>) => {
      api.answerWith(() => {
        const body = new Body();
        bodies.push(body);
        return succeed({ contentType: 'audio/mpeg', sizeBytes: null, chunks: body.chunks(), ...about });
      });
    };
    const askedFor = ({ api }: MediaFixture) => api.calls.map(({ firstByte }) => firstByte ?? 0);

    it('goes on where it was cut, and is heard from its beginning at once', async () => {
      const fixture = await cut({ sizeBytes: 50 });
      const { library, bodies } = fixture;
      answerWith(fixture, { firstByte: 30, sizeBytes: 50 });
      const again = await opened(library, guid(1));
      expect(again.sizeBytes).toBe(50);
      const reader = again.read(0, null);
      expect((await reader.next()).value).toEqual(bytes(30));
      bodies[1]!.send(bytes(20, 30));
      bodies[1]!.end();
      expect(await collect(again)).toEqual([...bytes(50)]);
      expect(askedFor(fixture)).toEqual([0, 30]);
      expect(library.progress(guid(1))).toMatchObject({ status: 'complete', receivedBytes: 50, error: null });
    });

    it('keeps what there was where it fails once more, before its answer or behind it', async () => {
      const fixture = await cut({ sizeBytes: 50 });
      const { api, library, bodies } = fixture;
      api.answerWith(() => fail('connection-refused', 'download'));
      const again = await opened(library, guid(1));
      const reader = again.read(0, null);
      expect((await reader.next()).value).toEqual(bytes(30));
      await expect(reader.next()).rejects.toMatchObject({ coded: { code: 'connection-refused' } });
      answerWith(fixture, { sizeBytes: 50 });
      const third = await opened(library, guid(1));
      bodies[1]!.send(bytes(10));
      bodies[1]!.fail();
      await settle();
      expect(library.progress(guid(1))).toEqual({
        status: 'failed',
        receivedBytes: 30,
        sizeBytes: 50,
        error: lost,
        sound: null,
      });
      expect(await collect(third, 20, 29)).toEqual([...bytes(10, 20)]);
    });

    it('stays as it is while a server that gives no part sends it again', async () => {
      const fixture = await cut({ sizeBytes: 50 });
      const { library, bodies } = fixture;
      answerWith(fixture, { sizeBytes: 50 });
      const again = await opened(library, guid(1));
      for (let at = 0; at < 50; at += 10) {
        bodies[1]!.send(bytes(10, at));
        await settle();
        expect(library.progress(guid(1)).receivedBytes).toBe(Math.max(30, at + 10));
      }
      bodies[1]!.end();
      expect(await collect(again)).toEqual([...bytes(50)]);
      expect(askedFor(fixture)).toEqual([0, 30]);
    });

    it('asks for the whole where the part is refused, or is one of something else', async () => {
      for (const about of ['refused', { firstByte: 30, sizeBytes: 70 }] as const) {
        const fixture = await cut({ sizeBytes: 50 });
        const { api, library, bodies } = fixture;
        api.answerWith(({ firstByte, signal }) => {
          if (firstByte !== undefined && about === 'refused') return fail('malformed', 'download');
          const body = new Body();
          bodies.push(body);
          signal?.addEventListener('abort', () => {
            body.fail();
          });
          const part = firstByte === undefined || about === 'refused' ? { sizeBytes: 50 } : about;
          return succeed({ contentType: 'audio/mpeg', chunks: body.chunks(), ...part });
        });
        const again = await opened(library, guid(1));
        await settle();
        expect(askedFor(fixture)).toEqual([0, 30, 0]);
        if (about !== 'refused') expect(api.calls[1]?.signal?.aborted).toBe(true);
        bodies.at(-1)!.send(bytes(50));
        bodies.at(-1)!.end();
        expect(await collect(again)).toEqual([...bytes(50)]);
      }
    });

    it('is what came last where that is something else, or less', async () => {
      const chunkings = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(chunkings, chunkings, fc.nat(40), async (before, after, same) => {
          const sum = (lengths: readonly number[]) => lengths.reduce((total, length) => total + length, 0);
          const first = bytes(sum(before));
          const second = bytes(sum(after)).map((byte, index) => (index < same ? byte : byte + 1));
          const fixture = setUpMedia();
          const { library, bodies } = fixture;
          await library.open(guid(1), 1);
          const send = (body: Body, all: Uint8Array, lengths: readonly number[]) => {
            let at = 0;
            for (const length of lengths) body.send(all.slice(at, (at += length)));
          };
          send(bodies[0]!, first, before);
          bodies[0]!.fail();
          await settle();
          const again = await opened(library, guid(1));
          send(bodies[1]!, second, after);
          bodies[1]!.end();
          await settle();
          expect(await collect(again)).toEqual([...second]);
          expect(await library.readChunk(guid(1), 0)).toEqual(second);
        }),
        { numRuns: 100 },
      );
    });

    it('is heard in frames that were cut in the middle, as if nothing had been', async () => {
      const fixture = await cut({ sizeBytes: sound.length }, sound.slice(0, 1_000));
      const { library, bodies } = fixture;
      answerWith(fixture, { firstByte: 1_000, sizeBytes: sound.length });
      const again = await opened(library, guid(1));
      const damaged = sound.slice();
      damaged.fill(7, 10 * soundFrame, 11 * soundFrame);
      bodies[1]!.send(damaged.slice(1_000));
      bodies[1]!.end();
      const heard: number[] = [];
      for await (const piece of again.readRepaired(0, null)) heard.push(...piece);
      expect(heard).toHaveLength(sound.length);
      expect(heard.slice(0, 9 * soundFrame)).toEqual([...sound.subarray(0, 9 * soundFrame)]);
      expect(heard.slice(10 * soundFrame + 4, 11 * soundFrame).every((byte) => byte === 0)).toBe(true);
    });
  });
});

describe('a recording that is too large', () => {
  const tooLarge = { code: 'recording-too-large', operation: 'download', detail: {} };

  it('is refused before anything is read of it, where its size is told', async () => {
    let asked = false;
    const chunks: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => {
        asked = true;
        return new Body().chunks();
      },
    };
    const { api, library, downloads } = setUpMedia(1_000, { sizeBytes: 101, chunks }, 100);
    expect(await library.open(guid(1), 7)).toEqual({ ok: false, error: tooLarge });
    expect(api.calls[0]?.signal?.aborted).toBe(true);
    expect(library.progress(guid(1))).toEqual({
      status: 'failed',
      receivedBytes: 0,
      sizeBytes: null,
      error: tooLarge,
      sound: null,
    });
    expect(await library.open(guid(1), 7)).toEqual({ ok: false, error: tooLarge });
    expect(downloads()).toHaveLength(1);
    expect(asked).toBe(false);
  });

  it('ends where it comes to be too large, and leaves nothing of itself', async () => {
    const { api, library, bodies } = setUpMedia(1_000, {}, 100);
    const media = await opened(library, guid(1));
    const reader = media.read(0, null);
    bodies[0]!.send(bytes(100));
    expect((await reader.next()).value).toEqual(bytes(100));
    const waiting = library.readChunk(guid(1), 100);
    expect(library.progress(guid(1))).toMatchObject({ status: 'downloading', receivedBytes: 100 });
    bodies[0]!.send(bytes(1));
    await expect(reader.next()).rejects.toMatchObject({ coded: tooLarge });
    expect([...(await waiting)]).toEqual([]);
    expect(library.progress(guid(1))).toMatchObject({ status: 'failed', receivedBytes: 0, error: tooLarge });
    await settle();
    expect(bodies[0]!.wasLeft).toBe(true);
    expect(api.calls[0]?.signal?.aborted).toBe(true);
    await expect(collect(media)).rejects.toMatchObject({ coded: tooLarge });
  });

  it('is none that has just as much as may be', async () => {
    const all = setUpMedia(1_000, { sizeBytes: 100 }, 100);
    const media = await download(all, guid(1), 100);
    expect(await collect(media)).toEqual([...bytes(100)]);
  });

  it('has more than 512 MB', async () => {
    for (const [sizeBytes, ok] of [
      [512_000_000, true],
      [512_000_001, false],
    ] as const) {
      const { library } = setUpMedia(1_000, { sizeBytes });
      expect(await library.open(guid(1))).toMatchObject({ ok });
    }
  });
});
