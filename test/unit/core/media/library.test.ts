import { describe, expect, it } from 'vitest';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { MediaLibrary } from '../../../../src-main/core/media/library';
import type { Media } from '../../../../src-main/core/media/media';
import { TransferError } from '../../../../src-main/core/media/transfer-error';
import { guid } from '../../../fixtures/examples';
import {
  Body,
  bytes,
  collect,
  download,
  opened,
  setUpMedia,
  sound,
  soundFrame,
} from '../../../fixtures/media';
import { StubApi } from '../../../fixtures/stub-api';
import { settle } from '../../../fixtures/virtual-clock';

describe('one download for each recording', () => {
  it('however often, and in whatever case of its id, it is opened at once', async () => {
    const { library, downloads } = setUpMedia();
    const id = guid(10).toUpperCase();
    const results = await Promise.all([library.open(id), library.open(id.toLowerCase()), library.open(id)]);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(downloads()).toEqual([id.toLowerCase()]);
  });

  it('for replays and seeks, while it arrives and afterwards', async () => {
    const { library, bodies, downloads } = setUpMedia();
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
    const { library, bodies, downloads } = setUpMedia();
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
    const { library, downloads } = setUpMedia();
    const absent = { status: 'absent', receivedBytes: 0, sizeBytes: null, error: null, sound: null };
    expect(library.progress(guid(1))).toEqual(absent);
    expect(downloads()).toEqual([]);
  });
});

describe('whoever follows the progress', () => {
  it('is told of each change, under the id in lower case', async () => {
    const { library, bodies } = setUpMedia();
    const told: unknown[] = [];
    const following = library.onProgress((id) => {
      const { status, receivedBytes } = library.progress(id);
      told.push([id, status, receivedBytes]);
    });
    await opened(library, guid(10).toUpperCase());
    bodies[0]!.send(bytes(3));
    await settle();
    bodies[0]!.send(bytes(5, 3));
    await settle();
    bodies[0]!.fail();
    await settle();
    library.addCompleted(guid(11), null, [bytes(4)]);
    library.clear();
    expect(told).toEqual([
      [guid(10), 'downloading', 3],
      [guid(10), 'downloading', 8],
      [guid(10), 'failed', 8],
      [guid(11), 'absent', 0],
      [guid(11), 'complete', 4],
      [guid(11), 'absent', 0],
      [guid(10), 'absent', 0],
    ]);
    following.dispose();
    library.addCompleted(guid(11), null, [bytes(4)]);
    expect(told).toHaveLength(7);
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
    const all = setUpMedia();
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
    const { library, bodies } = setUpMedia();
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
    const { api, library } = setUpMedia();
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
    const all = setUpMedia();
    await download(all, guid(1), 50);
    const other = new StubApi(() => fail('recording-not-found', 'download', { status: 404 }));
    all.library.setApi(other);
    const result: Result<Media> = await all.library.open(guid(1));
    expect(result).toMatchObject({ ok: false, error: { code: 'recording-not-found' } });
    expect(other.calls).toHaveLength(1);
  });

  it('is not what setting the same user again means', async () => {
    const all = setUpMedia();
    await download(all, guid(1), 50);
    all.library.setApi(all.api);
    expect(all.library.progress(guid(1)).status).toBe('complete');
  });

  it('twice is harmless', () => {
    const { library } = setUpMedia();
    library.dispose();
    library.dispose();
    library.clear();
  });
});

describe('bytes for a waveform', () => {
  it('come as they arrive, in order, and end with the recording', async () => {
    const { library, bodies, downloads } = setUpMedia();
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
    const known = setUpMedia();
    await download(known, guid(1), 600_000);
    expect((await known.library.readChunk(guid(1), 0)).length).toBe(65_536);
    expect((await known.library.readChunk(guid(1), 590_000)).length).toBe(10_000);
    expect((await known.library.readChunk(guid(1), 700_000)).length).toBe(0);
  });

  it('start no download', async () => {
    const { library, downloads } = setUpMedia();
    expect((await library.readChunk(guid(1), 0)).length).toBe(0);
    expect(downloads()).toEqual([]);
  });

  it('are what came before a download broke off, and then none', async () => {
    const { library, bodies } = setUpMedia();
    await opened(library, guid(1));
    bodies[0]!.send(bytes(10));
    bodies[0]!.fail();
    await settle();
    expect([...(await library.readChunk(guid(1), 0))]).toEqual([...bytes(10)]);
    expect([...(await library.readChunk(guid(1), 10))]).toEqual([]);
  });

  it('end when somebody signs out', async () => {
    const { library, bodies } = setUpMedia();
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
    const { library, bodies, downloads } = setUpMedia();
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
