import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { callListeners } from '../../../src-renderer/services/listeners';
import { createTicker } from '../../../src-renderer/services/ticker';

const broken = new Error('broken');
let reported: unknown[] = [];

beforeEach(() => {
  reported = [];
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const fails = () => {
  throw broken;
};

describe('listeners', () => {
  it('are all called where one fails, and the failure is reported', () => {
    const heard: string[] = [];
    callListeners(new Set([() => heard.push('first'), fails, () => heard.push('last')]));
    expect(heard).toEqual(['first', 'last']);
    expect(reported).toEqual([broken]);
  });

  it('that one before them removes are called no more', () => {
    const heard: string[] = [];
    const second = () => heard.push('second');
    const all = new Set([() => void all.delete(second), second]);
    callListeners(all);
    expect(heard).toEqual([]);
  });

  it('of the clock: one that fails does not stop it', () => {
    vi.useFakeTimers();
    const ticker = createTicker({
      monotonicNow: () => performance.now(),
      isVisible: () => true,
      onVisibilityChange: () => () => undefined,
    });
    let ticks = 0;
    ticker.subscribe(0, fails);
    ticker.subscribe(0, () => (ticks += 1));
    vi.advanceTimersByTime(3_100);
    expect(ticks).toBe(3);
    ticker.dispose();
  });
});
