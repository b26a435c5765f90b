import { describe, expect, it } from 'vitest';

import { succeed } from '@shared/domain/errors';
import type { CountedSound } from '@shared/domain/media';
import { readMp3Header } from '@shared/domain/mp3-header';
import { createMediaLibrary } from '../../../../src-main/core/media/library';
import { createMp3Repair } from '../../../../src-main/core/media/mp3-repair';
import { guid } from '../../../fixtures/examples';
import { garbage, id3v1, id3v2, joinBytes, writeMp3, type Mp3Segment } from '../../../fixtures/mp3-writer';
import { StubApi } from '../../../fixtures/stub-api';
import { VirtualClock } from '../../../fixtures/virtual-clock';

const near = 0.05;

/** The frames of a form that an element finds, each with its time by counting, s. */
interface Found {
  readonly at: number;
  readonly seconds: number;
  readonly number: number;
}

const numberIn = (bytes: Uint8Array, at: number) =>
  [4, 5, 6, 7].reduce((number, offset) => (number << 7) | (bytes[at + offset] ?? 0), 0);

/** Finds the frames one after the other, as a player does, and passes over bytes that are no frame. */
function walk(bytes: Uint8Array, from: number): readonly Found[] {
  const found: Found[] = [];
  let seconds = 0;
  for (let at = from; at + 8 <= bytes.length;) {
    const header = readMp3Header(bytes, at);
    if (header === null || at + header.size > bytes.length) {
      at += 1;
      continue;
    }
    found.push({ at, seconds, number: numberIn(bytes, at) });
    seconds += header.samples / header.sampleRate;
    at += header.size;
  }
  return found;
}

/** What a form is and says, and where Chromium would find a second of it. */
interface Heard {
  readonly bytes: Uint8Array;
  readonly sound: CountedSound;
  readonly indexed: boolean;
}

/** As it is given to an element once it is whole. */
async function hearWhole(bytes: Uint8Array): Promise<Heard> {
  const library = createMediaLibrary(new VirtualClock(), 500_000_000);
  library.setApi(new StubApi(() => succeed(null)));
  library.addCompleted(guid(1), null, [bytes]);
  const opened = await library.open(guid(1), 1);
  if (!opened.ok) throw new Error('It did not open');
  const { index } = opened.value;
  const pieces: Uint8Array[] = index === null ? [] : [index];
  for await (const piece of opened.value.readRepaired(0, null)) pieces.push(piece);
  const { sound } = library.progress(guid(1));
  if (sound === null) throw new Error('No sound was counted');
  return { bytes: joinBytes(...pieces), sound, indexed: index !== null };
}

/** The content of the first box of a name; the boxes around it are looked into. */
function boxOf(bytes: Uint8Array, name: string): DataView {
  const at = Buffer.from(bytes).indexOf(name, 0, 'latin1');
  if (at < 0) throw new Error(`There is no box ${name}`);
  const size = new DataView(bytes.buffer, bytes.byteOffset + at - 4).getUint32(0);
  return new DataView(bytes.buffer, bytes.byteOffset + at + 4, size - 8);
}

/** Reads the tables of an MP4 as its standard has it: the time and the place of every frame. */
function readTables(bytes: Uint8Array): { readonly frames: readonly Found[]; readonly length: number } {
  const rate = boxOf(bytes, 'mdhd').getUint32(12);
  const length = boxOf(bytes, 'mdhd').getUint32(16) / rate;
  const [stts, stsc, stsz, stco] = ['stts', 'stsc', 'stsz', 'stco'].map((name) => boxOf(bytes, name));
  if (!stts || !stsc || !stsz || !stco) throw new Error('A table is missing');
  const times: number[] = [];
  let ticks = 0;
  for (let entry = 0; entry < stts.getUint32(4); entry += 1) {
    for (let count = stts.getUint32(8 + entry * 8); count > 0; count -= 1) {
      times.push(ticks / rate);
      ticks += stts.getUint32(12 + entry * 8);
    }
  }
  expect(ticks / rate).toBeCloseTo(length, 6);
  expect(times).toHaveLength(stsz.getUint32(8));
  const frames: Found[] = [];
  let change = 0;
  for (let chunk = 1; chunk <= stco.getUint32(4); chunk += 1) {
    if (change + 1 < stsc.getUint32(4) && stsc.getUint32(8 + (change + 1) * 12) === chunk) change += 1;
    let at = stco.getUint32(4 + chunk * 4);
    for (let count = stsc.getUint32(12 + change * 12); count > 0; count -= 1) {
      const size = stsz.getUint32(12 + frames.length * 4);
      expect(readMp3Header(bytes, at)?.size).toBe(size);
      frames.push({ at, seconds: times[frames.length] ?? NaN, number: numberIn(bytes, at) });
      at += size;
    }
  }
  expect(frames).toHaveLength(times.length);
  return { frames, length };
}

/** Asks for every second: by the tables where there are any, else where its share of the bytes lies, as Chromium does. */
function expectEachSecond({ bytes, sound, indexed }: Heard, from: number): void {
  if (indexed) {
    const { frames, length } = readTables(bytes);
    const mdat = Buffer.from(bytes).indexOf('mdat', 0, 'latin1') + 4;
    expect(Math.abs(length - sound.seconds)).toBeLessThan(near);
    const walked = new Map(walk(bytes, mdat + from).map((frame) => [frame.at, frame]));
    for (const { at, seconds, number } of frames) {
      expect(Math.abs((walked.get(at)?.seconds ?? NaN) - seconds)).toBeLessThan(near);
      expect(walked.get(at)?.number).toBe(number);
    }
    return;
  }
  const frames = walk(bytes, from);
  const first = frames[0]?.at ?? 0;
  const { bitRate = 0 } = readMp3Header(bytes, first) ?? {};
  for (let second = 0; second < sound.seconds - 0.2; second += 0.25) {
    const place = first + (second * bitRate) / 8;
    const found = frames.findLast(({ at }) => at <= place);
    expect(Math.abs((found?.seconds ?? NaN) - second)).toBeLessThan(near);
  }
}

const rates: Readonly<
  Record<string, { readonly sampleRate: number; readonly cbr: number; readonly vbr: readonly number[] }>
> = {
  '44.1 kHz': { sampleRate: 44_100, cbr: 128, vbr: [32, 32, 64, 128, 96, 320] },
  '16 kHz': { sampleRate: 16_000, cbr: 64, vbr: [8, 8, 8, 24, 64, 160] },
  '8 kHz': { sampleRate: 8_000, cbr: 16, vbr: [8, 8, 24, 16, 64] },
};
const descriptions = [
  'no',
  'right Xing',
  'right Info',
  'wrong Xing',
  'wrong Info',
  'wrong VBRI',
  'empty Xing',
] as const;

const cases = Object.keys(rates).flatMap((rate) =>
  (['CBR', 'VBR'] as const).flatMap((mode) =>
    descriptions.flatMap((described) =>
      [1, 2, 3, 5].map((segments) => ({ rate, mode, described, segments })),
    ),
  ),
);

/** Ten seconds of sound in so many segments, each described as encoders do. */
function joined({
  rate,
  mode,
  described,
  segments,
}: (typeof cases)[number]): readonly (readonly Uint8Array[])[] {
  const { sampleRate, cbr, vbr } = rates[rate]!;
  const samples = sampleRate > 24_000 ? 1_152 : 576;
  const frames = Math.round((10 * sampleRate) / samples / segments);
  const written: (readonly Uint8Array[])[] = [];
  for (let segment = 0; segment < segments; segment += 1) {
    const plain: Mp3Segment = {
      sampleRate,
      // Quiet at first, so that the beginning does not tell of the rest.
      kilobits: mode === 'CBR' ? [cbr] : segment === 0 ? [...vbr.slice(0, 1), ...vbr] : vbr,
      frames,
    };
    const size = writeMp3(plain).reduce((sum, { length }) => sum + length, 0);
    const [right, name] = described.split(' ');
    const lie = right === 'empty' ? 0 : right === 'wrong' ? 3 : 1;
    const kind = name as 'Xing' | 'Info' | 'VBRI';
    const description = { kind, frames: frames * lie, bytes: size * lie };
    written.push(writeMp3(described === 'no' ? plain : { ...plain, description }, segment * frames + 1));
  }
  return written;
}

describe('each second is where it is looked for', () => {
  it.each(cases)('$rate, $mode, $described header, $segments joined (D1)', async (kind) => {
    const bytes = joinBytes(...joined(kind).flat());
    const heard = await hearWhole(bytes);
    // Nothing of what the file says of itself is left to lead an element drift.
    expect(Buffer.from(heard.bytes).includes(/Xing|Info|VBRI/.exec(kind.described)?.[0] ?? 'Xing')).toBe(
      kind.segments > 1 && kind.described !== 'no',
    );
    expect(heard.sound.seconds).toBeCloseTo(walk(bytes, 0).at(-1)!.seconds, 0);
    expect(heard.sound.changesAt).toBeNull();
    expectEachSecond(heard, 0);
  });

  const parts = joined({ rate: '16 kHz', mode: 'CBR', described: 'wrong Info', segments: 3 }).map((frames) =>
    joinBytes(...frames),
  );
  const [one = new Uint8Array(0), two = new Uint8Array(0), three = new Uint8Array(0)] = parts;
  const seconds = walk(joinBytes(...parts), 0).length * (576 / 16_000);
  it.each<[string, Uint8Array, number]>([
    ['ID3v2 before', joinBytes(id3v2(400), one, two, three), 0],
    ['a picture before', joinBytes(id3v2(300_000), one, two, three), 0],
    ['two tags before', joinBytes(id3v2(100_000), id3v2(90), one, two, three), 0],
    ['ID3v2 between', joinBytes(one, id3v2(45), two, id3v2(45), three), 0],
    ['a picture between', joinBytes(one, id3v2(300_000), two, three), 0],
    ['ID3v1 between', joinBytes(one, id3v1(), two, id3v1(), three, id3v1()), 0],
    ['both between', joinBytes(id3v2(20), one, id3v1(), id3v2(20), two, id3v1(), id3v2(20), three), 0],
    ['ID3v1 behind', joinBytes(one, two, three, id3v1()), 0],
    ['garbage before', joinBytes(garbage(5_000), one, two, three), 5_000 / 8_000],
    // What is damaged lasts as long as its bytes would.
    ['garbage between', joinBytes(one, garbage(3_000), two, three), 3_000 / 8_000],
  ])('with %s (D1)', async (_name, bytes, more) => {
    const heard = await hearWhole(bytes);
    expect(Math.abs(heard.sound.seconds - seconds - more)).toBeLessThan(near);
    expectEachSecond(heard, 0);
  });

  it.each([
    [16_000, 24_000],
    [48_000, 8_000],
    [8_000, 44_100],
  ])('where %i Hz become %i Hz, and the change is told (D1, D1c)', async (before, behind) => {
    const frames = (sampleRate: number, seconds_: number) =>
      Math.round((seconds_ * sampleRate) / (sampleRate > 24_000 ? 1_152 : 576));
    const bytes = joinBytes(
      ...writeMp3({ sampleRate: before, kilobits: [64], frames: frames(before, 4) }),
      ...writeMp3({ sampleRate: behind, kilobits: [64], frames: frames(behind, 6) }, 1_000),
    );
    const heard = await hearWhole(bytes);
    expect(Math.abs(heard.sound.seconds - 10)).toBeLessThan(0.1);
    expect(Math.abs((heard.sound.changesAt ?? NaN) - 4)).toBeLessThan(0.1);
    expectEachSecond(heard, 0);
  });
});

describe('while it arrives', () => {
  it.each(cases.filter(({ segments }) => segments === 3))(
    '$rate, $mode, $described header: bytes are trusted only where they tell the time (D1)',
    (kind) => {
      const bytes = joinBytes(...joined(kind).flat());
      const repair = createMp3Repair();
      for (let at = 0; at < bytes.length; at += 3_000) {
        repair.push(bytes.subarray(at, at + 3_000));
        const pace = repair.pace();
        if (pace === null || pace.drift > near) continue;
        const { seconds, grain } = pace;
        const heard = repair.conceal(bytes.subarray(0, pace.end), 0);
        expect(Math.abs(walk(heard, 0).length * grain - seconds)).toBeLessThan(1e-6);
        const frames = walk(heard, 0);
        const { bitRate = 0 } = readMp3Header(heard, 0) ?? {};
        for (const frame of frames) {
          expect(Math.abs((frame.at * 8) / bitRate - frame.seconds)).toBeLessThan(near + grain);
        }
      }
      expect((repair.pace()?.drift ?? 0) > near).toBe(kind.mode === 'VBR');
    },
  );
});

it('are the same number however the bytes arrive', () => {
  const bytes = joinBytes(...writeMp3({ sampleRate: 16_000, kilobits: [32], frames: 1_666 }));
  const lengths = [1, 7, 130, 1_000, 4_096, 65_536].map((size) => {
    const repair = createMp3Repair();
    for (let at = 0; at < bytes.length; at += size) repair.push(bytes.subarray(at, at + size));
    repair.end();
    return repair.pace()?.seconds;
  });
  expect(new Set(lengths).size).toBe(1);
});
