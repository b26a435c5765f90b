import { fourLetters, viewOf } from './byte-source';

/** So many bytes of a file tell what it is, from where its tags end. */
export const signatureBytes = 64;

interface Signature {
  readonly offset: number;
  readonly bytes: readonly number[];
  readonly name: string;
}

const letters = (text: string): readonly number[] => [...text].map((letter) => letter.charCodeAt(0));

const signatures: readonly Signature[] = [
  { offset: 0, bytes: letters('OggS'), name: 'Ogg' },
  { offset: 0, bytes: letters('fLaC'), name: 'FLAC' },
  { offset: 0, bytes: letters('RIFX'), name: 'RIFX' },
  { offset: 0, bytes: letters('riff'), name: 'Wave64' },
  { offset: 0, bytes: letters('.snd'), name: 'Sun AU' },
  { offset: 0, bytes: letters('caff'), name: 'Core Audio' },
  { offset: 0, bytes: letters('#!AMR'), name: 'AMR' },
  { offset: 0, bytes: letters('MThd'), name: 'MIDI' },
  { offset: 0, bytes: letters('ADIF'), name: 'AAC' },
  { offset: 0, bytes: letters('wvpk'), name: 'WavPack' },
  { offset: 0, bytes: letters('MAC '), name: "Monkey's Audio" },
  { offset: 1, bytes: letters('dss'), name: 'DSS' },
  { offset: 1, bytes: letters('ds2'), name: 'DSS' },
  { offset: 0, bytes: [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11], name: 'Windows Media Audio' },
  { offset: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3], name: 'Matroska' },
  { offset: 4, bytes: letters('ftyp'), name: 'MPEG-4 audio' },
];

/** Whether an AAC stream begins here: its header names a sample rate and a length that there are. */
function isAac(bytes: Uint8Array): boolean {
  if (bytes.length < 7) return false;
  const view = viewOf(bytes);
  const size = (view.getUint32(2) >> 5) & 0x1fff;
  return (view.getUint16(0) & 0xfff6) === 0xfff0 && ((view.getUint8(2) >> 2) & 15) < 13 && size > 7;
}

/** Whether a frame of MPEG layer I or II begins here. @returns its name, or null */
function olderLayer(bytes: Uint8Array): string | null {
  const [sync = 0, version = 0, rates = 0] = bytes;
  const layer = (version >> 1) & 3;
  const isHeader =
    sync === 0xff &&
    (version & 0xe0) === 0xe0 &&
    ((version >> 3) & 3) !== 1 &&
    rates >> 4 !== 15 &&
    rates >> 4 !== 0 &&
    ((rates >> 2) & 3) !== 3;
  if (!isHeader || layer < 2) return null;
  return layer === 2 ? 'MPEG layer II' : 'MPEG layer I';
}

/**
 * Names what is audio, and is neither WAVE nor MP3, by the bytes that it begins with.
 * @param bytes the first `signatureBytes` or fewer
 * @returns null where it is something else
 */
export function nameForeignFormat(bytes: Uint8Array): string | null {
  const found = signatures.find(({ offset, bytes: expected }) =>
    expected.every((value, index) => bytes[offset + index] === value),
  );
  if (found !== undefined) return found.name;
  if (fourLetters(bytes, 0) === 'FORM') {
    return ['AIFF', 'AIFC'].includes(fourLetters(bytes, 8)) ? 'AIFF' : null;
  }
  return isAac(bytes) ? 'AAC' : olderLayer(bytes);
}
