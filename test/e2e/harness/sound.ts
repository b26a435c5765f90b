import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How loud an MP3 is, as another decoder finds. */
export interface Loudness {
  readonly stepsPerSecond: number;
  /** The loudest sample of each step of each channel, left first, 0 to 1. */
  readonly channels: readonly (readonly number[])[];
}

const stepsPerSecond = 200;
const wavHeaderBytes = 44;

/** Reads a WAV of 16 bits as it comes, and keeps no more of it than how loud it is. */
async function loudnessOf(wav: AsyncIterable<Buffer>): Promise<Loudness> {
  const channels: number[][] = [];
  let samplesPerStep = 0;
  /** Samples of each channel that came before. */
  let before = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of wav) {
    let bytes: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (channels.length === 0) {
      if (bytes.length < wavHeaderBytes) {
        rest = bytes;
        continue;
      }
      for (let channel = 0; channel < bytes.readUInt16LE(22); channel += 1) channels.push([]);
      samplesPerStep = bytes.readUInt32LE(24) / stepsPerSecond;
      bytes = bytes.subarray(wavHeaderBytes);
    }
    const count = channels.length;
    const whole = bytes.length - (bytes.length % (2 * count));
    const samples = new Int16Array(new Uint8Array(bytes.subarray(0, whole)).buffer);
    channels.forEach((steps, channel) => {
      for (let at = channel; at < samples.length; at += count) {
        const step = Math.floor((before + (at - channel) / count) / samplesPerStep);
        const loud = Math.abs(samples[at] ?? 0) / 32_768;
        if (loud > (steps[step] ?? -1)) steps[step] = loud;
      }
    });
    before += samples.length / count;
    rest = bytes.subarray(whole);
  }
  return { stepsPerSecond, channels };
}

/**
 * Decodes an MP3 with `lame`, which shares nothing with the decoder in RecLight.
 * @param mp3 the whole file
 */
export async function decodeWithLame(mp3: Uint8Array): Promise<Loudness> {
  const folder = mkdtempSync(join(tmpdir(), 'reclight-sound-'));
  try {
    const source = join(folder, 'a.mp3');
    writeFileSync(source, mp3);
    const lame = spawn('lame', ['--quiet', '--decode', source, '-'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return await loudnessOf(lame.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes an MP3 in a folder of its own. @param make puts `a.wav` there */
function encode(make: (folder: string) => void, ...options: readonly string[]): Buffer {
  return encodeAs(make, ['--cbr', ...options]);
}

function encodeAs(make: (folder: string) => void, options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'reclight-sound-'));
  try {
    make(folder);
    const [source, target] = [join(folder, 'a.wav'), join(folder, 'a.mp3')];
    execFileSync('lame', ['--quiet', ...options, source, target]);
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

/** How high a sweep is at its beginning, and by how much it rises, Hz and Hz a second. */
export const sweepFrom = 500;
export const sweepRise = 50;

/**
 * An MP3 of a minute, mono, whose pitch names its own moment.
 * @param options of `lame`: how it is encoded
 * @param part which seconds of the minute: the first, and the one behind the last
 * @param change.rate Hz; 16 kHz where left out
 * @param change.quietUntil up to there it is hardly to be heard, s
 */
export function sweep(
  options: readonly string[],
  [from, to]: readonly [number, number] = [0, 60],
  { rate = 16_000, quietUntil = 0 }: { readonly rate?: number; readonly quietUntil?: number } = {},
): Buffer {
  const pitch = (second: number) => sweepFrom + sweepRise * second;
  return encodeAs((folder) => {
    const stretch = (name: string, [first, last]: readonly [number, number], volume: string) =>
      execFileSync('sox', [
        ...['-R', '-n', '-r', String(rate), '-b', '16', '-c', '1', join(folder, name)],
        ...['synth', String(last - first), 'sine', `${pitch(first)}:${pitch(last)}`, 'vol', volume],
      ]);
    if (quietUntil <= from) {
      stretch('a.wav', [from, to], '0.5');
      return;
    }
    stretch('quiet.wav', [from, quietUntil], '0.003');
    stretch('loud.wav', [quietUntil, to], '0.5');
    execFileSync('sox', [...['quiet', 'loud', 'a'].map((name) => join(folder, `${name}.wav`))]);
  }, options);
}

/** An MP3 of 24 kHz with one tone on each side. @param left Hz @param right Hz @param seconds its length */
export function tonesOnBothSides(left: number, right: number, seconds: number): Buffer {
  const tones = ['synth', String(seconds), 'sine', String(left), 'sine', String(right), 'vol', '0.5'];
  return encode(
    (folder) =>
      execFileSync('sox', ['-n', '-r', '24000', '-b', '16', '-c', '2', join(folder, 'a.wav'), ...tones]),
    ...['-b', '96', '-m', 's'],
  );
}

const levelSeconds = 20;

/**
 * An MP3 of 24 kHz, 5,000 bytes a second, as long as a long meeting: noise that is louder and softer for a while each.
 * @param random 0 to 1
 */
export function noiseOfManyLevels(seconds: number, random: () => number): Buffer {
  const noise = (level: number) =>
    encode(
      (folder) =>
        execFileSync('sox', [
          ...['-R', '-D', '-r', '24000', '-n', '-b', '16', '-c', '1', join(folder, 'a.wav')],
          ...['synth', String(levelSeconds), 'whitenoise', 'vol', String(level)],
        ]),
      // Each frame stands for itself, so that they can follow one another in any order.
      ...['-b', '40', '-m', 'm', '--nores', '-t'],
    );
  const levels = [0.02, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9].map(noise);
  const pieces: Buffer[] = [];
  while (pieces.length * levelSeconds < seconds) {
    const level = levels[Math.floor(random() * levels.length)];
    for (let times = Math.ceil(random() * 6); times > 0 && level !== undefined; times -= 1)
      pieces.push(level);
  }
  return Buffer.concat(pieces.slice(0, Math.ceil(seconds / levelSeconds)));
}

/** Speech as it is on the phone: three times the same words, each followed by four seconds with a little noise. */
export function speechWithPauses(): { readonly mp3: Buffer; readonly wordsSeconds: number } {
  const pauseSeconds = 4;
  let wordsSeconds = 0;
  const mp3 = encode(
    (folder) => {
      const at = (name: string) => join(folder, name);
      const clip = join(import.meta.dirname, '../../tools/simulator/media/speech-a.mp3');
      execFileSync('lame', ['--quiet', '--decode', clip, at('clip.wav')]);
      // Up to the first sound and behind the last one, it would be silence too.
      const trim = ['silence', '1', '0', '1%', 'reverse'];
      execFileSync('sox', [at('clip.wav'), at('words.wav'), 'vol', '0.8', ...trim, ...trim]);
      wordsSeconds = Number(execFileSync('sox', ['--i', '-D', at('words.wav')], { encoding: 'utf8' }));
      const noise = ['synth', String(pauseSeconds), 'whitenoise', 'vol', '0.003'];
      execFileSync('sox', ['-n', '-r', '24000', '-b', '16', '-c', '1', at('pause.wav'), ...noise]);
      execFileSync('sox', [
        ...['words', 'pause', 'words', 'pause', 'words', 'pause', 'a'].map((name) => at(`${name}.wav`)),
      ]);
    },
    ...['-b', '40', '-m', 'm'],
  );
  return { mp3, wordsSeconds };
}

/**
 * The loudest moment of each of `bars` equal stretches of a channel, 0 to 1.
 * @param seconds what all bars stand for
 * @param shift where the first begins, s
 */
export function barsOf(
  { stepsPerSecond: perSecond, channels }: Loudness,
  side: number,
  { seconds, bars, shift }: { readonly seconds: number; readonly bars: number; readonly shift: number },
): readonly number[] {
  const steps = channels[side] ?? [];
  const at = (bar: number) => Math.max(0, Math.floor(((bar * seconds) / bars + shift) * perSecond));
  return Array.from({ length: bars }, (_, bar) =>
    steps.slice(at(bar), at(bar + 1)).reduce((loudest, step) => Math.max(loudest, step), 0),
  );
}
