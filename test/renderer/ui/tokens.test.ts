// @vitest-environment node
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

const renderer = join(import.meta.dirname, '../../../src-renderer');
const tokens = await readFile(join(renderer, 'ui/tokens.css'), 'utf8');

test('tokens.css: each colour is declared once for both themes, and once for forced colours', () => {
  const [themed = '', forced = ''] = tokens.split('@media (forced-colors: active)');
  const colours = [...themed.matchAll(/(--[\w-]+): [^;]*light-dark\(/g)].map(([, name]) => name);
  expect(colours.length).toBeGreaterThan(20);
  expect(new Set(colours).size).toBe(colours.length);
  const inForced = [...forced.matchAll(/(--[\w-]+): [A-Z]\w+;/g)].map(([, name]) => name);
  expect(colours.filter((name) => name !== '--shadow').sort()).toEqual(inForced.sort());
  expect(tokens).not.toContain('prefers-color-scheme');
});

test('tokens.css: colours that the waveform canvas reads are registered, so that they are computed', async () => {
  const canvas = await readFile(join(renderer, 'features/player/WaveformCanvas.tsx'), 'utf8');
  const read = [...canvas.matchAll(/colour\('(--[\w-]+)'\)/g)].map(([, name]) => name);
  expect(read.length).toBeGreaterThan(0);
  for (const name of read) expect(tokens).toContain(`@property ${name} {`);
});
