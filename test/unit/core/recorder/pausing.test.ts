import { describe, expect, test } from 'vitest';

import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import { answering, fine, once } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, makeWorld, signedInWorld } from '../../../fixtures/recorder';

async function recordingWorld(prepare?: (world: World) => void): Promise<World> {
  const world = await makeWorld();
  prepare?.(world);
  world.recorder.setSession(world.session());
  await world.pass(100);
  world.server.connectCall('101', agent);
  world.recorder.record();
  await world.pass(5_000);
  return world;
}

describe('pause and resume', () => {
  test('amber, and back', async () => {
    const world = await recordingWorld();
    expect(world.recorder.view().controls).toMatchObject({ pause: true, resume: false });
    expect(world.recorder.pause().ok).toBe(true);
    await world.pass(1_000);
    expect(world.recorder.view()).toMatchObject({
      status: 'paused',
      controls: { pause: false, resume: true },
    });
    expect(world.server.active()[0]?.isPaused).toBe(true);
    expect(world.recorder.resumeRecording().ok).toBe(true);
    await world.pass(1_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.server.count('pause')).toBe(1);
    expect(world.server.count('resume')).toBe(1);
  });

  /** A call that is recorded at this user's wish, and that the list shows under another id than the start's answer. */
  async function aliasedWorld(): Promise<World> {
    const world = await signedInWorld();
    world.server.habits.answersAnotherId = true;
    world.server.connectCall('101', agent, '+391');
    await world.pass(1_000);
    world.recorder.record();
    await world.pass(2_000);
    return world;
  }

  test('a Pause waits until the list tells what was started, however it calls it', async () => {
    const world = await aliasedWorld();
    expect(world.recorder.pause().ok).toBe(true);
    await world.pass(8_000);
    expect(world.server.active()[0]?.isPaused).toBe(true);
    expect(world.recorder.view().status).toBe('paused');
  });

  test('a Resume after a Pause that still waits leaves it running in the end', async () => {
    const world = await aliasedWorld();
    world.recorder.pause();
    await world.pass(1_500);
    expect(world.recorder.resumeRecording().ok).toBe(true);
    await world.pass(10_000);
    expect(world.server.active()[0]?.isPaused).toBe(false);
    expect(world.recorder.view().status).toBe('recording');
  });

  test('a Pause that waited for what never came is told', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    world.recorder.record();
    await world.pass(5);
    expect(world.recorder.pause().ok).toBe(true);
    world.server.endCall('101');
    world.server.restart(true);
    await world.pass(60_000);
    expect(world.server.count('pause')).toBe(0);
    expect(world.notices.filter(({ kind }) => kind === 'refused').length).toBeGreaterThan(0);
  });

  test('a reminder after 60 s, then every 30 s, until it is resumed', async () => {
    const world = await recordingWorld();
    world.recorder.pause();
    await world.pass(59_000);
    expect(world.noticed('pause-reminder')).toBe(0);
    await world.pass(3_000);
    expect(world.noticed('pause-reminder')).toBe(1);
    await world.pass(90_000);
    expect(world.noticed('pause-reminder')).toBe(4);
    world.recorder.resumeRecording();
    await world.pass(120_000);
    expect(world.noticed('pause-reminder')).toBe(4);
    world.recorder.pause();
    await world.pass(65_000);
    const reminders = world.notices.flatMap((notice) => (notice.kind === 'pause-reminder' ? [notice] : []));
    expect(reminders.map(({ nth }) => nth)).toEqual([1, 2, 3, 4, 1]);
  });

  test('of two recordings Pause means one that runs, Resume one that is paused', async () => {
    const world = await recordingWorld();
    world.server.beginRecording(world.server.connectCall('202', agent));
    await world.pass(45_000);
    const paused = () => world.server.active().map(({ line, isPaused }) => [line, isPaused]);
    for (const [act, expected] of [
      ['pause', [true, false]],
      ['pause', [true, true]],
      ['resumeRecording', [false, true]],
      ['resumeRecording', [false, false]],
    ] as const) {
      const { controls } = world.recorder.view();
      expect(act === 'pause' ? controls.pause : controls.resume).toBe(true);
      expect(world.recorder[act]().ok).toBe(true);
      await world.pass(3_000);
      expect(paused()).toEqual([
        ['101', expected[0]],
        ['202', expected[1]],
      ]);
    }
  });

  test('resumes by itself where the settings say so', async () => {
    const world = await recordingWorld();
    world.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 20_000 });
    world.recorder.pause();
    await world.pass(19_000);
    expect(world.recorder.view().status).toBe('paused');
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('recording');
  });

  test('but never a pause that somebody else made, which may guard a card number', async () => {
    const world = await recordingWorld();
    world.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 20_000 });
    const call = world.server.callOn('101');
    if (call?.recording) call.recording.isPaused = true;
    await world.pass(120_000);
    expect(world.recorder.view().status).toBe('paused');
    expect(world.server.count('resume')).toBe(0);
    expect(world.noticed('pause-reminder')).toBeGreaterThan(0);
  });

  test('where the server cannot pause, the controls are absent and isPaused is still shown', async () => {
    const world = await recordingWorld((w) => {
      w.server.canPause = false;
    });
    expect(world.recorder.view().controls).toMatchObject({ pause: false, resume: false });
    expect(world.recorder.pause()).toMatchObject({ ok: false, error: { code: 'pause-unavailable' } });
    const call = world.server.callOn('101');
    if (call?.recording) call.recording.isPaused = true;
    await world.pass(3_000);
    expect(world.recorder.view().status).toBe('paused');
    expect(world.recorder.view().recordings[0]?.isPaused).toBe(true);
    expect(world.recorder.view().controls.resume).toBe(false);
  });

  test('a lost answer is decided by the list', async () => {
    const world = await recordingWorld();
    world.server.setNetwork(once('pause', { kind: 'answer-lost', outMs: 10, noticedMs: 200 }));
    world.recorder.pause();
    await world.pass(3_000);
    expect(world.recorder.view().status).toBe('paused');
    expect(world.noticed('refused')).toBe(0);

    world.server.setNetwork(once('resume', { kind: 'request-lost', noticedMs: 200 }));
    world.recorder.resumeRecording();
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('paused');
    expect(world.noticed('refused')).toBe(1);
  });

  test('ten presses make one request; once it is done, the next press says so', async () => {
    const world = await recordingWorld();
    for (let i = 0; i < 10; i += 1) expect(world.recorder.pause().ok).toBe(true);
    await world.pass(1_000);
    expect(world.server.count('pause')).toBe(1);
    expect(world.recorder.pause()).toMatchObject({ ok: false, error: { code: 'already-paused' } });
  });

  test('Resume pressed while a pause is under way is sent after it (C20)', async () => {
    const world = await recordingWorld();
    expect(world.recorder.pause().ok).toBe(true);
    await world.pass(5);
    expect(world.recorder.resumeRecording().ok).toBe(true);
    await world.pass(5_000);
    expect([world.server.count('pause'), world.server.count('resume')]).toEqual([1, 1]);
    expect(world.recorder.view().status).toBe('recording');
  });

  test('Pause, Resume, Pause in quick succession leaves it paused (C20)', async () => {
    const world = await recordingWorld();
    world.recorder.pause();
    await world.pass(5);
    world.recorder.resumeRecording();
    await world.pass(5);
    world.recorder.pause();
    await world.pass(5_000);
    expect(world.server.count('resume')).toBe(0);
    expect(world.recorder.view().status).toBe('paused');
  });
});

describe('Resume pressed while a pause is under way, and not sent yet', () => {
  /** The pause has its effect; its answer is still out. */
  async function pausing(): Promise<World> {
    const world = await recordingWorld();
    world.server.setNetwork(once('pause', { kind: 'ok', outMs: 10, backMs: 5_000 }));
    world.recorder.pause();
    await world.pass(100);
    world.recorder.resumeRecording();
    world.notices.length = 0;
    return world;
  }

  test('is told at the next sign-in where RecLight is quit', async () => {
    const world = await pausing();
    await world.recorder.settled();
    await world.restart();
    world.recorder.setSession(world.session());
    await world.pass(2_000);
    expect(world.recorder.view().status).toBe('paused');
    expect(world.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unsent', operation: 'resume' } },
    ]);
  });

  test('is told at once where the user signs out', async () => {
    const world = await pausing();
    world.recorder.setSession(null);
    expect(world.notices).toContainEqual({
      kind: 'refused',
      error: { code: 'cancelled', operation: 'resume', detail: { outcomeUnknown: false } },
    });
  });
});

describe('the probe', () => {
  test('once per server, remembered over restarts, again after an upgrade', async () => {
    const world = await signedInWorld();
    await world.pass(60_000);
    expect(world.server.count('probe')).toBe(1);
    await world.restart();
    world.recorder.setSession(world.session());
    await world.pass(60_000);
    expect(world.server.count('probe')).toBe(1);

    world.server.version = 'Microsoft-IIS/11.0';
    await world.pass(700_000);
    expect(world.server.count('probe')).toBe(2);
    await world.restart();
    world.recorder.setSession(world.session());
    await world.pass(60_000);
    expect(world.server.count('probe')).toBe(2);
  });

  test('not answered: ever later again, then no more in this session, over sleeps as well', async () => {
    const world = await makeWorld();
    world.server.setNetwork((record) =>
      record.kind === 'probe' ? answering('server-error', { status: 500 }) : fine,
    );
    world.recorder.setSession(world.session());
    const after = async (ms: number) => {
      await world.clock.advance(ms, 50);
      return world.server.count('probe');
    };
    expect(await after(50_000)).toBe(1);
    expect(await after(50_000)).toBe(2);
    world.recorder.suspend();
    world.recorder.resume();
    expect(await after(500_000)).toBe(2);
    expect(await after(200_000)).toBe(3);
    expect(await after(3_700_000)).toBe(4);
    expect(await after(24 * 3_600_000)).toBe(4);
    expect(world.recorder.view().controls.pause).toBe(false);

    world.server.setNetwork(() => fine);
    world.recorder.setSession(null);
    world.recorder.setSession(world.session());
    expect(await after(1_000)).toBe(5);
  });

  test('a probe that a sleep cut off is sent again', async () => {
    const world = await makeWorld();
    world.server.setNetwork(once('probe', { kind: 'request-lost', noticedMs: null }));
    world.recorder.setSession(world.session());
    await world.pass(1_000);
    world.recorder.suspend();
    world.recorder.resume();
    await world.pass(5_000);
    expect(world.server.count('probe')).toBe(2);
  });

  test('403: this user may not, for this session; nothing is written down of it', async () => {
    const world = await recordingWorld((w) => {
      w.server.setNetwork((record) =>
        record.kind === 'probe' ? answering('not-allowed', { status: 403 }) : fine,
      );
    });
    expect(world.recorder.pause()).toMatchObject({ ok: false, error: { code: 'pause-unavailable' } });
    await world.clock.advance(4 * 3_600_000, 50);
    expect(world.server.count('probe')).toBe(1);
    expect(world.stateFile.text).toContain('"pause": []');
    world.server.setNetwork(() => fine);
    await world.restart();
    world.recorder.setSession(world.session());
    await world.pass(1_000);
    expect(world.recorder.view().controls.pause).toBe(true);
  });

  test('not sent for a user who cannot see recordings', async () => {
    const world = await makeWorld();
    world.server.lowLevel.add(agent);
    world.recorder.setSession(world.session());
    await world.pass(300_000);
    expect(world.server.count('probe')).toBe(0);
  });
});

describe('mark moment', () => {
  test('stores id and offset on this computer, and nothing else', async () => {
    const world = await recordingWorld();
    await world.pass(7_000);
    expect(world.recorder.markMoment().ok).toBe(true);
    const id = world.server.active()[0]?.id ?? '';
    const [mark] = world.recorder.marks.list(id.toUpperCase());
    expect(world.notices.at(-1)).toEqual({ kind: 'marked', recordingId: id, offsetMs: mark?.offsetMs });
    const truth = world.clock.monotonicNow() - (world.server.active()[0]?.startedAt ?? 0);
    expect(Math.abs((mark?.offsetMs ?? 0) - truth)).toBeLessThanOrEqual(20);
    expect(JSON.parse(world.marksFile.text ?? '')).toEqual({
      version: 1,
      marks: [
        { scope: expect.any(String) as unknown, id: 1, recordingId: id, offsetMs: mark?.offsetMs, label: '' },
      ],
    });
    expect(world.server.log.every((record) => record.kind !== 'list')).toBe(true);
  });

  test('is refused where nothing is recorded', async () => {
    const world = await signedInWorld();
    expect(world.recorder.markMoment()).toMatchObject({ ok: false, error: { code: 'not-possible-now' } });
  });

  test('can be named, added, removed; survives a restart', async () => {
    const world = await signedInWorld();
    const { marks } = world.recorder;
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
    await world.restart();
    world.recorder.setSession(world.session());
    expect(world.recorder.marks.list('aaaa').length).toBe(1);
  });

  test('is seen by nobody else who signs in on this computer', async () => {
    const world = await signedInWorld();
    world.recorder.marks.add('aaaa', 1_000);
    world.recorder.setSession(null);
    expect(world.recorder.marks.list('aaaa')).toEqual([]);
    world.recorder.setSession(
      world.session({ api: world.server.apiFor('colleague'), username: 'colleague' }),
    );
    expect(world.recorder.marks.list('aaaa')).toEqual([]);
  });
});

describe('a pause that was given up', () => {
  test('and arrives late is one that was asked for here: it ends by itself', async () => {
    const world = await signedInWorld();
    world.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 20_000 });
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(3_000);
    world.server.setNetwork(once('pause', { kind: 'ok', outMs: 18_000, backMs: 10 }));
    world.recorder.pause();
    await world.pass(16_000);
    expect(world.noticed('refused')).toBe(1);
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('paused');
    await world.pass(30_000);
    expect(world.recorder.view().status).toBe('recording');
  });
});

describe('a recording whose id changes before a list tells the new one (F4)', () => {
  const transfer = (world: World) => {
    const [call] = world.server.calls;
    if (call === undefined) throw new Error('no call');
    world.server.transfer(call, { keepsStart: true, remoteNumber: '+399' });
  };
  const counts = ({ server }: World) => ({ pause: server.count('pause'), resume: server.count('resume') });
  const refusals = ({ notices }: World) => notices.filter(({ kind }) => kind === 'refused');

  test('Pause is repeated under the new id', async () => {
    const world = await recordingWorld();
    transfer(world);
    world.recorder.pause();
    await world.pass(10_000);
    expect(world.server.active()[0]?.isPaused).toBe(true);
    expect(world.recorder.view().status).toBe('paused');
    expect(counts(world)).toEqual({ pause: 2, resume: 0 });
    expect(refusals(world)).toEqual([]);
  });

  test('Resume is repeated under the new id', async () => {
    const world = await recordingWorld();
    world.recorder.pause();
    await world.pass(5_000);
    transfer(world);
    world.recorder.resumeRecording();
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(counts(world)).toEqual({ pause: 1, resume: 2 });
    expect(refusals(world)).toEqual([]);
  });

  test('what is to follow the Pause is sent after its repetition', async () => {
    const world = await recordingWorld();
    transfer(world);
    world.recorder.pause();
    await world.pass(5);
    world.recorder.resumeRecording();
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(counts(world)).toEqual({ pause: 2, resume: 1 });
  });

  test('Pause is repeated also where a list told the new id before the answer came', async () => {
    const world = await recordingWorld();
    transfer(world);
    world.server.setNetwork(once('pause', { kind: 'ok', outMs: 10, backMs: 6_000 }));
    world.recorder.pause();
    await world.pass(15_000);
    expect(world.recorder.view().status).toBe('paused');
    expect(counts(world)).toEqual({ pause: 2, resume: 0 });
    expect(refusals(world)).toEqual([]);
  });

  test('a mark goes to the new id', async () => {
    const world = await recordingWorld();
    transfer(world);
    world.recorder.markMoment();
    await world.pass(5_000);
    expect(world.recorder.marks.list(world.server.active()[0]?.id ?? '')).toHaveLength(1);
  });

  test('Pause is refused once where the recording goes on under no id that is known', async () => {
    const world = await recordingWorld();
    world.server.setNetwork(once('pause', answering('not-a-live-recording', { status: 409 }), 9));
    world.recorder.pause();
    await world.pass(20_000);
    expect(counts(world).pause).toBe(1);
    expect(refusals(world)).toMatchObject([{ error: { code: 'not-a-live-recording', operation: 'pause' } }]);
    expect(world.recorder.view().controls.pause).toBe(true);
  });

  test('Pause is refused at the first list that lacks the recording', async () => {
    const world = await recordingWorld();
    world.server.endCall('101');
    world.recorder.pause();
    await world.pass(3_000);
    expect(refusals(world)).toMatchObject([{ error: { code: 'not-a-live-recording', operation: 'pause' } }]);
  });
});
