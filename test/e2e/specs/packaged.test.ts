import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';

import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connectDesktop } from '../../tools/desktop/client';
import type { DesktopClient } from '../../tools/desktop/client';
import { sandboxFlags } from '../../tools/runtime/electron-runtime.mjs';
import { root } from '../../tools/runtime/processes.mjs';
import type { Simulator } from '../../tools/simulator';
import { startSimulator } from '../../tools/simulator';
import { certificate } from '../harness/certificate';
import { createProfile, removeProfile } from '../harness/reclight';
import { startPackaged } from '../harness/packaged';

const folder = join(root, 'dist', 'linux-unpacked');
const executable = join(folder, 'reclight');

/** The characters that stand in the executable for a fuse. */
const off = '0'.charCodeAt(0);
const on = '1'.charCodeAt(0);

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether somebody listens on a port. */
function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('error', () => {
      resolve(false);
    });
  });
}

let simulator: Simulator;
let desktop: DesktopClient;
let profile: string;

beforeAll(async () => {
  simulator = await startSimulator({ recordings: 10 });
  desktop = await connectDesktop();
  profile = await createProfile();
});

afterAll(async () => {
  desktop.dispose();
  await simulator.close();
  await removeProfile(profile);
});

describe('the packaged app', () => {
  test('has the fuses that were decided', async () => {
    const wire = await getCurrentFuseWire(executable);
    const expected: Partial<Record<FuseV1Options, number>> = {
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: off,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: off,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    };
    for (const [fuse, state] of Object.entries(expected)) {
      expect(wire[Number(fuse) as FuseV1Options], FuseV1Options[Number(fuse)]).toBe(state);
    }
  });

  test('holds what it needs and nothing of ours besides', () => {
    const files = listPackage(join(folder, 'resources', 'app.asar'), { isPack: false });
    expect(files).toContain('/out/main/index.cjs');
    expect(files).toContain('/out/preload/index.cjs');
    expect(files).toContain('/out/renderer/index.html');
    expect(files.filter((file) => /^\/(test|docs|src-main|src-renderer)/.test(file))).toEqual([]);
    expect(files.filter((file) => /^\/out\/(?!(?:main|preload|renderer)(?:\/|$))/.test(file))).toEqual([]);
    expect(files.filter((file) => /^\/node_modules\/(?!keytar)[^/]+$/.test(file))).toEqual([]);
  });

  test('does not run as Node, whatever the environment says', async () => {
    const other = await createProfile();
    const child = spawn(executable, ['-p', '6 * 7', `--user-data-dir=${other}`, ...sandboxFlags()], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let printed = '';
    child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
    const ended = once(child, 'exit');
    try {
      await desktop.waitForTrayItem(({ pid }) => pid === child.pid, { timeoutMs: 30_000 });
      expect(printed).not.toContain('42');
    } finally {
      child.kill();
      await ended;
      await removeProfile(other);
    }
  });

  /** A place that must get nothing, and files that must not be made. */
  interface Traps {
    readonly port: number;
    readonly debugging: number;
    readonly netLog: string;
    readonly keys: string;
  }

  const traps: Readonly<Record<string, (at: Traps) => readonly string[]>> = {
    'ignore-certificate-errors': () => ['--ignore-certificate-errors'],
    'ignore-certificate-errors with one dash': () => ['-ignore-certificate-errors'],
    'host-rules': ({ port }) => [`--host-rules=MAP * 127.0.0.1:${port}`],
    'host-resolver-rules': ({ port }) => [`--host-resolver-rules=MAP * 127.0.0.1:${port}`],
    'proxy-server': ({ port }) => [`--proxy-server=127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>'],
    'log-net-log': ({ netLog }) => [`--log-net-log=${netLog}`, '--net-log-capture-mode=Everything'],
    'ssl-key-log-file': ({ keys }) => [`--ssl-key-log-file=${keys}`],
    'remote-debugging-port': ({ debugging }) => [
      `--remote-debugging-port=${debugging}`,
      '--remote-allow-origins=*',
    ],
    'remote-debugging-pipe': () => ['--remote-debugging-pipe'],
    SSLKEYLOGFILE: () => [],
  };

  test.each(Object.entries(traps))('gives nothing away for %s, and says so (G7)', async (name, switches) => {
    const other = await createProfile();
    const sent: string[] = [];
    const refused: string[] = [];
    const connected: string[] = [];
    const server = createServer(await certificate(), (request, response) => {
      sent.push(request.url ?? '');
      response.end('[]');
    });
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => refused.push(error.code ?? ''));
    server.on('connection', () => connected.push(name));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const at: Traps = {
      port,
      debugging: await freePort(),
      netLog: join(other, 'net-log.json'),
      keys: join(other, 'tls-keys'),
    };
    const args = switches(at);
    const running = await startPackaged({
      executable,
      profile: other,
      args: [...sandboxFlags(), ...args],
      env: name === 'SSLKEYLOGFILE' ? { SSLKEYLOGFILE: at.keys } : {},
      desktop,
    });
    const isElsewhere = /^(?:host|proxy)/.test(name);
    try {
      await running.typeSignIn({
        server: isElsewhere ? simulator.url : `https://127.0.0.1:${port}`,
        username: 'anna.rossi',
        password: 'Anna-101-demo',
        line: '101',
      });
      if (isElsewhere) {
        await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
        expect(connected).toEqual([]);
      } else await expect.poll(() => refused).not.toHaveLength(0);
      expect(sent).toEqual([]);
      expect(await accepts(at.debugging)).toBe(false);
      expect(await running.debugs()).toBe(false);
      for (const file of [at.netLog, at.keys]) expect(existsSync(file), file).toBe(false);
      if (args.length > 0) expect(running.said()).toContain(name.split(' ')[0]);
    } finally {
      running.kill();
      await running.ended;
      server.close();
      server.closeAllConnections();
      await removeProfile(other);
    }
  });

  test('starts, signs in, records by hotkey, stops and quits', async () => {
    const running = await startPackaged({ executable, profile, args: sandboxFlags(), desktop });
    try {
      await running.typeSignIn({
        server: simulator.url,
        username: 'anna.rossi',
        password: 'Anna-101-demo',
        line: '101',
      });
      const { item } = await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'), {
        timeoutMs: 30_000,
      });
      simulator.telephony.connectCall({ directoryNumber: '101' });
      await desktop.pressKeys('ctrl+shift+F9');
      await desktop.waitForTrayItem(({ tooltip }) => /Recording \d/.test(tooltip));
      await desktop.pressKeys('ctrl+shift+F10');
      await desktop.waitForTrayItem(({ tooltip }) => tooltip.includes('Not recording'));
      expect(simulator.requests.filter('start')).toHaveLength(1);
      expect(simulator.requests.filter('stopById')).toHaveLength(1);
      await desktop.clickTrayMenu(item, ['Quit RecLight']);
      expect(await running.ended).toBe(0);
    } finally {
      running.kill();
    }
    const log = await readFile(join(profile, 'logs', 'reclight.log'), 'utf8').catch(() => '');
    expect(log).not.toMatch(/\[error\]/);
  });
});
