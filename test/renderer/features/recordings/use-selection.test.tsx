import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fail } from '@shared/domain/errors';
import { office, open, focusRow, press, selectedRows } from '../../../fixtures/recordings-window';
import { settle, useLateParts, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

test('what is selected survives a refresh while a length is asked for (R-7)', async () => {
  const { advance, fake } = await open(office(60));
  fireEvent.click(screen.getByRole('button', { name: 'More filters' }));
  fireEvent.change(screen.getByRole('combobox', { name: 'Length' }), { target: { value: 'minutes' } });
  await advance(300);
  focusRow(1);
  await press('ArrowDown', { shiftKey: true });
  await press('ArrowDown', { shiftKey: true });
  const marked = ['+39 1', '+39 2', '+39 3'];
  expect(selectedRows()).toEqual(marked);
  const before = fake.callsOf('listRecordings').length;
  fireEvent.click(screen.getByRole('button', { name: 'Refresh' }));
  await settle();
  await advance(300);
  expect(fake.callsOf('listRecordings').length).toBeGreaterThan(before);
  expect(selectedRows()).toEqual(marked);
});

test('Select all where a page fails selects what has arrived, and says so (R-25)', async () => {
  let broken = true;
  const { fake } = await open({
    ...office(120),
    listRecordings: (args) =>
      args.page === 1 && broken
        ? fail('server-error', 'list')
        : (office(120).listRecordings?.(args) ?? fail('internal', 'list')),
  });
  focusRow(0);
  await press('a', { ctrlKey: true });
  await settle();
  expect(screen.queryByText('Selecting…')).toBeNull();
  expect(screen.getByText(/^\d+ selected; the rest could not be read\.$/)).toBeTruthy();
  await press('s', { ctrlKey: true });
  expect(fake.callsOf('saveRecordings').at(-1)?.ids.length).toBeGreaterThanOrEqual(50);
  broken = false;
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await settle();
  await press('a', { ctrlKey: true });
  await settle();
  expect(screen.getByText('120 selected')).toBeTruthy();
});
