import { describe, expect, test } from 'vitest';

import { descendants, parsePss, parseStat } from '../../../tools/bench/process-tree';

/** A line as the kernel writes it: pid (name) state ppid …, user and system time as the 14th to 17th field. */
const line = (name: string) =>
  `4711 (${name}) S 42 4711 4711 0 -1 4194304 9000 100 5 0 31 12 7 2 20 0 25 0 88931 1234567 2345 18446744073709551615`;

describe('parseStat', () => {
  test('reads process, parent and all its time', () => {
    expect(parseStat(line('electron'))).toEqual({ pid: 4711, parent: 42, ticks: 31 + 12 + 7 + 2 });
  });

  test.each(['a b c', 'electron) S 1 (x', ')', '(', ''])('is not misled by the name %j', (name) => {
    expect(parseStat(line(name))).toMatchObject({ pid: 4711, parent: 42 });
  });

  test.each(['', '4711', '4711 (electron)', '4711 (electron) S', '4711 electron S 42', 'x (y) S 42 1 2'])(
    'finds nothing in %j',
    (text) => {
      expect(parseStat(text)).toBeNull();
    },
  );
});

describe('parsePss', () => {
  const rollup = [
    '55d0c0a00000-7ffd4e5f1000 ---p 00000000 00:00 0                          [rollup]',
    'Rss:              181236 kB',
    'Pss:               94017 kB',
    'Pss_Dirty:         40012 kB',
    'SwapPss:               8 kB',
  ].join('\n');

  test('reads the proportional size, in bytes', () => {
    expect(parsePss(rollup)).toBe(94_017 * 1_024);
  });

  test.each(['', 'Rss: 12 kB', 'SwapPss: 12 kB', 'Pss: many kB'])('finds nothing in %j', (text) => {
    expect(parsePss(text)).toBeNull();
  });
});

describe('descendants', () => {
  const of = (pid: number, parent: number) => ({ pid, parent, ticks: 0 });

  test('are the process, its children and theirs, in whatever order they are listed', () => {
    const all = [of(5, 4), of(4, 2), of(2, 1), of(3, 1), of(6, 3), of(1, 0), of(7, 2)];
    expect(
      descendants(2, all)
        .map(({ pid }) => pid)
        .sort(),
    ).toEqual([2, 4, 5, 7]);
  });

  test('of a process that is gone are none', () => {
    expect(descendants(99, [of(1, 0), of(2, 99)])).toEqual([]);
  });
});
