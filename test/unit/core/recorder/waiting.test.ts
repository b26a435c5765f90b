import { describe, expect, test } from 'vitest';

import { answering, fine, once, pulled } from '../../../fixtures/networks';
import { agent, signedInWorld } from '../../../fixtures/recorder';

describe('record next call', () => {
  test('tries at a gentle pace with jitter, with a count-down, until the call connects', async () => {
    const world = await signedInWorld();
    const at = world.clock.monotonicNow();
    expect(world.recorder.recordNextCall().ok).toBe(true);
    expect(world.recorder.view()).toMatchObject({ status: 'waiting', waiting: { untilMono: at + 600_000 } });
    expect(world.recorder.view().controls).toMatchObject({ cancelWaiting: true, record: false });
    await world.pass(60_000);
    const tries = world.server.log.filter((record) => record.kind === 'start').map((record) => record.at);
    const gaps = tries.slice(1).map((time, index) => time - (tries[index] ?? 0));
    expect(gaps.every((gap) => gap >= 3_200 && gap <= 4_900)).toBe(true);
    expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(5);
    expect(world.recorder.view().status).toBe('waiting');
    expect(world.noticed('refused')).toBe(0);

    world.server.connectCall('101', agent);
    await world.pass(6_000);
    expect(world.recorder.view()).toMatchObject({ status: 'recording', waiting: null });
    expect(world.recorder.view().recordings[0]?.startedHere).toBe(true);
    const sent = world.server.count('start');
    await world.pass(60_000);
    expect(world.server.count('start')).toBe(sent);
  });

  test('a recording that somebody else starts ends it, too', async () => {
    const world = await signedInWorld();
    world.server.setNetwork((record) =>
      record.kind === 'start' ? answering('no-connected-call', { status: 409, reason: 1 }) : fine,
    );
    world.recorder.recordNextCall();
    await world.pass(5_000);
    world.server.record(world.server.connectCall('101', agent), 'supervisor');
    await world.pass(5_000);
    expect(world.recorder.view()).toMatchObject({ status: 'recording', waiting: null });
  });

  test('ends at the limit, and says so', async () => {
    const world = await signedInWorld();
    world.recorder.setPolicy({
      activeMs: 2_000,
      visibleMs: 5_000,
      hiddenMs: 10_000,
      waitMs: 60_000,
      autoResumeMs: null,
    });
    world.recorder.recordNextCall();
    await world.pass(60_100);
    expect(world.recorder.view()).toMatchObject({ status: 'not-recording', waiting: null });
    expect(world.notices).toEqual([{ kind: 'waiting-ended', reason: 'time-limit' }]);
    const sent = world.server.count('start');
    await world.pass(120_000);
    expect(world.server.count('start')).toBe(sent);
  });

  test('can be cancelled', async () => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    await world.pass(10_000);
    expect(world.recorder.cancelWaiting().ok).toBe(true);
    expect(world.recorder.view()).toMatchObject({ status: 'not-recording', waiting: null });
    expect(world.recorder.cancelWaiting().ok).toBe(true);
    expect(world.notices).toEqual([]);
  });

  test('Stop ends it just as well', async () => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    await world.pass(10_000);
    expect(world.recorder.stop().ok).toBe(true);
    expect(world.recorder.view()).toMatchObject({ status: 'not-recording', waiting: null });
  });

  test('cancelled while a try is under way that succeeds: stopped again', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 200, backMs: 800 } : fine,
    );
    world.recorder.recordNextCall();
    await world.pass(500);
    world.recorder.cancelWaiting();
    await world.pass(5_000);
    expect(world.server.active()).toEqual([]);
    expect(world.recorder.view().status).toBe('not-recording');
  });

  test('cancelled while a try is under way whose answer is lost: what may be its effect is told', async () => {
    const world = await signedInWorld();
    world.server.habits.tellsDuration = false;
    world.server.connectCall('101', agent);
    world.server.setNetwork(once('start', { kind: 'answer-lost', outMs: 10, noticedMs: 500 }));
    world.recorder.recordNextCall();
    await world.pass(5);
    world.recorder.cancelWaiting();
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.notices).toContainEqual({
      kind: 'refused',
      error: { code: 'still-recording', operation: 'stop', detail: {} },
    });
  });

  test.each([
    ['sleep', 'sleep'],
    ['sign-out', 'signed-out'],
  ] as const)('ends by %s', async (how, reason) => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    await world.pass(10_000);
    if (how === 'sleep') world.recorder.suspend();
    else world.recorder.setSession(null);
    expect(world.notices.at(-1)).toEqual({ kind: 'waiting-ended', reason });
    if (how === 'sleep') world.recorder.resume();
    const sent = world.server.count('start');
    await world.pass(60_000);
    expect(world.server.count('start')).toBe(sent);
    expect(world.recorder.view().waiting).toBeNull();
  });

  test('never survives a restart', async () => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    await world.pass(5_000);
    await world.restart();
    world.recorder.setSession(world.session());
    const sent = world.server.count('start');
    await world.pass(60_000);
    expect(world.recorder.view().waiting).toBeNull();
    expect(world.server.count('start')).toBe(sent);
  });

  test('goes on over an outage, without a start in it', async () => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    await world.pass(10_000);
    world.server.setNetwork(() => pulled);
    await world.pass(20_000);
    expect(world.recorder.view().status).toBe('unknown');
    expect(world.recorder.view().waiting).not.toBeNull();
    const sent = world.server.count('start');
    await world.pass(30_000);
    expect(world.server.count('start')).toBe(sent);
    world.server.setNetwork(() => fine);
    world.server.connectCall('101', agent);
    world.recorder.tryNow();
    await world.pass(15_000);
    expect(world.recorder.view().status).toBe('recording');
  });

  test('ends with the reason where trying again is of no use', async () => {
    const world = await signedInWorld();
    world.server.startError = { code: 'licence-invalid', detail: { status: 501, reason: 0 } };
    world.recorder.recordNextCall();
    await world.pass(3_000);
    expect(world.recorder.view()).toMatchObject({
      waiting: null,
      lastError: { error: { code: 'licence-invalid' } },
    });
    expect(world.noticed('refused')).toBe(1);
  });

  test('a lost try is read before the next one: one recording', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork(once('start', { kind: 'answer-lost', outMs: 10, noticedMs: 500 }));
    world.recorder.recordNextCall();
    await world.pass(30_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.server.count('start')).toBe(1);
  });

  test('at the very start, before the server has answered (--start)', async () => {
    const world = await signedInWorld();
    world.recorder.setSession(world.session());
    expect(world.recorder.recordNextCall().ok).toBe(true);
    expect(world.recorder.view().status).toBe('waiting');
    await world.pass(100);
    expect(world.server.count('start')).toBe(1);
  });

  test('Record, pressed after cancelling while the try is under way, hears how it ends', async () => {
    const world = await signedInWorld();
    world.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 200, backMs: 800 } : fine,
    );
    world.recorder.recordNextCall();
    await world.pass(300);
    world.recorder.cancelWaiting();
    world.recorder.record();
    await world.pass(2_000);
    expect(world.server.count('start')).toBe(1);
    expect(world.recorder.view().lastError?.error.code).toBe('no-connected-call');
    expect(world.noticed('refused')).toBe(1);
  });

  test('pressed while a start is under way that finds no call: waits', async () => {
    const world = await signedInWorld();
    world.recorder.record();
    world.recorder.recordNextCall();
    await world.pass(1_000);
    expect(world.recorder.view().status).toBe('waiting');
    expect(world.noticed('refused')).toBe(0);
  });

  test('Stop while a try is out ends the waiting, and stops nothing on another line', async () => {
    const world = await signedInWorld();
    const other = world.server.record(world.server.connectCall('555', agent), 'rule');
    await world.pass(40_000);
    world.server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs: 5_000 }));
    world.recorder.recordNextCall();
    await world.pass(100);
    world.recorder.stop();
    await world.pass(20_000);
    expect(world.recorder.view().waiting).toBeNull();
    expect(world.server.active()).toEqual([other]);
  });
});
