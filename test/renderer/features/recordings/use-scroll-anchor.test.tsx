import { fireEvent, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';

import { succeed } from '@shared/domain/errors';
import { guid, snapshotOf, summary } from '../../../fixtures/examples';
import type { FakeAnswers } from '../../../fixtures/fake-window-api';
import { hour, office, open, grid, rowOf, focusRow, focusedRow } from '../../../fixtures/recordings-window';
import { settle, useLateParts, useTestWindows, wallStart } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

test('new recordings move nothing that is being read: they are news, and a press goes to them', async () => {
  let added = 0;
  const shifted = (args: Parameters<NonNullable<FakeAnswers['listRecordings']>>[0]) =>
    succeed({
      totalCount: 1_000 + added,
      recordings: Array.from({ length: args.pageSize }, (_, index) => {
        const number = args.page * args.pageSize + index - added;
        return summary({
          id: guid(number),
          startTime: wallStart - number * hour,
          remotePartyNumber: number < 0 ? `+44 ${-number}` : `+39 ${number}`,
        });
      }),
    });
  const { send } = await open({ listRecordings: shifted });
  const refreshed = (revision: number) => {
    const snapshot = snapshotOf();
    return send({
      ...snapshot,
      revision: 100 + revision,
      recordings: { ...snapshot.recordings, revision: 100 + revision },
    });
  };
  // Nobody reads: what is new appears at once.
  added = 1;
  await refreshed(1);
  await settle();
  expect(screen.getByRole('row', { name: /^\+44 1,/ })).toBeTruthy();
  expect(grid().scrollTop).toBe(0);
  expect(screen.queryByRole('button', { name: /new$/ })).toBeNull();

  focusRow(2);
  const place = () => rowOf(2).parentElement?.style.transform;
  const before = Number(/[\d.]+/.exec(place() ?? '')?.[0]) - grid().scrollTop;
  added = 3;
  await refreshed(2);
  await settle();
  await settle();
  expect(grid().scrollTop).toBe(96);
  expect(Number(/[\d.]+/.exec(place() ?? '')?.[0]) - grid().scrollTop).toBe(before);
  expect(document.activeElement).toBe(rowOf(2));
  fireEvent.click(screen.getByRole('button', { name: '2 new' }));
  await settle();
  expect(grid().scrollTop).toBe(0);
  expect(focusedRow()).toBe('1');
  expect(screen.queryByRole('button', { name: /new$/ })).toBeNull();
});

test('closing the player leaves the list where one reads (R-28)', async () => {
  await open(office(1_000));
  fireEvent.mouseDown(rowOf(1), { button: 0 });
  fireEvent.mouseDown(rowOf(1), { button: 0 });
  fireEvent.doubleClick(rowOf(1));
  await settle();
  const focus = vi.spyOn(HTMLElement.prototype, 'focus');
  fireEvent.click(screen.getByRole('button', { name: 'Close player' }));
  await settle();
  expect(focus).toHaveBeenCalled();
  expect(focus.mock.calls.every(([options]) => options?.preventScroll === true)).toBe(true);
  focus.mockRestore();
});
