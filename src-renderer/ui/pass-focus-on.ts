const focusable = [
  'a[href]',
  'button:not(:disabled)',
  'input:not(:disabled)',
  'select:not(:disabled)',
  'textarea:not(:disabled)',
  '[tabindex="0"]',
].join();

/** What Tab would reach behind an element, or else what it would have reached before it. */
function neighbourOf(element: HTMLElement): HTMLElement | null {
  const all = [...document.querySelectorAll<HTMLElement>(focusable)].filter(
    (other) => !element.contains(other) && other.tabIndex >= 0 && other.closest('[inert]') === null,
  );
  const isBehind = (other: HTMLElement) =>
    (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  return all.find(isBehind) ?? all.at(-1) ?? null;
}

/**
 * A ref of what may go while it has the focus: it passes it on, or else whoever uses the keyboard would begin at the
 * top of the window.
 * @returns what React calls just before the element goes
 */
export function passFocusOn(element: HTMLElement | null): () => void {
  return () => {
    if (element?.contains(document.activeElement) !== true) return;
    const heir = neighbourOf(element);
    // While React changes the document it hears of no focus.
    queueMicrotask(() => {
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      // Whoever reads further down in the list goes on reading there.
      heir?.focus({ preventScroll: heir.closest('[role="grid"]') !== null });
    });
  };
}
