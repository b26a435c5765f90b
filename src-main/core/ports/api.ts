import type { Result } from '@shared/domain/errors';
import type {
  ActiveRecording,
  Direction,
  Line,
  RecordingDetails,
  RecordingFilters,
  RecordingsPage,
} from '@shared/domain/recording';

/** How one request may be limited. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** ms until the answer's headers (and, for JSON, its body) must have arrived; each call has a default. */
  readonly timeoutMs?: number;
  /** Called by the request gate when the request is sent, after it has waited for its turn. */
  readonly onSent?: () => void;
}

/** What the server's active recordings are narrowed to; at least one is always sent (API reference §6). */
export interface ActiveFilter {
  readonly deviceName?: string;
  readonly directoryNumber?: string;
  readonly username?: string;
}

/** A download under way (§5). The stream ends the request when it is left early. */
export interface Download {
  readonly contentType: string | null;
  /** Of the whole audio, from `Content-Length` or `Content-Range`, bytes; null where the server sends neither. */
  readonly sizeBytes: number | null;
  /** Where `chunks` begin: not 0 only where a part was asked for and the server sends it. */
  readonly firstByte?: number;
  /** What names this very file of the server, for `ifRange`; null or absent where the server tells nothing. */
  readonly validator?: string | null;
  /**
   * Whether the end of `chunks` can be told from a cut: by a length, or by a last chunk. Where it is false, the server
   * ends the audio by closing the connection, and so does a network that breaks.
   */
  readonly endIsCertain?: boolean;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The metadata of an upload (§7). */
export interface UploadMetadata {
  /** Epoch ms. */
  readonly startTime: number;
  readonly durationMs: number;
  readonly direction: Direction;
  readonly localParty: { readonly username: string; readonly phoneNumber: string };
  readonly remotePhoneNumber: string | null;
  readonly pbxCallId: string | null;
  readonly notes: string | null;
  readonly preserved: boolean;
}

/** An audio file to upload (§7): read as a stream, never whole. */
export interface UploadFile {
  readonly fileName: string;
  /** At most 268,435,456 bytes. */
  readonly sizeBytes: number;
  readonly contentType: string;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** The Call Recording REST API, bound to one server and one user. Never rejects; every failure has a code. */
export interface RecorderApi {
  /** §1. `line: null` means the caller's own line, on newer servers. */
  startRecording(line: Line | null, options?: CallOptions): Promise<Result<{ readonly id: string }>>;
  /** §2a. */
  stopRecording(id: string, options?: CallOptions): Promise<Result<null>>;
  /** §2b. For a Dial-In only `directoryNumber` is sent. */
  stopLine(line: Line, options?: CallOptions): Promise<Result<null>>;
  /** Newer servers. */
  pauseRecording(id: string, options?: CallOptions): Promise<Result<null>>;
  /** Newer servers. */
  resumeRecording(id: string, options?: CallOptions): Promise<Result<null>>;
  /** Whether the server can pause, found without any effect (*Newer servers*). */
  probePause(options?: CallOptions): Promise<Result<boolean>>;
  /** §6. */
  activeRecordings(filter: ActiveFilter, options?: CallOptions): Promise<Result<readonly ActiveRecording[]>>;
  /** §3. `page` is 0-based. */
  listRecordings(
    filters: RecordingFilters,
    paging: { readonly page: number; readonly pageSize: number },
    options?: CallOptions,
  ): Promise<Result<RecordingsPage>>;
  /** §4. */
  getRecording(id: string, options?: CallOptions): Promise<Result<RecordingDetails>>;
  /**
   * §5. Each call is an event in the server's audit trail. With `firstByte` only the rest is asked for, which no server
   * promises to honour: the answer's own `firstByte` tells where it begins, and one that fits neither is `malformed`. With
   * `ifRange`, a `validator` of an earlier answer, the rest is wanted only of the same file, else the whole.
   */
  downloadRecording(
    id: string,
    options?: CallOptions & { readonly firstByte?: number; readonly ifRange?: string },
  ): Promise<Result<Download>>;
  /** §7. `onProgress` gets the bytes handed to the network so far. */
  uploadRecording(
    metadata: UploadMetadata,
    file: UploadFile,
    options?: CallOptions & { readonly onProgress?: (sentBytes: number) => void },
  ): Promise<Result<{ readonly id: string }>>;
  /** What the server says of itself in its headers (`Server`, `X-AspNet-Version` …), newest answer; changes with upgrades. */
  fingerprint(): string | null;
  /** Closes idle sockets: after sleep they are dead, and the next request must not find out by a time-out. */
  dropIdleConnections(): Promise<void>;
}

/** Whom a connection speaks for. */
export interface Account {
  /** Normalised: scheme, host, port, path without the API's own part, no trailing slash. */
  readonly serverAddress: string;
  readonly username: string;
}

/** A server, a user and, out of the core's sight, their password. */
export interface Connection {
  readonly account: Account;
  readonly api: RecorderApi;
  /** Puts the password into the OS keychain; with removals of the same account it takes effect in the order asked. */
  remember(): Promise<Result<null>>;
  /** Forgets the password and ends every request. */
  close(): void;
}

/** Makes connections. The only place where a password passes through the core, and it is not kept. */
export interface Connector {
  /** `invalid-address` where the text is no http(s) address; a missing scheme means https. */
  normaliseAddress(text: string): Result<string>;
  connect(account: Account, password: string): Connection;
  /** With the password of the OS keychain; `value: null` where it holds none. */
  reconnect(account: Account): Promise<Result<Connection | null>>;
  /** Removes the password from the OS keychain. */
  forget(account: Account): Promise<Result<null>>;
  /** Whether there is an OS keychain that works. */
  keychainAvailable(): Promise<boolean>;
}
