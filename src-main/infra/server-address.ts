import type { Result } from '../shared/errors';
import { fail, succeed } from '../shared/errors';

const invalid = (): Result<string> => fail('invalid-address', 'sign-in', { field: 'serverAddress' });

/**
 * The address of a server as RecLight keeps it: scheme, host, port and path, without a trailing slash.
 * @param text what was typed or pasted; without a scheme https is meant, and the API's own path may be there
 * @returns `invalid-address` for anything else, and for an address that carries credentials
 */
export function normaliseAddress(text: string): Result<string> {
  const typed = text.trim();
  // A URL parser would mend these in ways that nobody means.
  if (typed === '' || /[\s\\\p{Cc}]/u.test(typed)) return invalid();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed.replace(/^\/+/, '')}`;
  if (!URL.canParse(withScheme)) return invalid();
  const url = new URL(withScheme);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return invalid();
  // What was given as user information is never used, and must not end up in the settings either.
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(withScheme)?.[1] ?? '';
  if (url.username !== '' || url.password !== '' || authority.includes('@')) return invalid();
  if (authority === '' || !/[a-z0-9\]]$/i.test(url.hostname) || url.port === '0') return invalid();
  const path = url.pathname
    .replace(/\/+/g, '/')
    .replace(/\/fw\/apps\/recorder(?:\/webapi(?:\/.*)?)?\/?$/i, '')
    .replace(/\/$/, '');
  return succeed(`${url.protocol}//${url.host}${path}`);
}
