import { expect, test } from 'vitest';

import { formatElapsed } from '@shared/text/format';
import type { Reading } from '../../../src-renderer/services/mirror';
import { takeReading } from '../../../src-renderer/services/mirror';
import {
  countdownPhase,
  elapsedMs,
  secondsUntil,
  tickPhase,
  wallTime,
} from '../../../src-renderer/services/time';
import { activeView, snapshotOf } from '../../fixtures/examples';

const reading: Reading = {
  snapshot: snapshotOf({ sentAtMono: 50_000 }),
  receivedAt: 2_000,
  wallOffset: 1_700_000_000_000,
};

test.each([
  { now: 2_000, shown: '00:44' },
  { now: 2_999, shown: '00:44' },
  { now: 3_000, shown: '00:45' },
  { now: 62_000, shown: '01:44' },
  { now: 3_602_000, shown: '1:00:44' },
  // A tick from before the reading was received counts as the reading's own instant.
  { now: 100, shown: '00:44' },
])('at $now ms the timer shows $shown', ({ now, shown }) => {
  // 42 s at 48 s on the main process's clock, sent at 50 s.
  const recording = activeView({ elapsedMs: 42_000, anchorMono: 48_000 });
  expect(formatElapsed(elapsedMs(recording, reading, now))).toBe(shown);
});

test('a timer that does not tick stands still', () => {
  const recording = activeView({ elapsedMs: 42_000, anchorMono: 0, ticking: false });
  expect(elapsedMs(recording, reading, 9_999_999)).toBe(42_000);
});

test.each([-3, 3, 48])('a wall clock that jumps by %i h changes no timer, only times of day', (hours) => {
  const jump = hours * 3_600_000;
  const recording = activeView({ elapsedMs: 42_000, anchorMono: 50_000 });
  const before = takeReading(null, snapshotOf({ revision: 1, sentAtMono: 50_000 }), {
    monotonicNow: () => 2_000,
    wallNow: () => 1_000_000_000,
  });
  const after = takeReading(before, snapshotOf({ revision: 2, sentAtMono: 51_000 }), {
    monotonicNow: () => 3_000,
    wallNow: () => 1_000_001_000 + jump,
  });
  expect(elapsedMs(recording, after, 3_000)).toBe(43_000);
  expect(elapsedMs(recording, after, 3_000)).toBe(elapsedMs(recording, before, 3_000));
  expect(wallTime(before, 49_000)).toBe(999_999_000);
  expect(wallTime(after, 49_000)).toBe(999_999_000 + jump);
});

test('a count-down rounds up and ends at zero', () => {
  expect(secondsUntil(53_000, reading, 2_000)).toBe(3);
  expect(secondsUntil(53_000, reading, 2_001)).toBe(3);
  expect(secondsUntil(53_000, reading, 3_000)).toBe(2);
  expect(secondsUntil(53_000, reading, 9_000)).toBe(0);
});

test('timers and count-downs tick when their text changes', () => {
  const recording = activeView({ elapsedMs: 42_300, anchorMono: 50_000 });
  const phase = tickPhase(recording, reading);
  expect(phase).toBe(700);
  const just = elapsedMs(recording, reading, 2_000 + phase);
  expect(just % 1_000).toBe(0);
  expect(countdownPhase(53_250, reading)).toBe(250);
});
