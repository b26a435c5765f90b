import { makeZip } from 'client-zip';

import { fileMoment } from '../../core/saving/file-name';
import type { ArchiveMaker } from '../../core/ports/saving';

/** The years that a ZIP can tell. */
const earliest = Date.UTC(1980, 0, 2);
const latest = Date.UTC(2107, 11, 30);

/**
 * A date whose local fields are those of the time zone that the computer is in now. Where the zone changes while RecLight
 * runs, `Date` of the main process stays in the former one, and a ZIP tells local time.
 */
function localDate(epochMs: number): Date {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fileMoment(epochMs)
    .split(/\D/)
    .map(Number);
  return new Date(year, month - 1, day, hour, minute, second);
}

/**
 * A ZIP as a stream, stored rather than compressed (MP3 would not get smaller), with UTF-8 names, and ZIP64 where it is
 * needed. Entries are asked for one by one, as fast as the archive is read. Who leaves the archive early closes the
 * entries himself.
 */
export const makeArchive: ArchiveMaker = (entries) => {
  async function* inputs() {
    for await (const { name, modifiedAt, sizeBytes, chunks } of entries) {
      const lastModified = localDate(Math.min(latest, Math.max(earliest, modifiedAt)));
      yield { name, lastModified, size: sizeBytes, input: chunks };
    }
  }
  return Promise.resolve(makeZip(inputs()) as AsyncIterable<Uint8Array>);
};
