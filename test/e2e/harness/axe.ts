import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { ElectronApplication } from 'playwright-core';

/** In the window: until it has the theme, and no colour is on its way from the other one. */
async function settleTheme(dark: boolean): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  while (matchMedia('(prefers-color-scheme: dark)').matches !== dark) await frame();
  await frame();
  const ending = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

/** What axe finds in the window, in both themes. */
export async function violations(app: ElectronApplication): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    const script = `(${settleTheme.toString()})(${theme === 'dark'}).then(() => {
      ${axe};
      return axe.run(document, { resultTypes: ['violations'] });
    })`;
    // Injected past the page's policy, which would refuse it as it should.
    const results = (await app.evaluate(
      async ({ BrowserWindow }, source) =>
        BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(source) as Promise<unknown>,
      script,
    )) as AxeResults;
    for (const { id, nodes } of results.violations) {
      found.push(`${theme}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    }
  }
  return found;
}
