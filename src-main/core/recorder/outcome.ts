import type { CodedError, ErrorCode } from '@shared/domain/errors';

/**
 * Failures after which the request may have had its effect all the same: the answer was lost, unreadable, or a
 * failure further back. `service-down` is among them because a gateway says 504, too, when it got tired of waiting.
 */
const unclear: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'timeout',
  'connection-lost',
  'network-restarted',
  'cancelled',
  'malformed',
  'not-this-server',
  'https-expected',
  'http-expected',
  'server-error',
  'service-down',
  'internal',
]);

/** Failures that a later try may not meet, without anybody doing anything. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...unclear,
  'no-connected-call',
  'channels-in-use',
  'start-already-requested',
  'not-sent',
  'connection-refused',
  'host-not-found',
  'offline',
  'proxy-failed',
  'proxy-login',
  'rate-limited',
]);

/** Whether only the server's list can tell what came of the request. */
export function isOutcomeUnclear(error: CodedError): boolean {
  return error.detail.outcomeUnknown ?? unclear.has(error.code);
}

/** Whether waiting for a call goes on after this failure of a try. */
export function isTransient(error: CodedError): boolean {
  return passing.has(error.code);
}

/** Whether the credentials were refused: nothing more may be sent with them. */
export function isLockedOut(error: CodedError): boolean {
  return error.code === 'unauthorized' || error.code === 'locked';
}

/** Whether the server will not, or (before 2019.Winter.1) cannot, show active recordings (API reference §6). */
export function isNotVisible(error: CodedError): boolean {
  return (
    error.code === 'level-too-low' || error.code === 'not-allowed' || error.code === 'live-list-unavailable'
  );
}

/**
 * How long a list may still change its mind after an unclear outcome, ms. An answered failure is over and done with;
 * a lost request may still be on its way.
 */
export function settleMs(error: CodedError): number {
  return error.detail.status === undefined ? 4_000 : 0;
}
