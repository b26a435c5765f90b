import { describe, expect, it } from 'vitest';

import type { ErrorCode } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import { TransferError } from '../../../../src-main/core/media/transfer-error';
import { settle } from '../../../fixtures/virtual-clock';
import { createFixture, detailsOf, guid, onlyJob, queueSaves } from '../../../fixtures/saving';

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
    await queueSaves(fixture, 1);
    expect(onlyJob(fixture)).toMatchObject({ status: 'downloading', downloads: 1, error: null });
    // The memory tells no validator: the server's file is looked at before it is gone on with.
    await fixture.downloads[0]?.feed('beginning');
    expect(fixture.downloads[0]?.isLeft()).toBe(true);
    await settle();
    await fixture.downloads[1]?.feed('beginning and end');
    await fixture.downloads[1]?.end();
    expect(fixture.files.files).toEqual(new Map([['/saved/call.mp3', 'beginning and end']]));
    expect(onlyJob(fixture)).toMatchObject({ status: 'done' });
  });
});

describe('trying again by itself', () => {
  it.each<ErrorCode>([
    'connection-lost',
    'timeout',
    'offline',
    'connection-refused',
    'server-error',
    'service-down',
  ])('comes twice after %s, later each time, and then no more', async (code) => {
    const fixture = createFixture();
    await queueSaves(fixture, 1);
    await fixture.downloads[0]?.cut(code);
    expect(onlyJob(fixture)).toMatchObject({ status: 'queued', error: { code }, downloads: 1 });
    expect(onlyJob(fixture).retryAtMono).toBe(fixture.clock.monotonicNow() + 1_000);
    await fixture.clock.advance(999);
    expect(fixture.downloads).toHaveLength(1);
    await fixture.clock.advance(1);
    expect(fixture.downloads).toHaveLength(2);
    expect(onlyJob(fixture)).toMatchObject({ status: 'downloading', error: null, retryAtMono: null });
    await fixture.downloads[1]?.cut(code);
    await fixture.clock.advance(3_999);
    expect(fixture.downloads).toHaveLength(2);
    await fixture.clock.advance(1);
    await fixture.downloads[2]?.cut(code);
    await fixture.clock.advance(600_000);
    expect(fixture.downloads).toHaveLength(3);
    expect(onlyJob(fixture)).toMatchObject({ status: 'failed', error: { code }, downloads: 3 });
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
    await queueSaves(fixture, 1);
    await fixture.clock.advance(600_000);
    expect(onlyJob(fixture)).toMatchObject({ status: 'failed', error: { code }, downloads: 1 });
    expect(fixture.downloads).toEqual([]);
  });

  it('waits as long as the server asks for, but not for ever', async () => {
    const fixture = createFixture();
    fixture.refusals.push(
      fail('rate-limited', 'download', { retryAfterMs: 20_000 }),
      fail('rate-limited', 'download', { retryAfterMs: 3_600_000 }),
    );
    await queueSaves(fixture, 1);
    expect(onlyJob(fixture).retryAtMono).toBe(20_000);
    await fixture.clock.advance(20_000);
    expect(onlyJob(fixture).retryAtMono).toBe(80_000);
  });

  it('leaves its place to another one while it waits', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 3);
    await fixture.downloads[0]?.cut();
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(1), guid(2), guid(3)]);
    expect(fixture.keep.view().counts).toMatchObject({ downloading: 2, queued: 1 });
  });

  it('asks for the rest, and begins anew where it gets the whole', async () => {
    for (const honoursRange of [true, false]) {
      const fixture = createFixture();
      fixture.honoursRange = honoursRange;
      fixture.detailsOf = (id) => succeed(detailsOf(id, 'first second'));
      await queueSaves(fixture, 1);
      await fixture.downloads[0]?.feed('first ');
      await fixture.downloads[0]?.cut();
      await fixture.clock.advance(1_000);
      expect(fixture.downloads[1]?.firstByte).toBe(6);
      await fixture.downloads[1]?.feed(honoursRange ? 'second' : 'first second');
      await fixture.downloads[1]?.end();
      expect([...fixture.files.files.values()]).toEqual(['first second']);
      expect(onlyJob(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 2 });
    }
  });

  it('fetches the whole again where two halves do not make the right whole', async () => {
    const fixture = createFixture();
    fixture.honoursRange = true;
    fixture.detailsOf = (id) => succeed(detailsOf(id, 'first second'));
    await queueSaves(fixture, 1);
    await fixture.downloads[0]?.feed('FIRST ');
    await fixture.downloads[0]?.cut();
    await fixture.clock.advance(1_000);
    await fixture.downloads[1]?.feed('second');
    await fixture.downloads[1]?.end();
    await fixture.clock.advance(4_000);
    expect(fixture.downloads[2]?.firstByte).toBe(0);
    await fixture.downloads[2]?.feed('first second');
    await fixture.downloads[2]?.end();
    expect(onlyJob(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 3 });
  });

  describe('where audio is shorter than was told and ended by closing the connection', () => {
    const short = async (endsByClosing = true) => {
      const fixture = createFixture();
      fixture.endsByClosing = endsByClosing;
      fixture.detailsOf = (id) => succeed(detailsOf(id, 'first second'));
      await queueSaves(fixture, 1);
      await fixture.downloads[0]?.feed('first');
      await fixture.downloads[0]?.end();
      return fixture;
    };

    it('comes, from the beginning, until it is whole', async () => {
      const fixture = await short();
      expect(onlyJob(fixture)).toMatchObject({ status: 'queued', error: { code: 'connection-lost' } });
      await fixture.clock.advance(1_000);
      expect(fixture.downloads[1]?.firstByte).toBe(0);
      await fixture.downloads[1]?.feed('first second');
      await fixture.downloads[1]?.end();
      expect([...fixture.files.files.values()]).toEqual(['first second']);
      expect(onlyJob(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 2 });
    });

    it('ends as a failure where it ends elsewhere each time', async () => {
      const fixture = await short();
      await fixture.clock.advance(1_000);
      await fixture.downloads[1]?.feed('first s');
      await fixture.downloads[1]?.end();
      await fixture.clock.advance(4_000);
      await fixture.downloads[2]?.feed('fir');
      await fixture.downloads[2]?.end();
      expect(onlyJob(fixture)).toMatchObject({ status: 'failed', error: { code: 'connection-lost' } });
      expect([...fixture.files.files.values()]).toEqual([]);
      expect(fixture.files.open.size).toBe(0);
    });

    it('takes it for whole where it ends at the same byte again: size and hash may be of another file', async () => {
      const fixture = await short();
      await fixture.clock.advance(1_000);
      await fixture.downloads[1]?.feed('first');
      await fixture.downloads[1]?.end();
      expect([...fixture.files.files.values()]).toEqual(['first']);
      expect(onlyJob(fixture)).toMatchObject({ status: 'done', verification: 'unverified', downloads: 2 });
    });

    it('does not come where a last chunk showed the end', async () => {
      const fixture = await short(false);
      expect([...fixture.files.files.values()]).toEqual(['first']);
      expect(onlyJob(fixture)).toMatchObject({ status: 'done', verification: 'unverified', downloads: 1 });
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
        await queueSaves(fixture, 1);
        if (given === 'short') await fixture.clock.advance(1_000);
        await fixture.downloads[0]?.feed('first second');
        await fixture.downloads[0]?.end();
        expect([...fixture.files.files.values()]).toEqual(['first second']);
        expect(onlyJob(fixture)).toMatchObject({ status: 'done', verification: 'verified', downloads: 1 });
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
    await queueSaves(fixture, 2);
    await fixture.clock.advance(1_000);
    expect(asked).toBe(3);
    expect(fixture.downloads).toHaveLength(2);
  });
});
