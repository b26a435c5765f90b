import { describe, expect, it } from 'vitest';

import {
  createPeakGatherer,
  describedSeconds,
  endOfSilence,
  mostPoints,
  toBars,
  type Peaks,
} from '../../../src-renderer/features/player/waveform/peaks';

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
    expect(peaks.channels[0]?.length).toBeLessThanOrEqual(mostPoints);
    expect(peaks.channels[0]?.length).toBeGreaterThan(mostPoints / 2 - 1);
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
    };
    expect([...toBars(peaks, 0, 8, 4)]).toEqual([0.5, 0.75, -1, -1]);
    expect([...toBars(peaks, 1, 4, 2)]).toEqual([-1, -1]);
    expect([...toBars(peaks, 0, 4, 8)]).toEqual([0.125, 0.125, 0.5, 0.5, 0.25, 0.25, 0.75, 0.75]);
  });
});

describe('silence', () => {
  const peaks: Peaks = {
    sampleRate: 1,
    samplesPerPoint: 1,
    channels: [new Float32Array([0.5, 0, 0, 0, 0.5, 0, 0]), new Float32Array([0, 0, 0, 0.2, 0, 0, 0])],
  };
  it.each([
    ['in it', 1.5, 3],
    ['where one side speaks', 0.5, null],
    ['where the other speaks', 3.5, null],
    ['whose end is not known yet', 5.5, null],
    ['beyond what is known', 50, null],
  ])('%s', (_name, seconds, end) => {
    expect(endOfSilence(peaks, seconds)).toBe(end);
  });
});
