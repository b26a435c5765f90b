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

/** The report as a Markdown table, as it stands in the README. */
export function toText({ runtime, machine, figures }: Report): string {
  const rows = figures.map((figure) => {
    const { name, title, value, unit, floor, ratio, aim, range, floorRange } = figure;
    return [
      `${title} (\`${name}\`)`,
      `${digits(value)} ${unit} (${digits(range.min)}–${digits(range.max)})`,
      floor === null || floorRange === null
        ? '—'
        : `${digits(floor)} ${unit} (${digits(floorRange.min)}–${digits(floorRange.max)})`,
      ratio === null ? '—' : ratio.toFixed(2),
      aim ?? '—',
      verdict(figure),
    ];
  });
  const head = ['figure', 'RecLight: median (min–max)', 'floor: median (min–max)', 'ratio', 'aim', ''];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const { cpu, cores, memoryGb, os, node, loadBefore } = machine;
  const runs = Math.max(0, ...figures.map(({ range }) => range.runs));
  return [
    `Electron ${runtime.electron}; ${cores} × ${cpu}, ${memoryGb} GB, ${os}, Node ${node}; load before ${loadBefore}; ` +
      `${runs} runs each`,
    '',
    ...lines,
    '',
  ].join('\n');
}

/** The report as one JSON object. */
export function toJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
