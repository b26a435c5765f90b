import { expect, test } from 'vitest';

import { runFleet } from '../../tools/bench/fleet/run-fleet';

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
  // One request a lane: a poll, a press, and a look for what has ended.
  expect(tally).toMatchObject({ maxPollsInFlight: 1, maxStartsInFlight: 1 });
  expect(tally.maxBackgroundInFlight).toBeLessThanOrEqual(2);
  expect(tally.maxInFlight).toBeLessThanOrEqual(3);
  expect(tally.passwordsChanged).toBeGreaterThan(0);
  expect(tally.refusedLogIns).toBeLessThanOrEqual(tally.passwordsChanged);
  expect(result.changes).toBeGreaterThan(100);
  expect(result.neverShown).toBe(0);
  // Of so few changes five are later than this, by chance; the bench of 10,000 agents aims at 100 and 1,200 ms.
  expect(result.latenessP95Ms.on).toBeLessThanOrEqual(200);
  // The end of a recording is proven by two more lists, half a second apart.
  expect(result.latenessP95Ms.off).toBeLessThanOrEqual(1_300);
});

test('behind a slow answer no second poll, look or start is sent', async () => {
  const result = await runFleet({ ...smallFleet, slowAnswers: 0.1 });
  const { tally } = result;
  expect(tally.maxBackgroundInFlight).toBeLessThanOrEqual(2);
  expect(tally).toMatchObject({ maxPollsInFlight: 1, maxStartsInFlight: 1 });
  // One poll, one of the rest, and two commands.
  expect(tally.maxInFlight).toBeLessThanOrEqual(4);
  expect(tally).toMatchObject({ whileSuspended: 0, whileLatched: 0, whileOpen: 0 });
});
