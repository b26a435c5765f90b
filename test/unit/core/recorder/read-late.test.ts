import { describe, expect, test } from 'vitest';

import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import type { World } from '../../../fixtures/recorder';
import { agent, makeWorld, signedInWorld } from '../../../fixtures/recorder';

/*
 * What a former run left in a file that another program holds at the start, and lets go later.
 */

/** Restarts while the file is held, signs in, and lets the file go after the lists have shown what runs. */
async function restartedLate(world: World, meanwhile: (world: World) => unknown = () => undefined) {
  await world.recorder.settled();
  world.stateFile.isHeld = true;
  const restarting = world.restart();
  await world.pass(5_000);
  await restarting;
  world.notices.length = 0;
  world.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 600_000 });
  world.recorder.setSession(world.session());
  await world.pass(2_000);
  meanwhile(world);
  world.stateFile.isHeld = false;
  await world.pass(60_000);
  await world.recorder.settled();
}

describe('recorder.json read late', () => {
  const waits: readonly (readonly [string, object, (world: World) => unknown])[] = [
    [
      'Record next call',
      { kind: 'waiting-ended', reason: 'quit' },
      ({ recorder }) => recorder.recordNextCall(),
    ],
    [
      'Record',
      { kind: 'refused', error: { code: 'left-unsent', operation: 'start' } },
      ({ recorder }) => recorder.record(),
    ],
    [
      'Stop',
      { kind: 'refused', error: { code: 'left-unsent', operation: 'stop' } },
      ({ recorder }) => recorder.stop(),
    ],
    [
      'Mark moment',
      { kind: 'refused', error: { code: 'left-unsent', operation: 'file' } },
      ({ recorder }) => recorder.markMoment(),
    ],
  ];
  test.each(waits)(
    '%s that waited when RecLight was quit is told once (C13)',
    async (_name, notice, press) => {
      const world = await makeWorld();
      world.recorder.setSession(world.session());
      press(world);
      await restartedLate(world);
      expect(world.notices).toMatchObject([notice]);
      await world.restart();
      world.notices.length = 0;
      world.recorder.setSession(world.session());
      await world.pass(2_000);
      expect(world.notices).toEqual([]);
    },
  );

  test('is told to whom it concerns, and loses nothing that waits now (C13)', async () => {
    const world = await makeWorld();
    world.recorder.setSession(world.session());
    world.recorder.stop();
    await restartedLate(world, ({ recorder }) => recorder.recordNextCall());
    expect(world.recorder.view().waiting).not.toBeNull();
    expect(world.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unsent', operation: 'stop' } },
    ]);
    expect(JSON.parse(world.stateFile.text ?? '')).toMatchObject({ unanswered: [{ kind: 'wait' }] });
  });

  test('tells nothing while locked, and all of it at the next sign-in (C13)', async () => {
    const world = await makeWorld();
    world.recorder.setSession(world.session());
    world.recorder.stop();
    await restartedLate(world, ({ recorder }) => {
      recorder.lock({ code: 'unauthorized', operation: 'active', detail: {} });
    });
    expect(world.notices).toMatchObject([{ kind: 'locked' }]);
    world.notices.length = 0;
    world.recorder.setSession(null);
    world.recorder.setSession(world.session());
    await world.pass(2_000);
    expect(world.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unsent', operation: 'stop' } },
    ]);
  });

  test('what runs is known to have been started and paused here (C13)', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    world.recorder.record();
    await world.pass(5_000);
    world.recorder.pause();
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('paused');
    await restartedLate(world);
    expect(world.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
    expect(JSON.parse(world.stateFile.text ?? '')).toMatchObject({
      underWay: [{ startedHere: true, pausedHere: true }],
    });
    await world.pass(600_000);
    expect(world.recorder.view().status).toBe('recording');
  });

  test('what runs under another id by now is the same recording, with its marks (C13)', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    world.recorder.record();
    await world.pass(5_000);
    world.recorder.markMoment();
    const [recording] = world.server.active();
    if (recording === undefined) throw new Error('nothing runs');
    world.server.rename(recording);
    await restartedLate(world);
    await world.pass(200_000);
    expect(world.recorder.view().recordings).toMatchObject([{ id: recording.id, startedHere: true }]);
    expect(world.recorder.view().unconfirmed).toEqual([]);
    expect(world.recorder.marks.list(recording.id)).toHaveLength(1);
  });
});
