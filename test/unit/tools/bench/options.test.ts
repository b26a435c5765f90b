import { describe, expect, test } from 'vitest';

import { parseOptions } from '../../../tools/bench/options';

describe('the command line of the bench', () => {
  test('measures everything ten times unless told otherwise', () => {
    expect(parseOptions([])).toEqual({
      json: false,
      only: null,
      runs: 10,
      quick: false,
      settleMs: 20_000,
      cpuWindowMs: 60_000,
      scrollMs: 3_000,
      rummageMs: 600_000,
    });
  });

  test('takes its options together', () => {
    expect(parseOptions(['--json', '--only', 'memory,cpu', '--runs', '4'])).toMatchObject({
      json: true,
      only: ['memory', 'cpu'],
      runs: 4,
      settleMs: 20_000,
    });
  });

  test('takes the names of several figures', () => {
    expect(parseOptions(['--only', 'memory,cpu'])).toMatchObject({ only: ['memory', 'cpu'], quick: false });
  });

  test('is shorter with --quick, with as many runs as asked for', () => {
    expect(parseOptions(['--quick'])).toMatchObject({
      runs: 3,
      quick: true,
      settleMs: 5_000,
      cpuWindowMs: 10_000,
    });
    expect(parseOptions(['--quick', '--runs=7'])).toMatchObject({ runs: 7 });
  });

  test.each([['--runs', '0'], ['--runs', '2.5'], ['--runs', 'many'], ['--only'], ['--fast'], ['memory']])(
    'refuses %s %s',
    (...args) => {
      expect(() => parseOptions(args)).toThrow(/npm run bench --/);
    },
  );
});
