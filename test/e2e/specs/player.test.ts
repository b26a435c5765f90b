import { readFileSync } from 'node:fs';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { basic, passwords } from '../../tools/simulator/testing/caller';
import { seededRandom } from '../../fixtures/virtual-clock';
import { drivePlayer, patient } from '../harness/player';
import { barsOf, decodeWithLame, noiseOfManyLevels, toneAfter } from '../harness/sound';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { watchProgress } from '../harness/media';

let harness: Harness;
const {
  player,
  button,
  position,
  length,
  audio,
  currentTime,
  waveform,
  downloads,
  add,
  play,
  open,
  upload,
  leave,
} = drivePlayer(() => harness);

beforeAll(async () => {
  harness = await startHarness({ simulator: { recordings: 12, generation: 2025 } });
});

afterAll(async () => {
  await harness.close();
});

afterEach(leave);

/** The bytes that the server sends, asked for apart from RecLight. */
async function original(id: string): Promise<Uint8Array> {
  const answer = await fetch(`${harness.simulator.apiUrl}/Recordings/${id}/Media`, {
    headers: { authorization: basic('anna.rossi', passwords['anna.rossi']) },
  });
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

/** How high each bar of the picture is, as a part of its lane. */
function drawnBars(lanes: number): Promise<number[][]> {
  return player()
    .locator('canvas')
    .evaluate(
      (element, count) =>
        new Promise<number[][]>((resolve) => {
          requestAnimationFrame(() => {
            requestAnimationFrame(() => {
              const canvas = element as HTMLCanvasElement;
              const context = canvas.getContext('2d');
              const scale = canvas.width / canvas.clientWidth;
              const bars = Math.floor(canvas.clientWidth / 3);
              const laneHeight = canvas.height / count;
              resolve(
                Array.from({ length: count }, (_, lane) =>
                  Array.from({ length: bars }, (__, bar) => {
                    const column = context?.getImageData(
                      Math.floor((bar * 3 + 0.5) * scale),
                      Math.ceil(lane * laneHeight),
                      1,
                      Math.floor(laneHeight),
                    ).data;
                    let filled = 0;
                    for (let at = 3; at < (column?.length ?? 0); at += 4)
                      filled += (column?.[at] ?? 0) > 40 ? 1 : 0;
                    return filled / (laneHeight - 2 * scale);
                  }),
                ),
              );
            });
          });
        }),
      lanes,
    );
}

/** What is drawn of the recording in the player is what another decoder finds in it. */
async function expectPicture(id: string, lanes: number): Promise<void> {
  const seconds = await length();
  const drawn = await drawnBars(lanes);
  const bars = drawn[0]?.length ?? 0;
  expect(bars).toBeGreaterThan(80);
  const reference = await decodeWithLame(await original(id));
  // Decoders differ in how much of their own delay they leave out: one shift for all bars and lanes is allowed.
  const compared = Array.from({ length: 17 }, (_, step) => (step - 8) * 0.025).map((shift) => {
    const expected = drawn.map((__, lane) => barsOf(reference, lane, { seconds, bars, shift }));
    const full = Math.max(...expected.flat());
    return drawn.flatMap((heights, lane) =>
      heights.map((height, bar) => Math.abs(height - (expected[lane]?.[bar] ?? 0) / full)),
    );
  });
  const mean = (differences: readonly number[]) =>
    differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  const best = compared.reduce((one, other) => (mean(other) < mean(one) ? other : one));
  // A pixel is a twentieth of a lane.
  expect(mean(best)).toBeLessThan(0.05);
  expect(best.filter((difference) => difference > 0.15).length).toBeLessThan(best.length / 20);
}

describe('the waveform', () => {
  test.each([
    ['mono', 90_000, { voice: 'speech' }, 1],
    ['stereo', 60_000, { voice: 'stereo' }, 2],
    ['variable bit rate', 60_000, { voice: 'vbr' }, 1],
    ['variable bit rate without a header', 60_000, { voice: 'vbr-bare' }, 1],
    ['8 kHz mono', 60_000, { voice: 'narrow' }, 1],
    ['8 kHz stereo', 60_000, { voice: 'narrow-stereo' }, 2],
  ] as const)('of %s is what another decoder finds', async (_name, durationMs, media, lanes) => {
    const id = await play(durationMs, media);
    await expect.poll(waveform, patient).toBe('whole');
    expect(await player().getByText('Left').count()).toBe(lanes - 1);
    expect(downloads()).toBe(1);
    await expectPicture(id, lanes);
  });

  test('is of no account where there is nothing to draw: the slider is there', async () => {
    await play(60_000, { voice: 'speech', exactBytes: 0 });
    await player().getByRole('alert').waitFor();
    await expect(position().count()).resolves.toBe(1);
    await player().getByRole('button', { name: 'Try again' }).waitFor();
  });

  test.each([
    'application/octet-stream',
    'text/html; charset=utf-8',
    'application/json',
    'audio/wav',
    'nonsense',
  ])('and the sound come also under a wrong content type: %s', async (contentType) => {
    await play(30_000, { voice: 'speech', contentType });
    await expect.poll(currentTime, patient).toBeGreaterThan(0.3);
    await expect.poll(waveform, patient).toBe('whole');
  });
});

describe('a damaged recording', () => {
  test('opens, plays over the damage and to its end, and is drawn whole from one download', async () => {
    await play(60_000, { voice: 'speech', damagedEvery: 10_000 });
    // The beginning is damaged, and again at 2 s, 4 s…
    await expect.poll(currentTime, patient).toBeGreaterThan(2.5);
    await expect.poll(waveform, patient).toBe('whole');
    expect(await length()).toBeCloseTo(60, 0);
    await position().focus();
    await harness.reclight.window.keyboard.press('9');
    await expect.poll(() => audio((element) => element.ended), patient).toBe(true);
    expect(await player().getByRole('alert').count()).toBe(0);
    expect(downloads()).toBe(1);
  });

  test('keeps its time: what is heard at a moment is what is drawn there', async () => {
    const mp3 = toneAfter(20);
    // Six seconds that Chromium by itself would leave out of the time that has passed, and not of the length.
    for (let at = 55_000; at < 85_000; at += 1) mp3[at] = (at * 37 + 11) & 0x7f;
    await upload('+390299000666', mp3);
    await open('+390299000666');
    await expect.poll(waveform, patient).toBe('whole');
    expect(await length()).toBeCloseTo(30, 0);
    const [bars = []] = await drawnBars(1);
    expect((bars.findIndex((height) => height > 0.5) / bars.length) * 30).toBeCloseTo(20, 0);
    await button('Pause').click();
    await position().focus();
    await harness.reclight.window.keyboard.press('3');
    await expect.poll(currentTime, patient).toBeCloseTo(9, 0);
    await button('Play').click();
    const heardAt = await audio(
      (element) =>
        new Promise<number>((resolve) => {
          const context = new AudioContext();
          const stream = (element as HTMLAudioElement & { captureStream(): MediaStream }).captureStream();
          const analyser = new AnalyserNode(context, { fftSize: 512 });
          context.createMediaStreamSource(stream).connect(analyser);
          const samples = new Float32Array(analyser.fftSize);
          const timer = setInterval(() => {
            analyser.getFloatTimeDomainData(samples);
            if (Math.max(...samples) < 0.1 && !element.ended) return;
            clearInterval(timer);
            void context.close();
            resolve(element.currentTime);
          }, 10);
        }),
    );
    expect(heardAt).toBeGreaterThan(19);
    expect(heardAt).toBeLessThan(21.5);
    expect(downloads()).toBe(1);
  });
});

describe('a download that is cut in the middle', () => {
  test.each(['length', 'chunked'] as const)(
    'plays what came, says so, and begins again only when asked (%s)',
    async (framing) => {
      harness.simulator.faults.add({
        match: { route: 'media' },
        times: 1,
        action: { kind: 'cut', atByte: 100_000 },
      });
      await play(60_000, { voice: 'speech', framing });
      // Without a size it goes by what was decoded, which may lack the last frames.
      await player()
        .getByText(/^The recording arrived only up to 0:(?:19|20)\.$/)
        .waitFor();
      await expect.poll(currentTime, patient).toBeGreaterThan(0.5);
      await position().focus();
      await harness.reclight.window.keyboard.press('3');
      // The last half second stays in the decoder, which waits for more.
      await expect.poll(currentTime, patient).toBeGreaterThan(19.2);
      const before = await currentTime();
      expect(downloads()).toBe(1);
      await player().getByRole('button', { name: 'Try again' }).click();
      await expect.poll(downloads, patient).toBe(2);
      await expect.poll(currentTime, patient).toBeGreaterThan(before + 1);
      expect(await player().getByRole('alert').count()).toBe(0);
      await expect.poll(waveform, patient).toBe('whole');
      expect(downloads()).toBe(2);
    },
  );
});

test('the recording that comes next is drawn, too, and whole', async () => {
  const { window } = harness.reclight;
  const older = await add(30_000, { voice: 'stereo' });
  await play(30_000, { voice: 'speech' });
  await expect.poll(waveform, patient).toBe('whole');
  // Where its bytes are asked for before its sound, there are none.
  await position().focus();
  await window.keyboard.press('n');
  await player().getByText(older.remote).waitFor();
  await expect.poll(waveform, patient).toBe('whole');
  await expect.poll(() => player().getByText('Left').count(), patient).toBe(1);
  expect(downloads()).toBe(2);
});

test('another recording need not wait for one that the server does not begin to answer', async () => {
  const stalled = await add(30_000, { voice: 'speech' });
  const wanted = await add(30_000, { voice: 'speech' });
  const { faults, requests } = harness.simulator;
  faults.add({ match: { route: 'media', urlContains: stalled.id }, action: { kind: 'stall' } });
  await open(stalled.remote);
  await requests.waitForRequest((request) => request.faults.length > 0);
  await open(wanted.remote);
  // RecLight waits 20 s for the first bytes of a download.
  await expect.poll(currentTime, { timeout: 12_000 }).toBeGreaterThan(0.3);
  // Whoever comes back asks for it anew.
  faults.clear();
  await open(stalled.remote);
  await expect.poll(currentTime, patient).toBeGreaterThan(0.3);
  expect(downloads()).toBe(3);
});

describe('a recording of which the server tells no length', () => {
  test('is sought in all the same, forth and back, from one download', async () => {
    for (const framing of ['chunked', 'closing'] as const) {
      harness.simulator.requests.clear();
      await play(60_000, { voice: 'speech', framing });
      await expect.poll(waveform, patient).toBe('whole');
      await position().focus();
      await harness.reclight.window.keyboard.press('5');
      await expect.poll(currentTime, patient).toBeGreaterThan(30.2);
      await harness.reclight.window.keyboard.press('2');
      await expect.poll(currentTime, patient).toBeLessThan(15);
      await expect.poll(currentTime, patient).toBeGreaterThan(12.1);
      expect(await position().getAttribute('max')).toBe('60');
      expect(downloads()).toBe(1);
    }
  });

  test('waits where it is sought in beyond what has arrived, and lands', async () => {
    await play(60_000, { voice: 'speech', framing: 'chunked', bytesPerSecond: 60_000 });
    await expect.poll(currentTime, patient).toBeGreaterThan(0.2);
    await position().focus();
    await harness.reclight.window.keyboard.press('9');
    await player().getByText('Loading…').waitFor();
    await expect.poll(currentTime, patient).toBeGreaterThan(54.2);
    expect(downloads()).toBe(1);
  });
});

test('a seek beyond what has arrived waits, and lands', async () => {
  const progress = await watchProgress(harness.reclight.window);
  const id = await play(120_000, { voice: 'speech', bytesPerSecond: 60_000 });
  await expect.poll(currentTime, { timeout: 15_000 }).toBeGreaterThan(0.2);
  await position().focus();
  await harness.reclight.window.keyboard.press('9');
  expect(await progress(id)).toMatchObject({ status: 'downloading' });
  expect(await position().inputValue()).toMatch(/^10[78]/);
  await player().getByText('Loading…').waitFor();
  await expect.poll(currentTime, { timeout: 30_000 }).toBeGreaterThan(109);
  expect(downloads()).toBe(1);
});

/** What a renderer holds, in bytes: shared pages count by their part. */
function proportionalMemory(pid: number): number {
  const [, kilobytes = '0'] =
    /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

test('three hours are drawn as another decoder finds them, for no more than 48 MB in the window and its worker, and beside the file itself in the main process', async () => {
  const seconds = 3 * 3_600;
  const mp3 = noiseOfManyLevels(seconds, seededRandom(3));
  const id = await upload('+390299000777', mp3, seconds);
  await play(30_000, { voice: 'speech' });
  await expect.poll(waveform, patient).toBe('whole');
  await button('Close player').click();
  const pid = await harness.reclight.app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
  const { pid: mainPid } = harness.reclight;
  const before = proportionalMemory(pid);
  const mainBefore = proportionalMemory(mainPid);
  let most = before;
  let mainMost = mainBefore;
  const measure = () => {
    most = Math.max(most, proportionalMemory(pid));
    mainMost = Math.max(mainMost, proportionalMemory(mainPid));
  };
  await open('+390299000777');
  await expect
    .poll(
      async () => {
        measure();
        return waveform();
      },
      { timeout: 100_000, interval: 200 },
    )
    .toBe('whole');
  await position().focus();
  await harness.reclight.window.keyboard.press('7');
  await expect.poll(currentTime, patient).toBeGreaterThan(7_560);
  measure();
  expect(most - before).toBeLessThan(48 * 1_048_576);
  // The audio is kept in memory, within its bounds; beside it nothing that grows with it.
  expect(mainMost - mainBefore).toBeLessThan(mp3.length + 48 * 1_048_576);
  expect(downloads()).toBe(2);
  await expectPicture(id, 1);
});
