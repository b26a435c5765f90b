import { parseArgs } from 'node:util';

/** How the bench is run. */
export interface BenchOptions {
  /** Print one JSON object and nothing else on stdout. */
  readonly json: boolean;
  /** Only figures whose name contains one of these; all where null. */
  readonly only: readonly string[] | null;
  /** Runs of each app for each figure. */
  readonly runs: number;
  /** Whether short waits and small numbers will do. */
  readonly quick: boolean;
  /** How long both apps are left alone before their memory or CPU is read, ms. */
  readonly settleMs: number;
  /** How long CPU time is counted, ms. */
  readonly cpuWindowMs: number;
  /** How long frames are timed at a time, ms. */
  readonly scrollMs: number;
  /** How long the list is scrolled and filtered before its memory is read, ms. */
  readonly rummageMs: number;
}

/** For the one at the terminal who asked for something else. */
const usage = [
  'npm run bench -- [--only NAME] [--runs N] [--quick] [--json]',
  '  --only NAME  only figures whose name contains NAME; several with commas between them',
  '  --runs N     runs of each app for each figure (10)',
  '  --quick      3 runs, short waits, a small fleet: to see that it works, not for figures to write down',
  '  --json       one JSON object on stdout, progress on stderr',
].join('\n');

/**
 * Reads the command line.
 * @throws {Error} for what it does not know, with the usage
 */
export function parseOptions(args: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        only: { type: 'string' },
        runs: { type: 'string' },
        quick: { type: 'boolean', default: false },
      },
    });
    const runs = values.runs === undefined ? (values.quick ? 3 : 10) : Number(values.runs);
    if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1 on');
    return {
      json: values.json,
      only: values.only?.split(',').filter((part) => part !== '') ?? null,
      runs,
      quick: values.quick,
      settleMs: values.quick ? 5_000 : 20_000,
      cpuWindowMs: values.quick ? 10_000 : 60_000,
      scrollMs: values.quick ? 1_500 : 3_000,
      rummageMs: values.quick ? 20_000 : 600_000,
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}
