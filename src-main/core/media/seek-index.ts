import type { CountedSound } from '@shared/domain/media';
import type { AudioDownload } from './audio-download';
import { createMp3TableMaker } from './mp3-seek-table';
import type { Pace } from './mp3-pace';
import { indexAsMp4 } from './mp4-index';
import type { Clock } from '../ports/clock';

/* Finds each second of an MP3: by its bytes alone where they go steadily with the time, else by an index before them. */

/** Further from its bytes' time than this, a second is not the one that was asked for, s. */
const maxDriftS = 0.05;

/** How much of a recording is looked through before everything else has its turn, bytes. */
const lookedThroughAtOnce = 1_048_576;

/** Whether only an index finds each second of a whole recording: by its bytes alone one is found but for one frame. */
export function needsSeekIndex(pace: Pace | null): boolean {
  return pace !== null && pace.drift + pace.grain > maxDriftS;
}

/**
 * What is told of a recording's time; null where it has no frame.
 * @param isWhole whether all of it is there: while it arrives, a long frame is no reason to wait for the rest
 * @param isIndexed whether it is heard with a seek index
 */
export function countedSound(pace: Pace | null, isWhole: boolean, isIndexed: boolean): CountedSound | null {
  if (pace === null) return null;
  const { seconds, drift, grain, changesAt } = pace;
  const off = isWhole ? drift + grain : drift;
  return { seconds, changesAt, steady: isIndexed || off <= maxDriftS };
}

/**
 * Makes the index of a recording that is whole; null where it has no frame, or was dropped meanwhile. A press of
 * *Record* must not wait until hours of sound are looked through, so that others have their turn in between.
 */
export async function makeSeekIndex(
  download: Pick<AudioDownload, 'buffer' | 'status'>,
  clock: Clock,
): Promise<Uint8Array | null> {
  const { buffer } = download;
  const pace = buffer.pace();
  if (pace === null) return null;
  const { first, end } = pace;
  const table = createMp3TableMaker(first);
  let pauseAt = first + lookedThroughAtOnce;
  for (let at = first; at < end;) {
    if (at >= pauseAt) {
      pauseAt = at + lookedThroughAtOnce;
      await new Promise<void>((resolve) => clock.schedule(0, resolve));
      if (download.status !== 'complete') return null;
    }
    const piece = buffer.gather(at).subarray(0, end - at);
    if (piece.length === 0) break;
    table.push(piece);
    at += piece.length;
  }
  const made = table.read();
  return made === null ? null : indexAsMp4(made, buffer.receivedBytes);
}
