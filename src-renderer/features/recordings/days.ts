/** Height of a row, px. */
export const rowHeight = 48;

/** Height of a day's heading, px. */
export const headingHeight = 26;

/**
 * How many headings stand above the rows before one; its own does not count.
 * @param headings rows that have one, ascending
 * @param index of the row
 */
export function headingsBefore(headings: readonly number[], index: number): number {
  let low = 0;
  let high = headings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((headings[middle] ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Whether a row begins a day, so that the day's heading stands above it.
 * @param headings rows that have one, ascending
 * @param index of the row
 */
export function beginsDay(headings: readonly number[], index: number): boolean {
  return headings[headingsBefore(headings, index)] === index;
}
