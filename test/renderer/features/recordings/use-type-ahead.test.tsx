import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { office, open, rowOf, focusRow, focusedRow, press } from '../../../fixtures/recordings-window';
import { settle, useLateParts, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

test('typing a number in the list goes to its recording', async () => {
  const { advance } = await open(office(1_000));
  focusRow(0);
  // As one types: +39 1, and on to +39 12.
  for (const key of ['+', '3', '9', ' ', '1'])
    fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settle();
  expect(focusedRow()).toBe('2');
  fireEvent.keyDown(document.activeElement ?? document.body, { key: '2' });
  await settle();
  await advance(300);
  expect(focusedRow()).toBe('13');
  // What is typed after a pause is another number; one that nobody has moves nothing.
  await advance(1_500);
  for (const key of ['4', '4']) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settle();
  expect(focusedRow()).toBe('45');
  await advance(1_500);
  fireEvent.keyDown(document.activeElement ?? document.body, { key: 'x' });
  for (const key of ['7', '7', '7', '7']) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await settle();
  const place = focusedRow();
  expect(place).not.toBe('1');
  const told = () => screen.queryByText(/^No recording that is loaded has 7777\./);
  expect(told()).toBeTruthy();
  await press('ArrowDown');
  expect(told()).toBeNull();
});

test('a number that was typed is forgotten with the next other key or press (R-8)', async () => {
  await open(office(1_000));
  focusRow(0);
  const type = (keys: readonly string[]) => {
    for (const key of keys) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  };
  type(['3', '9', 'ArrowDown', ' ']);
  await settle();
  expect(screen.getByText('1 selected')).toBeTruthy();
  type(['3', '9', 'ArrowDown', '4', '4']);
  await settle();
  expect(focusedRow()).toBe('45');
  fireEvent.mouseDown(rowOf(44), { button: 0 });
  type([' ']);
  await settle();
  expect(screen.getByText('1 selected')).toBeTruthy();
});
