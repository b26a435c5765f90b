import { describe, expect, test } from 'vitest';

import { backOffMs, jittered } from '../../../../src-main/core/recorder/poll-schedule';
import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import type { RequestRecord } from '../../../fixtures/virtual-server';
import { answering, fine, pulled } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, line, createFixture, signedInFixture } from '../../../fixtures/recorder';

/** The gaps between polls of the line, ms. */
function gaps(fixture: Fixture, since: number): number[] {
  const times = fixture.server.log
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
    const fixture = await signedInFixture();
    await fixture.pass(20_000);
    let since = fixture.clock.monotonicNow();
    await fixture.pass(300_000);
    let found = gaps(fixture, since);
    expect(found.length).toBeGreaterThan(20);
    expect(within(found, 7_990, 12_050)).toBe(true);
    expect(new Set(found.map(Math.round)).size).toBeGreaterThan(10);

    fixture.recorder.setWindowVisible(true);
    await fixture.pass(10_000);
    since = fixture.clock.monotonicNow();
    await fixture.pass(120_000);
    found = gaps(fixture, since);
    expect(within(found, 3_990, 6_050)).toBe(true);

    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    await fixture.pass(10_000);
    since = fixture.clock.monotonicNow();
    await fixture.pass(60_000);
    found = gaps(fixture, since);
    expect(within(found, 1_590, 2_450)).toBe(true);
  });

  test('2 s for 15 s after an action, then slow again', async () => {
    const fixture = await signedInFixture();
    await fixture.pass(60_000);
    const since = fixture.clock.monotonicNow();
    fixture.recorder.record();
    await fixture.pass(15_000);
    expect(gaps(fixture, since).length).toBeGreaterThanOrEqual(6);
    await fixture.pass(10_000);
    const later = fixture.clock.monotonicNow();
    await fixture.pass(60_000);
    expect(within(gaps(fixture, later), 7_990, 12_050)).toBe(true);
  });

  test.each([
    ['the window is shown', (fixture: Fixture) => fixture.recorder.setWindowVisible(true)],
    ['the network changes', (fixture: Fixture) => fixture.recorder.pollSoon()],
    ['the computer wakes', (fixture: Fixture) => fixture.recorder.resume()],
  ])('asks within 2 s when %s', async (_name, happen) => {
    const fixture = await signedInFixture();
    await fixture.pass(61_000);
    const since = fixture.clock.monotonicNow();
    happen(fixture);
    await fixture.pass(2_050);
    expect(fixture.server.log.filter((record) => record.kind === 'active' && record.at >= since)).not.toEqual(
      [],
    );
  });

  test('a window shown and hidden over and over does not become a storm', async () => {
    const fixture = await signedInFixture();
    const before = fixture.server.log.length;
    for (let i = 0; i < 200; i += 1) {
      fixture.recorder.setWindowVisible(i % 2 === 0);
      fixture.recorder.pollSoon();
      await fixture.pass(50);
    }
    expect(fixture.server.log.length - before).toBeLessThanOrEqual(14);
  });

  test('polls never overlap, however slow the server', async () => {
    const fixture = await signedInFixture();
    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    fixture.server.setNetwork(() => ({ kind: 'ok', outMs: 3_500, backMs: 3_500 }));
    fixture.recorder.setWindowVisible(true);
    for (let i = 0; i < 60; i += 1) {
      fixture.recorder.tryNow();
      fixture.recorder.pollSoon();
      await fixture.pass(1_000);
    }
    expect(fixture.server.maxInFlight).toBe(1);
  });

  test('a command does not wait for a poll under way', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork((record) =>
      record.kind === 'active' ? { kind: 'request-lost', noticedMs: null } : fine,
    );
    fixture.recorder.tryNow();
    await fixture.pass(100);
    fixture.recorder.record();
    expect(fixture.server.count('start')).toBe(1);
  });

  test('the values come from the settings', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.setPolicy({
      activeMs: 1_000,
      visibleMs: 2_000,
      hiddenMs: 60_000,
      waitMs: 1,
      autoResumeMs: null,
    });
    await fixture.pass(60_000);
    const since = fixture.clock.monotonicNow();
    await fixture.pass(600_000);
    expect(within(gaps(fixture, since), 47_900, 72_100)).toBe(true);
    expect(fixture.recorder.view().status).toBe('not-recording');
  });
});

describe('who is asked about', () => {
  const filters = (fixture: Fixture) => [
    ...new Set(
      fixture.server.log.filter((record) => record.kind === 'active').map((record) => record.argument),
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
    const fixture = await signedInFixture(1, { line: { ...line, ...part } });
    await fixture.pass(60_000);
    expect(filters(fixture)).toEqual(expected);
  });

  test('anybody’s recording of the line shows, and the user’s own on another line, each with its stop', async () => {
    const fixture = await signedInFixture();
    fixture.server.beginRecording(fixture.server.connectCall('101', agent, '+391'), 'supervisor');
    fixture.server.beginRecording(fixture.server.connectCall('202', agent, '+392'));
    fixture.server.beginRecording(fixture.server.connectCall('303', 'somebody', '+393'));
    await fixture.pass(45_000);
    const view = fixture.recorder.view();
    expect(view.status).toBe('recording');
    expect(view.recordings.map((recording) => recording.remoteParty.phoneNumber)).toEqual(['+392', '+391']);
    expect(view.recordings[1]).toMatchObject({ localUsername: 'supervisor', own: false });

    fixture.recorder.stop(view.recordings[0]?.id);
    await fixture.pass(3_000);
    expect(fixture.recorder.view().recordings.map((recording) => recording.remoteParty.phoneNumber)).toEqual([
      '+391',
    ]);
    expect(fixture.recorder.view().status).toBe('recording');
    fixture.recorder.stop(fixture.recorder.view().recordings[0]?.id);
    await fixture.pass(3_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.noticed('stopped')).toBe(2);
  });

  test('while the other line is recorded, this one can be started', async () => {
    const fixture = await signedInFixture();
    fixture.server.beginRecording(fixture.server.connectCall('202', agent));
    await fixture.pass(45_000);
    expect(fixture.recorder.view().controls.record).toBe(true);
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(3_000);
    expect(fixture.recorder.view().recordings.length).toBe(2);
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
    const fixture = await signedInFixture();
    fixture.server.setNetwork(() => answering('rate-limited', { status: 429, retryAfterMs: 120_000 }));
    fixture.recorder.tryNow();
    await fixture.pass(100);
    const since = fixture.clock.monotonicNow();
    const sent = fixture.server.log.length;
    fixture.recorder.pollSoon();
    fixture.recorder.setWindowVisible(true);
    fixture.recorder.setPolicy({ ...defaultPolicy, visibleMs: 2_000 });
    fixture.recorder.suspend();
    await fixture.pass(10_000);
    fixture.recorder.resume();
    await fixture.pass(100_000);
    expect(fixture.server.log.length).toBe(sent);

    fixture.recorder.tryNow();
    expect(fixture.server.log.length).toBe(sent + 1);
    await fixture.pass(1_000);
    fixture.recorder.record();
    expect(fixture.server.log.length).toBe(sent + 2);
    fixture.server.setNetwork(() => fine);
    await fixture.pass(since + 300_000 - fixture.clock.monotonicNow());
    expect(fixture.recorder.view().status).toBe('not-recording');

    // An answer ends it.
    const later = fixture.server.log.length;
    fixture.recorder.pollSoon();
    await fixture.pass(2_050);
    expect(fixture.server.log.length).toBeGreaterThan(later);
  });

  test('a dead server costs next to nothing', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(120_000);
    const before = fixture.server.log.length;
    await fixture.pass(3_600_000);
    const probes = fixture.server.log.slice(before);
    expect(probes.length).toBeLessThan(150);
    expect(new Set(probes.map((record) => record.kind))).toEqual(new Set(['active']));
  });

  test('while the breaker is open nothing but probes is sent: no look, no start of a wait, no pause probe', async () => {
    const fixture = await signedInFixture();
    fixture.server.savedAfterMs = 40_000;
    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    await fixture.pass(20_000);
    fixture.server.endCall('101');
    await fixture.pass(5_000);
    fixture.recorder.recordNextCall();
    await fixture.pass(5_000);
    fixture.server.setNetwork(() => answering('server-error', { status: 503 }));
    await fixture.pass(100_000);
    const before = fixture.server.log.length;
    await fixture.pass(300_000);
    expect(new Set(fixture.server.log.slice(before).map((record: RequestRecord) => record.kind))).toEqual(
      new Set(['active']),
    );
    fixture.server.setNetwork(() => fine);
    await fixture.pass(120_000);
    expect(fixture.noticed('saved')).toBe(1);
  });

  test('a network that comes back is noticed within seconds of the system saying so', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(600_000);
    fixture.recorder.pollSoon();
    await fixture.pass(2_050);
    fixture.server.setNetwork(() => fine);
    await fixture.pass(17_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
  });
});

test('signing out ends every request and every timer', async () => {
  const fixture = await createFixture();
  fixture.recorder.setSession(fixture.session());
  await fixture.pass(5_000);
  fixture.server.setNetwork(() => ({ kind: 'ok', outMs: 5_000, backMs: 0 }));
  fixture.recorder.record();
  fixture.recorder.setSession(null);
  await fixture.pass(30_000);
  const sent = fixture.server.log.length;
  await fixture.pass(3_600_000);
  expect(fixture.server.log.length).toBe(sent);
  expect(fixture.clock.pending()).toBe(0);
  expect(fixture.recorder.view().status).toBe('signed-out');
});
