import type { ServiceState, Timing } from '../service-state';
import type { WebState } from './web-state';

/** The parts of a simulator that describe its behaviour. */
export interface Behaviour {
  readonly service: ServiceState;
  readonly timing: Timing;
  readonly web: WebState;
}

/**
 * Makes a server as awkward as the documents allow, all at once: no `Server` header, compressed and chunked answers
 * without length, lists that lag, ids that change in mid-call, second recordings now and then, slow lists beside fast
 * commands. Nothing in it contradicts the vendor.
 */
export function makeAwkward({ service, timing, web }: Behaviour): void {
  Object.assign(web, {
    serverHeader: null,
    poweredBy: null,
    compress: 'gzip',
    framing: 'chunked',
    challenges: ['Negotiate', 'NTLM', 'Basic realm="{host}"'],
    closesSilentlyAfterMs: null,
    keepAliveMs: 5_000,
    delays: {
      list: [1_000, 3_000],
      detail: [300, 1_000],
      active: [0, 60],
      start: [50, 300],
      stopById: [50, 200],
    },
  } satisfies Partial<WebState>);
  Object.assign(timing, {
    startLatencyMs: 200,
    visibleAfterMs: 1_500,
    lingersMs: 1_500,
    processingMs: 2_000,
  } satisfies Partial<Timing>);
  Object.assign(service, {
    timeFractions: '100ns',
    longDurations: 'days',
    emptyFields: 'absent',
    startAnswers: 'alias',
    renewal: { afterMs: 12_000, keepStart: true, gapMs: 0, leavesPart: false },
    secondRecordingEvery: 3,
  } satisfies Partial<ServiceState>);
}
