import { describe, expect, it } from 'vitest';

import { fail } from '@shared/domain/errors';
import { settle } from '../../../fixtures/virtual-clock';
import { createFixture, detailsOf, guid } from '../../../fixtures/saving';

describe('a queued recording', () => {
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
});
