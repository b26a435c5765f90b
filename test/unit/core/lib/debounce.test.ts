import { expect, it, vi } from 'vitest';

import { createResting } from '../../../../src-main/core/lib/debounce';
import { VirtualClock } from '../../../fixtures/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  const action = vi.fn();
  return { clock, action, resting: createResting(clock, 500, action) };
}

it('does it once, when nothing has happened for a while', async () => {
  const { clock, action, resting } = setUp();
  resting.touch();
  await clock.advance(400);
  resting.touch();
  await clock.advance(499);
  expect(action).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(action).toHaveBeenCalledTimes(1);
});

it('does what is due at once where there is no time left, and nothing where nothing is due', async () => {
  const { clock, action, resting } = setUp();
  resting.flush();
  expect(action).not.toHaveBeenCalled();
  resting.touch();
  resting.flush();
  resting.flush();
  expect(action).toHaveBeenCalledTimes(1);
  await clock.advance(1_000);
  expect(action).toHaveBeenCalledTimes(1);
  resting.touch();
  resting.dispose();
  await clock.advance(1_000);
  expect(action).toHaveBeenCalledTimes(1);
  expect(clock.pending()).toBe(0);
});
