import type { MediaSpec } from './media/media-spec';

/** The vendor's direction numbers: 0 unknown, 1 incoming, 2 outgoing. */
export type Direction = 0 | 1 | 2;

/** A note on a recording, as *Get Recording* shows it. */
interface RecordingNote {
  readonly ownerUsername: string;
  readonly text: string;
}

/** A completed recording as the simulator keeps it. */
export interface Recording {
  /** GUID in lower case; answers about completed recordings carry it in upper case, as the vendor's examples do. */
  readonly id: string;
  readonly referenceNumber: string;
  /** Epoch milliseconds. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly direction: Direction;
  readonly ownerUsername: string;
  readonly localPartyNumber: string;
  readonly remotePartyNumber: string;
  readonly pbxCallId: string;
  readonly note: RecordingNote | null;
  /** Username of the one who preserved it. */
  readonly preservedBy: string | null;
  readonly media: MediaSpec;
}

/** What a test may say about a recording it adds; the rest is filled in. */
export type RecordingInput = Partial<Recording>;
