import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Snapshot } from '@shared/ipc/snapshot';
import type { RecLight } from '../harness/reclight';
import { launch, removeProfile } from '../harness/reclight';
import { until } from '../harness/until';

/* On a Wayland desktop only its portal gives shortcuts; a headless weston has none. */

const socket = 'wayland-reclight';
const whyNot = spawnSync('weston', ['--version']).error === undefined ? null : 'there is no weston here';

let runtime: string;
let compositor: ChildProcess;
let reclight: RecLight | null = null;

beforeEach(async () => {
  if (whyNot !== null) return;
  runtime = await mkdtemp(join(tmpdir(), 'reclight-wayland-'));
  compositor = spawn('weston', ['--backend=headless-backend.so', `--socket=${socket}`, '--idle-time=0'], {
    env: { ...process.env, XDG_RUNTIME_DIR: runtime },
    stdio: 'ignore',
  });
  await until(() => Promise.resolve(existsSync(join(runtime, socket))), 'weston to listen');
});

afterEach(async () => {
  if (whyNot !== null) return;
  await reclight?.quit();
  if (reclight !== null) await removeProfile(reclight.profile);
  reclight = null;
  compositor.kill('SIGTERM');
  if (compositor.exitCode === null && compositor.signalCode === null) await once(compositor, 'exit');
  await rm(runtime, { recursive: true, force: true });
});

/** Runs in the page by way of the main process: a compositor without a screen draws no frames for a driver to wait for. */
function inPage<Value>({ app }: RecLight, script: string): Promise<Value> {
  return app.evaluate(
    ({ BrowserWindow }, code) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code) as Promise<unknown>,
    script,
  ) as Promise<Value>;
}

test.skipIf(whyNot !== null)(
  `a shortcut that Wayland does not give is told as that, not as another program's${whyNot === null ? '' : `: ${whyNot}`}`,
  async () => {
    const running = (reclight = await launch({
      args: ['--ozone-platform=wayland'],
      env: { XDG_RUNTIME_DIR: runtime, WAYLAND_DISPLAY: socket, XDG_SESSION_TYPE: 'wayland' },
    }));
    const snapshot = () =>
      inPage<{ readonly ok: true; readonly value: Snapshot }>(running, 'window.reclight.getSnapshot({})');
    await until(
      async () => (await snapshot()).value.hotkeys.some(({ accelerator }) => accelerator !== null),
      'hotkeys',
    );
    const set = (await snapshot()).value.hotkeys.filter(({ accelerator }) => accelerator !== null);
    // An older Electron has no way to the portal and says no; a newer one says yes before the portal has been asked.
    for (const hotkey of set) {
      expect(hotkey.registered ? hotkey.unconfirmed : hotkey.error?.code).toBe(
        hotkey.registered ? true : 'shortcuts-unsupported',
      );
    }
  },
);
