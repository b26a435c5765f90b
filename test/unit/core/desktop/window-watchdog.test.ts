import { expect, test } from 'vitest';

import { createWindowWatchdog, type PageFailure } from '../../../../src-main/core/desktop/window-watchdog';
import { VirtualClock } from '../../../fixtures/virtual-clock';

function setUp() {
  const clock = new VirtualClock();
  const reloads: PageFailure[] = [];
  const fixture = { asked: 0, givenUp: 0 };
  const watchdog = createWindowWatchdog({
    clock,
    ask: () => {
      fixture.asked += 1;
    },
    reload: (failure) => {
      reloads.push(failure);
    },
    giveUp: () => {
      fixture.givenUp += 1;
    },
  });
  return { clock, reloads, fixture, watchdog };
}

test('a page that answers is left alone, and costs no timer (R-15)', async () => {
  const { clock, reloads, watchdog } = setUp();
  for (let minute = 0; minute < 10; minute += 1) {
    watchdog.asked();
    expect(clock.pending()).toBe(1);
    watchdog.answered(true);
    expect(clock.pending()).toBe(0);
    await clock.advance(60_000);
  }
  expect(reloads).toEqual([]);
});

test('an empty page is loaded anew at once (R-15)', () => {
  const { reloads, watchdog } = setUp();
  watchdog.asked();
  watchdog.answered(true);
  watchdog.asked();
  watchdog.answered(false);
  expect(reloads).toEqual(['empty']);
});

test('several answers of one empty page load one page (R-15)', () => {
  const { reloads, watchdog } = setUp();
  for (let answer = 0; answer < 5; answer += 1) watchdog.answered(false);
  expect(reloads).toEqual(['empty']);
  watchdog.answered(true);
  watchdog.answered(false);
  expect(reloads).toEqual(['empty', 'empty']);
});

test('a silent page is asked a second time, then loaded anew (R-15)', async () => {
  const { clock, reloads, fixture, watchdog } = setUp();
  watchdog.asked();
  await clock.advance(29_999);
  expect(fixture.asked).toBe(0);
  await clock.advance(1);
  expect(fixture.asked).toBe(1);
  await clock.advance(14_999);
  expect(reloads).toEqual([]);
  await clock.advance(1);
  expect(reloads).toEqual(['silent']);
});

test('a sleep of the computer does not end a page (R-15)', async () => {
  const { clock, reloads, fixture, watchdog } = setUp();
  watchdog.asked();
  clock.sleepMachine(8 * 3_600_000);
  await clock.advance(0);
  expect(fixture.asked).toBe(1);
  watchdog.answered(true);
  await clock.advance(60_000);
  expect(reloads).toEqual([]);
});

test('after three pages within a minute it gives up, and loads nothing by itself (R-15)', async () => {
  const { clock, reloads, fixture, watchdog } = setUp();
  for (let crash = 0; crash < 4; crash += 1) watchdog.gone();
  expect(reloads).toEqual(['gone', 'gone', 'gone']);
  expect(fixture.givenUp).toBe(1);
  watchdog.asked();
  watchdog.check();
  watchdog.answered(false);
  await clock.advance(3_600_000);
  expect(reloads).toHaveLength(3);
  expect(clock.pending()).toBe(0);
});

test('crashes that are rare never make it give up (R-15)', async () => {
  const { clock, reloads, fixture, watchdog } = setUp();
  for (let crash = 0; crash < 20; crash += 1) {
    watchdog.gone();
    watchdog.answered(true);
    await clock.advance(21_000);
  }
  expect(reloads).toHaveLength(20);
  expect(fixture.givenUp).toBe(0);
});

test('opening the window tries again a minute later; the user’s own wish at once (R-15)', async () => {
  const { clock, reloads, fixture, watchdog } = setUp();
  for (let crash = 0; crash < 4; crash += 1) watchdog.gone();
  watchdog.opened();
  expect(reloads).toHaveLength(3);
  expect(fixture.givenUp).toBe(2);
  watchdog.tryAgain();
  expect(reloads).toHaveLength(4);
  for (let crash = 0; crash < 3; crash += 1) watchdog.gone();
  expect(fixture.givenUp).toBe(3);
  await clock.advance(60_000);
  watchdog.opened();
  expect(reloads).toHaveLength(7);
});

test('whoever opens the window makes it ask the page (R-15)', () => {
  const { clock, fixture, watchdog } = setUp();
  watchdog.opened();
  expect(fixture.asked).toBe(1);
  expect(clock.pending()).toBe(1);
});

test('after its end it does nothing', async () => {
  const { clock, reloads, fixture, watchdog } = setUp();
  watchdog.asked();
  watchdog.dispose();
  watchdog.asked();
  watchdog.gone();
  await clock.advance(3_600_000);
  expect({ reloads, ...fixture }).toEqual({ reloads: [], asked: 0, givenUp: 0 });
});
