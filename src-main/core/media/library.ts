import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { MediaProgress } from '@shared/domain/media';
import { createAudioCache } from './audio-cache';
import type { AudioDownload } from './audio-download';
import { createAudioDownload } from './audio-download';
import { createDownloadQueue } from './download-queue';
import type { Media } from './media';
import { createMedia } from './media';
import type { Clock, Disposable } from '../ports/clock';
import type { RecorderApi } from '../ports/api';
import { countedSound, makeSeekIndex, needsSeekIndex } from './seek-index';

/* Joins downloads, their queue and their cache: audio is asked of the server once, and opened from memory. */

/** Recordings' audio: each downloaded once, because each download is an event in the server's audit trail (§5). */
export interface MediaLibrary extends Disposable {
  setApi(api: RecorderApi | null): void;
  setLimit(bytes: number): void;
  /**
   * Starts the download where the audio is not yet here; answers as soon as the server has. What was cut goes on where
   * it was cut, and until then is heard as far as it had come. No more than two downloads run at the same time: for a
   * third one, a download without readers is given up and forgotten; where both are read it waits, and
   * is `cancelled` where another one is opened meanwhile. A server that has not begun to answer within 2 s is not waited
   * for any longer once another one is opened: it would hold up that one, and every list.
   * @param ask a download that failed is begun again only for another number than it was begun with; left out: always
   */
  open(id: string, ask?: number): Promise<Result<Media>>;
  progress(id: string): MediaProgress;
  /** Calls the listener with the id, in lower case, of a recording whose progress may have changed. */
  onProgress(listener: (id: string) => void): Disposable;
  /** Whether audio that was downloaded for another purpose can be taken without anything having to go. */
  hasRoomFor(sizeBytes: number): boolean;
  /** Takes such audio, whole, so that hearing it costs no second download; not where there is no room for it any more. */
  addCompleted(id: string, contentType: string | null, pieces: readonly Uint8Array[]): void;
  /**
   * Bytes from `first` on, repaired as in `readRepaired`, of a complete or running download: as many as are there, else
   * the next that arrive; none at the end. Starts no download.
   */
  readChunk(id: string, first: number): Promise<Uint8Array>;
  /** Empties the memory and ends every download. */
  clear(): void;
}

/** One recording, and what was answered to who asked for it. */
interface Entry {
  readonly download: AudioDownload;
  readonly media: Media;
  /** What the download was begun for. */
  ask: number | undefined;
  opened: Promise<Result<Media>>;
  /** Its seek index; null before it was asked for of the whole. */
  wholeIndex: Promise<Uint8Array | null> | null;
  /** The index that the latest request has received, and which request that was. */
  given: Uint8Array | null;
  givenTo: number | undefined;
}

/**
 * The most that one recording may take, bytes: about 28 hours at the 300 KB a minute that the server makes (§5). What
 * is being downloaded is never evicted, so that without it a stream that does not end would take all memory there is.
 */
const maxRecordingBytes = 512_000_000;

/**
 * Makes the library.
 * @param clock tells how long a server has not answered
 * @param limitBytes how much audio is kept; what is not being played goes first, the least recently used of it
 * @param largestBytes how much one recording may have; the download of a larger one fails with `recording-too-large`
 */
export function createMediaLibrary(
  clock: Clock,
  limitBytes: number,
  largestBytes: number = maxRecordingBytes,
): MediaLibrary {
  const cache = createAudioCache<Entry>(limitBytes);
  const listeners = new Set<(id: string) => void>();
  let api: RecorderApi | null = null;

  const drop = (download: AudioDownload): void => {
    cache.remove(download);
    download.drop();
  };

  const queue = createDownloadQueue(clock, () => cache.all().map(({ download }) => download), drop);

  const evict = (): void => {
    const surplus = cache.surplus(queue.isWaiting);
    for (const { download } of surplus) {
      if (download.status === 'downloading') drop(download);
      else cache.remove(download);
    }
    if (surplus.length > 0) queue.startWaiting();
  };

  /** A download has ended or lost a reader, so that others may take its place. */
  const released = (): void => {
    evict();
    queue.startWaiting();
  };

  const changed = (id: string): void => {
    for (const listener of listeners) listener(id);
  };

  const create = (id: string, ask: number | undefined): Entry => {
    // What has to make room does so now: at its end a long recording would have come on top of everything.
    const download = createAudioDownload({
      id,
      clock,
      largestBytes,
      arrived: evict,
      ended: released,
      changed: () => {
        changed(id);
      },
    });
    const entry: Entry = {
      download,
      media: createMedia(download, () => entry.given, released),
      ask,
      opened: Promise.resolve(fail('cancelled', 'download')),
      wholeIndex: null,
      given: null,
      givenTo: ask,
    };
    return entry;
  };

  /** Downloads as soon as there is room. @param superseded called where another one is opened before that */
  const begin = (
    { download, media }: Entry,
    from: RecorderApi,
    superseded: () => void,
  ): Promise<Result<Media>> =>
    queue.begin(
      download,
      async () => {
        const answer = await download.start(from);
        return answer.ok ? succeed(media) : answer;
      },
      superseded,
    );

  /** What came before it was cut is heard at once, and also where nothing more comes this time. */
  const goOn = (entry: Entry, from: RecorderApi, ask: number | undefined): void => {
    const { download, media } = entry;
    const { error } = download;
    entry.ask = ask;
    entry.given = null;
    entry.givenTo = ask;
    entry.opened = Promise.resolve(succeed(media));
    download.reopen();
    void begin(entry, from, () => {
      if (error !== null) download.stop(error);
    });
  };

  /** Makes the seek index before the recording is opened, where it needs one. */
  const give = (entry: Entry): void => {
    const { download, media } = entry;
    entry.given = null;
    if (download.status !== 'complete' || !needsSeekIndex(download.buffer.pace())) return;
    const index = (entry.wholeIndex ??= makeSeekIndex(download, clock));
    entry.opened = index.then((made) => {
      if (download.status === 'complete') entry.given = made;
      return succeed(media);
    });
  };

  const clear = (): void => {
    queue.clear();
    for (const entry of cache.all()) {
      entry.given = null;
      entry.wholeIndex = null;
      drop(entry.download);
    }
  };

  return {
    setApi: (next) => {
      if (next !== api) clear();
      api = next;
    },
    setLimit: (bytes) => {
      cache.setLimit(bytes);
      evict();
    },
    open: (requested, ask) => {
      const id = requested.toLowerCase();
      const known = cache.get(id);
      const hasFailed = known?.download.status === 'failed';
      if (known !== undefined && (!hasFailed || (ask !== undefined && ask === known.ask))) {
        cache.use(known);
        // The one wish that is asked for twice, by the window and by its element, is given the same.
        if (ask !== known.givenTo) give(known);
        known.givenTo = ask;
        return known.opened;
      }
      if (api === null) return Promise.resolve(fail('signed-out', 'download'));
      if (known !== undefined && known.download.buffer.receivedBytes > 0) {
        cache.use(known);
        goOn(known, api, ask);
        return known.opened;
      }
      const entry = create(id, ask);
      cache.use(entry);
      entry.opened = begin(entry, api, () => {
        drop(entry.download);
      });
      return entry.opened;
    },
    progress: (requested) => {
      const entry = cache.get(requested.toLowerCase());
      if (entry === undefined) {
        return { status: 'absent', receivedBytes: 0, sizeBytes: null, error: null, sound: null };
      }
      const { status, sizeBytes, error, buffer } = entry.download;
      const sound = countedSound(buffer.pace(), status === 'complete', entry.given !== null);
      return { status, receivedBytes: buffer.receivedBytes, sizeBytes, error, sound };
    },
    onProgress: (listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    hasRoomFor: (sizeBytes) => cache.hasRoomFor(sizeBytes),
    addCompleted: (requested, contentType, pieces) => {
      const id = requested.toLowerCase();
      const size = pieces.reduce((sum, { length }) => sum + length, 0);
      const known = cache.get(id);
      if (api === null || size === 0 || !cache.hasRoomFor(size)) return;
      if (known !== undefined && known.download.status !== 'failed') return;
      const entry = create(id, undefined);
      entry.opened = Promise.resolve(succeed(entry.media));
      entry.download.fill(contentType, pieces);
      // Played recordings may be played again: evict this one before them.
      cache.addUnused(entry);
      changed(id);
    },
    readChunk: async (requested, first) => {
      const download = cache.get(requested.toLowerCase())?.download;
      if (download === undefined) return new Uint8Array(0);
      const { buffer } = download;
      while (download.status === 'downloading' && buffer.audibleBytes() <= first) await download.nextChange();
      return buffer.gather(first);
    },
    clear,
    dispose: clear,
  };
}
