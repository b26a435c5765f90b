import { readdir, readFile } from 'node:fs/promises';

/** What `/proc/<pid>/stat` tells of a process. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of the process and of its children that have ended, in clock ticks. */
  readonly ticks: number;
}

/** The kernel's USER_HZ: clock ticks a second in `/proc/<pid>/stat` on every Linux that Electron runs on. */
const ticksPerSecond = 100;

/**
 * Reads a line of `/proc/<pid>/stat`. The name in brackets may hold anything, brackets and spaces too.
 * @returns null where the text is none
 */
export function parseStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close < open) return null;
  const pid = Number(text.slice(0, open));
  const rest = text
    .slice(close + 1)
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  // After the state: ppid is the first, utime stime cutime cstime the 11th to 14th.
  const [parent] = rest;
  const times = rest.slice(10, 14);
  if (parent === undefined || times.length < 4 || ![pid, parent, ...times].every(Number.isFinite))
    return null;
  return { pid, parent, ticks: times.reduce((sum, value) => sum + value, 0) };
}

/**
 * Reads the proportional set size of `/proc/<pid>/smaps_rollup`.
 * @returns bytes; null where the text has none
 */
export function parsePss(text: string): number | null {
  const found = /^Pss:\s+(\d+) kB$/m.exec(text);
  return found?.[1] === undefined ? null : Number(found[1]) * 1024;
}

/** A process and everything that descends from it. */
export function descendants(root: number, all: readonly ProcessStat[]): readonly ProcessStat[] {
  const tree = all.filter(({ pid }) => pid === root);
  for (const parent of tree) tree.push(...all.filter((candidate) => candidate.parent === parent.pid));
  return tree;
}

async function allProcesses(): Promise<readonly ProcessStat[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(
    pids.map(async (pid) => {
      // One that has ended since the listing is no news.
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return parseStat(text);
    }),
  );
  return stats.filter((stat) => stat !== null);
}

/** CPU time that a process and its descendants, also ended ones, have used so far, in ms. */
export async function treeCpuMs(root: number): Promise<number> {
  const tree = descendants(root, await allProcesses());
  return (tree.reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond) * 1_000;
}

/** Proportional set size of a process and its descendants, in bytes: shared pages count once, split among users. */
export async function treePss(root: number): Promise<number> {
  const tree = descendants(root, await allProcesses());
  const sizes = await Promise.all(
    tree.map(async ({ pid }) =>
      parsePss(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')),
    ),
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}
