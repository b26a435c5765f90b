// Stands in for Electron's own default app in an assembled runtime: `electron <folder or file> [flags]` runs that app.
// It is an ES module that awaits the app's code at its top level: 'ready' must not fire before that code has run, or
// whatever has to be declared earlier (privileged schemes, switches) is refused.
import { app } from 'electron';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

/**
 * What only Electron's own default app calls is left out of its types.
 */
const host = /** @type {typeof app & {setVersion: (v: string) => void, setAppPath: (p: string) => void}} */ (
  app
);

/** @type {string | undefined} */
let target;
for (let index = 1; index < process.argv.length && target === undefined; index += 1) {
  const argument = process.argv[index] ?? '';
  if (argument === '-r' || argument === '--require') {
    index += 1;
    require(path.resolve(process.argv[index] ?? ''));
  } else if (!argument.startsWith('-')) {
    target = path.resolve(argument);
  }
}

if (target === undefined) {
  console.error('Usage: electron <folder or file of an app> [flags]');
  app.exit(1);
} else {
  Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
  const manifestFile = path.join(target, 'package.json');
  const manifest = fs.existsSync(manifestFile)
    ? JSON.parse(fs.readFileSync(manifestFile, 'utf8'))
    : undefined;
  const entry = require.resolve(target);
  if (manifest !== undefined) {
    const name = manifest.productName ?? manifest.name;
    if (typeof manifest.version === 'string') host.setVersion(manifest.version);
    if (typeof name === 'string') host.setName(name);
  }
  host.setAppPath(manifest === undefined ? path.dirname(entry) : target);
  await import(pathToFileURL(entry).href);
}
