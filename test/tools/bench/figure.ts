import type { Summary } from './statistics';
import { summarise } from './statistics';

/** What a figure must reach: a ratio to the floor, a value of its own, or nothing. */
export type Aim =
  | { readonly kind: 'ratio'; readonly most: number }
  | { readonly kind: 'value'; readonly most: number }
  | { readonly kind: 'at-least-ratio'; readonly least: number };

/** One measured figure, with its floor measured in the same run. */
export interface Figure {
  /** What `--only` looks for, in kebab case. */
  readonly name: string;
  /** In words. */
  readonly title: string;
  /** Median of RecLight's runs. */
  readonly value: number;
  readonly unit: 'ms' | 'MB' | '% of a core' | 'requests/s' | 'MB/s' | '';
  /** Median of the floor's runs; null where there is nothing to compare with. */
  readonly floor: number | null;
  /** `value / floor`; null where the floor is missing or zero. */
  readonly ratio: number | null;
  /** In words; null where there is none. */
  readonly aim: string | null;
  /** Null where there is no aim. */
  readonly met: boolean | null;
  readonly range: Summary;
  readonly floorRange: Summary | null;
}

/** What a figure is made of. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  readonly unit: Figure['unit'];
  readonly aim: Aim | null;
  /** Of RecLight, one a run. */
  readonly ours: readonly number[];
  /** Of the floor, one a run. */
  readonly floor: readonly number[] | null;
}

function inWords(aim: Aim, unit: Figure['unit']): string {
  switch (aim.kind) {
    case 'ratio':
      return `≤ ${aim.most} × floor`;
    case 'at-least-ratio':
      return `≥ ${aim.least} × floor`;
    case 'value':
      return `≤ ${aim.most} ${unit}`.trim();
  }
}

function isMet(aim: Aim, value: number, ratio: number | null): boolean {
  switch (aim.kind) {
    case 'ratio':
      return ratio !== null && ratio <= aim.most;
    case 'at-least-ratio':
      return ratio !== null && ratio >= aim.least;
    case 'value':
      return value <= aim.most;
  }
}

/**
 * Makes a figure of its runs.
 * @throws {Error} where there are no runs
 */
export function toFigure({ name, title, unit, aim, ours, floor }: Measured): Figure {
  const range = summarise(ours);
  const floorRange = floor === null ? null : summarise(floor);
  const ratio = floorRange === null || floorRange.median === 0 ? null : range.median / floorRange.median;
  return {
    name,
    title,
    value: range.median,
    unit,
    floor: floorRange?.median ?? null,
    ratio,
    aim: aim === null ? null : inWords(aim, unit),
    met: aim === null ? null : isMet(aim, range.median, ratio),
    range,
    floorRange,
  };
}
