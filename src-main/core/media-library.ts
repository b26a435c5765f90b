import type { CodedError, Result } from '../shared/errors';
import { fail, succeed } from '../shared/errors';
import type { MediaProgress } from '../shared/media';
import type { Mp3Mender } from './mp3-mender';
import { createMp3Mender } from './mp3-mender';
import type { Disposable, RecorderApi } from './ports';
import { TransferError } from './transfer-error';

/** Audio that is in memory, or still on its way there. */
export interface Media {
  readonly contentType: string;
  /** Null while the server has not told it and the download still runs. */
  readonly sizeBytes: number | null;
  /**
   * Bytes `first` to `last` (both included; null: to the end), each as soon as it has arrived.
   * Throws a `TransferError` where the download failed before them.
   */
  read(first: number, last: number | null): AsyncGenerator<Uint8Array, void, undefined>;
  /** The same to be heard and looked at, not to be kept: where an MP3 is damaged there is silence of the same size. */
  hear(first: number, last: number | null): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Recordings' audio: each downloaded once, because each download is an event in the server's audit trail (§5). */
export interface MediaLibrary extends Disposable {
  setApi(api: RecorderApi | null): void;
  setLimit(bytes: number): void;
  /**
   * Starts the download where the audio is not yet here; answers as soon as the server has.
   * @param ask a download that failed is begun again only for another number than it was begun with; left out: always
   */
  open(id: string, ask?: number): Promise<Result<Media>>;
  progress(id: string): MediaProgress;
  /** Whether audio that was downloaded for another purpose can be taken without anything having to go. */
  hasRoomFor(sizeBytes: number): boolean;
  /** Takes such audio, whole, so that hearing it costs no second download; not where there is no room for it any more. */
  adopt(id: string, contentType: string | null, pieces: readonly Uint8Array[]): void;
  /**
   * Bytes from `first` on as `hear` gives them, of what is downloaded or being downloaded: as many as are there, else
   * the next that arrive; none at the end. Starts no download.
   */
  take(id: string, first: number): Promise<Uint8Array>;
  /** Empties the memory and ends every download. */
  clear(): void;
}

interface Entry {
  readonly id: string;
  readonly ask: number | undefined;
  readonly abort: AbortController;
  readonly chunks: Uint8Array[];
  /** Where each chunk begins. */
  readonly offsets: number[];
  readonly mender: Mp3Mender;
  receivedBytes: number;
  sizeBytes: number | null;
  contentType: string;
  status: 'downloading' | 'complete' | 'failed';
  error: CodedError | null;
  readers: number;
  opened: Promise<Result<Media>>;
  wake: (() => void)[];
}

function wakeAll(entry: Entry): void {
  const wake = entry.wake;
  entry.wake = [];
  for (const resolve of wake) resolve();
}

/** The chunk that holds a byte: the last one that begins at or before it. */
function chunkAt(entry: Entry, position: number): number {
  let low = 0;
  let high = entry.offsets.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((entry.offsets[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The most that one recording may take, bytes: about 28 hours at the 300 KB a minute that the server makes (§5). What
 * is being downloaded is never evicted, so that without it a stream that does not end would take all memory there is.
 */
const largestRecordingBytes = 512_000_000;

/** Of a memory that is to serve many recordings, one that nobody has asked to hear may take so much. */
const adoptedShare = 0.25;

/** The most that is handed out at once, bytes. */
const mostAtOnce = 65_536;

/** How much of it can be heard already, bytes. */
function audibleBytes({ mender, receivedBytes }: Entry): number {
  return Math.min(mender.settled(), receivedBytes);
}

/** What is there to be heard from a byte on, in one piece. */
function gather(entry: Entry, first: number): Uint8Array {
  const piece = new Uint8Array(Math.max(0, Math.min(mostAtOnce, audibleBytes(entry) - first)));
  let filled = 0;
  for (let index = chunkAt(entry, first); filled < piece.length; index += 1) {
    const chunk = entry.chunks[index];
    if (chunk === undefined) break;
    const from = first + filled - (entry.offsets[index] ?? 0);
    const part = chunk.subarray(from, from + piece.length - filled);
    piece.set(part, filled);
    filled += part.length;
  }
  return entry.mender.cover(piece, first);
}

/**
 * Makes the library.
 * @param limitBytes how much audio is kept; what is not being played goes first, the least recently used of it
 * @param largestBytes how much one recording may have; the download of a larger one fails with `recording-too-large`
 */
export function createMediaLibrary(
  limitBytes: number,
  largestBytes: number = largestRecordingBytes,
): MediaLibrary {
  /** In order of use, the most recent last. */
  const entries = new Map<string, Entry>();
  let api: RecorderApi | null = null;
  let limit = limitBytes;

  const totalBytes = (): number => {
    let total = 0;
    for (const entry of entries.values()) total += entry.receivedBytes;
    return total;
  };

  const evict = (): void => {
    let total = totalBytes();
    if (total <= limit) return;
    const newest = [...entries.keys()].at(-1);
    for (const entry of [...entries.values()]) {
      if (total <= limit) return;
      if (entry.id === newest || entry.readers > 0 || entry.status === 'downloading') continue;
      entries.delete(entry.id);
      total -= entry.receivedBytes;
    }
  };

  /** @param here how many bytes can be given now */
  async function* readFrom(entry: Entry, first: number, last: number | null, here: () => number) {
    entry.readers += 1;
    try {
      let position = first;
      while (last === null || position <= last) {
        const bound = last === null ? here() : Math.min(here(), last + 1);
        if (position < bound) {
          const index = chunkAt(entry, position);
          const chunk = entry.chunks[index];
          const begins = entry.offsets[index];
          if (chunk === undefined || begins === undefined) return;
          const piece = chunk.subarray(position - begins, bound - begins);
          yield { position, piece };
          position += piece.length;
        } else if (entry.status === 'complete') {
          return;
        } else if (entry.status === 'failed') {
          throw new TransferError(entry.error ?? { code: 'internal', operation: 'download', detail: {} });
        } else {
          await new Promise<void>((resolve) => entry.wake.push(resolve));
        }
      }
    } finally {
      entry.readers -= 1;
      evict();
    }
  }

  const mediaOf = (entry: Entry): Media => ({
    get contentType() {
      return entry.contentType;
    },
    get sizeBytes() {
      return entry.sizeBytes;
    },
    read: async function* (first, last) {
      for await (const { piece } of readFrom(entry, first, last, () => entry.receivedBytes)) yield piece;
    },
    hear: async function* (first, last) {
      const here = () => audibleBytes(entry);
      for await (const { position, piece } of readFrom(entry, first, last, here)) {
        yield entry.mender.cover(piece, position);
      }
    },
  });

  const end = (entry: Entry, error: CodedError | null): void => {
    // What was cleared stays cleared, however its download ends.
    if (entry.status !== 'downloading') return;
    entry.status = error === null ? 'complete' : 'failed';
    entry.error = error;
    entry.mender.end();
    if (error === null) entry.sizeBytes = entry.receivedBytes;
    wakeAll(entry);
    evict();
  };

  const take = (entry: Entry, chunk: Uint8Array): void => {
    entry.offsets.push(entry.receivedBytes);
    entry.chunks.push(chunk);
    entry.receivedBytes += chunk.length;
    entry.mender.push(chunk);
  };

  /** Nothing of what cannot be heard to its end is kept. */
  const empty = (entry: Entry): void => {
    entry.chunks.length = 0;
    entry.offsets.length = 0;
    entry.receivedBytes = 0;
    entry.mender.end();
  };

  const refuseLarge = (entry: Entry): Result<never> => {
    const error: CodedError = { code: 'recording-too-large', operation: 'download', detail: {} };
    empty(entry);
    end(entry, error);
    entry.abort.abort();
    return { ok: false, error };
  };

  const download = async (entry: Entry, from: RecorderApi): Promise<Result<Media>> => {
    const answer = await from.downloadRecording(entry.id, { signal: entry.abort.signal });
    if (!answer.ok) {
      end(entry, answer.error);
      return answer;
    }
    if ((answer.value.sizeBytes ?? 0) > largestBytes) return refuseLarge(entry);
    entry.sizeBytes = answer.value.sizeBytes;
    entry.contentType = answer.value.contentType ?? 'audio/mpeg';
    const receive = async (): Promise<void> => {
      try {
        for await (const chunk of answer.value.chunks) {
          // Leaving the loop ends the request, even where the answer came together with the sign-out.
          if (entry.status !== 'downloading') return;
          if (chunk.length === 0) continue;
          if (entry.receivedBytes + chunk.length > largestBytes) {
            refuseLarge(entry);
            return;
          }
          take(entry, chunk);
          wakeAll(entry);
          // What has to make room does so now: at its end a long recording would have come on top of everything.
          evict();
        }
        end(entry, null);
      } catch (thrown) {
        end(
          entry,
          thrown instanceof TransferError
            ? thrown.coded
            : { code: 'internal', operation: 'download', detail: {} },
        );
      }
    };
    void receive();
    return succeed(mediaOf(entry));
  };

  const clear = (): void => {
    for (const entry of entries.values()) {
      entry.status = 'failed';
      entry.error = { code: 'cancelled', operation: 'download', detail: {} };
      // Whoever still reads holds the entry: nothing of the call may stay in it.
      empty(entry);
      entry.abort.abort();
      wakeAll(entry);
    }
    entries.clear();
  };

  const create = (id: string, ask: number | undefined): Entry => ({
    id,
    ask,
    abort: new AbortController(),
    chunks: [],
    offsets: [],
    mender: createMp3Mender(),
    receivedBytes: 0,
    sizeBytes: null,
    contentType: 'audio/mpeg',
    status: 'downloading',
    error: null,
    readers: 0,
    opened: Promise.resolve(fail('cancelled', 'download')),
    wake: [],
  });

  const hasRoomFor = (sizeBytes: number): boolean =>
    sizeBytes <= limit * adoptedShare && totalBytes() + sizeBytes <= limit;

  return {
    setApi: (next) => {
      if (next !== api) clear();
      api = next;
    },
    setLimit: (bytes) => {
      limit = bytes;
      evict();
    },
    open: (requested, ask) => {
      const id = requested.toLowerCase();
      const known = entries.get(id);
      if (known !== undefined && (known.status !== 'failed' || (ask !== undefined && ask === known.ask))) {
        entries.delete(id);
        entries.set(id, known);
        return known.opened;
      }
      if (api === null) return Promise.resolve(fail('signed-out', 'download'));
      const entry = create(id, ask);
      entries.delete(id);
      entries.set(id, entry);
      entry.opened = download(entry, api);
      return entry.opened;
    },
    progress: (requested) => {
      const entry = entries.get(requested.toLowerCase());
      if (entry === undefined) return { status: 'absent', receivedBytes: 0, sizeBytes: null, error: null };
      const { status, receivedBytes, sizeBytes, error } = entry;
      return { status, receivedBytes, sizeBytes, error };
    },
    hasRoomFor,
    adopt: (requested, contentType, pieces) => {
      const id = requested.toLowerCase();
      const size = pieces.reduce((sum, { length }) => sum + length, 0);
      const known = entries.get(id);
      if (api === null || size === 0 || !hasRoomFor(size)) return;
      if (known !== undefined && known.status !== 'failed') return;
      const entry = create(id, undefined);
      entry.contentType = contentType ?? entry.contentType;
      for (const piece of pieces) if (piece.length > 0) take(entry, piece);
      entry.opened = Promise.resolve(succeed(mediaOf(entry)));
      end(entry, null);
      // Whoever has heard something may hear it again: that stays longer than this.
      const others = [...entries].filter(([other]) => other !== id);
      entries.clear();
      entries.set(id, entry);
      for (const [other, present] of others) entries.set(other, present);
    },
    take: async (requested, first) => {
      const entry = entries.get(requested.toLowerCase());
      if (entry === undefined) return new Uint8Array(0);
      while (entry.status === 'downloading' && audibleBytes(entry) <= first) {
        await new Promise<void>((resolve) => entry.wake.push(resolve));
      }
      return gather(entry, first);
    },
    clear,
    dispose: clear,
  };
}
