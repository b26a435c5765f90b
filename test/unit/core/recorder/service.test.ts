import { describe, expect, test } from 'vitest';

import { signedInFixture, createFixture, agent } from '../../../fixtures/recorder';

describe('recording and stopping', () => {
  test('one press, one POST; one stop, one DELETE by id; the finished recording is confirmed', async () => {
    const fixture = await signedInFixture();
    expect(fixture.recorder.view().status).toBe('not-recording');
    fixture.server.connectCall('101', agent);

    expect(fixture.recorder.record()).toEqual({ ok: true, value: null });
    expect(fixture.recorder.view().status).toBe('starting');
    await fixture.pass(1_000);
    const view = fixture.recorder.view();
    expect(view.status).toBe('recording');
    expect(view.recordings[0]).toMatchObject({ startedHere: true, ticking: true });
    expect(view.recordings[0]?.remoteParty.phoneNumber).toBe('+390212345');

    await fixture.pass(30_000);
    expect(fixture.recorder.stop()).toEqual({ ok: true, value: null });
    expect(fixture.recorder.view().status).toBe('stopping');
    await fixture.pass(1_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.recorder.view().recordings).toEqual([]);
    expect(fixture.server.count('start')).toBe(1);
    expect(fixture.server.count('stop')).toBe(1);

    await fixture.pass(10_000);
    expect(fixture.notices.map((notice) => notice.kind)).toEqual(['started', 'stopped', 'saved']);
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
  });

  test('before anybody signs in nothing is sent and every command says so', async () => {
    const fixture = await createFixture();
    await fixture.pass(60_000);
    expect(fixture.recorder.view().status).toBe('signed-out');
    expect(fixture.recorder.record()).toMatchObject({ ok: false, error: { code: 'signed-out' } });
    expect(fixture.server.log).toEqual([]);
    expect(fixture.clock.pending()).toBe(0);
  });
});
