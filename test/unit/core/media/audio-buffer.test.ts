import { describe, expect, it } from 'vitest';

import { createAudioBuffer } from '../../../../src-main/core/media/audio-buffer';
import { bytes, sound, soundFrame } from '../../../fixtures/media';
import { fc } from '../../../fixtures/seed';

/** Everything that is in a buffer, as it arrived. */
function all(buffer: ReturnType<typeof createAudioBuffer>): number[] {
  const read: number[] = [];
  while (read.length < buffer.receivedBytes) {
    read.push(...(buffer.pieceAt(read.length, buffer.receivedBytes) ?? []));
  }
  return read;
}

describe('what has arrived', () => {
  it('is read in the pieces in which it came, up to a bound', () => {
    const buffer = createAudioBuffer();
    expect(buffer.pieceAt(0, 1)).toBeNull();
    buffer.append(bytes(10));
    buffer.append(bytes(20, 10));
    expect(buffer.pieceAt(4, 30)).toEqual(bytes(6, 4));
    expect(buffer.pieceAt(10, 30)).toEqual(bytes(20, 10));
    expect(buffer.pieceAt(12, 15)).toEqual(bytes(3, 12));
  });

  it('is heard as soon as a frame is followed by another one, and to its end once there is no more', () => {
    const buffer = createAudioBuffer();
    buffer.append(sound.subarray(0, 500));
    expect(buffer.audibleBytes()).toBe(3 * soundFrame);
    expect(buffer.gather(7)).toEqual(sound.subarray(7, 3 * soundFrame));
    buffer.end();
    expect(buffer.audibleBytes()).toBe(500);
    buffer.resume();
    expect(buffer.audibleBytes()).toBe(3 * soundFrame);
    buffer.append(sound.subarray(500, 600));
    expect(buffer.audibleBytes()).toBe(4 * soundFrame);
  });

  it('is gone after being discarded, but for its time, and after a reset altogether', () => {
    const buffer = createAudioBuffer();
    buffer.append(sound.subarray(0, 1_000));
    const { seconds } = buffer.pace() ?? { seconds: 0 };
    expect(seconds).toBeGreaterThan(0);
    buffer.discard();
    expect([buffer.receivedBytes, buffer.audibleBytes(), buffer.gather(0).length]).toEqual([0, 0, 0]);
    expect(buffer.pace()?.seconds).toBeGreaterThanOrEqual(seconds);
    buffer.reset();
    expect(buffer.pace()).toBeNull();
  });
});

describe('what is sent once more from the beginning', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });

  it('replaces what there is from the first byte that differs, however both are cut', () => {
    fc.assert(
      fc.property(lengths, lengths, fc.nat(40), (before, after, same) => {
        const sum = (all_: readonly number[]) => all_.reduce((total, length) => total + length, 0);
        const first = bytes(sum(before));
        const second = bytes(sum(after)).map((byte, index) => (index < same ? byte : byte + 1));
        const buffer = createAudioBuffer();
        let at = 0;
        for (const length of before) buffer.append(first.slice(at, (at += length)));
        at = 0;
        for (const length of after) {
          buffer.overtake(second.slice(at, at + length), at);
          at += length;
        }
        const kept = same >= second.length ? first.subarray(second.length) : [];
        expect(all(buffer)).toEqual([...second, ...kept]);
      }),
    );
  });

  it('is cut to its own length where it is shorter', () => {
    const buffer = createAudioBuffer();
    for (const at of [0, 10, 20]) buffer.append(bytes(10, at));
    buffer.shorten(14);
    expect(all(buffer)).toEqual([...bytes(14)]);
    buffer.shorten(50);
    expect(buffer.receivedBytes).toBe(14);
  });
});
