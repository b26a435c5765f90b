import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect } from 'vitest';

/** What was planted, in every form in which it could have been written down. */
export type Traces = readonly Buffer[];

/** What base64 makes of bytes wherever they begin in what is encoded, without the digits that their neighbours share. */
function base64FormsOf(bytes: Buffer): readonly Buffer[] {
  return [0, 1, 2].map((shift) => {
    const digits = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const [first, last] = [Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6)];
    return Buffer.from(digits.slice(first, last));
  });
}

/**
 * A text as it could be found in a file.
 * @param text long enough not to be found by chance
 */
export function tracesOfText(text: string): Traces {
  return [
    Buffer.from(text, 'utf8'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(JSON.stringify(text).slice(1, -1)),
    ...base64FormsOf(Buffer.from(text, 'utf8')),
  ];
}

/** A password, alone and as HTTP sends it. */
export function tracesOfPassword(username: string, password: string): Traces {
  return [
    ...tracesOfText(password),
    Buffer.from(Buffer.from(`${username}:${password}`).toString('base64')),
    Buffer.from(Buffer.from(password).toString('base64')),
  ];
}

const sliceBytes = 48;

/** Slices of something long, evenly spread over it. */
export function tracesOfBytes(bytes: Buffer, count = 24): Traces {
  return Array.from({ length: count }, (_, index) => {
    const first = Math.floor(((bytes.length - sliceBytes) * index) / (count - 1));
    return bytes.subarray(first, first + sliceBytes);
  }).flatMap((slice) => [slice, ...base64FormsOf(slice)]);
}

/**
 * Whether a text or a file's bytes hold any of it.
 * @param haystack where to look
 */
export function holds(haystack: Buffer | string, traces: Traces): boolean {
  const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
  return traces.some((trace) => bytes.includes(trace));
}

/** The files below a folder that hold any of it. */
export async function filesHolding(folder: string, traces: Traces): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (holds(bytes, traces)) found.push(path);
  }
  return found;
}

/**
 * In all places where a program keeps things: its own folders, and those of the desktop.
 * @param folders of the program: its profile, its temporary files
 * @param when it is looked for, for the message
 */
export async function expectNothingWritten(
  folders: readonly string[],
  traces: Traces,
  when: string,
): Promise<void> {
  const { XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_DATA_HOME } = process.env;
  for (const folder of [...folders, XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_DATA_HOME]) {
    if (folder !== undefined) expect(await filesHolding(folder, traces), when).toEqual([]);
  }
}

/** A process and all that it has started, as `pid → what the system shows of it` (Linux). */
export async function processTree(root: number): Promise<ReadonlyMap<number, string>> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(join('/proc', name, 'stat'), 'utf8').catch(() => '');
    const parent = /\) \S (\d+)/.exec(stat)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const isBelow = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = parents.get(pid);
    return parent !== undefined && parent > 1 && isBelow(parent);
  };
  const tree = new Map<number, string>();
  for (const pid of parents.keys()) {
    if (!isBelow(pid)) continue;
    const read = (file: string) => readFile(join('/proc', String(pid), file), 'latin1').catch(() => '');
    tree.set(pid, `${await read('cmdline')}\n${await read('environ')}`);
  }
  return tree;
}
