import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './files';
import { withLock } from './lock.mjs';

const module = fileURLToPath(new URL('./lock.mjs', import.meta.url));

test.each([
  ['nobody', undefined],
  ['a process that is dead', () => String(spawnSync('true').pid)],
  ['nonsense', () => 'nonsense'],
  ['an empty file', () => ''],
])('is had at once where %s holds it', async (_who, content) => {
  const file = path.join(temporaryFolder(), 'deep', 'lock');
  if (content !== undefined) {
    fs.mkdirSync(path.dirname(file));
    fs.writeFileSync(file, content());
  }
  const waits: number[] = [];
  expect(
    await withLock(file, async () => fs.readFileSync(file, 'utf8'), { onWait: (pid) => waits.push(pid) }),
  ).toBe(String(process.pid));
  expect(waits).toEqual([]);
  expect(fs.readdirSync(path.dirname(file))).toEqual([]);
});

test('is given back where the work fails', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(fs.existsSync(file)).toBe(false);
});

test('waits for a living holder, and says for whom', async () => {
  const file = path.join(temporaryFolder(), 'lock');
  const holder = spawn('sleep', ['1000']);
  onTestFinished(() => {
    holder.kill('SIGKILL');
  });
  fs.writeFileSync(file, String(holder.pid));
  const waits: (number | undefined)[] = [];
  const had = withLock(file, async () => holder.exitCode ?? holder.signalCode, {
    onWait: (pid) => {
      waits.push(pid);
      holder.kill('SIGKILL');
    },
    pollMs: 5,
  });
  expect(await had).toBe('SIGKILL');
  expect(waits).toEqual([holder.pid]);
});

test('is held by one process at a time, also where all find the same dead one', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'lock');
  const log = path.join(folder, 'log');
  fs.writeFileSync(file, String(spawnSync('true').pid));
  const script = `
    import fs from 'node:fs';
    import { setTimeout as pause } from 'node:timers/promises';
    const { withLock } = await import(${JSON.stringify(module)});
    for (let round = 0; round < 10; round += 1) {
      await withLock(${JSON.stringify(file)}, async () => {
        fs.appendFileSync(${JSON.stringify(log)}, 'in ');
        await pause(2);
        fs.appendFileSync(${JSON.stringify(log)}, 'out ');
      }, { pollMs: 1 });
    }
  `;
  const codes = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
      return (await once(child, 'close'))[0] as number;
    }),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(fs.readFileSync(log, 'utf8')).toBe('in out '.repeat(40));
});
