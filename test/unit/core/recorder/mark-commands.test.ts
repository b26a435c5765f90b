import { describe, expect, it } from 'vitest';

import { createMarkCommands } from '../../../../src-main/core/recorder/mark-commands';
import { createMarksStore, marksDocument } from '../../../../src-main/core/recorder/marks';
import { guid } from '../../../support/examples';
import { MemoryFile } from '../../../support/memory-file';
import { openTestDocument } from '../../../support/open-document';

const setUp = (file = new MemoryFile('marks.json')) => {
  const store = createMarksStore(openTestDocument(marksDocument, file));
  store.setAccount('agent');
  return { store, commands: createMarkCommands(store) };
};
const ofAgent = { id: 1, offsetMs: 5_000, label: '' };
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

  it('are each account’s own on a computer that several share, in all that can be done with them', () => {
    const { store, commands } = setUp();
    commands.add(guid(1), 5_000);
    store.setAccount('colleague');
    expect(commands.list(guid(1))).toEqual({ ok: true, value: [] });
    expect(store.label(1, 'Refund')).toBe(false);
    expect(store.remove(1)).toBe(false);
    store.move(guid(1), guid(2));
    expect(commands.add(guid(1), 7_000)).toEqual({
      ok: true,
      value: [{ id: 2, offsetMs: 7_000, label: '' }],
    });
    store.setAccount('agent');
    expect(commands.list(guid(1))).toEqual({ ok: true, value: [ofAgent] });
  });

  it('are nobody’s while nobody is signed in', () => {
    const { store, commands } = setUp();
    commands.add(guid(1), 5_000);
    store.setAccount(null);
    expect(commands.list(guid(1))).toEqual({ ok: true, value: [] });
    expect(commands.add(guid(1), 6_000)).toMatchObject(refused);
  });

  it('of an earlier version, which does not say whose they are, go to the first account for good', async () => {
    const file = new MemoryFile('marks.json');
    file.text = JSON.stringify({ version: 1, marks: [{ ...ofAgent, recordingId: guid(1) }] });
    const first = setUp(file);
    await first.store.load();
    expect(first.commands.list(guid(1))).toEqual({ ok: true, value: [ofAgent] });
    await first.store.settled();
    const second = setUp(file);
    second.store.setAccount('colleague');
    await second.store.load();
    expect(second.commands.list(guid(1))).toEqual({ ok: true, value: [] });
  });
});
