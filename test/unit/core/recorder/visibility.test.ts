import { describe, expect, test } from 'vitest';

import { fail } from '@shared/domain/errors';
import type { RecorderSession } from '../../../../src-main/core/recorder/contract';
import { answering, fine, once } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, line, createFixture, signedInFixture } from '../../../fixtures/recorder';

describe('active recordings that may not be seen', () => {
  test('"not visible", never "not recording"', async () => {
    const fixture = await createFixture();
    fixture.server.lowLevel.add(agent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    for (let i = 0; i < 50; i += 1) {
      expect(fixture.recorder.view().status).toBe('not-visible');
      await fixture.pass(5_000);
    }
    // It is asked rarely: the answer will be the same.
    expect(fixture.server.count('active')).toBeLessThan(10);
    expect(fixture.recorder.view().asOfMono).toBeGreaterThan(fixture.clock.monotonicNow() - 80_000);
  });

  test('Record after a stop of the whole line waits for its answer, which would stop the new recording, too', async () => {
    const fixture = await createFixture();
    fixture.server.blind.add(agent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(3_000);
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork(once('stop-line', { kind: 'ok', outMs: 500, backMs: 10 }));
    fixture.recorder.stop();
    fixture.recorder.record();
    await fixture.pass(3_000);
    expect(fixture.server.count('stop-line')).toBe(1);
    expect(fixture.server.active()).toHaveLength(1);
  });

  test('a start that answered 201 is shown as started here, can be stopped, and is confirmed', async () => {
    const fixture = await createFixture();
    fixture.server.blind.add(agent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    fixture.server.connectCall('101', agent);
    expect(fixture.recorder.view().controls.record).toBe(true);
    fixture.recorder.record();
    await fixture.pass(2_000);
    const view = fixture.recorder.view();
    expect(view.status).toBe('not-visible');
    expect(view.startedHere?.id).toBe(fixture.server.active()[0]?.id);
    // It may be over without anybody here seeing it: the next call must not go unrecorded for that.
    expect(view.controls).toMatchObject({ record: true, stop: true, markMoment: true });
    expect(fixture.noticed('started')).toBe(1);

    fixture.recorder.stop();
    await fixture.pass(1_000);
    expect(fixture.recorder.view().startedHere).toBeNull();
    expect(fixture.server.active()).toEqual([]);
    await fixture.pass(10_000);
    expect(fixture.notices.map((notice) => notice.kind)).toEqual(['started', 'stopped', 'saved']);
  });

  test('its end is noticed among the completed ones', async () => {
    const fixture = await createFixture();
    fixture.server.blind.add(agent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(20_000);
    fixture.server.endCall('101');
    await fixture.pass(150_000);
    expect(fixture.recorder.view().startedHere).toBeNull();
    expect(fixture.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ unexpected: false }]);
    expect(fixture.noticed('saved')).toBe(1);
  });

  test('a lost start cannot be decided by a list: said, and pressed again it is', async () => {
    const fixture = await createFixture();
    fixture.server.blind.add(agent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    fixture.server.setNetwork((record) => (record.kind === 'start' ? answering('timeout') : fine));
    fixture.recorder.record();
    await fixture.pass(1_000);
    expect(fixture.recorder.view()).toMatchObject({
      status: 'not-visible',
      lastError: { error: { code: 'start-unconfirmed', operation: 'start' } },
    });
    // What the sentence advises: the server knows.
    const call = fixture.server.connectCall('101', agent);
    fixture.server.beginRecording(call);
    fixture.server.setNetwork(() => fine);
    fixture.recorder.record();
    await fixture.pass(1_000);
    expect(fixture.recorder.view().lastError?.error.code).toBe('already-recorded');
  });

  test('a raised level makes everything visible, and nothing is announced twice', async () => {
    const fixture = await createFixture();
    fixture.server.blind.add(agent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(5_000);
    fixture.server.blind.delete(agent);
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.recorder.view()).toMatchObject({ status: 'recording', startedHere: null });
    expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(fixture.noticed('started')).toBe(1);
  });
});

describe('where nothing can be seen, what is not known is said', () => {
  async function blindWorld(overrides?: Partial<RecorderSession>): Promise<Fixture> {
    const fixture = await createFixture();
    fixture.server.blind.add(agent);
    fixture.recorder.setSession(fixture.session(overrides));
    await fixture.pass(100);
    fixture.server.connectCall('101', agent);
    return fixture;
  }
  const startLost = { kind: 'answer-lost', outMs: 10, noticedMs: 500 } as const;

  test('Stop, pressed while a start is under way whose answer is lost: stopped by its line, and told', async () => {
    const fixture = await blindWorld();
    fixture.server.setNetwork(once('start', startLost));
    fixture.recorder.record();
    await fixture.pass(100);
    fixture.recorder.stop();
    await fixture.pass(2_000);
    expect(fixture.server.active()).toEqual([]);
    expect(fixture.server.count('stop-line')).toBe(1);
    expect(fixture.notices).toEqual([{ kind: 'stopped', recordingId: null, elapsedMs: null }]);
  });

  test.each([
    ['it cannot be stopped by its line', { directoryNumber: null, deviceName: null }, 'stop'],
    ['*Cancel* says nothing of what others record', {}, 'cancelWaiting'],
  ] as const)('and where %s: refused, not silent', async (_name, part, act) => {
    const fixture = await blindWorld({ line: { ...line, ...part } });
    const [call] = fixture.server.calls;
    fixture.server.setNetwork((record) => {
      if (record.kind !== 'start') return fine;
      if (call !== undefined) fixture.server.beginRecording(call);
      return { kind: 'request-lost', noticedMs: 500 };
    });
    if (act === 'stop') fixture.recorder.record();
    else fixture.recorder.recordNextCall();
    await fixture.pass(100);
    fixture.recorder[act]();
    await fixture.pass(2_000);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.server.count('stop-line')).toBe(0);
    expect(fixture.notices).toMatchObject([
      { kind: 'refused', error: { code: 'start-unconfirmed', operation: 'start' } },
    ]);
    expect(fixture.recorder.view().lastError).not.toBeNull();
  });

  test('Stop, pressed while a start is under way that comes second: said, and left alone', async () => {
    const fixture = await blindWorld();
    const [call] = fixture.server.calls;
    if (call !== undefined) fixture.server.beginRecording(call, 'supervisor');
    fixture.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 200, backMs: 200 } : fine,
    );
    fixture.recorder.record();
    await fixture.pass(100);
    fixture.recorder.stop();
    await fixture.pass(2_000);
    expect(fixture.server.active().length).toBe(1);
    expect(fixture.recorder.view().lastError?.error.code).toBe('already-recorded');
    fixture.recorder.stop();
    await fixture.pass(1_000);
    expect(fixture.server.active()).toEqual([]);
  });

  test('Stop, pressed before the computer sleeps with the start under way: stopped after it wakes', async () => {
    const fixture = await blindWorld();
    fixture.server.setNetwork(once('start', { kind: 'answer-lost', outMs: 10, noticedMs: null }));
    fixture.recorder.record();
    await fixture.pass(100);
    fixture.recorder.stop();
    fixture.recorder.suspend();
    await fixture.pass(60_000);
    fixture.recorder.resume();
    await fixture.pass(3_000);
    expect(fixture.server.active()).toEqual([]);
  });

  test('a lost try ends waiting, and says so: to try again would be blind', async () => {
    const fixture = await blindWorld();
    fixture.server.setNetwork(once('start', { kind: 'request-lost', noticedMs: 500 }));
    fixture.recorder.recordNextCall();
    await fixture.pass(60_000);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.recorder.view()).toMatchObject({
      waiting: null,
      lastError: { error: { code: 'start-unconfirmed', operation: 'start' } },
    });
    expect(fixture.noticed('refused')).toBe(1);
  });

  test('one that was surely refused does not end it', async () => {
    const fixture = await blindWorld();
    fixture.server.setNetwork(once('start', answering('connection-refused', { outcomeUnknown: false }), 1));
    fixture.recorder.recordNextCall();
    await fixture.pass(20_000);
    expect(fixture.server.count('start')).toBe(2);
    expect(fixture.server.active().length).toBe(1);
  });

  test('waiting, while what was started here still runs, ends with the server saying so', async () => {
    const fixture = await blindWorld();
    fixture.recorder.record();
    await fixture.pass(2_000);
    fixture.recorder.recordNextCall();
    await fixture.pass(10_000);
    expect(fixture.recorder.view()).toMatchObject({
      waiting: null,
      lastError: { error: { code: 'already-recorded' } },
    });
  });

  test('each of several that ran is looked for, and its end is noticed', async () => {
    const fixture = await signedInFixture();
    for (const number of ['101', '202']) {
      fixture.server.beginRecording(fixture.server.connectCall(number, agent));
    }
    await fixture.pass(45_000);
    expect(fixture.recorder.view().recordings.length).toBe(2);
    fixture.server.blind.add(agent);
    await fixture.pass(10_000);
    const id = fixture.server.callOn('202')?.recording?.id;
    fixture.server.endCall('202');
    await fixture.pass(150_000);
    expect(fixture.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ recordingId: id }]);
    expect(fixture.server.callOn('101')?.recording).not.toBeNull();
  });

  test.each([
    ['never', null, 'unconfirmed'],
    ['late', 4 * 3_600_000, 'saved'],
  ] as const)(
    'a claim that is confirmed %s ends after four hours all the same',
    async (_name, savedAfterMs, outcome) => {
      const fixture = await blindWorld();
      fixture.server.savedAfterMs = savedAfterMs;
      fixture.recorder.record();
      await fixture.pass(2_000);
      fixture.server.endCall('101');
      await fixture.clock.advance(3.9 * 3_600_000, 100);
      expect(fixture.recorder.view()).toMatchObject({
        startedHere: {},
        controls: { record: true, stop: true },
      });
      await fixture.clock.advance(0.2 * 3_600_000, 100);
      expect(fixture.recorder.view()).toMatchObject({ startedHere: null, controls: { stop: false } });
      expect(fixture.notices.map(({ kind }) => kind)).toEqual(['started', outcome]);
    },
  );

  test('a stop by line that works is told', async () => {
    const fixture = await blindWorld();
    const [call] = fixture.server.calls;
    if (call !== undefined) fixture.server.beginRecording(call);
    fixture.recorder.stop();
    await fixture.pass(1_000);
    expect(fixture.server.active()).toEqual([]);
    expect(fixture.notices).toEqual([{ kind: 'stopped', recordingId: null, elapsedMs: null }]);
  });
});

describe('credentials refused', () => {
  test('one 401 in a poll: locked, and nothing more is sent, whatever happens', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork(() => answering('unauthorized', { status: 401 }));
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.recorder.view().status).toBe('locked');
    const sent = fixture.server.log.length;
    for (const act of ['record', 'stop', 'pause', 'tryNow', 'recordNextCall'] as const) {
      expect(fixture.recorder[act]()).toMatchObject({ ok: false, error: { code: 'locked' } });
    }
    fixture.recorder.suspend();
    fixture.recorder.resume();
    fixture.recorder.pollSoon();
    fixture.recorder.setWindowVisible(true);
    await fixture.pass(3_600_000);
    expect(fixture.server.log.length).toBe(sent);
    expect(fixture.notices.filter(({ kind }) => kind === 'locked')).toMatchObject([
      { error: { code: 'unauthorized' } },
    ]);
    expect(fixture.clock.pending()).toBe(0);
  });

  test('one 401 to a start: locked, and told once', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork((record) =>
      record.kind === 'start' ? answering('unauthorized', { status: 401 }) : fine,
    );
    fixture.recorder.record();
    await fixture.pass(100);
    expect(fixture.recorder.view().status).toBe('locked');
    expect(fixture.notices.map(({ kind }) => kind)).toEqual(['locked']);
  });

  test('told from outside, it stops just as much; a new session begins anew', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    await fixture.pass(1_000);
    const refusal = fail('unauthorized', 'list', { status: 401 });
    if (!refusal.ok) fixture.recorder.lock(refusal.error);
    expect(fixture.recorder.view()).toMatchObject({ status: 'locked', waiting: null });
    expect(fixture.notices).toMatchObject([{ kind: 'waiting-ended', reason: 'refused' }, { kind: 'locked' }]);
    // The latch and the answer that closed it both tell.
    if (!refusal.ok) fixture.recorder.lock(refusal.error);
    expect(fixture.noticed('locked')).toBe(1);
    const sent = fixture.server.log.length;
    await fixture.pass(600_000);
    expect(fixture.server.log.length).toBe(sent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    expect(fixture.recorder.view().status).toBe('not-recording');
  });

  test('a 401 to a look among the completed ones locks, too', async () => {
    const fixture = await signedInFixture();
    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    await fixture.pass(15_000);
    fixture.server.setNetwork((record) =>
      record.kind === 'details' ? answering('unauthorized', { status: 401 }) : fine,
    );
    fixture.server.endCall('101');
    await fixture.pass(20_000);
    expect(fixture.recorder.view().status).toBe('locked');
  });
});

describe('a Stop that the server does not find, where nobody can see what runs', () => {
  const told = ({ notices }: Fixture) =>
    notices.flatMap((notice) => (notice.kind === 'refused' ? [notice.error.code] : []));

  test('of an id that only the start told is not told as stopped (20260302/11241)', async () => {
    const fixture = await createFixture();
    const { server } = fixture;
    server.blind.add(agent);
    server.habits.answersAnotherId = true;
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(2_000);
    fixture.recorder.stop();
    await fixture.pass(2_000);
    expect(server.active()).toHaveLength(1);
    expect(fixture.noticed('stopped')).toBe(0);
    expect(told(fixture)).toEqual(['stop-unconfirmed']);
    // As the sentence says: Stop again stops whatever is recorded on the line.
    fixture.recorder.stop();
    await fixture.pass(2_000);
    expect(server.active()).toEqual([]);
  });

  test('of an id that lists had shown before is not told as stopped (20260303/9250)', async () => {
    const fixture = await signedInFixture();
    const { server } = fixture;
    const recording = server.record(server.connectCall('101', agent), 'rule');
    await fixture.pass(20_000);
    server.blind.add(agent);
    await fixture.pass(20_000);
    server.rename(recording);
    fixture.recorder.stop(recording.ids[0]);
    await fixture.pass(2_000);
    expect(server.active()).toEqual([recording]);
    expect(fixture.noticed('stopped')).toBe(0);
    expect(told(fixture)).toEqual(['stop-unconfirmed']);
  });
});
