import { describe, expect, it } from 'vitest';

import type { Media } from '../../../../src-main/core/media/media';
import { TransferError } from '../../../../src-main/core/media/transfer-error';
import { guid } from '../../../fixtures/examples';
import { bytes, collect, damagedSound, opened, setUpMedia, sound, soundFrame } from '../../../fixtures/media';
import { fc } from '../../../fixtures/seed';
import { settle } from '../../../fixtures/virtual-clock';

describe('what a medium tells', () => {
  it('is what the server told, and the size itself at the end', async () => {
    const { library, bodies } = setUpMedia(1_000, { contentType: 'audio/wav', sizeBytes: 8 });
    const media = await opened(library, guid(1));
    expect(media).toMatchObject({ contentType: 'audio/wav', sizeBytes: 8 });
    bodies[0]!.send(bytes(3));
    await settle();
    expect(library.progress(guid(1).toUpperCase())).toEqual({
      status: 'downloading',
      receivedBytes: 3,
      sizeBytes: 8,
      error: null,
      sound: null,
    });
    bodies[0]!.send(bytes(5, 3));
    bodies[0]!.end();
    await settle();
    expect(library.progress(guid(1))).toMatchObject({ status: 'complete', receivedBytes: 8, sizeBytes: 8 });
  });

  it('is MP3 of unknown size where the server tells nothing, until it has come', async () => {
    const { library, bodies } = setUpMedia(1_000, { contentType: null });
    const media = await opened(library, guid(1));
    expect(media).toMatchObject({ contentType: 'audio/mpeg', sizeBytes: null });
    bodies[0]!.send(bytes(3));
    bodies[0]!.end();
    await settle();
    expect(media.sizeBytes).toBe(3);
  });
});

describe('reading', () => {
  it('of an empty recording ends', async () => {
    const { library, bodies } = setUpMedia(1_000, { sizeBytes: 0 });
    const media = await opened(library, guid(1));
    const reading = collect(media);
    bodies[0]!.end();
    expect(await reading).toEqual([]);
    expect(await collect(media, 0, -1)).toEqual([]);
    expect(library.progress(guid(1))).toMatchObject({ status: 'complete', sizeBytes: 0 });
  });

  it('gives each byte as soon as it has come', async () => {
    const { library, bodies } = setUpMedia();
    const reader = (await opened(library, guid(1))).read(2, 5);
    const first = reader.next();
    bodies[0]!.send(bytes(4));
    expect(await first).toEqual({ done: false, value: bytes(2, 2) });
    const second = reader.next();
    bodies[0]!.send(bytes(4, 4));
    expect(await second).toEqual({ done: false, value: bytes(2, 4) });
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('beyond what has come waits, and beyond the end is empty', async () => {
    const { library, bodies } = setUpMedia();
    const media = await opened(library, guid(1));
    bodies[0]!.send(bytes(4));
    const near = collect(media, 6, 7);
    const beyond = collect(media, 100, 200);
    bodies[0]!.send(bytes(4, 4));
    expect(await near).toEqual([6, 7]);
    bodies[0]!.end();
    expect(await beyond).toEqual([]);
  });

  it('gives any range of any chunking as a slice of the whole would', async () => {
    const chunkings = fc.array(fc.nat(40), { maxLength: 12 });
    const ranges = fc.array(
      fc.record({
        first: fc.nat(260),
        length: fc.option(fc.nat(260)),
        /** After how many chunks the reader comes. */
        after: fc.nat(12),
        /** With how many other things happening between two of its steps. */
        pause: fc.nat(2),
      }),
      { minLength: 1, maxLength: 8 },
    );
    const property = fc.asyncProperty(chunkings, ranges, async (lengths, wanted) => {
      const { library, bodies, downloads } = setUpMedia();
      const media = await opened(library, guid(1));
      const body = bodies[0]!;
      const whole = bytes(lengths.reduce((sum, length) => sum + length, 0));
      const results: { readonly expected: number[]; readonly got: Promise<number[]> }[] = [];
      const come = async (after: number) => {
        for (const { first, length, pause } of wanted.filter((range) => range.after === after)) {
          const last = length === null ? null : first + length - 1;
          const again = await opened(library, guid(1));
          const read = async () => {
            const all: number[] = [];
            for await (const chunk of again.read(first, last)) {
              expect(chunk.length).toBeGreaterThan(0);
              all.push(...chunk);
              for (let turn = 0; turn < pause; turn += 1) await settle();
            }
            return all;
          };
          results.push({
            expected: [...whole.slice(first, last === null ? undefined : last + 1)],
            got: read(),
          });
        }
      };
      let sent = 0;
      for (const [index, length] of lengths.entries()) {
        await come(index);
        body.send(whole.slice(sent, sent + length));
        sent += length;
      }
      for (let after = lengths.length; after <= 12; after += 1) await come(after);
      body.end();
      for (const { expected, got } of results) expect(await got).toEqual(expected);
      expect(await collect(media)).toEqual([...whole]);
      expect(downloads()).toHaveLength(1);
    });
    await fc.assert(property, { numRuns: 200 });
  });
});

describe('damage', () => {
  const heard = async (media: Media, first = 0, last: number | null = null) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of media.readRepaired(first, last)) pieces.push(piece);
    return new Uint8Array(Buffer.concat(pieces));
  };

  it('is heard as silence of the same size, and kept as it came', async () => {
    const { library, bodies } = setUpMedia();
    const media = await opened(library, guid(1));
    const all = heard(media);
    const part = heard(media, 600, 1_199);
    const damaged = damagedSound();
    for (let at = 0; at < damaged.length; at += 250) bodies[0]!.send(damaged.slice(at, at + 250));
    bodies[0]!.end();
    const whole = await all;
    expect(whole).toHaveLength(damaged.length);
    // A frame that leads into damage goes with it.
    for (const [frame, silent] of [true, false, false, true, true, false, false].entries()) {
      const bytesOfIt = whole.subarray(frame * soundFrame, (frame + 1) * soundFrame);
      const original = sound.subarray(frame * soundFrame, (frame + 1) * soundFrame);
      expect(bytesOfIt.subarray(0, 4)).toEqual(original.subarray(0, 4));
      expect(bytesOfIt.subarray(4).every((byte) => byte === 0)).toBe(silent);
      if (!silent) expect(bytesOfIt).toEqual(original);
    }
    expect(await part).toEqual(whole.subarray(600, 1_200));
    expect(await library.readChunk(guid(1), 0)).toEqual(whole);
    expect(new Uint8Array(await collect(media))).toEqual(damaged);
  });

  it('is nothing more to be read once somebody has signed out', async () => {
    const { library, bodies } = setUpMedia();
    const media = await opened(library, guid(1));
    bodies[0]!.send(damagedSound());
    await settle();
    const reader = media.readRepaired(0, null);
    await reader.next();
    library.clear();
    await expect(reader.next()).rejects.toBeInstanceOf(TransferError);
    await expect(media.readRepaired(0, null).next()).rejects.toBeInstanceOf(TransferError);
  });
});
