import { describe, expect, test } from 'vitest';

import { backOffMs, jittered } from '../../../../src-main/core/recorder/poll-schedule';
import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import type { RequestRecord } from '../../../fixtures/virtual-server';
import { answering, fine, pulled } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, line, makeWorld, signedInWorld } from '../../../fixtures/recorder';

/** The gaps between polls of the line, ms. */
function gaps(world: World, since: number): number[] {
  const times = world.server.log
    .filter(
      (record) => record.kind === 'active' && record.at >= since && !record.argument.includes('username'),
    )
    .map((record) => record.at);
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

const within = (values: readonly number[], low: number, high: number) =>
  values.every((value) => value >= low && value <= high);

describe('pace', () => {
  test('10 s when hidden, 5 s when visible, 2 s while recording, always ±20 % and never in step', async () => {
    const world = await signedInWorld();
    await world.pass(20_000);
    let since = world.clock.monotonicNow();
    await world.pass(300_000);
    let found = gaps(world, since);
    expect(found.length).toBeGreaterThan(20);
    expect(within(found, 7_990, 12_050)).toBe(true);
    expect(new Set(found.map(Math.round)).size).toBeGreaterThan(10);

    world.recorder.setWindowVisible(true);
    await world.pass(10_000);
    since = world.clock.monotonicNow();
    await world.pass(120_000);
    found = gaps(world, since);
    expect(within(found, 3_990, 6_050)).toBe(true);

    world.server.beginRecording(world.server.connectCall('101', agent));
    await world.pass(10_000);
    since = world.clock.monotonicNow();
    await world.pass(60_000);
    found = gaps(world, since);
    expect(within(found, 1_590, 2_450)).toBe(true);
  });

  test('2 s for 15 s after an action, then slow again', async () => {
    const world = await signedInWorld();
    await world.pass(60_000);
    const since = world.clock.monotonicNow();
    world.recorder.record();
    await world.pass(15_000);
    expect(gaps(world, since).length).toBeGreaterThanOrEqual(6);
    await world.pass(10_000);
    const later = world.clock.monotonicNow();
    await world.pass(60_000);
    expect(within(gaps(world, later), 7_990, 12_050)).toBe(true);
  });

  test.each([
    ['the window is shown', (world: World) => world.recorder.setWindowVisible(true)],
    ['the network changes', (world: World) => world.recorder.pollSoon()],
    ['the computer wakes', (world: World) => world.recorder.resume()],
  ])('asks within 2 s when %s', async (_name, happen) => {
    const world = await signedInWorld();
    await world.pass(61_000);
    const since = world.clock.monotonicNow();
    happen(world);
    await world.pass(2_050);
    expect(world.server.log.filter((record) => record.kind === 'active' && record.at >= since)).not.toEqual(
      [],
    );
  });

  test('a window shown and hidden over and over does not become a storm', async () => {
    const world = await signedInWorld();
    const before = world.server.log.length;
    for (let i = 0; i < 200; i += 1) {
      world.recorder.setWindowVisible(i % 2 === 0);
      world.recorder.pollSoon();
      await world.pass(50);
    }
    expect(world.server.log.length - before).toBeLessThanOrEqual(14);
  });

  test('polls never overlap, however slow the server', async () => {
    const world = await signedInWorld();
    world.server.beginRecording(world.server.connectCall('101', agent));
    world.server.setNetwork(() => ({ kind: 'ok', outMs: 3_500, backMs: 3_500 }));
    world.recorder.setWindowVisible(true);
    for (let i = 0; i < 60; i += 1) {
      world.recorder.tryNow();
      world.recorder.pollSoon();
      await world.pass(1_000);
    }
    expect(world.server.maxInFlight).toBe(1);
  });

  test('a command does not wait for a poll under way', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork((record) =>
      record.kind === 'active' ? { kind: 'request-lost', noticedMs: null } : fine,
    );
    world.recorder.tryNow();
    await world.pass(100);
    world.recorder.record();
    expect(world.server.count('start')).toBe(1);
  });

  test('the values come from the settings', async () => {
    const world = await signedInWorld();
    world.recorder.setPolicy({
      activeMs: 1_000,
      visibleMs: 2_000,
      hiddenMs: 60_000,
      waitMs: 1,
      autoResumeMs: null,
    });
    await world.pass(60_000);
    const since = world.clock.monotonicNow();
    await world.pass(600_000);
    expect(within(gaps(world, since), 47_900, 72_100)).toBe(true);
    expect(world.recorder.view().status).toBe('not-recording');
  });
});

describe('who is asked about', () => {
  const filters = (world: World) => [
    ...new Set(
      world.server.log.filter((record) => record.kind === 'active').map((record) => record.argument),
    ),
  ];

  test.each([
    [
      'the number',
      { directoryNumber: '101', deviceName: null },
      ['{"directoryNumber":"101"}', '{"username":"agent"}'],
    ],
    [
      'the number, even with a device',
      { directoryNumber: '101', deviceName: 'SEP1' },
      ['{"directoryNumber":"101"}', '{"username":"agent"}'],
    ],
    [
      'the device',
      { directoryNumber: null, deviceName: 'SEP1' },
      ['{"deviceName":"SEP1"}', '{"username":"agent"}'],
    ],
    ['the user name alone', { directoryNumber: null, deviceName: null }, ['{"username":"agent"}']],
  ])('by %s', async (_name, part, expected) => {
    const world = await signedInWorld(1, { line: { ...line, ...part } });
    await world.pass(60_000);
    expect(filters(world)).toEqual(expected);
  });

  test('anybody’s recording of the line shows, and the user’s own on another line, each with its stop', async () => {
    const world = await signedInWorld();
    world.server.beginRecording(world.server.connectCall('101', agent, '+391'), 'supervisor');
    world.server.beginRecording(world.server.connectCall('202', agent, '+392'));
    world.server.beginRecording(world.server.connectCall('303', 'somebody', '+393'));
    await world.pass(45_000);
    const view = world.recorder.view();
    expect(view.status).toBe('recording');
    expect(view.recordings.map((recording) => recording.remoteParty.phoneNumber)).toEqual(['+392', '+391']);
    expect(view.recordings[1]).toMatchObject({ localUsername: 'supervisor', own: false });

    world.recorder.stop(view.recordings[0]?.id);
    await world.pass(3_000);
    expect(world.recorder.view().recordings.map((recording) => recording.remoteParty.phoneNumber)).toEqual([
      '+391',
    ]);
    expect(world.recorder.view().status).toBe('recording');
    world.recorder.stop(world.recorder.view().recordings[0]?.id);
    await world.pass(3_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.noticed('stopped')).toBe(2);
  });

  test('while the other line is recorded, this one can be started', async () => {
    const world = await signedInWorld();
    world.server.beginRecording(world.server.connectCall('202', agent));
    await world.pass(45_000);
    expect(world.recorder.view().controls.record).toBe(true);
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(3_000);
    expect(world.recorder.view().recordings.length).toBe(2);
  });
});

describe('failures', () => {
  const error = { code: 'connection-refused', operation: 'active', detail: {} } as const;

  test('the back-off doubles up to 60 s with full jitter', () => {
    for (const [failures, bound] of [
      [1, 2_000],
      [2, 4_000],
      [3, 8_000],
      [4, 16_000],
      [5, 32_000],
      [6, 60_000],
      [40, 60_000],
    ] as const) {
      expect(backOffMs(failures, error, 0.999_999)).toBeCloseTo(bound, -1);
      expect(backOffMs(failures, error, 0)).toBe(failures < 5 ? 0 : 5_000);
    }
  });

  test('Retry-After is honoured and spread', () => {
    const asked = { ...error, detail: { retryAfterMs: 120_000 } };
    expect(backOffMs(1, asked, 0)).toBe(120_000);
    expect(backOffMs(1, asked, 0.5)).toBe(132_000);
    expect(backOffMs(1, { ...error, detail: { retryAfterMs: 1e12 } }, 0)).toBe(900_000);
  });

  test('jitter is ±20 %', () => {
    expect(jittered(10_000, 0)).toBe(8_000);
    expect(jittered(10_000, 0.999_999)).toBeCloseTo(12_000, 0);
  });

  test('a server that asks to be left alone is, whatever else happens; only the user passes', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(() => answering('rate-limited', { status: 429, retryAfterMs: 120_000 }));
    world.recorder.tryNow();
    await world.pass(100);
    const since = world.clock.monotonicNow();
    const sent = world.server.log.length;
    world.recorder.pollSoon();
    world.recorder.setWindowVisible(true);
    world.recorder.setPolicy({ ...defaultPolicy, visibleMs: 2_000 });
    world.recorder.suspend();
    await world.pass(10_000);
    world.recorder.resume();
    await world.pass(100_000);
    expect(world.server.log.length).toBe(sent);

    world.recorder.tryNow();
    expect(world.server.log.length).toBe(sent + 1);
    await world.pass(1_000);
    world.recorder.record();
    expect(world.server.log.length).toBe(sent + 2);
    world.server.setNetwork(() => fine);
    await world.pass(since + 300_000 - world.clock.monotonicNow());
    expect(world.recorder.view().status).toBe('not-recording');

    // An answer ends it.
    const later = world.server.log.length;
    world.recorder.pollSoon();
    await world.pass(2_050);
    expect(world.server.log.length).toBeGreaterThan(later);
  });

  test('a dead server costs next to nothing', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(() => pulled);
    await world.pass(120_000);
    const before = world.server.log.length;
    await world.pass(3_600_000);
    const probes = world.server.log.slice(before);
    expect(probes.length).toBeLessThan(150);
    expect(new Set(probes.map((record) => record.kind))).toEqual(new Set(['active']));
  });

  test('while the breaker is open nothing but probes is sent: no look, no start of a wait, no pause probe', async () => {
    const world = await signedInWorld();
    world.server.savedAfterMs = 40_000;
    world.server.beginRecording(world.server.connectCall('101', agent));
    await world.pass(20_000);
    world.server.endCall('101');
    await world.pass(5_000);
    world.recorder.recordNextCall();
    await world.pass(5_000);
    world.server.setNetwork(() => answering('server-error', { status: 503 }));
    await world.pass(100_000);
    const before = world.server.log.length;
    await world.pass(300_000);
    expect(new Set(world.server.log.slice(before).map((record: RequestRecord) => record.kind))).toEqual(
      new Set(['active']),
    );
    world.server.setNetwork(() => fine);
    await world.pass(120_000);
    expect(world.noticed('saved')).toBe(1);
  });

  test('a network that comes back is noticed within seconds of the system saying so', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(() => pulled);
    await world.pass(600_000);
    world.recorder.pollSoon();
    await world.pass(2_050);
    world.server.setNetwork(() => fine);
    await world.pass(17_000);
    expect(world.recorder.view().status).toBe('not-recording');
  });
});

test('signing out ends every request and every timer', async () => {
  const world = await makeWorld();
  world.recorder.setSession(world.session());
  await world.pass(5_000);
  world.server.setNetwork(() => ({ kind: 'ok', outMs: 5_000, backMs: 0 }));
  world.recorder.record();
  world.recorder.setSession(null);
  await world.pass(30_000);
  const sent = world.server.log.length;
  await world.pass(3_600_000);
  expect(world.server.log.length).toBe(sent);
  expect(world.clock.pending()).toBe(0);
  expect(world.recorder.view().status).toBe('signed-out');
});
