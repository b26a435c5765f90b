import { describe, expect, it } from 'vitest';

import { fail } from '@shared/domain/errors';
import { endedLimits, surplusSaves } from '../../../../src-main/core/saving/ended';
import { settle } from '../../../fixtures/virtual-clock';
import type { Fixture } from '../../../fixtures/saving';
import { guid, createFixture } from '../../../fixtures/saving';

const ids = (first: number, count: number) => Array.from({ length: count }, (_, at) => guid(first + at));

async function isReached(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !condition(); turn += 1) await settle();
  expect(condition()).toBe(true);
}

/** Saves that the server refuses. */
async function failing(fixture: Fixture, first: number, count: number): Promise<void> {
  fixture.detailsOf = () => fail('recording-not-found', 'details');
  fixture.refusals.push(...Array.from({ length: count }, () => fail('not-allowed', 'download')));
  await fixture.keep.saveRecordings({ ids: ids(first, count) });
  await isReached(() => fixture.keep.view().counts.downloading + fixture.keep.view().counts.queued === 0);
}

describe('ended saves (bounded)', () => {
  it('of the finished and of the failed the ones that ended first are too many', () => {
    const saves = (['failed', 'done', 'failed', 'cancelled', 'failed', 'done', 'queued'] as const).map(
      (status, at) => ({ id: `save-${at}`, status, endedAs: status === 'queued' ? null : 10 - at }),
    );
    expect([...surplusSaves(saves, { failed: 2, finished: 1 })].sort()).toEqual([
      'save-3',
      'save-4',
      'save-5',
    ]);
    expect(surplusSaves(saves).size).toBe(0);
    expect(endedLimits.failed).toBeGreaterThan(endedLimits.finished);
  });

  it('do not grow without end: the oldest cancelled ones go, and what is under way stays', async () => {
    const fixture = createFixture();
    const cancelBut = (stays: string | null) => {
      for (const { id, status } of fixture.keep.view().jobs)
        if (status !== 'cancelled' && id !== stays) fixture.keep.cancel({ jobId: id });
      fixture.removals.carryOut();
    };
    for (let first = 1; first < 1_000; first += 90) {
      await fixture.keep.saveRecordings({ ids: ids(first, 90) });
      cancelBut('save-1');
    }
    await fixture.clock.advance(1_000);
    expect(fixture.keep.view().counts).toMatchObject({ cancelled: endedLimits.finished, downloading: 1 });
    cancelBut(null);
    await fixture.clock.advance(1_000);
    expect(fixture.keep.view().counts.cancelled).toBe(endedLimits.finished);
    expect(fixture.keep.retry({ jobId: 'save-2' }).ok).toBe(false);
    expect(fixture.keep.retry({ jobId: 'save-1' }).ok).toBe(true);
  });

  it('failed ones stay longer than finished ones, in memory and on disk', async () => {
    const fixture = createFixture();
    for (let first = 1; first < endedLimits.failed + 500; first += 500) await failing(fixture, first, 500);
    await failing(fixture, 9_001, 10);
    await fixture.clock.advance(1_000);
    expect(fixture.keep.view().counts.failed).toBe(endedLimits.failed);
  });
});
