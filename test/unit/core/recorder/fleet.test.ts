import { expect, test } from 'vitest';

import type { FleetResult } from '../../../bench/fleet/run-fleet';
import { runFleet } from '../../../bench/fleet/run-fleet';

/* The fleet bench, small enough for every test run; virtual time and a seed make it the same everywhere. */

test('a fleet costs its server little, and comes back from an outage without a storm', async () => {
  const agents = 400;
  const result: FleetResult = await runFleet({
    agents,
    durationMs: 14 * 60_000,
    outageAtMs: 8 * 60_000,
    outageMs: 60_000,
    seed: 11,
  });
  const { tally } = result;
  expect(result.meanRequests / result.fixedPollRequests).toBeLessThanOrEqual(0.45);
  // Counting noise is larger in a small fleet: three standard deviations of a second's count are allowed on top.
  const noise = 1 + 3 / Math.sqrt(result.meanAfterOutage);
  expect(result.peakAfterOutage / result.meanAfterOutage).toBeLessThanOrEqual(1.25 * noise);
  expect(tally).toMatchObject({ whileSuspended: 0, whileLatched: 0, whileOpen: 0, mostPollsInFlight: 1 });
  expect(tally.mostStartsInFlight).toBe(1);
  expect(tally.passwordsChanged).toBeGreaterThan(0);
  expect(tally.refusedLogIns).toBeLessThanOrEqual(tally.passwordsChanged);
  expect(result.changes).toBeGreaterThan(100);
  expect(result.latenessP95Ms).toBeLessThanOrEqual(100);
}, 60_000);
