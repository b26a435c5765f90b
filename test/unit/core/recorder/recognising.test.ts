import { describe, expect, test } from 'vitest';

import type { Fate } from '../../../support/virtual-server';
import { once } from './networks';
import { agent, signedInWorld } from './world';

/*
 * Which entries of the lists are one recording, and which of them a start began.
 */

const slowAnswer: Fate = { kind: 'ok', outMs: 10, backMs: 4_000 };
const answerLost: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: 3_000 };

describe('what a start began', () => {
  test('is not taken for what an earlier start began, which the server forgot', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    server.startLagMs = 15_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await world.pass(1_000);
    const [lost] = server.everRecorded;
    server.restart(true);
    server.startLagMs = 0;
    await world.pass(5_000);
    server.setNetwork(once('start', slowAnswer));
    recorder.record();
    await world.pass(200_000);
    expect(recorder.view().recordings.map(({ id }) => id)).toEqual([server.everRecorded[1]?.id]);
    expect(recorder.view().unconfirmed.map(({ id }) => id)).toEqual([lost?.id]);
  });

  test.each(['oldest-first', 'newest-first'] as const)(
    'is what began first of all that may be it, whatever the order of the answer: %s',
    async (order) => {
      const world = await signedInWorld();
      const { server, recorder } = world;
      server.habits.order = order;
      server.connectCall('101', agent, '+391');
      server.setNetwork(once('start', answerLost));
      recorder.record();
      await world.pass(500);
      recorder.stop();
      await world.pass(500);
      const other = server.record(server.addCall('101', agent, '+392'), 'rule');
      await world.pass(10_000);
      expect(server.active()).toEqual([other]);
      expect(world.notices).toContainEqual(
        expect.objectContaining({ error: expect.objectContaining({ code: 'still-recording' }) as unknown }),
      );
    },
  );
});
