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
  /** Null before the first frame. */
  read(): Pace | null;
}

/** Makes a counter for one recording. */
export function createPaceCounter(): PaceCounter {
  let kind: Mp3Header | null = null;
  let pace: Pace | null = null;
  return {
    count: (header, frames, first, end) => {
      const grain = header.samples / header.sampleRate;
      kind ??= header;
      pace ??= { seconds: 0, drift: 0, grain, changesAt: null, first, end };
      const seconds = pace.seconds + frames * grain;
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
    read: () => pace,
  };
}
