// @vitest-environment node
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';

import { errorCodes } from '@shared/domain/errors';
import { lampStatuses } from '@shared/domain/lamp';
import { describeError } from '@shared/text/error-messages';
import { errorExamples, sceneGroups } from '../../tools/gallery/scenes';

const root = resolve(import.meta.dirname, '../../..');
let folder = '';
let page = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reclight-gallery-'));
  // As a user runs it: vitest's own environment would make React and Vite believe that they are under test.
  const env = { ...process.env, NODE_ENV: 'development' };
  const { status, stderr } = spawnSync(process.execPath, ['test/tools/gallery/main.mjs', '--out', folder], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  page = await readFile(join(folder, 'index.html'), 'utf8');
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The panes of a figure, light and dark. */
function panesOf(id: string): readonly string[] {
  const figure = new RegExp(`<figure [^>]*id="${id}">([\\s\\S]*?)</figure>`).exec(page)?.[1] ?? '';
  return figure.split(/<div class="pane [^"]*" data-theme="/).slice(1);
}

const attribute = (text: string) =>
  text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character);

test.each(lampStatuses)('the gallery shows the lamp %s in light and dark', (status) => {
  const panes = panesOf(`lamp-${status}`);
  expect(panes.map((pane) => pane.slice(0, 5))).toEqual(['light', 'dark"']);
  for (const pane of panes) expect(pane).toContain('<svg');
});

test.each(errorCodes)('the gallery shows the message of %s', (code) => {
  const error = errorExamples.find((example) => example.code === code);
  const { what, next } = describeError(error ?? { code, operation: 'start', detail: {} });
  const panes = panesOf(`error-${code}`);
  expect(panes).toHaveLength(2);
  for (const pane of panes) {
    expect(pane).toContain(attribute(what));
    expect(pane).toContain(attribute(next));
  }
});

describe('the gallery', () => {
  it('shows every scene, as a thing of its own', () => {
    const ids = sceneGroups.flatMap(({ scenes }) => scenes.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => panesOf(id).length !== 2)).toEqual([]);
  });

  it.each(['Record', 'Stop', 'Pause', 'Resume', 'Record next call', 'Cancel', 'Mark moment', 'Try now'])(
    'has the button %s',
    (name) => {
      expect(page).toMatch(new RegExp(`<button[^>]*>(?:<svg[\\s\\S]*?</svg>)?<span>${name}</span>`));
    },
  );

  it('needs no script and no other file, and uses no id twice', () => {
    expect(page).not.toMatch(/<script|<link|src="(?!media:)/);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});
