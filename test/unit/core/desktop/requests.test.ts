import { expect, test } from 'vitest';

import { fail, succeed, type ErrorCode } from '@shared/domain/errors';
import type { DesktopRequestServices } from '../../../../src-main/core/desktop/requests';
import { createDesktopRequests } from '../../../../src-main/core/desktop/requests';
import { createWindowRequests } from '../../../../src-main/core/desktop/window-requests';
import type { WindowPort } from '../../../../src-main/core/ports/desktop';
import { createRecordingsService } from '../../../../src-main/core/recordings/service';
import { guid, summary } from '../../../fixtures/examples';
import { silentLog } from '../../../fixtures/memory-file';
import { StubApi } from '../../../fixtures/stub-api';
import { settle, VirtualClock } from '../../../fixtures/virtual-clock';

/** Notices, windows and recordings; everything else is of no concern here. */
async function setUp(options: { readonly signedIn?: boolean } = {}) {
  const api = new StubApi(({ method }) =>
    method === 'listRecordings' ? succeed({ totalCount: 0, recordings: [] }) : undefined,
  );
  const recordings = createRecordingsService(new VirtualClock(), silentLog);
  if (options.signedIn !== false) recordings.setSession({ api, username: 'anna' });
  await settle();
  const windowRequests = createWindowRequests(() => undefined);
  const shown: string[] = [];
  const windows: Pick<WindowPort, 'show' | 'showWithoutFocus'> = {
    show: () => shown.push('show'),
    showWithoutFocus: () => shown.push('showWithoutFocus'),
  };
  const requests = createDesktopRequests({
    recordings,
    windowRequests,
    windows: () => windows,
  } as Pick<DesktopRequestServices, 'recordings' | 'windowRequests'> & object as DesktopRequestServices);
  const pressSaved = async () => {
    requests.notice({ kind: 'play', recordingId: guid(1) });
    await settle();
  };
  return { api, recordings, windowRequests, shown, requests, pressSaved };
}

const codes: readonly ErrorCode[] = ['offline', 'timeout', 'recording-not-found', 'server-error', 'locked'];

test.each(codes)(
  'a press on a notice whose details fail with %s shows the window, whose list says why (C17)',
  async (code) => {
    const { api, recordings, windowRequests, shown, pressSaved } = await setUp();
    const { revision } = recordings.view();
    await pressSaved();
    // Not only when the answer comes, which may take long.
    expect(shown).toEqual(['showWithoutFocus']);
    api.of('getRecording')[0]?.answer(fail(code, 'details'));
    await settle();
    expect(recordings.view().revision).toBeGreaterThan(revision);
    expect(windowRequests.view()).toBeNull();
  },
);

test('a press on a notice of somebody who has signed out shows the window (C17)', async () => {
  const { shown, pressSaved } = await setUp({ signedIn: false });
  await pressSaved();
  expect(shown).toEqual(['showWithoutFocus']);
});

test('a press on a notice plays a recording that no list has told of, once its details are there (C17)', async () => {
  const { api, windowRequests, shown, pressSaved } = await setUp();
  await pressSaved();
  const { ownerUsername, ...rest } = summary();
  api.of('getRecording')[0]?.answer(succeed({ ...rest, owner: { username: ownerUsername } }));
  await settle();
  expect(windowRequests.view()).toMatchObject({ kind: 'play', recording: summary() });
  expect(shown[0]).toBe('showWithoutFocus');
});

test('a press on a notice plays a recording of a list without asking for it', async () => {
  const { api, recordings, windowRequests, shown, pressSaved } = await setUp();
  api.answerWith(() => succeed({ totalCount: 1, recordings: [summary()] }));
  await recordings.list({ page: 0, pageSize: 5 });
  await pressSaved();
  expect(api.of('getRecording')).toEqual([]);
  expect(windowRequests.view()).toMatchObject({ kind: 'play', recording: summary() });
  expect(shown).toEqual(['showWithoutFocus']);
});

test('a press on any other notice shows the window (C17)', async () => {
  const { requests, shown } = await setUp();
  requests.notice({ kind: 'open-window' });
  expect(shown).toEqual(['show']);
});
