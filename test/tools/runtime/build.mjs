import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { root, run, say, tool } from './processes.mjs';

/** What the built app is made from; a change in any of it calls for a new build. */
const sources = [
  'src-main',
  'src-renderer',
  'resources',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

const stamps = path.join(root, 'node_modules', '.cache', 'reclight');

/**
 * @param {readonly string[]} places files and folders under the root
 * @param {readonly string[]} [extra] what else decides the outcome
 * @returns {string} a hash of all their names and contents
 */
function fingerprint(places, extra = []) {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  /** @param {string} place */
  const add = (place) => {
    const full = path.join(root, place);
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) {
      for (const name of fs.readdirSync(full).sort()) add(path.join(place, name));
    } else {
      hash.update(`\0${place}\0${stat.size}\0`).update(fs.readFileSync(full));
    }
  };
  for (const place of places) add(place);
  return hash.digest('hex');
}

/**
 * @param {string} name
 * @param {string} print
 * @param {string} result what must still be there
 * @returns {boolean} whether the last one made under this name was made of the same
 */
function isCurrent(name, print, result) {
  const file = path.join(stamps, name);
  return fs.existsSync(result) && fs.existsSync(file) && fs.readFileSync(file, 'utf8') === print;
}

/**
 * @param {string} name
 * @param {string} print
 */
function remember(name, print) {
  fs.mkdirSync(stamps, { recursive: true });
  fs.writeFileSync(path.join(stamps, name), print);
}

/** @returns {string} the built app's entry, as package.json names it */
function builtEntry() {
  return path.join(root, JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).main);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
const buildPrint = (env) => fingerprint(sources, [env['ELECTRON_MAJOR_VER'] ?? '']);

/**
 * Builds the app into `out/`.
 *
 * @param {NodeJS.ProcessEnv} env with the variables of the chosen Electron
 * @param {readonly string[]} [args] for electron-vite
 * @param {'inherit' | 'stderr'} [stdout]
 * @returns {Promise<number>} exit code
 */
export async function build(env, args = [], stdout = 'inherit') {
  const print = buildPrint(env);
  fs.rmSync(path.join(stamps, 'build'), { force: true });
  const vite = tool('electron-vite', 'bin/electron-vite.js');
  const code = await run(process.execPath, [vite, 'build', ...args], { env, stdout });
  if (code === 0 && args.length === 0) remember('build', print);
  return code;
}

/**
 * Builds only where something changed since the last build.
 *
 * @param {NodeJS.ProcessEnv} env
 * @throws {Error} where the build fails
 */
export async function buildIfNeeded(env) {
  if (isCurrent('build', buildPrint(env), builtEntry())) return;
  say('Building…');
  const code = await build(env, [], 'stderr');
  if (code !== 0) throw new Error(`The build failed with code ${code}; see above.`);
}

/**
 * Makes an unpacked app of `out/`, with the Electron that `RECLIGHT_ELECTRON_DIST` names, else the pinned one.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} [args] for electron-builder
 * @param {'inherit' | 'stderr'} [stdout]
 * @returns {Promise<number>} exit code
 */
export async function packageApp(env, args = [], stdout = 'inherit') {
  const print = packagePrint(env);
  fs.rmSync(path.join(stamps, 'package'), { force: true });
  const builder = tool('electron-builder', 'cli.js');
  const all = [builder, '--dir', '--config', 'electron-builder.config.mjs', '--publish', 'never', ...args];
  const code = await run(process.execPath, all, { env, stdout });
  if (code === 0 && args.length === 0) remember('package', print);
  return code;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
function packagePrint(env) {
  const electron = [env['RECLIGHT_ELECTRON_DIST'] ?? '', env['RECLIGHT_ELECTRON_VERSION'] ?? ''];
  return fingerprint([...sources, 'electron-builder.config.mjs'], electron);
}

/**
 * Packages only where something changed since it was last done.
 *
 * @param {NodeJS.ProcessEnv} env
 * @throws {Error} where it fails
 */
export async function packageIfNeeded(env) {
  if (isCurrent('package', packagePrint(env), path.join(root, 'dist'))) return;
  say('Packaging…');
  const code = await packageApp(env, [], 'stderr');
  if (code !== 0) throw new Error(`Packaging failed with code ${code}; see above.`);
}
