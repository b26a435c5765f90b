import { describe, expect, it } from 'vitest';

import { readMp3Header } from '@shared/domain/mp3-header';
import { indexAsMp4 } from '../../../../src-main/core/media/mp4-index';
import { joinBytes, writeMp3 } from '../../../fixtures/mp3-writer';

it('has an index however often it was damaged, and its rate changes', () => {
  const kind = readMp3Header(joinBytes(...writeMp3({ sampleRate: 48_000, kilobits: [64], frames: 1 })), 0);
  if (kind === null) throw new Error('No frame');
  const many = Array.from({ length: 150_000 }, (_, at) => at);
  const index = indexAsMp4(
    {
      kind,
      sizes: [kind.size],
      times: many.map((at) => ({ frames: 1, samples: 1_152 + (at % 2) })),
      runs: many.map((at) => ({ first: at * 1_000, frames: 1 + (at % 2) })),
    },
    many.length * 1_000,
  );
  // Two numbers of each time, three of each run, and where that lies.
  expect(index.length).toBeGreaterThan(many.length * 4 * 6);
});

describe('a duration that 32 bits do not hold, or in which they all are set, which means that it is unknown', () => {
  const kind = readMp3Header(joinBytes(...writeMp3({ sampleRate: 48_000, kilobits: [64], frames: 1 })), 0);
  it.each([
    [0xfffffffe, 0, 32],
    [0xffffffff, 1, 44],
    [0x1_2345_6789, 1, 44],
  ])('%i samples are told as version %i', (samples, version, mediaLength) => {
    if (kind === null) throw new Error('No frame');
    const times = [{ frames: 1, samples }];
    const index = Buffer.from(
      indexAsMp4({ kind, sizes: [kind.size], times, runs: [{ first: 0, frames: 1 }] }, 9),
    );
    /** The content of a box, after its name. */
    const box = (name: string) => index.subarray(index.indexOf(name) + 4);
    const wide = (name: string, at: number) =>
      version === 1 ? Number(box(name).readBigUInt64BE(at)) : box(name).readUInt32BE(at);
    for (const name of ['mvhd', 'tkhd', 'mdhd']) expect(box(name)[0]).toBe(version);
    const timeScaleAt = version === 1 ? 20 : 12;
    for (const name of ['mvhd', 'mdhd']) {
      expect(box(name).readUInt32BE(timeScaleAt)).toBe(48_000);
      expect(wide(name, timeScaleAt + 4)).toBe(samples);
    }
    expect(box('tkhd').readUInt32BE(timeScaleAt)).toBe(1);
    expect(wide('tkhd', timeScaleAt + 8)).toBe(samples);
    expect(index.readUInt32BE(index.indexOf('mdhd') - 4)).toBe(mediaLength);
    // From the duration on, both versions are alike.
    expect(box('mvhd').readUInt32BE(timeScaleAt + (version === 1 ? 12 : 8))).toBe(0x10000);
  });
});
