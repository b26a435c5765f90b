import { describe, expect, test } from 'vitest';

import type { RecorderNotice } from '../../../../src-main/core/recorder/contract';
import { createLoginGuard } from '../../../../src-main/core/account/login-guard';
import type { VirtualRecording } from '../../../fixtures/virtual-telephony';
import { answering, fine } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, line, makeWorld, signedInWorld } from '../../../fixtures/recorder';

/*
 * What telephone systems, servers and hands really do: several recordings at once, ids that change in mid-call, lists
 * that lag, a press held for a second. Each test names the finding that it comes from.
 */

const sent = ({ server }: World, kind: string): readonly string[] =>
  server.log.filter((record) => record.kind === kind).map(({ argument }) => argument);
const shown = ({ recorder }: World) => recorder.view();
const told = ({ notices }: World): readonly RecorderNotice['kind'][] => notices.map(({ kind }) => kind);

/** Signed in, with a call on the line that is recorded at this user's wish. */
async function recordingHere(seed = 1): Promise<World> {
  const world = await signedInWorld(seed);
  world.server.connectCall('101', agent, '+391');
  world.recorder.record();
  await world.pass(3_000);
  expect(shown(world).status).toBe('recording');
  return world;
}

/** A recording of this user that a rule began on a line. */
function byRule({ server }: World, on: string, number: string): VirtualRecording {
  return server.record(server.addCall(on, agent, number), 'rule');
}

/** Presses as X11 repeats a held shortcut: after 660 ms, and then every 40 ms. */
async function hold(world: World, press: () => unknown, ms: number): Promise<void> {
  press();
  await world.pass(660);
  for (let held = 660; held < ms; held += 40) {
    press();
    await world.pass(40);
  }
}

describe('which recording is meant', () => {
  test('a second press of Stop stops nothing else (C2)', async () => {
    const world = await recordingHere();
    const other = byRule(world, '555', '+392');
    await world.pass(40_000);
    world.recorder.stop();
    world.recorder.stop();
    await world.pass(30);
    world.recorder.stop();
    await world.pass(5_000);
    expect(sent(world, 'stop')).toHaveLength(1);
    expect(sent(world, 'stop')).not.toContain(other.id);
    expect(world.server.active()).toEqual([other]);
  });

  test('Stop held for two seconds stops one recording (C2)', async () => {
    const world = await recordingHere();
    const other = byRule(world, '101', '+392');
    await world.pass(4_000);
    await hold(world, () => world.recorder.stop(), 2_000);
    await world.pass(5_000);
    expect(sent(world, 'stop')).toHaveLength(1);
    expect(world.server.active()).toEqual([other]);
  });

  test('a press that is meant, after the first stop was answered, stops the other one', async () => {
    const world = await recordingHere();
    byRule(world, '101', '+392');
    await world.pass(4_000);
    world.recorder.stop();
    await world.pass(4_000);
    world.recorder.stop();
    await world.pass(4_000);
    expect(world.server.active()).toEqual([]);
  });

  test.each(['oldest-first', 'newest-first'] as const)(
    'Stop, Pause and Mark mean the newest, whatever the order of the answer: %s (C7)',
    async (order) => {
      const world = await signedInWorld();
      world.server.habits.order = order;
      byRule(world, '101', '+391');
      await world.pass(60_000);
      const newest = byRule(world, '101', '+392');
      await world.pass(10_000);
      expect(shown(world).recordings[0]?.id).toBe(newest.id);
      world.recorder.markMoment();
      expect(world.recorder.marks.list(newest.id)).toHaveLength(1);
      world.recorder.pause();
      await world.pass(4_000);
      expect(sent(world, 'pause')).toEqual([newest.id]);
      world.recorder.stop();
      await world.pass(4_000);
      expect(sent(world, 'stop')).toEqual([newest.id]);
    },
  );

  test('Stop pressed while a start is under way means what comes of it (C21)', async () => {
    const world = await signedInWorld();
    const other = byRule(world, '555', '+395');
    await world.pass(40_000);
    world.server.connectCall('101', agent, '+391');
    world.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 3_000 } : fine,
    );
    world.recorder.record();
    await world.pass(500);
    world.recorder.stop();
    await world.pass(10_000);
    expect(world.server.active()).toEqual([other]);
    expect(sent(world, 'stop')).not.toContain(other.id);
  });

  test('Stop pressed when a start was answered and is not listed yet means that one (C21)', async () => {
    const world = await signedInWorld();
    const other = byRule(world, '555', '+395');
    await world.pass(40_000);
    world.server.connectCall('101', agent, '+391');
    world.server.startLagMs = 5_000;
    world.recorder.record();
    await world.pass(500);
    world.recorder.stop();
    await world.pass(10_000);
    expect(world.server.active()).toEqual([other]);
  });

  test('Stop ends the waiting for a call, too (C21)', async () => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    const other = byRule(world, '555', '+395');
    await world.pass(40_000);
    world.recorder.stop();
    await world.pass(5_000);
    expect(shown(world).waiting).toBeNull();
    expect(sent(world, 'stop')).toEqual([other.id]);
  });

  test.each(['stop', 'pause'] as const)(
    '%s pressed before the state is known is kept, as Record is (C14)',
    async (kind) => {
      const world = await makeWorld();
      const own = byRule(world, '101', '+391');
      world.recorder.setSession(world.session());
      await world.pass(1_000);
      await world.restart();
      world.recorder.setSession(world.session());
      expect((kind === 'stop' ? world.recorder.stop() : world.recorder.pause()).ok).toBe(true);
      await world.pass(3_000);
      expect(sent(world, kind)).toEqual([own.id]);
      expect(world.noticed('refused')).toBe(0);
    },
  );

  test('a kept press that cannot be carried out is told (C14)', async () => {
    const world = await makeWorld();
    world.server.setNetwork(() => answering('server-error', { status: 500 }));
    world.recorder.setSession(world.session());
    expect(world.recorder.stop().ok).toBe(true);
    await world.pass(3_000);
    expect(world.notices).toMatchObject([{ kind: 'refused', error: { operation: 'stop' } }]);
  });

  test('Record held for a second starts once, and nothing is refused', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    await hold(world, () => world.recorder.record(), 1_300);
    await world.pass(5_000);
    expect(sent(world, 'start')).toHaveLength(1);
    expect(world.noticed('refused')).toBe(0);
  });
});

describe('nothing under way is forgotten', () => {
  test('waiting for a call goes on when the line is edited (C4)', async () => {
    const world = await signedInWorld();
    world.recorder.recordNextCall();
    await world.pass(2_000);
    world.recorder.setSession(world.session({ line: { ...line, mode: 'dial-in' } }));
    await world.pass(2_000);
    expect(shown(world).status).toBe('waiting');
    world.server.connectCall('101', agent, '+391');
    await world.pass(10_000);
    expect(shown(world).status).toBe('recording');
  });

  test('a start under way when the line is edited is still the one that was started here (C5)', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    world.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 3_000 } : fine,
    );
    world.recorder.record();
    await world.pass(1_000);
    world.recorder.setSession(world.session({ line: { ...line, directoryNumber: '102' } }));
    await world.pass(20_000);
    expect(shown(world).recordings).toMatchObject([{ startedHere: true }]);
    world.recorder.stop();
    await world.pass(3_000);
    expect(world.server.active()).toEqual([]);
  });

  const presses: readonly (readonly [string, 'start' | 'stop' | 'pause', (world: World) => unknown])[] = [
    ['a start', 'start', ({ recorder }) => recorder.record()],
    ['a stop', 'stop', ({ recorder }) => recorder.stop()],
    ['a pause', 'pause', ({ recorder }) => recorder.pause()],
  ];
  test.each(presses)(
    '%s without an answer is told when the user signs out (C13)',
    async (_name, operation, press) => {
      const world = operation === 'start' ? await signedInWorld() : await recordingHere();
      if (operation === 'start') world.server.connectCall('101', agent, '+391');
      world.server.setNetwork(() => ({ kind: 'ok', outMs: 100, backMs: 3_000 }));
      press(world);
      await world.pass(200);
      world.notices.length = 0;
      world.recorder.setSession(null);
      expect(world.notices).toMatchObject([
        { kind: 'refused', error: { code: 'left-unanswered', operation } },
      ]);
    },
  );

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
    '%s that still waits when RecLight is quit is told at the next sign-in of the same user (C13)',
    async (_name, notice, press) => {
      const world = await makeWorld();
      world.recorder.setSession(world.session());
      press(world);
      await world.recorder.settled();
      await world.restart();
      world.notices.length = 0;
      world.recorder.setSession(
        world.session({ api: world.server.apiFor('colleague'), username: 'colleague' }),
      );
      await world.pass(2_000);
      expect(world.notices).toEqual([]);
      world.recorder.setSession(world.session());
      await world.pass(2_000);
      expect(world.notices).toMatchObject([notice]);
      // Told once.
      await world.restart();
      world.notices.length = 0;
      world.recorder.setSession(world.session());
      await world.pass(2_000);
      expect(world.notices).toEqual([]);
    },
  );

  test('a start without an answer when RecLight ends is found, or told, at the next sign-in (C13)', async () => {
    for (const connected of [true, false]) {
      const world = await signedInWorld();
      if (connected) world.server.connectCall('101', agent, '+391');
      world.server.setNetwork(({ kind }) =>
        kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 9_000 } : fine,
      );
      world.recorder.record();
      await world.pass(500);
      await world.restart();
      world.notices.length = 0;
      world.recorder.setSession(world.session());
      await world.pass(2_000);
      if (connected) expect(shown(world).recordings).toMatchObject([{ startedHere: true }]);
      else {
        expect(world.notices).toMatchObject([
          { kind: 'refused', error: { code: 'left-unanswered', operation: 'start' } },
        ]);
      }
      // Told once.
      await world.restart();
      world.notices.length = 0;
      world.recorder.setSession(world.session());
      await world.pass(2_000);
      expect(world.noticed('refused')).toBe(0);
    }
  });

  test('what a user left without an answer is never told to another one (C13)', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 9_000 } : fine,
    );
    world.recorder.record();
    await world.pass(500);
    await world.restart();
    world.notices.length = 0;
    world.recorder.setSession(world.session({ username: 'boss', api: world.server.apiFor('boss') }));
    await world.pass(5_000);
    expect(world.notices).toEqual([]);
  });

  test('a pause ends by itself over a restart (C19)', async () => {
    const world = await recordingHere();
    const policy = {
      activeMs: 2_000,
      visibleMs: 5_000,
      hiddenMs: 10_000,
      waitMs: 600_000,
      autoResumeMs: 20_000,
    };
    world.recorder.setPolicy(policy);
    world.recorder.pause();
    await world.pass(5_000);
    await world.restart();
    world.recorder.setPolicy(policy);
    world.recorder.setSession(world.session());
    await world.pass(30_000);
    expect(sent(world, 'resume')).toHaveLength(1);
    expect(shown(world).status).toBe('recording');
  });

  test('other settings do not repeat a resume that was refused (C6)', async () => {
    const world = await recordingHere();
    const policy = {
      activeMs: 2_000,
      visibleMs: 5_000,
      hiddenMs: 10_000,
      waitMs: 600_000,
      autoResumeMs: 20_000,
    };
    world.recorder.setPolicy(policy);
    world.recorder.pause();
    await world.pass(10_000);
    world.server.setNetwork(({ kind }) =>
      kind === 'resume' ? answering('not-allowed', { status: 403, reason: 0 }) : fine,
    );
    await world.pass(13_000);
    expect(sent(world, 'resume')).toHaveLength(1);
    for (let i = 0; i < 10; i += 1) {
      world.recorder.setPolicy({ ...policy, visibleMs: 5_000 + i });
      await world.pass(500);
    }
    expect(sent(world, 'resume')).toHaveLength(1);
  });

  test('a start that is answered after its recording has ended ends there (C26)', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    world.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 100, backMs: 8_900 } : fine,
    );
    world.recorder.record();
    await world.pass(5_000);
    world.server.endCall('101');
    await world.pass(4_500);
    expect(shown(world).status).toBe('not-recording');
    // The next call is a call of its own.
    world.server.connectCall('101', agent, '+392');
    world.server.setNetwork(() => fine);
    world.recorder.record();
    await world.pass(5_000);
    expect(sent(world, 'start')).toHaveLength(2);
    expect(shown(world).status).toBe('recording');
    expect(told(world).filter((kind) => kind === 'ended')).toHaveLength(1);
    expect(world.notices.filter((notice) => notice.kind === 'ended' && notice.unexpected)).toEqual([]);
  });
});

describe('a recording stays the same recording', () => {
  test.each([
    ['with its beginning', true],
    ['with a new beginning', false],
  ])('a transfer that changes its id %s is no end (C3)', async (_name, keepsStart) => {
    const world = await recordingHere();
    world.recorder.markMoment();
    await world.pass(2_000);
    world.notices.length = 0;
    const [call] = world.server.calls;
    if (call === undefined) throw new Error('no call');
    const former = call.recording?.id ?? '';
    world.server.transfer(call, keepsStart ? { keepsStart, remoteNumber: '+399' } : { keepsStart });
    await world.pass(150_000);
    expect(world.notices).toEqual([]);
    const renamed = shown(world).recordings[0];
    expect(renamed).toMatchObject({ startedHere: true });
    expect(renamed?.id).not.toBe(former);
    expect(world.recorder.marks.list(renamed?.id ?? '')).toHaveLength(1);
    world.server.endCall('101');
    await world.pass(10_000);
    expect(told(world)).toEqual(['ended', 'saved']);
    expect(shown(world).unconfirmed).toEqual([]);
  });

  test('Stop pressed before the new id is read stops the same call (D5)', async () => {
    const world = await recordingHere();
    const [call] = world.server.calls;
    if (call === undefined) throw new Error('no call');
    world.server.transfer(call, { keepsStart: true, remoteNumber: '+399' });
    world.recorder.stop();
    await world.pass(10_000);
    expect(world.server.active()).toEqual([]);
    expect(sent(world, 'stop')).toHaveLength(2);
  });

  test('where it is not known to be the same call, Stop says that it is still being recorded (D5)', async () => {
    const world = await signedInWorld();
    byRule(world, '101', '+391');
    await world.pass(15_000);
    const [call] = world.server.calls;
    if (call === undefined) throw new Error('no call');
    world.server.transfer(call, { keepsStart: false, remoteNumber: '+399' });
    world.recorder.stop();
    await world.pass(10_000);
    expect(world.server.active()).toHaveLength(1);
    expect(world.notices).toContainEqual(
      expect.objectContaining({
        kind: 'refused',
        error: expect.objectContaining({ code: 'still-recording' }),
      }),
    );
    expect(shown(world).status).toBe('recording');
  });

  test('a list that lags 15 s behind a start is no end (C18)', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    world.server.startLagMs = 15_000;
    world.recorder.record();
    await world.pass(10_000);
    expect(shown(world).status).toBe('starting');
    await world.pass(10_000);
    expect(shown(world)).toMatchObject({ status: 'recording', recordings: [{ startedHere: true }] });
    expect(told(world)).toEqual(['started']);
  });

  test('a list that lacks it once is no end (C18)', async () => {
    const world = await recordingHere();
    const recording = world.server.active()[0];
    if (recording === undefined) throw new Error('nothing runs');
    world.notices.length = 0;
    recording.hiddenFromLists = 1;
    const statuses = new Set<string>();
    let wasMissing = false;
    for (let i = 0; i < 20; i += 1) {
      await world.pass(500);
      statuses.add(shown(world).status);
      wasMissing ||= shown(world).recordings[0]?.lastSeenMono !== null;
    }
    expect([...statuses]).toEqual(['recording']);
    expect(wasMissing).toBe(true);
    expect(world.notices).toEqual([]);
    expect(shown(world).recordings).toMatchObject([{ startedHere: true, lastSeenMono: null }]);
  });

  test('another id in the list than in the answer is the same recording (C18)', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent, '+391');
    world.server.habits.answersAnotherId = true;
    world.recorder.record();
    await world.pass(150_000);
    expect(shown(world)).toMatchObject({ status: 'recording', recordings: [{ startedHere: true }] });
    expect(told(world)).toEqual(['started']);
    world.server.endCall('101');
    await world.pass(10_000);
    expect(told(world)).toEqual(['started', 'ended', 'saved']);
  });

  test('two servers that disagree: the lamp keeps its state, then it is unknown, and it never flips (P3)', async () => {
    const world = await recordingHere();
    world.notices.length = 0;
    const recording = world.server.active()[0];
    if (recording === undefined) throw new Error('nothing runs');
    let lists = 0;
    world.server.setNetwork(({ kind }) => {
      if (kind !== 'active') return fine;
      // Every second list comes from the node that knows nothing.
      recording.hiddenFromLists = lists % 2;
      lists += 1;
      return fine;
    });
    const statuses: string[] = [];
    for (let i = 0; i < 120; i += 1) {
      await world.pass(250);
      const { status } = shown(world);
      if (statuses.at(-1) !== status) statuses.push(status);
    }
    expect(statuses).not.toContain('not-recording');
    expect(statuses.slice(0, 2)).toEqual(['recording', 'unknown']);
    expect(told(world)).not.toContain('ended');
    recording.hiddenFromLists = 0;
    world.server.setNetwork(() => fine);
    await world.pass(5_000);
    expect(shown(world).status).toBe('recording');
  });

  test('on a Live Keep line the call is kept from its beginning (P4)', async () => {
    const world = await signedInWorld();
    world.server.habits.liveKeep = 'unlisted';
    world.server.connectCall('101', agent, '+391');
    const began = world.server.epoch(world.clock.monotonicNow());
    await world.pass(60_000);
    world.recorder.record();
    await world.pass(3_000);
    const [recording] = shown(world).recordings;
    expect(recording).toMatchObject({ startedHere: true, keptFrom: began });
    expect(recording?.elapsedMs).toBeGreaterThan(60_000);
    expect(world.noticed('refused')).toBe(0);
  });

  test('where the call is recorded from the press, nothing is said of its beginning (P4)', async () => {
    const world = await recordingHere();
    expect(shown(world).recordings).toMatchObject([{ keptFrom: null }]);
  });
});

describe('whose recording it is', () => {
  /** A colleague's call on the watched line, recorded by a rule; its completed recordings are theirs alone to see. */
  async function sharedLine(): Promise<World> {
    const world = await signedInWorld();
    world.server.habits.showsOwnRowsOnly = true;
    world.server.record(world.server.addCall('101', 'colleague', '+397'), 'rule');
    await world.pass(15_000);
    return world;
  }

  test('a colleague’s recording is shown as theirs, and no alarm follows its end (C12)', async () => {
    const world = await sharedLine();
    expect(shown(world)).toMatchObject({
      status: 'recording',
      recordings: [{ own: false, localUsername: 'colleague' }],
    });
    world.server.endCall('101');
    await world.pass(200_000);
    expect(world.notices).toEqual([]);
    expect(shown(world).unconfirmed).toEqual([]);
    expect(world.server.count('details')).toBe(0);
  });

  test('no key stops, pauses or marks a colleague’s recording; its own button does (C7)', async () => {
    const world = await sharedLine();
    const id = shown(world).recordings[0]?.id ?? '';
    for (const press of [
      () => world.recorder.stop(),
      () => world.recorder.pause(),
      () => world.recorder.markMoment(),
    ]) {
      expect(press()).toMatchObject({ ok: false });
    }
    await world.pass(3_000);
    expect([...sent(world, 'stop'), ...sent(world, 'pause')]).toEqual([]);
    expect(shown(world).controls).toMatchObject({ stop: false, pause: false, markMoment: false });
    world.recorder.stop(id);
    await world.pass(3_000);
    expect(sent(world, 'stop')).toEqual([id]);
  });

  test('a colleague’s pause is not reminded of (C27)', async () => {
    const world = await sharedLine();
    const recording = world.server.active()[0];
    if (recording === undefined) throw new Error('nothing runs');
    world.server.setPaused(recording, true);
    await world.pass(300_000);
    expect(world.notices).toEqual([]);
  });

  test('a colleague’s recording does not forbid Record: the server decides (C29)', async () => {
    const world = await sharedLine();
    expect(shown(world).controls.record).toBe(true);
    world.server.addCall('101', agent, '+391');
    expect(world.recorder.record().ok).toBe(true);
    await world.pass(5_000);
    expect(sent(world, 'start')).toHaveLength(1);
  });

  test('a recording of this user that a supervisor began is this user’s', async () => {
    const world = await signedInWorld();
    const recording = world.server.record(world.server.addCall('101', agent, '+391'), 'supervisor');
    await world.pass(15_000);
    expect(shown(world).recordings).toMatchObject([{ own: true }]);
    world.recorder.stop();
    await world.pass(3_000);
    expect(sent(world, 'stop')).toEqual([recording.id]);
  });

  test('dismissing while the password is refused is heard, and loses no other search (C30)', async () => {
    const world = await recordingHere();
    world.server.savedAfterMs = null;
    world.recorder.stop();
    await world.pass(200_000);
    expect(shown(world).unconfirmed).toHaveLength(1);
    const unconfirmed = shown(world).unconfirmed[0]?.id ?? '';
    world.server.connectCall('101', agent, '+392');
    world.recorder.record();
    await world.pass(3_000);
    world.recorder.stop();
    await world.pass(4_000);
    world.recorder.lock({ code: 'unauthorized', operation: 'active', detail: { status: 401 } });
    expect(world.recorder.dismissUnconfirmed(unconfirmed).ok).toBe(true);
    expect(shown(world).unconfirmed).toEqual([]);
    // The other one is still looked for, and found once it is there.
    world.server.savedAfterMs = 0;
    world.recorder.setSession(world.session());
    await world.pass(200_000);
    expect(shown(world).unconfirmed).toHaveLength(1);
  });
});

describe('odd answers', () => {
  test('one single 403 between good answers does not make the light blind (C31)', async () => {
    const world = await recordingHere();
    world.server.forbidNextLists = 1;
    await world.pass(10_000);
    expect(shown(world).status).toBe('recording');
    world.server.forbidNextLists = 100;
    await world.pass(10_000);
    expect(shown(world).status).toBe('not-visible');
  });

  test('a page that forbids the list makes a light that was seen unknown, not blind (P1)', async () => {
    const world = await recordingHere();
    world.server.setNetwork(({ kind }) =>
      kind === 'active' ? answering('level-too-low', { status: 403, body: 'html' }) : fine,
    );
    await world.pass(15_000);
    expect(shown(world).status).toBe('unknown');
    world.server.setNetwork(() => fine);
    await world.pass(15_000);
    expect(shown(world).status).toBe('recording');
  });

  test('an entry without its start and duration is a recording, and its time goes on', async () => {
    const world = await signedInWorld();
    world.server.habits.tellsStart = false;
    world.server.habits.tellsDuration = false;
    byRule(world, '101', '+391');
    await world.pass(12_000);
    expect(shown(world).status).toBe('recording');
    const [first] = shown(world).recordings;
    await world.pass(10_000);
    const [second] = shown(world).recordings;
    expect((second?.elapsedMs ?? 0) - (first?.elapsedMs ?? 0)).toBeGreaterThan(8_000);
  });

  test('a server without a list of live recordings is not visible, and a gate does not change that', async () => {
    const world = await makeWorld();
    const api = createLoginGuard({
      api: {
        ...world.server.apiFor(agent),
        activeRecordings: () =>
          Promise.resolve({
            ok: false,
            error: { code: 'live-list-unavailable', operation: 'active', detail: { status: 404 } },
          }),
      },
      clock: world.clock,
      onRefused: () => {},
    });
    world.recorder.setSession(world.session({ api }));
    await world.pass(3_000);
    expect(shown(world).status).toBe('not-visible');
    expect(shown(world).controls.record).toBe(true);
  });
});

describe('commands that meet an outage, another line or a late list', () => {
  const slowStarts = (world: World) => {
    world.server.setNetwork(({ kind }) =>
      kind === 'start' ? { kind: 'ok', outMs: 10, backMs: 9_000 } : fine,
    );
  };

  test('Stop during a start that is cut off stops what lists show only later (M1)', async () => {
    const world = await signedInWorld();
    world.server.startLagMs = 12_000;
    world.server.connectCall('101', agent, '+391');
    slowStarts(world);
    world.recorder.record();
    await world.pass(200);
    world.recorder.stop();
    world.recorder.suspend();
    world.recorder.resume();
    await world.pass(30_000);
    expect(world.server.active()).toEqual([]);
  });

  test('a changed line stops the timers until it is read anew (M2)', async () => {
    const world = await recordingHere();
    await world.pass(1_300);
    const at = world.clock.monotonicNow();
    const [before] = shown(world).recordings;
    world.recorder.setSession(world.session({ line: { ...line, mode: 'dial-in' } }));
    const [after] = shown(world).recordings;
    expect(after?.elapsedMs).toBe((before?.elapsedMs ?? 0) + at - (before?.anchorMono ?? 0));
  });

  test('Pause during a start does not pause what runs on another line (M3)', async () => {
    const world = await signedInWorld();
    const other = byRule(world, '555', '+393');
    await world.pass(40_000);
    world.server.connectCall('101', agent, '+391');
    slowStarts(world);
    world.recorder.record();
    await world.pass(100);
    expect(world.recorder.pause()).toMatchObject({ ok: true });
    await world.pass(20_000);
    expect(other.isPaused).toBe(false);
    // It waits for the recording that was meant.
    expect(world.server.active().find(({ line }) => line === '101')?.isPaused).toBe(true);
  });

  test('Stop that found nothing under an unlisted id waits for the list (M4)', async () => {
    const world = await signedInWorld();
    world.server.habits.answersAnotherId = true;
    world.server.startLagMs = 12_000;
    world.server.connectCall('101', agent, '+391');
    world.recorder.record();
    await world.pass(4_000);
    world.recorder.stop();
    await world.pass(2_000);
    expect(told(world)).not.toContain('stopped');
    await world.pass(12_000);
    expect(world.server.active()).toEqual([]);
  });

  test('a Record that comes after a Stop is not taken back by it (M5)', async () => {
    const world = await makeWorld();
    world.server.connectCall('101', agent, '+391');
    world.recorder.setSession(world.session());
    world.recorder.stop();
    world.recorder.record();
    await world.pass(3_000);
    expect(sent(world, 'start')).toHaveLength(1);
    expect(shown(world).status).toBe('recording');
  });

  test('Resume during a pause is sent although the list is hidden in between (M6)', async () => {
    const world = await recordingHere();
    world.server.blind.add(agent);
    world.recorder.pause();
    await world.pass(15);
    world.recorder.resumeRecording();
    await world.pass(5_000);
    expect(world.server.active()[0]?.isPaused).toBe(false);
  });

  test('what was started after Stop is not taken for what was stopped (M7)', async () => {
    const world = await signedInWorld();
    world.server.startLagMs = 15_000;
    world.server.connectCall('101', agent, '+391');
    world.recorder.record();
    await world.pass(4_000);
    world.recorder.stop();
    world.recorder.record();
    world.recorder.suspend();
    world.recorder.resume();
    await world.pass(30_000);
    expect(world.server.active()).toHaveLength(1);
  });
});
