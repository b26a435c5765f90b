import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fail } from '@shared/domain/errors';
import { guid } from '../../../fixtures/examples';
import {
  office,
  open,
  grid,
  focusRow,
  focusedRow,
  press,
  expectInSight,
} from '../../../fixtures/recordings-window';
import { settle, useLateParts, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

test('keys move the row cursor, and the focus with it', async () => {
  await open(office(1_000));
  focusRow(0);
  await press('ArrowDown');
  expect(focusedRow()).toBe('2');
  await press('ArrowDown');
  await press('ArrowUp');
  expect(focusedRow()).toBe('2');
  await press('PageDown');
  expect(Number(focusedRow())).toBeGreaterThan(6);
  await press('Home');
  expect(focusedRow()).toBe('1');
  await press('PageUp');
  expect(focusedRow()).toBe('1');
});

test('End goes to the last of many, fetches only there, and Enter plays it', async () => {
  const { fake, services } = await open(office(10_000));
  focusRow(0);
  await press('End');
  expect(focusedRow()).toBe('10000');
  expect(fake.callsOf('listRecordings').map(({ page }) => page)).toEqual([0, 199]);
  await press('Enter');
  expect(services.ui.getState().loaded?.recording.id).toBe(guid(9_999));
});

test.each([1_000, 1_000_000])(
  'of %d, the last row is in sight once its page has come (R-14)',
  async (total) => {
    const held: (() => void)[] = [];
    await open({
      listRecordings: async (args) => {
        if (args.page > 0) await new Promise<void>((resolve) => held.push(resolve));
        return office(total).listRecordings?.(args) ?? fail('internal', 'list');
      },
    });
    focusRow(0);
    await press('End');
    expectInSight(total);
    for (let turn = 0; turn < 4; turn += 1) {
      for (const answer of held.splice(0)) answer();
      await settle();
    }
    expect(document.activeElement?.getAttribute('aria-label')).toContain(`+39 ${total - 1},`);
    expectInSight(total);
  },
);

test('a million rows reach their end, and keys stay in sight (R-14)', async () => {
  const total = 1_000_000;
  await open(office(total));
  focusRow(0);
  await press('End');
  expectInSight(total);
  expect(grid().scrollHeight).toBeLessThanOrEqual(16_000_000);
  // But for the headings that the last page has brought.
  expect(grid().scrollTop).toBeGreaterThan(grid().scrollHeight - grid().clientHeight - 100);
  await press('ArrowUp');
  expectInSight(total - 1);
  for (let turn = 0; turn < 20; turn += 1) await press('ArrowUp');
  expectInSight(total - 21);
  await press('PageUp');
  await press('PageDown');
  await press('ArrowDown');
  expectInSight(total - 20);
  // A turn of the wheel goes as far as in a short list.
  const seen = () => screen.getAllByRole('row').map((row) => Number(row.getAttribute('aria-rowindex')));
  const before = Math.min(...seen());
  fireEvent.wheel(grid(), { deltaY: -480 });
  await settle();
  expect(Math.min(...seen())).toBe(before - 10);
  await press('Home');
  expectInSight(1);
  expect(grid().scrollTop).toBe(0);
  // The scroll bar reaches every part.
  grid().scrollTop = (grid().scrollHeight - grid().clientHeight) / 2;
  fireEvent.scroll(grid());
  await settle();
  expect(seen().some((number) => Math.abs(number - total / 2) < 20)).toBe(true);
  grid().scrollTop = grid().scrollHeight - grid().clientHeight;
  fireEvent.scroll(grid());
  await settle();
  expect(seen()).toContain(total);
});

test('Ctrl+C copies the reference number', async () => {
  const { fake } = await open(office(10));
  focusRow(3);
  await press('c', { ctrlKey: true });
  expect(fake.callsOf('copyText')).toEqual([{ text: 'REF-3' }]);
});

test('Space selects, and Ctrl with the arrows goes on without losing what is selected', async () => {
  const { fake } = await open(office(20));
  focusRow(0);
  await press(' ');
  await press('ArrowDown', { ctrlKey: true });
  await press('ArrowDown', { ctrlKey: true });
  await press(' ', { ctrlKey: true });
  const selected = () =>
    screen
      .getAllByRole('row')
      .filter((row) => row.getAttribute('aria-selected') === 'true')
      .map((row) => row.getAttribute('aria-rowindex'));
  expect(selected()).toEqual(['1', '3']);
  await press('s', { ctrlKey: true });
  expect(fake.callsOf('saveRecordings')).toEqual([{ ids: [guid(0), guid(2)] }]);
  await press(' ');
  expect(selected()).toEqual(['1']);
  await press('ArrowDown');
  expect(selected()).toEqual(['4']);
});
