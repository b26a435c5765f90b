import { describe, expect, it } from 'vitest';

import { createCoalesced } from '../../../../src-main/core/lib/coalesced';
import { VirtualClock } from '../../../fixtures/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  const done = { count: 0 };
  return { clock, done, coalesced: createCoalesced(clock, () => (done.count += 1)) };
}

describe('what is requested', () => {
  it('is done once for all, and not before those who request it have ended', async () => {
    const { clock, done, coalesced } = setUp();
    for (let turn = 0; turn < 5; turn += 1) coalesced.request();
    expect(done.count).toBe(0);
    await clock.advance(0);
    expect(done.count).toBe(1);
    coalesced.request();
    await clock.advance(0);
    expect(done.count).toBe(2);
  });

  it('is done at once by a flush, which does nothing where nothing was requested', async () => {
    const { clock, done, coalesced } = setUp();
    coalesced.flush();
    expect(done.count).toBe(0);
    coalesced.request();
    coalesced.flush();
    await clock.advance(0);
    expect(done.count).toBe(1);
  });

  it('is done with by a run, which needs no request', async () => {
    const { clock, done, coalesced } = setUp();
    coalesced.run();
    coalesced.request();
    coalesced.run();
    await clock.advance(0);
    expect(done.count).toBe(2);
  });

  it('is not done once it was disposed of', async () => {
    const { clock, done, coalesced } = setUp();
    coalesced.request();
    coalesced.dispose();
    coalesced.request();
    coalesced.run();
    await clock.advance(0);
    expect(done.count).toBe(0);
    expect(clock.pending()).toBe(0);
  });
});
