import { expect, test } from 'vitest';

import { VirtualClock } from '../../../fixtures/virtual-clock';
import { VirtualServer } from '../../../fixtures/virtual-server';
import type { ServerHabits } from '../../../fixtures/virtual-telephony';
import { agent, line } from '../../../fixtures/recorder';
import { colleague } from './scene';

/* The server of the model, by itself: each habit does what its name says. */

/** A server with habits, and the answer to a question that is given a second. */
function makeServer(habits: Partial<ServerHabits> = {}) {
  const clock = new VirtualClock();
  const server = new VirtualServer(clock);
  Object.assign(server.habits, habits);
  const api = server.apiFor(agent);
  const answer = async <Value>(promise: Promise<Value>): Promise<Value> => {
    await clock.advance(1_000);
    return promise;
  };
  const listed = async () => {
    const result = await answer(api.activeRecordings({ directoryNumber: '101' }));
    return result.ok ? result.value.map(({ id }) => id) : result.error.code;
  };
  const started = async () => {
    const result = await answer(api.startRecording(line));
    return result.ok ? result.value.id : result.error.code;
  };
  return { clock, server, api, answer, listed, started };
}

test('a transfer goes on under a new id, and the old one is no live recording any more', async () => {
  const { server, api, answer, listed, started } = makeServer();
  const call = server.connectCall('101', agent);
  const id = await started();
  server.transfer(call, { remoteNumber: '+395', keepsStart: true });
  const recording = server.recordingOf(id);
  expect(await listed()).toEqual([recording?.id]);
  expect(recording?.id).not.toBe(id);
  expect(await answer(api.stopRecording(id))).toMatchObject({ error: { code: 'not-a-live-recording' } });
  expect(await answer(api.stopRecording(recording?.id ?? ''))).toMatchObject({ ok: true });
  expect(await listed()).toEqual([]);
});

test('Live Keep: a start keeps the call from its beginning; what nobody keeps leaves nothing', async () => {
  const { clock, server, listed, started } = makeServer({ liveKeep: 'listed' });
  server.connectCall('101', agent);
  await clock.advance(60_000);
  const [buffered] = await listed();
  expect(await started()).toBe(buffered);
  expect(server.active()[0]?.startedAt).toBe(0);
  server.endCall('101');
  server.connectCall('101', agent);
  server.endCall('101');
  expect(server.completed.map(({ id }) => id)).toEqual([buffered]);
});

test('Live Keep, unlisted: nothing is seen before the press, and the start lies before it', async () => {
  const { clock, server, listed, started } = makeServer({ liveKeep: 'unlisted' });
  server.connectCall('101', agent);
  await clock.advance(60_000);
  expect(await listed()).toEqual([]);
  await started();
  expect(server.active()[0]?.startedAt).toBe(0);
});

test('lists are late, linger, forget once, and never miss more than two in a row', async () => {
  const { clock, server, listed, started } = makeServer({ lingerMs: 5_000 });
  server.startLagMs = 5_000;
  server.connectCall('101', agent);
  const id = await started();
  expect(await listed()).toEqual([]);
  await clock.advance(5_000);
  expect(await listed()).toEqual([id]);
  server.active()[0]!.hiddenFromLists = 1;
  expect(await listed()).toEqual([]);
  expect(await listed()).toEqual([id]);
  server.habits.hasIdleNode = true;
  const missed: boolean[] = [];
  for (let nth = 0; nth < 60; nth += 1) missed.push((await listed()).length === 0);
  expect(missed).toContain(true);
  expect(missed.join()).not.toContain('true,true,true');
  server.habits.hasIdleNode = false;
  server.endCall('101');
  expect(await listed()).toEqual([id]);
  await clock.advance(5_000);
  expect(await listed()).toEqual([]);
});

test('a start of a call that is recorded is refused, or makes a second recording', async () => {
  const { server, listed, started } = makeServer();
  server.record(server.connectCall('101', agent), 'rule');
  expect(await started()).toBe('already-recorded');
  server.habits.recordsTwice = true;
  await started();
  expect(await listed()).toHaveLength(2);
  expect(await started()).toBe('already-recorded');
});

test('one call leaves two rows, and a colleague may read neither', async () => {
  const { clock, server, api, answer } = makeServer({ completedUnder: 'two-rows', showsOwnRowsOnly: true });
  const recording = server.record(server.connectCall('101', colleague), colleague);
  await clock.advance(10_000);
  server.endCall('101');
  await clock.advance(2_000);
  expect(server.completed).toHaveLength(2);
  expect(await answer(api.getRecording(recording.id))).toMatchObject({ error: { code: 'not-allowed' } });
  expect(await answer(api.listRecordings({}, { page: 0, pageSize: 5 }))).toMatchObject({
    value: { totalCount: 0 },
  });
});

test('a service that restarts refuses connections, and loses what ran only where it forgets', async () => {
  const { clock, server, listed, started } = makeServer();
  server.connectCall('101', agent);
  const id = await started();
  server.restart(false);
  server.downUntil = clock.monotonicNow() + 3_000;
  expect(await listed()).toBe('connection-refused');
  await clock.advance(3_000);
  expect(await listed()).toEqual([id]);
  server.restart(true);
  expect(await listed()).toEqual([]);
  expect(server.completed[0]?.visibleAt).toBe(Number.POSITIVE_INFINITY);
});

test('servers without a list of active recordings answer 404, and one 403 is one', async () => {
  const { server, listed } = makeServer({ hasActiveList: false });
  expect(await listed()).toBe('not-this-server');
  server.habits.hasActiveList = true;
  server.forbidNextLists = 1;
  expect(await listed()).toBe('level-too-low');
  expect(await listed()).toEqual([]);
});
