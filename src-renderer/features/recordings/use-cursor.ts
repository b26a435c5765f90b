import { useEffect, useState } from 'react';

import type { RecordingSummary } from '@shared/domain/recording';
import { useUi } from '../../services/context';
import type { RecordingsListView } from '../../services/recordings-list/contract';

const noCursor = { index: -1, of: null };

/** The row that keys are about. */
export interface Cursor {
  /** The row; -1: none. That of the selected recording, as long as its page is here. */
  readonly active: number;
  /** What keys are about: never another recording that has come to stand where the selected one was. */
  readonly selected: RecordingSummary | null;
  /** The id of the selected recording, also where nothing else is known of it. */
  readonly selectedId: string | null;
  /** Whether the selected recording is among those that have arrived. */
  readonly isPlaced: boolean;
  /** Moves it to a row, and selects the recording there. */
  put(index: number): void;
}

/** The cursor of a list. It stays with its recording, wherever new ones push it. */
export function useCursor(view: RecordingsListView): Cursor {
  const selectedId = useUi((ui) => ui.selectedId);
  const select = useUi((ui) => ui.select);
  const [cursor, setCursor] = useState<{ readonly index: number; readonly of: string | null }>(noCursor);
  const selectedIndex = selectedId === null ? null : view.indexOf(selectedId);
  if (selectedIndex !== null && (selectedIndex !== cursor.index || selectedId !== cursor.of)) {
    setCursor({ index: selectedIndex, of: selectedId });
  }
  const active = Math.min(selectedIndex ?? cursor.index, (view.rowCount ?? 0) - 1);
  const selected = selectedId === null ? view.rowAt(active) : view.recordingOf(selectedId);
  /** Whether the selected one was in this list and is gone: the row with the focus is then the next one to be selected. */
  const gone = selectedId !== null && selected === null && cursor.of === selectedId;
  const pendingId = (selectedId === null || gone) && active >= 0 ? (view.rowAt(active)?.id ?? null) : null;
  useEffect(() => {
    // A row that a key went to before it was there: now it can be told from those that come to stand in its place.
    if (pendingId !== null) select(pendingId);
  }, [pendingId, select]);
  return {
    active,
    selected,
    selectedId,
    isPlaced: selectedIndex !== null,
    put: (index) => {
      const id = view.rowAt(index)?.id ?? null;
      select(id);
      setCursor({ index, of: id });
    },
  };
}
