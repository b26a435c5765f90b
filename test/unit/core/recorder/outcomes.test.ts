import { describe, expect, test } from 'vitest';

import type { Fate } from '../../../fixtures/virtual-server';
import { answering, fine, once, pulled } from '../../../fixtures/networks';
import { agent, line, signedInWorld } from '../../../fixtures/recorder';

const requestLost: Fate = { kind: 'request-lost', noticedMs: 300 };
const requestStalled: Fate = { kind: 'request-lost', noticedMs: null };
const answerLost: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: 300 };
const answerStalled: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: null };

describe('a start whose answer is lost', () => {
  test.each([
    ['is cut', answerLost],
    ['never comes', answerStalled],
  ])('and the answer %s: the running recording is adopted, with one POST', async (_name, fate) => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork(once('start', fate));
    world.recorder.record();
    await world.pass(30_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(world.server.count('start')).toBe(1);
    expect(world.server.everRecorded.length).toBe(1);
    expect(world.noticed('refused')).toBe(0);
    expect(world.noticed('started')).toBe(1);
  });

  test.each([
    ['is cut', requestLost],
    ['never arrives', requestStalled],
  ])('and the request %s: the state is read, nothing is repeated, the user is told', async (_name, fate) => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork(once('start', fate));
    world.recorder.record();
    const before = world.server.count('active');
    await world.pass(40_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.server.count('start')).toBe(1);
    expect(world.server.count('active')).toBeGreaterThan(before);
    expect(world.noticed('refused')).toBe(1);
    expect(world.recorder.view().lastError?.error.operation).toBe('start');
  });

  test('5xx after the effect: adopted', async () => {
    const world = await signedInWorld();
    const call = world.server.connectCall('101', agent);
    world.server.setNetwork((record) => {
      if (record.kind !== 'start') return fine;
      world.server.beginRecording(call);
      return answering('server-error', { status: 500 });
    });
    world.recorder.record();
    await world.pass(3_000);
    expect(world.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(world.noticed('refused')).toBe(0);
  });

  test('a refusal that answers itself is told without delay', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(once('start', answering('blacklisted', { status: 403, reason: 4 })));
    world.recorder.record();
    await world.pass(30);
    expect(world.recorder.view()).toMatchObject({
      status: 'not-recording',
      lastError: { error: { code: 'blacklisted' } },
    });
    world.recorder.dismissError();
    expect(world.recorder.view().lastError).toBeNull();
  });

  test('no connected call names the line', async () => {
    const world = await signedInWorld();
    world.recorder.record();
    await world.pass(100);
    expect(world.recorder.view().lastError?.error).toMatchObject({
      code: 'no-connected-call',
      detail: { directoryNumber: '101' },
    });
  });

  test('429 reason 0 waits and re-reads', async () => {
    const world = await signedInWorld();
    const call = world.server.connectCall('101', agent);
    world.server.startError = { code: 'start-already-requested', detail: { status: 429, reason: 0 } };
    world.recorder.record();
    await world.pass(7_000);
    expect(world.recorder.view().status).toBe('starting');
    world.server.beginRecording(call);
    await world.pass(1_500);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.server.count('start')).toBe(1);
    expect(world.noticed('refused')).toBe(0);
  });

  test('429 reason 0 that never comes true is told in the end', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.startError = { code: 'start-already-requested', detail: { status: 429, reason: 0 } };
    world.recorder.record();
    await world.pass(30_000);
    expect(world.recorder.view().lastError?.error.code).toBe('start-already-requested');
    expect(world.server.count('start')).toBe(1);
  });

  test('429 reason 1 adopts the running recording, and does not claim to have started it', async () => {
    const world = await signedInWorld();
    await world.pass(30_000);
    // It began after the last poll, so nobody here knows.
    world.server.record(world.server.connectCall('101', agent), 'supervisor');
    world.recorder.record();
    await world.pass(2_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.recorder.view().recordings[0]?.startedHere).toBe(false);
    expect(world.noticed('refused')).toBe(0);
  });

  test('a proxy that doubles the request leaves one recording', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork(once('start', { kind: 'doubled', outMs: 5, againMs: 5, backMs: 5 }));
    world.recorder.record();
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.server.everRecorded.length).toBe(1);
  });

  test('ten presses make one request', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 900, backMs: 900 } : fine,
    );
    for (let i = 0; i < 10; i += 1) {
      expect(world.recorder.record().ok).toBe(true);
      await world.pass(100);
    }
    await world.pass(5_000);
    expect(world.server.count('start')).toBe(1);
    expect(world.recorder.view().status).toBe('recording');
  });

  test('with everything lost the state becomes unknown; what it turned out to be is told when the server is back', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    let cut = false;
    world.server.setNetwork((record) => {
      if (record.kind === 'start') {
        cut = true;
        return answerLost;
      }
      return cut ? pulled : fine;
    });
    world.recorder.record();
    await world.pass(20_000);
    expect(world.recorder.view().status).toBe('unknown');
    world.server.setNetwork(() => fine);
    world.recorder.tryNow();
    await world.pass(100);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(world.server.count('start')).toBe(1);
  });

  test('a 201 that no list ever shows is not shown as recording, and is looked for', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.startLagMs = Number.POSITIVE_INFINITY;
    world.recorder.record();
    const statuses = new Set<string>();
    for (let i = 0; i < 60; i += 1) {
      await world.pass(500);
      statuses.add(world.recorder.view().status);
    }
    expect([...statuses]).toEqual(['starting', 'not-recording']);
    await world.pass(150_000);
    expect(world.noticed('unconfirmed')).toBe(1);
  });

  test('a list that shows it a few seconds late is waited for', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.startLagMs = 4_000;
    world.recorder.record();
    await world.pass(3_000);
    expect(world.recorder.view().status).toBe('starting');
    await world.pass(3_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.noticed('ended')).toBe(0);
  });
});

describe('a start that is no longer wanted stops what it began, and nothing else', () => {
  const wish = { record: 'stop', recordNextCall: 'cancelWaiting' } as const;

  describe.each(['record', 'recordNextCall'] as const)('%s', (press) => {
    /** A supervisor is faster: the start comes second, or is lost. */
    async function overtaken(fate: Fate) {
      const world = await signedInWorld();
      await world.pass(30_000);
      const call = world.server.connectCall('101', agent);
      world.server.setNetwork(once('start', fate));
      world.recorder[press]();
      await world.pass(50);
      const theirs = world.server.beginRecording(call, 'supervisor');
      world.recorder[wish[press]]();
      return { world, theirs };
    }

    test.each<[string, Fate]>([
      ['already recorded', { kind: 'ok', outMs: 500, backMs: 100 }],
      ['already requested', answering('start-already-requested', { status: 429, reason: 0 })],
    ])('%s: what somebody else records runs on', async (_name, fate) => {
      const { world, theirs } = await overtaken(fate);
      await world.pass(20_000);
      expect(world.server.count('stop')).toBe(0);
      expect(world.server.active()).toEqual([theirs]);
      expect(world.recorder.view()).toMatchObject({ status: 'recording', waiting: null });
      expect(world.recorder.view().recordings[0]?.startedHere).toBe(false);
    });

    test('lost, and somebody records later: that is left alone', async () => {
      const world = await signedInWorld();
      await world.pass(30_000);
      const call = world.server.connectCall('101', agent);
      world.server.setNetwork(once('start', requestLost));
      world.recorder[press]();
      await world.pass(50);
      world.recorder[wish[press]]();
      world.server.setNetwork((record) => (record.kind === 'start' ? requestLost : pulled));
      await world.pass(60_000);
      const theirs = world.server.beginRecording(call, 'supervisor');
      await world.pass(10_000);
      world.server.setNetwork(() => fine);
      world.recorder.tryNow();
      await world.pass(20_000);
      expect(world.server.active()).toEqual([theirs]);
      expect(world.server.count('stop')).toBe(0);
    });

    test('lost, and it was recorded before: that is left alone', async () => {
      const world = await signedInWorld();
      await world.pass(30_000);
      const call = world.server.connectCall('101', agent);
      await world.pass(2_000);
      const theirs = world.server.beginRecording(call, 'supervisor');
      await world.pass(1_500);
      world.server.setNetwork(once('start', requestLost));
      world.recorder[press]();
      await world.pass(50);
      world.recorder[wish[press]]();
      await world.pass(20_000);
      expect(world.server.active()).toEqual([theirs]);
      expect(world.server.count('stop')).toBe(0);
    });

    test('lost after its effect: that is stopped', async () => {
      const world = await signedInWorld();
      await world.pass(30_000);
      world.server.connectCall('101', agent);
      world.server.setNetwork(once('start', answerLost));
      world.recorder[press]();
      await world.pass(50);
      world.recorder[wish[press]]();
      await world.pass(20_000);
      expect(world.server.everRecorded.length).toBe(1);
      expect(world.server.active()).toEqual([]);
    });
  });
});

test('a recording whose start was answered and that no list ever shows has ended unexpectedly', async () => {
  const world = await signedInWorld();
  world.server.connectCall('101', agent);
  world.recorder.record();
  const answered = () => world.recorder.view().controls.markMoment;
  while (!answered()) await world.pass(10);
  world.server.endCall('101');
  await world.pass(25_000);
  expect(world.noticed('started')).toBe(0);
  expect(world.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ unexpected: true }]);
});

describe('record when the state is not known', () => {
  test('while connecting: read first, then started', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.recorder.setSession(world.session());
    world.recorder.record();
    expect(world.recorder.view().status).toBe('starting');
    await world.pass(2_000);
    expect(world.server.log.map((record) => record.kind)).toContain('start');
    expect(world.recorder.view().status).toBe('recording');
  });

  test('while unknown, and it is recorded already: adopted without a request', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(() => pulled);
    await world.pass(60_000);
    world.server.beginRecording(world.server.connectCall('101', agent));
    world.server.setNetwork(() => fine);
    world.recorder.record();
    await world.pass(100);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.server.count('start')).toBe(0);
  });

  test('while unknown, and the server stays away: refused with the reason, nothing sent', async () => {
    const world = await signedInWorld();
    world.server.setNetwork(() => pulled);
    await world.pass(60_000);
    expect(world.recorder.record().ok).toBe(true);
    await world.pass(100);
    expect(world.recorder.view().status).toBe('unknown');
    expect(world.recorder.view().lastError?.error).toMatchObject({
      code: 'connection-refused',
      operation: 'start',
    });
    expect(world.server.count('start')).toBe(0);
  });
});

describe('a stop whose answer is lost', () => {
  async function recording() {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(20_000);
    return world;
  }

  test.each([
    ['is cut', answerLost],
    ['never comes', answerStalled],
  ])('and the answer %s: read, and not repeated', async (_name, fate) => {
    const world = await recording();
    world.server.setNetwork(once('stop', fate));
    world.recorder.stop();
    await world.pass(30_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.server.count('stop')).toBe(1);
    expect(world.noticed('stopped')).toBe(1);
    expect(world.noticed('refused')).toBe(0);
  });

  test('and the request is: read, and repeated once, because it still runs', async () => {
    const world = await recording();
    world.server.setNetwork(once('stop', requestLost));
    world.recorder.stop();
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.server.count('stop')).toBe(2);
  });

  test('again and again: told, and the lamp keeps showing that it records', async () => {
    const world = await recording();
    world.server.setNetwork((record) => (record.kind === 'stop' ? requestLost : fine));
    world.recorder.stop();
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.recorder.view().recordings[0]?.ticking).toBe(true);
    expect(world.noticed('refused')).toBe(1);
    expect(world.server.count('stop')).toBe(2);
  });

  test('ten presses make one request', async () => {
    const world = await recording();
    world.server.setNetwork((record) =>
      record.kind === 'stop' ? { kind: 'ok', outMs: 500, backMs: 500 } : fine,
    );
    for (let i = 0; i < 10; i += 1) {
      expect(world.recorder.stop().ok).toBe(true);
      await world.pass(50);
    }
    await world.pass(3_000);
    expect(world.server.count('stop')).toBe(1);
  });

  test('automatic recording: refused, still recording', async () => {
    const world = await recording();
    world.server.stopError = { code: 'automatic-recording', detail: { status: 400, reason: 2 } };
    world.recorder.stop();
    await world.pass(1_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.recorder.view().lastError?.error.code).toBe('automatic-recording');
  });

  test('a 204 that has no effect is found out', async () => {
    const world = await recording();
    const api = world.server.apiFor(agent);
    world.recorder.setSession(
      world.session({ api: { ...api, stopRecording: () => Promise.resolve({ ok: true, value: null }) } }),
    );
    await world.pass(3_000);
    world.recorder.stop();
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('stopping');
    await world.pass(15_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.noticed('refused')).toBe(1);
  });

  test('it ended by itself a moment before: nobody is told of an error', async () => {
    const world = await recording();
    world.server.endCall('101');
    world.recorder.stop();
    await world.pass(3_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.noticed('refused')).toBe(0);
  });

  test('stop, pressed while starting, stops what starts', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(5);
    expect(world.recorder.stop().ok).toBe(true);
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.server.active()).toEqual([]);
    expect(world.server.count('stop')).toBe(1);
  });

  test('record, pressed while stopping, starts another one afterwards', async () => {
    const world = await recording();
    world.recorder.stop();
    world.recorder.record();
    await world.pass(5_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.server.everRecorded.length).toBe(2);
    expect(world.server.maxStartsInFlight).toBe(1);
  });
});

describe('answers out of order', () => {
  test('a list asked for before the stop, answered after it, does not bring the recording back', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(20_000);
    world.server.setNetwork((record) =>
      record.kind === 'active' ? { kind: 'ok', outMs: 1, backMs: 2_000 } : fine,
    );
    world.recorder.tryNow();
    await world.pass(100);
    world.recorder.stop();
    world.server.setNetwork(() => fine);
    const statuses: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      await world.pass(100);
      statuses.push(world.recorder.view().status);
    }
    expect(statuses.at(-1)).toBe('not-recording');
    expect(new Set(statuses)).toEqual(new Set(['stopping', 'not-recording']));
  });

  test('a list asked for before the start, answered after it, does not end the recording', async () => {
    const world = await signedInWorld();
    world.server.connectCall('101', agent);
    world.server.setNetwork((record) =>
      record.kind === 'active' ? { kind: 'ok', outMs: 1, backMs: 1_000 } : fine,
    );
    world.recorder.tryNow();
    await world.pass(100);
    world.recorder.record();
    world.server.setNetwork(() => fine);
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('recording');
    expect(world.noticed('ended')).toBe(0);
  });
});

describe('Dial-In', () => {
  const dialIn = { ...line, deviceName: 'SEP1', mode: 'dial-in' } as const;

  test('is stopped by id', async () => {
    const world = await signedInWorld(1, { line: dialIn });
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(3_000);
    world.recorder.stop();
    await world.pass(3_000);
    expect(world.server.count('stop')).toBe(1);
    expect(world.server.count('stop-line')).toBe(0);
  });

  test('where no id is known, by number and never with the device', async () => {
    const world = await signedInWorld(1, { line: dialIn });
    world.server.blind.add(agent);
    await world.pass(20_000);
    world.server.beginRecording(world.server.connectCall('101', agent));
    expect(world.recorder.view().status).toBe('not-visible');
    world.recorder.stop();
    await world.pass(1_000);
    expect(world.server.log.find((record) => record.kind === 'stop-line')?.argument).toBe('101/');
  });
});

describe('a press of Record that others are under way with', () => {
  test('right after Stop, within the first seconds of a recording, is a new wish', async () => {
    const world = await signedInWorld();
    world.server.startLagMs = 15_000;
    world.server.connectCall('101', agent);
    world.recorder.record();
    await world.pass(500);
    world.recorder.stop();
    world.recorder.record();
    await world.pass(30_000);
    expect(world.server.count('start')).toBe(2);
    expect(world.server.active()).toHaveLength(1);
  });

  test('after it was told that the outcome of the one before is not known, is answered, too', async () => {
    const world = await signedInWorld();
    world.server.setNetwork((record) => (record.kind === 'start' ? requestStalled : pulled));
    world.recorder.record();
    await world.pass(60_000);
    expect(world.noticed('refused')).toBe(1);
    world.recorder.record();
    world.server.setNetwork(() => fine);
    await world.pass(30_000);
    expect(world.noticed('refused')).toBe(2);
  });

  test('and of Stop, where the line turns out to be recorded for a colleague, are answered', async () => {
    const world = await signedInWorld();
    const call = world.server.connectCall('101', 'colleague');
    world.server.setNetwork(once('start', { kind: 'ok', outMs: 1_000, backMs: 10 }));
    world.recorder.record();
    await world.pass(100);
    world.recorder.stop();
    world.server.record(call, 'colleague');
    await world.pass(30_000);
    expect(world.recorder.view().lastError?.error.code).toBe('already-recorded');
  });

  test.each([
    ['never arrived', requestLost],
    ['kept it', answerLost],
  ])(
    'and of Stop on a shared line, where nobody knows whether the start %s, are answered',
    async (_what, fate) => {
      const world = await signedInWorld();
      world.server.habits.liveKeep = 'listed';
      world.server.setNetwork(once('start', fate));
      world.server.connectCall('101', 'colleague');
      world.recorder.record();
      await world.pass(100);
      world.recorder.stop();
      await world.pass(40_000);
      expect(world.noticed('refused')).toBe(1);
    },
  );
});
