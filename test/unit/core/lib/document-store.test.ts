import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';

import type { DocumentKind } from '../../../../src-main/core/lib/document-store';
import { soundItems } from '../../../../src-main/core/lib/document-store';
import { documentKinds } from '../../../../src-main/core/documents';
import { Troubles, openTestDocument } from '../../../fixtures/open-document';
import { UnreliableFile } from '../../../fixtures/unreliable-file';
import { VirtualClock } from '../../../fixtures/virtual-clock';

interface Names {
  readonly names: readonly string[];
}

const kind: DocumentKind<Names> = {
  name: 'settings.json',
  version: 3,
  schema: v.object({ version: v.optional(v.literal(3), 3), names: v.array(v.string()) }),
  empty: () => ({ names: [] }),
  merge: (onDisk, meanwhile) => ({ names: [...onDisk.names, ...meanwhile.names] }),
  salvage: (parsed) => ({ names: soundItems(parsed, 'names', v.string()) }),
};

/** Opens the file, and lets all the time pass that loading may take. */
async function open(text: string | null, arrange: (file: UnreliableFile) => void = () => undefined) {
  const file = new UnreliableFile(text);
  arrange(file);
  const clock = new VirtualClock();
  const troubles = new Troubles();
  const document = openTestDocument(kind, file, clock, troubles);
  const loading = document.load();
  await clock.advance(5_000);
  await loading;
  const add = (name: string) => document.change({ names: [...document.value().names, name] });
  return { file, clock, document, told: troubles.told, names: () => document.value().names, add };
}

const onDisk = (file: UnreliableFile): unknown => JSON.parse(file.text ?? 'null');

describe('loading a document', () => {
  it('takes a missing file for a new one', async () => {
    const { file, names, told, add } = await open(null);
    expect([names(), told, file.asides, file.text]).toEqual([[], [], [], null]);
    expect(await add('x')).toEqual({ ok: true, value: null });
    expect(file.text).toBe('{\n  "version": 3,\n  "names": [\n    "x"\n  ]\n}\n');
  });

  it.each(['{"names": ["x"], "later": [1]}', '\uFEFF{"names": ["x"]}'])(
    'reads %j, with fields it does not know and past a byte order mark (C15)',
    async (text) => {
      const { file, names, told } = await open(text);
      expect([names(), told, file.asides, file.text]).toEqual([['x'], [], [], text]);
    },
  );

  it.each([
    ['', []],
    ['{', []],
    ['\uFEFF{', []],
    ['\u0000\u0000\u0000', []],
    ['{"names": 1}', []],
    ['{"names": ["x", 1, "y"]}', ['x', 'y']],
    ['{"version": "3", "names": ["x"]}', ['x']],
    ['{}', []],
    ['null', []],
    ['[]', []],
    ['[["names"]]', []],
    ['"x"', []],
  ])('sets %j aside whole, keeps what is sound of it, and tells', async (text, sound) => {
    const { file, names, told } = await open(text);
    expect(names()).toEqual(sound);
    expect([file.asides, told]).toEqual([[text], ['damaged settings.damaged-1.json']]);
    if (sound.length > 0) expect(onDisk(file)).toMatchObject({ names: sound });
  });

  it('waits a moment for a file that another program holds, and tells nobody', async () => {
    const file = new UnreliableFile('{"names": ["x"]}');
    file.isReadable = false;
    const clock = new VirtualClock();
    const troubles = new Troubles();
    const document = openTestDocument(kind, file, clock, troubles);
    const loading = document.load();
    clock.schedule(1_000, () => {
      file.isReadable = true;
    });
    await clock.advance(5_000);
    await loading;
    expect([document.value().names, troubles.told]).toEqual([['x'], []]);
  });
});

describe('a document that cannot be read', () => {
  it('is left alone, told once, tried again ever more rarely, and joined with what was changed', async () => {
    const { file, document, clock, names, told, add } = await open('{"names": ["x"]}', (held) => {
      held.isReadable = false;
    });
    const late = vi.fn();
    document.onReadLate(late);
    expect(await add('y')).toMatchObject({ ok: false, error: { code: 'settings-unwritable' } });
    expect(document.isRead()).toBe(false);
    const before = file.reads;
    await clock.advance(600_000);
    expect(file.reads - before).toBeGreaterThan(8);
    expect(file.reads - before).toBeLessThan(20);
    expect([file.text, file.asides, told]).toEqual(['{"names": ["x"]}', [], ['unreadable settings.json']]);
    expect(late).not.toHaveBeenCalled();
    file.isReadable = true;
    await clock.advance(60_000);
    expect(names()).toEqual(['x', 'y']);
    expect(onDisk(file)).toMatchObject({ names: ['x', 'y'] });
    expect(late).toHaveBeenCalledOnce();
    expect(told).toEqual(['unreadable settings.json', '-unreadable settings.json']);
    expect(clock.pending()).toBe(0);
  });

  it('is tried once more before RecLight quits', async () => {
    const { file, document, add } = await open('{"names": ["x"]}', (held) => {
      held.isReadable = false;
    });
    void add('y');
    file.isReadable = true;
    await document.settled();
    document.dispose();
    expect(onDisk(file)).toMatchObject({ names: ['x', 'y'] });
  });

  it('is not written while it is damaged and cannot be set aside, and what is sound of it is used', async () => {
    const { file, clock, names, told, add } = await open('{"names": ["x", 1]}', (held) => {
      held.canSetAside = false;
    });
    expect(names()).toEqual(['x']);
    await clock.advance(60_000);
    expect([file.text, told]).toEqual(['{"names": ["x", 1]}', ['unreadable settings.json']]);
    file.canSetAside = true;
    await clock.advance(60_000);
    expect(file.asides).toEqual(['{"names": ["x", 1]}']);
    await add('y');
    expect(onDisk(file)).toMatchObject({ names: ['x', 'y'] });
  });
});

describe('a document of a newer version', () => {
  it('is read as far as it goes, never written, and told', async () => {
    const text = '{"version": 4, "names": ["x", {"first": "y"}]}';
    const { file, document, clock, names, told, add } = await open(text);
    expect(names()).toEqual(['x']);
    expect(await add('z')).toMatchObject({ ok: false });
    await clock.advance(600_000);
    await document.settled();
    expect(names()).toEqual(['x', 'z']);
    expect([file.text, file.asides, told]).toEqual([text, [], ['newer settings.json']]);
  });
});

describe('a document that cannot be written', () => {
  it('keeps what it held, tells once, and is written when the disk has room again', async () => {
    const { file, clock, told, add } = await open('{"names": ["x"]}');
    file.isWritable = false;
    expect(await add('y')).toMatchObject({ ok: false, error: { detail: { message: 'ENOSPC' } } });
    expect(await add('z')).toMatchObject({ ok: false });
    await clock.advance(600_000);
    expect([file.text, told]).toEqual(['{"names": ["x"]}', ['unwritable settings.json']]);
    file.isWritable = true;
    await clock.advance(60_000);
    expect(onDisk(file)).toMatchObject({ names: ['x', 'y', 'z'] });
    expect(told).toEqual(['unwritable settings.json', '-unwritable settings.json']);
    expect(clock.pending()).toBe(0);
  });

  it('waits a moment for a file that another program holds', async () => {
    const { file, clock, told, add } = await open(null);
    file.isWritable = false;
    file.writeCode = 'EBUSY';
    const added = add('x');
    clock.schedule(500, () => {
      file.isWritable = true;
    });
    await clock.advance(2_000);
    expect(await added).toMatchObject({ ok: true });
    expect(told).toEqual([]);
  });

  it('is tried once more before RecLight quits', async () => {
    const { file, clock, document, add } = await open(null);
    file.isWritable = false;
    await add('x');
    file.isWritable = true;
    await document.settled();
    document.dispose();
    expect(onDisk(file)).toMatchObject({ names: ['x'] });
    expect(clock.pending()).toBe(0);
  });
});

describe('writing a document', () => {
  it('does one write after the other; of many changes the last has the last word', async () => {
    const { file, clock, document, add } = await open(null);
    file.isSlow = true;
    const results = [add('a'), add('b')];
    await clock.advance(0);
    results.push(add('c'), add('d'));
    await clock.advance(0);
    expect(file.finishWrites()).toBe(1);
    await clock.advance(0);
    expect(onDisk(file)).toMatchObject({ names: ['a'] });
    expect(file.finishWrites()).toBe(1);
    expect((await Promise.all(results)).every(({ ok }) => ok)).toBe(true);
    await document.settled();
    expect(onDisk(file)).toMatchObject({ names: ['a', 'b', 'c', 'd'] });
    expect(file.maxAtOnce).toBe(1);
  });
});

describe('the documents of RecLight', () => {
  it.each(Object.entries(documentKinds))('%s: what a new user has is sound', (_name, table) => {
    const written: unknown = JSON.parse(JSON.stringify({ version: table.version, ...table.empty() }));
    expect(v.safeParse(table.schema as v.GenericSchema, written)).toMatchObject({ success: true });
  });

  it('have a file each', () => {
    const names = Object.values(documentKinds).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
