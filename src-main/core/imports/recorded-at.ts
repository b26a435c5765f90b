import type { BroadcastOrigin } from './audio-verdict';
import type { Instants, WallTime } from './wall-time';
import { instantsOf, isWallTime } from './wall-time';

/** What is known of a file besides its sound. */
export interface FileFacts {
  /** Without folders. */
  readonly fileName: string;
  /** When it was last written, ms since 1970. */
  readonly modifiedMs: number;
  /** How long it plays, ms. */
  readonly durationMs: number;
  readonly origin: BroadcastOrigin | null;
}

/** When a recording seems to have begun, and what says so. */
export interface StartGuess {
  readonly source: 'broadcast-origin' | 'file-name' | 'modification-time';
  readonly start: Instants;
}

/** What a file's name tells. */
export interface NameFacts {
  readonly wall: WallTime | null;
  /** As it is written, with its `+` if it has one. */
  readonly remoteNumber: string | null;
}

/** `2024-05-17 14.02.33`, `20240517-140233`, `2024_05_17_14_02`, `20240517140233`. */
const dated =
  /(?<!\d)((?:19|20)\d{2})([-_. ]?)(\d{2})\2(\d{2})(?:[-_. T]{1,3}| at |_at_)?(\d{2})([-_.:h]?)(\d{2})(?:\6(\d{2}))?(?!\d|-\d\d-)/i;

/** Only a number that says so is believed to be one: a counter of the recorder looks the same. */
const international = /(?<![\p{L}\d+])(\+\d{5,15}|00[1-9]\d{4,12})(?![\p{L}\d])/u;
const called = /(?<!\p{L})call(?:s|ed|er)?[-_. ]{1,3}(\d{3,15})(?![\p{L}\d])/iu;

function wallTimeOf(found: RegExpExecArray | null): WallTime | null {
  if (found === null) return null;
  const number = (group: number) => Number(found[group] ?? 0);
  const wall = {
    year: number(1),
    month: number(3),
    day: number(4),
    hour: number(5),
    minute: number(7),
    second: number(8),
  };
  return isWallTime(wall) ? wall : null;
}

/** Reads what common recorders write into a file's name. @param fileName without folders */
export function readFileName(fileName: string): NameFacts {
  const found = dated.exec(fileName);
  const wall = wallTimeOf(found);
  // The digits of the date are no number that somebody called.
  const rest = found === null || wall === null ? fileName : fileName.replace(found[0], ' ');
  return { wall, remoteNumber: (international.exec(rest) ?? called.exec(rest))?.[1] ?? null };
}

function wallTimeOfOrigin({ date, time }: BroadcastOrigin): WallTime {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return { year, month, day, hour, minute, second };
}

/**
 * Guesses when a recording began: from what the recorder wrote into the file, else from its name, else from when it was
 * last written, less its length.
 * @param timeZone of the recorder's clock, such as `Europe/Rome`
 * @throws RangeError for a zone that is none
 */
export function guessStart(
  { fileName, modifiedMs, durationMs, origin }: FileFacts,
  timeZone: string,
): StartGuess {
  if (origin !== null) {
    return { source: 'broadcast-origin', start: instantsOf(wallTimeOfOrigin(origin), timeZone) };
  }
  const { wall } = readFileName(fileName);
  if (wall !== null) return { source: 'file-name', start: instantsOf(wall, timeZone) };
  return { source: 'modification-time', start: { kind: 'one', atMs: modifiedMs - durationMs } };
}
