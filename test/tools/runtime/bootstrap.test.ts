import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { dependenciesAreCurrent } from './dependencies.mjs';
import { temporaryFolder } from './files';
import { root } from './processes.mjs';
import { missingFrom, whyNoDesktop } from './system-packages.mjs';
import {
  chooseRepeated,
  chooseSteps,
  countReport,
  slowest,
  summary,
  test as runSteps,
  timings,
} from './test-run.mjs';

function bootstrap(args: readonly string[], pretended: { version?: string; platform?: string } = {}) {
  const { version, platform } = pretended;
  const script = [
    ...(version === undefined
      ? []
      : [`Object.defineProperty(process.versions, 'node', { value: '${version}' });`]),
    ...(platform === undefined
      ? []
      : [`Object.defineProperty(process, 'platform', { value: '${platform}' });`]),
  ].join('');
  const pretend = script === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
  const file = path.join(root, 'test', 'tools', 'runtime', 'bootstrap.mjs');
  return spawnSync(process.execPath, [...pretend, file, ...args], { encoding: 'utf8' });
}

test.each(['16.20.2', '20.18.0', '21.7.3', '22.11.0'])('does not start on Node %s', (version) => {
  const { status, stdout, stderr } = bootstrap(['no-task'], { version });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(`this is ${version}`);
});

test.each(['20.19.0', '22.12.0', '23.0.0', '26.1.0'])('starts on Node %s', (version) => {
  const { status, stderr } = bootstrap(['no-task'], { version });
  expect(status).toBe(2);
  expect(stderr).toMatch(/Unknown task "no-task"\. There are: .*electron-path/);
});

test('knows every script of package.json', () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const { stderr } = bootstrap([]);
  for (const command of Object.values(scripts)) expect(stderr).toContain(command.split(' ').at(-1));
});

const locked = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'x' },
  'node_modules/b': { version: '2.0.0', optional: true },
};

test.each([
  ['as locked', { 'node_modules/a': locked['node_modules/a'] }, true],
  ['with an optional one more', { ...locked }, true],
  ['in another version', { 'node_modules/a': { version: '1.0.1', integrity: 'x' } }, false],
  ['from elsewhere', { 'node_modules/a': { version: '1.0.0', integrity: 'y' } }, false],
  ['without one', {}, false],
  ['with another optional version', { ...locked, 'node_modules/b': { version: '3.0.0' } }, false],
  ['never, or not to the end', undefined, false],
])('sees packages that were installed %s', (_how, packages, current) => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ packages: locked }));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  const hidden = path.join(folder, 'node_modules', '.package-lock.json');
  if (packages !== undefined) fs.writeFileSync(hidden, JSON.stringify({ packages }));
  expect(dependenciesAreCurrent(folder)).toBe(current);
});

test.each([
  ['', ['sox', 'libgtk-3-0']],
  ['installed sox \ninstalled libgtk-3-0 ', []],
  ['config-files sox \ninstalled libgtk-3-0 ', ['sox']],
  ['installed sox \ninstalled libgtk-3-0t64 libgtk-3-0 (= 3.24)', []],
  ['installed sox \ninstalled other libfoo (= 1), libgtk-3-0 (= 3.24)', []],
  ['installed soxy \ninstalled libgtk-3-0t64 ', ['sox']],
])('reads from %j which system packages are missing', (listing, missing) => {
  const wanted = [{ packages: ['sox'] }, { packages: ['libgtk-3-0', 'libgtk-3-0t64'] }];
  expect(missingFrom(wanted, listing).map(({ packages }) => packages[0])).toEqual(missing);
});

const all = chooseSteps([]).steps;

test.each([
  [[], all, []],
  [['--only', 'unit,e2e'], ['unit', 'e2e'], []],
  [['--only=lint'], ['lint'], []],
  [['--only', 'e2e', 'tray', '-t', 'stops'], ['e2e'], ['tray', '-t', 'stops']],
  [['tray', '--only=e2e'], ['e2e'], ['tray']],
  [
    ['tray'],
    ['unit', 'mocked', 'renderer', 'contract', 'simulation', 'simulator', 'integration', 'e2e'],
    ['tray'],
  ],
])('takes %j apart', (args, steps, filters) => {
  expect(chooseSteps(args)).toEqual({ steps, filters });
});

test.each([[['--only']], [['--only', 'unti']], [['--only=unit,nothing']]])('refuses %j', (args) => {
  expect(() => chooseSteps(args)).toThrow('--only takes some of format,');
});

test('--histories runs so many random histories, and nothing else', () => {
  const model = ['--only', 'simulation', 'test/simulation/recorder/model'];
  expect(chooseRepeated(['--histories', '20000'])).toEqual({
    env: { RECLIGHT_HISTORIES: '20000' },
    rest: model,
  });
  expect(chooseRepeated(['--only', 'unit'])).toBeNull();
  expect(() => chooseRepeated(['--histories', 'many'])).toThrow('--histories takes a number');
});

test('--kills ends so many processes in the middle of a write, and nothing else', () => {
  expect(chooseRepeated(['--kills', '1000', '--bail', '1'])).toEqual({
    env: { RECLIGHT_KILLS: '1000' },
    rest: ['--only', 'integration', 'test/integration/documents/kills.test.ts', '--bail', '1'],
  });
  expect(() => chooseRepeated(['--kills'])).toThrow('--kills takes a number');
});

test('--monkey presses at random for so many minutes, and nothing else', () => {
  expect(chooseRepeated(['--monkey', '30', '--seed', '7'])).toEqual({
    env: { RECLIGHT_MONKEY: '30' },
    rest: ['--only', 'build,e2e', 'test/e2e/specs/monkey.test.ts', '--seed', '7'],
  });
});

function report(...files: { status: string; tests: string[] }[]): string {
  const testResults = files.map(({ status, tests }) => ({
    status,
    assertionResults: tests.map((one) => ({ status: one })),
  }));
  return JSON.stringify({ testResults });
}

test.each([
  ['passed ones', report({ status: 'passed', tests: ['passed', 'passed'] }), 0, [2, 0, 0]],
  ['failed ones', report({ status: 'failed', tests: ['passed', 'failed'] }), 1, [1, 1, 0]],
  [
    'skipped ones',
    report({ status: 'passed', tests: ['passed', 'skipped', 'todo', 'pending'] }),
    0,
    [1, 0, 3],
  ],
  ['a file that cannot be loaded', report({ status: 'failed', tests: [] }), 1, [0, 1, 0]],
  ['an error outside of all tests', report({ status: 'passed', tests: ['passed'] }), 1, [1, 1, 0]],
  ['a run that ended without a report', undefined, 0, [0, 1, 0]],
  ['no tests', report(), 0, [0, 0, 0]],
])('counts %s', (_what, json, code, [passed, failed, skipped]) => {
  expect(countReport(json, code)).toEqual({ passed, failed, skipped });
});

test('names the ten slowest tests of a run, the slowest first', () => {
  const json = JSON.stringify({
    testResults: [
      {
        name: '/somewhere/test/unit/list.test.ts',
        assertionResults: [
          ...Array.from({ length: 11 }, (_, index) => ({ fullName: `row ${index}`, duration: index * 100 })),
          { fullName: 'not run' },
        ],
      },
    ],
  });
  const lines = slowest(timings(json)).trim().split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[1]?.trim()).toBe('1.0 s  list.test.ts: row 10');
  expect(lines.at(-1)).toContain('row 1');
  expect(slowest(timings(undefined))).toBe('');
});

test.each([
  [{ passed: 3, failed: 0, skipped: 0 }, '3 passed, 0 failed', 0],
  [{ passed: 3, failed: 1, skipped: 2 }, '3 passed, 1 failed, 2 skipped', 1],
  [{ passed: 0, failed: 0, skipped: 0 }, '0 passed, 0 failed', 1],
  [{ passed: 0, failed: 0, skipped: 4 }, '0 passed, 0 failed, 4 skipped', 1],
])('sums up %j', (count, line, code) => {
  expect(summary(count)).toEqual({ line, code });
});

test.each(['darwin', 'win32'] as const)('says in one sentence that there is no bench on %s', (platform) => {
  const { status, stdout, stderr } = bootstrap(['bench'], { platform });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(
    `npm run bench does not run here. It needs Linux, where it runs inside a private desktop; this is ${platform}.\n`,
  );
});

test('has a desktop on Linux, and only there', () => {
  expect(whyNoDesktop('linux')).toBeNull();
  expect(whyNoDesktop('freebsd')).toContain('Linux');
});

/** What `npm test` says on another system, and its exit code. */
async function testOn(platform: NodeJS.Platform, args: readonly string[]) {
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    const code = await runSteps(args, process.env, platform);
    return { code, said: written.join('') };
  } finally {
    stdout.mockRestore();
  }
}

test('skips what needs a desktop where there is none, and says so', async () => {
  const { code, said } = await testOn('darwin', ['--only', 'integration,e2e']);
  for (const step of ['integration', 'e2e']) {
    expect(said).toContain(`\n${step}: skipped. It needs Linux, `);
  }
  // Nothing ran: that is no good news.
  expect(said).toMatch(/\n0 passed, 0 failed, 2 skipped\n$/u);
  expect(code).toBe(1);
});

test('does the other steps there all the same', async () => {
  const { code, said } = await testOn('win32', ['--only', 'contract,e2e', '-t', 'keeps every character']);
  expect(said).toMatch(/^\n== contract\n/u);
  expect(said).toMatch(/\n1 passed, 0 failed, \d+ skipped\n$/u);
  expect(code).toBe(0);
});
