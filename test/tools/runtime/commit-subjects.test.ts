import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commitsToCheck, subjectFaults } from './commit-subjects.mjs';
import { temporaryFolder } from './files';

test.each([
  'Add a gallery of the lamp',
  'Bring back the focus after Undo',
  'Need no tray on a bare desktop',
  'Focus the search field with Ctrl+F',
  'Pass the focus on',
  'Describe the API in our own words',
  'x'.repeat(72).replace(/^x/, 'X'),
  'Merge branch "a branch with a name that is longer than any subject of a commit may ever be"',
  'Revert "Let the light ask first after the start, a sign-in and a sleep, however long that one took"',
])('the subject of a commit is right: %s', (subject) => {
  expect(subjectFaults(subject)).toEqual([]);
});

test.each([
  ['x'.repeat(73).replace(/^x/, 'X'), 'has 73 characters, more than 72'],
  ['Add a gallery.', 'ends with a dot'],
  ['Add a gallery…', 'ends with a dot'],
  ['add a gallery', 'does not begin with a word in upper case'],
  ['feat: add a gallery', 'does not begin with a word in upper case'],
  ['Feat: add a gallery', 'does not begin with a word in upper case'],
  ['', 'does not begin with a word in upper case'],
  ['Added a gallery', 'does not begin with a verb in the imperative'],
  ['Adding a gallery', 'does not begin with a verb in the imperative'],
  ['Adds a gallery', 'does not begin with a verb in the imperative'],
  ['The gallery shows the lamp', 'does not begin with a verb in the imperative'],
])('the subject of a commit is refused: %s', (subject, fault) => {
  expect(subjectFaults(subject)).toEqual([fault]);
});

/** A repository with three commits, a day apart, made without the settings of the machine; oldest first. */
function history(): { readonly folder: string; readonly hashes: readonly string[] } {
  const folder = temporaryFolder();
  const git = (args: readonly string[], date = '2026-01-01T12:00:00Z'): string => {
    const identity = ['-c', 'user.name=n', '-c', 'user.email=e@example.com'];
    const env = {
      ...process.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_DATE: date,
    };
    return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', env }).trim();
  };
  git(['init', '--quiet']);
  const hashes = ['Old subject, which nobody checks any more.', 'Add one', 'Add two'].map((subject, day) => {
    git(['commit', '--quiet', '--allow-empty', '-m', subject], `2026-01-0${day + 1}T12:00:00Z`);
    return git(['rev-parse', 'HEAD']);
  });
  return { folder, hashes };
}

test('commits after the baseline are checked, and no older one', async () => {
  const { folder, hashes } = history();
  const since = { commit: hashes[0] ?? '', date: '2030-01-01T00:00:00Z' };
  const commits = await commitsToCheck(folder, 'HEAD', since);
  expect(commits?.map(({ subject }) => subject)).toEqual(['Add two', 'Add one']);
});

test('where the clone lacks the baseline, the date decides which commits are checked', async () => {
  const { folder } = history();
  const since = { commit: '0'.repeat(40), date: '2026-01-02T18:00:00Z' };
  const commits = await commitsToCheck(folder, 'HEAD', since);
  expect(commits?.map(({ subject }) => subject)).toEqual(['Add two']);
});

test('a shallow clone is checked as far as it goes', async () => {
  const { folder, hashes } = history();
  const clone = path.join(temporaryFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${folder}`, clone]);
  const since = { commit: hashes[0] ?? '', date: '2026-01-01T12:00:00Z' };
  const commits = await commitsToCheck(clone, 'HEAD', since);
  expect(commits?.map(({ subject }) => subject)).toEqual(['Add two']);
});

test('at the baseline no commit is checked', async () => {
  const { folder, hashes } = history();
  const since = { commit: hashes[2] ?? '', date: '2026-01-01T00:00:00Z' };
  expect(await commitsToCheck(folder, 'HEAD', since)).toEqual([]);
});

test('outside of a checkout no commit is checked', async () => {
  expect(await commitsToCheck(temporaryFolder(), 'HEAD')).toBeNull();
});
