import { describe, expect, test } from 'vitest';

import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import { createLoginGuard } from '../../../../src-main/core/account/login-guard';
import type { VirtualRecording } from '../../../fixtures/virtual-telephony';
import { answering, fine, once } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, line, createFixture, signedInFixture } from '../../../fixtures/recorder';

/*
 * What telephone systems, servers and hands really do: several recordings at once, ids that change in mid-call, lists
 * that lag, a press held for a second. Each test names the finding that it comes from.
 */

const sent = ({ server }: Fixture, kind: string): readonly string[] =>
  server.log.filter((record) => record.kind === kind).map(({ argument }) => argument);
const shown = ({ recorder }: Fixture) => recorder.view();
const told = ({ notices }: Fixture): readonly RecorderNotice['kind'][] => notices.map(({ kind }) => kind);

/** Signed in, with a call on the line that is recorded at this user's wish. */
async function recordingHere(seed = 1): Promise<Fixture> {
  const fixture = await signedInFixture(seed);
  fixture.server.connectCall('101', agent, '+391');
  fixture.recorder.record();
  await fixture.pass(3_000);
  expect(shown(fixture).status).toBe('recording');
  return fixture;
}

/** A recording of this user that a rule began on a line. */
function byRule({ server }: Fixture, on: string, number: string): VirtualRecording {
  return server.record(server.addCall(on, agent, number), 'rule');
}

/** Presses as X11 repeats a held shortcut: after 660 ms, and then every 40 ms. */
async function hold(fixture: Fixture, press: () => unknown, ms: number): Promise<void> {
  press();
  await fixture.pass(660);
  for (let held = 660; held < ms; held += 40) {
    press();
    await fixture.pass(40);
  }
}

describe('which recording is meant', () => {
  test('stays the one on the line where one list of a lagging server lacks it there only (seed 43/1390)', async () => {
    const fixture = await createFixture();
    const { server } = fixture;
    const onLine = byRule(fixture, '101', '+391');
    await fixture.pass(1_000);
    byRule(fixture, '555', '+392');
    // Every second list: nothing on the line, and both recordings of the user.
    let question = 0;
    server.random = () => (question++ % 4 === 2 ? 0 : 1);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(1_000);
    server.habits.hasIdleNode = true;
    const first = new Set<string | undefined>();
    for (let second = 0; second < 60; second += 1) {
      first.add(shown(fixture).recordings[0]?.id);
      await fixture.pass(1_000);
    }
    expect(question).toBeGreaterThan(20);
    expect([...first]).toEqual([onLine.id]);
    fixture.recorder.stop();
    expect(sent(fixture, 'stop')).toEqual([onLine.id]);
  });

  test('a second press of Stop stops nothing else (C2)', async () => {
    const fixture = await recordingHere();
    const other = byRule(fixture, '555', '+392');
    await fixture.pass(40_000);
    fixture.recorder.stop();
    fixture.recorder.stop();
    await fixture.pass(30);
    fixture.recorder.stop();
    await fixture.pass(5_000);
    expect(sent(fixture, 'stop')).toHaveLength(1);
    expect(sent(fixture, 'stop')).not.toContain(other.id);
    expect(fixture.server.active()).toEqual([other]);
  });

  test('Stop held for two seconds stops one recording (C2)', async () => {
    const fixture = await recordingHere();
    const other = byRule(fixture, '101', '+392');
    await fixture.pass(4_000);
    await hold(fixture, () => fixture.recorder.stop(), 2_000);
    await fixture.pass(5_000);
    expect(sent(fixture, 'stop')).toHaveLength(1);
    expect(fixture.server.active()).toEqual([other]);
  });

  test('Stop held right after the button of another recording stops that one alone (C2)', async () => {
    const fixture = await signedInFixture();
    const first = byRule(fixture, '101', '+391');
    await fixture.pass(60_000);
    const other = byRule(fixture, '101', '+392');
    await fixture.pass(10_000);
    expect(shown(fixture).recordings[0]?.id).toBe(other.id);
    fixture.recorder.stop(first.id);
    await hold(fixture, () => fixture.recorder.stop(), 2_000);
    await fixture.pass(4_000);
    expect(fixture.server.active()).toEqual([other]);
    fixture.recorder.stop();
    await fixture.pass(4_000);
    expect(fixture.server.active()).toEqual([]);
  });

  test('a press that is meant, after the first stop was answered, stops the other one', async () => {
    const fixture = await recordingHere();
    byRule(fixture, '101', '+392');
    await fixture.pass(4_000);
    fixture.recorder.stop();
    await fixture.pass(4_000);
    fixture.recorder.stop();
    await fixture.pass(4_000);
    expect(fixture.server.active()).toEqual([]);
  });

  test.each(['oldest-first', 'newest-first'] as const)(
    'Stop, Pause and Mark mean the newest, whatever the order of the answer: %s (C7)',
    async (order) => {
      const fixture = await signedInFixture();
      fixture.server.habits.order = order;
      byRule(fixture, '101', '+391');
      await fixture.pass(60_000);
      const newest = byRule(fixture, '101', '+392');
      await fixture.pass(10_000);
      expect(shown(fixture).recordings[0]?.id).toBe(newest.id);
      fixture.recorder.markMoment();
      expect(fixture.recorder.marks.list(newest.id)).toHaveLength(1);
      fixture.recorder.pause();
      await fixture.pass(4_000);
      expect(sent(fixture, 'pause')).toEqual([newest.id]);
      fixture.recorder.stop();
      await fixture.pass(4_000);
      expect(sent(fixture, 'stop')).toEqual([newest.id]);
    },
  );

  test('Stop pressed while a start is under way means what comes of it (C21)', async () => {
    const fixture = await signedInFixture();
    const other = byRule(fixture, '555', '+395');
    await fixture.pass(40_000);
    fixture.server.connectCall('101', agent, '+391');
    fixture.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 3_000 } : fine,
    );
    fixture.recorder.record();
    await fixture.pass(500);
    fixture.recorder.stop();
    await fixture.pass(10_000);
    expect(fixture.server.active()).toEqual([other]);
    expect(sent(fixture, 'stop')).not.toContain(other.id);
  });

  test('Stop pressed when a start was answered and is not listed yet means that one (C21)', async () => {
    const fixture = await signedInFixture();
    const other = byRule(fixture, '555', '+395');
    await fixture.pass(40_000);
    fixture.server.connectCall('101', agent, '+391');
    fixture.server.startLagMs = 5_000;
    fixture.recorder.record();
    await fixture.pass(500);
    fixture.recorder.stop();
    await fixture.pass(10_000);
    expect(fixture.server.active()).toEqual([other]);
  });

  test('Stop ends the waiting for a call, too (C21)', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    const other = byRule(fixture, '555', '+395');
    await fixture.pass(40_000);
    fixture.recorder.stop();
    await fixture.pass(5_000);
    expect(shown(fixture).waiting).toBeNull();
    expect(sent(fixture, 'stop')).toEqual([other.id]);
  });

  test.each(['stop', 'pause'] as const)(
    '%s pressed before the state is known is kept, as Record is (C14)',
    async (kind) => {
      const fixture = await createFixture();
      const own = byRule(fixture, '101', '+391');
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(1_000);
      await fixture.restart();
      fixture.recorder.setSession(fixture.session());
      expect((kind === 'stop' ? fixture.recorder.stop() : fixture.recorder.pause()).ok).toBe(true);
      await fixture.pass(3_000);
      expect(sent(fixture, kind)).toEqual([own.id]);
      expect(fixture.noticed('refused')).toBe(0);
    },
  );

  test('a kept press that cannot be carried out is told (C14)', async () => {
    const fixture = await createFixture();
    fixture.server.setNetwork(() => answering('server-error', { status: 500 }));
    fixture.recorder.setSession(fixture.session());
    expect(fixture.recorder.stop().ok).toBe(true);
    await fixture.pass(3_000);
    expect(fixture.notices).toMatchObject([{ kind: 'refused', error: { operation: 'stop' } }]);
  });

  test('Record held for a second starts once, and nothing is refused', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    await hold(fixture, () => fixture.recorder.record(), 1_300);
    await fixture.pass(5_000);
    expect(sent(fixture, 'start')).toHaveLength(1);
    expect(fixture.noticed('refused')).toBe(0);
  });
});

describe('nothing under way is forgotten', () => {
  test('waiting for a call goes on when the line is edited (C4)', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.recordNextCall();
    await fixture.pass(2_000);
    fixture.recorder.setSession(fixture.session({ line: { ...line, mode: 'dial-in' } }));
    await fixture.pass(2_000);
    expect(shown(fixture).status).toBe('waiting');
    fixture.server.connectCall('101', agent, '+391');
    await fixture.pass(10_000);
    expect(shown(fixture).status).toBe('recording');
  });

  test('a start under way when the line is edited is still the one that was started here (C5)', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 3_000 } : fine,
    );
    fixture.recorder.record();
    await fixture.pass(1_000);
    fixture.recorder.setSession(fixture.session({ line: { ...line, directoryNumber: '102' } }));
    await fixture.pass(20_000);
    expect(shown(fixture).recordings).toMatchObject([{ startedHere: true }]);
    fixture.recorder.stop();
    await fixture.pass(3_000);
    expect(fixture.server.active()).toEqual([]);
  });

  test('a start without an answer is not what is found to run on another line once that is watched (I6)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    Object.assign(server.habits, { tellsStart: false, tellsDuration: false });
    await fixture.pass(5_000);
    server.record(server.addCall('555', agent, '+393'), 'rule');
    server.setNetwork(once('start', { kind: 'request-lost', noticedMs: 9_000 }));
    recorder.record();
    await fixture.pass(200);
    recorder.setSession(fixture.session({ line: { ...line, directoryNumber: '102' } }));
    await fixture.pass(60_000);
    expect(shown(fixture).recordings).toMatchObject([{ startedHere: false }]);
    expect(fixture.noticed('refused')).toBe(1);
  });

  const presses: readonly (readonly [string, 'start' | 'stop' | 'pause', (fixture: Fixture) => unknown])[] = [
    ['a start', 'start', ({ recorder }) => recorder.record()],
    ['a stop', 'stop', ({ recorder }) => recorder.stop()],
    ['a pause', 'pause', ({ recorder }) => recorder.pause()],
  ];
  test.each(presses)(
    '%s without an answer is told when the user signs out (C13)',
    async (_name, operation, press) => {
      const fixture = operation === 'start' ? await signedInFixture() : await recordingHere();
      if (operation === 'start') fixture.server.connectCall('101', agent, '+391');
      fixture.server.setNetwork(() => ({ kind: 'ok', outMs: 100, backMs: 3_000 }));
      press(fixture);
      await fixture.pass(200);
      fixture.notices.length = 0;
      fixture.recorder.setSession(null);
      expect(fixture.notices).toMatchObject([
        { kind: 'refused', error: { code: 'left-unanswered', operation } },
      ]);
    },
  );

  const waits: readonly (readonly [string, object, (fixture: Fixture) => unknown])[] = [
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
    '%s that still waits when RecLight is quit is told at the next sign-in of the same user (C13)',
    async (_name, notice, press) => {
      const fixture = await createFixture();
      fixture.recorder.setSession(fixture.session());
      press(fixture);
      await fixture.recorder.settled();
      await fixture.restart();
      fixture.notices.length = 0;
      fixture.recorder.setSession(
        fixture.session({ api: fixture.server.apiFor('colleague'), username: 'colleague' }),
      );
      await fixture.pass(2_000);
      expect(fixture.notices).toEqual([]);
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(2_000);
      expect(fixture.notices).toMatchObject([notice]);
      // Told once.
      await fixture.restart();
      fixture.notices.length = 0;
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(2_000);
      expect(fixture.notices).toEqual([]);
    },
  );

  test('a start without an answer when RecLight ends is found, or told, at the next sign-in (C13)', async () => {
    for (const connected of [true, false]) {
      const fixture = await signedInFixture();
      if (connected) fixture.server.connectCall('101', agent, '+391');
      fixture.server.setNetwork(({ kind }) =>
        kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 9_000 } : fine,
      );
      fixture.recorder.record();
      await fixture.pass(500);
      await fixture.restart();
      fixture.notices.length = 0;
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(2_000);
      if (connected) expect(shown(fixture).recordings).toMatchObject([{ startedHere: true }]);
      else {
        expect(fixture.notices).toMatchObject([
          { kind: 'refused', error: { code: 'left-unanswered', operation: 'start' } },
        ]);
      }
      // Told once.
      await fixture.restart();
      fixture.notices.length = 0;
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(2_000);
      expect(fixture.noticed('refused')).toBe(0);
    }
  });

  test('what a user left without an answer is never told to another one (C13)', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 9_000 } : fine,
    );
    fixture.recorder.record();
    await fixture.pass(500);
    await fixture.restart();
    fixture.notices.length = 0;
    fixture.recorder.setSession(fixture.session({ username: 'boss', api: fixture.server.apiFor('boss') }));
    await fixture.pass(5_000);
    expect(fixture.notices).toEqual([]);
  });

  test('a pause ends by itself over a restart (C19)', async () => {
    const fixture = await recordingHere();
    const policy = {
      activeMs: 2_000,
      visibleMs: 5_000,
      hiddenMs: 10_000,
      waitMs: 600_000,
      autoResumeMs: 20_000,
    };
    fixture.recorder.setPolicy(policy);
    fixture.recorder.pause();
    await fixture.pass(5_000);
    await fixture.restart();
    fixture.recorder.setPolicy(policy);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(30_000);
    expect(sent(fixture, 'resume')).toHaveLength(1);
    expect(shown(fixture).status).toBe('recording');
  });

  test('other settings do not repeat a resume that was refused (C6)', async () => {
    const fixture = await recordingHere();
    const policy = {
      activeMs: 2_000,
      visibleMs: 5_000,
      hiddenMs: 10_000,
      waitMs: 600_000,
      autoResumeMs: 20_000,
    };
    fixture.recorder.setPolicy(policy);
    fixture.recorder.pause();
    await fixture.pass(10_000);
    fixture.server.setNetwork(({ kind }) =>
      kind === 'resume' ? answering('not-allowed', { status: 403, reason: 0 }) : fine,
    );
    await fixture.pass(13_000);
    expect(sent(fixture, 'resume')).toHaveLength(1);
    for (let i = 0; i < 10; i += 1) {
      fixture.recorder.setPolicy({ ...policy, visibleMs: 5_000 + i });
      await fixture.pass(500);
    }
    expect(sent(fixture, 'resume')).toHaveLength(1);
  });

  test('a start that is answered after its recording has ended ends there (C26)', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 8_900 } : fine,
    );
    fixture.recorder.record();
    await fixture.pass(5_000);
    fixture.server.endCall('101');
    await fixture.pass(4_500);
    expect(shown(fixture).status).toBe('not-recording');
    // The next call is a call of its own.
    fixture.server.connectCall('101', agent, '+392');
    fixture.server.setNetwork(() => fine);
    fixture.recorder.record();
    await fixture.pass(5_000);
    expect(sent(fixture, 'start')).toHaveLength(2);
    expect(shown(fixture).status).toBe('recording');
    expect(told(fixture).filter((kind) => kind === 'ended')).toHaveLength(1);
    expect(fixture.notices.filter((notice) => notice.kind === 'ended' && notice.unexpected)).toEqual([]);
  });
});

describe('a recording stays the same recording', () => {
  test.each([
    ['with its beginning', true],
    ['with a new beginning', false],
  ])('a transfer that changes its id %s is no end (C3)', async (_name, keepsStart) => {
    const fixture = await recordingHere();
    fixture.recorder.markMoment();
    await fixture.pass(2_000);
    fixture.notices.length = 0;
    const [call] = fixture.server.calls;
    if (call === undefined) throw new Error('no call');
    const former = call.recording?.id ?? '';
    fixture.server.transfer(call, keepsStart ? { keepsStart, remoteNumber: '+399' } : { keepsStart });
    await fixture.pass(150_000);
    expect(fixture.notices).toEqual([]);
    const renamed = shown(fixture).recordings[0];
    expect(renamed).toMatchObject({ startedHere: true });
    expect(renamed?.id).not.toBe(former);
    expect(fixture.recorder.marks.list(renamed?.id ?? '')).toHaveLength(1);
    fixture.server.endCall('101');
    await fixture.pass(10_000);
    expect(told(fixture)).toEqual(['ended', 'saved']);
    expect(shown(fixture).unconfirmed).toEqual([]);
  });

  test('Stop pressed before the new id is read stops the same call (D5)', async () => {
    const fixture = await recordingHere();
    const [call] = fixture.server.calls;
    if (call === undefined) throw new Error('no call');
    fixture.server.transfer(call, { keepsStart: true, remoteNumber: '+399' });
    fixture.recorder.stop();
    await fixture.pass(10_000);
    expect(fixture.server.active()).toEqual([]);
    expect(sent(fixture, 'stop')).toHaveLength(2);
  });

  test('where it is not known to be the same call, Stop says that it is still being recorded (D5)', async () => {
    const fixture = await signedInFixture();
    byRule(fixture, '101', '+391');
    await fixture.pass(15_000);
    const [call] = fixture.server.calls;
    if (call === undefined) throw new Error('no call');
    fixture.server.transfer(call, { keepsStart: false, remoteNumber: '+399' });
    fixture.recorder.stop();
    await fixture.pass(10_000);
    expect(fixture.server.active()).toHaveLength(1);
    expect(fixture.notices).toContainEqual(
      expect.objectContaining({
        kind: 'refused',
        error: expect.objectContaining({ code: 'still-recording' }),
      }),
    );
    expect(shown(fixture).status).toBe('recording');
  });

  test('a list that lags 15 s behind a start is no end (C18)', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.server.startLagMs = 15_000;
    fixture.recorder.record();
    await fixture.pass(10_000);
    expect(shown(fixture).status).toBe('starting');
    await fixture.pass(10_000);
    expect(shown(fixture)).toMatchObject({ status: 'recording', recordings: [{ startedHere: true }] });
    expect(told(fixture)).toEqual(['started']);
  });

  test('a list that lacks it once is no end (C18)', async () => {
    const fixture = await recordingHere();
    const recording = fixture.server.active()[0];
    if (recording === undefined) throw new Error('nothing runs');
    fixture.notices.length = 0;
    recording.hiddenFromLists = 1;
    const statuses = new Set<string>();
    let wasMissing = false;
    for (let i = 0; i < 20; i += 1) {
      await fixture.pass(500);
      statuses.add(shown(fixture).status);
      wasMissing ||= shown(fixture).recordings[0]?.lastSeenMono !== null;
    }
    expect([...statuses]).toEqual(['recording']);
    expect(wasMissing).toBe(true);
    expect(fixture.notices).toEqual([]);
    expect(shown(fixture).recordings).toMatchObject([{ startedHere: true, lastSeenMono: null }]);
  });

  test('another id in the list than in the answer is the same recording (C18)', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.server.habits.answersAnotherId = true;
    fixture.recorder.record();
    await fixture.pass(150_000);
    expect(shown(fixture)).toMatchObject({ status: 'recording', recordings: [{ startedHere: true }] });
    expect(told(fixture)).toEqual(['started']);
    fixture.server.endCall('101');
    await fixture.pass(10_000);
    expect(told(fixture)).toEqual(['started', 'ended', 'saved']);
  });

  test('two servers that disagree: the lamp keeps its state, then it is unknown, and it never flips (P3)', async () => {
    const fixture = await recordingHere();
    fixture.notices.length = 0;
    const recording = fixture.server.active()[0];
    if (recording === undefined) throw new Error('nothing runs');
    let lists = 0;
    fixture.server.setNetwork(({ kind }) => {
      if (kind !== 'active') return fine;
      // Every second list comes from the node that knows nothing.
      recording.hiddenFromLists = lists % 2;
      lists += 1;
      return fine;
    });
    const statuses: string[] = [];
    for (let i = 0; i < 120; i += 1) {
      await fixture.pass(250);
      const { status } = shown(fixture);
      if (statuses.at(-1) !== status) statuses.push(status);
    }
    expect(statuses).not.toContain('not-recording');
    expect(statuses.slice(0, 2)).toEqual(['recording', 'unknown']);
    expect(told(fixture)).not.toContain('ended');
    recording.hiddenFromLists = 0;
    fixture.server.setNetwork(() => fine);
    await fixture.pass(5_000);
    expect(shown(fixture).status).toBe('recording');
  });

  test('on a Live Keep line the call is kept from its beginning (P4)', async () => {
    const fixture = await signedInFixture();
    fixture.server.habits.liveKeep = 'unlisted';
    fixture.server.connectCall('101', agent, '+391');
    const began = fixture.server.epoch(fixture.clock.monotonicNow());
    await fixture.pass(60_000);
    fixture.recorder.record();
    await fixture.pass(3_000);
    const [recording] = shown(fixture).recordings;
    expect(recording).toMatchObject({ startedHere: true, keptFrom: began });
    expect(recording?.elapsedMs).toBeGreaterThan(60_000);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('where the call is recorded from the press, nothing is said of its beginning (P4)', async () => {
    const fixture = await recordingHere();
    expect(shown(fixture).recordings).toMatchObject([{ keptFrom: null }]);
  });
});

describe('whose recording it is', () => {
  /** A colleague's call on the watched line, recorded by a rule; its completed recordings are theirs alone to see. */
  async function sharedLine(): Promise<Fixture> {
    const fixture = await signedInFixture();
    fixture.server.habits.showsOwnRowsOnly = true;
    fixture.server.record(fixture.server.addCall('101', 'colleague', '+397'), 'rule');
    await fixture.pass(15_000);
    return fixture;
  }

  test('a colleague’s recording is shown as theirs, and no alarm follows its end (C12)', async () => {
    const fixture = await sharedLine();
    expect(shown(fixture)).toMatchObject({
      status: 'recording',
      recordings: [{ own: false, localUsername: 'colleague' }],
    });
    fixture.server.endCall('101');
    await fixture.pass(200_000);
    expect(fixture.notices).toEqual([]);
    expect(shown(fixture).unconfirmed).toEqual([]);
    expect(fixture.server.count('details')).toBe(0);
  });

  test('no key stops, pauses or marks a colleague’s recording; its own button does (C7)', async () => {
    const fixture = await sharedLine();
    const id = shown(fixture).recordings[0]?.id ?? '';
    for (const press of [
      () => fixture.recorder.stop(),
      () => fixture.recorder.pause(),
      () => fixture.recorder.markMoment(),
    ]) {
      expect(press()).toMatchObject({ ok: false });
    }
    await fixture.pass(3_000);
    expect([...sent(fixture, 'stop'), ...sent(fixture, 'pause')]).toEqual([]);
    expect(shown(fixture).controls).toMatchObject({ stop: false, pause: false, markMoment: false });
    fixture.recorder.stop(id);
    await fixture.pass(3_000);
    expect(sent(fixture, 'stop')).toEqual([id]);
  });

  test('a colleague’s pause is not reminded of (C27)', async () => {
    const fixture = await sharedLine();
    const recording = fixture.server.active()[0];
    if (recording === undefined) throw new Error('nothing runs');
    fixture.server.setPaused(recording, true);
    await fixture.pass(300_000);
    expect(fixture.notices).toEqual([]);
  });

  test('a colleague’s recording does not forbid Record: the server decides (C29)', async () => {
    const fixture = await sharedLine();
    expect(shown(fixture).controls.record).toBe(true);
    fixture.server.addCall('101', agent, '+391');
    expect(fixture.recorder.record().ok).toBe(true);
    await fixture.pass(5_000);
    expect(sent(fixture, 'start')).toHaveLength(1);
  });

  test('a recording of this user that a supervisor began is this user’s', async () => {
    const fixture = await signedInFixture();
    const recording = fixture.server.record(fixture.server.addCall('101', agent, '+391'), 'supervisor');
    await fixture.pass(15_000);
    expect(shown(fixture).recordings).toMatchObject([{ own: true }]);
    fixture.recorder.stop();
    await fixture.pass(3_000);
    expect(sent(fixture, 'stop')).toEqual([recording.id]);
  });

  test('dismissing while the password is refused is heard, and loses no other search (C30)', async () => {
    const fixture = await recordingHere();
    fixture.server.savedAfterMs = null;
    fixture.recorder.stop();
    await fixture.pass(200_000);
    expect(shown(fixture).unconfirmed).toHaveLength(1);
    const unconfirmed = shown(fixture).unconfirmed[0]?.id ?? '';
    fixture.server.connectCall('101', agent, '+392');
    fixture.recorder.record();
    await fixture.pass(3_000);
    fixture.recorder.stop();
    await fixture.pass(4_000);
    fixture.recorder.lock({ code: 'unauthorized', operation: 'active', detail: { status: 401 } });
    expect(fixture.recorder.dismissUnconfirmed(unconfirmed).ok).toBe(true);
    expect(shown(fixture).unconfirmed).toEqual([]);
    // The other one is still looked for, and found once it is there.
    fixture.server.savedAfterMs = 0;
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(200_000);
    expect(shown(fixture).unconfirmed).toHaveLength(1);
  });
});

describe('odd answers', () => {
  test('one single 403 between good answers does not make the light blind (C31)', async () => {
    const fixture = await recordingHere();
    fixture.server.forbidNextLists = 1;
    await fixture.pass(10_000);
    expect(shown(fixture).status).toBe('recording');
    fixture.server.forbidNextLists = 100;
    await fixture.pass(10_000);
    expect(shown(fixture).status).toBe('not-visible');
  });

  test('a page that forbids the list makes a light that was seen unknown, not blind (P1)', async () => {
    const fixture = await recordingHere();
    fixture.server.setNetwork(({ kind }) =>
      kind === 'active' ? answering('level-too-low', { status: 403, body: 'html' }) : fine,
    );
    await fixture.pass(15_000);
    expect(shown(fixture).status).toBe('unknown');
    fixture.server.setNetwork(() => fine);
    await fixture.pass(15_000);
    expect(shown(fixture).status).toBe('recording');
  });

  test('an entry without its start and duration is a recording, and its time goes on', async () => {
    const fixture = await signedInFixture();
    fixture.server.habits.tellsStart = false;
    fixture.server.habits.tellsDuration = false;
    byRule(fixture, '101', '+391');
    await fixture.pass(12_000);
    expect(shown(fixture).status).toBe('recording');
    const [first] = shown(fixture).recordings;
    await fixture.pass(10_000);
    const [second] = shown(fixture).recordings;
    expect((second?.elapsedMs ?? 0) - (first?.elapsedMs ?? 0)).toBeGreaterThan(8_000);
  });

  test('a server without a list of live recordings is not visible, and a gate does not change that', async () => {
    const fixture = await createFixture();
    const api = createLoginGuard({
      api: {
        ...fixture.server.apiFor(agent),
        activeRecordings: () =>
          Promise.resolve({
            ok: false,
            error: { code: 'live-list-unavailable', operation: 'active', detail: { status: 404 } },
          }),
      },
      clock: fixture.clock,
      onRefused: () => {},
    });
    fixture.recorder.setSession(fixture.session({ api }));
    await fixture.pass(3_000);
    expect(shown(fixture).status).toBe('not-visible');
    expect(shown(fixture).controls.record).toBe(true);
  });
});

describe('commands that meet an outage, another line or a late list', () => {
  const slowStarts = (fixture: Fixture) => {
    fixture.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 10, backMs: 9_000 } : fine,
    );
  };

  test('Stop during a start that is cut off stops what lists show only later (M1)', async () => {
    const fixture = await signedInFixture();
    fixture.server.startLagMs = 12_000;
    fixture.server.connectCall('101', agent, '+391');
    slowStarts(fixture);
    fixture.recorder.record();
    await fixture.pass(200);
    fixture.recorder.stop();
    fixture.recorder.suspend();
    fixture.recorder.resume();
    await fixture.pass(30_000);
    expect(fixture.server.active()).toEqual([]);
  });

  test('a changed line stops the timers until it is read anew (M2)', async () => {
    const fixture = await recordingHere();
    await fixture.pass(1_300);
    const at = fixture.clock.monotonicNow();
    const [before] = shown(fixture).recordings;
    fixture.recorder.setSession(fixture.session({ line: { ...line, mode: 'dial-in' } }));
    const [after] = shown(fixture).recordings;
    expect(after?.elapsedMs).toBe((before?.elapsedMs ?? 0) + at - (before?.anchorMono ?? 0));
  });

  test('Pause during a start does not pause what runs on another line (M3)', async () => {
    const fixture = await signedInFixture();
    const other = byRule(fixture, '555', '+393');
    await fixture.pass(40_000);
    fixture.server.connectCall('101', agent, '+391');
    slowStarts(fixture);
    fixture.recorder.record();
    await fixture.pass(100);
    expect(fixture.recorder.pause()).toMatchObject({ ok: true });
    await fixture.pass(20_000);
    expect(other.isPaused).toBe(false);
    // It waits for the recording that was meant.
    expect(fixture.server.active().find(({ line }) => line === '101')?.isPaused).toBe(true);
  });

  test('Stop that found nothing under an unlisted id waits for the list (M4)', async () => {
    const fixture = await signedInFixture();
    fixture.server.habits.answersAnotherId = true;
    fixture.server.startLagMs = 12_000;
    fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(4_000);
    fixture.recorder.stop();
    await fixture.pass(2_000);
    expect(told(fixture)).not.toContain('stopped');
    await fixture.pass(12_000);
    expect(fixture.server.active()).toEqual([]);
  });

  test('a Record that comes after a Stop is not taken back by it (M5)', async () => {
    const fixture = await createFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.setSession(fixture.session());
    fixture.recorder.stop();
    fixture.recorder.record();
    await fixture.pass(3_000);
    expect(sent(fixture, 'start')).toHaveLength(1);
    expect(shown(fixture).status).toBe('recording');
  });

  test('Resume during a pause is sent although the list is hidden in between (M6)', async () => {
    const fixture = await recordingHere();
    fixture.server.blind.add(agent);
    fixture.recorder.pause();
    await fixture.pass(15);
    fixture.recorder.resumeRecording();
    await fixture.pass(5_000);
    expect(fixture.server.active()[0]?.isPaused).toBe(false);
  });

  test('what was started after Stop is not taken for what was stopped (M7)', async () => {
    const fixture = await signedInFixture();
    fixture.server.startLagMs = 15_000;
    fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(4_000);
    fixture.recorder.stop();
    fixture.recorder.record();
    fixture.recorder.suspend();
    fixture.recorder.resume();
    await fixture.pass(30_000);
    expect(fixture.server.active()).toHaveLength(1);
  });
});
