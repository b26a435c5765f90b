import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createTicker } from '../../../src-renderer/services/ticker';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function create() {
  let visible = true;
  let changed: () => void = () => undefined;
  const start = performance.now();
  const ticker = createTicker({
    monotonicNow: () => performance.now() - start,
    isVisible: () => visible,
    onVisibilityChange: (listener) => {
      changed = listener;
      return () => {
        changed = () => undefined;
      };
    },
  });
  return {
    ticker,
    show: (next: boolean) => {
      visible = next;
      changed();
    },
  };
}

test('ticks once a second, just after the phase asked for', () => {
  const { ticker } = create();
  const at: number[] = [];
  ticker.subscribe(250, () => at.push(ticker.now()));
  vi.advanceTimersByTime(3_300);
  expect(at).toEqual([254, 1_254, 2_254, 3_254]);
});

test('one timer serves all, and none runs when nothing ticks', () => {
  const { ticker } = create();
  expect(vi.getTimerCount()).toBe(0);
  const ends = [ticker.subscribe(0, () => undefined), ticker.subscribe(500, () => undefined)];
  expect(vi.getTimerCount()).toBe(1);
  for (const end of ends) end();
  expect(vi.getTimerCount()).toBe(0);
});

test('stands still while hidden, and catches up at once when shown', () => {
  const { ticker, show } = create();
  const ticked = vi.fn();
  ticker.subscribe(0, ticked);
  show(false);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(ticked).not.toHaveBeenCalled();
  show(true);
  expect(ticked).toHaveBeenCalledTimes(1);
  expect(ticker.now()).toBe(60_000);
});

test('whoever begins to look gets the time of now', () => {
  const { ticker } = create();
  vi.advanceTimersByTime(5_000);
  expect(ticker.now()).toBe(0);
  ticker.subscribe(0, () => undefined);
  expect(ticker.now()).toBe(5_000);
});

test('after disposal no timer is left', () => {
  const { ticker, show } = create();
  ticker.subscribe(0, () => undefined);
  ticker.dispose();
  show(true);
  expect(vi.getTimerCount()).toBe(0);
});
