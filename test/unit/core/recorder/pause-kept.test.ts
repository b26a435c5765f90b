import { expect, test } from 'vitest';

import type { Fate } from '../../../fixtures/virtual-server';
import { fine, once } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, signedInFixture } from '../../../fixtures/recorder';

/*
 * A pause that was asked for here stays that, so that it ends by itself; and its timer stands.
 */

const policy = {
  activeMs: 2_000,
  visibleMs: 5_000,
  hiddenMs: 10_000,
  waitMs: 600_000,
  autoResumeMs: 20_000,
};

/** A call that is recorded at this user's wish, where pauses end by themselves. */
async function recordingHere(): Promise<Fixture> {
  const fixture = await signedInFixture();
  fixture.recorder.setPolicy(policy);
  fixture.server.connectCall('101', agent, '+391');
  fixture.recorder.record();
  await fixture.pass(3_000);
  return fixture;
}

test.each([
  ['signed out', false],
  ['quit', true],
])(
  'a pause that no list has confirmed when the user has %s ends by itself, too (I8)',
  async (_how, isQuit) => {
    const fixture = await recordingHere();
    const [recording] = fixture.server.active();
    if (recording === undefined) throw new Error('nothing runs');
    fixture.recorder.pause();
    await fixture.pass(15);
    expect(recording.isPaused).toBe(true);
    if (isQuit) {
      await fixture.recorder.settled();
      await fixture.restart();
      fixture.recorder.setPolicy(policy);
    } else {
      fixture.recorder.setSession(null);
    }
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(40_000);
    expect(recording.isPaused).toBe(false);
  },
);

test('a pause of what was only taken for what a start began ends by itself once the two are told apart (I8)', async () => {
  const fixture = await signedInFixture();
  const { server, recorder } = fixture;
  recorder.setPolicy(policy);
  server.habits.tellsDuration = false;
  server.connectCall('101', agent, '+391');
  recorder.record();
  await fixture.pass(15);
  const [started] = server.active();
  if (started === undefined) throw new Error('nothing runs');
  started.hiddenFromLists = Number.POSITIVE_INFINITY;
  const other = server.record(server.addCall('101', agent, '+392'), 'rule');
  await fixture.pass(8_000);
  recorder.pause();
  await fixture.pass(3_000);
  expect(other.isPaused).toBe(true);
  started.hiddenFromLists = 0;
  await fixture.pass(40_000);
  expect(recorder.view().recordings).toHaveLength(2);
  expect(other.isPaused).toBe(false);
});

test.each([
  ['has ended', false],
  ['is being stopped', true],
])('a Pause of what is being started pauses nothing else where that %s (I1)', async (_what, isStopped) => {
  const fixture = await signedInFixture();
  const { server, recorder } = fixture;
  const other = server.record(server.addCall('555', agent, '+393'), 'rule');
  await fixture.pass(40_000);
  const call = server.connectCall('101', agent, '+391');
  Object.assign(server.habits, { answersAnotherId: isStopped });
  server.startLagMs = 6_000;
  if (!isStopped) server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs: 9_000 }));
  recorder.record();
  await fixture.pass(3_000);
  recorder.pause();
  if (isStopped) recorder.stop();
  else server.hangUp(call);
  await fixture.pass(30_000);
  expect(other.isPaused).toBe(false);
  expect(fixture.notices).toContainEqual({
    kind: 'refused',
    error: { code: 'not-possible-now', operation: 'pause', detail: {} },
  });
});

test('a Pause and a Resume of what is being started leave a pause of another call alone (I1)', async () => {
  const fixture = await signedInFixture();
  const { server, recorder } = fixture;
  const other = server.record(server.addCall('555', agent, '+393'), 'rule');
  await fixture.pass(40_000);
  server.connectCall('101', agent, '+391');
  server.setNetwork(({ kind, argument }) => {
    if (kind === 'start') return { kind: 'ok', outMs: 10, backMs: 3_000 };
    return kind === 'pause' && argument === other.id ? { kind: 'ok', outMs: 10, backMs: 8_000 } : fine;
  });
  recorder.record();
  await fixture.pass(500);
  recorder.pause();
  await fixture.pass(15);
  recorder.resumeRecording();
  recorder.pause(other.id);
  await fixture.pass(30_000);
  expect(other.isPaused).toBe(true);
  expect(server.active().find(({ line }) => line === '101')?.pausedAt).not.toBeNull();
});

test('the timer of a pause does not run backwards, however slow the lists (I3)', async () => {
  const fixture = await recordingHere();
  const slow: Fate = { kind: 'ok', outMs: 10, backMs: 3_000 };
  let lists = 0;
  fixture.server.setNetwork((record) => {
    if (record.kind !== 'active') return fine;
    lists += 1;
    return lists % 2 === 1 ? slow : fine;
  });
  const shownMs = () => {
    const [entry] = fixture.recorder.view().recordings;
    if (entry === undefined) return 0;
    return entry.elapsedMs + (entry.ticking ? fixture.clock.monotonicNow() - entry.anchorMono : 0);
  };
  let last = shownMs();
  fixture.recorder.pause();
  for (let passed = 0; passed < 15_000; passed += 100) {
    await fixture.pass(100);
    expect(shownMs()).toBeGreaterThanOrEqual(last);
    last = shownMs();
  }
  expect(fixture.recorder.view().status).toBe('paused');
});
