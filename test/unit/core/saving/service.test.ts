import { describe, expect, it } from 'vitest';

import type { ErrorCode } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { emptySavesView } from '@shared/domain/saves';
import type { SavingOptions } from '../../../../src-main/core/saving/contract';
import { TransferError } from '../../../../src-main/core/media/transfer-error';
import { MemoryFile } from '../../../fixtures/memory-file';
import { settle } from '../../../fixtures/virtual-clock';
import type { Fixture } from '../../../fixtures/saving';
import { detailsOf, guid, createFixture } from '../../../fixtures/saving';

async function queued(fixture: Fixture, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, index) => guid(index + 1));
  expect(await fixture.keep.saveRecordings({ ids })).toEqual({ ok: true, value: { queued: count } });
  await settle();
}

const only = (fixture: Fixture) => {
  const [job] = fixture.keep.view().jobs;
  if (job === undefined) throw new Error('Nothing is queued');
  return job;
};

describe('the queue', () => {
  it('works on two at a time, in the order in which they came', async () => {
    const fixture = createFixture();
    await queued(fixture, 5);
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(1), guid(2)]);
    expect(fixture.keep.view().counts).toMatchObject({ downloading: 2, queued: 3 });
    await fixture.downloads[1]?.feed('two');
    await fixture.downloads[1]?.end();
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(1), guid(2), guid(3)]);
    expect(fixture.files.files).toEqual(new Map([['/saved/R0002.mp3', 'two']]));
    expect(fixture.keep.view().counts).toMatchObject({ downloading: 2, queued: 2, done: 1 });
  });

  it('takes each recording once, however it is written', async () => {
    const fixture = createFixture();
    const id = 'ABCDEFAB-0000-4000-8000-000000000001';
    const answer = await fixture.keep.saveRecordings({ ids: [id, id.toLowerCase(), guid(1)] });
    expect(answer).toEqual({ ok: true, value: { queued: 2 } });
  });

  it('asks one question at a time', async () => {
    const fixture = createFixture();
    const first = fixture.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    expect(await fixture.keep.exportList({})).toMatchObject({ ok: false, error: { code: 'busy' } });
    expect(await first).toMatchObject({ ok: true });
    expect(await fixture.keep.exportList({})).toMatchObject({ ok: true });
    expect(fixture.dialogs.asked).toBe(2);
  });

  it('is not endless', async () => {
    const fixture = createFixture();
    const ids = (from: number) => Array.from({ length: 500 }, (_, index) => guid(from + index));
    for (const from of [1, 501, 1_001, 1_501]) {
      expect(await fixture.keep.saveRecordings({ ids: ids(from) })).toMatchObject({ ok: true });
    }
    expect(await fixture.keep.saveRecordings({ ids: [guid(9_999)] })).toMatchObject({
      error: { code: 'busy' },
    });
    expect(fixture.keep.view().jobs).toHaveLength(100);
    expect(fixture.keep.view().hidden).toBe(1_900);
  });

  it('names each of many by what the list told, also where the server has it no more', async () => {
    const fixture = createFixture();
    fixture.summaryOf = (id) => (id === guid(2) ? null : { ...detailsOf(id), ownerUsername: 'anna' });
    fixture.detailsOf = () => fail('recording-not-found', 'details');
    await fixture.keep.saveRecordings({ ids: [guid(1), guid(2), guid(3)] });
    const names = () => fixture.keep.view().jobs.map(({ fileName }) => fileName);
    expect(names()).toEqual(['R0001.mp3', null, 'R0003.mp3']);
    await settle();
    expect(fixture.keep.view().counts).toMatchObject({ failed: 3 });
    expect(names()).toEqual(['R0001.mp3', null, 'R0003.mp3']);
  });

  it('shows each of 500 that failed', async () => {
    const fixture = createFixture();
    fixture.detailsOf = (id) =>
      Number(id.slice(-4)) > 300 ? fail('recording-not-found', 'details') : succeed(detailsOf(id));
    fixture.refusals.push(...Array.from({ length: 300 }, () => fail('not-allowed', 'download')));
    await queued(fixture, 500);
    for (let turn = 0; turn < 600 && fixture.keep.view().counts.failed < 500; turn += 1) await settle();
    expect(fixture.keep.view().counts.failed).toBe(500);
    expect(fixture.keep.view().jobs).toHaveLength(500);
    expect(fixture.keep.view().hidden).toBe(0);
  });

  it('asks nothing of someone who is not signed in, and queues nothing for someone who left meanwhile', async () => {
    const fixture = createFixture();
    const answer = fixture.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    fixture.keep.setSession(null);
    expect(await answer).toMatchObject({ ok: false, error: { code: 'signed-out' } });
    expect(await fixture.keep.saveRecordings({ ids: [guid(1)] })).toMatchObject({
      error: { code: 'signed-out' },
    });
    expect(fixture.dialogs.asked).toBe(1);
    expect(fixture.keep.view().jobs).toEqual([]);
  });

  it('shows nobody what somebody has saved, and only that user again', async () => {
    const fixture = createFixture();
    await queued(fixture, 2);
    expect(fixture.keep.view().jobs).toHaveLength(2);
    fixture.keep.setSession(null);
    expect(fixture.keep.view()).toEqual(emptySavesView());
    await settle();
    expect(fixture.keep.view()).toEqual(emptySavesView());
    expect(fixture.files.open.size).toBe(0);
    fixture.signIn();
    expect(fixture.keep.view().jobs.map(({ error }) => error?.code)).toEqual(['signed-out', 'signed-out']);
    expect(fixture.keep.retry({})).toMatchObject({ ok: true });
    fixture.keep.setSession(null);
    await settle();
    fixture.signIn('ben');
    expect(fixture.keep.view().jobs).toEqual([]);
  });

  it('is forgotten by signing out, with what runs and what is half written', async () => {
    const fixture = createFixture();
    await queued(fixture, 3);
    await fixture.downloads[0]?.feed('half');
    expect(fixture.files.open.size).toBe(2);
    fixture.signOut();
    await settle();
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.files.files.size).toBe(0);
    expect(fixture.downloads.every(({ signal }) => signal?.aborted)).toBe(true);
    fixture.signIn();
    await fixture.clock.advance(600_000);
    expect(fixture.keep.view().jobs).toEqual([]);
    expect(fixture.downloads).toHaveLength(2);
  });

  it('tells of changes at most four times a second, and of the last one always', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    await fixture.clock.advance(1_000);
    const heard: number[] = [];
    fixture.keep.onChange(() => heard.push(only(fixture).received));
    for (let index = 0; index < 100; index += 1) {
      await fixture.downloads[0]?.feed('x');
      await fixture.clock.advance(10);
    }
    await fixture.clock.advance(300);
    expect(heard.length).toBeLessThanOrEqual(6);
    expect(heard.length).toBeGreaterThanOrEqual(4);
    expect(heard.at(-1)).toBe(100);
    expect(fixture.clock.pending()).toBe(0);
  });

  it('lets go of everything when it is disposed of', async () => {
    const fixture = createFixture();
    await queued(fixture, 3);
    expect(fixture.files.open.size).toBe(2);
    fixture.keep.dispose();
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.downloads.every(({ signal }) => signal?.aborted)).toBe(true);
    await settle();
    expect(fixture.clock.pending()).toBe(0);
  });
});

describe('a recording that is too large to be played', () => {
  it('is saved all the same, from the server, where it came to be too large in memory', async () => {
    let status: 'downloading' | 'failed' = 'downloading';
    const error = { code: 'recording-too-large', operation: 'download', detail: {} } as const;
    async function* read() {
      yield await Promise.resolve(Buffer.from('beg'));
      status = 'failed';
      throw new TransferError(error);
    }
    const fixture = createFixture({
      media: {
        open: () =>
          Promise.resolve(
            succeed({
              contentType: 'audio/mpeg',
              sizeBytes: null,
              endIsCertain: true,
              read,
              readRepaired: read,
              index: null,
            }),
          ),
        progress: () => ({ status, receivedBytes: 3, sizeBytes: null, error: null, sound: null }),
        hasRoomFor: () => false,
        addCompleted: () => undefined,
      },
    });
    await queued(fixture, 1);
    expect(only(fixture)).toMatchObject({ status: 'downloading', downloads: 1, error: null });
    // The memory tells no validator: the server's file is looked at before it is gone on with.
    await fixture.downloads[0]?.feed('beginning');
    expect(fixture.downloads[0]?.isLeft()).toBe(true);
    await settle();
    await fixture.downloads[1]?.feed('beginning and end');
    await fixture.downloads[1]?.end();
    expect(fixture.files.files).toEqual(new Map([['/saved/call.mp3', 'beginning and end']]));
    expect(only(fixture)).toMatchObject({ status: 'done' });
  });
});

describe('trying again', () => {
  it.each<ErrorCode>([
    'connection-lost',
    'timeout',
    'offline',
    'connection-refused',
    'server-error',
    'service-down',
  ])('comes twice after %s, later each time, and then no more', async (code) => {
    const fixture = createFixture();
    await queued(fixture, 1);
    await fixture.downloads[0]?.cut(code);
    expect(only(fixture)).toMatchObject({ status: 'queued', error: { code }, downloads: 1 });
    expect(only(fixture).retryAtMono).toBe(fixture.clock.monotonicNow() + 1_000);
    await fixture.clock.advance(999);
    expect(fixture.downloads).toHaveLength(1);
    await fixture.clock.advance(1);
    expect(fixture.downloads).toHaveLength(2);
    expect(only(fixture)).toMatchObject({ status: 'downloading', error: null, retryAtMono: null });
    await fixture.downloads[1]?.cut(code);
    await fixture.clock.advance(3_999);
    expect(fixture.downloads).toHaveLength(2);
    await fixture.clock.advance(1);
    await fixture.downloads[2]?.cut(code);
    await fixture.clock.advance(600_000);
    expect(fixture.downloads).toHaveLength(3);
    expect(only(fixture)).toMatchObject({ status: 'failed', error: { code }, downloads: 3 });
    expect(fixture.files.open.size).toBe(0);
  });

  it.each<ErrorCode>([
    'unauthorized',
    'locked',
    'signed-out',
    'not-allowed',
    'recording-not-found',
    'not-this-server',
  ])('does not come after %s', async (code) => {
    const fixture = createFixture();
    fixture.refusals.push(fail(code, 'download'));
    await queued(fixture, 1);
    await fixture.clock.advance(600_000);
    expect(only(fixture)).toMatchObject({ status: 'failed', error: { code }, downloads: 1 });
    expect(fixture.downloads).toEqual([]);
  });

  it('waits as long as the server asks for, but not for ever', async () => {
    const fixture = createFixture();
    fixture.refusals.push(
      fail('rate-limited', 'download', { retryAfterMs: 20_000 }),
      fail('rate-limited', 'download', { retryAfterMs: 3_600_000 }),
    );
    await queued(fixture, 1);
    expect(only(fixture).retryAtMono).toBe(20_000);
    await fixture.clock.advance(20_000);
    expect(only(fixture).retryAtMono).toBe(80_000);
  });

  it('leaves its place to another one while it waits', async () => {
    const fixture = createFixture();
    await queued(fixture, 3);
    await fixture.downloads[0]?.cut();
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(1), guid(2), guid(3)]);
    expect(fixture.keep.view().counts).toMatchObject({ downloading: 2, queued: 1 });
  });

  it('asks for the rest, and begins anew where it gets the whole', async () => {
    for (const honoursRange of [true, false]) {
      const fixture = createFixture();
      fixture.honoursRange = honoursRange;
      fixture.detailsOf = (id) => succeed(detailsOf(id, 'first second'));
      await queued(fixture, 1);
      await fixture.downloads[0]?.feed('first ');
      await fixture.downloads[0]?.cut();
      await fixture.clock.advance(1_000);
      expect(fixture.downloads[1]?.firstByte).toBe(6);
      await fixture.downloads[1]?.feed(honoursRange ? 'second' : 'first second');
      await fixture.downloads[1]?.end();
      expect([...fixture.files.files.values()]).toEqual(['first second']);
      expect(only(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 2 });
    }
  });

  it('fetches the whole again where two halves do not make the right whole', async () => {
    const fixture = createFixture();
    fixture.honoursRange = true;
    fixture.detailsOf = (id) => succeed(detailsOf(id, 'first second'));
    await queued(fixture, 1);
    await fixture.downloads[0]?.feed('FIRST ');
    await fixture.downloads[0]?.cut();
    await fixture.clock.advance(1_000);
    await fixture.downloads[1]?.feed('second');
    await fixture.downloads[1]?.end();
    await fixture.clock.advance(4_000);
    expect(fixture.downloads[2]?.firstByte).toBe(0);
    await fixture.downloads[2]?.feed('first second');
    await fixture.downloads[2]?.end();
    expect(only(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 3 });
  });

  describe('where audio is shorter than was told and ended by closing the connection', () => {
    const short = async (endsByClosing = true) => {
      const fixture = createFixture();
      fixture.endsByClosing = endsByClosing;
      fixture.detailsOf = (id) => succeed(detailsOf(id, 'first second'));
      await queued(fixture, 1);
      await fixture.downloads[0]?.feed('first');
      await fixture.downloads[0]?.end();
      return fixture;
    };

    it('comes, from the beginning, until it is whole', async () => {
      const fixture = await short();
      expect(only(fixture)).toMatchObject({ status: 'queued', error: { code: 'connection-lost' } });
      await fixture.clock.advance(1_000);
      expect(fixture.downloads[1]?.firstByte).toBe(0);
      await fixture.downloads[1]?.feed('first second');
      await fixture.downloads[1]?.end();
      expect([...fixture.files.files.values()]).toEqual(['first second']);
      expect(only(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 2 });
    });

    it('ends as a failure where it ends elsewhere each time', async () => {
      const fixture = await short();
      await fixture.clock.advance(1_000);
      await fixture.downloads[1]?.feed('first s');
      await fixture.downloads[1]?.end();
      await fixture.clock.advance(4_000);
      await fixture.downloads[2]?.feed('fir');
      await fixture.downloads[2]?.end();
      expect(only(fixture)).toMatchObject({ status: 'failed', error: { code: 'connection-lost' } });
      expect([...fixture.files.files.values()]).toEqual([]);
      expect(fixture.files.open.size).toBe(0);
    });

    it('takes it for whole where it ends at the same byte again: size and hash may be of another file', async () => {
      const fixture = await short();
      await fixture.clock.advance(1_000);
      await fixture.downloads[1]?.feed('first');
      await fixture.downloads[1]?.end();
      expect([...fixture.files.files.values()]).toEqual(['first']);
      expect(only(fixture)).toMatchObject({ status: 'done', verification: 'unverified', downloads: 2 });
    });

    it('does not come where a last chunk showed the end', async () => {
      const fixture = await short(false);
      expect([...fixture.files.files.values()]).toEqual(['first']);
      expect(only(fixture)).toMatchObject({ status: 'done', verification: 'unverified', downloads: 1 });
    });

    it('asks the server itself where it was the player that had it so, or gave it up', async () => {
      for (const given of ['short', 'given-up'] as const) {
        async function* pieces() {
          yield Buffer.from('first');
        }
        const fixture = createFixture({
          media: {
            open: () =>
              Promise.resolve(
                given === 'given-up'
                  ? fail('cancelled', 'download')
                  : succeed({
                      contentType: 'audio/mpeg',
                      sizeBytes: null,
                      endIsCertain: false,
                      read: pieces,
                      readRepaired: pieces,
                      index: null,
                    }),
              ),
            progress: () => ({
              status: 'complete',
              receivedBytes: 5,
              sizeBytes: null,
              error: null,
              sound: null,
            }),
            hasRoomFor: () => false,
            addCompleted: () => undefined,
          },
        });
        fixture.detailsOf = (id) => succeed(detailsOf(id, 'first second'));
        await queued(fixture, 1);
        if (given === 'short') await fixture.clock.advance(1_000);
        await fixture.downloads[0]?.feed('first second');
        await fixture.downloads[0]?.end();
        expect([...fixture.files.files.values()]).toEqual(['first second']);
        expect(only(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 1 });
      }
    });
  });

  it('also comes for the details', async () => {
    const fixture = createFixture();
    let asked = 0;
    fixture.detailsOf = (id) => {
      asked += 1;
      return asked === 1 ? fail('timeout', 'details') : succeed(detailsOf(id));
    };
    await queued(fixture, 2);
    await fixture.clock.advance(1_000);
    expect(asked).toBe(3);
    expect(fixture.downloads).toHaveLength(2);
  });

  it('begins anew by hand, one or all that failed, but nothing that is done', async () => {
    const fixture = createFixture();
    await queued(fixture, 2);
    await fixture.downloads[0]?.cut('not-allowed');
    await fixture.downloads[1]?.feed('two');
    await fixture.downloads[1]?.end();
    const failed = fixture.keep.view().jobs.find(({ status }) => status === 'failed');
    const done = fixture.keep.view().jobs.find(({ status }) => status === 'done');
    expect(fixture.keep.retry({ jobId: done?.id })).toMatchObject({ error: { code: 'not-possible-now' } });
    expect(fixture.keep.retry({ jobId: failed?.id })).toMatchObject({ ok: true });
    await settle();
    expect(fixture.downloads).toHaveLength(3);
    expect(fixture.keep.view().counts).toMatchObject({ done: 1, downloading: 1, failed: 0 });
  });
});

describe('what has arrived of a failed save', () => {
  /** Fails the only save after so much of it has arrived, for good. */
  async function cutForGood(fixture: Fixture, text: string): Promise<void> {
    fixture.honoursRange = true;
    await fixture.downloads.at(-1)?.feed(text);
    await fixture.downloads.at(-1)?.cut();
    for (const waitMs of [1_000, 4_000]) {
      await fixture.clock.advance(waitMs);
      await fixture.downloads.at(-1)?.cut();
    }
    await settle();
  }

  it('is gone on with by hand', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    await cutForGood(fixture, 'one ');
    expect(only(fixture)).toMatchObject({ status: 'failed', error: { code: 'connection-lost' } });
    expect(fixture.files.open.size).toBe(1);
    expect(fixture.files.files.size).toBe(0);
    expect(fixture.keep.retry({})).toMatchObject({ ok: true });
    await settle();
    expect(fixture.downloads.at(-1)?.firstByte).toBe(4);
    expect(only(fixture)).toMatchObject({ received: 4, bytesPerSecond: null });
    await fixture.downloads.at(-1)?.feed('two');
    await fixture.downloads.at(-1)?.end();
    expect([...fixture.files.files.values()]).toEqual(['one two']);
    expect(fixture.files.open.size).toBe(0);
  });

  it.each<[string, (fixture: Fixture) => unknown]>([
    ['its line is cleared', ({ keep }) => keep.clearFinished()],
    ['the user signs out', (fixture) => fixture.signOut()],
    ['the session is lost', ({ keep }) => keep.setSession(null)],
    ['RecLight ends', ({ keep }) => keep.dispose()],
  ])('is removed when %s', async (_name, end) => {
    const fixture = createFixture();
    await queued(fixture, 1);
    await cutForGood(fixture, 'one');
    expect(fixture.files.open.size).toBe(1);
    end(fixture);
    await settle();
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.files.files.size).toBe(0);
  });

  it('is kept of a few, not of all', async () => {
    const fixture = createFixture({ retryDelaysMs: [] });
    await queued(fixture, 40);
    for (let at = 0; at < 40; at += 1) {
      await fixture.downloads[at]?.feed('half');
      await fixture.downloads[at]?.cut();
      await settle();
    }
    expect(fixture.keep.view().counts.failed).toBe(40);
    expect(fixture.files.open.size).toBe(16);
  });

  it('is not kept where trying again cannot help', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    await fixture.downloads[0]?.feed('half');
    await fixture.downloads[0]?.cut('not-allowed');
    expect(only(fixture).status).toBe('failed');
    expect(fixture.files.open.size).toBe(0);
  });
});

describe('after a restart', () => {
  async function restarted(before: Fixture, username = 'anna'): Promise<Fixture> {
    before.keep.dispose();
    await settle();
    const fixture = createFixture({ queueFile: before.queueFile }, null);
    await fixture.keep.load();
    expect(fixture.troubles.told).toEqual([]);
    fixture.signIn(username);
    await settle();
    return fixture;
  }

  it('what could be read only late is saved then, beside what was queued meanwhile', async () => {
    const before = createFixture();
    await queued(before, 2);
    before.keep.dispose();
    await settle();
    before.queueFile.isHeld = true;
    const fixture = createFixture({ queueFile: before.queueFile }, null);
    const loading = fixture.keep.load();
    await fixture.clock.advance(5_000);
    await loading;
    fixture.signIn();
    await fixture.keep.saveRecordings({ ids: [guid(7), guid(8)] });
    expect(before.queueFile.text).not.toContain(guid(7));
    before.queueFile.isHeld = false;
    await fixture.clock.advance(60_000);
    const ids = fixture.keep.view().jobs.map(({ recordingId }) => recordingId);
    expect(ids).toEqual([7, 8, 1, 2].map(guid));
    for (const id of ids) expect(before.queueFile.text).toContain(id);
    expect(fixture.troubles.told).toEqual(['unreadable saves.json', '-unreadable saves.json']);
  });

  it('the rest goes on by itself, and what was done does not', async () => {
    const before = createFixture();
    await queued(before, 4);
    await before.downloads[0]?.feed('one');
    await before.downloads[0]?.end();
    await before.downloads[1]?.cut('server-error');
    const fixture = await restarted(before);
    expect(fixture.keep.view().jobs.map(({ recordingId }) => recordingId)).toEqual([2, 3, 4].map(guid));
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(2), guid(3)]);
    for (let at = 0; at < 3; at += 1) {
      await fixture.downloads[at]?.feed('rest');
      await fixture.downloads[at]?.end();
    }
    expect([...fixture.files.files.keys()]).toEqual(
      ['R0002', 'R0003', 'R0004'].map((name) => `/saved/${name}.mp3`),
    );
    // Nothing is left for a third run.
    expect((await restarted(fixture)).keep.view().jobs).toEqual([]);
  });

  it('what was cancelled, cleared or signed out of does not come back', async () => {
    const cancelled = createFixture();
    await queued(cancelled, 3);
    cancelled.keep.cancel({});
    await settle();
    expect((await restarted(cancelled)).keep.view().jobs).toEqual([]);

    const cleared = createFixture();
    await queued(cleared, 1);
    await cleared.downloads[0]?.cut('not-allowed');
    cleared.keep.clearFinished();
    expect((await restarted(cleared)).keep.view().jobs).toEqual([]);

    const signedOut = createFixture();
    await queued(signedOut, 3);
    signedOut.signOut();
    await settle();
    expect((await restarted(signedOut)).keep.view().jobs).toEqual([]);
  });

  it('what was refused is not asked for again, what the disk refused waits for somebody who asks', async () => {
    const before = createFixture();
    await queued(before, 3);
    await before.downloads[0]?.cut('not-allowed');
    before.files.writeFailure = fail('disk-full', 'file');
    await before.downloads[1]?.feed('two');
    before.files.writeFailure = null;
    await before.downloads[2]?.feed('three');
    await before.downloads[2]?.end();
    expect(before.keep.view().counts).toMatchObject({ failed: 2, done: 1 });
    const fixture = await restarted(before);
    expect(fixture.keep.view().jobs.map(({ recordingId }) => recordingId)).toEqual([guid(2)]);
  });

  it('what was paused is paused, and what was cancelled and tried again goes on', async () => {
    const before = createFixture();
    await queued(before, 3);
    const [first, , third] = before.keep.view().jobs;
    before.keep.pause({ jobId: first?.id });
    before.keep.cancel({ jobId: third?.id });
    await settle();
    before.keep.retry({ jobId: third?.id });
    const fixture = await restarted(before);
    expect(fixture.keep.view().counts).toMatchObject({ paused: 1, downloading: 2 });
    expect(fixture.keep.view().jobs.find(({ status }) => status === 'paused')?.recordingId).toBe(guid(1));
    expect(fixture.downloads.map(({ id }) => id).sort()).toEqual([guid(2), guid(3)]);
  });

  it('nobody saves what somebody else wanted; who wanted it, does so later', async () => {
    const before = createFixture();
    await queued(before, 3);
    const bens = await restarted(before, 'ben');
    expect(bens.keep.view().jobs).toEqual([]);
    // Ben has something to save, too, and his queue is his own.
    await bens.keep.saveRecordings({ ids: [guid(7), guid(8)] });
    expect((await restarted(bens)).keep.view().counts).toMatchObject({ downloading: 2, queued: 1 });
    const inOneRun = await restarted(bens, 'ben');
    expect(inOneRun.keep.view().jobs.map(({ recordingId }) => recordingId)).toEqual([7, 8].map(guid));
    inOneRun.signIn('anna');
    await settle();
    expect(inOneRun.keep.view().counts).toMatchObject({ downloading: 2, queued: 1 });
    expect(inOneRun.keep.view().jobs.every(({ recordingId }) => (recordingId ?? '') <= guid(3))).toBe(true);
  });

  it('signing out forgets it, although the password was refused before there was a session', async () => {
    const before = createFixture();
    await queued(before, 3);
    before.keep.dispose();
    const locked = createFixture({ queueFile: before.queueFile }, null);
    await locked.keep.load();
    locked.signOut();
    locked.signIn();
    expect(locked.keep.view().jobs).toEqual([]);
    expect((await restarted(locked)).keep.view().jobs).toEqual([]);
  });

  it('a thousand saves that end at once are written down once', async () => {
    const fixture = createFixture();
    for (const from of [0, 500]) {
      await fixture.keep.saveRecordings({ ids: Array.from({ length: 500 }, (_, at) => guid(from + at + 1)) });
    }
    await fixture.clock.advance(0);
    const before = fixture.queueFile.writes.length;
    fixture.keep.cancel({});
    await settle();
    await fixture.clock.advance(0);
    await settle();
    expect(fixture.queueFile.writes.length - before).toBeLessThanOrEqual(2);
    expect(JSON.parse(fixture.queueFile.text ?? '')).toEqual({ version: 1, accounts: [] });
  });

  it('a lost session loses nothing of the queue', async () => {
    const before = createFixture();
    await queued(before, 2);
    before.keep.setSession(null);
    await settle();
    expect((await restarted(before)).keep.view().counts).toMatchObject({ downloading: 2 });
  });

  it('no number and no name is on the disk meanwhile', async () => {
    const fixture = createFixture();
    fixture.dialogs.file = { folder: '/saved', fileName: 'Mrs Smith +3902.mp3' };
    fixture.summaryOf = (id) => ({ ...detailsOf(id), ownerUsername: 'anna' });
    await queued(fixture, 1);
    await settle();
    await queued(fixture, 3);
    await settle();
    expect(fixture.queueFile.text).toContain(guid(3));
    expect(fixture.queueFile.text).toContain('/saved');
    for (const secret of ['Smith', '+3902', 'R0001', 'anna', 'recorder.example.com']) {
      expect(fixture.queueFile.writes.join()).not.toContain(secret);
    }
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no version', '{"version":null,"accounts":[]}'],
    [
      'a save without a folder',
      `{"version":1,"accounts":[{"scope":"x","saves":[{"recordingId":"${guid(1)}","template":"","paused":false}]}]}`,
    ],
    [
      'an id that is none',
      '{"version":1,"accounts":[{"scope":"x","saves":[{"recordingId":"../x","folder":"/","template":"","paused":false}]}]}',
    ],
  ])('a file that is %s is set aside', async (_name, text) => {
    const queueFile = new MemoryFile('saves.json', text);
    const fixture = createFixture({ queueFile }, null);
    await fixture.keep.load();
    expect(fixture.troubles.told).toEqual(['damaged saves.json.damaged']);
    fixture.signIn();
    expect(fixture.keep.view().jobs).toEqual([]);
    expect(queueFile.setAsideTexts).toEqual([text]);
    await queued(fixture, 2);
    expect(queueFile.text).toContain(guid(2));
  });
});

describe('pausing', () => {
  it('reads nothing more, and goes on where it was', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    const { id: jobId } = only(fixture);
    await fixture.downloads[0]?.feed('one ');
    expect(fixture.keep.pause({ jobId })).toMatchObject({ ok: true });
    await fixture.downloads[0]?.feed('two ');
    await fixture.downloads[0]?.feed('three');
    expect(fixture.downloads[0]?.isAsked()).toBe(false);
    expect(only(fixture)).toMatchObject({ status: 'paused', received: 8, bytesPerSecond: null });
    expect(fixture.keep.pause({ jobId })).toMatchObject({ ok: true });
    expect(fixture.keep.resume({ jobId })).toMatchObject({ ok: true });
    await settle();
    await fixture.downloads[0]?.end();
    expect([...fixture.files.files.values()]).toEqual(['one two three']);
    expect(fixture.downloads).toHaveLength(1);
  });

  it('gives its place away, and gets one back before those that have not begun', async () => {
    const fixture = createFixture();
    await queued(fixture, 5);
    const [first] = fixture.keep.view().jobs;
    fixture.keep.pause({ jobId: first?.id });
    await fixture.downloads[0]?.feed('x');
    expect(fixture.downloads).toHaveLength(3);
    fixture.keep.resume({ jobId: first?.id });
    await settle();
    expect(fixture.keep.view().counts).toMatchObject({ downloading: 2, queued: 3 });
    await fixture.downloads[1]?.feed('x');
    await fixture.downloads[1]?.end();
    expect(fixture.downloads).toHaveLength(3);
    expect(fixture.downloads[0]?.isAsked()).toBe(true);
  });

  it('keeps one connection open, not many', async () => {
    const fixture = createFixture();
    fixture.honoursRange = true;
    await queued(fixture, 2);
    fixture.keep.pause({});
    await fixture.downloads[0]?.feed('aa');
    await fixture.downloads[1]?.feed('bb');
    expect(fixture.downloads.map((download) => download.isLeft())).toEqual([true, false]);
    expect(fixture.keep.view().counts).toMatchObject({ paused: 2 });
    fixture.keep.resume({});
    await settle();
    expect(fixture.downloads).toHaveLength(3);
    expect(fixture.downloads[2]).toMatchObject({ id: guid(1), firstByte: 2 });
  });

  it('holds one that waits for another attempt', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    await fixture.downloads[0]?.cut();
    const { id: jobId } = only(fixture);
    fixture.keep.pause({ jobId });
    await fixture.clock.advance(60_000);
    expect(fixture.downloads).toHaveLength(1);
    expect(only(fixture).status).toBe('paused');
    fixture.keep.resume({ jobId });
    await settle();
    expect(fixture.downloads).toHaveLength(2);
  });

  it('can be cancelled', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    const { id: jobId } = only(fixture);
    fixture.keep.pause({ jobId });
    await fixture.downloads[0]?.feed('x');
    expect(fixture.keep.cancel({ jobId })).toMatchObject({ ok: true });
    await settle();
    expect(only(fixture)).toMatchObject({ status: 'cancelled', error: null });
    await fixture.clock.advance(8_000);
    expect(only(fixture)).toMatchObject({ status: 'cancelled', error: null });
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.downloads[0]?.isLeft()).toBe(true);
    for (const command of ['pause', 'resume', 'cancel'] as const) {
      expect(fixture.keep[command]({ jobId })).toMatchObject({ error: { code: 'not-possible-now' } });
    }
  });
});

describe('what cannot be written', () => {
  it.each([
    ['createFailure', 0, 0],
    ['writeFailure', 1, 0],
    // What has arrived whole is kept for whoever tries again.
    ['commitFailure', 1, 1],
  ] as const)('by %s fails at once, and is not tried again', async (failure, downloads, kept) => {
    const fixture = createFixture();
    fixture.files[failure] = fail('disk-full', 'file', { message: 'ENOSPC' });
    await queued(fixture, 1);
    await fixture.downloads[0]?.feed('x');
    await fixture.downloads[0]?.end();
    await fixture.clock.advance(600_000);
    expect(only(fixture)).toMatchObject({ status: 'failed', downloads, error: { code: 'disk-full' } });
    expect(fixture.files.files.size).toBe(0);
    expect(fixture.files.open.size).toBe(kept);
    expect(fixture.keep.showFile({ jobId: only(fixture).id })).toMatchObject({
      error: { code: 'not-possible-now' },
    });
  });

  it('is not asked of the server where it comes to nothing', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    await fixture.downloads[0]?.end();
    expect(only(fixture)).toMatchObject({
      status: 'failed',
      error: { code: 'malformed', detail: { field: 'body' } },
    });
    expect(fixture.files.files.size).toBe(0);
  });
});

describe('a bug in what does the work', () => {
  it('fails the save, not RecLight', async () => {
    const details: SavingOptions['details'] = () => Promise.reject(new Error('bug'));
    const fixture = createFixture({ details });
    await fixture.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    await settle();
    expect(only(fixture)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
  });
});

describe('the folder', () => {
  it('that was chosen last is remembered and swept, also when RecLight starts', async () => {
    const fixture = createFixture();
    await fixture.keep.sweep();
    expect(fixture.files.swept).toEqual([]);
    await queued(fixture, 2);
    expect(fixture.chosen).toBe('/saved');
    await fixture.keep.sweep();
    expect(fixture.files.swept).toEqual(['/saved', '/saved']);
  });
});

describe('the speed', () => {
  it('is smoothed, and falls to nothing when nothing comes', async () => {
    const fixture = createFixture();
    await queued(fixture, 1);
    for (let index = 0; index < 40; index += 1) {
      await fixture.clock.advance(250);
      await fixture.downloads[0]?.feed('x'.repeat(index < 20 ? 1_000 : 2_000));
    }
    const speed = only(fixture).bytesPerSecond ?? 0;
    expect(speed).toBeGreaterThan(7_000);
    expect(speed).toBeLessThanOrEqual(8_000);
    expect(fixture.keep.view().bytesPerSecond).toBe(speed);
  });
});
