const focusable = [
  'a[href]',
  'button:not(:disabled)',
  'input:not(:disabled)',
  'select:not(:disabled)',
  'textarea:not(:disabled)',
  '[tabindex="0"]',
].join();

const regions = 'section, form, [role="dialog"]';

/** What Tab would reach behind an element, and then what it would have reached before it, each from near to far. */
function neighboursOf(element: HTMLElement, within: ParentNode): readonly HTMLElement[] {
  const all = [...within.querySelectorAll<HTMLElement>(focusable)].filter(
    (other) => !element.contains(other) && other.tabIndex >= 0,
  );
  const isBehind = (other: HTMLElement) =>
    (element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  return [...all.filter(isBehind), ...all.filter((other) => !isBehind(other)).reverse()];
}

/** Who may get the focus of an element, the best first: what its region names as heir, its region, the window. */
function heirsOf(element: HTMLElement): readonly HTMLElement[] {
  const region = element.parentElement?.closest<HTMLElement>(regions) ?? null;
  const named = region?.querySelector<HTMLElement>('[data-heir]') ?? null;
  return [
    ...(named === null || element.contains(named) ? [] : [named]),
    ...(region === null ? [] : neighboursOf(element, region)),
    ...neighboursOf(element, document),
  ];
}

/**
 * A ref of what may go while it has the focus: it passes it on, or else whoever uses the keyboard would begin at the
 * top of the window. The heir is near by, in the same region if possible; a region names its own with `data-heir`.
 * @returns what React calls just before the element goes
 */
export function passFocusOn(element: HTMLElement | null): () => void {
  return () => {
    if (element?.contains(document.activeElement) !== true) return;
    const heirs = heirsOf(element);
    // While React changes the document it hears of no focus.
    queueMicrotask(() => {
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      // More may have gone than the element.
      const heir = heirs.find((other) => other.isConnected && other.closest('[inert]') === null);
      // Whoever reads further down goes on reading there; what lies beside the list is in sight.
      heir?.focus({ preventScroll: heir.closest('[role="grid"]') !== null });
    });
  };
}
