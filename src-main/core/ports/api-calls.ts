import type { Operation, Result } from '@shared/domain/errors';
import type { RecorderApi } from './api';

/** The calls that ask the server something. */
export type ApiCallName = Exclude<keyof RecorderApi, 'fingerprint' | 'dropIdleConnections'>;

/**
 * Which requests wait for each other. Each lane moves without the others: the light's polls, the user's commands, and
 * everything else (lists, details, downloads until their headers, probes).
 */
export type Lane = 'light' | 'command' | 'page';

/** What every layer between a service and the socket needs to know of a call. */
export interface ApiCallKind {
  /** What its errors name. */
  readonly operation: Operation;
  readonly lane: Lane;
  /** How many arguments come before the call's options. */
  readonly parameters: number;
  /** What a command acts on: two for the same target keep their order. Null: the order does not matter. */
  readonly targetOf: (first: unknown) => string | null;
}

const command = (
  operation: Operation,
  parameters: number,
  targetOf: ApiCallKind['targetOf'],
): ApiCallKind => ({
  operation,
  lane: 'command',
  parameters,
  targetOf,
});

const page = (operation: Operation, parameters: number): ApiCallKind => ({
  operation,
  lane: 'page',
  parameters,
  targetOf: () => null,
});

/** Ids are compared without regard to case (API reference, *Base*). */
const recording = (prefix: string) => (id: unknown) => `${prefix} ${String(id).toLowerCase()}`;

/**
 * Every call of the API, once. The login guard, the client that is loaded late and the doubles of the tests derive from
 * it: a new call is added here, in {@link RecorderApi} and in `infra/api/client.ts`.
 */
const apiCalls: Readonly<Record<ApiCallName, ApiCallKind>> = {
  startRecording: command('start', 1, () => 'start'),
  stopRecording: command('stop', 1, recording('stop')),
  stopLine: command('stop', 1, () => 'stop line'),
  pauseRecording: command('pause', 1, recording('pause')),
  resumeRecording: command('resume', 1, recording('pause')),
  activeRecordings: { operation: 'active', lane: 'light', parameters: 1, targetOf: () => null },
  probePause: page('probe', 0),
  listRecordings: page('list', 2),
  getRecording: page('details', 1),
  downloadRecording: page('download', 1),
  uploadRecording: page('upload', 2),
};

/** A call whose arguments are passed on unread. */
export type AnyApiCall = (...args: readonly unknown[]) => Promise<Result<unknown>>;

/** The calls of an API, each made by `make` from what {@link apiCalls} says of it. */
export function mapApiCalls(
  make: (name: ApiCallName, kind: ApiCallKind) => AnyApiCall,
): Pick<RecorderApi, ApiCallName> {
  const calls = Object.entries(apiCalls).map(([name, kind]) => [name, make(name as ApiCallName, kind)]);
  return Object.fromEntries(calls) as Pick<RecorderApi, ApiCallName>;
}

/** Makes the call `name` of `api` with arguments that are passed on unread. */
export function callApi(
  api: Pick<RecorderApi, ApiCallName>,
  name: ApiCallName,
  args: readonly unknown[],
): Promise<Result<unknown>> {
  return (api[name] as AnyApiCall)(...args);
}
