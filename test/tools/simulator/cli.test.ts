import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { readCliOptions } from './cli-options';
import { createControlClient } from './index';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const running: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function run(...args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/tools/simulator/main.ts', ...args], {
    cwd: root,
  });
  running.push(child);
  return child;
}

async function readLines(child: ChildProcessWithoutNullStreams, count: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

describe('the command', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it is, serves, and ends cleanly on %s',
    async (signal) => {
      const child = run('--generation', '2025', '--recordings', '12', '--prefix', '/voice', '--demo-office');
      const [ready = '', human = ''] = await readLines(child, 2);
      const { url, controlUrl, ...rest } = JSON.parse(ready) as { url: string; controlUrl: string };
      expect(rest).toEqual({ ready: true, generation: 2025, recordings: 12 });
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/voice$/);
      expect(human).toContain(url);
      expect((await fetch(`${url}/fw/Apps/Recorder/WebAPI/Recordings`)).status).toBe(401);
      expect(await createControlClient(controlUrl).requests()).toHaveLength(1);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([0, null]);
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    },
    20_000,
  );

  it('fails with a sentence when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const child = run('--port', String(typeof address === 'object' ? address?.port : 0));
    let words = '';
    child.stderr.on('data', (piece: Buffer) => (words += piece.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(words).toContain('EADDRINUSE');
    taken.close();
  }, 20_000);
});

describe('the command line', () => {
  it('has sensible values of its own', () => {
    expect(readCliOptions([])).toEqual({
      port: 0,
      controlPort: 0,
      host: '127.0.0.1',
      generation: 2024,
      recordings: 200,
      prefix: '',
      tls: null,
      demoOffice: false,
      seed: 1,
      now: undefined,
      awkward: false,
      service: {},
      timing: {},
      web: {},
    });
  });

  it('sets anything about service, timing, web server and TLS', () => {
    const files = ['--tls-cert', 'a.pem', '--tls-key', 'b.pem'];
    const tls = ['--tls-min', 'TLSv1.2', '--tls-max', 'TLSv1.3', '--client-certificate', 'ask'];
    const sets = [
      'web.compress=gzip',
      'web.serverHeader=null',
      'timing.lingersMs=3000',
      'service.channels=3',
    ];
    const args = [...files, ...tls, '--awkward', ...sets.flatMap((setting) => ['--set', setting])];
    expect(readCliOptions([...args, '--client-ca', 'c.pem'])).toMatchObject({
      awkward: true,
      web: { compress: 'gzip', serverHeader: null },
      timing: { lingersMs: 3_000 },
      service: { channels: 3 },
      tls: {
        certFile: 'a.pem',
        keyFile: 'b.pem',
        caFile: 'c.pem',
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        clientCertificate: 'ask',
      },
    });
  });

  it('starts the clock of the server at any time', () => {
    expect(readCliOptions(['--now', '2027-03-28T01:30+01:00']).now).toBe(Date.UTC(2027, 2, 28, 0, 30));
  });

  it.each([
    [['--port', 'x'], '--port'],
    [['--port', '70000'], '--port'],
    [['--generation', '2023'], '--generation'],
    [['--recordings', '-1'], '--recordings'],
    [['--tls-cert', 'a.pem'], '--tls-cert and --tls-key'],
    [['--now', 'soon'], '--now'],
    [['--colour', 'red'], '--colour'],
    [['stray'], 'stray'],
    [['--set', 'compress=gzip'], '--set'],
    [['--set', 'web.compress=zip'], '--set web.compress=zip'],
    [['--set', 'web.colour=red'], '--set web.colour=red'],
    [['--tls-cert', 'a.pem', '--tls-key', 'b.pem', '--tls-min', 'SSLv3'], '--tls-min'],
  ])('refuses %j', (args, words) => {
    expect(() => readCliOptions(args)).toThrow(words);
  });
});
