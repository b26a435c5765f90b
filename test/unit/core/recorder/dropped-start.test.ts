import { describe, expect, test } from 'vitest';

import { once } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, makeWorld, signedInWorld } from '../../../fixtures/recorder';

/*
 * A Record that is not sent because a list shows a recording: lists may show it although it is over.
 */

const dropped = expect.objectContaining({
  kind: 'refused',
  error: expect.objectContaining({ code: 'start-dropped', operation: 'start' }) as unknown,
}) as unknown;

/** A call that lists still show for 6 s as recorded, and that has just ended; and another one that is not recorded. */
function endRecordedCall({ server }: World): void {
  server.habits.lingerMs = 6_000;
  server.hangUp(server.record(server.addCall('101', agent, '+391'), 'rule').call);
  server.addCall('101', agent, '+392');
}

describe('a Record that a recording on the list stood in for, which was over', () => {
  test('is told as dropped: pressed before the state was known', async () => {
    const world = await makeWorld();
    endRecordedCall(world);
    world.recorder.setSession(world.session());
    world.recorder.record();
    await world.pass(30_000);
    expect(world.server.count('start')).toBe(0);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.notices).toContainEqual(dropped);
  });

  test('is told as dropped: refused as recorded already', async () => {
    const world = await makeWorld();
    endRecordedCall(world);
    world.recorder.setSession(world.session());
    await world.pass(1_000);
    expect(world.recorder.record()).toMatchObject({ error: { code: 'already-recorded' } });
    await world.pass(30_000);
    expect(world.notices).toContainEqual(dropped);
  });

  test('is told as dropped: its request was lost', async () => {
    const world = await signedInWorld();
    const { server } = world;
    server.habits.lingerMs = 6_000;
    const { call } = server.record(server.addCall('101', agent, '+391'), 'rule');
    server.setNetwork(once('start', { kind: 'request-lost', noticedMs: 2_000 }));
    await world.pass(1_500);
    world.recorder.record();
    server.hangUp(call);
    await world.pass(30_000);
    expect(world.notices).toContainEqual(dropped);
  });

  test('is told as dropped: the next call was waited for', async () => {
    const world = await makeWorld();
    endRecordedCall(world);
    world.recorder.setSession(world.session());
    world.recorder.recordNextCall();
    await world.pass(30_000);
    expect(world.recorder.view().waiting).toBeNull();
    expect(world.notices).toContainEqual(dropped);
  });

  test('is not told where that runs on for a while: the press had what it asked for', async () => {
    const world = await makeWorld();
    const { call } = world.server.record(world.server.addCall('101', agent, '+391'), 'rule');
    world.recorder.setSession(world.session());
    world.recorder.record();
    await world.pass(20_000);
    world.server.hangUp(call);
    await world.pass(30_000);
    expect(world.noticed('ended')).toBe(1);
    expect(world.noticed('refused')).toBe(0);
  });
});
