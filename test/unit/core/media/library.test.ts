import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { Media, MediaLibrary } from '../../../../src-main/core/media/library';
import { createMediaLibrary } from '../../../../src-main/core/media/library';
import type { Download } from '../../../../src-main/core/ports/api';
import { TransferError } from '../../../../src-main/core/media/transfer-error';
import { guid } from '../../../fixtures/examples';
import { StubApi } from '../../../fixtures/stub-api';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';
import { fc } from '../../../fixtures/seed';

const lost: CodedError = { code: 'connection-lost', operation: 'download', detail: {} };

/** A body that arrives when the test says so. */
class Body {
  #queue: (Uint8Array | 'end' | Error)[] = [];
  #wake: (() => void) | null = null;
  /** Whether the reader left before the end. */
  wasLeft = false;

  send(...chunks: Uint8Array[]): void {
    this.#put(...chunks);
  }

  end(): void {
    this.#put('end');
  }

  fail(error: Error = new TransferError(lost)): void {
    this.#put(error);
  }

  #put(...items: (Uint8Array | 'end' | Error)[]): void {
    this.#queue.push(...items);
    this.#wake?.();
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    let ended = false;
    try {
      for (;;) {
        const item = this.#queue.shift();
        if (item === undefined) {
          await new Promise<void>((resolve) => (this.#wake = resolve));
        } else if (item === 'end') {
          ended = true;
          return;
        } else if (item instanceof Error) {
          ended = true;
          throw item;
        } else {
          yield item;
        }
      }
    } finally {
      this.wasLeft = !ended;
    }
  }
}

const bytes = (length: number, from = 0) => Uint8Array.from({ length }, (_, index) => (from + index) % 251);

/** Sound in frames of 144 bytes. */
const sound = new Uint8Array(
  readFileSync(`${import.meta.dirname}/../../../tools/simulator/media/narrow.mp3`),
);
const soundFrame = 144;

/** The same with its first frame and its fifth damaged. */
function damagedSound(): Uint8Array {
  const damaged = sound.slice();
  damaged.fill(7, 0, soundFrame);
  damaged.fill(7, 4 * soundFrame, 5 * soundFrame);
  return damaged;
}

interface SetUp {
  readonly api: StubApi;
  readonly clock: VirtualClock;
  readonly library: MediaLibrary;
  readonly bodies: Body[];
  readonly downloads: () => readonly unknown[];
}

/** A library on a server whose bodies arrive by hand. */
function setUp(limit = 1_000_000, about: Partial<Download> = {}, largest?: number): SetUp {
  const bodies: Body[] = [];
  const api = new StubApi(() => {
    const body = new Body();
    bodies.push(body);
    return succeed({ contentType: 'audio/mpeg', sizeBytes: null, chunks: body.chunks(), ...about });
  });
  const clock = new VirtualClock();
  const library = createMediaLibrary(clock, limit, largest);
  library.setApi(api);
  return { api, clock, library, bodies, downloads: () => api.calls.map((call) => call.args[0]) };
}

async function opened(library: MediaLibrary, id: string): Promise<Media> {
  const result = await library.open(id);
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

async function collect(media: Media, first = 0, last: number | null = null): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of media.read(first, last)) all.push(...chunk);
  return all;
}

/** Downloads a recording of so many bytes, whole. */
async function download({ library, bodies }: SetUp, id: string, length: number): Promise<Media> {
  const media = await opened(library, id);
  const body = bodies.at(-1)!;
  body.send(bytes(length));
  body.end();
  await settle();
  return media;
}

describe('what was downloaded to be saved', () => {
  it('is heard without another download', async () => {
    const { library, downloads } = setUp();
    expect(library.hasRoomFor(30)).toBe(true);
    library.addCompleted(guid(1).toUpperCase(), 'audio/mp3', [bytes(10), bytes(20, 10)]);
    expect(library.progress(guid(1))).toMatchObject({ status: 'complete', sizeBytes: 30 });
    const media = await opened(library, guid(1));
    expect(media).toMatchObject({ contentType: 'audio/mp3', sizeBytes: 30 });
    expect(await collect(media, 5, 14)).toEqual([...bytes(10, 5)]);
    expect(downloads()).toEqual([]);
  });

  it('takes no place from what was heard, and goes first', async () => {
    const fixture = setUp(100);
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
    const { library } = setUp();
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

describe('one download for each recording', () => {
  it('however often, and in whatever case of its id, it is opened at once', async () => {
    const { library, downloads } = setUp();
    const id = guid(10).toUpperCase();
    const results = await Promise.all([library.open(id), library.open(id.toLowerCase()), library.open(id)]);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(downloads()).toEqual([id.toLowerCase()]);
  });

  it('for replays and seeks, while it arrives and afterwards', async () => {
    const { library, bodies, downloads } = setUp();
    const media = await opened(library, guid(1));
    bodies[0]!.send(bytes(10));
    const seek = collect(await opened(library, guid(1)), 5, 14);
    bodies[0]!.send(bytes(10, 10));
    expect(await seek).toEqual([...bytes(10, 5)]);
    bodies[0]!.end();
    expect(await collect(media)).toEqual([...bytes(20)]);
    expect(await collect(await opened(library, guid(1)), 18)).toEqual([...bytes(2, 18)]);
    expect(downloads()).toEqual([guid(1)]);
  });

  it('goes on although whoever asked for it has left', async () => {
    const { library, bodies, downloads } = setUp();
    const media = await opened(library, guid(1));
    bodies[0]!.send(bytes(4));
    for await (const chunk of media.read(0, null)) {
      expect(chunk).toHaveLength(4);
      break;
    }
    bodies[0]!.send(bytes(4, 4));
    bodies[0]!.end();
    await settle();
    expect(library.progress(guid(1))).toMatchObject({ status: 'complete', receivedBytes: 8 });
    expect(await collect(await opened(library, guid(1)))).toEqual([...bytes(8)]);
    expect(downloads()).toHaveLength(1);
  });

  it('asks nothing for progress', () => {
    const { library, downloads } = setUp();
    const absent = { status: 'absent', receivedBytes: 0, sizeBytes: null, error: null, sound: null };
    expect(library.progress(guid(1))).toEqual(absent);
    expect(downloads()).toEqual([]);
  });
});

describe('what a medium tells', () => {
  it('is what the server told, and the size itself at the end', async () => {
    const { library, bodies } = setUp(1_000, { contentType: 'audio/wav', sizeBytes: 8 });
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
    const { library, bodies } = setUp(1_000, { contentType: null });
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
    const { library, bodies } = setUp(1_000, { sizeBytes: 0 });
    const media = await opened(library, guid(1));
    const reading = collect(media);
    bodies[0]!.end();
    expect(await reading).toEqual([]);
    expect(await collect(media, 0, -1)).toEqual([]);
    expect(library.progress(guid(1))).toMatchObject({ status: 'complete', sizeBytes: 0 });
  });

  it('gives each byte as soon as it has come', async () => {
    const { library, bodies } = setUp();
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
    const { library, bodies } = setUp();
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
      const { library, bodies, downloads } = setUp();
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

describe('a download that fails', () => {
  it('before its answer tells why, and is tried anew when it is asked for again', async () => {
    const { api, library } = setUp();
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
    const { library, bodies } = setUp(1_000, { sizeBytes: 100 });
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
    const { library, bodies } = setUp();
    const media = await opened(library, guid(1));
    bodies[0]!.fail(new Error('Basic c2VjcmV0'));
    const thrown: unknown = await collect(media).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ message: 'internal', coded: { code: 'internal', operation: 'download' } });
    expect(JSON.stringify(library.progress(guid(1)))).not.toContain('c2VjcmV0');
  });

  describe('and is asked for again', () => {
    /** A recording of which so many bytes came, then no more. */
    const cut = async (about: Partial<Download>, came = bytes(30)) => {
      const fixture = setUp(1_000, about);
      await fixture.library.open(guid(1), 1);
      fixture.bodies[0]!.send(came);
      fixture.bodies[0]!.fail();
      await settle();
      return fixture;
    };
    /** How the next download is answered. */
    const answerWith = ({ api, bodies }: SetUp, about: Partial<Download>) => {
      api.answerWith(() => {
        const body = new Body();
        bodies.push(body);
        return succeed({ contentType: 'audio/mpeg', sizeBytes: null, chunks: body.chunks(), ...about });
      });
    };
    const askedFor = ({ api }: SetUp) => api.calls.map(({ firstByte }) => firstByte ?? 0);

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
          const fixture = setUp();
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

describe('many recordings, one after the other', () => {
  const statuses = ({ library }: SetUp, ...numbers: number[]) =>
    numbers.map((number) => library.progress(guid(number)).status);

  it('have no more than two downloads: what nobody reads and has most left to come is given up', async () => {
    const fixture = setUp(1_000, { sizeBytes: 100 });
    const { api, library, bodies } = fixture;
    for (const number of [1, 2]) await opened(library, guid(number));
    bodies[0]!.send(bytes(90));
    bodies[1]!.send(bytes(10));
    await settle();
    await opened(library, guid(3));
    expect(statuses(fixture, 1, 2, 3)).toEqual(['downloading', 'absent', 'downloading']);
    expect(api.calls.map(({ signal }) => signal?.aborted)).toEqual([false, true, false]);
    bodies[0]!.send(bytes(10, 90));
    bodies[0]!.end();
    await settle();
    expect(statuses(fixture, 1)).toEqual(['complete']);
    await opened(library, guid(4));
    expect(statuses(fixture, 3, 4)).toEqual(['downloading', 'downloading']);
    // Given up counts as never asked for.
    await opened(library, guid(2));
    expect(api.calls).toHaveLength(5);
  });

  it('let the third wait while two are read, and begin it when one is left or has ended', async () => {
    for (const leaves of [true, false]) {
      const fixture = setUp();
      const { api, library, bodies } = fixture;
      const readers = [];
      for (const number of [1, 2]) {
        const reader = (await opened(library, guid(number))).read(0, null);
        void reader.next();
        readers.push(reader);
      }
      const third = library.open(guid(3));
      await settle();
      expect(api.calls).toHaveLength(2);
      expect(statuses(fixture, 3)).toEqual(['downloading']);
      // It waits for a byte, and is left all the same.
      if (leaves) await readers[0]!.return();
      else bodies[0]!.end();
      expect(await third).toMatchObject({ ok: true });
      expect(api.calls).toHaveLength(3);
      expect(api.calls[0]?.signal?.aborted).toBe(leaves);
    }
  });

  it('ask nothing of the server for one that waited and was passed over', async () => {
    const fixture = setUp();
    const { library, downloads } = fixture;
    const readers = [];
    for (const number of [1, 2]) {
      const reader = (await opened(library, guid(number))).read(0, null);
      void reader.next().catch(() => undefined);
      readers.push(reader);
    }
    const third = library.open(guid(3));
    const fourth = library.open(guid(4));
    expect(await third).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(statuses(fixture, 3)).toEqual(['absent']);
    await readers[1]!.return();
    expect(await fourth).toMatchObject({ ok: true });
    expect(downloads()).toEqual([1, 2, 4].map((number) => guid(number)));
    library.clear();
  });

  it('leave one that was cut and waited as it was where it is passed over, or everybody signs out', async () => {
    const fixture = setUp();
    const { library, bodies, downloads } = fixture;
    await library.open(guid(3), 1);
    bodies[0]!.send(bytes(5));
    bodies[0]!.fail();
    await settle();
    for (const number of [1, 2]) {
      const reader = (await opened(library, guid(number))).read(0, null);
      void reader.next().catch(() => undefined);
    }
    const again = await library.open(guid(3), 2);
    expect(again).toMatchObject({ ok: true });
    const fourth = library.open(guid(4));
    expect(library.progress(guid(3))).toMatchObject({ status: 'failed', receivedBytes: 5, error: lost });
    library.clear();
    expect(await fourth).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(downloads()).toHaveLength(3);
    expect(statuses(fixture, 1, 2, 3, 4)).toEqual(['absent', 'absent', 'absent', 'absent']);
  });
});

describe('a server that does not begin to answer', () => {
  /** As a request does that is given up. */
  const unanswered = (fixture: SetUp) => {
    fixture.api.answerWith(({ signal, answer }) => {
      signal?.addEventListener('abort', () => {
        answer(fail('cancelled', 'download'));
      });
      return undefined;
    });
  };
  const aborted = ({ api }: SetUp) => api.calls.map(({ signal }) => signal?.aborted);
  const sounding = () => ({ contentType: 'audio/mpeg', sizeBytes: 1, chunks: new Body().chunks() });

  it('is not waited for while another recording is wanted, and is asked anew', async () => {
    const fixture = setUp();
    unanswered(fixture);
    const { library, clock, downloads } = fixture;
    const first = library.open(guid(1));
    await clock.advance(1_500);
    const second = library.open(guid(2));
    await clock.advance(499);
    expect(aborted(fixture)).toEqual([false, false]);
    await clock.advance(1);
    expect(aborted(fixture)).toEqual([true, false]);
    expect(await first).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(library.progress(guid(1)).status).toBe('absent');
    // The other one has nobody behind it, and all the time that the server takes.
    await clock.advance(60_000);
    expect(aborted(fixture)).toEqual([true, false]);
    void library.open(guid(1));
    expect(aborted(fixture)).toEqual([true, true, false]);
    expect(await second).toMatchObject({ ok: false });
    expect(downloads()).toEqual([1, 2, 1].map((number) => guid(number)));
    expect(clock.pending()).toBe(0);
  });

  it('has its time where it answers, or the other one is there or given up meanwhile', async () => {
    for (const meanwhile of ['it answers', 'the other answers', 'everybody signs out'] as const) {
      const fixture = setUp();
      unanswered(fixture);
      const { api, library, clock } = fixture;
      const first = library.open(guid(1));
      const second = library.open(guid(2));
      const answers = api.calls.map(({ answer }) => answer);
      if (meanwhile === 'it answers') answers[0]!(succeed(sounding()));
      if (meanwhile === 'the other answers') answers[1]!(succeed(sounding()));
      if (meanwhile === 'everybody signs out') library.setApi(null);
      await clock.advance(10_000);
      const ends = meanwhile === 'everybody signs out';
      expect(aborted(fixture), meanwhile).toEqual([ends, ends]);
      expect(clock.pending(), meanwhile).toBe(0);
      library.clear();
      await Promise.all([first, second]);
    }
  });

  it('keeps what came of a recording before it was cut, and takes nothing from whoever listens', async () => {
    for (const listens of [true, false]) {
      const fixture = setUp();
      const { library, bodies, clock } = fixture;
      await library.open(guid(1), 1);
      bodies[0]!.send(bytes(5));
      bodies[0]!.fail();
      await settle();
      unanswered(fixture);
      const again = await library.open(guid(1), 2);
      const reader = again.ok && listens ? again.value.read(5, null) : null;
      void reader?.next().catch(() => undefined);
      await clock.advance(5_000);
      void library.open(guid(2));
      await settle();
      expect(aborted(fixture)).toEqual([false, !listens, false]);
      expect(library.progress(guid(1))).toMatchObject({
        status: listens ? 'downloading' : 'failed',
        receivedBytes: 5,
      });
      library.clear();
    }
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
    const { api, library, downloads } = setUp(1_000, { sizeBytes: 101, chunks }, 100);
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
    const { api, library, bodies } = setUp(1_000, {}, 100);
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
    const all = setUp(1_000, { sizeBytes: 100 }, 100);
    const media = await download(all, guid(1), 100);
    expect(await collect(media)).toEqual([...bytes(100)]);
  });

  it('has more than 512 MB', async () => {
    for (const [sizeBytes, ok] of [
      [512_000_000, true],
      [512_000_001, false],
    ] as const) {
      const { library } = setUp(1_000, { sizeBytes });
      expect(await library.open(guid(1))).toMatchObject({ ok });
    }
  });
});

describe('the memory', () => {
  const present = (library: MediaLibrary, numbers: readonly number[]) =>
    numbers.filter((number) => library.progress(guid(number)).status !== 'absent');

  it('forgets the least recently used beyond its limit', async () => {
    const all = setUp(100);
    await download(all, guid(1), 40);
    await download(all, guid(2), 40);
    await opened(all.library, guid(1));
    await download(all, guid(3), 40);
    expect(present(all.library, [1, 2, 3])).toEqual([1, 3]);
    await opened(all.library, guid(2));
    expect(all.downloads()).toEqual([guid(1), guid(2), guid(3), guid(2)]);
  });

  it('holds exactly as much as its limit', async () => {
    const all = setUp(80);
    await download(all, guid(1), 40);
    await download(all, guid(2), 40);
    expect(present(all.library, [1, 2])).toEqual([1, 2]);
    await download(all, guid(3), 1);
    expect(present(all.library, [1, 2, 3])).toEqual([2, 3]);
  });

  it('keeps the newest, however large: somebody is about to hear it', async () => {
    const all = setUp(100);
    await download(all, guid(1), 40);
    const media = await download(all, guid(2), 400);
    expect(present(all.library, [1, 2])).toEqual([2]);
    expect(await collect(media)).toHaveLength(400);
  });

  it('keeps what is being read until it is left', async () => {
    const all = setUp(100);
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
      const all = setUp(100);
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
    const all = setUp(100);
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
    const all = setUp(1_000);
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
        const all = setUp(100);
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

describe('signing out', () => {
  it.each([
    [
      'clear',
      (library: MediaLibrary) => {
        library.clear();
      },
    ],
    [
      'dispose',
      (library: MediaLibrary) => {
        library.dispose();
      },
    ],
    [
      'another user',
      (library: MediaLibrary) => {
        library.setApi(new StubApi());
      },
    ],
    [
      'no user',
      (library: MediaLibrary) => {
        library.setApi(null);
      },
    ],
  ] as const)('(%s) ends downloads, empties the memory and stops whoever reads', async (_how, end) => {
    const all = setUp();
    const complete = await download(all, guid(1), 50);
    const running = await opened(all.library, guid(2));
    all.bodies[1]!.send(bytes(10));
    const readers = [complete.read(0, null), running.read(0, null)];
    for (const reader of readers) await reader.next();
    const waiting = collect(running, 10, 20);

    end(all.library);
    for (const number of [1, 2]) {
      expect(all.library.progress(guid(number))).toMatchObject({ status: 'absent', receivedBytes: 0 });
    }
    expect(all.api.calls[1]?.signal?.aborted).toBe(true);
    await expect(waiting).rejects.toMatchObject({ coded: { code: 'cancelled' } });
    await expect(readers[1]!.next()).rejects.toBeInstanceOf(TransferError);
    for (const media of [complete, running]) {
      await expect(collect(media)).rejects.toMatchObject({ coded: { code: 'cancelled' } });
    }
  });

  it('takes nothing more from a body that goes on all the same', async () => {
    const { library, bodies } = setUp();
    const media = await opened(library, guid(1));
    bodies[0]!.send(bytes(10));
    await settle();
    library.clear();
    bodies[0]!.send(bytes(10));
    await settle();
    expect(bodies[0]!.wasLeft).toBe(true);
    await expect(collect(media, 0, 5)).rejects.toBeInstanceOf(TransferError);
  });

  it('wins over an answer that comes at the same moment', async () => {
    const { api, library } = setUp();
    api.answerWith(() => undefined);
    const body = new Body();
    const opening = library.open(guid(1));
    library.setApi(null);
    body.send(bytes(10));
    api.calls[0]!.answer(succeed({ contentType: null, sizeBytes: null, chunks: body.chunks() }));
    await opening;
    await settle();
    expect(body.wasLeft).toBe(true);
    expect(library.progress(guid(1)).status).toBe('absent');
    expect(await library.open(guid(1))).toMatchObject({ ok: false, error: { code: 'signed-out' } });
  });

  it('leaves nothing to the next user', async () => {
    const all = setUp();
    await download(all, guid(1), 50);
    const other = new StubApi(() => fail('recording-not-found', 'download', { status: 404 }));
    all.library.setApi(other);
    const result: Result<Media> = await all.library.open(guid(1));
    expect(result).toMatchObject({ ok: false, error: { code: 'recording-not-found' } });
    expect(other.calls).toHaveLength(1);
  });

  it('is not what setting the same user again means', async () => {
    const all = setUp();
    await download(all, guid(1), 50);
    all.library.setApi(all.api);
    expect(all.library.progress(guid(1)).status).toBe('complete');
  });

  it('twice is harmless', () => {
    const { library } = setUp();
    library.dispose();
    library.dispose();
    library.clear();
  });
});

describe('damage', () => {
  const heard = async (media: Media, first = 0, last: number | null = null) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of media.readRepaired(first, last)) pieces.push(piece);
    return new Uint8Array(Buffer.concat(pieces));
  };

  it('is heard as silence of the same size, and kept as it came', async () => {
    const { library, bodies } = setUp();
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
    const { library, bodies } = setUp();
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

describe('bytes for a waveform', () => {
  it('come as they arrive, in order, and end with the recording', async () => {
    const { library, bodies, downloads } = setUp();
    await opened(library, guid(1));
    const body = bodies[0]!;
    body.send(sound.subarray(0, 300), sound.subarray(300, 500));
    await settle();
    // The fourth frame has begun and not yet come.
    expect(await library.readChunk(guid(1).toUpperCase(), 0)).toEqual(sound.subarray(0, 3 * soundFrame));
    expect(await library.readChunk(guid(1), 7)).toEqual(sound.subarray(7, 3 * soundFrame));
    const waiting = library.readChunk(guid(1), 3 * soundFrame);
    body.send(sound.subarray(500, 600));
    expect(await waiting).toEqual(sound.subarray(3 * soundFrame, 4 * soundFrame));
    const last = library.readChunk(guid(1), 4 * soundFrame);
    body.end();
    expect(await last).toEqual(sound.subarray(4 * soundFrame, 600));
    expect((await library.readChunk(guid(1), 600)).length).toBe(0);
    expect(downloads()).toHaveLength(1);
  });

  it('are never more than 64 KB at once', async () => {
    const known = setUp();
    await download(known, guid(1), 600_000);
    expect((await known.library.readChunk(guid(1), 0)).length).toBe(65_536);
    expect((await known.library.readChunk(guid(1), 590_000)).length).toBe(10_000);
    expect((await known.library.readChunk(guid(1), 700_000)).length).toBe(0);
  });

  it('start no download', async () => {
    const { library, downloads } = setUp();
    expect((await library.readChunk(guid(1), 0)).length).toBe(0);
    expect(downloads()).toEqual([]);
  });

  it('are what came before a download broke off, and then none', async () => {
    const { library, bodies } = setUp();
    await opened(library, guid(1));
    bodies[0]!.send(bytes(10));
    bodies[0]!.fail();
    await settle();
    expect([...(await library.readChunk(guid(1), 0))]).toEqual([...bytes(10)]);
    expect([...(await library.readChunk(guid(1), 10))]).toEqual([]);
  });

  it('end when somebody signs out', async () => {
    const { library, bodies } = setUp();
    await opened(library, guid(1));
    bodies[0]!.send(bytes(10));
    await settle();
    const waiting = library.readChunk(guid(1), 10);
    library.clear();
    expect([...(await waiting)]).toEqual([]);
  });
});

describe('a download that failed', () => {
  it('is begun again for another wish only, and keeps what came until then', async () => {
    const { library, bodies, downloads } = setUp();
    await library.open(guid(1), 1);
    bodies[0]!.send(bytes(10));
    bodies[0]!.fail();
    await settle();
    const again = await library.open(guid(1), 1);
    expect(downloads()).toHaveLength(1);
    if (!again.ok) throw new Error(again.error.code);
    const read = again.value.read(0, null);
    expect((await read.next()).value).toEqual(bytes(10));
    await expect(read.next()).rejects.toBeInstanceOf(TransferError);
    await library.open(guid(1), 2);
    expect(downloads()).toHaveLength(2);
  });
});
