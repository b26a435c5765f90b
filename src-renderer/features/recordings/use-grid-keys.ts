import { useEffect, type KeyboardEvent } from 'react';

import type { RecordingSummary } from '@shared/domain/recording';
import type { Cursor } from './use-cursor';
import type { Selection } from './use-selection';
import type { TypeAhead } from './use-type-ahead';

/** What becomes of the selected rows when the cursor is moved: they are given up, reach up to it, or stay. */
export type SelectionChange = 'cleared' | 'extended' | 'alone';

/** What keys act on. */
export interface GridKeyTargets {
  readonly cursor: Cursor;
  readonly selection: Selection;
  readonly typeAhead: TypeAhead;
  /** Rows of the list. */
  readonly count: number;
  moveTo(index: number, change?: SelectionChange): void;
  /** Rows that *Page up* and *Page down* go. */
  pageRows(): number;
  play(recording: RecordingSummary): void;
  copy(recording: RecordingSummary): void;
  /** Opens the menu of the row with the cursor. */
  openMenu(recording: RecordingSummary): void;
}

/** With Ctrl or Command. @returns whether the key is one of the list's */
function commandKey(key: string, { cursor, selection, copy }: GridKeyTargets): boolean {
  switch (key.toLowerCase()) {
    case 'c':
      if (cursor.selected !== null) copy(cursor.selected);
      return true;
    case 'a':
      selection.all();
      return true;
    default:
      return false;
  }
}

/** The row that a key moves the cursor to; null where it is no such key. */
function targetOf(key: string, { cursor: { active }, count, pageRows }: GridKeyTargets): number | null {
  switch (key) {
    case 'ArrowDown':
      return active + 1;
    case 'ArrowUp':
      return active < 0 ? 0 : active - 1;
    case 'PageDown':
      return Math.max(0, active) + pageRows();
    case 'PageUp':
      return active - pageRows();
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** @returns whether the key is one of the list's */
function plainKey(event: KeyboardEvent, targets: GridKeyTargets): boolean {
  const { cursor, moveTo, play, openMenu } = targets;
  const { key, shiftKey } = event;
  const target = targetOf(key, targets);
  if (target !== null) {
    moveTo(target, shiftKey && key.startsWith('Arrow') ? 'extended' : 'cleared');
    return true;
  }
  const recording = cursor.selected;
  if (key === 'Enter') {
    if (recording !== null) play(recording);
    return true;
  }
  if (recording === null || !(key === 'ContextMenu' || (key === 'F10' && shiftKey))) return false;
  openMenu(recording);
  return true;
}

/** @returns whether the key is one of the list's */
function handleKey(event: KeyboardEvent, targets: GridKeyTargets): boolean {
  const { cursor, selection, typeAhead, moveTo } = targets;
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if ((ctrlKey || metaKey) && commandKey(key, targets)) return true;
  if (metaKey || altKey) return false;
  if (key === ' ' && !typeAhead.isTyping()) {
    selection.toggle(cursor.active);
    return true;
  }
  if (ctrlKey) {
    typeAhead.forget();
    // The cursor alone moves: what is selected stays so.
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || shiftKey) return false;
    moveTo(cursor.active + step, 'alone');
    return true;
  }
  if (typeAhead.type(key)) return true;
  typeAhead.forget();
  return plainKey(event, targets);
}

/** What keys do in the list: move the cursor, select, find by number, play, copy, open the menu. */
export function useGridKeys(targets: GridKeyTargets): (event: KeyboardEvent) => void {
  return (event) => {
    if (handleKey(event, targets)) event.preventDefault();
  };
}

/**
 * Saves with Ctrl+S or Command+S, wherever the focus is.
 * @param isReachable whether the list can be seen: nothing is saved that one does not see
 */
export function useSaveKey(isReachable: boolean, save: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.shiftKey || event.repeat) return;
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
      if (!isReachable) return;
      event.preventDefault();
      save();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  });
}
