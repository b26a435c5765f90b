import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ElectronApplication, Page } from 'playwright-core';
import { _electron } from 'playwright-core';

import { root } from '../../tools/runtime/processes.mjs';
import { drivenFlags, sandboxFlags } from '../../tools/runtime/electron-runtime.mjs';

/** Less than a test may take: what hangs is ended, and not left to hold keys and focus of the tests after it. */
const maxLaunchMs = 60_000;
const maxQuitMs = 40_000;

/** How RecLight is started. */
export interface LaunchOptions {
  /** A folder; a new one where left out. */
  readonly profile?: string;
  /** The folder of the built app; the project's own where left out. */
  readonly appFolder?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A RecLight that runs, on the real Electron. */
export interface RecLight {
  readonly app: ElectronApplication;
  readonly window: Page;
  readonly profile: string;
  readonly pid: number;
  /** When its process has ended. */
  readonly ended: Promise<void>;
  /** Quits it as the tray menu does, and waits until the process has ended. */
  quit(): Promise<void>;
}

/** The executable that `npm test` has chosen. */
export function electronExecutable(): string {
  const path = process.env['RECLIGHT_ELECTRON'];
  if (path === undefined) throw new Error('Run it with: npm test -- --only e2e');
  return path;
}

/** Makes an empty profile folder. */
export function createProfile(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'reclight-profile-'));
}

/** Removes a profile folder. */
export async function removeProfile(profile: string): Promise<void> {
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}

/** Starts the built app; answers when its window has loaded. */
export async function launch(options: LaunchOptions = {}): Promise<RecLight> {
  const profile = options.profile ?? (await createProfile());
  const app = await _electron.launch({
    executablePath: electronExecutable(),
    cwd: root,
    // Playwright pretends a light desktop otherwise, whatever the theme is.
    colorScheme: null,
    timeout: maxLaunchMs,
    args: [
      ...drivenFlags(),
      options.appFolder ?? root,
      `--user-data-dir=${profile}`,
      ...sandboxFlags(),
      ...(options.args ?? []),
    ],
    env: { ...(process.env as Record<string, string>), ...options.env },
  });
  const process_ = app.process();
  const ended = new Promise<void>((resolve) => {
    process_.once('exit', () => {
      resolve();
    });
  });
  const window = await app.firstWindow().catch((error: unknown) => {
    process_.kill('SIGKILL');
    throw error;
  });
  return {
    app,
    window,
    profile,
    pid: process_.pid ?? 0,
    ended,
    quit: async () => {
      let hung = false;
      const patience = setTimeout(() => {
        hung = true;
        process_.kill('SIGKILL');
      }, maxQuitMs);
      if (process_.exitCode === null && process_.signalCode === null) {
        // The answer may be lost with the process that gives it.
        await app
          .evaluate(({ app: electronApp }) => setImmediate(() => electronApp.quit()))
          .catch(() => undefined);
      }
      await ended;
      clearTimeout(patience);
      await app.close().catch(() => undefined);
      if (hung) throw new Error(`RecLight did not quit within ${maxQuitMs} ms`);
    },
  };
}

/** Starts a second RecLight in the same profile, and waits until it has handed over and ended. */
export async function startAgain({ profile }: RecLight, ...args: readonly string[]): Promise<void> {
  const child = spawn(
    electronExecutable(),
    [root, `--user-data-dir=${profile}`, ...sandboxFlags(), ...args],
    { stdio: 'ignore' },
  );
  await once(child, 'exit');
}

/** What is typed into the sign-in form; the rest keeps what it holds. */
export interface SignInFields {
  readonly server: string;
  readonly username: string;
  readonly password: string;
  readonly remember?: boolean;
  readonly directoryNumber?: string;
  readonly deviceName?: string;
  readonly mode?: 'Media forking' | 'Dial-in';
}

/** Fills in the form as a user would, and presses *Sign in*. */
export async function fillSignIn(window: Page, fields: SignInFields): Promise<void> {
  const form = window.getByRole('form', { name: 'Sign in' });
  await form.getByRole('textbox', { name: 'Server address' }).fill(fields.server);
  await form.getByRole('textbox', { name: 'Username' }).fill(fields.username);
  await form.getByLabel('Password', { exact: true }).fill(fields.password);
  if (fields.remember !== undefined) {
    await form.getByRole('checkbox', { name: 'Remember me on this computer' }).setChecked(fields.remember);
  }
  const line = form.getByRole('group', { name: 'Your line' });
  if (fields.directoryNumber !== undefined) {
    await line.getByRole('textbox', { name: 'Directory number' }).fill(fields.directoryNumber);
  }
  if (fields.deviceName !== undefined) {
    await line.getByRole('textbox', { name: 'Device name' }).fill(fields.deviceName);
  }
  if (fields.mode !== undefined) {
    await line.getByRole('combobox', { name: 'Recording mode' }).selectOption({ label: fields.mode });
  }
  await form.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in, and waits until the recorder is there. */
export async function signIn(window: Page, fields: SignInFields): Promise<void> {
  await fillSignIn(window, fields);
  await window.getByRole('region', { name: 'Recorder' }).waitFor();
}

/** The state as the window says it. */
export function status(window: Page) {
  return window.getByRole('region', { name: 'Recorder' }).getByRole('status');
}
