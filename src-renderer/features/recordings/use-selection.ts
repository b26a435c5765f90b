import { useEffect, useRef, useState, type MouseEvent } from 'react';

import { sameRecordingId, type RecordingSummary } from '@shared/domain/recording';
import { useSnapshot } from '../../services/context';
import type { RecordingsListView, RecordingsList, RowRange } from '../../services/recordings-list/contract';

/** Several recordings that are selected together; without any, the recording with the cursor is the selected one. */
export interface Selection {
  /** 0 or at least 1; of those that are still in the list, whether or not their pages are here. */
  readonly count: number;
  readonly ids: ReadonlySet<string>;
  /** Whether more were wanted than can be selected. */
  readonly capped: boolean;
  /** Whether rows are fetched that are about to be selected: until they are here nothing else is. */
  readonly waiting: boolean;
  /** Whether some of the rows that were to be selected could not be had. */
  readonly partial: boolean;
  /** Whether a row is drawn as selected. */
  isChosen(index: number, recording: RecordingSummary | null): boolean;
  /** What a command is about, newest first; nothing while waiting. */
  chosen(): readonly RecordingSummary[];
  /** The main button went down on a row: with Shift the rows up to it, with Ctrl or Command one more or one less. */
  press(index: number, keys: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>): void;
  /** A key takes one more, or one less. */
  toggle(index: number): void;
  /** A key has moved the cursor with Shift held. */
  reach(index: number): void;
  /** Every row, as many as can be selected. */
  all(): void;
  /** A menu opens on this one: the others stay selected only if it is one of them. */
  keepOnly(recording: RecordingSummary): void;
  clear(): void;
}

/** A row, and the recording in it if that is known: it may move. */
interface Place {
  readonly index: number;
  readonly id: string | null;
}

/** Rows that are to be selected. */
interface Stretch {
  readonly from: Place;
  /** null: to the end. */
  readonly to: Place | null;
}

const none: ReadonlySet<string> = new Set();

/**
 * The selection of several rows. It goes by id, so that it stays with its recordings when new ones push them down, or
 * off the pages that are here.
 * @param options.active the row with the cursor; -1: none
 * @param options.selected the recording with the cursor, wherever it is now
 * @param options.selectedId its id, also where nothing else is known of it
 * @param options.most how many can be selected
 */
export function useSelection({
  book,
  view,
  active,
  selected,
  selectedId,
  most,
}: {
  readonly book: RecordingsList;
  readonly view: RecordingsListView;
  readonly active: number;
  readonly selected: RecordingSummary | null;
  readonly selectedId: string | null;
  readonly most: number;
}): Selection {
  const isMac = useSnapshot((snapshot) => snapshot.environment.platform === 'darwin');
  const [selectedIds, setSelectedIds] = useState(none);
  const [capped, setCapped] = useState(false);
  const [awaited, setAwaited] = useState<Stretch | null>(null);
  const [partial, setPartial] = useState(false);
  /** From where Shift selects. */
  const anchor = useRef<Place | null>(null);
  const present = [...selectedIds].flatMap((id) => view.recordingOf(id) ?? []);
  const count = view.rowCount ?? 0;

  const placeOf = (index: number): Place => ({ index, id: view.rowAt(index)?.id ?? null });
  const indexNow = ({ index, id }: Place) => (id === null ? null : view.indexOf(id)) ?? index;
  const rangeOf = ({ from, to }: Stretch): RowRange => {
    const begin = indexNow(from);
    // Where RecLight itself looks for rows, there may be more than it has found.
    const end = to !== null ? indexNow(to) : view.scan === null ? count - 1 : Math.max(count, most) - 1;
    return {
      first: Math.min(begin, Math.max(end, begin - most + 1)),
      last: Math.max(begin, Math.min(end, begin + most - 1)),
    };
  };
  /** Whether nothing more is to come of these rows: what failed is tried again only when asked. */
  const isSettled = (range: RowRange) => view.holds(range) || (view.error !== null && !view.loading);
  const adopt = ({ from, to }: Stretch, { first, last }: RowRange) => {
    const ids = new Set<string>();
    for (let index = first; index <= last; index += 1) {
      const row = view.rowAt(index);
      if (row !== null) ids.add(row.id);
    }
    setSelectedIds(ids);
    setPartial(!view.holds({ first, last }));
    setCapped(to === null ? count > most : Math.abs(indexNow(to) - indexNow(from)) >= most);
    setAwaited(null);
  };
  const select = (stretch: Stretch) => {
    const range = rangeOf(stretch);
    if (isSettled(range)) adopt(stretch, range);
    else setAwaited(stretch);
  };

  const range = awaited === null ? null : rangeOf(awaited);
  if (awaited !== null && range !== null && isSettled(range)) adopt(awaited, range);
  const { first, last } = range ?? { first: -1, last: -1 };
  useEffect(() => {
    book.reach(first < 0 ? null : { first, last });
  }, [book, first, last]);

  const clear = () => {
    anchor.current = null;
    setSelectedIds(none);
    setPartial(false);
    setCapped(false);
    setAwaited(null);
  };
  const toggle = (index: number) => {
    const row = view.rowAt(index);
    if (row === null) return;
    const alone = present.length === 0 && selected !== null && selected.id !== row.id;
    const next = new Set(alone ? [selected.id] : selectedIds);
    if (!next.delete(row.id)) next.add(row.id);
    anchor.current = placeOf(index);
    setAwaited(null);
    setPartial(false);
    setCapped(next.size > most);
    if (next.size <= most) setSelectedIds(next);
  };
  const extend = (index: number) => {
    anchor.current ??= placeOf(active < 0 ? index : active);
    select({ from: anchor.current, to: placeOf(index) });
  };
  return {
    count: present.length,
    ids: selectedIds,
    capped,
    waiting: awaited !== null,
    partial,
    isChosen: (index, recording) => {
      if (present.length > 0) return recording !== null && selectedIds.has(recording.id);
      if (selectedId === null) return index === active;
      return recording !== null && sameRecordingId(recording.id, selectedId);
    },
    chosen: () => {
      if (awaited !== null) return [];
      if (present.length === 0) return selected === null ? [] : [selected];
      const place = ({ id }: RecordingSummary) => view.indexOf(id) ?? Infinity;
      return present.sort((a, b) => b.startTime - a.startTime || place(a) - place(b));
    },
    press: (index, { ctrlKey, metaKey, shiftKey }) => {
      if (shiftKey) {
        extend(index);
        return;
      }
      // On a Mac, Control and a click open the menu.
      if (!(isMac ? metaKey : ctrlKey)) {
        clear();
        return;
      }
      toggle(index);
    },
    toggle,
    reach: extend,
    all: () => {
      select({ from: { index: 0, id: null }, to: null });
    },
    keepOnly: (recording) => {
      if (awaited !== null || !selectedIds.has(recording.id)) clear();
    },
    clear,
  };
}
