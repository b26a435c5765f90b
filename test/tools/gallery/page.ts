import fs from 'node:fs';
import path from 'node:path';

import { lampStatuses } from '@shared/domain/lamp';
import { windowParts } from '@shared/ipc/window-failure';
import { drawError, drawFailedPart, drawLamps, drawScene, idPrefix } from './draw';
import { errorExamples, sceneGroups } from './scenes';

/** A drawing under its name. */
interface Figure {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  /** A window has the size of one; a part is as high as it is; the drawings of a strip stand side by side. */
  readonly look: 'window' | 'part' | 'strip';
}

const themes = ['light', 'dark'] as const;
const renderer = path.resolve(import.meta.dirname, '../../../src-renderer');

/** Every style sheet of the window: the tokens and the base first, as the window loads them. */
function windowStyles(): string {
  const all = fs
    .readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.css'))
    .sort();
  const first = ['ui/tokens.css', 'ui/base.css'];
  const ordered = [...first, ...all.filter((file) => !first.includes(file))];
  return ordered.map((file) => fs.readFileSync(path.join(renderer, file), 'utf8')).join('\n');
}

/**
 * The window's styles for a page that shows both themes: what stands on the root there stands on each pane here. The
 * theme of the reader's computer decides nothing.
 */
function paneStyles(styles: string): string {
  return styles
    .replace(/:root\[data-theme='(light|dark)'\]/g, "[data-theme='$1']")
    .replace(/:root(?=\s*[{,])/g, ':root, [data-theme]')
    .replace(/#root\b/g, '.pane');
}

const pageStyles = `
html, body { height: auto; overflow: auto; user-select: text; }
body { margin: 24px; max-width: 900px; }
.gallery-figure { margin: 0 0 24px; }
.gallery-figure figcaption { font: var(--secondary-strong); margin-bottom: 4px; }
.gallery-group { margin: 32px 0 12px; font: var(--heading); }
.gallery-panes { display: flex; gap: 16px; }
/* Transformed, so that what is fixed to the window is fixed to the pane. */
.pane {
  width: 400px; height: auto; overflow: hidden; transform: translateZ(0);
  background: var(--ground); color: var(--text); border: 1px solid var(--line);
}
.pane.is-window { height: 640px; }
.pane.is-window > div:first-child { height: 100%; }
.pane.is-strip { display: flex; flex-wrap: wrap; gap: 12px; padding: 12px; }
* { animation: none !important; transition: none !important; }
`;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${String(character.codePointAt(0))};`);

function figureHtml({ id, title, html, look }: Figure): string {
  const panes = themes.map((theme) => {
    // Two drawings of the same may not share their ids.
    const drawn = html.replaceAll(idPrefix, `${id}-${theme}-`);
    return `<div class="pane is-${look}" data-theme="${theme}">${drawn}</div>`;
  });
  return `<figure class="gallery-figure" id="${id}"><figcaption><a href="#${id}">${escaped(title)}</a></figcaption>
<div class="gallery-panes">${panes.join('\n')}</div></figure>`;
}

function groupHtml(title: string, figures: readonly Figure[]): string {
  return `<h2 class="gallery-group">${escaped(title)}</h2>\n${figures.map(figureHtml).join('\n')}`;
}

/**
 * Draws everything.
 * @returns one HTML page, without a script and without another file
 */
export async function galleryPage(): Promise<string> {
  const groups: string[] = [];
  const lamps: Figure[] = [];
  for (const size of [16, 22, 56] as const) {
    const title = `${size} px: ${lampStatuses.join(', ')}`;
    lamps.push({ id: `lamps-${size}`, title, html: await drawLamps(size), look: 'strip' });
  }
  groups.push(groupHtml('The lamp in each of its sizes', lamps));
  for (const { title, scenes } of sceneGroups) {
    const figures: Figure[] = [];
    for (const scene of scenes) {
      const html = await drawScene(scene);
      figures.push({
        id: scene.id,
        title: scene.title,
        html,
        look: scene.part === undefined ? 'window' : 'part',
      });
    }
    groups.push(groupHtml(title, figures));
  }
  const failures: Figure[] = [];
  for (const part of windowParts) {
    const html = await drawFailedPart(part);
    failures.push({ id: `failed-${part}`, title: `Cannot be shown: ${part}`, html, look: 'part' });
  }
  groups.push(groupHtml('Parts of the window that fail', failures));
  const errors: Figure[] = [];
  for (const error of errorExamples) {
    const html = await drawError(error);
    errors.push({ id: `error-${error.code}`, title: error.code, html, look: 'part' });
  }
  groups.push(groupHtml('Messages of failures', errors));
  return `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>RecLight: gallery of states</title>
<style>${paneStyles(windowStyles())}${pageStyles}</style>
</head>
<body>
<h1>RecLight: gallery of states</h1>
<p>Drawn by the components of the window from examples; nothing here can be pressed. Light at the left, dark at the right.</p>
${groups.join('\n')}
</body>
</html>
`;
}
