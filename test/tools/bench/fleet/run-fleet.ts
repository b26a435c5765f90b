import { seededRandom, VirtualClock } from '../../../fixtures/virtual-clock';
import type { Tally, Workload } from './agent';
import { emptyTally, VirtualAgent } from './agent';
import { FleetServer } from './fleet-server';

/** How large a fleet, and for how long. */
export interface FleetOptions {
  readonly agents: number;
  readonly durationMs: number;
  /** When the server goes away, ms after the beginning. */
  readonly outageAtMs: number;
  readonly outageMs: number;
  /** Share of the requests that the server takes seconds to answer; none where it is not given. */
  readonly slowAnswers?: number;
  readonly seed: number;
}

/** What a fleet cost its server. */
export interface FleetResult {
  /** Requests a second over the whole run. */
  readonly meanRequests: number;
  /** The same of clients that ask every 2 s, whatever happens. */
  readonly fixedPollRequests: number;
  /** The busiest second of the two minutes after the outage. */
  readonly peakAfterOutage: number;
  readonly meanAfterOutage: number;
  /**
   * 95th percentile of: server change → tray, minus the poll interval, ms; a change never shown is infinitely late.
   * `on` of recordings that begin, `off` of those that end.
   */
  readonly latenessP95Ms: { readonly on: number; readonly off: number };
  /** Changes that the tray had to follow, and those that it never followed. */
  readonly changes: number;
  readonly neverShown: number;
  readonly tally: Tally;
}

/** A busy hour of a call centre: ten calls of four minutes, three of them recorded. */
const busyHour: Omit<Workload, 'durationMs'> = {
  pauseMs: 120_000,
  callMs: 240_000,
  recorded: 0.25,
  impatient: 0.1,
  supervised: 0.05,
  windowOpen: 0.1,
  sleepers: 0.02,
  passwordChanges: 0.005,
};

const afterOutageSeconds = 120;
/** By then the tray must have followed the last change. */
const lastChangesMs = 20_000;
/** Timers this close together run in one batch, ms. */
const grainMs = 4;

function p95(values: readonly number[]): number {
  return Float64Array.from(values).sort()[Math.floor(values.length * 0.95)] ?? 0;
}

/** Runs a fleet of real recorders in virtual time; the same seed gives the same figures. */
export async function runFleet(options: FleetOptions): Promise<FleetResult> {
  const { agents, durationMs, outageAtMs, outageMs, seed } = options;
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  const server = new FleetServer(clock, random, options.slowAnswers);
  const tally = emptyTally();
  const workload: Workload = { ...busyHour, durationMs };
  const fleet = Array.from(
    { length: agents },
    (_, index) => new VirtualAgent(server, clock, random, workload, tally, index),
  );
  await clock.advance(outageAtMs, grainMs);
  server.isDown = true;
  await clock.advance(outageMs, grainMs);
  server.isDown = false;
  await clock.advance(durationMs - outageAtMs - outageMs, grainMs);
  const { total } = server;
  // What changed last is to be shown as well, and nothing else happens meanwhile.
  for (const agent of fleet) agent.endWork();
  await clock.advance(lastChangesMs, grainMs);
  for (const agent of fleet) agent.dispose();

  const from = Math.ceil((outageAtMs + outageMs) / 1_000);
  const window = Array.from(
    { length: afterOutageSeconds },
    (_, index) => server.perSecond[from + index] ?? 0,
  );
  const late = [...tally.lateness.on, ...tally.lateness.off];
  return {
    meanRequests: total / (durationMs / 1_000),
    fixedPollRequests: agents / 2,
    peakAfterOutage: Math.max(...window),
    meanAfterOutage: window.reduce((sum, count) => sum + count, 0) / window.length,
    latenessP95Ms: { on: p95(tally.lateness.on), off: p95(tally.lateness.off) },
    changes: late.length,
    neverShown: late.filter((ms) => ms === Number.POSITIVE_INFINITY).length,
    tally,
  };
}
