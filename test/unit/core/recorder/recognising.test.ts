import { describe, expect, test } from 'vitest';

import type { Fate, VirtualRecording } from '../../../fixtures/virtual-server';
import { once } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, makeWorld, signedInWorld } from '../../../fixtures/recorder';

/*
 * Which entries of the lists are one recording, and which of them a start began.
 */

const still = expect.objectContaining({
  kind: 'refused',
  error: expect.objectContaining({ code: 'still-recording' }) as unknown,
}) as unknown;
const ids = ({ recorder }: World) => recorder.view().recordings.map(({ id }) => id);
const sent = ({ server }: World, kind: string): readonly string[] =>
  server.log.filter((record) => record.kind === kind).map(({ argument }) => argument);

/** A call on the line that is recorded at this user's wish. */
async function recordingHere(answersAnotherId = false): Promise<[World, VirtualRecording]> {
  const world = await signedInWorld();
  world.server.habits.answersAnotherId = answersAnotherId;
  world.server.connectCall('101', agent, '+391');
  world.recorder.record();
  await world.pass(answersAnotherId ? 10_000 : 2_000);
  const [recording] = world.server.active();
  if (recording === undefined) throw new Error('nothing runs');
  return [world, recording];
}

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
      expect(world.notices).toContainEqual(still);
    },
  );
});

describe('what was only taken for what a start began', () => {
  /** What the lamp said from now on. */
  const lamps = async ({ recorder, pass }: World, ms: number): Promise<ReadonlySet<string>> => {
    const seen = new Set<string>();
    for (let passed = 0; passed < ms; passed += 100) {
      await pass(100);
      seen.add(recorder.view().status);
    }
    return seen;
  };

  test('and vanishes does not put the light out: a call of a colleague that the lists still showed', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    Object.assign(server.habits, { lingerMs: 6_000 });
    server.startLagMs = 12_000;
    server.beginRecording(server.connectCall('101', 'colleague', '+390'));
    server.connectCall('101', agent, '+391');
    recorder.record();
    expect(await lamps(world, 30_000)).toEqual(new Set(['starting', 'recording']));
    expect(recorder.view().recordings).toMatchObject([{ id: server.everRecorded[1]?.id, startedHere: true }]);
    expect(world.noticed('ended')).toBe(0);
  });

  test('and vanishes does not put the light out: an older call of a server that tells no durations', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    Object.assign(server.habits, { lingerMs: 6_000, tellsDuration: false });
    const old = server.record(server.addCall('101', agent, '+390'), 'rule');
    server.startLagMs = 12_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    expect(await lamps(world, 30_000)).toEqual(new Set(['starting', 'recording']));
    expect(recorder.view().recordings).toMatchObject([{ id: server.everRecorded[1]?.id, startedHere: true }]);
    expect(world.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ recordingId: old.id }]);
  });

  test('and that Stop did not find is not what is stopped', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    Object.assign(server.habits, { lingerMs: 6_000 });
    server.startLagMs = 12_000;
    server.beginRecording(server.connectCall('101', 'colleague', '+390'));
    server.connectCall('101', agent, '+391');
    recorder.record();
    await world.pass(5_000);
    recorder.stop();
    await world.pass(30_000);
    expect(server.active()).toEqual([]);
    expect(world.notices.filter(({ kind }) => kind === 'stopped')).toMatchObject([
      { recordingId: server.everRecorded[1]?.id },
    ]);
  });
});

describe('an id that changed', () => {
  /** Lets something happen once between the two questions of one list: for the line, and for the user. */
  const betweenQuestions = ({ server }: World, happen: () => void) => {
    let hasHappened = false;
    server.onRequest = ({ kind, argument }) => {
      if (hasHappened || kind !== 'active' || !argument.includes('username')) return;
      hasHappened = true;
      happen();
    };
  };

  test.each([
    ['that was known', 5_000],
    ['that no list had shown', 0],
  ])('between the two questions of one list is one recording, %s (I4)', async (_what, shownForMs) => {
    const world = await signedInWorld();
    await world.pass(5_000);
    const recording = world.server.record(world.server.connectCall('101', agent, '+391'), 'rule');
    if (shownForMs > 0) await world.pass(shownForMs);
    betweenQuestions(world, () => {
      world.server.transfer(recording.call, { remoteNumber: '+395', keepsStart: true });
    });
    const former = recording.id;
    await world.pass(60_000);
    expect(recording.id).not.toBe(former);
    expect(ids(world)).toEqual([recording.id]);
    expect(world.noticed('started')).toBe(1);
    expect(world.noticed('ended')).toBe(0);
  });

  test('while RecLight was not running is the same recording, with its marks', async () => {
    const [world, recording] = await recordingHere();
    world.recorder.markMoment();
    await world.recorder.settled();
    world.recorder.dispose();
    world.server.rename(recording);
    await world.restart();
    world.recorder.setSession(world.session());
    await world.pass(200_000);
    expect(world.recorder.view().recordings).toMatchObject([{ id: recording.id, startedHere: true }]);
    expect(world.recorder.view().unconfirmed).toEqual([]);
    expect(world.recorder.marks.list(recording.id)).toHaveLength(1);
  });

  test.each([
    ['at once', 10],
    ['after 9 s (I4)', 9_000],
  ])(
    'is told by the list alone: over a restart, too, an id answered %s is the same recording',
    async (_when, backMs) => {
      const world = await signedInWorld();
      world.server.habits.answersAnotherId = true;
      world.server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs }));
      world.server.connectCall('101', agent, '+391');
      world.recorder.record();
      await world.pass(backMs + 300);
      await world.recorder.settled();
      await world.restart();
      world.recorder.setSession(world.session());
      await world.pass(200_000);
      expect(world.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
      expect(world.recorder.view().unconfirmed).toEqual([]);
    },
  );

  test('with the line that the call is on: it is told neither as ended nor as started', async () => {
    const [world, recording] = await recordingHere();
    await world.pass(60_000);
    world.notices.length = 0;
    world.server.transfer(recording.call, { line: '555', keepsStart: true });
    await world.pass(60_000);
    expect(world.notices).toEqual([]);
    expect(world.recorder.view().recordings).toMatchObject([{ id: recording.id, startedHere: true }]);
  });

  test('after Stop, so that nobody can recognise it, is told as still recording', async () => {
    const [world, recording] = await recordingHere();
    Object.assign(world.server.habits, { tellsStart: false, tellsDuration: false });
    await world.pass(5_000);
    world.server.setNetwork(once('stop', { kind: 'request-lost', noticedMs: 100 }));
    world.recorder.stop();
    world.server.transfer(recording.call, { remoteNumber: '+399', keepsStart: true });
    await world.pass(20_000);
    expect(world.notices).toContainEqual(still);
  });

  test('before Stop, and the call moved to another line, is told as still recording', async () => {
    const world = await signedInWorld();
    world.server.startLagMs = 5_000;
    const call = world.server.connectCall('101', agent, '+391');
    world.recorder.record();
    await world.pass(1_000);
    world.server.transfer(call, { line: '555', keepsStart: true });
    world.recorder.stop();
    await world.pass(60_000);
    expect(world.notices).toContainEqual(still);
    expect(world.noticed('stopped')).toBe(0);
  });
});

describe('what no list has shown, or not lately', () => {
  test('is not given up on the word of one list, which a node that knows nothing may have given (I3)', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    server.startLagMs = 15_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await world.pass(2_000);
    const [started] = server.active();
    if (started === undefined) throw new Error('nothing runs');
    world.clock.sleepMachine(40_000);
    started.hiddenFromLists = 2;
    for (let passed = 0; passed < 10_000; passed += 250) {
      await world.pass(250);
      expect(recorder.view().status).not.toBe('not-recording');
    }
    expect(world.noticed('ended')).toBe(0);
    expect(recorder.view().recordings).toMatchObject([{ id: started.id, startedHere: true }]);
  });

  test('is not shown as true again by a list that lacks it, after another line was chosen (I3)', async () => {
    const [world] = await recordingHere();
    world.server.restart(true);
    world.clock.sleepMachine(40_000);
    world.recorder.setSession(
      world.session({ line: { directoryNumber: '202', deviceName: null, mode: 'media-forking' } }),
    );
    for (let passed = 0; passed < 10_000; passed += 100) {
      await world.pass(100);
      expect(['recording', 'paused']).not.toContain(world.recorder.view().status);
    }
    expect(world.recorder.view().status).toBe('not-recording');
  });

  test('and that Stop did not find may be a call of a colleague: it is told as still recording', async () => {
    const world = await signedInWorld();
    Object.assign(world.server.habits, { answersAnotherId: true, tellsDuration: false });
    world.server.startLagMs = 12_000;
    world.server.connectCall('101', 'colleague', '+391');
    world.recorder.record();
    await world.pass(1_000);
    world.recorder.stop();
    await world.pass(40_000);
    expect(world.server.active()).toHaveLength(1);
    expect(world.notices).toContainEqual(still);
  });
});

describe('a call that follows at once', () => {
  test('is not stopped with the one before, which the server has stopped', async () => {
    const [world, recording] = await recordingHere();
    Object.assign(world.server.habits, { tellsStart: false });
    await world.pass(5_000);
    world.recorder.stop();
    await world.pass(15);
    const next = world.server.record(world.server.addCall('101', agent, '+391'), 'rule');
    await world.pass(20_000);
    expect(sent(world, 'stop')).toEqual([recording.id]);
    expect(ids(world)).toEqual([next.id]);
    expect(world.noticed('stopped')).toBe(1);
  });
});

describe('an id that only the answer to a start told', () => {
  test('is what began on a Live Keep line before the start', async () => {
    const world = await signedInWorld();
    Object.assign(world.server.habits, { answersAnotherId: true, liveKeep: 'listed' });
    world.server.startLagMs = 10_000;
    world.server.connectCall('101', agent, '+391');
    await world.pass(5_000);
    world.recorder.record();
    await world.pass(60_000);
    expect(world.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
    expect(world.noticed('ended')).toBe(0);
  });

  test('is what ended at once after lists had shown it: "starting" does not outlast it (F2)', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    server.habits.answersAnotherId = true;
    const call = server.connectCall('101', agent, '+391');
    recorder.record();
    await world.pass(2_500);
    server.hangUp(call);
    await world.pass(5_000);
    expect(recorder.view().status).toBe('not-recording');
    await world.pass(60_000);
    expect(world.notices.map(({ kind }) => kind)).toEqual(['started', 'ended', 'saved']);
  });

  test('is what had ended before Stop: that it no longer runs is what answers the press (I2)', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    server.habits.answersAnotherId = true;
    const call = server.connectCall('101', agent, '+391');
    server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs: 9_000 }));
    recorder.record();
    await world.pass(4_000);
    server.hangUp(call);
    await world.pass(5_012);
    recorder.stop();
    await world.pass(30_000);
    expect(server.count('stop')).toBe(1);
    expect(world.notices).toContainEqual({
      kind: 'refused',
      error: { code: 'not-a-live-recording', operation: 'stop', detail: {} },
    });
  });

  test.each([
    ['began after the answer', 1_500, 0],
    ['lists that lag show a little earlier', 0, 2_000],
  ])('is not what %s, and ended: "starting" goes on (F2)', async (_what, afterMs, lagMs) => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    server.startLagMs = lagMs;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await world.pass(15);
    const started = server.everRecorded[0];
    if (started === undefined) throw new Error('nothing runs');
    started.hiddenFromLists = Number.POSITIVE_INFINITY;
    await world.pass(afterMs);
    const other = server.record(server.addCall('101', agent, '+392'), 'rule');
    await world.pass(lagMs === 0 ? 1_300 : lagMs + 800);
    server.finish(other);
    for (let passed = 0; passed < 10_000; passed += 250) {
      if (passed === 1_750) started.hiddenFromLists = 0;
      await world.pass(250);
      expect(recorder.view().status).not.toBe('not-recording');
    }
    expect(recorder.view().recordings).toMatchObject([{ id: started.id, startedHere: true }]);
  });

  test("is told as started, too, where it is a colleague's call on a shared line", async () => {
    const world = await signedInWorld();
    world.server.habits.answersAnotherId = true;
    world.server.connectCall('101', 'colleague', '+391');
    world.recorder.record();
    await world.pass(30_000);
    expect(world.recorder.view()).toMatchObject({ status: 'recording', recordings: [{ startedHere: true }] });
    expect(world.noticed('started')).toBe(1);
  });

  test.each([
    ['had no answer', 5_000],
    ['found nothing', 10],
  ])('is told at the next sign-in where its Stop %s when RecLight was quit', async (_what, backMs) => {
    const world = await signedInWorld();
    world.server.habits.answersAnotherId = true;
    world.server.connectCall('101', agent, '+391');
    world.server.setNetwork(once('stop', { kind: 'ok', outMs: 10, backMs }));
    world.recorder.record();
    await world.pass(10);
    world.recorder.stop();
    await world.pass(500);
    expect(world.server.count('stop')).toBe(1);
    await world.recorder.settled();
    await world.restart();
    world.notices.length = 0;
    world.recorder.setSession(world.session());
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unanswered', operation: 'stop' } },
    ]);
  });

  test('is what began before Stop, however slow the list that shows it', async () => {
    const world = await signedInWorld();
    const { server, recorder } = world;
    server.habits.answersAnotherId = true;
    server.setNetwork(({ kind }) => ({ kind: 'ok', outMs: 10, backMs: kind === 'active' ? 300 : 10 }));
    server.connectCall('101', agent, '+391');
    recorder.record();
    await world.pass(10);
    recorder.stop();
    await world.pass(30_000);
    expect(server.active()).toEqual([]);
    expect(world.noticed('stopped')).toBe(1);
  });

  test('is what ended after a single list had shown it, and that was asked for the line before it began', async () => {
    const world = await makeWorld();
    const { server, recorder } = world;
    server.habits.answersAnotherId = true;
    const call = server.connectCall('101', agent, '+391');
    recorder.setSession(world.session());
    recorder.recordNextCall();
    await world.pass(80);
    expect(recorder.view().recordings).toHaveLength(1);
    server.hangUp(call);
    recorder.suspend();
    recorder.resume();
    await world.pass(60_000);
    expect(world.noticed('ended')).toBe(1);
  });

  test.each([
    ['goes', true],
    ['comes', false],
  ])('is told once as started where the right to see it %s', async (_what, isFirstSeen) => {
    const world = await signedInWorld();
    world.server.habits.answersAnotherId = true;
    world.server.connectCall('101', agent, '+391');
    const change = () => {
      if (isFirstSeen) world.server.blind.add(agent);
      else world.server.blind.delete(agent);
    };
    if (!isFirstSeen) world.server.blind.add(agent);
    world.recorder.tryNow();
    await world.pass(3_000);
    world.recorder.record();
    await world.pass(60);
    change();
    world.recorder.suspend();
    world.recorder.resume();
    await world.pass(10_000);
    expect(world.noticed('started')).toBe(1);
  });

  test('and that Stop did not reach, unseen, is told as still recording once it is seen', async () => {
    const world = await signedInWorld();
    world.server.habits.answersAnotherId = true;
    world.server.blind.add(agent);
    world.recorder.tryNow();
    await world.pass(3_000);
    world.server.connectCall('101', agent, '+391');
    world.recorder.record();
    await world.pass(100);
    world.recorder.stop();
    await world.pass(4_000);
    world.server.blind.clear();
    world.recorder.suspend();
    world.recorder.resume();
    await world.pass(5_000);
    expect(world.notices).toContainEqual(still);
  });
});
