// `npm run gallery`: draws every state of the window into one page, out/gallery/index.html.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { builtinEnvironments } from 'vitest/runtime';
import { root } from '../runtime/processes.mjs';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const folder = path.resolve(values.out ?? path.join(root, 'out', 'gallery'));

const { teardown } = await builtinEnvironments['happy-dom'].setup(globalThis, {});
// Nothing is laid out there, so lists are told that they have room.
for (const [name, pixels] of Object.entries({ offsetHeight: 480, clientHeight: 480, offsetWidth: 400 })) {
  Object.defineProperty(globalThis.HTMLElement.prototype, name, { configurable: true, get: () => pixels });
}

// Loads the components as the window's build does, with JSX and style sheets, and serves nothing.
const server = await createServer({
  root,
  configFile: false,
  appType: 'custom',
  resolve: { tsconfigPaths: true },
  logLevel: 'error',
  server: { middlewareMode: true, watch: null, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  const { galleryPage } = await server.ssrLoadModule('/test/tools/gallery/page.ts');
  const page = await galleryPage();
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'index.html'), page);
  process.stdout.write(`${path.join(folder, 'index.html')}\n`);
} finally {
  await server.close();
  await teardown(globalThis);
}
