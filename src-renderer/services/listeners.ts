/**
 * Calls listeners in the order in which they came. One that fails is reported to the page, and does not keep the others
 * from being called; one that is removed meanwhile is called no more.
 */
export function callListeners(listeners: ReadonlySet<() => void>): void {
  for (const listener of [...listeners]) {
    if (!listeners.has(listener)) continue;
    try {
      listener();
    } catch (error) {
      reportError(error);
    }
  }
}
