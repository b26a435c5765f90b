import { describe, expect, it } from 'vitest';

import { createThrottle } from '../../../../src-main/core/lib/throttle';
import { VirtualClock } from '../../../fixtures/virtual-clock';

describe('a throttle', () => {
  it('acts at once, then once for all that came within its rest', async () => {
    const clock = new VirtualClock();
    const acted: number[] = [];
    const throttle = createThrottle(clock, 250, () => acted.push(clock.monotonicNow()));
    const begin = clock.monotonicNow();
    for (let turn = 0; turn < 10; turn += 1) {
      throttle.trigger();
      await clock.advance(30);
    }
    await clock.advance(1_000);
    expect(acted.map((at) => at - begin)).toEqual([0, 250, 500]);
    throttle.trigger();
    expect(acted).toHaveLength(4);
  });

  it('does nothing more of what came within its rest once it was disposed of', async () => {
    const clock = new VirtualClock();
    let acted = 0;
    const throttle = createThrottle(clock, 250, () => (acted += 1));
    throttle.trigger();
    throttle.trigger();
    throttle.dispose();
    await clock.advance(1_000);
    expect(acted).toBe(1);
    expect(clock.pending()).toBe(0);
  });
});
