import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../runtime/files';
import { processesWith } from './processes';

const run = fileURLToPath(new URL('./run.mjs', import.meta.url));

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const child = spawn(process.execPath, [run, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal, stdout, stderr }));
  return { child, ended };
}

/** Says where it is, leaves a daemon of its own session behind, and waits to be ended. */
const lingering = `
  setsid sh -c 'trap "" TERM HUP; sleep 1000' >/dev/null 2>&1 &
  echo "$RECLIGHT_DESKTOP_MARKS" "$HOME"
`;

/** Starts the lingering command and waits until it has said where it is. */
async function startLingering(tail: string) {
  const started = start(['--', 'sh', '-c', lingering + tail]);
  const [line] = (await once(createInterface(started.child.stdout), 'line')) as string[];
  const words = line?.split(' ') ?? [];
  const mark = words.at(-2) ?? '';
  const folder = path.dirname(words.at(-1) ?? '');
  expect(mark).toMatch(/^[0-9a-f-]{36}$/);
  expect(folder).toMatch(/rl-desktop-/);
  return { ...started, mark, folder };
}

async function expectNothingLeft(mark: string, folder: string) {
  await expect.poll(() => processesWith(mark), { timeout: 15_000 }).toEqual([]);
  await expect.poll(() => fs.existsSync(folder), { timeout: 15_000 }).toBe(false);
}

test.each([
  ['success', 'exit 0', 0],
  ['its own exit code', 'exit 7', 7],
  ['a signal it died of', 'kill -KILL $$', 137],
])('passes on %s', async (_what, script, code) => {
  const { ended } = start(['--', 'sh', '-c', `printf 'exactly this'; ${script}`]);
  expect(await ended).toMatchObject({ code, stdout: 'exactly this', stderr: '' });
});

test.each([
  ['no command', []],
  ['no separator', ['true']],
  ['nothing after the separator', ['--']],
  ['an unknown flag', ['--no-walls', '--', 'true']],
])('refuses a command line with %s', async (_what, args) => {
  const { code, stdout, stderr } = await start(args).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage:');
});

test('says which command could not be started, and leaves nothing', async () => {
  const { code, stderr } = await start(['--', 'no-such-command']).ended;
  expect(code).toBe(1);
  expect(stderr).toContain('no-such-command could not be started');
});

test('gives the command a home, a display and a bus of its own', async () => {
  const names = ['HOME', 'TMPDIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_RUNTIME_DIR'];
  const script = `process.stdout.write(JSON.stringify(process.env))`;
  const { stdout } = await start(['--', process.execPath, '-e', script]).ended;
  const env = JSON.parse(stdout) as Record<string, string>;
  for (const name of names) expect(env[name], name).toContain('rl-desktop-');
  expect(env['DISPLAY']).toMatch(/^:\d+$/);
  expect(env['DBUS_SESSION_BUS_ADDRESS']).toMatch(/^unix:path=.*rl-desktop-/);
  expect(env['WAYLAND_DISPLAY']).toBeUndefined();
  expect(env['RECLIGHT_CACHE_DIR']).toMatch(/reclight$/);
  expect(env['HOME']).not.toBe(os.homedir());
});

test('leaves no process and no folder behind when the command has ended', async () => {
  const { ended, mark, folder } = await startLingering('exit 3');
  expect(await ended).toMatchObject({ code: 3 });
  // Not polled: the runner must not end before all of it is gone.
  expect(processesWith(mark)).toEqual([]);
  expect(fs.existsSync(folder)).toBe(false);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('ends all of it on %s', async (signal, code) => {
  const { child, ended, mark, folder } = await startLingering('exec sleep 1000');
  expect(processesWith(mark).length).toBeGreaterThan(4);
  child.kill(signal);
  expect(await ended).toMatchObject({ code });
  expect(processesWith(mark)).toEqual([]);
  expect(fs.existsSync(folder)).toBe(false);
});

test('ends all of it when the runner itself is killed', async () => {
  const { child, mark, folder } = await startLingering('exec sleep 1000');
  expect(processesWith(mark).length).toBeGreaterThan(4);
  child.kill('SIGKILL');
  await expectNothingLeft(mark, folder);
});

test('ends all of it when the runner is killed while the desktop starts', async () => {
  // Of its own, so that no other desktop's folder is mistaken for the one that is starting.
  const TMPDIR = temporaryFolder();
  const { child } = start(['--', 'sleep', '1000'], { ...process.env, TMPDIR });
  const folders = () => fs.readdirSync(TMPDIR).filter((name) => name.startsWith('rl-desktop-'));
  await expect.poll(folders, { interval: 1, timeout: 15_000 }).toHaveLength(1);
  const folder = path.join(TMPDIR, folders()[0] ?? '');
  child.kill('SIGKILL');
  await expectNothingLeft(folder, folder);
});

test('keeps the home where it is asked to', async () => {
  const { stdout, stderr } = await start(['--keep-home', '--', 'sh', '-c', 'touch ~/kept; echo $HOME']).ended;
  const home = stdout.trim();
  try {
    expect(fs.existsSync(path.join(home, 'kept'))).toBe(true);
    expect(stderr).toContain(home);
  } finally {
    fs.rmSync(path.dirname(home), { recursive: true });
  }
});
