import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';

import type { RecordingsList, RecordingsListView } from '../../services/recordings-list/contract';
import { rowHeight } from './days';
import { createRowWindow, type RowWindow, type RowWindowView } from './row-window';
import { useScrollAnchor } from './use-scroll-anchor';

/** The rows that exist now, and how to get to others. */
export interface GridRows extends Pick<RowWindowView, 'items' | 'first' | 'drawnHeight' | 'scrollTop'> {
  /** For the element that scrolls. */
  readonly attach: (element: HTMLDivElement) => () => void;
  /** Brings a row in sight that the cursor has been moved to, also where its page has yet to arrive. */
  show(index: number): void;
  /** The user scrolls: a row that has yet to arrive is not gone to any more. */
  leave(): void;
  scrollToTop(): void;
  /** Rows that *Page up* and *Page down* go. */
  pageRows(): number;
}

/**
 * Brings a row in sight once more when it arrives: with its page come headings, which push it on.
 * @returns tells which row is to arrive; null: none
 */
function useArrival(
  rows: RowWindow,
  view: RecordingsListView,
  active: number,
  height: number,
): (index: number | null) => void {
  /** The row that a key went to before it was there. */
  const arriving = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (arriving.current === null) return;
    const isDrawn = height === rows.view().height;
    if (arriving.current === active) rows.show(active);
    if (arriving.current !== active || (isDrawn && view.rowAt(active) !== null)) arriving.current = null;
  });
  return (index) => {
    arriving.current = index;
  };
}

/**
 * Draws the rows in sight, and has only their pages fetched.
 * @param active the row with the cursor, which exists also where it is out of sight; -1: none
 */
export function useGridRows(book: RecordingsList, view: RecordingsListView, active: number): GridRows {
  const count = view.rowCount ?? 0;
  const [rows] = useState(createRowWindow);
  const { items, first, last, height, drawnHeight, scrollTop } = useSyncExternalStore(
    rows.subscribe,
    rows.view,
  );
  const attach = useCallback((element: HTMLDivElement) => rows.attach(element), [rows]);
  useLayoutEffect(() => {
    rows.keep(active);
  }, [rows, active]);
  useLayoutEffect(() => {
    rows.layOut(count, view.headings);
  }, [rows, view, count]);
  useScrollAnchor({ book, view, rows, items, scrollTop, height });
  const expect = useArrival(rows, view, active, height);
  useEffect(() => {
    book.need(first, last);
  }, [book, first, last, count]);
  return {
    items,
    first,
    drawnHeight,
    scrollTop,
    attach,
    show: (index) => {
      expect(view.rowAt(index) === null ? index : null);
      rows.show(index);
    },
    leave: () => {
      expect(null);
    },
    scrollToTop: () => {
      rows.scrollToTop();
    },
    pageRows: () => Math.max(1, Math.floor(rows.viewportHeight() / rowHeight) - 1),
  };
}
