import { useRef, useState, type MouseEvent } from 'react';

import type { RecordingSummary } from '../../../src-main/shared/recording';
import { useSnapshot } from '../../store/context';
import type { BookView } from './page-book';

/** Several recordings that are selected together; without any, the row with the cursor is the selected one. */
export interface Marks {
  /** 0 or at least 1; of those that are still in the list. */
  readonly count: number;
  readonly ids: ReadonlySet<string>;
  /** Whether a row is drawn as selected. */
  isChosen(index: number, recording: RecordingSummary | null): boolean;
  /** What a command is about, in the order of the list. */
  chosen(): readonly RecordingSummary[];
  /** The main button went down on a row: with Shift the rows up to it, with Ctrl or Command one more or one less. */
  press(index: number, keys: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>): void;
  /** A key takes one more, or one less. */
  toggle(index: number): void;
  /** A key has moved the cursor with Shift held. */
  reach(index: number): void;
  /** Every row that has arrived, at most so many. */
  all(count: number, most: number): void;
  /** A menu opens on this one: the others stay selected only if it is one of them. */
  keepOnly(recording: RecordingSummary): void;
  clear(): void;
}

const none: ReadonlySet<string> = new Set();

/**
 * The selection of several rows. It goes by id, so that it stays with its recordings when new ones push them down.
 * @param view of the list
 * @param active the row with the cursor; -1: none
 */
export function useMarks(view: BookView, active: number): Marks {
  const isMac = useSnapshot((snapshot) => snapshot.environment.platform === 'darwin');
  const [marked, setMarked] = useState(none);
  /** From where Shift selects. */
  const anchor = useRef<number | null>(null);
  const present = [...marked].flatMap((id) => {
    const index = view.indexOf(id);
    return index === null ? [] : [index];
  });
  const select = (from: number, to: number) => {
    const ids = new Set<string>();
    for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) {
      const row = view.rowAt(index);
      if (row !== null) ids.add(row.id);
    }
    setMarked(ids);
  };
  const clear = () => {
    anchor.current = null;
    setMarked(none);
  };
  const toggle = (index: number) => {
    const row = view.rowAt(index);
    if (row === null) return;
    const cursor = present.length === 0 && active >= 0 ? view.rowAt(active) : null;
    const next = new Set(cursor === null || cursor.id === row.id ? marked : [cursor.id]);
    if (!next.delete(row.id)) next.add(row.id);
    anchor.current = index;
    setMarked(next);
  };
  const extend = (index: number) => {
    anchor.current ??= active < 0 ? index : active;
    select(anchor.current, index);
  };
  return {
    count: present.length,
    ids: marked,
    isChosen: (index, recording) =>
      present.length === 0 ? index === active : recording !== null && marked.has(recording.id),
    chosen: () =>
      (present.length === 0 ? [active] : [...present].sort((a, b) => a - b)).flatMap((index) => {
        const row = index < 0 ? null : view.rowAt(index);
        return row === null ? [] : [row];
      }),
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
    all: (count, most) => {
      select(0, Math.min(count, most) - 1);
    },
    keepOnly: (recording) => {
      if (!marked.has(recording.id)) clear();
    },
    clear,
  };
}
