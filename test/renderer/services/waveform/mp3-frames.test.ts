import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createMp3Splitter } from '../../../../src-renderer/services/waveform/mp3-frames';
import { listMp3Frames } from '../../../tools/simulator/media/mp3-frames';

const clip = (name: string) =>
  new Uint8Array(readFileSync(`${import.meta.dirname}/../../../tools/simulator/media/${name}.mp3`));

/** Everything a splitter makes of bytes that arrive in pieces. */
function split(bytes: Uint8Array, piece = bytes.length) {
  const splitter = createMp3Splitter();
  const frames = [];
  for (let at = 0; at < bytes.length; at += piece)
    frames.push(...splitter.push(bytes.subarray(at, at + piece)));
  return { frames: [...frames, ...splitter.end()], skipped: splitter.skipped() };
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

describe('the frames of an MP3', () => {
  it.each([
    ['speech-a', 24_000, 1],
    ['stereo', 24_000, 2],
    ['narrow', 8_000, 1],
    ['narrow-stereo', 8_000, 2],
  ] as const)('are all found in %s, however it is cut', (name, sampleRate, channels) => {
    const bytes = clip(name);
    const expected = listMp3Frames(bytes);
    for (const piece of [bytes.length, 4_096, 1_000, 37]) {
      const { frames } = split(bytes, piece);
      expect(frames.map(({ size }) => size)).toEqual(expected.map(({ size }) => size));
      expect(frames.every((frame) => frame.sampleRate === sampleRate && frame.channels === channels)).toBe(
        true,
      );
      expect(join(...frames.slice(0, 3).map((frame) => frame.bytes))).toEqual(
        bytes.subarray(0, (frames[0]?.size ?? 0) + (frames[1]?.size ?? 0) + (frames[2]?.size ?? 0)),
      );
    }
  });

  it('are all there in a file of variable bit rate', () => {
    const bytes = clip('vbr');
    expect(split(bytes).frames).toHaveLength(listMp3Frames(bytes).length);
  });

  it('are found behind a tag, also one that is larger than what has arrived', () => {
    const bytes = clip('narrow');
    const tag = new Uint8Array(10 + 3_000);
    tag.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 3_000 >> 7, 3_000 & 0x7f]);
    // What looks like sound within the tag is none.
    tag.set(bytes.subarray(0, 900), 500);
    expect(split(join(tag, bytes), 97).frames).toHaveLength(listMp3Frames(bytes).length);
  });

  it('go on after damage, and lose no more than the damaged ones and the one before them', () => {
    const bytes = clip('speech-a').slice();
    const whole = listMp3Frames(bytes);
    const damaged = whole[20]!;
    bytes.fill(0xff, damaged.offset, damaged.offset + 200);
    const { frames } = split(bytes, 512);
    expect(frames.length).toBeGreaterThanOrEqual(whole.length - 4);
    expect(frames.length).toBeLessThan(whole.length);
    const known = new Set(whole.map(({ size }) => size));
    expect(frames.every(({ size }) => known.has(size))).toBe(true);
  });

  it('do not include one that is cut off', () => {
    const bytes = clip('narrow');
    const whole = listMp3Frames(bytes);
    expect(split(bytes.subarray(0, bytes.length - 5)).frames).toHaveLength(whole.length - 1);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a page', new TextEncoder().encode('<html>'.repeat(500))],
    ['a lone header', new Uint8Array([0xff, 0xfb, 0x90, 0x64])],
    ['ones', new Uint8Array(5_000).fill(0xff)],
    ['a tag without end', new Uint8Array([0x49, 0x44, 0x33])],
  ])('are none in %s', (_name, bytes) => {
    expect(split(bytes, 64).frames).toEqual([]);
  });

  it('are counted by what was passed over, so that something else can be given up', () => {
    expect(split(new Uint8Array(5_000)).skipped).toBeGreaterThan(4_900);
  });
});
