import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createDocumentFile } from '../../../../src-main/infra/files/json-file';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-file-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a document file', () => {
  it('is absent, then there, then replaced', async () => {
    const file = createDocumentFile(join(folder, 'deep', 'settings.json'));
    expect(file.fileName).toBe('settings.json');
    expect(await file.read()).toBeNull();
    expect(await file.write('{"a":"ü"}')).toEqual({ ok: true, value: null });
    expect(await file.read()).toBe('{"a":"ü"}');
    expect(await file.write('{}')).toEqual({ ok: true, value: null });
    expect(await file.read()).toBe('{}');
    expect(await readdir(join(folder, 'deep'))).toEqual(['settings.json']);
  });

  it.skipIf(process.platform === 'win32')('is for its user alone, also where it was not', async () => {
    const path = join(folder, 'settings.json');
    await writeFile(path, '{}');
    await chmod(path, 0o644);
    await createDocumentFile(path).write('{"b":1}');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('holds what was written last, and leaves nothing else behind', async () => {
    const file = createDocumentFile(join(folder, 'settings.json'));
    const texts = Array.from({ length: 20 }, (_, i) => JSON.stringify({ i, fill: 'x'.repeat(i * 1_000) }));
    for (const text of texts) {
      await file.write(text);
      expect(await file.read()).toBe(text);
    }
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  it('says that it cannot be written', async () => {
    await writeFile(join(folder, 'in-the-way'), '');
    const file = createDocumentFile(join(folder, 'in-the-way', 'settings.json'));
    expect(await file.write('{}')).toMatchObject({
      ok: false,
      error: { code: 'settings-unwritable', operation: 'settings', detail: { message: 'ENOTDIR' } },
    });
  });

  it('says that it cannot be read', async () => {
    await mkdir(join(folder, 'settings.json'));
    await expect(createDocumentFile(join(folder, 'settings.json')).read()).rejects.toMatchObject({
      code: 'EISDIR',
    });
  });

  it('is set aside as often as need be, and nothing is lost', async () => {
    const file = createDocumentFile(join(folder, 'settings.json'));
    const names: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      await file.write(text);
      names.push(await file.setAside());
      expect(await file.read()).toBeNull();
    }
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^settings\.damaged-\d{8}T\d{6}(-\d+)?\.json$/);
    const kept = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    expect(kept).toEqual(['one', 'two', 'three']);
  });
});
