import { describe, expect, test } from 'vitest';

import type { Fate, VirtualRecording } from '../../../fixtures/virtual-server';
import { once } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, createFixture, line, signedInFixture } from '../../../fixtures/recorder';
import { readActive } from '../../../../src-main/core/recorder/poll-result';

/*
 * Which entries of the lists are one recording, and which of them a start began.
 */

const still = expect.objectContaining({
  kind: 'refused',
  error: expect.objectContaining({ code: 'still-recording' }) as unknown,
}) as unknown;
const ids = ({ recorder }: Fixture) => recorder.view().recordings.map(({ id }) => id);
const sent = ({ server }: Fixture, kind: string): readonly string[] =>
  server.log.filter((record) => record.kind === kind).map(({ argument }) => argument);

/** A call on the line that is recorded at this user's wish. */
async function recordingHere(answersAnotherId = false): Promise<[Fixture, VirtualRecording]> {
  const fixture = await signedInFixture();
  fixture.server.habits.answersAnotherId = answersAnotherId;
  fixture.server.connectCall('101', agent, '+391');
  fixture.recorder.record();
  await fixture.pass(answersAnotherId ? 10_000 : 2_000);
  const [recording] = fixture.server.active();
  if (recording === undefined) throw new Error('nothing runs');
  return [fixture, recording];
}

const slowAnswer: Fate = { kind: 'ok', outMs: 10, backMs: 4_000 };
const answerLost: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: 3_000 };

describe('what a start began', () => {
  test('is not taken for what an earlier start began, which the server forgot', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.startLagMs = 15_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(1_000);
    const [lost] = server.everRecorded;
    server.restart(true);
    server.startLagMs = 0;
    await fixture.pass(5_000);
    server.setNetwork(once('start', slowAnswer));
    recorder.record();
    await fixture.pass(200_000);
    expect(recorder.view().recordings.map(({ id }) => id)).toEqual([server.everRecorded[1]?.id]);
    expect(recorder.view().unconfirmed.map(({ id }) => id)).toEqual([lost?.id]);
  });

  test.each(['oldest-first', 'newest-first'] as const)(
    'is what began first of all that may be it, whatever the order of the answer: %s',
    async (order) => {
      const fixture = await signedInFixture();
      const { server, recorder } = fixture;
      server.habits.order = order;
      server.connectCall('101', agent, '+391');
      server.setNetwork(once('start', answerLost));
      recorder.record();
      await fixture.pass(500);
      recorder.stop();
      await fixture.pass(500);
      const other = server.record(server.addCall('101', agent, '+392'), 'rule');
      await fixture.pass(10_000);
      expect(server.active()).toEqual([other]);
      expect(fixture.notices).toContainEqual(still);
    },
  );
});

describe('what was only taken for what a start began', () => {
  /** What the lamp said from now on. */
  const lamps = async ({ recorder, pass }: Fixture, ms: number): Promise<ReadonlySet<string>> => {
    const seen = new Set<string>();
    for (let passed = 0; passed < ms; passed += 100) {
      await pass(100);
      seen.add(recorder.view().status);
    }
    return seen;
  };

  test('and vanishes does not put the light out: a call of a colleague that the lists still showed', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    Object.assign(server.habits, { lingerMs: 6_000 });
    server.startLagMs = 12_000;
    server.beginRecording(server.connectCall('101', 'colleague', '+390'));
    server.connectCall('101', agent, '+391');
    recorder.record();
    expect(await lamps(fixture, 30_000)).toEqual(new Set(['starting', 'recording']));
    expect(recorder.view().recordings).toMatchObject([{ id: server.everRecorded[1]?.id, startedHere: true }]);
    expect(fixture.noticed('ended')).toBe(0);
  });

  test('and vanishes does not put the light out: an older call of a server that tells no durations', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    Object.assign(server.habits, { lingerMs: 6_000, tellsDuration: false });
    const old = server.record(server.addCall('101', agent, '+390'), 'rule');
    server.startLagMs = 12_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    expect(await lamps(fixture, 30_000)).toEqual(new Set(['starting', 'recording']));
    expect(recorder.view().recordings).toMatchObject([{ id: server.everRecorded[1]?.id, startedHere: true }]);
    expect(fixture.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ recordingId: old.id }]);
  });

  test('and that Stop did not find is not what is stopped', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    Object.assign(server.habits, { lingerMs: 6_000 });
    server.startLagMs = 12_000;
    server.beginRecording(server.connectCall('101', 'colleague', '+390'));
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(5_000);
    recorder.stop();
    await fixture.pass(30_000);
    expect(server.active()).toEqual([]);
    expect(fixture.notices.filter(({ kind }) => kind === 'stopped')).toMatchObject([
      { recordingId: server.everRecorded[1]?.id },
    ]);
  });
});

describe('an id that changed', () => {
  /** Lets something happen once between the two questions of one list: for the line, and for the user. */
  const betweenQuestions = ({ server }: Fixture, happen: () => void) => {
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
    const fixture = await signedInFixture();
    await fixture.pass(5_000);
    const recording = fixture.server.record(fixture.server.connectCall('101', agent, '+391'), 'rule');
    if (shownForMs > 0) await fixture.pass(shownForMs);
    betweenQuestions(fixture, () => {
      fixture.server.transfer(recording.call, { remoteNumber: '+395', keepsStart: true });
    });
    const former = recording.id;
    await fixture.pass(60_000);
    expect(recording.id).not.toBe(former);
    expect(ids(fixture)).toEqual([recording.id]);
    expect(fixture.noticed('started')).toBe(1);
    expect(fixture.noticed('ended')).toBe(0);
  });

  test('while RecLight was not running is the same recording, with its marks', async () => {
    const [fixture, recording] = await recordingHere();
    fixture.recorder.markMoment();
    await fixture.recorder.settled();
    fixture.recorder.dispose();
    fixture.server.rename(recording);
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(200_000);
    expect(fixture.recorder.view().recordings).toMatchObject([{ id: recording.id, startedHere: true }]);
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
    expect(fixture.recorder.marks.list(recording.id)).toHaveLength(1);
  });

  test.each([
    ['that was started here', true],
    ['that a rule started', false],
  ])(
    'while RecLight was not running is never a colleague’s that began with it: an own one %s (I1)',
    async (_what, isStartedHere) => {
      const fixture = await signedInFixture();
      const { server } = fixture;
      const call = server.addCall('101', agent, '+391');
      if (isStartedHere) fixture.recorder.record();
      else server.record(call, 'rule');
      const other = server.record(server.addCall('101', 'colleague', '+390'), 'rule');
      other.hiddenFromLists = 1_000;
      await fixture.pass(15_000);
      expect(fixture.recorder.view().recordings).toMatchObject([{ own: true, startedHere: isStartedHere }]);
      await fixture.recorder.settled();
      fixture.recorder.dispose();
      server.hangUp(call);
      other.hiddenFromLists = 0;
      await fixture.restart();
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(5_000);
      expect(fixture.recorder.view().recordings).toMatchObject([
        { id: other.id, own: false, startedHere: false },
      ]);
      fixture.recorder.stop();
      await fixture.pass(20_000);
      expect(sent(fixture, 'stop')).toEqual([]);
      expect(server.active()).toEqual([other]);
    },
  );

  test.each([
    ['at once', 10],
    ['after 9 s (I4)', 9_000],
  ])(
    'is told by the list alone: over a restart, too, an id answered %s is the same recording',
    async (_when, backMs) => {
      const fixture = await signedInFixture();
      fixture.server.habits.answersAnotherId = true;
      fixture.server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs }));
      fixture.server.connectCall('101', agent, '+391');
      fixture.recorder.record();
      await fixture.pass(backMs + 300);
      await fixture.recorder.settled();
      await fixture.restart();
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(200_000);
      expect(fixture.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
      expect(fixture.recorder.view().unconfirmed).toEqual([]);
    },
  );

  test('with the line that the call is on: it is told neither as ended nor as started', async () => {
    const [fixture, recording] = await recordingHere();
    await fixture.pass(60_000);
    fixture.notices.length = 0;
    fixture.server.transfer(recording.call, { line: '555', keepsStart: true });
    await fixture.pass(60_000);
    expect(fixture.notices).toEqual([]);
    expect(fixture.recorder.view().recordings).toMatchObject([{ id: recording.id, startedHere: true }]);
  });

  test('after Stop, so that nobody can recognise it, is told as still recording', async () => {
    const [fixture, recording] = await recordingHere();
    Object.assign(fixture.server.habits, { tellsStart: false, tellsDuration: false });
    await fixture.pass(5_000);
    fixture.server.setNetwork(once('stop', { kind: 'request-lost', noticedMs: 100 }));
    fixture.recorder.stop();
    fixture.server.transfer(recording.call, { remoteNumber: '+399', keepsStart: true });
    await fixture.pass(20_000);
    expect(fixture.notices).toContainEqual(still);
  });

  test.each([['oldest-first'], ['newest-first']] as const)(
    'with that of another recording of the same call, listed %s: a lost Stop is repeated for neither (I2)',
    async (order) => {
      const fixture = await signedInFixture();
      const { server, recorder } = fixture;
      Object.assign(server.habits, { recordsTwice: true, order });
      const call = server.connectCall('101', agent, '+391');
      recorder.record();
      await fixture.pass(10_000);
      server.record(call, 'supervisor');
      await fixture.pass(10_000);
      server.setNetwork(once('stop', { kind: 'request-lost', noticedMs: 100 }));
      recorder.stop();
      server.transfer(call, { remoteNumber: '+391', keepsStart: false });
      await fixture.pass(60_000);
      expect(sent(fixture, 'stop')).toHaveLength(1);
      expect(server.active()).toHaveLength(2);
      expect(fixture.noticed('stopped')).toBe(0);
      expect(fixture.noticed('refused')).toBe(1);
    },
  );

  test('before Stop, and the call moved to another line, is told as still recording', async () => {
    const fixture = await signedInFixture();
    fixture.server.startLagMs = 5_000;
    const call = fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(1_000);
    fixture.server.transfer(call, { line: '555', keepsStart: true });
    fixture.recorder.stop();
    await fixture.pass(60_000);
    expect(fixture.notices).toContainEqual(still);
    expect(fixture.noticed('stopped')).toBe(0);
  });
});

describe('a call of a colleague that began with an own one on a shared line', () => {
  /** The own call ends, and only then a list shows the colleague's. */
  const replaced = async (): Promise<[Fixture, VirtualRecording]> => {
    const fixture = await signedInFixture();
    const { server } = fixture;
    const own = server.record(server.addCall('101', agent, '+391'), 'rule');
    const other = server.record(server.addCall('101', 'colleague', '+390'), 'rule');
    other.hiddenFromLists = 1_000;
    await fixture.pass(15_000);
    expect(ids(fixture)).toEqual([own.id]);
    server.hangUp(own.call);
    other.hiddenFromLists = 0;
    return [fixture, other];
  };

  test('is not the own one under another id: Stop never reaches it (I1)', async () => {
    const [fixture, other] = await replaced();
    fixture.recorder.stop();
    await fixture.pass(20_000);
    expect(sent(fixture, 'stop')).not.toContain(other.id);
    expect(fixture.server.active()).toEqual([other]);
  });

  test('is shown as the colleague’s, and the end of the own one is told', async () => {
    const [fixture, other] = await replaced();
    await fixture.pass(20_000);
    expect(fixture.recorder.view().recordings).toMatchObject([{ id: other.id, own: false }]);
    expect(fixture.noticed('ended')).toBe(1);
  });
});

describe('what no list has shown, or not lately', () => {
  test('is not another recording of its call while its Stop is unanswered: only that is told (I1)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.habits.recordsTwice = true;
    server.setNetwork(once('start', slowAnswer));
    const call = server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(100);
    const [own] = server.active();
    if (own === undefined) throw new Error('nothing runs');
    own.hiddenFromLists = 1_000;
    const other = server.record(call, 'supervisor');
    other.hiddenFromLists = 2;
    await fixture.pass(4_100);
    server.setNetwork(once('stop', answerLost));
    recorder.stop();
    await fixture.pass(60_000);
    expect(new Set(sent(fixture, 'stop'))).toEqual(new Set([own.id]));
    expect(server.active()).toEqual([other]);
    expect(fixture.notices).toContainEqual(still);
  });

  test('is not over with another own recording that began at the same moment (I3)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    Object.assign(server.habits, { recordsTwice: true, lingerMs: 6_000 });
    server.startLagMs = 15_000;
    const other = server.record(server.connectCall('101', agent, '+391'), 'supervisor');
    server.finish(other);
    recorder.record();
    for (let passed = 0; passed < 20_000; passed += 250) {
      await fixture.pass(250);
      expect(recorder.view().status).not.toBe('not-recording');
    }
    expect(ids(fixture)).toEqual(server.active().map(({ id }) => id));
  });

  test('is not given up on the word of one list, which a node that knows nothing may have given (I3)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.startLagMs = 15_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(2_000);
    const [started] = server.active();
    if (started === undefined) throw new Error('nothing runs');
    fixture.clock.sleepMachine(40_000);
    started.hiddenFromLists = 2;
    for (let passed = 0; passed < 10_000; passed += 250) {
      await fixture.pass(250);
      expect(recorder.view().status).not.toBe('not-recording');
    }
    expect(fixture.noticed('ended')).toBe(0);
    expect(recorder.view().recordings).toMatchObject([{ id: started.id, startedHere: true }]);
  });

  test('is not shown as true again by a list that lacks it, after another line was chosen (I3)', async () => {
    const [fixture] = await recordingHere();
    fixture.server.restart(true);
    fixture.clock.sleepMachine(40_000);
    fixture.recorder.setSession(
      fixture.session({ line: { directoryNumber: '202', deviceName: null, mode: 'media-forking' } }),
    );
    for (let passed = 0; passed < 10_000; passed += 100) {
      await fixture.pass(100);
      expect(['recording', 'paused']).not.toContain(fixture.recorder.view().status);
    }
    expect(fixture.recorder.view().status).toBe('not-recording');
  });

  test('and that Stop did not find may be a call of a colleague: it is told as still recording', async () => {
    const fixture = await signedInFixture();
    Object.assign(fixture.server.habits, { answersAnotherId: true, tellsDuration: false });
    fixture.server.startLagMs = 12_000;
    fixture.server.connectCall('101', 'colleague', '+391');
    fixture.recorder.record();
    await fixture.pass(1_000);
    fixture.recorder.stop();
    await fixture.pass(40_000);
    expect(fixture.server.active()).toHaveLength(1);
    expect(fixture.notices).toContainEqual(still);
  });
});

describe('a call that follows at once', () => {
  test('is not stopped with the one before, which the server has stopped', async () => {
    const [fixture, recording] = await recordingHere();
    Object.assign(fixture.server.habits, { tellsStart: false });
    await fixture.pass(5_000);
    fixture.recorder.stop();
    await fixture.pass(15);
    const next = fixture.server.record(fixture.server.addCall('101', agent, '+391'), 'rule');
    await fixture.pass(20_000);
    expect(sent(fixture, 'stop')).toEqual([recording.id]);
    expect(ids(fixture)).toEqual([next.id]);
    expect(fixture.noticed('stopped')).toBe(1);
  });
});

describe('an id that only the answer to a start told', () => {
  test('is what began on a Live Keep line before the start', async () => {
    const fixture = await signedInFixture();
    Object.assign(fixture.server.habits, { answersAnotherId: true, liveKeep: 'listed' });
    fixture.server.startLagMs = 10_000;
    fixture.server.connectCall('101', agent, '+391');
    await fixture.pass(5_000);
    fixture.recorder.record();
    await fixture.pass(60_000);
    expect(fixture.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
    expect(fixture.noticed('ended')).toBe(0);
  });

  test('is not what began and ended beside it where lists linger longer than they lag: no false idle (I3)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.habits.lingerMs = 3_000;
    server.startLagMs = 6_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(2);
    const beside = server.addCall('101', agent, '+395');
    server.record(beside, 'rule');
    await fixture.pass(2);
    server.hangUp(beside);
    for (let passed = 0; passed < 20_000; passed += 250) {
      await fixture.pass(250);
      expect(recorder.view().status).not.toBe('not-recording');
    }
    expect(recorder.view().recordings).toMatchObject([{ id: server.active()[0]?.id, startedHere: true }]);
  });

  test('is what ended at once after lists had shown it: "starting" ends once it is overdue (F2)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.habits.answersAnotherId = true;
    const call = server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(2_500);
    server.hangUp(call);
    await fixture.pass(25_000);
    expect(recorder.view().status).toBe('not-recording');
    await fixture.pass(60_000);
    expect(fixture.notices.map(({ kind }) => kind)).toEqual(['started', 'ended', 'saved']);
  });

  test('is rather an own call that lists show late than a colleague’s that they showed before (I4)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    Object.assign(server.habits, { answersAnotherId: true, tellsDuration: false });
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(15);
    const [own] = server.active();
    if (own === undefined) throw new Error('nothing runs');
    own.hiddenFromLists = 8;
    const other = server.record(server.addCall('101', 'colleague', '+394'), 'rule');
    await fixture.pass(60_000);
    expect(own.hiddenFromLists).toBe(0);
    const startedHere = recorder.view().recordings.filter((recording) => recording.startedHere);
    expect(startedHere).toMatchObject([{ id: own.id }]);
    expect(fixture.notices).not.toContainEqual(expect.objectContaining({ recordingId: other.id }));
  });

  test('is what had ended before Stop: that it no longer runs is what answers the press (I2)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.habits.answersAnotherId = true;
    const call = server.connectCall('101', agent, '+391');
    server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs: 9_000 }));
    recorder.record();
    await fixture.pass(4_000);
    server.hangUp(call);
    await fixture.pass(5_012);
    recorder.stop();
    await fixture.pass(30_000);
    expect(server.count('stop')).toBe(1);
    expect(fixture.notices).toContainEqual({
      kind: 'refused',
      error: { code: 'not-a-live-recording', operation: 'stop', detail: {} },
    });
  });

  test.each([
    ['began after the answer', 1_500, 0],
    ['lists that lag show a little earlier', 0, 2_000],
  ])('is not what %s, and ended: "starting" goes on (F2)', async (_what, afterMs, lagMs) => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.startLagMs = lagMs;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(15);
    const started = server.everRecorded[0];
    if (started === undefined) throw new Error('nothing runs');
    started.hiddenFromLists = Number.POSITIVE_INFINITY;
    await fixture.pass(afterMs);
    const other = server.record(server.addCall('101', agent, '+392'), 'rule');
    await fixture.pass(lagMs === 0 ? 1_300 : lagMs + 800);
    server.finish(other);
    for (let passed = 0; passed < 10_000; passed += 250) {
      if (passed === 1_750) started.hiddenFromLists = 0;
      await fixture.pass(250);
      expect(recorder.view().status).not.toBe('not-recording');
    }
    expect(recorder.view().recordings).toMatchObject([{ id: started.id, startedHere: true }]);
  });

  test("is told as started, too, where it is a colleague's call on a shared line", async () => {
    const fixture = await signedInFixture();
    fixture.server.habits.answersAnotherId = true;
    fixture.server.connectCall('101', 'colleague', '+391');
    fixture.recorder.record();
    await fixture.pass(30_000);
    expect(fixture.recorder.view()).toMatchObject({
      status: 'recording',
      recordings: [{ startedHere: true }],
    });
    expect(fixture.noticed('started')).toBe(1);
  });

  test.each([
    ['had no answer', 5_000],
    ['found nothing', 10],
  ])('is told at the next sign-in where its Stop %s when RecLight was quit', async (_what, backMs) => {
    const fixture = await signedInFixture();
    fixture.server.habits.answersAnotherId = true;
    fixture.server.connectCall('101', agent, '+391');
    fixture.server.setNetwork(once('stop', { kind: 'ok', outMs: 10, backMs }));
    fixture.recorder.record();
    await fixture.pass(10);
    fixture.recorder.stop();
    await fixture.pass(500);
    expect(fixture.server.count('stop')).toBe(1);
    await fixture.recorder.settled();
    await fixture.restart();
    fixture.notices.length = 0;
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unanswered', operation: 'stop' } },
    ]);
  });

  test('is what began before Stop, however slow the list that shows it', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.habits.answersAnotherId = true;
    server.setNetwork(({ kind }) => ({ kind: 'ok', outMs: 10, backMs: kind === 'active' ? 300 : 10 }));
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(10);
    recorder.stop();
    await fixture.pass(30_000);
    expect(server.active()).toEqual([]);
    expect(fixture.noticed('stopped')).toBe(1);
  });

  test('is what ended after a single list had shown it, and that was asked for the line before it began', async () => {
    const fixture = await createFixture();
    const { server, recorder } = fixture;
    server.habits.answersAnotherId = true;
    const call = server.connectCall('101', agent, '+391');
    recorder.setSession(fixture.session());
    recorder.recordNextCall();
    await fixture.pass(80);
    expect(recorder.view().recordings).toHaveLength(1);
    server.hangUp(call);
    recorder.suspend();
    recorder.resume();
    await fixture.pass(60_000);
    expect(fixture.noticed('ended')).toBe(1);
  });

  test.each([
    ['goes', true],
    ['comes', false],
  ])('is told once as started where the right to see it %s', async (_what, isFirstSeen) => {
    const fixture = await signedInFixture();
    fixture.server.habits.answersAnotherId = true;
    fixture.server.connectCall('101', agent, '+391');
    const change = () => {
      if (isFirstSeen) fixture.server.blind.add(agent);
      else fixture.server.blind.delete(agent);
    };
    if (!isFirstSeen) fixture.server.blind.add(agent);
    fixture.recorder.tryNow();
    await fixture.pass(3_000);
    fixture.recorder.record();
    await fixture.pass(60);
    change();
    fixture.recorder.suspend();
    fixture.recorder.resume();
    await fixture.pass(10_000);
    expect(fixture.noticed('started')).toBe(1);
  });

  test('and that Stop did not reach, unseen, is told as still recording once it is seen', async () => {
    const fixture = await signedInFixture();
    fixture.server.habits.answersAnotherId = true;
    fixture.server.blind.add(agent);
    fixture.recorder.tryNow();
    await fixture.pass(3_000);
    fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(100);
    fixture.recorder.stop();
    await fixture.pass(4_000);
    fixture.server.blind.clear();
    fixture.recorder.suspend();
    fixture.recorder.resume();
    await fixture.pass(5_000);
    expect(fixture.notices).toContainEqual(still);
  });
});

describe('what random histories found', () => {
  test('an id that is known on another line is no new id of what ended between two questions (20260302/14793)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    const call = server.addCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(500);
    const other = server.record(server.addCall('555', agent, '+393'), 'rule');
    // The question about the line still finds it; the one about the user, which follows, does not.
    server.onRequest = ({ argument }) => {
      if (argument.includes('username')) server.hangUp(call);
    };
    const question = { line, username: agent, scope: 'all', known: [other.id] } as const;
    const reading = readActive(server.apiFor(agent), question, {});
    await fixture.pass(100);
    expect(await reading).toMatchObject({
      value: {
        listed: [
          { recording: { remoteParty: { phoneNumber: '+391' } }, onLine: true },
          { recording: { id: other.id }, onLine: false },
        ],
      },
    });
  });

  test('the first list after a sleep shows under another id what was started before it (20260302/3738)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder, clock } = fixture;
    server.habits.answersAnotherId = true;
    server.habits.tellsDuration = false;
    server.startLagMs = 15_000;
    server.connectCall('101', agent, '+391');
    recorder.record();
    await fixture.pass(4_000);
    clock.sleepMachine(40_000);
    await fixture.pass(30_000);
    expect(recorder.view().recordings).toMatchObject([{ id: server.active()[0]?.id, startedHere: true }]);
    expect(fixture.noticed('ended')).toBe(0);
  });

  test('a Stop that quitting cut off is told under the id that a transfer gave meanwhile (79/17252)', async () => {
    const [fixture, here] = await recordingHere();
    const { server } = fixture;
    await fixture.pass(20_000);
    server.rename(here);
    fixture.recorder.stop();
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(5_000);
    expect(server.active()).toEqual([here]);
    expect(fixture.notices).toContainEqual(still);
  });

  test('a Stop after a second Record stops what was started here of a colleague (77/8654)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    server.addCall('101', 'colleague', '+394');
    recorder.record();
    await fixture.pass(7_000);
    expect(recorder.view().recordings).toMatchObject([{ startedHere: true }]);
    recorder.record();
    await fixture.pass(1_000);
    recorder.stop();
    await fixture.pass(3_000);
    expect(server.active()).toEqual([]);
  });
});
