import { describe, expect, it } from 'vitest';

import { createMarkCommands } from '../../../../src-main/core/recorder/mark-commands';
import { createMarksStore, marksDocument } from '../../../../src-main/core/recorder/marks';
import { guid } from '../../../support/examples';
import { MemoryFile } from '../../../support/memory-file';
import { openTestDocument } from '../../../support/open-document';

const setUp = () => {
  const store = createMarksStore(openTestDocument(marksDocument, new MemoryFile('marks.json')));
  return { store, commands: createMarkCommands(store) };
};
const refused = { ok: false, error: { code: 'not-possible-now' } };

describe('marks as a window has them', () => {
  it('come by offset, without anything else of the call', () => {
    const { commands } = setUp();
    commands.add(guid(1), 5_000);
    expect(commands.add(guid(1).toUpperCase(), 1_000)).toEqual({
      ok: true,
      value: [
        { id: 2, offsetMs: 1_000, label: '' },
        { id: 1, offsetMs: 5_000, label: '' },
      ],
    });
    expect(commands.list(guid(2))).toEqual({ ok: true, value: [] });
  });

  it('are named and deleted', () => {
    const { commands } = setUp();
    commands.add(guid(1), 5_000);
    expect(commands.label(guid(1), 1, ' Refund ')).toMatchObject({ ok: true, value: [{ label: 'Refund' }] });
    expect(commands.remove(guid(1), 1)).toEqual({ ok: true, value: [] });
  });

  it('are not reached through another recording, nor where there are none', () => {
    const { commands } = setUp();
    commands.add(guid(1), 5_000);
    expect(commands.label(guid(2), 1, 'x')).toMatchObject(refused);
    expect(commands.remove(guid(2), 1)).toMatchObject(refused);
    expect(commands.remove(guid(1), 7)).toMatchObject(refused);
    expect(commands.list(guid(1))).toMatchObject({ value: [{ id: 1, label: '' }] });
  });
});
