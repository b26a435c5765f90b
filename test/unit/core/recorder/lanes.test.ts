import { expect, test } from 'vitest';

import type { Fate, RequestRecord } from '../../../fixtures/virtual-server';
import { fine } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { signedInFixture } from '../../../fixtures/recorder';

/* What a command that hangs, or a page that takes its time, does to the light and to other commands. */

const answerLost: Fate = { kind: 'answer-lost', outMs: 10, noticedMs: null };
const taking = (ms: number): Fate => ({ kind: 'ok', outMs: 10, backMs: ms });

/** The given fates by kind; all others get through in 20 ms. */
function network(fixture: Fixture, fates: Partial<Record<RequestRecord['kind'], Fate>>): void {
  fixture.server.setNetwork(({ kind }) => fates[kind] ?? fine);
}

const status = (fixture: Fixture) => fixture.recorder.view().status;
const atOf = (fixture: Fixture, kind: RequestRecord['kind']) =>
  fixture.server.log.find((record) => record.kind === kind)?.at;

/** A page of the recordings list, which a window or the tray asks for. */
function askForList(fixture: Fixture): void {
  void fixture.session().api.listRecordings({}, { page: 0, pageSize: 50 });
}

test('a start whose answer is lost is shown by the polls beside it (C28)', async () => {
  const fixture = await signedInFixture();
  fixture.server.connectCall('101', 'agent');
  network(fixture, { start: answerLost });
  fixture.recorder.record();
  await fixture.pass(3_000);
  expect(fixture.server.count('start')).toBe(1);
  expect(status(fixture)).toBe('recording');
});

test('a pause whose answer is lost never makes the light unknown (C28)', async () => {
  const fixture = await signedInFixture();
  fixture.server.beginRecording(fixture.server.connectCall('101', 'agent'));
  await fixture.pass(15_000);
  network(fixture, { pause: answerLost });
  const seen = new Set<string>();
  fixture.recorder.onChange(() => seen.add(status(fixture)));
  fixture.recorder.pause();
  await fixture.pass(3_000);
  expect(status(fixture)).toBe('paused');
  await fixture.pass(20_000);
  expect(seen).not.toContain('unknown');
});

test('Stop that is pressed while a start hangs is sent at once (C28)', async () => {
  const fixture = await signedInFixture();
  fixture.server.connectCall('101', 'agent');
  network(fixture, { start: answerLost });
  fixture.recorder.record();
  await fixture.pass(4_000);
  expect(status(fixture)).toBe('recording');
  const pressedAt = fixture.clock.monotonicNow();
  fixture.recorder.stop();
  await fixture.pass(300);
  expect(atOf(fixture, 'stop')).toBe(pressedAt);
  expect(fixture.server.active()).toEqual([]);
});

test('Record behind a slow list and a slow poll is sent at once (C28)', async () => {
  const fixture = await signedInFixture();
  fixture.server.connectCall('101', 'agent');
  network(fixture, { list: taking(20_000), active: taking(6_000) });
  askForList(fixture);
  const polls = fixture.server.count('active');
  while (fixture.server.count('active') === polls) await fixture.pass(100);
  const pressedAt = fixture.clock.monotonicNow();
  fixture.recorder.record();
  await fixture.pass(300);
  expect(atOf(fixture, 'start')).toBe(pressedAt);
});

test.each([10_000, 30_000, 60_000, 120_000])(
  'Record behind a slow list is sent at once with a poll every %i ms (C8)',
  async (hiddenMs) => {
    const fixture = await signedInFixture();
    fixture.recorder.setPolicy({
      activeMs: 2_000,
      visibleMs: hiddenMs,
      hiddenMs,
      waitMs: 60_000,
      autoResumeMs: null,
    });
    fixture.server.connectCall('101', 'agent');
    await fixture.pass(16_000);
    const polls = fixture.server.count('active');
    while (fixture.server.count('active') === polls) await fixture.pass(100);
    network(fixture, { list: taking(19_490) });
    // Just under the proof that the poll brought, and then long after it has run out.
    await fixture.pass(Math.min(hiddenMs * 0.7, 19_900));
    askForList(fixture);
    await fixture.pass(hiddenMs > 20_000 ? 18_000 : 1_000);
    const pressedAt = fixture.clock.monotonicNow();
    fixture.recorder.record();
    await fixture.pass(300);
    expect(atOf(fixture, 'start')).toBe(pressedAt);
  },
);

test('a press that could not be sent is refused as that, and waits for no confirmation (C8)', async () => {
  const fixture = await signedInFixture();
  fixture.recorder.setPolicy({
    activeMs: 2_000,
    visibleMs: 120_000,
    hiddenMs: 120_000,
    waitMs: 60_000,
    autoResumeMs: null,
  });
  await fixture.pass(16_000);
  const polls = fixture.server.count('active');
  while (fixture.server.count('active') === polls) await fixture.pass(100);
  await fixture.pass(30_000);
  // A command that hangs is the prover, so nothing else may be sent.
  network(fixture, { stop: answerLost, start: answerLost, active: fine });
  const { api } = fixture.session();
  void api.stopRecording('00000000-0000-4000-8000-0000000000f1', { timeoutMs: 60_000 });
  fixture.server.connectCall('101', 'agent');
  fixture.recorder.record();
  await fixture.pass(16_999);
  expect(fixture.noticed('refused')).toBe(0);
  await fixture.pass(1);
  expect(fixture.server.count('start')).toBe(0);
  expect(fixture.recorder.view().lastError?.error).toMatchObject({
    code: 'not-sent',
    operation: 'start',
    detail: { outcomeUnknown: false },
  });
  expect(status(fixture)).toBe('not-recording');
});
