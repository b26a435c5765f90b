import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** All the forms in which a password could have been written down. */
function formsOf(username: string, password: string): readonly Buffer[] {
  return [
    Buffer.from(password, 'utf8'),
    Buffer.from(password, 'utf16le'),
    Buffer.from(Buffer.from(`${username}:${password}`).toString('base64')),
    Buffer.from(Buffer.from(password).toString('base64')),
    Buffer.from(encodeURIComponent(password)),
  ];
}

/**
 * Whether a text or a file's bytes hold a password in any form.
 * @param haystack where to look
 */
export function holdsSecret(haystack: Buffer | string, username: string, password: string): boolean {
  const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack;
  return formsOf(username, password).some((form) => bytes.includes(form));
}

/** The files below a folder that hold a password in any form. */
export async function filesHolding(folder: string, username: string, password: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (holdsSecret(bytes, username, password)) found.push(path);
  }
  return found;
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
