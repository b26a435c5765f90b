import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createLog, logFileName, redact } from '../../../src-main/infra/log';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-log-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const lines = async (name = logFileName): Promise<readonly string[]> =>
  (await readFile(join(folder, 'logs', name), 'utf8')).split(/\r?\n/).filter((text) => text !== '');

describe('createLog', () => {
  it('writes a line a message, with its facts as JSON', async () => {
    const log = createLog({ folder: join(folder, 'logs') });
    log.write('info', 'started %s {level}', { ms: 12, ok: true, line: 'a\nb %d', none: null });
    log.write('warn', 'alone');
    const [first, second, ...others] = await lines();
    expect(first).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z \[info\] {1,2}started %s \{level\} \{"ms":12,"ok":true,"line":"a\\nb %d","none":null\}$/,
    );
    expect(second).toMatch(/\[warn\] {1,2}alone$/);
    expect(others).toEqual([]);
  });

  it('leaves out what is less important than asked for, and everything after its end', async () => {
    const log = createLog({ folder: join(folder, 'logs'), level: 'warn' });
    log.write('info', 'not this');
    log.write('error', 'this');
    log.dispose();
    log.write('error', 'too late');
    expect((await lines()).map((text) => text.replace(/^.*\] +/, ''))).toEqual(['this']);
  });

  it.skipIf(process.platform === 'win32')('is for its user alone', async () => {
    createLog({ folder: join(folder, 'logs') }).write('info', 'x');
    expect((await stat(join(folder, 'logs', logFileName))).mode & 0o777).toBe(0o600);
  });

  it('puts a full file aside, and keeps one old file', async () => {
    const log = createLog({ folder: join(folder, 'logs'), maxBytes: 2_000 });
    for (let i = 0; i < 200; i += 1) log.write('info', 'a message of some length', { i });
    expect((await readdir(join(folder, 'logs'))).sort()).toEqual([logFileName, 'reclight.old.log'].sort());
    expect((await lines()).at(-1)).toContain('{"i":199}');
    expect((await lines('reclight.old.log')).length).toBeLessThan(60);
  });

  it('lets no credentials through', async () => {
    const log = createLog({ folder: join(folder, 'logs') });
    const token = Buffer.from('anna:Pl4nted').toString('base64');
    log.write('error', `Authorization: Basic ${token}`, {
      header: `Basic ${token}`,
      url: 'https://anna:Pl4nted@recorder.example/x',
      body: '{"password":"Pl4nted"}',
    });
    const text = (await lines()).join('\n');
    expect(text).not.toContain('Pl4nted');
    expect(text).not.toContain(token);
    expect(text).toContain('recorder.example/x');
  });
});

describe('redact', () => {
  it.each([
    ['Authorization: Basic YW5uYTpz', 'Authorization: [redacted]'],
    ['{"authorization":"Basic YW5uYTpz","a":1}', '{"authorization":"[redacted]","a":1}'],
    ['proxy said Negotiate TlRMTVNTUAAB', 'proxy said Negotiate [redacted]'],
    ['http://a:b@c/d?e=f@g', 'http://[redacted]@c/d?e=f@g'],
    ['http://c/d@e', 'http://c/d@e'],
    ['password=hunter2, next', 'password=[redacted], next'],
    ['"password": "a \\" b", "x": 1', '"password": [redacted], "x": 1'],
    ['signed in as anna', 'signed in as anna'],
  ])('%j', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });
});
