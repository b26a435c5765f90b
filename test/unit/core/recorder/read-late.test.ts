import { describe, expect, test } from 'vitest';

import { defaultPolicy } from '../../../../src-main/core/recorder/state';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, createFixture, signedInFixture } from '../../../fixtures/recorder';

/*
 * What a former run left in a file that another program holds at the start, and lets go later.
 */

/** Restarts while the file is held, signs in, and lets the file go after the lists have shown what runs. */
async function restartedLate(fixture: Fixture, meanwhile: (fixture: Fixture) => unknown = () => undefined) {
  await fixture.recorder.settled();
  fixture.stateFile.isHeld = true;
  const restarting = fixture.restart();
  await fixture.pass(5_000);
  await restarting;
  fixture.notices.length = 0;
  fixture.recorder.setPolicy({ ...defaultPolicy, autoResumeMs: 600_000 });
  fixture.recorder.setSession(fixture.session());
  await fixture.pass(2_000);
  meanwhile(fixture);
  fixture.stateFile.isHeld = false;
  await fixture.pass(60_000);
  await fixture.recorder.settled();
}

describe('recorder.json read late', () => {
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
    '%s that waited when RecLight was quit is told once (C13)',
    async (_name, notice, press) => {
      const fixture = await createFixture();
      fixture.recorder.setSession(fixture.session());
      press(fixture);
      await restartedLate(fixture);
      expect(fixture.notices).toMatchObject([notice]);
      await fixture.restart();
      fixture.notices.length = 0;
      fixture.recorder.setSession(fixture.session());
      await fixture.pass(2_000);
      expect(fixture.notices).toEqual([]);
    },
  );

  test('is told to whom it concerns, and loses nothing that waits now (C13)', async () => {
    const fixture = await createFixture();
    fixture.recorder.setSession(fixture.session());
    fixture.recorder.stop();
    await restartedLate(fixture, ({ recorder }) => recorder.recordNextCall());
    expect(fixture.recorder.view().waiting).not.toBeNull();
    expect(fixture.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unsent', operation: 'stop' } },
    ]);
    expect(JSON.parse(fixture.stateFile.text ?? '')).toMatchObject({ unanswered: [{ kind: 'wait' }] });
  });

  test('tells nothing while locked, and all of it at the next sign-in (C13)', async () => {
    const fixture = await createFixture();
    fixture.recorder.setSession(fixture.session());
    fixture.recorder.stop();
    await restartedLate(fixture, ({ recorder }) => {
      recorder.lock({ code: 'unauthorized', operation: 'active', detail: {} });
    });
    expect(fixture.notices).toMatchObject([{ kind: 'locked' }]);
    fixture.notices.length = 0;
    fixture.recorder.setSession(null);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(2_000);
    expect(fixture.notices).toMatchObject([
      { kind: 'refused', error: { code: 'left-unsent', operation: 'stop' } },
    ]);
  });

  test('what runs is known to have been started and paused here (C13)', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(5_000);
    fixture.recorder.pause();
    await fixture.pass(5_000);
    expect(fixture.recorder.view().status).toBe('paused');
    await restartedLate(fixture);
    expect(fixture.recorder.view().recordings).toMatchObject([{ startedHere: true }]);
    expect(JSON.parse(fixture.stateFile.text ?? '')).toMatchObject({
      underWay: [{ startedHere: true, pausedHere: true }],
    });
    await fixture.pass(600_000);
    expect(fixture.recorder.view().status).toBe('recording');
  });

  test('what runs under another id by now is the same recording, with its marks (C13)', async () => {
    const fixture = await signedInFixture();
    fixture.server.connectCall('101', agent, '+391');
    fixture.recorder.record();
    await fixture.pass(5_000);
    fixture.recorder.markMoment();
    const [recording] = fixture.server.active();
    if (recording === undefined) throw new Error('nothing runs');
    fixture.server.rename(recording);
    await restartedLate(fixture);
    await fixture.pass(200_000);
    expect(fixture.recorder.view().recordings).toMatchObject([{ id: recording.id, startedHere: true }]);
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
    expect(fixture.recorder.marks.list(recording.id)).toHaveLength(1);
  });
});
