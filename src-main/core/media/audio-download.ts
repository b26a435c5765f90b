import type { CodedError, Result } from '@shared/domain/errors';
import { succeed } from '@shared/domain/errors';
import type { AudioBuffer } from './audio-buffer';
import { createAudioBuffer } from './audio-buffer';
import type { Clock } from '../ports/clock';
import type { Download, RecorderApi } from '../ports/api';
import { TransferError } from './transfer-error';

/* Downloads the audio of one recording, goes on where it was cut, and refuses what is too large. */

/** What a download is told when it is made. */
export interface AudioDownloadOptions {
  readonly id: string;
  readonly clock: Clock;
  /** How much one recording may have, bytes: a larger one fails with `recording-too-large`. */
  readonly largestBytes: number;
  /** Called after each chunk. */
  readonly arrived: () => void;
  /** Called when it has ended, well or not. */
  readonly ended: () => void;
  /** Called whenever its progress may have changed. */
  readonly changed: () => void;
}

/** The audio of one recording: what has arrived of it, and how its download stands. */
export interface AudioDownload {
  readonly id: string;
  readonly buffer: AudioBuffer;
  readonly status: 'downloading' | 'complete' | 'failed';
  readonly error: CodedError | null;
  readonly contentType: string;
  /** Null while the server has not told it and the download still runs. */
  readonly sizeBytes: number | null;
  /** False where the server ended it by closing the connection: that may have been a cut. */
  readonly endIsCertain: boolean;
  /** When the server was asked, a reading of the monotonic clock in ms; null before. */
  readonly askedAt: number | null;
  /** Whether the server has begun to answer. */
  readonly answered: boolean;
  /** How many read it just now. */
  readers: number;
  /** Asks the server: for the rest, where something is there already. Answers as soon as the server has. */
  start(api: RecorderApi): Promise<Result<null>>;
  /** Gets ready to be started again after a failure; what has arrived stays. */
  reopen(): void;
  /** Takes audio that was downloaded for another purpose, whole. */
  fill(contentType: string | null, pieces: readonly Uint8Array[]): void;
  /** Ends it as failed; what has arrived can be heard and gone on with. */
  stop(error: CodedError): void;
  /** Ends it as cancelled and empties it: a reader may still hold it, and no audio may stay in it. */
  drop(): void;
  /** Resolves when more has arrived, it has ended, or readers were woken. */
  nextChange(): Promise<void>;
  wakeReaders(): void;
}

/** Makes the download of one recording; nothing is asked of the server before `start`. */
export function createAudioDownload(options: AudioDownloadOptions): AudioDownload {
  const { id, clock, largestBytes } = options;
  const buffer = createAudioBuffer();
  let abort = new AbortController();
  let status: AudioDownload['status'] = 'downloading';
  let error: CodedError | null = null;
  let contentType = 'audio/mpeg';
  let sizeBytes: number | null = null;
  let endIsCertain = true;
  let askedAt: number | null = null;
  let answered = false;
  let waiting: (() => void)[] = [];

  // What was dropped meanwhile stays dropped, so that it is asked about after each wait.
  const isDownloading = (): boolean => status === 'downloading';

  const wakeReaders = (): void => {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
    options.changed();
  };

  const end = (failure: CodedError | null): void => {
    if (!isDownloading()) return;
    status = failure === null ? 'complete' : 'failed';
    error = failure;
    buffer.end();
    if (failure === null) sizeBytes = buffer.receivedBytes;
    wakeReaders();
    options.ended();
  };

  const stop = (failure: CodedError): void => {
    end(failure);
    abort.abort();
  };

  /** Asks for the rest, where there is something already, which not every server can give. */
  const request = async (api: RecorderApi): Promise<Result<Download>> => {
    const firstByte = buffer.receivedBytes;
    if (firstByte > 0) {
      const rest = await api.downloadRecording(id, { signal: abort.signal, firstByte });
      const fits =
        rest.ok &&
        ((rest.value.firstByte ?? 0) === 0 ||
          sizeBytes === null ||
          (rest.value.sizeBytes ?? sizeBytes) === sizeBytes);
      if (!isDownloading() || fits) return rest;
      if (!rest.ok && rest.error.code !== 'malformed') return rest;
      // No part, or one of something else.
      abort.abort();
      abort = new AbortController();
    }
    return api.downloadRecording(id, { signal: abort.signal });
  };

  /** Nothing of what cannot be heard to its end is kept. */
  const refuseLarge = (): Result<never> => {
    const tooLarge: CodedError = { code: 'recording-too-large', operation: 'download', detail: {} };
    buffer.discard();
    stop(tooLarge);
    return { ok: false, error: tooLarge };
  };

  const receive = async ({ chunks, firstByte = 0 }: Download): Promise<void> => {
    let position = firstByte;
    try {
      for await (const chunk of chunks) {
        // Leaving the loop ends the request, even where the answer came together with the sign-out.
        if (!isDownloading()) return;
        if (chunk.length === 0) continue;
        if (position + chunk.length > largestBytes) {
          refuseLarge();
          return;
        }
        buffer.overtake(chunk, position);
        position += chunk.length;
        wakeReaders();
        options.arrived();
      }
      if (isDownloading() && position < buffer.receivedBytes) buffer.shorten(position);
      end(null);
    } catch (thrown) {
      end(
        thrown instanceof TransferError
          ? thrown.coded
          : { code: 'internal', operation: 'download', detail: {} },
      );
    }
  };

  return {
    id,
    buffer,
    get status() {
      return status;
    },
    get error() {
      return error;
    },
    get contentType() {
      return contentType;
    },
    get sizeBytes() {
      return sizeBytes;
    },
    get endIsCertain() {
      return endIsCertain;
    },
    get askedAt() {
      return askedAt;
    },
    get answered() {
      return answered;
    },
    readers: 0,
    start: async (api) => {
      askedAt = clock.monotonicNow();
      const answer = await request(api);
      answered = true;
      if (!answer.ok) {
        end(answer.error);
        return answer;
      }
      const { value } = answer;
      if ((value.sizeBytes ?? 0) > largestBytes) return refuseLarge();
      sizeBytes = (value.firstByte ?? 0) === 0 ? value.sizeBytes : (value.sizeBytes ?? sizeBytes);
      contentType = value.contentType ?? 'audio/mpeg';
      endIsCertain = value.endIsCertain ?? true;
      void receive(value);
      return succeed(null);
    },
    reopen: () => {
      abort = new AbortController();
      askedAt = null;
      answered = false;
      status = 'downloading';
      error = null;
      buffer.resume();
    },
    fill: (type, pieces) => {
      contentType = type ?? contentType;
      for (const piece of pieces) if (piece.length > 0) buffer.append(piece);
      end(null);
    },
    stop,
    drop: () => {
      status = 'failed';
      error = { code: 'cancelled', operation: 'download', detail: {} };
      buffer.reset();
      abort.abort();
      wakeReaders();
    },
    nextChange: () => new Promise((resolve) => waiting.push(resolve)),
    wakeReaders,
  };
}
