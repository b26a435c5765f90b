import { describe, expect, test } from 'vitest';

import type { RecorderSession } from '../../../../src-main/core/recorder/contract';
import type { ErrorCode } from '../../../../src-main/shared/domain/errors';
import { fine, pulled } from '../../../fixtures/networks';
import type { World } from '../../../fixtures/recorder';
import { agent, makeWorld, signedInWorld } from '../../../fixtures/recorder';

const remote = '+390299887766';

async function recordingWorld(): Promise<World> {
  const world = await signedInWorld();
  world.server.connectCall('101', agent, remote);
  world.recorder.record();
  await world.pass(20_000);
  expect(world.recorder.view().status).toBe('recording');
  return world;
}

describe('did it save?', () => {
  test('a recording that ends with its call is told at once, then found', async () => {
    const world = await recordingWorld();
    let changes = 0;
    world.recorder.onRecordingsChanged(() => {
      changes += 1;
    });
    world.server.savedAfterMs = 20_000;
    world.server.endCall('101');
    await world.pass(2_500);
    expect(world.notices.at(-1)).toMatchObject({ kind: 'ended', unexpected: false });
    await world.pass(60_000);
    expect(world.notices.at(-1)).toMatchObject({
      kind: 'saved',
      recording: { remotePartyNumber: remote, localPartyNumber: '101' },
    });
    expect(changes).toBe(1);
  });

  test('looked for at growing intervals for two minutes, then told and listed', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = null;
    world.recorder.stop();
    await world.pass(1_000);
    const from = world.clock.monotonicNow();
    await world.pass(125_000);
    const looks = world.server.log
      .filter((record) => record.kind === 'details')
      .map((record) => record.at - from);
    const gaps = looks.slice(1).map((time, index) => time - (looks[index] ?? 0));
    expect(looks.length).toBe(8);
    expect(looks.at(-1)).toBeLessThanOrEqual(120_000);
    expect(gaps.at(-1)).toBeGreaterThan((gaps[0] ?? 0) * 3);
    expect(world.notices.at(-1)).toMatchObject({ kind: 'unconfirmed' });
    expect(world.recorder.view().unconfirmed).toMatchObject([{ directoryNumber: '101' }]);
  });

  test('unconfirmed ones and marks that can be read only late are there then, beside the new ones', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = null;
    const id = world.server.active()[0]?.id ?? '';
    world.recorder.marks.add(id, 1_000);
    world.recorder.stop();
    await world.pass(150_000);
    const [entry] = world.recorder.view().unconfirmed;
    for (const file of [world.stateFile, world.marksFile]) file.isHeld = true;
    const restarting = world.restart();
    await world.pass(5_000);
    await restarting;
    world.recorder.setSession(world.session());
    world.recorder.marks.add(id, 2_000);
    await world.pass(1_000);
    expect(world.recorder.view().unconfirmed).toEqual([]);
    for (const file of [world.stateFile, world.marksFile]) file.isHeld = false;
    await world.pass(60_000);
    expect(world.recorder.view().unconfirmed).toEqual([entry]);
    expect(world.recorder.marks.list(id).map(({ offsetMs }) => offsetMs)).toEqual([1_000, 2_000]);
    expect(new Set(world.recorder.marks.list(id).map((mark) => mark.id)).size).toBe(2);
    expect(JSON.parse(world.stateFile.text ?? '')).toMatchObject({ unconfirmed: [{ id }] });
    expect(world.troubles.told.filter((told) => told.startsWith('-'))).toHaveLength(2);
  });

  test('of two that ran at the same time each is found once, by its own id', async () => {
    const world = await signedInWorld();
    const call = world.server.connectCall('101', agent, remote);
    for (const by of ['rule', 'supervisor']) world.server.record(call, by);
    await world.pass(20_000);
    const [lost, kept] = world.server.active();
    world.server.savedAfterMs = 20_000;
    if (lost !== undefined) world.server.finish(lost, true);
    world.server.endCall('101');
    await world.pass(150_000);
    const saved = world.notices.flatMap((notice) => (notice.kind === 'saved' ? [notice.recording.id] : []));
    expect(saved).toEqual([kept?.id]);
    expect(world.recorder.view().unconfirmed.map(({ id }) => id)).toEqual([lost?.id]);
  });

  test('the list of unconfirmed ones survives a restart, without any call data on disk', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = null;
    const id = world.server.active()[0]?.id;
    world.recorder.stop();
    await world.pass(150_000);
    const [entry] = world.recorder.view().unconfirmed;
    expect((entry?.endedAt ?? 0) - (entry?.startedAt ?? 0)).toBeGreaterThan(15_000);

    await world.restart();
    world.recorder.setSession(world.session());
    expect(world.recorder.view().unconfirmed).toEqual([entry]);
    for (const text of [...world.stateFile.writes, ...world.marksFile.writes]) {
      expect(text).not.toContain(remote);
      expect(text).not.toContain('99887766');
      expect(text).not.toContain(agent);
    }
    world.recorder.dismissUnconfirmed(entry?.id ?? '');
    expect(world.recorder.view().unconfirmed).toEqual([]);
    await world.restart();
    world.recorder.setSession(world.session());
    expect(world.recorder.view().unconfirmed).toEqual([]);
    expect(id).toBe(entry?.id);
  });

  test('somebody else who signs in does not see them', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = null;
    world.recorder.stop();
    await world.pass(150_000);
    world.recorder.setSession(world.session({ username: 'other' }));
    expect(world.recorder.view().unconfirmed).toEqual([]);
    world.recorder.setSession(world.session());
    expect(world.recorder.view().unconfirmed.length).toBe(1);
  });

  test('one that appears after all is found at the next sign-in', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = 300_000;
    world.recorder.stop();
    await world.pass(200_000);
    expect(world.recorder.view().unconfirmed.length).toBe(1);
    await world.pass(200_000);
    await world.restart();
    world.recorder.setSession(world.session());
    await world.pass(5_000);
    expect(world.recorder.view().unconfirmed).toEqual([]);
    expect(world.noticed('saved')).toBe(1);
  });

  test('found by party and start where the completed one has another id', async () => {
    const world = await recordingWorld();
    const api = world.server.apiFor(agent);
    world.recorder.setSession(
      world.session({
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
    await world.pass(3_000);
    const live = world.server.active()[0]?.id ?? '';
    world.recorder.markMoment();
    const { marks } = world.recorder;
    const [mark] = marks.list(live);
    expect(mark).toBeDefined();
    const changed: string[] = [];
    marks.onChange((id) => changed.push(id));
    world.server.endCall('101');
    await world.pass(60_000);
    const completed = 'aaaaaaaa-0000-4000-8000-000000000001';
    expect(world.notices.at(-1)).toMatchObject({
      kind: 'saved',
      recording: { id: completed, remotePartyNumber: remote },
    });
    // Its marks go with it, and are written down.
    expect(marks.list(live)).toEqual([]);
    expect(marks.list(completed.toUpperCase())).toEqual([{ ...mark, recordingId: completed }]);
    expect(changed).toEqual([completed]);
    await marks.settled();
    expect(world.marksFile.text).toContain(completed);
    expect(world.marksFile.text).not.toContain(live);
  });

  describe('where the completed recording has another id', () => {
    const completed = 'aaaaaaaa-0000-4000-8000-000000000001';
    const refuse = (code: ErrorCode, status: number) =>
      Promise.resolve({ ok: false, error: { code, operation: 'details', detail: { status } } } as const);

    /** Details answer as given; the list shows the completed ones under other ids, where it may be seen. */
    function renaming(world: World, code: ErrorCode, status: number, hidesList = false): RecorderSession {
      const api = world.server.apiFor(agent);
      return world.session({
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
      const world = await recordingWorld();
      world.recorder.setSession(renaming(world, 'not-allowed', 403));
      await world.pass(3_000);
      world.recorder.stop();
      await world.pass(10_000);
      expect(world.notices.at(-1)).toMatchObject({ kind: 'saved', recording: { id: completed } });
    });

    test('its marks go along, also one made under the id that only the start’s answer told', async () => {
      const world = await makeWorld();
      world.recorder.setSession(renaming(world, 'recording-not-found', 404));
      world.server.habits.answersAnotherId = true;
      world.server.connectCall('101', agent, '+391');
      await world.pass(1_000);
      world.recorder.record();
      await world.pass(2_000);
      world.recorder.markMoment();
      // It ends before it is sure that the two ids are of one recording, and is found before that, too.
      world.server.endCall('101');
      await world.pass(10_000);
      expect(world.notices.at(-1)).toMatchObject({ kind: 'saved', recording: { id: completed } });
      await world.pass(20_000);
      expect(world.recorder.marks.list(completed)).toHaveLength(1);
    });

    test('and neither may be seen, that says nothing: no alarm', async () => {
      const world = await recordingWorld();
      world.recorder.setSession(renaming(world, 'not-allowed', 403, true));
      await world.pass(3_000);
      world.recorder.stop();
      await world.pass(150_000);
      expect(world.noticed('unconfirmed')).toBe(0);
    });

    test.each([
      ['it is being looked for', 5_000, 60_000],
      ['it is listed as unconfirmed', 200_000, 260_000],
    ])('it is found by line and start over a restart while %s', async (_name, beforeMs, savedAfterMs) => {
      const world = await recordingWorld();
      world.server.savedAfterMs = savedAfterMs;
      world.recorder.stop();
      await world.pass(beforeMs);
      await world.restart();
      await world.pass(100_000);
      world.recorder.setSession(renaming(world, 'recording-not-found', 404));
      await world.pass(10_000);
      expect(world.notices.at(-1)).toMatchObject({ kind: 'saved', recording: { id: completed } });
      expect(world.recorder.view().unconfirmed).toEqual([]);
    });

    test('it is found although it ended while RecLight was not running', async () => {
      const world = await recordingWorld();
      await world.restart();
      world.server.endCall('101');
      await world.pass(60_000);
      world.recorder.setSession(renaming(world, 'recording-not-found', 404));
      await world.pass(10_000);
      expect(world.noticed('saved')).toBe(1);
      expect(world.stateFile.writes.join('')).not.toContain('99887766');
    });

    test('one of another line that began at the same time is not taken for it', async () => {
      const world = await recordingWorld();
      world.server.savedAfterMs = null;
      world.recorder.stop();
      await world.pass(5_000);
      await world.restart();
      const [lost] = world.server.completed;
      if (lost !== undefined) world.server.completed.push({ ...lost, line: '202', visibleAt: 0 });
      world.recorder.setSession(renaming(world, 'recording-not-found', 404));
      await world.pass(150_000);
      expect(world.noticed('saved')).toBe(0);
      expect(world.noticed('unconfirmed')).toBe(1);
    });
  });

  test('a file of an earlier version is read', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = null;
    world.recorder.stop();
    await world.pass(150_000);
    const [entry] = world.recorder.view().unconfirmed;
    const text = world.stateFile.text ?? '';
    expect(text).toContain('serverStartedAt');
    world.stateFile.text = text.replaceAll(/,\s*"serverStartedAt": \d+/g, '');
    expect(world.stateFile.text).not.toContain('serverStartedAt');
    await world.restart();
    expect(world.troubles.told).toEqual([]);
    world.recorder.setSession(world.session());
    expect(world.recorder.view().unconfirmed).toEqual([entry]);
  });

  test('an outage does not use up the two minutes', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = 5_000;
    world.recorder.stop();
    await world.pass(1_000);
    world.server.setNetwork(() => pulled);
    await world.pass(600_000);
    expect(world.noticed('unconfirmed')).toBe(0);
    world.server.setNetwork(() => fine);
    world.recorder.tryNow();
    await world.pass(20_000);
    expect(world.noticed('saved')).toBe(1);
  });

  test('a recording that ended while RecLight was not running is looked for after the next sign-in', async () => {
    const world = await recordingWorld();
    await world.restart();
    world.server.endCall('101');
    await world.pass(60_000);
    world.recorder.setSession(world.session());
    await world.pass(10_000);
    expect(world.recorder.view().status).toBe('not-recording');
    expect(world.noticed('saved')).toBe(1);
  });

  test('one that ended after signing out, and was lost, is listed after the next sign-in', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = null;
    world.recorder.setSession(null);
    world.server.endCall('101');
    await world.pass(60_000);
    world.recorder.setSession(world.session());
    await world.pass(150_000);
    expect(world.recorder.view().unconfirmed.length).toBe(1);
  });

  test('one that still runs after a restart is shown as started here', async () => {
    const world = await recordingWorld();
    await world.restart();
    world.recorder.setSession(world.session());
    await world.pass(100);
    expect(world.recorder.view().recordings[0]?.startedHere).toBe(true);
    expect(world.noticed('started')).toBe(1);
    await world.pass(300_000);
    expect(world.noticed('unconfirmed') + world.noticed('saved')).toBe(0);
  });

  test('a crash between the end and the confirmation loses nothing', async () => {
    const world = await recordingWorld();
    world.server.savedAfterMs = 60_000;
    world.recorder.stop();
    await world.pass(3_000);
    await world.restart();
    await world.pass(100_000);
    world.recorder.setSession(world.session());
    await world.pass(5_000);
    expect(world.noticed('saved')).toBe(1);
  });

  test.each([
    ['no JSON', '{"version":1,'],
    ['no version', '{"version":"x","pause":[],"underWay":[],"pending":[],"unconfirmed":[]}'],
    ['wrong types', '{"version":1,"pause":[],"underWay":[{"id":7}],"pending":[],"unconfirmed":[]}'],
    ['an empty file', ''],
    ['null', 'null'],
  ])('a damaged file (%s) is set aside and reported', async (_name, text) => {
    const world = await makeWorld();
    world.stateFile.text = text;
    world.marksFile.text = text;
    await world.restart();
    expect(world.troubles.told.sort()).toEqual([
      'damaged marks.json.damaged',
      'damaged recorder.json.damaged',
    ]);
    expect(world.stateFile.setAsideTexts).toEqual([text]);
    world.recorder.setSession(world.session());
    await world.pass(100);
    expect(world.recorder.view().status).toBe('not-recording');
  });
});
