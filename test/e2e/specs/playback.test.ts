import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { watchProgress } from '../harness/media';

let harness: Harness;

beforeEach(async () => {
  harness = await startHarness({ simulator: { recordings: 600 } });
});

afterEach(async () => {
  await harness.close();
});

const grid = () => harness.reclight.window.getByRole('grid', { name: 'Recordings' });
const player = () => harness.reclight.window.getByRole('region', { name: 'Player' });
const audio = <Value>(look: (element: HTMLAudioElement) => Value) =>
  harness.reclight.window.locator('audio').evaluate(look as (element: HTMLElement | SVGElement) => Value);
const currentTime = () => audio((element) => element.currentTime);
/** Seconds, as they are shown: an element knows none of its own where a server tells no length of the bytes. */
const duration = async () =>
  Number(await player().getByRole('slider', { name: 'Position' }).getAttribute('max'));
const downloads = () => harness.simulator.requests.filter('media');

/** A number that no seeded recording has. */
const remote = '+390299887766';

/** A recording at the top of the list, long enough to hear it play. */
function addRecording(durationMs: number) {
  return harness.simulator.recordings.add({
    startMs: harness.simulator.clock.now() - 1_000,
    durationMs,
    direction: 1,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber: remote,
  });
}

test('a double-click plays, a seek lands, and one download is all', async () => {
  const { window } = harness.reclight;
  const { id } = addRecording(60_000);
  await window.getByRole('button', { name: 'Refresh' }).click();
  const row = grid()
    .getByRole('row', { name: /\+390299887766/ })
    .first();
  await row.dblclick();
  await player().waitFor();
  await expect.poll(currentTime).toBeGreaterThan(0.3);
  await expect.poll(duration).toBeGreaterThan(58);
  expect(await duration()).toBeLessThan(62);

  // As a hand does it: a click on the waveform, then the handle drawn back.
  const box = await player().getByRole('slider', { name: 'Position' }).boundingBox();
  if (box === null) throw new Error('There is no waveform');
  const at = (share: number): [number, number] => [box.x + box.width * share, box.y + box.height / 2];
  const landsAt = async (share: number) => {
    const seconds = (await duration()) * share;
    await expect.poll(async () => Math.abs((await currentTime()) - seconds)).toBeLessThan(3);
    const landed = await currentTime();
    await expect.poll(currentTime).toBeGreaterThan(landed + 0.2);
  };
  await window.mouse.click(...at(0.8));
  await landsAt(0.8);
  const playhead = (await currentTime()) / (await duration());
  await window.mouse.move(...at(playhead));
  await window.mouse.down();
  await window.mouse.move(...at(0.5), { steps: 5 });
  await window.mouse.move(...at(0.3), { steps: 5 });
  await window.mouse.up();
  await landsAt(0.3);

  await player().getByRole('button', { name: 'Close player' }).click();
  // Whoever closes it is in the list again.
  await expect.poll(() => window.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
  await row.dblclick();
  await expect.poll(currentTime).toBeGreaterThan(0.3);
  expect(downloads()).toHaveLength(1);
  expect(harness.simulator.audit.events.filter((event) => event.recordingId === id)).toHaveLength(1);
});

test('sound starts while the recording still arrives', async () => {
  const { window } = harness.reclight;
  const { id } = addRecording(180_000);
  harness.simulator.recordings.setMedia(id, { bytesPerSecond: 60_000 });
  const progress = await watchProgress(window);
  await window.getByRole('button', { name: 'Refresh' }).click();
  await grid()
    .getByRole('row', { name: /\+390299887766/ })
    .first()
    .focus();
  await window.keyboard.press('Enter');
  await expect.poll(currentTime, { timeout: 20_000 }).toBeGreaterThan(0.5);
  expect(await progress(id)).toMatchObject({ status: 'downloading' });
});

test('pause, ten seconds back and forth, volume and speed', async () => {
  const { window } = harness.reclight;
  addRecording(60_000);
  await window.getByRole('button', { name: 'Refresh' }).click();
  await grid()
    .getByRole('row', { name: /\+390299887766/ })
    .first()
    .dblclick();
  await expect.poll(currentTime).toBeGreaterThan(0.3);
  await player().getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => audio((element) => element.paused)).toBe(true);
  const before = await currentTime();
  await player().getByRole('button', { name: 'Forward 10 seconds' }).click();
  await expect.poll(currentTime).toBeCloseTo(before + 10, 0);
  await player().getByRole('button', { name: 'Back 10 seconds' }).click();
  await expect.poll(currentTime).toBeCloseTo(before, 0);
  await player().getByRole('combobox', { name: 'Playback speed' }).selectOption('1.5');
  expect(await audio((element) => element.playbackRate)).toBe(1.5);
  await player().getByRole('slider', { name: 'Volume' }).focus();
  await window.keyboard.press('Home');
  await expect.poll(() => audio((element) => element.volume)).toBe(0);
  await player().getByRole('button', { name: 'Play', exact: true }).click();
  await expect.poll(() => audio((element) => element.paused)).toBe(false);
});

test('further pages load as one scrolls', async () => {
  const { window } = harness.reclight;
  await grid().getByRole('row').first().focus();
  await window.keyboard.press('End');
  await harness.simulator.requests.waitForRequest(
    ({ route, query }) => route === 'list' && /page=[1-9]/.test(query),
  );
  const own = harness.simulator.requests.filter('list').map(({ query }) => query);
  expect(own.every((query) => query.includes('ownerUsername=anna.rossi'))).toBe(true);
  expect(await grid().getByRole('row').count()).toBeLessThanOrEqual(60);
});

test('a recording that is gone says so in words', async () => {
  const { window } = harness.reclight;
  const { id } = addRecording(20_000);
  await window.getByRole('button', { name: 'Refresh' }).click();
  const row = grid()
    .getByRole('row', { name: /\+390299887766/ })
    .first();
  await row.waitFor();
  harness.simulator.recordings.remove(id);
  await row.dblclick();
  await expect.poll(() => player().textContent()).toMatch(/no longer on the server/);
});
