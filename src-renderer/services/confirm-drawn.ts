import type { WindowApi } from '@shared/ipc/contract';

/** Answers whether the page shows anything. */
export interface DrawnConfirmation {
  /** Answers as soon as React has drawn what it has been told. */
  confirm(): void;
  dispose(): void;
}

/**
 * Tells the main process after every snapshot whether the window shows anything, so that it can load a page anew that
 * has become empty.
 * @param root the element that is drawn in
 * @param api `window.reclight`
 * @param afterDrawing calls back in a later task: React draws a snapshot in a microtask of its event
 */
export function confirmDrawn(
  root: HTMLElement,
  api: Pick<WindowApi, 'onSnapshot' | 'confirmDrawn'>,
  afterDrawing: (task: () => void) => void,
): DrawnConfirmation {
  let wasDrawn = false;
  const confirm = (): void => {
    afterDrawing(() => {
      const drawn = root.isConnected && root.textContent !== '';
      // A page that is still starting is not empty yet.
      if (!drawn && !wasDrawn) return;
      wasDrawn = true;
      void api.confirmDrawn({ drawn });
    });
  };
  const unsubscribe = api.onSnapshot(confirm);
  return { confirm, dispose: unsubscribe };
}
