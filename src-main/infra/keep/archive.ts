import { makeZip } from 'client-zip';

import type { ArchiveMaker } from '../../core/keep/ports';

/** The years that a ZIP can tell. */
const earliest = Date.UTC(1980, 0, 2);
const latest = Date.UTC(2107, 11, 30);

/**
 * A ZIP as a stream, stored rather than compressed (MP3 would not get smaller), with UTF-8 names, and ZIP64 where it is
 * needed. Entries are asked for one by one, as fast as the archive is read. Who leaves the archive early closes the
 * entries himself.
 */
export const makeArchive: ArchiveMaker = (entries) => {
  async function* inputs() {
    for await (const { name, modifiedAt, sizeBytes, chunks } of entries) {
      const lastModified = new Date(Math.min(latest, Math.max(earliest, modifiedAt)));
      yield { name, lastModified, size: sizeBytes, input: chunks };
    }
  }
  return Promise.resolve(makeZip(inputs()) as AsyncIterable<Uint8Array>);
};
