import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Simulator } from '../simulator';
import { call } from '../simulator/testing/caller';

/** A folder of its own, gone at the end. */
export async function withFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'reclight-keep-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files that are not whole. */
export async function partsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.part'));
}

/** Files under their final names. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.endsWith('.part')).sort();
}

/** SHA-256 of a file, lower case. */
export async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** SHA-256 of what the server serves for a recording, lower case. */
export async function servedHash(simulator: Simulator, id: string): Promise<string> {
  const { body } = await call(simulator, 'GET', `/Recordings/${id}`);
  return (body as { readonly hash: { readonly SHA256: string } }).hash.SHA256.toLowerCase();
}
