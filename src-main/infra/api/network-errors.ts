import type { ErrorCode } from '../../shared/errors';

/** What a failure of the network means. */
export interface NetworkFailure {
  readonly code: ErrorCode;
  /** The network's own code, without Chromium's `net::`. */
  readonly networkCode: string | null;
  /** False only where it is certain that the server got nothing. */
  readonly maybeSent: boolean;
}

interface Rule {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly maybeSent?: true;
}

// Node's codes and Chromium's, first match wins.
const rules: readonly Rule[] = [
  // Proxies first: their codes contain the words of the others.
  {
    pattern: /^ERR_(?:MANDATORY_)?PROXY_|_PROXY_|PROXIES|^ERR_PAC_|^ERR_SOCKS_|^ERR_TUNNEL_/,
    code: 'proxy-failed',
  },
  { pattern: /^ERR_BLOCKED_BY_|^ERR_UNSUPPORTED_AUTH_SCHEME$/, code: 'proxy-failed' },
  {
    pattern:
      /^(?:ENOTFOUND|EAI_\w+|ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED|ERR_DNS_\w+|ERR_ICANN_\w+)$/,
    code: 'host-not-found',
  },
  { pattern: /^(?:ECONNREFUSED|ERR_CONNECTION_REFUSED)$/, code: 'connection-refused' },
  {
    pattern: /^(?:ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_ACCESS_DENIED)$/,
    code: 'offline',
  },
  { pattern: /^ERR_NETWORK_RESTARTED$/, code: 'network-restarted', maybeSent: true },
  // Our own time limits are told apart before; these come from the network.
  { pattern: /^ERR_CONNECTION_TIMED_OUT$/, code: 'timeout' },
  {
    pattern: /^(?:ETIMEDOUT|ECONNABORTED|EHOSTUNREACH|EHOSTDOWN|ERR_TIMED_OUT|ERR_ADDRESS_UNREACHABLE)$/,
    code: 'timeout',
    maybeSent: true,
  },
  {
    pattern:
      /CERT|^(?:UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_)|^ERR_SSL_(?:PINNED|OBSOLETE|KEY)/,
    code: 'tls-untrusted',
  },
  // Something answers, but it does not speak HTTP or TLS there.
  {
    pattern:
      /^(?:EPROTO|ERR_SSL_\w+|ERR_TLS_\w+|HPE_\w+|ERR_INVALID_HTTP_RESPONSE|ERR_RESPONSE_HEADERS_\w+)$/,
    code: 'not-this-server',
    maybeSent: true,
  },
  { pattern: /^ERR_(?:TOO_MANY_REDIRECTS|UNSAFE_REDIRECT|INVALID_REDIRECT)$/, code: 'redirected' },
  {
    pattern: /^ERR_(?:UNSAFE_PORT|INVALID_URL|DISALLOWED_URL_SCHEME|UNKNOWN_URL_SCHEME)$/,
    code: 'invalid-address',
  },
];

const networkCodePattern = /^[A-Z][A-Z0-9_]{2,79}$/;

/** The code of an error, of its cause, or of the first of several attempts; never its message, which may say more. */
function networkCodeOf(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 4) return null;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && networkCodePattern.test(code)) return code;
  const message = error instanceof Error ? error.message : '';
  const chromium = /^net::(ERR_[A-Z0-9_]+)/.exec(message)?.[1];
  if (chromium !== undefined) return chromium;
  if ('errors' in error && Array.isArray(error.errors)) return networkCodeOf(error.errors[0], depth + 1);
  return 'cause' in error ? networkCodeOf(error.cause, depth + 1) : null;
}

/**
 * What a rejected request means, by Node's or Chromium's code.
 * @param error whatever the network stack rejected with; nothing else of it is kept
 */
export function describeNetworkFailure(error: unknown): NetworkFailure {
  const networkCode = networkCodeOf(error);
  const rule = networkCode === null ? undefined : rules.find(({ pattern }) => pattern.test(networkCode));
  if (!rule) return { code: 'connection-lost', networkCode, maybeSent: true };
  return { code: rule.code, networkCode, maybeSent: rule.maybeSent ?? false };
}
