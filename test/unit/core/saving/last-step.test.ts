import { describe, expect, it } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import type { Fixture } from '../../../fixtures/saving';
import { guid, createFixture } from '../../../fixtures/saving';

const busy = fail('file-unwritable', 'file', { message: 'EBUSY' });

/** One recording that has arrived whole, and whose last step fails. */
async function refusedAtTheEnd(failure = busy): Promise<Fixture> {
  const fixture = createFixture();
  fixture.files.commitFailure = failure;
  await fixture.keep.saveRecordings({ ids: [guid(1)] });
  await settle();
  await fixture.downloads[0]?.feed('audio');
  await fixture.downloads[0]?.end();
  return fixture;
}

const only = (fixture: Fixture) => fixture.keep.view().jobs[0];

describe('a last step that fails', () => {
  it('is tried again by itself, without a download (C1)', async () => {
    const fixture = await refusedAtTheEnd();
    expect(only(fixture)).toMatchObject({ status: 'queued', error: { code: 'file-unwritable' } });
    fixture.files.commitFailure = null;
    await fixture.clock.advance(1_000);
    expect(only(fixture)).toMatchObject({ status: 'done', downloads: 1 });
    expect([...fixture.files.files.values()]).toEqual(['audio']);
    expect(fixture.downloads).toHaveLength(1);
  });

  it('keeps what has arrived whole for who tries again by hand (C1)', async () => {
    const fixture = await refusedAtTheEnd();
    await fixture.clock.advance(10_000);
    expect(only(fixture)).toMatchObject({ status: 'failed', error: { code: 'file-unwritable' } });
    expect(fixture.files.open.size).toBe(1);
    fixture.files.commitFailure = null;
    // Not even the details are asked for.
    fixture.detailsOf = () => fail('offline', 'details');
    expect(fixture.keep.retry({})).toMatchObject({ ok: true });
    await settle();
    expect(only(fixture)).toMatchObject({ status: 'done', downloads: 0, received: 5, size: 5 });
    expect(fixture.downloads).toHaveLength(1);
    expect(fixture.files.open.size).toBe(0);
  });

  it.each<[string, (fixture: Fixture) => unknown]>([
    ['cleared', ({ keep }) => keep.clearFinished()],
    ['signed out of', (fixture) => fixture.signOut()],
    ['left by RecLight', ({ keep }) => keep.dispose()],
  ])('leaves nothing of a save that is %s (C1)', async (_name, end) => {
    const fixture = await refusedAtTheEnd();
    await fixture.clock.advance(10_000);
    end(fixture);
    await settle();
    expect(fixture.files.open.size).toBe(0);
  });

  it('keeps as many as have arrived whole (C1)', async () => {
    const fixture = createFixture({ retryDelaysMs: [] });
    fixture.files.commitFailure = busy;
    await fixture.keep.saveRecordings({ ids: Array.from({ length: 40 }, (_, at) => guid(at + 1)) });
    await settle();
    for (let at = 0; at < 40; at += 1) {
      await fixture.downloads[at]?.feed('audio');
      await fixture.downloads[at]?.end();
      await settle();
    }
    fixture.files.commitFailure = null;
    fixture.keep.retry({});
    for (let turn = 0; turn < 80; turn += 1) await settle();
    expect(fixture.keep.view().counts).toMatchObject({ done: 40 });
    expect(fixture.downloads).toHaveLength(40);
  });

  it('keeps a list and a package, too (C1)', async () => {
    const fixture = createFixture({
      retryDelaysMs: [],
      print: () => Promise.resolve(succeed(new Uint8Array([1]))),
      makeArchive: async (entries) => {
        const pieces: Uint8Array[] = [];
        for await (const { chunks } of entries) for await (const piece of chunks) pieces.push(piece);
        return (async function* () {
          yield* pieces;
        })();
      },
    });
    fixture.files.commitFailure = busy;
    await fixture.keep.saveEvidence({ ids: [guid(1)] });
    await settle();
    await fixture.downloads[0]?.feed('audio');
    await fixture.downloads[0]?.end();
    await fixture.keep.exportList({});
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(fixture.keep.view().counts).toMatchObject({ failed: 2 });
    fixture.files.commitFailure = null;
    fixture.keep.retry({});
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(fixture.keep.view().counts).toMatchObject({ done: 2 });
    expect(fixture.downloads).toHaveLength(1);
  });

  it('that cannot pass is not tried again by itself: a name that is too long (D9)', async () => {
    const fixture = await refusedAtTheEnd(fail('name-too-long', 'file', { message: 'ENAMETOOLONG' }));
    expect(only(fixture)).toMatchObject({ status: 'failed', error: { code: 'name-too-long' } });
  });
});
