import { describe, expect, it, test } from 'vitest';

import { lampColours, lampStatuses } from '@shared/domain/lamp';
import { defaultSettings } from '@shared/ipc/settings';
import { trayModel } from '../../../src-main/core/desktop/tray-model';
import { statusText } from '../../../src-renderer/features/recorder/words';
import { recorderView, snapshotOf } from '../../fixtures/examples';
import { exists, filesBelow, headingsOf, textOf } from './pages';

/** The names in backticks that stand first in the rows of tables. */
function firstCells(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^\| *`([^`]+)`/gm)].map(([, name = '']) => name);
}

describe('docs/dependencies.md', () => {
  const manifest = JSON.parse(textOf('package.json')) as Readonly<Record<string, Record<string, string>>>;
  const declared = Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] });
  const listed = firstCells(textOf('docs/dependencies.md'));

  it('lists each dependency once, and none that is no longer there', () => {
    expect([...listed].sort()).toEqual([...declared].sort());
  });

  it('names every override', () => {
    const page = textOf('docs/dependencies.md');
    const missing = Object.keys(manifest['overrides'] ?? {}).filter((name) => !page.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });
});

describe('docs/api.md', () => {
  const headings = headingsOf(textOf('docs/api.md'));
  const sources = ['src-main', 'src-renderer', 'test'].flatMap((folder) => filesBelow(folder, /\.tsx?$/));

  /** A source's comments as running text: the marks at the beginnings of lines are gone. */
  const proseOf = (file: string) => textOf(file).replace(/\s*\n\s*(?:\/\/|\*(?!\/)|\/\*\*?)?\s*/g, ' ');

  /** The sections that a source cites: `§2a`, or a heading. */
  const citedIn = (file: string): readonly string[] => {
    const prose = proseOf(file);
    const numbers = [...prose.matchAll(/(?<!RFC \d+,? )§(\d+[a-z]?)(?:[–-]§?(\d+))?/g)].flatMap(
      ([, first = '', last]) => (last === undefined ? [`§${first}`] : [`§${first}`, `§${last}`]),
    );
    const worded = [
      ...prose.matchAll(/API (?:reference|reading), (section \d|\*[^*]+\*|[A-Za-z]+(?: [a-z]+)*)/g),
    ];
    return [...numbers, ...worded.map(([, name = '']) => name.replace(/\*/g, '').replace('section ', '§'))];
  };

  /** Whether a citation leads to a section. */
  const resolves = (cited: string) =>
    headings.some((heading) =>
      cited.startsWith('§')
        ? heading.startsWith(`${cited} `)
        : heading.toLowerCase() === cited.toLowerCase() ||
          // "RHS colon syntax), and …": the sentence goes on.
          cited.toLowerCase().startsWith(`${heading.toLowerCase()} `),
    );

  it('has every section that a comment cites', () => {
    const cited = sources
      .filter((file) => !file.startsWith('test/unit/docs/'))
      .flatMap((file) => citedIn(file).map((section) => ({ file, section })));
    expect(cited.length).toBeGreaterThan(40);
    expect(cited.filter(({ section }) => !resolves(section))).toEqual([]);
  });

  it.each(['§8', 'Nowhere'])('lacks the section %s, which a test would find', (section) => {
    expect(resolves(section)).toBe(false);
  });
});

describe('docs/design.md', () => {
  const page = textOf('docs/design.md');

  it.each(lampStatuses)('says how the state %s is called in the window and in the tray', (status) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${status}\` `)) ?? '';
    const [, , inWindow, inTray] = row.split('|').map((cell) => cell.trim());
    const { tooltip } = trayModel(snapshotOf({ recorder: recorderView({ status }) }));
    expect({ inWindow, inTray }).toEqual({
      inWindow: statusText(status),
      inTray: tooltip.replace('RecLight – ', ''),
    });
  });

  it('has every colour of the lamp', () => {
    const colours = [lampColours.light, lampColours.dark].flatMap((theme) => Object.values(theme));
    expect(colours.filter((colour) => !page.includes(colour))).toEqual([]);
  });
});

test('docs/admin.md has every setting that a policy may fix, with its default', () => {
  const page = textOf('docs/admin.md');
  const { notifications, appearance, polling, recording, player } = defaultSettings();
  const groups = { notifications, appearance, polling, recording, player };
  const rows = Object.entries(groups).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]) => ({
      name: `${group}.${name}`,
      value: JSON.stringify(value),
    })),
  );
  const missing = rows.filter(
    ({ name, value }) =>
      !page.split('\n').some((line) => new RegExp(`^\\| \`${name}\` +\\| \`${value}\` `).test(line)),
  );
  expect(missing).toEqual([]);
});

describe('docs/architecture.md', () => {
  const page = textOf('docs/architecture.md');
  const named = [...page.matchAll(/`((?:src-main|src-renderer|test)\/[^`]+)`/g)].map(([, file = '']) => file);
  const below = page.slice(page.indexOf('## Where is'), page.indexOf('## To add'));

  it('names files that there are', () => {
    expect(named.filter((file) => !exists(file))).toEqual([]);
  });

  it('finds at least thirty behaviours', () => {
    expect(below.split('\n').filter((line) => line.startsWith('| ')).length - 2).toBeGreaterThanOrEqual(30);
  });
});
