import type { RecordingSummary } from '@shared/domain/recording';
import { pageAt, rowOf, type Layout } from './layout';

/** Recordings that must not be forgotten, wherever they go; each by its id in any case. */
export interface KeptRows {
  has(id: string): boolean;
  /** One that is kept, as it was last seen: it may have left the pages that are here; null where it never was. */
  recordingOf(id: string): RecordingSummary | null;
  /**
   * @param ids of all of them
   * @param followed those that are looked for when they have left their page
   * @param layout where they are now
   */
  keep(ids: readonly string[], followed: readonly string[], layout: Layout): void;
  /**
   * What new recordings have pushed off its page, or removed ones have pulled off it, is on one beside it.
   * @param former where the rows were
   * @param layout where they are now
   * @param pageCount how many pages there are to look on; 0: none is looked on
   * @param isCurrent whether what is known of a page is up to date
   */
  follow(former: Layout, layout: Layout, pageCount: number, isCurrent: (page: number) => boolean): void;
  /** The pages to look on next. */
  soughtPages(isCurrent: (page: number) => boolean): readonly number[];
  /** Nothing is looked for any more. */
  giveUp(): void;
  /** What was seen is of another list. */
  forget(): void;
}

const inLowerCase = (ids: readonly string[]): ReadonlySet<string> =>
  new Set(ids.map((id) => id.toLowerCase()));

/** Makes the memory of what is kept. */
export function createKeptRows(): KeptRows {
  let kept: ReadonlySet<string> = new Set();
  let remembered: ReadonlyMap<string, RecordingSummary> = new Map();
  let followed: ReadonlySet<string> = new Set();
  /** Pages on which a followed recording may be that is on none, the likeliest first. */
  const sought = new Map<string, readonly number[]>();

  const remember = (layout: Layout): void => {
    const found = new Map<string, RecordingSummary>();
    for (const id of kept) {
      const index = layout.indexes.get(id);
      const row = index === undefined ? remembered.get(id) : rowOf(layout, index);
      if (row) found.set(id, row);
    }
    remembered = found;
  };

  return {
    has: (id) => kept.has(id.toLowerCase()),
    recordingOf: (id) => remembered.get(id.toLowerCase()) ?? null,
    keep(ids, those, layout) {
      kept = inLowerCase(ids);
      followed = inLowerCase(those);
      remember(layout);
    },
    follow(former, layout, pageCount, isCurrent) {
      remember(layout);
      for (const id of followed) {
        const index = former.indexes.get(id);
        if (layout.indexes.has(id)) sought.delete(id);
        else if (index !== undefined && pageCount > 0) {
          const moved = index + (layout.starts.at(-1) ?? 0) - (former.starts.at(-1) ?? 0);
          const page = pageAt(layout, Math.max(0, moved));
          sought.set(
            id,
            [page, page + 1, page - 1].filter((beside) => beside >= 0 && beside < pageCount),
          );
        }
      }
      for (const [id, beside] of [...sought]) {
        if (!followed.has(id) || beside.every(isCurrent)) sought.delete(id);
      }
    },
    // One after the other: the likeliest place is mostly the right one.
    soughtPages: (isCurrent) =>
      [...sought.values()].flatMap((places) => places.find((page) => !isCurrent(page)) ?? []),
    giveUp() {
      sought.clear();
    },
    forget() {
      remembered = new Map();
    },
  };
}
