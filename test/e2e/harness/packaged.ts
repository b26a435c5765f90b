import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import type { DesktopClient } from '../../tools/desktop/client';
import { until } from './until';

/** A packaged RecLight, used by keyboard alone: its fuses let no debugger in. */
export interface PackagedRecLight {
  /** Fills in the sign-in form as one would without a mouse. */
  typeSignIn(fields: {
    readonly server: string;
    readonly username: string;
    readonly password: string;
    readonly line: string;
  }): Promise<void>;
  /** What it has printed to standard error. */
  said(): string;
  /** Whether it answers a debugger on its pipe. */
  debugs(): Promise<boolean>;
  /** Its exit code, when it has ended. */
  readonly ended: Promise<number>;
  kill(): void;
}

/** Starts the packaged app; answers when its window is there. */
export async function startPackaged(options: {
  readonly executable: string;
  readonly profile: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly desktop: DesktopClient;
}): Promise<PackagedRecLight> {
  const { desktop } = options;
  const child = spawn(options.executable, [`--user-data-dir=${options.profile}`, ...options.args], {
    // The last two are where a debugger would write to and read from.
    stdio: ['inherit', 'inherit', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ELECTRON_ENABLE_LOGGING: '0', ...options.env },
  });
  let said = '';
  child.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
    process.stderr.write(data);
  });
  const [, , , orders, answers] = child.stdio;
  let answered = '';
  (answers as Readable).on('data', (data: Buffer) => (answered += data.toString()));
  (orders as Writable).on('error', () => undefined);
  const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? -1);
  const windowId = await until(
    async () => {
      const found = await desktop
        .xdotool(['search', '--onlyvisible', '--pid', String(child.pid), '--name', 'RecLight'])
        .catch(() => '');
      return found
        .trim()
        .split('\n')
        .find((id) => id !== '');
    },
    'the window',
    30_000,
  );
  const type = (text: string) => desktop.xdotool(['type', '--delay', '5', text]);
  return {
    typeSignIn: async ({ server, username, password, line }) => {
      await desktop.xdotool(['windowactivate', '--sync', windowId]);
      // The first field has the focus from the start.
      await type(server);
      await desktop.pressKeys('Tab');
      await type(username);
      await desktop.pressKeys('Tab');
      await type(password);
      // Remember me, then the line.
      await desktop.pressKeys('Tab', 'Tab');
      await type(line);
      await desktop.pressKeys('Return');
    },
    said: () => said,
    debugs: async () => {
      (orders as Writable).write('{"id":1,"method":"Browser.getVersion"}\0');
      // Its window is moved meanwhile: by then it would have answered.
      await desktop.xdotool(['windowactivate', '--sync', windowId]);
      return answered !== '';
    },
    ended,
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}
