import { useRef, useState } from 'react';

import { matchesNumber } from '@shared/domain/phone-number';
import type { RecordingsListView } from '../../services/recordings-list/contract';

/** Characters that follow each other within this time belong to one number, ms. */
const pauseMs = 1_000;

const digitsOf = (number: string) => number.replace(/\D/g, '');

/** Typing in the list goes to the next recording with that number. */
export interface TypeAhead {
  /** Whether a number is being typed: a space then belongs to it. */
  isTyping(): boolean;
  /** @returns whether the key is one that a number is typed with */
  type(key: string): boolean;
  /** The digits that no recording has which has arrived; null: none were typed, or they were found. */
  readonly missed: string | null;
  /** Something else was done. */
  forget(): void;
}

/**
 * Finds recordings by the number that is typed, among those that have arrived: one that begins with it, with or
 * without its international prefix, else one that contains it or is the same in another spelling.
 * @param view of the list
 * @param active the row with the cursor; -1: none
 * @param moveTo moves the cursor to a row
 */
export function useTypeAhead(
  view: RecordingsListView,
  active: number,
  moveTo: (index: number) => void,
): TypeAhead {
  const typed = useRef({ digits: '', at: -Infinity });
  const [missed, setMissed] = useState<string | null>(null);
  const isTyping = () => performance.now() - typed.current.at < pauseMs;
  return {
    isTyping,
    missed,
    forget: () => {
      typed.current = { digits: '', at: -Infinity };
      setMissed(null);
    },
    type: (key) => {
      if (!/^[\d+ ]$/.test(key)) return false;
      const goesOn = isTyping();
      const digits = (goesOn ? typed.current.digits : '') + digitsOf(key);
      typed.current = { digits, at: performance.now() };
      if (digits === '') return true;
      // A number that is typed on may still be the one of the row it has led to.
      const from = Math.max(0, goesOn && digits.length > 1 ? active : active + 1);
      const numberOf = (row: { readonly remotePartyNumber: string | null }) =>
        digitsOf(row.remotePartyNumber ?? '');
      const found =
        view.find(from, (row) => numberOf(row).startsWith(digits)) ??
        view.find(from, (row) => matchesNumber(row.remotePartyNumber ?? '', digits));
      setMissed(found === null ? digits : null);
      if (found !== null) moveTo(found);
      return true;
    },
  };
}
