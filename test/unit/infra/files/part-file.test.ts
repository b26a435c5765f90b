import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SaveFiles, PartFile } from '../../../../src-main/core/ports/saving';
import { createSaveFiles } from '../../../../src-main/infra/files/save-files';
import { ownerOf, partName } from '../../../../src-main/infra/files/part-name';
import { seededBytes } from '../../../fixtures/seeded-bytes';

let folder: string;
let files: SaveFiles;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-part-'));
  files = createSaveFiles();
});

afterEach(async () => {
  files.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function begun(expectedBytes: number | null = null): Promise<PartFile> {
  const created = await files.create(folder, expectedBytes);
  if (!created.ok) throw new Error(created.error.code);
  return created.value;
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').toUpperCase();

describe('a part file', () => {
  it('is whole under its name, and only there, when it is committed', async () => {
    const bytes = seededBytes(20_000_003);
    const part = await begun(bytes.length);
    for (let at = 0; at < bytes.length; at += 70_001) {
      expect(await part.write(bytes.subarray(at, at + 70_001))).toMatchObject({ ok: true });
      if (at === 0) expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.reclight-.*\.part$/)]);
    }
    expect(part.sizeBytes).toBe(bytes.length);
    expect(part.digest()).toBe(hashOf(bytes));
    expect(await part.commit('call.mp3')).toEqual({ ok: true, value: 'call.mp3' });
    expect(await readdir(folder)).toEqual(['call.mp3']);
    expect(Buffer.compare(await readFile(join(folder, 'call.mp3')), bytes)).toBe(0);
    await part.discard();
    part.dispose();
    expect(await readdir(folder)).toEqual(['call.mp3']);
    expect(await part.write(bytes)).toMatchObject({ ok: false, error: { code: 'file-unwritable' } });
  });

  it('takes thousands of tiny pieces', async () => {
    const part = await begun();
    const pieces = Array.from({ length: 5_000 }, (_, index) => Buffer.from(`${index},`));
    for (const piece of pieces) await part.write(piece);
    await part.commit('x.csv');
    expect((await readFile(join(folder, 'x.csv'))).equals(Buffer.concat(pieces))).toBe(true);
  });

  it('begins anew', async () => {
    const part = await begun();
    await part.write(seededBytes(3_000_000));
    expect(await part.restart()).toMatchObject({ ok: true });
    expect(part.sizeBytes).toBe(0);
    const bytes = seededBytes(2_000_000);
    await part.write(bytes);
    expect(part.digest()).toBe(hashOf(bytes));
    await part.commit('x');
    expect((await readFile(join(folder, 'x'))).equals(bytes)).toBe(true);
  });

  it('is read back before it is discarded', async () => {
    const part = await begun();
    const bytes = seededBytes(1_500_000);
    await part.write(bytes);
    const read: Uint8Array[] = [];
    for await (const piece of part.read()) read.push(piece);
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
    await part.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it('can be empty', async () => {
    const part = await begun();
    expect(part.digest()).toBe(hashOf(Buffer.alloc(0)));
    expect(await part.commit('empty')).toMatchObject({ ok: true });
    expect(await readFile(join(folder, 'empty'))).toHaveLength(0);
  });

  it('never overwrites: files, folders, links, names that many commit at once', async () => {
    await writeFile(join(folder, 'call.mp3'), 'mine');
    await mkdir(join(folder, 'call (2).mp3'));
    await symlink('/nowhere', join(folder, 'call (3).mp3'));
    const parts = await Promise.all(Array.from({ length: 10 }, () => begun()));
    await Promise.all(parts.map((part, index) => part.write(Buffer.from(String(index)))));
    const names = await Promise.all(parts.map((part) => part.commit('call.mp3')));
    const given = names.map((name) => (name.ok ? name.value : ''));
    expect(new Set(given).size).toBe(10);
    expect(await readFile(join(folder, 'call.mp3'), 'utf8')).toBe('mine');
    for (const [index, name] of given.entries()) {
      expect(await readFile(join(folder, name), 'utf8')).toBe(String(index));
    }
    expect(await readdir(folder)).toHaveLength(13);
  });

  it('is not committed when somebody else has cut it short', async () => {
    const part = await begun();
    await part.write(seededBytes(2_000_000));
    for await (const _piece of part.read()) break;
    const [name] = await readdir(folder);
    await writeFile(join(folder, name ?? ''), 'short');
    expect(await part.commit('call.mp3')).toMatchObject({ ok: false, error: { code: 'file-unwritable' } });
    await part.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it('goes at once when the process ends', async () => {
    const parts = await Promise.all([begun(), begun()]);
    await Promise.all(parts.map((part) => part.write(seededBytes(3_000_000))));
    files.dispose();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('beginning', () => {
  it.each([
    ['a folder that is not there', () => join(folder, 'none'), 'ENOENT'],
    ['a file in place of a folder', () => join(folder, 'file'), 'ENOTDIR'],
  ])('in %s is refused', async (_what, place, message) => {
    await writeFile(join(folder, 'file'), '');
    expect(await files.create(place(), null)).toEqual({
      ok: false,
      error: { code: 'folder-gone', operation: 'file', detail: { message } },
    });
  });

  it('of what no disk can hold is refused before anything is there', async () => {
    expect(await files.create(folder, 2 ** 60)).toMatchObject({ ok: false, error: { code: 'disk-full' } });
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('in a folder one may not write to is refused', async () => {
    await chmod(folder, 0o500);
    expect(await files.create(folder, null)).toMatchObject({ ok: false, error: { code: 'file-unwritable' } });
    await chmod(folder, 0o700);
  });
});

describe('sweeping', () => {
  /** No process has this number: it is beyond what Linux, Windows and macOS give. */
  const nobody = 0x7fff_fff0;

  it('removes what a process that is gone has left, and only that', async () => {
    const left = partName({ pid: nobody, host: hostname() });
    const kept = [
      partName({ pid: process.ppid, host: hostname() }),
      partName({ pid: nobody, host: 'elsewhere' }),
      '.reclight-.part',
      '.reclight-notes.part',
      `${left}.mp3`,
      `x${left}`,
      left.toUpperCase(),
      'call.mp3',
    ];
    for (const name of [left, ...kept]) {
      await writeFile(join(folder, name), 'x');
      // The system dates files by the machine's clock, which that of the tests may be far from.
      await utimes(join(folder, name), new Date(), new Date());
    }
    const own = await begun();
    await own.write(Buffer.from('own'));
    await files.sweep(folder);
    const rest = await readdir(folder);
    expect(rest).not.toContain(left);
    expect(rest).toHaveLength(kept.length + 1);
    expect(await own.commit('own.mp3')).toMatchObject({ ok: true });
  });

  it('removes what this process number has left in a former life', async () => {
    const name = partName({ pid: process.pid, host: hostname() });
    await writeFile(join(folder, name), 'x');
    await files.sweep(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('follows no link, and enters no folder', async () => {
    const inside = join(folder, 'inside');
    await mkdir(inside);
    await writeFile(join(inside, 'kept'), 'x');
    await symlink(join(inside, 'kept'), join(folder, partName({ pid: nobody, host: hostname() })));
    const asFolder = partName({ pid: nobody, host: hostname() });
    await mkdir(join(folder, asFolder));
    await files.sweep(folder);
    expect(await readdir(inside)).toEqual(['kept']);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('says nothing of a folder that is gone', async () => {
    await expect(files.sweep(join(folder, 'none'))).resolves.toBeUndefined();
  });
});

describe('the name of a part file', () => {
  it('tells whose it is, and is never the same', () => {
    const [one, other] = [partName({ pid: 4_711, host: 'here' }), partName({ pid: 4_711, host: 'here' })];
    expect(one).toMatch(/^\.reclight-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/);
    expect(one).not.toBe(other);
    expect(ownerOf(one, 'here')).toEqual({ pid: 4_711, here: true });
    expect(ownerOf(one, 'there')).toEqual({ pid: 4_711, here: false });
    expect(ownerOf('call.part', 'here')).toBeNull();
  });
});
