import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * @param {number} pid
 * @returns {boolean} whether such a process exists, ours or another user's
 */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * @param {string} file
 * @returns {number | undefined} who holds it; undefined where it is free or its content makes no sense
 */
function holderOf(file) {
  try {
    const pid = Number(fs.readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Does something while no other process does it. The lock is a file that names its holder, so that one left behind by
 * a process that died is taken over; it appears whole, by a hard link, so no reader ever sees it half written.
 *
 * @template T
 * @param {string} file the lock's path; its folder is made
 * @param {() => Promise<T>} work
 * @param {{onWait?: (pid: number) => void, pollMs?: number}} [options] `onWait`: told once, whom we wait for
 * @returns {Promise<T>} what the work returned
 */
export async function withLock(file, work, { onWait, pollMs = 250 } = {}) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  let told = false;
  try {
    while (!tryLink(own, file)) {
      const holder = holderOf(file);
      if (holder === undefined || !isAlive(holder)) {
        takeAway(file, holder);
        continue;
      }
      if (!told) onWait?.(holder);
      told = true;
      await pause(pollMs);
    }
  } finally {
    fs.rmSync(own, { force: true });
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {boolean} false where `to` exists already
 */
function tryLink(from, to) {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Removes a dead process's lock. Two that find it at the same time must not remove the new one of whoever was
 * quicker: renaming it first lets exactly one of them have it, and that one looks again at what it got.
 *
 * @param {string} file
 * @param {number | undefined} deadHolder
 */
function takeAway(file, deadHolder) {
  const aside = `${file}.stale-${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch {
    return;
  }
  if (holderOf(aside) !== deadHolder) tryLink(aside, file);
  fs.rmSync(aside, { force: true });
}
