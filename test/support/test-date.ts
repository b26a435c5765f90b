import { createRequire } from 'node:module';
import { join } from 'node:path';

const script = join(import.meta.dirname, '..', 'runtime', 'moved-clock.cjs');

/** The machine's own clock, epoch ms, also where the clock of the tests is moved: certificates are judged by it. */
export function realNow(): number {
  return Date.now() - Number(process.env['RECLIGHT_TEST_CLOCK_OFFSET'] ?? 0);
}

/**
 * Lets the clock of this process, and of every Node and Electron process that it starts, run on from a date.
 * @param date local date and time in the zone of `TZ`, such as `2027-03-28T01:30`
 * @throws Error where it is no date
 */
export function startClockAt(date: string): void {
  const at = Date.parse(date);
  if (Number.isNaN(at)) throw new Error(`RECLIGHT_TEST_DATE is no date: ${date}`);
  const offset = at - realNow();
  process.env['RECLIGHT_TEST_CLOCK_OFFSET'] = String(offset);
  const preload = `--require ${JSON.stringify(script)}`;
  const options = process.env['NODE_OPTIONS'] ?? '';
  if (!options.includes(preload)) process.env['NODE_OPTIONS'] = `${options} ${preload}`.trim();
  const { moveClock } = createRequire(script)(script) as {
    readonly moveClock: (offset: number) => void;
  };
  moveClock(offset);
}
