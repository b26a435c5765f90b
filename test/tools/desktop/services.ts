/** The processes that make up a private desktop. None of them needs ending here: the watchdog ends them all. */

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { MessageBus } from 'dbus-next';
import { askBus } from './dbus';

/** Where a service runs. */
export interface ServiceContext {
  /** The desktop's temporary folder. */
  readonly folder: string;
  /** Grows while the desktop starts: what one service offers, the next finds here. */
  readonly env: NodeJS.ProcessEnv;
}

/** How long a service may take to be ready, in milliseconds. */
const readyWithinMs = 20_000;

interface Service {
  readonly process: ChildProcess;
  /** Resolves with what `ready` does; rejects where the service ends or takes too long. */
  until<T>(ready: Promise<T>): Promise<T>;
}

function startService(
  { folder, env }: ServiceContext,
  command: string,
  args: readonly string[],
  stdio: readonly ('ignore' | 'pipe' | 'log')[],
): Service {
  const logFile = path.join(folder, `${path.basename(command)}.log`);
  const log = fs.openSync(logFile, 'a');
  const options: StdioOptions = stdio.map((one) => (one === 'log' ? log : one));
  const child = spawn(command, args, { env, stdio: options, cwd: folder });
  fs.closeSync(log);
  const failure = new Promise<never>((_resolve, reject) => {
    const fail = (what: string): void => {
      const said = fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8').trim().slice(-2_000) : '';
      reject(new Error(`${command} ${what}${said === '' ? '' : `:\n${said}`}`));
    };
    child.once('error', (error) => {
      fail(`could not be started (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      fail(`ended too early (${signal ?? code})`);
    });
  });
  failure.catch(() => {});
  // The desktop must not keep its runner alive; the runner decides when it ends.
  child.unref();
  return {
    process: child,
    async until(ready) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`${command} was not ready within ${readyWithinMs} ms`));
        }, readyWithinMs);
      });
      try {
        return await Promise.race([ready, failure, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]?.trim() ?? '';
}

/**
 * @param context where it runs
 * @returns the free display that the X server chose, such as `:99`
 */
export async function startDisplay(context: ServiceContext): Promise<string> {
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp', '-noreset'];
  const service = startService(context, 'Xvfb', args, ['ignore', 'log', 'log', 'pipe']);
  const number = await service.until(firstLine(service.process.stdio[3] as Readable));
  return `:${number}`;
}

/** @param context where it runs, with a display */
export async function startWindowManager(context: ServiceContext): Promise<void> {
  const mark = path.join(context.folder, 'window-manager-ready');
  const args = ['--sm-disable', '--startup', `touch '${mark}'`];
  const service = startService(context, 'openbox', args, ['ignore', 'log', 'log']);
  await service.until(untilExists(mark));
}

async function untilExists(file: string): Promise<void> {
  while (!fs.existsSync(file)) await pause(10);
}

/**
 * A session bus that starts nothing by itself, so that a desktop without a keyring has none.
 *
 * @param context where it runs
 * @returns its address
 */
export async function startBus(context: ServiceContext): Promise<string> {
  const socket = path.join(context.folder, 'run', 'bus');
  const config = path.join(context.folder, 'session-bus.conf');
  fs.writeFileSync(
    config,
    `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`,
  );
  const args = ['--nofork', '--nopidfile', '--nosyslog', `--config-file=${config}`, '--print-address=1'];
  const service = startService(context, 'dbus-daemon', args, ['ignore', 'pipe', 'log']);
  await service.until(firstLine(service.process.stdout as Readable));
  return `unix:path=${socket}`;
}

/**
 * @param context where it runs, with a bus
 * @param bus a connection to that bus
 */
export async function startKeyring(context: ServiceContext, bus: MessageBus): Promise<void> {
  const args = ['--foreground', '--unlock', '--components=secrets'];
  const service = startService(context, 'gnome-keyring-daemon', args, ['pipe', 'log', 'log']);
  service.process.stdin?.end('private desktop');
  await service.until(untilOwned(bus, 'org.freedesktop.secrets'));
}

async function untilOwned(bus: MessageBus, name: string): Promise<void> {
  while ((await askBus(bus, 'NameHasOwner', name)) !== true) await pause(10);
}
