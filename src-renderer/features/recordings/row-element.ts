/** The index of the row that an element belongs to, or null. */
export function rowIndexOf(target: EventTarget | null): number | null {
  const row = target instanceof Element ? target.closest('[role="row"]') : null;
  const index = row?.getAttribute('data-index');
  return index === null || index === undefined ? null : Number(index);
}

/**
 * The id of a row's element.
 * @param grid the id of its grid
 */
export function rowElementId(grid: string, index: number): string {
  return `${grid}-${index}`;
}
