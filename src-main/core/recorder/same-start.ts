/** How far two tellings of one start may differ, ms: servers round, and two nodes differ a little. */
export const sameStartMs = 2_000;

/**
 * Whether two tellings of a start may be of one recording.
 * @param a of one clock as `b`, ms; null where the server did not say
 */
export function isSameStart(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && Math.abs(a - b) <= sameStartMs;
}
