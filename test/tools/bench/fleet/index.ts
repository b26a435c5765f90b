import type { Figure } from '../figure';
import { toFigure } from '../figure';
import type { FigureGroup } from '../figures/group';
import type { FleetOptions } from './run-fleet';
import { runFleet } from './run-fleet';

/** Ten thousand agents, an hour, and a server that is away for a minute in the middle of it. */
const fullFleet: FleetOptions = {
  agents: 10_000,
  durationMs: 3_600_000,
  outageAtMs: 1_800_000,
  outageMs: 60_000,
  seed: 20_260_302,
};

/** To see that it works: so few agents that chance alone may miss an aim. */
const smallFleet: FleetOptions = {
  agents: 1_000,
  durationMs: 900_000,
  outageAtMs: 480_000,
  outageMs: 60_000,
  seed: fullFleet.seed,
};

const names = [
  'fleet-requests',
  'fleet-peak-after-outage',
  'fleet-quiet-requests',
  'fleet-refused-log-ins',
  'fleet-background-in-flight',
  'fleet-starts-in-flight',
  'fleet-in-flight',
  'fleet-lateness',
  'fleet-lateness-of-ends',
  'fleet-never-shown',
] as const;

/**
 * What ten thousand agents cost the server, in virtual time: the real core with an injected clock and network. The
 * same seed gives the same figures on every machine.
 */
export const fleetFigures: FigureGroup = {
  names,
  measure: async (_prepare, { quick }, say) => {
    const before = process.cpuUsage();
    const figures = await measureFleet(quick ? smallFleet : fullFleet);
    const { user, system } = process.cpuUsage(before);
    const peakMb = process.resourceUsage().maxRSS / 1_024;
    say(
      `The fleet took ${Math.round((user + system) / 1e6)} s of CPU time and at most ${Math.round(peakMb)} MB`,
    );
    return figures;
  },
};

/** Runs a fleet and makes figures of it; each fleet is one run. */
async function measureFleet(options: FleetOptions): Promise<readonly Figure[]> {
  const result = await runFleet(options);
  const { tally } = result;
  return [
    toFigure({
      name: 'fleet-requests',
      title: `Requests of ${options.agents} agents, against polls every 2 s`,
      unit: 'requests/s',
      aim: { kind: 'ratio', most: 0.45 },
      ours: [result.meanRequests],
      floor: [result.fixedPollRequests],
    }),
    toFigure({
      name: 'fleet-peak-after-outage',
      title: 'Busiest second of the two minutes after an outage, against their mean',
      unit: 'requests/s',
      aim: { kind: 'ratio', most: 1.25 },
      ours: [result.peakAfterOutage],
      floor: [result.meanAfterOutage],
    }),
    toFigure({
      name: 'fleet-quiet-requests',
      title: 'Requests while asleep, refused or behind an open breaker (beyond its probes)',
      unit: '',
      aim: { kind: 'value', most: 0 },
      ours: [tally.whileSuspended + tally.whileLatched + tally.whileOpen],
      floor: null,
    }),
    toFigure({
      name: 'fleet-refused-log-ins',
      title: 'Refused log-ins, against passwords changed',
      unit: '',
      aim: { kind: 'ratio', most: 1 },
      ours: [tally.refusedLogIns],
      floor: [tally.passwordsChanged],
    }),
    toFigure({
      name: 'fleet-background-in-flight',
      title:
        'Most polls, looks, probes and lists in flight for one agent: one poll, and one of the rest beside it',
      unit: '',
      aim: { kind: 'value', most: 2 },
      ours: [tally.maxBackgroundInFlight],
      floor: null,
    }),
    toFigure({
      name: 'fleet-starts-in-flight',
      title: 'Most starts in flight for one agent',
      unit: '',
      aim: { kind: 'value', most: 1 },
      ours: [tally.maxStartsInFlight],
      floor: null,
    }),
    toFigure({
      name: 'fleet-in-flight',
      title: 'Most requests in flight for one agent: a poll, a press of a button and one of the rest',
      unit: '',
      aim: { kind: 'value', most: 3 },
      ours: [tally.maxInFlight],
      floor: null,
    }),
    toFigure({
      name: 'fleet-lateness',
      title: 'Recording begins on the server → tray, beyond the poll interval (95th percentile)',
      unit: 'ms',
      aim: { kind: 'value', most: 100 },
      ours: [result.latenessP95Ms.on],
      floor: null,
    }),
    toFigure({
      name: 'fleet-lateness-of-ends',
      title:
        'Recording ends on the server → tray, beyond the poll interval; two more lists prove it (95th percentile)',
      unit: 'ms',
      aim: { kind: 'value', most: 1_200 },
      ours: [result.latenessP95Ms.off],
      floor: null,
    }),
    toFigure({
      name: 'fleet-never-shown',
      title: `Changes that the tray might have followed and never did, of ${result.changes}`,
      unit: '',
      aim: { kind: 'value', most: 0 },
      ours: [result.neverShown],
      floor: null,
    }),
  ];
}
