import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';

import { fail } from '@shared/domain/errors';
import type { FollowedProgress, MediaProgress } from '@shared/domain/media';
import type { Playback } from '../../../../src-renderer/services/player/playback';
import { createProgress, type ProgressApi } from '../../../../src-renderer/services/player/progress';
import { guid, snapshotOf } from '../../../fixtures/examples';
import { createFakeWindowApi, type FakeAnswers } from '../../../fixtures/fake-window-api';

const downloading: MediaProgress = {
  status: 'downloading',
  receivedBytes: 5,
  sizeBytes: 10,
  error: null,
  sound: null,
};
const cut: MediaProgress = {
  ...downloading,
  status: 'failed',
  error: { code: 'connection-lost', operation: 'download', detail: {} },
};

const settle = () => new Promise((resolve) => setImmediate(resolve));

function setUp(answers: FakeAnswers = {}) {
  const fake = createFakeWindowApi(snapshotOf(), answers);
  const learned: MediaProgress[] = [];
  const store = createStore(() => ({ failed: false }));
  const playback = {
    store: store as unknown as Playback['store'],
    learn: (progress: MediaProgress) => learned.push(progress),
  };
  let receive = (_: FollowedProgress): void => undefined;
  const api: ProgressApi = {
    ...fake.api,
    onMediaProgress: (listener) => {
      receive = listener;
      return fake.api.onMediaProgress(listener);
    },
  };
  const progress = createProgress(api, playback);
  const breakOff = () => {
    store.setState({ failed: true });
  };
  return {
    fake,
    learned,
    progress,
    breakOff,
    receive: (followed: FollowedProgress) => {
      receive(followed);
    },
    state: () => progress.store.getState(),
  };
}

test('the first progress is known without a question after it, and each push is learned', async () => {
  const { fake, learned, progress, state } = setUp({ onMediaProgress: () => downloading });
  progress.load(guid(1));
  await settle();
  expect(state()).toEqual({ progress: downloading, judged: false });
  fake.pushProgress(cut);
  expect(state()).toEqual({ progress: cut, judged: false });
  expect(learned).toEqual([downloading, cut]);
  expect(fake.callsOf('followMedia')).toEqual([{ id: guid(1), ticket: 1 }]);
});

test('sound that breaks off is judged by what is told after it, never by what was known before', async () => {
  const { fake, progress, breakOff, state } = setUp({ onMediaProgress: () => null });
  progress.load(guid(1));
  await settle();
  fake.pushProgress(downloading);
  breakOff();
  expect(state()).toEqual({ progress: downloading, judged: false });
  await settle();
  expect(fake.callsOf('followMedia').map(({ ticket }) => ticket)).toEqual([1, 2]);
  fake.pushProgress(cut);
  expect(state()).toEqual({ progress: cut, judged: true });
});

test('a push that was on its way when the recording was asked for anew is of the past', async () => {
  const { learned, progress, state, receive } = setUp({ onMediaProgress: () => null });
  progress.load(guid(1));
  progress.load(guid(1));
  receive({ id: guid(1), ticket: 1, progress: cut });
  expect(state()).toEqual({ progress: null, judged: false });
  expect(learned).toEqual([]);
});

test('where nothing more can be told, sound that breaks off is judged by what is known', async () => {
  const { progress, breakOff, state } = setUp({ followMedia: () => fail('internal', 'ipc') });
  progress.load(guid(1));
  await settle();
  expect(state()).toEqual({ progress: null, judged: false });
  breakOff();
  await settle();
  expect(state()).toEqual({ progress: null, judged: true });
});

test('nothing is followed any more once the player is closed', async () => {
  const { fake, learned, progress, breakOff } = setUp({ onMediaProgress: () => downloading });
  progress.load(guid(1));
  await settle();
  progress.dispose();
  fake.pushProgress(cut);
  breakOff();
  expect(fake.callsOf('unfollowMedia')).toEqual([{ ticket: 1 }]);
  expect(fake.callsOf('followMedia')).toHaveLength(1);
  expect(learned).toEqual([downloading]);
});

test('a player that has played nothing has nothing to end', () => {
  const { fake, progress } = setUp();
  progress.dispose();
  expect(fake.calls).toEqual([]);
});
