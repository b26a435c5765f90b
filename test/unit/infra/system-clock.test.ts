import { describe, expect, it } from 'vitest';

import { createSystemClock } from '../../../src-main/infra/system-clock';

describe('the system clock', () => {
  const clock = createSystemClock();

  it('calls back once, and not what was disposed of', async () => {
    const called: string[] = [];
    clock
      .schedule(5, () => {
        called.push('never');
      })
      .dispose();
    await new Promise<void>((resolve) => {
      clock.schedule(10, () => {
        called.push('once');
        clock.schedule(10, resolve);
      });
    });
    expect(called).toEqual(['once']);
  });

  it('never goes back', () => {
    const readings = Array.from({ length: 1_000 }, () => clock.monotonicNow());
    expect(readings).toEqual([...readings].sort((a, b) => a - b));
  });

  it('tells the wall clock in epoch ms', () => {
    const before = Date.now();
    const now = clock.wallNow();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
