// Ends a private desktop, whatever became of its runner: it outlives it, and acts when the pipe between them closes,
// which the kernel sees to even where the runner was killed. It finds what belongs to the desktop by the mark that
// every process inside inherits in its environment, so it finds daemons and orphans too.
//
// node watchdog.mjs <mark> <folder to remove, or nothing>

import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [mark = '', folder = ''] = process.argv.slice(2);

/** How long processes have to end by themselves before they are killed, in milliseconds. */
const graceMs = 2_000;

/**
 * @param {string} file
 * @returns {string} '' where the process is gone or its owner another
 */
function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** @returns {number[]} every living process of the desktop */
function members() {
  /** @type {Map<number, number>} */
  const parents = new Map();
  /** @type {Set<number>} */
  const found = new Set();
  for (const name of fs.readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    // The name in parentheses may hold anything; what follows the last one is state and parent.
    const [state, parent] = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    if (state === undefined || state === '' || state === 'Z' || state === 'X') continue;
    parents.set(pid, Number(parent));
    if (read(`/proc/${pid}/environ`).includes(mark)) found.add(pid);
  }
  // A browser's sandboxed children hide their environment; their parent does not.
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/**
 * @param {readonly number[]} pids
 * @param {NodeJS.Signals} signal
 */
function signal(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

/**
 * How often in a row nobody has to be there: one that is made while the list is read is not in it, and its parent, which
 * would lead to it, may be gone when its turn comes. A browser that ends makes such ones.
 */
const looksInVain = 5;

async function endAll() {
  const patience = Date.now() + graceMs;
  signal(members(), 'SIGTERM');
  while (members().length > 0 && Date.now() < patience) await pause(20);
  for (let inVain = 0; inVain < looksInVain; inVain += 1) {
    const left = members();
    signal(left, 'SIGKILL');
    if (left.length > 0) inVain = -1;
    await pause(20);
  }
}

for (const name of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(name, () => {});

process.stdin.resume();
process.stdin.on('close', () => {
  void endAll().then(() => {
    if (folder !== '') fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    process.exit(0);
  });
});
