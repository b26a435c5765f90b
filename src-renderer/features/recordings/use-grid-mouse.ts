import { useRef, type MouseEvent } from 'react';

import type { RecordingSummary } from '@shared/domain/recording';
import type { RecordingsListView } from '../../services/recordings-list/contract';
import { rowIndexOf } from './row-element';
import type { Cursor } from './use-cursor';
import type { Selection } from './use-selection';

/** What the mouse acts on. */
export interface GridMouseTargets {
  readonly view: RecordingsListView;
  readonly cursor: Cursor;
  readonly selection: Selection;
  /** A number that was being typed is over. */
  forgetTyped(): void;
  play(recording: RecordingSummary): void;
  openMenu(recording: RecordingSummary, x: number, y: number): void;
}

/** What the mouse does, for the grid. */
export interface GridMouse {
  onMouseDown(event: MouseEvent): void;
  onDoubleClick(event: MouseEvent): void;
  onContextMenu(event: MouseEvent): void;
}

/** What the mouse does in the list: select, play, open the menu. */
export function useGridMouse(targets: GridMouseTargets): GridMouse {
  const { view, cursor, selection, forgetTyped, play, openMenu } = targets;
  /** The recordings of the last two presses: where rows move in between, it is unclear which one was meant. */
  const pressed = useRef<readonly (string | undefined)[]>([]);
  return {
    onMouseDown: (event) => {
      const index = rowIndexOf(event.target);
      forgetTyped();
      if (index === null || event.button !== 0) return;
      pressed.current = [pressed.current.at(-1), view.rowAt(index)?.id];
      selection.press(index, event);
      // The row may have the focus already, while what is selected is elsewhere.
      if (!cursor.isPlaced) cursor.put(index);
    },
    onDoubleClick: (event) => {
      // A mouse that bounces presses twice two times: that is one wish.
      if (event.detail > 2) return;
      const index = rowIndexOf(event.target);
      const recording = index === null ? null : view.rowAt(index);
      if (recording !== null && pressed.current.every((id) => id === recording.id)) play(recording);
    },
    onContextMenu: (event) => {
      event.preventDefault();
      const index = rowIndexOf(event.target);
      const recording = index === null ? null : view.rowAt(index);
      if (recording === null || index === null) return;
      selection.keepOnly(recording);
      cursor.put(index);
      openMenu(recording, event.clientX, event.clientY);
    },
  };
}
