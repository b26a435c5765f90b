import { expect, test } from 'vitest';

import { beginSearch, findCompleted } from '../../../../src-main/core/save-check/search';
import { guid, summary } from '../../../fixtures/examples';

function isFound(completed: string | null, expected: string | null): boolean {
  const ended = {
    scope: 'anna',
    id: guid(1),
    directoryNumber: '101',
    startedHere: true,
    startedAt: 0,
    startedBy: null,
    endedAt: 60_000,
    serverStartedAt: 5_000,
  };
  const hints = { serverStartedAt: 5_000, party: { phoneNumber: expected }, ownerUsername: 'anna' };
  const search = beginSearch(ended, hints, false, 0, 0);
  const listed = summary({ id: guid(2), startTime: 5_000, remotePartyNumber: completed });
  return findCompleted(search, [listed], () => false) === listed;
}

test.each([
  ['+39 02 123456', '+3902123456', true],
  ['003902123456', '+3902123456', true],
  ['(02) 123-456', '+3902123456', true],
  ['+39 02 123456', '+39 02 123457', false],
  // One that only contains the other is another number.
  ['+3902123456', '3456', false],
  ['3456', '+3902123456', false],
  [null, null, true],
  [null, '101', false],
  ['101', null, false],
])('a completed call with %s is the one with %s: %s', (completed, expected, same) => {
  expect(isFound(completed, expected)).toBe(same);
});

test.each([
  // It is over when the one that is looked for begins, or at once after that.
  [3_000, 2_000, false],
  [3_000, 2_900, false],
  [3_000, 3_100, true],
  [5_000, 20_000, true],
  // The first of two rows of one recording.
  [5_000, 30_000, true],
])(
  'a row of the same party from %s ms on, for %s ms, is the one from 5,000 ms on: %s',
  (startTime, durationMs, same) => {
    const ended = {
      scope: 'anna',
      id: guid(1),
      directoryNumber: '101',
      startedHere: true,
      startedAt: 0,
      startedBy: null,
      endedAt: 60_000,
      serverStartedAt: 5_000,
    };
    const hints = { serverStartedAt: 5_000, party: { phoneNumber: '+391' }, ownerUsername: 'anna' };
    const listed = summary({ id: guid(2), startTime, durationMs, remotePartyNumber: '+391' });
    const search = beginSearch(ended, hints, false, 0, 0);
    expect(findCompleted(search, [listed], () => false) === listed).toBe(same);
  },
);
