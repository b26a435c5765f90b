import { describe, expect, test } from 'vitest';

import { signedInWorld, makeWorld, agent } from '../../../fixtures/recorder';

describe('recording and stopping', () => {
  test('one press, one POST; one stop, one DELETE by id; the finished recording is confirmed', async () => {
    const world = await signedInWorld();
    expect(world.recorder.view().status).toBe('not-recording');
    world.server.connectCall('101', agent);

    expect(world.recorder.record()).toEqual({ ok: true, value: null });
    expect(world.recorder.view().status).toBe('starting');
    await world.pass(1_000);
    const view = world.recorder.view();
    expect(view.status).toBe('recording');
    expect(view.recordings[0]).toMatchObject({ startedHere: true, ticking: true });
    expect(view.recordings[0]?.remoteParty.phoneNumber).toBe('+390212345');

    await world.pass(30_000);
    expect(world.recorder.stop()).toEqual({ ok: true, value: null });
    expect(world.recorder.view().status).toBe('stopping');
    await world.pass(1_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.recorder.view().recordings).toEqual([]);
    expect(world.server.count('start')).toBe(1);
    expect(world.server.count('stop')).toBe(1);

    await world.pass(10_000);
    expect(world.notices.map((notice) => notice.kind)).toEqual(['started', 'stopped', 'saved']);
    expect(world.recorder.view().unconfirmed).toEqual([]);
  });

  test('before anybody signs in nothing is sent and every command says so', async () => {
    const world = await makeWorld();
    await world.pass(60_000);
    expect(world.recorder.view().status).toBe('signed-out');
    expect(world.recorder.record()).toMatchObject({ ok: false, error: { code: 'signed-out' } });
    expect(world.server.log).toEqual([]);
    expect(world.clock.pending()).toBe(0);
  });
});
