import type { Line } from './recording';
import { scopeHash } from './scope-hash';
import type { Settings } from '../ipc/settings';

/** How many users of one computer have their lines remembered. */
export const maxLines = 32;

/** What of the settings is about lines and whose they are. */
type LineSettings = Pick<Settings, 'account' | 'line' | 'lines'>;

const noLine: Line = { directoryNumber: null, deviceName: null, mode: 'media-forking' };

/** Whether two usernames are one user's: a directory compares them without case. */
function isSameUser(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** Whether another user than this one was signed in last. */
export function isOtherUser({ account }: Pick<Settings, 'account'>, username: string): boolean {
  return account.username !== null && !isSameUser(account.username, username);
}

const scopeOf = (serverAddress: string, username: string) => scopeHash(serverAddress.trim(), username.trim());

/**
 * The line to fill in for a user. Never another user's: a start on it would record a colleague's phone.
 * @param settings as they are before the sign-in
 * @param serverAddress as the settings have it: scheme, host, port and prefix
 */
export function lineFor(settings: LineSettings, serverAddress: string, username: string): Line {
  if (!isOtherUser(settings, username)) return settings.line;
  const scope = scopeOf(serverAddress, username);
  return settings.lines.findLast((entry) => entry.scope === scope)?.line ?? noLine;
}

/** The remembered lines with that of the user who was signed in last; without an entry where there is no line. */
export function withOwnLine({
  account: { serverAddress, username },
  line,
  lines,
}: LineSettings): Settings['lines'] {
  if (serverAddress === null || username === null) return lines;
  const scope = scopeOf(serverAddress, username);
  const others = lines.filter((entry) => entry.scope !== scope);
  if (line.directoryNumber === null && line.deviceName === null) return others;
  return [...others, { scope, line }].slice(-maxLines);
}
