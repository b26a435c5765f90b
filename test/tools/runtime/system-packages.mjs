import fs from 'node:fs';
import path from 'node:path';
import { capture, run, say } from './processes.mjs';

/**
 * @typedef {'electron' | 'desktop' | 'speech' | 'files' | 'wayland' | 'clocks'} Need
 * What a task may need from the system: Electron's libraries; a private desktop; speech for the simulator; what reads
 * exported files and makes the file systems of sticks; a Wayland compositor; clocks that run faster.
 *
 * @typedef {object} Requirement
 * @property {readonly string[]} packages the Debian package, with the names other releases give it; one of them
 * @property {string} [command] the command it brings, looked for where there is no dpkg
 */

/** @type {Readonly<Record<Need, readonly Requirement[]>>} */
const requirements = {
  electron: [
    { packages: ['libnss3'] },
    { packages: ['libgtk-3-0', 'libgtk-3-0t64'] },
    { packages: ['libgbm1'] },
    { packages: ['libasound2', 'libasound2t64'] },
    { packages: ['libxss1'] },
    { packages: ['libnotify4'] },
    { packages: ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'] },
    { packages: ['libdrm2'] },
    { packages: ['libsecret-1-0'] },
  ],
  desktop: [
    { packages: ['xvfb'], command: 'Xvfb' },
    { packages: ['openbox'], command: 'openbox' },
    { packages: ['xdotool'], command: 'xdotool' },
    { packages: ['x11-utils'], command: 'xev' },
    { packages: ['dbus'], command: 'dbus-daemon' },
    { packages: ['libnss3-tools'], command: 'certutil' },
    { packages: ['gnome-keyring'], command: 'gnome-keyring-daemon' },
    { packages: ['fonts-dejavu-core'] },
  ],
  speech: [
    { packages: ['espeak-ng'], command: 'espeak-ng' },
    { packages: ['lame'], command: 'lame' },
    { packages: ['sox'], command: 'sox' },
  ],
  files: [
    { packages: ['libreoffice-calc-nogui', 'libreoffice-calc'], command: 'soffice' },
    { packages: ['dosfstools'], command: 'mkfs.vfat' },
    { packages: ['exfatprogs'], command: 'mkfs.exfat' },
    { packages: ['fusefat'], command: 'fusefat' },
    { packages: ['exfat-fuse'], command: 'mount.exfat-fuse' },
  ],
  wayland: [{ packages: ['weston'], command: 'weston' }],
  clocks: [{ packages: ['faketime'], command: 'faketime' }],
};

/**
 * Why there can be no private desktop on a system, or null where there can be one.
 *
 * @param {NodeJS.Platform} [platform] the own one by default
 * @returns {string | null} one sentence
 */
export function whyNoDesktop(platform = process.platform) {
  return platform === 'linux'
    ? null
    : `It needs Linux, where it runs inside a private desktop; this is ${platform}.`;
}

/**
 * Which requirements an installed set of packages leaves open.
 *
 * @param {readonly Requirement[]} wanted
 * @param {string} listing lines of `status name provides` as dpkg-query prints them
 * @returns {readonly Requirement[]} those without an installed package
 */
export function missingFrom(wanted, listing) {
  const installed = new Set();
  for (const line of listing.split('\n')) {
    const [status, name, ...provides] = line.split(/\s+/);
    if (status !== 'installed' || name === undefined) continue;
    installed.add(name);
    for (const word of provides) installed.add(word.replace(/,$/, ''));
  }
  return wanted.filter(({ packages }) => !packages.some((name) => installed.has(name)));
}

/**
 * @param {string} command
 * @returns {boolean}
 */
function isOnPath(command) {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    return folder !== '' && fs.existsSync(path.join(folder, command));
  });
}

/**
 * The name this release of the distribution knows a requirement by.
 *
 * @param {Requirement} requirement
 * @returns {Promise<string>}
 */
async function nameHere({ packages }) {
  for (const name of packages) {
    const { stdout } = await capture('apt-cache', ['policy', name]);
    if (/Candidate: (?!\(none\))/.test(stdout)) return name;
  }
  return packages[0] ?? '';
}

/**
 * Sees to it that the system has what a task needs: installs it on Debian and Ubuntu where that is possible without
 * asking, and says the one line to run where it is not. Silent where everything is there.
 *
 * @param {readonly Need[]} needs
 * @throws {Error} naming what is missing and what to do
 */
export async function ensureSystemPackages(needs) {
  if (process.platform !== 'linux' || needs.length === 0) return;
  const wanted = needs.flatMap((need) => requirements[need]);
  const query = await capture('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package} ${Provides}\n']);
  if (query.code === 127) {
    const absent = wanted.flatMap(({ command }) =>
      command === undefined || isOnPath(command) ? [] : [command],
    );
    if (absent.length === 0) return;
    throw new Error(
      `These commands are needed and not installed: ${absent.join(' ')}. Install them and run again.`,
    );
  }
  const missing = missingFrom(wanted, query.stdout);
  if (missing.length === 0) return;
  const asRoot = process.getuid?.() === 0;
  const sudo = !asRoot && (await capture('sudo', ['-n', 'true'])).code === 0;
  const names = missing.map(({ packages }) => packages[0] ?? '');
  if (!asRoot && !sudo) {
    throw new Error(
      `System packages are missing. Run this once, then again what you ran:\n` +
        `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`,
    );
  }
  await install(missing, sudo ? ['sudo', '-n'] : []);
}

/**
 * Installs what a task can do without, where that is possible without asking; tests that need it skip where it is not.
 *
 * @param {readonly Need[]} needs
 */
export async function offerSystemPackages(needs) {
  try {
    await ensureSystemPackages(needs);
  } catch (error) {
    say(`Goes on without some system packages. ${error instanceof Error ? error.message : ''}`);
  }
}

/**
 * @param {readonly Requirement[]} missing
 * @param {readonly string[]} prefix what gives the rights
 */
async function install(missing, prefix) {
  /** @param {readonly string[]} args */
  const apt = async (args) => {
    const [command = '', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    const code = await run(command, rest, { stdout: 'stderr' });
    if (code !== 0) throw new Error(`apt-get ${args[0] ?? ''} failed with code ${code}; see above.`);
  };
  await apt(['update', '-qq']);
  const names = await Promise.all(missing.map(nameHere));
  say(`Installing system packages: ${names.join(' ')}…`);
  await apt(['install', '-y', '-qq', '--no-install-recommends', ...names]);
}
