import { readFileSync } from 'node:fs';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { MediaSpec } from '../simulator';
import { basic, passwords } from '../simulator/testing/caller';
import { barsOf, decodeWithLame, toneOnTheLeft } from './support/sound';
import type { Stage } from './support/stage';
import { setStage } from './support/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await setStage({ simulator: { recordings: 12, generation: 2025 } });
});

afterAll(async () => {
  await stage.close();
});

beforeEach(() => {
  stage.simulator.requests.clear();
  stage.simulator.audit.clear();
});

afterEach(async () => {
  const close = player().getByRole('button', { name: 'Close player' });
  if ((await close.count()) > 0) await close.click();
  stage.simulator.faults.clear();
});

const player = () => stage.reclight.window.getByRole('region', { name: 'Player' });
const button = (name: string) => player().getByRole('button', { name, exact: true });
const position = () => player().getByRole('slider', { name: 'Position' });
const audio = <Value>(look: (element: HTMLAudioElement) => Value) =>
  stage.reclight.window.locator('audio').evaluate(look as (element: HTMLElement | SVGElement) => Value);
const currentTime = () => audio((element) => element.currentTime);
const waveform = () => player().locator('.player-wave').getAttribute('data-waveform');
const downloads = () => stage.simulator.requests.filter('media').length;

/** Everything else waits on this machine too. */
const patient = { timeout: 20_000 } as const;

let added = 0;

/** Puts a recording on top of the list. */
async function add(durationMs: number, media: Partial<MediaSpec>): Promise<{ id: string; remote: string }> {
  added += 1;
  const remote = `+39029900${String(added).padStart(4, '0')}`;
  const { id } = stage.simulator.recordings.add({
    startMs: stage.simulator.clock.now() - 1_000,
    durationMs,
    direction: 1,
    ownerUsername: 'anna.rossi',
    localPartyNumber: '101',
    remotePartyNumber: remote,
  });
  stage.simulator.recordings.setMedia(id, media);
  await stage.reclight.window.getByRole('button', { name: 'Refresh' }).click();
  return { id, remote };
}

/** Plays a recording of the list. */
async function open(remote: string): Promise<void> {
  await stage.reclight.window
    .getByRole('grid', { name: 'Recordings' })
    .getByRole('row', { name: new RegExp(`\\${remote}`) })
    .first()
    .dblclick();
  await player().getByText(remote).waitFor();
}

async function play(durationMs: number, media: Partial<MediaSpec>): Promise<string> {
  const { id, remote } = await add(durationMs, media);
  await open(remote);
  return id;
}

/** The bytes that the server sends, asked for apart from RecLight. */
async function original(id: string): Promise<Uint8Array> {
  const answer = await fetch(`${stage.simulator.apiUrl}/Recordings/${id}/Media`, {
    headers: { authorization: basic('anna.rossi', passwords['anna.rossi']) },
  });
  expect(answer.status).toBe(200);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Puts a sound among Anna's recordings, as the vendor's API takes it. */
async function upload(remote: string, mp3: Buffer): Promise<void> {
  const form = new FormData();
  const metadata = {
    startDateTime: new Date(stage.simulator.clock.now() - 1_000).toISOString(),
    duration: 'PT60S',
    direction: 1,
    localParty: { username: 'anna.rossi', phoneNumber: '101' },
    remoteParty: { phoneNumber: remote },
  };
  form.set('jsondata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
  form.set('attachment', new Blob([new Uint8Array(mp3)], { type: 'audio/mpeg' }), 'tone.mp3');
  const answer = await fetch(`${stage.simulator.apiUrl}/Recordings`, {
    method: 'POST',
    headers: { authorization: basic('anna.rossi', passwords['anna.rossi']) },
    body: form,
  });
  expect(answer.status).toBe(201);
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
    const length = await audio((element) => element.duration);
    const drawn = await drawnBars(lanes);
    expect(downloads()).toBe(1);
    const reference = decodeWithLame(await original(id));
    const bars = drawn[0]?.length ?? 0;
    expect(bars).toBeGreaterThan(80);
    // Decoders differ in how much of their own delay they leave out: one shift for all bars and lanes is allowed.
    const compared = Array.from({ length: 17 }, (_, step) => (step - 8) * 0.025).map((shift) => {
      const expected = drawn.map((__, lane) => barsOf(reference, lane, length, bars, shift));
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
  });

  test('is of no account where there is nothing to draw: the slider is there', async () => {
    await play(60_000, { voice: 'speech', exactBytes: 0 });
    await player().getByRole('alert').waitFor();
    await expect(position().count()).resolves.toBe(1);
    await player().getByRole('button', { name: 'Try again' }).waitFor();
  });

  test('and the sound come also under a wrong content type', async () => {
    await play(30_000, { voice: 'speech', contentType: 'application/octet-stream' });
    await expect.poll(currentTime, patient).toBeGreaterThan(0.3);
    await expect.poll(waveform, patient).toBe('whole');
  });
});

describe('a download that is cut in the middle', () => {
  test('plays what came, says so, and begins again only when asked', async () => {
    stage.simulator.faults.add({
      match: { route: 'media' },
      times: 1,
      action: { kind: 'cut', atByte: 100_000 },
    });
    await play(60_000, { voice: 'speech' });
    await player().getByText('The recording arrived only up to 0:20.').waitFor();
    await expect.poll(currentTime, patient).toBeGreaterThan(0.5);
    await position().focus();
    await stage.reclight.window.keyboard.press('3');
    await expect.poll(currentTime, patient).toBeGreaterThan(18.3);
    await expect
      .poll(() => audio((element) => element.error !== null || element.currentTime >= 19.5), patient)
      .toBe(true);
    const before = await currentTime();
    expect(downloads()).toBe(1);
    await player().getByRole('button', { name: 'Try again' }).click();
    await expect.poll(downloads, patient).toBe(2);
    await expect.poll(currentTime, patient).toBeGreaterThan(before + 1);
    expect(await player().getByRole('alert').count()).toBe(0);
    await expect.poll(waveform, patient).toBe('whole');
    expect(downloads()).toBe(2);
  });
});

test('a seek beyond what has arrived waits, and lands', async () => {
  const id = await play(120_000, { voice: 'speech', bytesPerSecond: 60_000 });
  await expect.poll(currentTime, { timeout: 15_000 }).toBeGreaterThan(0.2);
  await position().focus();
  await stage.reclight.window.keyboard.press('9');
  const progress = await stage.reclight.window.evaluate(
    (recording) => self.reclight.getMediaProgress({ id: recording }),
    id,
  );
  expect(progress).toMatchObject({ ok: true, value: { status: 'downloading' } });
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

test('three hours cost no more than 48 MB in the window and its worker', async () => {
  await play(30_000, { voice: 'speech' });
  await expect.poll(waveform, patient).toBe('whole');
  await button('Close player').click();
  const pid = await stage.reclight.app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
  const before = proportionalMemory(pid);
  let most = before;
  await play(3 * 3_600_000, { voice: 'speech' });
  await expect
    .poll(
      async () => {
        most = Math.max(most, proportionalMemory(pid));
        return waveform();
      },
      { timeout: 100_000, interval: 200 },
    )
    .toBe('whole');
  await position().focus();
  await stage.reclight.window.keyboard.press('7');
  await expect.poll(currentTime, patient).toBeGreaterThan(7_560);
  most = Math.max(most, proportionalMemory(pid));
  expect(most - before).toBeLessThan(48 * 1_048_576);
  expect(downloads()).toBe(2);
});

describe('one side', () => {
  /** Listens where the sound leaves the window. */
  const tap = () =>
    stage.reclight.window.evaluate(() => {
      const holder = self as unknown as { tapped?: AnalyserNode };
      const connect = AudioNode.prototype.connect;
      AudioNode.prototype.connect = function tapped(this: AudioNode, ...args: unknown[]) {
        if (args[0] instanceof AudioDestinationNode) {
          const analyser = new AnalyserNode(this.context, { fftSize: 8_192 });
          (connect as (to: AudioNode) => AudioNode).call(this, analyser);
          holder.tapped = analyser;
        }
        return (connect as (...all: unknown[]) => AudioNode).apply(this, args);
      } as typeof connect;
    });
  /** How loud it is now, root of the mean square. */
  const loudness = () =>
    stage.reclight.window.evaluate(() => {
      const { tapped } = self as unknown as { tapped?: AnalyserNode };
      const samples = new Float32Array(tapped?.fftSize ?? 0);
      tapped?.getFloatTimeDomainData(samples);
      return Math.sqrt(
        samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length),
      );
    });

  test('is heard alone, as loud as it was recorded', async () => {
    await tap();
    await upload('+390299000777', toneOnTheLeft(60));
    await stage.reclight.window.getByRole('button', { name: 'Refresh' }).click();
    await open('+390299000777');
    await expect.poll(waveform, patient).toBe('whole');
    await button('More controls').click();
    for (const [side, heard] of [
      ['Left', true],
      ['Right', false],
      ['Left', true],
      ['Both', true],
    ] as const) {
      await button(side).click();
      expect(await button(side).getAttribute('aria-pressed')).toBe('true');
      if (heard) await expect.poll(loudness, patient).toBeGreaterThan(0.1);
      else await expect.poll(loudness, patient).toBeLessThan(0.01);
      expect(await audio((element) => element.paused)).toBe(false);
    }
  });
});

test('marks, loop, silence and the neighbours: all by keyboard', async () => {
  const { window } = stage.reclight;
  await add(20_000, { voice: 'speech' });
  const id = await play(60_000, { voice: 'speech' });
  await expect.poll(waveform, patient).toBe('whole');
  await position().focus();
  await window.keyboard.press('Space');
  await window.keyboard.press('5');
  await window.keyboard.press('m');
  await window.keyboard.press('2');
  await window.keyboard.press('m');
  await button('More controls').focus();
  await window.keyboard.press('Enter');
  const marks = player().getByRole('list', { name: 'Marks' });
  await expect.poll(() => marks.getByRole('listitem').count()).toBe(2);
  await marks.getByRole('textbox').nth(1).focus();
  await window.keyboard.type('Refund, 5 mm');
  await window.keyboard.press('Enter');
  const stored = () => window.evaluate((recording) => self.reclight.listMarks({ id: recording }), id);
  await expect
    .poll(stored, patient)
    .toMatchObject({ ok: true, value: [{ label: '' }, { label: 'Refund, 5 mm' }] });

  await position().focus();
  await window.keyboard.press('0');
  await window.keyboard.press(']');
  await expect.poll(currentTime, patient).toBeCloseTo(12, 0);
  await window.keyboard.press(']');
  await expect.poll(currentTime, patient).toBeCloseTo(30, 0);
  await window.keyboard.press('[');
  await expect.poll(currentTime, patient).toBeCloseTo(12, 0);
  await marks.getByRole('button', { name: /^Delete the mark at 0:12/ }).focus();
  await window.keyboard.press('Enter');
  await expect.poll(() => marks.getByRole('listitem').count()).toBe(1);

  // Round and round between 12 and 13 s.
  await position().focus();
  await window.keyboard.press('2');
  await window.keyboard.press('l');
  await button('Loop to here').waitFor();
  await audio((element) => (element.currentTime = 13));
  await window.keyboard.press('l');
  await button('End loop').waitFor();
  await window.keyboard.press('2');
  await window.keyboard.press('Space');
  await stage.reclight.window.locator('audio').evaluate(
    (element) =>
      new Promise((resolve) => {
        let turns = 0;
        let last = 0;
        element.addEventListener('seeked', () => {
          const { currentTime: now } = element as HTMLAudioElement;
          if (now < last) turns += 1;
          last = 13;
          if (turns === 2) resolve(undefined);
        });
      }),
  );
  expect(await currentTime()).toBeLessThan(13.2);
  await window.keyboard.press('l');
  await button('Loop from here').waitFor();

  await window.keyboard.press('n');
  await player()
    .getByText(`+39029900${String(added - 1).padStart(4, '0')}`)
    .waitFor();
  await window.keyboard.press('p');
  await player()
    .getByText(`+39029900${String(added).padStart(4, '0')}`)
    .waitFor();
  await expect.poll(currentTime, patient).toBeGreaterThan(12);
  expect(downloads()).toBe(2);
  const title = await window.evaluate(() => navigator.mediaSession.metadata?.title);
  expect(title).toBe('RecLight recording');
});
