import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { canMount, openFolder, withDisk } from '../saving/support/disks';
import { DocumentProcess, bundleProcess, nobody, nobodyRunsNode } from './processes';

const run = promisify(execFile);
const sound = JSON.stringify({
  version: 1,
  marks: [{ id: 1, recordingId: 'x', offsetMs: 7, label: 'kept' }],
});

let bundle: Awaited<ReturnType<typeof bundleProcess>>;
let folder: string;
let children: DocumentProcess[] = [];

beforeAll(async () => {
  bundle = await bundleProcess();
});
afterAll(() => bundle.remove());

beforeEach(async () => {
  folder = await mkdtemp(join(openFolder, 'reclight-disk-'));
  await own(folder);
});

afterEach(async () => {
  for (const child of children) child.kill();
  await Promise.all(children.map(({ ended }) => ended));
  children = [];
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

/** Gives something to the user who runs the process. */
async function own(path: string): Promise<void> {
  if (nobody.uid !== undefined) await chown(path, nobody.uid, nobody.gid);
}

async function put(name: string, text: string, place = folder): Promise<string> {
  const path = join(place, name);
  await writeFile(path, text);
  await own(path);
  return path;
}

/** Starts RecLight's documents as a user who is not root. */
async function start(place = folder): Promise<DocumentProcess> {
  const child = new DocumentProcess(bundle.script, 'obey', place, nobody);
  children.push(child);
  await child.tell('load', 'loaded');
  return child;
}

describe.skipIf(!nobodyRunsNode)('for a user who is not root', () => {
  it('a file that may not be read is left alone, told once, and joined as soon as it may be', async () => {
    const path = await put('marks.json', sound);
    await chmod(path, 0);
    const child = await start();
    expect(child.troubles()).toEqual(['unreadable marks.json']);
    expect(await child.tell('change marks 9', 'changed')).toMatchObject({ ok: false });
    expect(await readFile(path, 'utf8')).toBe(sound);
    await chmod(path, 0o600);
    await child.hear(({ solved }) => solved === 'unreadable');
    await child.tell('settle', 'settled');
    const { marks } = JSON.parse(await readFile(path, 'utf8')) as {
      marks: { offsetMs: number; label: string }[];
    };
    expect(marks.slice(0, 2).map(({ offsetMs }) => offsetMs)).toEqual([7, 9]);
    expect(marks[0]?.label).toBe('kept');
    expect(child.troubles()).toEqual(['unreadable marks.json', '-unreadable marks.json']);
    expect(await readdir(folder)).toEqual(['marks.json']);
  });

  it('a damaged file in a folder that may not be changed is left alone until it may', async () => {
    await put('marks.json', `${sound.slice(0, -1)}, `);
    await put('settings.json', '{"player": {"speed": 2}, "line": 7}');
    await chmod(folder, 0o500);
    const child = await start();
    expect([...child.troubles()].sort()).toEqual(['unreadable marks.json', 'unreadable settings.json']);
    expect(await child.tell('change marks 9', 'changed')).toMatchObject({ ok: false });
    expect(await readFile(join(folder, 'marks.json'), 'utf8')).toBe(`${sound.slice(0, -1)}, `);
    await chmod(folder, 0o700);
    await child.hear(({ solved, name }) => solved === 'unreadable' && name === 'marks.json');
    await child.hear(({ solved, name }) => solved === 'unreadable' && name === 'settings.json');
    await child.tell('settle', 'settled');
    const names = (await readdir(folder)).map((name) => name.replace(/damaged-\w+/, 'damaged')).sort();
    expect(names).toEqual(['marks.damaged.json', 'marks.json', 'settings.damaged.json', 'settings.json']);
    expect(await readFile(join(folder, 'settings.json'), 'utf8')).toContain('"speed": 2');
  });

  it('in a folder that may not be changed the old version stays; it is written as soon as it may be', async () => {
    const path = await put('marks.json', sound);
    await chmod(folder, 0o500);
    const child = await start();
    expect(await child.tell('change marks 9', 'changed')).toMatchObject({ ok: false });
    expect(await child.tell('change marks 10', 'changed')).toMatchObject({ ok: false });
    expect(child.troubles()).toEqual(['unwritable marks.json']);
    expect(await readFile(path, 'utf8')).toBe(sound);
    await chmod(folder, 0o700);
    await child.hear(({ solved }) => solved === 'unwritable');
    expect(await readFile(path, 'utf8')).toContain('"offsetMs": 10');
    expect(await readdir(folder)).toEqual(['marks.json']);
  });

  it('a file of a newer version is read and never written', async () => {
    const newer = sound.replace('"version":1', '"version":2');
    const path = await put('marks.json', newer);
    const child = await start();
    expect(child.troubles()).toEqual(['newer marks.json']);
    expect(await child.tell('values', 'values')).toMatchObject({ values: { marks: 7 } });
    expect(await child.tell('change marks 9', 'changed')).toMatchObject({ ok: false });
    await child.tell('settle', 'settled');
    expect(await readFile(path, 'utf8')).toBe(newer);
  });
});

describe.runIf(canMount)('on a disk of its own', () => {
  it.each([0, 4, 8, 128])(
    'a full disk with %i kB left keeps the old version, and the new one comes when there is room',
    async (leftKilobytes) => {
      await withDisk({ sizeKilobytes: 512 }, async (disk) => {
        await own(disk);
        const path = await put('marks.json', sound, disk);
        await put('room', 'x'.repeat(leftKilobytes * 1_024), disk);
        await writeFile(join(disk, 'filler'), 'x'.repeat(1_024 * 1_024)).catch(() => undefined);
        await rm(join(disk, 'room'));
        const child = await start(disk);
        const changed = await child.tell('change marks 9', 'changed');
        if (leftKilobytes < 128) {
          expect(changed).toMatchObject({ ok: false });
          expect(child.troubles()).toEqual(['unwritable marks.json']);
          expect(await readFile(path, 'utf8')).toBe(sound);
          await rm(join(disk, 'filler'));
          await child.hear(({ solved }) => solved === 'unwritable');
        }
        expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ marks: { length: 401 } });
        expect((await readdir(disk)).filter((name) => name !== 'filler')).toEqual(['marks.json']);
      });
    },
  );

  it('a disk that may only be read keeps the old version, and is written when it may be', async () => {
    await withDisk({ sizeKilobytes: 512 }, async (disk) => {
      await own(disk);
      const path = await put('marks.json', sound, disk);
      await run('mount', ['-o', 'remount,ro', disk]);
      const child = await start(disk);
      expect(await child.tell('change marks 9', 'changed')).toMatchObject({ ok: false });
      expect(child.troubles()).toEqual(['unwritable marks.json']);
      expect(await readFile(path, 'utf8')).toBe(sound);
      await run('mount', ['-o', 'remount,rw', disk]);
      await child.hear(({ solved }) => solved === 'unwritable');
      expect(await readFile(path, 'utf8')).toContain('"offsetMs": 9');
    });
  });
});
