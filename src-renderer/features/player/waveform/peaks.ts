/** The most points that are kept of a channel, however long it is. */
export const mostPoints = 4_096;

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
  const stores = Array.from({ length: channelCount }, () => new Float32Array(mostPoints));
  let samplesPerPoint = firstSamplesPerPoint;
  let used = 0;

  const halve = () => {
    for (const store of stores) {
      for (let point = 0; point < mostPoints; point += 2) {
        store[point / 2] = Math.max(store[point] ?? 0, store[point + 1] ?? 0);
      }
      store.fill(0, mostPoints / 2);
    }
    samplesPerPoint *= 2;
    used = Math.ceil(used / 2);
  };

  return {
    add: (at, channels) => {
      const length = channels[0]?.length ?? 0;
      if (length === 0) return;
      while (Math.floor((at + length - 1) / samplesPerPoint) >= mostPoints) halve();
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
      used = Math.max(used, Math.floor((at + length - 1) / samplesPerPoint) + 1);
    },
    read: () => ({ sampleRate, samplesPerPoint, channels: stores.map((store) => store.slice(0, used)) }),
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

/** Quieter than this on every side is silence: -40 dB. */
const silentBelow = 0.01;

/**
 * Where the silence ends that a position lies in.
 * @param seconds the position
 * @returns s; null where it is not silent there, or not known to be silent up to a sound
 */
export function endOfSilence(peaks: Peaks, seconds: number): number | null {
  const perPoint = peaks.samplesPerPoint / peaks.sampleRate;
  const count = peaks.channels[0]?.length ?? 0;
  const isSilent = (point: number) => peaks.channels.every((points) => (points[point] ?? 1) < silentBelow);
  const first = Math.floor(seconds / perPoint);
  let point = first;
  while (point < count && isSilent(point)) point += 1;
  return point === first || point >= count ? null : point * perPoint;
}
