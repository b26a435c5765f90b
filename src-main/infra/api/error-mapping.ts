import type { CodedError, ErrorCode, ErrorDetail, Operation } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import { readRefusal } from './responses';
import type { BodyKind } from './body-readers';

/** Every call of the API; finer than {@link Operation}, since the same number means different things in each. */
export type ApiCall =
  | 'start'
  | 'stop-by-id'
  | 'stop-by-line'
  | 'pause'
  | 'resume'
  | 'probe'
  | 'active'
  | 'list'
  | 'details'
  | 'download'
  | 'upload';

/** What a failure is filled in with, as far as it is known before the answer. */
export interface CallContext {
  readonly call: ApiCall;
  readonly host: string;
  readonly line?: Line;
  readonly directoryNumber?: string;
}

/** An answer that was read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined where the body is none. */
  readonly json: unknown;
  readonly kind: BodyKind;
  /** How a body begins that is no JSON. */
  readonly text: string;
  /** Whether it came after a redirect within the server. */
  readonly redirected: boolean;
}

/** The operation that a call belongs to. */
export function operationOf(call: ApiCall): Operation {
  switch (call) {
    case 'stop-by-id':
    case 'stop-by-line':
      return 'stop';
    default:
      return call;
  }
}

/** Whether a call changes something, so that a lost answer leaves its outcome unknown. */
export function hasEffect(call: ApiCall): boolean {
  switch (call) {
    case 'probe':
    case 'active':
    case 'list':
    case 'details':
    case 'download':
      return false;
    default:
      return true;
  }
}

type Reasons = Readonly<Record<number, ErrorCode>>;

const startReasons: Readonly<Record<number, Reasons>> = {
  400: {
    0: 'no-line-given',
    1: 'line-not-monitorable',
    2: 'invalid-mode',
    3: 'caller-without-extension',
    4: 'device-not-manual',
  },
  403: {
    0: 'not-allowed',
    1: 'call-user-not-allowed',
    2: 'direction-excluded',
    3: 'traffic-excluded',
    4: 'blacklisted',
  },
  409: { 0: 'line-without-user', 1: 'no-connected-call' },
  429: { 0: 'start-already-requested', 1: 'already-recorded' },
  501: { 0: 'licence-invalid', 1: 'no-recording-pilot' },
};

const badRequestReasons: Readonly<Partial<Record<ApiCall, Reasons>>> = {
  'stop-by-id': { 0: 'invalid-id', 1: 'line-not-monitorable', 2: 'automatic-recording' },
  'stop-by-line': { 0: 'no-line-given', 1: 'line-not-monitorable', 2: 'automatic-recording' },
  pause: { 0: 'invalid-id', 1: 'line-not-monitorable', 2: 'automatic-recording' },
  resume: { 0: 'invalid-id', 1: 'line-not-monitorable', 2: 'automatic-recording' },
  list: { 0: 'invalid-filter', 1: 'invalid-paging' },
  upload: { 0: 'upload-unreadable', 1: 'upload-metadata-invalid', 2: 'upload-audio-invalid' },
};

/** What a 400 means where its body, which may have been lost on the way, gives no known reason. */
const badRequestDefaults: Readonly<Partial<Record<ApiCall, ErrorCode>>> = {
  'stop-by-id': 'invalid-id',
  pause: 'invalid-id',
  resume: 'invalid-id',
  details: 'invalid-id',
  download: 'invalid-id',
  list: 'invalid-filter',
  upload: 'upload-unreadable',
};

interface Meaning {
  readonly code: ErrorCode;
  readonly field?: string;
}

function unreadable(answer: Answer, field: string): Meaning {
  return answer.kind === 'html' ? { code: 'not-this-server' } : { code: 'malformed', field };
}

function conflict(call: ApiCall, answer: Answer): Meaning {
  switch (call) {
    case 'stop-by-id':
    case 'stop-by-line':
    case 'pause':
    case 'resume':
      return { code: 'not-a-live-recording' };
    case 'upload':
      return { code: 'outside-retention' };
    default:
      return unreadable(answer, 'status');
  }
}

function tooMany(call: ApiCall, answer: Answer): Meaning {
  // Only a gateway says when to come back; the server's own 429 is a business state.
  if (answer.headers['retry-after'] !== undefined) return { code: 'rate-limited' };
  if (call === 'pause') return { code: 'already-paused' };
  if (call === 'resume') return { code: 'not-paused' };
  return { code: 'rate-limited' };
}

/** Whether a body is one that the service itself gives: JSON, or none at all. */
function isForClients({ kind }: Answer): boolean {
  return kind === 'json' || kind === 'empty';
}

/** What HTTP.SYS answers while the service's process is gone: on this page it tells of no channel. */
function isServiceGone(answer: Answer): boolean {
  return answer.kind === 'html' && /HTTP Error 503\b/i.test(answer.text);
}

/**
 * What the table of {@link mapRefusal} says of a 503 to a start. Its page may be that of IIS, in place of an empty body,
 * or a gateway's: the likelier cause is told, and the outcome counts as unknown.
 */
function unavailable(answer: Answer): Meaning {
  const isElsewhere = answer.headers['retry-after'] !== undefined || isServiceGone(answer);
  return { code: isElsewhere ? 'server-error' : 'channels-in-use' };
}

function notFound(call: ApiCall, answer: Answer): Meaning {
  switch (call) {
    case 'details':
    case 'download':
      return { code: answer.status === 404 ? 'recording-not-found' : 'not-this-server' };
    case 'pause':
    case 'resume':
      return { code: 'pause-unavailable' };
    case 'active': {
      // Before 2019.Winter.1 the path knows POST and DELETE only: 405, or a 404 that is meant for a client.
      const isOld = answer.status === 405 || isForClients(answer);
      return { code: isOld ? 'live-list-unavailable' : 'not-this-server' };
    }
    default:
      return { code: 'not-this-server' };
  }
}

/** Pages of web servers in front of the service that tell of the connection and not of the request. */
const connectionPages: readonly (readonly [RegExp, ErrorCode])[] = [
  // nginx and Apache.
  [/plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled/i, 'https-expected'],
  // nginx and IIS, whose own number for it stays the same in every language.
  [/No required SSL certificate was sent|\b403\.7\b/i, 'client-certificate-required'],
];

function meaningOf(call: ApiCall, answer: Answer, reason: number | undefined): Meaning {
  const { status } = answer;
  if (answer.kind === 'html' && (status === 400 || status === 403)) {
    const page = connectionPages.find(([words]) => words.test(answer.text));
    if (page !== undefined) return { code: page[1] };
  }
  if (call === 'start') {
    const code = reason === undefined ? undefined : startReasons[status]?.[reason];
    if (code !== undefined) return { code };
    // The document lost the number of the third cause; a body without JSON comes from a gateway.
    if (status === 501 && typeof answer.json === 'object') return { code: 'pilot-misrouted' };
    if (status === 400 || status === 409) return unreadable(answer, 'reason');
    if (status === 503) return unavailable(answer);
  }
  switch (status) {
    case 400: {
      const code = reason === undefined ? undefined : badRequestReasons[call]?.[reason];
      const assumed = code ?? badRequestDefaults[call];
      return assumed === undefined ? unreadable(answer, 'reason') : { code: assumed };
    }
    case 401:
      return { code: 'unauthorized' };
    case 403:
      return { code: call === 'active' ? 'level-too-low' : 'not-allowed' };
    case 404:
    case 405:
      return notFound(call, answer);
    case 407:
      return { code: 'proxy-login' };
    case 408:
      return { code: 'timeout' };
    case 409:
      return conflict(call, answer);
    case 413:
      return call === 'upload' ? { code: 'upload-too-large' } : unreadable(answer, 'status');
    case 429:
      return tooMany(call, answer);
    case 501:
      return { code: call === 'upload' ? 'licence-invalid' : 'server-error' };
    case 504:
      return { code: 'service-down' };
    default:
      return status >= 500 ? { code: 'server-error' } : unreadable(answer, 'status');
  }
}

/** Whether a 5xx is one that the reference documents as a refusal, so that nothing has happened. */
function isDocumentedRefusal(call: ApiCall, answer: Answer, reason: number | undefined): boolean {
  if (!isForClients(answer) || answer.headers['retry-after'] !== undefined) return false;
  switch (answer.status) {
    case 501:
      return call === 'start' ? reason !== undefined : call === 'upload';
    case 503:
      return call === 'start';
    case 504:
      return call !== 'upload';
    default:
      return false;
  }
}

const maxMessageLength = 200;

/** The longest wait that a server may ask for, ms: a wrong clock or a joker must not keep the light dark. */
const maxRetryAfterMs = 60_000;

/**
 * `Retry-After` in ms, at most {@link maxRetryAfterMs}: seconds, or a date, which is held against the server's own
 * `Date`, since this computer's clock may be wrong.
 */
function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined) return undefined;
  const limited = (ms: number): number => Math.min(Math.max(0, ms), maxRetryAfterMs);
  if (/^\d+$/.test(value)) return limited(Number(value) * 1_000);
  // Engines take almost any text for a date; HTTP's begin with the day of the week.
  const until = /^[a-z]{3}/i.test(value) ? Date.parse(value) : NaN;
  const now = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(until)) return undefined;
  return limited(until - (Number.isNaN(now) ? Date.now() : now));
}

/** What of a call is known before its answer. */
export function contextDetail(context: CallContext): ErrorDetail {
  const { line, host } = context;
  const directoryNumber = context.directoryNumber ?? line?.directoryNumber ?? undefined;
  // With a directory number the sentences name the line; the device only where there is nothing else to name.
  const deviceName = directoryNumber === undefined ? (line?.deviceName ?? undefined) : undefined;
  return {
    host,
    ...(directoryNumber === undefined ? {} : { directoryNumber }),
    ...(deviceName === undefined ? {} : { deviceName }),
  };
}

/**
 * The failure that an answer means: status, reason and call decide (API reference §1–§7). Who wrote an answer cannot be
 * known: IIS puts its page in place of an empty body, and proxies remove or replace `Server`. So that header decides
 * nothing; what the body is does where it matters, and no page counts as a state of a recording by itself:
 *
 * | status of | body | code | outcome |
 * | --- | --- | --- | --- |
 * | 403 of the live list | any | `level-too-low` | – |
 * | 403 of another call | any, without a known reason | `not-allowed` | known |
 * | 404 of the live list | JSON or empty | `live-list-unavailable`: an old server | – |
 * | 404 of the live list | page, other text | `not-this-server` | – |
 * | 405 of the live list | any | `live-list-unavailable` | – |
 * | 429 of pause, resume | any, no `Retry-After` | `already-paused`, `not-paused`: the live list confirms it | known |
 * | 429 of pause, resume | any, with `Retry-After` | `rate-limited` | known |
 * | 503 of a start | JSON or empty, no `Retry-After` | `channels-in-use` | known |
 * | 503 of a start | page or other text, no `Retry-After` | `channels-in-use` | unknown: perhaps a gateway |
 * | 503 of a start | the page of HTTP.SYS, or `Retry-After` | `server-error` | unknown |
 * | 504 of any call but upload | JSON or empty, no `Retry-After` | `service-down` | known |
 * | 504 of any call | page, other text, or `Retry-After` | `service-down` | unknown |
 *
 * An unknown outcome is settled by what the live list says next; `detail.body` tells what the body was.
 * @param answer any answer that is no success
 * @param scrub removes the credentials from what the server may have echoed
 */
export function mapRefusal(
  context: CallContext,
  answer: Answer,
  scrub: (text: string) => string,
): CodedError {
  const { call } = context;
  const { reason, ...refusal } = readRefusal(answer.json);
  const { code, field } = meaningOf(call, answer, reason);
  const retry = retryAfterMs(answer.headers);
  const unknown = hasEffect(call) && answer.status >= 500 && !isDocumentedRefusal(call, answer, reason);
  const words = Object.entries(refusal).map(
    ([name, text]) => [name, scrub(text).slice(0, maxMessageLength)] as const,
  );
  return {
    code,
    operation: operationOf(call),
    detail: {
      ...contextDetail(context),
      ...Object.fromEntries(words),
      status: answer.status,
      body: answer.kind,
      ...(reason === undefined ? {} : { reason }),
      ...(field === undefined ? {} : { field }),
      ...(retry === undefined ? {} : { retryAfterMs: retry }),
      ...(unknown ? { outcomeUnknown: true } : {}),
    },
  };
}

/** A success by its status whose body is not what the reference promises. */
export function mapUnexpected(context: CallContext, answer: Answer, field: string): CodedError {
  const code = answer.kind === 'html' ? (answer.redirected ? 'redirected' : 'not-this-server') : 'malformed';
  return {
    code,
    operation: operationOf(context.call),
    detail: {
      ...contextDetail(context),
      status: answer.status,
      ...(code === 'malformed' ? { field } : {}),
      ...(hasEffect(context.call) ? { outcomeUnknown: true } : {}),
    },
  };
}
