/** Who began the call. The server's 0, 1 and 2 (API reference §3). */
export type Direction = 'unknown' | 'incoming' | 'outgoing';

/** How the server gets at the audio: `media-forking` is mode 0, `dial-in` mode 1 (API reference §1). */
export type RecordingMode = 'media-forking' | 'dial-in';

/** The line whose calls are recorded. At least one of the two names it; both must belong together (§1). */
export interface Line {
  readonly directoryNumber: string | null;
  readonly deviceName: string | null;
  readonly mode: RecordingMode;
}

/** A person on the other side, as far as the server knows them (§6). */
export interface RemoteParty {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phoneNumber: string | null;
}

/** A recording in progress (§6). */
export interface ActiveRecording {
  /** GUID, lower case. */
  readonly id: string;
  /** How long it had run when the server answered, in ms; null where the server did not say. */
  readonly durationMs: number | null;
  /** The server's clock, epoch ms; null where the server did not say. Never compared with this computer's clock. */
  readonly startedAt: number | null;
  readonly localUsername: string | null;
  readonly remoteParty: RemoteParty;
  readonly isPaused: boolean;
}

/** A row of the recordings list (§3). */
export interface RecordingSummary {
  /** GUID, lower case. */
  readonly id: string;
  /** Empty where the server did not say. */
  readonly referenceNumber: string;
  /** Epoch ms. */
  readonly startTime: number;
  /** Length in ms; 0 where the server did not say. */
  readonly durationMs: number;
  readonly direction: Direction;
  readonly ownerUsername: string | null;
  readonly localPartyNumber: string | null;
  readonly remotePartyNumber: string | null;
}

/** A page of the recordings list (§3). */
export interface RecordingsPage {
  /** Rows of the whole list as the server counts them, with those that cannot be read. */
  readonly totalCount: number;
  /** The rows that can be read. */
  readonly recordings: readonly RecordingSummary[];
  /** How many rows of this page cannot be read; left out where there are none. */
  readonly unreadable?: number;
}

/** A user as the server describes them (§4). */
export interface ServerUser {
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phoneNumber: string | null;
  readonly group: string | null;
  readonly department: string | null;
}

/** Everything the server tells of a completed recording (§4). */
export interface RecordingDetails {
  /** GUID, lower case. */
  readonly id: string;
  /** Empty where the server did not say. */
  readonly referenceNumber: string;
  /** Of newer servers: what `pbxInfo` holds, as one line of text. */
  readonly pbxCallId: string | null;
  /** Epoch ms. */
  readonly startTime: number;
  /** Length in ms; 0 where the server did not say. */
  readonly durationMs: number;
  readonly direction: Direction;
  readonly localPartyNumber: string | null;
  readonly remotePartyNumber: string | null;
  readonly owner: ServerUser | null;
  readonly preservingUser: ServerUser | null;
  readonly note: { readonly owner: ServerUser | null; readonly text: string } | null;
  /** Bytes, of the MP3 or of the stored file: the server does not say which. */
  readonly sizeBytes: number | null;
  /** Upper-case hexadecimal. */
  readonly sha256: string | null;
}

/** The row of the list that belongs to these details. */
export function summaryOf(details: RecordingDetails): RecordingSummary {
  return {
    id: details.id,
    referenceNumber: details.referenceNumber,
    startTime: details.startTime,
    durationMs: details.durationMs,
    direction: details.direction,
    ownerUsername: details.owner?.username ?? null,
    localPartyNumber: details.localPartyNumber,
    remotePartyNumber: details.remotePartyNumber,
  };
}

/** Which instants a time may have: A included, B excluded (API reference, RHS colon syntax). Epoch ms. */
export type TimeFilter =
  | { readonly operator: 'equals'; readonly at: number }
  | { readonly operator: 'before'; readonly at: number }
  | { readonly operator: 'after'; readonly at: number }
  | { readonly operator: 'between'; readonly from: number; readonly to: number };

/** How a number is searched (API reference, RHS colon syntax). */
export interface TextFilter {
  readonly operator: 'equals' | 'contains';
  readonly value: string;
}

/** What a recordings list is narrowed to; all given filters must hold (§3). */
export interface RecordingFilters {
  readonly startTime?: TimeFilter;
  readonly endTime?: TimeFilter;
  readonly localPartyNumber?: string;
  readonly remotePartyNumber?: TextFilter;
  readonly ownerUsername?: string;
  readonly direction?: Direction;
}

/**
 * Whether two recording ids are the same; the server writes GUIDs in either case.
 * @param a a GUID in any case
 * @param b a GUID in any case
 */
export function sameRecordingId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
