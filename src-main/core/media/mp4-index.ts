import type { Mp3Table } from './mp3-seek-table';

function bytesOf(width: number, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(width * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    if (width === 4) view.setUint32(index * 4, value);
    else if (width === 2) view.setUint16(index * 2, value);
    else view.setUint8(index, value);
  });
  return bytes;
}

const u8 = (...values: readonly number[]) => bytesOf(1, values);
const u16 = (...values: readonly number[]) => bytesOf(2, values);
const u32 = (...values: readonly number[]) => bytesOf(4, values);
/** As many as a recording has: more than a call can have arguments. */
const table32 = (values: readonly number[]) => bytesOf(4, values);

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const letters = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A box of ISO/IEC 14496-12: its size, its name, and what is in it. */
function box(name: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = join(parts);
  return join([u32(content.length + 8), letters(name), content]);
}

/** The longest duration that 32 bits tell: where all of them are set, it is unknown. */
const longest32 = 0xfffffffe;

/** The version of a box that tells times and a duration, as its first byte; the second one has 64 bits for each. */
const versionOf = (length: number) => (length > longest32 ? 0x1000000 : 0);

/** A time or a duration, in the width of that version. */
const timesFor = (length: number) => (value: number) =>
  length > longest32 ? u32(Math.floor(value / 2 ** 32), value % 2 ** 32) : u32(value);

/** Neither turned nor scaled. */
const unity = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** What decodes it (ISO/IEC 14496-1): MPEG audio, of generation 1 or of a later one. */
function decoderBox({ kind: { samples } }: Mp3Table): Uint8Array {
  const config = [4, 13, samples === 1152 ? 0x6b : 0x69, 0x15, 0, 0, 0, ...new Array<number>(8).fill(0)];
  const synchronisation = [6, 1, 2];
  return box(
    'esds',
    u32(0),
    u8(3, 3 + config.length + synchronisation.length, 0, 1, 0),
    u8(...config, ...synchronisation),
  );
}

/** Each run of frames is one chunk. */
function chunkBoxes({ runs }: Mp3Table, shift: number): readonly Uint8Array[] {
  const changes = runs.flatMap(({ frames }, index) =>
    runs[index - 1]?.frames === frames ? [] : [index + 1, frames, 1],
  );
  return [
    box('stsc', u32(0, changes.length / 3), table32(changes)),
    box('stco', u32(0, runs.length), table32(runs.map(({ first }) => first + shift))),
  ];
}

/**
 * What makes a seekable MP4 of an MP3 when it is put before it: it tells the place and the time of every frame, so that
 * a player finds each second where it is, whatever the MP3 says of itself.
 * @param size of the MP3, bytes
 */
export function indexAsMp4(table: Mp3Table, size: number): Uint8Array {
  const { sizes, times } = table;
  const { sampleRate, channels } = table.kind;
  const length = times.reduce((sum, { frames, samples }) => sum + frames * samples, 0);
  const version = versionOf(length);
  const time = timesFor(length);
  const neverMade = join([time(0), time(0)]);
  const index = (shift: number) =>
    join([
      box('ftyp', letters('isom'), u32(0x200), letters('isommp41')),
      box(
        'moov',
        box(
          'mvhd',
          u32(version),
          neverMade,
          u32(sampleRate),
          time(length),
          u32(0x10000),
          u16(0x100, 0),
          u32(0, 0),
          unity,
          u32(0, 0, 0, 0, 0, 0, 2),
        ),
        box(
          'trak',
          box(
            'tkhd',
            u32(version + 7),
            neverMade,
            u32(1, 0),
            time(length),
            u32(0, 0),
            u16(0, 0, 0x100, 0),
            unity,
            u32(0, 0),
          ),
          box(
            'mdia',
            box('mdhd', u32(version), neverMade, u32(sampleRate), time(length), u16(0x55c4, 0)),
            box('hdlr', u32(0, 0), letters('soun'), u32(0, 0, 0), u8(0)),
            box(
              'minf',
              box('smhd', u32(0, 0)),
              box('dinf', box('dref', u32(0, 1), box('url ', u32(1)))),
              box(
                'stbl',
                box(
                  'stsd',
                  u32(0, 1),
                  box(
                    'mp4a',
                    u16(0, 0, 0, 1),
                    u32(0, 0),
                    u16(channels, 16, 0, 0),
                    u32(sampleRate << 16),
                    decoderBox(table),
                  ),
                ),
                box(
                  'stts',
                  u32(0, times.length),
                  table32(times.flatMap(({ frames, samples }) => [frames, samples])),
                ),
                box('stsz', u32(0, 0, sizes.length), table32(sizes)),
                ...chunkBoxes(table, shift),
              ),
            ),
          ),
        ),
      ),
      u32(size + 8),
      letters('mdat'),
    ]);
  // What comes before the sound moves it, and is as long wherever that lies.
  return index(index(0).length);
}
