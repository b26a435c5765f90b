/** What RecLight was doing when something failed; chooses no message by itself, but is logged and copyable. */
export type Operation =
  | 'start'
  | 'stop'
  | 'pause'
  | 'resume'
  | 'active'
  | 'list'
  | 'details'
  | 'download'
  | 'upload'
  | 'probe'
  | 'sign-in'
  | 'settings'
  | 'hotkey'
  | 'file'
  | 'ipc';

/**
 * Every way in which something can fail. One code, one sentence for the user, one next step
 * (`text/error-messages.ts`). The numbers are the API reference's `status/reason`.
 */
export const errorCodes = [
  // Reaching the server
  'invalid-address', // what was typed is no http(s) address
  'invalid-username', // a colon in it: Basic authentication would take what follows for the password
  'host-not-found',
  'connection-refused',
  'connection-lost', // reset or cut, before or in the middle of an answer
  'timeout',
  'not-sent', // the server answered nothing before it: it waited for its turn until it was given up
  'offline', // this computer has no network
  'network-restarted', // a process of RecLight's own died with the request; the network is as it was
  'tls-untrusted', // a certificate from an issuer that this computer does not trust
  'tls-self-signed', // a self-signed certificate
  'tls-expired', // a certificate that has expired, or is not valid yet
  'tls-wrong-name', // a certificate for another host
  'tls-weak', // a certificate with a weak key or signature
  'tls-revoked',
  'tls-faulty', // a certificate that breaks another rule
  'tls-too-old', // the server speaks no version of TLS, or no cipher, that is still safe
  'client-certificate-required', // the server demands a client certificate
  'https-expected', // no answer to http, as from a port that speaks TLS
  'http-expected', // no TLS, as from a port that speaks http
  'proxy-login', // the proxy asks for a log-in
  'proxy-failed', // the proxy refuses, or cannot be reached
  'redirected', // the answer points to another origin or to a log-in page
  'not-this-server', // an answer that no Call Recording server gives (HTML, 404 of the whole API …)
  'malformed', // the right server, but a field is missing or of the wrong type: `field` names it
  'cancelled', // by the user or by shutting down
  // Who may
  'signed-out', // no credentials in memory
  'unauthorized', // 401
  'locked', // a 401 came before; nothing is sent until new credentials are entered
  'not-allowed', // 403/0, or a 403 without a reason
  'level-too-low', // 403 where level 10 is needed (live recordings)
  'live-list-unavailable', // 404 or 405 of the live list: a server from before 2019.Winter.1 (§6)
  // Start (§1)
  'no-line-given', // 400/0
  'line-not-monitorable', // 400/1
  'invalid-mode', // 400/2
  'caller-without-extension', // 400/3, newer servers
  'device-not-manual', // 400/4
  'call-user-not-allowed', // 403/1
  'direction-excluded', // 403/2
  'traffic-excluded', // 403/3
  'blacklisted', // 403/4
  'line-without-user', // 409/0
  'no-connected-call', // 409/1
  'start-already-requested', // 429/0
  'already-recorded', // 429/1
  'start-dropped', // what ran when the start was asked for was over, though lists still showed it
  'start-unconfirmed', // the answer was lost, and this account may not see what came of it
  'licence-invalid', // 501/0
  'no-recording-pilot', // 501/1
  'pilot-misrouted', // 501/any other
  'channels-in-use', // 503 of start
  // Stop (§2), pause and resume (newer servers)
  'automatic-recording', // 400/2
  'not-a-live-recording', // 409
  'still-recording', // a stop was answered, and the recording, or one of the same call, is still listed
  'stop-unconfirmed', // 409 under an id that only a start's answer told, and this account may not see what runs
  'already-paused', // 429 of pause
  'not-paused', // 429 of resume
  'pause-unavailable', // 404 or 405
  // Recordings (§3, §4, §5)
  'invalid-filter', // 400/0
  'invalid-paging', // 400/1
  'invalid-id', // 400, not a GUID
  'recording-not-found', // 404
  'recording-too-large', // more audio than RecLight keeps in memory for one recording
  // Upload (§7)
  'upload-unreadable', // 400/0
  'upload-metadata-invalid', // 400/1
  'upload-audio-invalid', // 400/2
  'outside-retention', // 409
  'upload-too-large', // more than 256 MBytes, found before sending
  // The server itself
  'server-error', // 500, or any other 5xx
  'service-down', // 504
  'rate-limited', // a 429 without the reasons of §1: from a gateway
  // RecLight itself
  'no-line-configured', // start or poll without a line
  'invalid-argument', // bad input over IPC
  'busy', // the same command is already under way
  'not-possible-now', // a command that the present state does not allow
  'left-unsent', // RecLight ended before a command that had to wait was sent
  'left-unanswered', // the session, or RecLight, ended before a command was answered
  'ended-unconfirmed', // the recording ended before a pause or resume was confirmed
  'answers-disagree', // lists contradict one another about what is being recorded
  'keychain-unavailable',
  'keychain-unreadable', // the remembered password cannot be read, so no user is signed in
  'refusals-unreadable', // whether the remembered password was refused cannot be read, so it is not sent
  'keychain-not-cleared', // signed out, but the password is still in the keychain
  'browser-unavailable', // the desktop opens no web page
  'settings-unwritable',
  'invalid-accelerator',
  'accelerator-taken',
  'shortcuts-unsupported', // a Wayland desktop that gives no program global shortcuts
  'file-unwritable',
  'folder-gone', // or the drive that it is on
  'disk-full',
  'file-exists',
  'name-too-long', // for the folder's file system
  'internal', // a bug in RecLight
] as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[number];

/** The server's own words and numbers, kept for messages and support. No secrets, no remote party. */
export interface ErrorDetail {
  /** HTTP status. */
  readonly status?: number;
  /** What the body of a refusal was: a page may come from a gateway. */
  readonly body?: 'empty' | 'json' | 'html' | 'other';
  /** The `reason` of the answer's body. */
  readonly reason?: number;
  readonly deviceName?: string;
  readonly username?: string;
  readonly extension?: string;
  readonly directoryNumber?: string;
  /** The field of an answer, or of a command's arguments, that was wrong. */
  readonly field?: string;
  readonly host?: string;
  /** The accelerator that could not be registered. */
  readonly accelerator?: string;
  /** The server's `message`, or the network's own code (`ERR_CERT_DATE_INVALID`). */
  readonly message?: string;
  /** From `Retry-After`, ms. */
  readonly retryAfterMs?: number;
  /** The request may have had its effect although no answer came. */
  readonly outcomeUnknown?: boolean;
}

/** A failure, as data: crosses IPC, is shown, logged and tested. */
export interface CodedError {
  readonly code: ErrorCode;
  readonly operation: Operation;
  readonly detail: ErrorDetail;
}

/** An answer or a failure; nothing in RecLight rejects for what can be expected. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: CodedError };

/** Wraps a value as a {@link Result}. */
export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Wraps a failure as a {@link Result}. */
export function fail(code: ErrorCode, operation: Operation, detail: ErrorDetail = {}): Result<never> {
  return { ok: false, error: { code, operation, detail } };
}
