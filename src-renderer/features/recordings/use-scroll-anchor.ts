import { useLayoutEffect, useRef } from 'react';

import type { RecordingsListView, RecordingsList } from '../../services/recordings-list/contract';
import type { RowItem, RowWindow } from './row-window';

/** A row that was seen, and how far below the top of what was seen, px. */
interface Seen {
  readonly id: string;
  readonly distance: number;
}

/** Nearer to the top than this, px, and the top is what is being looked at. */
const nearTop = 24;

/**
 * Holds what is seen where it is while rows come and go above it: whoever reads, or is about to press, must not find
 * another recording under the pointer. Only where the top itself is seen, no row has the focus and the pointer is
 * elsewhere, new recordings appear there at once; else they are news.
 */
export function useScrollAnchor({
  book,
  view,
  rows,
  items,
  scrollTop,
  height,
}: {
  readonly book: RecordingsList;
  readonly view: RecordingsListView;
  readonly rows: RowWindow;
  readonly items: readonly RowItem[];
  readonly scrollTop: number;
  /** Height of all rows as they were drawn just now, px. */
  readonly height: number;
}): void {
  const seen = useRef<readonly Seen[]>([]);
  const former = useRef(view);
  const holding = useRef(false);
  useLayoutEffect(() => {
    const atTop = scrollTop < nearTop;
    if (former.current !== view) {
      former.current = view;
      holding.current = !atTop || rows.isInUse();
    }
    if (holding.current) {
      // The rows must be as high as they will be, or the place might not exist yet.
      if (height !== rows.view().height) return;
      for (const { id, distance } of seen.current) {
        const index = view.indexOf(id);
        if (index === null) continue;
        const held = rows.hold(index, distance);
        if (held === 'growing') return;
        holding.current = false;
        if (held === 'scrolled') return;
        break;
      }
      holding.current = false;
    }
    if (atTop) {
      book.seeTop();
      rows.settle();
    }
    seen.current = items.flatMap(({ index, top, end }) => {
      const id = end > scrollTop ? view.rowAt(index)?.id : undefined;
      return id === undefined ? [] : [{ id, distance: top - scrollTop }];
    });
  });
}
