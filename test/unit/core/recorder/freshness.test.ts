import { describe, expect, test } from 'vitest';

import type { ActiveRecordingView } from '@shared/ipc/snapshot';
import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import { answering, fine, pulled } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, createFixture, signedInFixture } from '../../../fixtures/recorder';

const shown = (fixture: Fixture) => fixture.recorder.view();

/** What a window's timer would show. */
function timer(fixture: Fixture): number {
  const [recording] = shown(fixture).recordings;
  if (recording === undefined) throw new Error('no recording is shown');
  return elapsed(recording, fixture.clock.monotonicNow());
}

function elapsed(recording: ActiveRecordingView, now: number): number {
  return recording.elapsedMs + (recording.ticking ? now - recording.anchorMono : 0);
}

async function recordingWorld(): Promise<Fixture> {
  const fixture = await signedInFixture();
  fixture.server.beginRecording(fixture.server.connectCall('101', agent));
  await fixture.pass(15_000);
  expect(shown(fixture).status).toBe('recording');
  return fixture;
}

describe('freshness', () => {
  test('every state carries when it was true', async () => {
    const fixture = await signedInFixture();
    for (let i = 0; i < 20; i += 1) {
      await fixture.pass(1_700);
      const { asOfMono } = shown(fixture);
      expect(asOfMono).not.toBeNull();
      expect(fixture.clock.monotonicNow() - (asOfMono ?? 0)).toBeLessThanOrEqual(12_100);
    }
  });

  test('before the first answer it is connecting, never "not recording"', async () => {
    const fixture = await createFixture();
    fixture.server.setNetwork(() => ({ kind: 'ok', outMs: 3_000, backMs: 3_000 }));
    fixture.recorder.setSession(fixture.session());
    expect(shown(fixture)).toMatchObject({ status: 'connecting', asOfMono: null, recordings: [] });
    await fixture.pass(5_900);
    expect(shown(fixture).status).toBe('connecting');
    await fixture.pass(200);
    expect(shown(fixture).status).toBe('not-recording');
  });

  test('two missed polls make it unknown, with the last known fact, the reason and the next try', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(() => pulled);
    const before = shown(fixture).asOfMono;
    const statuses = new Set<string>();
    let missed = 0;
    fixture.server.onRequest = (record) => {
      if (record.kind === 'active') missed += 1;
    };
    while (missed < 2) {
      await fixture.pass(100);
      if (missed < 2) statuses.add(shown(fixture).status);
    }
    await fixture.pass(100);
    expect([...statuses]).toEqual(['recording']);
    const view = shown(fixture);
    expect(view.status).toBe('unknown');
    expect(view.unknown).toMatchObject({
      error: { code: 'connection-refused' },
      lastKnown: { recording: true, remoteParty: { phoneNumber: '+390212345' }, asOfMono: before },
    });
    expect(view.recordings[0]?.ticking).toBe(false);
    expect(view.nextTryMono).toBeGreaterThan(fixture.clock.monotonicNow());
    expect(view.controls.tryNow).toBe(true);
    expect(view.controls.record).toBe(false);
  });

  test('10 s without news while recording make it unknown, even if no poll has failed', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(() => ({ kind: 'request-lost', noticedMs: null }));
    const asOf = shown(fixture).asOfMono ?? 0;
    await fixture.pass(asOf + 9_900 - fixture.clock.monotonicNow());
    expect(shown(fixture).status).toBe('recording');
    await fixture.pass(200);
    expect(shown(fixture).status).toBe('unknown');
  });

  test('no setting stretches those 10 s, nor makes the light flicker', async () => {
    const fixture = await createFixture();
    fixture.recorder.setPolicy({ ...defaultPolicy, activeMs: 10_000, visibleMs: 60_000, hiddenMs: 120_000 });
    fixture.recorder.setSession(fixture.session());
    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    await fixture.pass(15_000);
    const statuses = new Set<string>();
    for (let i = 0; i < 600; i += 1) {
      await fixture.pass(200);
      statuses.add(shown(fixture).status);
    }
    expect([...statuses]).toEqual(['recording']);
    fixture.server.setNetwork(() => ({ kind: 'request-lost', noticedMs: null }));
    const asOf = shown(fixture).asOfMono ?? 0;
    await fixture.pass(asOf + 10_100 - fixture.clock.monotonicNow());
    expect(shown(fixture).status).toBe('unknown');
  });

  test('an answer that took long is as old as its question', async () => {
    const fixture = await recordingWorld();
    let slow = true;
    fixture.server.setNetwork(() => {
      const fate = slow
        ? ({ kind: 'ok', outMs: 10, backMs: 6_000 } as const)
        : ({ kind: 'request-lost', noticedMs: null } as const);
      slow = false;
      return fate;
    });
    fixture.recorder.tryNow();
    const asked = fixture.clock.monotonicNow();
    await fixture.pass(6_100);
    expect(shown(fixture)).toMatchObject({ status: 'recording', asOfMono: asked });
    await fixture.pass(3_850);
    expect(shown(fixture).status).toBe('recording');
    await fixture.pass(100);
    expect(shown(fixture).status).toBe('unknown');
  });

  test('Try now asks at once and the state comes back', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(60_000);
    expect(shown(fixture).status).toBe('unknown');
    fixture.server.setNetwork(() => fine);
    const asked = fixture.server.log.length;
    fixture.recorder.tryNow();
    expect(fixture.server.log.length).toBe(asked + 1);
    await fixture.pass(100);
    expect(shown(fixture).status).toBe('recording');
    expect(shown(fixture).unknown).toBeNull();
  });

  test('a try that hangs shows as a try, until it is given up', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(60_000);
    fixture.server.setNetwork(() => ({ kind: 'request-lost', noticedMs: null }));
    fixture.recorder.tryNow();
    const asked = fixture.clock.monotonicNow();
    expect(shown(fixture)).toMatchObject({ status: 'unknown', nextTryMono: asked });
    await fixture.pass(7_000);
    expect(shown(fixture)).toMatchObject({ status: 'unknown', nextTryMono: asked });
    await fixture.pass(1_100);
    expect(shown(fixture).nextTryMono).toBeGreaterThan(fixture.clock.monotonicNow());
  });

  test('an unknown state is told after 30 s, and its end as well; a short one is not', async () => {
    const fixture = await recordingWorld();
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(20_000);
    fixture.server.setNetwork(() => fine);
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.noticed('unknown') + fixture.noticed('recovered')).toBe(0);

    fixture.server.setNetwork(() => pulled);
    await fixture.pass(45_000);
    expect(fixture.notices.at(-1)).toMatchObject({ kind: 'unknown', was: 'recording' });
    await fixture.pass(120_000);
    expect(fixture.noticed('unknown')).toBe(1);
    fixture.server.setNetwork(() => fine);
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.notices.at(-1)).toMatchObject({ kind: 'recovered', is: 'recording' });
  });

  test('an outage that nothing was known before, or after, is not told as "not recording"', async () => {
    const fixture = await createFixture();
    fixture.server.setNetwork(() => pulled);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(120_000);
    expect(fixture.notices).toMatchObject([{ kind: 'unknown', was: 'not-known' }]);
    fixture.server.blind.add(agent);
    fixture.server.setNetwork(() => fine);
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.notices.slice(1)).toEqual([{ kind: 'recovered', is: 'not-known' }]);

    fixture.server.setNetwork(() => pulled);
    await fixture.pass(400_000);
    expect(fixture.notices.slice(2)).toMatchObject([{ kind: 'unknown', was: 'not-known' }]);
    fixture.server.blind.delete(agent);
    fixture.server.setNetwork(() => fine);
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.notices.slice(3)).toEqual([{ kind: 'recovered', is: 'not-recording' }]);
  });

  test('a start that was answered before an outage is told as such, until a list shows it', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork((record) => (record.kind === 'start' ? fine : pulled));
    fixture.recorder.record();
    await fixture.pass(60_000);
    const view = shown(fixture);
    expect(view).toMatchObject({ status: 'unknown', startedHere: { id: fixture.server.active()[0]?.id } });
    expect(fixture.notices.at(-1)).toMatchObject({ kind: 'unknown', was: 'started-here' });

    // Back, but this user may no longer see the line.
    fixture.server.blind.add(agent);
    fixture.server.setNetwork(() => fine);
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.notices.filter(({ kind }) => kind === 'recovered')).toEqual([
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
    const fixture = await recordingWorld();
    fixture.server.setNetwork(() => fate);
    for (let i = 0; i < 120; i += 1) {
      await fixture.pass(500);
      expect(['recording', 'unknown']).toContain(shown(fixture).status);
    }
    expect(shown(fixture).status).toBe('unknown');
    expect(fixture.noticed('ended')).toBe(0);
  });
});

describe('the timer', () => {
  test('follows the server, whatever the wall clock does', async () => {
    const fixture = await recordingWorld();
    for (const jump of [3 * 3_600_000, -6 * 3_600_000, 1, -86_400_000]) {
      fixture.clock.jumpWall(jump);
      await fixture.pass(7_000);
      const truth = fixture.clock.monotonicNow() - (fixture.server.active()[0]?.startedAt ?? 0);
      expect(Math.abs(timer(fixture) - truth)).toBeLessThanOrEqual(20);
      expect(shown(fixture).status).toBe('recording');
    }
  });

  test('is right although the server’s clock is hours off', async () => {
    const fixture = await signedInFixture();
    fixture.server.skewMs = -5 * 3_600_000;
    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    await fixture.pass(20_000);
    const truth = fixture.clock.monotonicNow() - (fixture.server.active()[0]?.startedAt ?? 0);
    expect(Math.abs(timer(fixture) - truth)).toBeLessThanOrEqual(20);
  });

  test('never jumps back by more than the server corrects, over a trembling network', async () => {
    const fixture = await recordingWorld();
    let turn = 0;
    fixture.server.setNetwork(() => {
      turn += 1;
      return { kind: 'ok', outMs: (turn * 137) % 900, backMs: (turn * 311) % 1_100 };
    });
    let last = timer(fixture);
    for (let i = 0; i < 600; i += 1) {
      await fixture.pass(100);
      const now = timer(fixture);
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  });

  test('stands as soon as the server said that the recording ended', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.stop();
    await fixture.pass(25);
    // 204 is here, the confirming list is not.
    const first = timer(fixture);
    expect(shown(fixture).status).toBe('stopping');
    await fixture.pass(10);
    expect(timer(fixture)).toBe(first);
    await fixture.pass(1_000);
    expect(shown(fixture).recordings).toEqual([]);
  });

  test('stands while the recording is paused', async () => {
    const fixture = await recordingWorld();
    const call = fixture.server.callOn('101');
    if (call?.recording) call.recording.isPaused = true;
    await fixture.pass(3_000);
    expect(shown(fixture).status).toBe('paused');
    const { ticking } = shown(fixture).recordings[0] ?? { ticking: true };
    expect(ticking).toBe(false);
  });
});

describe('sleep', () => {
  test('nothing is sent while suspended; after waking it is unknown until the server has answered', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.suspend();
    const sent = fixture.server.log.length;
    await fixture.pass(3_600_000);
    expect(fixture.server.log.length).toBe(sent);
    expect(shown(fixture).status).toBe('unknown');
    expect(fixture.clock.pending()).toBe(0);

    fixture.server.endCall('101');
    fixture.recorder.resume();
    expect(shown(fixture).status).toBe('unknown');
    // A jitter of up to 2 s, and as many lists as prove an end.
    for (let i = 0; i < 8; i += 1) {
      await fixture.pass(500);
      expect(['unknown', 'not-recording']).toContain(shown(fixture).status);
    }
    expect(shown(fixture).status).toBe('not-recording');
    expect(fixture.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ unexpected: true }]);
    expect(fixture.noticed('unknown')).toBe(0);
  });

  test.each<[string, (fixture: Fixture) => unknown]>([
    ['the screen is unlocked or the network changes', ({ recorder }) => recorder.pollSoon()],
    ['the window is shown', ({ recorder }) => recorder.setWindowVisible(true)],
    ['Try now is pressed', ({ recorder }) => recorder.tryNow()],
    ['an error is dismissed', ({ recorder }) => recorder.dismissError()],
    ['Stop is pressed', ({ recorder }) => recorder.stop()],
    ['somebody signs in', (fixture) => fixture.recorder.setSession(fixture.session())],
  ])('where nobody says that the computer woke, it is noticed when %s', async (_name, happen) => {
    const fixture = await recordingWorld();
    fixture.recorder.suspend();
    await fixture.pass(600_000);
    expect(shown(fixture)).toMatchObject({ status: 'unknown', controls: { tryNow: true } });
    happen(fixture);
    await fixture.pass(3_000);
    expect(['recording', 'not-recording']).toContain(shown(fixture).status);
    await fixture.pass(30_000);
    expect(fixture.clock.monotonicNow() - (shown(fixture).asOfMono ?? 0)).toBeLessThan(13_000);
  });

  test('Record, pressed on a computer of which nobody said that it woke, records', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.suspend();
    await fixture.pass(600_000);
    fixture.server.connectCall('101', agent);
    expect(fixture.recorder.record().ok).toBe(true);
    await fixture.pass(3_000);
    expect(shown(fixture).status).toBe('recording');
  });

  test('a window that is hidden proves nothing', async () => {
    const fixture = await recordingWorld();
    fixture.recorder.setWindowVisible(true);
    await fixture.pass(5_000);
    fixture.recorder.suspend();
    const sent = fixture.server.log.length;
    fixture.recorder.setWindowVisible(false);
    await fixture.pass(60_000);
    expect(fixture.server.log.length).toBe(sent);
  });

  test('stale sockets are dropped before anything is asked', async () => {
    const order: string[] = [];
    const fixture = await createFixture();
    const api = fixture.server.apiFor(agent);
    fixture.recorder.setSession(
      fixture.session({
        api: {
          ...api,
          dropIdleConnections: async () => {
            order.push('drop');
            await fixture.clock.sleep(50);
            order.push('dropped');
          },
          activeRecordings: (filter, options) => {
            order.push('ask');
            return api.activeRecordings(filter, options);
          },
        },
      }),
    );
    await fixture.pass(5_000);
    order.length = 0;
    fixture.recorder.suspend();
    await fixture.pass(60_000);
    fixture.recorder.resume();
    await fixture.pass(2_200);
    expect(order.slice(0, 3)).toEqual(['drop', 'dropped', 'ask']);
  });

  test('a sleep that nobody announced is noticed by the clock', async () => {
    const fixture = await recordingWorld();
    fixture.clock.sleepMachine(3_600_000);
    fixture.server.setNetwork(() => ({ kind: 'ok', outMs: 500, backMs: 500 }));
    await fixture.pass(1);
    expect(shown(fixture).status).toBe('unknown');
    await fixture.pass(1_100);
    expect(shown(fixture).status).toBe('recording');
  });
});

test('other lines that could not be read are asked for again at the next poll (20260303/3353)', async () => {
  const fixture = await createFixture();
  const { server, recorder } = fixture;
  let isLost = false;
  server.setNetwork(({ kind, argument }) =>
    kind === 'active' && isLost && argument.includes('username')
      ? answering('server-error', { status: 503 })
      : fine,
  );
  recorder.setSession(fixture.session());
  await fixture.pass(1_000);
  const asked = () => server.log.filter(({ argument }) => argument.includes('username')).length;
  isLost = true;
  const before = asked();
  while (asked() === before) await fixture.pass(1_000);
  isLost = false;
  const again = asked();
  await fixture.pass(16_000);
  expect(asked()).toBeGreaterThan(again);
});
