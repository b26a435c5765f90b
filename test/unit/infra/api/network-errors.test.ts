import { describe, expect, it } from 'vitest';

import type { ErrorCode } from '@shared/domain/errors';
import { describeNetworkFailure } from '../../../../src-main/infra/api/network-errors';

const table: Readonly<Record<string, readonly [code: ErrorCode, maybeSent: boolean]>> = {
  ENOTFOUND: ['host-not-found', false],
  EAI_AGAIN: ['host-not-found', false],
  ERR_NAME_NOT_RESOLVED: ['host-not-found', false],
  ERR_DNS_TIMED_OUT: ['host-not-found', false],
  ECONNREFUSED: ['connection-refused', false],
  ERR_CONNECTION_REFUSED: ['connection-refused', false],
  ENETUNREACH: ['offline', false],
  ERR_INTERNET_DISCONNECTED: ['offline', false],
  ERR_NETWORK_ACCESS_DENIED: ['offline', false],
  ETIMEDOUT: ['timeout', true],
  EHOSTUNREACH: ['timeout', true],
  ERR_TIMED_OUT: ['timeout', true],
  ERR_CONNECTION_TIMED_OUT: ['timeout', false],
  ERR_ADDRESS_UNREACHABLE: ['timeout', true],
  ECONNRESET: ['connection-lost', true],
  EPIPE: ['connection-lost', true],
  ERR_CONNECTION_RESET: ['connection-lost', true],
  ERR_CONNECTION_CLOSED: ['connection-lost', true],
  ERR_EMPTY_RESPONSE: ['connection-lost', true],
  ERR_INCOMPLETE_CHUNKED_ENCODING: ['connection-lost', true],
  ERR_CONTENT_LENGTH_MISMATCH: ['connection-lost', true],
  ERR_NETWORK_CHANGED: ['connection-lost', true],
  ERR_NETWORK_IO_SUSPENDED: ['connection-lost', true],
  ERR_HTTP2_PROTOCOL_ERROR: ['connection-lost', true],
  ERR_HTTP2_PING_FAILED: ['connection-lost', true],
  ERR_FAILED: ['connection-lost', true],
  ERR_NETWORK_RESTARTED: ['network-restarted', true],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls-self-signed', false],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls-untrusted', false],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls-untrusted', false],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls-untrusted', false],
  CERT_UNTRUSTED: ['tls-untrusted', false],
  CERT_HAS_EXPIRED: ['tls-expired', false],
  CERT_NOT_YET_VALID: ['tls-expired', false],
  HOSTNAME_MISMATCH: ['tls-wrong-name', false],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls-wrong-name', false],
  ERR_CERT_AUTHORITY_INVALID: ['tls-untrusted', false],
  ERR_CERT_DATE_INVALID: ['tls-expired', false],
  ERR_CERT_COMMON_NAME_INVALID: ['tls-wrong-name', false],
  ERR_CERT_WEAK_SIGNATURE_ALGORITHM: ['tls-weak', false],
  ERR_CERT_WEAK_KEY: ['tls-weak', false],
  CA_MD_TOO_WEAK: ['tls-weak', false],
  EE_KEY_TOO_SMALL: ['tls-weak', false],
  ERR_CERT_REVOKED: ['tls-revoked', false],
  CERT_REVOKED: ['tls-revoked', false],
  ERR_CERT_INVALID: ['tls-faulty', false],
  ERR_CERT_CONTAINS_ERRORS: ['tls-faulty', false],
  ERR_CERTIFICATE_TRANSPARENCY_REQUIRED: ['tls-faulty', false],
  CERT_SIGNATURE_FAILURE: ['tls-faulty', false],
  INVALID_PURPOSE: ['tls-faulty', false],
  ERR_SSL_PINNED_KEY_NOT_IN_CERT_CHAIN: ['tls-faulty', false],
  ERR_SSL_CLIENT_AUTH_CERT_NEEDED: ['client-certificate-required', false],
  ERR_BAD_SSL_CLIENT_AUTH_CERT: ['client-certificate-required', false],
  ERR_SSL_VERSION_OR_CIPHER_MISMATCH: ['tls-too-old', false],
  ERR_SSL_OBSOLETE_VERSION: ['tls-too-old', false],
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ['tls-too-old', false],
  EPROTO: ['http-expected', true],
  ERR_SSL_PROTOCOL_ERROR: ['http-expected', true],
  ERR_SSL_WRONG_VERSION_NUMBER: ['http-expected', true],
  ERR_SSL_BAD_RECORD_MAC_ALERT: ['not-this-server', true],
  HPE_INVALID_CONSTANT: ['not-this-server', true],
  ERR_INVALID_HTTP_RESPONSE: ['not-this-server', true],
  ERR_PROXY_CONNECTION_FAILED: ['proxy-failed', false],
  ERR_PROXY_AUTH_REQUESTED: ['proxy-login', false],
  ERR_PROXY_AUTH_UNSUPPORTED: ['proxy-login', false],
  ERR_UNEXPECTED_PROXY_AUTH: ['proxy-login', false],
  ERR_PROXY_CERTIFICATE_INVALID: ['proxy-failed', false],
  ERR_MANDATORY_PROXY_CONFIGURATION_FAILED: ['proxy-failed', false],
  ERR_TUNNEL_CONNECTION_FAILED: ['proxy-failed', false],
  ERR_PAC_SCRIPT_FAILED: ['proxy-failed', false],
  ERR_NO_SUPPORTED_PROXIES: ['proxy-failed', false],
  ERR_SOCKS_CONNECTION_FAILED: ['proxy-failed', false],
  ERR_BLOCKED_BY_ADMINISTRATOR: ['proxy-failed', false],
  ERR_TOO_MANY_REDIRECTS: ['redirected', false],
  ERR_UNSAFE_REDIRECT: ['redirected', false],
  ERR_UNSAFE_PORT: ['invalid-address', false],
};

describe('describeNetworkFailure', () => {
  it.each(Object.entries(table))('%s', (networkCode, [code, maybeSent]) => {
    const expected = { code, networkCode, maybeSent };
    expect(describeNetworkFailure(Object.assign(new Error('x'), { code: networkCode }))).toEqual(expected);
    expect(describeNetworkFailure(new Error('x', { cause: { code: networkCode } }))).toEqual(expected);
    if (networkCode.startsWith('ERR_')) {
      expect(describeNetworkFailure(new Error(`net::${networkCode} at http://x/`))).toEqual(expected);
    }
  });

  it('hints at https where the request was taken and never answered over http (G5)', () => {
    const code = 'ERR_EMPTY_RESPONSE';
    expect(describeNetworkFailure({ code }, true)).toMatchObject({ code: 'https-expected', maybeSent: true });
    expect(describeNetworkFailure({ code }).code).toBe('connection-lost');
    expect(describeNetworkFailure({ code: 'ERR_CONNECTION_REFUSED' }, true).code).toBe('connection-refused');
  });

  it.each(['ERR_CONNECTION_CLOSED', 'ERR_CONNECTION_RESET', 'ECONNRESET'])(
    'does not take %s for a port that speaks TLS: a server that starts does the same',
    (code) => {
      expect(describeNetworkFailure({ code }, true)).toMatchObject({
        code: 'connection-lost',
        maybeSent: true,
      });
    },
  );

  it('takes the first of several attempts', () => {
    const error = new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' }), new Error()]);
    expect(describeNetworkFailure(error).code).toBe('connection-refused');
  });

  it.each([
    undefined,
    null,
    'ECONNREFUSED',
    7,
    new Error('secret'),
    { code: 'not a code: secret' },
    { code: 7 },
  ])('keeps nothing of %o', (error) => {
    expect(describeNetworkFailure(error)).toEqual({
      code: 'connection-lost',
      networkCode: null,
      maybeSent: true,
    });
  });

  it('does not follow causes for ever', () => {
    const error = new Error('round');
    error.cause = error;
    expect(describeNetworkFailure(error).code).toBe('connection-lost');
  });
});
