import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { cacheFolder, chooseElectron, electronEnvironment, sandboxFlags } from './electron-runtime.mjs';
import { shellScript, temporaryFolder } from './files';
import { root } from './processes.mjs';

const isLinux = process.platform === 'linux' && process.arch === 'x64';

/** A pinned package without its binary, and a cache with an assembled Electron in it. */
function world() {
  const folder = temporaryFolder();
  const electronPackage = path.join(folder, 'electron');
  const cache = path.join(folder, 'cache');
  const assembled = path.join(cache, 'electron-33.2.1-linux-x64-1');
  fs.mkdirSync(electronPackage);
  fs.mkdirSync(assembled, { recursive: true });
  fs.writeFileSync(path.join(electronPackage, 'package.json'), '{"name":"electron","version":"45.4.1"}');
  fs.writeFileSync(path.join(electronPackage, 'install.js'), 'console.error("disk full"); process.exit(3);');
  const install = (): void => {
    fs.mkdirSync(path.join(electronPackage, 'dist'));
    fs.writeFileSync(path.join(electronPackage, 'dist', 'version'), '45.4.1');
    shellScript(path.join(electronPackage, 'dist', 'electron'), '');
  };
  const told: string[] = [];
  const choose = (env: NodeJS.ProcessEnv) =>
    chooseElectron({
      env: { PATH: process.env['PATH'], RECLIGHT_CACHE_DIR: cache, ...env },
      tell: (line) => told.push(line),
      electronPackage,
    });
  return { folder, electronPackage, assembled, install, told, choose };
}

/** A download server that answers every question in the same way; undefined for never. */
async function mirror(status: number | undefined): Promise<{ address: string; asked: string[] }> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (status !== undefined) response.writeHead(status).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

test.runIf(isLinux)('takes the executable it is told to, before everything else', async () => {
  const { folder, install, choose, told } = world();
  install();
  const own = shellScript(path.join(folder, 'own', 'electron'), '');
  fs.writeFileSync(path.join(folder, 'own', 'version'), 'v99.1.2\n');
  const runtime = { path: own, dist: path.dirname(own), version: '99.1.2', source: 'override' };
  expect(await choose({ RECLIGHT_ELECTRON: own, ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' })).toEqual(runtime);
  expect(await choose({ ELECTRON_OVERRIDE_DIST_PATH: path.dirname(own) })).toEqual(runtime);
  expect(told).toEqual(Array(2).fill(`Electron 99.1.2 (override): ${own}`));
});

test.runIf(isLinux)('asks an executable that names no version', async () => {
  const { folder, choose } = world();
  const packaged = shellScript(
    path.join(folder, 'app', 'reclight'),
    'test "$ELECTRON_RUN_AS_NODE" = 1 && echo 44.0.0',
  );
  expect(await choose({ RECLIGHT_ELECTRON: packaged })).toMatchObject({ version: '44.0.0' });
  const other = shellScript(path.join(folder, 'other', 'program'), 'echo not me >&2; exit 1');
  await expect(choose({ RECLIGHT_ELECTRON: other })).rejects.toThrow(
    /does not answer as an Electron.*not me/,
  );
});

test.each(['RECLIGHT_ELECTRON', 'ELECTRON_OVERRIDE_DIST_PATH'])(
  'says that %s leads nowhere',
  async (name) => {
    const { choose, folder } = world();
    await expect(choose({ [name]: path.join(folder, 'nothing') })).rejects.toThrow(
      `${name} leads to ${folder}`,
    );
  },
);

test.runIf(isLinux)('takes the pinned one that is there, and asks nobody', async () => {
  const { electronPackage, install, choose } = world();
  const { address, asked } = await mirror(200);
  install();
  const dist = path.join(electronPackage, 'dist');
  const runtime = { path: path.join(dist, 'electron'), dist, version: '45.4.1', source: 'pinned' };
  expect(await choose({ ELECTRON_MIRROR: address })).toEqual(runtime);
  expect(asked).toEqual([]);
});

test.runIf(isLinux)('lets the pinned package download itself where its server has it', async () => {
  const { electronPackage, choose } = world();
  const { address, asked } = await mirror(200);
  fs.writeFileSync(
    path.join(electronPackage, 'install.js'),
    `const fs = require('node:fs');
     fs.mkdirSync(__dirname + '/dist');
     fs.writeFileSync(__dirname + '/dist/version', '45.4.1');
     fs.writeFileSync(__dirname + '/dist/electron', '');`,
  );
  expect(await choose({ ELECTRON_MIRROR: address })).toMatchObject({ source: 'pinned', version: '45.4.1' });
  expect(asked).toEqual(['HEAD /v45.4.1/electron-v45.4.1-linux-x64.zip']);
});

test.runIf(isLinux)("reads npm's own setting of the mirror", async () => {
  const { choose } = world();
  const { address, asked } = await mirror(404);
  await choose({ npm_config_electron_mirror: address, ELECTRON_MIRROR: 'http://127.0.0.1:1/' });
  expect(asked).toHaveLength(1);
});

test.runIf(isLinux).each([
  ['has no such file', 404],
  ['is broken', 500],
  ['never answers', undefined],
  ['has it, but the download fails', 200],
])('assembles one where the server %s', async (_what, status) => {
  const { assembled, choose, told } = world();
  const { address } = await mirror(status);
  const runtime = {
    path: path.join(assembled, 'electron'),
    dist: assembled,
    version: '33.2.1',
    source: 'assembled',
  };
  expect(await choose({ ELECTRON_MIRROR: address })).toEqual(runtime);
  expect(told).toEqual([`Electron 33.2.1 (assembled): ${runtime.path}`]);
});

test.runIf(isLinux)('says what was tried and what to do where none can be had', async () => {
  const { folder, choose } = world();
  shellScript(path.join(folder, 'bin', 'npm'), 'echo ENOTFOUND >&2; exit 1');
  vi.stubEnv('PATH', `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}`);
  const { address } = await mirror(404);
  const failed = choose({ ELECTRON_MIRROR: address, RECLIGHT_CACHE_DIR: path.join(folder, 'empty') });
  const error = await failed.then(
    () => undefined,
    (reason: unknown) => (reason instanceof Error ? reason.message : undefined),
  );
  expect(error).toContain(`Electron 45.4.1 cannot be downloaded from ${address}v45.4.1/`);
  expect(error).toContain('the server answers 404');
  expect(error).toContain('npm could not fetch');
  expect(error).toContain('RECLIGHT_ELECTRON names the executable');
});

test('keeps what it fetches outside of the repository', () => {
  expect(cacheFolder({ RECLIGHT_CACHE_DIR: '/a/b' })).toBe('/a/b');
  expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe(path.join('/c', 'reclight'));
  const usual = path.join(os.homedir(), '.cache', 'reclight');
  expect(cacheFolder({ XDG_CACHE_HOME: 'not/absolute' })).toBe(usual);
  expect(cacheFolder({})).toBe(usual);
});

test('hands a runtime on to every tool', () => {
  const runtime = { path: '/r/electron', dist: '/r', version: '33.2.1', source: 'assembled' } as const;
  expect(electronEnvironment(runtime)).toEqual({
    RECLIGHT_ELECTRON: '/r/electron',
    ELECTRON_OVERRIDE_DIST_PATH: '/r',
    ELECTRON_EXEC_PATH: '/r/electron',
    ELECTRON_MAJOR_VER: '33',
    RECLIGHT_ELECTRON_DIST: '/r',
    RECLIGHT_ELECTRON_VERSION: '33.2.1',
  });
  expect(electronEnvironment({ ...runtime, source: 'pinned' })).not.toHaveProperty('RECLIGHT_ELECTRON_DIST');
});

test.each([
  ['root', 0, ['--no-sandbox']],
  ['anybody else', 1000, []],
])('leaves the sandbox to %s as it must be', (_who, id, flags) => {
  const getuid = vi.spyOn(process as { getuid: () => number }, 'getuid').mockReturnValue(id);
  onTestFinished(() => {
    getuid.mockRestore();
  });
  expect(sandboxFlags()).toEqual(flags);
});

test('prints the path, and nothing else, on stdout', async () => {
  const runtime = await chooseElectron({ tell: () => {} });
  const bootstrap = path.join(root, 'test', 'tools', 'runtime', 'bootstrap.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [bootstrap, 'electron-path'], {
    encoding: 'utf8',
  });
  expect({ stdout, status }).toEqual({ stdout: `${runtime.path}\n`, status: 0 });
  expect(stderr).toContain(`Electron ${runtime.version}`);
});
