import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type Range,
  type VirtualItem,
} from '@tanstack/react-virtual';

/** Rows drawn beyond what is seen, on either side. */
const overscan = 6;

/** Which rows exist now, and where; a new object after every change. */
interface RowWindowView {
  /** `start` and `end` in px from the top of all rows. */
  readonly items: readonly VirtualItem[];
  /** The first and the last row whose recording is needed: what is seen, and the rows drawn beyond it. */
  readonly first: number;
  readonly last: number;
  /** Height of all rows, px. */
  readonly height: number;
  /** px */
  readonly scrollTop: number;
}

/** The part of a long list that is drawn. */
export interface RowWindow {
  view(): RowWindowView;
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void;
  /** Begins to watch a scrolling element. @returns a function that ends it */
  attach(element: HTMLElement): () => void;
  /** Lays the rows out anew: so many, each so high (px). */
  layOut(count: number, heightOf: (index: number) => number): void;
  /** Keeps a row in existence while it is out of sight, so that it does not lose the focus; -1: none. */
  keep(index: number): void;
  /** Scrolls as little as possible, so that a row is in sight; `covered` px at the top are not. */
  show(index: number, covered: number): void;
  /** Height of what is seen, px. */
  viewportHeight(): number;
}

/** Makes the window onto a list's rows, around TanStack's virtualizer. */
export function createRowWindow(): RowWindow {
  const listeners = new Set<() => void>();
  let element: HTMLElement | null = null;
  let kept = -1;
  let view: RowWindowView = { items: [], first: 0, last: 0, height: 0, scrollTop: 0 };
  const options = {
    count: 0,
    estimateSize: (_index: number) => 0,
    getScrollElement: () => element,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan,
    rangeExtractor: (range: Range) => {
      const indexes = defaultRangeExtractor(range);
      if (kept < 0 || kept >= range.count || indexes.includes(kept)) return indexes;
      return [...indexes, kept].sort((a, b) => a - b);
    },
    initialRect: { width: 400, height: 320 },
    onChange: () => {
      publish();
    },
  };
  const virtualizer = new Virtualizer<HTMLElement, Element>(options);
  const publish = () => {
    view = {
      items: virtualizer.getVirtualItems(),
      first: Math.max(0, (virtualizer.range?.startIndex ?? 0) - overscan),
      last: Math.min(virtualizer.options.count - 1, (virtualizer.range?.endIndex ?? 0) + overscan),
      height: virtualizer.getTotalSize(),
      scrollTop: virtualizer.scrollOffset ?? 0,
    };
    for (const listener of [...listeners]) listener();
  };
  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    attach(scroller) {
      element = scroller;
      const unmount = virtualizer._didMount();
      virtualizer._willUpdate();
      publish();
      return () => {
        unmount();
        element = null;
      };
    },
    layOut(count, heightOf) {
      virtualizer.setOptions({ ...options, count, estimateSize: heightOf });
      virtualizer.measure();
      publish();
    },
    keep(index) {
      if (index === kept) return;
      kept = index;
    },
    show(index, covered) {
      virtualizer.setOptions({ ...virtualizer.options, scrollPaddingStart: covered });
      virtualizer.scrollToIndex(index, { align: 'auto' });
    },
    viewportHeight: () => element?.clientHeight ?? 0,
  };
}
