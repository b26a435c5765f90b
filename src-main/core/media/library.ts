import type { CodedError, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { CountedSound, MediaProgress } from '@shared/domain/media';
import type { Mp3Repair } from './mp3-repair';
import { createMp3Repair } from './mp3-repair';
import { createMp3TableMaker } from './mp3-seek-table';
import { indexAsMp4 } from './mp4-index';
import type { Clock, Disposable } from '../ports/clock';
import type { Download, RecorderApi } from '../ports/api';
import { TransferError } from './transfer-error';

/** Audio that is in memory, or still on its way there. */
export interface Media {
  readonly contentType: string;
  /** Null while the server has not told it and the download still runs. */
  readonly sizeBytes: number | null;
  /** False where the server ended it by closing the connection: that may have been a cut. */
  readonly endIsCertain: boolean;
  /**
   * Bytes `first` to `last` (both included; null: to the end), each as soon as it has arrived.
   * Throws a `TransferError` where the download failed before them.
   */
  read(first: number, last: number | null): AsyncGenerator<Uint8Array, void, undefined>;
  /** The same to be heard and looked at, not to be kept: where an MP3 is damaged there is silence of the same size. */
  readRepaired(first: number, last: number | null): AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * What makes it an MP4 in which each second is found, put before what is heard. Null where the bytes alone do, and
   * where it was not whole when it was asked for: the form never changes during a read.
   */
  readonly index: Uint8Array | null;
}

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

interface Entry {
  readonly id: string;
  ask: number | undefined;
  abort: AbortController;
  readonly chunks: Uint8Array[];
  /** Where each chunk begins. */
  readonly offsets: number[];
  repair: Mp3Repair;
  receivedBytes: number;
  sizeBytes: number | null;
  contentType: string;
  endIsCertain: boolean;
  status: 'downloading' | 'complete' | 'failed';
  error: CodedError | null;
  /** When the server was asked, a reading of the monotonic clock in ms; null before. */
  askedAt: number | null;
  /** Whether it has begun to answer. */
  answered: boolean;
  readers: number;
  opened: Promise<Result<Media>>;
  /** See {@link Media.index}; null before it was asked for of the whole. */
  wholeIndex: Promise<Uint8Array | null> | null;
  /** What the latest request has received of it, and which request that was. */
  given: Uint8Array | null;
  givenTo: number | undefined;
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
const maxRecordingBytes = 512_000_000;

/** Share of the cache that one saved but not played recording may fill. */
const adoptedShare = 0.25;

/**
 * How many downloads run at the same time, so that saves, lists and the light find a connection to the server. Two, and
 * not one: who goes on to the next recording may come back, and a download that was given up has to be asked for, and
 * stands in the audit trail, once more.
 */
const maxDownloads = 2;

/** How long a server may take to begin its answer while another recording is wanted, ms. */
const unansweredPatienceMs = 2_000;

/** The most that is handed out at once, bytes. */
const maxAtOnce = 65_536;

const cancelled: CodedError = { code: 'cancelled', operation: 'download', detail: {} };

/** How much of it can be heard already, bytes. */
function audibleBytes({ repair, receivedBytes }: Entry): number {
  return Math.min(repair.judgedBytes(), receivedBytes);
}

/** Further from its bytes' time than this, a second is not the one that was asked for, s. */
const maxDriftS = 0.05;

function countedSound({ repair, given, status }: Entry): CountedSound | null {
  const pace = repair.pace();
  if (pace === null) return null;
  const { seconds, drift, grain, changesAt } = pace;
  // While it arrives, a long frame is no reason to wait for the rest.
  const off = status === 'complete' ? drift + grain : drift;
  return { seconds, changesAt, steady: given !== null || off <= maxDriftS };
}

/** How much of a recording is looked through before everything else has its turn, bytes. */
const lookedThroughAtOnce = 1_048_576;

/** Whether only an index finds each second of it: by its bytes alone one is found but for one frame. */
function needsIndex({ repair, status }: Entry): boolean {
  const pace = repair.pace();
  return status === 'complete' && pace !== null && pace.drift + pace.grain > maxDriftS;
}

/**
 * What finds each second of one that is whole; null where it has no frame, or was dropped meanwhile. A press of *Record*
 * must not wait until hours of sound are looked through, so that others have their turn in between.
 */
async function makeIndex(entry: Entry, clock: Clock): Promise<Uint8Array | null> {
  const pace = entry.repair.pace();
  if (pace === null) return null;
  const { first, end } = pace;
  const table = createMp3TableMaker(first);
  let pauseAt = first + lookedThroughAtOnce;
  for (let at = first; at < end;) {
    if (at >= pauseAt) {
      pauseAt = at + lookedThroughAtOnce;
      await new Promise<void>((resolve) => clock.schedule(0, resolve));
      if (entry.status !== 'complete') return null;
    }
    const piece = gather(entry, at).subarray(0, end - at);
    if (piece.length === 0) break;
    table.push(piece);
    at += piece.length;
  }
  const made = table.read();
  return made === null ? null : indexAsMp4(made, entry.receivedBytes);
}

/** Adds what has arrived. */
function append(entry: Entry, chunk: Uint8Array): void {
  entry.offsets.push(entry.receivedBytes);
  entry.chunks.push(chunk);
  entry.receivedBytes += chunk.length;
  entry.repair.push(chunk);
}

/** Keeps the first so many bytes only. */
function shorten(entry: Entry, length: number): void {
  const chunks = entry.chunks.splice(0);
  entry.offsets.length = 0;
  entry.receivedBytes = 0;
  entry.repair = createMp3Repair();
  for (const chunk of chunks) {
    const kept = chunk.subarray(0, length - entry.receivedBytes);
    if (kept.length > 0) append(entry, kept);
  }
}

/**
 * Adds what a server sends that begins again from the beginning: what is there already stays as long as the same comes.
 * @param position where the chunk begins
 */
function overtake(entry: Entry, chunk: Uint8Array, position: number): void {
  const overlap = Math.min(chunk.length, Math.max(0, entry.receivedBytes - position));
  let same = 0;
  for (let index = chunkAt(entry, position); same < overlap; index += 1) {
    const known = entry.chunks[index]?.subarray(position + same - (entry.offsets[index] ?? 0));
    const length = Math.min(known?.length ?? 0, overlap - same);
    let at = 0;
    while (at < length && known?.[at] === chunk[same + at]) at += 1;
    same += at;
    if (at < length || length === 0) break;
  }
  if (same < overlap) shorten(entry, position + same);
  if (same < chunk.length) append(entry, chunk.subarray(same));
}

/** What is there to be heard from a byte on, in one piece. */
function gather(entry: Entry, first: number): Uint8Array {
  const piece = new Uint8Array(Math.max(0, Math.min(maxAtOnce, audibleBytes(entry) - first)));
  let filled = 0;
  for (let index = chunkAt(entry, first); filled < piece.length; index += 1) {
    const chunk = entry.chunks[index];
    if (chunk === undefined) break;
    const from = first + filled - (entry.offsets[index] ?? 0);
    const part = chunk.subarray(from, from + piece.length - filled);
    piece.set(part, filled);
    filled += part.length;
  }
  return entry.repair.conceal(piece, first);
}

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
  /** In order of use, the most recent last. */
  const entries = new Map<string, Entry>();
  let api: RecorderApi | null = null;
  let limit = limitBytes;
  /** What is begun as soon as there is room for another download. */
  let waiting: { readonly entry: Entry; readonly settle: (begins: boolean) => void } | null = null;
  /** Looks again after those that the server has not answered. */
  let impatience: Disposable | null = null;

  const totalBytes = (): number => {
    let total = 0;
    for (const entry of entries.values()) total += entry.receivedBytes;
    return total;
  };

  /** Ends its download and empties it: a reader may still hold the entry, and no audio may stay in it. */
  const drop = (entry: Entry): void => {
    entry.status = 'failed';
    entry.error = cancelled;
    entry.chunks.length = 0;
    entry.offsets.length = 0;
    entry.receivedBytes = 0;
    entry.repair = createMp3Repair();
    entry.given = null;
    entry.wholeIndex = null;
    entry.abort.abort();
    entries.delete(entry.id);
    wakeAll(entry);
  };

  const evict = (): void => {
    let total = totalBytes();
    if (total <= limit) return;
    const newest = [...entries.keys()].at(-1);
    for (const entry of [...entries.values()]) {
      if (total <= limit) break;
      if (entry.id === newest || entry.readers > 0 || entry === waiting?.entry) continue;
      total -= entry.receivedBytes;
      if (entry.status === 'downloading') drop(entry);
      else entries.delete(entry.id);
    }
    beginWaiting();
  };

  /**
   * Whether another download may begin, if need be in place of one without readers: of those the one that has most
   * left to come, so that one which is nearly here need not be asked for again.
   */
  const makeRoom = (): boolean => {
    const running = [...entries.values()].filter(
      ({ askedAt, status }) => askedAt !== null && status === 'downloading',
    );
    if (running.length < maxDownloads) return true;
    const left = ({ sizeBytes, receivedBytes }: Entry) => (sizeBytes ?? Infinity) - receivedBytes;
    const [first, ...others] = running.filter(({ readers }) => readers === 0);
    if (first === undefined) return false;
    drop(others.reduce((most, entry) => (left(entry) > left(most) ? entry : most), first));
    return true;
  };

  /** Gives up what the server has not begun to answer for too long, for the sake of the one that was opened last. */
  const giveUpUnanswered = (wanted: Entry): void => {
    impatience?.dispose();
    impatience = null;
    if (wanted.status !== 'downloading' || wanted.answered) return;
    let nextMs = Infinity;
    for (const entry of [...entries.values()]) {
      const { askedAt, answered, readers, status } = entry;
      if (entry === wanted || askedAt === null || answered || readers > 0 || status !== 'downloading')
        continue;
      const leftMs = askedAt + unansweredPatienceMs - clock.monotonicNow();
      if (leftMs > 0) {
        nextMs = Math.min(nextMs, leftMs);
      } else if (entry.receivedBytes === 0) {
        drop(entry);
      } else {
        // The rest of one that was cut: what came before can be heard again.
        end(entry, cancelled);
        entry.abort.abort();
      }
    }
    if (nextMs < Infinity) {
      impatience = clock.schedule(nextMs, () => {
        giveUpUnanswered(wanted);
      });
    }
  };

  const settleWaiting = (begins: boolean): void => {
    const settled = waiting;
    waiting = null;
    settled?.settle(begins);
  };

  const beginWaiting = (): void => {
    if (waiting !== null && makeRoom()) settleWaiting(true);
  };

  /**
   * @param here how many bytes can be given now
   * @param look what is given of a piece
   * @param reading aborted by the reader when it leaves, also while it waits for bytes
   */
  async function* pieces(
    entry: Entry,
    [first, last]: readonly [number, number | null],
    here: () => number,
    look: (piece: Uint8Array, position: number) => Uint8Array,
    reading: { ended: boolean },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    entry.readers += 1;
    try {
      let position = first;
      while (!reading.ended && (last === null || position <= last)) {
        const bound = last === null ? here() : Math.min(here(), last + 1);
        if (position < bound) {
          const index = chunkAt(entry, position);
          const chunk = entry.chunks[index];
          const begins = entry.offsets[index];
          if (chunk === undefined || begins === undefined) return;
          const piece = chunk.subarray(position - begins, bound - begins);
          yield look(piece, position);
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
      beginWaiting();
    }
  }

  /** A generator only hears that it is left when it goes on by itself: this one is woken. */
  const reader = (
    entry: Entry,
    range: readonly [number, number | null],
    here: () => number,
    look: (piece: Uint8Array, position: number) => Uint8Array,
  ): AsyncGenerator<Uint8Array, void, undefined> => {
    const reading = { ended: false };
    const generator = pieces(entry, range, here, look, reading);
    const leave = generator.return.bind(generator);
    generator.return = (value) => {
      reading.ended = true;
      wakeAll(entry);
      return leave(value);
    };
    return generator;
  };

  const mediaOf = (entry: Entry): Media => ({
    get contentType() {
      return entry.contentType;
    },
    get sizeBytes() {
      return entry.sizeBytes;
    },
    get endIsCertain() {
      return entry.endIsCertain;
    },
    get index() {
      return entry.given;
    },
    read: (first, last) =>
      reader(
        entry,
        [first, last],
        () => entry.receivedBytes,
        (piece) => piece,
      ),
    readRepaired: (first, last) =>
      reader(
        entry,
        [first, last],
        () => audibleBytes(entry),
        (piece, position) => entry.repair.conceal(piece, position),
      ),
  });

  const end = (entry: Entry, error: CodedError | null): void => {
    // What was cleared stays cleared, however its download ends.
    if (entry.status !== 'downloading') return;
    entry.status = error === null ? 'complete' : 'failed';
    entry.error = error;
    entry.repair.end();
    if (error === null) entry.sizeBytes = entry.receivedBytes;
    wakeAll(entry);
    evict();
    beginWaiting();
  };

  /** Asks the server: for the rest, where there is something already, which not every server can give. */
  const request = async (entry: Entry, from: RecorderApi): Promise<Result<Download>> => {
    const { receivedBytes, sizeBytes, abort } = entry;
    if (receivedBytes > 0) {
      const rest = await from.downloadRecording(entry.id, { signal: abort.signal, firstByte: receivedBytes });
      const fits =
        rest.ok &&
        ((rest.value.firstByte ?? 0) === 0 ||
          sizeBytes === null ||
          (rest.value.sizeBytes ?? sizeBytes) === sizeBytes);
      if (entry.status !== 'downloading' || fits) return rest;
      if (!rest.ok && rest.error.code !== 'malformed') return rest;
      // No part, or one of something else.
      abort.abort();
      entry.abort = new AbortController();
    }
    return from.downloadRecording(entry.id, { signal: entry.abort.signal });
  };

  /** Nothing of what cannot be heard to its end is kept. */
  const empty = (entry: Entry): void => {
    entry.chunks.length = 0;
    entry.offsets.length = 0;
    entry.receivedBytes = 0;
    entry.repair.end();
  };

  const refuseLarge = (entry: Entry): Result<never> => {
    const error: CodedError = { code: 'recording-too-large', operation: 'download', detail: {} };
    empty(entry);
    end(entry, error);
    entry.abort.abort();
    return { ok: false, error };
  };

  const receive = async (entry: Entry, { chunks, firstByte = 0 }: Download): Promise<void> => {
    let position = firstByte;
    try {
      for await (const chunk of chunks) {
        // Leaving the loop ends the request, even where the answer came together with the sign-out.
        if (entry.status !== 'downloading') return;
        if (chunk.length === 0) continue;
        if (position + chunk.length > largestBytes) {
          refuseLarge(entry);
          return;
        }
        overtake(entry, chunk, position);
        position += chunk.length;
        wakeAll(entry);
        // What has to make room does so now: at its end a long recording would have come on top of everything.
        evict();
      }
      if (entry.status === 'downloading' && position < entry.receivedBytes) shorten(entry, position);
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

  const download = async (entry: Entry, from: RecorderApi): Promise<Result<Media>> => {
    entry.askedAt = clock.monotonicNow();
    const answer = await request(entry, from);
    entry.answered = true;
    if (!answer.ok) {
      end(entry, answer.error);
      return answer;
    }
    if ((answer.value.sizeBytes ?? 0) > largestBytes) return refuseLarge(entry);
    const { sizeBytes, contentType, firstByte = 0 } = answer.value;
    entry.sizeBytes = firstByte === 0 ? sizeBytes : (sizeBytes ?? entry.sizeBytes);
    entry.contentType = contentType ?? 'audio/mpeg';
    entry.endIsCertain = answer.value.endIsCertain ?? true;
    void receive(entry, answer.value);
    return succeed(mediaOf(entry));
  };

  /** Downloads as soon as there is room. @param superseded ends it where another one is opened before that */
  const begin = (entry: Entry, from: RecorderApi, superseded: () => void): Promise<Result<Media>> => {
    settleWaiting(false);
    if (makeRoom()) return download(entry, from);
    return new Promise((resolve) => {
      waiting = {
        entry,
        settle: (begins) => {
          if (!begins) superseded();
          resolve(begins ? download(entry, from) : fail('cancelled', 'download'));
        },
      };
    });
  };

  const clear = (): void => {
    settleWaiting(false);
    impatience?.dispose();
    impatience = null;
    for (const entry of [...entries.values()]) drop(entry);
  };

  const create = (id: string, ask: number | undefined): Entry => ({
    id,
    ask,
    abort: new AbortController(),
    chunks: [],
    offsets: [],
    repair: createMp3Repair(),
    receivedBytes: 0,
    sizeBytes: null,
    contentType: 'audio/mpeg',
    endIsCertain: true,
    status: 'downloading',
    error: null,
    askedAt: null,
    answered: false,
    readers: 0,
    opened: Promise.resolve(fail('cancelled', 'download')),
    wake: [],
    wholeIndex: null,
    given: null,
    givenTo: ask,
  });

  /** Makes the seek index before the recording is opened, where it needs one. */
  const give = (entry: Entry): void => {
    entry.given = null;
    if (!needsIndex(entry)) return;
    const index = (entry.wholeIndex ??= makeIndex(entry, clock));
    entry.opened = index.then((made) => {
      if (entry.status === 'complete') entry.given = made;
      return succeed(mediaOf(entry));
    });
  };

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
        // The one wish that is asked for twice, by the window and by its element, is given the same.
        if (ask !== known.givenTo) give(known);
        known.givenTo = ask;
        return known.opened;
      }
      if (api === null) return Promise.resolve(fail('signed-out', 'download'));
      const entry = known !== undefined && known.receivedBytes > 0 ? known : create(id, ask);
      entries.delete(id);
      entries.set(id, entry);
      if (entry !== known) {
        entry.opened = begin(entry, api, () => {
          drop(entry);
        });
        giveUpUnanswered(entry);
        return entry.opened;
      }
      // What came before it was cut is heard at once, and also where nothing more comes this time.
      const { error } = entry;
      Object.assign(entry, {
        ask,
        given: null,
        givenTo: ask,
        abort: new AbortController(),
        askedAt: null,
        answered: false,
        status: 'downloading',
        error: null,
      });
      entry.repair.resume();
      entry.opened = Promise.resolve(succeed(mediaOf(entry)));
      void begin(entry, api, () => {
        end(entry, error);
      });
      giveUpUnanswered(entry);
      return entry.opened;
    },
    progress: (requested) => {
      const entry = entries.get(requested.toLowerCase());
      if (entry === undefined) {
        return { status: 'absent', receivedBytes: 0, sizeBytes: null, error: null, sound: null };
      }
      const { status, receivedBytes, sizeBytes, error } = entry;
      return { status, receivedBytes, sizeBytes, error, sound: countedSound(entry) };
    },
    hasRoomFor,
    addCompleted: (requested, contentType, given) => {
      const id = requested.toLowerCase();
      const size = given.reduce((sum, { length }) => sum + length, 0);
      const known = entries.get(id);
      if (api === null || size === 0 || !hasRoomFor(size)) return;
      if (known !== undefined && known.status !== 'failed') return;
      const entry = create(id, undefined);
      entry.contentType = contentType ?? entry.contentType;
      for (const piece of given) if (piece.length > 0) append(entry, piece);
      entry.opened = Promise.resolve(succeed(mediaOf(entry)));
      end(entry, null);
      // Played recordings may be played again: evict this one before them.
      const others = [...entries].filter(([other]) => other !== id);
      entries.clear();
      entries.set(id, entry);
      for (const [other, present] of others) entries.set(other, present);
    },
    readChunk: async (requested, first) => {
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
