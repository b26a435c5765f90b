import type { CodedError, ErrorCode } from '@shared/domain/errors';

/** What in the form an error stands beside. */
export type FormPart = 'serverAddress' | 'username' | 'password' | 'line' | 'form';

const parts: Partial<Record<ErrorCode, FormPart>> = {
  'invalid-address': 'serverAddress',
  'invalid-username': 'username',
  'host-not-found': 'serverAddress',
  'connection-refused': 'serverAddress',
  'connection-lost': 'serverAddress',
  timeout: 'serverAddress',
  'tls-untrusted': 'serverAddress',
  'tls-self-signed': 'serverAddress',
  'tls-expired': 'serverAddress',
  'tls-wrong-name': 'serverAddress',
  'tls-weak': 'serverAddress',
  'tls-revoked': 'serverAddress',
  'tls-faulty': 'serverAddress',
  'tls-too-old': 'serverAddress',
  'client-certificate-required': 'serverAddress',
  'https-expected': 'serverAddress',
  'http-expected': 'serverAddress',
  'proxy-login': 'serverAddress',
  'proxy-failed': 'serverAddress',
  redirected: 'serverAddress',
  'not-this-server': 'serverAddress',
  malformed: 'serverAddress',
  'live-list-unavailable': 'serverAddress',
  unauthorized: 'password',
  locked: 'password',
  'no-line-given': 'line',
  'no-line-configured': 'line',
  'line-not-monitorable': 'line',
  'line-without-user': 'line',
  'invalid-mode': 'line',
  'device-not-manual': 'line',
};

const fields: Readonly<Record<string, FormPart>> = {
  serverAddress: 'serverAddress',
  username: 'username',
  password: 'password',
  line: 'line',
};

/**
 * Where in the form a failure belongs: the field that the error names, else what the code is about.
 * @param error of signing in
 */
export function blamedPart(error: CodedError): FormPart {
  const named =
    error.code === 'invalid-argument' ? fields[error.detail.field?.split('.')[0] ?? ''] : undefined;
  return named ?? parts[error.code] ?? 'form';
}
