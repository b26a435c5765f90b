import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { succeed } from '@shared/domain/errors';
import type { RemovalView } from '@shared/domain/removal';
import { emptySavesView } from '@shared/domain/saves';
import type { Snapshot } from '@shared/ipc/snapshot';
import { guid, recorderView, snapshotOf, summary, saveJob } from '../../fixtures/examples';
import { renderWindow, settle, useTestWindows } from '../../fixtures/render-window';

useTestWindows();

const removal = (id: number, kind: RemovalView['kind'], change: Partial<RemovalView> = {}): RemovalView => ({
  id,
  kind,
  count: 1,
  recordingId: null,
  ...change,
});
const withRemovals = (...removals: readonly RemovalView[]): Snapshot => snapshotOf({ removals });

test('dismissing the last recording that was not found leaves an Undo, by pointer and by keyboard (undo)', async () => {
  const entry = { id: guid(3), directoryNumber: '101', startedAt: 0, endedAt: 60_000 };
  const { fake, send } = await renderWindow(snapshotOf({ recorder: recorderView({ unconfirmed: [entry] }) }));
  const notices = () => within(screen.getByRole('region', { name: 'Notices' }));
  // A word, not a cross.
  const dismiss = notices().getByRole('button', { name: /^Dismiss: / });
  expect(dismiss.textContent).toBe('Dismiss');
  fireEvent.click(dismiss);
  expect(fake.callsOf('dismissUnconfirmed')).toEqual([{ id: guid(3) }]);
  await send({ ...withRemovals(removal(7, 'unconfirmed')), revision: 2 });
  expect(notices().getByText('Dismissed.')).toBeTruthy();
  fireEvent.click(notices().getByRole('button', { name: 'Undo' }));
  fireEvent.keyDown(document.body, { key: 'z', ctrlKey: true });
  expect(fake.callsOf('undoRemoval')).toEqual([{ id: 7 }, { id: 7 }]);
  await send({ ...withRemovals(), revision: 3 });
  expect(screen.queryByRole('region', { name: 'Notices' })).toBeNull();
});

test('cancelling saves leaves an Undo beside them, described by what it undoes (undo)', async () => {
  const job = saveJob({ recordingId: guid(1), fileName: 'call.mp3', status: 'cancelled' });
  const keep = { ...emptySavesView(), jobs: [job], counts: { ...emptySavesView().counts, cancelled: 3 } };
  const { fake } = await renderWindow({ ...withRemovals(removal(4, 'saves', { count: 3 })), keep });
  vi.useRealTimers();
  const saving = within(await screen.findByRole('region', { name: 'Saves' }));
  const undo = saving.getByRole('button', { name: 'Undo' });
  const description = document.getElementById(undo.getAttribute('aria-describedby') ?? '');
  expect(description?.textContent).toBe('3 saves cancelled.');
  fireEvent.click(undo);
  expect(fake.callsOf('undoRemoval')).toEqual([{ id: 4 }]);
});

test('a deleted mark leaves an Undo in its player, and is there again after it (undo)', async () => {
  let marks = [{ id: 1, offsetMs: 1_000, label: 'price' }];
  const { fake, services, send } = await renderWindow(snapshotOf(), {
    listMarks: () => succeed(marks),
    deleteMark: () => {
      marks = [];
      return succeed(marks);
    },
  });
  services.ui.getState().play(summary({ id: guid(1) }));
  await settle();
  const player = () => within(screen.getByRole('region', { name: 'Player' }));
  fireEvent.click(player().getByRole('button', { name: 'More controls' }));
  await settle();
  fireEvent.click(player().getByRole('button', { name: 'Delete the mark at 0:01' }));
  const ofMark = removal(5, 'mark', { recordingId: guid(1).toUpperCase() });
  await send({ ...withRemovals(ofMark, removal(6, 'mark', { recordingId: guid(2) })), revision: 2 });
  expect(player().queryByRole('list', { name: 'Marks' })).toBeNull();
  expect(player().getByText('Mark deleted.')).toBeTruthy();
  fireEvent.click(player().getByRole('button', { name: 'Undo' }));
  expect(fake.callsOf('undoRemoval')).toEqual([{ id: 5 }]);
  marks = [{ id: 1, offsetMs: 1_000, label: 'price' }];
  await send({ ...withRemovals(), revision: 3 });
  await settle();
  expect(player().getByRole('button', { name: 'Delete the mark at 0:01' })).toBeTruthy();
});

test('the undo key undoes the newest removal once a press, and leaves text fields their own (undo)', async () => {
  const { fake } = await renderWindow(withRemovals(removal(1, 'mark'), removal(2, 'unconfirmed')));
  const field = document.createElement('input');
  document.body.append(field);
  fireEvent.keyDown(field, { key: 'z', ctrlKey: true });
  field.remove();
  for (const keys of [
    { ctrlKey: true, shiftKey: true },
    { ctrlKey: true, repeat: true },
    { ctrlKey: true, altKey: true },
    {},
  ]) {
    fireEvent.keyDown(document.body, { key: 'z', ...keys });
  }
  expect(fake.callsOf('undoRemoval')).toEqual([]);
  fireEvent.keyDown(document.body, { key: 'Z', metaKey: true });
  expect(fake.callsOf('undoRemoval')).toEqual([{ id: 2 }]);
});
