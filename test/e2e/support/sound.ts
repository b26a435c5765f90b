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

/** Makes an MP3 in a folder of its own. @param make puts `a.wav` there */
function encode(make: (folder: string) => void, ...options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'reclight-sound-'));
  try {
    make(folder);
    const [source, target] = [join(folder, 'a.wav'), join(folder, 'a.mp3')];
    execFileSync('lame', ['--quiet', '--cbr', ...options, source, target]);
    return readFileSync(target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An MP3 of 8 kHz with a tone on the left and silence on the right. @param seconds its length */
export function toneOnTheLeft(seconds: number): Buffer {
  const tone = ['synth', String(seconds), 'sine', '440', 'vol', '0.9', 'remix', '1', '0'];
  return encode(
    (folder) => execFileSync('sox', ['-n', '-r', '8000', '-b', '16', join(folder, 'a.wav'), ...tone]),
    ...['-b', '32', '-m', 's'],
  );
}

/** An MP3 of 24 kHz, 5,000 bytes a second, with a tone of ten seconds at its end. @param seconds of silence before */
export function toneAfter(seconds: number): Buffer {
  const tone = ['synth', '10', 'sine', '440', 'vol', '0.9', 'pad', String(seconds), '0'];
  return encode(
    (folder) => execFileSync('sox', ['-n', '-r', '24000', '-b', '16', join(folder, 'a.wav'), ...tone]),
    ...['-b', '40', '-m', 'm'],
  );
}

/** An MP3 of a tone, mono, 8 kHz. @param seconds its length */
export function tone(seconds: number): Buffer {
  const sine = ['synth', String(seconds), 'sine', '440', 'vol', '0.9'];
  return encode(
    (folder) =>
      execFileSync('sox', ['-n', '-r', '8000', '-b', '16', '-c', '1', join(folder, 'a.wav'), ...sine]),
    ...['-b', '32', '-m', 'm'],
  );
}

/** Speech as it is on the phone: three times the same words, and pauses of four seconds with a little noise between. */
export function speechWithPauses(): { readonly mp3: Buffer; readonly wordsSeconds: number } {
  const pauseSeconds = 4;
  let wordsSeconds = 0;
  const mp3 = encode(
    (folder) => {
      const at = (name: string) => join(folder, name);
      const clip = join(import.meta.dirname, '../../simulator/media/speech-a.mp3');
      execFileSync('lame', ['--quiet', '--decode', clip, at('clip.wav')]);
      // Up to the first sound and behind the last one, it would be silence too.
      const trim = ['silence', '1', '0', '1%', 'reverse'];
      execFileSync('sox', [at('clip.wav'), at('words.wav'), 'vol', '0.8', ...trim, ...trim]);
      wordsSeconds = Number(execFileSync('sox', ['--i', '-D', at('words.wav')], { encoding: 'utf8' }));
      const noise = ['synth', String(pauseSeconds), 'whitenoise', 'vol', '0.003'];
      execFileSync('sox', ['-n', '-r', '24000', '-b', '16', '-c', '1', at('pause.wav'), ...noise]);
      execFileSync('sox', [
        ...['words', 'pause', 'words', 'pause', 'words', 'a'].map((name) => at(`${name}.wav`)),
      ]);
    },
    ...['-b', '40', '-m', 'm'],
  );
  return { mp3, wordsSeconds };
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
