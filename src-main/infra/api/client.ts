import axios from 'axios';

import type { Result } from '@shared/domain/errors';
import { fail, succeed } from '@shared/domain/errors';
import type { Line } from '@shared/domain/recording';
import type {
  Account,
  ActiveFilter,
  CallOptions,
  Download,
  RecorderApi,
  UploadFile,
  UploadMetadata,
} from '../../core/ports/api';
import type { Disposable } from '../../core/ports/clock';
import type { ReadAnswer } from './responses';
import { readActiveRecordings, readCreated, readDetails, readRecordingsPage } from './responses';
import type { BodyReader } from './body-readers';
import { createListReader } from './body-readers';
import { openDownload } from './download';
import type { ApiCall, Answer, CallContext } from './error-mapping';
import { mapRefusal, mapUnexpected, operationOf } from './error-mapping';
import type { Exchange, OutgoingBody, OutgoingCall } from './exchange';
import { createExchange } from './exchange';
import { createFingerprint } from './fingerprint';
import { createMultipartBody } from './multipart';
import type { QueryParameter } from './filters';
import { filterParameters, fitsServer, queryString } from './filters';
import { createScrubber } from './scrub';
import type { ApiTimeouts } from './timeouts';
import { defaultTimeouts } from './timeouts';
import type { HttpMethod, HttpNetwork } from './http-network';
import { createNodeNetwork } from './node-network';

/** What an API client needs. */
export interface ApiClientOptions {
  /** `serverAddress` normalised, without a trailing slash. */
  readonly account: Account;
  /** The value of the `Authorization` header; called for each request and never kept. */
  readonly authorization: () => string;
  /** Electron's network stack, disposed of with the client; without it, Node's. */
  readonly network?: HttpNetwork;
  readonly timeouts?: Partial<ApiTimeouts>;
}

/** The API, and the end of it. */
export type ApiClient = RecorderApi & Disposable;

/** "At most 256 MBytes" (API reference §7). */
const maxUploadBytes = 268_435_456;
/** Identifies no recording: pausing it shows whether the server knows the word (API reference, *Newer servers*). */
const nobodysId = '00000000-0000-0000-0000-000000000000';

/** An id as a path segment, or null where it could change the path. */
function pathSegment(id: string): string | null {
  return /^\.{0,2}$/.test(id) ? null : encodeURIComponent(id.replace(/\p{Surrogate}/gu, '\uFFFD'));
}

function lineParameters(line: Line): readonly QueryParameter[] {
  const parameters: QueryParameter[] = [];
  // A Dial-In is not found by its device, even together with its line (§2b).
  if (line.deviceName && line.mode !== 'dial-in') parameters.push(['deviceName', line.deviceName]);
  if (line.directoryNumber) parameters.push(['directoryNumber', line.directoryNumber]);
  return parameters;
}

function jsonBody(value: unknown): OutgoingBody {
  return {
    kind: 'bytes',
    contentType: 'application/json',
    bytes: new TextEncoder().encode(JSON.stringify(value)),
  };
}

/**
 * The Call Recording REST API over axios. Never rejects, repeats nothing, sends its credentials to one origin only,
 * and lets nothing secret into an error.
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { serverAddress } = options.account;
  const { host } = new URL(serverAddress);
  const timeouts: ApiTimeouts = { ...defaultTimeouts, ...options.timeouts };
  const network = options.network ?? createNodeNetwork();
  const http = axios.create({
    ...network.settings,
    responseType: 'stream',
    // Everything that axios would do by itself is done by the exchange, alike for both stacks.
    maxRedirects: 0,
    maxBodyLength: Infinity,
    maxContentLength: -1,
    proxy: false,
    validateStatus: null,
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
  });
  const fingerprint = createFingerprint();
  const scrub = createScrubber(options.authorization);
  let disposed = false;
  const exchange: Exchange = createExchange({
    serverAddress,
    authorization: options.authorization,
    send: (request) => http.request<AsyncIterable<Uint8Array>>(request),
    onHeaders: (headers) => {
      fingerprint.note(headers);
    },
  });

  interface Shape {
    readonly call: ApiCall;
    readonly method: HttpMethod;
    readonly path: string;
    readonly limitMs: number;
    readonly reader?: () => BodyReader;
    readonly body?: OutgoingBody;
    readonly line?: Line;
    readonly directoryNumber?: string | undefined;
  }

  const contextOf = (shape: Pick<Shape, 'call' | 'line' | 'directoryNumber'>): CallContext => ({
    call: shape.call,
    host,
    ...(shape.line === undefined ? {} : { line: shape.line }),
    ...(shape.directoryNumber === undefined ? {} : { directoryNumber: shape.directoryNumber }),
  });

  /** Sends, reads the answer whole, and lets `accept` make a value of it. */
  const exchangeJson = async <T>(
    shape: Shape,
    callOptions: CallOptions,
    accept: (answer: Answer, context: CallContext) => Result<T>,
    guard = exchange.guard(callOptions.signal),
  ): Promise<Result<T>> => {
    const context = contextOf(shape);
    if (disposed) return { ok: false, error: exchange.closed(context) };
    if (!fitsServer(shape.path)) {
      const code = shape.call === 'list' ? 'invalid-filter' : 'invalid-argument';
      return fail(code, operationOf(shape.call), { host, field: 'query' });
    }
    const call: OutgoingCall = {
      context,
      method: shape.method,
      path: shape.path,
      accept: 'application/json',
      ...(shape.body === undefined ? {} : { body: shape.body }),
      ...(shape.reader === undefined ? {} : { reader: shape.reader }),
      limitMs: callOptions.timeoutMs ?? shape.limitMs,
      guard,
    };
    if (guard.cause() !== null) return fail('cancelled', operationOf(shape.call), { host });
    try {
      const opened = await exchange.open(call);
      if (!opened.ok) return opened;
      const answer = await exchange.read(call, opened.value);
      return answer.ok ? accept(answer.value, context) : answer;
    } catch {
      // Nothing expected gets here, and what does may carry the request with its headers.
      return fail('internal', operationOf(shape.call), { host });
    } finally {
      guard.finish();
    }
  };

  const isSuccess = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300;

  const expectJson =
    <T>(readValue: (json: unknown) => ReadAnswer<T>, statuses: readonly number[]) =>
    (answer: Answer, context: CallContext): Result<T> => {
      if (!isSuccess(answer)) return { ok: false, error: mapRefusal(context, answer, scrub) };
      const unexpected = (field: string): Result<T> => ({
        ok: false,
        error: mapUnexpected(context, answer, field),
      });
      if (answer.json === undefined) return unexpected('body');
      if (!statuses.includes(answer.status)) return unexpected('status');
      const value = readValue(answer.json);
      return value.ok ? succeed(value.value) : unexpected(value.field);
    };

  const expectNothing = (answer: Answer, context: CallContext): Result<null> => {
    if (answer.status === 204) return succeed(null);
    if (!isSuccess(answer)) return { ok: false, error: mapRefusal(context, answer, scrub) };
    return { ok: false, error: mapUnexpected(context, answer, 'status') };
  };

  /** A call about one recording; an id that is no path segment never leaves. */
  const byId = <T>(
    id: string,
    call: ApiCall,
    send: (segment: string) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const segment = pathSegment(id);
    return segment === null
      ? Promise.resolve(fail('invalid-id', operationOf(call), { host }))
      : send(segment);
  };

  const command = (
    call: ApiCall,
    method: HttpMethod,
    path: string,
    callOptions: CallOptions,
    about: Pick<Shape, 'line' | 'directoryNumber'> = {},
  ): Promise<Result<null>> =>
    exchangeJson({ call, method, path, limitMs: timeouts.live, ...about }, callOptions, expectNothing);

  const expectCreated = expectJson(readCreated, [200, 201]);

  const upload = (
    metadata: UploadMetadata,
    file: UploadFile,
    callOptions: CallOptions & { readonly onProgress?: (sentBytes: number) => void },
  ): Promise<Result<{ readonly id: string }>> => {
    if (file.sizeBytes > maxUploadBytes) return Promise.resolve(fail('upload-too-large', 'upload', { host }));
    const guard = exchange.guard(callOptions.signal);
    const limited = callOptions.timeoutMs !== undefined;
    const multipart = createMultipartBody(metadata, file, (sentBytes) => {
      if (!limited) guard.arm(sentBytes === file.sizeBytes ? timeouts.uploadAnswer : timeouts.stall);
      if (sentBytes > 0) callOptions.onProgress?.(sentBytes);
    });
    const body: OutgoingBody = {
      kind: 'stream',
      contentType: multipart.contentType,
      sizeBytes: multipart.sizeBytes,
      open: multipart.stream,
      isHandedOver: multipart.isHandedOver,
    };
    return exchangeJson(
      { call: 'upload', method: 'POST', path: 'Recordings', limitMs: timeouts.stall, body },
      callOptions,
      expectCreated,
      guard,
    );
  };

  const download = (
    id: string,
    callOptions: CallOptions & { readonly firstByte?: number; readonly ifRange?: string },
  ): Promise<Result<Download>> =>
    byId(id, 'download', async (segment) => {
      const context = contextOf({ call: 'download' });
      if (disposed) return { ok: false, error: exchange.closed(context) };
      const guard = exchange.guard(callOptions.signal);
      if (guard.cause() !== null) return fail('cancelled', 'download', { host });
      const call: OutgoingCall = {
        context,
        method: 'GET',
        path: `Recordings/${segment}/Media`,
        accept: 'audio/mpeg, application/octet-stream;q=0.9, */*;q=0.1',
        exactBytes: true,
        ...(callOptions.firstByte === undefined || callOptions.firstByte === 0
          ? {}
          : { firstByte: callOptions.firstByte }),
        ...(callOptions.ifRange === undefined ? {} : { ifRange: callOptions.ifRange }),
        limitMs: callOptions.timeoutMs ?? timeouts.downloadHeaders,
        guard,
      };
      try {
        return await openDownload(exchange, call, timeouts.stall, scrub);
      } catch {
        guard.finish();
        return fail('internal', 'download', { host });
      }
    });

  return {
    startRecording: (line, callOptions = {}) =>
      exchangeJson(
        {
          call: 'start',
          method: 'POST',
          path: 'LiveRecordings',
          limitMs: timeouts.live,
          // Without a body newer servers take the caller's own line.
          ...(line === null
            ? {}
            : {
                line,
                body: jsonBody({
                  ...(line.deviceName ? { deviceName: line.deviceName } : {}),
                  ...(line.directoryNumber ? { directoryNumber: line.directoryNumber } : {}),
                  mode: line.mode === 'dial-in' ? 1 : 0,
                }),
              }),
        },
        callOptions,
        expectCreated,
      ),
    stopRecording: (id, callOptions = {}) =>
      byId(id, 'stop-by-id', (segment) =>
        command('stop-by-id', 'DELETE', `LiveRecordings/${segment}`, callOptions),
      ),
    stopLine: (line, callOptions = {}) => {
      const parameters = lineParameters(line);
      // Never without a line: what a server makes of that is not for us to find out.
      if (parameters.length === 0) return Promise.resolve(fail('no-line-given', 'stop', { host }));
      return command('stop-by-line', 'DELETE', `LiveRecordings${queryString(parameters)}`, callOptions, {
        line,
      });
    },
    pauseRecording: (id, callOptions = {}) =>
      byId(id, 'pause', (segment) => command('pause', 'PUT', `LiveRecordings/${segment}/Pause`, callOptions)),
    resumeRecording: (id, callOptions = {}) =>
      byId(id, 'resume', (segment) =>
        command('resume', 'PUT', `LiveRecordings/${segment}/Resume`, callOptions),
      ),
    probePause: (callOptions = {}) =>
      exchangeJson(
        { call: 'probe', method: 'PUT', path: `LiveRecordings/${nobodysId}/Pause`, limitMs: timeouts.live },
        callOptions,
        (answer, context) => {
          if (answer.status === 409 || answer.status === 400) return succeed(true);
          if (answer.status === 404 || answer.status === 405) return succeed(false);
          if (isSuccess(answer)) return { ok: false, error: mapUnexpected(context, answer, 'status') };
          return { ok: false, error: mapRefusal(context, answer, scrub) };
        },
      ),
    activeRecordings: (filter: ActiveFilter, callOptions = {}) => {
      const names = ['deviceName', 'directoryNumber', 'username'] as const;
      const parameters = names.flatMap((name) => {
        const value = filter[name];
        return value === undefined || value === '' ? [] : ([[name, value]] as const);
      });
      // Without a filter the server tells of everybody's calls.
      if (parameters.length === 0) return Promise.resolve(fail('no-line-configured', 'active', { host }));
      return exchangeJson(
        {
          call: 'active',
          method: 'GET',
          path: `LiveRecordings${queryString(parameters)}`,
          limitMs: timeouts.live,
          directoryNumber: filter.directoryNumber,
        },
        callOptions,
        expectJson(readActiveRecordings, [200]),
      );
    },
    listRecordings: (filters, paging, callOptions = {}) =>
      exchangeJson(
        {
          call: 'list',
          method: 'GET',
          path: `Recordings${queryString([
            ['page', String(paging.page)],
            ['pageSize', String(paging.pageSize)],
            ...filterParameters(filters),
          ])}`,
          limitMs: timeouts.list,
          reader: () => createListReader(paging),
        },
        callOptions,
        expectJson((json) => readRecordingsPage(json, paging), [200]),
      ),
    getRecording: (id, callOptions = {}) =>
      byId(id, 'details', (segment) =>
        exchangeJson(
          { call: 'details', method: 'GET', path: `Recordings/${segment}`, limitMs: timeouts.details },
          callOptions,
          expectJson((json) => readDetails(json, id), [200]),
        ),
      ),
    downloadRecording: (id, callOptions = {}) => download(id, callOptions),
    uploadRecording: (metadata, file, callOptions = {}) => upload(metadata, file, callOptions),
    fingerprint: () => fingerprint.current(),
    dropIdleConnections: () => network.dropIdleConnections(),
    dispose: () => {
      disposed = true;
      exchange.dispose();
      network.dispose();
    },
  };
}
