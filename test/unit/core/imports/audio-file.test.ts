import { describe, expect, it } from 'vitest';

import { inspectAudioFile } from '../../../../src-main/core/imports/audio-file';
import { largestAudioBytes, largestReadBytes } from '../../../../src-main/core/imports/limits';
import { garbage, id3v1, id3v2, joinBytes, writeMp3 } from '../../../fixtures/mp3-writer';
import { watchedSource } from '../../../fixtures/watched-source';
import {
  broadcastChunk,
  bytesOf,
  chunk,
  longSizes,
  riff,
  waveFormat,
  type WaveFormatParts,
} from '../../../fixtures/wave-writer';

const sound = (length: number) => Uint8Array.from({ length }, (_, index) => 0x81 + (index % 90));
const list = chunk('LIST', bytesOf('INFOISFT', Uint8Array.of(4, 0, 0, 0), 'abc\0'));
const fact = chunk('fact', Uint8Array.of(9, 9, 9, 9));
const data = chunk('data', sound(1_600));
const wave = (format: WaveFormatParts, length = 1_600) =>
  riff([waveFormat(format), chunk('data', sound(length))]);
const mp3 = (sampleRate: number, kilobits: readonly number[], frames: number) =>
  joinBytes(...writeMp3({ sampleRate, kilobits, frames }));
const plain = mp3(8_000, [16], 10);

const look = async (bytes: Uint8Array) => {
  const source = watchedSource(bytes, largestReadBytes);
  const verdict = await inspectAudioFile(source);
  expect(source.faults()).toEqual([]);
  return verdict;
};

const aLaw = { tag: 6, bits: 8 };
const muLaw = { tag: 7, bits: 8 };

describe('an accepted WAVE file', () => {
  it.each<[string, Uint8Array, string, number, number, number]>([
    ['PCM-16, mono, 8 kHz', wave({}), 'pcm-16', 8_000, 1, 800],
    ['PCM-16, stereo, 8 kHz', wave({ channels: 2 }), 'pcm-16', 8_000, 2, 400],
    ['PCM-16, mono, 16 kHz', wave({ rate: 16_000 }), 'pcm-16', 16_000, 1, 800],
    ['PCM-16, stereo, 44.1 kHz', wave({ channels: 2, rate: 44_100 }), 'pcm-16', 44_100, 2, 400],
    ['PCM-16, stereo, 48 kHz', wave({ channels: 2, rate: 48_000 }), 'pcm-16', 48_000, 2, 400],
    ['A-law, mono', wave(aLaw), 'a-law', 8_000, 1, 1_600],
    ['A-law, stereo', wave({ ...aLaw, channels: 2 }), 'a-law', 8_000, 2, 800],
    ['A-law, odd length', wave(aLaw, 1_601), 'a-law', 8_000, 1, 1_601],
    ['mu-law, mono', wave(muLaw), 'mu-law', 8_000, 1, 1_600],
    ['mu-law, stereo, 16 kHz', wave({ ...muLaw, channels: 2, rate: 16_000 }), 'mu-law', 16_000, 2, 800],
    ['PCM-8', wave({ bits: 8 }), 'pcm-8', 8_000, 1, 1_600],
    ['extensible PCM-16', wave({ subTag: 1, channels: 2 }), 'pcm-16', 8_000, 2, 400],
    ['extensible A-law', wave({ subTag: 6, bits: 8 }), 'a-law', 8_000, 1, 1_600],
    ['extensible mu-law', wave({ subTag: 7, bits: 8 }), 'mu-law', 8_000, 1, 1_600],
    ['LIST before the data', riff([waveFormat(), list, data]), 'pcm-16', 8_000, 1, 800],
    ['LIST behind the data', riff([waveFormat(), data, list]), 'pcm-16', 8_000, 1, 800],
    ['fact before the data', riff([waveFormat(aLaw), fact, data]), 'a-law', 8_000, 1, 1_600],
    ['the format behind the data', riff([data, waveFormat()]), 'pcm-16', 8_000, 1, 800],
    ['an odd chunk, padded', riff([waveFormat(), chunk('note', sound(5)), data]), 'pcm-16', 8_000, 1, 800],
    ['a long JUNK chunk', riff([chunk('JUNK', sound(99_999)), waveFormat(), data]), 'pcm-16', 8_000, 1, 800],
    ['one sample', wave({}, 2), 'pcm-16', 8_000, 1, 1],
  ])('%s', async (_name, bytes, codec, sampleRate, channels, samples) => {
    expect(await look(bytes)).toMatchObject({
      verdict: 'accepted',
      container: 'wave',
      codec,
      sampleRate,
      channels,
      samples,
      durationMs: Math.round((samples * 1_000) / sampleRate),
      repairs: [],
      needsNewerServer: codec === 'pcm-8',
    });
  });

  it('tells where the sound is', async () => {
    const bytes = riff([waveFormat(), list, data]);
    const verdict = await look(bytes);
    const offset = 12 + 24 + list.length + 8;
    expect(verdict).toMatchObject({ dataOffset: offset, dataLength: 1_600 });
    expect(bytes.slice(offset, offset + 1_600)).toEqual(sound(1_600));
  });

  it.each<[string, Uint8Array, { date: string; time: string } | null]>([
    [
      'before',
      riff([broadcastChunk('2024-05-1714:02:33'), waveFormat(), data]),
      { date: '2024-05-17', time: '14:02:33' },
    ],
    [
      'behind',
      riff([waveFormat(), data, broadcastChunk('2024:05:1714-02-33')]),
      { date: '2024-05-17', time: '14:02:33' },
    ],
    [
      'before, with no day of the calendar,',
      riff([broadcastChunk('2024-02-3014:02:33'), waveFormat(), data]),
      null,
    ],
    ['before, empty,', riff([broadcastChunk('\0'.repeat(18)), waveFormat(), data]), null],
  ])('has a bext chunk %s the data', async (_name, bytes, origin) => {
    expect(await look(bytes)).toMatchObject({ verdict: 'accepted', samples: 800, origin });
  });
});

describe('a WAVE file read in spite of its faults', () => {
  const header = (size: number) => chunk('data', sound(1_600), size);
  it.each<[string, Uint8Array, number, readonly string[]]>([
    ['data size 0', riff([waveFormat(), header(0)]), 800, ['data-size-missing']],
    ['data size 0xFFFFFFFF', riff([waveFormat(), header(0xffff_ffff)]), 800, ['data-size-missing']],
    ['data size 0x7FFFFFFF', riff([waveFormat(), header(0x7fff_ffff)]), 800, ['data-size-missing']],
    ['data size too large', riff([waveFormat(), header(9_000)]), 800, ['data-cut-short']],
    ['data cut within a sample', wave({}).slice(0, -1), 799, ['data-cut-short', 'partial-block']],
    ['data that end within a sample', wave({ channels: 2 }, 1_602), 400, ['partial-block']],
    [
      'a LIST chunk without pad',
      riff([waveFormat(), chunk('LIST', sound(5), 5, false), data]),
      800,
      ['pad-byte-missing'],
    ],
    [
      'an unknown chunk without pad',
      riff([waveFormat(), chunk('note', sound(7), 7, false), data]),
      800,
      ['pad-byte-missing'],
    ],
    [
      'odd data without pad',
      riff([waveFormat(aLaw), chunk('data', sound(801), 801, false), list]),
      801,
      ['pad-byte-missing'],
    ],
    ['garbage behind', bytesOf(wave({}), sound(77)), 800, ['bytes-behind-data']],
    ['zeros behind', bytesOf(wave({}), new Uint8Array(512)), 800, ['bytes-behind-data']],
    ['a cut LIST behind', riff([waveFormat(), data, list.slice(0, -3)]), 800, ['bytes-behind-data']],
  ])('%s', async (_name, bytes, samples, repairs) => {
    expect(await look(bytes)).toMatchObject({ verdict: 'accepted', samples, repairs });
  });

  it.each<[string, Uint8Array, readonly string[]]>([
    ['with its sizes', riff([longSizes(1_600), waveFormat(), header(0xffff_ffff), list], 'RF64'), []],
    ['named BW64', riff([longSizes(1_600), waveFormat(), header(0xffff_ffff)], 'BW64'), []],
    ['without its sizes', riff([waveFormat(), header(0xffff_ffff)], 'RF64'), ['data-size-missing']],
    [
      'with sizes of 0',
      riff([longSizes(0), waveFormat(), header(0xffff_ffff)], 'RF64'),
      ['data-size-missing'],
    ],
    ['cut short', riff([longSizes(9_999), waveFormat(), header(0xffff_ffff)], 'RF64'), ['data-cut-short']],
  ])('RF64 %s', async (_name, bytes, repairs) => {
    expect(await look(bytes)).toMatchObject({ container: 'rf64', samples: 800, repairs });
  });
});

describe('an MP3', () => {
  const described = writeMp3({
    sampleRate: 44_100,
    kilobits: [128],
    frames: 10,
    description: { kind: 'Xing', frames: 999, bytes: 9_999 },
  });
  it.each<[string, Uint8Array, number, number, readonly string[]]>([
    ['8 kHz', plain, 8_000, 5_760, []],
    ['44.1 kHz', mp3(44_100, [128], 100), 44_100, 115_200, []],
    ['48 kHz, with frames of many sizes', mp3(48_000, [64, 128, 320], 50), 48_000, 57_600, []],
    ['longer than a piece', mp3(22_050, [160], 1_000), 22_050, 576_000, []],
    ['behind an ID3v2 tag', joinBytes(id3v2(200_000), plain), 8_000, 5_760, []],
    ['behind two tags', joinBytes(id3v2(20), id3v2(30), plain), 8_000, 5_760, []],
    ['before an ID3v1 tag', joinBytes(plain, id3v1()), 8_000, 5_760, []],
    ['with a frame that describes it', joinBytes(...described), 44_100, 11_520, []],
    ['two joined, with a tag between', joinBytes(plain, id3v2(50), plain), 8_000, 11_520, []],
    ['with garbage before', joinBytes(garbage(500), plain), 8_000, 5_760, ['damage-skipped']],
    ['with garbage within', joinBytes(plain, garbage(500), plain), 8_000, 11_520, ['damage-skipped']],
    ['with garbage behind', joinBytes(plain, garbage(500)), 8_000, 5_760, ['bytes-behind-data']],
    ['cut within its last frame', plain.slice(0, -5), 8_000, 5_184, ['last-frame-cut']],
    ['of one frame', mp3(8_000, [16], 1), 8_000, 576, []],
  ])('%s', async (_name, bytes, sampleRate, samples, repairs) => {
    expect(await look(bytes)).toMatchObject({
      verdict: 'accepted',
      codec: 'mp3',
      sampleRate,
      channels: 1,
      samples,
      durationMs: Math.round((samples * 1_000) / sampleRate),
      repairs,
      needsNewerServer: true,
    });
  });
});

describe('another codec is refused by its name', () => {
  it.each<[string, Uint8Array]>([
    ['PCM-24', wave({ bits: 24 })],
    ['PCM-32', wave({ bits: 32 })],
    ['PCM-24', wave({ bits: 24, subTag: 1 })],
    ['IEEE float', wave({ tag: 3, bits: 32 })],
    ['IEEE float', wave({ subTag: 3, bits: 32 })],
    ['Microsoft ADPCM', wave({ tag: 2, bits: 4 })],
    ['IMA ADPCM', wave({ tag: 0x11, bits: 4 })],
    ['GSM 6.10', wave({ tag: 0x31, bits: 0 })],
    ['MP3', wave({ tag: 0x55, bits: 0 })],
    ['WAVE 0x1234', wave({ tag: 0x1234 })],
    ['WAVE 0xFFFE', wave({ subTag: 1, registered: false })],
    ['MPEG-4 audio', bytesOf('\0\0\0\x20ftypM4A ', sound(99))],
    ['Ogg', bytesOf('OggS', sound(99))],
    ['FLAC', bytesOf('fLaC', sound(99))],
    ['FLAC', joinBytes(id3v2(99), bytesOf('fLaC', sound(99)))],
    ['AMR', bytesOf('#!AMR\n', sound(99))],
    ['AIFF', bytesOf('FORM\0\0\0\x09AIFF', sound(99))],
    ['RIFX', riff([waveFormat(), data], 'RIFX')],
    ['Windows Media Audio', bytesOf('\x30\x26\xb2\x75\x8e\x66\xcf\x11', sound(99))],
    ['Matroska', bytesOf('\x1a\x45\xdf\xa3', sound(99))],
    ['AAC', bytesOf('\xff\xf1\x50\x80\x10\x1f\xfc', sound(999))],
    ['MPEG layer II', bytesOf('\xff\xfd\x90\x00', sound(999))],
  ])('%s', async (codec, bytes) => {
    expect(await look(bytes)).toEqual({ verdict: 'refused', reason: 'other-codec', codec });
  });
});

describe('a file is refused', () => {
  const many = Array.from({ length: 1_001 }, () => chunk('note', new Uint8Array(0)));
  it.each<[string, Uint8Array, string]>([
    ['without bytes', new Uint8Array(0), 'empty'],
    ['of one byte', sound(1), 'not-audio'],
    ['of text', bytesOf('Dear all, this is a letter. '.repeat(99)), 'not-audio'],
    ['of zeros', new Uint8Array(200_000), 'not-audio'],
    ['of 0xFF', new Uint8Array(200_000).fill(0xff), 'not-audio'],
    ['that is a PDF', bytesOf('%PDF-1.7\n', garbage(9_999)), 'not-audio'],
    ['that is a film', riff([data], 'RIFF', 'AVI '), 'not-audio'],
    ['with nothing but a container', riff([]), 'truncated'],
    ['cut within the container', riff([]).slice(0, 9), 'truncated'],
    ['cut within the format', wave({}).slice(0, 30), 'truncated'],
    ['cut before the data', wave({}).slice(0, 36 + 5), 'truncated'],
    ['cut within a LIST', riff([waveFormat(), list]).slice(0, -2), 'truncated'],
    ['cut right behind the data header', wave({}).slice(0, 44), 'truncated'],
    ['cut within its first sample', wave({}).slice(0, 45), 'truncated'],
    ['with no sample', wave({}, 0), 'no-sound'],
    [
      'with no sample before a LIST',
      riff([waveFormat(), chunk('data', new Uint8Array(0)), list]),
      'no-sound',
    ],
    ['cut within its ID3v2 tag', id3v2(500).slice(0, 300), 'truncated'],
    ['cut within its only frame', mp3(8_000, [16], 1).slice(0, 60), 'truncated'],
  ])('%s', async (_name, bytes, reason) => {
    expect(await look(bytes)).toEqual({ verdict: 'refused', reason });
  });

  it.each<[string, Uint8Array]>([
    ['zero-rate', wave({ rate: 0 })],
    ['rate-too-high', wave({ rate: 4_000_000_000 })],
    ['zero-channels', wave({ channels: 0 })],
    ['bits-per-sample', wave({ bits: 0, blockBytes: 2 })],
    ['bits-per-sample', wave({ tag: 6, bits: 16 })],
    ['block-align', wave({ channels: 2, blockBytes: 2 })],
    ['block-align', wave({ blockBytes: 0 })],
    ['format-missing', riff([data])],
    ['format-missing', riff([chunk('fmt ', sound(8)), data])],
    ['data-missing', riff([waveFormat(), list])],
    ['too-many-chunks', riff([...many, waveFormat(), data])],
  ])('for its header: %s', async (fault, bytes) => {
    expect(await look(bytes)).toEqual({ verdict: 'refused', reason: 'invalid-header', fault });
  });

  const large = (size: number) => {
    const head = bytesOf(riff([waveFormat(aLaw)]), 'data', Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    let largest = 0;
    return {
      size,
      read: (offset: number, length: number) => {
        largest = Math.max(largest, length);
        return Promise.resolve(
          joinBytes(head.slice(offset, offset + length), new Uint8Array(length)).slice(0, length),
        );
      },
      largest: () => largest,
    };
  };

  it('above the limit only, without a look at it', async () => {
    const [exact, above] = [large(largestAudioBytes), large(largestAudioBytes + 1)];
    expect(await inspectAudioFile(exact)).toMatchObject({ verdict: 'accepted', samples: 268_435_456 - 44 });
    expect(exact.largest()).toBeLessThanOrEqual(largestReadBytes);
    expect(await inspectAudioFile(above)).toEqual({
      verdict: 'refused',
      reason: 'too-large',
      limit: 268_435_456,
    });
    expect(above.largest()).toBe(0);
  });

  it('that cannot be read', async () => {
    const read = () => Promise.reject(new Error('EIO'));
    expect(await inspectAudioFile({ size: 9, read })).toEqual({ verdict: 'refused', reason: 'unreadable' });
  });

  it('that became shorter', async () => {
    const read = () => Promise.resolve(new Uint8Array(3));
    expect(await inspectAudioFile({ size: 99, read })).toEqual({ verdict: 'refused', reason: 'changed' });
  });
});
