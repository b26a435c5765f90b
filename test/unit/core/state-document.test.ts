import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

import { createJsonDocument } from '../../../src-main/core/state-document';
import { silentLog } from '../../support/memory-file';
import { UnreliableFile } from '../../support/unreliable-file';

const schema = v.object({ name: v.string() });

describe('a state document', () => {
  it('is read past a byte order mark (C15)', async () => {
    const file = new UnreliableFile('\uFEFF{"name": "x"}');
    const document = createJsonDocument(file, schema, silentLog);
    expect(await document.load()).toEqual({ value: { name: 'x' }, setAsideAs: null });
    expect(file.asides).toEqual([]);
  });

  it('is set aside where it is no JSON', async () => {
    const file = new UnreliableFile('\uFEFF{');
    const document = createJsonDocument(file, schema, silentLog);
    expect(await document.load()).toEqual({ value: null, setAsideAs: 'settings.damaged-1.json' });
    expect(file.asides).toEqual(['\uFEFF{']);
  });
});
