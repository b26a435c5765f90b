import { areOfOneKind, type Mp3Header } from '@shared/domain/mp3-header';

/** How the time of an MP3 goes with its bytes. */
export interface Pace {
  /** As far as it has been counted, s. */
  readonly seconds: number;
  /** The furthest that a second lies from where its share of the bytes says, s. */
  readonly drift: number;
  /** How exactly a second is found by the bytes alone: a frame, s. */
  readonly grain: number;
  /** Where sample rate or channels change first, s; null where they do not. */
  readonly changesAt: number | null;
  /** Where the first frame begins, and where the last one ends, bytes. */
  readonly first: number;
  readonly end: number;
}

/** Counts frames while they come. */
export interface PaceCounter {
  /**
   * @param header of each of them
   * @param frames how many
   * @param first where they begin, bytes
   * @param end where they end
   */
  count(header: Mp3Header, frames: number, first: number, end: number): void;
  /**
   * Null before the first frame.
   *
   * @param last of a frame that is not counted, right behind the others
   */
  read(last?: Mp3Header | null): Pace | null;
}

/** Makes a counter for one recording. */
export function createPaceCounter(): PaceCounter {
  let kind: Mp3Header | null = null;
  let pace: Pace | null = null;
  // Whole numbers by sample rate: a sum of seconds would depend on how the bytes arrived.
  const samplesAt = new Map<number, number>();
  const secondsWith = (last: Mp3Header | null) => {
    const all = new Map(samplesAt);
    if (last !== null) all.set(last.sampleRate, (all.get(last.sampleRate) ?? 0) + last.samples);
    let seconds = 0;
    for (const [sampleRate, samples] of all) seconds += samples / sampleRate;
    return seconds;
  };
  return {
    count: (header, frames, first, end) => {
      const { samples, sampleRate } = header;
      const grain = samples / sampleRate;
      kind ??= header;
      pace ??= { seconds: 0, drift: 0, grain, changesAt: null, first, end };
      samplesAt.set(sampleRate, (samplesAt.get(sampleRate) ?? 0) + frames * samples);
      const seconds = secondsWith(null);
      const told = ((end - pace.first) * 8) / kind.bitRate;
      pace = {
        ...pace,
        seconds,
        drift: Math.max(pace.drift, Math.abs(told - seconds)),
        grain: Math.max(pace.grain, grain),
        changesAt: pace.changesAt ?? (areOfOneKind(kind, header) ? null : pace.seconds),
        end,
      };
    },
    read: (last = null) =>
      pace === null || last === null
        ? pace
        : { ...pace, seconds: secondsWith(last), end: pace.end + last.size },
  };
}
