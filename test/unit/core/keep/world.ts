import { createHash } from 'node:crypto';

import type { KeepOptions, KeepService } from '../../../../src-main/core/keep/contract';
import type { KeepDialogs, KeepFiles, PartFile } from '../../../../src-main/core/keep/ports';
import { savesDocument } from '../../../../src-main/core/keep/remembered-queue';
import { createKeepService } from '../../../../src-main/core/keep/service';
import type { CallOptions, Download, RecorderApi } from '../../../../src-main/core/ports';
import { createRemovals } from '../../../../src-main/core/removals';
import type { Removals } from '../../../../src-main/core/removals';
import { TransferError } from '../../../../src-main/core/transfer-error';
import type { ErrorCode, Result } from '../../../../src-main/shared/errors';
import { fail, succeed } from '../../../../src-main/shared/errors';
import type { RecordingDetails, RecordingSummary } from '../../../../src-main/shared/recording';
import { MemoryFile, silentLog } from '../../../support/memory-file';
import { Troubles, openTestDocument } from '../../../support/open-document';
import { StubApi } from '../../../support/stub-api';
import { settle, VirtualClock } from '../../../support/virtual-clock';

/** SHA-256 of a text, upper case. */
function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').toUpperCase();
}

/** A download that a test feeds by hand. */
export interface FedDownload {
  readonly id: string;
  /** Where what a test feeds goes on; what was asked for once more is sent by itself. */
  readonly firstByte: number;
  /** The file that the rest is wanted of, as asked for. */
  readonly ifRange: string | null;
  readonly signal: AbortSignal | undefined;
  /** Whether somebody waits for the next piece: a paused save does not. */
  isAsked(): boolean;
  isLeft(): boolean;
  feed(text: string): Promise<void>;
  end(): Promise<void>;
  cut(code?: ErrorCode): Promise<void>;
}

/** Files in memory, whose disk may be full. */
export class MemoryFiles implements KeepFiles {
  readonly files = new Map<string, string>();
  readonly open = new Set<PartFile>();
  readonly swept: string[] = [];
  createFailure: Result<never> | null = null;
  writeFailure: Result<never> | null = null;
  commitFailure: Result<never> | null = null;

  create = (folder: string): Promise<Result<PartFile>> => {
    if (this.createFailure !== null) return Promise.resolve(this.createFailure);
    const pieces: Uint8Array[] = [];
    const text = () => Buffer.concat(pieces).toString('utf8');
    const part: PartFile = {
      get sizeBytes() {
        return pieces.reduce((sum, piece) => sum + piece.length, 0);
      },
      // A disk in memory takes everything; what fails is the name.
      isWhole: true,
      write: (piece) => {
        if (this.writeFailure !== null) return Promise.resolve(this.writeFailure);
        pieces.push(piece);
        return Promise.resolve(succeed(null));
      },
      digest: () => hashOf(text()),
      restart: () => {
        pieces.length = 0;
        return Promise.resolve(succeed(null));
      },
      tail: (bytes) => Promise.resolve(Buffer.concat(pieces).subarray(-bytes)),
      read: async function* () {
        yield* pieces;
      },
      commit: (fileName) => {
        if (this.commitFailure !== null) return Promise.resolve(this.commitFailure);
        this.open.delete(part);
        this.files.set(`${folder}/${fileName}`, text());
        return Promise.resolve(succeed(fileName));
      },
      discard: () => {
        this.open.delete(part);
        return Promise.resolve();
      },
      dispose: () => this.open.delete(part),
    };
    this.open.add(part);
    return Promise.resolve(succeed(part));
  };

  sweep = (folder: string): Promise<void> => {
    this.swept.push(folder);
    return Promise.resolve();
  };

  dispose = (): void => {
    this.open.clear();
  };
}

/** A queue in a virtual world. */
export interface World {
  readonly clock: VirtualClock;
  readonly files: MemoryFiles;
  readonly queueFile: MemoryFile;
  readonly troubles: Troubles;
  readonly removals: Removals;
  readonly keep: KeepService;
  readonly dialogs: {
    file: { folder: string; fileName: string } | null;
    folder: string | null;
    asked: number;
  };
  readonly downloads: FedDownload[];
  readonly api: RecorderApi;
  /** What the next downloads answer instead of audio. */
  readonly refusals: Result<never>[];
  /** Whether the server honours `firstByte`. */
  honoursRange: boolean;
  /** Whether it ends audio by closing the connection. */
  endsByClosing: boolean;
  /** What it tells of the file that it sends. */
  told: { readonly sizeBytes: number | null; readonly validator: string | null };
  /** What it sends again of a part that it goes on with; null: what it sent before. */
  overlap: string | null;
  detailsOf: (id: string) => Result<RecordingDetails>;
  summaryOf: (id: string) => RecordingSummary | null;
  chosen: string | null;
  signIn(username?: string): void;
  signOut(username?: string): void;
}

/** A GUID with a number. */
export function guid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** What the server tells of a recording; a size and a hash only where the text of its audio is given. */
export function detailsOf(id: string, audio: string | null = null): RecordingDetails {
  return {
    id,
    referenceNumber: `R${id.slice(-4)}`,
    pbxCallId: null,
    startTime: Date.UTC(2026, 2, 2),
    durationMs: 60_000,
    direction: 'incoming',
    localPartyNumber: '101',
    remotePartyNumber: '+3902',
    owner: null,
    preservingUser: null,
    note: null,
    sizeBytes: audio === null ? null : audio.length,
    sha256: audio === null ? null : hashOf(audio),
  };
}

/** Makes a world in which somebody is signed in. @param username null: nobody */
export function makeWorld(
  options: Partial<Omit<KeepOptions, 'queueFile'>> & { readonly queueFile?: MemoryFile } = {},
  username: string | null = 'anna',
): World {
  const clock = new VirtualClock();
  const files = new MemoryFiles();
  const queueFile = options.queueFile ?? new MemoryFile('saves.json');
  const troubles = new Troubles();
  const downloads: FedDownload[] = [];
  const refusals: Result<never>[] = [];

  /** The beginning of each file, as it was sent until now. */
  const sent = new Map<string, string>();
  const download = (
    id: string,
    callOptions: CallOptions & { readonly firstByte?: number; readonly ifRange?: string } = {},
  ) => {
    const refusal = refusals.shift();
    if (refusal !== undefined) return Promise.resolve(refusal);
    const pieces: (Uint8Array | 'end' | ErrorCode)[] = [];
    let wake: (() => void) | null = null;
    let left = false;
    callOptions.signal?.addEventListener('abort', () => wake?.(), { once: true });
    const firstByte = world.honoursRange ? (callOptions.firstByte ?? 0) : 0;
    const before = firstByte === 0 ? '' : (world.overlap ?? sent.get(id)?.slice(firstByte) ?? '');
    if (before !== '') pieces.push(Buffer.from(before));
    const goesOnAt = callOptions.firstByte === undefined ? 0 : (sent.get(id)?.length ?? 0);
    if (firstByte === 0) sent.set(id, '');
    const put = async (piece: Uint8Array | 'end' | ErrorCode): Promise<void> => {
      pieces.push(piece);
      wake?.();
      wake = null;
      await settle();
    };
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          const piece = pieces.shift();
          if (piece === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (callOptions.signal?.aborted === true) resolve();
            });
            if (callOptions.signal?.aborted === true) {
              throw new TransferError({ code: 'cancelled', operation: 'download', detail: {} });
            }
          } else if (piece === 'end') return;
          else if (typeof piece === 'string') {
            throw new TransferError({ code: piece, operation: 'download', detail: {} });
          } else yield piece;
        }
      } finally {
        left = true;
      }
    }
    downloads.push({
      id,
      firstByte: goesOnAt,
      ifRange: callOptions.ifRange ?? null,
      signal: callOptions.signal,
      isAsked: () => wake !== null,
      isLeft: () => left,
      feed: (text) => {
        sent.set(id, `${sent.get(id) ?? ''}${text}`);
        return put(Buffer.from(text));
      },
      end: () => put('end'),
      cut: (code = 'connection-lost') => put(code),
    });
    const answer: Download = {
      contentType: 'audio/mpeg',
      sizeBytes: world.told.sizeBytes,
      validator: world.told.validator,
      firstByte,
      endIsCertain: !world.endsByClosing,
      chunks: chunks(),
    };
    return Promise.resolve(succeed(answer));
  };

  const makeApi = (): RecorderApi => Object.assign(new StubApi(), { downloadRecording: download });
  const dialogs: World['dialogs'] & KeepDialogs = {
    file: { folder: '/saved', fileName: 'call.mp3' },
    folder: '/saved',
    asked: 0,
    chooseFile: () => {
      dialogs.asked += 1;
      return Promise.resolve(dialogs.file);
    },
    chooseFolder: () => {
      dialogs.asked += 1;
      return Promise.resolve(dialogs.folder);
    },
    showFile: () => undefined,
  };
  const removals = createRemovals(clock, silentLog);
  const keep = createKeepService({
    clock,
    random: () => 0.5,
    files,
    removals,
    log: silentLog,
    dialogs,
    makeWorkbook: () => Promise.reject(new Error('not here')),
    locale: () => 'en-GB',
    makeArchive: () => Promise.reject(new Error('not here')),
    print: () => Promise.resolve(fail('internal', 'file')),
    digest: () => '',
    media: {
      open: () => Promise.resolve(fail('signed-out', 'download')),
      progress: () => ({ status: 'absent', receivedBytes: 0, sizeBytes: null, error: null, sound: null }),
      hasRoomFor: () => false,
      adopt: () => undefined,
    },
    details: (id) => Promise.resolve(world.detailsOf(id)),
    summary: (id) => world.summaryOf(id),
    list: () => Promise.resolve(succeed({ totalCount: 0, recordings: [] })),
    settings: () => ({ template: '{reference}', folder: world.chosen }),
    folderChosen: (folder) => {
      world.chosen = folder;
    },
    appVersion: '0.1.0',
    timeZone: 'UTC',
    ...options,
    queueFile: openTestDocument(savesDocument, queueFile, clock, troubles),
  });
  const world: World = {
    clock,
    files,
    queueFile,
    troubles,
    removals,
    keep,
    dialogs,
    downloads,
    api: makeApi(),
    refusals,
    honoursRange: false,
    endsByClosing: false,
    told: { sizeBytes: null, validator: '"a"' },
    overlap: null,
    detailsOf: (id) => succeed(detailsOf(id)),
    summaryOf: () => null,
    chosen: null,
    signOut: (username = 'anna') => {
      keep.signOut({ serverAddress: 'https://recorder.example.com', username });
    },
    signIn: (username = 'anna') => {
      keep.setSession({ api: makeApi(), serverAddress: 'https://recorder.example.com', username });
    },
  };
  if (username !== null) world.signIn(username);
  return world;
}
