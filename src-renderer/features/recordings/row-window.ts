import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/react-virtual';

import { callListeners } from '../../services/listeners';
import { beginsDay, headingHeight, headingsBefore, rowHeight } from './days';

/** Rows drawn beyond what is seen, on either side. */
const overscan = 6;

/**
 * Rows that are measured as one. The virtualizer works through everything it measures whenever a heading comes or
 * goes, which is with every page that arrives: with 100,000 rows that would take longer than a frame.
 */
const blockRows = 50;

/**
 * As high as an element can safely be, px. Browsers have their limits (Chromium 33,554,428), and beyond 2^24 a place is not
 * exact to the pixel any more. Where all rows are higher, what is scrolled stands for more than is seen to move.
 */
const highest = 16_000_000;

/** A row that exists. */
export interface RowItem {
  readonly index: number;
  /** px from the top of the scrolled element, where it is drawn. */
  readonly drawnAt: number;
  /** px from the top of all rows, where the day's heading stands if the row has one. */
  readonly start: number;
  /** px from the top of all rows, where the row itself begins. */
  readonly top: number;
  readonly end: number;
}

/** Which rows exist now, and where; a new object after every change, and only then. */
export interface RowWindowView {
  readonly items: readonly RowItem[];
  /** The first and the last row whose recording is needed: what is seen, and the rows drawn beyond it. */
  readonly first: number;
  readonly last: number;
  /** Height of all rows, and of the room below them, px. */
  readonly height: number;
  /** Height of the scrolled element, px: `height`, unless that is more than an element can have. */
  readonly drawnHeight: number;
  /** px from the top of all rows. */
  readonly scrollTop: number;
}

/** The part of a long list that is drawn. */
export interface RowWindow {
  view(): RowWindowView;
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void;
  /** Begins to watch a scrolling element. @returns a function that ends it */
  attach(element: HTMLElement): () => void;
  /**
   * Lays the rows out anew.
   * @param count how many
   * @param headings rows above which one stands, ascending
   */
  layOut(count: number, headings: readonly number[]): void;
  /** Keeps a row in existence while it is out of sight, so that it does not lose the focus; -1: none. */
  keep(index: number): void;
  /**
   * Scrolls as little as possible, so that a row is in sight below the heading that sticks to the top. Where there is no
   * room for both, the row comes first. Once the row is there, the same again changes nothing.
   */
  show(index: number): void;
  /**
   * Scrolls so that a row is as far from the top of what is seen as it was. Where the rows are too few for that, room is
   * made below them first, until the top is seen again.
   * @param index of the row
   * @param distance of its `top`, px; negative above what is seen
   * @returns `scrolled`; `still` where that took none; `growing` where it can be done only once the room has been drawn
   */
  hold(index: number, distance: number): 'scrolled' | 'still' | 'growing';
  /** The top is seen: room that was made below the rows is not needed any more. */
  settle(): void;
  /** Whether one of the rows has the focus, or the pointer is over the list. */
  isInUse(): boolean;
  scrollToTop(): void;
  /** Height of what is seen, px. */
  viewportHeight(): number;
}

function isSameItem(a: RowItem | undefined, b: RowItem): boolean {
  return (
    a?.index === b.index &&
    a.drawnAt === b.drawnAt &&
    a.start === b.start &&
    a.top === b.top &&
    a.end === b.end
  );
}

function isSameView(a: RowWindowView, b: RowWindowView): boolean {
  return (
    a.first === b.first &&
    a.last === b.last &&
    a.height === b.height &&
    a.drawnHeight === b.drawnHeight &&
    a.scrollTop === b.scrollTop &&
    a.items.length === b.items.length &&
    b.items.every((item, at) => isSameItem(a.items[at], item))
  );
}

/** Makes the window onto a list's rows. TanStack's virtualizer measures them in blocks, by its public members only. */
export function createRowWindow(): RowWindow {
  const listeners = new Set<() => void>();
  let element: HTMLElement | null = null;
  let count = 0;
  let headings: readonly number[] = [];
  let kept = -1;
  /** Room below the rows, px. */
  let room = 0;
  /** What is at the top of what is seen, px from the top of all rows, and how far the element is scrolled for it. */
  let place = { top: 0, scrolled: 0 };
  let view: RowWindowView = { items: [], first: 0, last: 0, height: 0, drawnHeight: 0, scrollTop: 0 };

  const heightOfBlock = (block: number) => {
    const from = block * blockRows;
    const to = Math.min(count, from + blockRows);
    const own = headingsBefore(headings, to) - headingsBefore(headings, from);
    return (to - from) * rowHeight + own * headingHeight;
  };
  const options = {
    count: 0,
    estimateSize: heightOfBlock,
    getScrollElement: () => element,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: 0,
    initialRect: { width: 400, height: 320 },
    onChange: () => {
      publish();
    },
  };
  const virtualizer = new Virtualizer<HTMLElement, Element>(options);

  const startOf = (index: number) => index * rowHeight + headingsBefore(headings, index) * headingHeight;
  const heightOfAll = () => virtualizer.getTotalSize() + room;
  const seenHeight = () => virtualizer.scrollRect?.height ?? options.initialRect.height;
  /** How much of all rows a pixel of scrolling stands for. */
  const scale = () => {
    const all = heightOfAll();
    return all <= highest ? 1 : (all - seenHeight()) / (highest - seenHeight());
  };
  const itemOf = (index: number): RowItem => {
    const start = startOf(index);
    const top = start + (beginsDay(headings, index) ? headingHeight : 0);
    const end = top + rowHeight;
    // A row that is kept far out of sight must not make the element higher.
    const lowest = Math.max(0, Math.min(heightOfAll(), highest) - (end - start));
    const drawnAt = Math.min(lowest, Math.max(0, start - place.top + place.scrolled));
    return { index, drawnAt, start, top, end };
  };
  /** The row at a place, px from the top of all rows. */
  const rowAt = (at: number): number => {
    const block = virtualizer.getVirtualItemForOffset(Math.max(0, at))?.index ?? 0;
    let index = Math.min(block * blockRows, Math.max(0, count - 1));
    while (index + 1 < count && startOf(index + 1) <= at) index += 1;
    return index;
  };
  /** Takes over how far the element was scrolled by others. */
  const follow = () => {
    const scrolled = virtualizer.scrollOffset ?? 0;
    // Where one pixel stands for several, the position is exact until the user scrolls.
    if (scale() === 1 || Math.abs(scrolled - place.scrolled) >= 1) {
      place = { top: scrolled * scale(), scrolled };
    }
  };

  function publish(): void {
    follow();
    const scrollTop = place.top;
    const first = Math.max(0, rowAt(scrollTop) - overscan);
    const last = Math.min(count - 1, rowAt(scrollTop + seenHeight()) + overscan);
    const indexes = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
    if (kept >= 0 && kept < count && (kept < first || kept > last)) {
      if (kept < first) indexes.unshift(kept);
      else indexes.push(kept);
    }
    const height = heightOfAll();
    const drawnHeight = Math.min(height, highest);
    const next = { items: indexes.map(itemOf), first, last, height, drawnHeight, scrollTop };
    // An element that cannot be scrolled as it was told to would otherwise be drawn and told again without end.
    if (isSameView(view, next)) return;
    view = next;
    callListeners(listeners);
  }

  function scrollTo(top: number): void {
    if (element === null) return;
    const by = scale();
    element.scrollTop = top / by;
    // The element tells of it only before the next frame: until then the wrong rows would be there.
    virtualizer.scrollOffset = element.scrollTop;
    const furthest = Math.max(0, heightOfAll() - element.clientHeight);
    place =
      by === 1
        ? { top: element.scrollTop, scrolled: element.scrollTop }
        : { top: Math.max(0, Math.min(furthest, top)), scrolled: element.scrollTop };
    publish();
  }

  /** Scrolls by the wheel's own distance in a list whose scroll bar is scaled down. */
  function roll(event: WheelEvent): void {
    if (scale() === 1 || event.ctrlKey || event.shiftKey || element === null) return;
    event.preventDefault();
    const units = [1, rowHeight, element.clientHeight];
    scrollTo(place.top + event.deltaY * (units[event.deltaMode] ?? 1));
  }

  /** Only where it is needed: what listens to the wheel holds up every turn of it. */
  function attendWheel(): void {
    element?.removeEventListener('wheel', roll);
    if (scale() !== 1) element?.addEventListener('wheel', roll, { passive: false });
  }

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach(scroller) {
      element = scroller;
      virtualizer.scrollElement = scroller;
      virtualizer.targetWindow = scroller.ownerDocument.defaultView;
      // The virtualizer's own mounting is private to its React hook, and tells only of other blocks.
      const unobserve = [
        observeElementRect(virtualizer, (rect) => {
          virtualizer.scrollRect = rect;
          publish();
        }),
        observeElementOffset(virtualizer, (offset) => {
          virtualizer.scrollOffset = offset;
          publish();
        }),
      ];
      attendWheel();
      publish();
      return () => {
        for (const stop of unobserve) stop?.();
        virtualizer.scrollElement = null;
        scroller.removeEventListener('wheel', roll);
        element = null;
      };
    },
    layOut(rows, days) {
      const former = scale();
      count = rows;
      headings = days;
      virtualizer.setOptions({ ...options, count: Math.ceil(rows / blockRows) });
      virtualizer.measure();
      attendWheel();
      const by = scale();
      // What is seen stays; the scroll bar shows where that now is.
      const isAstray = Math.abs(place.top / by - place.scrolled) >= 2;
      if ((former !== 1 || by !== 1) && isAstray) scrollTo(place.top);
      publish();
    },
    keep(index) {
      kept = index;
    },
    show(index) {
      if (element === null) return;
      const { top, end } = itemOf(index);
      const furthest = Math.min(top, Math.max(top - headingHeight, end - element.clientHeight));
      const nearest = Math.min(furthest, end - element.clientHeight);
      const wanted = Math.max(0, Math.min(furthest, Math.max(nearest, place.top)));
      // A height in fractions of a pixel is told in whole ones, so that the last one may not be reached.
      if (Math.abs(wanted - place.top) >= 1) scrollTo(wanted);
    },
    hold(index, distance) {
      const wanted = Math.max(0, itemOf(index).top - distance);
      if (Math.abs(wanted - place.top) < 1) return 'still';
      const needed = wanted + (element?.clientHeight ?? 0) - virtualizer.getTotalSize();
      if (needed > room) {
        room = needed;
        publish();
        return 'growing';
      }
      scrollTo(wanted);
      return 'scrolled';
    },
    settle() {
      if (room === 0) return;
      room = 0;
      publish();
    },
    isInUse: () =>
      element !== null && (element.contains(document.activeElement) || element.matches(':hover')),
    scrollToTop() {
      scrollTo(0);
    },
    viewportHeight: () => element?.clientHeight ?? 0,
  };
}
