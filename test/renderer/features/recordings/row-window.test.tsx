import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { headingHeight, rowHeight } from '../../../../src-renderer/features/recordings/days';
import { createRowWindow } from '../../../../src-renderer/features/recordings/row-window';
import { guid, snapshotOf, summary } from '../../../fixtures/examples';
import { fc } from '../../../fixtures/seed';
import {
  renderWindow,
  settle,
  useLateParts,
  useTestWindows,
  wallStart,
} from '../../../fixtures/render-window';

useTestWindows();
useLateParts();

/**
 * An element that scrolls as a browser's does: no further than its rows reach, by whole pixels, and not at all while it
 * is not displayed.
 * @param heightOfRows of what is in it, px
 * @param seen height of what is seen, px; a browser tells it rounded
 */
function scroller(heightOfRows: () => number, seen: () => number): HTMLElement {
  const element = document.createElement('div');
  let scrolled = 0;
  Object.defineProperty(element, 'clientHeight', { get: () => Math.round(seen()) });
  Object.defineProperty(element, 'scrollTop', {
    get: () => scrolled,
    set: (top: number) => {
      const furthest = seen() === 0 ? 0 : Math.max(0, heightOfRows() - seen());
      scrolled = Math.round(Math.max(0, Math.min(furthest, top)));
    },
  });
  return element;
}

const heights = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 600 }),
  fc.double({ min: 0.1, max: 600, noNaN: true }),
);

test('a row that is shown is in sight, and shown again moves nothing (M1)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400_000 }),
      fc.uniqueArray(fc.nat(2_000), { maxLength: 20 }),
      heights,
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 5 }),
      (count, days, height, targets) => {
        const rows = createRowWindow();
        const element = scroller(
          () => rows.view().drawnHeight,
          () => height,
        );
        const detach = rows.attach(element);
        const headings = days.filter((day) => day < count).sort((a, b) => a - b);
        rows.layOut(count, headings);
        for (const target of targets) {
          const index = Math.floor(target * count);
          rows.show(index);
          const shown = rows.view();
          rows.show(index);
          expect(rows.view()).toBe(shown);
          const item = shown.items.find((row) => row.index === index);
          if (height >= rowHeight + headingHeight) {
            expect(item!.top - shown.scrollTop).toBeGreaterThanOrEqual(0);
            expect(item!.end - shown.scrollTop).toBeLessThanOrEqual(height + 1);
          } else if (height > 0) {
            expect(Math.abs(item!.top - shown.scrollTop)).toBeLessThanOrEqual(headingHeight + rowHeight);
          }
        }
        detach();
      },
    ),
  );
});

test('what changes nothing is not told (M1)', () => {
  const rows = createRowWindow();
  const element = scroller(
    () => rows.view().drawnHeight,
    () => 300,
  );
  const detach = rows.attach(element);
  rows.layOut(100, [0, 7]);
  const before = rows.view();
  const told = vi.fn();
  rows.subscribe(told);
  rows.layOut(100, [0, 7]);
  rows.scrollToTop();
  rows.settle();
  expect(told).not.toHaveBeenCalled();
  expect(rows.view()).toBe(before);
  rows.layOut(100, [0, 8]);
  expect(told).toHaveBeenCalled();
  detach();
});

/** Whether every row that is in sight exists. */
function areRowsThere(rows: ReturnType<typeof createRowWindow>, height: number): boolean {
  const { items, scrollTop } = rows.view();
  const tops = items.filter(({ end, start }) => end > scrollTop && start < scrollTop + height);
  return (tops[0]?.start ?? Infinity) <= scrollTop && (tops.at(-1)?.end ?? -Infinity) >= scrollTop + height;
}

describe('an element that is attached', () => {
  function attached(count: number, height: number) {
    let resize = (): void => undefined;
    const watched = new Set<Element>();
    vi.stubGlobal(
      'ResizeObserver',
      class {
        constructor(changed: () => void) {
          resize = changed;
        }
        observe(element: Element) {
          watched.add(element);
        }
        unobserve(element: Element) {
          watched.delete(element);
        }
        disconnect() {
          watched.clear();
        }
      },
    );
    let seen = height;
    const rows = createRowWindow();
    const element = scroller(
      () => rows.view().drawnHeight,
      () => seen,
    );
    const detach = rows.attach(element);
    rows.layOut(count, [0]);
    return {
      rows,
      watched,
      detach,
      scrollTo: (top: number) => {
        element.scrollTop = top;
        element.dispatchEvent(new Event('scroll'));
      },
      resizeTo: (next: number) => {
        seen = next;
        resize();
      },
    };
  }
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('is followed where the user scrolls it', () => {
    const { rows, scrollTo, detach } = attached(10_000, 480);
    for (const top of [30, 1_000, 99_999, 40]) {
      scrollTo(top);
      expect(rows.view().scrollTop).toBe(top);
      expect(areRowsThere(rows, 480)).toBe(true);
    }
    detach();
  });

  test('has all its rows at once after it was made higher', () => {
    const { rows, resizeTo, detach } = attached(10_000, 300);
    expect(areRowsThere(rows, 300)).toBe(true);
    resizeTo(1_400);
    expect(areRowsThere(rows, 1_400)).toBe(true);
    detach();
  });

  test('reaches the end of 1,000,000 rows, and comes back', () => {
    const { rows, scrollTo, detach } = attached(1_000_000, 480);
    rows.show(999_999);
    expect(rows.view().items.at(-1)).toMatchObject({ index: 999_999, end: rows.view().height });
    expect(areRowsThere(rows, 480)).toBe(true);
    scrollTo(0);
    expect(rows.view().items[0]?.index).toBe(0);
    detach();
  });

  test('is let alone once it is detached', () => {
    const { rows, watched, scrollTo, detach } = attached(10_000, 480);
    expect(watched.size).toBe(1);
    detach();
    const before = rows.view();
    scrollTo(5_000);
    expect(rows.view()).toBe(before);
    expect(watched.size).toBe(0);
  });
});

test.each([0, 40, 60, 73, 74, 120])(
  'End in a list %d px high whose last page fails leaves the list (M1)',
  async (height) => {
    const caught: unknown[] = [];
    const window = await renderWindow(
      snapshotOf(),
      {
        listRecordings: ({ page, pageSize }) =>
          page > 0
            ? fail('server-error', 'list')
            : succeed({
                totalCount: 320,
                recordings: Array.from({ length: pageSize }, (_, number) =>
                  summary({ id: guid(number), startTime: wallStart - number }),
                ),
              }),
      },
      { onCaughtError: (error) => caught.push(error) },
    );
    await window.advance(300);
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(height);
    act(() => {
      screen.getAllByRole('row')[0]?.focus();
    });
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'End' });
    await settle();
    await window.advance(300);
    expect(caught).toEqual([]);
    expect(document.activeElement?.getAttribute('aria-rowindex')).toBe('320');
  },
);
