import { expect, test } from 'vitest';

import type { TrayModel } from '../../../../src-main/core/desktop/tray-model';
import { createTrayRefresh } from '../../../../src-main/core/desktop/tray-refresh';
import { activeView, recorderView, snapshotOf } from '../../../fixtures/examples';
import { VirtualClock } from '../../../fixtures/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  const shown: TrayModel[] = [];
  const state = { isRecording: true, hasTray: true };
  const tray = { show: (model: TrayModel) => shown.push(model) };
  const refresh = createTrayRefresh(
    clock,
    () => (state.hasTray ? tray : null),
    () =>
      snapshotOf({
        sentAtMono: clock.monotonicNow(),
        recorder: state.isRecording
          ? recorderView({ status: 'recording', recordings: [activeView()] })
          : recorderView({ status: 'not-recording' }),
      }),
  );
  return { clock, shown, state, refresh };
}

test('the tray counts the time of a recording by itself, and nothing once it has ended', async () => {
  const { clock, shown, state, refresh } = setUp();
  // The recording of the examples begins then.
  await clock.advance(1_000);
  refresh.refresh();
  await clock.advance(10_000);
  expect(shown.length).toBeGreaterThan(1);
  expect(new Set(shown.map(({ tooltip }) => tooltip)).size).toBe(shown.length);
  state.isRecording = false;
  refresh.refresh();
  const count = shown.length;
  await clock.advance(60_000);
  expect(shown).toHaveLength(count);
});

test('many changes of the tray leave one timer, and the end leaves none', () => {
  const { clock, refresh } = setUp();
  for (let turn = 0; turn < 5; turn += 1) refresh.refresh();
  expect(clock.pending()).toBe(1);
  refresh.dispose();
  expect(clock.pending()).toBe(0);
});

test('nothing is shown before there is a tray', () => {
  const { clock, shown, state, refresh } = setUp();
  state.hasTray = false;
  refresh.refresh();
  expect(shown).toEqual([]);
  expect(clock.pending()).toBe(0);
});
