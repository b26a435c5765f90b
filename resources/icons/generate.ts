import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { renderIcons } from './render';

/** Writes every picture file: `npx tsx resources/icons/generate.ts`. */
const folder = dirname(fileURLToPath(import.meta.url));
await mkdir(join(folder, 'tray'), { recursive: true });
for (const { path, png } of renderIcons()) await writeFile(join(folder, path), png);
