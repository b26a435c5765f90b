import type { SaveStatus } from '@shared/domain/saves';

/** How many ended saves stay in the queue until the user clears them. */
export interface EndedLimits {
  /** Done or cancelled: no action is needed. */
  readonly finished: number;
  /** Failed: the user may try each of them again. */
  readonly failed: number;
}

/** Failed ones may fill a whole queue before the oldest of them goes. */
export const endedLimits: EndedLimits = { finished: 500, failed: 2_000 };

/** A save, as far as it matters whether it stays. */
export interface EndedSave {
  readonly id: string;
  readonly status: SaveStatus;
  /** Grows with every end; null where it has not ended. */
  readonly endedAs: number | null;
}

/**
 * The ended saves that are too many: of each kind those that ended first.
 * @param saves of the whole queue; those that have not ended are left out
 * @returns their ids
 */
export function surplusSaves(saves: readonly EndedSave[], limits = endedLimits): ReadonlySet<string> {
  const ended = saves
    .filter((save): save is EndedSave & { readonly endedAs: number } => save.endedAs !== null)
    .sort((a, b) => b.endedAs - a.endedAs);
  const failed = ended.filter(({ status }) => status === 'failed');
  const finished = ended.filter(({ status }) => status === 'done' || status === 'cancelled');
  return new Set([...failed.slice(limits.failed), ...finished.slice(limits.finished)].map(({ id }) => id));
}
