import { expect, test } from 'vitest';

import { runFleet } from '../../../bench/fleet/run-fleet';

/* The fleet bench, small enough for every test run; virtual time and a seed make it the same everywhere. */

const smallFleet = {
  agents: 400,
  durationMs: 14 * 60_000,
  outageAtMs: 8 * 60_000,
  outageMs: 60_000,
  seed: 11,
} as const;

test('a fleet costs its server little, and comes back from an outage without a storm', async () => {
  const result = await runFleet(smallFleet);
  const { tally } = result;
  expect(result.meanRequests / result.fixedPollRequests).toBeLessThanOrEqual(0.45);
  // Counting noise is larger in a small fleet: three standard deviations of a second's count are allowed on top.
  const noise = 1 + 3 / Math.sqrt(result.meanAfterOutage);
  expect(result.peakAfterOutage / result.meanAfterOutage).toBeLessThanOrEqual(1.25 * noise);
  expect(tally).toMatchObject({ whileSuspended: 0, whileLatched: 0, whileOpen: 0 });
  expect(tally.probes).toBeGreaterThan(100);
  expect(tally).toMatchObject({ mostBackgroundInFlight: 1, mostStartsInFlight: 1 });
  // A press overtakes a poll, and nothing else does.
  expect(tally.mostInFlight).toBeLessThanOrEqual(2);
  expect(tally.passwordsChanged).toBeGreaterThan(0);
  expect(tally.refusedLogIns).toBeLessThanOrEqual(tally.passwordsChanged);
  expect(result.changes).toBeGreaterThan(100);
  expect(result.neverShown).toBe(0);
  expect(result.latenessP95Ms).toBeLessThanOrEqual(100);
});

test('behind a slow answer at most one request is sent, and never a second poll or a second start', async () => {
  const result = await runFleet({ ...smallFleet, slowAnswers: 0.1 });
  const { tally } = result;
  // A poll overtakes a look that takes seconds, or the light would be unknown meanwhile.
  expect(tally.mostBackgroundInFlight).toBeLessThanOrEqual(2);
  expect(tally).toMatchObject({ mostPollsInFlight: 1, mostStartsInFlight: 1 });
  expect(tally.mostInFlight).toBeLessThanOrEqual(2);
  expect(tally).toMatchObject({ whileSuspended: 0, whileLatched: 0, whileOpen: 0 });
});
