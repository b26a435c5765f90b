import type { Locator } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { recognised } from '../harness/light';
import { status } from '../harness/reclight';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness();
  await expect.poll(() => status(harness.reclight.window).textContent()).toBe('Not recording');
});

afterEach(async () => {
  await harness.close();
});

const trayItem = (tooltip: RegExp) => harness.desktop.waitForTrayItem((item) => tooltip.test(item.tooltip));
const hideWindow = () => harness.reclight.window.evaluate(() => self.reclight.hideWindow({}));
const requests = (route: 'start' | 'stopById' | 'stopByLine') => harness.simulator.requests.filter(route);

/** A number that no seeded recording has. */
const remote = '+390688112233';

function connectCall() {
  return harness.simulator.telephony.connectCall({
    directoryNumber: '101',
    remote: { phoneNumber: remote, firstName: 'Giulia', lastName: 'Marchetti' },
  });
}

/** @returns what the status says one round trip to main and two frames after the next click */
async function statusAfterNextClick(): Promise<() => Promise<string>> {
  const shown = await harness.reclight.window.evaluateHandle(() => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const text = new Promise<string>((resolve) => {
      const look = async () => {
        await frame();
        // What main made of the press arrives before its answer to this; no clock is asked.
        await self.reclight.getSnapshot({});
        await frame();
        resolve(document.querySelector('.recorder [role=status]')?.textContent ?? '');
      };
      addEventListener('click', () => void look(), { once: true, capture: true });
    });
    // In an object, or it would be waited for right here.
    return { text };
  });
  return () => shown.evaluate(({ text }) => text);
}

/** One POST, one DELETE by id that did it, and the finished recording at the top of the history. */
async function expectOneRecording(): Promise<void> {
  expect(requests('start')).toHaveLength(1);
  expect(requests('stopByLine')).toHaveLength(0);
  const stops = requests('stopById');
  const { recordings, telephony, timing, service } = harness.simulator;
  // Where the server lists it under another id than it told, or still lists it afterwards, a second one may find nothing.
  const isMisleading = timing.lingersMs > 0 || service.startAnswers !== 'live-id';
  expect(stops.filter((one) => one.status !== 409)).toMatchObject([{ status: 204 }]);
  expect(stops.length).toBeLessThanOrEqual(isMisleading ? 2 : 1);
  // The server lists it once it has processed it; a stop may have named it by another id that it had.
  const stopped = telephony.originOf(stops[0]?.path.split('/').at(-1) ?? '');
  await recordings.waitFor(({ id }) => telephony.originOf(id) === stopped);
  const first: Locator = harness.reclight.window
    .getByRole('grid', { name: 'Recordings' })
    .getByRole('row')
    .first();
  await expect.poll(() => first.textContent(), { timeout: 15_000 }).toContain(remote);
}

describe('a recording, started and stopped', () => {
  test('by global hotkeys while the window is hidden: tray, notices and history follow', async () => {
    const { desktop, simulator, reclight } = harness;
    const idle = await trayItem(/^RecLight – Not recording/);
    connectCall();
    await hideWindow();
    await desktop.pressKeys('ctrl+shift+F9');
    await simulator.telephony.waitFor((telephony) => telephony.live()[0]);
    const recording = await trayItem(/^RecLight – Recording \d\d:\d\d/);
    expect(recording.iconHash).not.toBe(idle.iconHash);
    await desktop.waitForNotification(
      ({ summary, body }) => summary === 'Recording started' && body.includes('Giulia'),
    );

    await desktop.pressKeys('ctrl+shift+F10');
    await simulator.telephony.waitFor((telephony) => (telephony.live().length === 0 ? true : undefined));
    const stopped = await trayItem(/^RecLight – Not recording/);
    expect(stopped.iconHash).toBe(idle.iconHash);
    await desktop.waitForNotification(({ summary }) => summary === 'Recording stopped');
    await desktop.waitForNotification(({ summary }) => summary === 'Recording saved');
    await reclight.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    await expectOneRecording();
  });

  test('a moment marked by hotkey is told, and found in the player although the id changed', async () => {
    const { desktop, simulator, reclight } = harness;
    const call = connectCall();
    await hideWindow();
    await desktop.pressKeys('ctrl+shift+F9');
    await trayItem(/^RecLight – Recording 00:0[2-9]/);
    await desktop.pressKeys('ctrl+shift+F11');
    const { summary } = await desktop.waitForNotification((shown) =>
      /^Moment marked at /.test(shown.summary),
    );
    const [, seconds] = /^Moment marked at 00:0(\d)$/.exec(summary) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(2);
    await recognised(harness);

    const live = simulator.telephony.live()[0]?.id;
    simulator.telephony.endCall(call.id, 'new-id');
    const saved = await desktop.waitForNotification((shown) => shown.summary === 'Recording saved', {
      timeoutMs: 30_000,
    });
    // A click plays it: in the window, under the id that it was given.
    await desktop.invokeNotification(saved.id, 'default');
    const player = reclight.window.getByRole('region', { name: 'Player' });
    await player.getByRole('button', { name: 'More controls' }).click();
    await player.getByRole('button', { name: new RegExp(`^Go to 0:0${seconds}`) }).waitFor();
    expect(simulator.requests.filter('media').every(({ path }) => !path.includes(live ?? '-'))).toBe(true);
  });

  test("by the window's buttons", async () => {
    const recorder = harness.reclight.window.getByRole('region', { name: 'Recorder' });
    connectCall();
    await recorder.getByRole('button', { name: /^Record(?! next)/ }).click();
    await expect.poll(() => status(harness.reclight.window).textContent()).toBe('Recording');
    await expect.poll(() => recorder.textContent()).toContain('Giulia Marchetti');
    await expect.poll(() => recorder.getByRole('timer').textContent()).toMatch(/00:0[1-9]/);
    await recorder.getByRole('button', { name: /^Stop/ }).click();
    await expect.poll(() => status(harness.reclight.window).textContent()).toBe('Not recording');
    await expectOneRecording();
  });

  test("by the tray's menu", async () => {
    const { desktop } = harness;
    const { item } = await trayItem(/Not recording/);
    connectCall();
    await desktop.clickTrayMenu(item, ['Record']);
    await trayItem(/^RecLight – Recording/);
    await desktop.waitForTrayMenu(item, (menu) =>
      menu.children.some(({ label, enabled }) => label === 'Stop' && enabled),
    );
    await desktop.clickTrayMenu(item, ['Stop']);
    await trayItem(/^RecLight – Not recording/);
    await expectOneRecording();
  });

  test.each([
    [/^Record(?! next)/, 'start', 'Starting…'],
    [/^Stop/, 'stopById', 'Stopping…'],
  ] as const)(
    'gives feedback one round trip to main and two frames after a press of %s',
    async (button, route, said) => {
      const { simulator, reclight } = harness;
      connectCall();
      if (route === 'stopById') {
        simulator.telephony.startRecording({ directoryNumber: '101' });
        await expect.poll(() => status(reclight.window).textContent()).toBe('Recording');
      }
      simulator.faults.add({ match: { route }, action: { kind: 'stall' } });
      const shown = await statusAfterNextClick();
      await reclight.window
        .getByRole('region', { name: 'Recorder' })
        .getByRole('button', { name: button })
        .click();
      expect(await shown()).toBe(said);
      await trayItem(new RegExp(`^RecLight – ${said}`));
      await simulator.requests.waitForRequest((request) => request.route === route);
      expect(requests(route).map(({ status: answered }) => answered)).toEqual([null]);
    },
  );

  test.each([
    ['the hotkey', () => harness.desktop.pressKeys('ctrl+shift+F9')],
    [
      "the tray's menu",
      async () => {
        const { item } = await trayItem(/Not recording/);
        await harness.desktop.clickTrayMenu(item, ['Record']);
      },
    ],
  ] as const)('gives feedback to %s before the server has answered', async (_what, press) => {
    connectCall();
    harness.simulator.faults.add({ match: { route: 'start' }, action: { kind: 'stall' } });
    await press();
    await expect.poll(() => status(harness.reclight.window).textContent()).toBe('Starting…');
    await trayItem(/^RecLight – Starting…/);
  });

  test('ten presses of the hotkey make one request', async () => {
    const { desktop, simulator } = harness;
    connectCall();
    simulator.timing.startLatencyMs = 500;
    await desktop.pressKeys(...Array.from({ length: 10 }, () => 'ctrl+shift+F9'));
    await trayItem(/^RecLight – Recording/);
    expect(requests('start')).toHaveLength(1);
  });
});

describe("somebody else's recording of my line", () => {
  test('is shown, and can be stopped', async () => {
    const { window } = harness.reclight;
    connectCall();
    harness.simulator.telephony.startRecording({ directoryNumber: '101', by: 'sara.conti' });
    await expect.poll(() => status(window).textContent(), { timeout: 15_000 }).toBe('Recording');
    await window.getByRole('region', { name: 'Recorder' }).getByRole('button', { name: /^Stop/ }).click();
    await expect.poll(() => status(window).textContent()).toBe('Not recording');
    expect(harness.simulator.telephony.live()).toHaveLength(0);
  });
});
