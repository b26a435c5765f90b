/** The most points that are kept of a channel, however long it is. */
export const maxPoints = 4_096;

/** Quieter than this on every side is silence: -40 dB. */
const silentBelow = 0.01;

/** Samples of a point as long as the recording is short. */
const firstSamplesPerPoint = 256;

/** How loud a recording is, from its beginning as far as it has been decoded. */
export interface Peaks {
  /** Hz */
  readonly sampleRate: number;
  /** How many samples (per channel) each point stands for. */
  readonly samplesPerPoint: number;
  /** Per channel, left first: the largest absolute sample of each point, 0 to 1. */
  readonly channels: readonly Float32Array[];
  readonly loudness: LoudnessMap;
}

/** Stretches of the silence map in a second. */
const stretchesPerSecond = 10;

/** The most stretches that are known, a whole day of them: one bit each. */
const maxStretches = 24 * 3_600 * stretchesPerSecond;

/** Where a recording is silent: as fine in a long one as in a short one, which its few points are not. */
export interface LoudnessMap {
  /** How many stretches have been decoded, whole or in part. */
  readonly known: number;
  /** A bit for each, the lowest of the first byte first: whether something is to be heard on any side. */
  readonly loud: Uint8Array;
}

/** Gathers peaks in fixed memory: where the points run out, each two become one. */
export interface PeakGatherer {
  /** @param at the first sample's place in the recording; never before what was added last */
  add(at: number, channels: readonly Float32Array[]): void;
  /** A copy. */
  read(): Peaks;
}

/**
 * Makes a gatherer.
 * @param sampleRate Hz
 * @param channelCount 1 or 2
 */
export function createPeakGatherer(sampleRate: number, channelCount: number): PeakGatherer {
  const stores = Array.from({ length: channelCount }, () => new Float32Array(maxPoints));
  let samplesPerPoint = firstSamplesPerPoint;
  let used = 0;
  let known = 0;
  let loud = new Uint8Array(512);

  const noteLoudness = (at: number, channels: readonly Float32Array[], length: number) => {
    const samples = sampleRate / stretchesPerSecond;
    known = Math.min(maxStretches, Math.ceil((at + length) / samples));
    if (known > loud.length * 8) {
      const longer = new Uint8Array(Math.max(loud.length * 2, Math.ceil(known / 8)));
      longer.set(loud);
      loud = longer;
    }
    const isLoud = (from: number, to: number) =>
      channels.some((channel) => {
        for (let index = from; index < to; index += 1) {
          if (Math.abs(channel[index] ?? 0) >= silentBelow) return true;
        }
        return false;
      });
    for (let stretch = Math.floor(at / samples); stretch < known; stretch += 1) {
      const from = Math.max(0, Math.ceil(stretch * samples) - at);
      const to = Math.min(length, Math.ceil((stretch + 1) * samples) - at);
      if (isLoud(from, to)) loud[stretch >> 3] = (loud[stretch >> 3] ?? 0) | (1 << (stretch & 7));
    }
  };

  const halve = () => {
    for (const store of stores) {
      for (let point = 0; point < maxPoints; point += 2) {
        store[point / 2] = Math.max(store[point] ?? 0, store[point + 1] ?? 0);
      }
      store.fill(0, maxPoints / 2);
    }
    samplesPerPoint *= 2;
    used = Math.ceil(used / 2);
  };

  return {
    add: (at, channels) => {
      const length = channels[0]?.length ?? 0;
      if (length === 0) return;
      while (Math.floor((at + length - 1) / samplesPerPoint) >= maxPoints) halve();
      stores.forEach((store, channel) => {
        const samples = channels[channel];
        if (samples === undefined) return;
        for (let index = 0; index < length;) {
          const point = Math.floor((at + index) / samplesPerPoint);
          const end = Math.min(length, (point + 1) * samplesPerPoint - at);
          let peak = store[point] ?? 0;
          for (; index < end; index += 1) peak = Math.max(peak, Math.abs(samples[index] ?? 0));
          store[point] = Math.min(1, peak);
        }
      });
      noteLoudness(at, channels, length);
      used = Math.max(used, Math.floor((at + length - 1) / samplesPerPoint) + 1);
    },
    read: () => ({
      sampleRate,
      samplesPerPoint,
      channels: stores.map((store) => store.slice(0, used)),
      loudness: { known, loud: loud.slice(0, Math.ceil(known / 8)) },
    }),
  };
}

/** How much of a recording its peaks describe, s. */
export function describedSeconds({ sampleRate, samplesPerPoint, channels }: Peaks): number {
  return ((channels[0]?.length ?? 0) * samplesPerPoint) / sampleRate;
}

/**
 * The peaks of a channel as a number of bars.
 * @param seconds what all bars together stand for
 * @returns 0 to 1 for each bar; -1 where it is not known yet
 */
export function toBars(peaks: Peaks, channel: number, seconds: number, bars: number): Float32Array {
  const points = peaks.channels[channel] ?? new Float32Array(0);
  const perBar = (seconds * peaks.sampleRate) / peaks.samplesPerPoint / bars;
  const result = new Float32Array(bars).fill(-1);
  for (let bar = 0; bar < bars; bar += 1) {
    const from = Math.floor(bar * perBar);
    const to = Math.max(from + 1, Math.floor((bar + 1) * perBar));
    for (let point = from; point < to && point < points.length; point += 1) {
      result[bar] = Math.max(result[bar] ?? -1, points[point] ?? -1);
    }
  }
  return result;
}

/** A stretch of a recording, s. */
export interface Silence {
  readonly from: number;
  readonly to: number;
}

/**
 * The silence that a position lies in, or else the next one that begins soon behind it.
 * @param seconds the position
 * @param within how far ahead to look, s
 * @param least what is shorter is none, s
 * @param whole all of the recording is known: silence lasts to its end where nothing follows
 * @returns null where there is none, or none that is known to end
 */
export function silenceFrom(
  { known, loud }: LoudnessMap,
  seconds: number,
  within: number,
  least: number,
  whole = false,
): Silence | null {
  const isSilent = (stretch: number) =>
    stretch >= 0 && stretch < known && (((loud[stretch >> 3] ?? 0) >> (stretch & 7)) & 1) === 0;
  let stretch = Math.floor(seconds * stretchesPerSecond);
  const latest = Math.floor((seconds + within) * stretchesPerSecond);
  while (isSilent(stretch - 1) && isSilent(stretch)) stretch -= 1;
  while (stretch <= latest) {
    const from = stretch;
    while (isSilent(stretch)) stretch += 1;
    const isLongEnough = stretch - from >= Math.round(least * stretchesPerSecond);
    if (isLongEnough && stretch > from) {
      return stretch < known || whole
        ? { from: from / stretchesPerSecond, to: stretch / stretchesPerSecond }
        : null;
    }
    stretch += 1;
  }
  return null;
}
