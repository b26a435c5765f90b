// @vitest-environment node
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';

import { drawLamp, lampColours, lampStatuses, lampSvg } from '@shared/domain/lamp';
import { renderIcons } from '../../../resources/icons/render';

const folder = join(import.meta.dirname, '../../../resources/icons');
const files = renderIcons();

test('the picture files are those that the generator draws, no more and no less', async () => {
  const names = (await readdir(folder, { recursive: true }))
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.png'));
  expect(names.sort()).toEqual(files.map(({ path }) => path).sort());
  for (const { path, png } of files) {
    expect((await readFile(join(folder, path))).equals(png), path).toBe(true);
  }
});

test.each(lampStatuses)('%s has every picture that a panel asks for, in the right size', (status) => {
  const sizes = Object.fromEntries(
    files
      .filter(({ path }) => path.startsWith(`tray/${status}-`))
      .map(({ path, png }) => [path.slice(`tray/${status}`.length), PNG.sync.read(png).width]),
  );
  const panel = (name: string) => ({
    [`-${name}.png`]: 16,
    [`-${name}@1.25x.png`]: 20,
    [`-${name}@1.5x.png`]: 24,
    [`-${name}@2x.png`]: 32,
  });
  expect(sizes).toEqual({ ...panel('light'), ...panel('dark') });
});

describe('without its colour', () => {
  /** How far two drawings of one colour differ: the number of points that only one of them covers. */
  function difference(a: Buffer, b: Buffer): number {
    const [first, second] = [PNG.sync.read(a).data, PNG.sync.read(b).data];
    let found = 0;
    for (let at = 3; at < first.length; at += 4) {
      if (Math.abs((first[at] ?? 0) - (second[at] ?? 0)) > 96) found += 1;
    }
    return found;
  }

  const picture = (status: string) => {
    const file = files.find(({ path }) => path === `tray/${status}-light.png`);
    if (file === undefined) throw new Error(`no picture of ${status}`);
    return file.png;
  };

  const pairs = lampStatuses.flatMap((first, index) =>
    lampStatuses.slice(index + 1).map((second) => ({ first, second })),
  );

  test.each(pairs)('$first and $second differ in shape at 16 px', ({ first, second }) => {
    expect(difference(picture(first), picture(second))).toBeGreaterThanOrEqual(4);
  });
});

/** Relative luminance (WCAG 2). */
function luminance(colour: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

test.each([
  { panel: 'light', ground: '#FFFFFF' },
  { panel: 'light', ground: '#F5F6F8' },
  { panel: 'dark', ground: '#16191D' },
  { panel: 'dark', ground: '#1F2328' },
] as const)('on $ground every lamp has a contrast of 3:1', ({ panel, ground }) => {
  for (const colour of Object.values(lampColours[panel])) {
    const [low, high] = [luminance(colour), luminance(ground)].sort((a, b) => a - b);
    expect(((high ?? 0) + 0.05) / ((low ?? 0) + 0.05), colour).toBeGreaterThanOrEqual(3);
  }
});

test('the window’s tokens have the lamp’s colours', async () => {
  const tokens = await readFile(join(folder, '../../src-renderer/ui/tokens.css'), 'utf8');
  for (const [tone, light] of Object.entries(lampColours.light)) {
    const dark = lampColours.dark[tone as keyof typeof lampColours.dark];
    expect(tokens).toContain(`--lamp-${tone}: light-dark(${light.toLowerCase()}, ${dark.toLowerCase()});`);
  }
});

test('a drawing says its colour once a form and needs no font', () => {
  const svg = lampSvg(drawLamp('unknown', 56), '#123456');
  expect(svg).not.toContain('<text');
  expect(svg.match(/#123456/g)).toHaveLength(drawLamp('unknown', 56).shapes.length);
});
