import { describe, expect, test } from 'vitest';

import type { RecorderView } from '@shared/ipc/snapshot';
import { createAttention } from '../../../../src-main/core/desktop/attention';
import { recorderView } from '../../../fixtures/examples';
import { VirtualClock } from '../../../fixtures/virtual-clock';

function setUp(view: Partial<RecorderView> = {}) {
  const clock = new VirtualClock();
  const done: string[] = [];
  const attention = createAttention({
    clock,
    recorder: {
      view: () => recorderView(view),
      setWindowVisible: (isVisible) => done.push(isVisible ? 'visible' : 'hidden'),
      tryNow: () => done.push('poll'),
    },
    recordings: { look: () => done.push('list') },
    hotkeys: { retry: () => done.push('hotkeys') },
  });
  const change = (isVisible: boolean, isFocused: boolean): readonly string[] => {
    attention.windowChanged({ isVisible: () => isVisible, isFocused: () => isFocused });
    return done.splice(0);
  };
  const look = (): readonly string[] => {
    attention.look();
    return done.splice(0);
  };
  return { clock, change, look };
}

describe('a look', () => {
  const planned = new VirtualClock().monotonicNow() + 5_000;
  const unknownFor = (retryAfterMs?: number): RecorderView['unknown'] => ({
    sinceMono: 0,
    error: {
      code: 'rate-limited',
      operation: 'active',
      detail: retryAfterMs === undefined ? {} : { retryAfterMs },
    },
    lastKnown: null,
  });

  test.each<[string, Partial<RecorderView>, readonly string[]]>([
    [
      'polls before the list where the state is not known',
      { status: 'unknown', nextTryMono: planned },
      ['poll', 'list'],
    ],
    [
      'polls before the list while it connects',
      { status: 'connecting', nextTryMono: planned },
      ['poll', 'list'],
    ],
    ['does not poll where the state is known', { status: 'recording', nextTryMono: planned }, ['list']],
    ['does not poll while a poll is in flight', { status: 'unknown', nextTryMono: -1 }, ['list']],
    ['does not poll where nothing is planned', { status: 'unknown', nextTryMono: null }, ['list']],
    [
      'polls after a failure',
      { status: 'unknown', nextTryMono: planned, unknown: unknownFor() },
      ['poll', 'list'],
    ],
    [
      'does not poll before the time that the server asked for',
      { status: 'unknown', nextTryMono: planned, unknown: unknownFor(60_000) },
      ['list'],
    ],
  ])('%s', (_what, view, expected) => {
    expect(setUp(view).look()).toEqual(expected);
  });
});

test('a window that is shown is a look, and one that is hidden is none', () => {
  const { change } = setUp();
  expect(change(true, false)).toEqual(['visible', 'list']);
  expect(change(false, false)).toEqual(['hidden']);
});

test('shortcuts are asked for again when the window gets the keyboard, not while it has it', () => {
  const { change } = setUp();
  expect(change(true, true)).toEqual(['hotkeys', 'visible', 'list']);
  expect(change(true, true)).toEqual(['visible', 'list']);
  change(true, false);
  expect(change(true, true)).toContain('hotkeys');
});
