import { describe, expect, test } from 'vitest';

import { fail } from '../../../../src-main/shared/errors';
import { answering, fine } from './networks';
import { agent, makeWorld, signedInWorld } from './world';

describe('active recordings that may not be seen', () => {
  test('"not visible", never "not recording"', async () => {
    const world = await makeWorld();
    world.server.lowLevel.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(100);
    for (let i = 0; i < 50; i += 1) {
      expect(world.recorder.view().status).toBe('not-visible');
      await world.pass(5_000);
    }
    // It is asked rarely: the answer will be the same.
    expect(world.server.count('active')).toBeLessThan(10);
    expect(world.recorder.view().asOfMono).toBeGreaterThan(world.clock.monotonicNow() - 80_000);
  });

  test('a start that answered 201 is shown as started here, can be stopped, and is confirmed', async () => {
    const world = await makeWorld();
    world.server.blind.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(100);
    world.server.connectCall('101', agent);
    expect(world.recorder.view().controls.record).toBe(true);
    world.recorder.record();
    await world.pass(2_000);
    const view = world.recorder.view();
    expect(view.status).toBe('not-visible');
    expect(view.startedHere?.id).toBe(world.server.active()[0]?.id);
    expect(view.controls).toMatchObject({ record: false, stop: true, markMoment: true });
    expect(world.noticed('started')).toBe(1);

    world.recorder.stop();
    await world.pass(1_000);
    expect(world.recorder.view().startedHere).toBeNull();
    expect(world.server.active()).toEqual([]);
    await world.pass(10_000);
    expect(world.notices.map((notice) => notice.kind)).toEqual(['started', 'stopped', 'saved']);
  });

  test('its end is noticed among the completed ones', async () => {
    const world = await makeWorld();
    world.server.blind.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(100);
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(20_000);
    world.server.endCall('101');
    await world.pass(150_000);
    expect(world.recorder.view().startedHere).toBeNull();
    expect(world.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ unexpected: false }]);
    expect(world.noticed('saved')).toBe(1);
  });

  test('a lost start cannot be decided by a list: refused', async () => {
    const world = await makeWorld();
    world.server.blind.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(100);
    world.server.setNetwork((record) => (record.kind === 'start' ? answering('timeout') : fine));
    world.recorder.record();
    await world.pass(1_000);
    expect(world.recorder.view()).toMatchObject({
      status: 'not-visible',
      lastError: { error: { code: 'timeout' } },
    });
  });

  test('a raised level makes everything visible, and nothing is announced twice', async () => {
    const world = await makeWorld();
    world.server.blind.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(100);
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(5_000);
    world.server.blind.delete(agent);
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.recorder.view()).toMatchObject({ status: 'recording', startedHere: null });
    expect(world.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(world.noticed('started')).toBe(1);
  });
});

describe('credentials refused', () => {
  test('one 401 in a poll: locked, and nothing more is sent, whatever happens', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(() => answering('unauthorized', { status: 401 }));
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.recorder.view().status).toBe('locked');
    const sent = world.server.log.length;
    for (const act of ['record', 'stop', 'pause', 'tryNow', 'recordNextCall'] as const) {
      expect(world.recorder[act]()).toMatchObject({ ok: false, error: { code: 'locked' } });
    }
    world.recorder.suspend();
    world.recorder.resume();
    world.recorder.nudge();
    world.recorder.setWindowVisible(true);
    await world.pass(3_600_000);
    expect(world.server.log.length).toBe(sent);
    expect(world.notices.filter(({ kind }) => kind === 'locked')).toMatchObject([
      { error: { code: 'unauthorized' } },
    ]);
    expect(world.clock.pending()).toBe(0);
  });

  test('one 401 to a start: locked, and told once', async () => {
    const world = await signedInWorld();
    world.server.setNetwork((record) =>
      record.kind === 'start' ? answering('unauthorized', { status: 401 }) : fine,
    );
    world.recorder.record();
    await world.pass(100);
    expect(world.recorder.view().status).toBe('locked');
    expect(world.notices.map(({ kind }) => kind)).toEqual(['locked']);
  });

  test('told from outside, it stops just as much; a new session begins anew', async () => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    await world.pass(1_000);
    const refusal = fail('unauthorized', 'list', { status: 401 });
    if (!refusal.ok) world.recorder.lock(refusal.error);
    expect(world.recorder.view()).toMatchObject({ status: 'locked', waiting: null });
    expect(world.notices).toMatchObject([{ kind: 'waiting-ended', reason: 'refused' }, { kind: 'locked' }]);
    // The latch and the answer that closed it both tell.
    if (!refusal.ok) world.recorder.lock(refusal.error);
    expect(world.noticed('locked')).toBe(1);
    const sent = world.server.log.length;
    await world.pass(600_000);
    expect(world.server.log.length).toBe(sent);
    world.recorder.setSession(world.session());
    await world.pass(100);
    expect(world.recorder.view().status).toBe('not-recording');
  });

  test('a 401 to a look among the completed ones locks, too', async () => {
    const world = await signedInWorld();
    world.server.beginRecording(world.server.connectCall('101', agent));
    await world.pass(15_000);
    world.server.setNetwork((record) =>
      record.kind === 'details' ? answering('unauthorized', { status: 401 }) : fine,
    );
    world.server.endCall('101');
    await world.pass(20_000);
    expect(world.recorder.view().status).toBe('locked');
  });
});
