import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';

import { startOfDay } from '../../../../src-renderer/ui/format';
import { hour, office, open, grid } from '../../../fixtures/recordings-window';
import { useLateParts, useTestWindows, wallStart } from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

test('each day has a heading above its first recording; the one that is at the top sticks there', async () => {
  // One each hour: how many are of today depends on the time zone.
  const ofToday = Math.floor((wallStart - startOfDay(wallStart)) / hour) + 1;
  const { advance } = await open(office(100));
  const headings = () =>
    [...document.querySelectorAll('.grid-item .grid-heading')].map((heading) => ({
      text: heading.textContent,
      above: heading.parentElement?.querySelector('[role=row]')?.getAttribute('aria-rowindex'),
    }));
  const stuck = () => document.querySelector('.grid-heading-stuck');
  expect(headings()[0]).toEqual({ text: 'Today', above: '1' });
  expect(stuck()?.textContent).toBe('Today');
  const scrollTo = async (top: number) => {
    grid().scrollTop = top;
    fireEvent.scroll(grid());
    await advance(300);
  };
  // Behind the rows of today, 48 px each, and a heading of 26.
  const yesterday = 26 + ofToday * 48;
  await scrollTo(yesterday - 10);
  expect(headings()).toContainEqual({ text: 'Yesterday', above: String(ofToday + 1) });
  // Pushed out of the way by the next one, as far as that has come.
  expect(stuck()?.textContent).toBe('Today');
  expect(stuck()?.getAttribute('style')).toContain('translateY(-16px)');
  await scrollTo(yesterday + 30);
  expect(stuck()?.textContent).toBe('Yesterday');
  expect(stuck()?.getAttribute('style')).toContain('translateY(0px)');
});

test('no heading stands where the recording before is not known', async () => {
  const { advance } = await open(office(100_000));
  grid().scrollTop = 50_010 * 48;
  fireEvent.scroll(grid());
  await advance(300);
  const first = screen.getAllByRole('row')[0];
  expect(Number(first?.getAttribute('aria-rowindex'))).toBeGreaterThan(49_000);
  const headed = [...document.querySelectorAll('.grid-item .grid-heading')].map((heading) =>
    Number(heading.parentElement?.querySelector('[role=row]')?.getAttribute('aria-rowindex')),
  );
  // The first row of a page whose neighbour has not arrived may begin a day or not.
  expect(headed.every((index) => (index - 1) % 50 !== 0)).toBe(true);
});
