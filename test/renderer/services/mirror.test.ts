import { expect, test } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { createMirror, takeReading } from '../../../src-renderer/services/mirror';
import { snapshotOf } from '../../fixtures/examples';
import { createFakeWindowApi } from '../../fixtures/fake-window-api';

const still = { monotonicNow: () => 0, wallNow: () => 0 };

function revisionOf(mirror: ReturnType<typeof createMirror>): number | undefined {
  return mirror.store.getState().reading?.snapshot.revision;
}

test('subscribes before it pulls: an event that overtakes the pull is not undone by it', async () => {
  const fake = createFakeWindowApi(snapshotOf({ revision: 1 }));
  const mirror = createMirror(fake.api, still);
  expect(fake.listeners()).toBe(1);
  expect(fake.callsOf('getSnapshot')).toHaveLength(0);
  let answer: (() => void) | undefined;
  fake.answer(
    'getSnapshot',
    () =>
      new Promise((resolve) => {
        answer = () => {
          resolve(succeed(snapshotOf({ revision: 1 })));
        };
      }),
  );
  const pulled = mirror.pull();
  fake.send(snapshotOf({ revision: 2 }));
  answer?.();
  await pulled;
  expect(revisionOf(mirror)).toBe(2);
});

test.each([
  { received: [1, 2, 3], shown: 3 },
  { received: [3, 2, 1], shown: 3 },
  { received: [5, 5, 4], shown: 5 },
])('of revisions $received it shows $shown', ({ received, shown }) => {
  const fake = createFakeWindowApi(snapshotOf());
  const mirror = createMirror(fake.api, still);
  for (const revision of received) fake.send(snapshotOf({ revision }));
  expect(revisionOf(mirror)).toBe(shown);
});

test('the same revision with other contents is ignored', () => {
  const fake = createFakeWindowApi(snapshotOf());
  const mirror = createMirror(fake.api, still);
  fake.send(snapshotOf({ revision: 7 }));
  const first = mirror.store.getState().reading;
  fake.send(snapshotOf({ revision: 7, sentAtMono: 99 }));
  expect(mirror.store.getState().reading).toBe(first);
});

test('a refused pull is told, and forgotten with the first snapshot', async () => {
  const fake = createFakeWindowApi(snapshotOf());
  fake.answer('getSnapshot', () => fail('internal', 'ipc'));
  const mirror = createMirror(fake.api, still);
  await mirror.pull();
  expect(mirror.store.getState().failure?.code).toBe('internal');
  fake.send(snapshotOf());
  expect(mirror.store.getState().failure).toBeNull();
});

test('after disposal nothing listens and nothing is taken', async () => {
  const fake = createFakeWindowApi(snapshotOf());
  const mirror = createMirror(fake.api, still);
  const pulled = mirror.pull();
  mirror.dispose();
  await pulled;
  fake.send(snapshotOf({ revision: 9 }));
  expect(fake.listeners()).toBe(0);
  expect(mirror.store.getState().reading).toBeNull();
});

test('a slow delivery does not move the clocks; a real shift does', () => {
  const at = (monotonic: number, wall: number) => ({ monotonicNow: () => monotonic, wallNow: () => wall });
  const first = takeReading(null, snapshotOf({ revision: 1, sentAtMono: 1_000 }), at(2_000, 10_000));
  expect(first.receivedAt).toBe(2_000);
  const slow = takeReading(first, snapshotOf({ revision: 2, sentAtMono: 3_000 }), at(4_090, 12_090));
  expect(slow.receivedAt).toBe(4_000);
  const faster = takeReading(slow, snapshotOf({ revision: 3, sentAtMono: 5_000 }), at(5_990, 13_990));
  expect(faster.receivedAt).toBe(5_990);
  const slept = takeReading(faster, snapshotOf({ revision: 4, sentAtMono: 90_000 }), at(7_000, 99_000));
  expect(slept.receivedAt).toBe(7_000);
  expect(slept.wallOffset).toBe(92_000);
});
