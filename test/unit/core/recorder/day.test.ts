import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, test } from 'vitest';

import { agent, signedInWorld } from './world';

const hourMs = 3_600_000;

/** The slope of the best straight line through the values. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return over / values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
}

test('a day of idleness: at most one wake-up a second, and nothing grows', async () => {
  const world = await signedInWorld();
  world.server.keepLog = false;
  let requests = 0;
  world.server.onRequest = () => {
    requests += 1;
  };
  await world.clock.advance(hourMs, 5);
  const pending = world.clock.pending();
  const firedBefore = world.clock.fired;
  const requestsBefore = requests;
  await world.clock.advance(23 * hourMs, 5);
  // The virtual network has two timers of its own for each request.
  const ownWakeUps = world.clock.fired - firedBefore - 2 * (requests - requestsBefore);
  expect(ownWakeUps / (23 * 3_600)).toBeLessThanOrEqual(1);
  expect(world.clock.pending()).toBeLessThanOrEqual(pending + 2);
  expect(world.recorder.view().status).toBe('not-recording');
}, 60_000);

test('a day of calls, outages and naps: timers, requests, files and memory stay what they were', async () => {
  const world = await signedInWorld();
  world.server.keepLog = false;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heaps: number[] = [];
  const pendings: number[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    for (let call = 0; call < 12; call += 1) {
      world.server.connectCall('101', agent);
      if (call % 3 === 0) world.recorder.record();
      await world.clock.advance(120_000, 5);
      if (call % 6 === 0) world.recorder.stop();
      if (call === 5) world.recorder.suspend();
      world.server.endCall('101');
      world.notices.length = 0;
      await world.clock.advance(90_000, 5);
      if (call === 5) world.recorder.resume();
      if (call === 7) world.server.setNetwork(() => ({ kind: 'request-lost', noticedMs: 100 }));
      await world.clock.advance(90_000, 5);
      world.server.setNetwork(() => ({ kind: 'ok', outMs: 10, backMs: 10 }));
    }
    world.server.completed.length = 0;
    world.server.everRecorded.length = 0;
    world.stateFile.writes.length = 0;
    await world.clock.advance(150_000, 5);
    pendings.push(world.clock.pending());
    collect();
    heaps.push(process.memoryUsage().heapUsed);
  }
  expect(Math.max(...pendings)).toBeLessThanOrEqual(Math.min(...pendings) + 6);
  expect(world.stateFile.text?.length ?? 0).toBeLessThan(40_000);
  // Fitted over the last 18 hours: the first ones warm up caches and compiled code.
  expect(Math.abs(slope(heaps.slice(6)))).toBeLessThan(30_000);
  world.recorder.dispose();
  await world.clock.advance(60_000);
  expect(world.clock.pending()).toBe(0);
}, 120_000);
