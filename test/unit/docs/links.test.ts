import fs from 'node:fs';
import path from 'node:path';

import { describe, expect, it, test } from 'vitest';

import { anchorOf, filesBelow, headingsOf, root, textOf, withoutCode } from './pages';

/** What a page links to: addresses of links and pictures, also of those that are defined apart. */
function linksOf(markdown: string): readonly string[] {
  const text = withoutCode(markdown);
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const apart = [...text.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm)];
  return [...inline, ...apart].map(([, target = '']) => target);
}

/**
 * What is wrong with a link.
 * @param page relative to the root
 * @param target as it stands there
 * @returns null where it resolves, or leads out of the repository
 */
function faultOf(page: string, target: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
  const [place = '', anchor] = target.split('#');
  const file = place === '' ? page : path.posix.join(path.posix.dirname(page), decodeURIComponent(place));
  const full = path.join(root, file);
  if (file.startsWith('../') || !fs.existsSync(full)) return `${page}: ${target} is not there`;
  if (anchor === undefined) return null;
  if (!file.endsWith('.md')) return `${page}: ${target} has no headings`;
  const anchors = headingsOf(textOf(file)).map(anchorOf);
  return anchors.includes(anchor) ? null : `${page}: ${file} has no heading #${anchor}`;
}

const pages = filesBelow('.', /\.md$/);

test('every relative link between pages, to files and to headings resolves', () => {
  expect(pages).toContain('docs/README.md');
  const faults = pages.flatMap((page) => linksOf(textOf(page)).map((target) => faultOf(page, target)));
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
});

test('every page of docs/ is linked from the index, and every decision from its own', () => {
  const linked = (index: string) =>
    linksOf(textOf(index)).map((target) => path.posix.join(path.posix.dirname(index), target));
  const inDocs = filesBelow('docs', /\.md$/);
  const decisions = inDocs.filter((page) => /^docs\/decisions\/\d/.test(page));
  const others = inDocs.filter((page) => !decisions.includes(page) && page !== 'docs/README.md');
  expect(decisions.length).toBeGreaterThanOrEqual(8);
  expect(decisions.filter((page) => !linked('docs/decisions/README.md').includes(page))).toEqual([]);
  expect(others.filter((page) => !linked('docs/README.md').includes(page))).toEqual([]);
});

describe('the check of links', () => {
  it('finds links, pictures and definitions, and none in code', () => {
    const text = ['[a](a.md) ![b](b.png "B") `[c](c.md)`', '```md', '[d](d.md)', '```', '[e]: e.md'];
    expect(linksOf(text.join('\n'))).toEqual(['a.md', 'b.png', 'e.md']);
  });

  it.each([
    ['README.md', 'docs/nowhere.md', 'README.md: docs/nowhere.md is not there'],
    ['docs/README.md', '../../outside', 'docs/README.md: ../../outside is not there'],
    ['docs/README.md', 'api.md#nowhere', 'docs/README.md: docs/api.md has no heading #nowhere'],
  ])('refuses in %s the link %s', (page, target, fault) => {
    expect(faultOf(page, target)).toBe(fault);
  });

  it('makes the anchors that GitHub makes', () => {
    expect(anchorOf('§3 Recordings list')).toBe('3-recordings-list');
    expect(anchorOf('Ctrl, Shift & a key')).toBe('ctrl-shift--a-key');
  });
});
