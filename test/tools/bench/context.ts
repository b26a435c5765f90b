import { constants } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import type { DesktopClient } from '../desktop/client';
import { connectDesktop } from '../desktop/client';
import { monotonicNow } from '../desktop/protocol';
import { electronExecutable, launch, signIn } from '../../e2e/harness/reclight';
import type { Simulator } from '../simulator';
import { startSimulator } from '../simulator';
import type { AppName, RunningApp } from './apps';
import { startApp } from './apps';
import type { BenchOptions } from './options';
import type { WindowWatch } from './window-watch';
import { watchWindows } from './window-watch';

/** What every figure is measured with. */
export interface BenchContext {
  readonly options: BenchOptions;
  readonly executable: string;
  readonly desktop: DesktopClient;
  readonly simulator: Simulator;
  readonly windows: WindowWatch;
  /** Tells the one who waits how far it is; never on stdout. */
  readonly say: (line: string) => void;
  /** Starts an app in its profile, which is warm: RecLight's has Anna signed in on line 101 and remembered. */
  start(
    name: AppName,
    options?: { readonly debugging?: boolean; readonly asked?: boolean },
  ): Promise<RunningApp>;
  /** Starts an app, and waits until its window is there and has come to rest. */
  startShown(
    name: AppName,
    options?: { readonly debugging?: boolean; readonly asked?: boolean },
  ): Promise<RunningApp>;
  /** The same, then hides the window with a click on the tray icon, and leaves it alone. */
  startHidden(name: AppName, options?: { readonly asked?: boolean }): Promise<RunningApp>;
  dispose(): Promise<void>;
}

/** The user on the bare app's side: with a line of its own, so that its recordings do not show up in RecLight. */
const ben = { username: 'ben.carter', password: 'Ben-102-demo', line: '102' };

const recordings = 2_000;

/** How long a window takes, once it is there, to have shown and asked everything that it begins with. */
const restMs = 2_000;

/** Waits; nothing else would do where the point is that nothing happens. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Both names, the other first in every second run, so that neither always comes after the other. */
export function bothNames(run: number): readonly AppName[] {
  return run % 2 === 0 ? ['bare', 'reclight'] : ['reclight', 'bare'];
}

async function warm(context: BenchContext, profile: string): Promise<void> {
  context.say('Signing in, and warming both profiles…');
  const reclight = await launch({ profile });
  await signIn(reclight.window, {
    server: context.simulator.url,
    username: 'anna.rossi',
    password: 'Anna-101-demo',
    remember: true,
    directoryNumber: '101',
  });
  await reclight.window.getByRole('grid', { name: 'Recordings' }).getByRole('row').first().waitFor();
  await reclight.quit();
  await context.desktop.waitForNoTrayItem();
  // Chromium keeps compiled code from a script's second run on.
  for (const name of ['reclight', 'bare', 'reclight', 'bare'] as const) {
    const app = await context.startShown(name);
    await app.quit();
  }
}

/** Prepares simulator and profiles. */
export async function createContext(
  options: BenchOptions,
  say: (line: string) => void,
): Promise<BenchContext> {
  const installed = electronExecutable();
  const desktop = await connectDesktop();
  const simulator = await startSimulator({ recordings });
  const windows = watchWindows();
  const folder = await mkdtemp(join(tmpdir(), 'reclight-bench-'));
  // A copy that no other Electron on this machine runs from: pages shared with one would count for less in the PSS.
  const dist = join(folder, 'electron');
  await cp(dirname(installed), dist, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const executable = join(dist, basename(installed));
  const authorization = `Basic ${Buffer.from(`${ben.username}:${ben.password}`).toString('base64')}`;
  const asked = { BENCH_SERVER: simulator.apiUrl, BENCH_AUTHORIZATION: authorization, BENCH_LINE: ben.line };

  const context: BenchContext = {
    options,
    executable,
    desktop,
    simulator,
    windows,
    say,
    start: (name, { debugging = false, asked: isAsked = false } = {}) =>
      startApp({
        name,
        executable,
        profile: join(folder, name),
        desktop,
        debugging,
        ...(isAsked && name === 'bare' ? { env: asked } : {}),
      }),
    startShown: async (name, startOptions) => {
      const app = await context.start(name, startOptions);
      await windows.mapped(app.startedAt);
      await pause(restMs);
      return app;
    },
    startHidden: async (name, startOptions) => {
      const app = await context.startShown(name, startOptions);
      const before = monotonicNow();
      await desktop.activateTray(app.trayItem.item, 0, 0);
      await windows.unmapped(before);
      return app;
    },
    dispose: async () => {
      windows.dispose();
      desktop.dispose();
      await simulator.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await warm(context, join(folder, 'reclight'));
    return context;
  } catch (error) {
    await context.dispose();
    throw error;
  }
}
