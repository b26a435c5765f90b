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

  it('counts a sleep in which the monotonic clock stood still, once', () => {
    const time = { monotonic: 1_000, uptime: 50_000 };
    const sleepy = createSystemClock({
      monotonicNow: () => time.monotonic,
      uptimeNow: () => Math.floor(time.uptime / 10) * 10,
    });
    const pass = (ms: number, sleptMs = 0) => {
      time.monotonic += ms;
      time.uptime += ms + sleptMs;
      return sleepy.monotonicNow();
    };
    expect(pass(7)).toBe(1_007);
    expect(pass(1_000)).toBe(2_007);
    expect(pass(3, 3_600_000)).toBeGreaterThanOrEqual(3_602_000);
    const woken = sleepy.monotonicNow();
    expect(pass(5)).toBe(woken + 5);
    expect(pass(60_000)).toBe(woken + 60_005);
    expect(pass(0, 7_200_000)).toBeGreaterThanOrEqual(woken + 7_260_000);
  });

  it('does not take the grain of the uptime for sleep', () => {
    const time = { now: 0 };
    const grained = createSystemClock({
      monotonicNow: () => time.now,
      uptimeNow: () => Math.floor(time.now / 10) * 10,
    });
    for (let step = 0; step < 1_000; step += 1) {
      time.now += 3.7;
      expect(grained.monotonicNow()).toBe(time.now);
    }
  });

  it('tells the wall clock in epoch ms', () => {
    const before = Date.now();
    const now = clock.wallNow();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
