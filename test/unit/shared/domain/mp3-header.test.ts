import { describe, expect, it } from 'vitest';

import { id3TagBytes, readMp3Header } from '@shared/domain/mp3-header';

describe('a header', () => {
  it.each([
    ['MPEG 1, 128 kbit/s, 44.1 kHz, stereo', [0xff, 0xfb, 0x90, 0x00], 417, 1_152, 44_100, 2, 128_000],
    ['the same, padded, mono', [0xff, 0xfb, 0x92, 0xc0], 418, 1_152, 44_100, 1, 128_000],
    ['MPEG 2, 40 kbit/s, 24 kHz', [0xff, 0xf3, 0x54, 0xc0], 120, 576, 24_000, 1, 40_000],
    ['MPEG 2.5, 16 kbit/s, 8 kHz', [0xff, 0xe3, 0x28, 0xc0], 144, 576, 8_000, 1, 16_000],
  ])('tells %s', (_name, bytes, size, samples, sampleRate, channels, bitRate) => {
    const header = { size, samples, sampleRate, channels, bitRate };
    expect(readMp3Header(new Uint8Array(bytes), 0)).toEqual(header);
  });

  it.each([
    ['layer II', [0xff, 0xfd, 0x90, 0x00]],
    ['the reserved version', [0xff, 0xeb, 0x90, 0x00]],
    ['free format', [0xff, 0xfb, 0x00, 0x00]],
    ['the bad bit rate', [0xff, 0xfb, 0xf0, 0x00]],
    ['the reserved sample rate', [0xff, 0xfb, 0x9c, 0x00]],
    ['half a header', [0xff, 0xfb, 0x90]],
  ])('is none: %s', (_name, bytes) => {
    expect(readMp3Header(new Uint8Array(bytes), 0)).toBeNull();
  });
});

describe('a tag', () => {
  it.each([
    ['of 257 bytes', [0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 2, 1], 267],
    ['as large as can be', [0x49, 0x44, 0x33, 4, 0, 0, 127, 127, 127, 127], 268_435_465],
    ['that is none', [0x49, 0x44, 0x34, 4, 0, 0, 0, 0, 2, 1], 0],
    ['that is none, as is known at once', [0xff], 0],
    ['that may be one', [0x49, 0x44], null],
    ['of which nothing is known', [], null],
  ])('%s', (_name, bytes, expected) => {
    expect(id3TagBytes(new Uint8Array(bytes))).toBe(expected);
  });
});
