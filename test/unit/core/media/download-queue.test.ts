import { describe, expect, it } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { guid } from '../../../fixtures/examples';
import type { MediaFixture } from '../../../fixtures/media';
import { Body, bytes, lost, opened, setUpMedia } from '../../../fixtures/media';
import { settle } from '../../../fixtures/virtual-clock';

describe('many recordings, one after the other', () => {
  const statuses = ({ library }: MediaFixture, ...numbers: number[]) =>
    numbers.map((number) => library.progress(guid(number)).status);

  it('have no more than two downloads: what nobody reads and has most left to come is given up', async () => {
    const fixture = setUpMedia(1_000, { sizeBytes: 100 });
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
      const fixture = setUpMedia();
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
    const fixture = setUpMedia();
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
    const fixture = setUpMedia();
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
  const unanswered = (fixture: MediaFixture) => {
    fixture.api.answerWith(({ signal, answer }) => {
      signal?.addEventListener('abort', () => {
        answer(fail('cancelled', 'download'));
      });
      return undefined;
    });
  };
  const aborted = ({ api }: MediaFixture) => api.calls.map(({ signal }) => signal?.aborted);
  const sounding = () => ({ contentType: 'audio/mpeg', sizeBytes: 1, chunks: new Body().chunks() });

  it('is not waited for while another recording is wanted, and is asked anew', async () => {
    const fixture = setUpMedia();
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
      const fixture = setUpMedia();
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
      const fixture = setUpMedia();
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
