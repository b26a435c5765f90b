import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

import type { DesktopClient } from '../desktop/client';
import type { TrayItem } from '../desktop/protocol';
import { monotonicNow } from '../desktop/protocol';
import { sandboxFlags } from '../runtime/electron-runtime.mjs';
import { root } from '../runtime/processes.mjs';

/** Which of the two. */
export type AppName = 'reclight' | 'bare';

const folders: Readonly<Record<AppName, string>> = {
  reclight: root,
  bare: join(import.meta.dirname, 'bare-app'),
};

/** An app that takes longer to quit than this does not quit at all. */
const quitWithinMs = 15_000;

/** How one of the two apps is started; both are started in the same way. */
export interface StartOptions {
  readonly name: AppName;
  readonly executable: string;
  readonly profile: string;
  readonly desktop: DesktopClient;
  /** Opens Chromium's debugging port, so that {@link RunningApp.page} works. */
  readonly debugging?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** An app that runs. */
export interface RunningApp {
  readonly name: AppName;
  /** Of the main process; all others descend from it. */
  readonly pid: number;
  /** The folder of its user data. */
  readonly profile: string;
  /** Just before its process was made: ms of the system's monotonic clock. */
  readonly startedAt: number;
  /** The same moment in epoch ms. */
  readonly startedAtEpoch: number;
  readonly trayItem: TrayItem;
  /** When the tray host was told of the icon, on the monotonic clock. */
  readonly trayReadyAt: number;
  /** Its window's page; only with `debugging`. */
  page(): Promise<Page>;
  /** Ends it as the system does at log-out, and waits for that. */
  quit(): Promise<void>;
}

/** Starts an app without any help of its own: it is seen from outside only. Answers when its tray icon is there. */
export async function startApp(options: StartOptions): Promise<RunningApp> {
  const { name, executable, profile, desktop, debugging = false } = options;
  const args = [
    folders[name],
    `--user-data-dir=${profile}`,
    ...sandboxFlags(),
    ...(debugging ? ['--remote-debugging-port=0'] : []),
  ];
  const startedAtEpoch = Date.now();
  const startedAt = monotonicNow();
  const child = spawn(executable, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const address = new Promise<string>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      const found = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const quit = async (): Promise<void> => {
    await (await browser)?.close().catch(() => undefined);
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), quitWithinMs);
    await ended;
    clearTimeout(late);
    if (child.signalCode === 'SIGKILL') throw new Error(`${name} did not quit in ${quitWithinMs} ms`);
  };
  let browser: Promise<Browser> | null = null;

  try {
    const trayItem = await desktop.waitForTrayItem((item) => item.pid === pid, { timeoutMs: 30_000 });
    const added = (await desktop.trayHistory()).find(
      ({ item, what, at }) => item === trayItem.item && what === 'added' && at >= startedAt,
    );
    if (added === undefined) throw new Error(`The tray host does not know when ${name} came`);
    return {
      name,
      pid,
      profile,
      startedAt,
      startedAtEpoch,
      trayItem,
      trayReadyAt: added.at,
      page: async () => {
        browser ??= address.then((url) => chromium.connectOverCDP(url));
        const context = (await browser).contexts()[0];
        if (context === undefined) throw new Error(`${name} shows nothing to the debugging port`);
        return context.pages()[0] ?? (await context.waitForEvent('page'));
      },
      quit,
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
