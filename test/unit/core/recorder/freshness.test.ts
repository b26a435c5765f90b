import { describe, expect, test } from 'vitest';

import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import type { ActiveRecordingView } from '../../../../src-main/shared/ipc/snapshot';
import { answering, fine, pulled } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, makeWorld, signedInWorld } from '../../../fixtures/recorder';

const shown = (world: World) => world.recorder.view();

/** What a window's timer would show. */
function timer(world: World): number {
  const [recording] = shown(world).recordings;
  if (recording === undefined) throw new Error('no recording is shown');
  return elapsed(recording, world.clock.monotonicNow());
}

function elapsed(recording: ActiveRecordingView, now: number): number {
  return recording.elapsedMs + (recording.ticking ? now - recording.anchorMono : 0);
}

async function recordingWorld(): Promise<World> {
  const world = await signedInWorld();
  world.server.beginRecording(world.server.connectCall('101', agent));
  await world.pass(15_000);
  expect(shown(world).status).toBe('recording');
  return world;
}

describe('freshness', () => {
  test('every state carries when it was true', async () => {
    const world = await signedInWorld();
    for (let i = 0; i < 20; i += 1) {
      await world.pass(1_700);
      const { asOfMono } = shown(world);
      expect(asOfMono).not.toBeNull();
      expect(world.clock.monotonicNow() - (asOfMono ?? 0)).toBeLessThanOrEqual(12_100);
    }
  });

  test('before the first answer it is connecting, never "not recording"', async () => {
    const world = await makeWorld();
    world.server.setNetwork(() => ({ kind: 'ok', outMs: 3_000, backMs: 3_000 }));
    world.recorder.setSession(world.session());
    expect(shown(world)).toMatchObject({ status: 'connecting', asOfMono: null, recordings: [] });
    await world.pass(5_900);
    expect(shown(world).status).toBe('connecting');
    await world.pass(200);
    expect(shown(world).status).toBe('not-recording');
  });

  test('two missed polls make it unknown, with the last known fact, the reason and the next try', async () => {
    const world = await recordingWorld();
    world.server.setNetwork(() => pulled);
    const before = shown(world).asOfMono;
    const statuses = new Set<string>();
    let missed = 0;
    world.server.onRequest = (record) => {
      if (record.kind === 'active') missed += 1;
    };
    while (missed < 2) {
      await world.pass(100);
      if (missed < 2) statuses.add(shown(world).status);
    }
    await world.pass(100);
    expect([...statuses]).toEqual(['recording']);
    const view = shown(world);
    expect(view.status).toBe('unknown');
    expect(view.unknown).toMatchObject({
      error: { code: 'connection-refused' },
      lastKnown: { recording: true, remoteParty: { phoneNumber: '+390212345' }, asOfMono: before },
    });
    expect(view.recordings[0]?.ticking).toBe(false);
    expect(view.nextTryMono).toBeGreaterThan(world.clock.monotonicNow());
    expect(view.controls.tryNow).toBe(true);
    expect(view.controls.record).toBe(false);
  });

  test('10 s without news while recording make it unknown, even if no poll has failed', async () => {
    const world = await recordingWorld();
    world.server.setNetwork(() => ({ kind: 'request-lost', noticedMs: null }));
    const asOf = shown(world).asOfMono ?? 0;
    await world.pass(asOf + 9_900 - world.clock.monotonicNow());
    expect(shown(world).status).toBe('recording');
    await world.pass(200);
    expect(shown(world).status).toBe('unknown');
  });

  test('no setting stretches those 10 s, nor makes the light flicker', async () => {
    const world = await makeWorld();
    world.recorder.setPolicy({ ...defaultPolicy, activeMs: 10_000, visibleMs: 60_000, hiddenMs: 120_000 });
    world.recorder.setSession(world.session());
    world.server.beginRecording(world.server.connectCall('101', agent));
    await world.pass(15_000);
    const statuses = new Set<string>();
    for (let i = 0; i < 600; i += 1) {
      await world.pass(200);
      statuses.add(shown(world).status);
    }
    expect([...statuses]).toEqual(['recording']);
    world.server.setNetwork(() => ({ kind: 'request-lost', noticedMs: null }));
    const asOf = shown(world).asOfMono ?? 0;
    await world.pass(asOf + 10_100 - world.clock.monotonicNow());
    expect(shown(world).status).toBe('unknown');
  });

  test('an answer that took long is as old as its question', async () => {
    const world = await recordingWorld();
    let slow = true;
    world.server.setNetwork(() => {
      const fate = slow
        ? ({ kind: 'ok', outMs: 10, backMs: 6_000 } as const)
        : ({ kind: 'request-lost', noticedMs: null } as const);
      slow = false;
      return fate;
    });
    world.recorder.tryNow();
    const asked = world.clock.monotonicNow();
    await world.pass(6_100);
    expect(shown(world)).toMatchObject({ status: 'recording', asOfMono: asked });
    await world.pass(3_850);
    expect(shown(world).status).toBe('recording');
    await world.pass(100);
    expect(shown(world).status).toBe('unknown');
  });

  test('Try now asks at once and the state comes back', async () => {
    const world = await recordingWorld();
    world.server.setNetwork(() => pulled);
    await world.pass(60_000);
    expect(shown(world).status).toBe('unknown');
    world.server.setNetwork(() => fine);
    const asked = world.server.log.length;
    world.recorder.tryNow();
    expect(world.server.log.length).toBe(asked + 1);
    await world.pass(100);
    expect(shown(world).status).toBe('recording');
    expect(shown(world).unknown).toBeNull();
  });

  test('a try that hangs shows as a try, until it is given up', async () => {
    const world = await recordingWorld();
    world.server.setNetwork(() => pulled);
    await world.pass(60_000);
    world.server.setNetwork(() => ({ kind: 'request-lost', noticedMs: null }));
    world.recorder.tryNow();
    const asked = world.clock.monotonicNow();
    expect(shown(world)).toMatchObject({ status: 'unknown', nextTryMono: asked });
    await world.pass(7_000);
    expect(shown(world)).toMatchObject({ status: 'unknown', nextTryMono: asked });
    await world.pass(1_100);
    expect(shown(world).nextTryMono).toBeGreaterThan(world.clock.monotonicNow());
  });

  test('an unknown state is told after 30 s, and its end as well; a short one is not', async () => {
    const world = await recordingWorld();
    world.server.setNetwork(() => pulled);
    await world.pass(20_000);
    world.server.setNetwork(() => fine);
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.noticed('unknown') + world.noticed('recovered')).toBe(0);

    world.server.setNetwork(() => pulled);
    await world.pass(45_000);
    expect(world.notices.at(-1)).toMatchObject({ kind: 'unknown', was: 'recording' });
    await world.pass(120_000);
    expect(world.noticed('unknown')).toBe(1);
    world.server.setNetwork(() => fine);
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.notices.at(-1)).toMatchObject({ kind: 'recovered', is: 'recording' });
  });

  test('an outage that nothing was known before, or after, is not told as "not recording"', async () => {
    const world = await makeWorld();
    world.server.setNetwork(() => pulled);
    world.recorder.setSession(world.session());
    await world.pass(120_000);
    expect(world.notices).toMatchObject([{ kind: 'unknown', was: 'not-known' }]);
    world.server.blind.add(agent);
    world.server.setNetwork(() => fine);
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.notices.slice(1)).toEqual([{ kind: 'recovered', is: 'not-known' }]);

    world.server.setNetwork(() => pulled);
    await world.pass(400_000);
    expect(world.notices.slice(2)).toMatchObject([{ kind: 'unknown', was: 'not-known' }]);
    world.server.blind.delete(agent);
    world.server.setNetwork(() => fine);
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.notices.slice(3)).toEqual([{ kind: 'recovered', is: 'not-recording' }]);
  });

  test('a start that was answered before an outage is told as such, until a list shows it', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork((record) => (record.kind === 'start' ? fine : pulled));
    world.recorder.record();
    await world.pass(60_000);
    const view = shown(world);
    expect(view).toMatchObject({ status: 'unknown', startedHere: { id: world.server.active()[0]?.id } });
    expect(world.notices.at(-1)).toMatchObject({ kind: 'unknown', was: 'started-here' });

    // Back, but this user may no longer see the line.
    world.server.blind.add(agent);
    world.server.setNetwork(() => fine);
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.notices.filter(({ kind }) => kind === 'recovered')).toEqual([
      { kind: 'recovered', is: 'started-here' },
    ]);
  });

  test.each([
    ['503 with an HTML page', answering('server-error', { status: 503 })],
    ['a proxy log-in page with 200', answering('not-this-server', { status: 200 })],
    ['a redirect to a log-in page', answering('redirected', { status: 302 })],
    ['a wrong shape', answering('malformed', { status: 200, field: 'duration' })],
    ['no network', answering('offline')],
    ['an untrusted certificate', answering('tls-untrusted')],
  ])('%s is never taken for "not recording"', async (_name, fate) => {
    const world = await recordingWorld();
    world.server.setNetwork(() => fate);
    for (let i = 0; i < 120; i += 1) {
      await world.pass(500);
      expect(['recording', 'unknown']).toContain(shown(world).status);
    }
    expect(shown(world).status).toBe('unknown');
    expect(world.noticed('ended')).toBe(0);
  });
});

describe('the timer', () => {
  test('follows the server, whatever the wall clock does', async () => {
    const world = await recordingWorld();
    for (const jump of [3 * 3_600_000, -6 * 3_600_000, 1, -86_400_000]) {
      world.clock.jumpWall(jump);
      await world.pass(7_000);
      const truth = world.clock.monotonicNow() - (world.server.active()[0]?.startedAt ?? 0);
      expect(Math.abs(timer(world) - truth)).toBeLessThanOrEqual(20);
      expect(shown(world).status).toBe('recording');
    }
  });

  test('is right although the server’s clock is hours off', async () => {
    const world = await signedInWorld();
    world.server.skewMs = -5 * 3_600_000;
    world.server.beginRecording(world.server.connectCall('101', agent));
    await world.pass(20_000);
    const truth = world.clock.monotonicNow() - (world.server.active()[0]?.startedAt ?? 0);
    expect(Math.abs(timer(world) - truth)).toBeLessThanOrEqual(20);
  });

  test('never jumps back by more than the server corrects, over a trembling network', async () => {
    const world = await recordingWorld();
    let turn = 0;
    world.server.setNetwork(() => {
      turn += 1;
      return { kind: 'ok', outMs: (turn * 137) % 900, backMs: (turn * 311) % 1_100 };
    });
    let last = timer(world);
    for (let i = 0; i < 600; i += 1) {
      await world.pass(100);
      const now = timer(world);
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });

  test('stands as soon as the server said that the recording ended', async () => {
    const world = await recordingWorld();
    world.recorder.stop();
    await world.pass(25);
    // 204 is here, the confirming list is not.
    const first = timer(world);
    expect(shown(world).status).toBe('stopping');
    await world.pass(10);
    expect(timer(world)).toBe(first);
    await world.pass(1_000);
    expect(shown(world).recordings).toEqual([]);
  });

  test('stands while the recording is paused', async () => {
    const world = await recordingWorld();
    const call = world.server.callOn('101');
    if (call?.recording) call.recording.isPaused = true;
    await world.pass(3_000);
    expect(shown(world).status).toBe('paused');
    const { ticking } = shown(world).recordings[0] ?? { ticking: true };
    expect(ticking).toBe(false);
  });
});

describe('sleep', () => {
  test('nothing is sent while suspended; after waking it is unknown until the server has answered', async () => {
    const world = await recordingWorld();
    world.recorder.suspend();
    const sent = world.server.log.length;
    await world.pass(3_600_000);
    expect(world.server.log.length).toBe(sent);
    expect(shown(world).status).toBe('unknown');
    expect(world.clock.pending()).toBe(0);

    world.server.endCall('101');
    world.recorder.resume();
    expect(shown(world).status).toBe('unknown');
    // A jitter of up to 2 s, and as many lists as prove an end.
    for (let i = 0; i < 8; i += 1) {
      await world.pass(500);
      expect(['unknown', 'not-recording']).toContain(shown(world).status);
    }
    expect(shown(world).status).toBe('not-recording');
    expect(world.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ unexpected: true }]);
    expect(world.noticed('unknown')).toBe(0);
  });

  test.each<[string, (world: World) => unknown]>([
    ['the screen is unlocked or the network changes', ({ recorder }) => recorder.pollSoon()],
    ['the window is shown', ({ recorder }) => recorder.setWindowVisible(true)],
    ['Try now is pressed', ({ recorder }) => recorder.tryNow()],
    ['an error is dismissed', ({ recorder }) => recorder.dismissError()],
    ['Stop is pressed', ({ recorder }) => recorder.stop()],
    ['somebody signs in', (world) => world.recorder.setSession(world.session())],
  ])('where nobody says that the computer woke, it is noticed when %s', async (_name, happen) => {
    const world = await recordingWorld();
    world.recorder.suspend();
    await world.pass(600_000);
    expect(shown(world)).toMatchObject({ status: 'unknown', controls: { tryNow: true } });
    happen(world);
    await world.pass(3_000);
    expect(['recording', 'not-recording']).toContain(shown(world).status);
    await world.pass(30_000);
    expect(world.clock.monotonicNow() - (shown(world).asOfMono ?? 0)).toBeLessThan(13_000);
  });

  test('Record, pressed on a computer of which nobody said that it woke, records', async () => {
    const world = await signedInWorld();
    world.recorder.suspend();
    await world.pass(600_000);
    world.server.connectCall('101', agent);
    expect(world.recorder.record().ok).toBe(true);
    await world.pass(3_000);
    expect(shown(world).status).toBe('recording');
  });

  test('a window that is hidden proves nothing', async () => {
    const world = await recordingWorld();
    world.recorder.setWindowVisible(true);
    await world.pass(5_000);
    world.recorder.suspend();
    const sent = world.server.log.length;
    world.recorder.setWindowVisible(false);
    await world.pass(60_000);
    expect(world.server.log.length).toBe(sent);
  });

  test('stale sockets are dropped before anything is asked', async () => {
    const order: string[] = [];
    const world = await makeWorld();
    const api = world.server.apiFor(agent);
    world.recorder.setSession(
      world.session({
        api: {
          ...api,
          dropIdleConnections: async () => {
            order.push('drop');
            await world.clock.sleep(50);
            order.push('dropped');
          },
          activeRecordings: (filter, options) => {
            order.push('ask');
            return api.activeRecordings(filter, options);
          },
        },
      }),
    );
    await world.pass(5_000);
    order.length = 0;
    world.recorder.suspend();
    await world.pass(60_000);
    world.recorder.resume();
    await world.pass(2_200);
    expect(order.slice(0, 3)).toEqual(['drop', 'dropped', 'ask']);
  });

  test('a sleep that nobody announced is noticed by the clock', async () => {
    const world = await recordingWorld();
    world.clock.sleepMachine(3_600_000);
    world.server.setNetwork(() => ({ kind: 'ok', outMs: 500, backMs: 500 }));
    await world.pass(1);
    expect(shown(world).status).toBe('unknown');
    await world.pass(1_100);
    expect(shown(world).status).toBe('recording');
  });
});
