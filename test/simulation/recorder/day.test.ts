import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, test, vi } from 'vitest';

import type { Disposable } from '../../../src-main/core/ports/clock';
import type { Log } from '../../../src-main/core/ports/desktop';
import { VirtualApp } from '../../fixtures/virtual-app';
import { VirtualClock } from '../../fixtures/virtual-clock';
import { VirtualServer } from '../../fixtures/virtual-server';
import { agent, line } from '../../fixtures/recorder';

/* A day of the whole main process: gate, recorder, state, tray and the look at the network, as the app joins them. */

/** Subscriptions that are held, to every emitter there is and to the recorder. */
const listeners = vi.hoisted(() => {
  const held = { count: 0 };
  return {
    count: () => held.count,
    hold: (subscription: Disposable): Disposable => {
      let isHeld = true;
      held.count += 1;
      return {
        dispose: () => {
          if (isHeld) held.count -= 1;
          isHeld = false;
          subscription.dispose();
        },
      };
    },
  };
});

vi.mock(import('../../../src-main/core/lib/emitter'), async (load) => {
  const { createEmitter } = await load();
  return {
    createEmitter: <Arguments extends readonly unknown[]>(log: Log) => {
      const emitter = createEmitter<Arguments>(log);
      return {
        ...emitter,
        on: (listener: (...args: Arguments) => void) => listeners.hold(emitter.on(listener)),
      };
    },
  };
});

vi.mock(import('../../../src-main/core/recorder/service'), async (load) => {
  const { createRecorderService } = await load();
  return {
    createRecorderService: (ports) => {
      const recorder = createRecorderService(ports);
      return {
        ...recorder,
        onChange: (listener) => listeners.hold(recorder.onChange(listener)),
        onNotice: (listener) => listeners.hold(recorder.onNotice(listener)),
        onRecordingsChanged: (listener) => listeners.hold(recorder.onRecordingsChanged(listener)),
      };
    },
  };
});

const hourMs = 3_600_000;

interface Day {
  readonly clock: VirtualClock;
  readonly server: VirtualServer;
  readonly app: VirtualApp;
}

/** An agent who is signed in, with the window hidden. */
async function beginDay(): Promise<Day> {
  const clock = new VirtualClock();
  const server = new VirtualServer(clock);
  server.keepLog = false;
  const app = new VirtualApp({ clock, api: server.apiFor(agent), username: agent, line });
  await app.start();
  await clock.advance(100);
  return { clock, server, app };
}

/** The slope of the best straight line through the values. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return over / values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
}

test('a day of idleness: at most one wake-up a second, and nothing grows', async () => {
  const { clock, app } = await beginDay();
  await clock.advance(hourMs, 5);
  const before = { timers: app.clock.pending, listeners: listeners.count(), wakeUps: app.clock.fired };
  await clock.advance(23 * hourMs, 5);
  // Fewer than the looks at the network alone would mean that something is not counted.
  const wakeUps = (app.clock.fired - before.wakeUps) / (23 * 3_600);
  expect(wakeUps).toBeGreaterThan(0.2);
  expect(wakeUps).toBeLessThanOrEqual(1);
  expect(app.clock.pending).toBeLessThanOrEqual(before.timers + 2);
  expect(listeners.count()).toBe(before.listeners);
  expect(app.model?.tooltip).toBe('RecLight – Not recording');
  app.dispose();
  expect(app.clock.pending).toBe(0);
});

test('a day of calls, outages and naps: timers, listeners, files and memory stay what they were', async () => {
  const { clock, server, app } = await beginDay();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heaps: number[] = [];
  const timers: number[] = [];
  const held: number[] = [];
  let recorded = 0;
  let busiest = 0;
  for (let hour = 0; hour < 24; hour += 1) {
    for (let call = 0; call < 12; call += 1) {
      server.connectCall('101', agent);
      if (call % 3 === 0) app.press('record');
      const firedBefore = app.clock.fired;
      await clock.advance(120_000, 5);
      busiest = Math.max(busiest, app.clock.fired - firedBefore);
      if (app.model?.tooltip.startsWith('RecLight – Recording ') === true) recorded += 1;
      if (call % 6 === 0) app.press('stop');
      if (call === 5) app.suspend();
      server.endCall('101');
      await clock.advance(90_000, 5);
      if (call === 5) app.resume();
      if (call === 7) server.setNetwork(() => ({ kind: 'request-lost', noticedMs: 100 }));
      await clock.advance(90_000, 5);
      server.setNetwork(() => ({ kind: 'ok', outMs: 10, backMs: 10 }));
    }
    server.completed.length = 0;
    server.everRecorded.length = 0;
    await clock.advance(150_000, 5);
    timers.push(app.clock.pending);
    held.push(listeners.count());
    collect();
    heaps.push(process.memoryUsage().heapUsed);
  }
  // Four of an hour's calls: else this would be another day of idleness.
  expect(recorded).toBe(24 * 4);
  // In a recorded call the tooltip counts seconds, and there is a poll every 2 s.
  expect(busiest / 120).toBeLessThanOrEqual(2);
  expect(Math.max(...timers)).toBeLessThanOrEqual(Math.min(...timers) + 2);
  expect(Math.max(...held)).toBe(Math.min(...held));
  expect(app.recorderFile.text?.length ?? 0).toBeLessThan(40_000);
  // Fitted over the last 18 hours: the first ones warm up caches and compiled code.
  expect(Math.abs(slope(heaps.slice(6)))).toBeLessThan(30_000);
  app.dispose();
  await clock.advance(60_000);
  expect(clock.pending()).toBe(0);
}, 120_000);
