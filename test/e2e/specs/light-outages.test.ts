import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { LiveRecording } from '../../tools/simulator/live-recording';
import { patience, pressIfThere, record, recorder, shows } from '../harness/light';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import type { Seen, Shown, Step } from '../harness/ui-recorder';
import { begin, expectCalm, expectFresh, expectShown, expectTimer, polls } from '../harness/ui-recorder';

let harness: Harness;

/** While nothing is known, the last known fact stands still, and no older than what was shown before. */
function expectLastKnown({ window }: Seen, fact: RegExp): void {
  const unknown = window.filter(({ state }) => state === 'State unknown');
  const times = unknown.map(({ at, age }) => Math.round((at - (age ?? NaN) * 1_000) / 1_000));
  const before = window.findLast(({ state, at }) => state !== 'State unknown' && at < (unknown[0]?.at ?? 0));
  expect(unknown.every(({ text }) => fact.test(text))).toBe(true);
  expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
  const lastTrueAt = ((before?.at ?? NaN) - (before?.age ?? NaN) * 1_000) / 1_000;
  expect(Math.abs((times[0] ?? NaN) - lastTrueAt)).toBeLessThanOrEqual(1);
}

const wasRecording = /Was recording Giulia Marchetti · \+390244548866 at \d/;

describe('alone on the harness', () => {
  beforeEach(async () => {
    harness = await startHarness();
    await shows(harness, 'Not recording');
  });

  afterEach(async () => {
    await harness.close();
  });

  test('the cable is pulled for 30 s in the middle of a recording: it comes back by itself', async () => {
    const live = await record(harness);
    const step = await begin(harness);
    await harness.simulator.faults.goDown();
    await shows(harness, 'State unknown');
    await expect.poll(() => recorder(harness).textContent()).toMatch(/again in \d+ s|Trying/);
    await harness.desktop.waitForNotification(({ summary }) => /not known/.test(summary), {
      timeoutMs: 60_000,
    });
    const away = await step.seen();
    expectShown(away, ['Recording', 'State unknown']);
    expectFresh(away);
    expectLastKnown(away, wasRecording);
    expectTimer(away, live.startedMs);
    const back = await begin(harness);
    await harness.simulator.faults.comeUp();
    // Nobody presses anything: the next try comes within a minute.
    await shows(harness, 'Recording', 90_000);
    await harness.desktop.waitForNotification(({ summary }) => /sees your line again/.test(summary));
    const seen = await back.seen();
    expectShown(seen, ['State unknown', 'Recording']);
    expectFresh(seen);
    expectTimer(seen, live.startedMs);
    expectCalm(seen);
    expect(seen.requests[0]).toMatchObject({ route: 'active', status: 200 });
  }, 240_000);

  test('sleep: nothing at all is sent, and after waking the state is asked for anew', async () => {
    const { id } = await record(harness);
    const whole = await begin(harness);
    await harness.reclight.app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
    const asleep = await begin(harness);
    harness.simulator.telephony.finish(id);
    await shows(harness, 'State unknown');
    // In this time the server is asked twice by one that is awake.
    const last = harness.simulator.requests.entries.at(-1)?.sequence ?? 0;
    await expect(
      harness.simulator.requests.waitForRequest(({ sequence }) => sequence > last, 6_000),
    ).rejects.toThrow();
    const slept = await asleep.seen();
    expect(slept.requests).toEqual([]);
    expect(slept.window.at(-1)?.state).toBe('State unknown');
    expect(slept.tray.at(-1)?.state).toBe('State unknown');
    await harness.reclight.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    await shows(harness, 'Not recording');
    const seen = await whole.seen();
    expectShown(seen, ['Recording', 'State unknown', 'Not recording']);
    expectFresh(seen);
    expectLastKnown(seen, wasRecording);
    expectCalm(seen);
    expect(asleep.requests()[0]).toMatchObject({ route: 'active', status: 200 });
  });
});

describe('in the middle of one recording', () => {
  let live: LiveRecording;

  beforeAll(async () => {
    harness = await startHarness();
    await shows(harness, 'Not recording');
    live = await record(harness);
  });

  afterEach(() => {
    harness.simulator.faults.clear();
  });

  afterAll(async () => {
    await harness.close();
  });

  test.each([
    ['503 pages', { kind: 'page', status: 503 }],
    ["a proxy's log-in page", { kind: 'proxyLogin' }],
    ['a redirect to a log-in page', { kind: 'redirect' }],
    ['malformed answers', { kind: 'mangle', how: 'malformed' }],
    ['resets', { kind: 'reset' }],
    ['500 for a while', { kind: 'page', status: 500 }],
    ['no answers, on connections that stay open', { kind: 'stall' }],
    // It says nothing of what this user may see.
    [
      "a gateway's own 403 page",
      {
        kind: 'respond',
        status: 403,
        contentType: 'text/html',
        body: '<!doctype html><title>Forbidden</title><h1>Forbidden</h1>',
      },
    ],
  ] as const)('%s: not known, never "not recording" nor "not visible"', async (_name, action) => {
    await shows(harness, 'Recording');
    const step = await begin(harness);
    const fault = harness.simulator.faults.add({ action });
    await shows(harness, 'State unknown');
    fault.remove();
    await pressIfThere(harness, 'Try now');
    await shows(harness, 'Recording');
    const seen = await step.seen();
    expectShown(seen, ['Recording', 'State unknown', 'Recording']);
    expectFresh(seen);
    expectLastKnown(seen, wasRecording);
    expectTimer(seen, live.startedMs);
    expectCalm(seen);
  });

  describe("the computer's clock is moved", () => {
    /** Moves the user's clock, in both processes; 0 puts it right. */
    async function moveClock(hours: number): Promise<void> {
      // A window is given the hours alone, the main process Electron before them.
      const move = (first: unknown, second?: number) => {
        const holder = globalThis as unknown as { realDate?: DateConstructor };
        const RealDate = (holder.realDate ??= Date);
        const now = () => RealDate.now() + (second ?? Number(first)) * 3_600_000;
        globalThis.Date = new Proxy(RealDate, {
          construct: (target, args: unknown[]) =>
            Reflect.construct(target, args.length === 0 ? [now()] : args) as Date,
          get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
        });
      };
      await harness.reclight.app.evaluate(move, hours);
      await harness.reclight.window.evaluate(move, hours);
    }

    const hour = 3_600;
    const isStray = ({ age }: Shown) => Math.abs(age ?? Infinity) > hour;
    const hasFollowed = async (step: Step) =>
      (await step.window()).slice(-1).every((shown) => !isStray(shown));

    afterEach(async () => {
      const step = await begin(harness);
      await moveClock(0);
      await expect.poll(() => polls(step.requests()).length, patience).toBeGreaterThan(1);
      await expect.poll(() => hasFollowed(step), patience).toBe(true);
    });

    test.each([3, -3])('by %i h: the timer does not notice, and "as of" follows', async (hours) => {
      await shows(harness, 'Recording');
      const step = await begin(harness);
      await moveClock(hours);
      await expect.poll(() => polls(step.requests()).length, patience).toBeGreaterThan(3);
      await expect.poll(() => hasFollowed(step), patience).toBe(true);
      const seen = await step.seen();
      expectShown(seen, ['Recording']);
      expectTimer(seen, live.startedMs);
      expectCalm(seen);
      // What was said before the clock was moved stands until the next answer, and never comes back.
      const strays = seen.window.flatMap((shown, index) => (isStray(shown) ? [index] : []));
      expect(strays).toEqual(strays.map((_index, count) => (strays[0] ?? 0) + count));
      expectFresh({
        ...seen,
        window: seen.window.map((shown) =>
          isStray(shown) ? { ...shown, age: (shown.age ?? NaN) - hours * hour } : shown,
        ),
      });
    });
  });
});
