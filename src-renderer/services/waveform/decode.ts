import type { Mp3Frame } from './mp3-frames';
import { createMp3Splitter } from './mp3-frames';
import type { PeakGatherer, Peaks } from './peaks';
import { createPeakGatherer } from './peaks';

/** How many frames wait in the decoder at most: enough to keep it busy, and no more memory than that. */
const maxWaiting = 32;

/** A stream in which so many bytes hold no frame is no MP3. */
const maxSkippedBytes = 1_000_000;

/** A decoder that refuses so many frames one after the other will not take the rest. */
const maxRefusals = 64;

/** Reads further bytes, in order; null at the end, and where the download broke off. */
export type ReadBytes = () => Promise<Uint8Array | null>;

/** What becomes of a recording that is decoded for its peaks. */
export interface PeakDecoding {
  /** Resolves when everything that came was decoded: whether there is anything to draw. */
  readonly finished: Promise<boolean>;
  /** What is known now; null before the first sound. */
  peaks(): Peaks | null;
}

const microsecondsPerSecond = 1_000_000;

/** Decodes frames, one decoder after the other where one gives up; tells the samples' places by their time stamps. */
function createFrameDecoder(take: (at: number, sound: AudioData) => void) {
  let decoder: AudioDecoder | null = null;
  let config = '';
  let samplesBefore = 0;
  let refusals = 0;
  let wake: (() => void) | null = null;
  const woken = () => {
    wake?.();
    wake = null;
  };
  const open = (frame: Mp3Frame): AudioDecoder => {
    const wanted = `${frame.sampleRate}/${frame.channels}`;
    if (decoder !== null && decoder.state === 'configured' && config === wanted) return decoder;
    const fresh = new AudioDecoder({
      output: (sound) => {
        refusals = 0;
        take(Math.round((sound.timestamp * sound.sampleRate) / microsecondsPerSecond), sound);
        sound.close();
      },
      // A damaged frame ends a decoder: the next frame gets a new one.
      error: () => {
        refusals += 1;
        if (decoder === fresh) decoder = null;
        woken();
      },
    });
    fresh.ondequeue = woken;
    fresh.configure({ codec: 'mp3', sampleRate: frame.sampleRate, numberOfChannels: frame.channels });
    decoder = fresh;
    config = wanted;
    return fresh;
  };
  return {
    decode: async (frame: Mp3Frame): Promise<void> => {
      while (decoder !== null && decoder.decodeQueueSize >= maxWaiting) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      open(frame).decode(
        new EncodedAudioChunk({
          type: 'key',
          timestamp: Math.round((samplesBefore * microsecondsPerSecond) / frame.sampleRate),
          duration: Math.round((frame.samples * microsecondsPerSecond) / frame.sampleRate),
          data: frame.bytes,
        }),
      );
      samplesBefore += frame.samples;
    },
    flush: async (): Promise<void> => {
      // The error that ends a flush was told already.
      if (decoder?.state === 'configured') await decoder.flush().catch(() => undefined);
    },
    hasGivenUp: () => refusals >= maxRefusals,
    close: () => {
      if (decoder !== null && decoder.state !== 'closed') decoder.close();
      decoder = null;
    },
  };
}

/**
 * Decodes a recording while it arrives, for its peaks alone: neither the bytes nor the sound are kept.
 * @param read gives the MP3, as it comes
 */
export function decodePeaks(read: ReadBytes): PeakDecoding {
  let gatherer: PeakGatherer | null = null;
  let rate = 0;
  let sides = 0;
  let room: Float32Array<ArrayBuffer>[] = [];
  const take = (at: number, sound: AudioData) => {
    if (gatherer === null) {
      rate = sound.sampleRate;
      sides = Math.min(2, sound.numberOfChannels);
      gatherer = createPeakGatherer(rate, sides);
    }
    // A recording that changes its kind in the middle is drawn as far as it stays the same.
    if (sound.sampleRate !== rate || sound.numberOfChannels < sides) return;
    if ((room[0]?.length ?? 0) < sound.numberOfFrames) {
      room = Array.from({ length: sides }, () => new Float32Array(sound.numberOfFrames));
    }
    room.forEach((samples, planeIndex) => {
      sound.copyTo(samples, { planeIndex, format: 'f32-planar' });
    });
    gatherer.add(
      Math.max(0, at),
      room.map((samples) => samples.subarray(0, sound.numberOfFrames)),
    );
  };

  const run = async (): Promise<boolean> => {
    const splitter = createMp3Splitter();
    const frames = createFrameDecoder(take);
    try {
      for (;;) {
        const bytes = await read();
        for (const frame of bytes === null ? splitter.end() : splitter.push(bytes))
          await frames.decode(frame);
        if (bytes === null) break;
        if (splitter.skipped() > maxSkippedBytes || frames.hasGivenUp()) return false;
      }
      await frames.flush();
      return gatherer !== null;
    } finally {
      frames.close();
    }
  };
  return { finished: run(), peaks: () => gatherer?.read() ?? null };
}
