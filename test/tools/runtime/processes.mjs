import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder, absolute. */
export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/[\\/]$/, '');

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} [env] the whole environment of the child; the own one by default
 * @property {string} [cwd] where it runs; the repository's root by default
 * @property {'inherit' | 'stderr'} [stdout] where the child's stdout goes; `stderr` keeps ours for results
 */

/**
 * Runs a command to its end, passing on Ctrl-C and termination, with the terminal's input and output.
 *
 * @param {string} command executable
 * @param {readonly string[]} args its arguments
 * @param {RunOptions} [options] environment, folder, output
 * @returns {Promise<number>} its exit code; 128 + n where signal n ended it
 * @throws {Error} where the command cannot be started at all
 */
export function run(command, args, { env = process.env, cwd = root, stdout = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === 'win32';
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['inherit', stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
      // npm is a .cmd file there, which only a shell can start.
      shell: windows && command === 'npm',
    });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward).on('SIGHUP', forward);
    const settle = () => process.off('SIGINT', forward).off('SIGTERM', forward).off('SIGHUP', forward);
    child.once('error', (error) => {
      settle();
      reject(new Error(`${command} could not be started: ${error.message}`, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      settle();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * Runs a command and collects what it prints.
 *
 * @param {string} command executable
 * @param {readonly string[]} args its arguments
 * @param {{env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number}} [options] `timeoutMs`: it is killed after that
 * @returns {Promise<{code: number, stdout: string, stderr: string}>} never rejects: what cannot start has code 127
 */
export function capture(command, args, { env = process.env, cwd = root, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
      ...(timeoutMs === undefined
        ? {}
        : { timeout: timeoutMs, killSignal: /** @type {const} */ ('SIGKILL') }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.once('error', (error) => resolve({ code: 127, stdout, stderr: `${stderr}${error.message}` }));
    child.once('close', (code, signal) => {
      resolve({ code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), stdout, stderr });
    });
  });
}

/**
 * The script of a locally installed tool, to be run with Node itself: quicker than npx, and without a shell.
 *
 * @param {string} packageName for example `vitest`
 * @param {string} script path of its command inside the package
 * @returns {string} absolute path
 */
export function tool(packageName, script) {
  return path.join(root, 'node_modules', packageName, script);
}

/**
 * Says something about what is being prepared. Always on stderr: stdout belongs to the task's result.
 *
 * @param {string} text one line
 */
export function say(text) {
  process.stderr.write(`${text}\n`);
}
