import fs from 'node:fs';
import path from 'node:path';
import { root, run, say } from './processes.mjs';

/**
 * @typedef {{version?: string, optional?: boolean, link?: boolean, integrity?: string}} LockedPackage
 * @typedef {{packages?: Record<string, LockedPackage>}} LockFile
 */

/**
 * @param {string} file
 * @returns {LockFile | undefined}
 */
function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether what is installed is what package-lock.json says. npm writes `node_modules/.package-lock.json` last, so its
 * absence also tells of an installation that was interrupted.
 *
 * @param {string} folder the folder with package.json
 * @returns {boolean} false where `npm ci` is needed
 */
export function dependenciesAreCurrent(folder) {
  const wanted = readLock(path.join(folder, 'package-lock.json'))?.packages;
  const installed = readLock(path.join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([place, { version, optional, integrity }]) => {
    if (place === '') return true;
    const found = installed[place];
    // Binaries for other systems are in the lock file and never installed.
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * Installs the locked packages where they are absent or others than locked. Install scripts are not run: every
 * package with native code brings its binaries along, and Electron's own download is chosen later.
 *
 * @throws {Error} where npm fails; npm has printed why
 */
export async function ensureDependencies() {
  if (dependenciesAreCurrent(root)) return;
  say('Installing packages (npm ci)…');
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdout: 'stderr',
  });
  if (code !== 0)
    throw new Error(`npm ci failed with code ${code}. Fix what it printed above and run again.`);
}
