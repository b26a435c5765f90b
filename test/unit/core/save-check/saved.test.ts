import { describe, expect, test } from 'vitest';

import type { ErrorCode } from '@shared/domain/errors';
import type { RecorderSession } from '../../../../src-main/core/recorder/contract';
import { fine, pulled } from '../../../fixtures/networks';
import type { Fixture } from '../../../fixtures/recorder';
import { agent, createFixture, signedInFixture } from '../../../fixtures/recorder';

const remote = '+390299887766';

async function recordingWorld(): Promise<Fixture> {
  const fixture = await signedInFixture();
  fixture.server.connectCall('101', agent, remote);
  fixture.recorder.record();
  await fixture.pass(20_000);
  expect(fixture.recorder.view().status).toBe('recording');
  return fixture;
}

describe('did it save?', () => {
  test('a recording that ends with its call is told at once, then found', async () => {
    const fixture = await recordingWorld();
    let changes = 0;
    fixture.recorder.onRecordingsChanged(() => {
      changes += 1;
    });
    fixture.server.savedAfterMs = 20_000;
    fixture.server.endCall('101');
    await fixture.pass(2_500);
    expect(fixture.notices.at(-1)).toMatchObject({ kind: 'ended', unexpected: false });
    await fixture.pass(60_000);
    expect(fixture.notices.at(-1)).toMatchObject({
      kind: 'saved',
      recording: { remotePartyNumber: remote, localPartyNumber: '101' },
    });
    expect(changes).toBe(1);
  });

  test('looked for at growing intervals for two minutes, then told and listed', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = null;
    fixture.recorder.stop();
    await fixture.pass(1_000);
    const from = fixture.clock.monotonicNow();
    await fixture.pass(125_000);
    const looks = fixture.server.log
      .filter((record) => record.kind === 'details')
      .map((record) => record.at - from);
    const gaps = looks.slice(1).map((time, index) => time - (looks[index] ?? 0));
    expect(looks.length).toBe(8);
    expect(looks.at(-1)).toBeLessThanOrEqual(120_000);
    expect(gaps.at(-1)).toBeGreaterThan((gaps[0] ?? 0) * 3);
    expect(fixture.notices.at(-1)).toMatchObject({ kind: 'unconfirmed' });
    expect(fixture.recorder.view().unconfirmed).toMatchObject([{ directoryNumber: '101' }]);
  });

  test('found under another id after a restart, whatever line it ran on (I4)', async () => {
    const fixture = await recordingWorld();
    fixture.server.habits.completedUnder = 'new-id';
    fixture.server.savedAfterMs = 30_000;
    const call = fixture.server.addCall('555', agent, '+393');
    const other = fixture.server.record(call, 'rule');
    await fixture.pass(60_000);
    await fixture.recorder.settled();
    await fixture.restart();
    fixture.server.hangUp(call);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(200_000);
    expect(fixture.notices).toContainEqual(
      expect.objectContaining({
        kind: 'saved',
        recording: expect.objectContaining({ remotePartyNumber: other.remoteNumber }) as unknown,
      }),
    );
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
  });

  test('unconfirmed ones and marks that can be read only late are there then, beside the new ones', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = null;
    const id = fixture.server.active()[0]?.id ?? '';
    fixture.recorder.marks.add(id, 1_000);
    fixture.recorder.stop();
    await fixture.pass(150_000);
    const [entry] = fixture.recorder.view().unconfirmed;
    for (const file of [fixture.stateFile, fixture.marksFile]) file.isHeld = true;
    const restarting = fixture.restart();
    await fixture.pass(5_000);
    await restarting;
    fixture.recorder.setSession(fixture.session());
    fixture.recorder.marks.add(id, 2_000);
    await fixture.pass(1_000);
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
    for (const file of [fixture.stateFile, fixture.marksFile]) file.isHeld = false;
    await fixture.pass(60_000);
    expect(fixture.recorder.view().unconfirmed).toEqual([entry]);
    expect(fixture.recorder.marks.list(id).map(({ offsetMs }) => offsetMs)).toEqual([1_000, 2_000]);
    expect(new Set(fixture.recorder.marks.list(id).map((mark) => mark.id)).size).toBe(2);
    expect(JSON.parse(fixture.stateFile.text ?? '')).toMatchObject({ unconfirmed: [{ id }] });
    expect(fixture.troubles.told.filter((told) => told.startsWith('-'))).toHaveLength(2);
  });

  test('of two that ran at the same time each is found once, by its own id', async () => {
    const fixture = await signedInFixture();
    const call = fixture.server.connectCall('101', agent, remote);
    for (const by of ['rule', 'supervisor']) fixture.server.record(call, by);
    await fixture.pass(20_000);
    const [lost, kept] = fixture.server.active();
    fixture.server.savedAfterMs = 20_000;
    if (lost !== undefined) fixture.server.finish(lost, true);
    fixture.server.endCall('101');
    await fixture.pass(150_000);
    const saved = fixture.notices.flatMap((notice) => (notice.kind === 'saved' ? [notice.recording.id] : []));
    expect(saved).toEqual([kept?.id]);
    expect(fixture.recorder.view().unconfirmed.map(({ id }) => id)).toEqual([lost?.id]);
  });

  test('the list of unconfirmed ones survives a restart, without any call data on disk', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = null;
    const id = fixture.server.active()[0]?.id;
    fixture.recorder.stop();
    await fixture.pass(150_000);
    const [entry] = fixture.recorder.view().unconfirmed;
    expect((entry?.endedAt ?? 0) - (entry?.startedAt ?? 0)).toBeGreaterThan(15_000);

    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    expect(fixture.recorder.view().unconfirmed).toEqual([entry]);
    for (const text of [...fixture.stateFile.writes, ...fixture.marksFile.writes]) {
      expect(text).not.toContain(remote);
      expect(text).not.toContain('99887766');
      expect(text).not.toContain(agent);
    }
    fixture.recorder.dismissUnconfirmed(entry?.id ?? '');
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
    expect(id).toBe(entry?.id);
  });

  test('somebody else who signs in does not see them', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = null;
    fixture.recorder.stop();
    await fixture.pass(150_000);
    fixture.recorder.setSession(fixture.session({ username: 'other' }));
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
    fixture.recorder.setSession(fixture.session());
    expect(fixture.recorder.view().unconfirmed.length).toBe(1);
  });

  test('one that appears after all is found at the next sign-in', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = 300_000;
    fixture.recorder.stop();
    await fixture.pass(200_000);
    expect(fixture.recorder.view().unconfirmed.length).toBe(1);
    await fixture.pass(200_000);
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(5_000);
    expect(fixture.recorder.view().unconfirmed).toEqual([]);
    expect(fixture.noticed('saved')).toBe(1);
  });

  test('found by party and start where the completed one has another id', async () => {
    const fixture = await recordingWorld();
    const api = fixture.server.apiFor(agent);
    fixture.recorder.setSession(
      fixture.session({
        api: {
          ...api,
          getRecording: async (id, options) => {
            const answer = await api.getRecording(id, options);
            return answer.ok
              ? {
                  ok: false,
                  error: { code: 'recording-not-found', operation: 'details', detail: { status: 404 } },
                }
              : answer;
          },
          listRecordings: async (filters, paging, options) => {
            const answer = await api.listRecordings(filters, paging, options);
            if (!answer.ok) return answer;
            const recordings = answer.value.recordings.map((recording) => ({
              ...recording,
              id: 'aaaaaaaa-0000-4000-8000-000000000001',
            }));
            return { ok: true, value: { ...answer.value, recordings } };
          },
        },
      }),
    );
    await fixture.pass(3_000);
    const live = fixture.server.active()[0]?.id ?? '';
    fixture.recorder.markMoment();
    const { marks } = fixture.recorder;
    const [mark] = marks.list(live);
    expect(mark).toBeDefined();
    const changed: string[] = [];
    marks.onChange((id) => changed.push(id));
    fixture.server.endCall('101');
    await fixture.pass(60_000);
    const completed = 'aaaaaaaa-0000-4000-8000-000000000001';
    expect(fixture.notices.at(-1)).toMatchObject({
      kind: 'saved',
      recording: { id: completed, remotePartyNumber: remote },
    });
    // Its marks go with it, and are written down.
    expect(marks.list(live)).toEqual([]);
    expect(marks.list(completed.toUpperCase())).toEqual([{ ...mark, recordingId: completed }]);
    expect(changed).toEqual([completed]);
    await marks.settled();
    expect(fixture.marksFile.text).toContain(completed);
    expect(fixture.marksFile.text).not.toContain(live);
  });

  describe('where the completed recording has another id', () => {
    const completed = 'aaaaaaaa-0000-4000-8000-000000000001';
    const refuse = (code: ErrorCode, status: number) =>
      Promise.resolve({ ok: false, error: { code, operation: 'details', detail: { status } } } as const);

    /** Details answer as given; the list shows the completed ones under other ids, where it may be seen. */
    function renaming(fixture: Fixture, code: ErrorCode, status: number, hidesList = false): RecorderSession {
      const api = fixture.server.apiFor(agent);
      return fixture.session({
        api: {
          ...api,
          getRecording: () => refuse(code, status),
          listRecordings: async (filters, paging, options) => {
            if (hidesList) return refuse('not-allowed', 403);
            const answer = await api.listRecordings(filters, paging, options);
            if (!answer.ok) return answer;
            const recordings = answer.value.recordings.map((row) => ({ ...row, id: completed }));
            return { ok: true, value: { ...answer.value, recordings } };
          },
        },
      });
    }

    test('and the details may not be seen, the list is asked all the same', async () => {
      const fixture = await recordingWorld();
      fixture.recorder.setSession(renaming(fixture, 'not-allowed', 403));
      await fixture.pass(3_000);
      fixture.recorder.stop();
      await fixture.pass(10_000);
      expect(fixture.notices.at(-1)).toMatchObject({ kind: 'saved', recording: { id: completed } });
    });

    test('its marks go along, also one made under the id that only the start’s answer told', async () => {
      const fixture = await createFixture();
      fixture.recorder.setSession(renaming(fixture, 'recording-not-found', 404));
      fixture.server.habits.answersAnotherId = true;
      fixture.server.connectCall('101', agent, '+391');
      await fixture.pass(1_000);
      fixture.recorder.record();
      await fixture.pass(2_000);
      fixture.recorder.markMoment();
      // It ends before it is sure that the two ids are of one recording, and is found before that, too.
      fixture.server.endCall('101');
      await fixture.pass(10_000);
      expect(fixture.notices.at(-1)).toMatchObject({ kind: 'saved', recording: { id: completed } });
      await fixture.pass(20_000);
      expect(fixture.recorder.marks.list(completed)).toHaveLength(1);
    });

    test('and neither may be seen, that says nothing: no alarm', async () => {
      const fixture = await recordingWorld();
      fixture.recorder.setSession(renaming(fixture, 'not-allowed', 403, true));
      await fixture.pass(3_000);
      fixture.recorder.stop();
      await fixture.pass(150_000);
      expect(fixture.noticed('unconfirmed')).toBe(0);
    });

    test.each([
      ['it is being looked for', 5_000, 60_000],
      ['it is listed as unconfirmed', 200_000, 260_000],
    ])('it is found by line and start over a restart while %s', async (_name, beforeMs, savedAfterMs) => {
      const fixture = await recordingWorld();
      fixture.server.savedAfterMs = savedAfterMs;
      fixture.recorder.stop();
      await fixture.pass(beforeMs);
      await fixture.restart();
      await fixture.pass(100_000);
      fixture.recorder.setSession(renaming(fixture, 'recording-not-found', 404));
      await fixture.pass(10_000);
      expect(fixture.notices.at(-1)).toMatchObject({ kind: 'saved', recording: { id: completed } });
      expect(fixture.recorder.view().unconfirmed).toEqual([]);
    });

    test('it is found although it ended while RecLight was not running', async () => {
      const fixture = await recordingWorld();
      await fixture.restart();
      fixture.server.endCall('101');
      await fixture.pass(60_000);
      fixture.recorder.setSession(renaming(fixture, 'recording-not-found', 404));
      await fixture.pass(10_000);
      expect(fixture.noticed('saved')).toBe(1);
      expect(fixture.stateFile.writes.join('')).not.toContain('99887766');
    });

    test('one of another line that began at the same time is not taken for it', async () => {
      const fixture = await recordingWorld();
      fixture.server.savedAfterMs = null;
      fixture.recorder.stop();
      await fixture.pass(5_000);
      await fixture.restart();
      const [lost] = fixture.server.completed;
      if (lost !== undefined) fixture.server.completed.push({ ...lost, line: '202', visibleAt: 0 });
      fixture.recorder.setSession(renaming(fixture, 'recording-not-found', 404));
      await fixture.pass(150_000);
      expect(fixture.noticed('saved')).toBe(0);
      expect(fixture.noticed('unconfirmed')).toBe(1);
    });
  });

  test('a file of an earlier version is read', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = null;
    fixture.recorder.stop();
    await fixture.pass(150_000);
    const [entry] = fixture.recorder.view().unconfirmed;
    const text = fixture.stateFile.text ?? '';
    expect(text).toContain('serverStartedAt');
    fixture.stateFile.text = text.replaceAll(/,\s*"serverStartedAt": \d+/g, '');
    expect(fixture.stateFile.text).not.toContain('serverStartedAt');
    await fixture.restart();
    expect(fixture.troubles.told).toEqual([]);
    fixture.recorder.setSession(fixture.session());
    expect(fixture.recorder.view().unconfirmed).toEqual([entry]);
  });

  test('an outage does not use up the two minutes', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = 5_000;
    fixture.recorder.stop();
    await fixture.pass(1_000);
    fixture.server.setNetwork(() => pulled);
    await fixture.pass(600_000);
    expect(fixture.noticed('unconfirmed')).toBe(0);
    fixture.server.setNetwork(() => fine);
    fixture.recorder.tryNow();
    await fixture.pass(20_000);
    expect(fixture.noticed('saved')).toBe(1);
  });

  test('a recording that ended while RecLight was not running is looked for after the next sign-in', async () => {
    const fixture = await recordingWorld();
    await fixture.restart();
    fixture.server.endCall('101');
    await fixture.pass(60_000);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(10_000);
    expect(fixture.recorder.view().status).toBe('not-recording');
    expect(fixture.noticed('saved')).toBe(1);
  });

  test('one that ended after signing out, and was lost, is listed after the next sign-in', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = null;
    fixture.recorder.setSession(null);
    fixture.server.endCall('101');
    await fixture.pass(60_000);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(150_000);
    expect(fixture.recorder.view().unconfirmed.length).toBe(1);
  });

  test('one that still runs after a restart is shown as started here', async () => {
    const fixture = await recordingWorld();
    await fixture.restart();
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    expect(fixture.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(fixture.noticed('started')).toBe(1);
    await fixture.pass(300_000);
    expect(fixture.noticed('unconfirmed') + fixture.noticed('saved')).toBe(0);
  });

  test('a crash between the end and the confirmation loses nothing', async () => {
    const fixture = await recordingWorld();
    fixture.server.savedAfterMs = 60_000;
    fixture.recorder.stop();
    await fixture.pass(3_000);
    await fixture.restart();
    await fixture.pass(100_000);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(5_000);
    expect(fixture.noticed('saved')).toBe(1);
  });

  test.each([
    ['no JSON', '{"version":1,'],
    ['no version', '{"version":"x","pause":[],"underWay":[],"pending":[],"unconfirmed":[]}'],
    ['wrong types', '{"version":1,"pause":[],"underWay":[{"id":7}],"pending":[],"unconfirmed":[]}'],
    ['an empty file', ''],
    ['null', 'null'],
  ])('a damaged file (%s) is set aside and reported', async (_name, text) => {
    const fixture = await createFixture();
    fixture.stateFile.text = text;
    fixture.marksFile.text = text;
    await fixture.restart();
    expect(fixture.troubles.told.sort()).toEqual([
      'damaged marks.json.damaged',
      'damaged recorder.json.damaged',
    ]);
    expect(fixture.stateFile.setAsideTexts).toEqual([text]);
    fixture.recorder.setSession(fixture.session());
    await fixture.pass(100);
    expect(fixture.recorder.view().status).toBe('not-recording');
  });
});
