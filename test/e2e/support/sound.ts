import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What another decoder makes of an MP3. */
export interface DecodedSound {
  /** Hz */
  readonly sampleRate: number;
  /** 16-bit samples of each channel, left first. */
  readonly channels: readonly Int16Array[];
}

/**
 * Decodes an MP3 with `lame`, which shares nothing with the decoder in RecLight.
 * @param mp3 the whole file
 */
export function decodeWithLame(mp3: Uint8Array): DecodedSound {
  const folder = mkdtempSync(join(tmpdir(), 'reclight-sound-'));
  try {
    const [source, target] = [join(folder, 'a.mp3'), join(folder, 'a.wav')];
    writeFileSync(source, mp3);
    execFileSync('lame', ['--quiet', '--decode', source, target]);
    return readWav(
      execFileSync('sox', [target, '-t', 'wav', '-b', '16', '-e', 'signed-integer', '-'], { maxBuffer: 1e9 }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An MP3 of 8 kHz with a tone on the left and silence on the right. @param seconds its length */
export function toneOnTheLeft(seconds: number): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'reclight-sound-'));
  try {
    const target = join(folder, 'a.wav');
    const tone = ['synth', String(seconds), 'sine', '440', 'remix', '1', '0'];
    execFileSync('sox', ['-n', '-r', '8000', '-b', '16', target, ...tone]);
    execFileSync('lame', ['--quiet', '--cbr', '-b', '32', '-m', 's', target, `${target}.mp3`]);
    return readFileSync(`${target}.mp3`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readWav(wav: Buffer): DecodedSound {
  const count = wav.readUInt16LE(22);
  const data = wav.indexOf('data') + 8;
  const samples = Math.floor((wav.length - data) / 2 / count);
  const channels = Array.from({ length: count }, () => new Int16Array(samples));
  for (let index = 0; index < samples; index += 1) {
    channels.forEach(
      (channel, side) => (channel[index] = wav.readInt16LE(data + (index * count + side) * 2)),
    );
  }
  return { sampleRate: wav.readUInt32LE(24), channels };
}

/**
 * The loudest sample of each of `bars` equal stretches of a channel, 0 to 1.
 * @param seconds what all bars stand for
 * @param shift where the first begins, s
 */
export function barsOf(
  { sampleRate, channels }: DecodedSound,
  side: number,
  seconds: number,
  bars: number,
  shift = 0,
) {
  const samples = channels[side] ?? new Int16Array(0);
  const perBar = (seconds * sampleRate) / bars;
  return Array.from({ length: bars }, (_, bar) => {
    let peak = 0;
    const end = Math.min(samples.length, Math.floor((bar + 1) * perBar + shift * sampleRate));
    for (let index = Math.max(0, Math.floor(bar * perBar + shift * sampleRate)); index < end; index += 1) {
      peak = Math.max(peak, Math.abs(samples[index] ?? 0));
    }
    return peak / 32_768;
  });
}
