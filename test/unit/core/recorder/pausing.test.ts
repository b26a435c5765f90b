import { describe, expect, test } from 'vitest';

import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import { answering, fine, once } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, createFixture, signedInFixture } from '../../../fixtures/recorder';

async function recordingWorld(prepare?: (fixture: Fixture) => void): Promise<Fixture> {
  const fixture = await createFixture();
  prepare?.(fixture);
  fixture.recorder.setSession(fixture.session());
  await fixture.pass(100);
  fixture.server.connectCall('101', agent);
  fixture.recorder.record();
  await fixture.pass(5_000);
  return fixture;
}

describe('pause and resume', () => {
  test('amber, and back', async () => {
    const fixture = await recordingWorld();
    expect(fixture.recorder.view().controls).toMatchObject({ pause: true, resume: false });
    expect(fixture.recorder.pause().ok).toBe(true);
    await fixture.pass(1_000);
    expect(fixture.recorder.view()).toMatchObject({
      status: 'paused',
      controls: { pause: false, resume: true },
    });
    expect(fixture.server.active()[0]?.isPaused).toBe(true);
    expect(fixture.recorder.resumeRecording().ok).toBe(true);
    await fixture.pass(1_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.server.count('pause')).toBe(1);
    expect(fixture.server.count('resume')).toBe(1);
  });

  /** A call that is recorded at this user's wish, and that the list shows under another id than the start's answer. */
  async function aliasedWorld(): Promise<Fixture> {
    const fixture = await signedInFixture();
    fixture.server.habits.answersAnotherId = true;
    fixture.server.connectCall('101', agent, '+391');
    await fixture.pass(1_000);
    fixture.recorder.record();
    await fixture.pass(2_000);
    return fixture;
  }

  test('a Pause waits until the list tells what was started, however it calls it', async () => {
    const fixture = await aliasedWorld();
    expect(fixture.recorder.pause().ok).toBe(true);
    await fixture.pass(8_000);
    expect(fixture.server.active()[0]?.isPaused).toBe(true);
    expect(fixture.recorder.view().status).toBe('paused');
  });

  test('a Resume after a Pause that still waits leaves it running in the end', async () => {
    const fixture = await aliasedWorld();
    fixture.recorder.pause();
    await fixture.pass(1_500);
    expect(fixture.recorder.resumeRecording().ok).toBe(true);
    await fixture.pass(10_000);
    expect(fixture.server.active()[0]?.isPaused).toBe(false);
    expect(fixture.recorder.view().status).toBe('recording');
  });

  test('a Pause that waited for what never came is told', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(5);
    expect(fixture.recorder.pause().ok).toBe(true);
    fixture.server.endCall('101');
    fixture.server.restart(true);
    await fixture.pass(60_000);
    expect(fixture.server.count('pause')).toBe(0);
    expect(fixture.notices.filter(({ kind }) => kind === 'refused').length).toBeGreaterThan(0);
  });

  const cutOff = (operation: 'pause' | 'resume') =>
    expect.objectContaining({
      kind: 'refused',
      error: expect.objectContaining({ code: 'ended-unconfirmed', operation }) as unknown,
    }) as unknown;

  test.each([
    ['was lost', { kind: 'request-lost', noticedMs: 500 }],
    ['has no answer yet', { kind: 'ok', outMs: 5_000, backMs: 5_000 }],
    ['has lost its answer', { kind: 'answer-lost', outMs: 10, noticedMs: 500 }],
  ] as const)('a Pause that %s when the recording ends is told', async (_what, how) => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(once('pause', how));
    fixture.recorder.pause();
    await fixture.pass(50);
    fixture.server.endCall('101');
    await fixture.pass(30_000);
    expect(fixture.notices.filter(({ kind }) => kind === 'refused')).toEqual([cutOff('pause')]);
  });

  test('a Resume that waited for its Pause when the recording ended is told', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(once('pause', { kind: 'ok', outMs: 5_000, backMs: 5_000 }));
    fixture.recorder.pause();
    fixture.recorder.resumeRecording();
    await fixture.pass(50);
    fixture.server.endCall('101');
    await fixture.pass(30_000);
    expect(fixture.notices).toContainEqual(cutOff('pause'));
  });

  test('a Resume whose Pause was answered is told as the one that was cut off', async () => {
    const fixture = await recordingWorld();
    const call = fixture.server.callOn('101');
    fixture.recorder.pause();
    fixture.recorder.resumeRecording();
    await fixture.pass(21);
    if (call?.recording) fixture.server.finish(call.recording);
    await fixture.pass(30_000);
    expect(fixture.notices.filter(({ kind }) => kind === 'refused')).toEqual([cutOff('resume')]);
  });

  test('a Pause that was confirmed says nothing when the recording ends', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.pause();
    await fixture.pass(100);
    fixture.server.endCall('101');
    await fixture.pass(30_000);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('a reminder after 60 s, then every 30 s, until it is resumed', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.pause();
    await fixture.pass(59_000);
    expect(fixture.noticed('pause-reminder')).toBe(0);
    await fixture.pass(3_000);
    expect(fixture.noticed('pause-reminder')).toBe(1);
    await fixture.pass(90_000);
    expect(fixture.noticed('pause-reminder')).toBe(4);
    fixture.recorder.resumeRecording();
    await fixture.pass(120_000);
    expect(fixture.noticed('pause-reminder')).toBe(4);
    fixture.recorder.pause();
    await fixture.pass(65_000);
    const reminders = fixture.notices.flatMap((notice) => (notice.kind === 'pause-reminder' ? [notice] : []));
    expect(reminders.map(({ nth }) => nth)).toEqual([1, 2, 3, 4, 1]);
  });

  test('of two recordings Pause means one that runs, Resume one that is paused', async () => {
    const fixture = await recordingWorld();
    fixture.server.beginRecording(fixture.server.connectCall('202', agent));
    await fixture.pass(45_000);
    const paused = () => fixture.server.active().map(({ line, isPaused }) => [line, isPaused]);
    for (const [act, expected] of [
      ['pause', [true, false]],
      ['pause', [true, true]],
      ['resumeRecording', [false, true]],
      ['resumeRecording', [false, false]],
    ] as const) {
      const { controls } = fixture.recorder.view();
      expect(act === 'pause' ? controls.pause : controls.resume).toBe(true);
      expect(fixture.recorder[act]().ok).toBe(true);
      await fixture.pass(3_000);
      expect(paused()).toEqual([
        ['101', expected[0]],
        ['202', expected[1]],
      ]);
    }
  });

  test('resumes by itself where the settings say so', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 20_000 });
    fixture.recorder.pause();
    await fixture.pass(19_000);
    expect(fixture.recorder.view().status).toBe('paused');
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('recording');
  });

  test('but never a pause that somebody else made, which may guard a card number', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 20_000 });
    const call = fixture.server.callOn('101');
    if (call?.recording) call.recording.isPaused = true;
    await fixture.pass(120_000);
    expect(fixture.recorder.view().status).toBe('paused');
    expect(fixture.server.count('resume')).toBe(0);
    expect(fixture.noticed('pause-reminder')).toBeGreaterThan(0);
  });

  test('where the server cannot pause, the controls are absent and isPaused is still shown', async () => {
    const fixture = await recordingWorld((w) => {
      w.server.canPause = false;
    });
    expect(fixture.recorder.view().controls).toMatchObject({ pause: false, resume: false });
    expect(fixture.recorder.pause()).toMatchObject({ ok: false, error: { code: 'pause-unavailable' } });
    const call = fixture.server.callOn('101');
    if (call?.recording) call.recording.isPaused = true;
    await fixture.pass(3_000);
    expect(fixture.recorder.view().status).toBe('paused');
    expect(fixture.recorder.view().recordings[0]?.isPaused).toBe(true);
    expect(fixture.recorder.view().controls.resume).toBe(false);
  });

  test('a lost answer is decided by the list', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(once('pause', { kind: 'answer-lost', outMs: 10, noticedMs: 200 }));
    fixture.recorder.pause();
    await fixture.pass(3_000);
    expect(fixture.recorder.view().status).toBe('paused');
    expect(fixture.noticed('refused')).toBe(0);

    fixture.server.setNetwork(once('resume', { kind: 'request-lost', noticedMs: 200 }));
    fixture.recorder.resumeRecording();
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('paused');
    expect(fixture.noticed('refused')).toBe(1);
  });

  test('ten presses make one request; once it is done, the next press says so', async () => {
    const fixture = await recordingWorld();
    for (let i = 0; i < 10; i += 1) expect(fixture.recorder.pause().ok).toBe(true);
    await fixture.pass(1_000);
    expect(fixture.server.count('pause')).toBe(1);
    expect(fixture.recorder.pause()).toMatchObject({ ok: false, error: { code: 'already-paused' } });
  });

  test('Resume pressed while a pause is under way is sent after it (C20)', async () => {
    const fixture = await recordingWorld();
    expect(fixture.recorder.pause().ok).toBe(true);
    await fixture.pass(5);
    expect(fixture.recorder.resumeRecording().ok).toBe(true);
    await fixture.pass(5_000);
    expect([fixture.server.count('pause'), fixture.server.count('resume')]).toEqual([1, 1]);
    expect(fixture.recorder.view().status).toBe('recording');
  });

  test('Pause, Resume, Pause in quick succession leaves it paused (C20)', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.pause();
    await fixture.pass(5);
    fixture.recorder.resumeRecording();
    await fixture.pass(5);
    fixture.recorder.pause();
    await fixture.pass(5_000);
    expect(fixture.server.count('resume')).toBe(0);
    expect(fixture.recorder.view().status).toBe('paused');
  });
});

describe('Resume pressed while a pause is under way, and not sent yet', () => {
  /** The pause has its effect; its answer is still out. */
  async function pausing(): Promise<Fixture> {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(once('pause', { kind: 'ok', outMs: 10, backMs: 5_000 }));
    fixture.recorder.pause();
    await fixture.pass(100);
    fixture.recorder.resumeRecording();
    fixture.notices.length = 0;
    return fixture;
  }

  test('is told at the next sign-in where RecLight is quit', async () => {
    const fixture = await pausing();
    await fixture.recorder.settled();
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(2_000);
    expect(fixture.recorder.view().status).toBe('paused');
    expect(fixture.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unsent', operation: 'resume' } },
    ]);
  });

  test('is told at once where the user signs out', async () => {
    const fixture = await pausing();
    fixture.recorder.setSession(null);
    expect(fixture.notices).toContainEqual({
      kind: 'refused',
      error: { code: 'cancelled', operation: 'resume', detail: { outcomeUnknown: false } },
    });
  });
});

describe('the probe', () => {
  test('once per server, remembered over restarts, again after an upgrade', async () => {
    const fixture = await signedInFixture();
    await fixture.pass(60_000);
    expect(fixture.server.count('probe')).toBe(1);
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(60_000);
    expect(fixture.server.count('probe')).toBe(1);

    fixture.server.version = 'Microsoft-IIS/11.0';
    await fixture.pass(700_000);
    expect(fixture.server.count('probe')).toBe(2);
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(60_000);
    expect(fixture.server.count('probe')).toBe(2);
  });

  test('not answered: ever later again, then no more in this session, over sleeps as well', async () => {
    const fixture = await createFixture();
    fixture.server.setNetwork((record) =>
      record.kind === 'probe' ? answering('server-error', { status: 500 }) : fine,
    );
    fixture.recorder.setSession(fixture.session());
    const after = async (ms: number) => {
      await fixture.clock.advance(ms, 50);
      return fixture.server.count('probe');
    };
    expect(await after(50_000)).toBe(1);
    expect(await after(50_000)).toBe(2);
    fixture.recorder.suspend();
    fixture.recorder.resume();
    expect(await after(500_000)).toBe(2);
    expect(await after(200_000)).toBe(3);
    expect(await after(3_700_000)).toBe(4);
    expect(await after(24 * 3_600_000)).toBe(4);
    expect(fixture.recorder.view().controls.pause).toBe(false);

    fixture.server.setNetwork(() => fine);
    fixture.recorder.setSession(null);
    fixture.recorder.setSession(fixture.session());
    expect(await after(1_000)).toBe(5);
  });

  test('a probe that a sleep cut off is sent again', async () => {
    const fixture = await createFixture();
    fixture.server.setNetwork(once('probe', { kind: 'request-lost', noticedMs: null }));
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(1_000);
    fixture.recorder.suspend();
    fixture.recorder.resume();
    await fixture.pass(5_000);
    expect(fixture.server.count('probe')).toBe(2);
  });

  test('403: this user may not, for this session; nothing is written down of it', async () => {
    const fixture = await recordingWorld((w) => {
      w.server.setNetwork((record) =>
        record.kind === 'probe' ? answering('not-allowed', { status: 403 }) : fine,
      );
    });
    expect(fixture.recorder.pause()).toMatchObject({ ok: false, error: { code: 'pause-unavailable' } });
    await fixture.clock.advance(4 * 3_600_000, 50);
    expect(fixture.server.count('probe')).toBe(1);
    expect(fixture.stateFile.text).toContain('"pause": []');
    fixture.server.setNetwork(() => fine);
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(1_000);
    expect(fixture.recorder.view().controls.pause).toBe(true);
  });

  test('not sent for a user who cannot see recordings', async () => {
    const fixture = await createFixture();
    fixture.server.lowLevel.add(agent);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(300_000);
    expect(fixture.server.count('probe')).toBe(0);
  });
});

describe('mark moment', () => {
  test('stores id and offset on this computer, and nothing else', async () => {
    const fixture = await recordingWorld();
    await fixture.pass(7_000);
    expect(fixture.recorder.markMoment().ok).toBe(true);
    const id = fixture.server.active()[0]?.id ?? '';
    const [mark] = fixture.recorder.marks.list(id.toUpperCase());
    expect(fixture.notices.at(-1)).toEqual({ kind: 'marked', recordingId: id, offsetMs: mark?.offsetMs });
    const truth = fixture.clock.monotonicNow() - (fixture.server.active()[0]?.startedAt ?? 0);
    expect(Math.abs((mark?.offsetMs ?? 0) - truth)).toBeLessThanOrEqual(20);
    expect(JSON.parse(fixture.marksFile.text ?? '')).toEqual({
      version: 1,
      marks: [
        { scope: expect.any(String) as unknown, id: 1, recordingId: id, offsetMs: mark?.offsetMs, label: '' },
      ],
    });
    expect(fixture.server.log.every((record) => record.kind !== 'list')).toBe(true);
  });

  test('is refused where nothing is recorded', async () => {
    const fixture = await signedInFixture();
    expect(fixture.recorder.markMoment()).toMatchObject({ ok: false, error: { code: 'not-possible-now' } });
  });

  test('can be named, added, removed; survives a restart', async () => {
    const fixture = await signedInFixture();
    const { marks } = fixture.recorder;
    const changed: string[] = [];
    marks.onChange((id) => changed.push(id));
    const first = marks.add('AAAA', 5_000.4)!;
    marks.add('aaaa', 1_000, '  start ');
    marks.add('bbbb', -3, 'x'.repeat(200));
    expect(marks.label(first.id, 'price')).toBe(true);
    expect(marks.label(99, 'no')).toBe(false);
    expect(marks.list('aaaa').map(({ offsetMs, label }) => [offsetMs, label])).toEqual([
      [1_000, 'start'],
      [5_000, 'price'],
    ]);
    expect(marks.list('BBBB')[0]).toMatchObject({ offsetMs: 0, label: 'x'.repeat(80) });
    expect(marks.remove(first.id)).toBe(true);
    expect(marks.remove(first.id)).toBe(false);
    expect(changed).toEqual(['aaaa', 'aaaa', 'bbbb', 'aaaa', 'aaaa']);
    await marks.settled();
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    expect(fixture.recorder.marks.list('aaaa').length).toBe(1);
  });

  test('is seen by nobody else who signs in on this computer', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.marks.add('aaaa', 1_000);
    fixture.recorder.setSession(null);
    expect(fixture.recorder.marks.list('aaaa')).toEqual([]);
    fixture.recorder.setSession(
      fixture.session({ api: fixture.server.apiFor('colleague'), username: 'colleague' }),
    );
    expect(fixture.recorder.marks.list('aaaa')).toEqual([]);
  });
});

describe('a pause that was given up', () => {
  test('and arrives late is one that was asked for here: it ends by itself', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 20_000 });
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(3_000);
    fixture.server.setNetwork(once('pause', { kind: 'ok', outMs: 18_000, backMs: 10 }));
    fixture.recorder.pause();
    await fixture.pass(16_000);
    expect(fixture.noticed('refused')).toBe(1);
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('paused');
    await fixture.pass(30_000);
    expect(fixture.recorder.view().status).toBe('recording');
  });
});

describe('a recording whose id changes before a list tells the new one (F4)', () => {
  const transfer = (fixture: Fixture) => {
    const [call] = fixture.server.calls;
    if (call === undefined) throw new Error('no call');
    fixture.server.transfer(call, { keepsStart: true, remoteNumber: '+399' });
  };
  const counts = ({ server }: Fixture) => ({ pause: server.count('pause'), resume: server.count('resume') });
  const refusals = ({ notices }: Fixture) => notices.filter(({ kind }) => kind === 'refused');

  test('Pause is repeated under the new id', async () => {
    const fixture = await recordingWorld();
    transfer(fixture);
    fixture.recorder.pause();
    await fixture.pass(10_000);
    expect(fixture.server.active()[0]?.isPaused).toBe(true);
    expect(fixture.recorder.view().status).toBe('paused');
    expect(counts(fixture)).toEqual({ pause: 2, resume: 0 });
    expect(refusals(fixture)).toEqual([]);
  });

  test('Resume is repeated under the new id', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.pause();
    await fixture.pass(5_000);
    transfer(fixture);
    fixture.recorder.resumeRecording();
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(counts(fixture)).toEqual({ pause: 1, resume: 2 });
    expect(refusals(fixture)).toEqual([]);
  });

  test('what is to follow the Pause is sent after its repetition', async () => {
    const fixture = await recordingWorld();
    transfer(fixture);
    fixture.recorder.pause();
    await fixture.pass(5);
    fixture.recorder.resumeRecording();
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(counts(fixture)).toEqual({ pause: 2, resume: 1 });
  });

  test('Pause is repeated also where a list told the new id before the answer came', async () => {
    const fixture = await recordingWorld();
    transfer(fixture);
    fixture.server.setNetwork(once('pause', { kind: 'ok', outMs: 10, backMs: 6_000 }));
    fixture.recorder.pause();
    await fixture.pass(15_000);
    expect(fixture.recorder.view().status).toBe('paused');
    expect(counts(fixture)).toEqual({ pause: 2, resume: 0 });
    expect(refusals(fixture)).toEqual([]);
  });

  test('a mark goes to the new id', async () => {
    const fixture = await recordingWorld();
    transfer(fixture);
    fixture.recorder.markMoment();
    await fixture.pass(5_000);
    expect(fixture.recorder.marks.list(fixture.server.active()[0]?.id ?? '')).toHaveLength(1);
  });

  test('Pause is refused once where the recording goes on under no id that is known', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(once('pause', answering('not-a-live-recording', { status: 409 }), 9));
    fixture.recorder.pause();
    await fixture.pass(20_000);
    expect(counts(fixture).pause).toBe(1);
    expect(refusals(fixture)).toMatchObject([
      { error: { code: 'not-a-live-recording', operation: 'pause' } },
    ]);
    expect(fixture.recorder.view().controls.pause).toBe(true);
  });

  test('Pause is refused at the first list that lacks the recording', async () => {
    const fixture = await recordingWorld();
    fixture.server.endCall('101');
    fixture.recorder.pause();
    await fixture.pass(3_000);
    expect(refusals(fixture)).toMatchObject([
      { error: { code: 'not-a-live-recording', operation: 'pause' } },
    ]);
  });
});

test('a Resume takes a Pause back, also while another start is unanswered (20260302/17332)', async () => {
  const fixture = await signedInFixture();
  const { server, recorder } = fixture;
  const other = server.record(server.addCall('555', agent, '+393'), 'rule');
  await fixture.pass(35_000);
  server.connectCall('101', agent, '+391');
  server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs: 8_000 }));
  recorder.record();
  await fixture.pass(500);
  recorder.pause(other.id);
  expect(recorder.resumeRecording().ok).toBe(true);
  await fixture.pass(4_000);
  expect(other).toMatchObject({ isPaused: false, pausedAt: expect.any(Number) as number });
  expect(fixture.noticed('refused')).toBe(0);
});
