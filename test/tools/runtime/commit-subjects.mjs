// Checks the subjects of commits: `node test/tools/runtime/commit-subjects.mjs [revision]`. Uses nothing but Node and git.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture } from './processes.mjs';

/** The newest commit from before this check; older subjects stay as they are. */
const baseline = { commit: '61b58bdd2d6c807fbdf0471e815995d14f21a792', date: '2026-11-29T18:15:38Z' };

/** Longer subjects are cut in logs and lists, characters. */
const maxLength = 72;

/** What git writes by itself. */
const byGit = /^(?:Merge |Revert ")/;

/** Verbs in the imperative that look like another form. */
const verbs = new Set(
  (
    'bring cling fling ping ring sing spring sting string swing ' +
    'bleed breed embed exceed feed heed need proceed seed shed shred speed succeed ' +
    'alias bias canvas focus'
  ).split(' '),
);

/** First words that are no verb. */
const others = new Set('a an the new more some this that all no not wip misc various initial'.split(' '));

/**
 * What is wrong with the subject of a commit.
 *
 * @param {string} subject its first line
 * @returns {readonly string[]} nothing where it is right
 */
export function subjectFaults(subject) {
  if (byGit.test(subject)) return [];
  const faults = [];
  const length = [...subject].length;
  if (length > maxLength) faults.push(`has ${length} characters, more than ${maxLength}`);
  if (/[.…]$/u.test(subject)) faults.push('ends with a dot');
  const first = /^(\p{Lu}\p{L}*)(?![\p{L}:(])/u.exec(subject)?.[1]?.toLowerCase();
  if (first === undefined) faults.push('does not begin with a word in upper case');
  else if (others.has(first) || (!verbs.has(first) && /(?:ed|ing|[^aiosu]s)$/.test(first)))
    faults.push('does not begin with a verb in the imperative');
  return faults;
}

/**
 * The commits to be checked, newest first: those after {@link baseline}. A shallow clone may lack that commit; there
 * the date decides.
 *
 * @param {string} folder a git checkout
 * @param {string} revision the newest one
 * @param {{commit: string, date: string}} [since]
 * @returns {Promise<readonly {hash: string, subject: string}[] | null>} null where there is no git or no checkout
 */
export async function commitsToCheck(folder, revision, since = baseline) {
  /** @param {readonly string[]} args */
  const git = (args) => capture('git', args, { cwd: folder });
  const known = await git(['cat-file', '-e', `${since.commit}^{commit}`]);
  const range = known.code === 0 ? [revision, `^${since.commit}`] : [`--since=${since.date}`, revision];
  const { code, stdout } = await git(['log', '--no-merges', '--format=%h%x09%s', ...range, '--']);
  if (code !== 0) return null;
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [hash = '', ...subject] = line.split('\t');
      return { hash, subject: subject.join('\t') };
    });
}

/**
 * @param {string} folder
 * @param {string} revision
 * @returns {Promise<number>} exit code
 */
async function main(folder, revision) {
  const commits = await commitsToCheck(folder, revision);
  if (commits === null) {
    console.log('No history here, so no subjects to check.');
    return 0;
  }
  const wrong = commits.flatMap(({ hash, subject }) =>
    subjectFaults(subject).map((fault) => `${hash} ${fault}: ${subject}`),
  );
  for (const line of wrong) console.error(line);
  return wrong.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.cwd(), process.argv[2] ?? 'HEAD');
}
