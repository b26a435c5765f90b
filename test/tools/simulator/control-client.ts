import type { Account, AccountInput } from './accounts';
import type { AuditEvent } from './audit';
import type { RecycleOptions } from './behaviour/recycling';
import type { WebState } from './behaviour/web-state';
import type { FaultInput } from './faults';
import type { RenewOptions, Saving } from './live-recordings';
import type { Call } from './live-recording';
import type { MediaSpec } from './media/media-spec';
import type { Device, Line } from './office';
import type { Recording, RecordingInput } from './recording';
import type { RequestEntry } from './request-log';
import type { ServiceState, Timing } from './service-state';
import type { CallChange, CallInput, RecordingStart } from './telephony';

/** A recording in progress, as the control server describes it. */
export interface LiveDescription {
  readonly id: string;
  readonly call: Call;
  readonly ownerUsername: string;
  readonly startedBy: string;
  readonly mode: 0 | 1;
  readonly automatic: boolean;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly isPaused: boolean;
}

/** Which request to wait for; what is left out matches all. */
export interface RequestWait {
  readonly route?: RequestEntry['route'];
  readonly method?: string;
  readonly status?: number;
  readonly username?: string;
  readonly urlContains?: string;
  /** Only requests after this sequence number. */
  readonly after?: number;
  /** 5 s where left out. */
  readonly timeoutMs?: number;
}

/** The simulator seen from another process. Every call rejects with the control server's words when refused. */
export type ControlClient = ReturnType<typeof createControlClient>;

/**
 * Makes a client of a simulator's control port.
 * @param controlUrl as the simulator printed it.
 */
export function createControlClient(controlUrl: string) {
  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${controlUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T | { readonly error: string };
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer as T;
  }
  const at = encodeURIComponent;
  return {
    state: () =>
      send<{
        readonly url: string;
        readonly now: number;
        readonly service: ServiceState;
        readonly timing: Timing;
        readonly web: WebState;
      }>('GET', '/state'),
    setService: (patch: Partial<ServiceState>) => send('PATCH', '/service', patch),
    setTiming: (patch: Partial<Timing>) => send('PATCH', '/timing', patch),
    setWeb: (patch: Partial<WebState>) => send('PATCH', '/web', patch),
    makeAwkward: () => send('POST', '/awkward', {}),
    setClockSkew: (skewMs: number) => send('PATCH', '/clock', { skewMs }),
    setClockDrift: (driftPpm: number) => send('PATCH', '/clock', { driftPpm }),
    setCertificate: (cert: string, key: string) => send('POST', '/certificate', { cert, key }),
    recycle: (options: RecycleOptions = {}) => send('POST', '/recycle', options),
    setDemoOffice: (living: boolean) => send('POST', '/office', { living }),

    requests: () => send<readonly RequestEntry[]>('GET', '/requests'),
    clearRequests: () => send('POST', '/requests/clear', {}),
    waitForRequest: (wanted: RequestWait) => send<RequestEntry>('POST', '/requests/wait', wanted),
    audit: () => send<readonly AuditEvent[]>('GET', '/audit'),

    addFault: (fault: Omit<FaultInput, 'when'>) => send<{ readonly id: number }>('POST', '/faults', fault),
    removeFault: (id: number) => send('DELETE', `/faults/${id}`),
    clearFaults: () => send('DELETE', '/faults'),
    goDown: () => send('POST', '/down', {}),
    comeUp: () => send('POST', '/up', {}),
    resetConnections: () => send('POST', '/connections/reset', {}),

    connectCall: (input: CallInput) => send<Call>('POST', '/calls', input),
    endCall: (id: string, saving?: Saving) =>
      send('DELETE', `/calls/${id}`, saving === undefined ? {} : { saving }),
    endAllCalls: () => send('DELETE', '/calls'),
    calls: () => send<readonly Call[]>('GET', '/calls'),
    live: () => send<readonly LiveDescription[]>('GET', '/live'),
    startRecording: (input: RecordingStart) => send<LiveDescription>('POST', '/live', input),
    buffered: () => send<readonly LiveDescription[]>('GET', '/live/buffered'),
    renewRecording: (id: string, options: RenewOptions = {}) =>
      send<{ readonly id: string }>('POST', `/live/${id}/renew`, options),
    forgetRecording: (id: string, times = 1) => send('POST', `/live/${id}/forget`, { times }),
    changeCall: (id: string, change: CallChange) => send<Call>('PATCH', `/calls/${id}`, change),
    stopRecording: (id: string, saving?: Saving) =>
      send('DELETE', `/live/${id}`, saving === undefined ? {} : { saving }),
    pauseRecording: (id: string) => send<LiveDescription>('POST', `/live/${id}/pause`, {}),
    resumeRecording: (id: string) => send<LiveDescription>('POST', `/live/${id}/resume`, {}),
    updateDevice: (name: string, patch: Partial<Omit<Device, 'name'>>) =>
      send('PATCH', `/devices/${at(name)}`, patch),
    setLine: (line: Line) => send('POST', '/lines', line),

    addAccount: (account: AccountInput) => send('POST', '/accounts', account),
    updateAccount: (username: string, patch: Partial<Omit<Account, 'username'>>) =>
      send('PATCH', `/accounts/${at(username)}`, patch),
    unlockAccount: (username: string) => send('POST', `/accounts/${at(username)}/unlock`, {}),
    accounts: () =>
      send<readonly (Omit<Account, 'password'> & { readonly failures: number; readonly locked: boolean })[]>(
        'GET',
        '/accounts',
      ),

    recordings: (limit = 100) => send<readonly Recording[]>('GET', `/recordings?limit=${limit}`),
    addRecording: (input: RecordingInput) => send<Recording>('POST', '/recordings', input),
    seedRecordings: (count: number) =>
      send<{ readonly count: number }>('POST', '/recordings/seed', { count }),
    updateRecording: (id: string, patch: Omit<RecordingInput, 'id' | 'media'>) =>
      send<Recording>('PATCH', `/recordings/${at(id)}`, patch),
    removeRecording: (id: string) => send('DELETE', `/recordings/${at(id)}`),
    setMedia: (id: string, media: Partial<MediaSpec>) =>
      send<Recording>('PATCH', `/recordings/${at(id)}/media`, media),
  };
}
