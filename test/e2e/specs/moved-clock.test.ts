import { afterEach, beforeEach, expect, test } from 'vitest';

import { startClockAt } from '../../fixtures/test-date';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;

beforeEach(async () => {
  startClockAt('2028-02-29T12:00');
  harness = await startHarness({ signedIn: false });
});

afterEach(async () => {
  await harness.close();
});

test('simulator, main process and page of a driven RecLight run at the date of the tests', async () => {
  const { reclight, simulator } = harness;
  const look = () => [Date.now(), new Date().getTime(), performance.timeOrigin + performance.now()];
  const before = Date.now();
  const main = await reclight.app.evaluate(look);
  const page = await reclight.window.evaluate(look);
  await reclight.window.reload();
  const reloaded = await reclight.window.evaluate(look);
  expect(new Date(before).getFullYear()).toBe(2028);
  const server = [simulator.clock.now()];
  const after = Date.now();
  // Clocks of several processes differ by a few ms.
  for (const [where, nows] of Object.entries({ main, page, reloaded, server })) {
    for (const now of nows) {
      expect(now, where).toBeGreaterThan(before - 1_000);
      expect(now, where).toBeLessThan(after + 1_000);
    }
  }
});
