import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { startDesktop, type DesktopOptions } from './desktop';

const usage =
  'Usage: node test/tools/desktop/run.mjs [--keep-home] [--no-tray] [--no-keyring] [--no-notifications] -- command [argument…]';

const flags: Readonly<Record<string, DesktopOptions>> = {
  '--keep-home': { keepHome: true },
  '--no-tray': { tray: false },
  '--no-keyring': { keyring: false },
  '--no-notifications': { notifications: false },
};

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long a command has to end after it was asked to, in milliseconds. */
const graceMs = 5_000;

/**
 * Runs a command inside a private desktop.
 *
 * @param args the command line, see the usage
 * @returns the command's exit code, 128 + n where signal n ended it, 2 for a wrong command line
 * @throws {Error} where the desktop does not start
 */
export async function main(args: readonly string[]): Promise<number> {
  const split = args.indexOf('--');
  const given = split === -1 ? [] : args.slice(0, split);
  const [command, ...rest] = split === -1 ? [] : args.slice(split + 1);
  if (command === undefined || given.some((flag) => flags[flag] === undefined)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const options: DesktopOptions = Object.assign({}, ...given.map((flag) => flags[flag]));

  // Heard from the very beginning: one that comes while the desktop starts ends it as well.
  let asked: NodeJS.Signals | undefined;
  let pass: (signal: NodeJS.Signals) => void = () => {};
  const listener = (signal: NodeJS.Signals): void => {
    asked ??= signal;
    pass(signal);
  };
  for (const signal of ending) process.on(signal, listener);

  const desktop = await startDesktop(options);
  try {
    if (options.keepHome === true) process.stderr.write(`The desktop's home stays in ${desktop.home}\n`);
    if (asked !== undefined) return 128 + constants.signals[asked];
    return await runCommand(command, rest, desktop.env, (handler) => {
      pass = handler;
    });
  } finally {
    await desktop.dispose();
    for (const signal of ending) process.off(signal, listener);
  }
}

function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onSignal: (handler: (signal: NodeJS.Signals) => void) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit' });
    let timer: NodeJS.Timeout | undefined;
    onSignal((signal) => {
      child.kill(signal);
      timer ??= setTimeout(() => child.kill('SIGKILL'), graceMs);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${command} could not be started: ${error.message}`, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
