import { describe, expect, test } from 'vitest';

import { median, percentile, summarise } from '../../../tools/bench/statistics';

describe('median', () => {
  test.each([
    [[5], 5],
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
    [[-1, 0, 1, 2], 0.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('leaves the values as they were', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('of nothing is an error', () => {
    expect(() => median([])).toThrow(/nothing/);
  });
});

describe('percentile', () => {
  test.each([
    [[5], 95, 5],
    [[3, 1, 2], 50, 2],
    [[3, 1, 2], 0, 1],
    [[3, 1, 2], 100, 3],
    [Array.from({ length: 100 }, (_, index) => 100 - index), 95, 95],
  ])('of %j at %d is %d', (values, percent, expected) => {
    expect(percentile(values, percent)).toBe(expected);
  });

  test('of nothing is an error', () => {
    expect(() => percentile([], 95)).toThrow(/nothing/);
  });
});

test('a summary holds median, extremes and how many there were', () => {
  expect(summarise([7, 3, 9, 5])).toEqual({ median: 6, min: 3, max: 9, runs: 4 });
});
