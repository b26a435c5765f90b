import type { AudioCodec, RefusedAudio } from './audio-verdict';
import { refuseCodec, refuseHeader } from './audio-verdict';
import { viewOf } from './byte-source';
import { highestSampleRate } from './limits';

/** What the `fmt ` chunk of a WAVE file tells. */
export interface WaveFormat {
  readonly codec: Exclude<AudioCodec, 'mp3'>;
  /** Hz */
  readonly sampleRate: number;
  readonly channels: number;
  /** One sample of all channels, bytes. */
  readonly blockBytes: number;
}

/** The most of the `fmt ` chunk that is looked at, bytes. */
export const waveFormatBytes = 40;

/** Without so many bytes the chunk tells nothing. */
const shortestFormat = 16;

const pcm = 0x0001;
const aLaw = 0x0006;
const muLaw = 0x0007;
const extensible = 0xfffe;

/** What follows the two bytes of the codec where an extensible format names one of the registered codecs. */
const registeredCodec = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

/** Names of codecs that no server takes, by their registered number. */
const codecNames: Readonly<Record<number, string>> = {
  0x0002: 'Microsoft ADPCM',
  0x0003: 'IEEE float',
  0x0011: 'IMA ADPCM',
  0x0022: 'TrueSpeech',
  0x0031: 'GSM 6.10',
  0x0042: 'G.723.1',
  0x0045: 'G.726',
  0x0050: 'MPEG layer II',
  0x0055: 'MP3',
  0x0064: 'G.726',
  0x0065: 'G.722',
  0x00ff: 'AAC',
  0x0161: 'Windows Media Audio',
  0x0162: 'Windows Media Audio',
  0x1610: 'AAC',
};

function nameOf(tag: number): string {
  return codecNames[tag] ?? `WAVE 0x${tag.toString(16).toUpperCase().padStart(4, '0')}`;
}

function codecOf(tag: number, bits: number): WaveFormat['codec'] | RefusedAudio {
  if (tag === pcm) {
    if (bits === 0) return refuseHeader('bits-per-sample');
    return bits === 16 ? 'pcm-16' : bits === 8 ? 'pcm-8' : refuseCodec(`PCM-${bits}`);
  }
  if (tag !== aLaw && tag !== muLaw) return refuseCodec(nameOf(tag));
  if (bits !== 8) return refuseHeader('bits-per-sample');
  return tag === aLaw ? 'a-law' : 'mu-law';
}

/**
 * Reads the `fmt ` chunk.
 * @param bytes of its body, the first `waveFormatBytes` or fewer
 * @returns what it tells, or why the file is refused
 */
export function readWaveFormat(bytes: Uint8Array): WaveFormat | RefusedAudio {
  if (bytes.length < shortestFormat) return refuseHeader('format-missing');
  const view = viewOf(bytes);
  let tag = view.getUint16(0, true);
  if (tag === extensible) {
    if (bytes.length < waveFormatBytes) return refuseHeader('format-missing');
    if (registeredCodec.some((value, index) => bytes[26 + index] !== value)) {
      return refuseCodec(nameOf(extensible));
    }
    tag = view.getUint16(24, true);
  }
  const bits = view.getUint16(14, true);
  const codec = codecOf(tag, bits);
  if (typeof codec !== 'string') return codec;
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  if (channels === 0) return refuseHeader('zero-channels');
  if (sampleRate === 0) return refuseHeader('zero-rate');
  if (sampleRate > highestSampleRate) return refuseHeader('rate-too-high');
  if (blockBytes !== (channels * bits) / 8) return refuseHeader('block-align');
  return { codec, sampleRate, channels, blockBytes };
}
