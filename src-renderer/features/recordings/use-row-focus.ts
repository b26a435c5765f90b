import { useEffect, useRef, type FocusEvent } from 'react';

import { rowElementId, rowIndexOf } from './row-element';

/** Keeps the focus on the row with the cursor. */
export interface RowFocus {
  /**
   * The cursor is moved: the focus goes with it, from wherever it is, as soon as the row exists.
   * @param moves whether it goes to another row
   */
  follow(moves: boolean): void;
  /** For the grid. */
  onFocus(event: FocusEvent): void;
  onBlur(event: FocusEvent): void;
}

/**
 * Lets the focus go with the selected recording: to where a key moved it, or where new recordings pushed it.
 * @param grid the id of the grid's rows
 * @param active the row with the cursor; -1: none
 * @param put moves the cursor to a row that has got the focus by itself
 */
export function useRowFocus(grid: string, active: number, put: (index: number) => void): RowFocus {
  /** Whether a key has moved to a row that does not exist yet: the one left may be gone before it comes. */
  const moving = useRef(false);
  /** Whether the row with the focus goes before the one exists that the focus belongs to. */
  const leaving = useRef(false);
  /** The row that has the focus, or had it when it went: the browser does not tell that a row has taken it along. */
  const holder = useRef<Element | null>(null);
  useEffect(() => {
    const focused = rowIndexOf(document.activeElement);
    const tookIt = holder.current?.isConnected === false;
    const lost = (leaving.current || tookIt) && document.activeElement === document.body;
    if (active < 0 || focused === active || (focused === null && !moving.current && !lost)) return;
    const row = document.getElementById(rowElementId(grid, active));
    leaving.current = row === null;
    if (row === null) return;
    moving.current = false;
    row.focus({ preventScroll: true });
  });
  return {
    follow: (moves) => {
      moving.current = moves;
    },
    onFocus: (event) => {
      const index = rowIndexOf(event.target);
      if (index !== null) holder.current = event.target;
      if (index !== null && index !== active) put(index);
    },
    onBlur: (event) => {
      if (event.target.isConnected) holder.current = null;
    },
  };
}
