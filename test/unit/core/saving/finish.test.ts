import { describe, expect, it } from 'vitest';

import { fail } from '@shared/domain/errors';
import { createFixture, onlyJob, queueSaves } from '../../../fixtures/saving';

describe('what cannot be written', () => {
  it.each([
    ['createFailure', 0, 0],
    ['writeFailure', 1, 0],
    // What has arrived whole is kept for whoever tries again.
    ['commitFailure', 1, 1],
  ] as const)('by %s fails at once, and is not tried again', async (failure, downloads, kept) => {
    const fixture = createFixture();
    fixture.files[failure] = fail('disk-full', 'file', { message: 'ENOSPC' });
    await queueSaves(fixture, 1);
    await fixture.downloads[0]?.feed('x');
    await fixture.downloads[0]?.end();
    await fixture.clock.advance(600_000);
    expect(onlyJob(fixture)).toMatchObject({ status: 'failed', downloads, error: { code: 'disk-full' } });
    expect(fixture.files.files.size).toBe(0);
    expect(fixture.files.open.size).toBe(kept);
    expect(fixture.keep.showFile({ jobId: onlyJob(fixture).id })).toMatchObject({
      error: { code: 'not-possible-now' },
    });
  });

  it('is not asked of the server where it comes to nothing', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 1);
    await fixture.downloads[0]?.end();
    expect(onlyJob(fixture)).toMatchObject({
      status: 'failed',
      error: { code: 'malformed', detail: { field: 'body' } },
    });
    expect(fixture.files.files.size).toBe(0);
  });
});
