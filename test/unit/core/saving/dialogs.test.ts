import { describe, expect, it } from 'vitest';

import { createFixture, guid } from '../../../fixtures/saving';

describe('a question', () => {
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
});
