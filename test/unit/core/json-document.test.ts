import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { loadDocument, saveDocument } from '../../../src-main/core/json-document';
import { UnreliableFile } from '../../support/unreliable-file';

const schema = v.object({ name: v.string() });

function load(file: UnreliableFile) {
  const parsedForFallback: unknown[] = [];
  return loadDocument(file, schema, (parsed) => {
    parsedForFallback.push(parsed);
    return { name: 'fallback' };
  }).then((loaded) => ({ ...loaded, parsedForFallback }));
}

describe('loadDocument', () => {
  it('takes a missing file for a new one', async () => {
    const file = new UnreliableFile();
    expect(await load(file)).toMatchObject({ value: { name: 'fallback' }, setAsideAs: null, mayWrite: true });
    expect(file.asides).toEqual([]);
  });

  it('reads a sound one and ignores fields it does not know', async () => {
    const file = new UnreliableFile('{"name": "x", "later": [1]}');
    expect(await load(file)).toEqual({
      value: { name: 'x' },
      setAsideAs: null,
      mayWrite: true,
      parsedForFallback: [],
    });
  });

  it('reads past a byte order mark (C15)', async () => {
    const file = new UnreliableFile('\uFEFF{"name": "x"}');
    expect(await load(file)).toMatchObject({ value: { name: 'x' }, setAsideAs: null, mayWrite: true });
    expect(file.asides).toEqual([]);
  });

  it.each([
    ['', undefined],
    ['{', undefined],
    ['{"name": "x"', undefined],
    ['\u0000\u0000\u0000', undefined],
    ['{"name": 1}', { name: 1 }],
    ['{}', {}],
    ['null', null],
    ['[]', []],
    ['"x"', 'x'],
    ['1', 1],
  ])('sets %j aside, whole, with what could be parsed for the fallback', async (text, parsed) => {
    const file = new UnreliableFile(text);
    const loaded = await load(file);
    expect(loaded).toMatchObject({
      value: { name: 'fallback' },
      setAsideAs: 'settings.damaged-1.json',
      mayWrite: true,
    });
    expect(loaded.parsedForFallback).toEqual([parsed]);
    expect(file.asides).toEqual([text]);
  });

  it('sets aside what it cannot read', async () => {
    const file = new UnreliableFile('{"name": "x"}');
    file.isReadable = false;
    expect(await load(file)).toMatchObject({ setAsideAs: 'settings.damaged-1.json', mayWrite: true });
    expect(file.asides).toEqual(['{"name": "x"}']);
  });

  it.each([true, false])(
    'never lets a file be overwritten that cannot be set aside (readable: %s)',
    async (readable) => {
      const file = new UnreliableFile('{"name": 1}');
      file.isReadable = readable;
      file.canSetAside = false;
      expect(await load(file)).toMatchObject({
        value: { name: 'fallback' },
        setAsideAs: null,
        mayWrite: false,
      });
      expect(file.text).toBe('{"name": 1}');
    },
  );
});

describe('saveDocument', () => {
  it('writes what a person can read, ended by a line', async () => {
    const file = new UnreliableFile();
    await saveDocument(file, { name: 'x' });
    expect(file.text).toBe('{\n  "name": "x"\n}\n');
  });

  it('hands on what the disk says', async () => {
    const file = new UnreliableFile();
    file.isWritable = false;
    expect(await saveDocument(file, {})).toMatchObject({ ok: false, error: { code: 'settings-unwritable' } });
  });
});
