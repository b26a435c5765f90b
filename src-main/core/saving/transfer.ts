import type { CodedError, ErrorCode, Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { SaveVerification } from '@shared/domain/saves';
import type { MediaLibrary } from '../media/library';
import type { Media } from '../media/media';
import type { Random } from '../ports/clock';
import type { RecorderApi } from '../ports/api';
import { TransferError } from '../media/transfer-error';
import type { Arrival, FileIdentity } from './arrival';
import { mayBeSameFile } from './arrival';
import type { JobWork } from './job';
import type { PartFile } from '../ports/saving';

/** The audio in memory, as far as keeping looks at it and adds to it. */
export type MediaMemory = Pick<MediaLibrary, 'open' | 'progress' | 'hasRoomFor' | 'addCompleted'>;

/** What moving audio needs. */
export interface TransferServices {
  readonly api: RecorderApi;
  readonly media: MediaMemory;
  readonly random: Random;
  /** The waits before the automatic attempts, ms; as many attempts as waits. */
  readonly retryDelaysMs: readonly number[];
}

/** What the server tells of the audio (API reference §4). */
export interface Expected {
  readonly id: string;
  readonly sizeBytes: number | null;
  /** Upper-case hexadecimal. */
  readonly sha256: string | null;
}

/** Audio that has arrived whole. */
export interface Transferred {
  readonly sha256: string;
  readonly verification: SaveVerification;
}

/** Failures that pass: of the network, or of a server that is busy or being restarted. Never one of credentials. */
const passing: readonly ErrorCode[] = [
  'connection-lost',
  'network-restarted',
  'connection-refused',
  'timeout',
  'offline',
  'server-error',
  'service-down',
  'rate-limited',
];

/** Whether the same may well succeed later. */
export function isTransient({ code }: CodedError): boolean {
  return passing.includes(code);
}

/** A server may ask for an hour, which would look like a hang. */
const maxDelayMs = 60_000;

function delayFor(services: TransferServices, attempt: number, error: CodedError): number {
  const planned = services.retryDelaysMs[attempt] ?? 0;
  const jittered = planned * (0.5 + services.random());
  return Math.min(maxDelayMs, Math.max(jittered, error.detail.retryAfterMs ?? 0));
}

/**
 * Repeats a step that failed for a passing reason, as often as there are waits.
 * @param step gets the number of the attempt, 0 first
 * @param passes which failures are worth another attempt
 */
export async function withRetries<Value>(
  job: JobWork,
  services: TransferServices,
  step: (attempt: number) => Promise<Result<Value>>,
  passes: (error: CodedError) => boolean = isTransient,
): Promise<Result<Value>> {
  for (let attempt = 0; ; attempt += 1) {
    const result = await step(attempt);
    if (job.signal.aborted) return job.stopped();
    if (result.ok || !passes(result.error)) return result;
    if (attempt >= services.retryDelaysMs.length) return result;
    if (!(await job.rest(delayFor(services, attempt, result.error), result.error))) return job.stopped();
  }
}

/** Waits as long as a job is held, between two steps without a connection; false where it was ended meanwhile. */
export async function mayGoOn(job: JobWork): Promise<boolean> {
  if (await job.checkpoint()) return true;
  return !job.signal.aborted && job.enter(true);
}

/** So much of what has arrived is fetched once more when a transfer goes on: it shows whether it is the same file. */
const overlapBytes = 16_384;

interface Source {
  /** Where its pieces begin. */
  readonly firstByte: number;
  readonly sizeBytes: number | null;
  readonly validator: string | null;
  /** What its pieces must begin with where they go on with what has arrived. */
  readonly overlap: Uint8Array;
  /** Whether its end is no cut. */
  readonly endIsCertain: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** What the player gets, too, so that hearing what was saved is no second download; null where it gets nothing. */
  readonly copy: { readonly contentType: string | null; readonly pieces: Uint8Array[] } | null;
}

/** `let-go`: the job was held so long that its connection was needed elsewhere. */
type Pumped = Result<null> | 'let-go';

/**
 * Fetches a recording's audio into a file, from memory where it is there or on its way there, because each download is
 * an event in the server's audit trail (§5). While the job is paused nothing is read, so that the network waits, too.
 * A cut connection is tried again: from where it was cut if the server honours `Range`, which it does not promise,
 * otherwise from the beginning. Two halves of different files are never joined: the request names the file by its
 * validator, the sizes must agree, and the rest must repeat the last bytes of the part file. Where the server sends
 * neither validator nor hash, the first bytes are fetched and compared, too.
 *
 * A server that tells no length and ends the audio by closing the connection does not show whether that was its end. It
 * counts as cut where it is shorter than the details say and has not the hash that they tell; but these need not
 * describe this file (§4), so that audio which ends at the same byte twice, both times sent from its beginning, is whole.
 * @param arrival empty, or what an earlier attempt has left of the same recording
 * @param base what the job has received before this recording
 * @param whole what the job will have received in all, where known; this recording's size where left out
 */
export async function transferAudio(
  job: JobWork,
  services: TransferServices,
  expected: Expected,
  arrival: Arrival,
  base = 0,
  whole?: number | null,
): Promise<Result<Transferred>> {
  const { api, media } = services;
  const { part } = arrival;
  let mayResume = true;
  let wasResumed = false;
  let known = arrival.file()?.sizeBytes ?? null;
  /** Whether the end that the last source came to may have been a cut. */
  let mayBeCut = false;
  /** Whether the server is asked although the memory has it, or was about to: what it has may be cut, or it gave it up. */
  let passesMemory = false;
  /** Where audio that was sent from its beginning came to such an end. */
  let endedAt: number | null = null;

  /** The last of what has arrived; empty where the source is to begin anew. */
  const overlapping = (): Promise<Uint8Array> =>
    // Of very little half of it, so that there is something to go on with.
    mayResume
      ? part.tail(Math.min(overlapBytes, Math.ceil(part.sizeBytes / 2)))
      : Promise.resolve(new Uint8Array());

  /** The source is another file than the one that has arrived in part: once more, from the beginning. */
  const beginAnew = async (field: string): Promise<Result<never>> => {
    mayResume = false;
    known = null;
    const restarted = await part.restart();
    return restarted.ok ? fail('connection-lost', 'download', { field }) : restarted;
  };

  /** Looks whether the server's file still begins like what has arrived; that is one more download in the audit trail. */
  const beginsAsBefore = async (): Promise<Result<boolean>> => {
    let head = await headOf(part);
    if (head.length === 0) return succeed(false);
    job.countDownload();
    const answer = await api.downloadRecording(expected.id, { signal: job.signal });
    if (!answer.ok) return answer;
    const { sizeBytes, validator = null } = answer.value;
    const former = arrival.file();
    const isOther = former !== null && !mayBeSameFile(former, { sizeBytes, validator });
    job.connect(true);
    try {
      for await (const piece of answer.value.chunks) {
        // Within the loop, so that leaving it ends the connection.
        if (isOther || !beginsAlike(piece, head)) return succeed(false);
        head = head.subarray(Math.min(head.length, piece.length));
        if (head.length === 0) return succeed(true);
      }
      return succeed(false);
    } catch (error) {
      if (!(error instanceof TransferError)) return fail('internal', 'download');
      return { ok: false, error: error.coded };
    } finally {
      job.connect(false);
    }
  };

  const fromServer = async (): Promise<Result<Source>> => {
    const overlap = await overlapping();
    const firstByte = overlap.length === 0 ? 0 : part.sizeBytes - overlap.length;
    const ifRange = arrival.file()?.validator ?? null;
    // Nothing but its bytes tells the file, and one that was masked at its beginning has the same length and end.
    if (firstByte > 0 && ifRange === null && expected.sha256 === null) {
      const alike = await beginsAsBefore();
      if (!alike.ok) return alike;
      if (!alike.value) return beginAnew('body');
    }
    job.countDownload();
    const answer = await api.downloadRecording(expected.id, {
      signal: job.signal,
      ...(firstByte === 0 ? {} : { firstByte, ...(ifRange === null ? {} : { ifRange }) }),
    });
    if (!answer.ok) {
      const { code, detail } = answer.error;
      // A part that is none, or one that would begin behind the end: this server must not be asked for one again.
      if (firstByte === 0 || (code !== 'malformed' && detail.status !== 416)) return answer;
      mayResume = false;
      return fail('connection-lost', 'download', detail);
    }
    const { chunks, sizeBytes, contentType } = answer.value;
    const begin = answer.value.firstByte ?? 0;
    const fits = begin === 0 && sizeBytes !== null && media.hasRoomFor(sizeBytes);
    const copy = fits ? { contentType, pieces: [] } : null;
    const endIsCertain = answer.value.endIsCertain ?? true;
    const validator = answer.value.validator ?? null;
    return succeed({ chunks, sizeBytes, validator, overlap, firstByte: begin, endIsCertain, copy });
  };

  const fromMemory = async (): Promise<Result<Source>> => {
    const opened = await media.open(expected.id);
    if (opened.ok) {
      job.takeFromMemory();
      return succeed(sourceOf(opened.value, part.sizeBytes, await overlapping()));
    }
    if (opened.error.code !== 'cancelled' || job.signal.aborted) return opened;
    passesMemory = true;
    return fromServer();
  };

  const open = (): Promise<Result<Source>> => {
    const { status } = media.progress(expected.id);
    const isHere = status === 'complete' || status === 'downloading';
    return isHere && !passesMemory ? fromMemory() : fromServer();
  };

  const pump = async (source: Source): Promise<Pumped> => {
    const identity: FileIdentity = { sizeBytes: source.sizeBytes, validator: source.validator };
    const former = arrival.file();
    const goesOn = source.firstByte > 0 && source.firstByte + source.overlap.length === part.sizeBytes;
    if (goesOn) wasResumed = true;
    else {
      const restarted = await part.restart();
      if (!restarted.ok) return restarted;
      wasResumed = false;
      arrival.beginWith(identity);
    }
    const isOther = goesOn && former !== null && !mayBeSameFile(former, identity);
    let overlap = goesOn ? source.overlap : new Uint8Array();
    known = source.sizeBytes ?? (goesOn ? known : null);
    const total = whole === undefined ? known : whole;
    job.advance(base + part.sizeBytes, total);
    job.connect(true);
    try {
      for await (const arrived of source.chunks) {
        // Within the loop, so that leaving it ends the connection.
        if (isOther || !beginsAlike(arrived, overlap)) return await beginAnew('body');
        const piece = arrived.subarray(Math.min(overlap.length, arrived.length));
        overlap = overlap.subarray(arrived.length - piece.length);
        if (piece.length === 0) continue;
        const written = await part.write(piece);
        if (!written.ok) return written;
        source.copy?.pieces.push(piece);
        job.advance(base + part.sizeBytes, total);
        if (!(await job.checkpoint())) return job.signal.aborted ? job.stopped() : 'let-go';
      }
    } catch (error) {
      if (!(error instanceof TransferError)) return fail('internal', 'download');
      return { ok: false, error: error.coded };
    } finally {
      job.connect(false);
    }
    if (overlap.length > 0 || (known !== null && part.sizeBytes !== known)) {
      return fail('connection-lost', 'download');
    }
    mayBeCut = !source.endIsCertain;
    if (source.copy !== null) media.addCompleted(expected.id, source.copy.contentType, source.copy.pieces);
    return succeed(null);
  };

  const isWhole = (): boolean => known !== null && part.sizeBytes === known;

  const attempt = async (): Promise<Result<null>> => {
    for (;;) {
      if (isWhole()) return succeed(null);
      // A save that is paused or cancelled at once needs no download.
      if (!(await mayGoOn(job))) return job.stopped();
      const source = await open();
      const pumped = source.ok ? await pump(source.value) : source;
      // Too large for the memory is not too large for a file: what was begun there goes on from the server.
      if (pumped !== 'let-go' && !pumped.ok && pumped.error.code === 'recording-too-large') continue;
      if (pumped !== 'let-go') return pumped;
      if (!(await job.enter(true))) return job.stopped();
    }
  };

  return withRetries(job, services, async (number) => {
    const moved = await attempt();
    if (!moved.ok) return moved;
    const sha256 = part.digest();
    const matches = expected.sha256 === sha256;
    if (mayBeCut && !matches && part.sizeBytes < (expected.sizeBytes ?? 0)) {
      const endsThereAgain = !wasResumed && part.sizeBytes === endedAt;
      if (!wasResumed) endedAt = part.sizeBytes;
      mayResume = false;
      passesMemory = true;
      if (!endsThereAgain) return fail('connection-lost', 'download', { field: 'size' });
    }
    // Two halves that do not belong together: once more, whole.
    if (!matches && expected.sha256 !== null && wasResumed && number < services.retryDelaysMs.length) {
      return beginAnew('sha256');
    }
    // No recording is empty, unless the server says that this one is.
    if (part.sizeBytes === 0 && !matches) return fail('malformed', 'download', { field: 'body' });
    return succeed({ sha256, verification: matches ? 'verified' : 'unverified' });
  });
}

/** The beginning of the part file, as many bytes as are compared; empty where it cannot be read. */
async function headOf(part: PartFile): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(overlapBytes, part.sizeBytes));
  let filled = 0;
  try {
    for await (const piece of part.read()) {
      head.set(piece.subarray(0, head.length - filled), filled);
      filled += Math.min(piece.length, head.length - filled);
      if (filled === head.length) return head;
    }
  } catch {
    // As where its end cannot be read: the save begins anew.
  }
  return new Uint8Array();
}

/** Whether a piece begins like what is expected, as far as both go. */
function beginsAlike(piece: Uint8Array, expected: Uint8Array): boolean {
  const length = Math.min(piece.length, expected.length);
  for (let at = 0; at < length; at += 1) if (piece[at] !== expected[at]) return false;
  return true;
}

function sourceOf(media: Media, arrived: number, overlap: Uint8Array): Source {
  const firstByte = overlap.length === 0 ? 0 : arrived - overlap.length;
  return {
    firstByte,
    overlap,
    validator: null,
    sizeBytes: media.sizeBytes,
    get endIsCertain() {
      return media.endIsCertain;
    },
    chunks: media.read(firstByte, null),
    copy: null,
  };
}
