import { describe, expect, it } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { dismissUnconfirmed, withoutDismissed } from '../../../src-main/core/recorder/dismissal';
import { createRemovals } from '../../../src-main/core/removals';
import { guid, recorderView } from '../../fixtures/examples';
import { keptLog, silentLog } from '../../fixtures/memory-file';
import { VirtualClock } from '../../fixtures/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  const removals = createRemovals(clock, silentLog);
  const done: string[] = [];
  const remove = (id: string, kind: 'saves' | 'mark' = 'mark') => {
    removals.begin({
      kind,
      ids: [id],
      recordingId: null,
      carryOut: () => void done.push(`gone ${id}`),
      undo: () => void done.push(`back ${id}`),
    });
  };
  return { clock, removals, done, remove };
}

describe('a removal', () => {
  it('hides at once, and is carried out after 8 s (undo)', async () => {
    const { clock, removals, done, remove } = setUp();
    remove('a');
    expect(removals.isHidden('mark', 'a')).toBe(true);
    expect(removals.isHidden('saves', 'a')).toBe(false);
    await clock.advance(7_999);
    expect(done).toEqual([]);
    await clock.advance(1);
    expect(done).toEqual(['gone a']);
    expect(removals.isHidden('mark', 'a')).toBe(false);
    expect(removals.undo(1)).toMatchObject({ ok: false, error: { code: 'not-possible-now' } });
    expect(clock.pending()).toBe(0);
  });

  it('is undone once, each by itself (undo)', async () => {
    const { clock, removals, done, remove } = setUp();
    remove('a');
    remove('b');
    expect(removals.view().map(({ id }) => id)).toEqual([1, 2]);
    expect(removals.undo(1)).toMatchObject({ ok: true });
    expect(removals.undo(1)).toMatchObject({ ok: false });
    await clock.advance(60_000);
    expect(done).toEqual(['back a', 'gone b']);
  });

  it('is carried out, once, by who ends a session or RecLight; of one kind where only that ends (undo)', () => {
    const { clock, removals, done, remove } = setUp();
    remove('a', 'saves');
    remove('b');
    removals.carryOut('saves');
    expect(done).toEqual(['gone a']);
    removals.dispose();
    removals.dispose();
    expect(done).toEqual(['gone a', 'gone b']);
    expect(removals.view()).toEqual([]);
    expect(clock.pending()).toBe(0);
  });

  it('is not shown again before it is carried out (undo)', () => {
    const { removals } = setUp();
    const seen: boolean[] = [];
    removals.begin({
      kind: 'mark',
      ids: ['a'],
      recordingId: null,
      carryOut: () => void seen.push(removals.isHidden('mark', 'a')),
    });
    removals.carryOut();
    expect(seen).toEqual([true]);
  });
});

describe('a removal that fails', () => {
  it('is logged and over, and the others are carried out', async () => {
    const clock = new VirtualClock();
    const log = keptLog();
    const removals = createRemovals(clock, log);
    const done: string[] = [];
    const begin = (id: string, carryOut: () => void) => {
      removals.begin({ kind: 'mark', ids: [id], recordingId: null, carryOut });
    };
    const broken = () => {
      throw new Error('x');
    };
    begin('a', broken);
    begin('b', () => void done.push('b'));
    removals.carryOut();
    begin('c', broken);
    await clock.advance(8_000);
    expect(done).toEqual(['b']);
    expect(removals.view()).toEqual([]);
    expect(removals.isHidden('mark', 'a')).toBe(false);
    expect(log.lines).toHaveLength(2);
  });

  it('to undo is told, and cannot be undone again', () => {
    const clock = new VirtualClock();
    const removals = createRemovals(clock, silentLog);
    removals.begin({
      kind: 'mark',
      ids: ['a'],
      recordingId: null,
      carryOut: () => undefined,
      undo: () => {
        throw new Error('x');
      },
    });
    expect(removals.undo(1)).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(removals.view()).toEqual([]);
    expect(clock.pending()).toBe(0);
  });
});

describe('dismissing a recording that was not found', () => {
  it('can be undone: only after 8 s nobody is told any more (undo)', async () => {
    const { clock, removals } = setUp();
    const dismissed: string[] = [];
    const recorder = {
      dismissUnconfirmed: (id: string) => {
        dismissed.push(id);
        return succeed(null);
      },
    };
    const entry = { id: guid(1), directoryNumber: '101', startedAt: 0, endedAt: 1 };
    const view = recorderView({ unconfirmed: [entry, { ...entry, id: guid(2) }] });
    const shown = () => withoutDismissed(view, removals).unconfirmed.map(({ id }) => id);
    dismissUnconfirmed(recorder, removals, guid(1).toUpperCase());
    dismissUnconfirmed(recorder, removals, guid(1));
    expect(shown()).toEqual([guid(2)]);
    removals.undo(1);
    expect(withoutDismissed(view, removals)).toBe(view);
    await clock.advance(10_000);
    expect(dismissed).toEqual([]);
    dismissUnconfirmed(recorder, removals, guid(2));
    await clock.advance(8_000);
    expect(dismissed).toEqual([guid(2)]);
  });
});
