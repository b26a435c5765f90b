import { describe, expect, it } from 'vitest';

import {
  createPeakGatherer,
  describedSeconds,
  maxPoints,
  silenceFrom,
  toBars,
  type Peaks,
} from '../../../../src-renderer/services/waveform/peaks';

const rate = 8_000;
const loud = (length: number, value: number) => new Float32Array(length).fill(value);

describe('the peaks of a recording', () => {
  it('are the largest sample of each stretch, whatever its sign', () => {
    const gatherer = createPeakGatherer(rate, 1);
    const samples = new Float32Array(1_024);
    samples[10] = 0.25;
    samples[300] = -0.5;
    samples[1_023] = 3;
    gatherer.add(0, [samples]);
    expect(gatherer.read()).toEqual({
      sampleRate: rate,
      samplesPerPoint: 256,
      channels: [new Float32Array([0.25, 0.5, 0, 1])],
      loudness: { known: 2, loud: new Uint8Array([0b11]) },
    });
  });

  it('stay as few as they are, however long it is, and lose no peak', () => {
    const gatherer = createPeakGatherer(rate, 2);
    const frame = 1_152;
    // Three hours.
    const frames = Math.ceil((3 * 3_600 * rate) / frame);
    for (let index = 0; index < frames; index += 1) {
      const peak = index === 70_000 ? 0.9 : 0.1;
      gatherer.add(index * frame, [loud(frame, peak), loud(frame, 0.2)]);
    }
    const peaks = gatherer.read();
    expect(peaks.channels[0]?.length).toBeLessThanOrEqual(maxPoints);
    expect(peaks.channels[0]?.length).toBeGreaterThan(maxPoints / 2 - 1);
    expect(describedSeconds(peaks)).toBeCloseTo((frames * frame) / rate, -1);
    const where = peaks.channels[0]?.indexOf(Math.fround(0.9)) ?? -1;
    expect((where * peaks.samplesPerPoint) / rate).toBeCloseTo((70_000 * frame) / rate, -1);
    expect(new Set(peaks.channels[1])).toEqual(new Set([Math.fround(0.2)]));
  });

  it('leave what was lost quiet, and what follows in its place', () => {
    const gatherer = createPeakGatherer(rate, 1);
    gatherer.add(0, [loud(256, 0.5)]);
    gatherer.add(1_024, [loud(256, 0.7)]);
    expect([...(gatherer.read().channels[0] ?? [])]).toEqual([0.5, 0, 0, 0, Math.fround(0.7)]);
  });

  it('become bars, each as loud as its loudest point, and unknown where nothing has been decoded', () => {
    const peaks: Peaks = {
      sampleRate: 256,
      samplesPerPoint: 256,
      channels: [new Float32Array([0.125, 0.5, 0.25, 0.75])],
      loudness: { known: 0, loud: new Uint8Array(0) },
    };
    expect([...toBars(peaks, 0, 8, 4)]).toEqual([0.5, 0.75, -1, -1]);
    expect([...toBars(peaks, 1, 4, 2)]).toEqual([-1, -1]);
    expect([...toBars(peaks, 0, 4, 8)]).toEqual([0.125, 0.125, 0.5, 0.5, 0.25, 0.25, 0.75, 0.75]);
  });
});

describe('silence', () => {
  const loudness = (stretches: string) => {
    const loud = new Uint8Array(Math.ceil(stretches.length / 8));
    [...stretches].forEach((stretch, index) => {
      if (stretch === 'x') loud[index >> 3] = (loud[index >> 3] ?? 0) | (1 << (index & 7));
    });
    return { known: stretches.length, loud };
  };
  // A second is ten of them.
  const known = loudness('xxxx......xxxxxxxxxx........xx..xx....');
  it.each([
    ['that a position lies in, wherever', 0.85, 0, { from: 0.4, to: 1 }],
    ['that begins soon', 1.75, 0.4, { from: 2, to: 2.8 }],
    ['that begins too late', 1.5, 0.4, null],
    ['that is too short', 3.05, 0, null],
    ['whose end is not known yet', 3.45, 0, null],
    ['beyond what is known', 50, 1, null],
  ])('%s', (_name, seconds, within, silence) => {
    expect(silenceFrom(known, seconds, within, 0.6)).toEqual(silence);
  });

  it('lasts to the end where all is known (R-22)', () => {
    expect(silenceFrom(known, 3.45, 0, 0.4, true)).toEqual({ from: 3.4, to: 3.8 });
    expect(silenceFrom(known, 50, 1, 0.4, true)).toBeNull();
  });

  it('is found to a tenth of a second in three hours, on whichever side something is to be heard', () => {
    const gatherer = createPeakGatherer(rate, 2);
    const frame = 1_152;
    const frames = Math.ceil((3 * 3_600 * rate) / frame);
    // Words of two seconds and pauses of eight tenths, and one of them with a word on the other side.
    const isWord = (index: number) => ((index * frame) / rate) % 2.8 < 2;
    const [quiet, word] = [loud(frame, 0.009), loud(frame, 0.3)];
    for (let index = 0; index < frames; index += 1) {
      const at = (index * frame) / rate;
      gatherer.add(index * frame, [isWord(index) ? word : quiet, at > 9_802 && at < 9_803 ? word : quiet]);
    }
    const { loudness: found } = gatherer.read();
    expect(found.loud.length).toBe((3 * 3_600 * 10) / 8);
    for (const pause of [2, 5_602, 10_782]) {
      const silence = silenceFrom(found, pause - 1, 1.4, 0.6);
      expect(Math.abs((silence?.from ?? 0) - pause)).toBeLessThan(0.2);
      expect(Math.abs((silence?.to ?? 0) - pause - 0.8)).toBeLessThan(0.2);
    }
    expect(silenceFrom(found, 9_801, 1.4, 0.6)).toBeNull();
  });

  it('is known of the first day, however long it goes on', () => {
    const gatherer = createPeakGatherer(rate, 1);
    gatherer.add(0, [loud(1_152, 0.5)]);
    gatherer.add(30 * 3_600 * rate, [loud(1_152, 0.5)]);
    const { known: stretches, loud: bits } = gatherer.read().loudness;
    expect([stretches, bits.length]).toEqual([864_000, 108_000]);
  });
});
