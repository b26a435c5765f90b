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
  /** What follows the milliseconds of the start, in 100 ns: 0 to 9999. */
  readonly startTicks: number;
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
  /** How its JSON differs from that of others, wherever it is listed. */
  readonly wire: WireOverride | null;
}

/** Fields of a recording's JSON that a server gets wrong. */
export interface WireOverride {
  /** Values by path, e.g. `remotePartyNumber` or `owner.username`. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Paths that are missing. */
  readonly remove?: readonly string[];
  /** Where; everywhere where left out. */
  readonly only?: 'list' | 'detail';
}

/** A fraction of a millisecond that a GUID decides, in 100 ns: the same recording always has the same. */
export function ticksOf(guid: string): number {
  return Number.parseInt(guid.slice(-6), 16) % 10_000 || 0;
}

/** What a test may say about a recording it adds; the rest is filled in. */
export type RecordingInput = Partial<Recording>;
