import { describe, expect, it } from 'vitest';

import { settle } from '../../../fixtures/virtual-clock';
import type { Fixture } from '../../../fixtures/saving';
import { createFixture, onlyJob, queueSaves } from '../../../fixtures/saving';

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
    await queueSaves(fixture, 1);
    await cutForGood(fixture, 'one ');
    expect(onlyJob(fixture)).toMatchObject({ status: 'failed', error: { code: 'connection-lost' } });
    expect(fixture.files.open.size).toBe(1);
    expect(fixture.files.files.size).toBe(0);
    expect(fixture.keep.retry({})).toMatchObject({ ok: true });
    await settle();
    expect(fixture.downloads.at(-1)?.firstByte).toBe(4);
    expect(onlyJob(fixture)).toMatchObject({ received: 4, bytesPerSecond: null });
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
    await queueSaves(fixture, 1);
    await cutForGood(fixture, 'one');
    expect(fixture.files.open.size).toBe(1);
    end(fixture);
    await settle();
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.files.files.size).toBe(0);
  });

  it('is kept of a few, not of all', async () => {
    const fixture = createFixture({ retryDelaysMs: [] });
    await queueSaves(fixture, 40);
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
    await queueSaves(fixture, 1);
    await fixture.downloads[0]?.feed('half');
    await fixture.downloads[0]?.cut('not-allowed');
    expect(onlyJob(fixture).status).toBe('failed');
    expect(fixture.files.open.size).toBe(0);
  });
});
