import { describe, expect, it } from 'vitest';

import type { SaveJobView, SaveStatus } from '@shared/domain/saves';
import { createSavesView } from '../../../../src-main/core/saving/view';
import { fc } from '../../../fixtures/seed';
import { saveJob } from '../../../fixtures/examples';

function keepJob(number: number, status: SaveStatus): SaveJobView {
  return saveJob({ id: `save-${number}`, status });
}

const ids = (jobs: readonly SaveJobView[]) => jobs.map(({ id }) => id);

describe('a row of the saves', () => {
  it('does not move as another save ends (R-20)', () => {
    const show = createSavesView();
    const three = (first: SaveStatus) => [
      keepJob(1, first),
      keepJob(2, 'downloading'),
      keepJob(3, 'downloading'),
    ];
    expect(ids(show(three('downloading')).jobs)).toEqual(['save-1', 'save-2', 'save-3']);
    for (const ended of ['done', 'failed', 'cancelled'] as const) {
      expect(ids(show(three(ended)).jobs)).toEqual(['save-1', 'save-2', 'save-3']);
    }
  });

  it('does not move whatever any of a hundred saves does (R-20)', () => {
    const status = fc.constantFrom<SaveStatus>(
      'queued',
      'downloading',
      'paused',
      'verifying',
      'done',
      'failed',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(99), status), { maxLength: 300 }), (steps) => {
        const show = createSavesView();
        const statuses: SaveStatus[] = Array.from({ length: 100 }, () => 'queued');
        const shown = () => ids(show(statuses.map((of, at) => keepJob(at, of))).jobs);
        const before = shown();
        for (const [at, next] of steps) {
          statuses[at] = next;
          expect(shown()).toEqual(before);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('of many is shown while any of those shown has something to do, then the next ones are (R-20)', () => {
    const show = createSavesView();
    const jobs = (done: number) =>
      Array.from({ length: 300 }, (_, at) => keepJob(at, at < done ? 'done' : 'queued'));
    const first = ids(show(jobs(0)).jobs);
    expect(first).toHaveLength(100);
    expect(ids(show(jobs(99)).jobs)).toEqual(first);
    const next = show(jobs(100));
    expect(ids(next.jobs)[0]).toBe('save-100');
    expect(next.hidden).toBe(200);
  });

  it('of a failure is added below the others once all have ended (R-20)', () => {
    const show = createSavesView();
    const jobs = (status: SaveStatus) => Array.from({ length: 300 }, (_, at) => keepJob(at, status));
    const first = ids(show(jobs('queued')).jobs);
    const ended = ids(show(jobs('failed')).jobs);
    expect(ended).toHaveLength(300);
    expect(ended.slice(0, 100)).toEqual(first);
  });
});
