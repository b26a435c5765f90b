import { describe, expect, test } from 'vitest';

import { answering, fine, once, pulled } from '../../../fixtures/networks';
import { agent, signedInFixture } from '../../../fixtures/recorder';

describe('record next call', () => {
  test('tries at a gentle pace with jitter, with a count-down, until the call connects', async () => {
    const fixture = await signedInFixture();
    const at = fixture.clock.monotonicNow();
    expect(fixture.recorder.recordNextCall().ok).toBe(true);
    expect(fixture.recorder.view()).toMatchObject({
      status: 'waiting',
      waiting: { untilMono: at + 600_000 },
    });
    expect(fixture.recorder.view().controls).toMatchObject({ cancelWaiting: true, record: false });
    await fixture.pass(60_000);
    const tries = fixture.server.log.filter((record) => record.kind === 'start').map((record) => record.at);
    const gaps = tries.slice(1).map((time, index) => time - (tries[index] ?? 0));
    expect(gaps.every((gap) => gap >= 3_200 && gap <= 4_900)).toBe(true);
    expect(new Set(gaps.map(Math.round)).size).toBeGreaterThan(5);
    expect(fixture.recorder.view().status).toBe('waiting');
    expect(fixture.noticed('refused')).toBe(0);

    fixture.server.connectCall('101', agent);
    await fixture.pass(6_000);
    expect(fixture.recorder.view()).toMatchObject({ status: 'recording', waiting: null });
    expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(true);
    const sent = fixture.server.count('start');
    await fixture.pass(60_000);
    expect(fixture.server.count('start')).toBe(sent);
  });

  test('a recording that somebody else starts ends it, too', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork((record) =>
      record.kind === 'start' ? answering('no-connected-call', { status: 409, reason: 1 }) : fine,
    );
    fixture.recorder.recordNextCall();
    await fixture.pass(5_000);
    fixture.server.record(fixture.server.connectCall('101', agent), 'supervisor');
    await fixture.pass(5_000);
    expect(fixture.recorder.view()).toMatchObject({ status: 'recording', waiting: null });
  });

  test('ends at the limit, and says so', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.setPolicy({
      activeMs: 2_000,
      visibleMs: 5_000,
      hiddenMs: 10_000,
      waitMs: 60_000,
      autoResumeMs: null,
    });
    fixture.recorder.recordNextCall();
    await fixture.pass(60_100);
    expect(fixture.recorder.view()).toMatchObject({ status: 'not-recording', waiting: null });
    expect(fixture.notices).toEqual([{ kind: 'waiting-ended', reason: 'time-limit' }]);
    const sent = fixture.server.count('start');
    await fixture.pass(120_000);
    expect(fixture.server.count('start')).toBe(sent);
  });

  test('can be cancelled', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    await fixture.pass(10_000);
    expect(fixture.recorder.cancelWaiting().ok).toBe(true);
    expect(fixture.recorder.view()).toMatchObject({ status: 'not-recording', waiting: null });
    expect(fixture.recorder.cancelWaiting().ok).toBe(true);
    expect(fixture.notices).toEqual([]);
  });

  test('Stop ends it just as well', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    await fixture.pass(10_000);
    expect(fixture.recorder.stop().ok).toBe(true);
    expect(fixture.recorder.view()).toMatchObject({ status: 'not-recording', waiting: null });
  });

  test('cancelled while a try is under way that succeeds: stopped again', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 200, backMs: 800 } : fine,
    );
    fixture.recorder.recordNextCall();
    await fixture.pass(500);
    fixture.recorder.cancelWaiting();
    await fixture.pass(5_000);
    expect(fixture.server.active()).toEqual([]);
    expect(fixture.recorder.view().status).toBe('not-recording');
  });

  test('cancelled while a try is under way whose answer is lost: what may be its effect is told', async () => {
    const fixture = await signedInFixture();
    fixture.server.habits.tellsDuration = false;
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork(once('start', { kind: 'answer-lost', outMs: 10, noticedMs: 500 }));
    fixture.recorder.recordNextCall();
    await fixture.pass(5);
    fixture.recorder.cancelWaiting();
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.notices).toContainEqual({
      kind: 'refused',
      error: { code: 'still-recording', operation: 'stop', detail: {} },
    });
  });

  test.each([
    ['sleep', 'sleep'],
    ['sign-out', 'signed-out'],
  ] as const)('ends by %s', async (how, reason) => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    await fixture.pass(10_000);
    if (how === 'sleep') fixture.recorder.suspend();
    else fixture.recorder.setSession(null);
    expect(fixture.notices.at(-1)).toEqual({ kind: 'waiting-ended', reason });
    if (how === 'sleep') fixture.recorder.resume();
    const sent = fixture.server.count('start');
    await fixture.pass(60_000);
    expect(fixture.server.count('start')).toBe(sent);
    expect(fixture.recorder.view().waiting).toBeNull();
  });

  test('never survives a restart', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    await fixture.pass(5_000);
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    const sent = fixture.server.count('start');
    await fixture.pass(60_000);
    expect(fixture.recorder.view().waiting).toBeNull();
    expect(fixture.server.count('start')).toBe(sent);
  });

  test('goes on over an outage, without a start in it', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    await fixture.pass(10_000);
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(20_000);
    expect(fixture.recorder.view().status).toBe('unknown');
    expect(fixture.recorder.view().waiting).not.toBeNull();
    const sent = fixture.server.count('start');
    await fixture.pass(30_000);
    expect(fixture.server.count('start')).toBe(sent);
    fixture.server.setNetwork(() => fine);
    fixture.server.connectCall('101', agent);
    fixture.recorder.tryNow();
    await fixture.pass(15_000);
    expect(fixture.recorder.view().status).toBe('recording');
  });

  test('ends with the reason where trying again is of no use', async () => {
    const fixture = await signedInFixture();
    fixture.server.startError = { code: 'licence-invalid', detail: { status: 501, reason: 0 } };
    fixture.recorder.recordNextCall();
    await fixture.pass(3_000);
    expect(fixture.recorder.view()).toMatchObject({
      waiting: null,
      lastError: { error: { code: 'licence-invalid' } },
    });
    expect(fixture.noticed('refused')).toBe(1);
  });

  test('a lost try is read before the next one: one recording', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork(once('start', { kind: 'answer-lost', outMs: 10, noticedMs: 500 }));
    fixture.recorder.recordNextCall();
    await fixture.pass(30_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.server.count('start')).toBe(1);
  });

  test('at the very start, before the server has answered (--start)', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.setSession(fixture.session());
    expect(fixture.recorder.recordNextCall().ok).toBe(true);
    expect(fixture.recorder.view().status).toBe('waiting');
    await fixture.pass(100);
    expect(fixture.server.count('start')).toBe(1);
  });

  test('Record, pressed after cancelling while the try is under way, hears how it ends', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 200, backMs: 800 } : fine,
    );
    fixture.recorder.recordNextCall();
    await fixture.pass(300);
    fixture.recorder.cancelWaiting();
    fixture.recorder.record();
    await fixture.pass(2_000);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.recorder.view().lastError?.error.code).toBe('no-connected-call');
    expect(fixture.noticed('refused')).toBe(1);
  });

  test('pressed while a start is under way that finds no call: waits', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.record();
    fixture.recorder.recordNextCall();
    await fixture.pass(1_000);
    expect(fixture.recorder.view().status).toBe('waiting');
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('Stop while a try is out ends the waiting, and stops nothing on another line', async () => {
    const fixture = await signedInFixture();
    const other = fixture.server.record(fixture.server.connectCall('555', agent), 'rule');
    await fixture.pass(40_000);
    fixture.server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs: 5_000 }));
    fixture.recorder.recordNextCall();
    await fixture.pass(100);
    fixture.recorder.stop();
    await fixture.pass(20_000);
    expect(fixture.recorder.view().waiting).toBeNull();
    expect(fixture.server.active()).toEqual([other]);
  });
});
