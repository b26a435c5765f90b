import { describe, expect, test } from 'vitest';

import { once } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, createFixture, signedInFixture } from '../../../fixtures/recorder';

/*
 * A Record that is not sent because a list shows a recording: lists may show it although it is over.
 */

const dropped = expect.objectContaining({
  kind: 'refused',
  error: expect.objectContaining({ code: 'start-dropped', operation: 'start' }) as unknown,
}) as unknown;

/** A call that lists still show for 6 s as recorded, and that has just ended; and another one that is not recorded. */
function endRecordedCall({ server }: Fixture): void {
  server.habits.lingerMs = 6_000;
  server.hangUp(server.record(server.addCall('101', agent, '+391'), 'rule').call);
  server.addCall('101', agent, '+392');
}

describe('a Record that a recording on the list stood in for, which was over', () => {
  test('is told as dropped: its request was lost', async () => {
    const fixture = await signedInFixture();
    const { server } = fixture;
    server.habits.lingerMs = 6_000;
    const { call } = server.record(server.addCall('101', agent, '+391'), 'rule');
    server.setNetwork(once('start', { kind: 'request-lost', noticedMs: 2_000 }));
    await fixture.pass(1_500);
    fixture.recorder.record();
    server.hangUp(call);
    await fixture.pass(30_000);
    expect(fixture.notices).toContainEqual(dropped);
  });

  test('is told as dropped: the next call was waited for', async () => {
    const fixture = await createFixture();
    endRecordedCall(fixture);
    fixture.recorder.setSession(fixture.session());
    fixture.recorder.recordNextCall();
    await fixture.pass(30_000);
    expect(fixture.recorder.view().waiting).toBeNull();
    expect(fixture.notices).toContainEqual(dropped);
  });

  test('is not told where that runs on for a while: the press had what it asked for', async () => {
    const fixture = await createFixture();
    const { call } = fixture.server.record(fixture.server.addCall('101', agent, '+391'), 'rule');
    fixture.recorder.setSession(fixture.session());
    fixture.recorder.record();
    await fixture.pass(20_000);
    fixture.server.hangUp(call);
    await fixture.pass(30_000);
    expect(fixture.noticed('ended')).toBe(1);
    expect(fixture.noticed('refused')).toBe(0);
  });
});

describe('a Record that joins a start', () => {
  /** A start that was answered, and whose call was hung up before any list showed it. */
  async function endedUnseen(): Promise<Fixture> {
    const fixture = await signedInFixture();
    fixture.server.startLagMs = 12_000;
    const call = fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(1_000);
    fixture.server.hangUp(call);
    return fixture;
  }

  test('whose recording was over, and was not heard of again, is told as dropped (20260302/12809)', async () => {
    const fixture = await endedUnseen();
    fixture.recorder.record();
    await fixture.pass(40_000);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.notices).toContainEqual(dropped);
  });

  test('is not told without a second press, nor where a list shows the recording after it', async () => {
    const unpressed = await endedUnseen();
    await unpressed.pass(40_000);
    expect(unpressed.noticed('refused')).toBe(0);
    const fixture = await signedInFixture();
    const call = fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(1_000);
    fixture.recorder.record();
    await fixture.pass(5_000);
    fixture.server.hangUp(call);
    await fixture.pass(30_000);
    expect(fixture.noticed('ended')).toBe(1);
    expect(fixture.noticed('refused')).toBe(0);
  });

  test('of before a sleep, which a list had shown and which is over, is told as dropped (20260302/6224)', async () => {
    const fixture = await signedInFixture();
    const { server, recorder } = fixture;
    const call = server.connectCall('101', agent, '+391');
    server.setNetwork(once('start', { kind: 'ok', outMs: 10, backMs: 20_000 }));
    recorder.record();
    await fixture.pass(6_000);
    expect(recorder.view().status).toBe('recording');
    recorder.suspend();
    await fixture.pass(20_000);
    server.hangUp(call);
    recorder.resume();
    recorder.record();
    await fixture.pass(30_000);
    expect(server.count('start')).toBe(1);
    expect(fixture.notices).toContainEqual(dropped);
  });
});

describe('a Record while a recording of this user is listed', () => {
  const answered = expect.objectContaining({
    kind: 'refused',
    error: expect.objectContaining({
      code: 'already-recorded',
      detail: expect.objectContaining({ status: 429 }),
    }),
  }) as unknown;

  test('is answered by the server: it is recorded already', async () => {
    const fixture = await createFixture();
    fixture.server.record(fixture.server.addCall('101', agent, '+391'), 'rule');
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(3_000);
    expect(fixture.recorder.record().ok).toBe(true);
    await fixture.pass(10_000);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.server.active()).toHaveLength(1);
    expect(fixture.notices).toContainEqual(answered);
  });

  test.each(['before the state was known', 'of a call that is over'])(
    'records the other call, where the listed one is over, or of another call: pressed %s',
    async (when) => {
      const fixture = await createFixture();
      endRecordedCall(fixture);
      fixture.recorder.setSession(fixture.session());
      if (when !== 'before the state was known') await fixture.pass(1_000);
      expect(fixture.recorder.record().ok).toBe(true);
      await fixture.pass(10_000);
      expect(fixture.server.active().map(({ by, remoteNumber }) => [by, remoteNumber])).toEqual([
        [agent, '+392'],
      ]);
      expect(fixture.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
    },
  );

  test('records the new call, where the listed one has just moved to another line (seed 44/1085)', async () => {
    const fixture = await createFixture();
    const { server } = fixture;
    const call = server.addCall('101', agent, '+391');
    server.record(call, 'rule');
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(3_000);
    server.transfer(call, { line: '555', keepsStart: true });
    server.addCall('101', agent, '+392');
    expect(fixture.recorder.record().ok).toBe(true);
    await fixture.pass(30_000);
    expect(server.active().map(({ line: on, by }) => [on, by])).toEqual([
      ['555', 'rule'],
      ['101', agent],
    ]);
  });

  test('keeps a call of a Live Keep line that is listed while it is only buffered', async () => {
    const fixture = await createFixture();
    const { server } = fixture;
    server.habits.liveKeep = 'listed';
    server.connectCall('101', agent, '+391');
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('recording');
    fixture.recorder.record();
    await fixture.pass(3_000);
    expect(server.active()).toMatchObject([{ isKept: true }]);
    expect(fixture.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
  });
});
