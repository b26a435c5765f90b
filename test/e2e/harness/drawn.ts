import type { ElectronApplication } from 'playwright-core';

/** A page that is being taken down never answers: it is asked again after this, ms. */
const answersWithinMs = 1_000;

/**
 * What the window shows, as the main process sees it: Playwright gives a crashed page up, and knows nothing of the one
 * that took its place.
 * @param selector of the element whose text is wanted
 * @returns null while there is no page that answers
 */
export function drawnText(app: ElectronApplication, selector: string): Promise<string | null> {
  return app.evaluate(
    async ({ BrowserWindow }, [wanted, limitMs]) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (contents === undefined || contents.isCrashed() || contents.isLoading()) return null;
      const text: unknown = await Promise.race([
        contents.executeJavaScript(`document.querySelector(${JSON.stringify(wanted)})?.textContent`),
        new Promise((resolve) => setTimeout(resolve, limitMs)),
      ]);
      return typeof text === 'string' ? text : null;
    },
    [selector, answersWithinMs] as const,
  );
}
