import type { ErrorCode } from '@shared/domain/errors';

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
    pattern: /^ERR_PROXY_AUTH_|^ERR_(?:UNSUPPORTED|UNEXPECTED_PROXY)_AUTH|^ERR_MISSING_AUTH_CREDENTIALS$/,
    code: 'proxy-login',
  },
  {
    pattern: /^ERR_(?:MANDATORY_)?PROXY_|_PROXY_|PROXIES|^ERR_PAC_|^ERR_SOCKS_|^ERR_TUNNEL_/,
    code: 'proxy-failed',
  },
  { pattern: /^ERR_BLOCKED_BY_/, code: 'proxy-failed' },
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
  { pattern: /CLIENT_AUTH/, code: 'client-certificate-required' },
  { pattern: /^DEPTH_ZERO_SELF_SIGNED_CERT$/, code: 'tls-self-signed' },
  {
    pattern:
      /^(?:ERR_CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|CERT_(?:NOT_)?(?:BEFORE|AFTER)_\w+)$/,
    code: 'tls-expired',
  },
  {
    pattern: /^(?:ERR_CERT_COMMON_NAME_INVALID|ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    code: 'tls-wrong-name',
  },
  { pattern: /^ERR_CERT_WEAK_|^(?:EE|CA|CERT)_(?:KEY|MD)_TOO_(?:SMALL|WEAK)$/, code: 'tls-weak' },
  { pattern: /REVOKED$/, code: 'tls-revoked' },
  {
    pattern: /^(?:ERR_CERT_AUTHORITY_INVALID|SELF_SIGNED_CERT_IN_CHAIN|CERT_UNTRUSTED)$|^UNABLE_TO_/,
    code: 'tls-untrusted',
  },
  {
    pattern: /CERT|^(?:INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_)|^ERR_SSL_(?:PINNED|KEY)/,
    code: 'tls-faulty',
  },
  {
    pattern:
      /^ERR_SSL_(?:VERSION_OR_CIPHER_MISMATCH|OBSOLETE\w*|UNSUPPORTED_PROTOCOL|WEAK\w*)$|_ALERT_PROTOCOL_VERSION$/,
    code: 'tls-too-old',
  },
  // What answers a greeting of TLS with something else.
  {
    pattern:
      /^(?:EPROTO|ERR_SSL_PROTOCOL_ERROR|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/,
    code: 'http-expected',
    maybeSent: true,
  },
  // Something answers, but it does not speak HTTP there.
  {
    pattern: /^(?:ERR_SSL_\w+|ERR_TLS_\w+|HPE_\w+|ERR_INVALID_HTTP_RESPONSE|ERR_RESPONSE_HEADERS_\w+)$/,
    code: 'not-this-server',
    maybeSent: true,
  },
  { pattern: /^ERR_(?:TOO_MANY_REDIRECTS|UNSAFE_REDIRECT|INVALID_REDIRECT)$/, code: 'redirected' },
  {
    pattern: /^ERR_(?:UNSAFE_PORT|INVALID_URL|DISALLOWED_URL_SCHEME|UNKNOWN_URL_SCHEME)$/,
    code: 'invalid-address',
  },
];

/**
 * The request was taken and the connection then closed in order without a word, as a port does that speaks TLS and is
 * spoken to without. A connection that is reset tells nothing: a server that starts does that, too.
 */
const silence = 'ERR_EMPTY_RESPONSE';

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
 * @param isStranger whether it was asked over http, and has never answered yet
 */
export function describeNetworkFailure(error: unknown, isStranger = false): NetworkFailure {
  const networkCode = networkCodeOf(error);
  const rule = networkCode === null ? undefined : rules.find(({ pattern }) => pattern.test(networkCode));
  if (!rule) {
    const code = isStranger && networkCode === silence ? 'https-expected' : 'connection-lost';
    return { code, networkCode, maybeSent: true };
  }
  return { code: rule.code, networkCode, maybeSent: rule.maybeSent ?? false };
}
