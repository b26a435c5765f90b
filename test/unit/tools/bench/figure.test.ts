import { describe, expect, test } from 'vitest';

import type { Aim } from '../../../tools/bench/figure';
import { toFigure } from '../../../tools/bench/figure';
import { toJson, toText } from '../../../tools/bench/report';

const measured = { name: 'some-figure', title: 'some figure', unit: 'ms' } as const;

describe('a figure', () => {
  test('compares medians', () => {
    const figure = toFigure({ ...measured, aim: null, ours: [30, 10, 20], floor: [10, 5, 90] });
    expect(figure).toMatchObject({ value: 20, floor: 10, ratio: 2, aim: null, met: null });
  });

  test.each<[Aim, number, number | null, boolean]>([
    [{ kind: 'ratio', most: 1.3 }, 13, 10, true],
    [{ kind: 'ratio', most: 1.3 }, 13.1, 10, false],
    [{ kind: 'ratio', most: 1.3 }, 1, null, false],
    [{ kind: 'at-least-ratio', least: 0.8 }, 8, 10, true],
    [{ kind: 'at-least-ratio', least: 0.8 }, 7.9, 10, false],
    [{ kind: 'value', most: 20 }, 20, 1, true],
    [{ kind: 'value', most: 20 }, 20.1, null, false],
  ])('with the aim %j: %d against %j is met: %j', (aim, ours, floor, met) => {
    const figure = toFigure({ ...measured, aim, ours: [ours], floor: floor === null ? null : [floor] });
    expect(figure.met).toBe(met);
  });

  test('has no ratio to a floor of zero', () => {
    expect(toFigure({ ...measured, aim: null, ours: [1], floor: [0] })).toMatchObject({
      floor: 0,
      ratio: null,
    });
  });
});

describe('the report', () => {
  const report = {
    runtime: { electron: '1.2.3' },
    machine: { cpu: 'Some CPU', cores: 2, memoryGb: 8, os: 'Linux 6 x64', node: '20.19.0', loadBefore: 0.1 },
    figures: [
      toFigure({ ...measured, aim: { kind: 'ratio', most: 1.3 }, ours: [20, 22, 30], floor: [10, 10, 11] }),
      toFigure({ ...measured, name: 'other', aim: null, ours: [1], floor: null }),
    ],
  };

  test('as text is a table that says what was missed', () => {
    const lines = toText(report).split('\n');
    expect(lines[0]).toContain('Electron 1.2.3');
    expect(lines.find((line) => line.includes('some-figure'))).toMatch(
      /22\.0 ms \(20\.0–30\.0\) \| 10\.0 ms \(10\.0–11\.0\) \| 2\.20 \| ≤ 1\.3 × floor \| MISSED/,
    );
    expect(lines.find((line) => line.includes('other'))).toMatch(/1\.00 ms .*— \| — \| — \|/);
  });

  test('as JSON is one object', () => {
    const { runtime, machine, figures } = JSON.parse(toJson(report)) as typeof report;
    expect({ runtime, machine }).toEqual({ runtime: report.runtime, machine: report.machine });
    expect(figures[0]).toMatchObject({
      name: 'some-figure',
      value: 22,
      unit: 'ms',
      floor: 10,
      ratio: 2.2,
      aim: '≤ 1.3 × floor',
      met: false,
    });
  });
});
