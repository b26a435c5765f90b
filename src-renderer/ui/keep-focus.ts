import { canHoldFocus, giveFocus, heirsOf, isFocusLost, placeOf, type Place } from './pass-focus-on';

/** Where an element stood that these changes have taken out of the document; null where they have not. */
function placeLeft(element: Element, records: readonly MutationRecord[]): Place | null {
  let top: Node = element.getRootNode();
  let place: Place | null = null;
  for (const { target, removedNodes, nextSibling } of records) {
    if (!(target instanceof Element) || ![...removedNodes].includes(top as ChildNode)) continue;
    place = { parent: target, next: nextSibling?.parentNode === target ? nextSibling : null };
    // What it was in may have gone after it.
    top = target.getRootNode();
  }
  return place?.parent.isConnected === true ? place : null;
}

/** The same place after these changes: what bounds it may have gone, too. */
function placeNow(place: Place | null, records: readonly MutationRecord[]): Place | null {
  if (place === null) return null;
  const { parent, next } = place;
  if (!parent.isConnected) return placeLeft(parent, records);
  return next === null || next.parentNode === parent ? place : { parent, next: null };
}

/**
 * Keeps the law of the focus: it is never lost by what the user did not do to it. Where the element that has it goes, is
 * hidden by a smaller window, disabled or covered, and nothing else has taken the focus two frames later, a neighbour
 * gets it. Who clicks beside all controls has meant it.
 * @param page whose focus it is
 * @returns a function that ends it
 */
export function keepFocus(page: Window): () => void {
  /** What has the focus, or had it until it went. */
  let holder: HTMLElement | null = null;
  let place: Place | null = null;
  let frame: number | null = null;

  const check = (): void => {
    frame = null;
    if (holder === null || canHoldFocus(holder)) return;
    const isHeld = page.document.activeElement === holder;
    if (!isHeld && !isFocusLost()) return;
    const stands = holder.isConnected ? placeOf(holder) : place;
    giveFocus(heirsOf(stands ?? { parent: page.document.body, next: null }, holder));
  };
  const checkSoon = (): void => {
    // Wait two frames: effects of what was just drawn, or a closing dialog, may move the focus to a better place.
    frame ??= page.requestAnimationFrame(() => {
      frame = page.requestAnimationFrame(check);
    });
  };
  const onFocusIn = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    holder = target;
    place = null;
  };
  const onFocusOut = ({ target, relatedTarget }: FocusEvent): void => {
    if (relatedTarget !== null || target !== holder) return;
    const left = holder;
    // A browser may tell of it just before the element goes.
    queueMicrotask(() => {
      if (holder !== left || left === null) return;
      // Another program's window takes the focus of the whole page, and gives it back.
      if (page.document.activeElement === left) return;
      if (canHoldFocus(left)) holder = null;
      else checkSoon();
    });
  };
  const observer = new MutationObserver((records) => {
    if (holder === null) return;
    if (holder.isConnected) place = null;
    else place = placeNow(place ?? placeLeft(holder, records), records);
    checkSoon();
  });
  observer.observe(page.document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ['class', 'hidden', 'inert', 'disabled', 'aria-hidden'],
  });
  page.addEventListener('focusin', onFocusIn);
  page.addEventListener('focusout', onFocusOut);
  page.addEventListener('resize', checkSoon);
  return () => {
    observer.disconnect();
    if (frame !== null) page.cancelAnimationFrame(frame);
    page.removeEventListener('focusin', onFocusIn);
    page.removeEventListener('focusout', onFocusOut);
    page.removeEventListener('resize', checkSoon);
  };
}
