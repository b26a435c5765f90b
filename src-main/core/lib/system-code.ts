/**
 * The code of a failed call of Node or Electron (`ENOENT`, `ERR_FAILED`); nothing else of the error, whose message may
 * name a path or an address.
 * @param error whatever was thrown
 * @returns null where it has none
 */
export function systemCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : null;
}
