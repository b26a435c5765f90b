import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { listMp3Frames } from '../../tools/simulator/media/mp3-frames';
import { drivePlayer, patient } from '../harness/player';
import { sweep, sweepFrom, sweepRise, tonesOnBothSides } from '../harness/sound';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;
const { player, button, position, audio, currentTime, waveform, downloads, add, open, upload, leave } =
  drivePlayer(() => harness);

beforeAll(async () => {
  harness = await startHarness({ simulator: { recordings: 3, generation: 2025 } });
  await upload('+390299100001', tonesOnBothSides(440, 1_000, 60));
});

afterAll(async () => {
  await harness.close();
});

afterEach(leave);

/** What the page keeps for these tests. */
interface Listening {
  /** One for each ear, left first. */
  ears?: readonly AnalyserNode[];
}

/** Listens where the sound leaves the window, with each ear; and makes it a window with so many loudspeakers. */
async function listen(loudspeakers: number): Promise<void> {
  await harness.reclight.window.evaluate((count) => {
    const holder = self as unknown as Listening & { connect?: AudioNode['connect'] };
    Object.defineProperty(AudioDestinationNode.prototype, 'maxChannelCount', {
      configurable: true,
      get: () => count,
    });
    const connect = (holder.connect ??= Reflect.get(AudioNode.prototype, 'connect') as AudioNode['connect']);
    AudioNode.prototype.connect = function tapped(this: AudioNode, ...args: unknown[]) {
      if (args[0] instanceof AudioDestinationNode) {
        const stereo = new GainNode(this.context, { channelCount: 2, channelCountMode: 'explicit' });
        const splitter = new ChannelSplitterNode(this.context, { numberOfOutputs: 2 });
        const ears = [0, 1].map(() => new AnalyserNode(this.context, { fftSize: 4_096 }));
        const join = connect as (this: AudioNode, to: AudioNode, output?: number) => AudioNode;
        join.call(this, stereo);
        join.call(stereo, splitter);
        ears.forEach((ear, side) => join.call(splitter, ear, side));
        holder.ears = ears;
      }
      return (connect as (...all: unknown[]) => AudioNode).apply(this, args);
    } as AudioNode['connect'];
  }, loudspeakers);
}

/** How strong a tone is in each ear, 0 to 1. */
const strength = (pitch: number) =>
  harness.reclight.window.evaluate((hertz) => {
    const { ears = [] } = self as unknown as Listening;
    return ears.map((ear) => {
      const samples = new Float32Array(ear.fftSize);
      ear.getFloatTimeDomainData(samples);
      const turn = (2 * Math.PI * hertz) / ear.context.sampleRate;
      let [real, imaginary] = [0, 0];
      samples.forEach((sample, at) => {
        real += sample * Math.cos(turn * at);
        imaginary += sample * Math.sin(turn * at);
      });
      return (2 * Math.hypot(real, imaginary)) / samples.length;
    });
  }, pitch);

/**
 * By how much the second that is heard is ahead of the one that is shown, s: the middle of what many looks say.
 * NaN while there is nothing to be heard.
 */
const ahead = () =>
  harness.reclight.window.locator('audio').evaluate(
    async (element, [from, rise]) => {
      const { ears } = self as unknown as Listening;
      const ear = ears?.[0];
      const found: number[] = [];
      for (let look = 0; look < 21 && ear !== undefined; look += 1) {
        await new Promise(requestAnimationFrame);
        const samples = new Float32Array(ear.fftSize);
        ear.getFloatTimeDomainData(samples);
        const rises: number[] = [];
        for (let at = 1; at < samples.length; at += 1) {
          const [before = 0, now = 0] = samples.subarray(at - 1, at + 1);
          if (before <= 0 && now > 0) rises.push(at - 1 - before / (now - before));
        }
        const [first = 0, last = 0] = [rises[0], rises.at(-1)];
        const rate = ear.context.sampleRate;
        const pitch = ((rises.length - 1) * rate) / (last - first);
        // The pitch is that of the middle of what was looked at.
        const heard = (pitch - from) / rise + (samples.length - (first + last) / 2) / rate;
        found.push(heard - (element as HTMLAudioElement).currentTime);
      }
      return found.sort((a, b) => a - b)[10] ?? NaN;
    },
    [sweepFrom, sweepRise] as const,
  );

/** As the slider takes it from a hand. */
const seek = async (seconds: number) => {
  await position().fill(String(seconds));
  await expect.poll(currentTime, patient).toBeGreaterThan(seconds);
};

const lengthShown = async () => /of (.*)$/.exec((await position().getAttribute('aria-valuetext')) ?? '')?.[1];

/** Both sides in each ear: the way through which all that follows is heard. */
async function openBothInEachEar(): Promise<void> {
  await open('+390299100001');
  await expect.poll(waveform, patient).toBe('whole');
  await button('More controls').click();
  harness.simulator.requests.clear();
}

const cbr = ['--cbr', '-b', '64'];
const vbr = ['-V', '4'];
const thirds = [
  [0, 20],
  [20, 40],
  [40, 60],
] as const;

/** Three times twenty seconds, as a recorder writes them that pauses and resumes. */
function joined(options: readonly string[]) {
  const parts = thirds.map((part) => sweep(options, part));
  const seconds = (listMp3Frames(parts[0]!).length * 576) / 16_000;
  return { mp3: Buffer.concat(parts), seconds };
}

/** Says so many times as much of itself as there is. */
function lying(factor: number): Buffer {
  const mp3 = sweep(cbr);
  const at = mp3.indexOf('Info', 0, 'latin1');
  for (const field of [8, 12])
    mp3.writeUInt32BE(Math.round(mp3.readUInt32BE(at + field) * factor), at + field);
  return mp3;
}

test('one ear hears both parties, where there is one loudspeaker, or where one wants to (D8)', async () => {
  await listen(1);
  await openBothInEachEar();
  await expect.poll(() => button('Both in each ear').getAttribute('aria-pressed'), patient).toBe('true');
  const hears = (pitch: number, ear: 0 | 1) => async () => ((await strength(pitch))[ear] ?? 0) > 0.1;
  for (const ear of [0, 1] as const) {
    await expect.poll(hears(440, ear), patient).toBe(true);
    await expect.poll(hears(1_000, ear), patient).toBe(true);
  }
  await button('Both').click();
  await expect.poll(hears(1_000, 0), patient).toBe(false);
  await expect.poll(hears(440, 0), patient).toBe(true);
  await button('Both in each ear').click();
  await expect.poll(hears(1_000, 0), patient).toBe(true);

  // Whoever has two ears is left as they are, and may choose all the same.
  await button('Close player').click();
  await listen(2);
  await open('+390299100001');
  await expect.poll(waveform, patient).toBe('whole');
  await button('More controls').click();
  expect(await button('Both').getAttribute('aria-pressed')).toBe('true');
  await button('Both in each ear').click();
  await expect.poll(hears(1_000, 0), patient).toBe(true);
  await expect.poll(hears(440, 1), patient).toBe(true);
});

describe('the second that is shown is the one that is heard', () => {
  const three = { CBR: joined(cbr), VBR: joined(vbr) };
  test.each<[string, string, Buffer, string, number]>([
    ['three joined, each with its own header', '+390299100011', three.CBR.mp3, '1:00', three.CBR.seconds],
    ['the same of variable bit rate', '+390299100012', three.VBR.mp3, '1:00', three.VBR.seconds],
    [
      'variable bit rate without a header',
      '+390299100013',
      sweep([...vbr, '-t'], [0, 60], { quietUntil: 20 }),
      '1:00',
      60,
    ],
    ['a header that says a third', '+390299100014', lying(1 / 3), '1:00', 60],
    ['a header that says three times as much', '+390299100015', lying(3), '1:00', 60],
    [
      '8 kHz, whose frames are long',
      '+390299100016',
      sweep(['--cbr', '-b', '16'], [0, 60], { rate: 8_000 }),
      '1:00',
      60,
    ],
  ])('%s (D1)', async (_name, remote, mp3, length, part) => {
    await listen(1);
    await openBothInEachEar();
    await expect.poll(() => button('Both in each ear').getAttribute('aria-pressed'), patient).toBe('true');
    await upload(remote, mp3);
    await open(remote);
    await expect.poll(waveform, patient).toBe('whole');
    await expect.poll(lengthShown, patient).toBe(length);
    // As it is played from its beginning: an encoder puts a little silence before what it is given.
    await expect.poll(currentTime, patient).toBeGreaterThan(0.6);
    let delay = NaN;
    if (!remote.endsWith('13')) {
      await expect
        .poll(async () => (delay = await ahead()), patient)
        .toSatisfy((seconds) => Math.abs(Number(seconds)) < 0.25);
    }
    for (const second of [10.3, 30.7, 45.1, 56]) {
      await seek(second);
      const before = Math.floor(second / part);
      if (Number.isNaN(delay)) delay = second < 20 ? NaN : await ahead();
      if (Number.isNaN(delay)) continue;
      // Of joined ones, each is a little longer than what it was made of.
      const off = async () => Math.abs((await ahead()) + before * (part - 20) - delay);
      await expect.poll(off, { ...patient, message: `at ${second}` }).toBeLessThan(0.05);
    }
    expect(Math.abs(delay)).toBeLessThan(0.25);
    expect(downloads()).toBe(1);
  });

  test('a seek while it arrives waits for the rest, where its bytes do not tell the time (D1)', async () => {
    await listen(1);
    await openBothInEachEar();
    await expect.poll(() => button('Both in each ear').getAttribute('aria-pressed'), patient).toBe('true');
    const id = await upload('+390299100020', sweep(vbr));
    harness.simulator.recordings.setMedia(id, { bytesPerSecond: 60_000 });
    await open('+390299100020');
    await expect.poll(currentTime, patient).toBeGreaterThan(0.6);
    const delay = await ahead();
    await position().fill('45');
    await player().getByText('Loading…').waitFor();
    await expect.poll(currentTime, patient).toBeGreaterThan(45);
    await expect.poll(async () => Math.abs((await ahead()) - delay), patient).toBeLessThan(0.05);
    expect(downloads()).toBe(1);
  });
});

test('sound that changes its kind is told as that, and can be saved (D1c)', async () => {
  const changing = Buffer.concat([
    sweep([...cbr, '-t'], [0, 3], { rate: 48_000 }),
    sweep(['--cbr', '-b', '16', '-t'], [3, 9], { rate: 8_000 }),
  ]);
  await upload('+390299100030', changing, 9);
  await open('+390299100030');
  const alert = player().getByRole('alert');
  await expect
    .poll(() => alert.textContent(), patient)
    .toMatch(/^From 0:03 on, this recording cannot be played here\./);
  expect(await alert.textContent()).not.toMatch(/connection/);
  expect(await lengthShown()).toBe('0:09');
  expect(await button('Save as…').count()).toBe(1);
});

test('a recording that broke off goes on where it broke, played from its row again (R-12)', async () => {
  harness.simulator.faults.add({
    match: { route: 'media' },
    times: 1,
    action: { kind: 'cut', atByte: 100_000 },
  });
  const { remote } = await add(60_000, { voice: 'speech' });
  await open(remote);
  await player()
    .getByText(/^The recording arrived only up to/)
    .waitFor();
  await position().fill('18');
  // What it still holds is heard, and then it waits for more.
  await expect.poll(currentTime, patient).toBeGreaterThan(19.2);
  await expect.poll(() => audio(({ readyState }) => readyState), patient).toBeLessThan(3);
  await open(remote);
  await expect.poll(downloads, patient).toBe(2);
  await expect.poll(currentTime, patient).toBeGreaterThan(20.5);
  const heard = await audio(({ played }) =>
    Array.from({ length: played.length }, (_, at) => played.start(at)),
  );
  expect(Math.min(...heard)).toBeGreaterThan(17);
});
