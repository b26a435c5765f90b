import type { Figure } from './figure';
import type { Machine, Runtime } from './machine';

/** Everything a run of the bench found out. */
export interface Report {
  readonly runtime: Runtime;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

function digits(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

function verdict({ met }: Figure): string {
  if (met === null) return '';
  return met ? 'met' : 'MISSED';
}

/** A figure as a row of a Markdown table. */
export function toRow(figure: Figure): string {
  const { name, title, value, unit, floor, ratio, aim, range, floorRange } = figure;
  const cells = [
    `${title} (\`${name}\`)`,
    `${digits(value)} ${unit} (${digits(range.min)}–${digits(range.max)})`,
    floor === null || floorRange === null
      ? '—'
      : `${digits(floor)} ${unit} (${digits(floorRange.min)}–${digits(floorRange.max)})`,
    ratio === null ? '—' : ratio.toFixed(2),
    aim ?? '—',
    verdict(figure),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The report as a Markdown table, as it stands in the README. */
export function toText({ runtime, machine, figures }: Report): string {
  const head = ['figure', 'RecLight: median (min–max)', 'floor: median (min–max)', 'ratio', 'aim', ''];
  const top = [head, head.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`);
  const { cpu, cores, memoryGb, os, node, loadBefore } = machine;
  const runs = Math.max(0, ...figures.map(({ range }) => range.runs));
  return [
    `Electron ${runtime.electron}; ${cores} × ${cpu}, ${memoryGb} GB, ${os}, Node ${node}; load before ${loadBefore}; ` +
      `${runs} runs each`,
    '',
    ...top,
    ...figures.map(toRow),
    '',
  ].join('\n');
}

/** The report as one JSON object. */
export function toJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
