import { act, fireEvent, screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import type { RecordingDetails } from '@shared/domain/recording';
import { guid, summary } from '../../../fixtures/examples';
import { office, open, rowOf } from '../../../fixtures/recordings-window';
import { settle, useLateParts, useTestWindows, wallStart } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

const details: RecordingDetails = {
  id: guid(1),
  referenceNumber: 'REF-1',
  pbxCallId: '17-4',
  startTime: wallStart,
  durationMs: 91_000,
  direction: 'incoming',
  localPartyNumber: '101',
  remotePartyNumber: '+39 1',
  owner: {
    username: 'anna',
    firstName: 'Anna',
    lastName: 'Rossi',
    phoneNumber: null,
    group: 'Sales',
    department: null,
  },
  preservingUser: null,
  note: { owner: null, text: 'A note' },
  sizeBytes: 364_000,
  sha256: 'ABCD',
};

/** The real clock: what is loaded later, and the overlay's own timers, need it. */
async function openMenu() {
  vi.useRealTimers();
  fireEvent.contextMenu(rowOf(1), { clientX: 40, clientY: 40 });
  return within(await screen.findByRole('menu', { name: 'Recording' }));
}

test('the context menu plays, shows details and copies', async () => {
  const { fake, services } = await open({ ...office(10), getRecording: () => succeed(details) });
  const menu = await openMenu();
  expect(menu.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual([
    'Play',
    'Details',
    'Save as…',
    'Save as evidence…',
    'Copy reference number',
  ]);
  fireEvent.click(menu.getByRole('menuitem', { name: 'Copy reference number' }));
  await vi.waitFor(() => {
    expect(fake.callsOf('copyText')).toEqual([{ text: 'REF-1' }]);
  });
  fireEvent.click((await openMenu()).getByRole('menuitem', { name: 'Details' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Recording details' }));
  expect(await dialog.findByText('Anna Rossi (anna)')).toBeTruthy();
  expect(dialog.getByText('A note')).toBeTruthy();
  expect(dialog.getByText('364 kB')).toBeTruthy();
  expect(dialog.getByText(/each download in its audit trail/)).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Copy Reference number' }));
  expect(fake.callsOf('copyText')).toHaveLength(2);
  fireEvent.click(dialog.getByRole('button', { name: 'Close' }));
  await vi.waitFor(() => {
    expect(screen.queryByRole('dialog')).toBeNull();
  });
  expect(services.ui.getState().detailsOf).toBeNull();
});

test('details tell whether the sound is the right one, and are asked for again when wished', async () => {
  const { services, fake } = await open({
    ...office(10),
    getRecording: ({ fresh }) => succeed(fresh === true ? { ...details, note: null } : details),
    verifyRecording: () => succeed('unverified'),
  });
  vi.useRealTimers();
  act(() => {
    services.ui.getState().showDetails(summary({ id: guid(1) }));
  });
  const dialog = within(await screen.findByRole('dialog', { name: 'Recording details' }));
  expect(await dialog.findByText(/^Could not be verified/)).toBeTruthy();
  expect(dialog.getByText('Group Sales')).toBeTruthy();
  fireEvent.click(dialog.getByRole('button', { name: 'Ask the server again' }));
  expect(await dialog.findByText('No note')).toBeTruthy();
  expect(fake.callsOf('getRecording')).toEqual([
    { id: guid(1), fresh: false },
    { id: guid(1), fresh: true },
  ]);
  fake.answer('openServerPage', () => fail('browser-unavailable', 'details'));
  fireEvent.click(dialog.getByRole('button', { name: 'Open the server’s page' }));
  expect((await dialog.findByRole('alert')).textContent).toMatch(/browser could not be opened/);
});

test('details that nobody answers can be asked for again (R-19)', async () => {
  const { services } = await open({
    ...office(3),
    getRecording: () => Promise.reject(new Error('reply was never sent')),
  });
  act(() => {
    services.ui.getState().showDetails(summary({ id: guid(1) }));
  });
  await settle();
  const dialog = within(screen.getByRole('dialog', { name: 'Recording details' }));
  expect(dialog.queryByText('Loading details…')).toBeNull();
  expect(dialog.getByRole('alert')).toBeTruthy();
});

test('details that the server no longer has say so', async () => {
  const { services } = await open(office(10));
  vi.useRealTimers();
  act(() => {
    services.ui.getState().showDetails(summary({ id: guid(1) }));
  });
  const dialog = within(await screen.findByRole('dialog', { name: 'Recording details' }));
  expect((await dialog.findByRole('alert')).textContent).toMatch(/no longer on the server/);
});
