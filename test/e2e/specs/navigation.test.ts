import { afterAll, beforeAll, expect, test } from 'vitest';

import { shows } from '../harness/light';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { until } from '../harness/until';

let harness: Harness;

const page = 'app://reclight/index.html';

beforeAll(async () => {
  harness = await startHarness();
  await shows(harness, 'Not recording');
});

afterAll(async () => {
  await harness.close();
});

/** Runs in the page, and does not wait for an answer that a navigation would swallow. */
async function runInPage(script: string): Promise<void> {
  await harness.reclight.app.evaluate(({ BrowserWindow }, code) => {
    void BrowserWindow.getAllWindows()[0]
      ?.webContents.executeJavaScript(`${code}; null`, true)
      .catch(() => null);
  }, script);
}

/** Gives a navigation its time: only a page that has not been left answers. */
async function pageGoesOn(): Promise<void> {
  await harness.reclight.app.evaluate(
    ({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
        'new Promise((resolve) => setTimeout(resolve, 100, null))',
      ) as Promise<null>,
  );
}

/** The address and the light of each window. */
function windows(): Promise<readonly (readonly [address: string, state: unknown])[]> {
  return harness.reclight.app.evaluate(({ BrowserWindow }) =>
    Promise.all(
      BrowserWindow.getAllWindows().map(
        async ({ webContents }) =>
          [
            webContents.getURL(),
            (await webContents
              .executeJavaScript(
                `document.querySelector('section[aria-label="Recorder"] [role=status]')?.textContent ?? null`,
              )
              .catch(() => null)) as unknown,
          ] as const,
      ),
    ),
  );
}

/** How often a document has been committed in the window. */
const commits = () =>
  harness.reclight.app.evaluate(({ BrowserWindow }) => {
    const holder = globalThis as unknown as { commits?: string[] };
    if (holder.commits === undefined) {
      const seen: string[] = [];
      holder.commits = seen;
      BrowserWindow.getAllWindows()[0]?.webContents.on('did-navigate', (_event, address) =>
        seen.push(address),
      );
    }
    return holder.commits.length;
  });

const form = (action: string) =>
  `const f = document.createElement('form'); f.action = '${action}'; document.body.append(f); f.submit()`;
const refresh = (address: string) =>
  `const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=${address}'; document.head.append(m)`;

// Chromium shows these without asking anybody: they are left again at once.
test.each([
  ['location to about:blank', `location.href = 'about:blank'`],
  ['location.replace to about:blank', `location.replace('about:blank')`],
  ['location to about:srcdoc', `location.href = 'about:srcdoc'`],
  ['a form to about:blank', form('about:blank')],
  ['a refresh to about:blank', refresh('about:blank')],
  ['open in the same window', `open('about:blank', '_self')`],
])('%s: the page is brought back with the light', async (_how, script) => {
  const before = await commits();
  await runInPage(script);
  await until(async () => (await commits()) > before, 'the page to be left', 20_000);
  await until(
    async () => {
      const [only, ...others] = await windows();
      return others.length === 0 && only?.[0] === page && only[1] === 'Not recording';
    },
    'the light in the only window',
    20_000,
  );
});

test.each([
  ['location to another file of ours', `location = 'app://reclight/other.html'`],
  ['location to a script of ours', `location = document.querySelector('script[src]').src`],
  ['a refresh to another file of ours', refresh('app://reclight/other.html')],
  ['a form to another file of ours', form('app://reclight/other.html')],
  ['location to a web page', `location = 'http://127.0.0.1:9/'`],
  ['location to a file', `location = 'file:///etc/passwd'`],
  ['location to data', `location = 'data:text/html,hi'`],
  ['location to a blob', `location = URL.createObjectURL(new Blob(['hi'], { type: 'text/html' }))`],
  ['location to Chromium’s own pages', `location = 'chrome://gpu'`],
  ['location to sound', `location = 'media://recording/0f8fad5b-d9cb-469f-a165-000000000001'`],
  ['a new window', `open('app://reclight/index.html')`],
  ['a new empty window', `open('about:blank')`],
  ['a new window without an opener', `open('about:blank', '_blank', 'noopener')`],
])('%s: nothing is shown but the page', async (_how, script) => {
  const before = await commits();
  await runInPage(script);
  await pageGoesOn();
  expect(await windows()).toEqual([[page, 'Not recording']]);
  expect(await commits()).toBe(before);
});

test('a page that calls itself otherwise comes back as itself when RecLight loads it again', async () => {
  const before = await commits();
  await harness.reclight.window.evaluate(() => {
    history.pushState(null, '', '/other.html');
  });
  // As after a crash.
  await harness.reclight.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.reload(),
  );
  await until(async () => (await commits()) > before, 'the page to be loaded again', 20_000);
  await until(
    async () => {
      const [only] = await windows();
      return only?.[0] === page && only[1] === 'Not recording';
    },
    'the light',
    20_000,
  );
});

test('a file that is dropped on the window is not opened', async () => {
  const before = await commits();
  const client = await harness.reclight.window.context().newCDPSession(harness.reclight.window);
  const data = { items: [], files: ['/etc/hostname'], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await client.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
  }
  await pageGoesOn();
  expect(await windows()).toEqual([[page, 'Not recording']]);
  expect(await commits()).toBe(before);
});
