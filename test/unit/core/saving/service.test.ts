import { describe, expect, it } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { emptySavesView } from '@shared/domain/saves';
import { settle } from '../../../fixtures/virtual-clock';
import { createFixture, detailsOf, guid, onlyJob, queueSaves } from '../../../fixtures/saving';

describe('the queue', () => {
  it('works on two at a time, in the order in which they came', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 5);
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(1), guid(2)]);
    expect(fixture.keep.view().counts).toMatchObject({ downloading: 2, queued: 3 });
    await fixture.downloads[1]?.feed('two');
    await fixture.downloads[1]?.end();
    expect(fixture.downloads.map(({ id }) => id)).toEqual([guid(1), guid(2), guid(3)]);
    expect(fixture.files.files).toEqual(new Map([['/saved/R0002.mp3', 'two']]));
    expect(fixture.keep.view().counts).toMatchObject({ downloading: 2, queued: 2, done: 1 });
  });

  it('shows each of 500 that failed', async () => {
    const fixture = createFixture();
    fixture.detailsOf = (id) =>
      Number(id.slice(-4)) > 300 ? fail('recording-not-found', 'details') : succeed(detailsOf(id));
    fixture.refusals.push(...Array.from({ length: 300 }, () => fail('not-allowed', 'download')));
    await queueSaves(fixture, 500);
    for (let turn = 0; turn < 600 && fixture.keep.view().counts.failed < 500; turn += 1) await settle();
    expect(fixture.keep.view().counts.failed).toBe(500);
    expect(fixture.keep.view().jobs).toHaveLength(500);
    expect(fixture.keep.view().hidden).toBe(0);
  });

  it('shows nobody what somebody has saved, and only that user again', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 2);
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
    await queueSaves(fixture, 3);
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
    await queueSaves(fixture, 1);
    await fixture.clock.advance(1_000);
    const heard: number[] = [];
    fixture.keep.onChange(() => heard.push(onlyJob(fixture).received));
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
    await queueSaves(fixture, 3);
    expect(fixture.files.open.size).toBe(2);
    fixture.keep.dispose();
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.downloads.every(({ signal }) => signal?.aborted)).toBe(true);
    await settle();
    expect(fixture.clock.pending()).toBe(0);
  });
});

describe('trying again by hand', () => {
  it('begins anew one or all that failed, but nothing that is done', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 2);
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

describe('the folder', () => {
  it('that was chosen last is remembered and swept, also when RecLight starts', async () => {
    const fixture = createFixture();
    await fixture.keep.sweep();
    expect(fixture.files.swept).toEqual([]);
    await queueSaves(fixture, 2);
    expect(fixture.chosen).toBe('/saved');
    await fixture.keep.sweep();
    expect(fixture.files.swept).toEqual(['/saved', '/saved']);
  });
});
