import { describe, expect, it } from 'vitest';

import { createMarkCommands } from '../../../../src-main/core/marks/commands';
import { createMarksStore, marksDocument } from '../../../../src-main/core/marks/store';
import { createRemovals } from '../../../../src-main/core/removals';
import { guid } from '../../../fixtures/examples';
import { MemoryFile, silentLog } from '../../../fixtures/memory-file';
import { openTestDocument } from '../../../fixtures/open-document';
import { VirtualClock } from '../../../fixtures/virtual-clock';

const setUp = (file = new MemoryFile('marks.json')) => {
  const store = createMarksStore(openTestDocument(marksDocument, file), silentLog);
  store.setAccount('agent');
  const clock = new VirtualClock();
  const removals = createRemovals(clock, silentLog);
  return { clock, removals, store, commands: createMarkCommands(store, removals) };
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

  it('that were deleted come back for 8 s, then are gone for good (undo)', async () => {
    const { clock, removals, store, commands } = setUp();
    commands.add(guid(1), 5_000);
    commands.label(guid(1), 1, 'price');
    expect(commands.remove(guid(1), 1)).toEqual({ ok: true, value: [] });
    expect(removals.view()).toEqual([{ id: 1, kind: 'mark', count: 1, recordingId: guid(1) }]);
    expect(commands.remove(guid(1), 1)).toMatchObject(refused);
    await clock.advance(7_999);
    expect(removals.undo(1)).toMatchObject({ ok: true });
    expect(commands.list(guid(1))).toEqual({ ok: true, value: [{ id: 1, offsetMs: 5_000, label: 'price' }] });
    commands.remove(guid(1), 1);
    await clock.advance(8_000);
    expect(store.list(guid(1))).toEqual([]);
    expect(removals.undo(2)).toMatchObject(refused);
  });

  it('reach every listener, and the caller, where one listener fails', () => {
    const { store } = setUp();
    const heard: string[] = [];
    store.onChange(() => {
      throw new Error('broken');
    });
    store.onChange((recordingId) => heard.push(recordingId));
    expect(store.add(guid(1), 5_000)).toMatchObject({ offsetMs: 5_000 });
    expect(heard).toEqual([guid(1)]);
  });

  it('of a file that is read late give way: a deletion still reaches the mark it meant (undo)', async () => {
    const file = new MemoryFile('marks.json');
    const older = { ...ofAgent, scope: 'agent', recordingId: guid(9), label: 'precious' };
    file.text = JSON.stringify({ version: 1, marks: [older] });
    file.isHeld = true;
    const clock = new VirtualClock();
    const store = createMarksStore(openTestDocument(marksDocument, file, clock), silentLog);
    store.setAccount('agent');
    const removals = createRemovals(clock, silentLog);
    const commands = createMarkCommands(store, removals);
    const loading = store.load();
    await clock.advance(2_000);
    await loading;
    commands.add(guid(1), 1_000);
    commands.remove(guid(1), 1);
    file.isHeld = false;
    await clock.advance(60_000);
    expect(store.list(guid(1))).toEqual([]);
    expect(store.list(guid(9))).toMatchObject([{ label: 'precious' }]);
  });
});
