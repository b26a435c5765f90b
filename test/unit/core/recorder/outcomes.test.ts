import { describe, expect, test } from 'vitest';

import type { Fate } from '../../../fixtures/virtual-server';
import { answering, fine, once, pulled } from '../../../fixtures/networks';
import { agent, line, signedInFixture } from '../../../fixtures/recorder';

const requestLost: Fate = { kind: 'request-lost', noticedMs: 300 };
const requestStalled: Fate = { kind: 'request-lost', noticedMs: null };
const answerLost: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: 300 };
const answerStalled: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: null };

describe('a start whose answer is lost', () => {
  test.each([
    ['is cut', answerLost],
    ['never comes', answerStalled],
  ])('and the answer %s: the running recording is adopted, with one POST', async (_name, fate) => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork(once('start', fate));
    fixture.recorder.record();
    await fixture.pass(30_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.server.everRecorded.length).toBe(1);
    expect(fixture.noticed('refused')).toBe(0);
    expect(fixture.noticed('started')).toBe(1);
  });

  test.each([
    ['is cut', requestLost],
    ['never arrives', requestStalled],
  ])('and the request %s: the state is read, nothing is repeated, the user is told', async (_name, fate) => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork(once('start', fate));
    fixture.recorder.record();
    const before = fixture.server.count('active');
    await fixture.pass(40_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.server.count('active')).toBeGreaterThan(before);
    expect(fixture.noticed('refused')).toBe(1);
    expect(fixture.recorder.view().lastError?.error.operation).toBe('start');
  });

  test('5xx after the effect: adopted', async () => {
    const fixture = await signedInFixture();
    const call = fixture.server.connectCall('101', agent);
    fixture.server.setNetwork((record) => {
      if (record.kind !== 'start') return fine;
      fixture.server.beginRecording(call);
      return answering('server-error', { status: 500 });
    });
    fixture.recorder.record();
    await fixture.pass(3_000);
    expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('a refusal that answers itself is told without delay', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork(once('start', answering('blacklisted', { status: 403, reason: 4 })));
    fixture.recorder.record();
    await fixture.pass(30);
    expect(fixture.recorder.view()).toMatchObject({
      status: 'not-recording',
      lastError: { error: { code: 'blacklisted' } },
    });
    fixture.recorder.dismissError();
    expect(fixture.recorder.view().lastError).toBeNull();
  });

  test('no connected call names the line', async () => {
    const fixture = await signedInFixture();
    fixture.recorder.record();
    await fixture.pass(100);
    expect(fixture.recorder.view().lastError?.error).toMatchObject({
      code: 'no-connected-call',
      detail: { directoryNumber: '101' },
    });
  });

  test('429 reason 0 waits and re-reads', async () => {
    const fixture = await signedInFixture();
    const call = fixture.server.connectCall('101', agent);
    fixture.server.startError = { code: 'start-already-requested', detail: { status: 429, reason: 0 } };
    fixture.recorder.record();
    await fixture.pass(7_000);
    expect(fixture.recorder.view().status).toBe('starting');
    fixture.server.beginRecording(call);
    await fixture.pass(1_500);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('429 reason 0 that never comes true is told in the end', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.startError = { code: 'start-already-requested', detail: { status: 429, reason: 0 } };
    fixture.recorder.record();
    await fixture.pass(30_000);
    expect(fixture.recorder.view().lastError?.error.code).toBe('start-already-requested');
    expect(fixture.server.count('start')).toBe(1);
  });

  test('429 reason 1 adopts the running recording, and does not claim to have started it', async () => {
    const fixture = await signedInFixture();
    await fixture.pass(30_000);
    // It began after the last poll, so nobody here knows.
    fixture.server.record(fixture.server.connectCall('101', agent), 'supervisor');
    fixture.recorder.record();
    await fixture.pass(2_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(false);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('a proxy that doubles the request leaves one recording', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork(once('start', { kind: 'doubled', outMs: 5, againMs: 5, backMs: 5 }));
    fixture.recorder.record();
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.server.everRecorded.length).toBe(1);
  });

  test('ten presses make one request', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork((record) =>
      record.kind === 'start' ? { kind: 'ok', outMs: 900, backMs: 900 } : fine,
    );
    for (let i = 0; i < 10; i += 1) {
      expect(fixture.recorder.record().ok).toBe(true);
      await fixture.pass(100);
    }
    await fixture.pass(5_000);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.recorder.view().status).toBe('recording');
  });

  test('with everything lost the state becomes unknown; what it turned out to be is told when the server is back', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    let cut = false;
    fixture.server.setNetwork((record) => {
      if (record.kind === 'start') {
        cut = true;
        return answerLost;
      }
      return cut ? pulled : fine;
    });
    fixture.recorder.record();
    await fixture.pass(20_000);
    expect(fixture.recorder.view().status).toBe('unknown');
    fixture.server.setNetwork(() => fine);
    fixture.recorder.tryNow();
    await fixture.pass(100);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(fixture.server.count('start')).toBe(1);
  });

  test('a 201 that no list ever shows is not shown as recording, and is looked for', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.startLagMs = Number.POSITIVE_INFINITY;
    fixture.recorder.record();
    const statuses = new Set<string>();
    for (let i = 0; i < 60; i += 1) {
      await fixture.pass(500);
      statuses.add(fixture.recorder.view().status);
    }
    expect([...statuses]).toEqual(['starting', 'not-recording']);
    await fixture.pass(150_000);
    expect(fixture.noticed('unconfirmed')).toBe(1);
  });

  test('a list that shows it a few seconds late is waited for', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.startLagMs = 4_000;
    fixture.recorder.record();
    await fixture.pass(3_000);
    expect(fixture.recorder.view().status).toBe('starting');
    await fixture.pass(3_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.noticed('ended')).toBe(0);
  });
});

describe('a start that is no longer wanted stops what it began, and nothing else', () => {
  const wish = { record: 'stop', recordNextCall: 'cancelWaiting' } as const;

  describe.each(['record', 'recordNextCall'] as const)('%s', (press) => {
    /** A supervisor is faster: the start comes second, or is lost. */
    async function overtaken(fate: Fate) {
      const fixture = await signedInFixture();
      await fixture.pass(30_000);
      const call = fixture.server.connectCall('101', agent);
      fixture.server.setNetwork(once('start', fate));
      fixture.recorder[press]();
      await fixture.pass(50);
      const theirs = fixture.server.beginRecording(call, 'supervisor');
      fixture.recorder[wish[press]]();
      return { fixture, theirs };
    }

    test.each<[string, Fate]>([
      ['already recorded', { kind: 'ok', outMs: 500, backMs: 100 }],
      ['already requested', answering('start-already-requested', { status: 429, reason: 0 })],
    ])('%s: what somebody else records runs on', async (_name, fate) => {
      const { fixture, theirs } = await overtaken(fate);
      await fixture.pass(20_000);
      expect(fixture.server.count('stop')).toBe(0);
      expect(fixture.server.active()).toEqual([theirs]);
      expect(fixture.recorder.view()).toMatchObject({ status: 'recording', waiting: null });
      expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(false);
    });

    test('lost, and somebody records later: that is left alone', async () => {
      const fixture = await signedInFixture();
      await fixture.pass(30_000);
      const call = fixture.server.connectCall('101', agent);
      fixture.server.setNetwork(once('start', requestLost));
      fixture.recorder[press]();
      await fixture.pass(50);
      fixture.recorder[wish[press]]();
      fixture.server.setNetwork((record) => (record.kind === 'start' ? requestLost : pulled));
      await fixture.pass(60_000);
      const theirs = fixture.server.beginRecording(call, 'supervisor');
      await fixture.pass(10_000);
      fixture.server.setNetwork(() => fine);
      fixture.recorder.tryNow();
      await fixture.pass(20_000);
      expect(fixture.server.active()).toEqual([theirs]);
      expect(fixture.server.count('stop')).toBe(0);
    });

    test('lost, and it was recorded before: that is left alone', async () => {
      const fixture = await signedInFixture();
      await fixture.pass(30_000);
      const call = fixture.server.connectCall('101', agent);
      await fixture.pass(2_000);
      const theirs = fixture.server.beginRecording(call, 'supervisor');
      await fixture.pass(1_500);
      fixture.server.setNetwork(once('start', requestLost));
      fixture.recorder[press]();
      await fixture.pass(50);
      fixture.recorder[wish[press]]();
      await fixture.pass(20_000);
      expect(fixture.server.active()).toEqual([theirs]);
      expect(fixture.server.count('stop')).toBe(0);
    });

    test('lost after its effect: that is stopped', async () => {
      const fixture = await signedInFixture();
      await fixture.pass(30_000);
      fixture.server.connectCall('101', agent);
      fixture.server.setNetwork(once('start', answerLost));
      fixture.recorder[press]();
      await fixture.pass(50);
      fixture.recorder[wish[press]]();
      await fixture.pass(20_000);
      expect(fixture.server.everRecorded.length).toBe(1);
      expect(fixture.server.active()).toEqual([]);
    });
  });
});

test('a recording whose start was answered and that no list ever shows has ended unexpectedly', async () => {
  const fixture = await signedInFixture();
  fixture.server.connectCall('101', agent);
  fixture.recorder.record();
  const answered = () => fixture.recorder.view().controls.markMoment;
  while (!answered()) await fixture.pass(10);
  fixture.server.endCall('101');
  await fixture.pass(25_000);
  expect(fixture.noticed('started')).toBe(0);
  expect(fixture.notices.filter(({ kind }) => kind === 'ended')).toMatchObject([{ unexpected: true }]);
});

describe('record when the state is not known', () => {
  test('while connecting: read first, then started', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.recorder.setSession(fixture.session());
    fixture.recorder.record();
    expect(fixture.recorder.view().status).toBe('starting');
    await fixture.pass(2_000);
    expect(fixture.server.log.map((record) => record.kind)).toContain('start');
    expect(fixture.recorder.view().status).toBe('recording');
  });

  test('while unknown, and it is recorded already: the server says so, and nothing is told', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(60_000);
    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    fixture.server.setNetwork(() => fine);
    fixture.recorder.record();
    await fixture.pass(100);
    expect(fixture.recorder.view().status).toBe('recording');
    await fixture.pass(10_000);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.server.active()).toHaveLength(1);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('while unknown, and the server stays away: refused with the reason, nothing sent', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(60_000);
    expect(fixture.recorder.record().ok).toBe(true);
    await fixture.pass(100);
    expect(fixture.recorder.view().status).toBe('unknown');
    expect(fixture.recorder.view().lastError?.error).toMatchObject({
      code: 'connection-refused',
      operation: 'start',
    });
    expect(fixture.server.count('start')).toBe(0);
  });
});

describe('a stop whose answer is lost', () => {
  async function recording() {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(20_000);
    return fixture;
  }

  test.each([
    ['is cut', answerLost],
    ['never comes', answerStalled],
  ])('and the answer %s: read, and not repeated', async (_name, fate) => {
    const fixture = await recording();
    fixture.server.setNetwork(once('stop', fate));
    fixture.recorder.stop();
    await fixture.pass(30_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.server.count('stop')).toBe(1);
    expect(fixture.noticed('stopped')).toBe(1);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('and the request is: read, and repeated once, because it still runs', async () => {
    const fixture = await recording();
    fixture.server.setNetwork(once('stop', requestLost));
    fixture.recorder.stop();
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.server.count('stop')).toBe(2);
  });

  test('again and again: told, and the lamp keeps showing that it records', async () => {
    const fixture = await recording();
    fixture.server.setNetwork((record) => (record.kind === 'stop' ? requestLost : fine));
    fixture.recorder.stop();
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.recorder.view().recordings[0]?.ticking).toBe(true);
    expect(fixture.noticed('refused')).toBe(1);
    expect(fixture.server.count('stop')).toBe(2);
  });

  test('ten presses make one request', async () => {
    const fixture = await recording();
    fixture.server.setNetwork((record) =>
      record.kind === 'stop' ? { kind: 'ok', outMs: 500, backMs: 500 } : fine,
    );
    for (let i = 0; i < 10; i += 1) {
      expect(fixture.recorder.stop().ok).toBe(true);
      await fixture.pass(50);
    }
    await fixture.pass(3_000);
    expect(fixture.server.count('stop')).toBe(1);
  });

  test('automatic recording: refused, still recording', async () => {
    const fixture = await recording();
    fixture.server.stopError = { code: 'automatic-recording', detail: { status: 400, reason: 2 } };
    fixture.recorder.stop();
    await fixture.pass(1_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.recorder.view().lastError?.error.code).toBe('automatic-recording');
  });

  test('a 204 that has no effect is found out', async () => {
    const fixture = await recording();
    const api = fixture.server.apiFor(agent);
    fixture.recorder.setSession(
      fixture.session({ api: { ...api, stopRecording: () => Promise.resolve({ ok: true, value: null }) } }),
    );
    await fixture.pass(3_000);
    fixture.recorder.stop();
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('stopping');
    await fixture.pass(15_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.noticed('refused')).toBe(1);
  });

  test('it ended by itself a moment before: nobody is told of an error', async () => {
    const fixture = await recording();
    fixture.server.endCall('101');
    fixture.recorder.stop();
    await fixture.pass(3_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('stop, pressed while starting, stops what starts', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(5);
    expect(fixture.recorder.stop().ok).toBe(true);
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.server.active()).toEqual([]);
    expect(fixture.server.count('stop')).toBe(1);
  });

  test('record, pressed while stopping, starts another one afterwards', async () => {
    const fixture = await recording();
    fixture.recorder.stop();
    fixture.recorder.record();
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.server.everRecorded.length).toBe(2);
    expect(fixture.server.maxStartsInFlight).toBe(1);
  });
});

describe('answers out of order', () => {
  test('a list asked for before the stop, answered after it, does not bring the recording back', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(20_000);
    fixture.server.setNetwork((record) =>
      record.kind === 'active' ? { kind: 'ok', outMs: 1, backMs: 2_000 } : fine,
    );
    fixture.recorder.tryNow();
    await fixture.pass(100);
    fixture.recorder.stop();
    fixture.server.setNetwork(() => fine);
    const statuses: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      await fixture.pass(100);
      statuses.push(fixture.recorder.view().status);
    }
    expect(statuses.at(-1)).toBe('not-recording');
    expect(new Set(statuses)).toEqual(new Set(['stopping', 'not-recording']));
  });

  test('a list asked for before the start, answered after it, does not end the recording', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent);
    fixture.server.setNetwork((record) =>
      record.kind === 'active' ? { kind: 'ok', outMs: 1, backMs: 1_000 } : fine,
    );
    fixture.recorder.tryNow();
    await fixture.pass(100);
    fixture.recorder.record();
    fixture.server.setNetwork(() => fine);
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('recording');
    expect(fixture.noticed('ended')).toBe(0);
  });
});

describe('Dial-In', () => {
  const dialIn = { ...line, deviceName: 'SEP1', mode: 'dial-in' } as const;

  test('is stopped by id', async () => {
    const fixture = await signedInFixture(1, { line: dialIn });
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(3_000);
    fixture.recorder.stop();
    await fixture.pass(3_000);
    expect(fixture.server.count('stop')).toBe(1);
    expect(fixture.server.count('stop-line')).toBe(0);
  });

  test('where no id is known, by number and never with the device', async () => {
    const fixture = await signedInFixture(1, { line: dialIn });
    fixture.server.blind.add(agent);
    await fixture.pass(20_000);
    fixture.server.beginRecording(fixture.server.connectCall('101', agent));
    expect(fixture.recorder.view().status).toBe('not-visible');
    fixture.recorder.stop();
    await fixture.pass(1_000);
    expect(fixture.server.log.find((record) => record.kind === 'stop-line')?.argument).toBe('101/');
  });
});

describe('a press of Record that others are under way with', () => {
  test('right after Stop, within the first seconds of a recording, is a new wish', async () => {
    const fixture = await signedInFixture();
    fixture.server.startLagMs = 15_000;
    fixture.server.connectCall('101', agent);
    fixture.recorder.record();
    await fixture.pass(500);
    fixture.recorder.stop();
    fixture.recorder.record();
    await fixture.pass(30_000);
    expect(fixture.server.count('start')).toBe(2);
    expect(fixture.server.active()).toHaveLength(1);
  });

  test('after it was told that the outcome of the one before is not known, is answered, too', async () => {
    const fixture = await signedInFixture();
    fixture.server.setNetwork((record) => (record.kind === 'start' ? requestStalled : pulled));
    fixture.recorder.record();
    await fixture.pass(60_000);
    expect(fixture.noticed('refused')).toBe(1);
    fixture.recorder.record();
    fixture.server.setNetwork(() => fine);
    await fixture.pass(30_000);
    expect(fixture.noticed('refused')).toBe(2);
  });

  test('and of Stop, where the line turns out to be recorded for a colleague, are answered', async () => {
    const fixture = await signedInFixture();
    const call = fixture.server.connectCall('101', 'colleague');
    fixture.server.setNetwork(once('start', { kind: 'ok', outMs: 1_000, backMs: 10 }));
    fixture.recorder.record();
    await fixture.pass(100);
    fixture.recorder.stop();
    fixture.server.record(call, 'colleague');
    await fixture.pass(30_000);
    expect(fixture.recorder.view().lastError?.error.code).toBe('already-recorded');
  });

  test.each([
    ['never arrived', requestLost],
    ['kept it', answerLost],
  ])(
    'and of Stop on a shared line, where nobody knows whether the start %s, are answered',
    async (_what, fate) => {
      const fixture = await signedInFixture();
      fixture.server.habits.liveKeep = 'listed';
      fixture.server.setNetwork(once('start', fate));
      fixture.server.connectCall('101', 'colleague');
      fixture.recorder.record();
      await fixture.pass(100);
      fixture.recorder.stop();
      await fixture.pass(40_000);
      expect(fixture.noticed('refused')).toBe(1);
    },
  );
});
