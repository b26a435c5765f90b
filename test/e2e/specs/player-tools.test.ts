import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { allProperties, callMethod, connectBus, unwrapDictionary } from '../../tools/desktop/dbus';
import { drivePlayer, patient } from '../harness/player';
import { speechWithPauses, tone, toneOnTheLeft } from '../harness/sound';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';

let harness: Harness;
const { player, button, position, audio, currentTime, waveform, downloads, add, play, open, upload, leave } =
  drivePlayer(() => harness);

beforeAll(async () => {
  harness = await startHarness({
    simulator: { recordings: 12, generation: 2025 },
    // Loudspeakers to choose from, on a machine that has none; and a microphone that must not be had.
    launch: { args: ['--use-fake-device-for-media-stream'] },
  });
});

afterAll(async () => {
  await harness.close();
});

afterEach(leave);

describe('one side', () => {
  /** Listens where the sound leaves the window. */
  const tap = () =>
    harness.reclight.window.evaluate(() => {
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
    harness.reclight.window.evaluate(() => {
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

  test('has the pitch that was recorded, at any speed', async () => {
    await tap();
    await upload('+390299000776', toneOnTheLeft(120));
    await open('+390299000776');
    await expect.poll(waveform, patient).toBe('whole');
    await button('More controls').click();
    await button('Left').click();
    await expect.poll(loudness, patient).toBeGreaterThan(0.1);
    /** Of a tone, Hz: how often it crosses zero. */
    const pitch = () =>
      harness.reclight.window.evaluate(() => {
        const { tapped } = self as unknown as { tapped?: AnalyserNode };
        if (tapped === undefined) return 0;
        const samples = new Float32Array(tapped.fftSize);
        tapped.getFloatTimeDomainData(samples);
        const crossings = samples.filter((sample, at) => at > 0 && sample > 0 && (samples[at - 1] ?? 0) <= 0);
        return (crossings.length * tapped.context.sampleRate) / samples.length;
      });
    const speed = player().getByRole('combobox', { name: 'Playback speed' });
    for (const rate of ['0.5', '3', '2', '1']) {
      await speed.selectOption(rate);
      await expect.poll(() => audio((element) => element.playbackRate), patient).toBe(Number(rate));
      const before = await currentTime();
      await expect.poll(currentTime, patient).toBeGreaterThan(before + Number(rate) / 2);
      // Without it, half of it, or two or three times as much; sound that stutters on a busy machine is neither.
      const isKept = async () => {
        const heard = await pitch();
        return heard > 380 && heard < 500;
      };
      await expect.poll(isKept, { ...patient, message: rate }).toBe(true);
    }
  });

  test('of a mono recording is what there is, whichever was chosen for the one before', async () => {
    await tap();
    await upload('+390299000778', tone(60));
    await upload('+390299000779', toneOnTheLeft(60));
    await open('+390299000779');
    await expect.poll(waveform, patient).toBe('whole');
    await button('More controls').click();
    await button('Right').click();
    await expect.poll(loudness, patient).toBeLessThan(0.01);
    await position().focus();
    await harness.reclight.window.keyboard.press('n');
    await player().getByText('+390299000778').waitFor();
    await expect.poll(loudness, patient).toBeGreaterThan(0.1);
    expect(await button('Right').getAttribute('aria-pressed')).toBe('true');
  });
});

test('silence is skipped, also at the end, and no word with it (R-22)', async () => {
  const { window } = harness.reclight;
  const { mp3, wordsSeconds } = speechWithPauses();
  await upload('+390299000555', mp3);
  await open('+390299000555');
  await expect.poll(waveform, patient).toBe('whole');
  await position().focus();
  for (const key of ['0', 's', '.', '.', '.', '.']) await window.keyboard.press(key);
  await expect.poll(() => audio((element) => element.ended), patient).toBe(true);
  const heard = await audio(({ played }) =>
    Array.from({ length: played.length }, (_, index) => [played.start(index), played.end(index)] as const),
  );
  const heardOf = (from: number, to: number) =>
    heard.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0);
  for (const words of [0, 1, 2]) {
    const from = words * (wordsSeconds + 4);
    expect(heardOf(from, from + wordsSeconds)).toBeGreaterThan(wordsSeconds - 0.15);
    expect(heardOf(from + wordsSeconds, from + wordsSeconds + 4)).toBeLessThan(2);
  }
  expect(downloads()).toBe(1);
});

test('a loudspeaker is chosen by keyboard and stays chosen; a microphone is not to be had', async () => {
  const { window } = harness.reclight;
  const sink = () => audio((element) => element.sinkId);
  await play(60_000, { voice: 'speech' });
  await button('More controls').click();
  const output = player().getByRole('combobox', { name: 'Output device' });
  await expect
    .poll(() => output.getByRole('option').allTextContents())
    .toEqual(['System default', 'Fake Audio Output 1', 'Fake Audio Output 2']);
  expect(await sink()).toBe('');
  await output.focus();
  await window.keyboard.press('ArrowDown');
  await expect.poll(sink).toMatch(/^[0-9a-f]{64}$/);
  const chosen = await sink();
  const before = await currentTime();
  await expect.poll(currentTime, patient).toBeGreaterThan(before + 0.3);
  await button('Close player').click();
  await play(60_000, { voice: 'speech' });
  await expect.poll(sink).toBe(chosen);
  await button('More controls').click();
  await expect.poll(() => output.locator('option:checked').textContent()).toBe('Fake Audio Output 1');
  await output.selectOption('System default');
  await expect.poll(sink).toBe('');

  const devices = await window.evaluate(async () => {
    const all = await navigator.mediaDevices.enumerateDevices();
    return all.filter(({ kind }) => kind !== 'audiooutput').map(({ deviceId, label }) => deviceId + label);
  });
  expect(devices).toEqual(['', '']);
  const refusal = (wish: MediaStreamConstraints) =>
    window.evaluate(
      (constraints) =>
        navigator.mediaDevices.getUserMedia(constraints).then(
          () => 'granted',
          (error: unknown) => (error as Error).name,
        ),
      wish,
    );
  expect(await refusal({ audio: true })).toBe('NotAllowedError');
  expect(await refusal({ video: true })).toBe('NotAllowedError');
  const states = await window.evaluate(() =>
    Promise.all(
      (['microphone', 'camera'] as PermissionName[]).map(
        async (name) => (await navigator.permissions.query({ name })).state,
      ),
    ),
  );
  expect(states).toEqual(['denied', 'denied']);
});

test('all of it is reached by Tab, and does what it says by keyboard', async () => {
  const { window } = harness.reclight;
  await play(60_000, { voice: 'stereo' });
  await expect.poll(waveform, patient).toBe('whole');
  await position().focus();
  await window.keyboard.press('Space');
  await window.keyboard.press('5');
  await window.keyboard.press('m');
  await button('More controls').focus();
  await window.keyboard.press('Enter');
  const tools = player().getByRole('group', { name: 'More controls' });
  await tools.getByRole('combobox').waitFor();
  await tools.getByRole('listitem').waitFor();
  await player().getByRole('combobox', { name: 'Playback speed' }).focus();
  const focused = () =>
    window.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent;
    });
  const inOrder: unknown[] = [];
  for (let step = 0; step < 12; step += 1) {
    await window.keyboard.press('Tab');
    inOrder.push(await focused());
  }
  expect(inOrder).toEqual([
    'Previous recording',
    'Next recording',
    'Loop from here',
    'Skip silence',
    'Both',
    'Left',
    'Right',
    'Both in each ear',
    'Output device',
    'Go to 0:30 ',
    'Name of the mark at 0:30',
    'Delete the mark at 0:30',
  ]);
  // Back from the last one, each by its own key.
  for (let step = 0; step < 4; step += 1) await window.keyboard.press('Shift+Tab');
  for (const [name, key] of [
    ['Both in each ear', 'Space'],
    ['Right', 'Enter'],
    ['Left', 'Space'],
    ['Both', 'Enter'],
    ['Skip silence', 'Space'],
    ['Loop from here', 'Enter'],
  ] as const) {
    await expect.poll(focused).toBe(name);
    await window.keyboard.press(key);
    await expect.poll(() => window.locator(':focus').getAttribute('aria-pressed')).toBe('true');
    await window.keyboard.press('Shift+Tab');
  }
  await button('Loop to here').waitFor();
  await button('Go to 0:30 ').focus();
  await audio((element) => (element.currentTime = 3));
  await window.keyboard.press('Enter');
  await expect.poll(currentTime, patient).toBe(30);
});

test("the system's media controls drive it, and are told neither number nor name", async () => {
  const older = await add(20_000, { voice: 'speech' });
  const { remote } = await add(60_000, { voice: 'speech' });
  await open(remote);
  const bus = await connectBus(process.env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  try {
    const session = {
      destination: `org.mpris.MediaPlayer2.chromium.instance${harness.reclight.pid}`,
      path: '/org/mpris/MediaPlayer2',
      interface: 'org.mpris.MediaPlayer2.Player',
    };
    const told = async (name: string) => (await allProperties(bus, session))[name];
    await expect.poll(() => told('PlaybackStatus'), patient).toBe('Playing');
    await expect.poll(currentTime, patient).toBeGreaterThan(0.3);
    await callMethod(bus, session, 'Pause');
    await expect.poll(() => told('PlaybackStatus'), patient).toBe('Paused');
    expect(await audio((element) => element.paused)).toBe(true);
    const before = await currentTime();
    // Microseconds.
    await callMethod(bus, session, 'Seek', 'x', [10_000_000n]);
    await expect.poll(currentTime, patient).toBeCloseTo(before + 10, 0);
    await callMethod(bus, session, 'Seek', 'x', [-10_000_000n]);
    await expect.poll(currentTime, patient).toBeCloseTo(before, 0);
    const { 'mpris:trackid': track, ...metadata } = unwrapDictionary(await told('Metadata'));
    await callMethod(bus, session, 'SetPosition', 'ox', [track, 45_000_000n]);
    await expect.poll(currentTime, patient).toBeCloseTo(45, 0);
    const words = Object.values(metadata).flat();
    expect(words.filter((word) => typeof word === 'string' && word !== '')).toEqual(['RecLight recording']);
    await callMethod(bus, session, 'Play');
    await expect.poll(() => audio((element) => element.paused), patient).toBe(false);
    // It is the newest.
    expect(await told('CanGoPrevious')).toBe(false);
    expect(await told('CanGoNext')).toBe(true);
    await callMethod(bus, session, 'Next');
    await player().getByText(older.remote).waitFor();
    await expect.poll(currentTime, patient).toBeLessThan(20);
    await expect.poll(currentTime, patient).toBeGreaterThan(0.2);
    await expect.poll(() => told('PlaybackStatus'), patient).toBe('Playing');
    await expect.poll(() => told('CanGoPrevious'), patient).toBe(true);
    await callMethod(bus, session, 'Previous');
    await player().getByText(remote).waitFor();
    await expect.poll(currentTime, patient).toBeGreaterThan(45);
    await button('Close player').click();
    await expect.poll(() => told('PlaybackStatus'), patient).toBe('Stopped');
  } finally {
    bus.disconnect();
  }
});

test('a moment that was marked during the call is a mark of its recording, to jump to', async () => {
  const { simulator, reclight } = harness;
  const { window } = reclight;
  const remote = '+390266600001';
  const call = simulator.telephony.connectCall({
    directoryNumber: '101',
    remote: { phoneNumber: remote },
  });
  await window.evaluate(() => self.reclight.startRecording({}));
  const recorder = window.getByRole('region', { name: 'Recorder' });
  await window.getByRole('status').filter({ hasText: 'Recording' }).first().waitFor();
  const timer = recorder.getByRole('timer');
  await expect.poll(() => timer.textContent(), patient).toMatch(/0?0:0[3-9]/);
  await recorder.getByRole('button', { name: 'Mark moment' }).click();
  await expect.poll(() => timer.textContent(), patient).toMatch(/0?0:(?:0[6-9]|1\d)/);
  simulator.telephony.endCall(call.id);

  const row = window.getByRole('grid', { name: 'Recordings' }).getByRole('row', { name: /^\+390266600001/ });
  await row.waitFor();
  await open(remote);
  await button('More controls').click();
  const mark = player().getByRole('button', { name: /^Go to 0:0[2-6]/ });
  await mark.waitFor();
  await position().focus();
  await window.keyboard.press('0');
  await mark.click();
  await expect.poll(currentTime, patient).toBeGreaterThan(2.5);
});

test('marks, loop, silence and the neighbours: all by keyboard', async () => {
  const { window } = harness.reclight;
  const older = await add(20_000, { voice: 'speech' });
  const { id, remote } = await add(60_000, { voice: 'speech' });
  await open(remote);
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
  const focused = () =>
    window.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName,
    );
  await marks.getByRole('button', { name: 'Go to 0:30 Refund, 5 mm' }).waitFor();
  expect(await focused()).toBe('Name of the mark at 0:30');
  await window.keyboard.press('Tab');
  expect(await focused()).toBe('Delete the mark at 0:30');

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
  expect(await focused()).toBe('Delete the mark at 0:30');

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
  await harness.reclight.window.locator('audio').evaluate(
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
  // A busy machine turns late.
  expect(await currentTime()).toBeLessThan(15);
  await window.keyboard.press('l');
  await button('Loop from here').waitFor();

  await window.keyboard.press('n');
  await player().getByText(older.remote).waitFor();
  await window.keyboard.press('p');
  await player().getByText(remote).waitFor();
  await expect.poll(currentTime, patient).toBeGreaterThan(12);
  expect(downloads()).toBe(2);
});
