import { expect, it, vi } from 'vitest';

import { createDebounce } from '../../../../src-main/core/lib/debounce';
import { VirtualClock } from '../../../fixtures/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  const action = vi.fn();
  return { clock, action, debounce: createDebounce(clock, 500, action) };
}

it('does it once, when nothing has happened for a while', async () => {
  const { clock, action, debounce } = setUp();
  debounce.trigger();
  await clock.advance(400);
  debounce.trigger();
  await clock.advance(499);
  expect(action).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(action).toHaveBeenCalledTimes(1);
});

it('does what is due at once where there is no time left, and nothing where nothing is due', async () => {
  const { clock, action, debounce } = setUp();
  debounce.flush();
  expect(action).not.toHaveBeenCalled();
  debounce.trigger();
  debounce.flush();
  debounce.flush();
  expect(action).toHaveBeenCalledTimes(1);
  await clock.advance(1_000);
  expect(action).toHaveBeenCalledTimes(1);
  debounce.trigger();
  debounce.dispose();
  await clock.advance(1_000);
  expect(action).toHaveBeenCalledTimes(1);
  expect(clock.pending()).toBe(0);
});
