import type { ActiveRecording } from '@shared/domain/recording';

/** `DOMAIN\user` and `user@domain` name the same directory user as `user` does. */
function parts(name: string): { readonly user: string; readonly isQualified: boolean } {
  const lower = name.trim().toLowerCase();
  const user = lower.replace(/^[^\\]*\\/u, '').replace(/@.*$/u, '');
  return { user, isQualified: user !== lower };
}

/**
 * Whether two names mean the same user. A name without a domain matches any domain; two domains must be equal.
 * @param a as typed at the sign-in, or as the server writes it
 */
export function isSameUser(a: string, b: string): boolean {
  if (a.trim().toLowerCase() === b.trim().toLowerCase()) return true;
  const [first, second] = [parts(a), parts(b)];
  return first.user !== '' && first.user === second.user && !(first.isQualified && second.isQualified);
}

/**
 * Which of the entries that a list filtered by user name returned are this user's (API reference §6). A user may sign in
 * under another name than the server lists, so an entry need not carry the name that was asked for.
 * @param recordings the answer
 * @param username the name that was asked for
 * @returns nothing where the entries name several users: that server ignores the filter
 */
export function ownedByFilter(
  recordings: readonly ActiveRecording[],
  username: string,
): readonly ActiveRecording[] {
  const named = recordings.filter(({ localUsername }) => localUsername !== null);
  const matching = named.filter(({ localUsername }) => isSameUser(localUsername ?? '', username));
  const names = new Set(named.map(({ localUsername }) => localUsername?.toLowerCase()));
  if (matching.length === named.length || (matching.length === 0 && names.size === 1)) return recordings;
  return recordings.filter((recording) => recording.localUsername === null || matching.includes(recording));
}
