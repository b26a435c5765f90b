import type * as Files from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SaveFiles, PartFile } from '../../../../src-main/core/ports/saving';
import { createSaveFiles } from '../../../../src-main/infra/files/save-files';

/** What the file system answers instead of linking and renaming; null: it does as it is told. */
const refusals = vi.hoisted(() => ({ link: null as string | null, rename: null as string | null }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const actual = await importOriginal<typeof Files>();
  const refused = (code: string): Promise<never> =>
    Promise.reject(Object.assign(new Error(`${code}: refused`), { code }));
  return {
    ...actual,
    link: (from: string, to: string) =>
      refusals.link === null ? actual.link(from, to) : refused(refusals.link),
    rename: (from: string, to: string) =>
      refusals.rename === null ? actual.rename(from, to) : refused(refusals.rename),
  };
});

let folder: string;
let files: SaveFiles;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-name-'));
  files = createSaveFiles();
});

afterEach(async () => {
  refusals.link = null;
  refusals.rename = null;
  files.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function whole(text: string): Promise<PartFile> {
  const created = await files.create(folder, null);
  if (!created.ok) throw new Error(created.error.code);
  await created.value.write(Buffer.from(text));
  return created.value;
}

/** What systems answer to `link` where there are no hard links, or where they forbid them. */
const withoutLinks = [
  ['EISDIR', 'FAT and exFAT on Windows'],
  ['EPERM', 'FAT and exFAT on Linux; protected hard links'],
  ['ENOTSUP', 'FAT, exFAT and SMB on macOS'],
  ['EOPNOTSUPP', 'SMB and NFS on Linux'],
  ['ENOSYS', 'FUSE, WSL, Android'],
  ['EMLINK', 'as many links as the file system has'],
  ['EINVAL', 'some network drives'],
  ['EXDEV', 'overlays, quota trees'],
  ['EACCES', 'network drives on Windows'],
  ['UNKNOWN', 'network drives on Windows, whose error has no name here'],
  ['EIO', 'NFS'],
] as const;

describe('the name of a file that has arrived whole', () => {
  it.each(withoutLinks)('is given where links answer %s: %s (C1)', async (code) => {
    refusals.link = code;
    const part = await whole('audio');
    expect(await part.commit('call.mp3')).toEqual({ ok: true, value: 'call.mp3' });
    expect(await readdir(folder)).toEqual(['call.mp3']);
    expect(await readFile(join(folder, 'call.mp3'), 'utf8')).toBe('audio');
  });

  it.each(withoutLinks)('overwrites nothing where links answer %s: %s (C1)', async (code) => {
    refusals.link = code;
    await writeFile(join(folder, 'call.mp3'), 'older');
    const part = await whole('audio');
    expect(await part.commit('call.mp3')).toEqual({ ok: true, value: 'call (2).mp3' });
    expect(await readFile(join(folder, 'call.mp3'), 'utf8')).toBe('older');
  });

  it.each(['EBUSY', 'EACCES', 'EPERM', 'ENOSPC', 'EIO'])(
    'can be asked for again after %s: nothing of it is gone (C1)',
    async (code) => {
      refusals.link = 'EISDIR';
      refusals.rename = code;
      const part = await whole('audio');
      for (let attempt = 0; attempt < 3; attempt += 1) {
        expect(await part.commit('call.mp3')).toMatchObject({
          ok: false,
          error: { code: code === 'ENOSPC' ? 'disk-full' : 'file-unwritable', detail: { message: code } },
        });
      }
      expect(await readdir(folder)).toEqual([expect.stringMatching(/\.part$/)]);
      // It is whole: nothing can be added any more.
      expect(await part.write(Buffer.from('more'))).toMatchObject({ ok: false });
      refusals.rename = null;
      expect(await part.commit('call.mp3')).toEqual({ ok: true, value: 'call.mp3' });
      expect(await readFile(join(folder, 'call.mp3'), 'utf8')).toBe('audio');
    },
  );

  it('is not given to what somebody has cut short in between (C1)', async () => {
    refusals.link = 'EISDIR';
    refusals.rename = 'EBUSY';
    const part = await whole('audio');
    await part.commit('call.mp3');
    const [partName = ''] = await readdir(folder);
    await writeFile(join(folder, partName), 'au');
    refusals.rename = null;
    expect(await part.commit('call.mp3')).toMatchObject({ ok: false, error: { code: 'file-unwritable' } });
    await part.discard();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a name that no file can have', () => {
  const long = `${'x'.repeat(300)}.mp3`;

  it('is told as that, before anything is written (D9)', async () => {
    expect(await files.create(folder, null, long)).toMatchObject({
      ok: false,
      error: { code: 'name-too-long', detail: { message: 'ENAMETOOLONG' } },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('is told as that at the end, too (D9)', async () => {
    const part = await whole('audio');
    expect(await part.commit(long)).toMatchObject({ ok: false, error: { code: 'name-too-long' } });
    expect(await part.commit('short.mp3')).toEqual({ ok: true, value: 'short.mp3' });
  });
});
