// npm run bench: RecLight's figures against a bare Electron app, in one run. See README.md beside this.

import { electronExecutable } from '../../e2e/harness/reclight';
import type { BenchContext } from './context';
import { createContext } from './context';
import type { Figure } from './figure';
import { figureGroups } from './figures';
import { describeMachine, describeRuntime } from './machine';
import { parseOptions } from './options';
import { toJson, toRow, toText } from './report';

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const wanted = (name: string): boolean => options.only?.some((part) => name.includes(part)) ?? true;
  const groups = figureGroups.filter(({ names }) => names.some(wanted));
  if (groups.length === 0) {
    const names = figureGroups.flatMap((group) => group.names).join(', ');
    throw new Error(`There is no figure "${options.only?.join(',') ?? ''}"; there are ${names}.`);
  }
  const machine = describeMachine();
  const runtime = await describeRuntime(electronExecutable());
  const say = (line: string) => {
    process.stderr.write(`${line}\n`);
  };
  const made: { context: Promise<BenchContext> | null } = { context: null };
  const prepare = () => (made.context ??= createContext(options, say));
  const figures: Figure[] = [];
  try {
    for (const group of groups) {
      const measured = (await group.measure(prepare, options, say)).filter(({ name }) => wanted(name));
      figures.push(...measured);
      // Whoever ends a long run early keeps what it has found out.
      for (const figure of measured) say(toRow(figure));
    }
  } finally {
    await (await made.context)?.dispose();
  }
  const report = { runtime, machine, figures };
  process.stdout.write(options.json ? toJson(report) : toText(report));
  // A quick run is too short to say anything of the aims.
  if (!options.quick && figures.some(({ met }) => met === false)) process.exitCode = 2;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
