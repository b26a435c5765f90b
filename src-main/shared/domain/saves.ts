import type { CodedError } from './errors';

/** What is being kept: one recording's audio, a list of recordings, or a package of evidence. */
export type SaveKind = 'recording' | 'list' | 'evidence';

/** How far a save is. `queued` also while it waits for its next automatic attempt. */
export type SaveStatus = 'queued' | 'downloading' | 'paused' | 'verifying' | 'done' | 'failed' | 'cancelled';

/**
 * Whether the audio is what the server has: `verified` where length and SHA-256 match what it tells; `unverified`
 * ("could not be verified", never "tampered") where they do not or it tells none: whether they describe the MP3 or the
 * stored file is not documented (API reference §5).
 */
export type SaveVerification = 'verified' | 'unverified';

/** One save as a window shows it. Holds no folder. */
export interface SaveJobView {
  readonly id: string;
  readonly kind: SaveKind;
  /** Of `recording`; null otherwise. */
  readonly recordingId: string | null;
  /** Without its folder; null until it is known. What it will most likely be, and the final name once `done`. */
  readonly fileName: string | null;
  readonly status: SaveStatus;
  /** What `received` and `size` count: recordings of a list, bytes of everything else. */
  readonly unit: 'bytes' | 'rows';
  readonly received: number;
  /** Null as long as it is not known. */
  readonly size: number | null;
  /** Smoothed; null while nothing arrives, and for lists. */
  readonly bytesPerSecond: number | null;
  /** How often audio was asked of the server for this save: each is an event in its audit trail (§5). */
  readonly downloads: number;
  /** Whether the audio came from memory, without a download. */
  readonly fromMemory: boolean;
  /** Of a list that is done: how many of its recordings the server told in a way that cannot be read. */
  readonly unreadable: number;
  /** Once `done`; null for lists. */
  readonly verification: SaveVerification | null;
  /** Why it failed, or why it waits for another attempt. */
  readonly error: CodedError | null;
  /** When the next automatic attempt comes, on the main process's monotonic clock, ms. */
  readonly retryAtMono: number | null;
}

/** Everything that is being kept, limited in size: the counts are of all, the jobs the ones that matter most. */
export interface SavesView {
  readonly counts: Readonly<Record<SaveStatus, number>>;
  /**
   * When saves were added or cleared last: under way first, then paused, queued, failed, cancelled and done; after that
   * each keeps its place. At most 100; once nothing is under way, 500 failed ones and 100 others.
   */
  readonly jobs: readonly SaveJobView[];
  /** How many more there are than `jobs` shows. */
  readonly hidden: number;
  /** Of everything that downloads; null while nothing does. */
  readonly bytesPerSecond: number | null;
}

/** What a save command answers: how many saves it has queued; 0 where the user closed the dialog. */
export interface QueuedSaves {
  readonly queued: number;
}

/** What a file's name can be made of. */
export const namePlaceholders = ['start', 'remote', 'reference', 'local', 'direction', 'owner'] as const;

/** One of {@link namePlaceholders}. */
export type NamePlaceholder = (typeof namePlaceholders)[number];

/** The template of a new user. */
export const defaultNameTemplate = '{start} {remote} {reference}';

const placeholder = /\{([^{}]*)\}/g;

/**
 * Whether a text can name files: it has at least one placeholder, none that is unknown, and no stray brace.
 * @param template as a user types it
 */
export function isNameTemplate(template: string): boolean {
  const names = [...template.matchAll(placeholder)].map(([, name]) => name);
  const rest = template.replace(placeholder, '');
  return (
    names.length > 0 &&
    !/[{}]/.test(rest) &&
    names.every((name) => namePlaceholders.some((known) => known === name))
  );
}

/** The view of someone who has kept nothing. */
export function emptySavesView(): SavesView {
  return {
    counts: { queued: 0, downloading: 0, paused: 0, verifying: 0, done: 0, failed: 0, cancelled: 0 },
    jobs: [],
    hidden: 0,
    bytesPerSecond: null,
  };
}
