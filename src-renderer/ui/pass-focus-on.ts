const focusable = [
  'a[href]',
  'button:not(:disabled)',
  'input:not(:disabled)',
  'select:not(:disabled)',
  'textarea:not(:disabled)',
  '[tabindex="0"]',
].join();

const regions = 'section, form, [role="grid"], [role="dialog"]';

/** A place between two nodes: what was there may be gone. */
export interface Place {
  readonly parent: Element;
  /** null: at the end of the parent. */
  readonly next: Node | null;
}

/** The place of an element that is in the document; null where it is in none. */
export function placeOf(element: Element): Place | null {
  const { parentElement: parent, nextSibling: next } = element;
  return parent === null ? null : { parent, next };
}

/** Whether an element can have the focus: one that is not drawn, disabled or covered cannot. */
export function canHoldFocus(element: HTMLElement): boolean {
  return (
    element.isConnected &&
    !element.matches(':disabled') &&
    element.closest('[inert]') === null &&
    element.checkVisibility({ visibilityProperty: true })
  );
}

const follows = (node: Node, other: Node) =>
  (node.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;

/** What Tab would reach behind a place, and then what it would have reached before it, each from near to far. */
function neighboursOf({ parent, next }: Place, gone: Element, within: ParentNode): readonly HTMLElement[] {
  const all = [...within.querySelectorAll<HTMLElement>(focusable)].filter(
    (other) => !gone.contains(other) && other.tabIndex >= 0,
  );
  const isBehind = (other: HTMLElement) =>
    next === null
      ? follows(parent, other) && !parent.contains(other)
      : next.contains(other) || follows(next, other);
  return [...all.filter(isBehind), ...all.filter((other) => !isBehind(other)).reverse()];
}

/**
 * Who may get the focus of an element, the best first: what its region names as heir, its region, the regions around
 * it, the window.
 * @param place where the element stands, or stood
 * @param gone the element
 */
export function heirsOf(place: Place, gone: Element): readonly HTMLElement[] {
  const heirs: HTMLElement[] = [];
  let region = place.parent.closest<HTMLElement>(regions);
  while (region !== null) {
    const named = region.querySelector<HTMLElement>('[data-heir]');
    if (named !== null && !gone.contains(named)) heirs.push(named);
    heirs.push(...neighboursOf(place, gone, region));
    region = region.parentElement?.closest<HTMLElement>(regions) ?? null;
  }
  return [...heirs, ...neighboursOf(place, gone, document)];
}

/** Gives the focus to the first that can hold it. @returns whether one could */
export function giveFocus(heirs: readonly HTMLElement[]): boolean {
  // A dialog hides what it covers from screen readers.
  const heir = heirs.find((other) => canHoldFocus(other) && other.closest('[aria-hidden="true"]') === null);
  // Do not scroll the list: the user may be reading further down.
  heir?.focus({ preventScroll: heir.closest('[role="grid"]') !== null });
  return heir !== undefined;
}

/** Whether nothing has the focus. */
export function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/**
 * A ref of what may go while it has the focus: it passes it on, or else whoever uses the keyboard would begin at the
 * top of the window. The heir is near by, in the same region if possible; a region names its own with `data-heir`.
 * What has no such ref is left to {@link keepFocus}, which comes a moment later.
 * @returns what React calls just before the element goes
 */
export function passFocusOn(element: HTMLElement | null): () => void {
  return () => {
    if (element?.contains(document.activeElement) !== true) return;
    const place = placeOf(element);
    const heirs = place === null ? [] : heirsOf(place, element);
    // While React changes the document it hears of no focus; by then, more may have gone than the element.
    queueMicrotask(() => {
      if (isFocusLost()) giveFocus(heirs);
    });
  };
}
