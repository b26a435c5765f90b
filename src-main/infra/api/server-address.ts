import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';

const invalid = (): Result<string> => fail('invalid-address', 'sign-in', { field: 'serverAddress' });

/**
 * What follows the prefix of a site: the vendor's web portal at `/fw` with its pages, and the API below it (API
 * reference, base).
 */
const portalPath = /(?:\/fw)+(?:\/apps(?:\/.*)?|\/[^/]+\.(?:aspx?|html?))?$/i;

/**
 * The address of a server as RecLight keeps it: scheme, host, port and path, without a trailing slash.
 * @param text what was typed or pasted; without a scheme https is meant; the path of the API or of a page of the portal is cut off
 * @returns `invalid-address` for anything else, and for an address that carries credentials
 */
export function normaliseAddress(text: string): Result<string> {
  const typed = text.trim();
  // A URL parser would repair these silently, into another address.
  if (typed === '' || /[\s\\\p{Cc}]/u.test(typed)) return invalid();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed.replace(/^\/+/, '')}`;
  if (!URL.canParse(withScheme)) return invalid();
  const url = new URL(withScheme);
  // A fully qualified name may end with a dot; certificates and keychain entries have none.
  url.hostname = url.hostname.replace(/\.$/, '');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return invalid();
  // What was given as user information is never used, and must not end up in the settings either.
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(withScheme)?.[1] ?? '';
  if (url.username !== '' || url.password !== '' || authority.includes('@')) return invalid();
  if (authority === '' || !/[a-z0-9\]]$/i.test(url.hostname) || url.port === '0') return invalid();
  const path = url.pathname.replace(/\/+/g, '/').replace(/\/$/, '').replace(portalPath, '');
  return succeed(`${url.protocol}//${url.host}${path}`);
}
