import type { CodedError, ErrorCode, Result } from '../../shared/errors';
import { fail, succeed } from '../../shared/errors';
import type { SaveVerification } from '../../shared/keep';
import type { Media, MediaLibrary } from '../media-library';
import type { Random, RecorderApi } from '../ports';
import { TransferError } from '../transfer-error';
import type { JobWork } from './job';
import type { PartFile } from './ports';

/** The audio in memory, as far as keeping looks at it and adds to it. */
export type MediaMemory = Pick<MediaLibrary, 'open' | 'progress' | 'hasRoomFor' | 'adopt'>;

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
export function isPassing({ code }: CodedError): boolean {
  return passing.includes(code);
}

/** A server may ask for an hour; whoever waits for files would take that for hanging. */
const longestDelayMs = 60_000;

function delayFor(services: TransferServices, attempt: number, error: CodedError): number {
  const planned = services.retryDelaysMs[attempt] ?? 0;
  const jittered = planned * (0.5 + services.random());
  return Math.min(longestDelayMs, Math.max(jittered, error.detail.retryAfterMs ?? 0));
}

/**
 * Repeats a step that failed for a passing reason, as often as there are waits.
 * @param step gets the number of the attempt, 0 first
 */
export async function withRetries<Value>(
  job: JobWork,
  services: TransferServices,
  step: (attempt: number) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  for (let attempt = 0; ; attempt += 1) {
    const result = await step(attempt);
    if (job.signal.aborted) return job.stopped();
    if (result.ok || !isPassing(result.error)) return result;
    if (attempt >= services.retryDelaysMs.length) return result;
    if (!(await job.rest(delayFor(services, attempt, result.error), result.error))) return job.stopped();
  }
}

interface Source {
  /** Where its pieces begin. */
  readonly firstByte: number;
  readonly sizeBytes: number | null;
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
 * otherwise from the beginning.
 *
 * A server that tells no length and ends the audio by closing the connection does not show whether that was its end. It
 * counts as cut where it is shorter than the details say and has not the hash that they tell; but these need not
 * describe this file (§4), so that audio which ends at the same byte twice, both times sent from its beginning, is whole.
 * @param part empty, or what an earlier attempt has left of the same recording
 * @param base what the job has received before this recording
 * @param whole what the job will have received in all, where known; this recording's size where left out
 */
export async function transferAudio(
  job: JobWork,
  services: TransferServices,
  expected: Expected,
  part: PartFile,
  base = 0,
  whole?: number | null,
): Promise<Result<Transferred>> {
  const { api, media } = services;
  let mayResume = true;
  let wasResumed = false;
  let known: number | null = null;
  /** Whether the end that the last source came to may have been a cut. */
  let mayBeCut = false;
  /** Whether the server is asked although the memory has it, or was about to: what it has may be cut, or it gave it up. */
  let passesMemory = false;
  /** Where audio that was sent from its beginning came to such an end. */
  let endedAt: number | null = null;

  const fromServer = async (): Promise<Result<Source>> => {
    const firstByte = mayResume ? part.sizeBytes : 0;
    job.countDownload();
    const answer = await api.downloadRecording(expected.id, {
      signal: job.signal,
      ...(firstByte === 0 ? {} : { firstByte }),
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
    return succeed({ chunks, sizeBytes, firstByte: begin, endIsCertain, copy });
  };

  const fromMemory = async (): Promise<Result<Source>> => {
    const opened = await media.open(expected.id);
    if (opened.ok) {
      job.takeFromMemory();
      return succeed(sourceOf(opened.value, part.sizeBytes));
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
    if (source.firstByte !== part.sizeBytes) {
      const restarted = await part.restart();
      if (!restarted.ok) return restarted;
      wasResumed = false;
    } else if (source.firstByte > 0) wasResumed = true;
    known = source.sizeBytes;
    const total = whole === undefined ? known : whole;
    job.advance(base + part.sizeBytes, total);
    job.connect(true);
    try {
      for await (const piece of source.chunks) {
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
    if (known !== null && part.sizeBytes !== known) return fail('connection-lost', 'download');
    mayBeCut = !source.endIsCertain;
    if (source.copy !== null) media.adopt(expected.id, source.copy.contentType, source.copy.pieces);
    return succeed(null);
  };

  const isWhole = (): boolean => known !== null && part.sizeBytes === known;

  const attempt = async (): Promise<Result<null>> => {
    for (;;) {
      if (isWhole()) return succeed(null);
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
      mayResume = false;
      known = null;
      const restarted = await part.restart();
      return restarted.ok ? fail('connection-lost', 'download', { field: 'sha256' }) : restarted;
    }
    // No recording is empty, unless the server says that this one is.
    if (part.sizeBytes === 0 && !matches) return fail('malformed', 'download', { field: 'body' });
    return succeed({ sha256, verification: matches ? 'verified' : 'unverified' });
  });
}

function sourceOf(media: Media, firstByte: number): Source {
  return {
    firstByte,
    sizeBytes: media.sizeBytes,
    get endIsCertain() {
      return media.endIsCertain;
    },
    chunks: media.read(firstByte, null),
    copy: null,
  };
}
