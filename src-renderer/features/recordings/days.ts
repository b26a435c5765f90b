import { startOfDay } from '../../ui/format';
import type { BookView } from './page-book';

/** Height of a row, px. */
export const rowHeight = 48;

/** Height of a day's heading, px. */
export const headingHeight = 26;

/**
 * Whether a row begins a day, so that the day's heading stands above it. Only where the row before it is known: a
 * heading must not come and go while pages arrive.
 * @param view of the list
 * @param index of the row
 */
export function beginsDay(view: BookView, index: number): boolean {
  const row = view.rowAt(index);
  if (row === null) return false;
  if (index === 0) return true;
  const before = view.rowAt(index - 1);
  return before !== null && startOfDay(before.startTime) !== startOfDay(row.startTime);
}
