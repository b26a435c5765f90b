// `npm test` and `npm run check`: every step runs even where an earlier one failed, and all are counted together.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build, buildIfNeeded, packageApp, packageIfNeeded } from './build.mjs';
import { capture, run, say, tool } from './processes.mjs';
import { whyNoDesktop } from './system-packages.mjs';
import { dateEnvironment, dateless, readSetting } from './test-dates.mjs';

/**
 * @typedef {{title: string, ms: number}} Timed a test and how long it took
 *
 * @typedef {{passed: number, failed: number, skipped: number, tests?: readonly Timed[]}} Count
 *
 * @typedef {object} Choice
 * @property {readonly string[]} steps the names of what is to run
 * @property {readonly string[]} filters what goes on to vitest
 */

/** @type {Readonly<Record<string, readonly string[]>>} */
const checks = {
  format: [tool('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  lint: [tool('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'],
  types: [tool('typescript', 'bin/tsc'), '--noEmit'],
  unused: [tool('knip', 'bin/knip.js')],
  commits: ['test/tools/runtime/commit-subjects.mjs'],
};

/** The vitest projects that need no desktop; they run together. */
const plainProjects = ['unit', 'mocked', 'renderer', 'contract', 'simulation', 'simulator'];
const desktopProjects = ['integration', 'e2e'];

/**
 * Tests of chance that can be let happen a given number of times, and nothing else.
 *
 * @type {Readonly<Record<string, {variable: string, run: readonly string[]}>>}
 */
const repeated = {
  '--histories': {
    variable: 'RECLIGHT_HISTORIES',
    run: ['--only', 'simulation', 'test/simulation/recorder/model'],
  },
  '--kills': {
    variable: 'RECLIGHT_KILLS',
    run: ['--only', 'integration', 'test/integration/documents/kills.test.ts'],
  },
  '--monkey': { variable: 'RECLIGHT_MONKEY', run: ['--only', 'build,e2e', 'test/e2e/specs/monkey.test.ts'] },
};

const stepNames = [...Object.keys(checks), 'build', ...plainProjects, 'integration', 'package', 'e2e'];

/**
 * Reads `--only a,b` and leaves the rest to vitest. Where there is a filter, only steps that can be filtered make sense.
 *
 * @param {readonly string[]} args
 * @returns {Choice}
 * @throws {Error} for a step there is not
 */
export function chooseSteps(args) {
  const at = args.findIndex((argument) => argument === '--only' || argument.startsWith('--only='));
  if (at === -1) {
    return { steps: args.length === 0 ? stepNames : [...plainProjects, ...desktopProjects], filters: args };
  }
  const inline = args[at]?.split('=')[1];
  const steps = (inline ?? args[at + 1] ?? '').split(',').filter((name) => name !== '');
  const unknown = steps.filter((name) => !stepNames.includes(name));
  if (steps.length === 0 || unknown.length > 0) {
    throw new Error(
      `--only takes some of ${stepNames.join(',')}${unknown.length > 0 ? `, not ${unknown}` : ''}.`,
    );
  }
  return { steps, filters: [...args.slice(0, at), ...args.slice(at + (inline === undefined ? 2 : 1))] };
}

/**
 * Takes `--histories N` (so many random histories of the recorder), `--kills N` (so many killed processes that write
 * RecLight's files) or `--monkey N` (so many minutes of random presses) out of the arguments.
 *
 * @param {readonly string[]} args
 * @returns {{env: Readonly<Record<string, string>>, rest: readonly string[]} | null} null where none is there
 * @throws {Error} where N is no number
 */
export function chooseRepeated(args) {
  const at = args.findIndex((argument) => argument in repeated);
  const option = args[at] ?? '';
  const chosen = repeated[option];
  if (chosen === undefined) return null;
  const count = args[at + 1] ?? '';
  if (!/^[1-9]\d*$/.test(count)) throw new Error(`${option} takes a number, as in ${option} 1000.`);
  const others = [...args.slice(0, at), ...args.slice(at + 2)];
  return { env: { [chosen.variable]: count }, rest: [...chosen.run, ...others] };
}

/**
 * @param {string} title
 */
function heading(title) {
  process.stdout.write(`\n== ${title}\n`);
}

/**
 * One step that either passes or fails as a whole.
 *
 * @param {string} name
 * @param {() => Promise<number>} work returns an exit code
 * @returns {Promise<Count>}
 */
async function single(name, work) {
  heading(name);
  try {
    const code = await work();
    process.stdout.write(code === 0 ? `${name}: passed\n` : `${name}: FAILED with code ${code}\n`);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  } catch (error) {
    process.stdout.write(`${name}: FAILED. ${error instanceof Error ? error.message : String(error)}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/**
 * One step that cannot be done on this system: no failure, but not silently left out either.
 *
 * @param {string} name
 * @param {string} why
 * @returns {Count}
 */
function skip(name, why) {
  heading(name);
  process.stdout.write(`${name}: skipped. ${why}\n`);
  return { passed: 0, failed: 0, skipped: 1 };
}

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const count of counts) {
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
  }
  const tests = counts.flatMap((count) => count.tests ?? []);
  return tests.length === 0 ? total : { ...total, tests };
}

/**
 * @param {string | undefined} json a report of vitest's JSON reporter
 * @returns {readonly Timed[]} every test that ran
 */
export function timings(json) {
  if (json === undefined) return [];
  /** @type {{testResults: {name: string, assertionResults: {fullName: string, duration?: number | null}[]}[]}} */
  const { testResults } = JSON.parse(json);
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.flatMap(({ fullName, duration }) =>
      typeof duration === 'number' ? [{ title: `${path.basename(name)}: ${fullName}`, ms: duration }] : [],
    ),
  );
}

/**
 * @param {readonly Timed[]} tests
 * @returns {string} the ten that took longest, one in a line; empty where there is none
 */
export function slowest(tests) {
  const lines = [...tests]
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 10)
    .map(
      ({ title, ms }) =>
        `${(ms / 1_000).toFixed(1).padStart(7)} s  ${title.replace(/\s+/g, ' ').slice(0, 130)}\n`,
    );
  return lines.length === 0 ? '' : `\n== the slowest tests\n${lines.join('')}`;
}

/**
 * Counts a report of vitest's JSON reporter together with vitest's exit code. A file that could not be loaded has no
 * tests, and an error outside of any test fails none: both must still count as failures.
 *
 * @param {string | undefined} json undefined where no report was written
 * @param {number} code vitest's exit code
 * @returns {Count}
 */
export function countReport(json, code) {
  if (json === undefined) return { passed: 0, failed: 1, skipped: 0 };
  /** @type {{testResults: {status: string, assertionResults: {status: string}[]}[]}} */
  const { testResults } = JSON.parse(json);
  const counts = testResults.map(({ status, assertionResults }) => {
    const passed = assertionResults.filter((one) => one.status === 'passed').length;
    const failed = assertionResults.filter((one) => one.status === 'failed').length;
    const skipped = assertionResults.length - passed - failed;
    return { passed, failed: failed === 0 && status === 'failed' ? 1 : failed, skipped };
  });
  const total = sum(counts);
  return code !== 0 && total.failed === 0 ? { ...total, failed: 1 } : total;
}

/**
 * The last line, and whether it is good news: something ran, and nothing failed.
 *
 * @param {Count} count
 * @returns {{line: string, code: number}}
 */
export function summary({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { line, code: failed > 0 || passed === 0 ? 1 : 0 };
}

/**
 * @param {readonly string[]} projects
 * @param {readonly string[]} filters
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} desktop whether it needs a private one
 * @returns {Promise<Count>}
 */
async function vitest(projects, filters, env, desktop) {
  heading(projects.join(', '));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'reclight-report-'));
  const report = path.join(folder, 'report.json');
  const script = tool('vitest', 'vitest.mjs');
  const command = [
    script,
    'run',
    ...projects.map((name) => `--project=${name}`),
    '--passWithNoTests',
    // Without a desktop nothing is measured against the clock, so every core may be busy.
    ...(desktop ? [] : ['--maxWorkers=100%']),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ];
  try {
    const all = desktop ? ['test/tools/desktop/run.mjs', '--', process.execPath, ...command] : command;
    const code = await run(process.execPath, all, { env });
    const json = fs.existsSync(report) ? fs.readFileSync(report, 'utf8') : undefined;
    return { ...countReport(json, code), tests: timings(json) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Format, lint, types, unused code and subjects of commits.
 *
 * @param {readonly string[]} args takes `--only` like {@link test}
 * @returns {Promise<number>} exit code
 */
export async function check(args) {
  const { steps } = chooseSteps(args.length === 0 ? ['--only', Object.keys(checks).join(',')] : args);
  return finish(sum(await runChecks(steps, process.env)));
}

/**
 * The checks side by side, one for each core; what one prints is shown when it has ended, in the order of the table.
 *
 * @param {readonly string[]} steps
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<readonly Count[]>}
 */
async function runChecks(steps, env) {
  const chosen = Object.entries(checks).filter(([name]) => steps.includes(name));
  const free = Array.from({ length: os.availableParallelism() }, () => Promise.resolve());
  /** @type {ReturnType<typeof capture>[]} */
  const results = [];
  for (const [, command] of chosen) {
    const core = await Promise.race(free.map((idle, index) => idle.then(() => index)));
    const result = capture(process.execPath, command, { env });
    results.push(result);
    free[core] = result.then(() => undefined);
  }
  const counts = [];
  for (const [index, [name]] of chosen.entries()) {
    counts.push(
      await single(name, async () => {
        const result = await results[index];
        if (result === undefined) throw new Error('It was not started.');
        const { code, stdout, stderr } = result;
        process.stdout.write(stdout);
        process.stderr.write(stderr);
        return code;
      }),
    );
  }
  return counts;
}

/**
 * Everything, or what `--only` names; other arguments go to vitest. The last line on stdout is the count. With
 * `--date`, `--zone` and `--seed` the tests run at another date, in another time zone, with other chances; with
 * `--dates` once for each of a table of dates; with `--histories N`, `--kills N` or `--monkey N` only what {@link chooseRepeated} says.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env with the variables of the chosen Electron
 * @param {NodeJS.Platform} [platform] the own one by default
 * @returns {Promise<number>} exit code: non-zero where anything failed or nothing ran
 */
export async function test(args, env, platform = process.platform) {
  const chosen = chooseRepeated(args);
  if (chosen !== null) return test(chosen.rest, { ...env, ...chosen.env }, platform);
  const { dates, env: setting, rest } = readSetting(args);
  if (dates !== null) return testDates(dates, rest, { ...env, ...setting }, platform);
  return finish(await runSteps(chooseSteps(rest), { ...env, ...setting }, platform));
}

/**
 * @param {Count} count
 * @returns {number} exit code
 */
function finish(count) {
  const { line, code } = summary(count);
  process.stdout.write(`${slowest(count.tests ?? [])}\n${line}\n`);
  return code;
}

/**
 * The same tests under one date after the other: the plain projects, where `--only` names no others.
 *
 * @param {readonly import('./test-dates.mjs').TestDate[]} dates
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {Promise<number>} exit code
 */
async function testDates(dates, args, env, platform) {
  const { steps, filters } = chooseSteps(args);
  const named = args.some((argument) => argument.startsWith('--only'));
  const chosen = named ? steps : plainProjects;
  const without = chosen.some((name) => plainProjects.includes(name))
    ? dateless.flatMap((file) => ['--exclude', file])
    : [];
  const results = [];
  for (const date of dates) {
    heading(`${date.name}: ${date.date} ${date.zone}`);
    const choice = { steps: chosen, filters: [...filters, ...without] };
    const count = await runSteps(choice, { ...env, ...dateEnvironment(date) }, platform);
    results.push({ date, count });
  }
  heading('dates');
  for (const { date, count } of results) {
    const { line } = summary(count);
    process.stdout.write(`${date.name.padEnd(18)}${date.date.padEnd(21)}${date.zone.padEnd(22)}${line}\n`);
  }
  return finish(sum(results.map(({ count }) => count)));
}

/**
 * @param {Choice} choice
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {Promise<Count>}
 */
async function runSteps({ steps: wanted, filters }, env, platform) {
  const why = whyNoDesktop(platform);
  const steps = why === null ? wanted : wanted.filter((name) => !desktopProjects.includes(name));
  const counts = [...(await runChecks(steps, env))];

  let built = true;
  if (steps.includes('build')) {
    const count = await single('build', () => build(env));
    built = count.failed === 0;
    counts.push(count);
  }
  const plain = plainProjects.filter((name) => steps.includes(name));
  if (plain.length > 0) counts.push(await vitest(plain, filters, env, false));
  if (steps.includes('integration')) counts.push(await vitest(['integration'], filters, env, true));

  if (steps.includes('package')) {
    counts.push(await single('package', async () => (built ? packageBuilt(env) : notBuilt())));
  }
  if (steps.includes('e2e')) {
    counts.push(await (built ? endToEnd(steps, filters, env) : single('e2e', notBuilt)));
  }
  if (why !== null) {
    for (const name of desktopProjects) if (wanted.includes(name)) counts.push(skip(name, why));
  }
  return sum(counts);
}

/** @returns {Promise<never>} */
const notBuilt = () => Promise.reject(new Error('Not run, because the build failed.'));

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
async function packageBuilt(env) {
  await buildIfNeeded(env);
  return packageApp(env);
}

/**
 * @param {readonly string[]} steps
 * @param {readonly string[]} filters
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Count>}
 */
async function endToEnd(steps, filters, env) {
  try {
    await buildIfNeeded(env);
    if (!steps.includes('package')) await packageIfNeeded(env);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1, skipped: 0 };
  }
  return vitest(['e2e'], filters, env, true);
}
