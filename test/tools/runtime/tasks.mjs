import { build, buildIfNeeded, packageApp } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { chooseElectron, electronEnvironment, sandboxFlags } from './electron-runtime.mjs';
import { root, run, tool } from './processes.mjs';
import { ensureSystemPackages, offerSystemPackages, whyNoDesktop } from './system-packages.mjs';
import { check, test } from './test-run.mjs';

/**
 * @typedef {(args: readonly string[]) => Promise<number>} Task does its work and returns the exit code
 */

/** @returns {Promise<{runtime: import('./electron-runtime.mjs').ElectronRuntime, env: NodeJS.ProcessEnv}>} */
async function withElectron() {
  const runtime = await chooseElectron();
  return { runtime, env: { ...process.env, ...electronEnvironment(runtime) } };
}

/** @returns {boolean} whether windows can be shown here */
const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);

/**
 * @param {readonly string[]} command
 * @returns {readonly string[]} arguments for Node that run it inside a private desktop
 */
const inDesktop = (command) => ['test/tools/desktop/run.mjs', '--', ...command];

/** @type {Readonly<Record<string, Task>>} */
const tasks = {
  async 'electron-path'() {
    const { path } = await chooseElectron();
    process.stdout.write(`${path}\n`);
    return 0;
  },

  async check(args) {
    return check(args);
  },

  async test(args) {
    await ensureSystemPackages(['electron', 'desktop', 'speech']);
    await offerSystemPackages(['files', 'wayland', 'clocks']);
    const { env } = await withElectron();
    return test(args, env);
  },

  async 'test-awkward'(args) {
    await ensureSystemPackages(['electron', 'desktop', 'speech']);
    const { env } = await withElectron();
    return test(['--only', 'build,e2e', ...args], { ...env, RECLIGHT_AWKWARD: '1' });
  },

  async build(args) {
    const { env } = await withElectron();
    return build(env, args);
  },

  async dev(args) {
    await ensureSystemPackages(['electron']);
    const { env } = await withElectron();
    const vite = tool('electron-vite', 'bin/electron-vite.js');
    return run(process.execPath, [vite, 'dev', '--', ...sandboxFlags(), ...args], { env });
  },

  async start(args) {
    await ensureSystemPackages(['electron']);
    const { env, runtime } = await withElectron();
    await buildIfNeeded(env);
    return run(runtime.path, [...sandboxFlags(), root, ...args], { env });
  },

  async package(args) {
    const { env } = await withElectron();
    await buildIfNeeded(env);
    return packageApp(env, args);
  },

  async simulator(args) {
    await ensureSystemPackages(['speech']);
    return run(process.execPath, ['--import', 'tsx', 'test/tools/simulator/main.ts', ...args]);
  },

  async demo(args) {
    const alone = hasDisplay();
    await ensureSystemPackages(alone ? ['electron', 'speech'] : ['electron', 'speech', 'desktop']);
    const { env } = await withElectron();
    await buildIfNeeded(env);
    const demo = ['--import', 'tsx', 'test/tools/demo/main.ts', ...args];
    return run(process.execPath, alone ? demo : inDesktop([process.execPath, ...demo]), { env });
  },

  async gallery(args) {
    return run(process.execPath, ['test/tools/gallery/main.mjs', ...args]);
  },

  async 'docs-api'(args) {
    return run(process.execPath, [tool('typedoc', 'bin/typedoc'), ...args]);
  },

  async bench(args) {
    const why = whyNoDesktop();
    if (why !== null) throw new Error(`npm run bench does not run here. ${why}`);
    await ensureSystemPackages(['electron', 'desktop', 'speech']);
    const { env } = await withElectron();
    await buildIfNeeded(env);
    const bench = [process.execPath, '--import', 'tsx', 'test/tools/bench/main.ts', ...args];
    return run(process.execPath, inDesktop(bench), { env });
  },
};

/** The names of all tasks, as package.json's scripts pass them. */
export const taskNames = Object.keys(tasks);

/**
 * @param {string} name
 * @returns {boolean}
 */
export const isTask = (name) => Object.hasOwn(tasks, name);

/**
 * Prepares what a task needs, then does it.
 *
 * @param {string} name one of {@link taskNames}
 * @param {readonly string[]} args what follows it on the command line
 * @returns {Promise<number>} exit code
 * @throws {Error} with a message for the user, where something needed cannot be had
 */
export async function runTask(name, args) {
  const task = tasks[name];
  if (task === undefined) throw new Error(`Unknown task ${name}`);
  await ensureDependencies();
  return task(args);
}
