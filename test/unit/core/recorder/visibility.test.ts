import { describe, expect, test } from 'vitest';

import type { RecorderSession } from '../../../../src-main/core/recorder/contract';
import { fail } from '../../../../src-main/shared/domain/errors';
import { answering, fine, once } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, line, makeWorld, signedInWorld } from '../../../fixtures/recorder';

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

  test('Record after a stop of the whole line waits for its answer, which would stop the new recording, too', async () => {
    const world = await makeWorld();
    world.server.blind.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(3_000);
    world.server.connectCall('101', agent);
    world.server.setNetwork(once('stop-line', { kind: 'ok', outMs: 500, backMs: 10 }));
    world.recorder.stop();
    world.recorder.record();
    await world.pass(3_000);
    expect(world.server.count('stop-line')).toBe(1);
    expect(world.server.active()).toHaveLength(1);
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
    // It may be over without anybody here seeing it: the next call must not go unrecorded for that.
    expect(view.controls).toMatchObject({ record: true, stop: true, markMoment: true });
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

  test('a lost start cannot be decided by a list: said, and pressed again it is', async () => {
    const world = await makeWorld();
    world.server.blind.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(100);
    world.server.setNetwork((record) => (record.kind === 'start' ? answering('timeout') : fine));
    world.recorder.record();
    await world.pass(1_000);
    expect(world.recorder.view()).toMatchObject({
      status: 'not-visible',
      lastError: { error: { code: 'start-unconfirmed', operation: 'start' } },
    });
    // What the sentence advises: the server knows.
    const call = world.server.connectCall('101', agent);
    world.server.beginRecording(call);
    world.server.setNetwork(() => fine);
    world.recorder.record();
    await world.pass(1_000);
    expect(world.recorder.view().lastError?.error.code).toBe('already-recorded');
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

describe('where nothing can be seen, what is not known is said', () => {
  async function blindWorld(overrides?: Partial<RecorderSession>): Promise<World> {
    const world = await makeWorld();
    world.server.blind.add(agent);
    world.recorder.setSession(world.session(overrides));
    await world.pass(100);
    world.server.connectCall('101', agent);
    return world;
  }
  const startLost = { kind: 'answer-lost', outMs: 10, noticedMs: 500 } as const;

  test('Stop, pressed while a start is under way whose answer is lost: stopped by its line, and told', async () => {
    const world = await blindWorld();
    world.server.setNetwork(once('start', startLost));
    world.recorder.record();
    await world.pass(100);
    world.recorder.stop();
    await world.pass(2_000);
    expect(world.server.active()).toEqual([]);
    expect(world.server.count('stop-line')).toBe(1);
    expect(world.notices).toEqual([{ kind: 'stopped', recordingId: null, elapsedMs: null }]);
  });

  test.each([
    ['it cannot be stopped by its line', { directoryNumber: null, deviceName: null }, 'stop'],
    ['*Cancel* says nothing of what others record', {}, 'cancelWaiting'],
  ] as const)('and where %s: refused, not silent', async (_name, part, act) => {
    const world = await blindWorld({ line: { ...line, ...part } });
    const [call] = world.server.calls;
    world.server.setNetwork((record) => {
      if (record.kind !== 'start') return fine;
      if (call !== undefined) world.server.beginRecording(call);
      return { kind: 'request-lost', noticedMs: 500 };
    });
    if (act === 'stop') world.recorder.record();
    else world.recorder.recordNextCall();
    await world.pass(100);
    world.recorder[act]();
    await world.pass(2_000);
    expect(world.server.count('start')).toBe(1);
    expect(world.server.count('stop-line')).toBe(0);
    expect(world.notices).toMatchObject([
      { kind: 'refused', error: { code: 'start-unconfirmed', operation: 'start' } },
    ]);
    expect(world.recorder.view().lastError).not.toBeNull();
  });

  test('Stop, pressed while a start is under way that comes second: said, and left alone', async () => {
    const world = await blindWorld();
    const [call] = world.server.calls;
    if (call !== undefined) world.server.beginRecording(call, 'supervisor');
    world.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 200, backMs: 200 } : fine,
    );
    world.recorder.record();
    await world.pass(100);
    world.recorder.stop();
    await world.pass(2_000);
    expect(world.server.active().length).toBe(1);
    expect(world.recorder.view().lastError?.error.code).toBe('already-recorded');
    world.recorder.stop();
    await world.pass(1_000);
    expect(world.server.active()).toEqual([]);
  });

  test('Stop, pressed before the computer sleeps with the start under way: stopped after it wakes', async () => {
    const world = await blindWorld();
    world.server.setNetwork(once('start', { kind: 'answer-lost', outMs: 10, noticedMs: null }));
    world.recorder.record();
    await world.pass(100);
    world.recorder.stop();
    world.recorder.suspend();
    await world.pass(60_000);
    world.recorder.resume();
    await world.pass(3_000);
    expect(world.server.active()).toEqual([]);
  });

  test('a lost try ends waiting, and says so: to try again would be blind', async () => {
    const world = await blindWorld();
    world.server.setNetwork(once('start', { kind: 'request-lost', noticedMs: 500 }));
    world.recorder.recordNextCall();
    await world.pass(60_000);
    expect(world.server.count('start')).toBe(1);
    expect(world.recorder.view()).toMatchObject({
      waiting: null,
      lastError: { error: { code: 'start-unconfirmed', operation: 'start' } },
    });
    expect(world.noticed('refused')).toBe(1);
  });

  test('one that was surely refused does not end it', async () => {
    const world = await blindWorld();
    world.server.setNetwork(once('start', answering('connection-refused', { outcomeUnknown: false }), 1));
    world.recorder.recordNextCall();
    await world.pass(20_000);
    expect(world.server.count('start')).toBe(2);
    expect(world.server.active().length).toBe(1);
  });

  test('waiting, while what was started here still runs, ends with the server saying so', async () => {
    const world = await blindWorld();
    world.recorder.record();
    await world.pass(2_000);
    world.recorder.recordNextCall();
    await world.pass(10_000);
    expect(world.recorder.view()).toMatchObject({
      waiting: null,
      lastError: { error: { code: 'already-recorded' } },
    });
  });

  test('each of several that ran is looked for, and its end is noticed', async () => {
    const world = await signedInWorld();
    for (const number of ['101', '202']) {
      world.server.beginRecording(world.server.connectCall(number, agent));
    }
    await world.pass(45_000);
    expect(world.recorder.view().recordings.length).toBe(2);
    world.server.blind.add(agent);
    await world.pass(10_000);
    const id = world.server.callOn('202')?.recording?.id;
    world.server.endCall('202');
    await world.pass(150_000);
    expect(world.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ recordingId: id }]);
    expect(world.server.callOn('101')?.recording).not.toBeNull();
  });

  test.each([
    ['never', null, 'unconfirmed'],
    ['late', 4 * 3_600_000, 'saved'],
  ] as const)(
    'a claim that is confirmed %s ends after four hours all the same',
    async (_name, savedAfterMs, outcome) => {
      const world = await blindWorld();
      world.server.savedAfterMs = savedAfterMs;
      world.recorder.record();
      await world.pass(2_000);
      world.server.endCall('101');
      await world.clock.advance(3.9 * 3_600_000, 100);
      expect(world.recorder.view()).toMatchObject({
        startedHere: {},
        controls: { record: true, stop: true },
      });
      await world.clock.advance(0.2 * 3_600_000, 100);
      expect(world.recorder.view()).toMatchObject({ startedHere: null, controls: { stop: false } });
      expect(world.notices.map(({ kind }) => kind)).toEqual(['started', outcome]);
    },
  );

  test('a stop by line that works is told', async () => {
    const world = await blindWorld();
    const [call] = world.server.calls;
    if (call !== undefined) world.server.beginRecording(call);
    world.recorder.stop();
    await world.pass(1_000);
    expect(world.server.active()).toEqual([]);
    expect(world.notices).toEqual([{ kind: 'stopped', recordingId: null, elapsedMs: null }]);
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
    world.recorder.pollSoon();
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
