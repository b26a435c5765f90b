import { describe, expect, test } from 'vitest';

import type { RecorderStatus } from '@shared/ipc/snapshot';
import { createOutageWatch } from '../../../../src-main/core/recordings/outage';

function callsAfter(statuses: readonly RecorderStatus[], isWindowVisible = true): readonly string[] {
  const calls: string[] = [];
  const watch = createOutageWatch({
    expire: () => calls.push('expire'),
    look: () => calls.push('look'),
    isWindowVisible: () => isWindowVisible,
  });
  for (const status of statuses) watch(status);
  return calls;
}

describe('createOutageWatch', () => {
  test('a light that is known again expires and refetches the recent list once', () => {
    const statuses = ['recording', 'unknown', 'connecting', 'not-recording', 'recording'] as const;
    expect(callsAfter(statuses)).toEqual(['expire', 'look']);
  });

  test('with a hidden window the recent list is expired but not refetched', () => {
    expect(callsAfter(['recording', 'unknown', 'recording'], false)).toEqual(['expire']);
  });

  test('the first known state after sign-in is no end of an outage', () => {
    expect(callsAfter(['signed-out', 'connecting', 'unknown', 'not-recording'])).toEqual([]);
  });

  test.each(['signed-out', 'locked'] as const)('an outage that ends in %s is forgotten', (status) => {
    expect(callsAfter(['recording', 'unknown', status, 'connecting', 'recording'])).toEqual([]);
  });
});
