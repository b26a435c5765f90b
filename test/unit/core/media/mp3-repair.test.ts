import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { createMp3Repair } from '../../../../src-main/core/media/mp3-repair';
import { listMp3Frames } from '../../../tools/simulator/media/mp3-frames';
import { fc } from '../../../fixtures/seed';

const clip = (name: string) =>
  new Uint8Array(readFileSync(`${import.meta.dirname}/../../../tools/simulator/media/${name}.mp3`));

/** Mono, 24 kHz, frames of 120 bytes that each stand alone. */
const speech = clip('speech-a');
const frameBytes = 120;
const frame = (index: number) => speech.subarray(index * frameBytes, (index + 1) * frameBytes);
const junk = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 37 + 11) & 0x7f);
const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const silence = (count: number) =>
  join(
    ...Array.from({ length: count }, () => {
      const silent = new Uint8Array(frameBytes);
      silent.set(speech.subarray(0, 4));
      return silent;
    }),
  );
const tag = (length: number, filling: Uint8Array = new Uint8Array(0)) => {
  const bytes = new Uint8Array(10 + length);
  bytes.set([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, length >> 7, length & 0x7f]);
  bytes.set(filling.subarray(0, length), 10);
  return bytes;
};

/** What is heard of bytes that arrive in pieces. */
function mended(bytes: Uint8Array, piece = 16_384): Uint8Array {
  const repair = createMp3Repair();
  for (let at = 0; at < bytes.length; at += piece) repair.push(bytes.subarray(at, at + piece));
  repair.end();
  expect(repair.judgedBytes()).toBe(bytes.length);
  return repair.conceal(bytes, 0);
}

const expectEqual = (one: Uint8Array, other: Uint8Array) => {
  expect(Buffer.compare(one, other)).toBe(0);
};

describe('what is heard as it came', () => {
  it.each(['speech-a', 'speech-b', 'speech-c', 'stereo', 'narrow', 'narrow-stereo'])(
    'the sound recording %s, without a copy',
    (name) => {
      const bytes = clip(name);
      expect(mended(bytes, 1_000)).toBe(bytes);
    },
  );

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a page', new TextEncoder().encode('<html>'.repeat(20_000))],
    ['a WAV', join(new TextEncoder().encode('RIFF\x24\x00\x00\x00WAVEfmt '), junk(100_000))],
    ['ones', new Uint8Array(100_000).fill(0xff)],
    ['zeros', new Uint8Array(100_000)],
    ['a tag alone', tag(500)],
    ['a tag without end', new Uint8Array([0x49, 0x44, 0x33])],
    ['a single frame', frame(0)],
    ['two frames and junk: no beginning', join(frame(0), frame(1), junk(500))],
    ['frames of a layer that is not ours', speech.map((byte, at) => (at % frameBytes === 1 ? 0xfd : byte))],
    ['sound behind more junk than anybody looks through', join(junk(70_000), speech)],
    ['a tag, and sound behind it', join(tag(3_000), speech)],
    ['a tag with sound in it', join(tag(3_000, speech.subarray(0, 3_000)), speech)],
    ['a closing tag', join(speech, new TextEncoder().encode('TAG'.padEnd(128, ' ')))],
    ['a last frame that is cut off', speech.subarray(0, speech.length - 50)],
    ['a file that begins within its third frame', speech.subarray(2 * frameBytes)],
  ])('%s', (_name, bytes) => {
    expect(mended(bytes)).toBe(bytes);
  });
});

describe('what is covered', () => {
  it('is what the encoder says of the file, for it leads seeks drift (D1)', () => {
    const vbr = clip('vbr');
    const { size } = listMp3Frames(vbr)[0]!;
    const expected = vbr.slice();
    expected.fill(0, 4, size);
    for (const piece of [100_000, 4_096, 333]) expectEqual(mended(vbr, piece), expected);
  });

  it.each([
    ['junk of whole frames before the sound', join(junk(240), speech), join(silence(2), speech)],
    [
      'junk of any length: silence stands right before the sound',
      join(junk(200), speech),
      join(new Uint8Array(80), silence(1), speech),
    ],
    ['junk shorter than a frame', join(junk(17), speech), join(new Uint8Array(17), speech)],
    ['as much junk as is looked through', join(junk(65_400), speech), join(silence(545), speech)],
    ['junk behind a tag, which stays', join(tag(300), junk(120), speech), join(tag(300), silence(1), speech)],
    [
      'headers in the junk that nothing follows',
      join(frame(3).subarray(0, 50), frame(9).subarray(0, 80), speech),
      join(new Uint8Array(10), silence(1), speech),
    ],
    ['a damaged first frame', join(junk(120), speech.subarray(120)), join(silence(1), speech.subarray(120))],
    [
      'a damaged frame in the middle, and the one before it that leads nowhere',
      join(speech.subarray(0, 1_200), junk(120), speech.subarray(1_320)),
      join(speech.subarray(0, 1_080), silence(2), speech.subarray(1_320)),
    ],
    [
      'a hole where bytes are missing',
      join(speech.subarray(0, 1_200), speech.subarray(1_250)),
      join(speech.subarray(0, 1_080), silence(1), new Uint8Array(70), speech.subarray(1_320)),
    ],
    [
      'a long stretch of zeros',
      join(speech.subarray(0, 1_200), new Uint8Array(12_000), speech.subarray(1_200)),
      join(speech.subarray(0, 1_080), silence(101), speech.subarray(1_200)),
    ],
  ] as const)('%s', (_name, bytes, expected) => {
    for (const piece of [100_000, 4_096, 333]) expectEqual(mended(bytes, piece), expected);
  });

  it('is silence of the kind around it: padded, with two sides, and without a checksum', () => {
    const stereo = clip('narrow-stereo');
    const { size } = listMp3Frames(stereo)[0]!;
    // Marks the frames as protected; nobody here computes the sum.
    const guarded = stereo.map((byte, at) => (at % size === 1 ? byte & 0xfe : byte));
    const damaged = guarded.slice();
    damaged.fill(0, 5 * size, 6 * size);
    const heard = mended(damaged);
    const silent = new Uint8Array(size);
    silent.set(stereo.subarray(4 * size, 4 * size + 4));
    expect(silent[1]! & 1).toBe(1);
    expectEqual(heard.subarray(4 * size, 5 * size), silent);
    expectEqual(heard.subarray(6 * size), guarded.subarray(6 * size));
  });

  it('changes to another kind of sound in the middle cost one frame', () => {
    const stereo = clip('stereo');
    const heard = mended(join(speech, stereo));
    expectEqual(
      heard.subarray(0, speech.length - frameBytes),
      speech.subarray(0, speech.length - frameBytes),
    );
    expectEqual(heard.subarray(speech.length), stereo);
  });
});

/** Behind the beginning, which has a rule of its own. */
const damages = fc.array(
  fc.record({
    at: fc.integer({ min: 4 * frameBytes, max: speech.length - 1 }),
    length: fc.integer({ min: 1, max: 1_500 }),
    step: fc.constantFrom(0, 37, 255),
  }),
  { maxLength: 6 },
);

describe('whatever is damaged', () => {
  const damage = (holes: readonly { at: number; length: number; step: number }[]) => {
    const bytes = speech.slice();
    for (const { at, length, step } of holes) {
      for (let byte = at; byte < Math.min(bytes.length, at + length); byte += 1) {
        bytes[byte] = (byte * step + step) & 0x7f;
      }
    }
    return bytes;
  };

  it('is heard the same however it arrives and from wherever it is asked for', () => {
    const asked = fc.record({ first: fc.nat(speech.length - 1), length: fc.nat(5_000) });
    fc.assert(
      fc.property(damages, fc.integer({ min: 1, max: 5_000 }), asked, (holes, piece, { first, length }) => {
        const bytes = damage(holes);
        const before = bytes.slice();
        const whole = mended(bytes);
        expectEqual(mended(bytes, piece), whole);
        const repair = createMp3Repair();
        repair.push(bytes);
        repair.end();
        expectEqual(
          repair.conceal(bytes.subarray(first, first + length), first),
          whole.subarray(first, first + length),
        );
        expectEqual(bytes, before);
      }),
      { numRuns: 60 },
    );
  });

  it('is judged but for a few frames as soon as it is there, once and for all', () => {
    fc.assert(
      fc.property(damages, (holes) => {
        const bytes = damage(holes);
        const final = mended(bytes);
        const repair = createMp3Repair();
        for (let at = 0; at < bytes.length; at += 1_000) {
          repair.push(bytes.subarray(at, at + 1_000));
          const settled = repair.judgedBytes();
          expectEqual(repair.conceal(bytes.subarray(0, settled), 0), final.subarray(0, settled));
          // Nothing but sound that has just begun to come is waited for.
          const arrived = Math.min(bytes.length, at + 1_000);
          if (settled > 0) expect(arrived - settled).toBeLessThan(2_000);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('loses no frame but those that were hit, and the ones right before them', () => {
    fc.assert(
      fc.property(damages, (holes) => {
        const heard = mended(damage(holes));
        const isHit = (index: number) =>
          holes.some(
            ({ at, length }) => at < (index + 1) * frameBytes + 4 && at + length > index * frameBytes,
          );
        const lost = Array.from({ length: speech.length / frameBytes }, (_, index) => index).filter(
          (index) =>
            Buffer.compare(heard.subarray(index * frameBytes, (index + 1) * frameBytes), frame(index)) !== 0,
        );
        expect(lost.filter((index) => !isHit(index))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
