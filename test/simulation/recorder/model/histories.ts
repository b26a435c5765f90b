import { writeFileSync } from 'node:fs';

import { fc, testSeed } from '../../../fixtures/seed';
import type { ServerHabits } from '../../../fixtures/virtual-telephony';
import type { Act } from './hands';
import { clumsiness, keys, mishaps, situations, telephones, upheavals } from './hands';
import type { Circumstances } from './observed';
import { Observed } from './observed';
import { narrate } from './story';
import type { Weather } from './weather';
import { weathers } from './weather';

class ActCommand implements fc.AsyncCommand<object, Observed> {
  constructor(readonly act: Act) {}
  check = () => true;
  async run(_model: object, observed: Observed): Promise<void> {
    await this.act[1](observed);
    observed.check();
    observed.expectNoViolation();
  }
  toString = () => this.act[0];
}

class PassCommand implements fc.AsyncCommand<object, Observed> {
  constructor(readonly ms: number) {}
  check = () => true;
  run(_model: object, observed: Observed): Promise<void> {
    return observed.pass(this.ms);
  }
  toString = () => `pass(${this.ms})`;
}

class WeatherCommand implements fc.AsyncCommand<object, Observed> {
  constructor(readonly weather: Weather) {}
  check = () => true;
  run(_model: object, observed: Observed): Promise<void> {
    observed.setWeather(this.weather);
    return Promise.resolve();
  }
  toString = () => `weather(${this.weather})`;
}

const actOf = (acts: readonly Act[]) => fc.constantFrom(...acts).map((act) => new ActCommand(act));
const passOf = (max: number) => fc.integer({ min: 1, max }).map((ms) => new PassCommand(ms));

const replayPath = process.env['RECLIGHT_REPLAY_PATH'];

const commands = fc.commands(
  [
    actOf(keys),
    actOf(keys),
    actOf(clumsiness),
    actOf(telephones),
    actOf(telephones),
    actOf(mishaps),
    actOf(upheavals),
    actOf(situations),
    passOf(14_000),
    passOf(3_000),
    passOf(400),
    fc.constantFrom(...weathers).map((weather) => new WeatherCommand(weather)),
  ],
  { maxCommands: 24, ...(replayPath === undefined ? {} : { replayPath }) },
);

/** Mostly the first; a history in which everything is odd would show little. */
const mostly = <Value>(usual: Value, ...others: readonly Value[]) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constant(usual) },
    ...others.map((value) => ({ weight: 1, arbitrary: fc.constant(value) })),
  );

const habits: fc.Arbitrary<ServerHabits> = fc.record({
  lingerMs: mostly(0, 3_000, 6_000),
  answersAnotherId: mostly(false, true),
  liveKeep: mostly<ServerHabits['liveKeep']>('off', 'listed', 'unlisted'),
  recordsTwice: mostly(false, true),
  hasIdleNode: mostly(false, true),
  order: mostly<ServerHabits['order']>('oldest-first', 'newest-first', 'random'),
  completedUnder: mostly<ServerHabits['completedUnder']>('same-id', 'new-id', 'two-rows'),
  showsOwnRowsOnly: mostly(false, true),
  tellsStart: mostly(true, false),
  tellsDuration: mostly(true, false),
  hasActiveList: fc.oneof({ weight: 20, arbitrary: fc.constant(true) }, fc.constant(false)),
});

/** What is drawn once for each history. */
const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  seed: fc.nat(),
  habits,
  savedAfterMs: fc.constantFrom(1_000, 30_000, 200_000, null),
  startLagMs: mostly(0, 1_500, 6_000, 12_000, 15_000),
  canPause: mostly(true, false),
  isListless: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true)),
});

/** A history: what is drawn once, and what happens. */
const histories = fc.tuple(circumstances, commands);

/** Lets one history happen. @throws with the first violation */
async function happen(
  drawn: Circumstances,
  happenings: Iterable<fc.AsyncCommand<object, Observed>>,
  tell?: (line: string) => void,
): Promise<void> {
  const observed = await Observed.create(drawn);
  const told = tell === undefined ? happenings : narrated(observed, drawn, happenings, tell);
  await fc.asyncModelRun(() => ({ model: {}, real: observed }), told);
  tell?.('--- everything heals');
  await observed.finish();
}

/** The same happenings, each of which is told before it happens, with all that follows from it. */
function narrated(
  observed: Observed,
  drawn: Circumstances,
  happenings: Iterable<fc.AsyncCommand<object, Observed>>,
  tell: (line: string) => void,
): Iterable<fc.AsyncCommand<object, Observed>> {
  narrate(observed, drawn, tell);
  return [...happenings].map((command) => ({
    check: (model: object) => command.check(model),
    run: (model: object, real: Observed) => {
      tell(`${Math.round(observed.scene.now())} --- ${String(command)}`);
      return command.run(model, real);
    },
  }));
}

/** All histories, also those after one that violates an invariant, none of them shrunk: what there is to be mended. */
async function survey(seed: number, numRuns: number): Promise<void> {
  const violations: string[] = [];
  for (const [index, [drawn, happenings]] of fc.sample(histories, { seed, numRuns }).entries()) {
    try {
      await happen(drawn, happenings);
    } catch (error) {
      violations.push(
        `seed ${seed}, path ${index}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  if (violations.length > 0) throw new Error(`${violations.length} of ${numRuns}\n${violations.join('\n')}`);
}

/** Writes down one history, told step by step. */
async function tellHistory(seed: number, index: number, file: string): Promise<void> {
  const [drawn, happenings] = fc.sample(histories, { seed, numRuns: index + 1 })[index]!;
  const lines: string[] = [];
  try {
    await happen(drawn, happenings, (line) => lines.push(line));
  } catch (error) {
    lines.push(`!!! ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  } finally {
    writeFileSync(file, `${lines.join('\n')}\n`);
  }
}

/** How many histories the files of this folder share, unless `RECLIGHT_HISTORIES` says otherwise. */
const defaultHistories = 2_000;

/** How many histories happen in all. */
export function historiesWanted(): number {
  const wanted = Number(process.env['RECLIGHT_HISTORIES'] ?? defaultHistories);
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw new Error('RECLIGHT_HISTORIES is no number of histories.');
  return wanted;
}

/**
 * Lets histories happen until one violates an invariant, and shrinks that. fast-check prints seed, path and replayPath;
 * with `RECLIGHT_SEED`, `RECLIGHT_PATH` and `RECLIGHT_REPLAY_PATH` only that history happens again. `RECLIGHT_STORY`
 * names a file into which that history, unshrunk, is told step by step; `RECLIGHT_SURVEY` lists all that violate one.
 * @param share of how many files this is one; the seeds of the others are their own
 */
export async function checkHistories(share: { readonly nth: number; readonly of: number }): Promise<void> {
  const replayed = process.env['RECLIGHT_SEED'];
  const seed = replayed === undefined ? testSeed + share.nth : Number(replayed);
  const path = process.env['RECLIGHT_PATH'];
  const story = process.env['RECLIGHT_STORY'];
  if (story !== undefined) return tellHistory(seed, Number.parseInt(path ?? '0', 10), story);
  if (process.env['RECLIGHT_SURVEY'] !== undefined)
    return survey(seed, Math.ceil(historiesWanted() / share.of));
  await fc.assert(
    fc.asyncProperty(histories, ([drawn, happenings]) => happen(drawn, happenings)),
    {
      numRuns: Math.ceil(historiesWanted() / share.of),
      seed,
      ...(path === undefined ? {} : { path }),
    },
  );
}
