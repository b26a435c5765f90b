import { describe, expect, it } from 'vitest';

import { inspectAudioFile } from '../../../../src-main/core/imports/audio-file';
import { largestReadBytes } from '../../../../src-main/core/imports/limits';
import { id3v1, id3v2, joinBytes, writeMp3 } from '../../../fixtures/mp3-writer';
import { fc } from '../../../fixtures/seed';
import { seededBytes as seededBuffer } from '../../../fixtures/seeded-bytes';
import { watchedSource } from '../../../fixtures/watched-source';
import { broadcastChunk, chunk, longSizes, riff, waveFormat } from '../../../fixtures/wave-writer';

const runs = Number(process.env['RECLIGHT_AUDIO_FUZZ_RUNS'] ?? 500);

/** A buffer would share its memory with what is cut from it. */
const seededBytes = (length: number) => new Uint8Array(seededBuffer(length));

const data = chunk('data', seededBytes(3_000));
const sound = (kilobits: readonly number[]) =>
  joinBytes(...writeMp3({ sampleRate: 8_000, kilobits, frames: 40 }));
const originals: readonly Uint8Array[] = [
  riff([waveFormat(), data]),
  riff([waveFormat({ tag: 6, bits: 8, channels: 2 }), chunk('fact', new Uint8Array(4)), data]),
  riff([
    waveFormat({ subTag: 7, bits: 8 }),
    chunk('LIST', seededBytes(33)),
    data,
    chunk('note', seededBytes(5)),
  ]),
  riff([longSizes(3_000), broadcastChunk('2024-05-1714:02:33'), waveFormat(), data], 'RF64'),
  joinBytes(id3v2(300), sound([16]), id3v1()),
  joinBytes(sound([16, 64, 24]), id3v2(40), sound([16])),
  seededBytes(2_000),
];

/** Values that sizes and counts break at. */
const edges = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff];

/** A change of a file; places are parts of 1 of its length. */
const change = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.constantFrom(...edges),
  }),
  fc.record({
    kind: fc.constant('head' as const),
    at: fc.nat(80),
    value: fc.oneof(fc.constantFrom(...edges), fc.nat(255)),
  }),
  fc.record({
    kind: fc.constant('size' as const),
    at: fc.nat(80),
    value: fc.constantFrom(0, 1, 0x7fff_ffff, 0xffff_fffe, 0xffff_ffff),
  }),
  fc.record({
    kind: fc.constant('cut' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('drop' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.nat(40),
  }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.nat(400),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function apply(bytes: Uint8Array, { kind, at, value }: Change): Uint8Array {
  const place = kind === 'head' || kind === 'size' ? at : Math.floor(at * bytes.length);
  if (kind === 'cut') return bytes.slice(0, place);
  if (kind === 'drop') return joinBytes(bytes.slice(0, place), bytes.slice(place + value));
  if (kind === 'repeat') return joinBytes(bytes.slice(0, place + value), bytes.slice(place));
  const changed = bytes.slice();
  if (kind !== 'size') changed.fill(value, place, place + 1);
  else if (place + 4 <= changed.length) new DataView(changed.buffer).setUint32(place, value, true);
  return changed;
}

describe('a damaged file', () => {
  it('is judged without a crash, within its bytes, in few reads', async () => {
    const verdicts = new Map<string, number>();
    const files = fc.tuple(fc.constantFrom(...originals), fc.array(change, { minLength: 1, maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(files, async ([original, changes]) => {
        const bytes = changes.reduce(apply, original);
        const source = watchedSource(bytes, largestReadBytes);
        const verdict = await inspectAudioFile(source);
        expect(source.faults()).toEqual([]);
        expect(source.reads()).toBeLessThan(1_000);
        const seen = verdict.verdict === 'accepted' ? 'accepted' : verdict.reason;
        verdicts.set(seen, (verdicts.get(seen) ?? 0) + 1);
        expect(['unreadable', 'changed', 'too-large']).not.toContain(seen);
        if (verdict.verdict === 'refused') return;
        const { samples, sampleRate, channels, dataOffset, dataLength, durationMs } = verdict;
        expect(Math.min(samples, sampleRate, channels, dataLength)).toBeGreaterThan(0);
        expect(dataOffset + dataLength).toBeLessThanOrEqual(bytes.length);
        expect(Math.abs(durationMs - (samples * 1_000) / sampleRate)).toBeLessThanOrEqual(0.5);
      }),
      { numRuns: runs },
    );
    // Damage that all ends alike would test nothing.
    for (const kind of ['accepted', 'not-audio', 'other-codec', 'truncated', 'invalid-header']) {
      expect(verdicts.get(kind) ?? 0, kind).toBeGreaterThan(0);
    }
  });
});
