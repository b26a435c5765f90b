import type { AudioDownload } from './audio-download';

/* Decides which recordings stay in memory. */

/** Share of the cache that one saved but not played recording may fill. */
const unplayedShare = 0.25;

/** Recordings in memory, by id, in order of use: beyond a limit the least recently used are to go. */
export interface AudioCache<Entry extends { readonly download: AudioDownload }> {
  get(id: string): Entry | undefined;
  /** All of them, the most recently used last. */
  all(): readonly Entry[];
  /** Puts one in, or marks it as the most recently used. */
  use(entry: Entry): void;
  /** Puts one in as the least recently used. */
  addUnused(entry: Entry): void;
  remove(download: AudioDownload): void;
  setLimit(bytes: number): void;
  /** Whether audio that is not to be played now can be put in without anything having to go. */
  hasRoomFor(sizeBytes: number): boolean;
  /**
   * What has to go, the least recently used first; never the most recently used, nor what is read.
   * @param isNeeded tells what else has to stay
   */
  surplus(isNeeded: (download: AudioDownload) => boolean): readonly Entry[];
}

/**
 * Makes an empty cache.
 * @param limitBytes how much audio is kept
 */
export function createAudioCache<Entry extends { readonly download: AudioDownload }>(
  limitBytes: number,
): AudioCache<Entry> {
  /** In order of use, the most recent last. */
  const entries = new Map<string, Entry>();
  let limit = limitBytes;

  const totalBytes = (): number => {
    let total = 0;
    for (const { download } of entries.values()) total += download.buffer.receivedBytes;
    return total;
  };

  return {
    get: (id) => entries.get(id),
    all: () => [...entries.values()],
    use: (entry) => {
      entries.delete(entry.download.id);
      entries.set(entry.download.id, entry);
    },
    addUnused: (entry) => {
      const { id } = entry.download;
      const others = [...entries].filter(([other]) => other !== id);
      entries.clear();
      entries.set(id, entry);
      for (const [other, present] of others) entries.set(other, present);
    },
    remove: ({ id }) => {
      entries.delete(id);
    },
    setLimit: (bytes) => {
      limit = bytes;
    },
    hasRoomFor: (sizeBytes) => sizeBytes <= limit * unplayedShare && totalBytes() + sizeBytes <= limit,
    surplus: (isNeeded) => {
      let total = totalBytes();
      const going: Entry[] = [];
      for (const entry of [...entries.values()].slice(0, -1)) {
        if (total <= limit) break;
        const { download } = entry;
        if (download.readers > 0 || isNeeded(download)) continue;
        total -= download.buffer.receivedBytes;
        going.push(entry);
      }
      return going;
    },
  };
}
