import { describe, expect, it } from 'vitest';

import type { SavingOptions } from '../../../../src-main/core/saving/contract';
import { settle } from '../../../fixtures/virtual-clock';
import { createFixture, guid, onlyJob, queueSaves } from '../../../fixtures/saving';

describe('pausing', () => {
  it('reads nothing more, and goes on where it was', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 1);
    const { id: jobId } = onlyJob(fixture);
    await fixture.downloads[0]?.feed('one ');
    expect(fixture.keep.pause({ jobId })).toMatchObject({ ok: true });
    await fixture.downloads[0]?.feed('two ');
    await fixture.downloads[0]?.feed('three');
    expect(fixture.downloads[0]?.isAsked()).toBe(false);
    expect(onlyJob(fixture)).toMatchObject({ status: 'paused', received: 8, bytesPerSecond: null });
    expect(fixture.keep.pause({ jobId })).toMatchObject({ ok: true });
    expect(fixture.keep.resume({ jobId })).toMatchObject({ ok: true });
    await settle();
    await fixture.downloads[0]?.end();
    expect([...fixture.files.files.values()]).toEqual(['one two three']);
    expect(fixture.downloads).toHaveLength(1);
  });

  it('gives its place away, and gets one back before those that have not begun', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 5);
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
    await queueSaves(fixture, 2);
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
    await queueSaves(fixture, 1);
    await fixture.downloads[0]?.cut();
    const { id: jobId } = onlyJob(fixture);
    fixture.keep.pause({ jobId });
    await fixture.clock.advance(60_000);
    expect(fixture.downloads).toHaveLength(1);
    expect(onlyJob(fixture).status).toBe('paused');
    fixture.keep.resume({ jobId });
    await settle();
    expect(fixture.downloads).toHaveLength(2);
  });

  it('can be cancelled', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 1);
    const { id: jobId } = onlyJob(fixture);
    fixture.keep.pause({ jobId });
    await fixture.downloads[0]?.feed('x');
    expect(fixture.keep.cancel({ jobId })).toMatchObject({ ok: true });
    await settle();
    expect(onlyJob(fixture)).toMatchObject({ status: 'cancelled', error: null });
    await fixture.clock.advance(8_000);
    expect(onlyJob(fixture)).toMatchObject({ status: 'cancelled', error: null });
    expect(fixture.files.open.size).toBe(0);
    expect(fixture.downloads[0]?.isLeft()).toBe(true);
    for (const command of ['pause', 'resume', 'cancel'] as const) {
      expect(fixture.keep[command]({ jobId })).toMatchObject({ error: { code: 'not-possible-now' } });
    }
  });
});

describe('a bug in what does the work', () => {
  it('fails the save, not RecLight', async () => {
    const details: SavingOptions['details'] = () => Promise.reject(new Error('bug'));
    const fixture = createFixture({ details });
    await fixture.keep.saveRecordings({ ids: [guid(1), guid(2)] });
    await settle();
    expect(onlyJob(fixture)).toMatchObject({ status: 'failed', error: { code: 'internal' } });
  });
});

describe('the speed', () => {
  it('is smoothed, and falls to nothing when nothing comes', async () => {
    const fixture = createFixture();
    await queueSaves(fixture, 1);
    for (let index = 0; index < 40; index += 1) {
      await fixture.clock.advance(250);
      await fixture.downloads[0]?.feed('x'.repeat(index < 20 ? 1_000 : 2_000));
    }
    const speed = onlyJob(fixture).bytesPerSecond ?? 0;
    expect(speed).toBeGreaterThan(7_000);
    expect(speed).toBeLessThanOrEqual(8_000);
    expect(fixture.keep.view().bytesPerSecond).toBe(speed);
  });
});
