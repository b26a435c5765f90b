import { spawn } from 'node:child_process';

/** For the process of the first argument, and for the children that it has already: Chromium forks others from them. */
const script =
  'for id in "$1" $(cat "/proc/$1/task/$1/children"); do [ "$id" = $$ ] || prlimit --pid "$id" --core=0:0; done';

/**
 * Keeps Linux from writing the memory of a crashed process to a file: it holds the password. Neither Node nor Electron can
 * set the limit, but `prlimit` of util-linux can; where it is missing the limit of the session stands.
 */
export function forbidCoreDumps(): void {
  if (process.platform !== 'linux') return;
  const child = spawn('/bin/sh', ['-c', script, 'sh', String(process.pid)], { stdio: 'ignore' });
  child.on('error', () => undefined);
  child.unref();
}
