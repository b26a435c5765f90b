import { expect, test } from 'vitest';

import type { Fate, RequestRecord } from '../../../fixtures/virtual-server';
import { fine } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { signedInWorld } from '../../../fixtures/recorder';

/* What a command that hangs, or a page that takes its time, does to the light and to other commands. */

const answerLost: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: null };
const taking = (ms: number): Fate => ({ kind: 'ok', outMs: 10, backMs: ms });

/** The given fates by kind; all others get through in 20 ms. */
function network(world: World, fates: Partial<Record<RequestRecord['kind'], Fate>>): void {
  world.server.setNetwork(({ kind }) => fates[kind] ?? fine);
}

const status = (world: World) => world.recorder.view().status;
const atOf = (world: World, kind: RequestRecord['kind']) =>
  world.server.log.find((record) => record.kind === kind)?.at;

/** A page of the recordings list, which a window or the tray asks for. */
function askForList(world: World): void {
  void world.session().api.listRecordings({}, { page: 0, pageSize: 50 });
}

test('a start whose answer is lost is shown by the polls beside it (C28)', async () => {
  const world = await signedInWorld();
  world.server.connectCall('101', 'agent');
  network(world, { start: answerLost });
  world.recorder.record();
  await world.pass(3_000);
  expect(world.server.count('start')).toBe(1);
  expect(status(world)).toBe('recording');
});

test('a pause whose answer is lost never makes the light unknown (C28)', async () => {
  const world = await signedInWorld();
  world.server.beginRecording(world.server.connectCall('101', 'agent'));
  await world.pass(15_000);
  network(world, { pause: answerLost });
  const seen = new Set<string>();
  world.recorder.onChange(() => seen.add(status(world)));
  world.recorder.pause();
  await world.pass(3_000);
  expect(status(world)).toBe('paused');
  await world.pass(20_000);
  expect(seen).not.toContain('unknown');
});

test('Stop that is pressed while a start hangs is sent at once (C28)', async () => {
  const world = await signedInWorld();
  world.server.connectCall('101', 'agent');
  network(world, { start: answerLost });
  world.recorder.record();
  await world.pass(4_000);
  expect(status(world)).toBe('recording');
  const pressedAt = world.clock.monotonicNow();
  world.recorder.stop();
  await world.pass(300);
  expect(atOf(world, 'stop')).toBe(pressedAt);
  expect(world.server.active()).toEqual([]);
});

test('Record behind a slow list and a slow poll is sent at once (C28)', async () => {
  const world = await signedInWorld();
  world.server.connectCall('101', 'agent');
  network(world, { list: taking(20_000), active: taking(6_000) });
  askForList(world);
  const polls = world.server.count('active');
  while (world.server.count('active') === polls) await world.pass(100);
  const pressedAt = world.clock.monotonicNow();
  world.recorder.record();
  await world.pass(300);
  expect(atOf(world, 'start')).toBe(pressedAt);
});

test.each([10_000, 30_000, 60_000, 120_000])(
  'Record behind a slow list is sent at once with a poll every %i ms (C8)',
  async (hiddenMs) => {
    const world = await signedInWorld();
    world.recorder.setPolicy({
      activeMs: 2_000,
      visibleMs: hiddenMs,
      hiddenMs,
      waitMs: 60_000,
      autoResumeMs: null,
    });
    world.server.connectCall('101', 'agent');
    await world.pass(16_000);
    const polls = world.server.count('active');
    while (world.server.count('active') === polls) await world.pass(100);
    network(world, { list: taking(19_490) });
    // Just under the proof that the poll brought, and then long after it has run out.
    await world.pass(Math.min(hiddenMs * 0.7, 19_900));
    askForList(world);
    await world.pass(hiddenMs > 20_000 ? 18_000 : 1_000);
    const pressedAt = world.clock.monotonicNow();
    world.recorder.record();
    await world.pass(300);
    expect(atOf(world, 'start')).toBe(pressedAt);
  },
);

test('a press that could not be sent is refused as that, and waits for no confirmation (C8)', async () => {
  const world = await signedInWorld();
  world.recorder.setPolicy({
    activeMs: 2_000,
    visibleMs: 120_000,
    hiddenMs: 120_000,
    waitMs: 60_000,
    autoResumeMs: null,
  });
  await world.pass(16_000);
  const polls = world.server.count('active');
  while (world.server.count('active') === polls) await world.pass(100);
  await world.pass(30_000);
  // A command that hangs is the prover, so nothing else may be sent.
  network(world, { stop: answerLost, start: answerLost, active: fine });
  const { api } = world.session();
  void api.stopRecording('00000000-0000-4000-8000-0000000000f1', { timeoutMs: 60_000 });
  world.server.connectCall('101', 'agent');
  world.recorder.record();
  await world.pass(16_999);
  expect(world.noticed('refused')).toBe(0);
  await world.pass(1);
  expect(world.server.count('start')).toBe(0);
  expect(world.recorder.view().lastError?.error).toMatchObject({
    code: 'not-sent',
    operation: 'start',
    detail: { outcomeUnknown: false },
  });
  expect(status(world)).toBe('not-recording');
});
