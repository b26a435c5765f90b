import { fireEvent, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { guid } from '../../../fixtures/examples';
import { office, open, rowOf, focusRow } from '../../../fixtures/recordings-window';
import { useLateParts, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

test('a double-click plays, a click only selects', async () => {
  const { services } = await open(office(10));
  focusRow(2);
  expect(rowOf(2).getAttribute('aria-selected')).toBe('true');
  expect(services.ui.getState().loaded).toBeNull();
  fireEvent.doubleClick(within(rowOf(2)).getByText('+39 2'));
  expect(services.ui.getState().loaded?.recording.id).toBe(guid(2));
});
