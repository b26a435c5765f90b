import type { Result } from '@shared/domain/errors';
import { fail } from '@shared/domain/errors';
import type { DesktopPort } from '../ports/desktop';
import type { SessionService } from '../account/session';

/**
 * The server's own pages for people: the vendor's web portal, at the `/fw/` below which the API lies, too (API
 * reference, base). No address of a single recording is documented, so this is as near as one gets; there, note and
 * preservation can be changed, which the API cannot do (§4).
 * @param serverAddress as the session has it: scheme, host, port and prefix
 * @returns null for anything but http and https
 */
export function serverPageOf(serverAddress: string): string | null {
  return /^https?:\/\/[^/\s]/i.test(serverAddress) ? `${serverAddress.replace(/\/+$/, '')}/fw/` : null;
}

/**
 * Opens the page of the server that the user is signed in to; a window has no say in which page that is.
 * @returns `signed-out`, or `browser-unavailable` where the desktop opens no page
 */
export function openServerPage(
  session: Pick<SessionService, 'current'>,
  desktop: Pick<DesktopPort, 'openPage'>,
): Promise<Result<null>> {
  const current = session.current();
  if (current === null) return Promise.resolve(fail('signed-out', 'details'));
  const page = serverPageOf(current.serverAddress);
  return page === null ? Promise.resolve(fail('invalid-address', 'details')) : desktop.openPage(page);
}
